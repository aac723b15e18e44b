"""Benchmarks of the per-mu evaluation: given, fixed, by rule, or a mean of firms."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from greenland.i18n import Text, _
from greenland.land.indicators import QUOTIENTS, firm_indicators
from greenland.land.per_mu.scheme import Benchmark, BenchmarkMethod
from greenland.rules import LEVEL, Rulebook


@dataclass(frozen=True)
class Given:
    """A benchmark the park gives itself."""

    value: float
    source: str


@dataclass(frozen=True)
class BenchmarkValue:
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
    method = benchmark.method
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
    source = last if method is BenchmarkMethod.LAST_YEAR_MEAN else units
    mean = math.nan if source is None else mean_of(source, indicator, benchmark.mean)
    if math.isnan(mean):
        return BenchmarkValue(math.nan, str(method), reason=_no_mean(method))
    if mean <= 0:
        return BenchmarkValue(math.nan, str(method), reason=_("平均值不为正，不能作基准"))
    return BenchmarkValue(mean * benchmark.factor, str(method))


def _no_mean(method: BenchmarkMethod) -> Text:
    if method is BenchmarkMethod.LAST_YEAR_MEAN:
        return _("没有同组企业上年数据，可在 park.yaml 的 land.per_mu.benchmarks 中给出基准值")
    return _("同组企业都没有该项数据")
