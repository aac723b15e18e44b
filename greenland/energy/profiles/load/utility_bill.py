"""A bill, and what in a bill cannot be true."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from greenland.energy.profiles.method import BILL_ROUNDING_MWH
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import _

Numbers = npt.NDArray[np.float64]


ALL = "all"  # the one period of a bill that names none


@dataclass(frozen=True)
class Bill:
    """What one bill says.

    Parameters
    ----------
    start, end : date
        First and last day read.
    energy_mwh : float, optional
        Energy in all [MWh].
    periods : mapping of str to float
        Energy by tariff period [MWh]; empty if the bill names none.
    max_demand_mw : float, optional
        Greatest mean power over a demand interval [MW].
    row : int, optional
        Where it stands in its file.
    """

    start: dt.date
    end: dt.date
    energy_mwh: float | None = None
    periods: Mapping[str, float] = field(default_factory=dict)
    max_demand_mw: float | None = None
    row: int | None = None

    @property
    def total(self) -> float:
        """Energy in all [MWh]: the sum of the periods where they are given."""
        if self.periods:
            return float(sum(self.periods.values()))
        return float(self.energy_mwh or 0.0)

    @property
    def label(self) -> str:
        """The month, or the days, it covers."""
        last = (self.start.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
        if self.start.day == 1 and self.end + dt.timedelta(days=1) == last:
            return f"{self.start:%Y-%m}"
        return f"{self.start} – {self.end}"


def month_bill(year: int, month: int, energy_mwh: float | None = None, **parts: object) -> Bill:
    """A bill of a calendar month; further arguments as for `Bill`."""
    start = dt.date(year, month, 1)
    end = (start + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return Bill(start, end, energy_mwh, **parts)  # type: ignore[arg-type]


def check_sequence(bills: Sequence[Bill]) -> None:
    """Refuse overlaps, gaps and negative figures, all at once."""
    if not bills:
        raise input_error("bills_none", _("没有账单。"))
    problems = []
    for before, after in itertools.pairwise(bills):
        if after.start != before.end + dt.timedelta(days=1):
            overlap = after.start <= before.end
            problems.append(
                Problem(
                    Severity.ERROR,
                    "bills_overlap" if overlap else "bills_gap",
                    _("账单“{first}”与“{second}”重叠。", first=before.label, second=after.label)
                    if overlap
                    else _(
                        "账单“{first}”与“{second}”之间缺账单。",
                        first=before.label,
                        second=after.label,
                    ),
                    _("每张账单的止日应为下一张起日的前一天。"),
                    row=after.row,
                )
            )
    for bill in bills:
        figures = {"": bill.energy_mwh, **bill.periods, "max_demand": bill.max_demand_mw}
        wrong = [str(value) for value in figures.values() if value is not None and not value >= 0]
        if wrong or bill.end < bill.start or (bill.energy_mwh is None and not bill.periods):
            problems.append(
                Problem(
                    Severity.ERROR,
                    "bill_figures",
                    _("账单“{label}”缺电量，或有负值、止日早于起日。", label=bill.label),
                    got="、".join(wrong),
                    row=bill.row,
                )
            )
    if problems:
        raise InputError(problems)


def energies(bill: Bill) -> Mapping[str, float]:
    """Energy by period [MWh]; one period for a bill that names none."""
    return bill.periods or {ALL: bill.total}


def clashes(bill: Bill, labels: npt.NDArray[np.object_], hours: float) -> list[Problem]:
    """Every pair of figures of a bill that cannot both be true."""
    found: list[Problem] = []

    def clash(code: str, message: str, got: str, allowed: str, remedy: str) -> None:
        found.append(
            Problem(Severity.ERROR, code, message, remedy, row=bill.row, got=got, allowed=allowed)
        )

    check = _("请核对账单；电量单位应一致，需量为最大需量读数（已乘倍率）。")
    total, count = bill.total, len(bill.periods)
    stated = bill.energy_mwh
    if (
        stated is not None
        and count
        and abs(stated - total) > BILL_ROUNDING_MWH * (count + 1) + 1e-9 * total
    ):
        clash(
            "bill_total",
            _("账单“{label}”各时段电量之和与总电量不符。", label=bill.label),
            f"{total:.3f} MWh",
            f"{stated:.3f} MWh",
            check,
        )
    demand = bill.max_demand_mw
    for period, energy in energies(bill).items():
        length = float((labels == period).sum()) * hours
        if energy > 0 and length == 0:
            clash(
                "bill_period",
                _(
                    "账单“{label}”有“{period}”电量，但分时时段表中没有该时段。",
                    label=bill.label,
                    period=period,
                ),
                f"{energy:.3f} MWh",
                "、".join(sorted(set(labels))),
                _("请核对分时时段表是否为账单当月所用。"),
            )
        elif demand is not None and energy > demand * length * (1 + 1e-12):
            clash(
                "bill_demand_low",
                _(
                    "账单“{label}”的“{period}”电量在最大需量下也用不完。",
                    label=bill.label,
                    period=_period_name(period),
                ),
                f"{energy:.3f} MWh",
                f"≤ {demand:.3f} MW × {length:g} h = {demand * length:.3f} MWh",
                check,
            )
    most = max(energies(bill).values())
    if demand is not None and demand * hours > most * (1 + 1e-12):
        clash(
            "bill_demand_high",
            _(
                "账单“{label}”的最大需量持续一个计量间隔，电量就超过任一时段的电量。",
                label=bill.label,
            ),
            f"{demand:.3f} MW",
            f"≤ {most / hours:.3f} MW",
            check,
        )
    return found


def _period_name(period: str) -> str:
    from greenland.energy.tou import PERIOD_LABELS

    if period == ALL:
        return str(_("全部"))
    return str(_(PERIOD_LABELS[period])) if period in PERIOD_LABELS else period
