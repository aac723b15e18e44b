"""Faults of a generator: its fuel, what is green, efficiency, prices and bounds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from greenland.energy.site.generators import Fuel, Generator
from greenland.energy.site.maintenance_checks import maintenance_problems
from greenland.energy.site.part_checks import (
    bounds_problems,
    building_problems,
    lifetime_problems,
    stopping_problems,
    unit_cost,
    unit_size,
    upkeep_unit,
)
from greenland.energy.site.site import Site
from greenland.energy.site.value_checks import LARGEST, amount, amounts, error, series
from greenland.errors import Problem
from greenland.i18n import _

LEAST_EFFICIENCY = 0.01  # below it nothing was meant, and no solver takes it
LEAST_FUEL_KWH = 0.001  # kWh in a unit of fuel, likewise


def generator_problems(item: Generator, site: Site) -> Iterator[Problem]:
    """Faults of a generator."""
    yield from _green(item)
    if not LEAST_EFFICIENCY <= item.efficiency <= 1:
        yield error(
            "efficiency",
            _("“{owner}”的 {field} 应大于 0、不大于 1。", owner=item.name, field="efficiency"),
            _("效率用小数，如 0.93。") if item.efficiency > 1 else "",
            column="efficiency",
            got=f"{item.efficiency}",
            allowed=f"{LEAST_EFFICIENCY:g}–1",
        )
    yield from amount(item.name, "fuel_kwh", item.fuel_kwh, low=LEAST_FUEL_KWH, high=LARGEST)
    fields = ["capex", "opex", "max_mw", "min_mw", "existing_mw", "variable_cost"]
    yield from amounts(item, [*fields, "max_fuel", "emission_factor"])
    yield from amount(item.name, "min_load_share", item.min_load_share, high=1.0)
    yield from unit_size(item, "unit_mw")
    yield from unit_cost(item, "capex", "W")
    yield from upkeep_unit(item, "opex", "capex")
    yield from lifetime_problems(item)
    yield from bounds_problems(item, "min_mw", "max_mw")
    yield from building_problems(item)
    yield from stopping_problems(item)
    what = _("“{owner}”的燃料价格", owner=item.name)
    yield from series(item.fuel_price, site, "fuel_price", what)
    what = _("“{owner}”的可用率", owner=item.name)
    yield from _availability(item, site, what)
    if item.maintenance is not None:
        yield from maintenance_problems(item.name, item.maintenance, site)


def _availability(item: Generator, site: Site, what: str) -> Iterator[Problem]:
    found = list(series(item.availability, site, "availability", what, low=0.0))
    yield from found
    if found:
        return
    most = float(np.max(np.asarray(item.availability, dtype=float), initial=0.0))
    if most > 1:
        yield error(
            "availability_over_unity",
            _("{what}应为 0–1 的小数。", what=what),
            column="availability",
            got=f"{most:g}",
            allowed="0–1",
        )


def _green(item: Generator) -> Iterator[Problem]:
    """What it runs on, whether that is green, and what it emits where it is fossil."""
    if item.fuel not in list(Fuel):
        yield error(
            "fuel",
            _("“{owner}”的 fuel 的取值不在允许范围内。", owner=item.name),
            column="fuel",
            got=str(item.fuel),
            allowed="、".join(Fuel),
        )
        return
    if not Fuel(item.fuel).fossil:
        if item.green is None:
            yield error(
                "green",
                _("“{owner}”没有写明是否计为绿电（green）。", owner=item.name),
                _(
                    "规则包没有收录认定这类电源的条文，请按项目适用的文件填写 true 或 false；"
                    "程序不代为认定。"
                ),
                column="green",
            )
        return
    if item.green:
        yield error(
            "green",
            _("“{owner}”以化石燃料发电，不能计为绿电。", owner=item.name),
            _("请删去 green，或改为 false。"),
            column="green",
        )
    if item.emission_factor is None:
        yield error(
            "emission_factor",
            _("“{owner}”以化石燃料发电，须给出排放因子 emission_factor。", owner=item.name),
            _("单位为每单位燃料的 kgCO2（fuel_kwh 不写时即每 kWh 燃料），并注明依据。"),
            column="emission_factor",
        )
