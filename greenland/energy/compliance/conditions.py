"""Conditions without a number: the checklist and its answers."""

from __future__ import annotations

from greenland.energy.compliance.checks import Condition
from greenland.energy.compliance.config import ComplianceConfig
from greenland.errors import Problem, Severity
from greenland.i18n import _
from greenland.rules import Rule, Rulebook
from greenland.yamlfile import nearest

_PREFIX = "energy.direct.condition"


def unknown_answers(config: ComplianceConfig, rulebook: Rulebook) -> list[Problem]:
    """Answers to conditions that no rule has, or none of the assessed year."""
    known = [rule.removeprefix(_PREFIX + ".") for rule in rulebook.rules if _PREFIX in rule]
    dated = {
        rule.id.removeprefix(_PREFIX + "."): rule
        for rule in rulebook.all_rules
        if rule.id.startswith(_PREFIX + ".")
    }
    problems = []
    for item in config.answers:
        if item in known:
            continue
        if item in dated:
            problems.append(_not_in_force(item, dated[item], rulebook.year))
            continue
        guess = nearest(item, sorted(dated))
        problems.append(
            Problem(
                Severity.ERROR,
                "unknown_condition",
                _("核对清单里没有“{item}”这一条", item=item),
                _("是否应为“{guess}”？", guess=guess) if guess else "",
                column="compliance.answers",
                got=item,
                allowed="、".join(sorted(known)),
                touches=("energy",),
            )
        )
    return problems


def _not_in_force(item: str, rule: Rule, year: int) -> Problem:
    """An answer to a condition that another year has: it is passed over, and this is said."""
    return Problem(
        Severity.WARNING,
        "condition_not_in_force",
        _("{year}年没有“{item}”（{title}）这一条，不核对。", year=year, item=item, title=rule.name),
        _(
            "该条依据{document}，有效期 {first} 至 {last}。",
            document=rule.source,
            first=rule.valid_from or "…",
            last=rule.valid_to or "…",
        ),
        column="compliance.answers",
        got=item,
        touches=("energy",),
    )


def _is_high(config: ComplianceConfig, rulebook: Rulebook) -> bool:
    """Whether the connection is at the highest level, or at one that was not given."""
    limit = rulebook.get("energy.direct.max_voltage")
    if config.voltage_kv is None or limit is None:
        return True
    return config.voltage_kv >= rulebook.number(limit.id)


def conditions_of(
    config: ComplianceConfig, rulebook: Rulebook, exports: bool
) -> tuple[Condition, ...]:
    """Every condition in the rules, answered by the file or by what is known of the plan."""
    applies = {  # a condition on all stands in no row
        "grid": config.connection == "grid",
        "different_owners": config.different_owners is not False,
        "multi_user": config.multi_user is True,
        "single_user": config.multi_user is not True,
        "export": exports,
        "export_single": exports and config.multi_user is not True,
        "high_voltage": _is_high(config, rulebook),
    }
    conditions = []
    for rule in rulebook.under(_PREFIX):
        item = rule.id.removeprefix(_PREFIX + ".")
        conditions.append(
            Condition(
                item=item,
                title=rule.name,
                answer=config.answers.get(item, "unknown"),
                applies=applies.get(str(rule.value), True),
                rule_id=rule.id,
                source=rule.source,
            )
        )
    return tuple(conditions)
