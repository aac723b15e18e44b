"""Whether a plan keeps the rules of direct supply: 650, 688, 1192 and 910, each by its clause.

Shares are judged in both readings of self-use, and the share of consumption in both readings of
the step to 35 %: reached by every project before 2030 (650, 688), or required of projects new
from 2030 only (1192).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from greenland.energy.compliance.checks import TOLERANCE, Check, ComplianceResult
from greenland.energy.compliance.conditions import conditions_of
from greenland.energy.compliance.config import ComplianceConfig
from greenland.energy.compliance.exchange import exchange_checks, line_checks, voltage_checks
from greenland.energy.compliance.export import export_ban
from greenland.energy.compliance.shares import curtailment_checks, near_share_checks, share_checks
from greenland.energy.compliance.zero_carbon import zero_carbon_checks
from greenland.energy.money.carbon import CarbonResult
from greenland.energy.plan.plan import Plan
from greenland.energy.site import Site, mask_of
from greenland.energy.site.identity import Capacities, CapacityKind
from greenland.energy.tariff import Tariff
from greenland.energy.tariff.config import Mode
from greenland.rules import Rulebook


def evaluate(
    ratios: Mapping[str, float],
    schedule: pd.DataFrame,
    config: ComplianceConfig,
    rulebook: Rulebook,
    *,
    connected_mw: float | None = None,
    export_mask: pd.Series | None = None,
    mode: Mode | None = None,
    emission_per_tce: float | None = None,
    energy_use_tce: float | None = None,
    makes_hydrogen: bool = False,
) -> ComplianceResult:
    """Judge a plan.

    Parameters
    ----------
    ratios : mapping
        As `Plan.ratios`: ``self_use_of_generation``, ``self_use_of_generation_net``,
        ``self_use_of_consumption``, ``export_share``, ``export_share_of_delivered``.
    schedule : DataFrame
        As `Plan.schedule`; ``import`` and ``export`` [MW].
    config : ComplianceConfig
    rulebook : Rulebook
    connected_mw : float, optional
        Declared capacity [MW].
    export_mask : Series of bool, optional
        False in steps in which nothing may be fed back.
    mode : Mode, optional
        With ``capacity`` and ``backup`` the conditions of 1192 are judged too.
    emission_per_tce : float, optional
        As 910 counts it [tCO2/tce], for a zero-carbon park.
    energy_use_tce : float, optional
        Yearly energy use as 910 counts it [tce], which decides the zero-carbon limit.
    makes_hydrogen : bool
        Whether the project has electrolysers, which some provinces treat apart.

    Returns
    -------
    ComplianceResult
    """
    checks: list[Check] = []
    if config.connection == "grid":
        checks += share_checks(ratios, config, rulebook)
        if mode in (Mode.CAPACITY, Mode.BACKUP):
            checks += near_share_checks(ratios, config, rulebook)
        ban = export_ban(config, rulebook, makes_hydrogen=makes_hydrogen)
        checks += exchange_checks(schedule, config, rulebook, connected_mw, export_mask, ban)
    if config.multi_user:
        checks += curtailment_checks(ratios, rulebook)
    checks += voltage_checks(config, rulebook)
    checks += line_checks(config, rulebook)
    if config.zero_carbon_park:
        checks += zero_carbon_checks(ratios, config, rulebook, emission_per_tce, energy_use_tce)
    exports = bool(schedule["export"].gt(TOLERANCE).any()) if "export" in schedule else False
    return ComplianceResult(tuple(checks), conditions_of(config, rulebook, exports))


def judge(
    plan: Plan,
    site: Site,
    tariff: Tariff | None,
    config: ComplianceConfig,
    rulebook: Rulebook,
    emitted: CarbonResult | None = None,
) -> ComplianceResult:
    """Hold a plan against the rules of direct supply.

    Parameters
    ----------
    plan : Plan
        Optimal.
    site : Site
        What it was sized for.
    tariff : Tariff or None
        Prices it was sized with; None off-grid.
    config : ComplianceConfig
    rulebook : Rulebook
    emitted : CarbonResult, optional
        For the targets of a zero-carbon park.
    """
    grid, schedule = site.grid, plan.schedule
    if grid is None:
        config = config.model_copy(update={"connection": "off_grid"})
    mask, declared = None, None
    if grid is not None:
        allowed = mask_of(grid.export_allowed, len(schedule))
        mask = None if bool(np.all(allowed)) else pd.Series(allowed, index=schedule.index)
        if grid.capacity_mw is not None or grid.decides_capacity:
            declared = Capacities(site, plan.capacities).get(CapacityKind.GRID)
    return evaluate(
        {str(name): float(value) for name, value in plan.ratios.items()},
        schedule,
        config,
        rulebook,
        connected_mw=declared,
        export_mask=mask,
        mode=None if tariff is None else tariff.mode,
        emission_per_tce=None if emitted is None else emitted.zero_carbon_per_tce,
        energy_use_tce=None if emitted is None else emitted.zero_carbon_energy_tce,
        makes_hydrogen=bool(site.electrolysers),
    )
