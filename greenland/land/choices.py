"""Rules whose value is a choice: what it says is what is done, and nothing else is taken."""

from __future__ import annotations

from collections.abc import Collection

from greenland.errors import InputError, input_error
from greenland.i18n import _
from greenland.rules import Rulebook


def one_of(rulebook: Rulebook, rule_id: str, allowed: Collection[str]) -> str | None:
    """The choice of a rule; None when no such rule is in force.

    Raises
    ------
    InputError
        When a park's own value is none of those allowed.
    """
    rule = rulebook.get(rule_id)
    if rule is None:
        return None
    if rule.value not in allowed:
        raise _refused(rule_id, str(rule.value), allowed)
    return str(rule.value)


def some_of(rulebook: Rulebook, rule_id: str, allowed: Collection[str]) -> list[str]:
    """The choices of a rule that lists several; empty when no such rule is in force.

    Raises
    ------
    InputError
        When a park's own list has one that is not allowed.
    """
    rule = rulebook.get(rule_id)
    if rule is None:
        return []
    listed = rule.value if isinstance(rule.value, list) else [rule.value]
    for item in listed:
        if item not in allowed:
            raise _refused(rule_id, str(item), allowed)
    return [str(item) for item in listed]


def _refused(rule_id: str, got: str, allowed: Collection[str]) -> InputError:
    return input_error(
        "rule_choice",
        _("规则“{rule_id}”的取值无效。", rule_id=rule_id),
        remedy=_("请在 park.yaml 的 overrides 中改用允许的值，或删去这一项。"),
        got=got,
        allowed="、".join(allowed),
    )
