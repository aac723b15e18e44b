"""What a plan means in money, rules and carbon: one call after the sizing.

``state`` makes the parts ``compliance``, ``checklist``, ``users``, ``bill``, ``finance``,
``carbon`` and ``assumptions`` of the energy record from a plan, its site and its tariff.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from greenland.energy import allocation, carbon, compliance, finance
from greenland.energy.bill import (
    KWH_PER_MWH,
    Bill,
    bill,
    grid_only_bill,
    grid_only_schedule,
    saving,
    self_use,
)
from greenland.energy.carbon import CarbonConfig, chosen_factor
from greenland.energy.compliance import ComplianceConfig, unknown_answers
from greenland.energy.finance.assets import Residual, ages_of, assets_of
from greenland.energy.finance.cash_flow import Project, unknown_ageing
from greenland.energy.finance.config import MAX_YEARS, FinanceConfig
from greenland.energy.finance.operation import OperatingYear, Operation
from greenland.energy.identity import Capacities, CapacityKind, ColumnKind, Columns
from greenland.energy.site import Objective, Site, mask_of, values_of
from greenland.energy.tariff import Tariff, tariff_of_grid
from greenland.errors import InputError, Problem
from greenland.i18n import _
from greenland.results import plain_value, records
from greenland.rules import Rulebook


class MoneyConfig(BaseModel):
    """The parts of a case or park file that say how a plan is judged."""

    model_config = ConfigDict(extra="forbid")

    finance: FinanceConfig = FinanceConfig()
    compliance: ComplianceConfig = ComplianceConfig()
    carbon: CarbonConfig | None = None


class SizedPlan(Protocol):
    """What is read of a plan; `greenland.energy.plan.Plan` has it."""

    @property
    def capacities(self) -> pd.Series: ...  # noqa: D102
    @property
    def schedule(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def ratios(self) -> pd.Series: ...  # noqa: D102
    @property
    def annual_cost(self) -> float: ...  # noqa: D102


def config_problems(
    names: Sequence[str],
    rulebook: Rulebook,
    *,
    finance: FinanceConfig | None = None,
    compliance: ComplianceConfig | None = None,
    carbon: CarbonConfig | None = None,
) -> list[Problem]:
    """What fits nothing in the parts about money, found before anything is sized.

    Parameters
    ----------
    names : sequence of str
        Sources and storages.
    rulebook : Rulebook
    finance, compliance, carbon : optional
        Parts of the file.
    """
    found = []
    if finance is not None:
        found += unknown_ageing(finance, names)
    if compliance is not None:
        found += unknown_answers(compliance, rulebook)
    if carbon is not None:
        try:
            chosen_factor(carbon, rulebook)
        except InputError as error:
            found += error.problems
    return found


def metered(site: Site, schedule: pd.DataFrame) -> pd.DataFrame:
    """A schedule as bills and operation read it, under names that belong to no part of the site.

    Parameters
    ----------
    site : Site
    schedule : DataFrame
        As `Plan.schedule` [MW].

    Returns
    -------
    DataFrame
        ``load`` is all that is really used: firm and flexible load, less what is interrupted or
        unserved. ``charge``, ``discharge``, ``grid_charge`` and ``grid_discharge`` are those of
        all storages; ``import``, ``export``, ``curtailment`` as they are [MW].
    """
    found, stores = Columns(site, schedule), [item.name for item in site.storages]
    owners = {
        ColumnKind.SHIFTABLE: ([item.name for item in site.shiftable], 1.0),
        ColumnKind.ELECTROLYSER: ([item.name for item in site.electrolysers], 1.0),
        ColumnKind.INTERRUPTED: ([item.name for item in site.interruptible], -1.0),
    }
    load = found.of(ColumnKind.LOAD) - found.of(ColumnKind.UNSERVED)
    for kind, (names, sign) in owners.items():
        load = load + sign * found.total(kind, names)
    columns = {"load": load}
    for kind in (ColumnKind.IMPORT, ColumnKind.EXPORT, ColumnKind.CURTAILMENT):
        columns[str(kind)] = found.of(kind)
    for kind in (
        *(ColumnKind.CHARGE, ColumnKind.DISCHARGE),
        *(ColumnKind.GRID_CHARGE, ColumnKind.GRID_DISCHARGE),
    ):
        columns[str(kind)] = found.total(kind, stores)
    return pd.DataFrame(columns, index=schedule.index)


def baseline_load(site: Site) -> pd.Series:
    """What would be bought if all came from the grid [MW].

    Shiftable loads run as planned, electrolysers evenly at their least product.
    """
    bought = site.load.astype(float).copy()
    for shift in site.shiftable:
        bought += values_of(shift.profile, len(bought))
    for made in site.electrolysers:
        bought += made.min_product_t * made.mwh_per_t / 8760
    return bought.rename("load")


def other_costs(site: Site, schedule: pd.DataFrame) -> float:
    """Running costs besides fixed opex and the electricity bill, less income from products.

    Parameters
    ----------
    site : Site
    schedule : DataFrame
        As `Plan.schedule` [MW].

    Returns
    -------
    float
        [yuan/yr]
    """
    columns, scale = Columns(site, schedule), site.step_hours / site.years

    def of(kind: ColumnKind, owner: str = "") -> float:
        return float(columns.of(kind, owner).sum()) * scale

    total = sum(item.variable_cost * of(ColumnKind.SOURCE, item.name) for item in site.sources)
    total += sum(b.throughput_cost * of(ColumnKind.DISCHARGE, b.name) for b in site.storages)
    total += sum(item.price * of(ColumnKind.INTERRUPTED, item.name) for item in site.interruptible)
    total += site.unserved_price * of(ColumnKind.UNSERVED)
    product = sum(
        made.product_price * of(ColumnKind.ELECTROLYSER, made.name) / made.mwh_per_t
        for made in site.electrolysers
    )
    return total * KWH_PER_MWH - product


def project_of(
    plan: SizedPlan, site: Site, tariff: Tariff | None, grid_tariff: Tariff | None
) -> Project:
    """Everything the cash flow needs of a plan.

    Parameters
    ----------
    plan : Plan
        Optimal.
    site : Site
    tariff : Tariff, optional
        The plan's; from the site's grid when left out.
    grid_tariff : Tariff, optional
        Of the load if all came from the grid; *tariff* when left out.
    """
    tariff, grid_tariff = _tariffs(site, tariff, grid_tariff)
    schedule, columns = metered(site, plan.schedule), Columns(site, plan.schedule)
    years, objective = site.project_years, getattr(plan, "objective", None)
    sources, storages = ages_of(site, max(years, MAX_YEARS))
    operation = Operation(
        schedule,
        tariff,
        _connected(plan, site),
        {item.name: columns.of(ColumnKind.SOURCE, item.name) for item in site.sources},
    )
    return Project(
        assets=assets_of(site, plan.capacities),
        operation=operation,
        baseline=_baseline(site, grid_tariff),
        other_yuan=other_costs(site, plan.schedule),
        discount_rate=site.discount_rate,
        years=years,
        source_ages=sources,
        storage_ages=storages,
        residual=Residual.LINEAR if objective == Objective.NPV else Residual.ECONOMIC,
        technologies={item.name: item.technology for item in site.sources},
    )


def _tariffs(
    site: Site, tariff: Tariff | None, grid_tariff: Tariff | None
) -> tuple[Tariff | None, Tariff | None]:
    if tariff is None and site.grid is not None:
        tariff = tariff_of_grid(site.grid, site.index)
    return tariff, grid_tariff if grid_tariff is not None else tariff


def _connected(plan: SizedPlan, site: Site) -> float:
    return Capacities(site, plan.capacities).get(CapacityKind.GRID)


def grid_only_mw(site: Site) -> float:
    """Connected capacity of the load alone: the fixed one if it is enough, else its peak [MW]."""
    peak = float(baseline_load(site).max())
    given = None if site.grid is None else site.grid.capacity_mw
    return peak if given is None else max(peak, given)


def _baseline(site: Site, tariff: Tariff | None) -> OperatingYear:
    if tariff is None:
        return OperatingYear()
    schedule = grid_only_schedule(baseline_load(site))
    return Operation(schedule, tariff, grid_only_mw(site)).new()


def state(
    plan: SizedPlan,
    site: Site,
    tariff: Tariff | None,
    config: MoneyConfig,
    rulebook: Rulebook,
    *,
    grid_tariff: Tariff | None = None,
    users: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Everything that is said of a plan besides its sizes.

    Parameters
    ----------
    plan : Plan
        Optimal.
    site : Site
        What it was sized for.
    tariff : Tariff or None
        Prices it was sized with; None takes the site's grid as it stands.
    config : MoneyConfig
    rulebook : Rulebook
    grid_tariff : Tariff, optional
        Of the load if all came from the grid, see `greenland.energy.tariff.grid_only`.
    users : DataFrame, optional
        Consumption of each user [MW] on the site's index, for a project with several.

    Returns
    -------
    dict
        ``compliance``, ``checklist``, ``users``, ``bill``, ``finance``, ``carbon``,
        ``assumptions``; JSON-ready.

    Raises
    ------
    NotOptimalError
        If the plan has no values.
    """
    tariff, grid_tariff = _tariffs(site, tariff, grid_tariff)
    schedule = metered(site, plan.schedule)
    project = project_of(plan, site, tariff, grid_tariff)
    emitted = _carbon(project, config, rulebook)
    judged = judge(plan, site, tariff, config.compliance, rulebook, emitted)
    record = {
        **judged.to_record(),
        "users": _users(self_use(schedule), users, rulebook),
        "bill": _bills(plan, site, schedule, tariff, grid_tariff),
        "finance": _finance(plan, project, config, rulebook),
        "carbon": emitted.to_record()
        if emitted is not None
        else {"evaluated": False, "reason": str(_("没有选择排放因子（carbon.factor）。"))},
        "assumptions": [] if tariff is None else [i.as_record() for i in tariff.assumptions],
    }
    plain: dict[str, Any] = plain_value(record)
    return plain


