"""Constraint families over a year or over nothing but capacities; docs/energy-model.md, section 4.

Energies are sums over the steps of a limit year [MWh]; one row per limit year unless said
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from greenland.energy.problem.assembly import Assembly, Term
from greenland.energy.problem.families import Family, not_green
from greenland.energy.problem.maintenance import LEAST_WEIGHT
from greenland.energy.site.limit_kinds import LIMIT_KINDS
from greenland.lp.program import Integers


def _blocks(assembly: Assembly) -> Iterator[tuple[int, Integers]]:
    """Number and steps of every limit year."""
    data = assembly.data
    for year in range(data.blocks):
        yield year, np.flatnonzero(data.block == year)


def _available(assembly: Assembly, steps: Integers, factor: float) -> list[Term]:
    """Available generation of the year, green generators' output in it, times a factor [MWh]."""
    data = assembly.data
    sums = data.step_hours * data.pu[:, steps].sum(axis=1)
    lines, green = assembly.lines("generation"), data.generator_rows(green=True)
    made: list[Term] = [(lines[j][steps], factor * data.step_hours) for j in green]
    return [(assembly.columns["capacity"], factor * sums), *made]


def _consumption(assembly: Assembly, steps: Integers, factor: float) -> tuple[list[Term], float]:
    """Consumption of the year, times a factor: its terms and its constant [MWh]."""
    hours = assembly.data.step_hours
    terms: list[Term] = []
    for family, sign in (("shift_load", 1.0), ("electrolyser_load", 1.0), ("interrupted", -1.0)):
        terms += [(line[steps], sign * factor * hours) for line in assembly.lines(family)]
    if "unserved" in assembly.columns:
        terms.append((assembly.columns["unserved"][steps], -factor * hours))
    return terms, factor * hours * float(assembly.data.load[steps].sum())


def _grid_use(assembly: Assembly, steps: Integers, factor: float) -> list[Term]:
    """Energy that serves the load and is not green, from the grid or not, times a factor [MWh]."""
    hours = assembly.data.step_hours
    terms: list[Term] = [(line[steps], factor * hours) for line in not_green(assembly)]
    if "import" in assembly.columns:
        terms.append((assembly.columns["import"][steps], factor * hours))
    terms += [(line[steps], -factor * hours) for line in assembly.lines("grid_charge")]
    terms += [(line[steps], factor * hours) for line in assembly.lines("grid_discharge")]
    return terms


def _required(assembly: Assembly, family: str) -> float | None:
    """Value of a limit of the site; None where it is not set."""
    return LIMIT_KINDS[family].value_in(assembly.data.site.limits)


def self_use_of_generation(assembly: Assembly) -> None:
    """Available generation less export and curtailment, over available (reading 1, 口径一)."""
    least = _required(assembly, "self_use_of_generation")
    if least is None:
        return
    hours = assembly.data.step_hours
    for year, steps in _blocks(assembly):
        terms = _available(assembly, steps, 1.0 - least)
        terms.append((assembly.columns["curtailment"][steps], -hours))
        if "export" in assembly.columns:
            terms.append((assembly.columns["export"][steps], -hours))
        assembly.add_row("self_use_of_generation", terms, lower=0.0, owner=str(year))


def self_use_of_generation_net(assembly: Assembly) -> None:
    """Green energy that serves the load, over available generation (reading 2, 口径二)."""
    least = _required(assembly, "self_use_of_generation_net")
    if least is None:
        return
    for year, steps in _blocks(assembly):
        used, constant = _consumption(assembly, steps, 1.0)
        terms = used + _grid_use(assembly, steps, -1.0) + _available(assembly, steps, -least)
        assembly.add_row("self_use_of_generation_net", terms, lower=-constant, owner=str(year))


def self_use_of_consumption(assembly: Assembly) -> None:
    """Green energy that serves the load, over consumption (650, 688, 1192)."""
    least = _required(assembly, "self_use_of_consumption")
    if least is None:
        return
    for year, steps in _blocks(assembly):
        used, constant = _consumption(assembly, steps, 1.0 - least)
        terms = used + _grid_use(assembly, steps, -1.0)
        if terms:
            assembly.add_row("self_use_of_consumption", terms, lower=-constant, owner=str(year))


def _share_of_generation(assembly: Assembly, family: str, of: str) -> None:
    most = _required(assembly, family)
    if most is None or of not in assembly.columns:
        return
    for year, steps in _blocks(assembly):
        terms: list[Term] = [(assembly.columns[of][steps], assembly.data.step_hours)]
        terms += _available(assembly, steps, -most)
        assembly.add_row(family, terms, upper=0.0, owner=str(year))


def export_share(assembly: Assembly) -> None:
    """Export over available generation (650, 688)."""
    _share_of_generation(assembly, "export_share", "export")


