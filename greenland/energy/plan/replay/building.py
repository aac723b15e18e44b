"""Which parts a plan builds, from its capacities alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from greenland.energy.site import Site
from greenland.energy.site.identity import Capacities, CapacityKind

BUILT = 1e-6  # relative: less than this is what a solver leaves of nothing


def new_capacities(site: Site, capacities: Capacities) -> Iterator[tuple[Any, tuple[float, ...]]]:
    """Every part that can be built, and its new capacities, power first [MW], [MWh]."""
    kinds = CapacityKind
    for item in site.suppliers:
        yield item, (capacities.of(kinds.SOURCE, item.name) - item.existing_mw,)
    for b in site.storages:
        power = capacities.of(kinds.STORAGE_POWER, b.name) - b.existing_mw
        energy = capacities.of(kinds.STORAGE_ENERGY, b.name) - b.existing_mwh
        charge = capacities.get(kinds.STORAGE_CHARGE_POWER, b.name, b.existing_charge_mw)
        yield b, (power, energy, charge - b.existing_charge_mw)
    for e in site.electrolysers:
        yield e, (capacities.of(kinds.ELECTROLYSER, e.name) - e.existing_mw,)


def build_costs(site: Site, capacities: Capacities) -> dict[str, float]:
    """Cost of building at all, of every part of which anything is built [yuan]."""
    return {
        item.name: item.build_cost
        for item, new in new_capacities(site, capacities)
        if item.build_cost and _built(item, new)
    }


def _built(item: Any, new: tuple[float, ...]) -> bool:
    there = (item.existing_mw, getattr(item, "existing_mwh", 0.0))
    sizes = (*there, getattr(item, "existing_charge_mw", 0.0))
    return any(more > BUILT * max(1.0, more + have) for more, have in zip(new, sizes, strict=False))


def built_checks(site: Site, capacities: Capacities) -> Iterator[tuple[str, float]]:
    """Parts that are built with at least their least size, relative to it."""
    for item, new in new_capacities(site, capacities):
        if item.min_built_mw:
            short = item.min_built_mw - new[0] if _built(item, new) else 0.0
            yield f"{item.name}_built", short / max(1.0, item.min_built_mw)
