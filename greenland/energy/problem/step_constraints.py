"""Constraint families of every step; see docs/energy-model.md, section 3.

Each row connects a step with the one before it at most.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from greenland.energy.problem.assembly import Assembly, Term
from greenland.energy.site import FinalEnergy
from greenland.lp.program import Integers

Family = Callable[[Assembly], None]
OPEN = np.inf


def _served(assembly: Assembly) -> list[tuple[Integers, float]]:
    """What is consumed beside the firm load, and its sign."""
    parts = [(line, 1.0) for line in assembly.lines("shift_load")]
    parts += [(line, 1.0) for line in assembly.lines("electrolyser_load")]
    parts += [(line, -1.0) for line in assembly.lines("interrupted")]
    if "unserved" in assembly.columns:
        parts.append((assembly.columns["unserved"], -1.0))
    return parts


def _steps(assembly: Assembly) -> Integers:
    return np.arange(assembly.data.steps)


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
    terms += [(line, -sign) for line, sign in _served(assembly)]
    assembly.add_rows("balance", data.steps, terms, data.load, data.load, _steps(assembly))


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
        steps = _steps(assembly)
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
        terms.append((int(columns[bound][b]), -share))
        assembly.add_rows(family, data.steps, terms, -OPEN, 0.0, _steps(assembly), item.name)


def charge_limit(assembly: Assembly) -> None:
    """Charging within the power capacity [MW]."""
    _storage_rows(assembly, "charge_limit", ("charge",), "storage_power", False)


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
        steps = _steps(assembly)
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
        steps = _steps(assembly)
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


def grid_charging(assembly: Assembly) -> None:
    """What is charged from the grid is bought in the same step [MW]."""
    lines = assembly.lines("grid_charge")
    if not lines or "import" not in assembly.columns:
        return
    terms: list[Term] = [*((line, 1.0) for line in lines), (assembly.columns["import"], -1.0)]
    assembly.add_rows("grid_charging", assembly.data.steps, terms, -OPEN, 0.0, _steps(assembly))


def import_use(assembly: Assembly) -> None:
    """Grid energy serves the load or is charged; it is not sold on [MW]."""
    data = assembly.data
    if not data.flexible or "import" not in assembly.columns:
        return
    terms: list[Term] = [(assembly.columns["import"], 1.0)]
    terms += [(line, -1.0) for line in assembly.lines("grid_charge")]
    terms += [(line, 1.0) for line in assembly.lines("grid_discharge")]
    terms += [(line, -sign) for line, sign in _served(assembly)]
    assembly.add_rows("import_use", data.steps, terms, -OPEN, data.load, _steps(assembly))


def _capacity_rows(assembly: Assembly, direction: str) -> None:
    if direction in assembly.columns and assembly.data.connection is not None:
        terms: list[Term] = [
            (assembly.columns[direction], 1.0),
            (int(assembly.columns["grid_capacity"][0]), -1.0),
        ]
        steps = _steps(assembly)
        assembly.add_rows(f"{direction}_limit", len(steps), terms, -OPEN, 0.0, steps)


def import_limit(assembly: Assembly) -> None:
    """Import within the connected capacity where that is a decision [MW]."""
    _capacity_rows(assembly, "import")


def export_limit(assembly: Assembly) -> None:
    """Export within the connected capacity where that is a decision [MW]."""
    _capacity_rows(assembly, "export")


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
    """Charge and discharge together within the power capacity where only one may be [MW]."""
    data, columns = assembly.data, assembly.columns
    for b, item in enumerate(data.site.storages):
        steps = np.flatnonzero(data.storage_cut[b])
        if not len(steps):
            continue
        terms: list[Term] = [(columns[name][b][steps], 1.0) for name in ("charge", "discharge")]
        if b in data.grid_stores:
            row = data.grid_stores.index(b)
            terms += [
                (columns[name][row][steps], 1.0) for name in ("grid_charge", "grid_discharge")
            ]
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
    """Rows that hold a storage's flow one way at nought where its direction is the other."""
    data, columns = assembly.data, assembly.columns
    first = 0
    for b, steps in enumerate(data.charging):
        if not len(steps):
            continue
        terms: list[Term] = [(columns[way][b][steps], 1.0)]
        if b in data.grid_stores:
            terms.append((columns[f"grid_{way}"][data.grid_stores.index(b)][steps], 1.0))
        most = data.storage_power[b].upper
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
    assembly.add_rows(family, assembly.data.steps, terms, -OPEN, 0.0, _steps(assembly))


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
        steps = _steps(assembly)
        assembly.add_rows("shift_balance", len(steps), terms, due, due, steps, item.name)


def electrolyser_limit(assembly: Assembly) -> None:
    """An electrolyser's load within its capacity [MW]."""
    for row, item in enumerate(assembly.data.site.electrolysers):
        load = assembly.columns["electrolyser_load"][row]
        top = int(assembly.columns["electrolyser_capacity"][row])
        terms: list[Term] = [(load, 1.0), (top, -1.0)]
        steps = _steps(assembly)
        assembly.add_rows("electrolyser_limit", len(steps), terms, -OPEN, 0.0, steps, item.name)


def electrolyser_min_load(assembly: Assembly) -> None:
    """An electrolyser's load above its least share of capacity [MW]."""
    for row, item in enumerate(assembly.data.site.electrolysers):
        if item.min_load_share:
            floor = int(assembly.columns["electrolyser_capacity"][row])
            load = assembly.columns["electrolyser_load"][row]
            terms: list[Term] = [(floor, item.min_load_share), (load, -1.0)]
            steps = _steps(assembly)
            assembly.add_rows(
                "electrolyser_min_load", len(steps), terms, -OPEN, 0.0, steps, item.name
            )


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
