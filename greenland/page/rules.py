"""Rules in force for a park: by source, with confidence and dates; the park's own values."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from greenland.errors import InputError, input_error
from greenland.i18n import _
from greenland.page.choose import choose_park
from greenland.page.served import served
from greenland.page.versions import change_config
from greenland.park.config import CONFIG_FILE, ParkConfig, read_config
from greenland.park.overrides import with_override
from greenland.report.labels import unit_text, value_label
from greenland.report.rulelist import value_words
from greenland.rules import Rule, Rulebook
from greenland.rules.check import check_rules
from greenland.rules.rule import CONFIDENCE_LABELS
from greenland.yamlfile import validate
from greenland.yamltree import parse_tree

blueprint = Blueprint("rules", __name__, url_prefix="/rules")


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule in the words of the page."""

    rule: Rule
    value: str
    unit: str
    days: str
    confidence: str
    pack: str

    @property
    def searched(self) -> str:
        """What a filter looks in."""
        rule = self.rule
        parts = (rule.id, rule.name, rule.source, rule.note, self.confidence, self.pack)
        return " ".join(parts).casefold()


def shown_rule(rule: Rule) -> ShownRule:
    """A rule in words."""
    value = rule.value
    worded = _("须由园区提供") if value is None else value_words(value, rule.unit)
    return ShownRule(
        rule,
        str(worded),
        unit_text(rule.unit),
        _days(rule),
        str(_(CONFIDENCE_LABELS[rule.confidence])),
        value_label("pack", rule.pack),
    )


def _days(rule: Rule) -> str:
    since, until = rule.valid_from, rule.valid_to
    if since and until:
        days = _("{since} 至 {until}", since=str(since), until=str(until))
    elif since:
        days = _("{since} 起", since=str(since))
    elif until:
        days = _("至 {until}", until=str(until))
    else:
        days = _("长期")
    if rule.plan_end:
        return f"{days}；" + _("规划期至 {end}", end=str(rule.plan_end))
    return str(days)


@blueprint.get("/")
def index() -> str | AnyResponse:
    """Choose the park."""
    return choose_park("rules.park", _("规则"))


@blueprint.get("/<name>/")
def park(name: str) -> str:
    """What is in force for a park, by the document it rests on."""
    config, book = _of(name)
    shown = [shown_rule(rule) for _id, rule in sorted(book.rules.items())]
    own = [one for one in shown if one.rule.overridden]
    left = [one for one in shown if one.rule.value is None]
    groups: dict[str, list[ShownRule]] = {}
    for one in shown:
        if not one.rule.overridden and one.rule.value is not None:
            rule = one.rule
            groups.setdefault(rule.document or _source_of(rule), []).append(one)
    ordered = sorted(groups.items(), key=lambda item: (not item[1][0].rule.document, item[0]))
    ending = check_rules(book.all_rules, config.day).ending
    return render_template(
        "page/rules.html",
        park=name,
        config=config,
        book=book,
        own=own,
        left=left,
        groups=ordered,
        count=len(shown),
        ending=[(item.last, item.rule, item.successor) for item in ending],
        packs=[value_label("pack", pack) for pack in book.packs],
    )


def _source_of(rule: Rule) -> str:
    """What a rule without a document rests on."""
    return value_label("origin", str(rule.origin))


@blueprint.get("/<name>/<rule_id>")
def one(name: str, rule_id: str) -> str:
    """A rule, and the form for the park's own value."""
    return _form(name, rule_id, {}, ())


def _form(name: str, rule_id: str, given: Mapping[str, str], problems: Any) -> str:
    config, book = _of(name)
    versions = [rule for rule in book.all_rules if rule.id == rule_id and rule.pack != "park"]
    if not versions and rule_id not in book.rules:
        abort(404)
    rule = book.rules.get(rule_id) or versions[-1]
    own = config.rules.overrides.get(rule_id)
    stands = {
        "value": "" if own is None else _as_text(own.value),
        "source": "" if own is None else own.source,
        "clause": "" if own is None else own.clause,
        "valid_from": "" if own is None or own.valid_from is None else str(own.valid_from),
        "valid_to": "" if own is None or own.valid_to is None else str(own.valid_to),
    }
    model = next((one.value for one in reversed(versions) if one.value is not None), None)
    return render_template(
        "page/rule.html",
        park=name,
        config=config,
        shown=shown_rule(rule),
        replaced=None if rule.replaces is None else shown_rule(rule.replaces),
        versions=[shown_rule(one) for one in versions],
        form={**stands, **given},
        own=own is not None,
        example="" if model is None else _as_text(model),
        problems=problems,
    )


def _as_text(value: Any) -> str:
    """A value as the reader of ``park.yaml`` takes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


@blueprint.post("/<name>/<rule_id>")
def save(name: str, rule_id: str) -> AnyResponse | tuple[str, int]:
    """Put the park's own value into ``park.yaml``, or take it away."""
    folder = served().folders.park_folder(name)
    given = {key: request.form.get(key, "").strip() for key in _FIELDS}
    removing = request.form.get("act") == "remove"
    try:
        override = None if removing else _override(given)
        write_override(folder, rule_id, override)
    except InputError as error:
        return _form(name, rule_id, given, error.problems), 400
    text = _("已恢复规则包的值。") if removing else _("已写入 park.yaml，原文件留有带日期的副本。")
    served().messages.tell(text)
    return redirect(url_for("rules.one", name=name, rule_id=rule_id))


_FIELDS = ("value", "source", "clause", "valid_from", "valid_to")


def _override(given: Mapping[str, str]) -> dict[str, Any]:
    """What was filled in, typed as the reader of YAML files does it."""
    required = (("value", _("数值")), ("source", _("来源")))
    missing = [str(title) for key, title in required if not given[key]]
    if missing:
        raise input_error(
            "override_missing",
            _("没有填写{names}。", names="、".join(missing)),
            remedy=_("园区自己的值要写明数值和来源。"),
        )
    found: dict[str, Any] = {"value": _typed(given["value"])}
    for key in ("source", "clause"):
        if given[key]:
            found[key] = given[key]
    for key in ("valid_from", "valid_to"):
        if given[key]:
            try:
                found[key] = dt.date.fromisoformat(given[key])
            except ValueError:
                raise input_error(
                    "override_day", _("日期应写成 2026-01-31 的形式。"), got=given[key][:40]
                ) from None
    return found


def _typed(text: str) -> Any:
    """A value as YAML reads it: a number, true, a list in brackets, text."""
    try:
        tree = parse_tree(f"value: {text}\n", CONFIG_FILE)
    except InputError:
        return text
    return tree["value"] if set(tree) == {"value"} else text


def write_override(folder: Path, rule_id: str, override: Mapping[str, Any] | None) -> None:
    """Write the park's own value of a rule, or take it away; the old file is kept.

    Parameters
    ----------
    folder : Path
        Of the park.
    rule_id : str
    override : mapping or None
        Fields of `greenland.rules.Override`.

    Raises
    ------
    InputError
        If the rule cannot have the value, or ``park.yaml`` cannot be changed; then it stays.
    """

    def check(changed: str) -> None:
        stated = read_config(folder)
        tree = parse_tree(changed, CONFIG_FILE)
        rules = validate(
            tree["rules"], type(stated.rules), file=CONFIG_FILE, root=tree, prefix=("rules",)
        )
        stated.model_copy(update={"rules": rules}).load_rules()

    change_config(folder, lambda text: with_override(text, rule_id, override), check)


def _of(name: str) -> tuple[ParkConfig, Rulebook]:
    config = read_config(served().folders.park_folder(name))
    return config, config.load_rules()
