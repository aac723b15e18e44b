"""Codes: parcel numbers, credit codes, industry and land codes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from greenland.i18n import _
from greenland.park.cells.base import EMPTY_WORDS, Cells, Context, Unclear, each, placeholder
from greenland.park.codes import industry_code_parts, land_codes
from greenland.park.normal import listing, one_line, plain_text

_LIST = re.compile(r"[,;、\s]+")
EXACT_DIGITS = 15  # Excel keeps no more in a number


def _code_text(value: Any) -> str:
    """A code as text; refuses numbers that have lost digits."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= 10**EXACT_DIGITS:
            raise Unclear(
                "digits_lost",
                _("编码以数字格式保存，第 15 位以后的数字已经丢失。"),
                _("请把单元格设为“文本”格式后重新输入完整编码。"),
            )
        return one_line(value)
    if isinstance(value, dt.date | dt.time):
        raise Unclear(
            "code_as_date",
            _("编码被 Excel 转成了日期。"),
            _("请把单元格设为“文本”格式后重新输入。"),
        )
    text = folded_code(str(value))
    if text.lower() in EMPTY_WORDS:
        raise placeholder()
    return text


def folded_code(text: str) -> str:
    """A code with full-width forms folded and no white space; the same wherever codes meet."""
    if text.isascii() and text.isalnum():
        return text
    return re.sub(r"\s+", "", plain_text(text))


def read_code(values: Sequence[Any], context: Context) -> Cells:
    """Codes as text; numbers lose their ``.0``."""
    return each(values, _code_text)


def read_credit_code(values: Sequence[Any], context: Context) -> Cells:
    """Codes in capitals."""
    return each(values, lambda value: _code_text(value).upper())


def read_industry_code(values: Sequence[Any], context: Context) -> Cells:
    """Industry codes as 2 to 4 digits, without section letter."""

    def read(value: Any) -> str:
        text = _code_text(value).upper()
        if isinstance(value, int | float) and len(text) == 1:
            text = f"0{text}"  # Excel drops the leading zero of a division
        parts = industry_code_parts(text)
        if parts is None:
            raise Unclear(
                "industry_form",
                _("不是国民经济行业代码。"),
                _("请填 GB/T 4754 的数字代码；只填一个代码，不填行业名称。"),
                _("2 至 4 位数字，前两位为大类，如 3218"),
            )
        return parts[1]

    return each(values, read)


def read_land_code(values: Sequence[Any], context: Context) -> Cells:
    """Codes of the land-use table."""
    known = land_codes()

    def read(value: Any) -> str:
        code = _code_text(value).upper()
        if code not in known:
            raise Unclear(
                "land_code",
                _("不是土地利用状况统计表的地类代码。"),
                _("请按填写说明中的代码填写，如 A1、B21、D22、E21。"),
                listing(known),
            )
        return code

    return each(values, read)


def read_codes(values: Sequence[Any], context: Context) -> Cells:
    """Several codes in a cell, as tuples."""

    def read(value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            return tuple(part for part in _LIST.split(plain_text(value)) if part)
        return (_code_text(value),)

    return each(values, read)
