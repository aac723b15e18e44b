"""Constraint families over a year or over nothing but capacities: the named limits.

Energies are sums over the steps of a limit year [MWh]; one row per limit year unless said
otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from greenland.energy.model import GE, LE, Family, Model, Term, label
from greenland.energy.site import SelfUse


def _blocks(model: Model) -> Iterator[tuple[str, list[int]]]:
    """Name and steps of every limit year."""
    data = model.data
    for y in range(data.blocks):
        yield str(y), np.flatnonzero(data.block == y).tolist()


def _sum(line: list[Any], steps: list[int], factor: float) -> list[Term]:
    return [(line[t], factor) for t in steps]


def _available(model: Model, steps: list[int], factor: float) -> list[Term]:
    """Available generation of the year, times a factor [MWh]."""
    sums = model.data.step_hours * model.data.pu[:, steps].sum(axis=1)
    return [
        (one, factor * total)
        for one, total in zip(model.variables["capacity"], sums.tolist(), strict=True)
    ]


def _consumption(model: Model, steps: list[int], factor: float) -> tuple[list[Term], float]:
    """Consumption of the year, times a factor: its variable terms and its constant [MWh]."""
    v, hours = model.variables, model.data.step_hours
    terms: list[Term] = []
    for family, sign in (("shift_load", 1.0), ("electrolyser_load", 1.0), ("interrupted", -1.0)):
        for line in v.get(family, []):
            terms += _sum(line, steps, sign * factor * hours)
    if "unserved" in v:
        terms += _sum(v["unserved"], steps, -factor * hours)
    return terms, factor * hours * float(model.data.load[steps].sum())


def _grid_use(model: Model, steps: list[int], factor: float) -> list[Term]:
    """Grid energy that serves the load, times a factor [MWh]."""
    v, hours = model.variables, model.data.step_hours
    terms: list[Term] = []
    if "import" in v:
        terms += _sum(v["import"], steps, factor * hours)
    for line in v.get("grid_charge", []):
        terms += _sum(line, steps, -factor * hours)
    for line in v.get("grid_discharge", []):
        terms += _sum(line, steps, factor * hours)
    return terms


def _merged(*parts: list[Term]) -> list[Term]:
    """Terms with those of the same variable added up."""
    total: dict[Any, float] = {}
    for part in parts:
        for one, value in part:
            total[one] = total.get(one, 0.0) + value
    return [(one, value) for one, value in total.items() if value]


def _reads(model: Model, reading: SelfUse) -> bool:
    chosen = SelfUse(model.data.site.limits.self_use_reading)
    return chosen in (SelfUse.BOTH, reading)


def self_use_of_generation(model: Model) -> None:
    """Available less exported less curtailed, over available generation (650, 688; reading a)."""
    least = model.data.site.limits.min_self_use_of_generation
    if least is None or not _reads(model, SelfUse.GROSS):
        return
    v, hours = model.variables, model.data.step_hours
    for name, steps in _blocks(model):
        terms = _available(model, steps, 1.0 - least)
        terms += _sum(v["curtailment"], steps, -hours)
        if "export" in v:
            terms += _sum(v["export"], steps, -hours)
        model.row("self_use_of_generation", name, _merged(terms), GE, 0.0)


def self_use_of_generation_net(model: Model) -> None:
    """Green energy that serves the load, over available generation (reading b)."""
    least = model.data.site.limits.min_self_use_of_generation
    if least is None or not _reads(model, SelfUse.NET):
        return
    for name, steps in _blocks(model):
        used, constant = _consumption(model, steps, 1.0)
        terms = _merged(used, _grid_use(model, steps, -1.0), _available(model, steps, -least))
        family = "self_use_of_generation_net"
        model.row(family, name, terms, GE, -constant)


def self_use_of_consumption(model: Model) -> None:
    """Green energy that serves the load, over consumption (650, 688, 1192)."""
    least = model.data.site.limits.min_self_use_of_consumption
    if least is None:
        return
    for name, steps in _blocks(model):
        used, constant = _consumption(model, steps, 1.0 - least)
        terms = _merged(used, _grid_use(model, steps, -1.0))
        family = "self_use_of_consumption"
        if terms:
            model.row(family, name, terms, GE, -constant)


def _share_of_generation(model: Model, family: str, of: str, most: float | None) -> None:
    if most is None or of not in model.variables:
        return
    for name, steps in _blocks(model):
        terms = _sum(model.variables[of], steps, model.data.step_hours)
        terms = _merged(terms, _available(model, steps, -most))
        model.row(family, name, terms, LE, 0.0)


def export_share(model: Model) -> None:
    """Export over available generation (650, 688)."""
    most = model.data.site.limits.max_export_share
    _share_of_generation(model, "export_share", "export", most)


def curtailment_share(model: Model) -> None:
    """Curtailment over available generation."""
    most = model.data.site.limits.max_curtailment_share
    _share_of_generation(model, "curtailment_share", "curtailment", most)


def unserved_share(model: Model) -> None:
    """Unserved load over load."""
    most = model.data.site.limits.max_unserved_share
    if most is None:
        return
    hours = model.data.step_hours
    for name, steps in _blocks(model):
        terms = _sum(model.variables["unserved"], steps, hours)
        right = most * hours * float(model.data.load[steps].sum())
        model.row("unserved_share", name, terms, LE, right)


def interruption_share(model: Model) -> None:
    """Interrupted over interruptible energy of every interruptible load."""
    data = model.data
    for row, item in enumerate(data.site.interruptible):
        if item.max_share >= 1:
            continue
        for name, steps in _blocks(model):
            terms = _sum(model.variables["interrupted"][row], steps, data.step_hours)
            right = item.max_share * data.step_hours * float(data.interruptible[row, steps].sum())
            index = f"{label(item.name)}_{name}"
            model.row("interruption_share", index, terms, LE, right)


def electrolyser_product(model: Model) -> None:
    """Product of every electrolyser in a year [t]."""
    data = model.data
    for row, item in enumerate(data.site.electrolysers):
        if not item.min_product_t:
            continue
        for y, (name, steps) in enumerate(_blocks(model)):
            line = model.variables["electrolyser_load"][row]
            terms = _sum(line, steps, data.step_hours / item.mwh_per_t)
            right = float(data.block_years[y]) * item.min_product_t
            index = f"{label(item.name)}_{name}"
            model.row("electrolyser_product", index, terms, GE, right)


def co2(model: Model) -> None:
    """Emission of the energy bought [tCO2]."""
    data, most = model.data, model.data.site.limits.max_co2_t
    if most is None or "import" not in model.variables:
        return
    factor = (data.step_hours * data.emission).tolist()
    bought = model.variables["import"]
    for y, (name, steps) in enumerate(_blocks(model)):
        terms = [(bought[t], factor[t]) for t in steps if factor[t]]
        if terms:
            model.row("co2", name, terms, LE, most * float(data.block_years[y]))


def _new_capacity(model: Model, family: str, most: float | None, per_mw: list[float]) -> None:
    """A row over the new capacity of sources: what a MW takes, and what there is."""
    if most is None or not any(per_mw):
        return
    terms = [(one, x) for one, x in zip(model.variables["capacity"], per_mw, strict=True) if x]
    taken = sum(x * a.existing for x, a in zip(per_mw, model.data.sources, strict=True))
    model.row(family, "", terms, LE, most + taken)


def land(model: Model) -> None:
    """Land of new sources [亩]."""
    site = model.data.site
    per_mw = [item.land_mu_per_mw for item in site.sources]
    _new_capacity(model, "land", site.limits.max_land_mu, per_mw)


def roof(model: Model) -> None:
    """Roof of new sources [m2]."""
    site = model.data.site
    per_mw = [item.roof_m2_per_mw for item in site.sources]
    _new_capacity(model, "roof", site.limits.max_roof_m2, per_mw)


def budget(model: Model) -> None:
    """Initial investment in what is new [thousand yuan]."""
    data, most = model.data, model.data.site.limits.max_capex_yuan
    if most is None:
        return
    terms: list[Term] = []
    right = most / 1000 - sum(item.capex for item in data.site.fixed_assets) / 1000
    for family, assets in data.capacities.items():
        for one, item in zip(model.variables.get(family, []), assets, strict=True):
            if item.capex:
                terms.append((one, item.capex))
                right += item.capex * item.existing
    if terms:
        model.row("budget", "", terms, LE, right)


def _hours(model: Model, family: str, get: Callable[[Any], float | None], sign: float) -> None:
    v = model.variables
    for b, item in enumerate(model.data.site.storages):
        hours = get(item)
        if hours is not None:
            terms = [(v["storage_energy"][b], -sign), (v["storage_power"][b], sign * hours)]
            model.row(family, label(item.name), terms, LE, 0.0)


def hours_min(model: Model) -> None:
    """Energy capacity of a storage for at least so many hours [MWh]."""
    _hours(model, "hours_min", lambda item: item.min_hours, 1.0)


def hours_max(model: Model) -> None:
    """Energy capacity of a storage for at most so many hours [MWh]."""
    _hours(model, "hours_max", lambda item: item.max_hours, -1.0)


def peak_valley(model: Model) -> None:
    """Difference of highest and lowest exchanged power over the highest (650) [MW]."""
    most = model.data.site.limits.max_peak_valley_ratio
    if most is None or "exchange_high" not in model.variables:
        return
    v = model.variables
    terms = [(v["exchange_high"][0], 1.0 - most), (v["exchange_low"][0], -1.0)]
    model.row("peak_valley", "", terms, LE, 0.0)


def cost_ceiling(model: Model) -> None:
    """Cost within a ceiling, for bounds on what good plans can hold [thousand yuan/yr]."""
    ceiling = model.data.ceiling
    if ceiling is None:
        return
    terms: list[Term] = []
    for family, values in ceiling.by_family.items():
        lines = model.variables.get(family, [])
        flat = [one for line in lines for one in line] if values.ndim == 2 else lines
        terms += zip(flat, values.ravel().tolist(), strict=True)
    model.row("cost_ceiling", "", _merged(terms), LE, ceiling.most)


_ALL: tuple[Family, ...] = (
    self_use_of_generation,
    self_use_of_generation_net,
    self_use_of_consumption,
    export_share,
    curtailment_share,
    unserved_share,
    interruption_share,
    electrolyser_product,
    co2,
    land,
    roof,
    budget,
    hours_min,
    hours_max,
    peak_valley,
    cost_ceiling,
)
LIMIT_FAMILIES: dict[str, Family] = {family.__name__: family for family in _ALL}
