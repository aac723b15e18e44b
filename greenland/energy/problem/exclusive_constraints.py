"""Constraint families that keep a step to one direction: cuts, and rows with binary variables.

See docs/energy-model.md, section 6.
"""

from __future__ import annotations

import numpy as np

from greenland.energy.problem.assembly import Assembly, Term
from greenland.energy.problem.families import OPEN


def exchange_cut(assembly: Assembly) -> None:
    """Share of the most import and of the most export: together one at most where only one may be.

    The convex hull of both directions; see docs/energy-model.md, section 6.
    """
    data, columns = assembly.data, assembly.columns
    if "import" not in columns:
        return
    steps = data.cut_steps
    if len(steps):
        terms: list[Term] = [
            (columns["import"][steps], 1 / data.import_most[steps]),
            (columns["export"][steps], 1 / data.export_cap[steps]),
        ]
        assembly.add_rows("exchange_cut", len(steps), terms, -OPEN, 1.0, steps)


def surplus_cut(assembly: Assembly) -> None:
    """Export from the largest surplus and what is discharged, less the share that imports [MW]."""
    data, columns = assembly.data, assembly.columns
    if "import" not in columns:
        return
    for place, steps, outward, inward, most in data.surplus_cuts:
        if not len(steps):
            continue
        terms: list[Term] = [
            (columns["export"][steps], outward),
            (columns["import"][steps], inward),
        ]
        for family in ("discharge", "grid_discharge"):
            terms += [(line[steps], -1.0) for line in assembly.lines(family)]
        owner = ""
        if place is not None:
            terms.append((int(columns["capacity"][place]), -data.pu[place][steps]))
            owner = data.site.sources[place].name
        assembly.add_rows("surplus_cut", len(steps), terms, -OPEN, most, steps, owner)


def storage_cut(assembly: Assembly) -> None:
    """Charge and discharge together within the power capacity where only one may be [MW].

    Charge counts by its share of what may be charged. Two capacities of their own have no such
    row that is linear.
    """
    data, columns = assembly.data, assembly.columns
    for b, item in enumerate(data.site.storages):
        steps = np.flatnonzero(data.storage_cut[b])
        if not len(steps) or b in data.charge_stores or not item.charge_ratio:
            continue
        factors = (("charge", 1 / item.charge_ratio), ("discharge", 1.0))
        terms: list[Term] = [(columns[name][b][steps], factor) for name, factor in factors]
        if b in data.grid_stores:
            row = data.grid_stores.index(b)
            terms += [(columns[f"grid_{name}"][row][steps], factor) for name, factor in factors]
        terms.append((int(columns["storage_power"][b]), -1.0))
        assembly.add_rows("storage_cut", len(steps), terms, -OPEN, 0.0, steps, item.name)


def _held(assembly: Assembly, b: int, way: str, factor: float, keep: float) -> list[Term]:
    """A storage's flow one way and what was stored before, on both ledgers."""
    data, columns = assembly.data, assembly.columns
    steps = data.held_steps(b)
    terms: list[Term] = [(columns[way][b][steps], factor), (columns["energy"][b][steps - 1], keep)]
    if b in data.grid_stores:
        row = data.grid_stores.index(b)
        terms.append((columns[f"grid_{way}"][row][steps], factor))
        terms.append((columns["grid_energy"][row][steps - 1], keep))
    return terms


def stored_cut(assembly: Assembly) -> None:
    """Discharge takes what was stored before, where nothing is charged meanwhile [MWh]."""
    data = assembly.data
    for b, item in enumerate(data.site.storages):
        steps = data.held_steps(b)
        if len(steps):
            keep = item.kept(data.step_hours)
            drain = data.step_hours / item.discharge_efficiency
            terms = _held(assembly, b, "discharge", drain, -keep)
            assembly.add_rows("stored_cut", len(steps), terms, -OPEN, 0.0, steps, item.name)


def room_cut(assembly: Assembly) -> None:
    """Charge fills the room there was before, where nothing is discharged meanwhile [MWh]."""
    data = assembly.data
    for b, item in enumerate(data.site.storages):
        steps = data.held_steps(b)
        if len(steps):
            keep = item.kept(data.step_hours)
            terms = _held(assembly, b, "charge", item.charge_efficiency * data.step_hours, keep)
            share = item.usable_share + (1 - keep) * item.soc_floor
            terms.append((int(assembly.columns["storage_energy"][b]), -share))
            assembly.add_rows("room_cut", len(steps), terms, -OPEN, 0.0, steps, item.name)


def import_exclusive(assembly: Assembly) -> None:
    """No import where the binary variable says export [MW]."""
    data, columns = assembly.data, assembly.columns
    steps = data.importing
    if len(steps):
        terms: list[Term] = [
            (columns["import"][steps], 1.0),
            (columns["importing"], -data.import_most[steps]),
        ]
        assembly.add_rows("import_exclusive", len(steps), terms, -OPEN, 0.0, steps)


def export_exclusive(assembly: Assembly) -> None:
    """No export where the binary variable says import [MW]."""
    data, columns = assembly.data, assembly.columns
    steps = data.importing
    if len(steps):
        most = data.export_cap[steps]
        terms: list[Term] = [(columns["export"][steps], 1.0), (columns["importing"], most)]
        assembly.add_rows("export_exclusive", len(steps), terms, -OPEN, most, steps)


def _directed(assembly: Assembly, family: str, way: str, sign: float) -> None:
    """Rows that hold a storage's flow at zero where its direction is the other one."""
    data, columns = assembly.data, assembly.columns
    first = 0
    for b, steps in enumerate(data.charging):
        if not len(steps):
            continue
        terms: list[Term] = [(columns[way][b][steps], 1.0)]
        if b in data.grid_stores:
            terms.append((columns[f"grid_{way}"][data.grid_stores.index(b)][steps], 1.0))
        most = data.most_charge(b) if way == "charge" else data.storage_power[b].upper
        terms.append((columns["charging"][first : first + len(steps)], sign * most))
        upper = most if sign > 0 else 0.0
        name = data.site.storages[b].name
        assembly.add_rows(family, len(steps), terms, -OPEN, upper, steps, name)
        first += len(steps)


def charge_exclusive(assembly: Assembly) -> None:
    """No charging where the binary variable says discharging [MW]."""
    _directed(assembly, "charge_exclusive", "charge", -1.0)


def discharge_exclusive(assembly: Assembly) -> None:
    """No discharging where the binary variable says charging [MW]."""
    _directed(assembly, "discharge_exclusive", "discharge", 1.0)
