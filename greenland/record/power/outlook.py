"""年度电力供需分析: demand, supply, balance, orderly use, what helps."""

from __future__ import annotations

from typing import Literal

from greenland.record.base import Evaluated, RecordModel, RuleId, Said, always, cell, rows

ScenarioName = Literal["low", "expected", "high"]
StepName = Literal["shift", "avoid", "cut"]
MeasureName = Literal["shift", "source", "transformer", "advance", "delay"]
PARK = "变电站编号；全园区为空"


class OutlookScenario(RecordModel):
    """One case of demand."""

    scenario: ScenarioName = always("情景：low 低、expected 中、high 高")
    energy_mwh: float = always("全年用电量", "MWh")
    peak_mw: float = always("全园区最大负荷", "MW")
    projects: int = always("计入的储备项目", "个")
    shortage_mw: float = always("最大缺口，含备用", "MW")
    short_months: int = always("缺电的月数", "月")
    first_month: int | None = cell("最早缺电的月份")


class OutlookBalance(RecordModel):
    """Power of a station, or of the park, in a month."""

    station: str = always(PARK)
    station_name: str = always("变电站名称")
    month: int = always("月份")
    peak_mw: float = always("最大负荷", "MW")
    needed_mw: float = always("最大负荷加备用", "MW")
    all_in_mw: float | None = cell("全部主变运行时的供电能力", "MW")
    capability_mw: float | None = cell("计入 N-1 的供电能力；不受限的为 null", "MW")
    shortage_mw: float = always("缺口", "MW")
    margin_mw: float | None = cell("余量，负值为缺口", "MW")


class OutlookEnergy(RecordModel):
    """Energy of the park in a month."""

    month: int = always("月份")
    demand_mwh: float = always("用电量", "MWh")
    own_mwh: float = always("自有电源供电量", "MWh")
    contracted_mwh: float | None = cell("已签约购电量", "MWh")
    open_mwh: float | None = cell("尚未落实的电量", "MWh")


class OutlookLoad(RecordModel):
    """A load of the expected case."""

    key: str = always("企业代码，或 project: 加项目编号")
    name: str = always("名称")
    station: str = always(PARK)
    station_name: str = always("变电站名称")
    project: bool = always("是否储备项目")
    energy_mwh: float = always("全年用电量", "MWh")
    peak_mw: float = always("最大负荷", "MW")
    rank: int = always("有序用电次序，0 最先保障")
    rank_name: Said = always("次序的依据")
    basis: Said = always("数据来源")


class OutlookFirm(RecordModel):
    """A load that reduces, in the year."""

    key: str = always("企业代码，或 project: 加项目编号")
    name: str = always("名称")
    station: str = always(PARK)
    station_name: str = always("变电站名称")
    rank: int = always("有序用电次序，0 最先保障")
    rank_name: Said = always("次序的依据")
    month: int = always("压减最多的月份")
    shift_mw: float = always("该月错峰", "MW")
    avoid_mw: float = always("该月避峰", "MW")
    cut_mw: float = always("该月限电", "MW")
    months: int = always("压减的月数", "月")
    hours: float | None = cell("全年压减小时数", "h")
    lost_mwh: float | None = cell("避峰、限电少用的电量", "MWh")
    lost_wan: float | None = cell("损失的增加值", "万元")
    reason: Said = always("说明")


class OutlookReduction(RecordModel):
    """What a load reduces in a month by a step."""

    month: int = always("月份")
    key: str = always("企业代码，或 project: 加项目编号")
    name: str = always("名称")
    station: str = always(PARK)
    rank: int = always("有序用电次序，0 最先保障")
    rank_name: Said = always("次序的依据")
    step: StepName = always("措施：shift 错峰、avoid 避峰、cut 限电")
    reduction_mw: float = always("压减负荷", "MW")
    room_mw: float = always("该措施可压减的负荷", "MW")
    share: float = always("压减占可压减的比例", "share")
    hours: float | None = cell("小时数", "h")
    lost_mwh: float | None = cell("少用的电量，错峰为零", "MWh")
    lost_wan: float | None = cell("损失的增加值", "万元")


class OutlookMeasure(RecordModel):
    """What helps against a shortage, alone."""

    kind: MeasureName = always(
        "类型：shift 错峰、source 电源或储能、transformer 增容、advance 提前投运、delay 项目推迟"
    )
    name: Said = always("对象")
    before_mw: float = always("采取前最大缺口", "MW")
    after_mw: float = always("采取后最大缺口", "MW")
    months_before: int = always("采取前缺电月数", "月")
    months_after: int = always("采取后缺电月数", "月")
    first_month: int | None = cell("采取后最早缺电的月份")


class OutlookLeft(RecordModel):
    """What can still be connected."""

    station: str = always(PARK)
    station_name: str = always("变电站名称")
    left_mw: float = always("可接入的最大负荷，不含储备项目", "MW")


class OutlookUncovered(RecordModel):
    """What no reduction covers."""

    month: int = always("月份")
    uncovered_mw: float = always("保障负荷超过供电能力的部分", "MW")


class OutlookAssumption(RecordModel):
    """An assumption, and whose it is."""

    item: Said = always("项目")
    value: Said = always("取值")
    source: Said = always("来源")
    rule_id: RuleId | None = cell("条款")


class OutlookRecord(Evaluated):
    """年度电力供需分析."""

    year: int = always("分析的年度")
    scenarios: tuple[OutlookScenario, ...] = rows("低、中、高三种情景")
    balance: tuple[OutlookBalance, ...] = rows("各变电站和全园区逐月电力平衡（中情景）")
    energy: tuple[OutlookEnergy, ...] = rows("逐月电量平衡（中情景）")
    loads: tuple[OutlookLoad, ...] = rows("企业和项目的用电需求（中情景）")
    firms: tuple[OutlookFirm, ...] = rows("有序用电：逐企业")
    reductions: tuple[OutlookReduction, ...] = rows("有序用电：逐月逐措施")
    measures: tuple[OutlookMeasure, ...] = rows("缓解缺电的措施，各自单独计算")
    left: tuple[OutlookLeft, ...] = rows("可接入容量")
    uncovered: tuple[OutlookUncovered, ...] = rows("压减后仍缺的电力")
    assumptions: tuple[OutlookAssumption, ...] = rows("假定")
