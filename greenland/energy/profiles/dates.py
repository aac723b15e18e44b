"""Days of a column of texts: what stands first, and what their order is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.method import MAJORITY, MOST_JUMPS, SURE_DAYS
from greenland.errors import Problem, Severity, input_error
from greenland.i18n import N_, Text, _

_YEAR_FIRST = r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$"
_DIGITS = r"^(\d{4})(\d{2})(\d{2})(\d{4}(?:\d{2})?)?$"
_YEAR_LAST = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$"
_NAMED = r"^(\d{1,2})[- ]([A-Za-z]{3})[A-Za-z]*[-,]+(\d{4}|\d{2})$"
_JOINT = re.compile(r"(?<=^\d{8})[T:_]|(?<=\d)T(?=\d)")
_WEEKDAY = r"\(?(?:星期|周)[一二三四五六日天]\)?"
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_ORDERS = {
    "dmy": (N_("日期按“日/月/年”读。"), (2, 1, 0)),
    "mdy": (N_("日期按“月/日/年”读。"), (2, 0, 1)),
    "ymd": (N_("日期按“年/月/日”读。"), (0, 1, 2)),
}


@dataclass(frozen=True)
class DistinctTexts:
    """Different texts of a column, and which of them stands in each row (-1: none)."""

    unique: pd.Series
    codes: npt.NDArray[np.intp]

    def spread(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Values of the different texts, one for each row."""
        nothing = np.datetime64("NaT", "us") if values.dtype.kind == "M" else np.nan
        if len(values) == 0:
            return np.full(len(self.codes), nothing)
        found = values[np.maximum(self.codes, 0)]
        return np.where(self.codes >= 0, found, nothing)


def parted(text: pd.Series) -> tuple[DistinctTexts, DistinctTexts]:
    """The first word of each text, and what stands behind it."""
    cells = [_JOINT.sub(" ", cell, count=1) if isinstance(cell, str) else "" for cell in text]
    words = [cell.partition(" ") for cell in cells]
    return _distinct([word[0] or None for word in words]), _distinct(
        [word[2].strip() for word in words]
    )


def _distinct(cells: Sequence[str | None]) -> DistinctTexts:
    codes, unique = pd.factorize(np.array(cells, dtype=object))
    return DistinctTexts(pd.Series(unique, dtype="string"), codes)


def latin_dates(cell: str) -> str:
    """Dates with dashes for 年 and 月, without 日 and weekdays."""
    if cell.isascii():
        return cell
    cell = unicodedata.normalize("NFKC", cell)
    cell = re.sub(_WEEKDAY, " ", cell)
    cell = re.sub(r"\s*[年月]\s*", "-", cell)
    return re.sub(r"\s+", " ", re.sub(r"\s*日\s*", " ", cell)).strip()


def days_of(
    heads: DistinctTexts, consecutive: bool
) -> tuple[pd.Series, pd.Series, list[Text | str], list[Problem]]:
    """Days of the different dates, digits of a clock behind them, and how they were understood."""
    text = heads.unique
    # titles of pages are few beside the times, though each is another
    rows = np.bincount(heads.codes[heads.codes >= 0], minlength=len(text))

    def most(parts: pd.DataFrame) -> bool:
        return bool(rows[parts[0].notna().to_numpy()].sum() > MAJORITY * rows.sum())

    none = pd.Series(pd.NA, index=text.index, dtype="string")
    for pattern in (_YEAR_FIRST, _DIGITS):
        parts = text.str.extract(pattern)
        if most(parts):
            return _dates(parts, (0, 1, 2)), parts.get(3, none), [], []
    parts = text.str.extract(_NAMED)
    if most(parts):
        parts[1] = parts[1].str.lower().map(_MONTHS)
        return _dates(parts, (2, 1, 0)), none, [], []
    parts = text.str.extract(_YEAR_LAST)
    if not bool(parts[0].notna().any()):
        return pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]"), none, [], []
    days, notes, assumptions = _ordered(heads, parts, consecutive)
    return days, none, notes, assumptions


def _dates(parts: pd.DataFrame, places: tuple[int, int, int]) -> pd.Series:
    year, month, day = (
        pd.Series(
            pd.to_numeric(parts[place], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        )
        for place in places
    )
    year = year.where(year >= 100, year + 2000)
    return pd.to_datetime({"year": year, "month": month, "day": day}, errors="coerce")


def _ordered(
    heads: DistinctTexts, parts: pd.DataFrame, consecutive: bool
) -> tuple[pd.Series, list[Text | str], list[Problem]]:
    """Dates whose year does not stand first: the order that all of them allow."""
    text = heads.unique
    written = parts[0].notna()
    short = bool((parts[2].str.len() == 2)[written].all())
    possible = {}
    for name, (_note, places) in _ORDERS.items():
        if name == "ymd" and not short:
            continue
        days = _dates(parts, places)
        if bool(days[written].notna().all()):
            possible[name] = days
    if not possible:
        raise input_error(
            "time_column",
            _("日期列中日和月的次序前后不一。"),
            got=str(text[written].iloc[0]),
            remedy=_("请把日期改成 2025-01-31 的形式。"),
        )
    if len(possible) == 1:
        ((name, days),) = possible.items()
        return days, [_(_ORDERS[name][0])], []
    jumps = {name: _jumps(heads.spread(days.to_numpy())) for name, days in possible.items()}
    regular = [name for name, share in jumps.items() if share is not None and share <= MOST_JUMPS]
    if not consecutive or len(regular) != 1:
        raise input_error(
            "date_order",
            _("无法判断日期列是“日/月/年”还是“月/日/年”。"),
            got=str(text[written].iloc[0]),
            remedy=_("请把日期改成 2025-01-31 的形式。"),
        )
    name = regular[0]
    notes: list[Text | str] = [_(_ORDERS[name][0])]
    days = possible[name]
    if days.nunique() > SURE_DAYS:
        return days, notes, []
    said = _("日期有几种读法，取逐日相连的一种。")
    assumption = Problem(Severity.NOTICE, "date_order", said, got=str(text[written].iloc[0]))
    return days, notes, [assumption]


def _jumps(days: npt.NDArray[Any]) -> float | None:
    """Share of the changes of day that are not to a neighbouring day; None without a change."""
    known = days[~np.isnat(days)].astype("datetime64[D]")
    steps = np.diff(known).astype(np.int64)
    changes = steps[steps != 0]
    return float((np.abs(changes) != 1).mean()) if len(changes) else None
