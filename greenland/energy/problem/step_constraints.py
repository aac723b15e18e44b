"""Constraint families of every step; see docs/energy-model.md, section 3.

Each row connects a step with the one before it at most.
"""

from __future__ import annotations

import numpy as np

from greenland.energy.problem.assembly import Assembly, Term
from greenland.energy.problem.exclusive_constraints import (
    charge_exclusive,
    discharge_exclusive,
    exchange_cut,
    export_exclusive,
    import_exclusive,
    room_cut,
    storage_cut,
    stored_cut,
    surplus_cut,
)
from greenland.energy.problem.families import OPEN, Family, all_steps, not_green, served
from greenland.energy.problem.generator_constraints import (
    curtailment_limit,
    generation_limit,
    generation_min_load,
)
from greenland.energy.problem.quotas import quota_balance
from greenland.energy.problem.run_constraints import (
    on_limit,
    on_min_load,
    start_limit,
    start_size_limit,
)
from greenland.energy.problem.stopping import least_steps
from greenland.energy.problem.storage_constraints import (
    charge_limit,
    discharge_limit,
    energy_limit,
    floor_loss_limit,
    green_storage_end,
    grid_storage_balance,
    grid_storage_end,
    power_limit,
    storage_balance,
    storage_end,
    storage_start,
)


def balance(assembly: Assembly) -> None:
    """What comes in equals what goes out, at every step [MW]."""
    data, columns = assembly.data, assembly.columns
    terms: list[Term] = list(zip(columns["capacity"].tolist(), data.pu, strict=True))
    for family, sign in (
        ("discharge", 1.0),
        ("grid_discharge", 1.0),
        ("charge", -1.0),
        ("grid_charge", -1.0),
    ):
        terms += [(line, sign) for line in assembly.lines(family)]
    terms.append((columns["curtailment"], -1.0))
    if "import" in columns:
        terms += [(columns["import"], 1.0), (columns["export"], -1.0)]
    terms += [(line, -sign) for line, sign in served(assembly)]
    terms += [(line, 1.0) for line in assembly.lines("generation")]
    assembly.add_rows("balance", data.steps, terms, data.load, data.load, all_steps(assembly))


def untaken_limit(assembly: Assembly) -> None:
    """What is not taken of a bought source within its output [MW]."""
    data = assembly.data
    for row, g in enumerate(data.sellers):
        terms: list[Term] = [
            (assembly.columns["untaken"][row], 1.0),
            (int(assembly.columns["capacity"][g]), -data.pu[g]),
        ]
        name = data.site.sources[g].name
        steps = all_steps(assembly)
        assembly.add_rows("untaken_limit", len(steps), terms, -OPEN, 0.0, steps, name)


def untaken_curtailed(assembly: Assembly) -> None:
    """What is not taken is part of what is curtailed [MW]."""
    lines = assembly.lines("untaken")
    if lines:
        terms: list[Term] = [(line, 1.0) for line in lines]
        terms.append((assembly.columns["curtailment"], -1.0))
        steps = all_steps(assembly)
        assembly.add_rows("untaken_curtailed", len(steps), terms, -OPEN, 0.0, steps)


def grid_charging(assembly: Assembly) -> None:
    """What is charged from the grid is bought in the same step [MW]."""
    lines = assembly.lines("grid_charge")
    if not lines or "import" not in assembly.columns:
        return
    terms: list[Term] = [*((line, 1.0) for line in lines), (assembly.columns["import"], -1.0)]
    assembly.add_rows("grid_charging", assembly.data.steps, terms, -OPEN, 0.0, all_steps(assembly))


def import_use(assembly: Assembly) -> None:
    """Grid energy serves the load or is charged, other energy that is not green the load [MW]."""
    data, other = assembly.data, not_green(assembly)
    if not other and (not data.flexible or "import" not in assembly.columns):
        return
    terms: list[Term] = [(line, 1.0) for line in other]
    if "import" in assembly.columns:
        terms.append((assembly.columns["import"], 1.0))
    terms += [(line, -1.0) for line in assembly.lines("grid_charge")]
    terms += [(line, 1.0) for line in assembly.lines("grid_discharge")]
    terms += [(line, -sign) for line, sign in served(assembly)]
    assembly.add_rows("import_use", data.steps, terms, -OPEN, data.load, all_steps(assembly))


def _capacity_rows(assembly: Assembly, direction: str) -> None:
    if direction in assembly.columns and assembly.data.connection is not None:
        terms: list[Term] = [
            (assembly.columns[direction], 1.0),
            (int(assembly.columns["grid_capacity"][0]), -1.0),
        ]
        steps = all_steps(assembly)
        assembly.add_rows(f"{direction}_limit", len(steps), terms, -OPEN, 0.0, steps)


