"""Shares of self-use, export and curtailment: 650, 688 and 1192."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from greenland.energy.compliance.checks import Check, check, value_of, with_state
from greenland.energy.compliance.config import ComplianceConfig
from greenland.energy.compliance.export import CHECKED, SHARE, export_base
from greenland.i18n import _
from greenland.results import State
from greenland.rules import Rule, Rulebook

OUT_OF_STATISTICS = "excluded"


def _generation_shares(ratios: Mapping[str, float], rule: Rule | None) -> list[Check]:
    names = {"a": "self_use_of_generation", "b": "self_use_of_generation_net"}
    if rule is None:
        return []
    return [
        check("self_use_of_generation", value_of(ratios, name), rule, ">=", reading=reading)
        for reading, name in names.items()
    ]


def share_checks(
    ratios: Mapping[str, float], config: ComplianceConfig, rulebook: Rulebook
) -> list[Check]:
    """Shares of self-use and export that 650 and 688 require."""
    checks = _generation_shares(ratios, rulebook.get("energy.direct.self_use_of_generation"))
    consumption = value_of(ratios, "self_use_of_consumption")
    rule = rulebook.get("energy.direct.self_use_of_consumption")
    if rule is not None:
        checks.append(check("self_use_of_consumption", consumption, rule, ">=", reading="in_force"))
    target = rulebook.get("energy.direct.self_use_of_consumption_by_2030")
    if target is not None:
        checks.append(_by_2030(consumption, target, rulebook))
    export = rulebook.get(SHARE)
    if export is not None:
        limit = CHECKED[export_base(rulebook)]
        checks.append(check(limit, value_of(ratios, limit), export, "<="))
    return checks


def _by_2030(consumption: float | None, target: Rule, rulebook: Rulebook) -> Check:
    due = rulebook.rule("energy.direct.self_use_of_consumption_due")
    last = dt.date.fromisoformat(str(due.value))
    judged = check("self_use_of_consumption", consumption, target, ">=", reading="before_2030")
    if judged.state is State.FAILED and rulebook.year <= last.year:
        reason = _("{date} 前达到即可，现在还差。", date=last.isoformat())
        return with_state(judged, State.NOT_DUE, reason)
    return judged


def near_share_checks(
    ratios: Mapping[str, float], config: ComplianceConfig, rulebook: Rulebook
) -> list[Check]:
    """Shares of self-use that 1192 requires of projects consuming nearby."""
    checks = _generation_shares(ratios, rulebook.get("energy.near.self_use_of_generation"))
    consumption = value_of(ratios, "self_use_of_consumption")
    first = rulebook.get("energy.near.new_from")
    rule = rulebook.get("energy.near.self_use_of_consumption")
    newer = rulebook.get("energy.near.self_use_of_consumption_new")
    if rule is None or newer is None or first is None:
        return checks
    year = config.commissioning_year or rulebook.year
    new = year >= rulebook.number(first.id)
    judged = check("self_use_of_consumption", consumption, newer, ">=", reading="new_from_2030")
    if not new:
        checks.append(check("self_use_of_consumption", consumption, rule, ">=", reading="in_force"))
        reason = _("项目{year}年投产，不属于2030年起新增项目。", year=year)
        judged = with_state(judged, State.NOT_APPLICABLE, reason)
    checks.append(judged)
    return checks


def curtailment_checks(ratios: Mapping[str, float], rulebook: Rulebook) -> list[Check]:
    """Curtailment of a project with several users: shown, but in no statistics."""
    rule = rulebook.get("energy.direct.curtailment_statistics")
    if rule is None or rule.value != OUT_OF_STATISTICS:
        return []
    judged = check("curtailment_share", value_of(ratios, "curtailment_share"), rule, "<=")
    reason = _("多用户项目的弃电不计入新能源利用率统计。")
    return [with_state(judged, State.NOT_APPLICABLE, reason)]
