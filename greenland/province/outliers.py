"""Values far from those of a park's like, by distance from the median in median deviations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from greenland.key_results import RANKED, ParkKey
from greenland.province.member import Member
from greenland.province.method import NORMAL_MAD, OUTLIER_PEERS, OUTLIER_SCORE
from greenland.province.ranking import Group, group_of


@dataclass(frozen=True, slots=True)
class Outlier:
    """A value to look at.

    Parameters
    ----------
    park : ParkKey
    key : str
    value, median : float
        In the unit of the key.
    score : float
        Distance from the median over the median absolute deviation, times 0.6745.
    peers : int
        How many have the value.
    """

    park: ParkKey
    key: str
    value: float
    median: float
    score: float
    peers: int


def robust_scores(values: Sequence[float]) -> tuple[float, list[float]] | None:
    """Median of some values, and each one's modified z score; None where most are the same.

    References
    ----------
    Iglewicz, Hoaglin (1993): How to Detect and Handle Outliers.

    Examples
    --------
    >>> middle, scores = robust_scores([1.0, 2.0, 3.0, 4.0, 100.0])
    >>> middle, round(scores[-1], 2)
    (3.0, 65.43)
    >>> robust_scores([1.0, 1.0, 1.0, 9.0]) is None
    True
    """
    middle = median(values)
    deviation = median(abs(value - middle) for value in values)
    if not deviation > 0:
        return None
    return middle, [NORMAL_MAD * (value - middle) / deviation for value in values]


def outliers(members: Sequence[Member]) -> list[Outlier]:
    """Values of ranked indicators far from those of the like, the farthest first."""
    groups: dict[Group, list[Member]] = {}
    for member in members:
        groups.setdefault(group_of(member.entry), []).append(member)
    found = []
    for peers in groups.values():
        for item in RANKED:
            having = [member for member in peers if item.key in member.values]
            if len(having) < OUTLIER_PEERS:
                continue
            made = robust_scores([member.values[item.key] for member in having])
            if made is None:
                continue
            middle, scores = made
            found += [
                Outlier(
                    member.entry.key, item.key, member.values[item.key], middle, score, len(having)
                )
                for member, score in zip(having, scores, strict=True)
                if abs(score) > OUTLIER_SCORE
            ]
    return sorted(found, key=lambda one: -abs(one.score))
