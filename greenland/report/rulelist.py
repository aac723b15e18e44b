"""Rules of the record, numbered and written out."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from greenland.i18n import _, language
from greenland.record.record import Record
from greenland.record.rules import RuleRecord
from greenland.report import formatters as fmt
from greenland.report.blocks import Reference, Rules, note_of, title_of
from greenland.report.labels import industry, name, unit_text, value_label
from greenland.report.labels.rule_values import CHOICE_LISTS, RULE_CODES, VERBATIM
from greenland.report.labels.units import MONTHS

LONGEST_VALUE = 160
FIRST_YEAR = 1900  # from here on a number of years is a calendar year


def read_rules(record: Record) -> Rules:
    """The rules used, in the order of their ids."""
    return rules_of(record.rules)


def rules_of(used: Sequence[RuleRecord]) -> Rules:
    """Rules in the order of their ids."""
    entries = sorted(used, key=lambda entry: entry.id)
    items = tuple(_reference(entry, place) for place, entry in enumerate(entries, start=1))
    return Rules(items, {item.id: item for item in items})


def _reference(entry: RuleRecord, place: int) -> Reference:
    replaced = entry.replaces
    return Reference(
        id=entry.id,
        number=f"R{place}",
        title=without_codes(title_of(entry)) or entry.id,
        value=value_words(entry.value, entry.unit),
        document=entry.document or value_label("origin", entry.origin or ""),
        clause=entry.clause,
        confidence=entry.confidence,
        pack=value_label("pack", entry.pack),
        overridden=entry.overridden,
        note=without_codes(note_of(entry)),
        force=_force(entry),
        replaced="" if replaced is None else value_words(replaced.value, replaced.unit),
    )


def without_codes(text: str) -> str:
    """The text without the codes a park file writes: ``area 核减面积`` is 核减面积.

    So is ``area（核减面积）``.
    """
    chained = re.sub(_CHAIN, lambda found: re.sub(_CODE, _worded, found[0]), text)
    plain = re.sub(rf"{_CODE}（([^（）]+)）", r"\1", chained)
    return re.sub(rf"{_CODE} (?=[一-龥])", "", plain)


_CODE = r"(?<![A-Za-z_.])[a-z]+(?:_[a-z]+)*(?![A-Za-z_.])"
_CHAIN = rf"{_CODE}(?: < {_CODE})+"


def _worded(found: re.Match[str]) -> str:
    return code_words(found[0]) or found[0]


def _force(entry: RuleRecord) -> str:
    if not entry.valid_from and not entry.valid_to and not entry.plan_end:
        return fmt.DASH
    start = fmt.date(entry.valid_from)
    if entry.plan_end:
        return _(
            "{start} 起；规划至 {end}，期满未见新规定的沿用",
            start=start,
            end=fmt.date(entry.plan_end),
        )
    return _("{start} 至 {end}", start=start, end=fmt.date(entry.valid_to))


def value_words(value: Any, unit: str = "") -> str:
    """The value of a rule in words; tables and lists in short."""
    if value is None:
        return _("未找到，由园区提供")
    text = _said(value, unit)
    if text is None:
        return _("{count} 项参数，见规则包", count=len(value))
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _said(value: Any, unit: str) -> str | None:
    """A value by its kind; None where it is made of parameters that have no words."""
    if isinstance(value, bool):
        return fmt.yes_no(value)
    if isinstance(value, Mapping):
        return _mapping(value, unit)
    if isinstance(value, list | tuple):
        return _list(value, unit)
    amount = fmt.as_number(value)
    if amount is not None:
        return _amount(amount, unit)
    return fmt.long_date(value) if unit == "date" else code_words(str(value))


def _mapping(value: Mapping[str, Any], unit: str) -> str | None:
    if set(value) == {"zh", "en"}:
        return str(value["en" if language() == "en" else "zh"])
    parts = []
    for key, item in value.items():
        title, said = _title(str(key)), _said(item, unit)
        if title is None or said is None:
            return None
        if said:
            parts.append(_("{title}：{text}", title=title, text=said))
    nested = any(isinstance(item, Mapping) for item in value.values())
    return (_("；") if nested or len(parts) > 3 else _("，")).join(parts)


def _list(value: Sequence[Any], unit: str) -> str | None:
    said = [_said(item, unit) for item in value]
    if any(text is None for text in said):
        return None
    if unit and value and all(fmt.as_number(item) is not None for item in value):
        return _numbers([float(item) for item in value], unit)
    plain = not any(isinstance(item, Mapping) for item in value)
    return (_("、") if plain else _("；")).join(str(text) for text in said)


def _numbers(values: Sequence[float], unit: str) -> str:
    """Numbers of one unit: two of them are a range."""
    if unit in ("share", "%"):
        said, after = [_amount(value, unit) for value in values], ""
    else:
        said, after = [_plain(value) for value in values], f" {unit_text(unit)}".rstrip()
    if len(values) == 2 and values[0] < values[1]:
        return _("{low} 至 {high}", low=said[0], high=said[1]) + after
    return _("、").join(said) + after


def _title(key: str) -> str | None:
    """A key of a table: a code, a class, or an industry by its number."""
    if key.isdigit():
        named = industry(key)
        return f"{key} {named}" if named else key
    return key if len(key) == 1 and key.isupper() else code_words(key)


def code_words(code: str) -> str | None:
    """A code in words; None where it has none."""
    if code in RULE_CODES:
        return _(RULE_CODES[code])
    if not code or not code.isascii() or code in VERBATIM or not any(map(str.isalpha, code)):
        return code
    for column in CHOICE_LISTS:
        said = value_label(column, code)
        if said != code and said != name(code):
            return said
    return name(code) if name(code) != code else None


def _amount(amount: float, unit: str) -> str:
    """The number as the rule states it, with its unit."""
    if unit == "year" and amount >= FIRST_YEAR:
        return _("{year} 年", year=f"{amount:.0f}")
    if unit in ("share", "%"):
        return fmt.share(amount, _share_digits(amount))
    if unit == "share/yr":
        return _("每年 {share}", share=fmt.share(amount, _share_digits(amount)))
    if unit == "月":
        return f"{_plain(amount)} {_(MONTHS)}"
    return f"{_plain(amount)} {unit_text(unit)}".strip()


def _share_digits(amount: float) -> int:
    """Decimals that show a share as the rule states it."""
    return next((n for n in (1, 2, 3) if math.isclose(round(amount * 100, n), amount * 100)), 4)


def _plain(amount: float) -> str:
    """The number as the rule states it."""
    return f"{amount:,.6f}".rstrip("0").rstrip(".").replace("-", fmt.MINUS)
