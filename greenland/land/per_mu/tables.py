"""Tables of the per-mu benefit: park and industry averages, the floor, classes, movements."""

from __future__ import annotations

from typing import Any

import pandas as pd

from greenland.i18n import Text, _
from greenland.land.indicators import QUOTIENTS, ratio
from greenland.land.limits import within
from greenland.land.sums import known_sum
from greenland.results import PerMuClass, State
from greenland.rules import Rulebook

PARK_INDICATORS = ("tax_per_mu", "revenue_per_mu", "output_per_mu", "value_added_per_mu")


_FLOOR = "land.per_mu.output_floor"


def _known(units: pd.DataFrame, indicator: str) -> pd.Series[bool]:
    """Units that have both parts of an indicator."""
    parts = QUOTIENTS[indicator]
    return units[parts.numerator].notna() & (units[parts.denominator] > 0)


def _average(units: pd.DataFrame, indicator: str) -> float:
    """Sum over sum of the units that have both parts; NaN when none has."""
    parts = QUOTIENTS[indicator]
    known = _known(units, indicator)
    sums = units.loc[known, [parts.numerator, parts.denominator]].sum()
    below = float(sums[parts.denominator])
    return float(sums[parts.numerator]) / below if below > 0 else float("nan")


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def park_average(units: pd.DataFrame) -> dict[str, Any]:
    """Averages of a park over the firms that have the figures, and how many lack which.

    Parameters
    ----------
    units : DataFrame
        Evaluated units with land [亩] and figures.

    Returns
    -------
    dict
        ``tax_per_mu`` … [万元/亩·年], ``land_mu``, ``units``, ``missing`` units by column, and
        ``left_out`` of each average, the units that lack the figure or land.
    """
    columns = ["land_mu", *(QUOTIENTS[name].numerator for name in PARK_INDICATORS)]
    lacks = {name: int(units[name].isna().sum()) for name in columns}
    lacks["land_mu"] += int(units["land_mu"].le(0).sum())
    return {
        **{name: _number(_average(units, name)) for name in PARK_INDICATORS},
        "land_mu": _number(known_sum(units["land_mu"])),
        "units": len(units),
        "missing": lacks,
        "left_out": {name: int((~_known(units, name)).sum()) for name in PARK_INDICATORS},
    }


def floor_check(average: dict[str, Any], rulebook: Rulebook, level: str) -> dict[str, Any]:
    """Output per mu of the park against the floor of its level (B 4.1.4)."""
    rule = rulebook.get(f"{_FLOOR}.{level}")
    value = average["output_per_mu"]
    found: dict[str, Any] = {
        "indicator": "output_per_mu",
        "value": value,
        "required": float(rule.value) if rule else None,  # type: ignore[arg-type]
        "direction": ">=",
        "rule_id": rule.id if rule else None,
        "margin": None,
        "reason": None,
    }
    if rule is None:
        return found | {
            "state": str(State.NOT_APPLICABLE),
            "reason": _("没有适用于该级别园区的亩均产出下限"),
        }
    if value is None:
        return found | {"state": str(State.NO_DATA), "reason": _("没有企业同时填有产值和用地面积")}
    lacks = average["left_out"]["output_per_mu"]
    reason: Text | None = _("有 {n} 家企业缺产值或用地面积，未计入", n=lacks) if lacks else None
    margin = value - found["required"]
    state = State.MET if within(value, found["required"]) else State.FAILED
    return found | {"state": str(state), "margin": margin, "reason": reason}


def industry_averages(units: pd.DataFrame) -> pd.DataFrame:
    """Averages by division (two digits), group (three) and class (four) of GB/T 4754.

    Returns
    -------
    DataFrame
        ``industry_code``, ``level``, ``firms``, ``land_mu`` [亩], per-mu values [万元/亩·年] and
        ``missing``, the firms that lack land or a figure.
    """
    frames = []
    for level, digits in (("division", 2), ("group", 3), ("class", 4)):
        code = units["industry_code"].astype("str")
        here = units[code.notna() & (code.str.len() >= digits)]
        if here.empty:
            continue
        frames.append(_industry(here, here["industry_code"].str[:digits], level))
    columns = ["industry_code", "level", "firms", "land_mu", *PARK_INDICATORS, "missing"]
    return (
        pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    )


