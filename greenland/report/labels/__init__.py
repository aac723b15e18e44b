"""Labels: one table from the ids of the results record to what people read.

An id that is not here is looked up in the column dictionary of the input and, failing that,
shown as it stands. Kinds decide how a value is written; see `greenland.report.formatters`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from greenland.errors import SEVERITY_LABELS
from greenland.i18n import _, language
from greenland.park import dictionary
from greenland.report.labels.columns import COLUMNS
from greenland.report.labels.indicators import INDICATORS
from greenland.report.labels.power import POWER_COLUMNS, POWER_UNITS, POWER_VALUES
from greenland.report.labels.units import UNIT_ALIASES, UNITS
from greenland.report.labels.values import VALUES
from greenland.results import STATE_LABELS
from greenland.rules.rule import CONFIDENCE_LABELS


@dataclass(frozen=True, slots=True)
class FieldLabel:
    """What an id is called, its unit, and how its values are written.

    Parameters
    ----------
    id : str
    text : str
        Chinese message id, or a text already in the language in use.
    unit : str
        Chinese unit; ``""`` for pure numbers and text.
    kind : str
        ``text``, ``number``, ``share``, ``yuan``, ``int``, ``year``, ``date``, ``value`` ...
    digits : int, optional
        Decimals; chosen by size when left out.
    """

    id: str
    text: str
    unit: str = ""
    kind: str = "text"
    digits: int | None = None


@cache
def _dictionary() -> Mapping[str, tuple[str, str, str, str]]:
    """Header (Chinese, English), type and unit of every input column, first sheet first."""
    path = Path(dictionary.__file__).with_name("columns.csv")
    found: dict[str, tuple[str, str, str, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            entry = (row["header_zh"], row["header_en"], row["type"], row["unit"])
            found.setdefault(row["id"], entry)
    return found


@cache
def _choices() -> Mapping[tuple[str, str], tuple[str, str]]:
    """Chinese and English text of every (list, code) of the input's choices."""
    path = Path(dictionary.__file__).with_name("choices.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {(r["list"], r["code"]): (r["zh"], r["en"]) for r in csv.DictReader(stream)}


@cache
def _industries() -> Mapping[str, tuple[str, str]]:
    """Names of the industry codes, the latest edition of the classification first."""
    path = Path(dictionary.__file__).with_name("industries.csv")
    found: dict[str, tuple[str, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in sorted(csv.DictReader(stream), key=lambda row: row["edition"]):
            found[row["code"]] = (row["zh"], row["en"])
    return found


def industry(code: object) -> str:
    """Name of an industry by its code, or of the division it belongs to; ``""`` if unknown."""
    text = str(code or "")
    for key in (text, text[:3], text[:2]):
        if key in _industries():
            zh, en = _industries()[key]
            return zh if language() == "zh" else en or zh
    return ""


def industry_named(text: str) -> str:
    """Name of an industry, given in either language, in the one in use; as it stands if unknown."""
    for zh, en in _industries().values():
        if text in (zh, en):
            return zh if language() == "zh" else en or zh
    return text


_TYPES = {"number": "number", "share": "share", "year": "year", "date": "date", "bool": "bool"}


def label(key: str) -> FieldLabel:
    """The label of a column, indicator or quantity."""
    return _label(key, language())


@lru_cache(maxsize=4096)
def _label(key: str, _language: str) -> FieldLabel:
    entry = COLUMNS.get(key) or INDICATORS.get(key) or POWER_COLUMNS.get(key)
    if entry is not None:
        return FieldLabel(key, _(entry[0]), *entry[1:])
    if key in _dictionary():
        zh, en, kind, unit = _dictionary()[key]
        unit = "" if kind == "share" else unit
        return FieldLabel(
            key, zh if language() == "zh" else en or zh, unit, _TYPES.get(kind, "text")
        )
    return FieldLabel(key, key, kind="auto")


def name(key: str) -> str:
    """What a column, indicator or quantity is called."""
    return label(key).text


def unit_text(unit: str | None) -> str:
    """A unit in the language in use; ``""`` for none."""
    if not unit or unit == "share":
        return ""
    unit = UNIT_ALIASES.get(unit, unit)
    return _(unit) if unit in UNITS or unit in POWER_UNITS else unit


def value_label(column: str, value: str) -> str:
    """What a coded value of a column is called; unknown codes stand as they are.

    Parameters
    ----------
    column : str
        Column the value stands in; the same code may mean different things in different ones.
    value : str
    """
    return _value_label(column, value, language())


@lru_cache(maxsize=16384)
def _value_label(column: str, value: str, _language: str) -> str:
    specific = VALUES.get(column, {}).get(value) or POWER_VALUES.get(column, {}).get(value)
    if specific is not None:
        return _(specific)
    choice = _choices().get((column, value))
    if choice is not None:
        return choice[0] if language() == "zh" else choice[1]
    for table in (STATE_LABELS, CONFIDENCE_LABELS, SEVERITY_LABELS):
        if column in ("state", "confidence", "severity") and value in table:
            return _(table[value])  # type: ignore[index]
    known = value in INDICATORS or (
        column in _NAMING and (value in COLUMNS or value in _dictionary())
    )
    return name(value) if known else value


# Columns whose values are ids of quantities or columns: elsewhere ``other`` names no column.
_NAMING = frozenset(
    (
        *("indicator", "limit", "item", "potential", "reading", "parameter", "node", "parent"),
        *("column", "objective", "criteria", "touches", "unit", "field", "evidence", "gap"),
        *("named_item", "basis"),
    )
)


def state_label(state: str) -> str:
    """What a compliance state is called."""
    return value_label("state", state)
