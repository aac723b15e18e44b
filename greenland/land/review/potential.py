"""Potentials of a zone and the years its land will last."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import N_, Text, _, joined
from greenland.land.parts import zone_by_year
from greenland.land.review.zone_indicators import ZONE_INDICATORS, fact_name


class Potential(StrEnum):
    """Kinds of potential."""

    EXPANSION = "expansion_potential"
    EXPANSION_INDUSTRIAL = "expansion_industrial_potential"
    STRUCTURE = "structure_potential"
    INTENSITY = "intensity_potential"
    MANAGEMENT = "management_potential"


POTENTIAL_LABELS = {
    Potential.EXPANSION: N_("扩展潜力"),
    Potential.EXPANSION_INDUSTRIAL: N_("扩展潜力（其中工矿仓储用地）"),
    Potential.STRUCTURE: N_("结构潜力"),
    Potential.INTENSITY: N_("强度潜力"),
    Potential.MANAGEMENT: N_("管理潜力"),
}

INTENSITY_INDICATORS = (
    "industrial_floor_area_ratio",
    "industrial_building_coefficient",
    "industrial_investment_intensity",
    "industrial_tax_per_ha",
)


def _row(
    potential: Potential, value: float, formula: str, reason: Text | None, indicator: str | None
) -> dict[str, Any]:
    """Show a negative potential as none, with the surplus."""
    missing = math.isnan(value)
    below = not missing and value < 0
    return {
        "potential": str(potential),
        "indicator": indicator,
        "value_ha": None if missing else max(0.0, value),
        "surplus_ha": -value if below else None,
        "formula": formula,
        "reason": reason if missing else (_("现状已超过理想值，没有潜力") if below else None),
    }


def _gaps(areas: pd.Series, codes: tuple[str, ...]) -> Text | None:
    gaps = [fact_name(code) for code in codes if np.isnan(areas[code])]
    return _("缺少{what}", what=joined(gaps)) if gaps else None


def _sum_row(areas: pd.Series, potential: Potential, codes: tuple[str, ...]) -> dict[str, Any]:
    value = float(areas[list(codes)].sum(skipna=False))
    return _row(potential, value, "+".join(codes), _gaps(areas, codes), None)


def potentials(
    areas: pd.Series, values: Mapping[str, float], ideals: Mapping[str, float]
) -> pd.DataFrame:
    """Four kinds of potential [公顷].

    Parameters
    ----------
    areas : Series
        Land codes of the whole zone [公顷].
    values, ideals : mapping of indicator to float
        In the unit of the indicator; shares as decimals.

    Returns
    -------
    DataFrame
        ``potential``, ``indicator`` (for the intensity potentials, which do not add up),
        ``value_ha``, ``surplus_ha``, ``formula`` and ``reason``.

    References
    ----------
    TD/T 1029 as implemented: 扩展 E; 结构 A × (ideal − actual share of industrial land);
    强度 A2 × (ideal − actual) / ideal; 管理 D22 + G.
    """
    rows = [
        _sum_row(areas, Potential.EXPANSION, ("E",)),
        _sum_row(areas, Potential.EXPANSION_INDUSTRIAL, ("E21",)),
    ]
    share = "industrial_land_share"
    gap = ideals.get(share, math.nan) - values.get(share, math.nan)
    rows.append(
        _row(
            Potential.STRUCTURE,
            float(areas["A"]) * gap,
            "A×(ideal−actual)",
            _lack(areas, "A", share, values, ideals),
            share,
        )
    )
    for name in INTENSITY_INDICATORS:
        ideal = ideals.get(name, math.nan)
        gap = (ideal - values.get(name, math.nan)) / ideal if ideal > 0 else math.nan
        rows.append(
            _row(
                Potential.INTENSITY,
                float(areas["A2"]) * gap,
                "A2×(ideal−actual)/ideal",
                _lack(areas, "A2", name, values, ideals),
                name,
            )
        )
    rows.append(_sum_row(areas, Potential.MANAGEMENT, ("D22", "G")))
    return pd.DataFrame(rows)


def _lack(
    areas: pd.Series,
    code: str,
    indicator: str,
    values: Mapping[str, float],
    ideals: Mapping[str, float],
) -> Text | None:
    label = _(ZONE_INDICATORS[indicator].label)
    if np.isnan(areas[code]):
        return _gaps(areas, (code,))
    if math.isnan(values.get(indicator, math.nan)):
        return _("没有{indicator}的现状值", indicator=label)
    if not ideals.get(indicator, math.nan) > 0:
        return _("没有{indicator}的理想值", indicator=label)
    return None


def yearly_supply(supply_history: pd.DataFrame) -> pd.Series[float]:
    """Land supplied by year [公顷], parts added; NaN for a year with a part missing."""
    return zone_by_year(supply_history, ["supplied_ha"])["supplied_ha"]


def years_of_supply(
    available_ha: float, supply: pd.Series[float], year: int, *, mean_years: int, peak_years: int
) -> dict[str, Any]:
    """Years the land still to be supplied lasts, at the mean and at the fastest pace.

    Parameters
    ----------
    available_ha : float
        Land still to be supplied, E [公顷].
    supply : Series
        Land supplied by year [公顷].
    mean_years, peak_years : int
        Years up to the assessed one the mean (Ⅰ) and the largest supply (Ⅱ) are taken over.

    Returns
    -------
    dict
        ``years_of_supply_mean``, ``years_of_supply_peak`` [年] and a ``…_reason`` for each.

    Examples
    --------
    >>> areas = [32.2983, 82.6017, 123.6248, 36.3038, 61.3864]
    >>> pace = pd.Series(areas, index=range(2009, 2014))
    >>> found = years_of_supply(920.5393, pace, 2013, mean_years=3, peak_years=5)
    >>> round(found["years_of_supply_mean"], 2), round(found["years_of_supply_peak"], 2)
    (12.48, 7.45)
    """
    found: dict[str, Any] = {}
    for name, span in (("mean", mean_years), ("peak", peak_years)):
        wanted = range(year - span + 1, year + 1)
        known = supply.reindex(wanted)
        gaps = [str(y) for y in wanted if pd.isna(known[y])]
        pace = math.fsum(known) / span if name == "mean" else float(known.max(skipna=False))
        value, reason = None, None
        if gaps:
            reason = _("历年供地表缺 {years} 年的供应面积", years="、".join(gaps))
        elif math.isnan(available_ha):
            reason = _("缺少{what}", what=fact_name("E"))
        elif pace <= 0:
            reason = _("这些年没有供应土地")
        else:
            value = available_ha / pace
        found[f"years_of_supply_{name}"] = value
        found[f"years_of_supply_{name}_reason"] = reason
    return found
