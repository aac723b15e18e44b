"""Evaluate the pipeline projects of a park."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from greenland.i18n import _
from greenland.land.admission.checks import (
    CHECK_COLUMNS,
    against_peers,
    capacity,
    controls,
    entry,
    industrial_only,
    negative_list,
    output_floor,
)
from greenland.land.admission.peers import peer_averages
from greenland.land.admission.power import power, power_verdicts
from greenland.land.admission.result import AdmissionResult
from greenland.land.admission.verdict import verdicts
from greenland.land.dated import rules_on
from greenland.land.per_mu.firms import of_year
from greenland.land.per_mu.scheme import Tenants
from greenland.results import NotEvaluated, if_evaluated

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.park import Park
    from greenland.rules import Rulebook


def evaluate(
    park: Park, *, per_mu: PerMuResult | NotEvaluated | None = None
) -> AdmissionResult | NotEvaluated:
    """Hold every pipeline project against its peers, the floors and the limits.

    Parameters
    ----------
    park : Park
        As `greenland.read_park` gives it; its ``power_room`` is what projects may connect.
    per_mu : PerMuResult, optional
        Its scheme says how landlords and tenants are evaluated, and so whose land is whose;
        without it they are taken together.

    Returns
    -------
    AdmissionResult or NotEvaluated
        The latter when there are no projects.

    Raises
    ------
    RuleNotFoundError
        If the rule packs in use lack a rule it needs.

    References
    ----------
    云南省《进一步发展壮大园区经济行动计划》第9项; 《云南省“十四五”产业园区发展规划》第四章第一节四;
    《工业项目建设用地控制指标》; 楚办发〔2023〕5号第23项 for the power supply.

    Examples
    --------
    >>> from greenland.park import read_example
    >>> result = evaluate(read_example())
    >>> len(result.projects), "verdict" in result.projects
    (28, True)
    """
    projects = park.tables["pipeline"]
    if projects.empty:
        return NotEvaluated(_("项目储备没有数据。"))
    benefit = if_evaluated(per_mu)
    tenants = Tenants.COMBINED if benefit is None else benefit.scheme.tenants
    firms = park.tables["firms"].drop_duplicates(["firm_id", "year"])
    year = of_year(firms, park.tables["parcels"], park.year, tenants)
    combined = tenants is Tenants.COMBINED
    level = str(park.config.level)
    supply = power(park, projects)
    judged = []
    for day, here in projects.groupby(decision_day(projects, park.as_of), sort=True):
        on_day = rules_on(park.rulebook, day.date())
        averages = peer_averages(here, year.firms, on_day, combined=combined)
        checks = _checks(here, averages, on_day, day.date(), level)
        checks = pd.concat([checks, supply.loc[here.index]])
        judged.append((verdicts(here, checks, averages, on_day), checks))
    found, checks = (pd.concat(parts) for parts in zip(*judged, strict=True))
    found.insert(found.columns.get_loc("verdict") + 1, "power_supply", power_verdicts(supply))
    return AdmissionResult(
        projects=found.reindex(projects.index),
        checks=_ordered(checks, projects)[CHECK_COLUMNS],
    )


def decision_day(projects: pd.DataFrame, as_of: dt.date) -> pd.Series[pd.Timestamp]:
    """Day each project is decided on: as its row says, else the day of assessment."""
    return projects["decision_date"].fillna(pd.Timestamp(as_of))


def _checks(
    projects: pd.DataFrame,
    averages: dict[str, pd.DataFrame],
    rules: Rulebook,
    day: dt.date,
    level: str,
) -> pd.DataFrame:
    """Checks of the projects decided on one day, by the rules in force on it."""
    parts = [
        *against_peers(projects, averages, rules),
        output_floor(projects, rules, level),
        *controls(projects, rules, day),
        *entry(projects, averages, rules),
        negative_list(projects, rules),
        capacity(projects, rules),
    ]
    return industrial_only(pd.concat(parts), projects, rules)


def _ordered(checks: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    place = pd.Series(range(len(projects)), index=projects.index)
    return checks.assign(order=place.reindex(checks.index)).sort_values("order", kind="stable")