def _carbon(
    project: Project, config: MoneyConfig, rulebook: Rulebook
) -> carbon.CarbonResult | None:
    if config.carbon is None:
        return None
    return carbon.evaluate(project.baseline, project.operation.new(), config.carbon, rulebook)


def judge(
    plan: SizedPlan,
    site: Site,
    tariff: Tariff | None,
    config: ComplianceConfig,
    rulebook: Rulebook,
    emitted: carbon.CarbonResult | None = None,
) -> compliance.ComplianceResult:
    """Hold a plan against the rules of direct supply, see `greenland.energy.compliance`.

    Parameters
    ----------
    plan, site, tariff
        As in `state`.
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
            declared = _connected(plan, site)
    return compliance.evaluate(
        {str(name): float(value) for name, value in plan.ratios.items()},
        schedule,
        config,
        rulebook,
        connected_mw=declared,
        export_mask=mask,
        mode=None if tariff is None else tariff.mode,
        emission_per_tce=None if emitted is None else emitted.after_per_tce,
        energy_use_tce=None if emitted is None else emitted.energy_use_tce,
    )


def _users(
    green: pd.Series, users: pd.DataFrame | None, rulebook: Rulebook
) -> list[dict[str, Any]]:
    if users is None:
        return []
    rule = rulebook.get(allocation.RULE_ID)
    rows = records(allocation.user_table(green, users))
    return [{**row, "rule_id": None if rule is None else rule.id} for row in rows]


def _bills(
    plan: SizedPlan,
    site: Site,
    schedule: pd.DataFrame,
    tariff: Tariff | None,
    grid_tariff: Tariff | None,
) -> dict[str, Any]:
    if tariff is None or grid_tariff is None:
        return {"evaluated": False, "reason": str(_("离网项目没有电网电费。"))}
    own: Bill = bill(tariff, schedule, _connected(plan, site))
    grid: Bill = grid_only_bill(grid_tariff, baseline_load(site), grid_only_mw(site))
    return {
        "grid_only": grid.to_record(),
        "plan": own.to_record(),
        **saving(grid, own),
        "tariff": tariff.record(),
        "grid_only_tariff": grid_tariff.record(),
    }


def _finance(
    plan: SizedPlan, project: Project, config: MoneyConfig, rulebook: Rulebook
) -> dict[str, Any]:
    result = finance.statement(project, config.finance, rulebook)
    return {**result.to_record(), "plan_annual_cost": plan.annual_cost}
