"""A park's own value for a rule, and whether it is of the rule's kind."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from greenland.errors import Problem, Severity
from greenland.i18n import Text, _
from greenland.rules.rule import Origin, Rule, Value
from greenland.yamlfile import nearest
from greenland.yamlhints import short

Fault = tuple[Text | str, Text | str]  # what is allowed, what to do

_PERCENT = re.compile(r"([-+]?[0-9]+(?:\.[0-9]+)?)\s*[%％]")
_DIVISION = re.compile(r"[0-9]{2,4}")  # industry code, GB/T 4754


class Override(BaseModel):
    """A park's own value for a rule, with the reason it gives; in every year unless dated.

    Parameters
    ----------
    value : number, str, list or mapping
        In the rule's unit, of the kind the packs have.
    source, clause : str
        Document or decision the value rests on, and the clause in it.
    unit : str, optional
        To be held against the rule's.
    valid_from, valid_to : date, optional
        First and last day in force.

    Examples
    --------
    >>> from greenland.rules import load_rulebook
    >>> rule = "energy.direct.self_use_of_generation"
    >>> own = Override(value=0.65, source="园区方案")
    >>> load_rulebook(("national",), 2026, overrides={rule: own}).number(rule)
    0.65
    """

    model_config = ConfigDict(extra="forbid")

    value: Value
    source: str = Field(min_length=1, description="document or decision the value rests on")
    clause: str = ""
    unit: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


def by_industry(value: Any) -> bool:
    """Whether a rule's value is a table of numbers by industry code.

    Examples
    --------
    >>> by_industry({"13": 1.0, "3072": 0.7}), by_industry({"exit": 12})
    (True, False)
    """
    return (
        isinstance(value, dict)
        and bool(value)
        and all(_DIVISION.fullmatch(str(key)) for key in value)
        and all(_is_number(item) for item in value.values())
    )


def value_fault(value: Value, of_packs: Sequence[Value], unit: str) -> Fault | None:
    """Why a value cannot stand for a rule; None where it can.

    Parameters
    ----------
    value
        As the park gives it.
    of_packs : sequence
        Values the packs have had for the rule; None among them was left to the park.
    unit : str
        Of the rule; shares are decimals.

    Returns
    -------
    tuple of str, or None
        What is allowed, and what to do.

    Examples
    --------
    >>> [str(part) for part in value_fault(40, [0.4], "share")]
    ['0 至 1 的小数', '40% 请写成 0.4。']
    >>> value_fault(0.4, [0.3], "share") is None
    True
    """
    if value is None or value == "":
        return _("一个值"), _("请填写数值，或删去这一项，沿用规则包的值。")
    stated = [item for item in of_packs if item is not None]
    if not stated:  # left to the park: the unit tells that it is a number, or one by industry
        return None if by_industry(value) else _number_fault(value, unit, negative=False)
    model = stated[-1]
    if by_industry(model) and not isinstance(value, dict):
        return _number_fault(value, unit, negative=False)
    return _like(value, model, unit)


def _like(value: Any, model: Any, unit: str) -> Fault | None:
    """Whether a value has the form of the packs' own."""
    if isinstance(model, bool):
        if isinstance(value, bool):
            return None
        return "true、false", _("请写 true 或 false（小写，不加引号）。")
    if _is_number(model):
        return _number_fault(value, unit, negative=model < 0)
    if isinstance(model, str):
        if isinstance(value, str):
            return None
        return _("文字，如“{model}”", model=short(model)), _("请写文字；数字和日期请加英文引号。")
    if isinstance(model, list):
        return _list_fault(value, model, unit)
    return _mapping_fault(value, model, unit)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number_fault(value: Any, unit: str, *, negative: bool) -> Fault | None:
    share = unit.startswith("share")
    low = -1.0 if share and negative else -math.inf if negative else 0.0
    high = 1.0 if share else math.inf
    allowed: Text | str = _("数字")
    if share:
        allowed = _("{low:g} 至 {high:g} 的小数", low=low, high=high)
    elif not negative:
        allowed = _("不为负的数字")
    if _is_number(value) and math.isfinite(value) and low <= value <= high:
        return None
    return allowed, _number_remedy(value, share=share)


def _number_remedy(value: Any, *, share: bool) -> Text | str:
    percent = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if share and percent is not None:
        return _("{text} 请写成 {form:g}。", text=value.strip(), form=float(percent[1]) / 100)
    if share and _is_number(value) and 1 < value <= 100:
        return _("{text:g}% 请写成 {form:g}。", text=float(value), form=value / 100)
    if isinstance(value, str):
        return _("请只写数字，不带单位、区间和引号。")
    return _("请写一个数字。")


