"""What a blank field of the intake workbook is taken as, from the rules."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from greenland.energy.case.defaults import default_rules
from greenland.rules import load_rulebook


def proposed(year: int | None) -> dict[str, str]:
    """Defaults by path, such as ``storages.lifetime``, with the rules they stand in.

    Parameters
    ----------
    year : int, optional
        In which the rules are in force; this year when left out.
    """
    rulebook = load_rulebook(("national",), year or dt.date.today().year)
    found: dict[str, list[str]] = defaultdict(list)
    for path, rule_id in default_rules():
        rule = rulebook.get(rule_id)
        if rule is not None:
            found[path].append(f"{rule.value:g}（{rule.name}）")
    return {path: "；".join(values) for path, values in found.items()}
