"""A plan sized by both engines, which share nothing but the arrays of the problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from greenland.energy.plan.plan import Plan
from greenland.energy.problem.solution import STATUS_LABELS, Status
from greenland.energy.sizing.solve import size
from greenland.i18n import _
from greenland.results import plain_value

AGREEMENT = 1e-6
"""Relative difference of the objective up to which two engines agree."""


@dataclass(frozen=True)
class CrossCheck:
    """What another engine comes to.

    Parameters
    ----------
    engine, other_engine : str
    status, other_status : Status
    objective, other_objective : float, optional
        Unit of the objective; None without a plan.
    size_difference : float, optional
        Largest difference of a capacity, relative to the largest of all [-]. Capacities may
        differ where several are equally good.
    """

    engine: str
    other_engine: str
    status: Status
    other_status: Status
    objective: float | None
    other_objective: float | None
    size_difference: float | None

    @property
    def difference(self) -> float | None:
        """Difference of the objectives, relative to the larger [-]."""
        if self.objective is None or self.other_objective is None:
            return None
        scale = max(abs(self.objective), abs(self.other_objective), 1e-12)
        return abs(self.objective - self.other_objective) / scale

    @property
    def agrees(self) -> bool:
        """Whether both have a plan equally good, or neither has one."""
        if self.difference is None:
            return self.status == self.other_status
        return self.difference <= AGREEMENT

    @property
    def text(self) -> str:
        """Both answers, in words."""
        values = {"one": self.engine, "other": self.other_engine}
        if self.difference is None or self.size_difference is None:
            said = _(
                "{one}：{status}；{other}：{other_status}。",
                status=_(STATUS_LABELS[self.status]),
                other_status=_(STATUS_LABELS[self.other_status]),
                **values,
            )
            return str(said)
        values |= {
            "difference": f"{self.difference:.1e}",
            "sizes": f"{self.size_difference:.1e}",
        }
        agreed = _("一致") if self.agrees else _("不一致")
        said = _(
            "{one} 与 {other} {agreed}：目标值相差 {difference}，容量最多相差 {sizes}（相对）。",
            agreed=agreed,
            **values,
        )
        return str(said)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            **{name: plain_value(getattr(self, name)) for name in self.__annotations__},
            "status": str(self.status),
            "other_status": str(self.other_status),
            "difference": plain_value(self.difference),
            "agrees": self.agrees,
            "text": self.text,
        }


def cross_check(plan: Plan) -> CrossCheck:
    """Size the site of a plan by the other engine.

    Parameters
    ----------
    plan : Plan
        The continuous optimum.
    """
    other = size(
        plan.site,
        objective=plan.objective,
        engine="highs" if plan.engine == "interior" else "interior",
    )
    both = plan.status.has_plan and other.status.has_plan
    sizes = None
    if both:
        largest = max(float(plan.capacities.abs().max()), 1e-12)
        sizes = float((plan.capacities - other.capacities).abs().max()) / largest
    return CrossCheck(
        plan.engine,
        other.engine,
        plan.status,
        other.status,
        plan.objective_value if plan.status.has_plan else None,
        other.objective_value if other.status.has_plan else None,
        sizes,
    )
