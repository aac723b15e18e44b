"""Codes: check digits, industry divisions, land codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenland.park.codes import (
    CREDIT_ALPHABET,
    credit_check_digit,
    credit_code,
    credit_code_fault,
    industry_code_parts,
    industry_divisions,
    land_codes,
)


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",  # example of GB 32100-2015
        "91100000100003962T",  # published by listed companies
        "9144030071526726XG",
    ],
)
def test_published_codes_are_right(code: str) -> None:
    assert credit_code_fault(code) is None


signs = st.text(alphabet=CREDIT_ALPHABET, min_size=17, max_size=17)


@given(signs, st.integers(min_value=0, max_value=16), st.sampled_from(CREDIT_ALPHABET))
def test_one_changed_sign_is_always_found(first17: str, place: int, sign: str) -> None:
    code = first17 + credit_check_digit(first17)
    changed = code[:place] + sign + code[place + 1 :]
    assert credit_code_fault(code) is None
    if sign != code[place]:
        assert credit_code_fault(changed) == "check_digit"


def test_made_codes_are_right() -> None:
    assert credit_code_fault(credit_code("91", "532301", "MA6EX0001")) is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("91350100M000100Y4", "length"),
        ("91350100M000100Y4I", "character"),
        ("91350100M000100Y44", "check_digit"),
    ],
)
def test_faults(code: str, fault: str) -> None:
    assert credit_code_fault(code) == fault


def test_check_digit_needs_seventeen_signs() -> None:
    with pytest.raises(ValueError, match="9135"):
        credit_check_digit("9135")


# Numbers of divisions as the editions themselves state them: 95, 96 and 97 大类.
@pytest.mark.parametrize(("edition", "number"), [("2002", 95), ("2011", 96), ("2017", 97)])
def test_number_of_divisions(edition: str, number: int) -> None:
    divisions = industry_divisions(edition)
    assert len(divisions) == number
    assert sorted({item.section for item in divisions.values()}) == list("ABCDEFGHIJKLMNOPQRST")


def test_divisions_that_moved_between_editions() -> None:
    assert "38" not in industry_divisions("2002")
    assert industry_divisions("2002")["37"].zh == "交通运输设备制造业"
    assert industry_divisions("2017")["36"].zh == "汽车制造业"
    assert industry_divisions("2017")["29"].zh == "橡胶和塑料制品业"


def test_unknown_edition() -> None:
    with pytest.raises(KeyError):
        industry_divisions("1994")


def test_parts_of_an_industry_code() -> None:
    assert industry_code_parts("C3218") == ("C", "3218")
    assert industry_code_parts("32") == ("", "32")
    assert industry_code_parts("3") is None


def test_land_codes_are_a_tree() -> None:
    codes = land_codes()
    for item in codes.values():
        assert item.parent == "" or item.parent in codes
    assert [code for code, item in codes.items() if not item.parent] == list("ABCDEFG")
