"""Codes: parcel numbers, credit codes, industry and land codes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.cells.base import (
    LONGEST_SIGN,
    Cells,
    Context,
    Unclear,
    check_sign,
    each,
)
from greenland.park.cells.formats import shown_by
from greenland.park.codes import industry_code_parts, industry_divisions, land_codes
from greenland.park.dictionary import ColumnType
from greenland.park.kinds import kinds_of
from greenland.park.normal import listing, one_line, plain_text

_LIST = re.compile(r"[,;、\s]+")
_NOTHING_TO_FOLD = re.compile(r"[A-Za-z0-9._/-]*")
# Signs that folding leaves alone, of which none separates two codes.
_ONE_PLAIN_CODE = re.compile(r"[A-Za-z0-9._\u4e00-\u81f2\u81f4-\u9fff-]+")  # without 至
_SEVERAL = re.compile(r"[,;、\n\r]|\s[/|]\s")
_STARRED = re.compile(r"[*※★☆▲△◆◇]")
_SPAN = re.compile(r"[/至~]")  # ZD-1/ZD-3, ZD-2至ZD-5; 2023/01 and 1/2 may be one code
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d+")
# What Excel makes of 1-2 when it saves a CSV.
_DAY = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2}|\d{4}/\d{1,2}/\d{1,2}"
)
_CHECKED_LENGTH = frozenset({ColumnType.CREDIT_CODE, ColumnType.LAND_CODE})
EXACT_DIGITS = 15  # Excel keeps no more in a number


def _code_text(value: Any, form: str = "", *, text_only: bool = False) -> str:
    """A code as text; refuses numbers that have lost digits."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _code_from_number(value, form)
    if isinstance(value, dt.date | dt.time):
        raise _code_as_date()
    text = folded_code(str(value))
    check_sign(text.lower())
    if _STARRED.search(text):
        raise Unclear(
            "footnote_mark",
            _("编码带有附注符号，不能确定哪些字符属于编码。"),
            _("请删去附注符号，把附注写到备注列。"),
        )
    if _SCIENTIFIC.fullmatch(text):
        raise _digits_lost(_("编码被写成了科学计数法，后面的数字已经丢失。"))
    if text_only and _DAY.fullmatch(text):
        raise _code_as_date()
    return text


def _code_from_number(value: float, form: str) -> str:
    if abs(value) >= 10**EXACT_DIGITS:
        raise _digits_lost(_("编码以数字格式保存，第 15 位以后的数字已经丢失。"))
    shown = shown_by(form, value)
    if not shown.plain:
        raise Unclear(
            "code_by_format",
            _("编码的一部分由数字格式“{form}”显示，单元格里只有 {value}。", form=form, value=value),
            _("请把单元格设为“文本”格式后重新输入完整编码。"),
        )
    return one_line(value).zfill(shown.digits)


def _digits_lost(message: str) -> Unclear:
    return Unclear("digits_lost", message, _("请把单元格设为“文本”格式后重新输入完整编码。"))


def _code_as_date() -> Unclear:
    return Unclear(
        "code_as_date",
        _("编码被 Excel 转成了日期。"),
        _("请把单元格设为“文本”格式后重新输入。"),
    )


def folded_code(text: str) -> str:
    """A code with full-width forms folded and no white space; the same wherever codes meet."""
    if _NOTHING_TO_FOLD.fullmatch(text):
        return text
    return re.sub(r"\s+", "", plain_text(text))


def _is_plain_code(text: str) -> bool:
    """Whether a text is a code that is read as it stands."""
    return len(text) > LONGEST_SIGN and _ONE_PLAIN_CODE.fullmatch(text) is not None


def _one_code(value: Any, context: Context, form: str) -> str:
    """A single code; two in one cell are refused, and blanks taken out of one are said."""
    if isinstance(value, str):
        if not context.text_only and _is_plain_code(value):
            return value
        folded = plain_text(value)
        if _holds_several(folded):
            raise Unclear(
                "several_codes",
                _("单元格里不止一个编码。"),
                _("请每行只填一个编码；一宗地（企业）一行。"),
            )
        text = _code_text(value, text_only=context.text_only)
        if len(text) < len(folded) and context.column.type not in _CHECKED_LENGTH:
            raise Unclear(
                "code_blanks",
                _("编码中间有空格，按“{code}”读取。", code=text),
                _("请去掉空格，使各表的编码一致。"),
                severity=Severity.NOTICE,
                keep=text,
            )
        return text
    return _code_text(value, form)


