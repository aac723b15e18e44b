"""Scores and classes of the per-mu benefit evaluation: benchmarks, items, boundaries."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import Text, _
from greenland.land.indicators import (
    INDICATOR_LABELS,
    INDICATOR_UNITS,
    QUOTIENTS,
    firm_indicators,
    joined,
    lacking,
    within,
)
from greenland.land.per_mu.scheme import (
    FULL_WEIGHT,
    Benchmark,
    BenchmarkMethod,
    Bound,
    Classes,
    GroupScheme,
    Item,
    Missing,
    Veto,
)
from greenland.results import PerMuClass
from greenland.rules import Rulebook


@dataclass(frozen=True)
class Given:
    """A benchmark the park gives itself."""

    value: float
    source: str


@dataclass(frozen=True)
class Found:
    """A benchmark found, or why there is none."""

    value: float
    method: str
    rule_id: str | None = None
    reason: Text | str | None = None


def mean_of(units: pd.DataFrame, indicator: str, kind: str = "aggregate") -> float:
    """Mean of an indicator over units, of those that have both parts of it.

    Parameters
    ----------
    units : DataFrame
        With the figures of `QUOTIENTS`.
    kind : {"aggregate", "simple"}
        Sum over sum, or mean of the units' values.

    Returns
    -------
    float
        In the unit of the indicator; NaN when no unit has it.
    """
    parts = QUOTIENTS[indicator]
    values = firm_indicators(units, [indicator])[indicator]
    known = values.notna()
    if not known.any():
        return math.nan
    if kind == "simple":
        return math.fsum(values[known]) / int(known.sum())
    below = math.fsum(units.loc[known, parts.denominator])
    return math.fsum(units.loc[known, parts.numerator]) / below


def find_benchmark(
    indicator: str,
    benchmark: Benchmark,
    units: pd.DataFrame,
    last: pd.DataFrame | None,
    rulebook: Rulebook,
    level: str,
    given: Given | None = None,
) -> Found:
    """Benchmark of an item in a year.

    Parameters
    ----------
    units, last : DataFrame
        Units of the group this year and last year that are not exempt.
    level : str
        Level of the park, put into the rule id for ``{level}``.
    given : Given, optional
        The park's own value, which counts first.
    """
    method = benchmark.method
    if given is not None:
        return Found(given.value, "user", reason=given.source)
    if method is BenchmarkMethod.FIXED:
        return Found(float(benchmark.value or 0.0), str(method))
    if method is BenchmarkMethod.RULE:
        rule_id = str(benchmark.rule).format(level=level)
        if rulebook.get(rule_id) is not None:
            return Found(rulebook.number(rule_id), str(method), rule_id)
        if benchmark.otherwise is None:
            return Found(math.nan, str(method), reason=_("没有规则“{id}”的数值", id=rule_id))
        method = BenchmarkMethod.GROUP_MEAN
    source = last if method is BenchmarkMethod.LAST_YEAR_MEAN else units
    mean = math.nan if source is None else mean_of(source, indicator, benchmark.mean)
    if math.isnan(mean):
        return Found(math.nan, str(method), reason=_no_mean(method))
    if mean <= 0:
        return Found(math.nan, str(method), reason=_("平均值不为正，不能作基准"))
    return Found(mean * benchmark.factor, str(method))


def _no_mean(method: BenchmarkMethod) -> Text:
    if method is BenchmarkMethod.LAST_YEAR_MEAN:
        return _("没有同组企业上年数据，可在 park.yaml 的 land.per_mu.benchmarks 中给出基准值")
    return _("同组企业都没有该项数据")


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
    """

    score: pd.Series[float]
    items: pd.DataFrame
    benchmarks: pd.DataFrame
    reason: pd.Series[Any]


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
        own = (given or {}).get(name)
        found = find_benchmark(name, item.benchmark, units, last, rulebook, level, own)
        why = lacking(
            {p: units[p] for p in (parts.numerator, parts.denominator)},
            positive=[parts.denominator],
        )
        scored = score_item(item, values[name], found.value, why)
        if math.isnan(found.value):
            scored["reason"] = scored["reason"].where(scored["reason"].notna(), found.reason)
        about = {"indicator": name, "value": values[name], "benchmark": found.value}
        frames.append(pd.DataFrame({"firm_id": units.index, **about, **scored}, index=units.index))
        rows.append(_benchmark_row(group, item, found))
    total, reason = _total(frames, units.index)
    if points is not None:
        total = total + points.reindex(units.index).fillna(0.0)
    return GroupScore(
        score=total.round(decimals),
        items=pd.concat(frames, ignore_index=True),
        benchmarks=pd.DataFrame(rows),
        reason=reason,
    )


