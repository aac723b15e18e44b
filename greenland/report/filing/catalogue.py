"""The figures of a filing by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from altair.utils.schemapi import debug_mode

from greenland.report.filing import (
    figures_load,
    figures_money,
    figures_sizes,
    figures_sources,
    figures_system,
    figures_weather,
    sketch,
)
from greenland.report.filing.figure import Drawer, FilingData, FilingFigure

DRAWERS: Mapping[str, Drawer] = {
    "temperature-monthly": figures_weather.temperature,
    "radiation-monthly": figures_weather.radiation,
    "wind-histogram": figures_weather.wind,
    "wind-rose": figures_weather.wind_rose,
    "load-daily": figures_load.daily,
    "load-monthly": figures_load.months_of,
    "load-mean-day": figures_load.mean_day,
    "load-typical-days": figures_load.typical_days,
    "load-bands": figures_load.bands,
    "generation-monthly": figures_sources.months_of,
    "generation-daily": figures_sources.daily,
    "generation-mean-day": figures_sources.mean_day,
    "generation-typical-days": figures_sources.typical_days,
    "generation-frequency": figures_sources.frequency,
    "generation-duration": figures_sources.duration,
    "resource-months": figures_sources.resource_months,
    "year-8760": figures_system.year_8760,
    "balance-monthly": figures_system.balance,
    "system-typical-days": figures_system.typical_days,
    "losses": figures_system.losses,
    "size-comparison": figures_sizes.comparison,
    "connection-sketch": sketch.figure,
    "capacities": figures_system.capacities,
    "storage-state": figures_system.storage_state,
    "cost-build-up": figures_money.cost_build_up,
    "cash-flow": figures_money.cash_flow,
}


def draw(found: FilingData, names: Iterable[str]) -> dict[str, FilingFigure | None]:
    """Figures by their names; None for those that lack what they are drawn from."""
    with debug_mode(False):  # the tests hold every chart against the schema
        return {name: DRAWERS[name](found) for name in names}
