"""Benchmarks of the per-mu evaluation: given, fixed, by rule, or a mean of firms."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from greenland.i18n import Text, _
from greenland.land.per_mu.items import (
    BY_INDUSTRY,
    LESS_IS_BETTER,
    Benchmark,
    BenchmarkMethod,
    Item,
)
from greenland.land.per_mu.values import COMMON, Indicators
from greenland.rules import LEVEL, Rulebook

DIVISION_DIGITS = 2  # GB/T 4754: 大类


@dataclass(frozen=True)
class Given:
    """A benchmark the park gives itself."""

    value: float
    source: str


@dataclass(frozen=True)
class BenchmarkValue:
    """A benchmark found, or why there is none; by industry, that of the whole group."""

    value: float
    method: str
    rule_id: str | None = None
    reason: Text | str | None = None
    of_unit: pd.Series[float] | None = None  # where it differs from firm to firm


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
    return COMMON.mean(indicator, units, None, kind)


def find_benchmark(
    indicator: str,
    item: Item | Benchmark,
    units: pd.DataFrame,
    last: pd.DataFrame | None,
    rulebook: Rulebook,
    level: str,
    given: Given | None = None,
    *,
    indicators: Indicators = COMMON,
    before: pd.DataFrame | None = None,
) -> BenchmarkValue:
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
    benchmark = item if isinstance(item, Benchmark) else item.benchmark
    if benchmark is None:
        return BenchmarkValue(math.nan, str(item.scoring.method))  # type: ignore[union-attr]
    method = benchmark.method
    less = isinstance(item, Item) and item.scoring.method in LESS_IS_BETTER
    if given is not None:
        return BenchmarkValue(given.value, "user", reason=given.source)
    if method is BenchmarkMethod.FIXED:
        return BenchmarkValue(float(benchmark.value or 0.0), str(method))
    if method is BenchmarkMethod.RULE:
        rule_id = str(benchmark.rule).replace(LEVEL, level)
        if rulebook.get(rule_id) is not None:
            return BenchmarkValue(rulebook.number(rule_id), str(method), rule_id)
        if benchmark.otherwise is None:
            return BenchmarkValue(
                math.nan, str(method), reason=_("没有规则“{id}”的数值", id=rule_id)
            )
        method = BenchmarkMethod.GROUP_MEAN
    if method in (BenchmarkMethod.BEST, *BY_INDUSTRY):
        return _of_the_group(indicator, benchmark, units, indicators, before, less=less)
    source = last if method is BenchmarkMethod.LAST_YEAR_MEAN else units
    earlier = None if source is last else before
    mean = (
        math.nan if source is None else indicators.mean(indicator, source, earlier, benchmark.mean)
    )
    return _times(mean, benchmark, method)


def _times(mean: float, benchmark: Benchmark, method: BenchmarkMethod) -> BenchmarkValue:
    if math.isnan(mean):
        return BenchmarkValue(math.nan, str(method), reason=_no_mean(method))
    if mean <= 0:
        best = method in (BenchmarkMethod.BEST, BenchmarkMethod.INDUSTRY_BEST)
        text = _("最优值不为正，不能作基准") if best else _("平均值不为正，不能作基准")
        return BenchmarkValue(math.nan, str(method), reason=text)
    return BenchmarkValue(mean * benchmark.factor, str(method))


def _of_the_group(
    indicator: str,
    benchmark: Benchmark,
    units: pd.DataFrame,
    indicators: Indicators,
    before: pd.DataFrame | None,
    *,
    less: bool,
) -> BenchmarkValue:
    """The best of the group, or mean or best of each firm's industry (two digits)."""
    values = indicators.values([indicator], units, before)[indicator]
    best = benchmark.method in (BenchmarkMethod.BEST, BenchmarkMethod.INDUSTRY_BEST)

    def level(rows: pd.Index) -> float:
        some = values[rows].dropna()
        if best:
            return float(some.min() if less else some.max()) if len(some) else math.nan
        return indicators.mean(indicator, units.loc[rows], before, benchmark.mean)

    whole = _times(level(units.index), benchmark, benchmark.method)
    if benchmark.method is BenchmarkMethod.BEST or math.isnan(whole.value):
        return whole
    division = units["industry_code"].astype("str").str[:DIVISION_DIGITS]
    known = values.notna().groupby(division).sum()
    found = pd.Series(whole.value, index=units.index, dtype="float64")
    for code, rows in division.groupby(division).groups.items():
        if known.get(code, 0) >= benchmark.fewest:
            own = level(rows) * benchmark.factor
            if own > 0:
                found.loc[rows] = own
    return BenchmarkValue(
        whole.value, whole.method, reason=_("各行业取各自的基准值，此处为全组的"), of_unit=found
    )


def _no_mean(method: BenchmarkMethod) -> Text:
    if method is BenchmarkMethod.LAST_YEAR_MEAN:
        return _("没有同组企业上年数据，可在 park.yaml 的 land.per_mu.benchmarks 中给出基准值")
    return _("同组企业都没有该项数据")