def _benchmark_row(group: str, item: Item, found: Found) -> dict[str, Any]:
    return {
        "group": group,
        "indicator": item.indicator,
        "benchmark": found.value,
        "weight": item.weight,
        "method": found.method,
        "unit": INDICATOR_UNITS[item.indicator],
        "cap": item.cap,
        "floor": item.floor,
        "rule_id": found.rule_id,
        "reason": found.reason,
    }


def _total(frames: list[pd.DataFrame], index: pd.Index) -> tuple[pd.Series[float], pd.Series[Any]]:
    """Add item scores; weights left out are spread over the others."""
    score, weight = np.zeros(len(index)), np.zeros(len(index))
    reason = np.full(len(index), None, dtype=object)
    with np.errstate(over="ignore", invalid="ignore"):
        for frame in frames:
            own = frame["score"].to_numpy()
            score = score + own
            weight = weight + frame["weight"].to_numpy()
            first = pd.isna(reason) & np.isnan(own)
            reason = np.where(first, frame["reason"].to_numpy(object), reason)
        total = score / np.where(weight > 0, weight, np.nan) * FULL_WEIGHT
    reason[(weight == 0) & pd.isna(reason)] = _("各项数据都缺，无法评分")
    return pd.Series(total, index=index), pd.Series(reason, index=index, dtype=object)


def _count(share: float, firms: int, rounding: str) -> int:
    exact = round(share * firms, 9)  # 0.95 × 20 must be 19
    if rounding == "down":
        return math.floor(exact)
    if rounding == "up":
        return math.ceil(exact)
    return math.floor(exact + 0.5)


def classify(
    scores: pd.Series[float], classes: Classes, group: str = ""
) -> tuple[pd.Series[Any], pd.DataFrame]:
    """Class every scored firm of a group.

    Parameters
    ----------
    scores : Series
        Points; NaN is not classed and does not count.
    classes : Classes

    Returns
    -------
    classes : Series of PerMuClass value or None
    boundaries : DataFrame
        By class: cumulative ``share``, ``ranked_units`` in it before any veto, least
        ``score``, how many units are tied across the boundary, and the ``reason`` in words.
    """
    found = pd.Series(None, index=scores.index, dtype=object, name="class")
    known = scores.dropna()
    if classes.method == "score":
        return _by_score(known, found, classes, group)
    ordered = np.sort(known.to_numpy())[::-1]
    rows = []
    for bound in reversed(classes.bounds):
        number = _count(float(bound.share or 0.0), len(ordered), classes.rounding)
        row, least = _boundary(ordered, number, bound, classes.ties)
        rows.append({"group": group, **row})
        found.loc[known.index[known >= least]] = str(bound.name)
    return found, pd.DataFrame(_per_class(rows[::-1]))


