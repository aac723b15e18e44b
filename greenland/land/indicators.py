"""Formulas of parcels and firms: one formula, one function, Series in, named Series out.

Every function works row by row on an index the inputs share. Where a denominator is missing,
zero or negative the result is NaN; `greenland.land.reasons.lacking` says which part is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from greenland.i18n import N_
from greenland.units import M2_PER_MU

Numbers: TypeAlias = "pd.Series[float]"

INDICATOR_LABELS = {
    "investment_intensity": N_("固定资产投资强度"),
    "floor_area_ratio": N_("容积率"),
    "building_coefficient": N_("建筑系数"),
    "green_ratio": N_("绿地率"),
    "admin_land_share": N_("行政办公及生活服务设施用地比重"),
    "admin_floor_area_share": N_("行政办公及生活服务设施建筑面积比重"),
    "tax_per_mu": N_("亩均税收"),
    "revenue_per_mu": N_("亩均营业收入"),
    "output_per_mu": N_("亩均产值"),
    "value_added_per_mu": N_("亩均增加值"),
    "value_added_per_tce": N_("单位能耗增加值"),
    "value_added_per_emission": N_("单位排放增加值"),
    "labour_productivity": N_("全员劳动生产率"),
    "rd_intensity": N_("R&D经费占营业收入比重"),
    "tax_per_mwh": N_("单位用电税收"),
    "tax_per_tce": N_("单位能耗税收"),
    "tax_per_emission": N_("单位排放税收"),
}

INDICATOR_UNITS = {
    "investment_intensity": N_("万元/亩"),
    "floor_area_ratio": "",
    "building_coefficient": "share",
    "green_ratio": "share",
    "admin_land_share": "share",
    "admin_floor_area_share": "share",
    "tax_per_mu": N_("万元/亩·年"),
    "revenue_per_mu": N_("万元/亩·年"),
    "output_per_mu": N_("万元/亩·年"),
    "value_added_per_mu": N_("万元/亩·年"),
    "value_added_per_tce": N_("万元/吨标煤"),
    "value_added_per_emission": N_("万元/吨"),
    "labour_productivity": N_("万元/人·年"),
    "rd_intensity": "share",
    "tax_per_mwh": N_("万元/MWh"),
    "tax_per_tce": N_("万元/吨标煤"),
    "tax_per_emission": N_("万元/吨"),
}


def ratio(numerator: Numbers, denominator: Numbers, name: str) -> Numbers:
    """Divide row by row; NaN where either part is missing or the denominator is not positive.

    Parameters
    ----------
    numerator, denominator : Series
        On one index.
    name : str
        Name of the result.

    Examples
    --------
    >>> ratio(pd.Series([3.0, 1.0]), pd.Series([2.0, 0.0]), "x").tolist()
    [1.5, nan]
    """
    above = numerator.to_numpy("float64", na_value=np.nan)
    below = denominator.to_numpy("float64", na_value=np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        quotient = above / np.where(below > 0, below, np.nan)
    return pd.Series(quotient, index=numerator.index, name=name)


def investment_intensity(fixed_investment_wan: Numbers, area_mu: Numbers) -> Numbers:
    """Fixed-asset investment on a parcel per area of land.

    Parameters
    ----------
    fixed_investment_wan : Series
        Plant, equipment and land price [万元].
    area_mu : Series
        Land [亩].

    Returns
    -------
    Series
        [万元/亩]

    References
    ----------
    《工业项目建设用地控制指标》, 投资强度.
    """
    return ratio(fixed_investment_wan, area_mu, "investment_intensity")


def floor_area_ratio(
    floor_area_m2: Numbers, area_mu: Numbers, high_storey_area_m2: Numbers | None = None
) -> Numbers:
    """Counted floor area per area of land; a storey over 8 m high counts twice.

    Parameters
    ----------
    floor_area_m2 : Series
        Gross floor area, each storey once [㎡].
    area_mu : Series
        Land [亩].
    high_storey_area_m2 : Series, optional
        The part of the floor area in storeys over 8 m [㎡]; a blank means there is none.

    Returns
    -------
    Series
        [–]

    References
    ----------
    《工业项目建设用地控制指标》, 容积率.

    Examples
    --------
    A project of 52.57 亩 and 51 800 ㎡ of standard factory has 1.478:

    >>> floor_area_ratio(pd.Series([51800.0]), pd.Series([52.57])).round(3).tolist()
    [1.478]
    """
    high = 0.0 if high_storey_area_m2 is None else high_storey_area_m2.fillna(0.0)
    return ratio(floor_area_m2 + high, area_mu * M2_PER_MU, "floor_area_ratio")


def building_coefficient(
    building_base_m2: Numbers, structure_base_m2: Numbers, yard_m2: Numbers, area_mu: Numbers
) -> Numbers:
    """Buildings, structures and open yards per area of land.

    Parameters
    ----------
    building_base_m2, structure_base_m2, yard_m2 : Series
        Ground covered [㎡]; structures or yards left blank mean there are none.
    area_mu : Series
        Land [亩].

    Returns
    -------
    Series
        As decimal.

    References
    ----------
    《工业项目建设用地控制指标》, 建筑系数.
    """
    covered = building_base_m2 + structure_base_m2.fillna(0.0) + yard_m2.fillna(0.0)
    return ratio(covered, area_mu * M2_PER_MU, "building_coefficient")


def green_ratio(green_m2: Numbers, area_mu: Numbers) -> Numbers:
    """Green area [㎡] per area of land [亩], as decimal.

    References
    ----------
    《工业项目建设用地控制指标》, 绿地率.
    """
    return ratio(green_m2, area_mu * M2_PER_MU, "green_ratio")


def admin_land_share(
    admin_land_m2: Numbers, area_mu: Numbers, admin_floor_m2: Numbers, floor_area_m2: Numbers
) -> Numbers:
    """Office and service land per area of land; by floor area where land is not separable.

    Parameters
    ----------
    admin_land_m2 : Series
        Land of office and living facilities [㎡]; blank where it cannot be told apart.
    area_mu : Series
        Land [亩].
    admin_floor_m2, floor_area_m2 : Series
        Floor area of those facilities and of everything [㎡].

    Returns
    -------
    Series
        As decimal.

    References
    ----------
    《工业项目建设用地控制指标》, 行政办公及生活服务设施用地所占比重.
    """
    by_land = ratio(admin_land_m2, area_mu * M2_PER_MU, "admin_land_share")
    by_floor = ratio(admin_floor_m2, floor_area_m2, "admin_land_share")
    return by_land.where(admin_land_m2.notna(), by_floor)


def admin_floor_area_share(admin_floor_m2: Numbers, floor_area_m2: Numbers) -> Numbers:
    """Floor area of offices and living facilities [㎡] over all floor area [㎡], as decimal.

    References
    ----------
    自然资发〔2023〕72号《工业项目建设用地控制指标》, 行政办公及生活服务设施建筑面积所占比重.
    """
    return ratio(admin_floor_m2, floor_area_m2, "admin_floor_area_share")


def tax_per_mu(tax_wan: Numbers, land_mu: Numbers) -> Numbers:
    """Tax paid in a year [万元] per land [亩]: [万元/亩·年]."""
    return ratio(tax_wan, land_mu, "tax_per_mu")


def revenue_per_mu(revenue_wan: Numbers, land_mu: Numbers) -> Numbers:
    """Business revenue of a year [万元] per land [亩]: [万元/亩·年]."""
    return ratio(revenue_wan, land_mu, "revenue_per_mu")


def output_per_mu(output_wan: Numbers, land_mu: Numbers) -> Numbers:
    """Industrial output of a year [万元] per land [亩]: [万元/亩·年]."""
    return ratio(output_wan, land_mu, "output_per_mu")


def value_added_per_mu(value_added_wan: Numbers, land_mu: Numbers) -> Numbers:
    """Industrial value added of a year [万元] per land [亩]: [万元/亩·年]."""
    return ratio(value_added_wan, land_mu, "value_added_per_mu")


def value_added_per_tce(value_added_wan: Numbers, energy_tce: Numbers) -> Numbers:
    """Industrial value added [万元] per energy use, equivalent value [吨标煤]: [万元/吨标煤]."""
    return ratio(value_added_wan, energy_tce, "value_added_per_tce")


def value_added_per_emission(value_added_wan: Numbers, emission_t: Numbers) -> Numbers:
    """Industrial value added [万元] per main pollutants emitted [吨]: [万元/吨]."""
    return ratio(value_added_wan, emission_t, "value_added_per_emission")


def labour_productivity(value_added_wan: Numbers, employees: Numbers) -> Numbers:
    """Industrial value added [万元] per mean number of employees [人]: [万元/人·年]."""
    return ratio(value_added_wan, employees, "labour_productivity")


def rd_intensity(rd_wan: Numbers, revenue_wan: Numbers) -> Numbers:
    """R&D spending [万元] per business revenue [万元], as decimal."""
    return ratio(rd_wan, revenue_wan, "rd_intensity")


def tax_per_mwh(tax_wan: Numbers, electricity_mwh: Numbers) -> Numbers:
    """Tax paid [万元] per electricity used [MWh]: [万元/MWh]."""
    return ratio(tax_wan, electricity_mwh, "tax_per_mwh")


def tax_per_tce(tax_wan: Numbers, energy_tce: Numbers) -> Numbers:
    """Tax paid [万元] per energy use, equivalent value [吨标煤]: [万元/吨标煤]."""
    return ratio(tax_wan, energy_tce, "tax_per_tce")


def tax_per_emission(tax_wan: Numbers, emission_t: Numbers) -> Numbers:
    """Tax paid [万元] per main pollutants emitted [吨]: [万元/吨]."""
    return ratio(tax_wan, emission_t, "tax_per_emission")


@dataclass(frozen=True, slots=True)
class Quotient:
    """The two columns a firm's indicator is made of."""

    numerator: str
    denominator: str


