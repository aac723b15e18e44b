"""Every limit of a site held against a schedule, with plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from greenland.energy.plan.replay.costs import investment_of
from greenland.energy.plan.replay.flows import Flows, energies, part_of
from greenland.energy.plan.replay.limit_years import years_of
from greenland.energy.site import Site, values_of
from greenland.energy.site.identity import Capacities, CapacityKind, ColumnKind, Columns
from greenland.energy.site.limit_kinds import SITE_LIMITS
from greenland.energy.site.limits import limit_ref

Limit = tuple[str, str, float, float, float]


def limits_of(
    site: Site, capacities: Capacities, schedule: Columns, flows: Flows
) -> Iterator[Limit]:
    """Every limit with its value, what is required, and the relative excess."""
    for year, chosen, length in years_of(site):
        part = part_of(flows, chosen)
        ratios, _energy = energies(part, site.step_hours, length)
        yield from _share_limits(site, year, ratios)
        yield from _emission_limit(site, year, chosen, length, schedule)
        yield from _fuel_limits(site, year, chosen, length, schedule)
        yield from _load_limits(site, year, chosen, length, schedule)
    yield from _capacity_limits(site, capacities)
    most = site.limits.max_peak_valley_ratio
    if most is not None and site.grid is not None:
        exchange = flows.imported - flows.exported
        high = float(exchange.max())
        ratio = (high - float(exchange.min())) / high if high > 0 else float("nan")
        excess = ((1 - most) * high - float(exchange.min())) / max(1.0, abs(high))
        yield "peak_valley", "", ratio, most, excess


def _share_limits(site: Site, year: str, ratios: Mapping[str, float]) -> Iterator[Limit]:
    for kind in SITE_LIMITS:
        required = kind.value_in(site.limits)
        if required is not None and kind.key in ratios:
            value = ratios[kind.key]
            over = required - value if kind.is_least else value - required
            yield kind.key, year, value, required, 0.0 if np.isnan(value) else over


def _emission_limit(
    site: Site, year: str, chosen: NDArray[np.bool_], length: float, schedule: Columns
) -> Iterator[Limit]:
    hours, most = site.step_hours, site.limits.max_co2_t
    if most is not None and (site.grid is not None or site.generators):
        given = None if site.grid is None else site.grid.emission_factor
        factor = values_of(0.0 if given is None else given, len(chosen))
        emitted = factor * schedule.of(ColumnKind.IMPORT)
        for item in site.generators:
            per_unit = (item.emission_factor or 0.0) / item.efficiency / item.fuel_kwh
            emitted = emitted + per_unit * schedule.of(ColumnKind.SOURCE, item.name)
        value = float(emitted[chosen].sum()) * hours / length
        yield "co2", year, value, most, (value - most) / max(1.0, most)


def _fuel_limits(
    site: Site, year: str, chosen: NDArray[np.bool_], length: float, schedule: Columns
) -> Iterator[Limit]:
    """Fuel of generators in a year [units]."""
    for item in site.generators:
        if item.max_fuel is not None:
            made = float(schedule.of(ColumnKind.SOURCE, item.name)[chosen].sum())
            value = 1000 * made * site.step_hours / item.efficiency / item.fuel_kwh / length
            excess = (value - item.max_fuel) / max(1.0, item.max_fuel)
            yield str(limit_ref("generator_fuel", item.name)), year, value, item.max_fuel, excess


def _load_limits(
    site: Site, year: str, chosen: NDArray[np.bool_], length: float, schedule: Columns
) -> Iterator[Limit]:
    """What interruptible loads and electrolysers must keep to."""
    hours, steps = site.step_hours, len(schedule)
    for item in site.interruptible:
        if item.max_share < 1:
            most = float(values_of(item.max_mw, steps)[chosen].sum())
            cut = float(schedule.of(ColumnKind.INTERRUPTED, item.name)[chosen].sum())
            value = cut / most if most else 0.0
            yield (
                str(limit_ref("interruption_share", item.name)),
                year,
                value,
                item.max_share,
                (value - item.max_share),
            )
    for electrolyser in site.electrolysers:
        if electrolyser.min_product_t:
            drawn = schedule.of(ColumnKind.ELECTROLYSER, electrolyser.name)[chosen]
            tonnes = float(drawn.sum()) * hours / electrolyser.mwh_per_t
            value, least = tonnes / length, electrolyser.min_product_t
            yield (
                str(limit_ref("electrolyser_product", electrolyser.name)),
                year,
                value,
                least,
                (least - value) / least,
            )


def _capacity_limits(site: Site, capacities: Capacities) -> Iterator[Limit]:
    limits = site.limits
    new = [capacities.of(CapacityKind.SOURCE, s.name) - s.existing_mw for s in site.sources]
    land = sum(s.land_mu_per_mw * mw for s, mw in zip(site.sources, new, strict=True))
    roof = sum(s.roof_m2_per_mw * mw for s, mw in zip(site.sources, new, strict=True))
    capex = investment_of(site, capacities)
    for name, value, most in (
        ("land", land, limits.max_land_mu),
        ("roof", roof, limits.max_roof_m2),
        ("budget", capex, limits.max_capex_yuan),
    ):
        if most is not None:
            yield name, "", value, most, (value - most) / max(1.0, most)
    for item in site.storages:
        power = capacities.of(CapacityKind.STORAGE_POWER, item.name)
        size = capacities.of(CapacityKind.STORAGE_ENERGY, item.name)
        value = size / power if power > 1e-9 else float("nan")
        if item.min_hours is not None:
            excess = (item.min_hours * power - size) / max(1.0, size)
            yield str(limit_ref("hours_min", item.name)), "", value, item.min_hours, excess
        if item.max_hours is not None:
            excess = (size - item.max_hours * power) / max(1.0, size)
            yield str(limit_ref("hours_max", item.name)), "", value, item.max_hours, excess
