"""Indicators of a whole zone in the land-intensity review, as the table of formulas it is.

Each is a quotient of sums of land codes [公顷] or of figures of the year; the table below says
which. Values are computed for the zone and for each of its parts alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add

import pandas as pd

from greenland.i18n import N_, Text, _, joined
from greenland.land.indicators import ratio
from greenland.units import M2_PER_HA


@dataclass(frozen=True, slots=True)
class ZoneIndicator:
    """One indicator of the review.

    Parameters
    ----------
    label : str
        Message id of its name.
    numerator, denominator : tuple of str
        Land codes or columns of the 年度指标 sheet, added up.
    formula : str
        As people write it.
    unit : str
        ``"share"`` for decimals, ``""`` for pure numbers.
    square_metres : bool
        The numerator is in ㎡ and the denominator in 公顷, so that the latter is converted.
    """

    label: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    formula: str
    unit: str = "share"
    square_metres: bool = False


# TD/T 1029, as implemented in public software.
ZONE_INDICATORS = {
    "land_development_rate": ZoneIndicator(
        N_("土地开发率"), ("A", "B21"), ("A", "B"), "(A+B21)/(A+B)"
    ),
    "land_supply_rate": ZoneIndicator(N_("土地供应率"), ("D",), ("A", "B21"), "D/(A+B21)"),
    "land_completion_rate": ZoneIndicator(N_("土地建成率"), ("A",), ("D",), "A/D"),
    "industrial_land_share": ZoneIndicator(N_("工业用地率"), ("A2",), ("A",), "A2/A"),
    "high_tech_land_share": ZoneIndicator(
        N_("高新技术产业用地率"), ("high_tech_land_ha",), ("A",), "H/A"
    ),
    "zone_floor_area_ratio": ZoneIndicator(
        N_("综合容积率"), ("floor_area_m2",), ("A",), "S/A", "", square_metres=True
    ),
    "zone_building_density": ZoneIndicator(
        N_("建筑密度"), ("building_base_m2",), ("A",), "S/A", square_metres=True
    ),
    "industrial_floor_area_ratio": ZoneIndicator(
        N_("工业用地综合容积率"),
        ("industrial_floor_area_m2",),
        ("A2",),
        "S/A2",
        "",
        square_metres=True,
    ),
    "industrial_building_coefficient": ZoneIndicator(
        N_("工业用地建筑系数"), ("industrial_base_m2",), ("A2",), "S/A2", square_metres=True
    ),
    "industrial_investment_intensity": ZoneIndicator(
        N_("工业用地固定资产投入强度"),
        ("industrial_investment_wan",),
        ("A2",),
        "I/A2",
        N_("万元/公顷"),
    ),
    "industrial_tax_per_ha": ZoneIndicator(
        N_("工业用地地均税收"), ("industrial_tax_wan",), ("A2",), "T/A2", N_("万元/公顷")
    ),
    "industrial_output_per_ha": ZoneIndicator(
        N_("工业用地产出强度"), ("industrial_revenue_wan",), ("A2",), "R/A2", N_("万元/公顷")
    ),
    "tax_per_ha": ZoneIndicator(N_("综合地均税收"), ("tax_wan",), ("A",), "T/A", N_("万元/公顷")),
    "population_density": ZoneIndicator(
        N_("人口密度"), ("resident_population",), ("A",), "P/A", N_("人/公顷")
    ),
    "idle_land_rate": ZoneIndicator(N_("土地闲置率"), ("G",), ("D",), "G/D"),
    "unsupplied_land_rate": ZoneIndicator(
        N_("批而未供率"), ("unsupplied_ha",), ("approved_construction_ha",), "U/K"
    ),
}

INDUSTRIAL_ONLY = frozenset(
    {
        "industrial_land_share",
        "industrial_floor_area_ratio",
        "industrial_building_coefficient",
        "industrial_investment_intensity",
        "industrial_tax_per_ha",
        "industrial_output_per_ha",
    }
)
CITY_ONLY = frozenset({"tax_per_ha", "population_density"})
HIGH_TECH_ONLY = frozenset({"high_tech_land_share"})

FIGURE_LABELS = {
    "floor_area_m2": N_("已建成用地总建筑面积"),
    "building_base_m2": N_("已建成用地建筑基底面积"),
    "industrial_floor_area_m2": N_("工矿仓储用地总建筑面积"),
    "industrial_base_m2": N_("工矿仓储用地建筑物构筑物及堆场占地面积"),
    "industrial_investment_wan": N_("工业企业累计固定资产投资"),
    "industrial_tax_wan": N_("工业企业税收"),
    "industrial_revenue_wan": N_("工业企业总收入"),
    "tax_wan": N_("二三产业税收总额"),
    "resident_population": N_("常住人口"),
    "high_tech_land_ha": N_("高新技术产业用地面积"),
    "approved_construction_ha": N_("已批准建设用地面积"),
    "unsupplied_ha": N_("批而未供土地面积"),
}


# Columns of the 历年供地 sheet that formulas of a scheme may name, as for 管理绩效.
SUPPLY_LABELS = {
    "supplied_ha": N_("供应面积"),
    "industrial_supplied_ha": N_("工业用地出让面积"),
    "standard_land_ha": N_("标准地出让面积"),
    "unsupplied_stock_ha": N_("年初批而未供面积"),
    "unsupplied_disposed_ha": N_("当年处置批而未供面积"),
    "idle_stock_ha": N_("年初闲置土地面积"),
    "idle_disposed_ha": N_("当年处置闲置土地面积"),
}


def _sum(facts: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series[float]:
    return reduce(add, (facts[name] for name in columns))


def zone_indicator(facts: pd.DataFrame, name: str) -> pd.DataFrame:
    """One indicator for every row of facts.

    Parameters
    ----------
    facts : DataFrame
        Columns: land codes [公顷] and the columns of the 年度指标 sheet; a row per part.
    name : str
        Key of `ZONE_INDICATORS`.

    Returns
    -------
    DataFrame
        ``value``, ``numerator``, ``denominator`` and ``reason`` where there is no value.
    """
    spec = ZONE_INDICATORS[name]
    above, below = _sum(facts, spec.numerator), _sum(facts, spec.denominator)
    scaled = below * M2_PER_HA if spec.square_metres else below
    quotient = ratio(above, scaled, name)
    reason = [
        why_missing(facts.loc[row], spec) if pd.isna(value) else None
        for row, value in quotient.items()
    ]
    return pd.DataFrame(
        {
            "value": quotient,
            "numerator": above,
            "denominator": below,
            "reason": pd.Series(reason, index=facts.index, dtype=object),
        }
    )


def fact_name(column: str) -> Text:
    """Name of a land code or of a figure of the year."""
    labels = {**FIGURE_LABELS, **SUPPLY_LABELS}
    if column in labels:
        return _(labels[column])
    return _("{code} 类土地面积", code=column)


def why_missing(row: pd.Series, spec: ZoneIndicator) -> Text:
    """What an indicator lacks, in words."""
    columns = dict.fromkeys((*spec.numerator, *spec.denominator))
    gaps = [fact_name(column) for column in columns if pd.isna(row[column])]
    if gaps:
        return _("缺少{what}", what=joined(gaps))
    return _("分母为零")
