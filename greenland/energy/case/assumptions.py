"""Every number an answer rests on that is no curve, with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from greenland.energy.case.defaults import SITE_FIELDS, rules_of
from greenland.energy.case.loading import LoadedCase, rule_limits
from greenland.energy.money.levelling import is_levelled, with_own_costs
from greenland.energy.site import Site
from greenland.energy.tariff import Tariff
from greenland.i18n import _
from greenland.rules import Rule, Rulebook


def assumptions_of(
    loaded: LoadedCase, site: Site, tariff: Tariff | None, rulebook: Rulebook
) -> list[dict[str, Any]]:
    """Every number the answer rests on that is no curve, with where it comes from."""
    rows = [] if tariff is None else [item.as_record() for item in tariff.assumptions]
    case = loaded.case
    if is_levelled(case.finance):
        site = with_own_costs(site, loaded.fields)
    if case.limits_from_rules:
        rows += _rule_rows(loaded, rulebook)
    rules = {item.name: rule for item, rule in rules_of(case, loaded.fields, rulebook).items()}
    owned = (
        ("source", site.sources),
        ("storage", site.storages),
        ("electrolyser", site.electrolysers),
        ("generator", site.generators),
        ("fixed_asset", site.fixed_assets),
    )
    for kind, parts in owned:
        for item in parts:
            rows += _cost_rows(kind, item, case.assumptions, rules)
    if site.grid is not None and site.grid.decides_capacity:
        rows += _cost_rows("grid", site.grid, case.assumptions, rules)
    for name in SITE_FIELDS:
        unit = "1/yr" if name == "discount_rate" else "yr"
        source = case.assumptions.get(name)
        rows.append(_row(name, getattr(site, name), unit, source, rules.get(name)))
    return rows


def _rule_rows(loaded: LoadedCase, rulebook: Rulebook) -> list[dict[str, Any]]:
    given = loaded.case.limits.model_fields_set  # type: ignore[attr-defined]
    rows = []
    found = [
        (name, rulebook.get(rule_id))
        for name, rule_id in rule_limits(rulebook).items()
        if name not in given
    ]
    for name, rule in [*found, ("export_allowed", loaded.export_ban(rulebook))]:
        if rule is None:
            continue
        rows.append(
            {
                "item": name,
                "value": rule.value,
                "unit": rule.unit,
                "source": rule.source,
                "confidence": str(rule.confidence),
                "rule_id": rule.id,
            }
        )
    return rows


_UNITS = {
    "capex": "yuan/kW",
    "opex": "yuan/(kW·yr)",
    "power_capex": "yuan/kW",
    "energy_capex": "yuan/kWh",
    "power_opex": "yuan/(kW·yr)",
    "energy_opex": "yuan/(kWh·yr)",
    "lifetime": "yr",
    "charge_power_capex": "yuan/kW",
    "charge_power_opex": "yuan/(kW·yr)",
    "charge_lifetime": "yr",
    "energy_lifetime": "yr",
    "build_cost": "yuan",
    "start_cost": "yuan/start",
    "start_cost_per_mw": "yuan/(MW·start)",
    "fuel_price": "yuan/unit",
    "fuel_kwh": "kWh/unit",
    "efficiency": "share",
    "emission_factor": "kgCO2/unit",
    "charge_efficiency": "share",
    "discharge_efficiency": "share",
    "depth_of_discharge": "share",
    "replacement_cost": "yuan/kW(h)",
}


_PURCHASE = {"price": "yuan/kWh", "min_take_mwh": "MWh/yr", "shortfall_price": "yuan/kWh"}


def _cost_rows(
    kind: str, item: Any, sources: Mapping[str, str], rules: Mapping[str, Rule]
) -> list[dict[str, Any]]:
    """Prices of a part; their source stands in the case under the field's name or the part's."""
    rows = []
    owner = getattr(item, "name", kind)
    for field_name, unit in _UNITS.items():
        value = getattr(item, field_name, None)
        if value:
            title = f"{owner}.{field_name}"
            source = sources.get(title) or sources.get(owner)
            place = {"kind": kind, "owner": owner, "field": field_name}
            rows.append(_row(title, value, unit, source, rules.get(title)) | place)
    purchase = getattr(item, "purchase", None)
    for field_name, unit in _PURCHASE.items() if purchase is not None else ():
        value = getattr(purchase, field_name)
        if value is not None and np.ndim(value) == 0 and value:
            title = f"{owner}.purchase.{field_name}"
            place = {"kind": kind, "owner": owner, "field": f"purchase.{field_name}"}
            source = sources.get(title) or sources.get(owner)
            rows.append(_row(title, value, unit, source, None) | place)
    return rows


def _row(item: str, value: Any, unit: str, source: str | None, rule: Rule | None) -> dict[str, Any]:
    """A number with its origin: the case, or the rule that fills what the case leaves out."""
    if rule is not None:
        return {
            "item": item,
            "value": value,
            "unit": unit,
            "source": _("缺省值：{source}", source=rule.source),
            "confidence": str(rule.confidence),
            "rule_id": rule.id,
        }
    return {
        "item": item,
        "value": value,
        "unit": unit,
        "source": source or _("案例文件给定，未注明来源"),
        "confidence": "user",
        "rule_id": None,
    }
