"""Default values of the profiles, from the rulebook, with a note of which were used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from greenland.errors import input_error
from greenland.i18n import _
from greenland.rules.book import Rulebook, load_rulebook

PACKS = ("national", "yunnan")
PREFIX = "energy.profiles."


@dataclass
class Defaults:
    """Values of the rules below ``energy.profiles``, remembering which were asked for."""

    rulebook: Rulebook
    used: list[str] = field(default_factory=list)

    def get(self, name: str) -> Any:
        """Value of the rule ``energy.profiles.<name>``; a whole id is taken as it is.

        Raises
        ------
        RuleNotFoundError
            If no pack of the park has it.
        InputError
            If the packs leave its value to the park.
        """
        rule_id = name if name.startswith("energy.") else PREFIX + name
        value = self.rulebook.rule(rule_id).value
        if value is None:
            raise input_error(
                "rule_without_value",
                _("规则“{rule_id}”没有公开数值，须由园区提供。", rule_id=rule_id),
                remedy=_("请在 park.yaml 的 overrides 中填写数值和依据。"),
            )
        if rule_id not in self.used:
            self.used.append(rule_id)
        return value

    def number(self, name: str, given: float | None = None) -> float:
        """*given*, or if None the rule's value as a float."""
        return float(self.get(name)) if given is None else float(given)


def defaults(rulebook: Rulebook | None, year: int | None = None) -> Defaults:
    """Defaults from *rulebook*; from the national and Yunnan packs when None."""
    return Defaults(load_rulebook(PACKS, year) if rulebook is None else rulebook)