# Firm indicators by the columns of the 企业效益 sheet.
QUOTIENTS = {
    "tax_per_mu": Quotient("tax_wan", "land_mu"),
    "revenue_per_mu": Quotient("revenue_wan", "land_mu"),
    "output_per_mu": Quotient("output_wan", "land_mu"),
    "value_added_per_mu": Quotient("value_added_wan", "land_mu"),
    "value_added_per_tce": Quotient("value_added_wan", "energy_tce"),
    "value_added_per_emission": Quotient("value_added_wan", "emission_t"),
    "labour_productivity": Quotient("value_added_wan", "employees"),
    "rd_intensity": Quotient("rd_wan", "revenue_wan"),
    "tax_per_mwh": Quotient("tax_wan", "electricity_mwh"),
    "tax_per_tce": Quotient("tax_wan", "energy_tce"),
    "tax_per_emission": Quotient("tax_wan", "emission_t"),
}

_FUNCTIONS = {
    function.__name__: function
    for function in (
        tax_per_mu,
        revenue_per_mu,
        output_per_mu,
        value_added_per_mu,
        value_added_per_tce,
        value_added_per_emission,
        labour_productivity,
        rd_intensity,
        tax_per_mwh,
        tax_per_tce,
        tax_per_emission,
    )
}

PHYSICAL = (
    "investment_intensity",
    "floor_area_ratio",
    "building_coefficient",
    "green_ratio",
    "admin_land_share",
    "admin_floor_area_share",
)