def export_share_of_delivered(assembly: Assembly) -> None:
    """Export over export and self-use in reading 1: over available less curtailed generation."""
    most = _required(assembly, "export_share_of_delivered")
    if most is None or "export" not in assembly.columns:
        return
    hours = assembly.data.step_hours
    for year, steps in _blocks(assembly):
        terms: list[Term] = [(assembly.columns["export"][steps], hours)]
        terms.append((assembly.columns["curtailment"][steps], most * hours))
        terms += _available(assembly, steps, -most)
        assembly.add_row("export_share_of_delivered", terms, upper=0.0, owner=str(year))


def curtailment_share(assembly: Assembly) -> None:
    """Curtailment over available generation."""
    _share_of_generation(assembly, "curtailment_share", "curtailment")


def unserved_share(assembly: Assembly) -> None:
    """Unserved load over load."""
    data, most = assembly.data, _required(assembly, "unserved_share")
    if most is None:
        return
    for year, steps in _blocks(assembly):
        terms: list[Term] = [(assembly.columns["unserved"][steps], data.step_hours)]
        right = most * data.step_hours * float(data.load[steps].sum())
        assembly.add_row("unserved_share", terms, upper=right, owner=str(year))


def interruption_share(assembly: Assembly) -> None:
    """Interrupted over interruptible energy of every interruptible load."""
    data = assembly.data
    for row, item in enumerate(data.site.interruptible):
        if item.max_share >= 1:
            continue
        for year, steps in _blocks(assembly):
            terms: list[Term] = [(assembly.columns["interrupted"][row, steps], data.step_hours)]
            right = item.max_share * data.step_hours * float(data.interruptible[row, steps].sum())
            owner = f"{item.name}_{year}"
            assembly.add_row("interruption_share", terms, upper=right, owner=owner)


def electrolyser_product(assembly: Assembly) -> None:
    """Product of every electrolyser in a year [t]."""
    data = assembly.data
    for row, item in enumerate(data.site.electrolysers):
        if not item.min_product_t:
            continue
        for year, steps in _blocks(assembly):
            columns = assembly.columns["electrolyser_load"][row, steps]
            terms: list[Term] = [(columns, data.step_hours / item.mwh_per_t)]
            right = float(data.block_years[year]) * item.min_product_t
            owner = f"{item.name}_{year}"
            assembly.add_row("electrolyser_product", terms, lower=right, owner=owner)


def generator_fuel(assembly: Assembly) -> None:
    """Fuel of every generator in a year [thousand units]."""
    data = assembly.data
    for row, item in enumerate(data.site.generators):
        if item.max_fuel is None:
            continue
        for year, steps in _blocks(assembly):
            columns = assembly.columns["generation"][row, steps]
            terms: list[Term] = [(columns, data.step_hours * item.fuel_per_mwh / 1000)]
            right = float(data.block_years[year]) * item.max_fuel / 1000
            assembly.add_row("generator_fuel", terms, upper=right, owner=f"{item.name}_{year}")


def co2(assembly: Assembly) -> None:
    """Emission of the energy bought, and of the fuel burnt [tCO2]."""
    data, most = assembly.data, _required(assembly, "co2")
    if most is None:
        return
    factor = data.step_hours * data.emission
    for year, steps in _blocks(assembly):
        terms: list[Term] = [
            (line[steps], data.step_hours * item.emission_per_mwh)
            for line, item in zip(assembly.lines("generation"), data.site.generators, strict=True)
            if item.emission_per_mwh
        ]
        if "import" in assembly.columns and factor[steps].any():
            terms.append((assembly.columns["import"][steps], factor[steps]))
        if terms:
            right = most * float(data.block_years[year])
            assembly.add_row("co2", terms, upper=right, owner=str(year))


def _new_capacity(assembly: Assembly, family: str, per_mw: list[float]) -> None:
    """A row over the new capacity of sources: what a MW takes, and what there is."""
    most = _required(assembly, family)
    if most is None or not any(per_mw):
        return
    taken = sum(x * a.existing for x, a in zip(per_mw, assembly.data.sources, strict=True))
    terms: list[Term] = [(assembly.columns["capacity"], np.array(per_mw, dtype=float))]
    assembly.add_row(family, terms, upper=most + taken)


def land(assembly: Assembly) -> None:
    """Land of new sources [亩]."""
    per_mw = [item.land_mu_per_mw for item in assembly.data.site.sources]
    _new_capacity(assembly, "land", per_mw)


def roof(assembly: Assembly) -> None:
    """Roof of new sources [m2]."""
    per_mw = [item.roof_m2_per_mw for item in assembly.data.site.sources]
    _new_capacity(assembly, "roof", per_mw)


