"""亩均效益: firms scored and put into classes, and the park against its floor."""

from __future__ import annotations

from greenland.record.base import (
    Direction,
    Evaluated,
    RecordModel,
    RuleId,
    Said,
    always,
    cell,
    rows,
)
from greenland.record.land.scheme import SchemeName
from greenland.results import State


class ClassTitle(RecordModel):
    """What a class is called in the scheme."""

    title: str = always("名称")
    title_en: str | None = cell("英文名称")


class BonusBounds(RecordModel):
    """Bounds of the points added and taken off together."""

    minimum: float | None = cell("加减分合计的下限", "分")
    maximum: float | None = cell("加减分合计的上限", "分")


class PerMuSchemeRecord(RecordModel):
    """The scheme the firms are scored by."""

    id: str = always("方案编号")
    title: str = always("名称")
    title_en: str | None = cell("英文名称")
    document: str | None = cell("依据文件")
    clause: str | None = cell("条款")
    confidence: str = always("来源可信度")
    note: str | None = cell("备注")
    note_en: str | None = cell("英文备注")
    class_method: str = always("分类方法：score 按分值、share 按比例")
    classes_confidence: str = always("分类界线的来源可信度")
    classes_note: str | None = cell("分类界线的备注")
    tenants: str = always(
        "承租企业的评价方式：combined 与出租方合为一个评价单元、follow 随出租方、own 单独评价"
    )
    class_titles: dict[str, ClassTitle] = always("各类的名称，键为 A、B、C、D")
    groups: dict[str, SchemeName] = always("方案自定的组别，键为组别编号", default_factory=dict)
    indicators: dict[str, SchemeName] = always(
        "方案自定的指标和加减分项，键为编号", default_factory=dict
    )
    decimals: int | None = cell("得分保留的小数位数")
    bonus: BonusBounds | None = cell("加减分的上下限；方案不计加减分的为 null")


class PerMuFirm(RecordModel):
    """A firm with its indicators, score and class."""

    row: int | None = cell("企业效益表中的行号")
    firm_id: str | None = cell("统一社会信用代码")
    firm_name: str | None = cell("企业名称")
    group: str | None = cell("组别：above_scale 规上、below_scale 规下")
    industry_code: str | None = cell("行业代码")
    land_mu: float | None = cell("用地面积", "亩")
    unit: str | None = cell("所属评价单元，以出租方的统一社会信用代码表示")
    tenant: bool | None = cell("是否承租企业")
    tax_wan: float | None = cell("实缴税收；本列至填报的加减分为企业自身数据", "万元")
    revenue_wan: float | None = cell("营业收入", "万元")
    output_wan: float | None = cell("工业总产值", "万元")
    value_added_wan: float | None = cell("工业增加值", "万元")
    energy_tce: float | None = cell("综合能源消费量（等价值）", "吨标煤")
    electricity_mwh: float | None = cell("用电量", "MWh")
    water_m3: float | None = cell("用水量", "立方米")
    emission_t: float | None = cell("主要污染物排放量", "吨")
    employees: float | None = cell("年平均职工人数", "人")
    rd_wan: float | None = cell("R&D经费支出", "万元")
    fixed_investment_wan: float | None = cell("累计固定资产投资", "万元")
    technical_upgrade_wan: float | None = cell("当年技术改造投资", "万元")
    bonus_points: float | None = cell("填报的加减分", "分")
    tax_per_mu: float | None = cell("亩均税收", "万元/亩·年")
    revenue_per_mu: float | None = cell("亩均营业收入", "万元/亩·年")
    output_per_mu: float | None = cell("亩均产值", "万元/亩·年")
    value_added_per_mu: float | None = cell("亩均增加值", "万元/亩·年")
    value_added_per_tce: float | None = cell("单位能耗增加值", "万元/吨标煤")
    value_added_per_emission: float | None = cell("单位排放增加值", "万元/吨")
    labour_productivity: float | None = cell("全员劳动生产率", "万元/人·年")
    rd_intensity: float | None = cell("R&D经费占营业收入比重", "share")
    tax_per_mwh: float | None = cell("单位用电税收", "万元/MWh")
    tax_per_tce: float | None = cell("单位能耗税收", "万元/吨标煤")
    tax_per_emission: float | None = cell("单位排放税收", "万元/吨")
    score: float | None = cell("得分", "分")
    class_: str | None = cell("等级：A、B、C、D；exempt 不参评", alias="class")
    rank: int | None = cell("在本组的名次")
    tax_rank: int | None = cell("亩均税收在本组的名次")
    reason: Said | None = cell("说明")
    points_to_next: float | None = cell("距上一等级", "分")


class PerMuItem(RecordModel):
    """Points of a firm by one indicator."""

    firm_id: str | None = cell("统一社会信用代码")
    indicator: str = always("指标")
    value: float | None = cell("实际值")
    benchmark: float | None = cell("基准值")
    ratio: float | None = cell("与基准之比")
    weight: float | None = cell("权重", "分")
    score: float | None = cell("得分", "分")
    treatment: str | None = cell("计分方式")
    reason: Said | None = cell("说明")


class PerMuBenchmark(RecordModel):
    """What an indicator of a group is measured against."""

    group: str | None = cell("组别")
    indicator: str = always("指标")
    benchmark: float | None = cell("基准值")
    weight: float | None = cell("权重", "分")
    method: str | None = cell("取值方法")
    least: float | None = cell("极值法的最小值")
    most: float | None = cell("极值法的最大值")
    base: float | None = cell("极值法中最差者得分占权重的比例", "share")
    reverse: bool | None = cell("极值法中是否越小越好")
    unit: str | None = cell("单位")
    cap: float | None = cell("与基准之比的上限")
    floor: float | None = cell("与基准之比的下限")
    rule_id: RuleId | None = cell("条款")
    reason: Said | None = cell("说明")


