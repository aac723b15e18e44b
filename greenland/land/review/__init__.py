"""Annual land-intensity review (土地节约集约利用评价): indicators, score, potentials, supply."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from greenland.i18n import N_, Text, _
from greenland.land import summaries
from greenland.land.frames import LandResult
from greenland.land.parts import ZONE
from greenland.land.review.balance import Facts, collect, identities, land_use_table
from greenland.land.review.potential import potentials, yearly_supply, years_of_supply
from greenland.land.review.scheme import Scheme, load_scheme
from greenland.land.review.score import (
    Ideal,
    ZoneScore,
    combine,
    find_ideal,
    score_part,
    weight_rows,
)
from greenland.land.review.tables import (
    change_table,
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
from greenland.results import NotEvaluated, records
from greenland.rules import Rulebook
from greenland.summary import Summary

if TYPE_CHECKING:
    from greenland.park import Park

DEFAULT_SCHEME = "td1029-public"
_HIGH_TECH = "high_tech"


class Kind(StrEnum):
    """Full evaluation or yearly update."""

    FULL = "full"
    UPDATE = "update"


KIND_LABELS = {Kind.FULL: N_("全面评价"), Kind.UPDATE: N_("年度更新")}


class OwnIdeal(BaseModel):
    """An ideal the zone sets itself.

    Parameters
    ----------
    value : float
        In the unit of the indicator; shares as decimals.
    method : {"target", "experience", "advanced"}
        目标值法, 经验借鉴法 or 先进值法.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(ge=0)
    source: str = Field(min_length=1)
    method: Literal["target", "experience", "advanced"] | None = None


class ReviewSettings(BaseModel):
    """``land.review`` of park.yaml.

    Parameters
    ----------
    scheme : str
        Id of a scheme of the package, or a YAML file beside park.yaml.
    zone_kind : ZoneType, optional
        Given type of zone, instead of the one its land use makes it.
    last_full_year : int, optional
        Year of the last full evaluation.
    ideals : mapping of indicator to OwnIdeal
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: str = DEFAULT_SCHEME
    zone_kind: ZoneType | None = None
    last_full_year: int | None = Field(default=None, ge=1990, le=2100)
    ideals: dict[str, OwnIdeal] = {}

    @field_validator("ideals")
    @classmethod
    def _known(cls, value: dict[str, OwnIdeal]) -> dict[str, OwnIdeal]:
        unknown = [name for name in value if name not in ZONE_INDICATORS]
        if unknown:
            raise ValueError(
                _(
                    "没有指标“{name}”，可用：{known}",
                    name=unknown[0],
                    known="、".join(ZONE_INDICATORS),
                )
            )
        return value


@dataclass(frozen=True, repr=False)
class ReviewResult(LandResult):
    """Land-intensity review of one year.

    Parameters
    ----------
    indicators : DataFrame
        One row per indicator of the whole zone; `part_indicators` has the parts.
    nodes : DataFrame
        Score of every node of the tree.
    land_intensity_score, previous_score : float or None
        0–100; None with a reason beside it. Last year's is computed from last year's data by
        this year's tree and ideals, so that `changes` add up to the difference.
    """

    year: int
    kind: Kind | None
    kind_reason: str | None
    next_full_year: int | None
    zone_type: ZoneType
    zone_type_reason: str
    zone_type_rules: tuple[str, ...]
    scheme: Scheme
    indicators: pd.DataFrame
    part_indicators: pd.DataFrame
    nodes: pd.DataFrame
    parts: pd.DataFrame
    land_intensity_score: float | None
    score_reason: str | None
    national_score: float | None
    previous_score: float | None
    previous_reason: str | None
    changes: pd.DataFrame
    potentials: pd.DataFrame
    supply: dict[str, Any]
    identities: pd.DataFrame
    land_use: pd.DataFrame

    def _summary(self) -> Summary:
        return summaries.review(self)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "evaluated": True,
            "year": self.year,
            "kind": str(self.kind) if self.kind else None,
            "kind_reason": self.kind_reason,
            "next_full_year": self.next_full_year,
            "zone_type": str(self.zone_type),
            "zone_type_reason": self.zone_type_reason,
            "zone_type_rules": list(self.zone_type_rules),
            "scheme": {
                "id": self.scheme.id,
                "title": self.scheme.title,
                "title_en": self.scheme.title_en,
                "document": self.scheme.document,
                "confidence": str(self.scheme.confidence),
                "note": self.scheme.note,
            },
            "indicators": records(self.indicators),
            "part_indicators": records(self.part_indicators),
            "nodes": records(self.nodes),
            "parts": records(self.parts),
            "land_intensity_score": self.land_intensity_score,
            "score_reason": self.score_reason,
            "national_score": self.national_score,
            "previous_score": self.previous_score,
            "previous_reason": self.previous_reason,
            "changes": records(self.changes),
            "potentials": records(self.potentials),
            **self.supply,
            "identities": records(self.identities),
            "land_use": records(self.land_use),
        }


def bookkeeping(
    year: int, last_full_year: int | None, rulebook: Rulebook
) -> tuple[Kind | None, Text | None, int | None]:
    """Whether a year has a full evaluation or an update, why, and the next full year.

    References
    ----------
    云南省《进一步发展壮大园区经济行动计划》 第24项: 五年一评价、一年一更新.
    """
    rule = rulebook.get("land.review.full_cycle")
    if rule is None:
        return None, _("已启用的规则包没有评价周期"), None
    if last_full_year is None:
        return None, _("未填上次全面评价年份（park.yaml 的 land.review.last_full_year）"), None
    cycle = round(rulebook.number(rule.id))
    behind = year - last_full_year
    if behind < 0:
        return None, _("上次全面评价年份晚于评价年份"), last_full_year
    if behind % cycle == 0:
        return Kind.FULL, None, year + cycle
    coming = last_full_year + (behind // cycle + 1) * cycle
    text = _("上次全面评价为 {last} 年，本年更新数据，沿用其指标体系和理想值", last=last_full_year)
    return Kind.UPDATE, text, coming


def _applicable(kind: ZoneType, *, high_tech: bool) -> list[str]:
    left_out = set() if high_tech else set(HIGH_TECH_ONLY)
    left_out |= CITY_ONLY if kind is ZoneType.INDUSTRIAL else INDUSTRIAL_ONLY
    return [name for name in ZONE_INDICATORS if name not in left_out]


def _tables(facts: Facts) -> dict[str, pd.DataFrame]:
    return {name: zone_indicator(facts.table, name) for name in ZONE_INDICATORS}


def _score(
    facts: Facts,
    tables: dict[str, pd.DataFrame],
    ideals: dict[str, Ideal],
    scheme: Scheme,
    kind: ZoneType,
    weights: dict[str, float],
    *,
    high_tech: bool,
) -> ZoneScore:
    tree = scheme.tree(str(kind), high_tech=high_tech)
    parts = {
        part: score_part(part, values_of(tables, part), ideals, scheme, tree)
        for part in facts.parts or [ZONE]
    }
    return combine(parts, weights)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _weights(rulebook: Rulebook) -> dict[str, float]:
    return {
        part: rulebook.number(f"land.review.part_weight.{part}") for part in ("main", "development")
    }


def _comparable(now: Facts, before: Facts | None) -> tuple[Facts | None, Text | None]:
    """Last year's facts, if they can be scored the same way."""
    if before is None:
        return None, _("没有 {year} 年的土地利用数据", year=now.year - 1)
    if before.parts != now.parts:
        return None, _("{year} 年的片区划分与本年不同", year=now.year - 1)
    return before, None


