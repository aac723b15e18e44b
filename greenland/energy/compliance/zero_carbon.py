"""Targets of a zero-carbon park: 910."""

from __future__ import annotations

from collections.abc import Mapping

from greenland.energy.compliance.checks import Check, check, value_of, with_state
from greenland.energy.compliance.config import ComplianceConfig
from greenland.i18n import _
from greenland.results import State
from greenland.rules import Rulebook

GUIDE_INDICATORS = {  # key of the limit and rule: field of `ComplianceConfig`
    "clean_energy": "clean_energy_share",
    "solid_waste_used": "solid_waste_used_share",
    "waste_heat_used": "waste_heat_used_share",
    "water_reused": "water_reused_share",
    "unit_consumption_level": "unit_consumption_level",
}
LEVELS = ("unit_consumption_level",)
"""Guide indicators that are better when lower: level 1 of an energy limit standard is the best."""


def zero_carbon_checks(
    ratios: Mapping[str, float],
    config: ComplianceConfig,
    rulebook: Rulebook,
    emission_per_tce: float | None,
    energy_use_tce: float | None,
) -> list[Check]:
    """Targets of 910 for a zero-carbon park."""
    direct = rulebook.get("energy.zero_carbon.direct_supply")
    if direct is None:
        return []
    checks = [check("direct_supply", value_of(ratios, "self_use_of_consumption"), direct, ">=")]
    checks.append(_core(rulebook, emission_per_tce, energy_use_tce))
    return checks + [
        _guide(name, getattr(config, field), rulebook) for name, field in GUIDE_INDICATORS.items()
    ]


def _core(
    rulebook: Rulebook, emission_per_tce: float | None, energy_use_tce: float | None
) -> Check:
    """The core indicator, emission per unit of energy, by the size of the park.

    Both figures are those of the document: electricity by its equal value (等价值, annex 3), power
    from the grid by the factor of annex 4.
    """
    size = float("nan") if energy_use_tce is None else energy_use_tce
    suffix = "_large" if size >= rulebook.number("energy.zero_carbon.large_park") else ""
    limit = rulebook.rule(f"energy.zero_carbon.emission_per_tce{suffix}")
    if size < rulebook.number("energy.zero_carbon.small_park"):
        judged = check("emission_per_tce", emission_per_tce, None, "<=")
        unlimited = _("年综合能耗不足20万吨标煤，文件没有规定限值。")
        return with_state(judged, State.NOT_APPLICABLE, unlimited)
    missing = emission_per_tce is None or energy_use_tce is None
    value = None if missing else emission_per_tce
    needed = _("需要全园区能耗和排放数据，以及电力折标准煤系数（等价值，附件3）。")
    reason = needed if missing else ""
    return check("emission_per_tce", value, limit, "<=", reason=reason)


def _guide(name: str, value: float | None, rulebook: Rulebook) -> Check:
    """A guide indicator: a park may leave it out with reasons, so that it never fails by it."""
    rule = rulebook.rule(f"energy.zero_carbon.{name}")
    judged = check(name, value, rule, "<=" if name in LEVELS else ">=")
    if value is None:
        return with_state(judged, State.NO_DATA, _("引导性指标，需要全园区数据。"))
    if judged.state is State.FAILED:
        reason = _("引导性指标，未达到的说明理由，不作为不达标。")
        return with_state(judged, State.NOT_APPLICABLE, reason)
    return judged
