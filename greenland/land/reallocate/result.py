"""Result of the re-allocation: placements, land left, and how good they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenland.i18n import _
from greenland.land.frames import LandResult
from greenland.land.reallocate.answer import (
    REALLOCATION_STATUS_LABELS,
    Answer,
    ReallocationStatus,
)
from greenland.land.reallocate.data import Prepared
from greenland.land.reallocate.remedy import remedies
from greenland.land.reallocate.settings import (
    OBJECTIVE_LABELS,
    ReallocationObjective,
    ReallocationSettings,
)
from greenland.results import records
from greenland.summary import Summary, percent, quantity


@dataclass(frozen=True, slots=True, repr=False)
class ReallocationResult(LandResult):
    """Which project gets which land, beside the benefit of the greedy allocation.

    Parameters
    ----------
    status : ReallocationStatus
        Whether the allocation is proven to be the best.
    objective : float
        Benefit of the projects placed [unit of *objective_name*].
    objective_name : str
        What is maximised: 万元/年 for tax and revenue, points for a score.
    greedy_objective, bound : float
        Benefit of the greedy allocation, and what no allocation exceeds [same unit].
    gap : float
        (bound − objective) / bound [0-1].
    seconds : float
        Spent on preparing and solving [s].
    assignments, pieces, projects, parcels : DataFrame
        Placed projects; areas by project and parcel [亩]; every project of the pipeline with
        what would place it; every parcel on offer with what is used of it.
    limits : DataFrame
        What the park has of land, power, energy and emission, and how much of it is used.
    notes : tuple of str
        What was left out or assumed.
    """

    status: ReallocationStatus
    objective: float
    objective_name: str
    greedy_objective: float
    bound: float
    gap: float
    seconds: float
    assignments: pd.DataFrame
    pieces: pd.DataFrame
    projects: pd.DataFrame
    parcels: pd.DataFrame
    limits: pd.DataFrame
    notes: tuple[str, ...] = ()

    def _summary(self) -> Summary:
        aim = _(OBJECTIVE_LABELS[ReallocationObjective(self.objective_name)])
        return Summary(
            _(REALLOCATION_STATUS_LABELS[self.status]),
            (
                (aim, quantity(self.objective)),
                (_("差距"), percent(self.gap)),
                (
                    _("已配置项目"),
                    _("{placed}，共 {all}", placed=len(self.assignments), all=len(self.projects)),
                ),
                (_("可供宗地"), str(len(self.parcels))),
            ),
        )

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "evaluated": True,
            "status": str(self.status),
            "objective": self.objective,
            "objective_name": self.objective_name,
            "greedy_objective": self.greedy_objective,
            "bound": self.bound,
            "gap": self.gap,
            # rounded up to whole seconds, so that records of one park stay alike
            "seconds": float(math.ceil(self.seconds)),
            "assignments": records(self.assignments),
            "pieces": records(self.pieces),
            "projects": records(self.projects),
            "parcels": records(self.parcels),
            "limits": records(self.limits),
            "notes": list(self.notes),
        }


def result_of(
    prepared: Prepared, chosen: ReallocationSettings, answer: Answer, seconds: float
) -> ReallocationResult:
    """Put an answer into tables."""
    best, land, projects = answer.best, prepared.land, prepared.projects
    taken = {p: sum(pieces.values()) for p, pieces in best.pieces.items()}
    placed = sorted(best.pieces)
    parts = [(p, k, area) for p in placed for k, area in best.pieces[p].items()]
    used = land.area - best.left
    names = dict(zip(prepared.table["project_id"], prepared.table["project_name"], strict=True))
    return ReallocationResult(
        status=answer.status,
        objective=best.objective,
        objective_name=str(chosen.objective),
        greedy_objective=answer.greedy.objective,
        bound=answer.bound,
        gap=answer.gap,
        seconds=seconds,
        assignments=pd.DataFrame(
            {
                "project_id": [projects.ids[p] for p in placed],
                "project_name": [names[projects.ids[p]] for p in placed],
                "parcel_ids": [[land.ids[k] for k in best.pieces[p]] for p in placed],
                "area_mu": [taken[p] for p in placed],
                "benefit": [float(projects.benefit[p]) for p in placed],
            }
        ),
        pieces=pd.DataFrame(
            {
                "project_id": [projects.ids[p] for p, _k, _a in parts],
                "parcel_id": [land.ids[k] for _p, k, _a in parts],
                "area_mu": [area for _p, _k, area in parts],
                "source": [land.source[k] for _p, k, _a in parts],
            }
        ),
        projects=remedies(prepared, answer),
        parcels=pd.DataFrame(
            {
                "parcel_id": land.ids,
                "area_mu": land.area,
                "used_mu": used,
                "left_mu": best.left,
                "land_use": land.use,
                "source": land.source,
            }
        ),
        limits=pd.DataFrame(
            [
                {"limit": name, "value": value, "used": value - best.limits_left[name]}
                for name, value in prepared.limits.items()
            ],
            columns=["limit", "value", "used"],
        ),
        notes=prepared.notes,
    )
