"""Folders that seem to be the same park: one code, one name, or the same parcel outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from greenland.province.member import Member


class SameBy(StrEnum):
    """What two folders have in common."""

    CODE = "code"
    NAME = "name"
    OUTLINES = "outlines"


@dataclass(frozen=True, slots=True)
class SameSite:
    """Two folders with something in common.

    Parameters
    ----------
    first, second : str
        Folders.
    by : SameBy
    what : str
        The code or name.
    count : int
        How many outlines.
    left_out : bool
        Whether the second is left out of sums and ranking.
    """

    first: str
    second: str
    by: SameBy
    what: str
    count: int
    left_out: bool


def same_sites(members: Sequence[Member]) -> tuple[list[SameSite], list[Member]]:
    """Folders that seem to be one park, and the members that count.

    Of folders with one key (the code, or the name where there is no code) and one year only the
    first counts. Others that have something in common are told of and count.

    Parameters
    ----------
    members : sequence of Member
        Of one year, in the order of their folders.
    """
    found: list[SameSite] = []
    counted: list[Member] = []
    for member in members:
        twin = next((one for one in counted if one.entry.key == member.entry.key), None)
        if twin is None:
            counted.append(member)
            continue
        by = SameBy.CODE if member.code and twin.code else SameBy.NAME
        found.append(SameSite(twin.folder, member.folder, by, member.entry.park, 0, True))
    for place, member in enumerate(counted):
        for other in counted[place + 1 :]:
            if member.name.strip() == other.name.strip():
                found.append(
                    SameSite(member.folder, other.folder, SameBy.NAME, member.name, 0, False)
                )
    return found + _drawn_twice(counted), counted


def _drawn_twice(members: Sequence[Member]) -> list[SameSite]:
    """Pairs of parks with outlines in common, found by the outlines."""
    owners: dict[str, list[int]] = {}
    for place, member in enumerate(members):
        for outline in member.outlines:
            owners.setdefault(outline, []).append(place)
    pairs: dict[tuple[int, int], int] = {}
    for places in owners.values():
        for position, one in enumerate(places):
            for two in places[position + 1 :]:
                pairs[(one, two)] = pairs.get((one, two), 0) + 1
    return [
        SameSite(
            members[one].folder, members[two].folder, SameBy.OUTLINES, members[two].name, count,
            left_out=False,
        )
        for (one, two), count in sorted(pairs.items())
    ]  # fmt: skip
