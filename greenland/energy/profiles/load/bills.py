"""Monthly bills and a day shape become a year that gives the same bills again.

The shape says how power runs through the days; each bill's energy in each tariff period and its
maximum demand then hold exactly, or the bill is refused with the figures that clash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles import provenance, quality
from greenland.energy.profiles.calendar import coverage_problems
from greenland.energy.profiles.defaults import defaults
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.load.bill_table import Bills
from greenland.energy.profiles.load.shapes import DayShape, expand, shape
from greenland.energy.profiles.load.utility_bill import (
    ALL,
    Bill,
    Numbers,
    check_sequence,
    clashes,
    energies,
    month_bill,
)
from greenland.energy.profiles.method import DAY_RAISED, HOUR_RAISED
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.timeline import TIMEZONE, step_hours
from greenland.energy.tou import Schedule, step_periods
from greenland.errors import InputError, Problem, input_error
from greenland.i18n import N_, _
from greenland.rules.book import Rulebook

__all__ = ["Bill", "bills_of", "capped", "curve", "month_bill", "region_schedule"]


def region_schedule(rulebook: Rulebook | None = None) -> Schedule:
    """The time-of-use schedule of the region, from its rules.

    Raises
    ------
    RuleNotFoundError
        If the packs have none.
    """
    values = defaults(rulebook)
    return Schedule.model_validate(
        {
            "rows": values.get("energy.tariff.tou.schedule"),
            "ratios": values.get("energy.tariff.tou.ratios"),
        }
    )


def curve(
    bills: Sequence[Bill],
    day_shape: DayShape | str,
    schedule: Schedule | None = None,
    *,
    step: str = "15min",
    name: str = "load",
    sources: Sequence[str] = (),
    rulebook: Rulebook | None = None,
) -> pd.Series:
    """Make the load that gives these bills.

    Parameters
    ----------
    bills : sequence of Bill
        One after the other without gap or overlap. What `read_bills` assumed of its file is taken
        over into provenance and quality.
    day_shape : DayShape or str
        A shape, or the id of a built-in one.
    schedule : Schedule, optional
        Tariff periods; the region's when None. Not needed when no bill names periods.
    step : str
        The demand interval is one step: ``"15min"`` as the meters have it.
    name : str

    Returns
    -------
    Series
        Load [MW]. Each bill's energy by period holds to rounding error, and its maximum demand
        exactly.

    Raises
    ------
    InputError
        With everything in the bills that cannot hold together.

    Notes
    -----
    Within a period the load is the shape times a factor, cut at the maximum demand. If that does
    not reach the maximum demand, the day that comes nearest to it is raised until it does; if
    that would more than double the day, one hour of it, then one step.
    """
    ordered = sorted(bills, key=lambda bill: bill.start)
    check_sequence(ordered)
    chosen = shape(day_shape) if isinstance(day_shape, str) else day_shape
    end = pd.Timestamp(ordered[-1].end, tz=TIMEZONE) + pd.Timedelta(days=1)
    index = pd.date_range(
        pd.Timestamp(ordered[0].start, tz=TIMEZONE), end, freq=step, inclusive="left"
    )
    base = expand(chosen, index)
    base = np.maximum(base, 1e-6 * base.mean())  # a period the shape leaves out still has energy
    labels = _labels(ordered, index, schedule, rulebook)
    hours = step_hours(index)
    spans = [_span(bill, index) for bill in ordered]
    problems = [
        problem
        for bill, (first, last) in zip(ordered, spans, strict=True)
        for problem in clashes(bill, _own_labels(bill, labels[first:last]), hours)
    ]
    if problems:
        raise InputError(problems)
    values = np.empty(len(index))
    notes: list[str] = [_("负荷由电费账单和典型日形状“{name}”还原。", name=chosen.name)]
    assumptions: tuple[Problem, ...] = ()
    if isinstance(bills, Bills):
        notes += [*bills.notes, *(item.message for item in bills.assumptions)]
        assumptions = bills.assumptions
    for bill, (first, last) in zip(ordered, spans, strict=True):
        own = _own_labels(bill, labels[first:last])
        values[first:last], said = _one_bill(bill, base[first:last], own, index[first:last], hours)
        notes += said
    series = pd.Series(values, index=index, name=name)
    years = sorted(set(index.year))
    notes += [problem.message for year in years for problem in coverage_problems(year)]
    made = provenance.record(
        Kind.BILLS,
        unit="MW",
        sources=[*sources, *([chosen.document] if chosen.document else [])],
        notes=notes,
        synthetic=False,
        shape=chosen.id,
        confidence=chosen.confidence,
        bills=len(ordered),
        demand_interval_minutes=hours * 60,
    )
    sheet = quality.assess(series, Subject.LOAD, defaults(rulebook), assumptions=assumptions)
    quality.attach(series, sheet)
    return provenance.attach(series, made)


def _labels(
    bills: Sequence[Bill],
    index: pd.DatetimeIndex,
    schedule: Schedule | None,
    rulebook: Rulebook | None,
) -> npt.NDArray[np.object_]:
    """Tariff period of every step."""
    if not any(bill.periods for bill in bills):
        return np.full(len(index), ALL, dtype=object)
    schedule = schedule or region_schedule(rulebook)
    minutes = round(step_hours(index) * 60)
    if any(row.start % minutes or row.end % minutes for row in schedule.rows):
        raise input_error(
            "bills_step",
            _("分时时段的起止不在 {minutes} 分钟的整步上。", minutes=minutes),
            remedy=_("请改用 15min 步长。"),
        )
    period, _ratio = step_periods(index, schedule)
    return np.asarray(period, dtype=object)


def _own_labels(bill: Bill, labels: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    return labels if bill.periods else np.full(len(labels), ALL, dtype=object)


def _span(bill: Bill, index: pd.DatetimeIndex) -> tuple[int, int]:
    first = index.searchsorted(pd.Timestamp(bill.start, tz=TIMEZONE))
    last = index.searchsorted(pd.Timestamp(bill.end, tz=TIMEZONE) + pd.Timedelta(days=1))
    return int(first), int(last)


def capped(base: Numbers, total: float, cap: float) -> Numbers:
    """Values proportional to *base*, none above *cap*, that add up to *total*.

    Parameters
    ----------
    base : array
        Positive.
    total : float
        At most ``cap * len(base)``.
    cap : float
        May be infinite.
    """
    if total <= 0:
        return np.zeros(len(base))
    if not np.isfinite(cap):
        return np.asarray(base * (total / base.sum()), dtype=float)
    order = np.argsort(-base, kind="stable")
    ordered = base[order]
    rest = np.cumsum(ordered[::-1])[::-1]  # from each one on
    left = total - cap * np.arange(len(base))
    factor = left / rest
    # the first place at which the next-largest value stays below the cap
    fits = np.flatnonzero(factor * ordered <= cap)
    if len(fits) == 0:
        return np.full(len(base), cap)
    number = int(fits[0])
    values = np.empty(len(base))
    values[order[:number]] = cap
    values[order[number:]] = ordered[number:] * max(factor[number], 0.0)
    return values


@dataclass(frozen=True)
class _Days:
    """The steps of one bill: relative power, tariff periods, and what has to come out."""

    bill: Bill
    base: Numbers
    places: Mapping[str, npt.NDArray[np.int64]]
    index: pd.DatetimeIndex
    hours: float

    @property
    def cap(self) -> float:
        """Maximum demand [MW]; infinite if the bill names none."""
        return float("inf") if self.bill.max_demand_mw is None else self.bill.max_demand_mw

    def mean_power(self, period: str) -> float:
        """Energy of a period over one step [MW]: the sum of its steps' power."""
        return energies(self.bill)[period] / self.hours

    def fit(self, window: slice | None = None, factor: float = 1.0) -> Numbers:
        """Load with every period's energy, with one window raised by a factor."""
        weight = self.base
        if window is not None:
            weight = self.base.copy()
            weight[window] *= factor
        values = np.zeros(len(weight))
        for period, own in self.places.items():
            values[own] = capped(weight[own], self.mean_power(period), self.cap)
        return values

    def pinned(self, place: int) -> Numbers:
        """Load with one step at the maximum demand and every period's energy."""
        values = self.fit()
        period = next(name for name, own in self.places.items() if place in own)
        others = self.places[period][self.places[period] != place]
        left = max(self.mean_power(period) - self.cap, 0.0)
        values[others] = capped(self.base[others], left, self.cap)
        values[place] = self.cap
        return values


