"""Constraint families of every step; each connects a step with the one before it at most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from greenland.energy.model import EQ, LE, Family, Model, Term, label


def _ledgers(model: Model, family: str) -> Iterator[tuple[int, list[Any]]]:
    """Second-ledger variables with the number of their storage."""
    yield from zip(model.data.grid_stores, model.variables.get(family, []), strict=True)


def _served(model: Model) -> list[tuple[list[Any], float]]:
    """What is consumed beside the firm load: variables by step, and their sign."""
    parts = [(line, 1.0) for line in model.variables.get("shift_load", [])]
    parts += [(line, 1.0) for line in model.variables.get("electrolyser_load", [])]
    parts += [(line, -1.0) for line in model.variables.get("interrupted", [])]
    if "unserved" in model.variables:
        parts.append((model.variables["unserved"], -1.0))
    return parts


def balance(model: Model) -> None:
    """What comes in equals what goes out, at every step [MW]."""
    data, v = model.data, model.variables
    lines = [(line, 1.0) for line in (*v["discharge"], *v.get("grid_discharge", []))]
    lines += [(line, -1.0) for line in (*v["charge"], *v.get("grid_charge", []))]
    lines.append((v["curtailment"], -1.0))
    if "import" in v:
        lines += [(v["import"], 1.0), (v["export"], -1.0)]
    lines += [(line, -sign) for line, sign in _served(model)]
    pu, load = data.pu.T.tolist(), data.load.tolist()
    for t in range(data.steps):
        terms: list[Term] = [(c, p) for c, p in zip(v["capacity"], pu[t], strict=True) if p]
        terms += [(line[t], sign) for line, sign in lines]
        model.row("balance", str(t), terms, EQ, load[t])


def storage_balance(model: Model) -> None:
    """Stored green energy above the floor, step by step [MWh]."""
    data, v = model.data, model.variables
    for b, item in enumerate(data.site.storages):
        keep = (1 - item.self_discharge) ** data.step_hours
        gain = item.charge_efficiency * data.step_hours
        drain = data.step_hours / item.discharge_efficiency
        sunk = (1 - keep) * item.soc_floor
        charge, discharge, energy = v["charge"][b], v["discharge"][b], v["energy"][b]
        before = v["energy_start"][b]
        for t in range(data.steps):
            terms = [(energy[t], 1.0), (before, -keep), (charge[t], -gain), (discharge[t], drain)]
            if sunk:
                terms.append((v["storage_energy"][b], sunk))
            model.row("storage_balance", f"{label(item.name)}_{t}", terms, EQ, 0.0)
            before = energy[t]


def storage_start(model: Model) -> None:
    """The given state of charge at the beginning [MWh]."""
    v = model.variables
    for b, item in enumerate(model.data.site.storages):
        if item.initial_energy is not None:
            share = item.initial_energy - item.soc_floor
            terms = [(v["energy_start"][b], 1.0), (v["storage_energy"][b], -share)]
            model.row("storage_start", label(item.name), terms, EQ, 0.0)


def storage_cyclic(model: Model) -> None:
    """A storage ends as it began [MWh]."""
    v = model.variables
    for b, item in enumerate(model.data.site.storages):
        if item.cyclic:
            terms = [(v["energy"][b][-1], 1.0), (v["energy_start"][b], -1.0)]
            model.row("storage_cyclic", label(item.name), terms, EQ, 0.0)


def _storage_rows(
    model: Model, family: str, parts: tuple[str, ...], bound: str, shared: bool | None
) -> None:
    """Rows that hold a sum of one storage's variables below its capacity."""
    data, v = model.data, model.variables
    seconds = {name: dict(_ledgers(model, name)) for name in parts if name.startswith("grid_")}
    for b, item in enumerate(data.site.storages):
        if shared is not None and item.shared_power is not shared:
            continue
        lines = [v[name][b] for name in parts if name in v and not name.startswith("grid_")]
        lines += [line[b] for line in seconds.values() if b in line]
        share = item.usable_share if bound == "storage_energy" else 1.0
        capacity = (v[bound][b], -share)
        for t in range(data.steps):
            terms = [(line[t], 1.0) for line in lines]
            model.row(family, f"{label(item.name)}_{t}", [*terms, capacity], LE, 0.0)


