"""The same sizing problem in PyPSA, with the annual limits added through linopy."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pandas as pd
import pypsa

from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.site import FinalEnergy, SelfUse, Site


def _plain(data: ModelData) -> None:
    """Refuse what this translation does not cover."""
    site, grid = data.site, data.site.grid
    if site.shiftable or site.electrolysers or site.interruptible or data.grid_stores:
        raise NotImplementedError("flexible loads and grid charging")
    if data.peaks or data.connection is not None or data.blocks > 1:
        raise NotImplementedError("demand charges, decided connection, limits in each year")
    closed = all(item.end is FinalEnergy.EQUAL for item in site.storages)
    if grid is None or not closed or any(item.shared_power for item in site.storages):
        raise NotImplementedError("off-grid, open or shared storages")


def network(data: ModelData) -> pypsa.Network:
    """The site as a network of one bus and one more for each storage."""
    _plain(data)
    n = pypsa.Network()
    steps = pd.RangeIndex(data.steps)
    n.set_snapshots(steps)
    n.snapshot_weightings.loc[:, :] = data.step_hours
    n.add("Bus", "site")
    n.add("Load", "load", bus="site", p_set=pd.Series(data.load, steps))
    for asset, pu in zip(data.sources, data.pu, strict=True):
        n.add(
            "Generator",
            asset.name,
            bus="site",
            p_nom_extendable=True,
            p_nom_min=asset.lower,
            p_nom_max=asset.upper,
            p_max_pu=pd.Series(pu, steps),
            capital_cost=asset.cost,
        )
    bought = np.minimum(data.import_cap, data.load)
    n.add(
        "Generator",
        "import",
        bus="site",
        p_nom=1.0,
        p_max_pu=pd.Series(bought, steps),
        marginal_cost=pd.Series(data.buy / data.years, steps),
    )
    n.add(
        "Generator",
        "export",
        bus="site",
        p_nom=1.0,
        p_max_pu=0.0,
        p_min_pu=pd.Series(-data.export_cap, steps),
        marginal_cost=pd.Series(data.sell / data.years, steps),
    )
    for item, power, energy in zip(
        data.site.storages, data.storage_power, data.storage_energy, strict=True
    ):
        _storage(n, item, power, energy)
    return n


def _storage(n: pypsa.Network, item: Any, power: Any, energy: Any) -> None:
    bus = f"inside {item.name}"
    n.add("Bus", bus)
    n.add(
        "Link",
        f"charge {item.name}",
        bus0="site",
        bus1=bus,
        efficiency=item.charge_efficiency,
        p_nom_extendable=True,
        p_nom_max=power.upper,
        capital_cost=power.cost,
    )
    n.add(
        "Link",
        f"discharge {item.name}",
        bus0=bus,
        bus1="site",
        efficiency=item.discharge_efficiency,
        p_nom_extendable=True,
    )
    n.add(
        "Store",
        item.name,
        bus=bus,
        e_nom_extendable=True,
        e_nom_max=energy.upper,
        e_min_pu=item.soc_floor,
        e_max_pu=item.max_soc,
        e_cyclic=True,
        standing_loss=1 - (1 - item.self_discharge),
        capital_cost=energy.cost,
    )


def add_limits(n: pypsa.Network, data: ModelData) -> None:
    """Ratio limits, and one power for both directions of a storage."""
    m, hours, limits = n.model, data.step_hours, data.site.limits
    p = m["Generator-p"]
    sources = [asset.name for asset in data.sources]
    full = pd.Series(hours * data.pu.sum(axis=1), index=pd.Index(sources, name="name"))
    available = (m["Generator-p_nom"].sel(name=sources) * full).sum()
    made = hours * p.sel(name=sources).sum()
    exported = -hours * p.sel(name="export").sum()
    bought = hours * p.sel(name="import").sum()
    load = hours * float(data.load.sum())
    least = limits.min_self_use_of_generation
    if least is not None:
        reading = SelfUse(limits.self_use_reading)
        if reading in (SelfUse.BOTH, SelfUse.GROSS):
            m.add_constraints(made - exported - least * available >= 0, name="gross")
        if reading in (SelfUse.BOTH, SelfUse.NET):
            m.add_constraints(-1 * bought - least * available >= -load, name="net")
    if limits.min_self_use_of_consumption is not None:
        right = -(1 - limits.min_self_use_of_consumption) * load
        m.add_constraints(-1 * bought >= right, name="consumption")
    if limits.max_export_share is not None:
        m.add_constraints(exported - limits.max_export_share * available <= 0, name="exports")
    for item in data.site.storages:
        inward = m["Link-p_nom"].sel(name=f"charge {item.name}")
        outward = m["Link-p_nom"].sel(name=f"discharge {item.name}")
        m.add_constraints(
            inward - item.discharge_efficiency * outward == 0, name=f"power {item.name}"
        )


def solve(site: Site) -> tuple[str, float, str]:
    """Build, solve with HiGHS as it comes, and give status, objective and engine."""
    for name in ("pypsa", "linopy"):
        logging.getLogger(name).setLevel(logging.ERROR)
    data = prepare(site)
    n = network(data)
    status, condition = n.optimize(
        solver_name="highs",
        extra_functionality=lambda net, _steps: add_limits(net, data),
        solver_options={"output_flag": False},
        log_to_console=False,
        include_objective_constant=False,
    )
    if status != "ok" or condition != "optimal":
        return condition, float("nan"), "pypsa"
    return "optimal", float(n.objective) + data.fixed, "pypsa"
