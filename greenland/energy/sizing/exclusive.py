"""Exclusivity: no step both imports and exports, nor charges and discharges one storage.

A linear program does the first where selling pays more than buying, and the second where losing
energy pays. Here stands what makes it exclusive: netting, fixed directions, bounds and cuts that
are valid for exclusive plans, and binary variables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenland.energy.problem.costs import Costs
from greenland.energy.problem.data import ModelData, Surplus
from greenland.energy.site import Array, SelfUse

RELATIVE_ZERO = 1e-6  # share of the largest flow below which a flow is zero
ZERO_MWH = 1e-12  # smaller energies are rounding errors


@dataclass(frozen=True)
class SimultaneousFlows:
    """Steps that import and export, or charge and discharge, at once."""

    exchange: NDArray[np.bool_]  # (steps,)
    storage: NDArray[np.bool_]  # (storages, steps)

    def __bool__(self) -> bool:
        return bool(self.exchange.any() or self.storage.any())

    def __or__(self, other: SimultaneousFlows) -> SimultaneousFlows:
        return SimultaneousFlows(self.exchange | other.exchange, self.storage | other.storage)


def totals(data: ModelData, values: Mapping[str, Array], name: str) -> Array:
    """Charge or discharge of both ledgers, (storages, steps) [MW]."""
    total = values[name].copy()
    for row, b in enumerate(data.grid_stores):
        total[b] += values[f"grid_{name}"][row]
    return total


def simultaneous_flows(data: ModelData, values: Mapping[str, Array]) -> SimultaneousFlows:
    """Find the steps with simultaneous flows."""
    scale = max(
        1.0, float(data.load.max()), *(float(np.max(v, initial=0.0)) for v in _flows(values))
    )
    exchange = np.zeros(data.steps, dtype=bool)
    if "import" in values:
        exchange = np.minimum(values["import"], values["export"]) > RELATIVE_ZERO * scale
    both = np.minimum(totals(data, values, "charge"), totals(data, values, "discharge"))
    return SimultaneousFlows(exchange, both > RELATIVE_ZERO * scale)


def _flows(values: Mapping[str, Array]) -> list[Array]:
    return [values[name] for name in ("import", "export", "charge", "discharge") if name in values]


def net_out(data: ModelData, values: Mapping[str, Array]) -> dict[str, Array]:
    """Net simultaneous flows, keeping every balance and all stored energy.

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
    """Net charge against discharge of a storage with the green ledger only."""
    item = data.site.storages[b]
    round_trip = item.charge_efficiency * item.discharge_efficiency
    less = np.minimum(new["charge"][b], new["discharge"][b] / round_trip)
    less = np.clip(less, 0.0, None)
    new["charge"][b] -= less
    new["discharge"][b] -= less * round_trip
    _free(data, new, less * (1 - round_trip))


def _free(data: ModelData, new: dict[str, Array], freed: Array) -> None:
    """Power set free lowers import that is not charged; what is left is curtailed."""
    if "import" in new:
        spare = np.clip(new["import"] - _sum(new, "grid_charge", data.steps), 0.0, None)
        saved = np.minimum(spare, freed)
        new["import"] -= saved
        freed = freed - saved
    new["curtailment"] += freed


def _cancel_ledgers(data: ModelData, new: dict[str, Array], b: int) -> None:
    """Net charge against discharge of a storage with two ledgers, green and grid.

    Within a ledger first, then across: the stored total stays the same, but energy moves from one
    ledger to the other, and later discharge is booked on the ledger that has it.
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
    """Book later discharge on the ledger that has the energy, after *moved* went to the green one.

    What is left at the end of the horizon is carried to its start, where the split changes.
    """
    shift = _rebook_once(data, new, b, moved, 0.0)
    if shift:
        new["energy_start"][b] += shift
        new["grid_start"][data.grid_stores.index(b)] -= shift
        _rebook_once(data, new, b, np.zeros(data.steps), shift)


def _rebook_once(
    data: ModelData, new: dict[str, Array], b: int, moved: Array, shift: float
) -> float:
    """One pass over the horizon; *shift* is the excess of the green ledger, returned at the end.

    Losses below the floor are booked first, discharge next. Green discharge becomes grid
    discharge only as far as it serves the load: grid energy is not exported.
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
        shift = 0.0 if abs(shift) < ZERO_MWH else shift
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
    left = data.load - values["import"]
    left = (
        left + _sum(values, "grid_charge", data.steps) - _sum(values, "grid_discharge", data.steps)
    )
    for family, sign in (("shift_load", 1.0), ("electrolyser_load", 1.0), ("interrupted", -1.0)):
        left = left + sign * _sum(values, family, data.steps)
    for row in data.generator_rows(green=False):
        left = left - values["generation"][row]
    return np.asarray(left - values.get("unserved", 0.0))


