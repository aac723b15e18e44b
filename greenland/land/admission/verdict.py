"""The verdict on each project from its checks, with reasons and the area that passes.

No project is admitted, not even on a condition, while a red line is blank or a core check could
not be made: it is pending, and what is missing is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.i18n import N_, Text, _, joined
from greenland.land.admission.checks import LISTED, industrial
from greenland.land.admission.power import POWER
from greenland.land.admission.result import CHECK_LABELS, AdmissionVerdict
from greenland.land.limits import falls_short
from greenland.results import State

if TYPE_CHECKING:
    from greenland.rules import Rulebook

# Core checks: what 云南省《进一步发展壮大园区经济行动计划》第9项 asks of every new project.
CORE = ("investment_intensity", "revenue_per_mu")
_FAILED = {
    POWER: N_("供电能力不够"),
    "negative_list": N_("列入负面清单"),
    "capacity_category": N_("产能属于限制类或淘汰类"),
}


def verdicts(
    projects: pd.DataFrame,
    checks: pd.DataFrame,
    averages: dict[str, pd.DataFrame],
    rules: Rulebook,
) -> pd.DataFrame:
    """AdmissionVerdict, reason and passing area of each project.

    Parameters
    ----------
    checks : DataFrame
        All checks, indexed by the row of the project.
    averages : dict of indicator to DataFrame
        Peers each project is held against.

    Returns
    -------
    DataFrame
        One row per project; ``passing_area_mu`` is the area [亩] at which every check of area
        passes.
    """
    consequences = rules.rule("land.admission.consequences").value
    leads_to = consequences if isinstance(consequences, dict) else {}
    leads_to = {POWER: "condition", **leads_to}  # a park's own table may be older than the check
    kind = checks["indicator"].map(leads_to)
    failed = checks["state"] == State.FAILED
    blockers = _blockers(checks, kind, industrial(projects, rules))
    index = projects.index
    refused = _any(failed & (kind == "reject"), index)
    by_area = _any(failed & (kind == "area"), index)
    by_plan = _any(failed & (kind == "condition"), index)
    blind = _any(blockers, index)
    passing = checks["area_limit_mu"].groupby(level=0).min().reindex(index)
    least = projects["min_area_mu"].fillna(0.0)
    too_small = by_area & (falls_short(passing, least) | ~(passing > 0))
    verdict = np.select(
        [refused | too_small, blind, by_area | by_plan],
        [AdmissionVerdict.REJECTED, AdmissionVerdict.PENDING, AdmissionVerdict.CONDITIONAL],
        AdmissionVerdict.ADMITTED,
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
    said = _reasons(projects, checks, blockers, passing, by_area, too_small)
    frame["reason"] = pd.Series(said, index=index, dtype=object)
    return frame


def _blockers(
    checks: pd.DataFrame, kind: pd.Series[Any], industry: pd.Series[bool]
) -> pd.Series[bool]:
    """Checks for want of which nothing is decided: blank red lines, and core checks not made.

    Red lines are what leads to a refusal, and the two lists whatever a park makes of them.
    """
    red = (kind == "reject") | checks["indicator"].isin(LISTED)
    blank = red & (checks["state"] == State.NO_DATA)
    core = checks["indicator"].isin(CORE) & (checks["basis"] != "control")
    made = checks["state"].isin([State.MET, State.FAILED])
    return blank | (core & ~made & industry.reindex(checks.index))


def _any(flags: pd.Series[bool], index: pd.Index) -> pd.Series[bool]:
    return flags.groupby(level=0).any().reindex(index, fill_value=False)


def _reasons(
    projects: pd.DataFrame,
    checks: pd.DataFrame,
    blockers: pd.Series[bool],
    passing: pd.Series[float],
    by_area: pd.Series[bool],
    too_small: pd.Series[bool],
) -> list[Text | None]:
    texts: dict[Any, list[Text]] = {}
    bad = checks[checks["state"] == State.FAILED]
    named = zip(bad.index.tolist(), bad["indicator"].tolist(), bad["reason"].tolist(), strict=True)
    for row, name, why in named:
        crossed = _(_FAILED[name]) if name in _FAILED else _failed(name)
        if name == POWER:  # what would let it in stands in the check
            crossed = _("{what}（{why}）", what=crossed, why=why)
        texts.setdefault(row, []).append(crossed)
    blank = checks["state"] == State.NO_DATA
    for part, words in (
        (checks[blockers], N_("不能下结论，缺：{names}")),
        (checks[blank & ~blockers], N_("缺数据：{names}")),
    ):
        lacking: dict[Any, list[Text]] = {}
        for row, name in zip(part.index.tolist(), part["indicator"].tolist(), strict=True):
            lacking.setdefault(row, []).append(_(CHECK_LABELS[name]))
        for row, names in lacking.items():
            texts.setdefault(row, []).append(_(words, names=joined(names)))
    shown = by_area & (passing > 0)
    asked, least = projects["requested_area_mu"], projects["min_area_mu"]
    for row in projects.index[shown].tolist():
        texts[row].append(_area_text(passing[row], asked[row]))
        if too_small[row]:
            texts[row].append(_("项目至少需要 {least} 亩", least=f"{least[row]:.2f}"))
    return [joined(texts[row]) if row in texts else None for row in projects.index.tolist()]


def _failed(name: str) -> Text:
    return _("{label}不达标", label=_(CHECK_LABELS[name]))


def _area_text(passing: float, asked: float) -> Text:
    below = np.floor(passing * 100) / 100  # rounded down, so that the area stated does pass
    return _(
        "用地不超过 {area} 亩可通过，申请 {asked} 亩", area=f"{below:.2f}", asked=f"{asked:.2f}"
    )
