"""Constraint families of generators; see docs/energy-model.md, section 3."""

from __future__ import annotations

import numpy as np

from greenland.energy.problem.assembly import Assembly, Term
from greenland.energy.problem.families import OPEN, all_steps
from greenland.energy.problem.maintenance import standing
from greenland.energy.problem.stopping import least_steps


def generation_limit(assembly: Assembly) -> None:
    """What a generator gives within what can run of its capacity [MW]."""
    data, columns = assembly.data, assembly.columns
    for row, item in enumerate(data.site.generators):
        top = int(columns["generator_capacity"][row])
        terms: list[Term] = [(columns["generation"][row], 1.0), (top, -data.running[row])]
        steps = all_steps(assembly)
        assembly.add_rows("generation_limit", len(steps), terms, -OPEN, 0.0, steps, item.name)


def generation_min_load(assembly: Assembly) -> None:
    """What a generator gives above its least share of what can run [MW]."""
    data, columns = assembly.data, assembly.columns
    for row, item in enumerate(data.site.generators):
        steps = least_steps(data, "generation", row)
        if item.min_load_share and len(steps):
            floor = int(columns["generator_capacity"][row])
            share = item.min_load_share * data.running[row][steps]
            terms: list[Term] = [(floor, share), (columns["generation"][row][steps], -1.0)]
            owner = item.name
            assembly.add_rows("generation_min_load", len(steps), terms, -OPEN, 0.0, steps, owner)


def curtailment_limit(assembly: Assembly) -> None:
    """Curtailed is what cannot be turned off: profiles, storages, least outputs [MW].

    Else green energy could be generated to be curtailed, which raises what shares are counted of.
    """
    data, columns = assembly.data, assembly.columns
    green = data.generator_rows(green=True)
    if not green:
        return
    terms: list[Term] = [(columns["curtailment"], 1.0)]
    for place, output in zip(columns["capacity"].tolist(), data.pu, strict=True):
        terms.append((place, -output))
    for family in ("discharge", "grid_discharge"):
        terms += [(line, -1.0) for line in assembly.lines(family)]
    for j in green:
        item = data.site.generators[j]
        least = np.zeros(1) if item.can_stop else item.min_load_share * data.running[j]
        if data.windows and not item.can_stop:
            least = np.where(standing(data, j, certain=True), 0.0, least)
        terms.append((int(columns["generator_capacity"][j]), -least))
    steps = all_steps(assembly)
    assembly.add_rows("curtailment_limit", len(steps), terms, -OPEN, 0.0, steps)
