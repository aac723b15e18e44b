"""项目准入: pipeline projects against existing firms of the same kind, floors and limits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.i18n import N_, Text, _
from greenland.land import summaries
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
from greenland.land.admission.peers import BASIS_LABELS, Basis, peer_averages
from greenland.land.frames import LandResult
from greenland.land.indicators import INDICATOR_LABELS, joined
from greenland.land.per_mu.firms import of_year
from greenland.land.per_mu.scheme import Tenants
from greenland.results import NotEvaluated, State, made, records
from greenland.summary import Summary

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.park import Park
    from greenland.rules import Rulebook


class Verdict(StrEnum):
    """Outcome for a project."""

    ADMITTED = "admitted"
    CONDITIONAL = "conditional"
    REJECTED = "rejected"
    NO_DATA = "no_data"


VERDICT_LABELS = {
    Verdict.ADMITTED: N_("准入"),
    Verdict.CONDITIONAL: N_("有条件准入"),
    Verdict.REJECTED: N_("不予准入"),
    Verdict.NO_DATA: N_("缺数据"),
}
_FAILED = {
    "negative_list": N_("列入负面清单"),
    "capacity_category": N_("产能属于限制类或淘汰类"),
}
CHECK_LABELS = {
    **INDICATOR_LABELS,
    "negative_list": N_("负面清单"),
    "capacity_category": N_("产能类别"),
}


@dataclass(frozen=True, slots=True, repr=False)
class AdmissionResult(LandResult):
    """One verdict per project, and the checks it rests on."""

    projects: pd.DataFrame
    checks: pd.DataFrame

    def _summary(self) -> Summary:
        return summaries.admission(self)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "evaluated": True,
            "projects": records(self.projects, index="row"),
            "checks": records(self.checks),
        }


def evaluate(
    park: Park, per_mu: PerMuResult | NotEvaluated | None = None
) -> AdmissionResult | NotEvaluated:
    """Hold every pipeline project against its peers, the floors and the limits.

    Parameters
    ----------
    park : Park
    per_mu : result, optional
        Its scheme says how landlords and tenants are evaluated, and so whose land is whose;
        without it they are taken together.

    Returns
    -------
    AdmissionResult, or NotEvaluated when there are no projects.

    References
    ----------
    云南省《进一步发展壮大园区经济行动计划》第9项; 《云南省“十四五”产业园区发展规划》4.1.4;
    《工业项目建设用地控制指标》.
    """
    projects, rules = park.tables["pipeline"], park.rulebook
    if projects.empty:
        return NotEvaluated(_("项目储备没有数据。"))
    benefit = made(per_mu)
    tenants = Tenants.COMBINED if benefit is None else benefit.scheme.tenants
    firms = park.tables["firms"].drop_duplicates(["firm_id", "year"])
    year = of_year(firms, park.tables["parcels"], park.year, tenants)
    combined = tenants is Tenants.COMBINED
    averages = peer_averages(projects, year.firms, rules, combined=combined)
    parts = [
        *against_peers(projects, averages, rules),
        output_floor(projects, rules, str(park.config.level)),
        *controls(projects, rules, park.as_of),
        *entry(projects, averages, rules),
        negative_list(projects, rules),
        capacity(projects, rules),
    ]
    checks = industrial_only(pd.concat(parts), projects, rules)
    return AdmissionResult(
        projects=_verdicts(projects, checks, averages, rules),
        checks=_ordered(checks, projects)[CHECK_COLUMNS],
    )


def _ordered(checks: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    place = pd.Series(range(len(projects)), index=projects.index)
    return checks.assign(order=place.reindex(checks.index)).sort_values("order", kind="stable")


def _verdicts(
    projects: pd.DataFrame,
    checks: pd.DataFrame,
    averages: dict[str, pd.DataFrame],
    rules: Rulebook,
) -> pd.DataFrame:
    consequences = rules.rule("land.admission.consequences").value
    needed = rules.rule("land.admission.required").value
    leads_to = consequences if isinstance(consequences, dict) else {}
    kind = checks["indicator"].map(leads_to)
    failed = checks["state"] == State.FAILED
    unknown = checks["state"] == State.NO_DATA
    index = projects.index
    refused = _any(failed & (kind == "reject"), index)
    by_area = _any(failed & (kind == "area"), index)
    by_plan = _any(failed & (kind == "condition"), index)
    blind = _any(unknown & checks["indicator"].isin(needed), index)  # type: ignore[arg-type]
    passing = checks["area_limit_mu"].groupby(level=0).min().reindex(index)
    least = projects["min_area_mu"].fillna(0.0)
    too_small = by_area & ((passing < least) | ~(passing > 0))
    verdict = np.select(
        [refused | too_small, blind, by_area | by_plan],
        [Verdict.REJECTED, Verdict.NO_DATA, Verdict.CONDITIONAL],
        Verdict.ADMITTED,
    )
    basis = averages["investment_intensity"]
    frame = pd.DataFrame(
        {
            "project_id": projects["project_id"],
            "project_name": projects["project_name"],
            "industry_code": projects["industry_code"],
            "basis": basis["basis"],
            "peers": basis["peers"],
            "verdict": [str(item) for item in verdict],
            "requested_area_mu": projects["requested_area_mu"],
            "passing_area_mu": passing,
        },
        index=index,
    )
    frame["reason"] = _reasons(projects, checks, passing, by_area, too_small)
    return frame


def _any(flags: pd.Series[bool], index: pd.Index) -> pd.Series[bool]:
    return flags.groupby(level=0).any().reindex(index, fill_value=False)


def _reasons(
    projects: pd.DataFrame,
    checks: pd.DataFrame,
    passing: pd.Series[float],
    by_area: pd.Series[bool],
    too_small: pd.Series[bool],
) -> list[Text | None]:
    said: dict[Any, list[Text]] = {}
    bad = checks[checks["state"] == State.FAILED]
    for row, name in zip(bad.index.tolist(), bad["indicator"].tolist(), strict=True):
        words = _(_FAILED[name]) if name in _FAILED else _failed(name)
        said.setdefault(row, []).append(words)
    blank = checks[checks["state"] == State.NO_DATA]
    lacking: dict[Any, list[Text]] = {}
    for row, name in zip(blank.index.tolist(), blank["indicator"].tolist(), strict=True):
        lacking.setdefault(row, []).append(_(CHECK_LABELS[name]))
    for row, names in lacking.items():
        said.setdefault(row, []).append(_("缺数据：{names}", names=joined(names)))
    shown = by_area & (passing > 0)
    asked, least = projects["requested_area_mu"], projects["min_area_mu"]
    for row in projects.index[shown].tolist():
        said[row].append(_area_text(passing[row], asked[row]))
        if too_small[row]:
            said[row].append(_("项目至少需要 {least} 亩", least=f"{least[row]:.2f}"))
    return [joined(said[row]) if row in said else None for row in projects.index.tolist()]


def _failed(name: str) -> Text:
    return _("{label}不达标", label=_(CHECK_LABELS[name]))


def _area_text(passing: float, asked: float) -> Text:
    below = np.floor(passing * 100) / 100  # rounded down, so that the area stated does pass
    return _(
        "用地不超过 {area} 亩可通过，申请 {asked} 亩", area=f"{below:.2f}", asked=f"{asked:.2f}"
    )


__all__ = [
    "BASIS_LABELS",
    "CHECK_LABELS",
    "VERDICT_LABELS",
    "AdmissionResult",
    "Basis",
    "Verdict",
    "evaluate",
]
