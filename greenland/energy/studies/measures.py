"""What a study keeps of a plan: the row of a task."""

from __future__ import annotations

from typing import Any

import numpy as np

from greenland.energy.compare import FINANCE
from greenland.energy.given_design import FAILS
from greenland.energy.plan.plan import Plan
from greenland.energy.result import EnergyResult
from greenland.energy.site import values_of
from greenland.energy.site.identity import capacity_labels
from greenland.energy.sizing.rounding import cost_rows
from greenland.results import State, plain_value

GROUPS = ("capacities", "shares", "energy", "costs", "finance")
"""Parts of a row that hold several measures, which are named ``group.label``."""

Row = dict[str, Any]


def row_of_plan(plan: Plan) -> Row:
    """Status, cost, sizes, shares, energies and limits of a plan, JSON-ready.

    Returns
    -------
    dict
        ``annual_cost`` [yuan/yr], ``capex`` [yuan], ``co2_t`` [t/yr], ``capacities`` [MW], [MWh],
        ``shares`` (decimals), ``energy`` [MWh/yr], ``costs`` [yuan/yr], ``limits`` with value,
        requirement and whether it is kept; only ``status`` and ``engine`` where there is no plan.
    """
    row: Row = {"status": str(plan.status), "gap": plan.quality.gap, "engine": plan.engine}
    if not plan.status.has_plan:
        return {**row, "gap": None}
    row["annual_cost"] = float(plan.annual_cost)
    row["capex"] = float(plan.capex)
    row["co2_t"] = bought_emission(plan)
    row["capacities"] = {str(name): float(value) for name, value in plan.capacities.items()}
    row["units"] = {
        label: key.unit
        for key, label in capacity_labels(plan.site).items()
        if label in row["capacities"]
    }
    row["shares"] = {str(name): float(value) for name, value in plan.ratios.items()}
    row["energy"] = {str(name): float(value) for name, value in plan.energy.items()}
    costs: dict[str, float] = {}
    for item in cost_rows(plan):
        costs[item["item"]] = costs.get(item["item"], 0.0) + float(item["yuan_per_year"])
    row["costs"] = costs
    row["limits"] = limit_rows(plan)
    return dict(plain_value(row))


def bought_emission(plan: Plan) -> float | None:
    """Emission of the energy bought [tCO2/yr]; None where no factor is given."""
    grid = plan.site.grid
    if grid is None or grid.emission_factor is None:
        return None
    bought = np.asarray(plan.schedule["import"], dtype=float)
    factors = values_of(grid.emission_factor, len(bought))
    return float(bought @ factors) * plan.site.step_hours / plan.site.years


def limit_rows(plan: Plan) -> dict[str, dict[str, Any]]:
    """Every limit by its label: the value of its worst year, what is required, whether kept."""
    found: dict[str, dict[str, Any]] = {}
    for item in plan.limits.sort_values("excess").to_dict("records"):
        found[str(item["limit"])] = {
            "value": float(item["value"]),
            "required": float(item["required"]),
            "kept": bool(item["excess"] <= FAILS),
        }
    return found


def row_of_result(result: EnergyResult) -> Row:
    """The row of a case that was evaluated in full: with its money and its compliance.

    Returns
    -------
    dict
        As `row_of_plan`; ``finance``, and ``compliance`` with the number of checks that are met
        and the labels of those that are not.
    """
    row = row_of_plan(result.plan)
    if result.money.finance is not None:
        row["finance"] = {name: getattr(result.money.finance, name) for name in FINANCE}
    if result.compliance is not None:
        checks = result.compliance.checks
        row["compliance"] = {
            "met": sum(check.state is State.MET for check in checks),
            "failed": sorted({check.limit for check in checks if check.state is State.FAILED}),
        }
    if result.infeasibility is not None:
        row["reason"] = str(result.infeasibility.text)
    return dict(plain_value(row))


def measure_of(row: Row, name: str) -> float | None:
    """A measure of a row by its name, such as ``annual_cost`` or ``capacities.battery_energy``.

    None where the row has no such value.
    """
    group, dot, label = name.partition(".")
    value = row.get(group)
    if dot:
        value = value.get(label) if isinstance(value, dict) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def measure_names(row: Row) -> list[str]:
    """Names of every measure a row has."""
    found = [name for name in ("annual_cost", "capex", "co2_t") if row.get(name) is not None]
    for group in GROUPS:
        found += [
            f"{group}.{label}"
            for label, value in (row.get(group) or {}).items()
            if value is not None
        ]
    return found


def flat_row(row: Row) -> Row:
    """A row in one level for tables: ``capacities.pv``, ``limits.export_share``."""
    flat: Row = {}
    for name, value in row.items():
        if name in ("years", "compliance", "units"):
            continue
        if not isinstance(value, dict):
            flat[name] = value
            continue
        for label, item in value.items():
            flat[f"{name}.{label}"] = item["value"] if isinstance(item, dict) else item
    if "compliance" in row:
        flat["compliance.met"] = row["compliance"]["met"]
        flat["compliance.failed"] = "、".join(row["compliance"]["failed"])
    return flat
