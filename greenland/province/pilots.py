"""Parks with a sized direct supply of green power, in the order they would be taken up.

Three places, each by one figure, and a place by their mean; a park whose plan breaks a limit, or
that lacks one of the figures, has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from greenland.i18n import _
from greenland.key_results import Better, ParkKey
from greenland.province.member import Member
from greenland.province.method import ON_A_LIMIT
from greenland.province.ranking import places, standings

FIGURES = {
    "green_cost_per_mwh": Better.LOWER,
    "avoided_kg_per_yuan": Better.HIGHER,
    "least_margin": Better.HIGHER,
}


@dataclass(frozen=True, slots=True)
class Pilot:
    """A park's plan among those of the others.

    Parameters
    ----------
    park : ParkKey
    place : int, optional
        By the mean of the three.
    cost_place, avoided_place, margin_place : int, optional
    limit : str, optional
        The limit it is nearest to.
    preview : bool
        Whether inputs are defaults.
    reason : str
        Why it has no place.
    """

    park: ParkKey
    place: int | None
    cost_place: int | None
    avoided_place: int | None
    margin_place: int | None
    limit: str | None
    preview: bool
    reason: str = ""


def pilots(members: Sequence[Member]) -> list[Pilot]:
    """Parks with a plan, the first to be taken up first."""
    having = [member for member in members if "capex_yuan" in member.values]
    why = {member.entry.key: _excluded(member) for member in having}
    ranked = [member for member in having if not why[member.entry.key]]
    by_figure = {
        key: places([_compared(member, key) for member in ranked], better)
        for key, better in FIGURES.items()
    }
    overall: list[int] = [1] * len(ranked)
    if len(ranked) > 1:
        scores = [
            sum(one)
            for one in zip(*(standings(found) for found in by_figure.values()), strict=True)
        ]
        overall = places(scores)
    spots = {
        member.entry.key: (overall[n], *(found[n] for found in by_figure.values()))
        for n, member in enumerate(ranked)
    }
    found = []
    for member in having:
        key = member.entry.key
        place, cost, avoided, margin = spots.get(key, (None, None, None, None))
        found.append(
            Pilot(key, place, cost, avoided, margin, member.limit, member.preview, why[key])
        )
    return sorted(found, key=lambda one: (one.place is None, one.place or 0, one.park.park))


def _compared(member: Member, key: str) -> float:
    """A figure as it is compared: a cheapest plan lies on some limit, but for the solver's rest."""
    value = member.values[key]
    return 0.0 if key == "least_margin" and value < ON_A_LIMIT else value


def _excluded(member: Member) -> str:
    """Why a plan is not ranked; empty: it is."""
    failed = member.values.get("limits_failed")
    if failed:
        return str(_("方案有 {count} 项约束不满足，不参加排序。", count=int(failed)))
    missing = [key for key in FIGURES if key not in member.values]
    if missing:
        return str(_MISSING[missing[0]]())
    return ""


_MISSING = {
    "green_cost_per_mwh": lambda: _("方案没有绿电成本，不参加排序。"),
    "avoided_kg_per_yuan": lambda: _("方案没有减排量或初投资，不参加排序。"),
    "least_margin": lambda: _("方案没有可比的约束余量，不参加排序。"),
}