def charge_limit(model: Model) -> None:
    """Charging within the power capacity [MW]."""
    _storage_rows(model, "charge_limit", ("charge", "grid_charge"), "storage_power", False)


def discharge_limit(model: Model) -> None:
    """Discharging within the power capacity [MW]."""
    parts = ("discharge", "grid_discharge")
    _storage_rows(model, "discharge_limit", parts, "storage_power", False)


def power_limit(model: Model) -> None:
    """Charging and discharging together within the power capacity [MW]."""
    parts = ("charge", "discharge", "grid_charge", "grid_discharge")
    _storage_rows(model, "power_limit", parts, "storage_power", True)


def energy_limit(model: Model) -> None:
    """Stored energy within the usable capacity [MWh]."""
    _storage_rows(model, "energy_limit", ("energy", "grid_energy"), "storage_energy", None)


def grid_storage_balance(model: Model) -> None:
    """Stored grid energy, step by step [MWh]."""
    data, v = model.data, model.variables
    for row, b in enumerate(data.grid_stores):
        item = data.site.storages[b]
        keep = (1 - item.self_discharge) ** data.step_hours
        gain = item.charge_efficiency * data.step_hours
        drain = data.step_hours / item.discharge_efficiency
        charge, discharge = v["grid_charge"][row], v["grid_discharge"][row]
        energy = v["grid_energy"][row]
        for t in range(data.steps):
            terms = [(energy[t], 1.0), (charge[t], -gain), (discharge[t], drain)]
            if t:
                terms.append((energy[t - 1], -keep))
            model.row("grid_storage_balance", f"{label(item.name)}_{t}", terms, EQ, 0.0)


def grid_storage_cyclic(model: Model) -> None:
    """No grid energy is left in a storage at the end [MWh]."""
    for row, b in enumerate(model.data.grid_stores):
        item = model.data.site.storages[b]
        if item.cyclic:
            last = model.variables["grid_energy"][row][-1]
            model.row("grid_storage_cyclic", label(item.name), [(last, 1.0)], EQ, 0.0)


def grid_charging(model: Model) -> None:
    """What is charged from the grid is bought in the same step [MW]."""
    lines = model.variables.get("grid_charge", [])
    if not lines or "import" not in model.variables:
        return
    for t, bought in enumerate(model.variables["import"]):
        terms = [*((line[t], 1.0) for line in lines), (bought, -1.0)]
        model.row("grid_charging", str(t), terms, LE, 0.0)


def import_use(model: Model) -> None:
    """Grid energy serves the load or is charged; it is not sold on [MW]."""
    data, v = model.data, model.variables
    if not data.flexible or "import" not in v:
        return
    lines = [(v["import"], 1.0)]
    lines += [(line, -1.0) for line in v.get("grid_charge", [])]
    lines += [(line, 1.0) for line in v.get("grid_discharge", [])]
    lines += [(line, -sign) for line, sign in _served(model)]
    for t, load in enumerate(data.load.tolist()):
        model.row("import_use", str(t), [(line[t], sign) for line, sign in lines], LE, load)


def _capacity_rows(model: Model, direction: str) -> None:
    if direction not in model.variables:
        return
    if model.data.connection is None:
        return
    capacity = model.variables["grid_capacity"][0]
    for t, one in enumerate(model.variables[direction]):
        model.row(f"{direction}_limit", str(t), [(one, 1.0), (capacity, -1.0)], LE, 0.0)


def import_limit(model: Model) -> None:
    """Import within the connected capacity where that is a decision [MW]."""
    _capacity_rows(model, "import")


def export_limit(model: Model) -> None:
    """Export within the connected capacity where that is a decision [MW]."""
    _capacity_rows(model, "export")


def exchange_cut(model: Model) -> None:
    """Share of the most import and of the most export: together one at most where only one may be.

    The convex hull of both directions; see docs/energy-model.md, section 6.
    """
    data, v = model.data, model.variables
    if "import" not in v:
        return
    most_in, most_out = data.import_most.tolist(), data.export_cap.tolist()
    for t in data.cut_steps.tolist():
        terms = [(v["import"][t], 1 / most_in[t]), (v["export"][t], 1 / most_out[t])]
        model.row("exchange_cut", str(t), terms, LE, 1.0)


