"""The table of key results: what each is called, its unit, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from greenland.i18n import N_


class Better(StrEnum):
    """Which way a value is better."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class KeyResult:
    """One figure of an assessment.

    Parameters
    ----------
    key : str
        As it is kept; never given to another figure.
    title : str
        Message.
    unit : str
        ``"share"`` for a decimal.
    group : str
        Message; the heading it stands under.
    summed : bool
        Whether values of different parks add up.
    ranked : Better, optional
        Which way is better, where parks are ranked by it.
    """

    key: str
    title: str
    unit: str
    group: str
    summed: bool = False
    ranked: Better | None = None

    @property
    def is_share(self) -> bool:
        """Whether it is a decimal that people read in per cent."""
        return self.unit == "share"


_H, _L = Better.HIGHER, Better.LOWER
OUTPUT, LAND, STOCK = N_("产出与增长"), N_("土地利用"), N_("存量与处置")
FIRMS, ENERGY, OFFICIAL = N_("亩均效益"), N_("绿电直连"), N_("考核排名")

_ALL = (
    KeyResult("above_scale_output_wan", N_("规上工业总产值"), N_("万元"), OUTPUT, True),
    KeyResult("output_growth", N_("规上工业总产值增长率"), "share", OUTPUT, ranked=_H),
    KeyResult("revenue_wan", N_("园区营业收入"), N_("万元"), OUTPUT, True),
    KeyResult("revenue_growth", N_("园区营业收入增长率"), "share", OUTPUT, ranked=_H),
    KeyResult("value_added_wan", N_("园区工业增加值"), N_("万元"), OUTPUT, True),
    KeyResult("new_above_scale_firms", N_("当年新增规上企业数"), N_("家"), OUTPUT, True),
    KeyResult("above_scale_rd_wan", N_("规上工业企业研发经费支出"), N_("万元"), OUTPUT, True),
    KeyResult("above_scale_revenue_wan", N_("规上工业企业营业收入"), N_("万元"), OUTPUT, True),
    KeyResult("rd_intensity", N_("规上工业企业研发经费占营业收入比重"), "share", OUTPUT),
    KeyResult("leading_industry_share", N_("主导产业占比"), "share", OUTPUT, ranked=_H),
    KeyResult("energy_tce", N_("园区综合能源消费量"), N_("吨标煤"), OUTPUT, True),
    KeyResult("water_m3", N_("园区工业用水量"), "m³", OUTPUT, True),
    KeyResult(
        "energy_per_value_added", N_("万元工业增加值能耗"), N_("吨标煤/万元"), OUTPUT, ranked=_L
    ),
    KeyResult(
        "water_per_value_added", N_("万元工业增加值用水量"), N_("m³/万元"), OUTPUT, ranked=_L
    ),
    KeyResult("approved_area_ha", N_("批准面积"), N_("公顷"), LAND, True),
    KeyResult("land_intensity_score", N_("土地集约利用度"), N_("分"), LAND, ranked=_H),
    KeyResult("industrial_supplied_ha", N_("当年工业用地出让面积"), N_("公顷"), LAND, True),
    KeyResult("standard_land_ha", N_("当年按“标准地”出让面积"), N_("公顷"), LAND, True),
    KeyResult("standard_land_share", N_("“标准地”出让比例"), "share", LAND, ranked=_H),
    KeyResult("exit_ha", N_("处置意见为退出的面积"), N_("公顷"), LAND, True),
    KeyResult("projects_admitted", N_("准入和有条件准入的项目数"), N_("个"), LAND, True),
    KeyResult("unsupplied_ha", N_("批而未供土地"), N_("公顷"), STOCK, True),
    KeyResult("idle_ha", N_("闲置土地"), N_("公顷"), STOCK, True),
    KeyResult("inefficient_ha", N_("低效用地"), N_("公顷"), STOCK, True),
    KeyResult("unsupplied_stock_ha", N_("年初批而未供存量"), N_("公顷"), STOCK, True),
    KeyResult("unsupplied_disposed_ha", N_("当年处置批而未供"), N_("公顷"), STOCK, True),
    KeyResult("unsupplied_disposal_rate", N_("批而未供处置率"), "share", STOCK, ranked=_H),
    KeyResult("idle_stock_ha", N_("年初闲置存量"), N_("公顷"), STOCK, True),
    KeyResult("idle_disposed_ha", N_("当年处置闲置"), N_("公顷"), STOCK, True),
    KeyResult("idle_disposal_rate", N_("闲置土地处置率"), "share", STOCK, ranked=_H),
    KeyResult("evaluated_firms", N_("参评企业数"), N_("家"), FIRMS, True),
    KeyResult("class_a_firms", N_("A 类企业数"), N_("家"), FIRMS, True),
    KeyResult("class_d_firms", N_("D 类企业数"), N_("家"), FIRMS, True),
    KeyResult("firm_land_mu", N_("企业用地面积"), N_("亩"), FIRMS, True),
    KeyResult("tax_per_mu", N_("亩均税收"), N_("万元/亩·年"), FIRMS, ranked=_H),
    KeyResult("revenue_per_mu", N_("亩均营业收入"), N_("万元/亩·年"), FIRMS),
    KeyResult("output_per_mu", N_("亩均产值"), N_("万元/亩·年"), FIRMS, ranked=_H),
    KeyResult("value_added_per_mu", N_("亩均增加值"), N_("万元/亩·年"), FIRMS, ranked=_H),
    KeyResult("pv_mw", N_("光伏容量"), "MW", ENERGY, True),
    KeyResult("wind_mw", N_("风电容量"), "MW", ENERGY, True),
    KeyResult("other_source_mw", N_("其他电源容量"), "MW", ENERGY, True),
    KeyResult("storage_mwh", N_("储能容量"), "MWh", ENERGY, True),
    KeyResult("capex_yuan", N_("初投资"), N_("元"), ENERGY, True),
    KeyResult("load_mwh", N_("年用电量"), "MWh", ENERGY, True),
    KeyResult("self_use_mwh", N_("自发自用电量"), "MWh", ENERGY, True),
    KeyResult("self_use_of_consumption", N_("自发自用占总用电量比例"), "share", ENERGY),
    KeyResult("avoided_tco2", N_("年减排量"), "tCO₂", ENERGY, True),
    KeyResult("green_cost_per_mwh", N_("绿电成本"), N_("元/MWh"), ENERGY),
    KeyResult("avoided_kg_per_yuan", N_("每元初投资的年减排量"), N_("kgCO₂/元"), ENERGY),
    KeyResult("least_margin", N_("离约束最近的余量"), "share", ENERGY),
    KeyResult("limits_failed", N_("不满足的约束数"), N_("项"), ENERGY),
    KeyResult("official_rank", N_("填报的考核排名"), N_("名"), OFFICIAL),
    KeyResult("official_ranked_parks", N_("填报的参评园区数"), N_("个"), OFFICIAL),
)

KEYS: Mapping[str, KeyResult] = MappingProxyType({item.key: item for item in _ALL})
RANKED: tuple[KeyResult, ...] = tuple(item for item in _ALL if item.ranked is not None)
