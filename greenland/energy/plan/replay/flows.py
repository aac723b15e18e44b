"""Flows of a schedule as arrays, and the energies and shares they amount to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenland.energy.site import Array, Site
from greenland.energy.site.identity import ColumnKind, Columns


@dataclass(frozen=True)
class Flows:
    """Columns of a schedule as arrays, and what is derived from them [MW]."""

    load: Array
    available: Array
    imported: Array
    exported: Array
    curtailed: Array
    unserved: Array
    interrupted: Array
    flexible: Array
    charged: Array
    discharged: Array
    grid_charged: Array
    grid_discharged: Array
    other_generated: Array  # by generators that are not green, no part of *available*

    @property
    def consumption(self) -> Array:
        """All that is consumed [MW]."""
        return self.load + self.flexible - self.interrupted - self.unserved

    @property
    def grid_to_load(self) -> Array:
        """Grid energy that serves the load, through a storage or not [MW]."""
        return self.imported - self.grid_charged + self.grid_discharged

    @property
    def own_use(self) -> Array:
        """Energy generated on site that serves the load, green or not [MW]."""
        return self.consumption - self.grid_to_load

    @property
    def self_use(self) -> Array:
        """Green energy that serves the load [MW]."""
        return self.own_use - self.other_generated


def flows_of(site: Site, schedule: Columns) -> Flows:
    """Flows of a schedule."""
    total = schedule.total
    stores = [item.name for item in site.storages]
    shiftable = [item.name for item in site.shiftable]
    electrolysers = [item.name for item in site.electrolysers]
    flexible = total(ColumnKind.SHIFTABLE, shiftable)
    return Flows(
        load=site.load.to_numpy(dtype=float),
        available=total(ColumnKind.SOURCE, [item.name for item in site.green_suppliers]),
        imported=schedule.of(ColumnKind.IMPORT),
        exported=schedule.of(ColumnKind.EXPORT),
        curtailed=schedule.of(ColumnKind.CURTAILMENT),
        unserved=schedule.of(ColumnKind.UNSERVED),
        interrupted=total(ColumnKind.INTERRUPTED, [item.name for item in site.interruptible]),
        flexible=flexible + total(ColumnKind.ELECTROLYSER, electrolysers),
        charged=total(ColumnKind.CHARGE, stores),
        discharged=total(ColumnKind.DISCHARGE, stores),
        grid_charged=total(ColumnKind.GRID_CHARGE, stores),
        grid_discharged=total(ColumnKind.GRID_DISCHARGE, stores),
        other_generated=total(ColumnKind.SOURCE, [item.name for item in site.other_generators]),
    )


def most_of(values: Array) -> float:
    """Largest value; zero of nothing."""
    return float(np.max(values, initial=-np.inf)) if len(values) else 0.0


def energies(flows: Flows, hours: float, years: float) -> tuple[dict[str, float], dict[str, float]]:
    """Ratios and yearly energies [MWh/yr] of some steps."""

    def per_year(flow: Array) -> float:
        return float(flow.sum()) * hours / years

    energy = {
        "available_generation": per_year(flows.available),
        "curtailment": per_year(flows.curtailed),
        "export": per_year(flows.exported),
        "import": per_year(flows.imported),
        "load": per_year(flows.load + flows.flexible),
        "consumption": per_year(flows.consumption),
        "self_use": per_year(flows.self_use),
        "grid_to_load": per_year(flows.grid_to_load),
        "charge": per_year(flows.charged),
        "discharge": per_year(flows.discharged),
        "storage_loss": per_year(flows.charged - flows.discharged),
        "unserved": per_year(flows.unserved),
        "interrupted": per_year(flows.interrupted),
    }
    if flows.other_generated.any():
        energy["other_generation"] = per_year(flows.other_generated)
    return _ratios(energy, per_year(flows.load)), energy


def _ratios(energy: Mapping[str, float], firm: float) -> dict[str, float]:
    """Shares by the names of the nomenclature; NaN where the denominator is nothing.

    Only firm load can be left unserved: its share is over *firm* load [MWh/yr], as in the limit.
    """
    available, consumed = energy["available_generation"], energy["consumption"]

    def over(part: float, whole: float) -> float:
        return part / whole if whole > 1e-9 else float("nan")

    gross = available - energy["export"] - energy["curtailment"]
    return {
        "self_use_of_generation": over(gross, available),
        "self_use_of_generation_net": over(energy["self_use"], available),
        "self_use_of_consumption": over(energy["self_use"], consumed),
        "export_share": over(energy["export"], available),
        "export_share_of_delivered": over(energy["export"], available - energy["curtailment"]),
        "curtailment_share": over(energy["curtailment"], available),
        "unserved_share": over(energy["unserved"], firm),
    }


def part_of(flows: Flows, chosen: NDArray[np.bool_]) -> Flows:
    """The same flows in some steps."""
    return Flows(**{name: getattr(flows, name)[chosen] for name in Flows.__annotations__})
