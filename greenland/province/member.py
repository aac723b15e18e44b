"""A park as the province keeps it: its key results, and no more than the report needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from greenland.errors import Severity
from greenland.history import Entry, entry_of
from greenland.i18n import _
from greenland.key_results import key_results
from greenland.key_results.extract import nearest_limit
from greenland.province.method import OUTLINE_DECIMALS
from greenland.record.record import if_made

if TYPE_CHECKING:
    from greenland.record.record import Record

RANKING_RULES = "land.policy.ranking."
_GROWN = ("revenue_wan", "above_scale_output_wan", "rank", "ranked_parks")


@dataclass(frozen=True, slots=True)
class Member:
    """One park of the province.

    Parameters
    ----------
    folder : str
        Its folder, relative to that of the province.
    entry : Entry
        Its key results.
    reasons : mapping
        Why a key result is missing.
    packs : tuple of str
        Rule packs it names.
    tier : str, optional
    targets : tuple of dict
        Targets asked of the park itself, as in the record.
    measures : tuple of dict
        What follows from its rank, by its own evaluation.
    yearly : mapping of year to figures
        Revenue, output, rank and number of ranked parks.
    sold : mapping of year to areas
        Standard land and all industrial land sold [公顷].
    disposal : tuple of dict
        Stock and disposal by ledger and year [公顷].
    industries : str
        Leading industries as stated.
    outlines : frozenset of str
        Parcel outlines, so that they can be found again elsewhere.
    limit : str, optional
        The limit the energy plan is nearest to.
    preview : bool
        Whether the energy plan rests on default inputs.
    not_made : mapping of key to reason
        Evaluations that were not made.
    errors, warnings : int
        Of the park's data.
    link : str
        Its report, relative to that of the province; empty: none.
    """

    folder: str
    entry: Entry
    code: str | None
    reasons: Mapping[str, str]
    packs: tuple[str, ...]
    tier: str | None = None
    targets: tuple[dict[str, Any], ...] = ()
    measures: tuple[dict[str, Any], ...] = ()
    yearly: Mapping[int, dict[str, float | None]] = field(default_factory=dict)
    sold: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    disposal: tuple[dict[str, Any], ...] = ()
    industries: str = ""
    outlines: frozenset[str] = frozenset()
    limit: str | None = None
    preview: bool = False
    not_made: Mapping[str, str] = field(default_factory=dict)
    errors: int = 0
    warnings: int = 0
    link: str = ""

    @property
    def name(self) -> str:
        """Name of the park."""
        return self.entry.name

    @property
    def values(self) -> Mapping[str, float]:
        """Its key results."""
        return self.entry.values


@dataclass(frozen=True, slots=True)
class Failed:
    """A folder no results came out of, and why.

    Parameters
    ----------
    folder : str
    reason : str
        For people, one line.
    problems : tuple of str
        Further ones.
    """

    folder: str
    reason: str
    problems: tuple[str, ...] = ()


def member_of(record: Record, folder: str, link: str = "") -> Member:
    """What the province keeps of a results record."""
    _values, reasons = key_results(record)
    policy = if_made(record.land.policy)
    energy = if_made(record.energy)
    counts = dict.fromkeys(Severity, 0)
    for problem in record.problems:
        counts[Severity(problem.severity)] += 1
    return Member(
        folder=folder,
        entry=entry_of(record),
        code=record.park.code,
        reasons=reasons,
        packs=record.park.rule_packs,
        tier=policy.tier.tier if policy is not None else None,
        targets=tuple(
            row.cells()
            for row in (policy.targets if policy is not None else ())
            if not str(row.rule_id or "").startswith("land.policy.goal.")
        ),
        measures=tuple(
            row.cells()
            for row in (policy.measures if policy is not None else ())
            if str(row.rule_id or "").startswith(RANKING_RULES)
        ),
        yearly={
            row.year: {name: getattr(row, name) for name in _GROWN}
            for row in (policy.figures if policy is not None else ())
        },
        sold=_sold(record),
        disposal=_disposal(record),
        industries=_("、").join(
            part.leading_industries for part in record.park.overview if part.leading_industries
        ),
        outlines=_outlines(record),
        limit=nearest_limit(energy)[0] if energy is not None else None,
        preview=energy is not None and energy.preview,
        not_made=_not_made(record),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        link=link,
    )


def _sold(record: Record) -> dict[int, tuple[float, float]]:
    standard = if_made(record.land.standard_land)
    return {
        row.year: (row.standard_land_ha, row.industrial_supplied_ha)
        for row in (standard.history if standard is not None else ())
        if row.standard_land_ha is not None and row.industrial_supplied_ha is not None
    }


def _disposal(record: Record) -> tuple[dict[str, Any], ...]:
    stock = if_made(record.land.stock)
    return tuple(
        {
            "ledger": row.ledger,
            "year": row.year,
            "stock_ha": row.stock_ha,
            "disposed_ha": row.disposed_ha,
        }
        for row in (stock.disposal if stock is not None else ())
    )


def _not_made(record: Record) -> dict[str, str]:
    from greenland.evaluations import ASKED

    return {
        item.key: str(part.reason)
        for item in ASKED
        if (part := record.part(item)) is not None and not part.evaluated
    }


def _outlines(record: Record) -> frozenset[str]:
    """Outlines of the parcels, each ring from its least corner on, whichever way it was drawn."""
    geometry = if_made(record.land.geometry)
    if geometry is None:
        return frozenset()
    return frozenset(
        repr(sorted(_ring(ring) for ring in feature.rings))
        for feature in geometry.features
        if feature.rings
    )


def _ring(ring: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    points = [(round(x, OUTLINE_DECIMALS), round(y, OUTLINE_DECIMALS)) for x, y in ring]
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    least = points.index(min(points))
    forward = points[least:] + points[:least]
    backward = [forward[0], *reversed(forward[1:])]
    return min(forward, backward)
