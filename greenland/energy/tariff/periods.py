"""The time-of-use period and price ratio of each step, each schedule on its own days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.tariff.dated import NOBODY, Dated, YearOfValues, day_numbers
from greenland.energy.tariff.sources import Sources
from greenland.energy.tou import Schedule, TouRow, step_periods
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _

SCHEDULE, RATIOS = "energy.tariff.tou.schedule", "energy.tariff.tou.ratios"
FLOATING = "energy.tariff.tou.floating"
FLAT = "flat"


class Periods:
    """Periods, ratios and floating components of a tariff on the steps of a load.

    Parameters
    ----------
    sources : Sources
    index : DatetimeIndex
    floats : bool
        Whether the market price takes the ratios; if it does, every day needs a schedule.

    Attributes
    ----------
    period : Series of str
    ratio : Series of float
    names : set of str
        Periods of all schedules of the year.
    """

    def __init__(self, sources: Sources, index: pd.DatetimeIndex, *, floats: bool) -> None:
        self.sources, self.index, self.floats = sources, index, floats
        self.period = pd.Series(FLAT, index=index, name="period", dtype=object)
        self.ratio = pd.Series(1.0, index=index, name="ratio")
        self.names: set[str] = set()
        own = sources.config.tou
        table = sources.table
        self._rows = self._values(own.schedule, table.schedule, SCHEDULE)
        self._ratios = self._values(own.ratios, table.ratios, RATIOS)
        self._floating = self._values(own.floating, table.floating, FLOATING)
        self._fill()

    def _values(self, own: Any, table: list[Dated], rule_id: str) -> YearOfValues:
        given = [] if own is None else [Dated(own, self.sources.config.tou.source)]
        return YearOfValues(self.sources.year, [*given, *table, *self.sources.rules(rule_id)])

    def _fill(self) -> None:
        """Put each schedule on the steps of its days."""
        rows, ratios = self._rows, self._ratios
        known = (rows.owner != NOBODY) & (ratios.owner != NOBODY)
        if not known.all() and self.floats:
            lacking = rows if not rows.whole else ratios
            self.sources.missing("tou", SCHEDULE if lacking is rows else RATIOS, lacking)
            return
        if not known.any():
            return  # a price that has its own shape needs no periods
        days = day_numbers(self.index, self.sources.year)
        for pair in sorted(set(zip(rows.owner[known], ratios.owner[known], strict=True))):
            on = known & (rows.owner == pair[0]) & (ratios.owner == pair[1])
            self._put(rows.layers[pair[0]], ratios.layers[pair[1]], on[days])
        for piece in rows.pieces:
            self._note(piece.dated, ratios, piece.first, piece.last)

    def _put(self, rows: Dated, ratios: Dated, steps: Any) -> None:
        """One schedule on its steps."""
        try:
            schedule = Schedule(rows=_rows(rows.value), ratios=ratios.value)
            self.names |= {row.period for row in schedule.rows}
            period, ratio = step_periods(self.index, schedule)
            self.period = self.period.where(~steps, period)
            self.ratio = self.ratio.where(~steps, ratio)
        except InputError as error:
            self.sources.problems += error.problems
        except ValueError as error:
            text = _("分时时段有误：{detail}", detail=first_line(error))
            place: dict[str, Any] = {"column": "tariff.tou", "touches": ("energy",)}
            self.sources.problems.append(Problem(Severity.ERROR, "tou", text, **place))

    def _note(self, rows: Dated, ratios: YearOfValues, first: dt.date, last: dt.date) -> None:
        """Note a schedule with the ratios that hold on its days."""
        held = [item for item in ratios.pieces if item.first <= last and first <= item.last]
        value = held[0].dated.value if held else {}
        text = " : ".join(f"{name} {ratio:g}" for name, ratio in value.items())
        more = {"confidence": rows.confidence, "rule_id": rows.rule_id}
        days = {} if len(self._rows.pieces) == 1 else {"first": first, "last": last}
        self.sources.note("tou", text, "", rows.source, **more, **days)

    def floating(self, steps: pd.DatetimeIndex) -> dict[str, np.ndarray[Any, np.dtype[np.bool_]]]:
        """Steps in which each component takes the ratio; market energy where no rule says."""
        days = day_numbers(steps, self.sources.year)
        found: dict[str, Any] = {}
        for place in sorted(set(self._floating.owner.tolist())):
            names = ["energy"] if place == NOBODY else self._floating.layers[place].value
            on = (self._floating.owner == place)[days]
            for name in names:
                found[name] = found.get(name, np.zeros(len(steps), dtype=bool)) | on
        return found


def _rows(value: Sequence[Any]) -> list[TouRow]:
    return [row if isinstance(row, TouRow) else TouRow.model_validate(row) for row in value]


def first_line(error: ValueError) -> str:
    """What a fault of a schedule is, without the words pydantic puts around it."""
    errors = getattr(error, "errors", None)
    if errors is not None:
        first = errors()[0]
        return str(first.get("ctx", {}).get("error", first["msg"]))
    return str(error).split("\n")[0]
