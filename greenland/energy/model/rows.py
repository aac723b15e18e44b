"""Constraint families of every step; each connects a step with the one before it at most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from greenland.energy.model import EQ, GE, LE, Family, Model, Term, label
from greenland.energy.site import FinalEnergy


def _ledgers(model: Model, family: str) -> Iterator[tuple[int, list[Any]]]:
    """Second-ledger variables with the number of their storage."""
    stores = model.data.floor_stores if family == "grid_floor_loss" else model.data.grid_stores
    yield from zip(stores, model.variables.get(family, []), strict=True)


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
    covered = dict(_ledgers(model, "grid_floor_loss"))
    for b, item in enumerate(data.site.storages):
        keep = item.kept(data.step_hours)
        gain = item.charge_efficiency * data.step_hours
        drain = data.step_hours / item.discharge_efficiency
        sunk = data.floor_loss(item)
        charge, discharge, energy = v["charge"][b], v["discharge"][b], v["energy"][b]
        before = v["energy_start"][b]
        for t in range(data.steps):
            terms = [(energy[t], 1.0), (before, -keep), (charge[t], -gain), (discharge[t], drain)]
            if sunk:
                terms.append((v["storage_energy"][b], sunk))
            if b in covered:
                terms.append((covered[b][t], -1.0))
            model.row("storage_balance", f"{label(item.name)}_{t}", terms, EQ, 0.0)
            before = energy[t]


def storage_start(model: Model) -> None:
    """The given state of charge at the beginning, of both ledgers together [MWh]."""
    v = model.variables
    for b, item in enumerate(model.data.site.storages):
        if item.initial_energy is not None:
            share = item.initial_energy - item.soc_floor
            terms = [*_starts(model, b), (v["storage_energy"][b], -share)]
            model.row("storage_start", label(item.name), terms, EQ, 0.0)


def _starts(model: Model, b: int) -> list[Term]:
    """What the ledgers of a storage begin with."""
    second = [(one, 1.0) for store, one in _ledgers(model, "grid_start") if store == b]
    return [(model.variables["energy_start"][b], 1.0), *second]


def _ends(model: Model, b: int) -> list[Term]:
    """What the ledgers of a storage end with."""
    second = [(line[-1], 1.0) for store, line in _ledgers(model, "grid_energy") if store == b]
    return [(model.variables["energy"][b][-1], 1.0), *second]


def _rise(model: Model, b: int, ledgers: slice) -> list[Term]:
    """What some of a storage's ledgers, green and grid, end with beyond their start."""
    starts = [(one, -factor) for one, factor in _starts(model, b)[ledgers]]
    return [*_ends(model, b)[ledgers], *starts]


def storage_end(model: Model) -> None:
    """The state of charge at the end, of both ledgers together [MWh].

    Of two ledgers that each end as high as they began, the sum does.
    """
    for b, item in enumerate(model.data.site.storages):
        end = item.end
        both = b in model.data.grid_stores
        if end is FinalEnergy.FREE or (both and end is FinalEnergy.AT_LEAST):
            continue
        if isinstance(end, FinalEnergy):
            terms, sense = _rise(model, b, slice(None)), GE if item.may_end_higher else EQ
        else:
            share = end - item.soc_floor
            terms, sense = [*_ends(model, b), (model.variables["storage_energy"][b], -share)], EQ
        model.row("storage_end", label(item.name), terms, sense, 0.0)


def green_storage_end(model: Model) -> None:
    """The green ledger gives no more than went into it within the horizon [MWh]."""
    for b in model.data.grid_stores:
        item = model.data.site.storages[b]
        sense = EQ if item.closes_green else GE
        terms = _rise(model, b, slice(0, 1))
        model.row("green_storage_end", label(item.name), terms, sense, 0.0)


def grid_storage_end(model: Model) -> None:
    """A storage that may end higher does not pay for it with its grid ledger [MWh]."""
    for b in model.data.grid_stores:
        item = model.data.site.storages[b]
        if item.may_end_higher:
            terms = _rise(model, b, slice(1, 2))
            model.row("grid_storage_end", label(item.name), terms, GE, 0.0)


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
    covered = dict(_ledgers(model, "grid_floor_loss"))
    for row, b in enumerate(data.grid_stores):
        item = data.site.storages[b]
        keep = item.kept(data.step_hours)
        gain = item.charge_efficiency * data.step_hours
        drain = data.step_hours / item.discharge_efficiency
        charge, discharge = v["grid_charge"][row], v["grid_discharge"][row]
        energy, before = v["grid_energy"][row], v["grid_start"][row]
        for t in range(data.steps):
            terms = [(energy[t], 1.0), (before, -keep), (charge[t], -gain), (discharge[t], drain)]
            if b in covered:
                terms.append((covered[b][t], 1.0))
            model.row("grid_storage_balance", f"{label(item.name)}_{t}", terms, EQ, 0.0)
            before = energy[t]


def floor_loss_limit(model: Model) -> None:
    """What grid energy makes good of the loss below the floor, within that loss [MWh]."""
    data, v = model.data, model.variables
    for b, lost in _ledgers(model, "grid_floor_loss"):
        item = data.site.storages[b]
        sunk = (v["storage_energy"][b], -data.floor_loss(item))
        for t, one in enumerate(lost):
            name = f"{label(item.name)}_{t}"
            model.row("floor_loss_limit", name, [(one, 1.0), sunk], LE, 0.0)


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
    demand_peak,
    exchange_high_limit,
    exchange_low_limit,
    shift_balance,
    electrolyser_limit,
    electrolyser_min_load,
)
STEP_FAMILIES: dict[str, Family] = {family.__name__: family for family in _ALL}
