"""The plan: capacities, energies, costs, what limits it, the hours."""

from __future__ import annotations

from typing import Any, Literal

from greenland.record.base import RecordModel, Said, always, cell, rows

StatusName = Literal["optimal", "feasible", "infeasible", "unbounded", "not_solved"]


class QualityRecord(RecordModel):
    """How closely the optimum closes; all but the gap relative."""

    gap: float | None = cell("对偶间隙", "share")
    primal_residual: float | None = cell("原始残差")
    dual_residual: float | None = cell("对偶残差")
    replay_residual: float | None = cell("独立复算残差")
    seconds: float | None = cell("求解用时", "s")
    iterations: int | None = cell("迭代次数")


class PlanRatios(RecordModel):
    """Shares of the year; null where the denominator is nothing."""

    self_use_of_generation: float | None = cell("自发自用占可用发电量比例（口径一）", "share")
    self_use_of_generation_net: float | None = cell(
        "自发自用占可用发电量比例（口径二，扣储能损耗）", "share"
    )
    self_use_of_consumption: float | None = cell("自发自用占总用电量比例", "share")
    export_share: float | None = cell("上网比例", "share")
    export_share_of_delivered: float | None = cell("上网占上网与自发自用之和的比例", "share")
    curtailment_share: float | None = cell("弃电率", "share")
    unserved_share: float | None = cell("缺供比例", "share")


class PlanEnergy(RecordModel):
    """Energies of a year."""

    available_generation: float | None = cell("可用发电量", "MWh")
    other_generation: float | None = cell("不计为绿电的发电量", "MWh")
    curtailment: float | None = cell("弃电", "MWh")
    export: float | None = cell("上网", "MWh")
    import_: float | None = cell("下网", "MWh", alias="import")
    load: float | None = cell("用电", "MWh")
    consumption: float | None = cell("用电量", "MWh")
    self_use: float | None = cell("自发自用", "MWh")
    grid_to_load: float | None = cell("下网供负荷", "MWh")
    charge: float | None = cell("储能充电", "MWh")
    discharge: float | None = cell("储能放电", "MWh")
    storage_loss: float | None = cell("储能损耗", "MWh")
    unserved: float | None = cell("缺供", "MWh")
    interrupted: float | None = cell("可中断负荷削减", "MWh")


class PlanCost(RecordModel):
    """An item of the annual cost."""

    item: str = always("项目")
    kind: str | None = cell("种类")
    owner: str | None = cell("所属部件的名称")
    yuan_per_year: float | None = cell("金额", "元/年")


class CapacityLabel(RecordModel):
    """What a label of `capacities` is."""

    capacity: str = always("容量的标签")
    kind: str = always(
        "种类：source、storage_power、storage_energy、storage_charge_power、electrolyser、grid"
    )
    owner: str | None = cell("所属部件的名称；接网容量没有")
    unit: str = always("单位：MW、MWh")


class ColumnLabel(RecordModel):
    """What a column of the schedule is."""

    column: str = always("列的标签")
    kind: str = always("种类")
    owner: str | None = cell("所属部件的名称")
    unit: str | None = cell("单位：MW；储能电量为 MWh")


class PlanLimit(RecordModel):
    """A limit the plan keeps."""

    limit: str = always("约束")
    year: str | int | None = cell("年度；全期的为空")
    value: float | None = cell("实际值")
    required: float | None = cell("要求值")
    excess: float | None = cell("超出")
    limit_kind: str | None = cell("约束的种类")
    limit_owner: str | None = cell("所属部件的名称")


class ShadowPrice(RecordModel):
    """What one unit more of a limit is worth."""

    limit: str = always("约束")
    limit_kind: str | None = cell("约束的种类")
    limit_owner: str | None = cell("所属部件的名称")
    value: float | None = cell("边际价值，单位见 unit")
    unit: Said | None = cell("单位")
    text: Said | None = cell("说明")


class BindingRecord(RecordModel):
    """What decides a capacity."""

    capacity: str = always("容量的标签")
    kind: str | None = cell("种类")
    owner: str | None = cell("所属部件的名称")
    unit: str | None = cell("单位")
    limit: str | None = cell("约束；由费用权衡决定的没有")
    worth: float | None = cell("达到上限的：上限每增加 1 MW 或 1 MWh，年费用减少多少", "元/年")
    limit_kind: str | None = cell("约束的种类")
    limit_owner: str | None = cell("约束所属部件的名称")
    text: Said | None = cell("说明")


class CrossCheckRecord(RecordModel):
    """The continuous optimum by both engines."""

    engine: str = always("求解器")
    other_engine: str = always("另一个求解器")
    status: StatusName = always("求解状态")
    other_status: StatusName = always("另一个求解器的求解状态")
    objective: float | None = cell("目标值")
    other_objective: float | None = cell("另一个求解器的目标值")
    difference: float | None = cell("目标值之差，相对")
    size_difference: float | None = cell("容量的最大差，相对于最大的容量")
    agrees: bool = always("是否一致")
    text: Said | None = cell("说明")


class ClashRecord(RecordModel):
    """A limit of those that cannot hold together."""

    limit: str = always("约束")
    limit_kind: str | None = cell("约束的种类")
    limit_owner: str | None = cell("所属部件的名称")
    text: Said | None = cell("约束的名称")


