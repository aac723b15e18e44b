"""Scores of the per-mu evaluation: items, weights, and the total of each firm."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import _
from greenland.land.indicators import INDICATOR_LABELS, INDICATOR_UNITS, QUOTIENTS, firm_indicators
from greenland.land.per_mu.benchmarks import BenchmarkValue, Given, find_benchmark
from greenland.land.per_mu.scheme import FULL_WEIGHT, GroupScheme, Item, Missing
from greenland.land.reasons import lacking, reasons
from greenland.rules import Rulebook


def score_item(
    item: Item, values: pd.Series[float], benchmark: float, why: pd.Series[Any]
) -> pd.DataFrame:
    """Score one indicator of all units of a group.

    Parameters
    ----------
    values : Series
        The indicator, NaN where missing.
    benchmark : float
        NaN when there is none.
    why : Series of Text or None
        What is missing.

    Returns
    -------
    DataFrame
        ``ratio``, ``weight``, ``score`` (points), ``treatment`` and ``reason``; an item that is
        left out has weight 0 and score 0, one that cannot be scored has no score.
    """
    given = values.to_numpy("float64")
    least = -np.inf if item.floor is None else item.floor
    most = np.inf if item.cap is None else item.cap
    with np.errstate(over="ignore", invalid="ignore"):
        ratio = given / benchmark if benchmark > 0 else np.full(len(given), np.nan)
        clipped = np.clip(ratio, least, most)
        score = clipped * item.weight
    weight = np.full(len(given), item.weight)
    missing = np.isnan(score)
    treatment = np.full(len(given), "scored", dtype=object)
    treatment[clipped < ratio] = "capped"
    treatment[clipped > ratio] = "floored"
    treatment[missing] = str(item.missing)
    reason = why.to_numpy(object, copy=True)
    reason[~missing] = None
    if np.isnan(given).all():
        score[:], weight[:], treatment[:] = 0.0, 0.0, "exempt"
        reason[:] = _("同组企业都没有该项数据，该项不计，权重由其余各项分担")
    elif item.missing is Missing.GROUP_MEAN:
        known = score[~missing]
        score[missing] = math.fsum(known) / len(known) if len(known) else np.nan
    elif item.missing is Missing.ZERO and benchmark > 0:
        score[missing] = 0.0
    elif item.missing is Missing.EXEMPT:
        score[missing], weight[missing] = 0.0, 0.0
    return pd.DataFrame(
        {
            "ratio": ratio,
            "weight": weight,
            "score": score,
            "treatment": pd.Series(treatment, index=values.index, dtype=object),
            "reason": pd.Series(reason, index=values.index, dtype=object),
        },
        index=values.index,
    )


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
        Points of the items the firm's own figures cover, of `FULL_WEIGHT`.
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
    decimals: int = 4,
) -> GroupScore:
    """Score every unit of a group: Σ (value / benchmark) × weight, plus points given.

    Parameters
    ----------
    units, last : DataFrame
        Units of the group this year and last year that are not exempt.
    points : Series, optional
        Points added or taken off, already within their bounds.
    decimals : int
        Decimals scores are rounded to.
    """
    values = firm_indicators(units, [item.indicator for item in scheme.items])
    frames, rows = [], []
    for item in scheme.items:
        name, parts = item.indicator, QUOTIENTS[item.indicator]
        given_value = (given or {}).get(name)
        benchmark = find_benchmark(name, item.benchmark, units, last, rulebook, level, given_value)
        why = lacking(
            {p: units[p] for p in (parts.numerator, parts.denominator)},
            positive=[parts.denominator],
        )
        scored = score_item(item, values[name], benchmark.value, why)
        if math.isnan(benchmark.value):
            scored["reason"] = scored["reason"].where(scored["reason"].notna(), benchmark.reason)
        about = {"indicator": name, "value": values[name], "benchmark": benchmark.value}
        frames.append(pd.DataFrame({"firm_id": units.index, **about, **scored}, index=units.index))
        rows.append(_benchmark_row(group, item, benchmark))
    total, reason = _total(frames, units.index)
    covered = {
        item: frame["ratio"].notna() for item, frame in zip(scheme.items, frames, strict=True)
    }
    known = sum((flag * item.weight for item, flag in covered.items()), pd.Series(0.0, units.index))
    absent = {_(INDICATOR_LABELS[item.indicator]): ~flag for item, flag in covered.items()}
    if points is not None:
        total = total + points.reindex(units.index).fillna(0.0)
    return GroupScore(
        score=total.round(decimals),
        items=pd.concat(frames, ignore_index=True),
        benchmarks=pd.DataFrame(rows),
        reason=reason,
        known_weight=known,
        lacks=reasons(units.index, {name: flag.to_numpy() for name, flag in absent.items()}),
    )


def _benchmark_row(group: str, item: Item, benchmark: BenchmarkValue) -> dict[str, Any]:
    return {
        "group": group,
        "indicator": item.indicator,
        "benchmark": benchmark.value,
        "weight": item.weight,
        "method": benchmark.method,
        "unit": INDICATOR_UNITS[item.indicator],
        "cap": item.cap,
        "floor": item.floor,
        "rule_id": benchmark.rule_id,
        "reason": benchmark.reason,
    }


def _total(frames: list[pd.DataFrame], index: pd.Index) -> tuple[pd.Series[float], pd.Series[Any]]:
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
        total = score / np.where(weight > 0, weight, np.nan) * FULL_WEIGHT
    reason[(weight == 0) & pd.isna(reason)] = _("各项数据都缺，无法评分")
    return pd.Series(total, index=index), pd.Series(reason, index=index, dtype=object)
