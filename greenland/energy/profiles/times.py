"""Times as people and meters write them, turned into Beijing time.

What a date means is decided for the whole column: 05.06.2025 is June or May by what the other
dates allow, never by itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.clocks import read_clock, text_seconds, tidied
from greenland.energy.profiles.dates import days_of, latin_dates, parted
from greenland.energy.profiles.method import MAJORITY, READING_YEARS
from greenland.energy.profiles.timeline import TIMEZONE
from greenland.errors import InputError, Problem, input_error
from greenland.i18n import Text, _

# Year first, so that nothing is left to decide: tried at once on the whole column.
_FORMATS = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d",
    "%Y/%m/%d",
)
_OFFSET = r":\d{2}(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})$"
_SPAN = r"^(.*\d:\d{2}(?::\d{2})?)\s*[-~–—至到]\s*(\d.*)$"
_EXCEL_ZERO = pd.Timestamp("1899-12-30")
_SERIALS = (25_569.0, 73_051.0)  # 1970 to 2100


@dataclass(frozen=True)
class Times:
    """Parsed times and what had to be understood to parse them.

    Parameters
    ----------
    values : DatetimeIndex
        Without time zone unless the texts had an offset; NaT where nothing could be read.
    notes : tuple of str
    assumptions : tuple of Problem
        What was taken to be so though it could be otherwise.
    label : str, optional
        ``"left"`` or ``"right"`` where the writing shows which end of the step is named.
    """

    values: pd.DatetimeIndex
    notes: tuple[Text | str, ...] = ()
    assumptions: tuple[Problem, ...] = ()
    label: str | None = None


def parse(column: pd.Series, clock: pd.Series | None = None, *, consecutive: bool = True) -> Times:
    """Read times from a column, or from a column of dates and one of clock times.

    Parameters
    ----------
    column : Series
        Texts, dates, or Excel serial numbers.
    clock : Series, optional
        Clock times that belong to the dates.
    consecutive : bool
        Whether the dates run day by day, which may decide between 5 June and 6 May where the
        numbers alone do not.

    Raises
    ------
    InputError
        If most of the column is no time, or day and month cannot be told apart.
    """
    times = _parse(column, consecutive)
    if clock is None:
        return times
    beside = read_clock(clock)
    days = times.values.tz_localize(None).normalize()
    known = np.isfinite(beside.seconds)  # pandas 3.0.0 warns of what is no number
    past = pd.to_timedelta(pd.Series(np.where(known, beside.seconds, 0.0)), unit="s")
    stamps = days + past.where(known)
    values = pd.DatetimeIndex(stamps)
    _check(values, clock, column)
    late = int(np.sum(beside.seconds == 86_400))
    notes = [*times.notes, *beside.notes, *([_midnight_note(late)] if late else [])]
    return Times(
        values, tuple(notes), (*times.assumptions, *beside.assumptions), beside.label or times.label
    )


def _parse(column: pd.Series, consecutive: bool) -> Times:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return Times(pd.DatetimeIndex(column))
    kinds = set(map(type, column))
    if any(issubclass(kind, dt.date) for kind in kinds):
        stamped = np.array([isinstance(cell, dt.date) for cell in column], dtype=bool)
        return _stamped(column, stamped, consecutive)
    known = column.dropna()
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    serial = (values >= _SERIALS[0]) & (values <= _SERIALS[1])
    if len(known) and serial.sum() > MAJORITY * len(known):
        return _serial(np.where(serial, values, np.nan))
    texts = column if kinds == {str} else column.map(_whole_text, na_action="ignore")
    return _from_texts(texts.astype("string"), consecutive)


def _whole_text(cell: object) -> str:
    """Text of a cell; whole numbers such as 20250131 without a fraction."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _stamped(column: pd.Series, stamped: npt.NDArray[np.bool_], consecutive: bool) -> Times:
    """Dates of Excel or Parquet, some cells perhaps texts."""
    values = pd.Series(pd.NaT, index=range(len(column)), dtype="datetime64[us]")
    dates = pd.to_datetime(pd.Series(list(column[stamped])), errors="coerce")
    if isinstance(dates.dtype, pd.DatetimeTZDtype):
        return Times(pd.DatetimeIndex(pd.to_datetime(column, errors="coerce")))
    rounded = dates.dt.round("1s")  # Excel keeps fractions of a day
    values[stamped] = rounded.astype("datetime64[us]").to_numpy()
    notes: tuple[Text | str, ...] = ()
    assumptions: tuple[Problem, ...] = ()
    rest = ~stamped & column.notna().to_numpy()
    if rest.any():
        try:
            others = _parse(pd.Series(list(column[rest]), dtype=object), consecutive)
        except InputError:
            others = None  # words among the dates
        if others is not None and others.values.tz is None:
            values[rest] = others.values.astype("datetime64[us]")
            notes, assumptions = others.notes, others.assumptions
    return Times(_plausible(pd.DatetimeIndex(values)), notes, assumptions)


def _serial(values: npt.NDArray[np.float64]) -> Times:
    seconds = np.round(values * 86_400)
    minutes = np.round(seconds / 60) * 60
    seconds = np.where(np.abs(seconds - minutes) <= 1, minutes, seconds)
    stamps = _EXCEL_ZERO + _spans(np.asarray(seconds), "s")
    return Times(pd.DatetimeIndex(stamps), (_("时间列为 Excel 序列值。"),))


def _spans(amounts: npt.NDArray[np.float64], unit: Literal["s", "min"]) -> pd.Series:
    """Spans of time; none where there is no number, at which pandas 3.0.0 warns."""
    known = np.isfinite(amounts)
    return pd.Series(pd.to_timedelta(np.where(known, amounts, 0.0), unit=unit)).where(known)


