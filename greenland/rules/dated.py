"""Which rule is in force on a day, and on the days of a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from greenland.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class RuleSpan:
    """Consecutive days on which one rule is in force, both ends counted."""

    first: dt.date
    last: dt.date
    rule: Rule


@dataclass(frozen=True, slots=True)
class Ranking:
    """Which of two rules of one id wins: that of the later pack, then that of the later date.

    Parameters
    ----------
    places : mapping of pack to int
        What the park gives stands last.
    """

    places: Mapping[str, int]

    @classmethod
    def of(cls, packs: Sequence[str]) -> Ranking:
        """The ranking of packs named from the most general to the most local."""
        return cls({name: place for place, name in enumerate((*packs, "park"))})

    def key(self, rule: Rule) -> tuple[int, dt.date]:
        """What rules of one id are ordered by."""
        return self.places[rule.pack], rule.valid_from or dt.date.min


def latest(rules: Iterable[Rule], ranking: Ranking, day: dt.date) -> dict[str, Rule]:
    """Of each id the rule that is in force on a day."""
    chosen: dict[str, Rule] = {}
    for rule in rules:
        other = chosen.get(rule.id)
        if rule.in_force(day) and (other is None or ranking.key(rule) >= ranking.key(other)):
            chosen[rule.id] = rule
    return chosen


def spans_in_year(versions: Sequence[Rule], ranking: Ranking, year: int) -> tuple[RuleSpan, ...]:
    """Days of a year on which each of the versions of a rule is in force and has a value.

    Parameters
    ----------
    versions : sequence of Rule
        Of one id.

    Returns
    -------
    tuple of RuleSpan
        In order of time; what comes to the same rule is one span.
    """
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    after = (rule.valid_to + dt.timedelta(1) for rule in versions if rule.valid_to is not None)
    turns = {rule.valid_from for rule in versions if rule.valid_from is not None} | set(after)
    begins = sorted({first} | {day for day in turns if first < day <= last})
    ends = [day - dt.timedelta(1) for day in begins[1:]] + [last]
    spans: list[RuleSpan] = []
    for begin, end in zip(begins, ends, strict=True):
        (rule,) = latest(versions, ranking, begin).values() or (None,)
        if rule is None or rule.value is None:
            continue
        before = spans[-1] if spans else None
        if before is not None and before.rule is rule and before.last == begin - dt.timedelta(1):
            spans[-1] = RuleSpan(before.first, end, rule)
        else:
            spans.append(RuleSpan(begin, end, rule))
    return tuple(spans)
