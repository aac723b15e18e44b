"""园区碳账户: energy by kind, coal equivalent, emission by scope."""

from __future__ import annotations

from greenland.record.base import Evaluated, RecordModel, RuleId, Said, always, cell, rows
from greenland.record.energy.judged import ComplianceCheck


class AccountSums(RecordModel):
    """Electricity by source, coal equivalent, emission, and ratios."""

    electricity_mwh: float | None = cell("用电量", "MWh")
    grid_mwh: float | None = cell("其中电网电量", "MWh")
    direct_mwh: float | None = cell("其中绿电直连", "MWh")
    own_mwh: float | None = cell("其中自发自用", "MWh")
    certified_mwh: float | None = cell("电网电量中由绿电交易和绿证覆盖的部分", "MWh")
    surplus_mwh: float | None = cell("超过电网电量、不计的绿电交易和绿证", "MWh")
    equivalent_tce: float | None = cell("综合能耗，电力按当量值", "吨标煤")
    equal_value_tce: float | None = cell("综合能耗，电力按等价值；没有系数的为 null", "吨标煤")
    scope1_tco2: float | None = cell("范围一：燃料燃烧和生产过程", "tCO2")
    scope2_electricity_tco2: float | None = cell("范围二：外购电力，按电网平均因子", "tCO2")
    scope2_heat_tco2: float | None = cell("范围二：外购热力", "tCO2")
    certified_tco2: float | None = cell("绿电交易和绿证抵扣的排放", "tCO2")
    total_tco2: float | None = cell("排放合计，绿证抵扣前", "tCO2")
    net_tco2: float | None = cell("排放合计，绿证抵扣后", "tCO2")
    zero_carbon_tco2: float | None = cell("按 910 号附件4核算的排放", "tCO2")
    value_added_wan: float | None = cell("工业增加值", "万元")
    land_mu: float | None = cell("用地面积", "亩")
    net_tco2_per_wan: float | None = cell("单位增加值排放", "tCO2/万元")
    net_tco2_per_mu: float | None = cell("亩均排放", "tCO2/亩")
    tce_per_wan: float | None = cell("单位增加值能耗，有等价值的按等价值", "吨标煤/万元")
    tce_per_mu: float | None = cell("亩均能耗，有等价值的按等价值", "吨标煤/亩")


class AccountFirm(AccountSums):
    """The account of a firm."""

    key: str = always("统一社会信用代码")
    name: str = always("企业名称")
    group: Said = always("行业")
    estimated: Said | None = cell("推算和缺数的说明")


class AccountIndustry(AccountSums):
    """The account of an industry."""

    group: Said = always("行业")
    firms: int = always("企业数", "家")


class AccountCarrier(RecordModel):
    """One kind of energy."""

    carrier: str = always("能源种类")
    amount: float | None = cell("消费量")
    unit: str = always("单位")
    equivalent_tce: float | None = cell("折标准煤，当量值", "吨标煤")
    equal_value_tce: float | None = cell("折标准煤，等价值", "吨标煤")
    net_tco2: float | None = cell("排放", "tCO2")


class AccountFactor(RecordModel):
    """A factor in use."""

    name: str = always("系数")
    value: float = always("数值")
    unit: str = always("单位")
    source: Said = always("来源")
    rule_id: RuleId | None = cell("条款")


class AccountRecord(Evaluated):
    """园区碳账户."""

    year: int = always("年度")
    total: AccountSums = always("全园区合计")
    previous: AccountSums | None = cell("上年全园区合计；没有上年数据的为 null")
    firms: tuple[AccountFirm, ...] = rows("逐企业")
    industries: tuple[AccountIndustry, ...] = rows("分行业")
    carriers: tuple[AccountCarrier, ...] = rows("分能源种类")
    checks: tuple[ComplianceCheck, ...] = rows("910 号核心指标和引导性指标")
    zero_carbon_park: bool = always("是否按零碳园区考核")
    direct_share: float | None = cell("绿电直连和自发自用占用电量的比例", "share")
    grid_tco2_per_mwh: float = always("电网排放因子", "tCO2/MWh")
    grid_name: Said = always("电网排放因子的口径")
    factors: tuple[AccountFactor, ...] = rows("折算系数")
    notes: tuple[Said, ...] = rows("核算口径和推算说明")
