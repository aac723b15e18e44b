"""Numbers in the report: what a reader sees for each kind of value."""

from __future__ import annotations

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenland import i18n
from greenland.report import formatters as fmt
from greenland.report.word import report


@pytest.mark.parametrize("module", [fmt, report])
def test_examples_in_docstrings(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 2, "0"),
        (1234.5, 1, "1,234.5"),
        (-1234.5, 0, "−1,234"),
        (0.004, 2, "< 0.01"),
        (-0.004, 2, "> −0.01"),
        (0.005001, 2, "0.01"),
        (None, 2, "—"),
        (math.nan, 2, "—"),
        ("缺", 2, "缺"),
    ],
)
def test_number(value: object, digits: int, text: str) -> None:
    assert fmt.number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0%"),
        (1.0, "100%"),
        (0.00049, "< 0.1%"),
        (0.9996, "> 99.9%"),
        (0.99951, "> 99.9%"),
        (0.5, "50.0%"),
        (1.0003, "100.03%"),
        (-0.02, "−2.0%"),
        (None, "—"),
    ],
)
def test_share_never_rounds_a_part_away(value: object, text: str) -> None:
    assert fmt.share(value) == text


@given(st.floats(min_value=1e-9, max_value=1 - 1e-9))
def test_a_share_strictly_between_is_never_shown_as_none_or_all(value: float) -> None:
    text = fmt.share(value)
    assert text not in ("0%", "0.0%", "100%", "100.0%")


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_money_keeps_sign_and_unit(value: float) -> None:
    text = fmt.yuan(value)
    assert text.endswith(("元", "万元", "亿元"))
    assert text.startswith((fmt.MINUS, ">")) == (value < 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [(9_999, "9,999 元"), (10_000, "1.00 万元"), (99_999_999, "10,000 万元"), (1e8, "1.000 亿元")],
)
def test_yuan_in_units_people_use(value: float, text: str) -> None:
    assert fmt.yuan(value) == text


def test_english_money_counts_in_millions() -> None:
    with i18n.use_language("en"):
        assert fmt.yuan(287_654_321).startswith("287.7 ")


def test_dates() -> None:
    assert fmt.date("2025-03-01T00:00:00") == "2025-03-01"
    assert fmt.long_date("2025-03-01") == "2025年3月1日"
    assert fmt.long_date(None) == "—"
    assert fmt.long_date("明年") == "明年"


def test_lists_and_flags() -> None:
    assert fmt.listed(["a", "b"]) == "a、b"
    assert fmt.listed([]) == "—"
    assert [fmt.yes_no(value) for value in (True, False, None)] == ["是", "否", "—"]
