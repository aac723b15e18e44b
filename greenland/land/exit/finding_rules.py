"""Decision, route and deadline that each finding leads to, from the rule pack."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from greenland.errors import input_error
from greenland.i18n import _
from greenland.land.exit.findings import Finding
from greenland.land.exit.result import Decision, Route

if TYPE_CHECKING:
    from greenland.rules import Rulebook


class Deadline(StrEnum):
    """From what the date is reckoned by which a decision has to be carried out."""

    EXIT = "exit"
    SUPERVISE = "supervise"
    IMPROVE = "improve"
    DETERMINE = "determine"
    TAKE_BACK = "take_back"
    EXTENSION = "extension"


class FindingRule(BaseModel):
    """Decision, route and deadline a finding leads to."""

    model_config = ConfigDict(extra="forbid")

    decision: Decision
    route: Route
    deadline: Deadline


class FindingRules(BaseModel):
    """``land.exit.measures``: one rule for each finding."""

    model_config = ConfigDict(extra="forbid")

    table: dict[Finding, FindingRule]


def measures(rules: Rulebook) -> dict[Finding, FindingRule]:
    """Decision, route and deadline of each finding, from the rule pack.

    Raises
    ------
    InputError
        If the rule is incomplete or names something unknown.
    """
    value = rules.rule("land.exit.measures").value
    try:
        table = FindingRules.model_validate({"table": value}).table
    except ValidationError as error:
        first = error.errors()[0]
        raise input_error(
            "exit_measures",
            _("退出规则 land.exit.measures 的内容无效。"),
            got=f"{'.'.join(str(part) for part in first['loc'][1:])}: {first['input']}",
            allowed="、".join(Finding),
        ) from error
    lacking = [name for name in Finding if name not in table]
    if lacking:
        raise input_error(
            "exit_measures",
            _("退出规则 land.exit.measures 缺少情形。"),
            got="、".join(lacking),
            remedy=_("请为每种情形写明决定、路径和期限。"),
        )
    return table
