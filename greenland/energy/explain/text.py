"""Named limits of a site: what they are called, their values, and how these are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from greenland.energy.identity import limit_parts
from greenland.energy.site import SelfUse, Site
from greenland.i18n import N_, Text, _

LIMIT_LABELS = {
    "self_use_of_generation": N_("自发自用占可用发电量比例（口径a）"),
    "self_use_of_generation_net": N_("自发自用占可用发电量比例（口径b）"),
    "self_use_of_consumption": N_("自发自用占总用电量比例"),
    "export_share": N_("上网比例"),
    "curtailment_share": N_("弃电率"),
    "unserved_share": N_("缺电比例"),
    "interruption_share": N_("中断比例"),
    "electrolyser_product": N_("年产量"),
    "co2": N_("年碳排放"),
    "land": N_("用地"),
    "roof": N_("屋顶"),
    "budget": N_("初投资"),
    "grid_capacity": N_("接入容量"),
    "max_mw": N_("装机上限"),
    "max_mwh": N_("储能容量上限"),
    "peak_valley": N_("交换功率峰谷差率"),
    "hours_min": N_("储能最短时长"),
    "hours_max": N_("储能最长时长"),
}


# unit, whether it is a share, and whether the limit is a least value
KINDS: dict[str, tuple[str, bool, bool]] = {
    "self_use_of_generation": ("", True, True),
    "self_use_of_generation_net": ("", True, True),
    "self_use_of_consumption": ("", True, True),
    "export_share": ("", True, False),
    "curtailment_share": ("", True, False),
    "unserved_share": ("", True, False),
    "interruption_share": ("", True, False),
    "electrolyser_product": ("t", False, True),
    "co2": ("tCO2", False, False),
    "land": ("亩", False, False),
    "roof": ("m2", False, False),
    "budget": ("万元", False, False),
    "grid_capacity": ("MW", False, False),
    "max_mw": ("MW", False, False),
    "max_mwh": ("MWh", False, False),
    "peak_valley": ("", True, False),
    "hours_min": ("h", False, True),
    "hours_max": ("h", False, False),
}


def label_of(limit: str) -> Text:
    """A limit in words, with the asset it belongs to."""
    kind, owner = limit_parts(limit)
    name = _(LIMIT_LABELS[kind])
    return _("{owner}的{name}", owner=owner, name=name) if owner else name


def limit_record(limit: str) -> dict[str, str | None]:
    """Kind of a limit and the part it belongs to, as they stand in records."""
    kind, owner = limit_parts(limit)
    return {"limit_kind": kind, "limit_owner": owner or None}


def named_limits(site: Site) -> list[str]:
    """Names of all limits of a site that may clash."""
    limits, found = site.limits, []
    reading = SelfUse(limits.self_use_reading)
    if limits.min_self_use_of_generation is not None:
        # of both readings the net one is the stricter: it stands for the two
        gross = reading is SelfUse.GROSS
        found.append("self_use_of_generation" if gross else "self_use_of_generation_net")
    for name, value in (
        ("self_use_of_consumption", limits.min_self_use_of_consumption),
        ("export_share", limits.max_export_share),
        ("curtailment_share", limits.max_curtailment_share),
        ("unserved_share", limits.max_unserved_share),
        ("co2", limits.max_co2_t),
        ("land", limits.max_land_mu),
        ("roof", limits.max_roof_m2),
        ("budget", limits.max_capex_yuan),
        ("peak_valley", limits.max_peak_valley_ratio),
    ):
        if value is not None:
            found.append(name)
    return found + _capacity_limits(site)


def _capacity_limits(site: Site) -> list[str]:
    found = [f"max_mw:{item.name}" for item in site.sources if np.isfinite(item.max_mw)]
    for item in site.storages:
        found += [f"max_mw:{item.name}"] if np.isfinite(item.max_mw) else []
        found += [f"max_mwh:{item.name}"] if np.isfinite(item.max_mwh) else []
        found += [f"hours_max:{item.name}"] if item.max_hours is not None else []
        found += [f"hours_min:{item.name}"] if item.min_hours is not None else []
    for made in site.electrolysers:
        found += [f"max_mw:{made.name}"] if np.isfinite(made.max_mw) else []
        found += [f"electrolyser_product:{made.name}"] if made.min_product_t else []
    for cut in site.interruptible:
        found += [f"interruption_share:{cut.name}"] if cut.max_share < 1 else []
    grid = site.grid
    if grid is not None and (grid.capacity_mw is not None or grid.decides_capacity):
        found.append("grid_capacity")
    return found


def show(value: float, share: bool, unit: str, up: bool = False) -> str:
    """A value as people read it, rounded to the side that is safe."""
    if share:
        scaled = value * 1000
        return f"{(np.ceil(scaled - 1e-6) if up else np.floor(scaled + 1e-6)) / 10:.1f}%"
    digits = 1 if abs(value) < 10000 else 0
    factor = 10**digits
    scaled = np.ceil(value * factor - 1e-6) if up else np.floor(value * factor + 1e-6)
    return f"{scaled / factor:,.{digits}f} {unit}".strip()


def required_value(site: Site, name: str) -> float:
    """The value of a named limit, in the unit people read it in (budget in 10 000 yuan)."""
    kind, owner = limit_parts(name)
    limits, grid = site.limits, site.grid
    simple: Mapping[str, float | None] = {
        "self_use_of_generation": limits.min_self_use_of_generation,
        "self_use_of_generation_net": limits.min_self_use_of_generation,
        "self_use_of_consumption": limits.min_self_use_of_consumption,
        "export_share": limits.max_export_share,
        "curtailment_share": limits.max_curtailment_share,
        "unserved_share": limits.max_unserved_share,
        "co2": limits.max_co2_t,
        "land": limits.max_land_mu,
        "roof": limits.max_roof_m2,
        "budget": None if limits.max_capex_yuan is None else limits.max_capex_yuan / 1e4,
        "peak_valley": limits.max_peak_valley_ratio,
    }
    if kind in simple:
        return float(simple[kind] or 0.0)
    if kind == "grid_capacity" and grid is not None:
        return float(
            grid.capacity_mw if grid.capacity_mw is not None else grid.max_capacity_mw or 0
        )
    return _owned_value(site, kind, owner)


_FIELDS = {
    "max_mw": "max_mw",
    "max_mwh": "max_mwh",
    "hours_min": "min_hours",
    "hours_max": "max_hours",
    "electrolyser_product": "min_product_t",
    "interruption_share": "max_share",
}


def _owned_value(site: Site, kind: str, owner: str) -> float:
    parts: list[Any] = [*site.sources, *site.storages, *site.electrolysers, *site.interruptible]
    for item in parts:
        if item.name == owner and hasattr(item, _FIELDS[kind]):
            value = float(getattr(item, _FIELDS[kind]))
            if kind == "max_mw":
                value += item.existing_mw
            return value + (item.existing_mwh if kind == "max_mwh" else 0.0)
    raise KeyError(f"{kind}:{owner}")