def surplus_cut(model: Model) -> None:
    """Export from the largest surplus and what is discharged, less the share that imports [MW]."""
    data, v = model.data, model.variables
    if "import" not in v:
        return
    lines = [*v["discharge"], *v.get("grid_discharge", [])]
    for place, steps, outward, inward, right in data.surplus_cuts:
        stem = "" if place is None else f"{label(data.site.sources[place].name)}_"
        rows = zip(steps.tolist(), outward.tolist(), inward.tolist(), right.tolist(), strict=True)
        for t, out, into, most in rows:
            terms = [(v["export"][t], out), (v["import"][t], into)]
            terms += [(line[t], -1.0) for line in lines]
            if place is not None:
                terms.append((v["capacity"][place], -float(data.pu[place, t])))
            model.row("surplus_cut", f"{stem}{t}", terms, LE, most)


def storage_cut(model: Model) -> None:
    """Charge and discharge together within the power capacity where only one may be [MW]."""
    data, v = model.data, model.variables
    for b, item in enumerate(data.site.storages):
        lines = [v["charge"][b], v["discharge"][b]]
        for name in ("grid_charge", "grid_discharge"):
            lines += [line for number, line in _ledgers(model, name) if number == b]
        for t in np.flatnonzero(data.storage_cut[b]).tolist():
            terms = [*((line[t], 1.0) for line in lines), (v["storage_power"][b], -1.0)]
            model.row("storage_cut", f"{label(item.name)}_{t}", terms, LE, 0.0)


def stored_cut(model: Model) -> None:
    """Discharge takes what was stored before, where nothing is charged meanwhile [MWh]."""
    data, v = model.data, model.variables
    for b, item in enumerate(data.site.storages):
        keep = (1 - item.self_discharge) ** data.step_hours
        pairs = [(v["discharge"][b], v["energy"][b])]
        pairs += [
            (out, stored)
            for (number, out), (_number, stored) in zip(
                _ledgers(model, "grid_discharge"), _ledgers(model, "grid_energy"), strict=True
            )
            if number == b
        ]
        drain = data.step_hours / item.discharge_efficiency
        for t in data.held_steps(b).tolist():
            terms = [(out[t], drain) for out, _stored in pairs]
            terms += [(stored[t - 1], -keep) for _out, stored in pairs]
            model.row("stored_cut", f"{label(item.name)}_{t}", terms, LE, 0.0)


def room_cut(model: Model) -> None:
    """Charge fills the room there was before, where nothing is discharged meanwhile [MWh]."""
    data, v = model.data, model.variables
    for b, item in enumerate(data.site.storages):
        keep = (1 - item.self_discharge) ** data.step_hours
        pairs = [(v["charge"][b], v["energy"][b])]
        pairs += [
            (into, stored)
            for (number, into), (_number, stored) in zip(
                _ledgers(model, "grid_charge"), _ledgers(model, "grid_energy"), strict=True
            )
            if number == b
        ]
        gain = item.charge_efficiency * data.step_hours
        share = item.usable_share + (1 - keep) * item.soc_floor
        for t in data.held_steps(b).tolist():
            terms = [(into[t], gain) for into, _stored in pairs]
            terms += [(stored[t - 1], keep) for _into, stored in pairs]
            terms.append((v["storage_energy"][b], -share))
            model.row("room_cut", f"{label(item.name)}_{t}", terms, LE, 0.0)


def import_exclusive(model: Model) -> None:
    """No import where the binary variable says export [MW]."""
    data, v = model.data, model.variables
    for one, t in zip(v.get("importing", []), data.importing.tolist(), strict=True):
        terms = [(v["import"][t], 1.0), (one, -float(data.import_most[t]))]
        model.row("import_exclusive", str(t), terms, LE, 0.0)


def export_exclusive(model: Model) -> None:
    """No export where the binary variable says import [MW]."""
    data, v = model.data, model.variables
    for one, t in zip(v.get("importing", []), data.importing.tolist(), strict=True):
        most = float(data.export_cap[t])
        model.row("export_exclusive", str(t), [(v["export"][t], 1.0), (one, most)], LE, most)


