"""Never import and export, nor charge and discharge, in one step.

A linear program does the first where selling pays more than buying, and the second to burn
surplus. Both are cancelled out where that costs nothing; only the steps that are left get
binary variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenland.energy.problem.data import ModelData
from greenland.energy.problem.pulp_model import LE, Model, label
from greenland.energy.site import Array

DUST = 1e-6  # share of the largest flow that counts as nothing
NOTHING = 1e-12  # energy that is but rounding [MWh]


@dataclass(frozen=True)
class Clash:
    """Steps in which something happens both ways."""

    exchange: NDArray[np.bool_]  # (steps,)
    storage: NDArray[np.bool_]  # (storages, steps)

    def __bool__(self) -> bool:
        return bool(self.exchange.any() or self.storage.any())

    def __or__(self, other: Clash) -> Clash:
        return Clash(self.exchange | other.exchange, self.storage | other.storage)


def totals(data: ModelData, values: Mapping[str, Array], name: str) -> Array:
    """Charge or discharge of both ledgers, (storages, steps) [MW]."""
    total = values[name].copy()
    for row, b in enumerate(data.grid_stores):
        total[b] += values[f"grid_{name}"][row]
    return total


def clashes(data: ModelData, values: Mapping[str, Array]) -> Clash:
    """Find the steps in which something happens both ways."""
    scale = max(
        1.0, float(data.load.max()), *(float(np.max(v, initial=0.0)) for v in _flows(values))
    )
    exchange = np.zeros(data.steps, dtype=bool)
    if "import" in values:
        exchange = np.minimum(values["import"], values["export"]) > DUST * scale
    both = np.minimum(totals(data, values, "charge"), totals(data, values, "discharge"))
    return Clash(exchange, both > DUST * scale)


def _flows(values: Mapping[str, Array]) -> list[Array]:
    return [values[name] for name in ("import", "export", "charge", "discharge") if name in values]


def net_out(data: ModelData, values: Mapping[str, Array]) -> dict[str, Array]:
    """Cancel what happens both ways, keeping every balance and all stored energy.

    Import and export fall by the smaller of the two. Charging and discharging fall so that the
    stored energy stays the same; the power this frees first lowers import and is then curtailed.
    """
    new = {name: np.array(value, dtype=float) for name, value in values.items()}
    if "import" in new:
        spare = new["import"] - _sum(new, "grid_charge", data.steps)
        both = np.clip(np.minimum(spare, new["export"]), 0.0, None)
        new["import"] -= both
        new["export"] -= both
    for b in range(len(data.site.storages)):
        if b in data.grid_stores:
            _cancel_ledgers(data, new, b)
        else:
            _cancel(data, new, b)
    return new


def _sum(values: Mapping[str, Array], name: str, steps: int) -> Array:
    return values[name].sum(axis=0) if name in values else np.zeros(steps)


def _cancel(data: ModelData, new: dict[str, Array], b: int) -> None:
    """Cancel charge against discharge of a storage that holds green energy only."""
    item = data.site.storages[b]
    round_trip = item.charge_efficiency * item.discharge_efficiency
    less = np.minimum(new["charge"][b], new["discharge"][b] / round_trip)
    less = np.clip(less, 0.0, None)
    new["charge"][b] -= less
    new["discharge"][b] -= less * round_trip
    _free(data, new, less * (1 - round_trip))


def _free(data: ModelData, new: dict[str, Array], freed: Array) -> None:
    """Power set free first lowers import that is not charged, and is then curtailed."""
    if "import" in new:
        spare = np.clip(new["import"] - _sum(new, "grid_charge", data.steps), 0.0, None)
        saved = np.minimum(spare, freed)
        new["import"] -= saved
        freed = freed - saved
    new["curtailment"] += freed


def _cancel_ledgers(data: ModelData, new: dict[str, Array], b: int) -> None:
    """Cancel charge against discharge of a storage with two accounts.

    Within an account first. What is charged on one and discharged on the other is cancelled too:
    the stored total stays the same, but energy moves from one account to the other, and the next
    discharge is booked on the account that has it.
    """
    item, row = data.site.storages[b], data.grid_stores.index(b)
    round_trip = item.charge_efficiency * item.discharge_efficiency
    green = (new["charge"][b], new["discharge"][b])
    grid = (new["grid_charge"][row], new["grid_discharge"][row])
    freed, bought = np.zeros(data.steps), np.zeros(data.steps)
    moved = np.zeros(data.steps)
    for charge, discharge, into in (
        (green[0], green[1], freed),
        (grid[0], grid[1], bought),
        (green[0], grid[1], freed),
        (grid[0], green[1], bought),
    ):
        less = np.clip(np.minimum(charge, discharge / round_trip), 0.0, None)
        charge -= less
        discharge -= less * round_trip
        into += less * (1 - round_trip)
        if charge is green[0] and discharge is grid[1]:
            moved -= less * item.charge_efficiency
        elif charge is grid[0] and discharge is green[1]:
            moved += less * item.charge_efficiency
    new["import"] -= bought
    _free(data, new, freed)
    if moved.any():
        _rebook(data, new, b, moved)


def _rebook(data: ModelData, new: dict[str, Array], b: int, moved: Array) -> None:
    """Book the next discharge on the account that has the energy, after *moved* went to the green.

    What is not made good by the end goes over the turn: the start is split anew by as much.
    """
    shift = _rebook_once(data, new, b, moved, 0.0)
    if shift:
        new["energy_start"][b] += shift
        new["grid_start"][data.grid_stores.index(b)] -= shift
        _rebook_once(data, new, b, np.zeros(data.steps), shift)


def _rebook_once(
    data: ModelData, new: dict[str, Array], b: int, moved: Array, shift: float
) -> float:
    """Go through the horizon once; *shift* is what the green account has more, returned at the end.

    What is lost below the floor is booked first, discharge next. Green discharge becomes grid
    discharge only as far as the load takes it: none is sold on.
    """
    item, row = data.site.storages[b], data.grid_stores.index(b)
    keep, hours = item.kept(data.step_hours), data.step_hours
    drain = hours / item.discharge_efficiency
    green, grid = new["energy"][b], new["grid_energy"][row]
    out_green, out_grid = new["discharge"][b], new["grid_discharge"][row]
    room = np.clip(_green_to_load(data, new), 0.0, None)
    covered, most = _floor_losses(data, new, b)
    for t in range(data.steps):
        shift = keep * shift + hours * float(moved[t])
        if shift == 0.0:
            continue
        other = min(max(-shift, -float(covered[t])), most - float(covered[t]))
        covered[t] += other
        shift += other
        if shift > 0:
            other = -min(shift / drain, float(out_grid[t]))
        else:
            other = min(-shift / drain, float(out_green[t]), float(room[t]))
        out_green[t] -= other
        out_grid[t] += other
        shift += other * drain
        shift = 0.0 if abs(shift) < NOTHING else shift
        green[t] += shift
        grid[t] -= shift
    return shift


def _floor_losses(data: ModelData, values: Mapping[str, Array], b: int) -> tuple[Array, float]:
    """What grid energy covers of a storage's losses below its floor, and the most it may [MWh]."""
    if b not in data.floor_stores:
        return np.zeros(data.steps), 0.0
    size = float(values["storage_energy"][b])
    covered = values["grid_floor_loss"][data.floor_stores.index(b)]
    return covered, max(data.floor_loss(data.site.storages[b]) * size, 0.0)