def budget(assembly: Assembly) -> None:
    """Initial investment in what is new [thousand yuan]."""
    data, most = assembly.data, _required(assembly, "budget")
    if most is None:
        return
    right = most / 1000 - sum(item.capex for item in data.site.fixed_assets) / 1000
    right -= sum(data.choices[number].capex for number in data.built)
    terms: list[Term] = []
    for family, assets in data.capacities.items():
        for place, item in enumerate(assets):
            if item.capex:
                terms.append((assembly.columns[family][place], item.capex))
                right += item.capex * item.existing
    if terms:
        assembly.add_row("budget", terms, upper=right)


def _hours(assembly: Assembly, family: str, hours: list[float | None], sign: float) -> None:
    columns, storages = assembly.columns, assembly.data.site.storages
    for b, (item, number) in enumerate(zip(storages, hours, strict=True)):
        if number is not None:
            terms: list[Term] = [
                (columns["storage_energy"][b], -sign),
                (columns["storage_power"][b], sign * number),
            ]
            assembly.add_row(family, terms, upper=0.0, owner=item.name)


def hours_min(assembly: Assembly) -> None:
    """Energy capacity of a storage for at least so many hours [MWh]."""
    hours = [item.min_hours for item in assembly.data.site.storages]
    _hours(assembly, "hours_min", hours, 1.0)


def hours_max(assembly: Assembly) -> None:
    """Energy capacity of a storage for at most so many hours [MWh]."""
    hours = [item.max_hours for item in assembly.data.site.storages]
    _hours(assembly, "hours_max", hours, -1.0)


def peak_valley(assembly: Assembly) -> None:
    """Difference of highest and lowest exchanged power over the highest (650) [MW]."""
    most = _required(assembly, "peak_valley")
    if most is None or "exchange_high" not in assembly.columns:
        return
    terms: list[Term] = [
        (assembly.columns["exchange_high"], 1.0 - most),
        (assembly.columns["exchange_low"], -1.0),
    ]
    assembly.add_row("peak_valley", terms, upper=0.0)


def minimum_take(assembly: Assembly) -> None:
    """What is taken of a bought source, with what is paid for without, in a year [MWh]."""
    data, columns = assembly.data, assembly.columns
    number = 0
    for place, least, _price in data.least_takes:
        g = data.sellers[place]
        for year, steps in _blocks(assembly):
            terms: list[Term] = [
                (int(columns["capacity"][g]), data.step_hours * float(data.pu[g, steps].sum())),
                (columns["untaken"][place, steps], -data.step_hours),
                (int(columns["take_shortfall"][number]), 1.0),
            ]
            owner = f"{data.site.sources[g].name}_{year}"
            right = float(data.block_years[year]) * least
            assembly.add_row("minimum_take", terms, lower=right, owner=owner)
            number += 1


def contract_floor(assembly: Assembly) -> None:
    """Least demand to declare for a connection that is decided, with its allowance [MW]."""
    for number, peak in enumerate(assembly.data.peaks):
        if peak.per_connected:
            terms: list[Term] = [
                (int(assembly.columns["grid_capacity"][0]), peak.per_connected),
                (int(assembly.columns["peak"][number]), -1.0),
            ]
            assembly.add_row("contract_floor", terms, upper=0.0, owner=str(number))


def maintenance_cut(assembly: Assembly) -> None:
    """Weighted output of a generator within what the best window that is left leaves of it [MW].

    Valid for every start: no output is more than what can run outside the window.
    """
    data, columns = assembly.data, assembly.columns
    for number, cut in enumerate(data.window_cuts):
        window, chosen = data.windows[cut.window], np.flatnonzero(cut.weights)
        can_run = cut.weights * data.running[window.row]
        most = float(can_run.sum() - window.taken(can_run).min())
        if most <= LEAST_WEIGHT * can_run.sum():
            continue  # all of it lies in the window, which the bounds say already
        terms: list[Term] = [
            (columns["generation"][window.row][chosen], cut.weights[chosen]),
            (int(columns["generator_capacity"][window.row]), -most),
        ]
        assembly.add_row("maintenance_cut", terms, upper=0.0, owner=str(number))


def cost_ceiling(assembly: Assembly) -> None:
    """Cost within a ceiling, for bounds on what good plans can hold [thousand yuan/yr]."""
    ceiling = assembly.data.ceiling
    if ceiling is None:
        return
    terms: list[Term] = [
        (assembly.columns[family], np.ravel(values))
        for family, values in ceiling.by_family.items()
        if family in assembly.columns
    ]
    assembly.add_row("cost_ceiling", terms, upper=ceiling.most)


_ALL: tuple[Family, ...] = (
    self_use_of_generation,
    self_use_of_generation_net,
    self_use_of_consumption,
    export_share,
    export_share_of_delivered,
    curtailment_share,
    unserved_share,
    interruption_share,
    electrolyser_product,
    generator_fuel,
    co2,
    land,
    roof,
    budget,
    hours_min,
    hours_max,
    peak_valley,
    minimum_take,
    contract_floor,
    maintenance_cut,
    cost_ceiling,
)
LIMIT_FAMILIES: dict[str, Family] = {family.__name__: family for family in _ALL}
