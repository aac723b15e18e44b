"""The column dictionary: one table of what every sheet holds.

``sheets.csv`` names the sheets, ``columns.csv`` each column of each sheet (header, type, unit,
whether it is required, what it means and where the definition comes from), ``choices.csv`` the
values of columns with a fixed list. Reading, validation, the blank workbook, the documentation
and the report's glossary all follow these tables.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.i18n import _, language
from greenland.park.kinds import kinds_of
from greenland.yamlfile import nearest

_HERE = Path(__file__).parent
_EPOCH = dt.date(1970, 1, 1).toordinal()  # day 0 of NumPy


class ColumnType(StrEnum):
    """What a column holds, and so how it is read and stored."""

    TEXT = "text"  # str
    CODE = "code"  # str; numbers lose their ".0"
    CODES = "codes"  # tuple of str
    CREDIT_CODE = "credit_code"  # str, 18 characters with check digit
    INDUSTRY_CODE = "industry_code"  # str, 2 to 4 digits
    LAND_CODE = "land_code"  # str, A1 … G
    CHOICE = "choice"  # str, the code of a choice
    BOOL = "bool"  # boolean
    DATE = "date"  # datetime64
    YEAR = "year"  # Int64
    NUMBER = "number"  # float64 in the column's unit
    SHARE = "share"  # float64 as a decimal, written in per cent


NUMERIC = frozenset({ColumnType.NUMBER, ColumnType.SHARE})
_DTYPES = {
    ColumnType.CODES: "object",
    ColumnType.BOOL: "boolean",
    ColumnType.DATE: "datetime64[us]",
    ColumnType.YEAR: "Int64",
    ColumnType.NUMBER: "float64",
    ColumnType.SHARE: "float64",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value of a list: its code, its names and what else people write for it."""

    list: str
    code: str
    zh: str
    en: str
    synonyms: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name in the language in use."""
        return self.zh if language() == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one sheet.

    Parameters
    ----------
    unit : str
        Unit of the stored values as people write it; ``"%"`` for shares, which are stored as
        decimals; empty for pure numbers and everything that is not a number.
    minimum, maximum : float, optional
        Least and greatest allowed value, in the stored unit (shares as decimals).
    key : bool
        Whether an evaluation lacks its main result without the column, though it is not required.
    touches : tuple of str
        Evaluations that use the column.
    synonyms : tuple of str
        Other headers in use for the same thing; those after ``~`` leave the definition open and
        are read with a warning.
    """

    sheet: str
    id: str
    header_zh: str
    header_en: str
    type: ColumnType
    unit: str = ""
    required: bool = False
    key: bool = False
    choices: str = ""
    minimum: float | None = None
    maximum: float | None = None
    touches: tuple[str, ...] = ()
    meaning_zh: str = ""
    meaning_en: str = ""
    source: str = ""
    synonyms: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        """Header in the language in use, without unit."""
        return self.header_zh if language() == "zh" else self.header_en

    @property
    def meaning(self) -> str:
        """Definition in the language in use."""
        return self.meaning_zh if language() == "zh" else self.meaning_en

    @property
    def labelled_header(self) -> str:
        """Header with its unit, as the blank workbook shows it: ``宗地面积(亩)``."""
        return f"{self.header}({self.shown_unit})" if self.unit else self.header

    @property
    def shown_unit(self) -> str:
        """Unit as the language in use writes it."""
        return self.unit if language() == "zh" else UNITS_EN.get(self.unit, self.unit)

    @property
    def numeric(self) -> bool:
        """Whether the column holds numbers with a unit."""
        return self.type in NUMERIC

    @property
    def dtype(self) -> str:
        """Dtype in pandas of the stored values."""
        return _DTYPES.get(self.type, "str")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook and the columns that tell its rows apart."""

    id: str
    title_zh: str
    title_en: str
    key: tuple[str, ...]
    optional: bool = False  # nobody is told that it is not there

    @property
    def title(self) -> str:
        """Title in the language in use."""
        return self.title_zh if language() == "zh" else self.title_en


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8-sig", newline="") as file:
        return [{key: value or "" for key, value in row.items()} for row in csv.DictReader(file)]


def _split(text: str, separator: str | None = None) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


SHEETS: Mapping[str, Sheet] = {
    row["id"]: Sheet(
        row["id"], row["title_zh"], row["title_en"], _split(row["key"]), bool(row["optional"])
    )
    for row in _rows("sheets.csv")
}
# Units as English headers write them; the numbers are the same.
UNITS_EN: Mapping[str, str] = {row["unit"]: row["en"] for row in _rows("units_en.csv")}


@cache
def _all_columns() -> Mapping[str, tuple[Column, ...]]:
    found: dict[str, list[Column]] = {sheet: [] for sheet in SHEETS}
    for row in _rows("columns.csv"):
        found[row["sheet"]].append(
            Column(
                sheet=row["sheet"],
                id=row["id"],
                header_zh=row["header_zh"],
                header_en=row["header_en"],
                type=ColumnType(row["type"]),
                unit=row["unit"],
                required=row["required"] == "yes",
                key=row["required"] == "key",
                choices=row["choices"],
                minimum=_number(row["minimum"]),
                maximum=_number(row["maximum"]),
                touches=_split(row["touches"]),
                meaning_zh=row["meaning_zh"],
                meaning_en=row["meaning_en"],
                source=row["source"],
                synonyms=_split(row.get("synonyms", ""), "|"),
            )
        )
    return {sheet: tuple(items) for sheet, items in found.items()}


@cache
def _all_choices() -> Mapping[str, tuple[Choice, ...]]:
    found: dict[str, list[Choice]] = {}
    for row in _rows("choices.csv"):
        choice = Choice(
            row["list"], row["code"], row["zh"], row["en"], _split(row["synonyms"], "|")
        )
        found.setdefault(choice.list, []).append(choice)
    return {name: tuple(items) for name, items in found.items()}


def columns(sheet: str) -> tuple[Column, ...]:
    """Columns of a sheet, in the order they are written.

    Raises
    ------
    KeyError
        If there is no such sheet.
    """
    return _all_columns()[sheet]


def column(sheet: str, column_id: str) -> Column:
    """One column of a sheet by its id.

    Raises
    ------
    KeyError
        If the sheet has no such column.
    """
    for item in columns(sheet):
        if item.id == column_id:
            return item
    raise KeyError(f"{sheet}.{column_id}")


def choices(name: str) -> tuple[Choice, ...]:
    """Choices of a list, in the order drop-downs show them.

    Raises
    ------
    KeyError
        If there is no such list.
    """
    return _all_choices()[name]


def choice_name(name: str, code: str) -> str:
    """Name of a choice in the language in use; the code itself when the list has none."""
    return next((item.name for item in choices(name) if item.code == code), code)


def empty_table(sheet: str) -> pd.DataFrame:
    """A table of the sheet without rows: every column with its dtype, index named ``row``."""
    return _empty_table(sheet, pd.get_option("mode.string_storage")).copy()


@cache
def _empty_table(sheet: str, _storage: str) -> pd.DataFrame:
    """Kept for each storage of texts, which its columns take from where they are made."""
    return table(sheet, [])


def table(
    sheet: str, rows: Iterable[Mapping[str, Any]], index: Sequence[int] | None = None
) -> pd.DataFrame:
    """Make a typed table of a sheet from values in canonical form.

    Parameters
    ----------
    sheet : str
        Sheet id.
    rows : iterable of mapping
        Column id to value: numbers in the dictionary's unit, shares as decimals, choices as
        codes, dates as anything pandas reads. Columns left out are missing.
    index : sequence of int, optional
        Excel rows; from 2 when left out.

    Returns
    -------
    DataFrame
        All columns of the sheet with their dtypes, index named ``row``.

    Raises
    ------
    KeyError
        If a row names a column the sheet does not have.

    Examples
    --------
    >>> frame = table("parcels", [{"parcel_id": "G1", "area_mu": 30}])
    >>> frame.loc[2, "area_mu"].item()
    30.0
    """
    items = [dict(row) for row in rows]
    known = columns(sheet)
    names = [item.id for item in known]
    for row in items:
        for name in row:
            if name not in names:
                raise KeyError(_unknown_column(sheet, name, names))
    labels = pd.Index(list(index) if index is not None else range(2, 2 + len(items)), name="row")
    labels = labels.astype("int64")
    data = {item.id: typed([row.get(item.id) for row in items], item).array for item in known}
    return pd.DataFrame(data, labels)


def _unknown_column(sheet: str, name: str, known: Sequence[str]) -> str:
    guess = nearest(name, known)
    text: str = _("表“{sheet}”没有列“{name}”。", sheet=sheet, name=name)
    return text + (_("是否应为“{guess}”？", guess=guess) if guess else "")


def typed(values: Sequence[Any], item: Column) -> pd.Series[Any]:
    """Values in canonical form as a Series of the column's dtype; None is missing."""
    kind = item.type
    if kind is ColumnType.CODES:
        tuples = [tuple(value) if value is not None else () for value in values]
        series = pd.Series([None] * len(tuples), dtype="object", name=item.id)
        series[:] = tuples
        return series
    if kind is ColumnType.DATE:
        if kinds_of(values) <= {dt.date, NoneType}:
            return pd.Series(_days(values).astype("datetime64[us]"), name=item.id)
        dates = pd.to_datetime(pd.Series(list(values), dtype="object"))
        return dates.astype("datetime64[us]").rename(item.id)
    if kind in NUMERIC:
        if kinds_of(values) <= {float, NoneType}:
            return pd.Series(np.array(values, dtype=np.float64), name=item.id)
        return pd.Series(pd.to_numeric(pd.Series(values)), dtype="float64", name=item.id)
    if kind is ColumnType.YEAR:
        return pd.Series(list(values), dtype="object", name=item.id).astype("Int64")
    if kind is ColumnType.BOOL:
        return pd.Series(list(values), dtype="object", name=item.id).astype("boolean")
    return pd.Series(list(values), dtype="str", name=item.id)


def _days(values: Sequence[dt.date | None]) -> npt.NDArray[np.datetime64]:
    """Dates as NumPy has them, by their ordinals: by itself it takes thirty times as long."""
    numbers = (0 if value is None else value.toordinal() for value in values)
    ordinals = np.fromiter(numbers, dtype=np.int64, count=len(values))
    days = (ordinals - _EPOCH).view("datetime64[D]")
    days[ordinals == 0] = np.datetime64("NaT")
    return days
