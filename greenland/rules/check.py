"""How sure the rules of the packs are, which lack a value, which end, and which are not used."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from greenland.rules.asked import unasked
from greenland.rules.rule import Confidence, Rule


@dataclass(frozen=True, slots=True)
class Ending:
    """A rule that ends, or whose plan does, and the one of the same pack that follows it."""

    rule: Rule
    last: dt.date
    successor: Rule | None


@dataclass(frozen=True)
class RuleCheck:
    """What is to be known about rules before they are relied on.

    Parameters
    ----------
    day : date
        On which they are in force.
    confidence : mapping of pack to counts
        How many rules of each pack were seen in which way.
    without_value : tuple of Rule
        Left to the park to supply.
    ending : tuple of Ending
        In force on the day and ending within a year of it, the first to end first.
    unused : tuple of Rule
        Nothing asks for them.
    """

    day: dt.date
    confidence: dict[str, Counter[Confidence]]
    without_value: tuple[Rule, ...]
    ending: tuple[Ending, ...]
    unused: tuple[Rule, ...]

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "day": self.day.isoformat(),
            "confidence": {
                pack: {str(kind): counts[kind] for kind in Confidence if counts[kind]}
                for pack, counts in self.confidence.items()
            },
            "without_value": [rule.as_record() for rule in self.without_value],
            "ending": [
                {
                    "rule": item.rule.as_record(),
                    "last": item.last.isoformat(),
                    "successor": item.successor.as_record() if item.successor else None,
                }
                for item in self.ending
            ],
            "unused": [rule.as_record() for rule in self.unused],
        }


def check_rules(rules: Iterable[Rule], day: dt.date) -> RuleCheck:
    """Look through rules as they are on a day.

    Parameters
    ----------
    rules : iterable of Rule
        Of any packs, with what a park overrides.
    day : date

    Examples
    --------
    >>> from greenland.rules import load_rulebook
    >>> found = check_rules(load_rulebook(("yunnan",), 2026).all_rules, dt.date(2026, 1, 15))
    >>> next(item.last.isoformat() for item in found.ending if "tou" in item.rule.id)
    '2026-02-28'
    """
    everything = tuple(rules)
    held = [rule for rule in everything if rule.in_force(day)]
    counts: dict[str, Counter[Confidence]] = {}
    for rule in held:
        counts.setdefault(rule.pack, Counter())[rule.confidence] += 1
    dead = set(unasked({rule.id for rule in held}))
    return RuleCheck(
        day,
        counts,
        tuple(rule for rule in held if rule.value is None),
        tuple(sorted(_ending(held, everything, day), key=lambda item: (item.last, item.rule.id))),
        tuple(rule for rule in held if rule.id in dead),
    )


def _ending(held: Sequence[Rule], everything: Sequence[Rule], day: dt.date) -> Iterable[Ending]:
    for rule in held:
        ends = [end for end in (rule.valid_to, rule.plan_end) if end is not None and end >= day]
        last = min(ends, default=None)
        if last is None or last > day + dt.timedelta(365):
            continue
        later = [
            other
            for other in everything
            if (other.id, other.pack) == (rule.id, rule.pack)
            and other.valid_from is not None
            and other.valid_from > last
        ]
        yield Ending(rule, last, min(later, key=lambda one: one.valid_from or day, default=None))
