"""Codes and their checks: 统一社会信用代码, 国民经济行业代码, 土地利用状况代码."""

from __future__ import annotations

import csv
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from greenland.i18n import language

# GB 32100-2015 §4: digits and capitals without I, O, S, V, Z; weights 3^(i-1) mod 31.
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_LENGTH = 18
_CREDIT_VALUE = {sign: value for value, sign in enumerate(CREDIT_ALPHABET)}
_CREDIT_SIGNS = frozenset(CREDIT_ALPHABET)
_CREDIT_WEIGHTS = [pow(3, place, 31) for place in range(CREDIT_LENGTH - 1)]
_INDUSTRY = re.compile(r"([A-T])?(\d{2,4})")


def credit_check_digit(first17: str) -> str:
    """Check digit of a 统一社会信用代码.

    Parameters
    ----------
    first17 : str
        The first 17 characters.

    Raises
    ------
    ValueError
        If there are not 17 characters of the alphabet.

    References
    ----------
    GB 32100-2015《法人和其他组织统一社会信用代码编码规则》:
    C18 = 31 − (Σ Ci·3^(i−1) mod 31), where 31 is written 0.

    Examples
    --------
    >>> credit_check_digit("91350100M000100Y4")
    '3'
    """
    if len(first17) != CREDIT_LENGTH - 1 or not _CREDIT_SIGNS.issuperset(first17):
        raise ValueError(first17)
    total = sum(map(operator.mul, map(_CREDIT_VALUE.__getitem__, first17), _CREDIT_WEIGHTS))
    return CREDIT_ALPHABET[-total % 31]


def credit_code(category: str, region: str, organisation: str) -> str:
    """A complete 统一社会信用代码 with its check digit.

    Parameters
    ----------
    category : str
        Registering authority and kind, two characters, such as ``"91"`` for companies.
    region : str
        Six-digit administrative code.
    organisation : str
        Nine-character organisation code.
    """
    first17 = f"{category}{region}{organisation}"
    return first17 + credit_check_digit(first17)


def credit_code_fault(code: str) -> str | None:
    """What is wrong with a credit code: ``"length"``, ``"character"``, ``"check_digit"``."""
    if len(code) != CREDIT_LENGTH:
        return "length"
    if not _CREDIT_SIGNS.issuperset(code):
        return "character"
    return None if credit_check_digit(code[:-1]) == code[-1] else "check_digit"


@dataclass(frozen=True, slots=True)
class Division:
    """A two-digit division (大类) of GB/T 4754 in one edition."""

    edition: str
    section: str
    code: str
    zh: str
    en: str

    @property
    def name(self) -> str:
        """Name in the language in use."""
        return self.zh if language() == "zh" else self.en


@cache
def industry_divisions(edition: str = "2017") -> Mapping[str, Division]:
    """Divisions of an edition of GB/T 4754 by their two-digit code.

    Raises
    ------
    KeyError
        If the edition is not ``"2002"``, ``"2011"`` or ``"2017"``.
    """
    with Path(__file__).with_name("industries.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Division(row["edition"], row["section"], row["code"], row["zh"], row["en"])
            for row in csv.DictReader(file)
        ]
    found = {row.code: row for row in rows if row.edition == edition}
    if not found:
        raise KeyError(edition)
    return found


def industry_code_parts(text: str) -> tuple[str, str] | None:
    """Section letter (may be empty) and digits of an industry code; None when malformed.

    Examples
    --------
    >>> industry_code_parts("C3218")
    ('C', '3218')
    >>> industry_code_parts("321800") is None
    True
    """
    match = _INDUSTRY.fullmatch(text)
    return (match[1] or "", match[2]) if match else None


@dataclass(frozen=True, slots=True)
class LandCode:
    """A code of the land-use table of the annual review, and the code it is part of."""

    code: str
    parent: str
    zh: str
    en: str

    @property
    def name(self) -> str:
        """Name in the language in use."""
        return self.zh if language() == "zh" else self.en


@cache
def land_codes() -> Mapping[str, LandCode]:
    """Codes of 土地利用状况 in their order, parents before parts."""
    with Path(__file__).with_name("land_codes.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            LandCode(row["code"], row["parent"], row["zh"], row["en"])
            for row in csv.DictReader(file)
        ]
    return {row.code: row for row in rows}
