"""Times of day as they stand beside a date: texts, Excel fractions, hours, numbered slots."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.errors import Problem, Severity
from greenland.i18n import Text, _

Seconds = npt.NDArray[np.float64]

DAY = 86_400.0
SLOT_COUNTS = (24, 48, 96, 144, 288)
_CLOCK = (
    r"^(?P<before>上午|下午|[AaPp]\.?[Mm]\.?)?\s*"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d+)?)?"
    r"\s*(?P<after>[AaPp]\.?[Mm]\.?)?$"
)
_DIGITS = r"^(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?$"


@dataclass(frozen=True)
class Clock:
    """Times of day.

    Parameters
    ----------
    seconds : array
        After midnight, up to 24:00; NaN where none can be read.
    label : str, optional
        Which end of the step they name, ``"left"`` or ``"right"``, where the writing shows it.
    notes : tuple of str
    assumptions : tuple of Problem
        What was taken to be so though it could be otherwise.
    """

    seconds: Seconds
    label: str | None = None
    notes: tuple[Text | str, ...] = ()
    assumptions: tuple[Problem, ...] = ()


def tidied(text: pd.Series) -> pd.Series:
    """Clock texts with colons for 时, 点, 分 and full-width signs."""
    sample = text.dropna()
    if len(sample) and not sample.str.isascii().all():
        text = text.str.normalize("NFKC")
        text = text.str.replace(r"(\d)\s*[时点](?:整)?\s*$", r"\1:00", regex=True)
        text = text.str.replace(r"(\d)\s*[时点]\s*", r"\1:", regex=True)
        text = text.str.replace(r"(\d)\s*分\s*(?=\d)", r"\1:", regex=True)
        text = text.str.replace(r"(\d)\s*[分秒]\s*", r"\1", regex=True)
    return text.str.strip()


def text_seconds(text: pd.Series) -> Seconds:
    """Seconds after midnight of clock texts; NaN where there is none."""
    parts = text.str.extract(_CLOCK)
    plain = parts["hour"].isna()
    if bool((plain & text.notna()).any()):
        digits = text.where(plain).str.extract(_DIGITS)
        for name in digits:
            parts[name] = parts[name].where(~plain, digits[name])
    hour, minute, second = (
        pd.to_numeric(parts[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        for name in ("hour", "minute", "second")
    )
    second = np.nan_to_num(second)
    half = parts["before"].fillna(parts["after"]).astype("string").str.lower().str[0]
    if bool(half.notna().any()):
        late = half.isin(["p", "下"]).to_numpy(dtype=bool, na_value=False)
        marked = half.notna().to_numpy(dtype=bool)
        hour = np.where(marked & (hour > 12), np.nan, hour)
        hour = np.where(marked, hour % 12 + 12 * late, hour)
    total = hour * 3600 + minute * 60 + second
    wrong = (minute >= 60) | (second >= 60) | (total > DAY)
    return np.where(wrong, np.nan, total)


def read_clock(column: pd.Series) -> Clock:
    """Times of day of a column beside a column of dates.

    Parameters
    ----------
    column : Series
        ``08:15``, ``0815``, ``8时15分``, ``08:00-08:15``, Excel times and fractions of a day, whole
        hours, or numbers of the slots of a day.
    """
    cells = column[column.notna()]
    if len(cells) == 0:
        return Clock(np.full(len(column), np.nan))
    objects = [isinstance(cell, dt.time | dt.timedelta | dt.datetime) for cell in cells]
    if all(objects):
        return Clock(np.array([_object_seconds(cell) for cell in column], dtype=float))
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    if np.isfinite(values[column.notna().to_numpy()]).all():
        return _numeric(column, values)
    text = tidied(column.map(_object_text, na_action="ignore").astype("string"))
    spans = text.str.extract(r"^(\S+?)\s*[-~–—至到]\s*(\S+)$")
    if bool((spans[0].notna() | text.isna()).all()):
        return Clock(text_seconds(spans[0]), "left", (_("时段按其开始时刻计。"),))
    ordinal = text.str.extract(r"^(?:第)?\s*(\d{1,3})\s*(?:点|时段|个时段|点位)?$|^[Pp](\d{1,3})$")
    numbered = ordinal[0].fillna(ordinal[1])
    if bool((numbered.notna() | text.isna()).all()):
        return _numeric(numbered, pd.to_numeric(numbered, errors="coerce").to_numpy(dtype=float))
    return Clock(text_seconds(text))


def _object_seconds(cell: Any) -> float:
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds()
    if isinstance(cell, dt.datetime | dt.time):
        return float(cell.hour * 3600 + cell.minute * 60 + cell.second)
    return float("nan")


def _object_text(cell: Any) -> str:
    return cell.strftime("%H:%M:%S") if isinstance(cell, dt.time | dt.datetime) else str(cell)


def _numeric(column: pd.Series, values: Seconds) -> Clock:
    """Fractions of a day, hours, slot numbers or digits such as 815, told apart by all of them."""
    known = values[np.isfinite(values)]
    if ((known >= 0) & (known <= 1)).all() and not (known == known.round()).all():
        return Clock(np.round(values * 1440) * 60)  # Excel's fractions of a day
    if not (known == known.round()).all() or known.min() < 0:
        return Clock(np.full(len(values), np.nan))
    low, high, count = int(known.min()), int(known.max()), len(np.unique(known))
    texts = column.dropna().astype("string").str.strip()
    if bool((texts.str.len() == 4).all()) or (high > 288 and (known % 100 < 60).all()):
        hours, minutes = np.divmod(values, 100)
        total = hours * 3600 + minutes * 60
        return Clock(np.where((minutes < 60) & (total <= DAY), total, np.nan))
    if high - low + 1 == count and count in SLOT_COUNTS and low in (0, 1):
        return _slots(values, low, count)
    if high <= 23 and low >= 0 and count <= 24:
        return Clock(values * 3600)
    return Clock(np.full(len(values), np.nan))


def _slots(values: Seconds, low: int, count: int) -> Clock:
    seconds = (values - low) * DAY / count
    if low == 0 and count == 24:
        return Clock(seconds)  # the hours of the clock
    note = Problem(
        Severity.NOTICE,
        "slots_numbered",
        _(
            "时刻只写序号（{low} 至 {high}），第一段按 0 时起计。",
            low=low,
            high=low + count - 1,
        ),
    )
    return Clock(seconds, "left", (), (note,))
