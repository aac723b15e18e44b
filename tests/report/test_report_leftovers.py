"""No leftover of the program in what people read: twelve odd parks, walked cell by cell."""

from __future__ import annotations

import html
import re

import pytest
from odd_parks import PARKS

from greenland.report import render_html
from greenland.report.rulelist import value_words
from greenland.rules import available_packs, load_rulebook

UNITS = "公顷|亩|万元|亿元|元|年|分|宗|家|个|吨|人|MW|MWh|kWh|kV|%"
LEFTOVERS = {
    "a value of Python": r"\b(None|nan|NaN|True|False|inf)\b",
    "a unit without a number": rf"—\s?({UNITS})(?![一-龥])",
    "a year with a separator": r"(?<![\d,.])[12],\d{3} ?(年|year)\b",
    "an English unit": r"\b(year|years|month|yuan|share)\b",
    "an id": r"\b[a-z]+_[a-z_]+\b",
    "a code": r"\b(peak|flat|valley|ideal|actual|failed|overdue|met|optimal|feasible|infeasible"
    r"|main|exit|supervise|improve|keep|pv|wind|battery|grid|load|import|export|energy_purchase"
    r"|firm|landlord|above|below|division|group|class|penalty|notice|other)\b",
    "a field not filled in": r"\{[a-z_]+\}",
    "nothing in brackets": r"（\s*）|“”|\(\)",
    "punctuation twice": r"。。|，。|；。|。；|。、|，，|、、|：。|：；",
}
_HIDDEN = re.compile(r"<(style|script|code|nav)\b.*?</\1>", re.S)
_BREAK = re.compile(r"</?(td|th|tr|p|li|dd|dt|div|h\d|option|button|label|summary|br)\b[^>]*>")


def texts(page: str) -> list[str]:
    """What stands in the page, one text for each cell, paragraph or heading."""
    body = _HIDDEN.sub("", page[page.index("<body") :])
    body = re.sub(r"<[^>]*>", "", _BREAK.sub("\n", body))
    return [line.strip() for line in html.unescape(body).split("\n") if line.strip()]


@pytest.mark.parametrize("park", list(PARKS))
def test_nothing_of_the_program_is_left_over(park: str) -> None:
    page = render_html(PARKS[park](), length="full")
    found = {
        (what, line[:120])
        for line in dict.fromkeys(texts(page))
        for what, pattern in LEFTOVERS.items()
        if re.search(pattern, line)
    }
    assert sorted(found) == []


def test_every_rule_is_put_into_words() -> None:
    book = load_rulebook(available_packs(), 2026)
    for rule in book.rules.values():
        said = value_words(rule.value, rule.unit)
        assert not re.search(LEFTOVERS["an id"], said), (rule.id, said)
        assert not re.search(LEFTOVERS["a code"], said), (rule.id, said)
        assert not re.search(LEFTOVERS["an English unit"], said), (rule.id, said)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (2030, "year", "2030 年"),
        (10, "year", "10 年"),
        ([10, 15], "year", "10 至 15 年"),
        ([5, 11], "", "5、11"),
        (12, "月", "12 个月"),
        (0.0055, "share/yr", "每年 0.55%"),
        ({"peak": 1.5, "flat": 1, "valley": 0.5}, "", "高峰：1.5，平段：1，低谷：0.5"),
        ("2029-12-31", "date", "2029年12月31日"),
        ([0.03, 0.08], "share", "3.0% 至 8.0%"),
        ({"unknown_parameter": 3}, "", "1 项参数，见规则包"),
    ],
)
def test_value_of_a_rule(value: object, unit: str, said: str) -> None:
    assert value_words(value, unit) == said
