"""The one table of facts all chapters of a filing are written from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.record import Record, if_made
from greenland.report import formatters as fmt
from greenland.report.filing.names import FACTS
from greenland.report.naming import Naming


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as every chapter says it.

    Parameters
    ----------
    name : str
        As in `greenland.report.filing.names.FACTS`.
    text : str, optional
        With its unit; None where it is not known, which is a blank in the document.
    """

    name: str
    text: str | None

    @property
    def title(self) -> str:
        """What it is called."""
        return str(_(FACTS[self.name]))


def facts_of(record: Record) -> dict[str, Fact]:
    """Every fact an outline may name.

    Parameters
    ----------
    record : Record
        With a plan of energy.
    """
    energy = if_made(record.energy)
    assert energy is not None
    found: dict[str, str | None] = dict.fromkeys(FACTS)
    for part in (_case, _load, _sizes, _energies, _money, _nature):
        found |= dict(part(energy))
    found |= {"name": record.park.name or None, "year": str(record.year)}
    return {name: Fact(name, text) for name, text in found.items()}


Said = Iterator[tuple[str, str | None]]


def _unit(value: float | None, unit: str, digits: int | None = None) -> str | None:
    return None if value is None else f"{fmt.number(value, digits)} {unit}"


def _share(value: float | None) -> str | None:
    return None if value is None else fmt.share(value, 2)


def _energy(mwh: float | None) -> str | None:
    """An amount of energy in 万kWh, as filings have it."""
    return None if mwh is None else _("{value} 万kWh", value=fmt.number(mwh / 10, 1))


def _yuan(value: float | None, *, per_year: bool = False) -> str | None:
    return None if value is None else fmt.yuan(value, per_year)


def _case(energy: EnergyRecord) -> Said:
    extra: Mapping[str, Any] = energy.case.model_extra or {}
    yield "voltage", _unit(energy.case.voltage_kv, "kV", 0)
    yield "line_km", _unit(energy.case.line_km, "km", 1)
    cuts = [part.model_extra or {} for part in energy.case.interruptible]
    most = [mw for cut in cuts if isinstance(mw := cut.get("max_mw"), int | float)]
    if most and len(most) == len(cuts):
        yield "interruptible", _unit(sum(most), "MW")
    if not energy.case.interruptible:
        yield "interruptible", str(_("无"))
    if not energy.case.shiftable:
        yield "shiftable", str(_("无"))
    elif energy.plan.schedule is not None:
        schedule = energy.plan.schedule
        sums = [
            sum(value or 0.0 for value in schedule.columns[row.column])
            for row in schedule.column_kinds
            if row.kind == "shiftable"
        ]
        years = extra.get("years") or energy.case.years or 1.0
        yield "shiftable", _energy(sum(sums) * schedule.step_hours / years)


def _load(energy: EnergyRecord) -> Said:
    load = energy.load
    if load is None:
        return
    yield "load_peak", _unit(load.peak_mw, "MW", 2)
    yield "load_mean", _unit(load.mean_mw, "MW", 2)
    yield "load_min", _unit(load.min_mw, "MW", 2)
    yield "load_factor", _share(load.load_factor)
    yield "load_hours", _unit(load.full_load_hours, str(_("小时")), 0)
    yield "load_peak_time", (load.peak_time or "")[:16] or None
    yield "peak_valley", _unit(load.peak_valley_mw, "MW", 2)
    yield "peak_valley_day", fmt.long_date(load.peak_valley_day) if load.peak_valley_day else None


