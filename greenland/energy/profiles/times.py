"""Times as people and meters write them, turned into Beijing time."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from greenland.energy.profiles.timeline import TIMEZONE
from greenland.errors import input_error
from greenland.i18n import _

# Tried in this order on the first value; day-first and month-first are told apart by the data.
_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H",
    "%Y-%m-%d",
    "%Y%m%d %H:%M:%S",
    "%Y%m%d %H:%M",
    "%Y%m%d:%H%M",
    "%Y%m%d%H%M",  # before seconds, which would take twelve digits apart in another way
    "%Y%m%d%H%M%S",
    "%Y%m%d",
)
_SLASHED = re.compile(r"^\d{1,2}/\d{1,2}/\d{4}")
_YEAR_MONTH, _DAY = re.compile(r"[年月]"), re.compile(r"日")
_MIDNIGHT = re.compile(r"(?<=[ T])24:00(?::00)?$")
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_EXCEL_ZERO = pd.Timestamp("1899-12-30")


@dataclass(frozen=True)
class Times:
    """Parsed times and what had to be understood to parse them.

    Parameters
    ----------
    values : DatetimeIndex
        Without time zone unless the texts had an offset; NaT where nothing could be read.
    notes : tuple of str
    """

    values: pd.DatetimeIndex
    notes: tuple[str, ...] = ()


def parse(column: pd.Series, clock: pd.Series | None = None) -> Times:
    """Read times from a column, or from a column of dates and one of clock times.

    Parameters
    ----------
    column : Series
        Texts, dates, or Excel serial numbers.
    clock : Series, optional
        Clock times that belong to the dates.

    Raises
    ------
    InputError
        If most of the column is no time, or day and month cannot be told apart.
    """
    if pd.api.types.is_datetime64_any_dtype(column.dtype) and clock is None:
        return Times(pd.DatetimeIndex(column))
    first = column.dropna()
    if clock is None and len(first) and hasattr(first.iloc[0], "isoformat"):
        return Times(pd.DatetimeIndex(pd.to_datetime(column, errors="coerce")))
    if clock is None and pd.api.types.is_float_dtype(column.dtype):
        return _serial(column.to_numpy(dtype=float))
    text = _texts(column)
    if clock is not None:
        text = text.str.slice(0, 10).str.strip() + " " + _clock_texts(clock)
    return _from_texts(text)


def _texts(column: pd.Series) -> pd.Series:
    """Texts in one way of writing: ASCII, dashes, one blank before the clock."""
    text = column.astype("string").str.strip()
    sample = text.dropna().iloc[0] if text.notna().any() else ""
    if not sample.isascii():
        text = text.str.normalize("NFKC")
        text = text.str.replace(_YEAR_MONTH, "-", regex=True).str.replace(_DAY, " ", regex=True)
    if sample[:1].isdigit() and re.match(r"^\d{4}[/.]", sample):
        text = text.str.replace(r"[/.]", "-", regex=True)
    if "T" in sample:
        text = text.str.replace("T", " ")
    return text.str.replace(r"\s+", " ", regex=True).str.strip()


def _clock_texts(clock: pd.Series) -> pd.Series:
    """Clock times as ``HH:MM``, also from whole hours and Excel's fractions of a day."""
    if pd.api.types.is_numeric_dtype(clock.dtype):
        values = clock.to_numpy(dtype=float)
        minutes = np.round(values * 1440 if np.nanmax(values) < 1 else values * 60).astype(int)
        return pd.Series(
            [f"{item // 60:02d}:{item % 60:02d}" for item in minutes], index=clock.index
        )
    return clock.astype("string").str.strip().str.replace("：", ":")


def _serial(values: np.ndarray) -> Times:
    minutes = np.round(values * 1440)
    whole = pd.to_timedelta(minutes, unit="min")
    return Times(pd.DatetimeIndex(_EXCEL_ZERO + whole), (_("时间列为 Excel 序列值。"),))


