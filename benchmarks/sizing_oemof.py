"""The same sizing problem in oemof-solph, with the annual limits added through Pyomo."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyomo.environ as po
from oemof import solph
from pyomo.contrib.appsi.base import TerminationCondition
from pyomo.contrib.appsi.solvers import Highs

from benchmarks.sizing_pypsa import _plain
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.site import SelfUse, Site


def system(data: ModelData) -> solph.EnergySystem:
    """The site as an energy system with one bus."""
    _plain(data)
    minutes = round(60 * data.step_hours)
    when = pd.date_range("2001-01-01", periods=data.steps + 1, freq=f"{minutes}min")
    es = solph.EnergySystem(timeindex=when, infer_last_interval=False)
    bus = solph.buses.Bus(label="site")
    es.add(bus)
    for asset, pu in zip(data.sources, data.pu, strict=True):
        most = asset.upper if np.isfinite(asset.upper) else None
        invest = solph.Investment(ep_costs=asset.cost, maximum=most or 1e9)
        flow = solph.Flow(nominal_capacity=invest, maximum=pu)
        es.add(solph.components.Source(label=asset.name, outputs={bus: flow}))
    bought = solph.Flow(
        nominal_capacity=1.0,
        maximum=np.minimum(data.import_cap, data.load),
        variable_costs=data.buy / data.years,
    )
    sold = solph.Flow(
        nominal_capacity=1.0, maximum=data.export_cap, variable_costs=-data.sell / data.years
    )
    used = solph.Flow(nominal_capacity=1.0, fix=data.load)
    es.add(
        solph.components.Source(label="import", outputs={bus: bought}),
        solph.components.Sink(label="export", inputs={bus: sold}),
        solph.components.Sink(label="load", inputs={bus: used}),
    )
    for item, power, energy in zip(
        data.site.storages, data.storage_power, data.storage_energy, strict=True
    ):
        es.add(
            solph.components.GenericStorage(
                label=item.name,
                inputs={bus: solph.Flow(nominal_capacity=solph.Investment(ep_costs=power.cost))},
                outputs={bus: solph.Flow(nominal_capacity=solph.Investment(ep_costs=0))},
                nominal_capacity=solph.Investment(ep_costs=energy.cost),
                min_storage_level=item.soc_floor,
                max_storage_level=item.max_soc,
                loss_rate=item.self_discharge,
                inflow_conversion_factor=item.charge_efficiency,
                outflow_conversion_factor=item.discharge_efficiency,
                balanced=True,
                invest_relation_input_output=1,
            )
        )
    return es


def add_limits(model: solph.Model, es: solph.EnergySystem, data: ModelData) -> None:
    """Ratio limits of the whole horizon."""
    hours, limits, node = data.step_hours, data.site.limits, es.node
    bus, steps = node["site"], range(data.steps)
    made = po.quicksum(
        hours * model.flow[node[asset.name], bus, t] for asset in data.sources for t in steps
    )
    available = po.quicksum(
        hours * float(pu.sum()) * model.InvestmentFlowBlock.total[node[asset.name], bus, 0]
        for asset, pu in zip(data.sources, data.pu, strict=True)
    )
    exported = po.quicksum(hours * model.flow[bus, node["export"], t] for t in steps)
    bought = po.quicksum(hours * model.flow[node["import"], bus, t] for t in steps)
    load = hours * float(data.load.sum())
    least = limits.min_self_use_of_generation
    if least is not None:
        reading = SelfUse(limits.self_use_reading)
        if reading in (SelfUse.BOTH, SelfUse.GROSS):
            model.gross = po.Constraint(expr=made - exported - least * available >= 0)
        if reading in (SelfUse.BOTH, SelfUse.NET):
            model.net = po.Constraint(expr=load - bought - least * available >= 0)
    if limits.min_self_use_of_consumption is not None:
        right = (1 - limits.min_self_use_of_consumption) * load
        model.consumption = po.Constraint(expr=bought <= right)
    if limits.max_export_share is not None:
        most = limits.max_export_share
        model.exports = po.Constraint(expr=exported - most * available <= 0)


def solve(site: Site) -> tuple[str, float, str]:
    """Build, solve with HiGHS, and give status, objective and engine."""
    data = prepare(site)
    es = system(data)
    model = solph.Model(es)
    add_limits(model, es, data)
    found = Highs().solve(model)
    if found.termination_condition != TerminationCondition.optimal:
        return str(found.termination_condition), float("nan"), "oemof"
    return "optimal", float(po.value(model.objective)) + data.fixed, "oemof"
