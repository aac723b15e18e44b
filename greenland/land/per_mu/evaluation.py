"""Evaluate the per-mu benefit of a park's firms over the years of the trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from greenland.errors import InputError
from greenland.i18n import _
from greenland.land.per_mu.benchmarks import Given
from greenland.land.per_mu.firm_table import firm_table, trend_rows
from greenland.land.per_mu.firms import duplicate_problems
from greenland.land.per_mu.groups import grouped, year_of
from greenland.land.per_mu.result import PerMuResult
from greenland.land.per_mu.scheme import PerMuScheme, load_scheme
from greenland.land.per_mu.settings import PerMuSettings, benchmark_problems
from greenland.land.per_mu.tables import (
    evaluated,
    firms_in_classes,
    floor_check,
    industry_averages,
    movements,
    park_average,
    points_to_next,
    summary,
)
from greenland.land.per_mu.yearly import Scored, score_year
from greenland.land.settings import settings
from greenland.results import NotEvaluated

if TYPE_CHECKING:
    from greenland.park import Park


def _items(scored: Scored) -> pd.DataFrame:
    frames = [group.items for group in scored.groups.values()]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _scheme(park: Park, chosen: PerMuSettings) -> PerMuScheme:
    name = chosen.scheme or str(park.rulebook.rule("land.per_mu.default_scheme").value)
    return load_scheme(name, getattr(park, "folder", None))


def evaluate(park: Park) -> PerMuResult | NotEvaluated:
    """Evaluate the per-mu benefit of a park's firms by the scheme it chose.

    Parameters
    ----------
    park : Park
        As `greenland.read_park` gives it.

    Returns
    -------
    PerMuResult or NotEvaluated
        The latter when no firm has figures of the assessed year.

    Raises
    ------
    InputError
        If the scheme or the park's settings are faulty, or a firm stands twice in one year.

    References
    ----------
    《云南省“十四五”产业园区发展规划》第四章第一节四 (output floors); the scheme's own document.

    Examples
    --------
    >>> from greenland.park import read_example
    >>> result = evaluate(read_example())
    >>> len(result.firms), result.firms.attrs["units"]["tax_per_mu"]
    (92, '万元/亩·年')
    """
    chosen = settings(park, "per_mu", PerMuSettings)
    scheme = _scheme(park, chosen)
    firms, parcels = park.tables["firms"], park.tables["parcels"]
    problems = [*benchmark_problems(chosen, scheme), *duplicate_problems(firms)]
    if problems:
        raise InputError(problems)
    given = {
        str(group): {name: Given(item.value, item.source) for name, item in items.items()}
        for group, items in chosen.benchmarks.items()
    }
    span = int(park.rulebook.number("land.per_mu.trend_years"))
    wanted = range(park.year - span, park.year + 1)
    present = {int(y) for y in firms["year"].dropna().unique().tolist()}
    if park.year not in present:
        return NotEvaluated(_("企业效益表没有 {year} 年的数据。", year=park.year))
    taken = {year: year_of(firms, parcels, year, scheme) for year in wanted if year in present}
    years = {year: grouped(item, taken.get(year - 1), scheme) for year, item in taken.items()}
    level = str(park.config.level)
    scored = {
        year: score_year(
            collected,
            years.get(year - 1),
            scheme,
            park.rulebook,
            level,
            given if year == park.year else None,
        )
        for year, collected in years.items()
        if year > park.year - span
    }
    return _result(scored, park, scheme, level)


def _result(scored: dict[int, Scored], park: Park, scheme: PerMuScheme, level: str) -> PerMuResult:
    now, before = scored[park.year], scored.get(park.year - 1)
    tables = {year: firm_table(item) for year, item in scored.items()}
    trend = pd.concat([trend_rows(*item) for item in tables.items()], ignore_index=True)
    firms = tables[park.year]
    firms["points_to_next"] = points_to_next(firms, now.boundaries)
    average = {
        "firms": len(firms),
        **evaluated(firms, now.year.units, now.result),
        **park_average(now.year.units),
    }
    benchmarks = [group.benchmarks for group in now.groups.values()]
    return PerMuResult(
        year=park.year,
        scheme=scheme,
        firms=firms,
        items=_items(now),
        benchmarks=pd.concat(benchmarks, ignore_index=True) if benchmarks else pd.DataFrame(),
        boundaries=firms_in_classes(now.boundaries, firms),
        summary=summary(firms, now.year.units, now.result),
        park=average,
        floor=floor_check(average, park.rulebook, level),
        industries=industry_averages(now.year.units),
        trend=trend.sort_values(["firm_id", "year"], kind="stable").reset_index(drop=True),
        movements=movements(tables.get(park.year - 1), firms),
        previous=park_average(before.year.units) if before else {},
    )
