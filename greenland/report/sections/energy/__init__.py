"""Chapters on energy: the plan, its limits, the year, the money, the carbon."""

from __future__ import annotations

from greenland.record.energy.energy import EnergyRecord
from greenland.report.blocks import Section
from greenland.report.hours import Hours
from greenland.report.sections.energy import carbon, dispatch, facts, limits, money, plan, study


def sections(energy: EnergyRecord, hours: Hours | None) -> list[Section]:
    """The chapters that have something to say."""
    made = (
        plan.section(energy, hours),
        limits.compliance(energy),
        facts.section(energy),
        dispatch.section(hours),
        money.section(energy),
        limits.shadow_prices(energy),
        carbon.section(energy),
        study.section(energy),
        facts.details(energy),
    )
    # that there is no plan is told though there is nothing to show of it
    told = (section for section in made if section is not None)
    return [section for section in told if section.blocks or section.id == "energy-plan"]
