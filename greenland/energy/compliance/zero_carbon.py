"""Targets of a zero-carbon park: 910."""

from __future__ import annotations

from collections.abc import Mapping

from greenland.energy.compliance.checks import Check, check, value_of
from greenland.energy.compliance.config import ComplianceConfig
from greenland.i18n import _
from greenland.rules import Rulebook


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
    clean = rulebook.rule("energy.zero_carbon.clean_energy")
    reason = _("需要全园区能源消费数据。") if config.clean_energy_share is None else ""
    checks.append(check("clean_energy", config.clean_energy_share, clean, ">=", reason=reason))
    large = energy_use_tce is not None and energy_use_tce >= rulebook.number(
        "energy.zero_carbon.large_park"
    )
    suffix = "_large" if large else ""
    limit = rulebook.rule(f"energy.zero_carbon.emission_per_tce{suffix}")
    reason = _("需要全园区能耗和排放数据。") if emission_per_tce is None else ""
    checks.append(check("emission_per_tce", emission_per_tce, limit, "<=", reason=reason))
    return checks