def _industry(units: pd.DataFrame, key: pd.Series, level: str) -> pd.DataFrame:
    grouped = units.groupby(key.to_numpy())
    land = grouped["land_mu"].sum(min_count=1)
    found = pd.DataFrame({"firms": grouped.size(), "land_mu": land})
    whole = units["land_mu"] > 0
    for name in PARK_INDICATORS:
        parts = QUOTIENTS[name]
        known = _known(units, name)
        whole = whole & known
        figures = units.loc[known, [parts.numerator, "land_mu"]]
        sums = figures.groupby(key[known].to_numpy()).sum()
        found[name] = ratio(sums[parts.numerator], sums["land_mu"], name)
    found["missing"] = (~whole).groupby(key.to_numpy()).sum().astype("int64")
    found["level"] = level
    return found.reset_index(names="industry_code")


def movements(before: pd.DataFrame | None, after: pd.DataFrame) -> pd.DataFrame:
    """How many firms went from which class to which since last year; None where absent."""
    columns = ["from", "to", "firms"]
    if before is None:
        return pd.DataFrame(columns=columns)
    pair = pd.concat(
        [
            before.set_index("firm_id")["class"].rename("from"),
            after.set_index("firm_id")["class"].rename("to"),
        ],
        axis=1,
    ).fillna("")
    counts = pair.groupby(["from", "to"]).size().rename("firms").reset_index()
    return counts.astype({"from": object, "to": object}).where(counts != "", None)


def evaluated(firms: pd.DataFrame, units: pd.DataFrame, result: pd.DataFrame) -> dict[str, Any]:
    """How many firms are evaluated (参评), on how much land [亩], and how many are not.

    Returns
    -------
    dict
        ``evaluated_firms`` (all but the exempt), ``evaluated_land_mu``, ``exempt_firms`` and
        ``unscored_firms``, those evaluated that lack the data for a score.
    """
    exempt = firms["class"].eq(str(PerMuClass.EXEMPT))
    taking_part = units[result["class"].ne(str(PerMuClass.EXEMPT))]
    return {
        "evaluated_firms": int((~exempt).sum()),
        "evaluated_land_mu": _number(known_sum(taking_part["land_mu"])),
        "exempt_firms": int(exempt.sum()),
        "unscored_firms": int(firms["class"].isna().sum()),
    }


def firms_in_classes(boundaries: pd.DataFrame, firms: pd.DataFrame) -> pd.DataFrame:
    """Boundaries with the ``firms`` that are in each class in the end, tenants among them."""
    if boundaries.empty:
        return boundaries
    counts = firms.groupby(["group", "class"]).size().to_dict()
    keys = zip(boundaries["group"].tolist(), boundaries["class"].tolist(), strict=True)
    return boundaries.assign(firms=[int(counts.get(key, 0)) for key in keys])


def summary(firms: pd.DataFrame, units: pd.DataFrame, result: pd.DataFrame) -> pd.DataFrame:
    """Firms by class; land and money are those of the units, so that no tenant counts twice.

    A sum is missing where none of the units of a class has the figure; ``missing`` counts the
    units that lack one of them.
    """
    order = [*(str(name) for name in PerMuClass), None]
    rows = []
    for name in order:
        listed = firms["class"].isna() if name is None else firms["class"].eq(name)
        classes = result["class"]
        hit = units[classes.isna() if name is None else classes.eq(name)]
        rows.append(
            {
                "class": name,
                "firms": int(listed.sum()),
                "units": len(hit),
                "land_mu": known_sum(hit["land_mu"]),
                "tax_wan": known_sum(hit["tax_wan"]),
                "revenue_wan": known_sum(hit["revenue_wan"]),
                "tax_per_mu": _average(hit, "tax_per_mu"),
                "revenue_per_mu": _average(hit, "revenue_per_mu"),
                "missing": int(hit[["land_mu", "tax_wan", "revenue_wan"]].isna().any(axis=1).sum()),
            }
        )
    return pd.DataFrame(rows)


def points_to_next(firms: pd.DataFrame, boundaries: pd.DataFrame) -> pd.Series[float]:
    """Points each firm lacks to the next better class of its group.

    Parameters
    ----------
    firms : DataFrame
        With ``group``, ``class`` and ``score``.
    boundaries : DataFrame
        Least score by group and class, from the best class to the worst.

    Returns
    -------
    Series
        NaN for the best class, for firms without a class, and for firms a veto holds below the
        class of their score.
    """
    found = pd.Series(float("nan"), index=firms.index, dtype="float64")
    if boundaries.empty:
        return found
    for group, edges in boundaries.groupby("group", sort=False):
        better = float("nan")
        for name, least in zip(edges["class"], edges["score"].astype("float64"), strict=True):
            here = firms["group"].eq(group) & firms["class"].eq(name)
            gap = better - firms["score"]
            found = found.mask(here & (gap > 0), gap)
            better = better if pd.isna(least) else least
    return found
