"""From a plan to a project: what is metered, bought without it, paid besides, and cash-flowed."""

from __future__ import annotations

import pandas as pd

from greenland.energy.money.assets import KW_PER_MW, Residual, ages_of, assets_of
from greenland.energy.money.bill import (
    grid_only_schedule,
)
from greenland.energy.money.bill_lines import KWH_PER_MWH
from greenland.energy.money.cash_flow import Project
from greenland.energy.money.config import MAX_YEARS
from greenland.energy.money.operation import OperatingYear, Operation
from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay.costs import shortfall_cost, start_cost_items
from greenland.energy.site import Generator, Objective, Site, values_of
from greenland.energy.site.identity import Capacities, CapacityKind, ColumnKind, Columns
from greenland.energy.tariff import Tariff, tariff_of_grid


def metered(site: Site, schedule: pd.DataFrame) -> pd.DataFrame:
    """A schedule as bills and operation read it, under names that belong to no part of the site.

    Parameters
    ----------
    site : Site
    schedule : DataFrame
        As `Plan.schedule` [MW].

    Returns
    -------
    DataFrame
        ``load`` is all that is really used: firm and flexible load, less what is interrupted or
        unserved. ``charge``, ``discharge``, ``grid_charge`` and ``grid_discharge`` are those of
        all storages; ``import``, ``export``, ``curtailment`` as they are; ``other`` is what
        generators give that are not green, where there are any [MW].
    """
    columns_of, stores = Columns(site, schedule), [item.name for item in site.storages]
    owners = {
        ColumnKind.SHIFTABLE: ([item.name for item in site.shiftable], 1.0),
        ColumnKind.ELECTROLYSER: ([item.name for item in site.electrolysers], 1.0),
        ColumnKind.INTERRUPTED: ([item.name for item in site.interruptible], -1.0),
    }
    load = columns_of.of(ColumnKind.LOAD) - columns_of.of(ColumnKind.UNSERVED)
    for kind, (names, sign) in owners.items():
        load = load + sign * columns_of.total(kind, names)
    columns = {"load": load}
    for kind in (ColumnKind.IMPORT, ColumnKind.EXPORT, ColumnKind.CURTAILMENT):
        columns[str(kind)] = columns_of.of(kind)
    for kind in (
        *(ColumnKind.CHARGE, ColumnKind.DISCHARGE),
        *(ColumnKind.GRID_CHARGE, ColumnKind.GRID_DISCHARGE),
    ):
        columns[str(kind)] = columns_of.total(kind, stores)
    if site.other_generators:
        names = [item.name for item in site.other_generators]
        columns["other"] = columns_of.total(ColumnKind.SOURCE, names)
    return pd.DataFrame(columns, index=schedule.index)


def baseline_load(site: Site) -> pd.Series:
    """What would be bought if all came from the grid [MW].

    Shiftable loads run as planned, electrolysers evenly at their least product.
    """
    bought = site.load.astype(float).copy()
    for shift in site.shiftable:
        bought += values_of(shift.profile, len(bought))
    for electrolyser in site.electrolysers:
        bought += electrolyser.least_product_t * electrolyser.mwh_per_t / 8760
    return bought.rename("load")


def other_costs(site: Site, schedule: pd.DataFrame) -> float:
    """Running costs besides fixed opex and what electricity costs, less income from products.

    Parameters
    ----------
    site : Site
    schedule : DataFrame
        As `Plan.schedule` [MW].

    Returns
    -------
    float
        [yuan/yr]
    """
    columns, scale = Columns(site, schedule), site.step_hours / site.years

    def of(kind: ColumnKind, owner: str = "") -> float:
        return float(columns.of(kind, owner).sum()) * scale

    total = sum(item.variable_cost * of(ColumnKind.SOURCE, item.name) for item in site.sources)
    total += sum(j.variable_cost * of(ColumnKind.SOURCE, j.name) for j in site.generators)
    total += fuel_costs(site, schedule) / KWH_PER_MWH
    total += sum(b.throughput_cost * of(ColumnKind.DISCHARGE, b.name) for b in site.storages)
    total += sum(item.price * of(ColumnKind.INTERRUPTED, item.name) for item in site.interruptible)
    total += site.unserved_price * of(ColumnKind.UNSERVED)
    product = sum(
        (electrolyser.product_price - electrolyser.variable_cost)
        * of(ColumnKind.ELECTROLYSER, electrolyser.name)
        / electrolyser.mwh_per_t
        for electrolyser in site.electrolysers
    )
    return total * KWH_PER_MWH - product


def purchase_costs(site: Site, schedule: pd.DataFrame) -> float:
    """What is paid to sellers, for what is taken and for what had to be taken [yuan/yr]."""
    columns, total = Columns(site, schedule), 0.0
    for item in site.sellers:
        assert item.purchase is not None
        taken = columns.of(ColumnKind.TAKEN, item.name)
        bought = float(item.purchase.prices(len(taken)) @ taken)
        total += bought * KWH_PER_MWH * site.step_hours / site.years
        total += shortfall_cost(site, item, taken)
    return total


