"""Text, choices, and yes or no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any

from greenland.i18n import _
from greenland.park.cells.base import (
    EMPTY_WORDS,
    LONGEST_SIGN,
    Cells,
    Context,
    Unclear,
    check_sign,
    each,
    placeholder,
)
from greenland.park.dictionary import choices
from greenland.park.normal import listing, one_line, squeezed
from greenland.yamlfile import nearest


def read_texts(values: Sequence[Any], context: Context) -> Cells:
    """Text on one line."""
    return each(values, _text)


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()[:10]
    text = one_line(value)
    if len(text) <= LONGEST_SIGN:
        check_sign(squeezed(text), text)
    return text


@cache
def _choice_codes(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in choices(name):
        for word in (item.zh, item.en, item.code, *item.synonyms):
            found.setdefault(squeezed(word), item.code)
    return found


def read_choices(values: Sequence[Any], context: Context) -> Cells:
    """Codes of choices, by name, synonym or code."""
    name = context.column.choices
    codes = _choice_codes(name)

    def read(value: Any) -> str:
        word = squeezed(one_line(value))
        if word in codes:
            return codes[word]
        if word in EMPTY_WORDS:
            raise placeholder()
        raise _not_a_choice(word, name, codes)

    return each(values, read)


def _not_a_choice(word: str, name: str, codes: dict[str, str]) -> Unclear:
    guess = nearest(word, list(codes))
    shown = {item.code: item.name for item in choices(name)}
    remedy = _("请从下拉列表中选择。")
    if guess:
        remedy = _("是否应为“{guess}”？请从下拉列表中选择。", guess=shown[codes[guess]])
    return Unclear("choice", _("不在允许的取值之内。"), remedy, listing(shown.values()))


def read_bools(values: Sequence[Any], context: Context) -> Cells:
    """Yes and no."""
    codes = _choice_codes("yes_no")

    def read(value: Any) -> bool:
        word = squeezed(one_line(value))
        if word in codes:
            return codes[word] == "yes"
        if word in EMPTY_WORDS - {"无"}:
            raise placeholder()
        raise _not_a_choice(word, "yes_no", codes)

    return each(values, read)
