"""Per-mu benefit (亩均效益): indicators, scores and classes of firms, averages of the park."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from greenland.errors import InputError
from greenland.i18n import _
from greenland.land import summaries
from greenland.land.frames import LandResult
from greenland.land.indicators import QUOTIENTS, firm_indicators
from greenland.land.per_mu.firms import Year, duplicate_problems, of_year
from greenland.land.per_mu.scheme import Group, Scheme, load_scheme
from greenland.land.per_mu.score import Given, GroupScore, apply_vetoes, classify, score_group
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
from greenland.land.settings import settings
from greenland.results import NotEvaluated, PerMuClass, records
from greenland.rules import Rulebook
from greenland.summary import Summary

if TYPE_CHECKING:
    from greenland.park import Park


class OwnBenchmark(BaseModel):
    """A benchmark the park gives, with what it rests on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(gt=0)
    source: str = Field(min_length=1)


class PerMuSettings(BaseModel):
    """``land.per_mu`` of park.yaml.

    Parameters
    ----------
    scheme : str, optional
        Id of a scheme of the package, or a YAML file beside park.yaml.
    benchmarks : mapping of group to mapping of indicator to OwnBenchmark
        Values that stand in for the scheme's benchmarks, such as last year's county mean.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: str | None = None
    benchmarks: dict[Group, dict[str, OwnBenchmark]] = {}


@dataclass(frozen=True, repr=False)
class PerMuResult(LandResult):
    """Per-mu benefit of the firms of a park in one year.

    Parameters
    ----------
    firms : DataFrame
        One row per firm: indicators, ``score``, ``class``, ``rank`` in its group,
        ``points_to_next`` (points to the next better class), ``reason``.
    items : DataFrame
        One row per scored firm and indicator.
    benchmarks, boundaries : DataFrame
        What was measured against, and where the classes part: ``ranked_units`` are in the class
        by their score, ``firms`` in the end, after vetoes and with tenants, as in `summary`.
    summary : DataFrame
        By class; the row without a class holds the firms that could not be scored.
    park : dict
        Averages of all firms of the park, exempt ones included, with the number of firms whose
        figures are missing; how many firms are evaluated.
    floor : dict
        Output per mu against the floor of the park's level.
    industries, trend, movements : DataFrame
    previous : dict
        Averages of the park in the year before; empty when the workbook has no such year.
    """

    year: int
    scheme: Scheme
    firms: pd.DataFrame
    items: pd.DataFrame
    benchmarks: pd.DataFrame
    boundaries: pd.DataFrame
    summary: pd.DataFrame
    park: dict[str, Any]
    floor: dict[str, Any]
    industries: pd.DataFrame
    trend: pd.DataFrame
    movements: pd.DataFrame
    previous: dict[str, Any] = field(default_factory=dict)

    def _summary(self) -> Summary:
        return summaries.per_mu(self)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "evaluated": True,
            "year": self.year,
            "scheme": scheme_record(self.scheme),
            "firms": records(self.firms),
            "items": records(self.items),
            "benchmarks": records(self.benchmarks),
            "boundaries": records(self.boundaries),
            "summary": records(self.summary),
            "park": self.park,
            "floor": self.floor,
            "industries": records(self.industries),
            "trend": records(self.trend),
            "movements": records(self.movements),
            "previous": self.previous,
        }


def scheme_record(scheme: Scheme) -> dict[str, Any]:
    """What a reader must know of a scheme."""
    return {
        "id": scheme.id,
        "title": scheme.title,
        "title_en": scheme.title_en,
        "document": scheme.document,
        "clause": scheme.clause,
        "confidence": str(scheme.confidence),
        "note": scheme.note,
        "class_method": scheme.classes.method,
        "classes_confidence": str(scheme.classes.confidence),
        "classes_note": scheme.classes.note,
        "tenants": str(scheme.tenants),
        "class_titles": {
            str(name): title.model_dump() for name, title in scheme.class_titles.items()
        },
    }


@dataclass(frozen=True)
class Scored:
    """One year scored: its firms and, by firm_id of the unit, score, class, rank and reason."""

    year: Year
    result: pd.DataFrame
    groups: dict[str, GroupScore]
    boundaries: pd.DataFrame


def _points(units: pd.DataFrame, scheme: Scheme) -> pd.Series[float] | None:
    if scheme.bonus is None:
        return None
    points = units["bonus_points"].astype("float64")
    return points.clip(lower=scheme.bonus.minimum, upper=scheme.bonus.maximum)


def _eligible(year: Year | None, group: str) -> pd.DataFrame | None:
    if year is None:
        return None
    units = year.units
    return units[units["group"].eq(group) & units["exempt_reason"].isna()]


def score_year(
    year: Year,
    last: Year | None,
    scheme: Scheme,
    rulebook: Rulebook,
    level: str,
    given: dict[str, dict[str, Given]] | None = None,
) -> Scored:
    """Score and class the units of one year.

    Parameters
    ----------
    year, last : Year
        The year and the one before it, for benchmarks taken from last year.
    level : str
        Level of the park.
    given : mapping of group and indicator to Given, optional
        Benchmarks the park gives itself.
    """
    units = year.units
    result = pd.DataFrame(
        {
            "score": pd.Series(float("nan"), index=units.index, dtype="float64"),
            "class": pd.Series(None, index=units.index, dtype=object),
            "rank": pd.Series(pd.NA, index=units.index, dtype="Int64"),
            "reason": units["exempt_reason"],
        }
    )
    groups, boundaries = {}, []
    for group, part in scheme.groups.items():
        members = _eligible(year, str(group))
        if members is None or members.empty:
            continue
        found = score_group(
            str(group),
            part,
            members,
            _eligible(last, str(group)),
            rulebook,
            level,
            given=(given or {}).get(str(group)),
            points=_points(members, scheme),
            decimals=scheme.decimals,
        )
        classes, edges = classify(found.score, scheme.classes, str(group))
        classes, vetoed = apply_vetoes(classes, members, scheme.vetoes, rulebook, level)
        result.loc[members.index, "score"] = found.score
        result.loc[members.index, "class"] = classes
        ranks = found.score.rank(ascending=False, method="min").astype("Int64")
        result.loc[members.index, "rank"] = ranks
        result.loc[members.index, "reason"] = found.reason.where(found.score.isna(), vetoed)
        groups[str(group)] = found
        boundaries.append(edges)
    _fill_unscored(result, units, scheme)
    edges = pd.concat(boundaries, ignore_index=True) if boundaries else pd.DataFrame()
    return Scored(year, result, groups, edges)


def _fill_unscored(result: pd.DataFrame, units: pd.DataFrame, scheme: Scheme) -> None:
    exempt = units["exempt_reason"].notna()
    result.loc[exempt, "class"] = str(PerMuClass.EXEMPT)
    ungrouped = units["group"].isna() & ~exempt
    result.loc[ungrouped, "reason"] = _("未填是否规上，无法分组")
    known = {str(group) for group in scheme.groups}
    left = ~units["group"].isin(known) & ~ungrouped & ~exempt
    result.loc[left, "reason"] = _("评价方案不含该组企业")


def _firm_table(scored: Scored) -> pd.DataFrame:
    """All firms, tenants with their landlord's score and class, best first."""
    firms, units = scored.year.firms, scored.year.units
    table = firms[["row", "firm_name", "group", "industry_code", "land_mu"]].copy()
    table["unit"] = firms["unit"]
    table["tenant"] = firms["tenant"]
    figures = firms[_parts()].copy()
    figures.loc[units.index] = units[_parts()]
    table = table.join(firm_indicators(figures))
    found = scored.result.reindex(table["unit"].to_numpy()).set_axis(table.index)
    table[["score", "class", "rank"]] = found[["score", "class", "rank"]]
    note = firms["note"]
    table["reason"] = found["reason"].astype(object)
    table["reason"] = (
        table["reason"]
        .where(table["reason"].notna(), note)
        .mask(table["tenant"] & note.notna(), note)
    )
    table["group"] = table["group"].mask(
        table["tenant"], units["group"].reindex(table["unit"].to_numpy()).set_axis(table.index)
    )
    table.index.name = "firm_id"
    table = table.reset_index()
    ordered = table.sort_values(["group", "rank", "firm_id"], na_position="last", kind="stable")
    first = ["row", "firm_id", "firm_name", "group", "industry_code", "land_mu"]
    rest = [name for name in ordered.columns if name not in first]
    return ordered[first + rest].reset_index(drop=True)