def _list_fault(value: Any, model: list[Any], unit: str) -> Fault | None:
    if not isinstance(value, list):
        return _("列表，如 {model}", model=short(model)), _("请写成 [甲, 乙]。")
    pair = len(model) == 2 and all(_is_number(item) for item in model)  # a range
    if pair and len(value) != 2:
        return _("下限和上限两个数，如 {model}", model=short(model)), _("请写成 [下限, 上限]。")
    for item in value:
        fault = _like(item, model[0], unit) if model and not isinstance(model[0], dict) else None
        if fault is not None:
            return fault
    if pair and value[0] > value[1]:
        return _("下限和上限两个数，如 {model}", model=short(model)), _("请把小的数写在前面。")
    return None


def _mapping_fault(value: Any, model: dict[str, Any], unit: str) -> Fault | None:
    if not isinstance(value, dict) or not value:
        return _("“名称: 值”的一组内容，如 {model}", model=short(model)), _(
            "请按规则包的写法逐项填写。"
        )
    parts = list(model.values())
    numeric = all(_is_number(part) for part in parts)
    for key, item in value.items():
        like = model.get(key, parts[0] if numeric else None)
        fault = None if like is None else _like(item, like, unit)
        if fault is not None:
            allowed, remedy = fault
            return _("“{key}”为{allowed}", key=key, allowed=allowed), remedy
    return None


# Part of an override a fault is about.
PART_OF_FAULT = {
    "override_unknown": "",
    "override_unit": "unit",
    "override_value": "value",
    "override_dates": "valid_from",
}


def overriding(
    item: Override, rule_id: str, rules: Sequence[Rule], in_force: Rule | None
) -> Rule | Problem:
    """The rule a park's own value makes, or why it makes none.

    Parameters
    ----------
    rules : sequence of Rule
        All rules of the packs in use.
    in_force : Rule, optional
        The one of that id in force in the year; one that is not may still be set by the park.
    """
    versions = [rule for rule in rules if rule.id == rule_id]
    if not versions:
        return _unknown(rules, rule_id)
    known = in_force or versions[-1]
    if item.unit is not None and item.unit != known.unit:
        return Problem(
            Severity.ERROR,
            "override_unit",
            _("overrides 中规则“{rule_id}”的单位与规则包不一致。", rule_id=rule_id),
            _("请换算后再填。"),
            got=item.unit,
            allowed=known.unit or _("没有单位"),
        )
    fault = value_fault(item.value, [*(rule.value for rule in versions), known.value], known.unit)
    if fault is not None:
        allowed, remedy = fault
        return Problem(
            Severity.ERROR,
            "override_value",
            _(
                "overrides 中规则“{rule_id}”（{title}）的值不能用。",
                rule_id=rule_id,
                title=known.name,
            ),
            remedy,
            got=short(item.value) if item.value is not None else "",
            allowed=allowed if not known.unit else _with_unit(allowed, known.unit),
        )
    if item.valid_from and item.valid_to and item.valid_from > item.valid_to:
        return Problem(
            Severity.ERROR,
            "override_dates",
            _("overrides 中规则“{rule_id}”的 valid_from 晚于 valid_to。", rule_id=rule_id),
            _("请核对两个日期。"),
            got=f"{item.valid_from} > {item.valid_to}",
        )
    return dataclasses.replace(
        known,
        value=item.value,
        document=item.source,
        origin=Origin.DOCUMENT,  # its own source, whatever the rule it replaces rested on
        clause=item.clause,
        valid_from=item.valid_from,
        valid_to=item.valid_to,
        confidence=type(known.confidence)("user"),
        pack="park",
        note="",
        note_en="",
        replaces=known,
    )


def _with_unit(allowed: str, unit: str) -> str:
    return allowed if unit == "share" else _("{allowed}，单位 {unit}", allowed=allowed, unit=unit)


def _unknown(rules: Sequence[Rule], rule_id: str) -> Problem:
    guess = nearest(rule_id, sorted({rule.id for rule in rules}))
    return Problem(
        Severity.ERROR,
        "override_unknown",
        _("overrides 中的规则“{rule_id}”不存在。", rule_id=rule_id),
        _("是否应为“{guess}”？", guess=guess)
        if guess
        else _("可用 greenland rules 查看全部规则。"),
        got=rule_id,
    )
