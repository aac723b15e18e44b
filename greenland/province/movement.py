"""Places of this year beside those of the years before: moves, last places, large falls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenland.i18n import _
from greenland.key_results import ParkKey
from greenland.province.ranking import Ranking

if TYPE_CHECKING:
    from greenland.history import Entry
    from greenland.province.member import Member
    from greenland.rules import Rulebook

BOTTOM = "land.policy.ranking.bottom"
FALL = "land.policy.ranking.fall"
YEARS = "land.policy.ranking.bottom_years"


@dataclass(frozen=True, slots=True)
class Move:
    """A park's place in the province this year and before.

    Parameters
    ----------
    park : ParkKey
    place, of : int, optional
    before, before_of : int, optional
        Last year.
    moved : int, optional
        Places gained; negative: lost.
    bottom : bool, optional
        Whether it is among the last places; None where that cannot be told.
    bottom_before : bool, optional
        Whether it was, in each year before that decides.
    running : bool, optional
        Whether it has been so for as many years running as the rule asks.
    fell : bool, optional
        Whether it fell more places than the rule lets pass.
    reason : str
        Why something cannot be told.
    """

    park: ParkKey
    place: int | None
    of: int | None
    before: int | None
    before_of: int | None
    moved: int | None
    bottom: bool | None
    bottom_before: bool | None
    running: bool | None
    fell: bool | None
    reason: str = ""


Spot = tuple[int | None, int | None]  # place, and of how many


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the rules in force say of places; None where none does."""

    bottom: int | None
    fall: float | None
    years: int | None

    @classmethod
    def of(cls, rules: Rulebook) -> Bounds:
        """As a rulebook has them."""
        bottom, fall, years = (
            rules.number(name) if rules.get(name) is not None else None
            for name in (BOTTOM, FALL, YEARS)
        )
        return cls(
            None if bottom is None else int(bottom), fall, None if years is None else int(years)
        )


def move(park: ParkKey, spots: Sequence[Spot], bounds: Bounds) -> Move:
    """A park's places, this year's first, held against the rules.

    Parameters
    ----------
    park : ParkKey
    spots : sequence of (place, of how many)
        This year, last year, and so on; ``(None, None)`` for a year that is not known.
    bounds : Bounds
    """
    (place, of), (before, before_of) = spots[0], spots[1]
    moved = before - place if place is not None and before is not None else None
    lasts = [_last(spot, bounds.bottom) for spot in spots]
    running: bool | None = None
    if bounds.years is not None:
        asked = lasts[: bounds.years]
        running = False if False in asked else None if None in asked else True
    fell = None if moved is None or bounds.fall is None else -moved > bounds.fall
    reason = ""
    if place is None:
        reason = str(_("本年没有名次。"))
    elif before is None:
        reason = str(_("上年没有名次，变动不明。"))
    return Move(
        park, place, of, before, before_of, moved, lasts[0], lasts[1], running, fell, reason
    )


def _last(spot: Spot, bottom: int | None) -> bool | None:
    place, of = spot
    if place is None or of is None or bottom is None:
        return None
    return place > of - bottom


def moves_by_score(
    members: Sequence[Member], rankings: Mapping[int, Ranking], year: int, bounds: Bounds
) -> list[Move]:
    """Moves by the overall score, over as many years as the rules ask for."""
    found = []
    for member in members:
        spots = []
        for back in range(max(2, bounds.years or 0)):
            ranking = rankings.get(year - back)
            key = ParkKey(member.entry.park, year - back)
            overall = ranking.overall.get(key) if ranking is not None else None
            spots.append(
                (None, None)
                if overall is None or overall.province_place is None
                else (overall.province_place, overall.province_of)
            )
        found.append(move(member.entry.key, spots, bounds))
    return found


def moves_as_reported(
    members: Sequence[Member], kept: Mapping[ParkKey, Entry], year: int, bounds: Bounds
) -> list[Move]:
    """Moves by the rank each park reports of itself, now or in earlier results."""
    found = []
    for member in members:
        spots: list[Spot] = []
        for back in range(max(2, bounds.years or 0)):
            spots.append(_reported(member, kept, year - back))
        if any(place is not None for place, _of in spots):
            found.append(move(member.entry.key, spots, bounds))
    return found


def _reported(member: Member, kept: Mapping[ParkKey, Entry], year: int) -> Spot:
    """The rank of a year as the park's own sheet has it, or as it was kept."""
    figures = member.yearly.get(year, {})
    rank, parks = figures.get("rank"), figures.get("ranked_parks")
    earlier = kept.get(ParkKey(member.entry.park, year))
    if rank is None and earlier is not None:
        rank = earlier.values.get("official_rank")
        parks = earlier.values.get("official_ranked_parks")
    return (None if rank is None else int(rank), None if parks is None else int(parks))