def _per_class(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Turn counts of firms down to each class into counts in it; say where none is left."""
    reached = 0
    for row in rows:
        down_to = row["ranked_units"]
        if row["share"] is not None and down_to <= reached:
            row["score"] = None
            row["reason"] = row["reason"] or _("企业太少，该类没有名额")  # else ties emptied it
        row["ranked_units"] = max(0, down_to - reached)
        reached = max(reached, down_to)
    return rows


def _boundary(
    ordered: np.ndarray, number: int, bound: Bound, ties: str
) -> tuple[dict[str, Any], float]:
    """Least score of a class that should reach down to the firm of a given place."""
    row: dict[str, Any] = {
        "class": str(bound.name),
        "share": bound.share,
        "ranked_units": number,
    }
    if number == 0:
        return row | {"score": None, "ties": 0, "reason": None}, math.inf
    least = float(ordered[number - 1])
    last = bound.share is not None and number >= len(ordered)
    across = not last and float(ordered[number]) == least
    tied = int((ordered == least).sum()) if across else 0
    reason: Text | None = None
    if across and ties == "better":
        reason = _("{n} 家得分同为 {score:g}，跨越分界，全部列入较好的一类", n=tied, score=least)
    elif across:
        reason = _("{n} 家得分同为 {score:g}，跨越分界，全部列入较差的一类", n=tied, score=least)
        above = ordered[ordered > least]
        least = float(above[-1]) if len(above) else math.inf
    shown = least if math.isfinite(least) else None
    reached = int((ordered >= least).sum())
    return row | {"score": shown, "ties": tied, "reason": reason, "ranked_units": reached}, least


def _by_score(
    known: pd.Series[float], found: pd.Series[Any], classes: Classes, group: str
) -> tuple[pd.Series[Any], pd.DataFrame]:
    rows = []
    for bound in reversed(classes.bounds):
        least = -math.inf if bound.score is None else bound.score
        hit = known >= least
        found.loc[known.index[hit]] = str(bound.name)
        rows.append(
            {
                "group": group,
                "class": str(bound.name),
                "share": None,
                "ranked_units": int(hit.sum()),
                "score": bound.score,
                "ties": 0,
                "reason": None,
            }
        )
    return found, pd.DataFrame(_per_class(rows[::-1]))


def apply_vetoes(
    found: pd.Series[Any],
    units: pd.DataFrame,
    vetoes: list[Veto],
    rulebook: Rulebook,
    level: str,
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Lower classes that a veto limits.

    Returns
    -------
    classes, reason : Series
        The reason says which veto, where one acted.
    """
    order = [str(name) for name in PerMuClass]
    said = pd.Series(None, index=found.index, dtype=object)
    for veto in vetoes:
        if veto.when == "veto_matter":
            hit = units["veto"].notna() & units["veto"].astype("str").str.strip().ne("")
            text = _("有一票否决事项，最高列 {name} 类", name=str(veto.at_best))
        else:
            rule_id = str(veto.rule).format(level=level)
            if rulebook.get(rule_id) is None or veto.indicator is None:
                continue
            limit = rulebook.number(rule_id)
            value = firm_indicators(units, [veto.indicator])[veto.indicator]
            hit = value.notna() & ~within(value, pd.Series(limit, index=value.index))
            text = _(
                "{indicator}低于 {limit:g}，最高列 {name} 类",
                indicator=_indicator(veto.indicator),
                limit=limit,
                name=str(veto.at_best),
            )
        place = found.map({name: at for at, name in enumerate(order)}).astype("float64")
        lowered = hit.reindex(found.index).fillna(False) & (place < order.index(str(veto.at_best)))
        if lowered.any():
            found = found.mask(lowered, str(veto.at_best))
            said = _also(said, lowered, text)
    return found, said


def _indicator(name: str) -> Text:
    return _(INDICATOR_LABELS[name])


def _also(said: pd.Series[Any], where: pd.Series[bool], text: Text) -> pd.Series[Any]:
    """Put a message beside those already said."""
    both = {old: joined([old, text]) for old in said[where].dropna().unique().tolist()}
    more = said.map(both).astype(object)
    return said.mask(where & said.isna(), text).mask(where & said.notna(), more)