def import_limit(assembly: Assembly) -> None:
    """Import within the connected capacity where that is a decision [MW]."""
    _capacity_rows(assembly, "import")


def export_limit(assembly: Assembly) -> None:
    """Export within the connected capacity where that is a decision [MW]."""
    _capacity_rows(assembly, "export")


def demand_peak(assembly: Assembly) -> None:
    """Every peak that is paid for lies above the imports it counts [MW]."""
    peaks = assembly.data.peaks
    if not peaks:
        return
    steps = np.concatenate([peak.steps for peak in peaks])
    which = np.repeat(np.arange(len(peaks)), [len(peak.steps) for peak in peaks])
    terms: list[Term] = [
        (assembly.columns["import"][steps], 1.0),
        (assembly.columns["peak"][which], -1.0),
    ]
    assembly.add_rows("demand_peak", len(steps), terms, -OPEN, 0.0, steps, which)


def _exchange(assembly: Assembly, family: str, column: str, sign: float) -> None:
    if column not in assembly.columns:
        return
    terms: list[Term] = [
        (assembly.columns["import"], sign),
        (assembly.columns["export"], -sign),
        (int(assembly.columns[column][0]), -sign),
    ]
    assembly.add_rows(family, assembly.data.steps, terms, -OPEN, 0.0, all_steps(assembly))


def exchange_high_limit(assembly: Assembly) -> None:
    """Upper envelope of the exchanged power [MW]."""
    _exchange(assembly, "exchange_high_limit", "exchange_high", 1.0)


def exchange_low_limit(assembly: Assembly) -> None:
    """Lower envelope of the exchanged power [MW]."""
    _exchange(assembly, "exchange_low_limit", "exchange_low", -1.0)


def shift_balance(assembly: Assembly) -> None:
    """Energy drawn beyond the plan so far; nothing is left at a window's end [MWh]."""
    data = assembly.data
    before = np.ones(data.steps)
    before[0] = 0.0
    for row, item in enumerate(data.site.shiftable):
        state = assembly.columns["shift_state"][row]
        terms: list[Term] = [
            (state, 1.0),
            (assembly.columns["shift_load"][row], -data.step_hours),
            (np.concatenate([state[:1], state[:-1]]), -before),
        ]
        due = -data.step_hours * data.shift_profile[row]
        steps = all_steps(assembly)
        assembly.add_rows("shift_balance", len(steps), terms, due, due, steps, item.name)


def electrolyser_limit(assembly: Assembly) -> None:
    """An electrolyser's load within its capacity [MW]."""
    for row, item in enumerate(assembly.data.site.electrolysers):
        load = assembly.columns["electrolyser_load"][row]
        top = int(assembly.columns["electrolyser_capacity"][row])
        terms: list[Term] = [(load, 1.0), (top, -1.0)]
        steps = all_steps(assembly)
        assembly.add_rows("electrolyser_limit", len(steps), terms, -OPEN, 0.0, steps, item.name)


def electrolyser_min_load(assembly: Assembly) -> None:
    """An electrolyser's load above its least share of capacity [MW]."""
    for row, item in enumerate(assembly.data.site.electrolysers):
        steps = least_steps(assembly.data, "electrolyser_load", row)
        if item.min_load_share and len(steps):
            floor = int(assembly.columns["electrolyser_capacity"][row])
            load = assembly.columns["electrolyser_load"][row][steps]
            terms: list[Term] = [(floor, item.min_load_share), (load, -1.0)]
            assembly.add_rows(
                "electrolyser_min_load", len(steps), terms, -OPEN, 0.0, steps, item.name
            )


_ALL: tuple[Family, ...] = (
    balance,
    untaken_limit,
    untaken_curtailed,
    storage_balance,
    storage_start,
    storage_end,
    charge_limit,
    discharge_limit,
    power_limit,
    energy_limit,
    grid_storage_balance,
    floor_loss_limit,
    green_storage_end,
    grid_storage_end,
    grid_charging,
    import_use,
    import_limit,
    export_limit,
    exchange_cut,
    surplus_cut,
    storage_cut,
    stored_cut,
    room_cut,
    import_exclusive,
    export_exclusive,
    charge_exclusive,
    discharge_exclusive,
    demand_peak,
    exchange_high_limit,
    exchange_low_limit,
    shift_balance,
    electrolyser_limit,
    electrolyser_min_load,
    quota_balance,
    generation_limit,
    generation_min_load,
    curtailment_limit,
    on_limit,
    on_min_load,
    start_limit,
    start_size_limit,
)

STEP_FAMILIES: dict[str, Family] = {family.__name__: family for family in _ALL}
