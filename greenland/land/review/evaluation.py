"""Evaluate the land intensity of a park in its year and the year before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from greenland.errors import InputError
from greenland.i18n import Text, _
from greenland.land.parts import ZONE
from greenland.land.review.balance import ZoneFacts, collect, identities, land_use_table
from greenland.land.review.cycle import bookkeeping
from greenland.land.review.own import own_indicator, with_supply
from greenland.land.review.potential import potentials, yearly_supply, years_of_supply
from greenland.land.review.result import ReviewResult
from greenland.land.review.scheme import ReviewScheme, load_scheme
from greenland.land.review.score import (
    Ideal,
    ZoneScore,
    combine,
    find_ideal,
    score_part,
    weight_rows,
)
from greenland.land.review.settings import ReviewSettings, ideal_problems
from greenland.land.review.tables import (
    change_table,
    figure_table,
    indicator_table,
    node_table,
    part_table,
    values_of,
)
from greenland.land.review.zone_indicators import (
    CITY_ONLY,
    HIGH_TECH_ONLY,
    INDUSTRIAL_ONLY,
    ZONE_INDICATORS,
    zone_indicator,
)
from greenland.land.review.zone_type import ZONE_TYPE_RULES, ZoneType, zone_type
from greenland.land.settings import settings
from greenland.results import NotEvaluated
from greenland.rules import Rulebook

if TYPE_CHECKING:
    from greenland.park import Park

_HIGH_TECH = "high_tech"


def _applicable(kind: ZoneType, *, high_tech: bool) -> list[str]:
    left_out = set() if high_tech else set(HIGH_TECH_ONLY)
    left_out |= CITY_ONLY if kind is ZoneType.INDUSTRIAL else INDUSTRIAL_ONLY
    return [name for name in ZONE_INDICATORS if name not in left_out]


def _tables(
    facts: ZoneFacts, scheme: ReviewScheme, history: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    found = {name: zone_indicator(facts.table, name) for name in ZONE_INDICATORS}
    if scheme.indicators:
        table = with_supply(facts.table, history, facts.year)
        found |= {name: own_indicator(table, item) for name, item in scheme.indicators.items()}
    return found


def _score(
    facts: ZoneFacts,
    tables: dict[str, pd.DataFrame],
    ideals: dict[str, Ideal],
    scheme: ReviewScheme,
    kind: ZoneType,
    weights: dict[str, float],
    *,
    high_tech: bool,
) -> ZoneScore:
    parts = {
        part: score_part(
            part,
            values_of(tables, part),
            ideals,
            scheme,
            scheme.tree(str(kind), high_tech=high_tech, part=part),
        )
        for part in facts.parts or [ZONE]
    }
    return combine(parts, weights)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _weights(rulebook: Rulebook) -> dict[str, float]:
    return {
        part: rulebook.number(f"land.review.part_weight.{part}") for part in ("main", "development")
    }


def _comparable(now: ZoneFacts, before: ZoneFacts | None) -> tuple[ZoneFacts | None, Text | None]:
    """Last year's facts, if they can be scored the same way."""
    if before is None:
        return None, _("没有 {year} 年的土地利用数据", year=now.year - 1)
    if before.parts != now.parts:
        return None, _("{year} 年的片区划分与本年不同", year=now.year - 1)
    return before, None


def _zone_facts(facts: ZoneFacts, history: pd.DataFrame) -> pd.Series[float]:
    """Land and figures of the whole zone, those of supply among them."""
    return pd.Series(with_supply(facts.table, history, facts.year).loc[ZONE])


