"""Constraint families of storages, on the green ledger and the grid ledger.

See docs/energy-model.md, section 3.
"""

from __future__ import annotations

import numpy as np

from greenland.energy.problem.assembly import Assembly, Term
from greenland.energy.problem.families import OPEN, all_steps
from greenland.energy.site import FinalEnergy


def storage_balance(assembly: Assembly) -> None:
    """Stored green energy above the floor, step by step [MWh]."""
    data, columns = assembly.data, assembly.columns
    for b, item in enumerate(data.site.storages):
        keep = item.kept(data.step_hours)
        energy = columns["energy"][b]
        before = np.concatenate([columns["energy_start"][b : b + 1], energy[:-1]])
        terms: list[Term] = [
            (energy, 1.0),
            (before, -keep),
            (columns["charge"][b], -item.charge_efficiency * data.step_hours),
            (columns["discharge"][b], data.step_hours / item.discharge_efficiency),
            (int(columns["storage_energy"][b]), data.floor_loss(item)),
        ]
        if b in data.floor_stores:
            covered = columns["grid_floor_loss"][data.floor_stores.index(b)]
            terms.append((covered, -1.0))
        steps = all_steps(assembly)
        assembly.add_rows("storage_balance", len(steps), terms, 0.0, 0.0, steps, item.name)


def storage_start(assembly: Assembly) -> None:
    """The given state of charge at the beginning, of both ledgers together [MWh]."""
    for b, item in enumerate(assembly.data.site.storages):
        if item.initial_energy is not None:
            share = item.initial_energy - item.soc_floor
            terms: list[Term] = [(start, 1.0) for start, _end in _turn(assembly, b)]
            terms.append((assembly.columns["storage_energy"][b], -share))
            assembly.add_row("storage_start", terms, 0.0, 0.0, item.name)


def _turn(assembly: Assembly, b: int) -> list[tuple[int, int]]:
    """What the ledgers of a storage, green and grid, begin and end with."""
    columns, stores = assembly.columns, assembly.data.grid_stores
    ledgers = [(int(columns["energy_start"][b]), int(columns["energy"][b, -1]))]
    if b in stores:
        row = stores.index(b)
        ledgers.append((int(columns["grid_start"][row]), int(columns["grid_energy"][row, -1])))
    return ledgers


def _rise(ledgers: list[tuple[int, int]]) -> list[Term]:
    """What some ledgers end with beyond their start."""
    terms: list[Term] = [(end, 1.0) for _start, end in ledgers]
    return terms + [(start, -1.0) for start, _end in ledgers]


def storage_end(assembly: Assembly) -> None:
    """The state of charge at the end, of both ledgers together [MWh]."""
    for b, item in enumerate(assembly.data.site.storages):
        end, ledgers = item.end, _turn(assembly, b)
        both = len(ledgers) > 1
        if end is FinalEnergy.FREE or (both and end is FinalEnergy.AT_LEAST):
            continue  # of two ledgers that each end as high as they began, the sum does
        if isinstance(end, FinalEnergy):
            terms = _rise(ledgers)
        else:
            share = end - item.soc_floor
            terms = [(last, 1.0) for _start, last in ledgers]
            terms.append((assembly.columns["storage_energy"][b], -share))
        most = OPEN if end is FinalEnergy.AT_LEAST else 0.0
        assembly.add_row("storage_end", terms, 0.0, most, item.name)


def _storage_rows(
    assembly: Assembly,
    family: str,
    parts: tuple[str, ...],
    bound: str,
    shared: bool | None,
    ratio: str = "",
) -> None:
    """Rows that hold a sum of one storage's columns below its capacity."""
    data, columns = assembly.data, assembly.columns
    for b, item in enumerate(data.site.storages):
        if shared is not None and item.shared_power is not shared:
            continue
        terms: list[Term] = [(columns[part][b], 1.0) for part in parts]
        if b in data.grid_stores:
            second = data.grid_stores.index(b)
            terms += [(columns[f"grid_{part}"][second], 1.0) for part in parts]
        share = item.usable_share if bound == "storage_energy" else 1.0
        top = int(columns[bound][b])
        if ratio and b in data.charge_stores:
            top = int(columns["charge_power"][data.charge_stores.index(b)])
        elif ratio:
            share = getattr(item, ratio)
        terms.append((top, -share))
        assembly.add_rows(family, data.steps, terms, -OPEN, 0.0, all_steps(assembly), item.name)


def charge_limit(assembly: Assembly) -> None:
    """Charging within the power capacity times its ratio, or its own capacity [MW]."""
    _storage_rows(assembly, "charge_limit", ("charge",), "storage_power", False, "charge_ratio")


def discharge_limit(assembly: Assembly) -> None:
    """Discharging within the power capacity [MW]."""
    _storage_rows(assembly, "discharge_limit", ("discharge",), "storage_power", False)


def power_limit(assembly: Assembly) -> None:
    """Charging and discharging together within the power capacity [MW]."""
    _storage_rows(assembly, "power_limit", ("charge", "discharge"), "storage_power", True)


def energy_limit(assembly: Assembly) -> None:
    """Stored energy within the usable capacity [MWh]."""
    _storage_rows(assembly, "energy_limit", ("energy",), "storage_energy", None)


def grid_storage_balance(assembly: Assembly) -> None:
    """Stored grid energy, step by step [MWh]."""
    data, columns = assembly.data, assembly.columns
    for row, b in enumerate(data.grid_stores):
        item = data.site.storages[b]
        energy = columns["grid_energy"][row]
        before = np.concatenate([columns["grid_start"][row : row + 1], energy[:-1]])
        terms: list[Term] = [
            (energy, 1.0),
            (before, -item.kept(data.step_hours)),
            (columns["grid_charge"][row], -item.charge_efficiency * data.step_hours),
            (columns["grid_discharge"][row], data.step_hours / item.discharge_efficiency),
        ]
        if b in data.floor_stores:
            covered = columns["grid_floor_loss"][data.floor_stores.index(b)]
            terms.append((covered, 1.0))
        steps = all_steps(assembly)
        assembly.add_rows("grid_storage_balance", len(steps), terms, 0.0, 0.0, steps, item.name)


def floor_loss_limit(assembly: Assembly) -> None:
    """What grid energy makes good of the loss below the floor, within that loss [MWh]."""
    data, columns = assembly.data, assembly.columns
    for row, b in enumerate(data.floor_stores):
        item = data.site.storages[b]
        terms: list[Term] = [
            (columns["grid_floor_loss"][row], 1.0),
            (int(columns["storage_energy"][b]), -data.floor_loss(item)),
        ]
        steps = all_steps(assembly)
        assembly.add_rows("floor_loss_limit", len(steps), terms, -OPEN, 0.0, steps, item.name)


def green_storage_end(assembly: Assembly) -> None:
    """The green ledger gives no more than went into it within the horizon [MWh]."""
    for b in assembly.data.grid_stores:
        item = assembly.data.site.storages[b]
        most = 0.0 if item.closes_green else OPEN
        terms = _rise(_turn(assembly, b)[:1])
        assembly.add_row("green_storage_end", terms, 0.0, most, item.name)


def grid_storage_end(assembly: Assembly) -> None:
    """A storage that may end higher does not pay for it with its grid ledger [MWh]."""
    for b in assembly.data.grid_stores:
        item = assembly.data.site.storages[b]
        if item.may_end_higher:
            terms = _rise(_turn(assembly, b)[1:])
            assembly.add_row("grid_storage_end", terms, 0.0, OPEN, item.name)
