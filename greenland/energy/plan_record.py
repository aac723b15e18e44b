"""A plan as JSON-ready names and values."""

from __future__ import annotations

from typing import Any

import pandas as pd

from greenland.energy.plan.explain.explanation import binding, shadow_texts
from greenland.energy.plan.explain.infeasible import Infeasibility
from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay.maintenance import stands
from greenland.energy.plan.replay.recompute import replay
from greenland.energy.site import Site
from greenland.energy.site.horizon_checks import stretches
from greenland.energy.site.identity import ColumnKind, Identity, column_labels
from greenland.energy.site.limits import limits_by_label
from greenland.energy.sizing.rounding import Rounding, cost_rows
from greenland.results import plain_value, records

DECIMALS = 4


def plan_record(
    plan: Plan,
    optimum: Plan | None = None,
    *,
    rounding: Rounding | None = None,
    infeasibility: Infeasibility | None = None,
    with_schedule: bool = True,
) -> dict[str, Any]:
    """The ``plan`` part of ``results.json``.

    Values of a site without a plan are None, with the reason beside them.

    Parameters
    ----------
    plan : Plan
        What is recommended.
    optimum : Plan, optional
        The continuous optimum, where the plan is in whole units: shadow prices and what binds are
        of it, as capacities that are held have neither.
    """
    optimum = plan if optimum is None else optimum
    record: dict[str, Any] = {
        "status": str(plan.status),
        "engine": plan.engine,
        "objective": str(plan.objective),
        "notes": [str(note) for note in plan.notes],
        "quality": plan.quality.to_record(),
        "optimum": None if optimum is plan else _optimum(optimum),
        "rounding": None if rounding is None else rounding.to_record(),
        "infeasibility": None if infeasibility is None else infeasibility.to_record(),
    }
    if plan.status.has_plan:
        return record | _values(plan, optimum, with_schedule)
    empty = ("annual_cost", "objective_value", "capacities", "ratios", "energy", "schedule")
    return record | dict.fromkeys(empty) | {"reason": str(plan.status)}


def _optimum(plan: Plan) -> dict[str, Any]:
    """The optimum before rounding, in short."""
    return {
        "status": str(plan.status),
        "quality": plan.quality.to_record(),
        "annual_cost": plain_value(plan.annual_cost),
        "objective_value": plain_value(plan.objective_value),
        "capacities": _mapping(plan.capacities),
    }


def _limits(plan: Plan, site: Site) -> list[dict[str, Any]]:
    """Limits as the site states them; a rounded plan holds capacities at bounds of its own."""
    names = limits_by_label(site)
    sizes = {str(name): float(value) for name, value in plan.capacities.items()}
    kept = plan.replay if plan.site is site else replay(site, sizes, plan.schedule)
    return [{**row, **names[row["limit"]].to_record()} for row in records(kept.limits)]


def _values(plan: Plan, optimum: Plan, with_schedule: bool) -> dict[str, Any]:
    return {
        "annual_cost": plain_value(plan.annual_cost),
        "objective_value": plain_value(plan.objective_value),
        "capex": plain_value(plan.capex),
        "npv": plain_value(plan.npv),
        "green_price": plain_value(plan.green_price),
        "capacities": _mapping(plan.capacities),
        "capacity_kinds": _kinds(plan.capacity_kinds, "capacity"),
        "ratios": _mapping(plan.ratios),
        "energy": _mapping(plan.energy),
        "costs": cost_rows(plan),
        "limits": _limits(plan, optimum.site),
        "monthly": records(_monthly(plan), index="month"),
        "shadow_prices": shadow_texts(optimum),
        "binding": [item.to_record() for item in binding(optimum)],
        "maintenance": _maintenance(plan),
        "schedule": _schedule(plan) if with_schedule else None,
    }


def _kinds(table: pd.DataFrame, title: str) -> list[dict[str, Any]]:
    """What each label is: kind, owner (None for the only one of its kind) and unit."""
    rows = records(table, index=title)
    return [{**row, "owner": row["owner"] or None} for row in rows]


def _mapping(series: pd.Series) -> dict[str, Any]:
    return {str(name): plain_value(value) for name, value in series.items()}


def _monthly(plan: Plan) -> pd.DataFrame:
    """Energies by month, with the charge and discharge of all storages summed [MWh]."""
    table, labels = plan.monthly, column_labels(plan.site)
    for kind in (ColumnKind.CHARGE, ColumnKind.DISCHARGE):
        columns = [labels[Identity(kind, item.name)] for item in plan.site.storages]
        table[str(kind)] = table[columns].sum(axis=1)
    return table


def _maintenance(plan: Plan) -> list[dict[str, Any]]:
    """When generators stand for their maintenance."""
    sizes = {str(name): float(value) for name, value in plan.capacities.items()}
    return [
        {
            "owner": window.owner,
            "stands_from": window.start.isoformat(),
            "stands_until": window.end.isoformat(),
        }
        for window in stands(plan.site, sizes, plan.schedule)
    ]


def _schedule(plan: Plan) -> dict[str, Any]:
    table = plan.schedule
    index = pd.DatetimeIndex(table.index)
    zone = index.tz
    later = [start for start, _end in stretches(index)[1:]]
    resumed = [{"step": index.get_loc(time), "start": time.isoformat()} for time in later]
    return {
        "start": index[0].isoformat(),
        "step_hours": plan.site.step_hours,
        "timezone": None if zone is None else str(zone),
        **({"resumed": resumed} if resumed else {}),
        "column_kinds": _kinds(plan.column_kinds, "column"),
        "columns": {
            str(name): [round(float(value), DECIMALS) + 0.0 for value in table[name].tolist()]
            for name in table.columns
        },
    }