def _from_texts(text: pd.Series, consecutive: bool) -> Times:
    text = text.str.strip()
    for pattern in _FORMATS:
        sample = text.dropna().head(1)
        if len(sample) == 0 or pd.to_datetime(sample, format=pattern, errors="coerce").isna().all():
            continue
        stamps = pd.to_datetime(text, format=pattern, errors="coerce")
        if not bool((stamps.isna() & text.notna()).any()):
            return Times(_plausible(pd.DatetimeIndex(stamps)))
    text = text.map(latin_dates, na_action="ignore")
    # few days and few times of day make up a long column: each is read once
    heads, tails = parted(text)
    notes: list[Text | str] = []
    clocks, offset = _without_offset(tidied(tails.unique))
    clocks, spans = _without_spans(clocks)
    if spans:
        notes.append(_("时段按其开始时刻计。"))
    days, behind, order_notes, assumptions = days_of(heads, consecutive)
    notes += order_notes
    written = clocks.where(clocks != "")
    # no clock at all is midnight; a clock that cannot be read is none
    seconds = tails.spread(np.where(written.isna(), 0.0, text_seconds(written)))
    if bool(behind.notna().any()):
        more = heads.spread(np.where(behind.isna(), 0.0, text_seconds(behind.astype("string"))))
        seconds = np.where(seconds == 0, more, np.where(more == 0, seconds, np.nan))
    stamps = pd.Series(heads.spread(days.to_numpy())) + _spans(np.asarray(seconds), "s")
    values = _plausible(pd.DatetimeIndex(stamps))
    _check(values, text)
    late = int(np.sum(seconds == 86_400))
    if late:
        notes.append(_midnight_note(late))
    if offset is not None:
        shifts = _spans(np.asarray(tails.spread(offset), dtype=float), "min")
        values = pd.DatetimeIndex(pd.Series(values) - shifts).tz_localize("UTC")
        values = values.tz_convert(TIMEZONE)
    return Times(values, tuple(notes), tuple(assumptions), "left" if spans else None)


def _midnight_note(count: int) -> Text:
    return _("{count} 个“24:00”按次日 0 时计。", count=count)


def _check(values: pd.DatetimeIndex, text: pd.Series, dates: pd.Series | None = None) -> None:
    known = text.notna().to_numpy()
    unread = np.asarray(values.isna()) & known
    if known.any() and unread.sum() <= MAJORITY * known.sum():
        return
    sample = text[unread].iloc[0] if unread.any() else ""
    if dates is not None and unread.any():
        sample = f"{dates[unread].iloc[0]} {sample}"
    raise input_error(
        "time_column",
        _("时间列无法识别。"),
        got=str(sample)[:40],
        remedy=_("请写成 2025-01-31 08:15 的形式。"),
    )


def _plausible(values: pd.DatetimeIndex) -> pd.DatetimeIndex:
    years = values.year
    return pd.DatetimeIndex(values.where((years >= READING_YEARS[0]) & (years <= READING_YEARS[1])))


def _without_offset(text: pd.Series) -> tuple[pd.Series, npt.NDArray[np.float64] | None]:
    """Texts without their offset from UTC, and the offsets [min]; None if they have none.

    ``00:00-00:15`` ends like an offset; an offset of minus is the same in all rows.
    """
    offsets = text.str.extract(_OFFSET)[0]
    different = offsets.dropna().unique()
    minus = [item for item in different if item.startswith("-")]
    if len(different) == 0 or (minus and (len(different) > 1 or len(text) < 2)):
        return text, None
    if bool((offsets.isna() & text.notna()).any()) and minus:
        return text, None
    minutes = {item: 0.0 if item == "Z" else _offset_minutes(item) for item in different}
    if any(abs(value) > 14 * 60 for value in minutes.values()):
        return text, None
    plain = text.str.replace(r"\s*(?:Z|[+-]\d{2}:?\d{2})$", "", regex=True).where(
        offsets.notna(), text
    )
    return plain, np.asarray(offsets.map(minutes).fillna(0.0).to_numpy(dtype=float))


def _offset_minutes(text: str) -> float:
    digits = text[1:].replace(":", "")
    size = int(digits[:2]) * 60 + int(digits[2:])
    return float(-size if text[0] == "-" else size)


def _without_spans(text: pd.Series) -> tuple[pd.Series, bool]:
    """Beginnings of spans such as ``00:00-00:15``, and whether there are any."""
    parts = text.str.extract(_SPAN)
    if not bool(parts[1].notna().any()):
        return text, False
    return parts[0].fillna(text), True


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

    Raises
    ------
    InputError
        If there is no zone of that name.
    """
    if times.tz is not None:
        return times.tz_convert(TIMEZONE), 0
    if timezone == TIMEZONE:
        # offset fixed since 1992; earlier summer times would be ambiguous
        aware = times.tz_localize(TIMEZONE, ambiguous="NaT", nonexistent="NaT")
    else:
        doubled = pd.Series(times).duplicated(keep="last").to_numpy()
        try:
            aware = times.tz_localize(timezone, ambiguous=doubled, nonexistent="NaT")
        except (KeyError, ValueError, TypeError, OSError) as error:
            raise input_error(
                "timezone",
                _("没有名为“{name}”的时区。", name=timezone),
                allowed="Asia/Shanghai、UTC、Europe/Berlin …",
            ) from error
    lost = int(np.sum(np.asarray(aware.isna()) & np.asarray(times.notna())))
    return aware.tz_convert(TIMEZONE), lost