def _one_bill(
    bill: Bill,
    base: Numbers,
    labels: npt.NDArray[np.object_],
    index: pd.DatetimeIndex,
    hours: float,
) -> tuple[Numbers, list[str]]:
    """Load of the days of one bill, and what had to be done to it."""
    places = {period: np.flatnonzero(labels == period) for period in energies(bill)}
    days = _Days(bill, base, places, index, hours)
    values = days.fit()
    if bill.max_demand_mw is None or values.max() >= days.cap:
        return values, []
    return _raise_peak(days, values)


def _raise_peak(days: _Days, values: Numbers) -> tuple[Numbers, list[str]]:
    """Raise a day, an hour or a step until the maximum demand is met."""
    per_day = round(24 / days.hours)
    per_hour = max(1, round(1 / days.hours))
    tops = np.flatnonzero(values >= values.max() * (1 - 1e-9))
    top = int(tops[len(tops) // 2])
    day, hour = top // per_day * per_day, top // per_hour * per_hour
    for text, window, most in (
        (N_("{day} 全天上调至最大需量。"), slice(day, day + per_day), DAY_RAISED),
        (N_("{day} 有一小时上调至最大需量。"), slice(hour, hour + per_hour), HOUR_RAISED),
    ):
        factor = _least_factor(days, window, most)
        if factor is not None:
            return days.fit(window, factor), [_(text, day=f"{days.index[top]:%Y-%m-%d}")]
    return _one_step(days, top)


def _one_step(days: _Days, top: int) -> tuple[Numbers, list[str]]:
    """Put one step at the maximum demand: the highest one, if its period has the energy."""
    period = next(name for name, own in days.places.items() if top in own)
    if days.mean_power(period) < days.cap:
        richest = max(days.places, key=days.mean_power)
        own = days.places[richest]
        top = int(own[days.base[own].argmax()])
    date = f"{days.index[top]:%Y-%m-%d}"
    return days.pinned(top), [_("{day} 有一个计量间隔上调至最大需量。", day=date)]


def _least_factor(days: _Days, window: slice, most: float) -> float | None:
    """Smallest factor on a window that brings the load to the cap; None if above *most*."""
    low, high = 1.0, most
    if days.fit(window, high).max() < days.cap:
        return None
    while high / low - 1 > 1e-13:
        middle = float(np.sqrt(low * high))
        if middle in (low, high):
            break
        if days.fit(window, middle).max() >= days.cap:
            high = middle
        else:
            low = middle
    return high


def bills_of(series: pd.Series, periods: pd.Series | None = None) -> pd.DataFrame:
    """What the bills of a load say, by calendar month.

    Parameters
    ----------
    series : Series
        Load [MW] on a regular index.
    periods : Series of str, optional
        Tariff period of every step.

    Returns
    -------
    DataFrame
        One row a month: ``energy_mwh``, a column for each period [MWh], ``max_demand_mw``.
    """
    index = pd.DatetimeIndex(series.index)
    hours = step_hours(index)
    month = pd.Index(index.strftime("%Y-%m"), name="month")
    table = pd.DataFrame({"energy_mwh": series.groupby(month).sum() * hours})
    if periods is not None:
        split = series.groupby([month, periods.to_numpy()]).sum().unstack() * hours  # noqa: PD010 (a sum)
        table = table.join(split.fillna(0.0))
    table["max_demand_mw"] = series.groupby(month).max()
    return table