def _from_texts(text: pd.Series) -> Times:
    notes: list[str] = []
    late = text.str.contains(_MIDNIGHT, na=False).to_numpy(dtype=bool)
    if late.any():
        text = text.where(~late, text.str.replace(_MIDNIGHT, "00:00", regex=True))
        notes.append(_("{count} 个“24:00”按次日 0 时计。", count=int(late.sum())))
    sample = str(text.dropna().iloc[0]) if text.notna().any() else ""
    if _OFFSET.search(sample) and ":" in sample:
        aware = pd.to_datetime(text, errors="coerce", utc=True)
        return Times(pd.DatetimeIndex(aware).tz_convert(TIMEZONE), tuple(notes))
    parsed, said = _slashed(text) if _SLASHED.match(sample) else _plain(text, sample)
    notes += said
    values = pd.DatetimeIndex(parsed)
    if np.mean(values.isna()) > 0.5:
        raise input_error(
            "time_column",
            _("时间列无法识别。"),
            got=sample,
            remedy=_("请写成 2025-01-31 08:15 的形式。"),
        )
    if late.any():
        values = values + pd.to_timedelta(late.astype(int), unit="D")
    return Times(values, tuple(notes))


def _plain(text: pd.Series, sample: str) -> tuple[pd.Series, list[str]]:
    for pattern in _FORMATS:
        if not pd.isna(pd.to_datetime(sample, format=pattern, errors="coerce")):
            return pd.to_datetime(text, format=pattern, errors="coerce"), []
    return pd.to_datetime(text, format="mixed", errors="coerce"), []


def _slashed(text: pd.Series) -> tuple[pd.Series, list[str]]:
    """Dates such as 13/01/2018: day first or month first, as the numbers allow."""
    parts = text.str.extract(r"^(\d{1,2})/(\d{1,2})/")
    first, second = (pd.to_numeric(parts[place]).max() for place in (0, 1))
    if first > 12 and second > 12:
        raise input_error("time_column", _("日期列中日和月的次序前后不一。"), got=str(text.iloc[0]))
    if first <= 12 and second <= 12 and len(text) > 1:
        raise input_error(
            "time_column",
            _("无法判断日期列是“日/月/年”还是“月/日/年”。"),
            got=str(text.iloc[0]),
            remedy=_("请把日期改成 2025-01-31 的形式。"),
        )
    order = "%d/%m/%Y" if first > 12 else "%m/%d/%Y"
    sample = str(text.dropna().iloc[0])
    clock = {0: "", 1: " %H:%M", 2: " %H:%M:%S"}[sample.count(":")]
    said = _("日期按“日/月/年”读。") if first > 12 else _("日期按“月/日/年”读。")
    return pd.to_datetime(text, format=order + clock, errors="coerce"), [said]


def localize(times: pd.DatetimeIndex, timezone: str) -> tuple[pd.DatetimeIndex, int]:
    """Bring times of a zone to Beijing time.

    Parameters
    ----------
    times : DatetimeIndex
        Without time zone they are wall-clock times of *timezone*.
    timezone : str
        IANA name. Where its clocks are put back, the first of two equal times is summer time.

    Returns
    -------
    DatetimeIndex
        NaT where the clock was put forward over the time.
    int
        Number of such times.
    """
    if times.tz is not None:
        return times.tz_convert(TIMEZONE), 0
    if timezone == TIMEZONE:
        # offset fixed since 1992; earlier summer times would be ambiguous
        aware = times.tz_localize(TIMEZONE, ambiguous="NaT", nonexistent="NaT")
    else:
        doubled = pd.Series(times).duplicated(keep="last").to_numpy()
        aware = times.tz_localize(timezone, ambiguous=doubled, nonexistent="NaT")
    lost = int(np.sum(np.asarray(aware.isna()) & np.asarray(times.notna())))
    return aware.tz_convert(TIMEZONE), lost