class ClassBoundary(RecordModel):
    """Where a class of a group begins, and who is in it."""

    group: str | None = cell("组别")
    class_: str | None = cell("等级", alias="class")
    share: float | None = cell("占比", "share")
    ranked_units: int | None = cell("按得分列入的单元数")
    score: float | None = cell("分界分值", "分")
    ties: int | None = cell("与分界同分的单元数")
    reason: Said | None = cell("说明")
    firms: int | None = cell("最终列入的企业数，含承租企业", "家")


class ClassSummary(RecordModel):
    """Firms of one class; without a class: those that could not be scored."""

    class_: str | None = cell("等级；null 为未能评分", alias="class")
    firms: int = always("企业数", "家")
    units: int = always("评价单元数")
    land_mu: float | None = cell("用地面积", "亩")
    tax_wan: float | None = cell("税收", "万元")
    revenue_wan: float | None = cell("营业收入", "万元")
    tax_per_mu: float | None = cell("亩均税收", "万元/亩·年")
    revenue_per_mu: float | None = cell("亩均营业收入", "万元/亩·年")
    missing: int = always("缺任一数据的评价单元数")


class ParkAverages(RecordModel):
    """Averages of all firms of the park in one year."""

    tax_per_mu: float | None = cell("亩均税收", "万元/亩·年")
    revenue_per_mu: float | None = cell("亩均营业收入", "万元/亩·年")
    output_per_mu: float | None = cell("亩均产值", "万元/亩·年")
    value_added_per_mu: float | None = cell("亩均增加值", "万元/亩·年")
    land_mu: float | None = cell("用地面积", "亩")
    units: int | None = cell("评价单元数")
    missing: dict[str, int] = always("缺该数据的评价单元数，键为列名")
    left_out: dict[str, int] = always("未计入该平均值的评价单元数，键为指标")


class ParkFirms(RecordModel):
    """How many firms are evaluated, and the averages of all."""

    firms: int = always("企业数", "家")
    evaluated_firms: int = always("参评企业数", "家")
    evaluated_land_mu: float | None = cell("参评企业用地面积", "亩")
    exempt_firms: int = always("不参评企业数", "家")
    unscored_firms: int = always("未能评分企业数", "家")
    tax_per_mu: float | None = cell("亩均税收", "万元/亩·年")
    revenue_per_mu: float | None = cell("亩均营业收入", "万元/亩·年")
    output_per_mu: float | None = cell("亩均产值", "万元/亩·年")
    value_added_per_mu: float | None = cell("亩均增加值", "万元/亩·年")
    land_mu: float | None = cell("全部企业用地面积", "亩")
    units: int | None = cell("评价单元数")
    missing: dict[str, int] = always("缺该数据的评价单元数，键为列名")
    left_out: dict[str, int] = always("未计入该平均值的评价单元数，键为指标")


class OutputFloor(RecordModel):
    """Output per mu of the park against the floor of its level."""

    indicator: str = always("指标")
    value: float | None = cell("实际值", "万元/亩·年")
    required: float | None = cell("亩均产出下限", "万元/亩·年")
    direction: Direction = always("要求方向")
    rule_id: RuleId | None = cell("条款")
    margin: float | None = cell("余量", "万元/亩·年")
    reason: Said | None = cell("说明")
    state: State = always("结论")


class IndustryAverage(RecordModel):
    """Averages of an industry of the park."""

    industry_code: str = always("行业代码")
    level: str = always("层级：division 大类、group 中类、class 小类")
    firms: int = always("评价单元数")
    land_mu: float | None = cell("用地面积", "亩")
    tax_per_mu: float | None = cell("亩均税收", "万元/亩·年")
    revenue_per_mu: float | None = cell("亩均营业收入", "万元/亩·年")
    output_per_mu: float | None = cell("亩均产值", "万元/亩·年")
    value_added_per_mu: float | None = cell("亩均增加值", "万元/亩·年")
    missing: int = always("缺任一数据的评价单元数")


class FirmTrend(RecordModel):
    """A firm in one year."""

    firm_id: str | None = cell("统一社会信用代码")
    firm_name: str | None = cell("企业名称")
    year: int = always("年度")
    tax_per_mu: float | None = cell("亩均税收", "万元/亩·年")
    revenue_per_mu: float | None = cell("亩均营业收入", "万元/亩·年")
    score: float | None = cell("得分", "分")
    class_: str | None = cell("等级", alias="class")


class ClassMovement(RecordModel):
    """How many firms went from one class to another since last year."""

    from_: str | None = cell("上年等级", alias="from")
    to: str | None = cell("本年等级")
    firms: int = always("企业数", "家")


class PerMuRecord(Evaluated):
    """亩均效益."""

    year: int = always("年度")
    scheme: PerMuSchemeRecord = always("评价方案")
    firms: tuple[PerMuFirm, ...] = rows("逐企业结果，按组别和名次排列")
    items: tuple[PerMuItem, ...] = rows("企业逐项得分")
    benchmarks: tuple[PerMuBenchmark, ...] = rows("指标基准值与权重")
    boundaries: tuple[ClassBoundary, ...] = rows("等级分界")
    summary: tuple[ClassSummary, ...] = rows("分等级汇总")
    park: ParkFirms = always("参评情况和园区平均")
    floor: OutputFloor = always("园区亩均产出与下限")
    industries: tuple[IndustryAverage, ...] = rows("分行业平均")
    trend: tuple[FirmTrend, ...] = rows("企业历年结果")
    movements: tuple[ClassMovement, ...] = rows("等级变动")
    previous: ParkAverages | None = cell("上年园区平均；没有上年数据的为 null")