def _directed(model: Model, way: str) -> Iterator[tuple[str, list[Term], Any, float]]:
    """Every step with a direction of a storage: its index, flow, binary variable and most power."""
    data, v = model.data, model.variables
    binaries = iter(v.get("charging", []))
    for b, steps in enumerate(data.charging):
        lines = [v[way][b]]
        lines += [line for number, line in _ledgers(model, f"grid_{way}") if number == b]
        name = label(data.site.storages[b].name)
        for t in steps.tolist():
            terms = [(line[t], 1.0) for line in lines]
            yield f"{name}_{t}", terms, next(binaries), data.storage_power[b].upper


def charge_exclusive(model: Model) -> None:
    """No charging where the binary variable says discharging [MW]."""
    for index, terms, one, most in _directed(model, "charge"):
        model.row("charge_exclusive", index, [*terms, (one, -most)], LE, 0.0)


def discharge_exclusive(model: Model) -> None:
    """No discharging where the binary variable says charging [MW]."""
    for index, terms, one, most in _directed(model, "discharge"):
        model.row("discharge_exclusive", index, [*terms, (one, most)], LE, most)


def demand_peak(model: Model) -> None:
    """Every peak that is paid for lies above the imports it counts [MW]."""
    for k, peak in enumerate(model.data.peaks):
        top = model.variables["peak"][k]
        for t in peak.steps.tolist():
            terms = [(model.variables["import"][t], 1.0), (top, -1.0)]
            model.row("demand_peak", f"{k}_{t}", terms, LE, 0.0)


def exchange_high_limit(model: Model) -> None:
    """Upper envelope of the exchanged power [MW]."""
    v = model.variables
    if "exchange_high" in v:
        for t, (bought, sold) in enumerate(zip(v["import"], v["export"], strict=True)):
            terms = [(bought, 1.0), (sold, -1.0), (v["exchange_high"][0], -1.0)]
            model.row("exchange_high_limit", str(t), terms, LE, 0.0)


def exchange_low_limit(model: Model) -> None:
    """Lower envelope of the exchanged power [MW]."""
    v = model.variables
    if "exchange_low" in v:
        for t, (bought, sold) in enumerate(zip(v["import"], v["export"], strict=True)):
            terms = [(v["exchange_low"][0], 1.0), (bought, -1.0), (sold, 1.0)]
            model.row("exchange_low_limit", str(t), terms, LE, 0.0)


def shift_balance(model: Model) -> None:
    """Energy drawn beyond the plan so far; nothing is left at a window's end [MWh]."""
    data, v = model.data, model.variables
    for row, item in enumerate(data.site.shiftable):
        load, state = v["shift_load"][row], v["shift_state"][row]
        due = (-data.step_hours * data.shift_profile[row]).tolist()
        for t in range(data.steps):
            terms = [(state[t], 1.0), (load[t], -data.step_hours)]
            if t:
                terms.append((state[t - 1], -1.0))
            model.row("shift_balance", f"{label(item.name)}_{t}", terms, EQ, due[t])


def electrolyser_limit(model: Model) -> None:
    """An electrolyser's load within its capacity [MW]."""
    v = model.variables
    for row, item in enumerate(model.data.site.electrolysers):
        top = (v["electrolyser_capacity"][row], -1.0)
        for t, load in enumerate(v["electrolyser_load"][row]):
            name = f"{label(item.name)}_{t}"
            model.row("electrolyser_limit", name, [(load, 1.0), top], LE, 0.0)


def electrolyser_min_load(model: Model) -> None:
    """An electrolyser's load above its least share of capacity [MW]."""
    v = model.variables
    for row, item in enumerate(model.data.site.electrolysers):
        if not item.min_load_share:
            continue
        floor = (v["electrolyser_capacity"][row], item.min_load_share)
        for t, load in enumerate(v["electrolyser_load"][row]):
            name = f"{label(item.name)}_{t}"
            model.row("electrolyser_min_load", name, [floor, (load, -1.0)], LE, 0.0)


_ALL: tuple[Family, ...] = (
    balance,
    storage_balance,
    storage_start,
    storage_cyclic,
    charge_limit,
    discharge_limit,
    power_limit,
    energy_limit,
    grid_storage_balance,
    grid_storage_cyclic,
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
)
STEP_FAMILIES: dict[str, Family] = {family.__name__: family for family in _ALL}