def profitable_exchange(data: ModelData, costs: Costs) -> NDArray[np.bool_]:
    """Steps in which importing and exporting at once lowers the objective."""
    if data.site.grid is None:
        return np.zeros(data.steps, dtype=bool)
    both = _coefficients(data, costs, "import") + _coefficients(data, costs, "export")
    return (both < 0) & (data.export_cap > 0) & (data.import_most > 0)


def without_arbitrage(data: ModelData, costs: Costs) -> Costs:
    """The objective without arbitrage: exports worth no more than imports cost."""
    export = _coefficients(data, costs, "export")
    bought = -_coefficients(data, costs, "import")
    lowered = np.where(profitable_exchange(data, costs), np.maximum(export, bought), export)
    return Costs({**costs.by_family, "export": lowered}, costs.constant)


def _coefficients(data: ModelData, costs: Costs, family: str) -> Array:
    return costs.by_family.get(family, np.zeros(data.steps))


def fix_direction(
    data: ModelData, simultaneous: SimultaneousFlows, flow: Mapping[str, Array]
) -> ModelData:
    """Close the direction opposite to the netted flow in the given steps.

    A restriction of the problem: its optimum is a plan, not necessarily the best one.
    """
    changes: dict[str, Any] = {}
    if "import" in flow:
        inward = simultaneous.exchange & (flow["import"] > flow["export"])
        changes["import_cap"] = np.where(simultaneous.exchange & ~inward, 0.0, data.import_cap)
        changes["export_cap"] = np.where(inward, 0.0, data.export_cap)
    charging = totals(data, flow, "charge") > totals(data, flow, "discharge")
    changes["discharge_cap"] = np.where(simultaneous.storage & charging, 0.0, data.discharge_cap)
    changes["charge_cap"] = np.where(simultaneous.storage & ~charging, 0.0, data.charge_cap)
    return replace(data, **changes)


def fix_all_directions(data: ModelData, flow: Mapping[str, Array]) -> ModelData:
    """Fix every step in the direction of a plan: a linear program remains."""
    everywhere = SimultaneousFlows(
        np.ones(data.steps, dtype=bool), np.ones((len(data.storage_power), data.steps), dtype=bool)
    )
    return fix_direction(data, everywhere, flow)


# -- bounds that hold for exclusive plans --------------------------------------------------------


def tightened(data: ModelData, costs: Costs) -> ModelData:
    """Import and export within what capacities allow when the other direction is closed.

    Export takes what is generated and discharged beyond the least consumption. Import serves
    consumption and charging beyond the least generation; this needs that nothing is curtailed
    while importing, which lowering both never makes worse: where a purchase costs something, and
    no less than what a seller asks instead, no limit looks at the exchanged power itself, and no
    storage charges what is bought.
    """
    if data.site.grid is None:
        return data
    least, most = _consumption_bounds(data)
    power = sum(item.upper for item in data.storage_power)
    highs = _generation(data, [item.upper for item in data.sources])
    for item, running in zip(data.generators, data.running, strict=True):
        highs = highs + np.where(running > 0, item.upper * np.maximum(running, 1e-300), 0.0)
    lows = _generation(data, [item.lower for item in data.sources])
    export = np.maximum(highs + power - least, 0.0)
    imported = most + sum(data.most_charge(b) for b in range(len(data.storage_power)))
    if data.site.limits.max_peak_valley_ratio is None and not data.grid_stores:
        costly = _coefficients(data, costs, "import") + _least_untaken(data, costs) >= 0
        imported = np.where(costly, np.maximum(imported - lows, 0.0), imported)
    return replace(
        data,
        import_cap=np.minimum(data.import_cap, imported),
        export_cap=np.minimum(data.export_cap, export),
        surplus=_surplus(data, highs - least),
    )


def _least_untaken(data: ModelData, costs: Costs) -> Array:
    """The most that leaving a seller's energy saves, as a negative cost of each step."""
    if "untaken" not in costs.by_family:
        return np.zeros(data.steps)
    return np.asarray(np.minimum(costs.by_family["untaken"].min(axis=0), 0.0))