def firm_indicators(firms: pd.DataFrame, names: Iterable[str] = tuple(QUOTIENTS)) -> pd.DataFrame:
    """Firm indicators side by side.

    Parameters
    ----------
    firms : DataFrame
        With the columns of `QUOTIENTS`: money [万元], ``land_mu`` [亩] and the rest.
    names : iterable of str
        Indicators wanted, keys of `QUOTIENTS`.

    Returns
    -------
    DataFrame
        One column per indicator, on the index of *firms*.
    """
    columns = {
        name: _FUNCTIONS[name](firms[QUOTIENTS[name].numerator], firms[QUOTIENTS[name].denominator])
        for name in names
    }
    return pd.DataFrame(columns, index=firms.index)


def physical_indicators(parcels: pd.DataFrame) -> pd.DataFrame:
    """Physical indicators of parcels side by side, with columns `PHYSICAL`.

    Parameters
    ----------
    parcels : DataFrame
        With the columns of the 宗地台账 sheet.
    """
    area = parcels["area_mu"]
    columns = [
        investment_intensity(parcels["fixed_investment_wan"], area),
        floor_area_ratio(parcels["floor_area_m2"], area, parcels["high_storey_area_m2"]),
        building_coefficient(
            parcels["building_base_m2"], parcels["structure_base_m2"], parcels["yard_m2"], area
        ),
        green_ratio(parcels["green_m2"], area),
        admin_land_share(
            parcels["admin_land_m2"], area, parcels["admin_floor_m2"], parcels["floor_area_m2"]
        ),
        admin_floor_area_share(parcels["admin_floor_m2"], parcels["floor_area_m2"]),
    ]
    return pd.concat(columns, axis=1)
