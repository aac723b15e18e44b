"""All facts of a case and its plan, as parts of the energy results."""

from __future__ import annotations

from typing import Any

from greenland.energy.case import LoadedCase
from greenland.energy.facts.investment import investment_items
from greenland.energy.facts.load import load_facts
from greenland.energy.facts.losses import loss_facts
from greenland.energy.facts.resource import resource_facts
from greenland.energy.plan.plan import Plan


def facts_of(loaded: LoadedCase, plan: Plan) -> dict[str, Any]:
    """The parts ``load``, ``resource``, ``losses``, ``investment``; without a plan the first two.

    Parameters
    ----------
    loaded : LoadedCase
    plan : Plan
        What is recommended.
    """
    site = plan.site
    found: dict[str, Any] = {
        "load": load_facts(site.load, site.step_hours, site.years, loaded.users),
        "resource": resource_facts(site, loaded.weather),
    }
    if not plan.status.has_plan:
        return found | {"losses": None, "investment": []}
    sizes = {str(name): float(value) for name, value in plan.capacities.items()}
    return found | {"losses": loss_facts(plan), "investment": investment_items(site, sizes)}