def _surplus(data: ModelData, most: Array) -> tuple[Surplus, ...]:
    """Of all sources, and of all but each one, where there are several."""
    surpluses = [Surplus(most)]
    for place, item in enumerate(data.sources if len(data.sources) > 1 else ()):
        if np.isfinite(item.upper):
            surpluses.append(Surplus(most - item.upper * data.pu[place], place))
    return tuple(surpluses)


def _generation(data: ModelData, sizes: list[float]) -> Array:
    """Generation of sources of the given sizes, of which some may be infinite [MW]."""
    total = np.zeros(data.steps)
    for size, line in zip(sizes, data.pu, strict=True):
        total += np.where(line > 0, size * np.maximum(line, 1e-300), 0.0)
    return total


def _consumption_bounds(data: ModelData) -> tuple[Array, Array]:
    """Least and most consumption of every step, without what storages charge [MW]."""
    site = data.site
    least = data.load - data.interruptible.sum(axis=0)
    if site.limits.max_unserved_share is not None:
        least = np.zeros(data.steps)
    least = np.maximum(least, 0.0) + sum(item.min_mw for item in site.shiftable)
    most = data.load + sum(item.max_mw for item in site.shiftable)
    most = most + sum(item.upper for item in data.electrolysers)
    return least, most


def with_cuts(data: ModelData, costs: Costs, simultaneous: SimultaneousFlows) -> ModelData:
    """The relaxation with cuts that are valid for exclusive plans.

    Exchange: in every step in which importing and exporting at once pays. Storages: where losing
    energy pays, in every step of those with simultaneous flows; else only in the steps in which
    these coincide with simultaneous import and export.
    """
    if losses_pay(data, costs):
        with_loss = np.asarray(simultaneous.storage.any(axis=1))
        storage = np.repeat(with_loss[:, None], data.steps, axis=1)
    else:
        storage = simultaneous.storage & simultaneous.exchange
    return replace(
        data,
        exchange_cut=profitable_exchange(data, costs) | simultaneous.exchange,
        storage_cut=storage,
    )


def losses_pay(data: ModelData, costs: Costs) -> bool:
    """Whether a plan may gain by losing energy in a storage that charges and discharges at once.

    Where surplus may be curtailed as well, and a purchase saved costs nothing, it does not.
    """
    limits = data.site.limits
    gross = SelfUse(limits.self_use_reading).includes(SelfUse.GROSS)
    return bool(
        data.grid_stores
        or limits.max_curtailment_share is not None
        or limits.max_export_share_of_delivered is not None
        or limits.max_peak_valley_ratio is not None
        or (limits.min_self_use_of_generation is not None and gross)
        or np.any(_coefficients(data, costs, "import") < 0)
        or data.site.grid is None
    )


def with_binaries(data: ModelData, steps: SimultaneousFlows) -> ModelData:
    """The problem with a binary variable for the direction in the given steps.

    Steps in which one direction is closed need none. Storages get `storage_cut` there as well.
    """
    both = (data.import_most > 0) & (data.export_cap > 0)
    return replace(
        data,
        importing=np.flatnonzero(steps.exchange & both),
        charging=tuple(np.flatnonzero(line) for line in steps.storage),
        storage_cut=data.storage_cut | steps.storage,
    )


def bounded(data: ModelData) -> bool:
    """Whether every binary variable has finite bounds to switch."""
    sides = [data.import_most[data.importing], data.export_cap[data.importing]]
    pairs = zip(data.storage_power, data.charging, strict=True)
    powers = [item.upper for item, steps in pairs if len(steps)]
    powers += [data.most_charge(b) for b, steps in enumerate(data.charging) if len(steps)]
    return bool(all(np.isfinite(side).all() for side in sides) and np.isfinite(powers).all())


def within(
    data: ModelData, family: str, lows: Sequence[float], highs: Sequence[float]
) -> ModelData:
    """Sources or powers of storages held between the given totals [MW]."""
    field = "sources" if family == "capacity" else family
    assets = []
    for item, low, high in zip(getattr(data, field), lows, highs, strict=True):
        lower = min(max(item.lower, low), item.upper)
        assets.append(replace(item, lower=lower, upper=max(lower, min(item.upper, high))))
    changes: dict[str, Any] = {field: tuple(assets)}
    return replace(data, **changes)
