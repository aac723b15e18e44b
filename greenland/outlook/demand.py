"""Loads of the coming year: firms with their growth, and projects as they start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.outlook import Load
from greenland.energy.outlook.inputs import MONTHS, PARK, Months
from greenland.errors import Problem
from greenland.i18n import N_, _
from greenland.outlook.cells import cell_error
from greenland.outlook.order import OPERATING, UNRATED, Standing, ranks
from greenland.outlook.shapes import (
    full_load_hours,
    of_curve,
    of_shape,
    peaks_of_energy,
    typical,
)
from greenland.park import Park
from greenland.rules import Rulebook

SCENARIOS = ("low", "expected", "high")
SCENARIO_LABELS = {"low": N_("低"), "expected": N_("中"), "high": N_("高")}
MONTH_COLUMNS = [f"month_{month}_mwh" for month in range(1, MONTHS + 1)]


@dataclass(frozen=True, slots=True)
class Demand:
    """What the loads of every scenario are made from.

    Parameters
    ----------
    firms : tuple of Load
        With the energy and peaks of the year before.
    growth : mapping of scenario to dict of key to float
    projects : tuple of (Load, str)
        As they run in the coming year, with their stage.
    stages : mapping of scenario to stages
    problems : tuple of Problem
    """

    firms: tuple[Load, ...]
    growth: Mapping[str, Mapping[str, float]]
    projects: tuple[tuple[Load, str], ...]
    stages: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...] = ()

    def loads(self, scenario: str) -> list[Load]:
        """Loads of a scenario: firms grown, and the projects that count in it."""
        grown = self.grown(scenario)
        return grown + [load for load, stage in self.projects if stage in self.stages[scenario]]

    def grown(self, scenario: str) -> list[Load]:
        """The firms alone."""
        rates = self.growth[scenario]
        return [
            replace(
                load,
                energy_mwh=load.energy_mwh * (1 + rates[load.key]),
                peak_mw=load.peak_mw * (1 + rates[load.key]),
            )
            for load in self.firms
        ]


@dataclass
class _Reading:
    """Reads the rows of a park and collects what is wrong."""

    park: Park
    curves: pd.DataFrame | None
    stations: frozenset[str]
    problems: list[Problem] = field(default_factory=list)

    def flag(
        self, sheet: str, row: Any, column: str, text: str, remedy: str, got: str = ""
    ) -> None:
        self.problems.append(cell_error(self.park, sheet, row, column, text, remedy, got))

    def station(self, sheet: str, row: Any, value: Any) -> str:
        """The station a row names; of the park alone where it names none."""
        if not isinstance(value, str) or not value:
            return PARK
        if value not in self.stations:
            self.flag(
                sheet, row, "facility_id",
                _("供电设施表中没有这个变电站。"),
                _("请核对编号，或在供电设施表补充；不知道的留空。"), value,
            )  # fmt: skip
            return PARK
        return value


def read_demand(
    park: Park,
    rulebook: Rulebook,
    *,
    stations: frozenset[str],
    classes: Mapping[str, str],
    curves: pd.DataFrame | None,
) -> Demand:
    """Loads of a park.

    Parameters
    ----------
    park : Park
    rulebook : Rulebook
    stations : set of str
        Keys of its substations.
    classes : mapping of firm to class
        Of the per-mu evaluation; empty where it was not made.
    curves : DataFrame, optional
        Power of each firm that names a curve [MW].

    Returns
    -------
    Demand
        Firms of 企业用能 as their curve, months or peak tell, and what else used power by 企业效益
        with the typical shape of its industry; the latter hang on no station.
    """
    reading = _Reading(park, curves, stations)
    firms, rates, standings = _firms(reading, rulebook, classes)
    projects = _projects(reading, rulebook)
    for load, stage in projects:
        standings[load.key] = Standing(stage=stage)
    order = ranks(standings, rulebook)
    value = rulebook.rule("energy.outlook.scenarios").value
    listed = value if isinstance(value, dict) else {}
    return Demand(
        tuple(_ranked(load, order, standings) for load in firms),
        rates,
        tuple((_ranked(load, order, standings), stage) for load, stage in projects),
        {name: tuple(listed.get(name, ())) for name in SCENARIOS},
        tuple(reading.problems),
    )


def _ranked(load: Load, order: Mapping[str, int], standings: Mapping[str, Standing]) -> Load:
    return replace(load, rank=order[load.key], rank_name=standings[load.key].name)


def _firms(
    reading: _Reading, rulebook: Rulebook, classes: Mapping[str, str]
) -> tuple[list[Load], dict[str, dict[str, float]], dict[str, Standing]]:
    park = reading.park
    economy = park.tables["firms"]
    economy = economy[economy["year"] == park.year].drop_duplicates("firm_id").set_index("firm_id")
    rows = park.tables["firm_energy"]
    rows = rows[(rows["year"] == park.year) & rows["firm_id"].notna()].drop_duplicates("firm_id")
    loads: list[Load] = []
    growth: dict[str, dict[str, float]] = {name: {} for name in SCENARIOS}
    standings: dict[str, Standing] = {}
    for row, item in rows.iterrows():
        firm = str(item["firm_id"])
        known = economy.loc[firm] if firm in economy.index else None
        load = _firm(reading, rulebook, row, item, known)
        if load is None:
            continue
        loads.append(load)
        expected = _number(item["growth"], 0.0)
        growth["expected"][firm] = expected
        growth["low"][firm] = _number(item["growth_low"], expected)
        growth["high"][firm] = _number(item["growth_high"], expected)
        leading = not pd.isna(item["leading"]) and bool(item["leading"])
        standings[firm] = Standing(leading, classes.get(firm, UNRATED), OPERATING)
    others = economy[~economy.index.isin(rows["firm_id"]) & (economy["electricity_mwh"] > 0)]
    for label, known in others.iterrows():
        key = str(label)
        energy, peak = of_shape(
            typical(_text(known["industry_code"]), rulebook), park.year, known["electricity_mwh"]
        )
        basis = _("没有企业用能数据：按企业效益的全年用电量和行业典型形状推算")
        loads.append(Load(key, str(known["firm_name"]), PARK, energy, peak, basis=basis,
                          value_wan_per_mwh=_value(known, float(energy.sum()))))  # fmt: skip
        for name in SCENARIOS:
            growth[name][key] = 0.0
        standings[key] = Standing(False, classes.get(key, UNRATED), OPERATING)
    return loads, growth, standings


def _firm(reading: _Reading, rulebook: Rulebook, row: Any, item: Any, known: Any) -> Load | None:
    found = _figures(reading, rulebook, row, item, known)
    if found is None:
        return None
    energy, peak, basis = found
    name = _text(item["firm_name"]) or (str(known["firm_name"]) if known is not None else "")
    flexible = [_number(item[column], 0.0) for column in (
        "guarantee_mw", "shiftable_mw", "avoidable_mw")]  # fmt: skip
    highest = float(peak.max())
    if sum(flexible) > highest * (1 + 1e-6) + 1e-6:
        reading.flag(
            "firm_energy", row, "guarantee_mw",
            _("保障负荷、可错峰负荷和可避峰负荷之和大于最大负荷 {peak} MW。", peak=f"{highest:g}"),
            _("请核对这几列；三者互不重叠。"), f"{sum(flexible):g} MW",
        )  # fmt: skip
    return Load(
        key=str(item["firm_id"]),
        name=name or str(item["firm_id"]),
        station=reading.station("firm_energy", row, item["facility_id"]),
        energy_mwh=energy,
        peak_mw=peak,
        guarantee_mw=flexible[0],
        shiftable_mw=flexible[1],
        avoidable_mw=flexible[2],
        value_wan_per_mwh=None if known is None else _value(known, float(energy.sum())),
        basis=basis,
    )


def _figures(
    reading: _Reading, rulebook: Rulebook, row: Any, item: Any, known: Any
) -> tuple[Months, Months, str] | None:
    """Energy and peak of each month, and where they come from; None with a problem flagged."""
    year, curve = reading.park.year, _text(item["curve"])
    if curve and reading.curves is not None:
        if curve in reading.curves:
            return (*of_curve(reading.curves[curve]), _("负荷曲线“{name}”", name=curve))
        reading.flag(
            "firm_energy", row, "curve", _("没有这条负荷曲线。"),
            _("请改为 outlook.curves、energy.users 或 users.csv 表头中的名称，或留空。"),
            curve,
        )  # fmt: skip
        return None
    billed = item[MONTH_COLUMNS].astype(float)
    annual = float(known["electricity_mwh"]) if known is not None else np.nan
    chosen = typical(_text(known["industry_code"]) if known is not None else None, rulebook)
    highest = _number(item["peak_mw"], np.nan)
    if billed.notna().all() and billed.sum() > 0:
        energy = billed.to_numpy()
        basis = _("各月用电量")
    elif billed.notna().any():
        missing = [i for i, value in enumerate(billed, 1) if np.isnan(value)]
        months = "、".join(map(str, missing))
        reading.flag(
            "firm_energy", row, "month_1_mwh",
            _("月用电量不全：缺 {months} 月，或全年为零。", months=months) if missing
            else _("各月用电量全为零。"),
            _("请补全 12 个月，或 12 个月都留空。"),
        )  # fmt: skip
        return None
    elif annual > 0:
        energy, peak = of_shape(chosen, year, annual)
        basis = _("全年用电量和行业典型形状“{name}”", name=chosen.name)
        if np.isnan(highest):
            return energy, peak, _("{basis}，最大负荷为推算", basis=basis)
    else:
        reading.flag(
            "firm_energy", row, "month_1_mwh",
            _("没有用电量：各月用电量和企业效益的全年用电量都没有。"),
            _("请填 12 个月的用电量，或在企业效益表填用电量。"),
        )  # fmt: skip
        return None
    if np.isnan(highest):
        guessed = float(energy.sum()) / full_load_hours(chosen, year)
        text = _("{basis}，最大负荷按行业典型形状“{name}”推算", basis=basis, name=chosen.name)
        return energy, peaks_of_energy(energy, guessed, year), text
    return energy, peaks_of_energy(energy, highest, year), _("{basis}和最大负荷", basis=basis)


def _projects(reading: _Reading, rulebook: Rulebook) -> list[tuple[Load, str]]:
    """Projects that start before the coming year ends, with their stage."""
    coming = reading.park.year + 1
    found: list[tuple[Load, str]] = []
    for row, item in reading.park.tables["pipeline"].drop_duplicates("project_id").iterrows():
        start, power = item["production_date"], _number(item["power_mw"], 0.0)
        if pd.isna(start) or power <= 0:
            continue
        shares = ramp(pd.Timestamp(start), _number(item["ramp_months"], 0.0), coming)
        if not shares.any():
            continue
        chosen = typical(_text(item["industry_code"]), rulebook)
        annual = _number(item["electricity_mwh"], power * full_load_hours(chosen, coming))
        energy, _peak = of_shape(chosen, coming, annual)
        stage = _text(item["project_state"]) or "negotiating"
        found.append(
            (
                Load(
                    key=f"project:{item['project_id']}",
                    name=str(item["project_name"]),
                    station=reading.station("pipeline", row, item["facility_id"]),
                    energy_mwh=energy * shares,
                    peak_mw=power * shares,
                    project=True,
                    value_wan_per_mwh=_ratio(item["value_added_wan"], annual),
                    basis=_("储备项目的用电负荷，{date} 投产", date=f"{start:%Y-%m}"),
                ),
                stage,
            )
        )
    return found


def ramp(start: pd.Timestamp, months_to_full: float, year: int) -> Months:
    """Share of its full load a project has in each month of a year.

    Parameters
    ----------
    start : Timestamp
        It runs from this month on.
    months_to_full : float
        In equal steps; none or one: full at once.
    year : int

    Examples
    --------
    >>> import pandas as pd
    >>> ramp(pd.Timestamp("2027-10-15"), 4, 2027)[8:].tolist()
    [0.0, 0.25, 0.5, 0.75]
    """
    since = np.arange(MONTHS) + 1 + 12 * (year - start.year) - start.month
    return np.where(since < 0, 0.0, np.minimum(1.0, (since + 1) / max(1.0, months_to_full)))


def _number(value: Any, otherwise: float) -> float:
    return otherwise if pd.isna(value) else float(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _value(known: Any, energy_mwh: float) -> float | None:
    return _ratio(known["value_added_wan"], energy_mwh)


def _ratio(value_wan: Any, energy_mwh: float) -> float | None:
    if pd.isna(value_wan) or not value_wan > 0 or not energy_mwh > 0:
        return None
    return float(value_wan) / energy_mwh