def evaluate(park: Park) -> ReviewResult | NotEvaluated:
    """Review the land intensity of a park.

    Parameters
    ----------
    park : Park
        As `greenland.read_park` gives it.

    Returns
    -------
    ReviewResult or NotEvaluated
        The latter when there is no land use of the assessed year.

    Raises
    ------
    InputError
        If the scheme or the park's settings are faulty; a node whose weights do not sum to 1
        is named.

    References
    ----------
    TD/T 1029 series as implemented in public software; 云南省《进一步发展壮大园区经济行动计划》
    第24项; 《云南省“十四五”产业园区发展规划》第四章第四节三.

    Examples
    --------
    >>> from greenland.park import read_example
    >>> result = evaluate(read_example())
    >>> 0 <= result.land_intensity_score <= 100
    True
    """
    chosen = settings(park, "review", ReviewSettings)
    scheme = load_scheme(chosen.scheme, getattr(park, "folder", None))
    problems = ideal_problems(chosen, scheme)
    if problems:
        raise InputError(problems)
    book = park.rulebook
    tolerance = book.number("land.review.identity_tolerance")
    land_use, figures = park.tables["land_use"], park.tables["indicators"]
    facts = collect(land_use, figures, park.year, tolerance)
    if facts is None:
        return NotEvaluated(_("土地利用状况表没有 {year} 年的数据。", year=park.year))
    last, last_reason = _comparable(facts, collect(land_use, figures, park.year - 1, tolerance))
    kind, why = zone_type(facts, book, chosen.zone_kind)
    park_type = str(park.config.type)
    high_tech = park_type == _HIGH_TECH
    own_ideals = {n: Ideal(i.value, "user", None, i.source) for n, i in chosen.ideals.items()}
    sets = scheme.ideals_for(park_type)
    ideals = {
        name: find_ideal(name, book, sets, own_ideals, scheme)
        for name in (*ZONE_INDICATORS, *scheme.indicators)
    }
    history = park.tables["supply_history"]
    tables = _tables(facts, scheme, history)
    before = _tables(last, scheme, history) if last is not None else None
    weights = _weights(book)
    score = _score(facts, tables, ideals, scheme, kind, weights, high_tech=high_tech)
    score_before = (
        _score(last, before, ideals, scheme, kind, weights, high_tech=high_tech)
        if last is not None and before is not None
        else None
    )
    names = [*_applicable(kind, high_tech=high_tech), *scheme.indicators]
    zone = facts.of(ZONE)
    values = {n: i.value for n, i in ideals.items()}
    supply = years_of_supply(
        float(zone["E"]),
        yearly_supply(park.tables["supply_history"]),
        park.year,
        mean_years=round(book.number("land.review.supply_years.mean")),
        peak_years=round(book.number("land.review.supply_years.peak")),
    )
    year_kind, kind_reason, next_full = bookkeeping(park.year, chosen.last_full_year, book)
    national = book.get("land.review.national_level.land_intensity_score")
    indicators = indicator_table(
        tables, before, ideals, score, book, names, scheme.reverse, scheme.indicators
    )
    facts_now = _zone_facts(facts, history)
    facts_last = None if last is None else _zone_facts(last, history)
    return ReviewResult(
        year=park.year,
        kind=year_kind,
        kind_reason=kind_reason,
        next_full_year=next_full,
        zone_type=kind,
        zone_type_reason=why,
        zone_type_rules=ZONE_TYPE_RULES,
        scheme=scheme,
        indicators=indicators,
        part_indicators=part_table(facts, tables, score, names),
        nodes=node_table(score, scheme.indicators),
        parts=pd.DataFrame(weight_rows(score)),
        land_intensity_score=_known(score.score),
        score_reason=score.reason,
        national_score=float(national.value) if national else None,  # type: ignore[arg-type]
        previous_score=None if score_before is None else _known(score_before.score),
        previous_reason=last_reason if score_before is None else score_before.reason,
        changes=change_table(score, score_before),
        potentials=potentials(zone, values_of(tables, ZONE), values),
        supply=supply,
        identities=identities(facts, tolerance),
        land_use=land_use_table(facts, last),
        figures=figure_table(indicators, facts_now, facts_last),
    )