def evaluate(park: Park) -> ReviewResult | NotEvaluated:
    """Review the land intensity of a park.

    Parameters
    ----------
    park : Park

    Returns
    -------
    ReviewResult, or NotEvaluated when there is no land use of the assessed year.

    Raises
    ------
    InputError
        If the scheme or the park's settings are faulty; a node whose weights do not sum to 1
        is named.

    References
    ----------
    TD/T 1029 series as implemented in public software; 云南省《进一步发展壮大园区经济行动计划》
    第24项; 《云南省“十四五”产业园区发展规划》 4.4.3.
    """
    chosen = settings(park, "review", ReviewSettings)
    scheme = load_scheme(chosen.scheme, getattr(park, "folder", None))
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
    own = {n: Ideal(i.value, "user", None, i.source) for n, i in chosen.ideals.items()}
    sets = scheme.ideals_for(park_type)
    ideals = {name: find_ideal(name, book, sets, own) for name in ZONE_INDICATORS}
    tables = _tables(facts)
    before = _tables(last) if last is not None else None
    weights = _weights(book)
    score = _score(facts, tables, ideals, scheme, kind, weights, high_tech=high_tech)
    score_before = (
        _score(last, before, ideals, scheme, kind, weights, high_tech=high_tech)
        if last is not None and before is not None
        else None
    )
    names = _applicable(kind, high_tech=high_tech)
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
    return ReviewResult(
        year=park.year,
        kind=year_kind,
        kind_reason=kind_reason,
        next_full_year=next_full,
        zone_type=kind,
        zone_type_reason=why,
        zone_type_rules=ZONE_TYPE_RULES,
        scheme=scheme,
        indicators=indicator_table(tables, before, ideals, score, book, names, scheme.reverse),
        part_indicators=part_table(facts, tables, score, names),
        nodes=node_table(score),
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
    )
