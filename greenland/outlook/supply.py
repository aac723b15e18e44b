"""Stations, lines, storage and what is granted by month, from the workbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.outlook import MonthlySupply, PowerSource, Settings, Station
from greenland.energy.outlook.inputs import MONTHS, PARK, Months, months
from greenland.errors import Problem
from greenland.i18n import _
from greenland.outlook.cells import cell_error
from greenland.outlook.shapes import coincidence
from greenland.park import Park
from greenland.rules import Rulebook

KVA_PER_MVA = 1000.0


@dataclass(frozen=True, slots=True)
class Supplies:
    """What supplies the park in the coming year.

    Parameters
    ----------
    supply : MonthlySupply
    planned : tuple of Station
        Stations with all their transformers all year, where some come later in it or after it.
    plans : tuple of PowerSource
        Storage that comes later in the year or after it, as if it were there all year.
    hours : array, shape (12,)
        During which loads are reduced in a short month; NaN where the park does not say [h].
    problems : tuple of Problem
    """

    supply: MonthlySupply
    planned: tuple[Station, ...] = ()
    plans: tuple[PowerSource, ...] = ()
    hours: Months = field(default_factory=lambda: months(np.nan))
    problems: tuple[Problem, ...] = ()


def stations_of(park: Park) -> frozenset[str]:
    """Numbers of the substations the park lists."""
    table = park.tables["power_facilities"]
    listed = table[(table["facility_kind"] == "substation") & table["facility_id"].notna()]
    return frozenset(str(name) for name in listed["facility_id"])


def settings_of(rulebook: Rulebook, curves: pd.DataFrame | None) -> tuple[Settings, str]:
    """Assumptions of the balance, and where the coincidence comes from in words."""
    rule = rulebook.rule("energy.outlook.coincidence")
    together, said = months(rulebook.number(rule.id)), rule.source
    if not rule.overridden and curves is not None:
        found = coincidence(curves)
        if found is not None:
            together = found
            said = _("由 {count} 条负荷曲线逐月推算", count=curves.shape[1])
    return (
        Settings(
            coincidence=together,
            between_stations=rulebook.number("energy.outlook.between_stations"),
            reserve=rulebook.number("energy.outlook.reserve"),
            power_factor=rulebook.number("energy.tariff.power_factor"),
            overload=rulebook.number("energy.outlook.overload"),
        ),
        said,
    )


def read_supply(park: Park, settings: Settings, year: int | None = None) -> Supplies:
    """What supplies the park in the year after the assessed one.

    Parameters
    ----------
    park : Park
    settings : Settings
        For what lines and storage give.
    year : int, optional
        Another year: facilities as they are in service in it, and 月度供电 of it or, where it has
        no rows, of the last year before it that has.

    Returns
    -------
    Supplies
        With a problem for every row that cannot be used.
    """
    year = park.year + 1 if year is None else year
    reading = _Facilities(park, settings, year)
    for row, item in park.tables["power_facilities"].iterrows():
        reading.take(row, item)
    limit, contracted, own, firm, hours = _monthly(park, year)
    lines = reading.lines
    if lines is not None:
        limit = np.where(np.isnan(limit), lines, np.minimum(limit, lines))
    limit = np.where(np.isnan(limit), np.inf, limit)
    sources = list(reading.sources)
    if own.any() or firm.any():
        sources.append(PowerSource("own", _("现有自有电源"), PARK, own, firm))
    supply = MonthlySupply(tuple(reading.stations), tuple(sources), limit, contracted)
    return Supplies(
        supply, tuple(reading.planned), tuple(reading.plans), hours, tuple(reading.problems)
    )


class _Facilities:
    """Rows of 供电设施, one by one."""

    def __init__(self, park: Park, settings: Settings, year: int) -> None:
        self.park, self.settings, self.year = park, settings, year
        self.known = stations_of(park)
        self.stations: list[Station] = []
        self.planned: list[Station] = []
        self.sources: list[PowerSource] = []
        self.plans: list[PowerSource] = []
        self.lines: Months | None = None
        self.problems: list[Problem] = []
        self.grouped: dict[str, list[Any]] = {}

    def take(self, row: Any, item: Any) -> None:
        """Read one row."""
        kind = item["facility_kind"]
        there = in_service(item["in_service"], item["out_of_service"], self.year)
        if kind == "storage":
            self._storage(row, item, there)
        elif kind in ("substation", "line"):
            rating, units = item["unit_kva"], item["units"]
            if pd.isna(rating) or not rating > 0:
                self._flag(
                    row, "unit_kva", _("没有单台(回)容量。"), _("请填一台主变或一回线路的容量。")
                )
                return
            count = 1.0 if pd.isna(units) else float(units)
            if count != round(count) or count < 1:
                self._flag(row, "units", _("台(回)数应为正整数。"), _("请改正。"), f"{count:g}")
                return
            asked = pd.isna(item["n_minus_1"]) or bool(item["n_minus_1"])
            one = Station(
                str(item["facility_id"]), str(item["facility_name"]), float(rating) / KVA_PER_MVA,
                there * count, asked,
            )  # fmt: skip
            if kind == "substation":
                self.stations.append(one)
                if not there.all() and not _gone(item):
                    self.planned.append(
                        Station(one.key, one.name, one.unit_mva, months(count), asked)
                    )
            else:
                can = one.capability_mw(self.settings.power_factor, self.settings.overload)
                self.lines = can if self.lines is None else self.lines + can

    def _storage(self, row: Any, item: Any, there: Months) -> None:
        lacking = [name for name in ("power_mw", "storage_mwh") if pd.isna(item[name])]
        for name in lacking:
            self._flag(row, name, _("储能没有功率或容量。"), _("请补充。"))
        hangs = item["station_id"] if isinstance(item["station_id"], str) else PARK
        if hangs and hangs not in self.known:
            self._flag(
                row,
                "station_id",
                _("供电设施表中没有这个变电站。"),
                _("请核对编号，或留空。"),
                hangs,
            )
            return
        if lacking:
            return
        power = float(item["power_mw"])
        key, name = str(item["facility_id"]), str(item["facility_name"])
        if there.any():
            self.sources.append(PowerSource(key, name, hangs, months(0.0), power * there))
        if not there.all() and not _gone(item):
            self.plans.append(
                PowerSource(f"{key}:plan", name, hangs, months(0.0), power * (1 - there))
            )

    def _flag(self, row: Any, column: str, text: str, remedy: str, got: str = "") -> None:
        self.problems.append(
            cell_error(self.park, "power_facilities", row, column, text, remedy, got)
        )


def in_service(begin: Any, end: Any, year: int) -> Months:
    """One in months a facility is there from the first day to the last, else zero.

    Examples
    --------
    >>> import pandas as pd
    >>> in_service(pd.Timestamp("2027-04-10"), pd.NaT, 2027).tolist()[3:5]
    [0.0, 1.0]
    """
    found = np.ones(MONTHS)
    for place in range(MONTHS):
        month = pd.Period(f"{year}-{place + 1:02d}")
        if not pd.isna(begin) and pd.Timestamp(begin) > month.start_time:
            found[place] = 0.0
        if not pd.isna(end) and pd.Timestamp(end) <= month.end_time:
            found[place] = 0.0
    return found


def _gone(item: Any) -> bool:
    """Whether it is absent because it goes, not because it has yet to come."""
    return not pd.isna(item["out_of_service"])


def _monthly(park: Park, year: int) -> tuple[Months, Months, Months, Months, Months]:
    """Limit, contracts, own energy, own firm output and hours, NaN or zero where not given."""
    table = park.tables["power_months"]
    known = table["year"][table["month"].notna() & table["year"].between(park.year + 1, year)]
    table = table[(table["year"] == known.max()) & table["month"].notna()]
    rows = table.drop_duplicates("month").set_index("month").reindex(range(1, MONTHS + 1))
    limit, contracted, hours = (
        rows[name].to_numpy(dtype=float) for name in ("limit_mw", "contracted_mwh", "peak_hours")
    )
    own, firm = (
        rows[name].fillna(0.0).to_numpy(dtype=float) for name in ("own_mwh", "own_firm_mw")
    )
    return limit, contracted, own, firm, hours
