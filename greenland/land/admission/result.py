"""Verdicts on projects, and the result of the admission."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from greenland.i18n import N_, _
from greenland.land.frames import LandResult
from greenland.land.indicators import INDICATOR_LABELS
from greenland.land.summaries import tally
from greenland.results import STATE_LABELS, records
from greenland.summary import Summary


class AdmissionVerdict(StrEnum):
    """Outcome for a project."""

    ADMITTED = "admitted"
    CONDITIONAL = "conditional"
    REJECTED = "rejected"
    PENDING = "pending"


VERDICT_LABELS = {
    AdmissionVerdict.ADMITTED: N_("准入"),
    AdmissionVerdict.CONDITIONAL: N_("有条件准入"),
    AdmissionVerdict.REJECTED: N_("不予准入"),
    AdmissionVerdict.PENDING: N_("待定"),
}

CHECK_LABELS = {
    **INDICATOR_LABELS,
    "negative_list": N_("负面清单"),
    "capacity_category": N_("产能类别"),
    "power_demand": N_("用电负荷和可接入容量"),
}


@dataclass(frozen=True, slots=True, repr=False)
class AdmissionResult(LandResult):
    """One verdict per project, and the checks it rests on.

    Parameters
    ----------
    projects : DataFrame
        One row per project: ``verdict``, reasons, whether the supply can connect it
        (``power_supply``), and the peers it was held against.
    checks : DataFrame
        One row per project and indicator: value, what is required, and where that stands.
    """

    projects: pd.DataFrame
    checks: pd.DataFrame

    def _summary(self) -> Summary:
        return Summary(
            _("{count} 个项目", count=len(self.projects)),
            (
                (_("结论"), tally(self.projects["verdict"], VERDICT_LABELS)),
                (_("指标核对"), tally(self.checks["state"], STATE_LABELS)),
            ),
        )

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "evaluated": True,
            "projects": records(self.projects, index="row"),
            "checks": records(self.checks),
        }
