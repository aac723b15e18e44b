"""Places of parks among their like, by indicator and over all indicators.

Like is what has the same year, level and type. Values that are equal share a place, and the next
place is left free. A park without a value has no place, and neither has one with too few of its
like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from greenland.history import Entry
from greenland.i18n import _
from greenland.key_results import RANKED, Better, KeyResult, ParkKey
from greenland.province.method import LEAST_PEERS, LEAST_RANKED_SHARE, SAME_WITHIN

Group = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A park's place by one indicator among its like.

    Parameters
    ----------
    place : int, optional
        1 is the best; None where there is none.
    of : int
        How many have a place.
    standing : float, optional
        Share of the others that are worse, ties counted half, times 100.
    reason : str
        Why there is no place.
    """

    place: int | None
    of: int
    standing: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Overall:
    """A park's place over all indicators.

    Parameters
    ----------
    score : float, optional
        Weighted mean of its standings [0–100].
    place : int, optional
        Among its like.
    of : int
    province_place : int, optional
        Among all parks of the year: scores are relative to the like of each.
    province_of : int
    indicators : int
        Indicators it has a place by.
    reason : str
        Why there is none.
    """

    score: float | None
    place: int | None
    of: int
    province_place: int | None
    province_of: int
    indicators: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All places of parks.

    Parameters
    ----------
    by_indicator : mapping of (park and year, indicator) to Place
    overall : mapping of park and year to Overall
    """

    by_indicator: Mapping[tuple[ParkKey, str], Place]
    overall: Mapping[ParkKey, Overall]


def places(values: Sequence[float], better: Better = Better.HIGHER) -> list[int]:
    """The place of each value; equal ones share it.

    Examples
    --------
    >>> places([0.5, 0.7, 0.1 + 0.2, 0.3, 0.7])
    [3, 1, 4, 4, 1]
    """
    sign = -1.0 if better is Better.HIGHER else 1.0
    order = sorted(range(len(values)), key=lambda number: sign * values[number])
    found = [0] * len(values)
    for position, number in enumerate(order):
        before = order[position - 1] if position else None
        same = before is not None and _same(values[before], values[number])
        found[number] = found[order[position - 1]] if same else position + 1
    return found


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= SAME_WITHIN * max(abs(one), abs(other))


def standings(found: Sequence[int]) -> list[float]:
    """Share of the others that are worse than each place, those at the same one half, times 100.

    Examples
    --------
    >>> standings([1, 2, 2, 4])
    [100.0, 50.0, 50.0, 0.0]
    """
    count = len(found)
    result = []
    for place in found:
        same = sum(other == place for other in found) - 1
        worse = sum(other > place for other in found)
        result.append(100.0 * (worse + same / 2) / (count - 1))
    return result


def group_of(entry: Entry) -> Group:
    """What a park is compared within."""
    return (entry.year, entry.level, entry.type)


def rank(
    entries: Sequence[Entry],
    weights: Mapping[str, float] | None = None,
    why: Callable[[Entry, str], str] | None = None,
) -> Ranking:
    """Rank parks by every ranked indicator, and over all.

    Parameters
    ----------
    entries : sequence of Entry
        Each park and year once.
    weights : mapping of key to number, optional
        Of indicators in the overall ranking; 1 where not named.
    why : callable, optional
        Gives the reason a park has no value of an indicator.
    """
    groups: dict[Group, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(group_of(entry), []).append(entry)
    found: dict[tuple[ParkKey, str], Place] = {}
    for peers in groups.values():
        for item in RANKED:
            for entry, place in _by_indicator(peers, item, why):
                found[(entry.key, item.key)] = place
    return Ranking(found, _overall(groups, found, weights or {}))


def _by_indicator(
    peers: Sequence[Entry], item: KeyResult, why: Callable[[Entry, str], str] | None
) -> Iterable[tuple[Entry, Place]]:
    valued = [entry for entry in peers if item.key in entry.values]
    enough = len(valued) >= LEAST_PEERS
    ranked = places([entry.values[item.key] for entry in valued], item.ranked or Better.HIGHER)
    standing = standings(ranked) if enough else []
    for entry in peers:
        if item.key not in entry.values:
            reason = why(entry, item.key) if why is not None else ""
            yield entry, Place(None, len(valued), reason=reason or str(_("没有数据。")))
    for number, entry in enumerate(valued):
        if enough:
            yield entry, Place(ranked[number], len(valued), standing[number])
        else:
            yield entry, Place(None, len(valued), reason=_few(len(valued)))


def _few(count: int) -> str:
    return str(
        _("同年度、同级别、同类型而有该数的园区只有 {count} 个，不足 {least} 个。",
          count=count, least=LEAST_PEERS)
    )  # fmt: skip


def _overall(
    groups: Mapping[Group, Sequence[Entry]],
    found: Mapping[tuple[ParkKey, str], Place],
    weights: Mapping[str, float],
) -> dict[ParkKey, Overall]:
    scores: dict[ParkKey, float] = {}
    counts: dict[ParkKey, int] = {}
    whole = sum(weights.get(item.key, 1.0) for item in RANKED)
    for entry in (entry for peers in groups.values() for entry in peers):
        had = [
            (weights.get(item.key, 1.0), standing)
            for item in RANKED
            if (standing := found[(entry.key, item.key)].standing) is not None
        ]
        weight = sum(one for one, _standing in had)
        counts[entry.key] = len(had)
        if weight > 0 and weight >= LEAST_RANKED_SHARE * whole * (1 - SAME_WITHIN):
            scores[entry.key] = sum(one * standing for one, standing in had) / weight
    result: dict[ParkKey, Overall] = {}
    years = {entry.year for peers in groups.values() for entry in peers}
    province = {
        year: _placed([key for key in scores if key.year == year], scores) for year in years
    }
    for peers in groups.values():
        own = _placed([entry.key for entry in peers if entry.key in scores], scores)
        for entry in peers:
            key, everywhere = entry.key, province[entry.year]
            result[key] = Overall(
                scores.get(key),
                own.get(key) if len(own) >= LEAST_PEERS else None,
                len(own),
                everywhere.get(key),
                len(everywhere),
                counts[key],
                "" if key in scores else _too_few(counts[key]),
            )
    return result


def _placed(keys: Sequence[ParkKey], scores: Mapping[ParkKey, float]) -> dict[ParkKey, int]:
    return dict(zip(keys, places([scores[key] for key in keys]), strict=True))


def _too_few(count: int) -> str:
    return str(
        _("{of} 个指标中只有 {count} 个排了名次，权重不足 {share:.0%}。",
          of=len(RANKED), count=count, share=LEAST_RANKED_SHARE)
    )  # fmt: skip
