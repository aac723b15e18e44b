"""Rules in force on the day that decides a matter: a contract, a decision on a project."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from greenland.rules import Rule, Rulebook


def rules_on(rulebook: Rulebook, day: dt.date) -> Rulebook:
    """The same packs and overrides, with the rules in force on one day.

    Parameters
    ----------
    rulebook : Rulebook
        Holds the rules in force at the end of its year; what is asked of the result is noted in
        it too where it notes that.
    day : date
        Of the contract or decision.

    Returns
    -------
    Rulebook
        Of several rules with one id that of the pack named last counts, of one pack the one that
        came into force last; the park's own before all.
    """
    order = {name: place for place, name in enumerate((*rulebook.packs, "park"))}
    rank = {
        id(rule): (order[rule.pack], rule.valid_from or dt.date.min) for rule in rulebook.all_rules
    }
    chosen: dict[str, Rule] = {}
    for rule in sorted(rulebook.all_rules, key=lambda rule: rank[id(rule)]):
        if rule.in_force(day):
            chosen[rule.id] = rule
    return replace(rulebook, year=day.year, rules=chosen)
