"""What the columns of a table of readings are: times, clocks, slots of a day, meters, row kinds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.power_units import folded
from greenland.energy.profiles.readings import Label
from greenland.i18n import Text, _

TIME = re.compile(
    r"^(数据|采集|采样|抄表|统计|记录)?(日期)?(时间|时刻|日期时间|时标)$"
    r"|^(date_?time|time_?stamp|time|date/time|utc_time|local_time|ts)(\W.*)?$",
    re.IGNORECASE,
)
DATE = re.compile(r"^(数据|采集|抄表|统计|用电)?日期$|^(date|day)$|^年月日$", re.IGNORECASE)
METER = re.compile(
    r"表号|计量点|测量点|电表|电能表|资产编?号|表计|终端|^(meter|meter_?id|device)$", re.IGNORECASE
)
CUSTOMER = re.compile(r"户号|用户编号|客户编号|^customer(_?id)?$", re.IGNORECASE)
TYPE = re.compile(
    r"类型|类别|量测|数据项|项目|指标|示数类型|曲线名|费率|时段名|相别|相位|方向|参数|测点名|通道"
    r"|^(type|item|kind|quantity|channel|variable|direction|parameter|register|measurement)$",
    re.IGNORECASE,
)
UNIT = re.compile(r"^(计量|数据|电量|数量)?单位$|^units?$", re.IGNORECASE)
_NAMES = re.compile(
    r"名称|户名|客户|用户|地址|单位名|企业|线路|变电站|台区|^name$|address", re.IGNORECASE
)
_ITEM = re.compile(r"数据项|量测|数据类型|曲线类型|指标|示数类型")
_QUALITY = re.compile(
    r"质量|状态|标志|标识|备注|说明|来源|quality|status|flag|remark", re.IGNORECASE
)
_KINDS = re.compile(
    r"有功|无功|电压|电流|正向|反向|功率|[abc]相|active|reactive|k?varh?|^总$|^p$|^q$"
)
_TIME_WORD = re.compile(
    r"时间|时刻|时标|时点|日期|年月日|\b(?:date|time|day)|timestamp|datetime|^ts$|time\b"
)
WRITTEN_LATER = re.compile(
    r"填报|填表|编制|报送|上传|入库|更新|创建|导出|接收|生成|打印|录入|查询|制表|投运|安装|截止日期|到期"
    r"|upload|update|creat|insert|export|receiv|install"
)
_START = re.compile(r"开始|起始|起点|\bstart|\bfrom\b|begin")
_END = re.compile(r"结束|截止|终止|\bend\b|\bto\b|end[ _]?time")
_CLOCK = re.compile(
    r"^(时间|时刻|时点|时段|小时|时|点|钟点|点号|点序|时段序号|时刻点|采集时刻|数据时刻|采集时间|数据时间|时间点)"
    r"(\(.*\))?$|^(hour|time|clock|interval|slot|period|he|hour.?ending|time.?of.?day)\b|开始时间|起始时间"
    r"|结束时间|start.?time|end.?time"
)


def time_rank(header: str) -> int | None:
    """How likely a header is that of the times, smaller first; None if it is no time.

    A time of upload or export is none; the end of a step comes after its beginning.
    """
    plain = folded(header)
    bare = re.sub(r"\(.*?\)", "", plain)
    if len(bare) > 24 or re.search(r"\d", bare) or not _TIME_WORD.search(plain):
        return None
    if WRITTEN_LATER.search(plain):
        return None
    if _END.search(plain):
        return 3
    return 0 if TIME.match(header) or DATE.match(header) else 1


def named_label(header: str) -> Label | None:
    """Which end of a step a header says its times name."""
    plain = folded(header)
    if _END.search(plain):
        return Label.RIGHT
    return Label.LEFT if _START.search(plain) else None


def is_clock_name(header: str) -> bool:
    """Whether a header may be that of times of day beside a date."""
    return _CLOCK.search(folded(header)) is not None


def is_row_kind(header: str, cells: pd.Series) -> bool:
    """Whether a column says what each row measures."""
    if _QUALITY.search(header) or UNIT.match(header):
        return False
    if _NAMES.search(header) and not _ITEM.search(header):
        return False
    texts = [cell for cell in cells.dropna().unique()[:200] if isinstance(cell, str)]
    if not texts or len(texts) > 60:
        return False
    if TYPE.search(header):
        return not all(re.fullmatch(r"[\d.:/-]+", text) for text in texts)
    return any(_KINDS.search(folded(text)) for text in texts)


DAY_COUNTS = (24, 48, 96, 144, 288)
HOUR_WORD = re.compile(r"[时点]$")
_HOURS_AND_PARTS = re.compile(r"\d{1,2}\.\d{1,2}")  # 0.25, 0.5, 0.75, 1, 1.25 …


def slot_minutes(header: str) -> int | None:
    """Minutes after midnight a column of a day table stands for; None if it is no such column.

    ``"00:15"``, ``"0:15:00"``, ``"24:00"``, ``"00:00-00:15"`` (its start), ``"0015"``, ``"8时"``.
    """
    text = HOUR_WORD.sub("", header.strip())
    text = re.sub(r"^(?:[PpVvTt]_?)(?=\d{1,2}:?\d{2}$)", "", text)
    text = (
        re.sub(r"^(\d{1,2})[时点](\d{1,2})分?$", r"\1:\2", header.strip())
        if "分" in header
        else text
    )
    found = re.match(r"^(\d{1,2}):(\d{1,2})(:00)?(\s*[-~–—至]\s*\d{1,2}:\d{2}(:00)?)?$", text)
    if found is None and header != text:
        found = re.match(r"^(\d{1,2})()$", text)
    if found is None:
        found = re.match(r"^(\d{2})(\d{2})$", text)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 else None


def _numbered(header: str) -> int | None:
    """Number of a column such as ``P1``, ``第96点`` or ``12``."""
    found = re.match(
        r"^(?:[a-z]{1,6}|第|点|时段|有功|功率|负荷)?[ _-]?(\d{1,3})(?:点|时段|个点)?$",
        header.strip(),
        re.IGNORECASE,
    )
    return int(found[1]) if found else None


@dataclass(frozen=True)
class Slots:
    """The columns of a day table: their names, minutes after midnight, and label."""

    columns: tuple[str, ...]
    minutes: npt.NDArray[np.int64]
    label: Label
    step: pd.Timedelta
    notes: tuple[Text | str, ...] = ()
    numbered: bool = False


def day_slots(headers: Sequence[str]) -> Slots | None:
    """The slot columns among the headers, if they make up a day."""
    clocked = [(name, slot_minutes(name)) for name in headers]
    found = [(name, minute) for name, minute in clocked if minute is not None]
    notes: tuple[Text | str, ...] = ()
    if len(found) - 1 in DAY_COUNTS and found[0][1] == 0 and found[-1][1] == 24 * 60:
        found = found[:-1]
        notes = (_("日表同时有 00:00 和 24:00 两列，24:00 列未采用。"),)
    if len(found) in DAY_COUNTS:
        return _clocked_slots(found, notes)
    if _parts_of_hours(headers):
        return None
    counted = [(name, _numbered(name)) for name in headers]
    places = [(name, number) for name, number in counted if number is not None]
    first = places[0][1] if places else -1
    if (
        len(places) in DAY_COUNTS
        and first in (0, 1)
        and [number for _name, number in places] == list(range(first, first + len(places)))
    ):
        step = 24 * 60 // len(places)
        return Slots(
            tuple(name for name, _number in places),
            np.arange(len(places)) * step,
            Label.LEFT,
            pd.Timedelta(minutes=step),
            numbered=True,
        )
    return None


def broken_day(headers: Sequence[str]) -> list[str]:
    """Slot columns among the headers that do not make up a day; empty if there are few."""
    clocked = [name for name in headers if slot_minutes(name) is not None]
    clocked = clocked or _parts_of_hours(headers)
    return clocked if len(clocked) >= 12 and day_slots(headers) is None else []


def _parts_of_hours(headers: Sequence[str]) -> list[str]:
    """Columns named 0.25, 0.5 … beside which 1, 2 … are hours and not the numbers of slots."""
    found = [name for name in headers if _HOURS_AND_PARTS.fullmatch(name.strip())]
    return found if len(found) >= 12 else []


def _clocked_slots(found: Sequence[tuple[str, int]], notes: tuple[str, ...]) -> Slots | None:
    step = 24 * 60 // len(found)
    minutes = np.array([minute for _name, minute in found])
    right = minutes[0] == step
    if right and minutes[-1] == 0:
        minutes[-1] = 24 * 60
    expected = np.arange(len(found)) * step + (step if right else 0)
    if (minutes != expected).any():
        return None
    label = Label.RIGHT if right else Label.LEFT
    names = tuple(name for name, _minute in found)
    return Slots(names, expected - (step if right else 0), label, pd.Timedelta(minutes=step), notes)
