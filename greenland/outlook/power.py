"""Evaluate the yearly power outlook: demand, supply, balance, orderly use, what helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.energy.outlook import (
    Balance,
    Reductions,
    balance,
    capacity_left,
    measures,
    orderly_use,
)
from greenland.energy.outlook.inputs import MONTHS, PARK, Months
from greenland.energy.outlook.orderly import STEP_LABELS, UseStep
from greenland.energy.site import horizon_years
from greenland.errors import InputError
from greenland.i18n import _, joined
from greenland.outlook.assumed import assumptions
from greenland.outlook.curves import read_curves
from greenland.outlook.demand import SCENARIOS, Demand, read_demand
from greenland.outlook.plan import plan_source
from greenland.outlook.supply import Supplies, read_supply, settings_of, stations_of
from greenland.results import NotEvaluated, if_evaluated, records
from greenland.summary import Summarised, Summary, quantity

if TYPE_CHECKING:
    from greenland.energy.result import EnergyResult
    from greenland.land.per_mu import PerMuResult
    from greenland.park import Park


@dataclass(frozen=True, repr=False)
class OutlookResult(Summarised):
    """The power outlook of the year after the assessed one.

    Parameters
    ----------
    year : int
        The year it is of.
    scenarios : DataFrame
        One row per case (low, expected, high): energy [MWh], highest peak and largest shortage
        [MW], short months.
    balance, energy : DataFrame
        By station and month, and by month, in the expected case; see `greenland.energy.outlook`.
    loads : DataFrame
        One row per load of the expected case: station, energy [MWh], peak [MW], class, basis.
    firms : DataFrame
        One row per load that reduces: by each step in its hardest month [MW], hours, energy and
        value added lost in the year [MWh, 万元], and why.
    reductions : DataFrame
        One row per month, load and step.
    measures : DataFrame
        What helps, and how much.
    left : DataFrame
        Own peaks that can still be connected, without the pipeline, by station and for the park
        (``station`` empty) [MW].
    uncovered : DataFrame
        Months in which guaranteed loads alone exceed the supply, and by how much [MW].
    assumptions : DataFrame
        Every assumption, its value and where it comes from.
    """

    year: int
    scenarios: pd.DataFrame
    balance: pd.DataFrame
    energy: pd.DataFrame
    loads: pd.DataFrame
    firms: pd.DataFrame
    reductions: pd.DataFrame
    measures: pd.DataFrame
    left: pd.DataFrame
    uncovered: pd.DataFrame
    assumptions: pd.DataFrame

    @property
    def left_mw(self) -> float | None:
        """What the park can still connect [MW]; None where nothing is known of its supply."""
        park = self.left[self.left["station"] == PARK]
        return None if park.empty else float(park["left_mw"].iloc[0])

    def _summary(self) -> Summary:
        table = self.scenarios.set_index("scenario")
        expected = {name: float(table[name]["expected"]) for name in _SHOWN}
        head = _(
            "{year} 年最大负荷 {peak}", year=self.year, peak=quantity(expected["peak_mw"], "MW")
        )
        lines = [
            (_("全年用电"), quantity(expected["energy_mwh"], "MWh")),
            (_("最大缺口"), quantity(expected["shortage_mw"], "MW")),
            (_("压减负荷的企业"), str(len(self.firms))),
        ]
        return Summary(head, tuple(lines))

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form."""
        tables = (
            "scenarios", "balance", "energy", "loads", "firms", "reductions", "measures", "left",
            "uncovered", "assumptions",
        )  # fmt: skip
        return {
            "evaluated": True,
            "year": self.year,
            **{name: records(getattr(self, name)) for name in tables},
        }