def _holds_several(text: str) -> bool:
    """Whether a cell holds two codes: a list, or parts set apart that look the same."""
    return bool(_SEVERAL.search(text)) or any(
        _look_the_same(parts) for parts in (text.split(), _SPAN.split(text))
    )


def _look_the_same(parts: Sequence[str]) -> bool:
    forms = {re.sub(r"[0-9]+", "9", re.sub(r"[A-Za-z]+", "A", part)) for part in parts}
    return len(parts) > 1 and len(forms) == 1 and forms != {"9"} and forms != {"A"}


def read_code(values: Sequence[Any], context: Context) -> Cells:
    """Codes as text; numbers lose their ``.0`` and get the zeros their format shows."""
    texts = set(values) if kinds_of(values) == {str} and not context.text_only else {""}
    if all(map(_is_plain_code, texts)):
        return Cells(list(values))
    return _each_with_format(values, context, lambda v, form: _one_code(v, context, form))


def _each_with_format(
    values: Sequence[Any], context: Context, read: Callable[[Any, str], Any]
) -> Cells:
    """Read cell by cell, with the number format of the cell where it says something."""
    if not context.formats:
        return each(values, lambda value: read(value, ""))
    formatted = list(values)
    for position, form in context.formats.items():
        if isinstance(values[position], int | float):
            formatted[position] = _Formatted(values[position], form)

    def read_formatted(value: Any) -> Any:
        return read(*value) if type(value) is _Formatted else read(value, "")

    return each(formatted, read_formatted)


class _Formatted(NamedTuple):
    """A number with the format that shows more of it."""

    value: float
    form: str


def read_credit_code(values: Sequence[Any], context: Context) -> Cells:
    """Codes in capitals."""
    return _each_with_format(values, context, lambda v, form: _one_code(v, context, form).upper())


def read_industry_code(values: Sequence[Any], context: Context) -> Cells:
    """Industry codes as 2 to 4 digits, without section letter."""

    def read(value: Any, form: str) -> str:
        text = _code_text(value, form).upper()
        if not isinstance(value, str) or context.text_only:
            text = _with_zero(text)
        parts = industry_code_parts(text)
        if parts is None:
            raise Unclear(
                "industry_form",
                _("不是国民经济行业代码。"),
                _("请填 GB/T 4754 的数字代码；只填一个代码，不填行业名称。"),
                _("2 至 4 位数字，前两位为大类，如 3218"),
            )
        if parts[0] and not _in_section(*parts):
            raise Unclear(
                "industry_section",
                _("门类字母“{letter}”与大类 {code} 不符。", letter=parts[0], code=parts[1][:2]),
                _("请核对；以 0 开头的代码请把单元格设为“文本”格式后填写完整，如 B0610。"),
            )
        return parts[1]

    return _each_with_format(values, context, read)


def _with_zero(text: str) -> str:
    """A code kept as a number, which has lost a leading zero: given back, or refused.

    One digit can only be a division (6 → 06). Two digits from 60 on are a division of services or
    a group of mining (61: 住宿业, or 061), three digits a group or a class (610: 0610).
    """
    if not text.isdigit():
        return text
    if len(text) == 1:
        return f"0{text}"
    if len(text) == 3 or (len(text) == 2 and text[0] in "6789"):
        raise Unclear(
            "zero_lost",
            _("代码以数字保存，无法判断是 {code} 还是丢了开头 0 的 0{code}。", code=text),
            _("请把单元格设为“文本”格式，填写完整代码，如 0610；不以 0 开头的请填 4 位小类代码。"),
            _("2 至 4 位数字，前两位为大类，如 3218"),
        )
    return text


def _in_section(letter: str, digits: str) -> bool:
    """Whether a section holds the division, in some edition of the classification."""
    editions = (industry_divisions(edition) for edition in ("2002", "2011", "2017"))
    found = [divisions[digits[:2]] for divisions in editions if digits[:2] in divisions]
    return not found or any(item.section == letter for item in found)


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
            if _ONE_PLAIN_CODE.fullmatch(value):
                return (value,)
            return tuple(part for part in _LIST.split(plain_text(value)) if part)
        return (_code_text(value),)

    return each(values, read)
