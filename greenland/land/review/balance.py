"""Land by code: sums of sub-codes, identities, and the facts the review's formulas need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import Text, _
from greenland.land.parts import MAIN, ZONE, part_of
from greenland.land.review.zone_indicators import FIGURE_LABELS
from greenland.land.sums import whole_sums
from greenland.park.codes import land_codes
from greenland.results import State


@cache
def depth(code: str) -> int:
    """How deep a code stands in the tree: 0 for A … G."""
    parent = land_codes()[code].parent
    return depth(parent) + 1 if parent else 0


@cache
def children(code: str) -> list[str]:
    """Codes directly below a code."""
    return [item.code for item in land_codes().values() if item.parent == code]


def completed(stated: Mapping[str, float], tolerance: float) -> dict[str, float]:
    """Fill sums and differences that follow from what is stated.

    A code that is left out is the sum of those of its sub-codes that are stated. Sub-codes left
    out are zero when the others already make up the whole; a single one is the difference.

    Parameters
    ----------
    stated : mapping of code to area [公顷]
    tolerance : float
        Difference of sums that counts as rounding [公顷].

    Returns
    -------
    dict
        Every code; NaN where nothing follows.

    Examples
    --------
    >>> areas = completed({"D": 5.0, "D1": 2.0, "D21": 3.0}, 0.01)
    >>> areas["D2"], areas["D22"]
    (3.0, 0.0)
    """
    areas = {code: float(stated.get(code, np.nan)) for code in land_codes()}
    order = list(land_codes())
    for code in reversed(order):  # from the bottom: parents left out are sums
        below = [areas[child] for child in children(code) if not np.isnan(areas[child])]
        if np.isnan(areas[code]) and below:
            areas[code] = float(np.sum(below))
    for code in order:  # from the top: what the stated whole says about sub-codes left out
        if code in stated:
            _fill_below(areas, code, frozenset(stated), tolerance)
    return areas


def _fill_below(
    areas: dict[str, float], code: str, stated: frozenset[str], tolerance: float
) -> None:
    """Settle what is open below a code whose area is known."""
    below = children(code)
    gaps = [child for child in below if np.isnan(areas[child])]
    partial = [child for child in below if child not in stated and child not in gaps]
    partial = [child for child in partial if any(np.isnan(areas[c]) for c in children(child))]
    rest = areas[code] - float(np.nansum([areas[child] for child in below]))
    if not below or np.isnan(rest):
        return
    if abs(rest) <= tolerance:
        areas.update(dict.fromkeys(gaps, 0.0))
    elif rest > 0 and len(gaps) + len(partial) == 1:
        unknown = (gaps or partial)[0]
        areas[unknown] = rest + (areas[unknown] if partial else 0.0)
    else:
        areas.update(dict.fromkeys(partial, np.nan))
        return
    for child in below:
        if child not in stated:
            _fill_below(areas, child, stated, tolerance)


@dataclass(frozen=True)
class ZoneFacts:
    """What is known of the zone in one year.

    Parameters
    ----------
    table : DataFrame
        Rows: the whole zone and, where the data tell them apart, its parts. Columns: land codes
        [公顷] and figures of the year.
    stated : dict of part to mapping
        Land codes as they were stated.
    main : mapping of code to area, optional
        Land codes of the main zone [公顷]; None where no land is stated for it.
    """

    year: int
    table: pd.DataFrame
    stated: Mapping[str, Mapping[str, float]]
    main: dict[str, float] | None = None

    @property
    def parts(self) -> list[str]:
        """Parts told apart; empty when the zone is described as a whole."""
        return [name for name in self.table.index if name != ZONE]

    def of(self, part: str) -> pd.Series[float]:
        """Land and figures of the zone or one part."""
        return pd.Series(self.table.loc[part])


def _of_year(table: pd.DataFrame, year: int) -> pd.DataFrame:
    return table[table["year"].eq(year).fillna(False).astype(bool)]


def _land_by_part(land_use: pd.DataFrame, year: int) -> dict[str, dict[str, float]]:
    """Land codes by part [公顷]; a code with a blank area among its rows is not stated."""
    rows = _of_year(land_use, year).dropna(subset=["code"])
    by = [part_of(rows, ["code"]), rows["code"]]
    areas = whole_sums(rows[["area_ha"]], by)["area_ha"].dropna()
    found: dict[str, dict[str, float]] = {}
    for (name, code), area in zip(areas.index.tolist(), areas.tolist(), strict=True):
        found.setdefault(str(name), {})[str(code)] = float(area)
    return found


def _figures_by_part(indicators: pd.DataFrame, year: int) -> pd.DataFrame:
    rows = _of_year(indicators, year)
    return whole_sums(rows[list(FIGURE_LABELS)], [part_of(rows)])


def collect(
    land_use: pd.DataFrame, indicators: pd.DataFrame, year: int, tolerance: float
) -> ZoneFacts | None:
    """Gather land and figures of a year; None when there is no land of that year.

    Parameters
    ----------
    land_use, indicators : DataFrame
        The 土地利用状况 and 年度指标 sheets.
    tolerance : float
        See `completed`.

    Notes
    -----
    Which part a row without one describes is said by `part_of`. Rows of one part, such as the
    blocks of a main zone, add up. What is not stated for the whole zone is the sum of its parts,
    missing as soon as one part is missing. A zone with a single part is that part.
    """
    stated = _land_by_part(land_use, year)
    if not stated:
        return None
    parts = [name for name in stated if name != ZONE]
    figures = _figures_by_part(indicators, year)
    areas = {name: completed(codes, tolerance) for name, codes in stated.items()}
    land = pd.DataFrame.from_dict(areas, orient="index")
    if ZONE not in land.index:
        land.loc[ZONE] = land.sum(axis=0, skipna=False)
    counted = parts or [name for name in figures.index if name != ZONE]
    if counted:
        total = figures.reindex(counted).sum(axis=0, skipna=False).to_frame(ZONE).T
        known = figures.reindex([ZONE])
        known = known.where(known.notna(), total)
        figures = pd.concat([known, figures.drop(index=ZONE, errors="ignore")])
    kept = sorted(parts, reverse=True) if len(parts) > 1 else []  # main before development
    order = [ZONE, *kept]
    table = land.reindex(order).join(figures.reindex(order)).astype("float64")
    return ZoneFacts(year, table, stated, areas.get(MAIN))


def stated_below(code: str, stated: Mapping[str, float]) -> list[str]:
    """The nearest stated codes below a code, passing over codes that are not stated."""
    found: list[str] = []
    for child in children(code):
        found.extend([child] if child in stated else stated_below(child, stated))
    return found


def identities(facts: ZoneFacts, tolerance: float) -> pd.DataFrame:
    """Check that the areas add up.

    Returns
    -------
    DataFrame
        ``part``, ``identity``, ``left_ha``, ``right_ha``, ``difference_ha`` and ``state``.

    References
    ----------
    TD/T 1029: A+B+C = D+E+F, F = C, and every code is the sum of its sub-codes.
    """
    rows = []
    for part, areas in facts.table.iterrows():
        left = float(areas[["A", "B", "C"]].sum(skipna=False))
        right = float(areas[["D", "E", "F"]].sum(skipna=False))
        rows.append(_equal(part, "A+B+C=D+E+F", left, right, tolerance))
        rows.append(_equal(part, "F=C", float(areas["F"]), float(areas["C"]), tolerance))
    for part, stated in sorted(facts.stated.items()):
        for code in land_codes():
            below = stated_below(code, stated)
            if code in stated and below:
                identity = f"{code}={'+'.join(below)}"
                total = float(np.sum([stated[child] for child in below]))
                rows.append(_equal(part, identity, stated[code], total, tolerance))
    return pd.DataFrame(rows)


def _equal(part: Any, identity: str, left: float, right: float, slack: float) -> dict[str, Any]:
    reason: Text | None = None
    if np.isnan(left) or np.isnan(right):
        state, reason = State.NO_DATA, _("有地类面积没有填写")
    else:
        state = State.MET if abs(left - right) <= slack else State.FAILED
    return {
        "part": str(part),
        "identity": identity,
        "left_ha": left,
        "right_ha": right,
        "difference_ha": left - right,
        "state": str(state),
        "reason": reason,
    }


def land_use_table(facts: ZoneFacts, previous: ZoneFacts | None) -> pd.DataFrame:
    """Area of every code this year and last [公顷], with its depth in the tree."""
    now = facts.of(ZONE)
    before = previous.of(ZONE) if previous is not None else None
    rows = []
    for item in land_codes().values():
        area = now[item.code]
        last = before[item.code] if before is not None else np.nan
        if np.isnan(area) and np.isnan(last):
            continue
        rows.append(
            {
                "code": item.code,
                "title": item.zh,
                "title_en": item.en,
                "area_ha": area,
                "previous_ha": last,
                "depth": depth(item.code),
            }
        )
    return pd.DataFrame(
        rows, columns=["code", "title", "title_en", "area_ha", "previous_ha", "depth"]
    )
