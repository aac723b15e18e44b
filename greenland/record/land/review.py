"""土地节约集约利用评价: indicators, score, potentials, years of supply."""

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


class ReviewSchemeRecord(RecordModel):
    """The tree of indicators the zone is scored by."""

    id: str = always("方案编号")
    title: str = always("名称")
    title_en: str | None = cell("英文名称")
    document: str | None = cell("依据文件")
    confidence: str = always("来源可信度")
    note: str | None = cell("备注")
    note_en: str | None = cell("英文备注")
    indicators: dict[str, SchemeName] = always("方案自定的指标，键为编号", default_factory=dict)


class ReviewIndicator(RecordModel):
    """An indicator of the whole zone."""

    indicator: str = always("指标")
    value: float | None = cell("现状值")
    unit: str | None = cell("单位；share 为小数")
    ideal: float | None = cell("理想值")
    direction: Direction = always("要求方向")
    standardised: float | None = cell("标准化值", "分")
    weight: float | None = cell("权重")
    contribution: float | None = cell("对总分贡献", "分")
    previous: float | None = cell("上年值")
    change: float | None = cell("较上年变化")
    national: float | None = cell("全国水平")
    national_rule_id: RuleId | None = cell("全国水平的出处")
    formula: str | None = cell("计算式")
    numerator: float | None = cell("分子")
    denominator: float | None = cell("分母")
    numerator_terms: tuple[str, ...] = rows("分子由哪些地类代码或年度指标相加")
    denominator_terms: tuple[str, ...] = rows("分母由哪些地类代码或年度指标相加")
    reason: Said | None = cell("说明")
    ideal_basis: str | None = cell(
        "理想值的依据：user 园区给出、scheme 评价方案、reference 参考集、none 无"
    )
    ideal_source: str | None = cell("理想值的出处")
    rule_id: RuleId | None = cell("理想值的条款")


class PartIndicator(RecordModel):
    """An indicator of one part of the zone."""

    part: str = always("片区")
    indicator: str = always("指标")
    value: float | None = cell("现状值")
    standardised: float | None = cell("标准化值", "分")
    weight: float | None = cell("权重")
    contribution: float | None = cell("对片区得分贡献", "分")
    reason: Said | None = cell("说明")


class ReviewNode(RecordModel):
    """A node of the tree with its score."""

    part: str = always("片区；zone 为整个园区")
    node: str = always("节点")
    parent: str | None = cell("上级节点")
    level: int = always("层级，由 0 起")
    title: Said | None = cell("名称")
    title_en: str | None = cell("英文名称")
    weight: float | None = cell("权重")
    score: float | None = cell("得分", "分")
    indicator: str | None = cell("指标")
    reason: Said | None = cell("说明")


class PartWeight(RecordModel):
    """What a part of the zone counts in the score, and its own."""

    part: str = always("片区")
    weight: float | None = cell("权重")
    score: float | None = cell("得分", "分")
    reason: Said | None = cell("说明")


class ScoreChange(RecordModel):
    """What an indicator changed of the score since last year."""

    indicator: str = always("指标")
    delta_score: float | None = cell("对总分变化的影响", "分")


class LandPotential(RecordModel):
    """Land that better use would set free."""

    potential: str = always("潜力类型")
    indicator: str | None = cell("指标")
    value_ha: float | None = cell("潜力", "公顷")
    surplus_ha: float | None = cell("超出理想值折地", "公顷")
    formula: str | None = cell("计算式")
    reason: Said | None = cell("说明")


class AreaIdentity(RecordModel):
    """Two areas that must be equal."""

    part: str = always("片区")
    identity: str = always("恒等关系")
    left_ha: float | None = cell("等式左侧", "公顷")
    right_ha: float | None = cell("等式右侧", "公顷")
    difference_ha: float | None = cell("差额", "公顷")
    state: State = always("结论")
    reason: Said | None = cell("说明")


class LandUseArea(RecordModel):
    """Area of a code of the land-use table."""

    code: str = always("代码")
    title: str | None = cell("名称")
    title_en: str | None = cell("英文名称")
    area_ha: float | None = cell("面积", "公顷")
    previous_ha: float | None = cell("上年面积", "公顷")
    depth: int = always("层次，由 0 起")


class ZoneFigure(RecordModel):
    """A figure of the zone besides its areas, as the indicators take it."""

    column: str = always("年度指标或历年供地表的列")
    title: Said | None = cell("名称")
    value: float | None = cell("本年值")
    previous: float | None = cell("上年值")


class ReviewRecord(Evaluated):
    """土地节约集约利用评价."""

    year: int = always("年度")
    kind: str | None = cell("评价类型：full 全面评价、update 年度更新")
    kind_reason: Said | None = cell("评价类型的说明")
    next_full_year: int | None = cell("下次全面评价的年度")
    zone_type: str = always("园区类型：industrial 工业主导型、city_industry 产城融合型、other 其他")
    zone_type_reason: Said | None = cell("园区类型的说明")
    zone_type_rules: tuple[RuleId, ...] = rows("判定园区类型的条款")
    scheme: ReviewSchemeRecord = always("评价方案")
    indicators: tuple[ReviewIndicator, ...] = rows("整个园区的评价指标")
    part_indicators: tuple[PartIndicator, ...] = rows("分片区的评价指标")
    nodes: tuple[ReviewNode, ...] = rows("分层得分")
    parts: tuple[PartWeight, ...] = rows("分片区得分")
    land_intensity_score: float | None = cell("土地集约利用度（综合分值）", "分")
    score_reason: Said | None = cell("没有综合分值的原因")
    national_score: float | None = cell("全国水平的综合分值", "分")
    previous_score: float | None = cell("上年综合分值，按本年方案和理想值计", "分")
    previous_reason: Said | None = cell("没有上年综合分值的原因")
    changes: tuple[ScoreChange, ...] = rows("各指标对总分变化的影响")
    potentials: tuple[LandPotential, ...] = rows("节约集约用地潜力")
    years_of_supply_mean: float | None = cell("尚可供地年数Ⅰ（近三年平均）", "年")
    years_of_supply_mean_reason: Said | None = cell("没有尚可供地年数Ⅰ的原因")
    years_of_supply_peak: float | None = cell("尚可供地年数Ⅱ（近五年最大）", "年")
    years_of_supply_peak_reason: Said | None = cell("没有尚可供地年数Ⅱ的原因")
    identities: tuple[AreaIdentity, ...] = rows("面积恒等关系检查")
    land_use: tuple[LandUseArea, ...] = rows("土地利用状况")
    figures: tuple[ZoneFigure, ...] = rows("评价指标用到的年度指标")