def _parts() -> list[str]:
    return sorted({p for q in QUOTIENTS.values() for p in (q.numerator, q.denominator)})


def _trend_rows(year: int, table: pd.DataFrame) -> pd.DataFrame:
    rows = table[["firm_id", "firm_name", "tax_per_mu", "revenue_per_mu", "score", "class"]].copy()
    rows.insert(2, "year", year)
    return rows


def _items(scored: Scored) -> pd.DataFrame:
    frames = [group.items for group in scored.groups.values()]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _scheme(park: Park, chosen: PerMuSettings) -> Scheme:
    name = chosen.scheme or str(park.rulebook.rule("land.per_mu.default_scheme").value)
    return load_scheme(name, getattr(park, "folder", None))


def evaluate(park: Park) -> PerMuResult | NotEvaluated:
    """Evaluate the per-mu benefit of a park's firms by the scheme it chose.

    Parameters
    ----------
    park : Park

    Returns
    -------
    PerMuResult, or NotEvaluated when no firm has figures of the assessed year.

    Raises
    ------
    InputError
        If the scheme or the park's settings are faulty, or a firm stands twice in one year.

    References
    ----------
    《云南省“十四五”产业园区发展规划》 4.1.4 (output floors); the scheme's own document.
    """
    chosen = settings(park, "per_mu", PerMuSettings)
    scheme = _scheme(park, chosen)
    firms, parcels = park.tables["firms"], park.tables["parcels"]
    problems = duplicate_problems(firms)
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
    years = {
        year: of_year(firms, parcels, year, scheme.tenants, scheme.exempt)
        for year in wanted
        if year in present
    }
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


def _result(scored: dict[int, Scored], park: Park, scheme: Scheme, level: str) -> PerMuResult:
    now, before = scored[park.year], scored.get(park.year - 1)
    tables = {year: _firm_table(item) for year, item in scored.items()}
    trend = pd.concat([_trend_rows(*item) for item in tables.items()], ignore_index=True)
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
