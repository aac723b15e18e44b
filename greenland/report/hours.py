"""The hours of the plan: read once from the record, shared by several charts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from greenland.i18n import _
from greenland.record.energy.plan import ScheduleRecord
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.labels import name
from greenland.report.naming import Naming, distinct

Array = npt.NDArray[np.float64]
HOUR_MS = 3_600_000
# Key of the column each kind of the record is summed into; other kinds are not drawn.
_KEYS = {
    **{key: key for key in ("load", "import", "export", "curtailment", "unserved")},
    **{key: key for key in ("charge", "discharge", "energy", "interrupted")},
    "shiftable": "flexible",
    "electrolyser": "flexible",
}
USES = ("flexible", "charge", "export", "curtailment")  # besides the load
HOURS_A_YEAR, LONGEST = 8760, 8784
_REST = "sources"  # the smallest sources together


@dataclass(frozen=True)
class Hours:
    """Hourly means of the schedule of at most one year.

    Parameters
    ----------
    start_ms : int
        First hour, local wall clock, as milliseconds since 1970.
    columns : mapping of str to array [MW; MWh for stored energy]
        ``load``, ``import``, ``export``, ``curtailment``, ``unserved``, ``charge``,
        ``discharge``, ``energy``, ``flexible``, ``interrupted`` and ``source1`` … one per source:
        no name of the park's is a key. Where load is both unserved and interrupted, ``unserved``
        holds both.
    sources : mapping of key to title
        What each source is called; the smallest are one where a chart would have too many colours.
    colours : mapping of key to colour
        Of the sources.
    cut : bool
        Whether the schedule is longer than what is kept.
    apart : bool
        Whether what is kept is the first of weather years with time between them.
    step : int
        Hours of which each value is the mean.
    merged : mapping of key to title
        What columns are called that hold several kinds.
    """

    start_ms: int
    columns: Mapping[str, Array]
    sources: Mapping[str, str]
    colours: Mapping[str, str]
    cut: bool = False
    apart: bool = False
    step: int = 1
    merged: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.columns["load"])

    def get(self, name: str) -> Array:
        """A column; zeros when the plan has none."""
        found = self.columns.get(name)
        return np.zeros(len(self)) if found is None else found

    @property
    def supply(self) -> tuple[str, ...]:
        """What serves the load, in the order it is stacked."""
        return tuple(
            key
            for key in (*self.sources, "discharge", "import", "unserved", "interrupted")
            if self._occurs(key)
        )

    @property
    def uses(self) -> tuple[str, ...]:
        """Where power goes besides the load."""
        return tuple(key for key in USES if self._occurs(key))

    @property
    def of_a_year(self) -> float:
        """Years the hours stand for: what a year takes is what they take, divided by this."""
        return min(1.0, len(self) / HOURS_A_YEAR)

    @property
    def source(self) -> str:
        """What charts name as their source."""
        if self.of_a_year < 1:
            return _("{days} 天逐时调度", days=fmt.number(len(self) / 24, 0))
        return _("全年逐时调度")

    def title(self, key: str) -> str:
        """What a column is called."""
        return self.sources.get(key) or self.merged.get(key) or name(key)

    def group(self, key: str) -> str:
        """What a column is called in a legend: charging and discharging are one thing."""
        return name("storage_flows") if key in ("charge", "discharge") else self.title(key)

    def groups(self, keys: Sequence[str]) -> dict[str, str]:
        """What some columns are called in a legend, by their keys; each once."""
        found = {key: self.group(key) for key in keys}
        return {k: t for k, t in found.items() if k != "charge" or "discharge" not in found}

    def titles(self, keys: Sequence[str]) -> dict[str, str]:
        """What some columns are called, by their keys."""
        return {key: self.title(key) for key in keys}

    def hues(self, keys: Sequence[str]) -> dict[str, str]:
        """Colour of some columns, by their keys."""
        return {key: self.colours.get(key) or palette.ENERGY[key] for key in keys}

    def _occurs(self, key: str) -> bool:
        return occurs(self.columns, key)

    @cached_property
    def generation(self) -> Array:
        """Available generation of all sources [MW]."""
        total = np.zeros(len(self))
        for key in self.sources:
            total = total + self.columns[key]
        return total

    @property
    def days(self) -> int:
        """Number of whole days."""
        return len(self) // 24

    def daily(self, name: str) -> Array:
        """One row per day, one column per hour."""
        return self.get(name)[: self.days * 24].reshape(self.days, 24)

    def time(self, hour: int) -> int:
        """Time of an hour, local wall clock, as milliseconds since 1970."""
        return self.start_ms + hour * HOUR_MS

    def rows(self, start: int = 0, count: int | None = None) -> list[dict[str, Any]]:
        """Hours as rows for drawing."""
        stop = len(self) if count is None else min(len(self), start + count)
        lists = {k: v[start:stop].tolist() for k, v in self.columns.items()}
        return [
            {"t": self.time(start + i), **{k: v[i] for k, v in lists.items()}}
            for i in range(stop - start)
        ]

    def compact(self) -> dict[str, Any]:
        """What the page holds: start and columns, four meaningful figures."""
        columns = {k: [_short(x) for x in v.tolist()] for k, v in self.columns.items()}
        return {"start": self.start_ms, "columns": columns}

    @cached_property
    def heaviest_week(self) -> int:
        """First hour of the whole week (from the start) with the largest purchase."""
        weeks = len(self) // 168
        if weeks < 2:
            return 0
        load = self.get("import")[: weeks * 168].reshape(weeks, 168).sum(axis=1)
        return int(np.argmax(load)) * 168


def _short(value: float) -> float | int:
    short = float(f"{value:.4g}")
    if abs(short) < 5e-4:
        return 0
    return int(short) if short.is_integer() else short


def read_hours(schedule: ScheduleRecord | None, naming: Naming) -> Hours | None:
    """A schedule as hourly means; None when there is none.

    Parameters
    ----------
    schedule : ScheduleRecord, optional
    naming : Naming
        Of its energy record.
    """
    if schedule is None or not schedule.columns.get("load"):
        return None
    per_hour = max(1, round(1 / schedule.step_hours))
    step = max(1, round(schedule.step_hours))
    start = dt.datetime.fromisoformat(schedule.start).replace(tzinfo=dt.UTC)
    summed, owners = _summed(schedule)
    summed = {key: np.repeat(values, step) for key, values in summed.items()}
    length = len(summed["load"]) // per_hour
    first = schedule.resumed[0].step * step // per_hour if schedule.resumed else length
    if first == 0:
        return None
    kept = min(first, LONGEST)
    columns = {k: v[: kept * per_hour].reshape(kept, per_hour).mean(1) for k, v in summed.items()}
    merged = _merge_unserved(columns)
    sources = {key: naming.owner(owner) for key, owner in owners.items()}
    hues = {key: naming.colour(owner) for key, owner in owners.items()}
    _fold_sources(columns, sources, hues)
    return Hours(
        *(int(start.timestamp() * 1000), columns, sources, hues),
        cut=length > kept,
        apart=first < length,
        step=step,
        merged=merged,
    )


def _merge_unserved(columns: dict[str, Array]) -> dict[str, str]:
    """Adds what is interrupted to what is unserved where there is both; what that is called."""
    both = ("unserved", "interrupted")
    if not all(occurs(columns, key) for key in both):
        return {}
    columns["unserved"] = columns["unserved"] + columns.pop("interrupted")
    return {"unserved": _("缺供和中断")}


def _fold_sources(columns: dict[str, Array], sources: dict[str, str], hues: dict[str, str]) -> None:
    """Makes one of the smallest sources where a chart of all would have too many colours."""
    others = ("import", "unserved", "interrupted", "load", "flexible", "export", "curtailment")
    taken = sum(occurs(columns, key) for key in others)
    taken += occurs(columns, "charge") or occurs(columns, "discharge")
    room = max(1, palette.MOST_COLOURS - taken)
    by_size = sorted(sources, key=lambda key: -float(columns[key].sum()))
    if len(by_size) > room:
        folded = by_size[room - 1 :]
        total = np.sum([columns.pop(key) for key in folded], axis=0)
        for key in folded:
            del sources[key], hues[key]
        columns[_REST] = total
        title: str = _("其他电源") if sources else _("全部电源")
        sources[_REST] = distinct(title, "", set(sources.values()))
        hues[_REST] = ""
    for key in sources:  # a source beyond the palette, or the rest, takes what is free
        used = [hue for other, hue in hues.items() if other != key]
        if not hues[key] or hues[key] in used:
            hues[key] = next((hue for hue in palette.SPARE if hue not in used), palette.MUTED)


def occurs(columns: Mapping[str, Array], key: str) -> bool:
    """Whether a column is there and not zero throughout."""
    return key in columns and bool(np.any(columns[key] > 1e-6))


def _array(values: Sequence[float | None]) -> Array:
    return np.array([0.0 if value is None else value for value in values], dtype=float)


def _summed(schedule: ScheduleRecord) -> tuple[dict[str, Array], dict[str, str]]:
    """Columns by their keys, those of one kind summed but for sources; and the sources' names."""
    summed: dict[str, Array] = {}
    owners: dict[str, str] = {}
    for row in schedule.column_kinds:
        key = _KEYS.get(row.kind)
        if row.kind == "source":
            key = f"source{len(owners) + 1}"
            owners[key] = row.owner or ""
        if key is not None:
            column = _array(schedule.columns[row.column])
            summed[key] = summed[key] + column if key in summed else column
    return summed, owners