def _starts(plan: Plan, site: Site) -> float:
    """What the starts of a plan cost [yuan/yr]."""
    sizes, columns = Capacities(site, plan.capacities), Columns(site, plan.schedule)
    return sum(yuan for _item, yuan in start_cost_items(site, sizes, columns))


def fuel_costs(site: Site, schedule: pd.DataFrame) -> float:
    """What a schedule pays for fuel [yuan/yr]."""
    columns, scale = Columns(site, schedule), site.step_hours / site.years

    def burnt(item: Generator) -> float:
        made = columns.of(ColumnKind.SOURCE, item.name)
        return float(values_of(item.fuel_price, len(made)) @ made) * item.fuel_per_mwh

    return scale * sum(burnt(item) for item in site.generators)


def fuel_emission(site: Site, schedule: pd.DataFrame) -> float:
    """Emission of the fuel a schedule burns [tCO2/yr]."""
    columns, scale = Columns(site, schedule), site.step_hours / site.years
    return scale * sum(
        item.emission_per_mwh * float(columns.of(ColumnKind.SOURCE, item.name).sum())
        for item in site.generators
    )


def project_of(
    plan: Plan,
    site: Site,
    tariff: Tariff | None,
    grid_tariff: Tariff | None,
    *,
    own: Site | None = None,
    baseline: OperatingYear | None = None,
) -> Project:
    """Everything the cash flow needs of a plan.

    Parameters
    ----------
    plan : Plan
        Optimal.
    site : Site
    tariff : Tariff, optional
        The plan's; from the site's grid when left out.
    grid_tariff : Tariff, optional
        Of the load if all came from the grid; *tariff* when left out.
    own : Site, optional
        With the yearly costs of the case, where *site* holds a study's items in its own; see
        `greenland.energy.money.levelling`.
    baseline : OperatingYear, optional
        Of the load if all came from the grid, where that is known; see `baseline_year`.
    """
    tariff, grid_tariff = _tariffs(site, tariff, grid_tariff)
    schedule, columns = metered(site, plan.schedule), Columns(site, plan.schedule)
    years, objective = site.project_years, plan.objective
    sources, storages = ages_of(site, max(years, MAX_YEARS))
    operation = Operation(
        schedule,
        tariff,
        _connected(plan, site),
        {item.name: columns.of(ColumnKind.SOURCE, item.name) for item in site.green_suppliers},
        fuel_tco2=fuel_emission(site, plan.schedule),
    )
    return Project(
        assets=assets_of(site, plan.capacities),
        operation=operation,
        baseline=baseline or baseline_year(site, grid_tariff),
        other_yuan=other_costs(site, plan.schedule) + _starts(plan, site),
        purchase_yuan=purchase_costs(site, plan.schedule),
        fuel_yuan=fuel_costs(site, plan.schedule),
        discount_rate=site.discount_rate,
        years=years,
        source_ages=sources,
        storage_ages=storages,
        residual=Residual.LINEAR if objective is Objective.NPV else Residual.ECONOMIC,
        technologies={item.name: item.technology for item in site.sources},
        own_assets=None if own is None else assets_of(own, plan.capacities),
        kw=_new_kw(site, plan.capacities),
    )


def _new_kw(site: Site, capacities: pd.Series) -> dict[str, float]:
    """New capacity of each source [kW]."""
    sizes = Capacities(site, capacities)
    return {
        item.name: (sizes.get(CapacityKind.SOURCE, item.name) - item.existing_mw) * KW_PER_MW
        for item in site.sources
    }


def _tariffs(
    site: Site, tariff: Tariff | None, grid_tariff: Tariff | None
) -> tuple[Tariff | None, Tariff | None]:
    if tariff is None and site.grid is not None:
        tariff = tariff_of_grid(site.grid, site.index)
    return tariff, grid_tariff if grid_tariff is not None else tariff


def _connected(plan: Plan, site: Site) -> float:
    return Capacities(site, plan.capacities).get(CapacityKind.GRID)


def grid_only_mw(site: Site) -> float:
    """Connected capacity of the load alone: the fixed one if it is enough, else its peak [MW]."""
    peak = float(baseline_load(site).max())
    given = None if site.grid is None else site.grid.capacity_mw
    return peak if given is None else max(peak, given)


def baseline_year(site: Site, tariff: Tariff | None) -> OperatingYear:
    """The year of a load that takes everything from the grid; nothing is paid off-grid."""
    if tariff is None:
        return OperatingYear()
    schedule = grid_only_schedule(baseline_load(site))
    return Operation(schedule, tariff, grid_only_mw(site)).new()
