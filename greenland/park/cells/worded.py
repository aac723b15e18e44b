"""Numbers that are not written in digits alone: in brackets, with 万 or 亿, in Chinese numerals."""

from __future__ import annotations

import re

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.cells.base import Unclear
from greenland.park.cells.formats import MULTIPLES

_MULTIPLES = {**MULTIPLES, "百": 1e2, "十万": 1e5}
MULTIPLIED = re.compile(r"([+-]?[\d.,]*\d)\s*(百万|千万|十万|[百千万亿])")
# 壹佰贰拾万元整, 一百二十
IN_WORDS = re.compile(
    r"(?:人民币|¥|￥)?[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]+"
    r"(?:[元圆角分整正点零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖])*"
)


def bracketed(value: float) -> Unclear:
    """A number in brackets is a negative one, as accounts write it; said so that it can be seen."""
    return Unclear(
        "bracketed",
        _("括号中的数按会计写法读作负数 {value}。", value=f"{value:g}"),
        _("不是负数时请去掉括号。"),
        severity=Severity.WARNING,
        keep=value,
    )


def multiplied(text: str, number: float, multiple: str, unit: str) -> Unclear:
    """``1.2万`` may be 1.2 of 万元 or 12 000 of them: asked with both numbers."""
    whole = f"{number * _MULTIPLES[multiple]:.12g}"
    remedy = _("请按表头的单位只填数字：{part} 还是 {whole}？", part=f"{number:.12g}", whole=whole)
    return Unclear(
        "not_a_number",
        _("“{text}”带有“{multiple}”，不知道与列的单位是否重复。", text=text, multiple=multiple),
        remedy,
        _("数字（{unit}）", unit=unit) if unit else _("数字"),
    )


def in_words() -> Unclear:
    """A number in Chinese numerals."""
    return Unclear(
        "not_a_number",
        _("是中文数字（大写金额），不读。"),
        _("请改填阿拉伯数字，单位与表头一致。"),
        _("数字"),
    )