def _green_to_load(data: ModelData, values: Mapping[str, Array]) -> Array:
    """Consumption that no grid energy serves yet [MW]."""
    left = data.load - values.get("import", np.zeros(data.steps))
    left = (
        left + _sum(values, "grid_charge", data.steps) - _sum(values, "grid_discharge", data.steps)
    )
    for family, sign in (("shift_load", 1.0), ("electrolyser_load", 1.0), ("interrupted", -1.0)):
        left = left + sign * _sum(values, family, data.steps)
    return np.asarray(left - values.get("unserved", 0.0))


def profitable_exchange(data: ModelData, buy: Array) -> NDArray[np.bool_]:
    """Steps in which buying and selling at once pays: only there can it be part of an optimum.

    *buy* is what the objective loses with a kWh bought [yuan/kWh].
    """
    return (data.sell + data.fee > buy) & (data.export_cap > 0)


def without_arbitrage(data: ModelData, buy: Array) -> Array:
    """Export prices lowered to where buying and selling at once pays nothing [yuan/kWh]."""
    return np.where(profitable_exchange(data, buy), buy - data.fee, data.sell)


def direct(model: Model, clash: Clash, netted: Mapping[str, Array]) -> None:
    """Leave one direction only in the given steps: the one of the netted flow.

    A restriction of the problem: its optimum is a plan, not necessarily the best one.
    """
    v = model.variables
    if "import" in v:
        for t in np.flatnonzero(clash.exchange).tolist():
            way = "export" if netted["import"][t] > netted["export"][t] else "import"
            v[way][t].upBound = 0.0
    charge = totals(model.data, netted, "charge")
    discharge = totals(model.data, netted, "discharge")
    for b, t in zip(*(place.tolist() for place in np.nonzero(clash.storage)), strict=True):
        way = "discharge" if charge[b, t] > discharge[b, t] else "charge"
        v[way][b][t].upBound = 0.0
        if b in model.data.grid_stores:
            v[f"grid_{way}"][model.data.grid_stores.index(b)][t].upBound = 0.0


