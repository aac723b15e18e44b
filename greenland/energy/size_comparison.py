"""Why this size and no other: plans with the sources smaller and larger than recommended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from greenland.energy.given_design import design_failures
from greenland.energy.given_sizes import with_sizes
from greenland.energy.plan.plan import Plan
from greenland.energy.problem.solution import Status
from greenland.energy.result import EnergyResult
from greenland.energy.site import Limits, Objective, Site
from greenland.energy.site.identity import CapacityKind, capacity_labels
from greenland.energy.sizing.resolve import size_one_of_many
from greenland.energy.sizing.together import MODULE, too_small
from greenland.i18n import _
from greenland.results import plain_value
from greenland.workers import side_by_side


@dataclass(frozen=True)
class ComparedPlan:
    """A plan with its sources at a multiple of the recommended ones.

    Parameters
    ----------
    factor : float
        Sources over recommended sources.
    recommended : bool
        Whether it is the recommendation itself.
    plan : Plan
        Storages, electrolysers and connection sized anew, the year dispatched at least cost.
    failures : tuple of str
        Limits of the case it does not keep, in words; bounds on capacities stand apart.
    within_bounds : bool
        Whether the sources lie within the bounds of the case.
    """

    factor: float
    recommended: bool
    plan: Plan
    failures: tuple[str, ...]
    within_bounds: bool

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values; None where there is no plan."""
        plan = self.plan
        record: dict[str, Any] = {
            "factor": self.factor,
            "recommended": self.recommended,
            "status": str(plan.status),
            "keeps_limits": plan.status.has_plan and not self.failures,
            "within_bounds": self.within_bounds,
            "failures": list(self.failures),
        }
        if not plan.status.has_plan:
            return record
        energy, ratios = plan.energy, plan.ratios
        kinds = {label: key.kind for key, label in capacity_labels(plan.site).items()}
        sizes = dict.fromkeys(CapacityKind, 0.0)
        for label, value in plan.capacities.items():
            sizes[CapacityKind(kinds[str(label)])] += float(value)
        load = float(energy["load"])
        values = {
            "source_mw": sizes[CapacityKind.SOURCE],
            "storage_mwh": sizes[CapacityKind.STORAGE_ENERGY],
            **{
                name: float(ratios[name])
                for name in (
                    *("self_use_of_consumption", "self_use_of_generation"),
                    *("curtailment_share", "export_share"),
                )
            },
            "annual_cost": plan.annual_cost,
            "price": plan.annual_cost / load / 1000 if load > 0 else None,
            "gap": plan.quality.gap,
        }
        return record | {name: plain_value(value) for name, value in values.items()}


def compare_sizes(result: EnergyResult, factors: Sequence[float]) -> tuple[ComparedPlan, ...]:
    """Size the case again with its sources held at multiples of the recommended ones.

    Every point is a sizing of its own over the whole horizon, under the tariff that was chosen and
    without rounding to units. It keeps the limits of the case where it can; where it cannot, they
    are left aside and named.

    Parameters
    ----------
    result : EnergyResult
        Of the case.
    factors : sequence of float
        Multiples of the recommended sources; 1 is the recommendation itself.

    Returns
    -------
    tuple of ComparedPlan
        By factor; empty without a plan, or where it has no sources.
    """
    plan, site = result.plan, result.optimum.site
    if not plan.status.has_plan:
        return ()
    labels = capacity_labels(site)
    sources = {
        label: float(plan.capacities[label])
        for key, label in labels.items()
        if key.kind is CapacityKind.SOURCE
    }
    if sum(sources.values()) <= 0:
        return ()
    others = [factor for factor in sorted(set(factors)) if factor != 1]
    with side_by_side(MODULE) as workers:
        batch = workers.start(
            partial(
                _sized_with,
                objective=plan.objective,
                engine=result.loaded.case.engine,
            ),
            [(site, {name: factor * mw for name, mw in sources.items()}) for factor in others],
            names=[_("规模对比：推荐规模的 {factor:.0%}", factor=factor) for factor in others],
            alone=too_small(site, len(others)),
        )
        plans = batch.results()
    found = [ComparedPlan(1.0, True, plan, (), True)]
    for factor, made in zip(others, plans, strict=True):
        sizes = {name: factor * mw for name, mw in sources.items()}
        failures = [
            one for one in design_failures(site, sizes, made) if not one.limit.kind.existing
        ]
        words = tuple(dict.fromkeys(one.text for one in failures))
        found.append(ComparedPlan(factor, False, made, words, _within(site, sizes)))
    return tuple(sorted(found, key=lambda one: one.factor))


def _sized_with(task: tuple[Site, dict[str, float]], *, objective: Objective, engine: str) -> Plan:
    """Size a site with its sources held, with its limits if it can be, else without them."""
    site, sizes = task
    held = with_sizes(site, sizes)
    plan = size_one_of_many(held, objective, engine)
    if plan.status is not Status.INFEASIBLE:
        return plan
    least = None if site.limits.max_unserved_share is None else 1.0
    relaxed = replace(held, limits=Limits(max_unserved_share=least))
    return size_one_of_many(relaxed, objective, engine)


def _within(site: Site, sizes: dict[str, float]) -> bool:
    """Whether sources lie within the bounds of the case, a rounding of the last digit aside."""
    labels = {key.owner: label for key, label in capacity_labels(site).items()}
    for item in site.sources:
        total, slack = sizes[labels[item.name]], 1e-6 * max(1.0, sizes[labels[item.name]])
        low, high = item.existing_mw + item.min_mw, item.existing_mw + item.max_mw
        if not low - slack <= total <= high + slack:
            return False
    return True
