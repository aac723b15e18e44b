"""Numbers as people and programmes write them; the decimal sign is a matter of the whole column."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.park.cells.marks import footnote_marks

Numbers = npt.NDArray[np.float64]

BLANKS = frozenset(
    {"", "-", "--", "---", "—", "——", "/", "\\", "null", "none", "nan", "na", "n/a", "#n/a", "nil"}
)
_PLAIN = r"(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)"
_POINT = rf"(?:{_PLAIN}|[+-]?[1-9]\d{{0,2}}(?:,\d{{3}})+(?:\.\d*)?)"
_COMMA = r"(?:[+-]?\d+,\d*|[+-]?[1-9]\d{0,2}(?:[. ']\d{3})+(?:,\d*)?|[+-]?\d+)"
_UNSURE = r"(?:[+-]?[1-9]\d{0,2}(?:,\d{3}|\.\d{3})|[+-]?\d+)"  # 765,250: either


class DecimalSign(StrEnum):
    """What stands between whole and fraction."""

    POINT = "point"
    COMMA = "comma"


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing, or a sign for nothing."""
    if cell is None or cell is pd.NaT:
        return True
    if isinstance(cell, float):
        return bool(np.isnan(cell))
    return isinstance(cell, str) and cell.strip().lower() in BLANKS


def blanked(cells: Sequence[Any]) -> list[Any]:
    """Cells with None for blank ones, texts stripped."""
    if set(map(type, cells)) == {str}:  # none of the signs begins with a digit, most cells do
        return [
            text if text[:1].isdigit() or text.lower() not in BLANKS else None
            for text in map(str.strip, cells)
        ]
    return [
        None if is_blank(cell) else cell.strip() if isinstance(cell, str) else cell
        for cell in cells
    ]


def _plain_texts(column: pd.Series) -> pd.Series:
    text = column.astype("string").str.strip()
    sample = text.dropna()
    if len(sample) and not sample.str.isascii().all():
        # 5③ would be folded to 53: a cell with a footnote mark is no number
        text = text.mask(sample.map(lambda cell: bool(footnote_marks(cell))).astype(bool), "?")
        text = text.str.normalize("NFKC").str.replace("−", "-").str.replace("\u00a0", " ")
    return text


def decimal_sign(column: pd.Series) -> tuple[DecimalSign | None, bool]:
    """Decimal sign of a column of texts, and whether its commas could be either.

    Returns
    -------
    sign : DecimalSign, optional
        None when no number has a comma or a point that decides.
    unsure : bool
        Whether there are commas, each of which could part thousands or be the decimal sign.
    """
    if pd.api.types.is_numeric_dtype(column.dtype):
        return DecimalSign.POINT, False
    text = _plain_texts(column).dropna()
    marked = text[text.str.contains(",", regex=False)]
    if len(marked) == 0:
        plain = text[text.str.contains(".", regex=False)]
        decided = plain.str.fullmatch(_PLAIN) & ~plain.str.fullmatch(_UNSURE)
        return (DecimalSign.POINT if bool(decided.any()) else None), False
    numeric = marked[marked.str.fullmatch(rf"(?:{_POINT}|{_COMMA})")]
    if len(numeric) == 0:
        return None, False
    sure = numeric[~numeric.str.fullmatch(_UNSURE)]
    point, comma = sure.str.fullmatch(_POINT), sure.str.fullmatch(_COMMA)
    if len(sure) and bool(point.all()) and not bool(comma.all()):
        return DecimalSign.POINT, False
    if len(sure) and bool(comma.all()) and not bool(point.all()):
        return DecimalSign.COMMA, False
    others = text[text.str.contains(".", regex=False) & ~text.str.contains(",", regex=False)]
    if len(sure) == 0 and bool(
        (others.str.fullmatch(_PLAIN) & ~others.str.fullmatch(_UNSURE)).any()
    ):
        return DecimalSign.POINT, False
    return None, True


def parse_numbers(column: pd.Series, sign: DecimalSign = DecimalSign.POINT) -> Numbers:
    """Values of a column as floats; NaN for what is blank or no finite number.

    Parameters
    ----------
    column : Series
        Numbers, or texts; with a decimal point, commas may part thousands and nothing else.
    sign : DecimalSign
        Of texts.
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        return np.full(len(column), np.nan)
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        return np.where(np.isfinite(values), values, np.nan)
    number = np.array([type(cell) in (int, float) for cell in column])
    values = np.full(len(column), np.nan)
    if number.any():
        values[number] = column[number].astype(float)
    if not number.all():
        values[~number] = _from_texts(column[~number], sign)
    return np.where(np.isfinite(values), values, np.nan)


def _from_texts(column: pd.Series, sign: DecimalSign) -> Numbers:
    words = np.array([not isinstance(cell, bool) for cell in column], dtype=bool)
    text = _plain_texts(column.where(words))
    if sign is DecimalSign.COMMA:
        good = text.str.fullmatch(_COMMA)
        text = text.where(good).str.replace(r"[. ']", "", regex=True).str.replace(",", ".")
    else:
        plain = pd.to_numeric(text, errors="coerce")
        if bool(plain.notna().all()):
            return np.asarray(plain.to_numpy(dtype=float, na_value=np.nan))
        text = text.where(text.str.fullmatch(_POINT)).str.replace(",", "")
    return np.asarray(pd.to_numeric(text, errors="coerce").to_numpy(dtype=float, na_value=np.nan))