def forbid(
    model: Model, clash: Clash, values: Mapping[str, Array], largest: Array | None = None
) -> None:
    """Add binary variables and rows that allow one direction only, in the given steps.

    Parameters
    ----------
    model : Model
    clash : Clash
    values : mapping of family to array
        An earlier solution, for the size of what has no bound of its own.
    largest : array, optional
        Power no storage exceeds in a plan worth having [MW], (storages,); the tighter, the
        faster it is solved.
    """
    data = model.data
    if "import" in model.variables:
        _forbid_exchange(model, clash.exchange, values)
    for b in range(len(data.site.storages)):
        most = 4 * float(values["storage_power"][b]) + 1.0
        if largest is not None:
            most = float(largest[b]) * (1 + 1e-6) + 1e-6
        _forbid_storage(model, b, clash.storage[b], min(data.storage_power[b].upper, most))


def _forbid_exchange(model: Model, steps: NDArray[np.bool_], values: Mapping[str, Array]) -> None:
    data, v = model.data, model.variables
    largest = 4 * (
        float(data.load.max()) + float(np.max(values["capacity"] @ data.pu, initial=0.0))
    )
    largest += 4 * float(np.max(values["import"], initial=0.0))
    most_in = np.minimum(data.import_cap, largest)
    if not data.flexible:
        most_in = np.minimum(most_in, data.load)
    most_out = np.minimum(data.export_cap, largest)
    for t in np.flatnonzero(steps).tolist():
        one = model.binary(f"importing_{t}")
        terms = [(v["import"][t], 1.0), (one, -float(most_in[t]))]
        model.row("import_exclusive", str(t), terms, LE, 0.0)
        terms = [(v["export"][t], 1.0), (one, float(most_out[t]))]
        model.row("export_exclusive", str(t), terms, LE, float(most_out[t]))


def _forbid_storage(model: Model, b: int, steps: NDArray[np.bool_], most: float) -> None:
    data, v = model.data, model.variables
    name = label(data.site.storages[b].name)
    for t in np.flatnonzero(steps).tolist():
        one = model.binary(f"charging_{name}_{t}")
        ways = {way: [(v[way][b][t], 1.0)] for way in ("charge", "discharge")}
        if b in data.grid_stores:
            row = data.grid_stores.index(b)
            for way, terms in ways.items():
                terms.append((v[f"grid_{way}"][row][t], 1.0))
        index = f"{name}_{t}"
        model.row("charge_exclusive", index, [*ways["charge"], (one, -most)], LE, 0.0)
        model.row("discharge_exclusive", index, [*ways["discharge"], (one, most)], LE, most)
        both = [*ways["charge"], *ways["discharge"], (v["storage_power"][b], -1.0)]
        model.row("power_exclusive", index, both, LE, 0.0)