def evaluate(
    park: Park,
    *,
    per_mu: PerMuResult | NotEvaluated | None = None,
    energy: EnergyResult | NotEvaluated | None = None,
) -> OutlookResult | NotEvaluated:
    """Balance the power of the coming year, and say who reduces when it is short.

    Parameters
    ----------
    park : Park
        With 企业用能, 供电设施 or 月度供电.
    per_mu : PerMuResult, optional
        Its classes put firms in order; without them none has a class.
    energy : EnergyResult, optional
        Its plan is one of the measures.

    Returns
    -------
    OutlookResult or NotEvaluated
        The latter where no firm's power is known.

    Raises
    ------
    InputError
        With every row that cannot be used, all at once.

    References
    ----------
    楚办发〔2023〕5号第23项.

    Examples
    --------
    >>> from greenland.park import read_example
    >>> outlook = evaluate(read_example())
    >>> outlook.year, outlook.scenarios["scenario"].tolist()
    (2027, ['low', 'expected', 'high'])
    """
    sized = if_evaluated(energy)
    curves = read_curves(park)
    settings, said = settings_of(park.rulebook, curves)
    demand = read_demand(
        park,
        park.rulebook,
        stations=stations_of(park),
        classes=_classes(if_evaluated(per_mu)),
        curves=curves,
    )
    supplies = read_supply(park, settings)
    problems = (*demand.problems, *supplies.problems)
    if problems:
        raise InputError(list(problems))
    if not demand.firms:
        return NotEvaluated(_("没有企业的用电数据：请填企业用能表，或企业效益表的用电量。"))
    supply = supplies.supply
    loads = demand.loads("expected")
    now = balance(loads, supply, settings)
    found = orderly_use(loads, now.reductions)
    plan = plan_source(sized, park.rulebook.number("energy.outlook.low_day"))
    plans = [*supplies.plans, *([plan] if plan else [])]
    helpful = measures(loads, supply, settings, plans=plans, planned=supplies.planned)
    hours = short_hours(now, supplies.hours, curves)
    detail = _detail(found, hours, loads)
    return OutlookResult(
        year=park.year + 1,
        scenarios=_scenarios(demand, supplies, settings),
        balance=now.table,
        energy=now.energy,
        loads=_loads(loads, supplies),
        firms=_firms(detail, now, supplies, {load.key: load.rank_name for load in loads}),
        reductions=detail,
        measures=pd.DataFrame([asdict(one) for one in helpful], columns=_MEASURES),
        left=_left(demand, supplies, settings),
        uncovered=_uncovered(found),
        assumptions=assumptions(
            park.rulebook, settings, said, supplies, curves is not None and curves.shape[1] > 0
        ),
    )


_SHOWN = ("energy_mwh", "peak_mw", "shortage_mw")
_MEASURES = [
    "kind", "name", "before_mw", "after_mw", "months_before", "months_after", "first_month",
]  # fmt: skip


def _classes(per_mu: PerMuResult | None) -> dict[str, str]:
    if per_mu is None:
        return {}
    named = zip(per_mu.firms["firm_id"], per_mu.firms["class"], strict=True)
    return {str(firm): str(one) for firm, one in named if isinstance(one, str)}


def _scenarios(demand: Demand, supplies: Supplies, settings: Any) -> pd.DataFrame:
    rows = []
    for name in SCENARIOS:
        loads = demand.loads(name)
        found = balance(loads, supplies.supply, settings)
        park = found.table[found.table["station"] == PARK]
        rows.append(
            {
                "scenario": name,
                "energy_mwh": float(found.energy["demand_mwh"].sum()),
                "peak_mw": float(park["peak_mw"].max()),
                "projects": sum(load.project for load in loads),
                "shortage_mw": found.worst_mw,
                "short_months": int(found.short["month"].nunique()),
                "first_month": found.first_short_month,
            }
        )
    table = pd.DataFrame(rows)
    table["first_month"] = table["first_month"].astype("Int64")
    return table


def short_hours(now: Balance, given: Months, curves: pd.DataFrame | None) -> Months:
    """Hours of each month in which loads are reduced: as the park says, else by the curves [h].

    By the curves: those hours in which their sum, with its highest value of the month put at what
    is needed, exceeds what there is.
    """
    hours = given.copy()
    for month in range(1, MONTHS + 1):
        rows = now.short[now.short["month"] == month]
        if rows.empty:
            hours[month - 1] = 0.0
        elif np.isnan(hours[month - 1]) and curves is not None and curves.shape[1]:
            share = float((rows["capability_mw"] / rows["needed_mw"]).min())
            index = pd.DatetimeIndex(curves.index)
            step = (index[1] - index[0]) / pd.Timedelta(hours=1)
            power = curves.sum(axis=1)[index.month == month]
            years = max(1, round(horizon_years(index)))
            hours[month - 1] = float((power > share * power.max()).sum() * step / years)
    return hours


def _detail(found: Reductions, hours: Months, loads: list[Any]) -> pd.DataFrame:
    """The list of reductions with hours, energy and value added lost; shifting loses nothing."""
    table = found.table.copy()
    values = {load.key: load.value_wan_per_mwh for load in loads}
    table["hours"] = [hours[month - 1] for month in table["month"]]
    lost = table["reduction_mw"].astype(float) * table["hours"].astype(float)
    table["lost_mwh"] = lost.where(table["step"] != UseStep.SHIFT, 0.0)
    worth = table["key"].map(values).astype(float)
    table["lost_wan"] = (table["lost_mwh"] * worth).where(table["step"] != UseStep.SHIFT, 0.0)
    return table


