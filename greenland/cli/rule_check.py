"""``greenland rules --check``: how sure the rules are, what is missing, ends, or is not used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import click

from greenland.cli.common import echo_data, echo_table, to_json
from greenland.i18n import _
from greenland.rules import Rule
from greenland.rules.check import RuleCheck, check_rules
from greenland.rules.rule import CONFIDENCE_LABELS, Confidence


def echo_check(rules: Sequence[Rule], year: int | None, *, as_json: bool) -> None:
    """Print what a check of rules finds, on the last day of a year or today."""
    day = dt.date.today() if year is None else dt.date(year, 12, 31)
    found = check_rules(rules, day)
    if as_json:
        echo_data(to_json(found.to_record()))
        return
    _echo_confidence(found)
    _echo_rules(found.without_value, _("没有数值、须由园区提供的规则"))
    _echo_ending(found)
    _echo_rules(found.unused, _("没有用到的规则"))
    click.echo(
        _(
            "{day} 有效：没有数值 {missing} 条，一年内到期 {ending} 条，没有用到 {unused} 条",
            day=day.isoformat(),
            missing=len(found.without_value),
            ending=len(found.ending),
            unused=len(found.unused),
        )
    )


def _echo_confidence(found: RuleCheck) -> None:
    columns = {"pack": _("规则包")}
    columns |= {str(kind): _(CONFIDENCE_LABELS[kind]) for kind in Confidence}
    columns["total"] = _("合计")
    rows = [
        {
            "pack": _("自定") if pack == "park" else pack,
            **{str(kind): counts[kind] or None for kind in Confidence},
            "total": counts.total(),
        }
        for pack, counts in found.confidence.items()
    ]
    echo_table(columns, rows, title=_("各可信度的规则条数"))


def _echo_rules(rules: Sequence[Rule], title: str) -> None:
    if not rules:
        return
    columns = {"id": _("编号"), "title": _("名称"), "source": _("依据"), "pack": _("规则包")}
    rows = [
        {"id": rule.id, "title": rule.name, "source": rule.source, "pack": rule.pack}
        for rule in rules
    ]
    echo_table(columns, rows, title=title)


def _echo_ending(found: RuleCheck) -> None:
    if not found.ending:
        return
    columns = {
        "last": _("最后一日"),
        "id": _("编号"),
        "title": _("名称"),
        "next": _("以后的条文"),
        "pack": _("规则包"),
    }
    rows = [
        {
            "last": item.last.isoformat(),
            "id": item.rule.id,
            "title": item.rule.name,
            "next": item.successor.source if item.successor else _("规则包里没有"),
            "pack": item.rule.pack,
        }
        for item in found.ending
    ]
    echo_table(columns, rows, title=_("一年内到期的规则"))
