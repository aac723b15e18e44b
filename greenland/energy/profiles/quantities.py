"""What a header, or the text of a row, says it measures: active, reactive, phase, forward, rate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from greenland.energy.profiles.power_units import Dimension, Unit, folded, units_in
from greenland.i18n import N_


class ReadingKind(StrEnum):
    """What readings are of."""

    ACTIVE = "active"
    REVERSE = "reverse"
    GENERATION = "generation"
    REACTIVE = "reactive"
    PHASE = "phase"
    RATE = "rate"
    EXTREME = "extreme"
    OTHER_TIME = "other_time"
    PERIOD_TOTAL = "period_total"
    CONTRACT = "contract"
    DEMAND = "demand"
    MONEY = "money"
    OTHER = "other"
    UNKNOWN = "unknown"


QUANTITY_LABELS = {
    ReadingKind.ACTIVE: N_("有功"),
    ReadingKind.REVERSE: N_("反向"),
    ReadingKind.GENERATION: N_("发电或上网"),
    ReadingKind.REACTIVE: N_("无功或视在"),
    ReadingKind.PHASE: N_("分相"),
    ReadingKind.RATE: N_("分时段"),
    ReadingKind.EXTREME: N_("最大、最小或瞬时值"),
    ReadingKind.OTHER_TIME: N_("另一时期、计划或预测"),
    ReadingKind.PERIOD_TOTAL: N_("日、月合计或累计"),
    ReadingKind.CONTRACT: N_("容量或合同值"),
    ReadingKind.DEMAND: N_("需量"),
    ReadingKind.MONEY: N_("金额"),
    ReadingKind.OTHER: N_("其他量"),
    ReadingKind.UNKNOWN: N_("不明"),
}

# Checked in this order; the first that fits decides.
_RULES = (
    (
        ReadingKind.OTHER_TIME,
        r"去年|上年|前年|同期|上月|昨日|同比|环比|计划|预测|目标|预计|申报|中标|偏差|基线"
        r"|last.?year|previous|forecast|plan(?:ned)?\b|target|budget|baseline",
    ),
    (ReadingKind.MONEY, r"电费|电价|单价|金额|费用|元/|\(元\)|price|cost|amount|yuan|fee|tariff"),
    (
        ReadingKind.OTHER,
        r"功率因数|力率|电压|电流|频率|温度|湿度|相角|谐波|不平衡|负载率|负荷率|因数|系数|占比|比例|百分"
        r"|power.?factor|\bpf\b|voltage|current|frequency|temp|humid|cos|load.?factor|quality|status|flag"
        r"|状态|标志|质量|备注|说明|序号",
    ),
    (ReadingKind.REACTIVE, r"无功|视在|reactive|apparent|kvar|\bq\b|\bs\b|k?vah?\b"),
    (
        ReadingKind.CONTRACT,
        r"容量|合同|契约|核定|额定|装机|限额|上限|定值|capacity|contract|rated|limit|installed",
    ),
    (ReadingKind.DEMAND, r"需量|max.{0,3}demand|peak.{0,3}demand"),
    (ReadingKind.REVERSE, r"反向|倒送|返送|reverse|export|received|delivered.?to.?grid"),
    (
        ReadingKind.GENERATION,
        r"发电|上网|光伏|风电|储能|充电|放电|自发|generation|solar|\bpv\b|wind",
    ),
    (
        ReadingKind.PHASE,
        r"[abc]\s*相|[abc]\s*phase|phase\s*[abc]|\bl[123]\b|[甲乙丙]相|分相|p[abc]\b|(?<![a-z])[abc]相",
    ),
    (
        ReadingKind.EXTREME,
        r"最大|最小|最高|最低|峰值|谷值|\bmax|\bmin|瞬时最|highest|lowest|标准差|方差|\bstd",
    ),
    (
        ReadingKind.RATE,
        r"尖|峰|谷|平段|平时段|有功平|[(（]平[)）]|^平(?!均)|平电量|费率[1-9一二三四]|(?<![a-z])t[1-4]\b|off.?peak|on.?peak"
        r"|shoulder|sharp|(?:正向)?有功费率",
    ),
    (
        ReadingKind.PERIOD_TOTAL,
        r"日电量|日用电|当日|日合计|日累计|月电量|月累计|年累计|累计|合计|小计|总计|日平均|日均|日总"
        r"|daily|monthly|cumulative|subtotal",
    ),
)
_PATTERNS = tuple((quantity, re.compile(pattern)) for quantity, pattern in _RULES)
_ACTIVE = re.compile(
    r"有功|功率|负荷|电量|用电|电能|电度|读数|示数|表码|表底|出力|受电|下网|标幺|\(pu\)|^cf$|^值$|^value$"
    r"|power|load|energy|usage|consumption|demand|active|output|import|(?<![a-z])[kmg]wh?(?![a-z])|^p$|^p总"
)
_TOTAL = re.compile(r"有功总|总有功|总功率|总负荷|总电量|总用电|\(总\)|总$|^总|total|合相|三相")
_REGISTER = re.compile(
    r"示数|示值|表码|表底|底码|底数|止码|止度|起码|抄见数|register|index|reading"
)
# 已乘倍率, (乘倍率后); not 需乘以倍率, 不含倍率, 乘以倍率后为实际电量
_PRIMARY = re.compile(
    r"已经?乘(?:以|了|过)?(?:综合)?倍率"
    r"|(?<![未不需须应要请再待没有得])乘(?:以|了|过)?(?:综合)?倍率后?(?=\)|$)"
    r"|一次侧|一次值|(?<![未不需须])折算后|(?<![不未])含倍率"
)


@dataclass(frozen=True)
class Described:
    """What a text says of readings.

    Parameters
    ----------
    text : str
    quantity : ReadingKind
    unit : Unit, optional
        Of power or energy, or of something else.
    total : bool
        Whether it is called a total.
    register : bool
        Whether it is called a register reading.
    primary : bool
        Whether it says that the multiplier is in it.
    """

    text: str
    quantity: ReadingKind
    unit: Unit | None = None
    total: bool = False
    register: bool = False
    primary: bool = False

    @property
    def contradicts(self) -> bool:
        """Whether the name is of power and the unit of energy, or the other way round."""
        if self.unit is None or self.unit.dimension is Dimension.OTHER:
            return False
        plain = folded(self.text)
        power = re.search(r"功率|\bpower\b", plain) is not None
        energy = re.search(r"电量|电能|电度|energy|consumption", plain) is not None
        if power == energy:
            return False
        return power is self.unit.is_energy


def described(text: str) -> Described:
    """What a header or the text of a row says of its readings.

    Examples
    --------
    >>> described("正向有功总(kWh)").quantity.value, described("A相有功功率").quantity.value
    ('active', 'phase')
    """
    plain = folded(text)
    listed = units_in(text)
    real = [unit for unit in listed if unit.dimension is not Dimension.OTHER]
    unit = real[-1] if real else (listed[-1] if listed else None)
    total = _TOTAL.search(plain) is not None
    parts = {
        "unit": unit,
        "total": total,
        "register": _REGISTER.search(plain) is not None,
        "primary": _PRIMARY.search(plain) is not None,
    }
    for quantity, pattern in _PATTERNS:
        if pattern.search(plain):
            if quantity is ReadingKind.PERIOD_TOTAL and real and re.search(r"正向|有功", plain):
                continue  # 正向有功累计: a register
            return Described(text, quantity, **parts)  # type: ignore[arg-type]
    if unit is not None and unit.dimension is Dimension.OTHER:
        return Described(text, ReadingKind.OTHER, **parts)  # type: ignore[arg-type]
    known = _ACTIVE.search(plain) is not None or unit is not None
    return Described(text, ReadingKind.ACTIVE if known else ReadingKind.UNKNOWN, **parts)  # type: ignore[arg-type]
