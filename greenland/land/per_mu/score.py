"""Scores of the per-mu evaluation: items, weights, and the total of each firm."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import _
from greenland.land.formula import holds
from greenland.land.per_mu.benchmarks import BenchmarkValue, Given, find_benchmark
from greenland.land.per_mu.items import BonusItem, Item, ScoringMethod
from greenland.land.per_mu.points import ends_of_scale, score_item
from greenland.land.per_mu.scheme import FULL_WEIGHT, GroupScheme
from greenland.land.per_mu.values import COMMON, Indicators
from greenland.land.reasons import reasons
from greenland.rules import Rulebook

DECIMALS = 4  # of a score, where the scheme says nothing


@dataclass(frozen=True)
class GroupScore:
    """Scores of one group in one year.

    Parameters
    ----------
    score : Series
        By firm_id; NaN where the firm could not be scored.
    items, benchmarks : DataFrame
    reason : Series
        Why there is no score.
    known_weight : Series
        Points of the items the firm's own figures cover, out of `FULL_WEIGHT`.
    lacks : Series of Text or None
        Indicators they do not cover, in words.
    """

    score: pd.Series[float]
    items: pd.DataFrame
    benchmarks: pd.DataFrame
    reason: pd.Series[Any]
    known_weight: pd.Series[float]
    lacks: pd.Series[Any]


def score_group(
    group: str,
    scheme: GroupScheme,
    units: pd.DataFrame,
    last: pd.DataFrame | None,
    rulebook: Rulebook,
    level: str,
    *,
    given: Mapping[str, Given] | None = None,
    points: pd.Series[float] | None = None,
    bonus: Sequence[BonusItem] = (),
    bounds: tuple[float | None, float | None] = (None, None),
    indicators: Indicators = COMMON,
    before: pd.DataFrame | None = None,
    decimals: int = DECIMALS,
) -> GroupScore:
    """Score every unit of a group: Σ (value / benchmark) × weight, plus points given.

    Parameters
    ----------
    units, last : DataFrame
        Units of the group this year and last year that are not exempt.
    points : Series, optional
        Points entered for the firms; none count when left out.
    bonus : sequence of BonusItem
        Points reckoned from the figures; with those entered they stay within *bounds*.
    indicators : Indicators
        Those the scheme may use.
    before : DataFrame, optional
        All units of the year before, whatever their group, for what grew since.
    decimals : int
        Decimals scores are rounded to.
    """
    wanted = [item.indicator for item in scheme.items]
    values = indicators.values(wanted, units, before)
    frames, rows = [], []
    for item in scheme.items:
        name = item.indicator
        benchmark = find_benchmark(
            *(name, item, units, last, rulebook, level, (given or {}).get(name)),
            indicators=indicators,
            before=before,
        )
        why = indicators.missing(name, units, before)
        against = benchmark.value if benchmark.of_unit is None else benchmark.of_unit
        zero = None if item.full_when_zero is None else units[item.full_when_zero].eq(0)
        scored = score_item(
            item, values[name], against, why, None if zero is None else zero.fillna(False)
        )
        if item.benchmark is not None and math.isnan(benchmark.value):
            scored["reason"] = scored["reason"].where(scored["reason"].notna(), benchmark.reason)
        about = {"indicator": name, "value": values[name], "benchmark": against}
        frames.append(pd.DataFrame({"firm_id": units.index, **about, **scored}, index=units.index))
        row = _benchmark_row(group, item, benchmark, indicators)
        rows.append(row | _scale(item, values[name]))
    total, reason = _total(frames, units.index, scheme.full)
    covered = [
        (item, frame["ratio"].notna() | frame["treatment"].eq("zero_full"))
        for item, frame in zip(scheme.items, frames, strict=True)
    ]
    known = sum((flag * item.weight for item, flag in covered), pd.Series(0.0, units.index))
    known = known * (FULL_WEIGHT / scheme.full)
    absent = {indicators.label(item.indicator): ~flag for item, flag in covered}
    added = [_bonus_rows(item, units, before) for item in bonus]
    more = sum((rows["score"] for rows in added), pd.Series(0.0, units.index))
    if points is not None:
        more = (more + points.reindex(units.index).fillna(0.0)).clip(*bounds)
    total = total + more
    return GroupScore(
        score=total.round(decimals),
        items=pd.concat(
            [*frames, *(rows[rows["score"] != 0] for rows in added)], ignore_index=True
        ),
        benchmarks=pd.DataFrame(rows),
        reason=reason,
        known_weight=known,
        lacks=reasons(units.index, {name: flag.to_numpy() for name, flag in absent.items()}),
    )


def _bonus_rows(item: BonusItem, units: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """Points of one bonus item, 0 where its condition does not hold."""
    earned = holds(item.when, units, before)
    return pd.DataFrame(
        {
            "firm_id": units.index,
            "indicator": item.id,
            "value": math.nan,
            "benchmark": math.nan,
            "ratio": math.nan,
            "weight": 0.0,
            "score": earned.to_numpy() * item.points,
            "treatment": "bonus",
            "reason": None,
        },
        index=units.index,
    )


def _benchmark_row(
    group: str, item: Item, benchmark: BenchmarkValue, indicators: Indicators
) -> dict[str, Any]:
    return {
        "group": group,
        "indicator": item.indicator,
        "benchmark": benchmark.value,
        "weight": item.weight,
        "method": benchmark.method,
        "unit": indicators.unit(item.indicator),
        "cap": item.cap,
        "floor": item.floor,
        "rule_id": benchmark.rule_id,
        "reason": benchmark.reason,
    }


def _scale(item: Item, values: pd.Series[float]) -> dict[str, Any]:
    """What an item by 极值法 is scored between."""
    if item.scoring.method is not ScoringMethod.MIN_MAX:
        return dict.fromkeys(("least", "most", "base", "reverse"))
    least, most = ends_of_scale(item, values.to_numpy("float64"))
    scoring = item.scoring
    return {"least": least, "most": most, "base": scoring.base, "reverse": scoring.reverse}


def _total(
    frames: list[pd.DataFrame], index: pd.Index, full: float
) -> tuple[pd.Series[float], pd.Series[Any]]:
    """Add item scores; weights left out are spread over the others."""
    score, weight = np.zeros(len(index)), np.zeros(len(index))
    reason = np.full(len(index), None, dtype=object)
    with np.errstate(over="ignore", invalid="ignore"):
        for frame in frames:
            points = frame["score"].to_numpy()
            score = score + points
            weight = weight + frame["weight"].to_numpy()
            first = pd.isna(reason) & np.isnan(points)
            reason = np.where(first, frame["reason"].to_numpy(object), reason)
        total = score / np.where(weight > 0, weight, np.nan) * full
    reason[(weight == 0) & pd.isna(reason)] = _("各项数据都缺，无法评分")
    return pd.Series(total, index=index), pd.Series(reason, index=index, dtype=object)
