"""A figure of a filing with the data it is drawn from, and what the drawers share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.record import Record
from greenland.report.chartkit import CONFIG, PICTURE_WIDTH, Chart, source_line
from greenland.report.charts.facts import month_title
from greenland.report.filing.names import FIGURES
from greenland.report.hours import Array, Hours, read_hours
from greenland.report.naming import Naming

LEAST_DAYS = 360
"""Days from which a schedule is a year, whose months can be compared."""


@dataclass(frozen=True)
class FilingFigure:
    """A figure and its data.

    Parameters
    ----------
    name : str
        As in `greenland.report.filing.names.FIGURES`.
    headings : tuple of str
        Of the data, with units.
    rows : sequence of tuple
        The data, one tuple for each row of the workbook's sheet.
    chart : Chart, optional
        None of a drawing.
    svg : str, optional
        Of a drawing.
    note : str
        What to know of it.
    """

    name: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Any]] = field(repr=False)
    chart: Chart | None = None
    svg: str | None = None
    note: str = ""

    @property
    def title(self) -> str:
        """What it is called."""
        return str(_(FIGURES[self.name]))


class FilingData:
    """What figures are drawn from: the record, and the hours of its plan.

    Parameters
    ----------
    record : Record
    energy : EnergyRecord
    """

    def __init__(self, record: Record, energy: EnergyRecord) -> None:
        self.record, self.energy = record, energy
        self.naming = Naming(energy)

    @cached_property
    def hours(self) -> Hours | None:
        """Hourly means of the schedule."""
        return read_hours(self.energy.plan.schedule, self.naming)

    @cached_property
    def year(self) -> Hours | None:
        """The hours where they are a year."""
        hours = self.hours
        return hours if hours is not None and hours.days >= LEAST_DAYS else None


Drawer = Callable[[FilingData], FilingFigure | None]


def stamps(hours: Hours) -> npt.NDArray[np.datetime64]:
    """Beginning of every hour."""
    begin = np.datetime64(hours.start_ms, "ms").astype("datetime64[h]")
    found: npt.NDArray[np.datetime64] = begin + np.arange(len(hours)).astype("timedelta64[h]")
    return found


def months(hours: Hours) -> npt.NDArray[np.int64]:
    """Month of every hour, 0 to 11."""
    return stamps(hours).astype("datetime64[M]").astype(np.int64) % 12


def day_of(hours: Hours, day: int) -> dt.date:
    """Date of a day of the hours."""
    found: dt.datetime = np.datetime64(hours.time(24 * day), "ms").astype(object)
    return found.date()


def day_title(hours: Hours, day: int, why: str) -> str:
    """A day by its date, with what it was chosen for."""
    date = day_of(hours, day)
    return str(_("{month}月{day}日（{why}）", month=date.month, day=date.day, why=why))


def by_day(hours: Hours, values: Array) -> Array:
    """One row per day, one column per hour."""
    return values[: hours.days * 24].reshape(hours.days, 24)


def monthly(hours: Hours, values: Array) -> Array:
    """Sums by month [MWh]."""
    return np.bincount(months(hours), weights=values, minlength=12).astype(float)


def mean_days(hours: Hours, values: Array) -> Array:
    """Mean day of each month, one row per month [MW]."""
    place = months(hours)[: hours.days * 24 : 24]
    table = by_day(hours, values)
    nothing = np.zeros(24)
    return np.array(
        [table[place == month].mean(axis=0) if np.any(place == month) else nothing
         for month in range(12)]
    )  # fmt: skip


def typical_day(table: Array) -> int:
    """The day whose hours are nearest to the mean of all days: least sum of squares."""
    return int(np.argmin(((table - table.mean(axis=0)) ** 2).sum(axis=1)))


def chart_of(
    name: str,
    finding: str,
    unit: str,
    chart: Any,
    *,
    height: int | None = 240,
    source: str = "",
) -> Chart:
    """A chart of the width of the page, which stands on its own."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec.pop("$schema", None)
    spec["config"] = CONFIG
    if height is not None:
        spec["width"], spec["height"] = PICTURE_WIDTH - 90, height
    where = source_line(source or _("全年逐时调度"))
    return Chart(f"filing-{name}", finding, unit, where, finding + _("。"), spec)


def month_axis() -> alt.X:
    """The months of a year, as names in their order."""
    return alt.X("month:N", sort=None, axis=alt.Axis(title=None, labelAngle=0))


def month_names() -> list[str]:
    """The months of a year."""
    return [month_title(month) for month in range(1, 13)]
