"""Points of one item: the value of every unit of a group made into points."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import _
from greenland.land.limits import TOLERANCE
from greenland.land.per_mu.classes import count_of_share
from greenland.land.per_mu.items import Item, Missing, ScoringMethod, Step

Array = np.ndarray


def score_item(
    item: Item,
    values: pd.Series[float],
    benchmark: pd.Series[float] | float,
    why: pd.Series[Any],
    zero: pd.Series[bool] | None = None,
) -> pd.DataFrame:
    """Score one indicator of all units of a group.

    Parameters
    ----------
    values : Series
        The indicator, NaN where missing.
    benchmark : Series or float
        NaN where there is none.
    why : Series of Text or None
        What is missing.
    zero : Series of bool, optional
        Units whose zero earns the whole weight.

    Returns
    -------
    DataFrame
        ``ratio``, ``weight``, ``score`` (points), ``treatment`` and ``reason``; an item that is
        left out has weight 0 and score 0, one that cannot be scored has no score.
    """
    given = values.to_numpy("float64")
    against = np.broadcast_to(np.asarray(benchmark, dtype="float64"), given.shape)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        ratio = _RATIOS[item.scoring.method](item, given, against)
        clipped = np.clip(ratio, _least(item), np.inf if item.cap is None else item.cap)
        score = clipped * item.weight
    if item.scoring.method is ScoringMethod.MIN_MAX:
        base = item.scoring.base
        score = (base + (1 - base) * clipped) * item.weight
    full = np.zeros(len(given), bool) if zero is None else zero.to_numpy(bool)
    score = np.where(full, item.weight, score)
    weight = np.full(len(given), item.weight)
    missing = np.isnan(score)
    treatment = np.full(len(given), "scored", dtype=object)
    treatment[clipped < ratio] = "capped"
    treatment[clipped > ratio] = "floored"
    treatment[full] = "zero_full"
    treatment[missing] = str(item.missing)
    reason = why.to_numpy(object, copy=True)
    reason[~missing] = None
    reason[missing & ~np.isnan(given) & (against > 0) & pd.isna(reason)] = _(
        "指标值不为正，不能作分母"
    )
    if np.isnan(given).all() and not full.any():
        score[:], weight[:], treatment[:] = 0.0, 0.0, "exempt"
        reason[:] = _("同组企业都没有该项数据，该项不计，权重由其余各项分担")
    elif item.missing is Missing.GROUP_MEAN:
        known = score[~missing]
        score[missing] = math.fsum(known) / len(known) if len(known) else np.nan
    elif item.missing is Missing.ZERO and _comparable(item, against).any():
        score[missing & _comparable(item, against)] = 0.0
    elif item.missing is Missing.POINTS:
        score[missing] = item.missing_points
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


def _least(item: Item) -> float:
    if item.floor is not None:
        return item.floor
    bounded = item.scoring.method in (ScoringMethod.COMPLEMENT, ScoringMethod.MIN_MAX)
    return 0.0 if bounded else -np.inf


def _comparable(item: Item, benchmark: Array) -> Array:
    """Whether there is something to compare with, so that a missing figure can count as zero."""
    return benchmark > 0 if item.benchmark is not None else np.ones(len(benchmark), bool)


def _ratio(item: Item, values: Array, benchmark: Array) -> Array:
    return values / np.where(benchmark > 0, benchmark, np.nan)


def _reciprocal(item: Item, values: Array, benchmark: Array) -> Array:
    good = (values > 0) & (benchmark > 0)
    return np.where(good, benchmark, np.nan) / np.where(good, values, np.nan)


def _complement(item: Item, values: Array, benchmark: Array) -> Array:
    return 2 - _ratio(item, values, benchmark)


def _min_max(item: Item, values: Array, benchmark: Array) -> Array:
    if np.isnan(values).all():
        return values
    least, most = ends_of_scale(item, values)
    if not most > least:
        return np.where(np.isnan(values), np.nan, 1.0)
    place = np.clip((values - least) / (most - least), 0.0, 1.0)
    return 1 - place if item.scoring.reverse else place


def ends_of_scale(item: Item, values: Array) -> tuple[float, float]:
    """Least and greatest value of 极值法: as the scheme says, else those of the group."""
    known = values[~np.isnan(values)]
    ends = item.scoring
    least = known.min(initial=np.inf) if ends.least is None else ends.least
    most = known.max(initial=-np.inf) if ends.most is None else ends.most
    return float(least), float(most)


def _steps(item: Item, values: Array, benchmark: Array) -> Array:
    points = np.zeros(len(values))
    for step in reversed(item.scoring.steps):
        points = np.where(_in_step(step, values), step.points, points)
    return np.where(np.isnan(values), np.nan, points / item.weight)


def _in_step(step: Step, values: Array) -> Array:
    if step.at_least is not None:
        return values >= step.at_least - TOLERANCE * abs(step.at_least)
    if step.at_most is not None:
        return values <= step.at_most + TOLERANCE * abs(step.at_most)
    return np.ones(len(values), bool)


def _rank(item: Item, values: Array, benchmark: Array) -> Array:
    """Share of the weight by place; firms with one value have the best place of theirs."""
    place = pd.Series(values).rank(ascending=item.scoring.reverse, method="min").to_numpy()
    number = int((~np.isnan(values)).sum())
    if not item.scoring.steps:
        return (number - place + 1) / number if number else values
    points = np.zeros(len(values))
    for step in reversed(item.scoring.steps):
        within = place <= count_of_share(float(step.share or 0.0), number)
        points = np.where(within, step.points, points)
    return np.where(np.isnan(values), np.nan, points / item.weight)


_RATIOS: dict[ScoringMethod, Callable[[Item, Array, Array], Array]] = {
    ScoringMethod.RATIO: _ratio,
    ScoringMethod.RECIPROCAL: _reciprocal,
    ScoringMethod.COMPLEMENT: _complement,
    ScoringMethod.MIN_MAX: _min_max,
    ScoringMethod.STEPS: _steps,
    ScoringMethod.RANK: _rank,
}
