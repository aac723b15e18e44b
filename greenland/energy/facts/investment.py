"""The initial investment by item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from greenland.energy.site import Site
from greenland.energy.site.identity import Capacities, CapacityKind


def investment_items(site: Site, capacities: Mapping[str, float]) -> list[dict[str, Any]]:
    """What is new, its price and what it costs; the amounts add up to `Plan.capex`.

    Parameters
    ----------
    site : Site
    capacities : mapping of label to float
        Totals [MW], [MWh].
    """
    return [row for row in _items(site, Capacities(site, capacities)) if row["yuan"]]


def _items(site: Site, capacities: Capacities) -> Iterator[dict[str, Any]]:
    kinds = CapacityKind
    for item in site.sources:
        new = capacities.of(kinds.SOURCE, item.name) - item.existing_mw
        yield _row("source", item.name, new, "MW", item.capex)
    for store in site.storages:
        power = capacities.of(kinds.STORAGE_POWER, store.name) - store.existing_mw
        energy = capacities.of(kinds.STORAGE_ENERGY, store.name) - store.existing_mwh
        yield _row("storage_power", store.name, power, "MW", store.power_capex)
        yield _row("storage_energy", store.name, energy, "MWh", store.energy_capex)
    for made in site.electrolysers:
        new = capacities.of(kinds.ELECTROLYSER, made.name) - made.existing_mw
        yield _row("electrolyser", made.name, new, "MW", made.capex)
    grid = site.grid
    if grid is not None and grid.decides_capacity:
        new = capacities.of(kinds.GRID) - grid.existing_mw
        yield _row("grid", None, new, "MW", grid.capex)
    for asset in site.fixed_assets:
        row = _row("fixed_asset", asset.name, None, None, None)
        yield row | {"yuan": asset.capex}


def _row(
    kind: str, owner: str | None, new: float | None, unit: str | None, price: float | None
) -> dict[str, Any]:
    """An item; the price is per kW, or per kWh of a storage's energy."""
    yuan = None if new is None or price is None else 1000 * price * new
    named = {"kind": kind, "owner": owner, "size": new, "unit": unit}
    return {**named, "unit_price": price, "yuan": yuan}