def _firms(
    detail: pd.DataFrame, now: Balance, supplies: Supplies, ranks: Mapping[str, str]
) -> pd.DataFrame:
    """One row per load that reduces, with its hardest month and why, in terms of its *ranks*."""
    titles = {one.key: one.name for one in supplies.supply.stations}
    short = now.table.set_index(["station", "month"])["shortage_mw"]
    rows = []
    for (key, name), part in detail.groupby(["key", "name"], sort=False):
        by_month = part.groupby("month")["reduction_mw"].sum()
        worst = int(by_month.index[int(by_month.to_numpy().argmax())])
        then = part[part["month"] == worst].set_index("step")["reduction_mw"]
        first = part.iloc[0]
        amounts = {step: float(then.get(str(step), 0.0)) for step in UseStep}
        lacking = float(short.get((first["station"], worst), 0.0)) if first["station"] else 0.0
        rows.append(
            {
                "key": key,
                "name": name,
                "station": first["station"],
                "station_name": titles.get(first["station"], ""),
                "rank": int(first["rank"]),
                "rank_name": first["rank_name"],
                "month": worst,
                "shift_mw": amounts[UseStep.SHIFT],
                "avoid_mw": amounts[UseStep.AVOID],
                "cut_mw": amounts[UseStep.CUT],
                "months": len(by_month),
                "hours": part.drop_duplicates("month")["hours"].sum(skipna=False),
                "lost_mwh": part["lost_mwh"].sum(skipna=False),
                "lost_wan": part["lost_wan"].sum(skipna=False),
                "reason": _reason(ranks[str(key)], worst, titles.get(first["station"], ""),
                                  lacking, float(short.get((PARK, worst), 0.0)), amounts),
            }
        )  # fmt: skip
    columns = [
        "key", "name", "station", "station_name", "rank", "rank_name", "month", "shift_mw",
        "avoid_mw", "cut_mw", "months", "hours", "lost_mwh", "lost_wan", "reason",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["rank", "key"], ascending=[False, True], ignore_index=True)


def _reason(
    rank_name: str,
    month: int,
    station: str,
    station_mw: float,
    park_mw: float,
    amounts: dict[UseStep, float],
) -> str:
    where = (
        _("{station}缺 {mw} MW", station=station, mw=f"{station_mw:.2f}")
        if station_mw > 0
        else _("全园区缺 {mw} MW", mw=f"{park_mw:.2f}")
    )
    steps = joined(
        _("{step} {mw} MW", step=_(STEP_LABELS[step]), mw=f"{amount:.2f}")
        for step, amount in amounts.items()
        if amount > 0
    )
    return _(
        "{month} 月{where}；次序为“{rank}”，同次序按可压减量等比例承担：{steps}。",
        month=month, where=where, rank=rank_name, steps=steps,
    )  # fmt: skip


def _loads(loads: list[Any], supplies: Supplies) -> pd.DataFrame:
    titles = {one.key: one.name for one in supplies.supply.stations}
    return pd.DataFrame(
        [
            {
                "key": load.key,
                "name": load.name,
                "station": load.station,
                "station_name": titles.get(load.station, ""),
                "project": load.project,
                "energy_mwh": float(load.energy_mwh.sum()),
                "peak_mw": float(load.peak_mw.max()),
                "rank": load.rank,
                "rank_name": load.rank_name,
                "basis": load.basis,
            }
            for load in loads
        ]
    ).sort_values("peak_mw", ascending=False, ignore_index=True)


def _left(demand: Demand, supplies: Supplies, settings: Any) -> pd.DataFrame:
    left, by_station = capacity_left(demand.grown("expected"), supplies.supply, settings)
    titles = {one.key: one.name for one in supplies.supply.stations}
    rows: list[dict[str, Any]] = [] if left is None else [
        {"station": PARK, "station_name": "", "left_mw": left}
    ]  # fmt: skip
    rows += [
        {"station": key, "station_name": titles[key], "left_mw": mw}
        for key, mw in by_station.items()
    ]
    return pd.DataFrame(rows, columns=["station", "station_name", "left_mw"])


def _uncovered(found: Reductions) -> pd.DataFrame:
    rows = [
        {"month": month, "uncovered_mw": float(mw)}
        for month, mw in enumerate(found.uncovered_mw, 1)
        if mw > 0
    ]
    return pd.DataFrame(rows, columns=["month", "uncovered_mw"])