class RelaxationRecord(RecordModel):
    """The least a limit must give."""

    limit: str = always("约束")
    limit_kind: str | None = cell("约束的种类")
    limit_owner: str | None = cell("所属部件的名称")
    required: float | None = cell("要求值，单位见 unit")
    reachable: float | None = cell("只放宽该约束时可以达到的最近值；仍不可行的为 null")
    unit: str | None = cell("单位；share 为小数")
    text: Said | None = cell("说明")


class InfeasibilityRecord(RecordModel):
    """Why there is no plan."""

    clashes: tuple[ClashRecord, ...] = rows("互相冲突的约束")
    relaxations: tuple[RelaxationRecord, ...] = rows("需要放宽的约束")
    text: Said | None = cell("说明")


class OptimumRecord(RecordModel):
    """The continuous optimum the plan was rounded from."""

    status: StatusName = always("求解状态")
    quality: QualityRecord = always("求解质量")
    annual_cost: float | None = cell("年供电总成本", "元/年")
    objective_value: float | None = cell("目标值")
    capacities: dict[str, float | None] = always("容量，MW 或 MWh，键为容量的标签")


class RoundingRecord(RecordModel):
    """Whole units and what they cost.

    Files whose plan is the continuous optimum hold the rounded plan here, from `status` on.
    """

    units: dict[str, int] = always("台数，键为容量的标签")
    unit_sizes: dict[str, float] = always("单台容量，MW 或 MWh，键为容量的标签")
    cost: float | None = cell("比连续最优多的费用，单位同目标值", "元/年")
    relative_cost: float | None = cell("比连续最优多的费用占比", "share")
    trials: int | None = cell("试算次数")
    proven: bool | None = cell("是否已排除其他取整")
    text: Said | None = cell("说明")
    status: StatusName | None = cell("求解状态（旧文件）")
    quality: QualityRecord | None = cell("求解质量（旧文件）")
    capacities: dict[str, float | None] | None = cell("容量（旧文件）")
    annual_cost: float | None = cell("年供电总成本（旧文件）", "元/年")
    ratios: PlanRatios | None = cell("比例（旧文件）")
    energy: PlanEnergy | None = cell("年电量（旧文件）")
    costs: tuple[PlanCost, ...] = rows("年费用构成（旧文件）")


class ResumedRecord(RecordModel):
    """Where the steps go on after a break between two weather years."""

    step: int = always("时段的序号，自 0 起")
    start: str = always("开始时刻")


class ScheduleRecord(RecordModel):
    """The plan step by step."""

    start: str = always("第一个时段的开始时刻")
    step_hours: float = always("时段长", "h")
    timezone: str | None = cell("时区；当地时钟的没有")
    resumed: tuple[ResumedRecord, ...] = rows("间断后各气象年的第一个时段")
    column_kinds: tuple[ColumnLabel, ...] = rows("各列是什么")
    columns: dict[str, tuple[float | None, ...]] = always("逐时段功率或储能电量，键为列的标签")


class MaintenanceRecord(RecordModel):
    """When a generator stands for its maintenance, in one year of the horizon."""

    owner: str = always("机组名称")
    stands_from: str = always("开始时刻")
    stands_until: str = always("结束时刻")


class PlanRecord(RecordModel):
    """The recommended plan, in whole units where there are any, or why there is none."""

    status: StatusName = always("求解状态")
    engine: str | None = cell("求解器")
    objective: str | None = cell("目标")
    notes: tuple[Said, ...] = rows("备注")
    quality: QualityRecord = always("求解质量")
    optimum: OptimumRecord | None = cell("取整前的连续最优；未取整的为空")
    rounding: RoundingRecord | None = cell("按单台容量取整的台数和所增费用")
    infeasibility: InfeasibilityRecord | None = cell("不可行的原因")
    annual_cost: float | None = cell("年供电总成本", "元/年")
    objective_value: float | None = cell("目标值")
    capex: float | None = cell("初投资", "元")
    npv: float | None = cell("净现值", "元")
    green_price: float | None = cell("绿电电价", "元/kWh")
    capacities: dict[str, float | None] | None = cell("容量，MW 或 MWh，键为容量的标签")
    capacity_kinds: tuple[CapacityLabel, ...] = rows("各容量是什么")
    ratios: PlanRatios | None = cell("比例")
    energy: PlanEnergy | None = cell("年电量")
    costs: tuple[PlanCost, ...] = rows("年费用构成")
    limits: tuple[PlanLimit, ...] = rows("约束的满足情况")
    monthly: tuple[dict[str, Any], ...] = rows("逐月电量，MWh，键 month 以外为列的标签")
    shadow_prices: tuple[ShadowPrice, ...] = rows("约束的边际价值，按取整前的最优")
    binding: tuple[BindingRecord, ...] = rows("起作用的约束，按取整前的最优")
    maintenance: tuple[MaintenanceRecord, ...] = rows("各机组的检修时间，由测算确定的")
    schedule: ScheduleRecord | None = cell("逐时段运行")
    reason: str | None = cell("没有方案的，求解状态")
