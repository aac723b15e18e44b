"""Faults of a storage: efficiencies, sizes, charge limits, what it begins and ends with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from greenland.energy.site.part_checks import (
    bounds_problems,
    building_problems,
    lifetime_problems,
    unit_cost,
    unit_size,
    upkeep_unit,
)
from greenland.energy.site.series import INFINITY
from greenland.energy.site.site import Site
from greenland.energy.site.storage import FinalEnergy, Storage
from greenland.energy.site.value_checks import amount, amounts, error, warning
from greenland.errors import Problem
from greenland.i18n import _

LEAST_EFFICIENCY = 0.01  # below it nothing was meant, and no solver takes it


def storage_problems(item: Storage, site: Site) -> Iterator[Problem]:
    """Faults of a storage, and doubts."""
    if item.grid_charging and site.grid is None:
        yield warning(
            "grid_charging_off_grid",
            _("离网时“{owner}”的 grid_charging 没有意义，按不允许计算。", owner=item.name),
            column="grid_charging",
        )
    for field in ("charge_efficiency", "discharge_efficiency"):
        value = getattr(item, field)
        if not LEAST_EFFICIENCY <= value <= 1:
            remedy = _("效率用小数，如 0.93。") if value > 1 else ""
            yield error(
                "efficiency",
                _("“{owner}”的 {field} 应大于 0、不大于 1。", owner=item.name, field=field),
                remedy,
                column=field,
                got=f"{value}",
                allowed=f"{LEAST_EFFICIENCY:g}–1",
            )
    shares = ["depth_of_discharge", "max_soc", "min_soc", "self_discharge", "initial_energy"]
    yield from amounts(item, shares, high=1.0)
    if not isinstance(item.final_energy, str):
        yield from amount(item.name, "final_energy", item.final_energy, high=1.0)
    fields = ["power_capex", "energy_capex", "power_opex", "energy_opex", "min_hours", "max_hours"]
    fields += ["max_mw", "min_mw", "max_mwh", "min_mwh", "existing_mw", "existing_mwh"]
    yield from amounts(item, [*fields, "throughput_cost", "replacement_cost"])
    yield from _charge_power(item)
    yield from unit_cost(item, "power_capex", "W")
    yield from unit_cost(item, "energy_capex", "Wh")
    yield from upkeep_unit(item, "power_opex", "power_capex")
    yield from upkeep_unit(item, "energy_opex", "energy_capex")
    yield from lifetime_problems(item)
    yield from lifetime_problems(item, "energy_lifetime")
    yield from bounds_problems(item, "min_mw", "max_mw")
    yield from bounds_problems(item, "min_mwh", "max_mwh")
    yield from building_problems(item)
    if item.min_hours is not None and item.max_hours is not None:
        yield from bounds_problems(item, "min_hours", "max_hours")
    yield from unit_size(item, "unit_mw")
    yield from unit_size(item, "unit_mwh")
    yield from _charge_state(item)


_OF_CHARGE_POWER = {
    "charge_power_opex": 0.0,
    "charge_lifetime": None,
    "max_charge_mw": INFINITY,
    "min_charge_mw": 0.0,
    "existing_charge_mw": 0.0,
}
"""Fields that mean something only of a charging power of its own, and what leaves them out."""


def _charge_power(item: Storage) -> Iterator[Problem]:
    """What charges: a share of the power capacity, or a capacity of its own, not both."""
    yield from amount(item.name, "charge_ratio", item.charge_ratio)
    yield from amounts(item, ["charge_power_capex", *_OF_CHARGE_POWER])
    if not item.decides_charge_power:
        given = [name for name, none in _OF_CHARGE_POWER.items() if getattr(item, name) != none]
        if given:
            yield error(
                "charge_power",
                _(
                    "“{owner}”给了 {fields}，却没有给 charge_power_capex。",
                    owner=item.name,
                    fields="、".join(given),
                ),
                _("充电功率单独定容时请给出 charge_power_capex（可为 0），否则删去。"),
                column=given[0],
            )
        return
    yield from unit_cost(item, "charge_power_capex", "W")
    yield from upkeep_unit(item, "charge_power_opex", "charge_power_capex")
    yield from lifetime_problems(item, "charge_lifetime")
    yield from bounds_problems(item, "min_charge_mw", "max_charge_mw")
    for field, clashes in (
        ("charge_ratio", item.charge_ratio != 1),
        ("shared_power", item.shared_power),
    ):
        if clashes:
            yield error(
                "charge_power",
                _(
                    "“{owner}”的充电功率单独定容（charge_power_capex），不能再给 {field}。",
                    owner=item.name,
                    field=field,
                ),
                column=field,
            )


def _charge_state(item: Storage) -> Iterator[Problem]:
    if item.min_soc is not None and item.depth_of_discharge < 1.0:
        yield error(
            "soc_twice",
            _("“{owner}”同时给了 min_soc 和 depth_of_discharge，只能给一个。", owner=item.name),
            column="min_soc",
        )
    elif item.usable_share <= 0:
        yield error(
            "soc_window",
            _("“{owner}”的荷电下限不低于上限，没有可用容量。", owner=item.name),
            column="depth_of_discharge",
            got=f"{item.soc_floor:g}–{item.max_soc:g}",
        )
    yield from _within_charge_limits(item, "initial_energy", item.initial_energy)
    yield from _end(item)


def _within_charge_limits(item: Storage, field: str, share: Any) -> Iterator[Problem]:
    if isinstance(share, int | float) and not (
        item.soc_floor - 1e-12 <= share <= item.max_soc + 1e-12
    ):
        yield error(
            field,
            _(
                "“{owner}”的 {field} 不在荷电上下限之间（它是占容量的比例）。",
                owner=item.name,
                field=field,
            ),
            column=field,
            got=f"{share:g}",
            allowed=f"{item.soc_floor:g}–{item.max_soc:g}",
        )


def _end(item: Storage) -> Iterator[Problem]:
    """A final energy that is none, contradicts *cyclic*, or needs a start that is not given."""
    given = item.final_energy
    if isinstance(given, str) and given not in list(FinalEnergy):
        yield error(
            "final_energy",
            _("“{owner}”的 final_energy 不在允许范围内。", owner=item.name),
            column="final_energy",
            got=given,
            allowed=_("{words}，或占容量的比例", words="、".join(FinalEnergy)),
        )
        return
    yield from _within_charge_limits(item, "final_energy", given)
    means = FinalEnergy.EQUAL if item.cyclic else FinalEnergy.FREE
    if given is not None and item.cyclic is not None and given != means:
        yield error(
            "end_twice",
            _(
                "“{owner}”的 cyclic 与 final_energy 互相矛盾：前者意为 {means}，后者为 {given}。",
                owner=item.name,
                means=str(means),
                given=f"{given}",
            ),
            _("请只写 final_energy。"),
            column="final_energy",
        )
    elif item.initial_energy is None and item.end not in (FinalEnergy.EQUAL, FinalEnergy.AT_LEAST):
        yield error(
            "initial_energy",
            _(
                "“{owner}”的期末储量（final_energy、cyclic）与期初无关，"
                "这时必须给出 initial_energy。",
                owner=item.name,
            ),
            _("以占容量的比例给出，如 0.5；否则期初的电量会不花钱地多出来。"),
            column="initial_energy",
        )