def _sizes(energy: EnergyRecord) -> Said:
    naming, plan = Naming(energy), energy.plan
    sizes = plan.capacities or {}
    totals: dict[str, float] = {}
    sources: list[str] = []
    stores: dict[str, dict[str, str]] = {}
    for row in plan.capacity_kinds:
        value = sizes.get(row.capacity)
        if value is None:
            continue
        totals[row.kind] = totals.get(row.kind, 0.0) + value
        owner = naming.owners.get(row.owner or "")
        if row.kind == "source" and owner is not None:
            totals[owner.technology] = totals.get(owner.technology, 0.0) + value
            sources.append(f"{owner.title} {fmt.number(value, 2)} MW")
        if row.kind.startswith("storage") and owner is not None:
            stores.setdefault(owner.title, {})[row.unit] = fmt.number(value, 2)
    yield "sources", str(_("、")).join(sources) or str(_("无"))
    said = [f"{title} {one.get('MW')} MW/{one.get('MWh')} MWh" for title, one in stores.items()]
    yield "storages", str(_("、")).join(said) or str(_("不配储能"))
    for fact, kind, unit in (
        ("source_mw", "source", "MW"),
        ("pv_mw", "pv", "MW"),
        ("wind_mw", "wind", "MW"),
        ("storage_mw", "storage_power", "MW"),
        ("storage_mwh", "storage_energy", "MWh"),
    ):
        yield fact, _unit(totals.get(kind, 0.0), unit, 2)
    yield "grid_mw", _unit(totals["grid"], "MW", 2) if "grid" in totals else str(_("不接公网"))


def _energies(energy: EnergyRecord) -> Said:
    said, ratios = energy.plan.energy, energy.plan.ratios
    if said is None or ratios is None:
        return
    yield "load_energy", _energy(said.load)
    yield "generation", _energy(said.available_generation)
    yield "self_use", _energy(said.self_use)
    yield "export", _energy(said.export)
    yield "import", _energy(said.import_)
    yield "curtailment", _energy(said.curtailment)
    for name in ("self_use_of_generation", "self_use_of_consumption", "export_share"):
        yield name, _share(getattr(ratios, name))
    lost = ratios.curtailment_share
    yield "curtailment_share", _share(lost)
    yield "utilisation", _share(None if lost is None else 1 - lost)
    labels = [row.capacity for row in energy.plan.capacity_kinds if row.kind == "source"]
    total = sum((energy.plan.capacities or {}).get(label) or 0.0 for label in labels)
    if total > 0 and said.available_generation is not None:
        hours = str(_("小时"))
        delivered = said.available_generation - (said.curtailment or 0.0)
        yield "generation_hours", _unit(said.available_generation / total, hours, 0)
        yield "delivered_hours", _unit(delivered / total, hours, 0)


def _money(energy: EnergyRecord) -> Said:
    plan, finance = energy.plan, energy.finance
    yield "capex", _yuan(plan.capex)
    yield "annual_cost", _yuan(plan.annual_cost, per_year=True)
    load = None if plan.energy is None else plan.energy.load
    if load and plan.annual_cost is not None:
        yield "price", _unit(plan.annual_cost / load / 1000, str(_("元/kWh")), 4)
    if finance is None:
        return
    yield "total_investment", _yuan(finance.total_investment)
    yield "annual_saving", _yuan(finance.annual_saving, per_year=True)
    yield "lcoe", _unit(finance.lcoe, str(_("元/kWh")), 4)
    yield "npv", _yuan(finance.npv)
    for name in ("irr", "irr_before_tax", "equity_irr"):
        yield name, _share(getattr(finance, name))
    yield "payback", _unit(finance.payback_years, str(_("年")), 2)


def _nature(energy: EnergyRecord) -> Said:
    carbon, resource = energy.carbon, energy.resource
    if carbon is not None:
        yield "co2", _unit(carbon.avoided_tco2, "tCO₂", 0)
    if resource is None:
        return
    naming, hours = Naming(energy), str(_("小时"))
    listed = [
        f"{naming.owner(one.name)} {fmt.number(one.full_load_hours, 0)} {hours}"
        for one in resource.sources
    ]
    yield "resource_hours", str(_("、")).join(listed) or None
    weather = resource.weather
    if weather is not None:
        yield "ghi", _unit(weather.ghi_kwh_m2, "kWh/m²", 0)
        yield "wind_speed", _unit(weather.wind_speed, "m/s", 2)
        yield "temperature", _unit(weather.temperature, "℃", 1)
