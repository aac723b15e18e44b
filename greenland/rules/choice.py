"""Rules whose value is one of a few words."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from greenland.errors import input_error
from greenland.i18n import _
from greenland.rules.rule import Rule

Choice = TypeVar("Choice", bound=StrEnum)


def chosen(rule: Rule, choices: type[Choice], *, touches: tuple[str, ...]) -> Choice:
    """What a rule chooses.

    Parameters
    ----------
    rule : Rule
    choices : type of StrEnum
        What its value may be.
    touches : tuple of str
        Parts of an assessment that cannot do without it.

    Raises
    ------
    InputError
        If an override names none of the choices.
    """
    if rule.value in set(choices):
        return choices(rule.value)
    raise input_error(
        "rule_choice",
        _("规则“{rule_id}”（{title}）的值不能用。", rule_id=rule.id, title=rule.name),
        remedy=_("请在 overrides 中改为允许的值。"),
        got=str(rule.value),
        allowed="、".join(choices),
        touches=touches,
    )
