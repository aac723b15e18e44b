"""Constraint families of a program that decides itself when to run; energy-model.md, section 8.

They stand where `ModelData.deciding_runs` asks for them: one binary variable for every step of
what may stop, and the largest capacity as what a part that is off is held by.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from greenland.energy.problem.assembly import Assembly, Term
from greenland.energy.problem.families import OPEN, all_steps
from greenland.energy.problem.stopping import FAMILIES, may_stop
from greenland.energy.site import Array
from greenland.lp.program import Integers


def _deciding(assembly: Assembly) -> Iterator[tuple[int, Any, Integers, int, float, Array]]:
    """Of what may stop: number, part, columns of flow and of capacity, most, and what can run."""
    data = assembly.data
    for number, (family, row, item) in enumerate(may_stop(data) if data.deciding_runs else ()):
        capacities = FAMILIES[family]
        flow = assembly.columns[family][row]
        size = int(assembly.columns[capacities][row])
        most = data.capacities[capacities][row].upper
        can_run = data.running[row] if family == "generation" else np.ones(data.steps)
        yield number, item, flow, size, most, can_run


def on_limit(assembly: Assembly) -> None:
    """Nothing flows where the binary variable says off [MW]."""
    steps = all_steps(assembly)
    for number, item, flow, _size, most, can_run in _deciding(assembly):
        terms: list[Term] = [(flow, 1.0), (assembly.columns["on"][number], -most * can_run)]
        assembly.add_rows("on_limit", len(steps), terms, -OPEN, 0.0, steps, item.name)


def on_min_load(assembly: Assembly) -> None:
    """At least the least share flows where the binary variable says on [MW]."""
    steps = all_steps(assembly)
    for number, item, flow, size, most, can_run in _deciding(assembly):
        least = item.min_load_share * can_run
        terms: list[Term] = [
            (size, least),
            (flow, -1.0),
            (assembly.columns["on"][number], most * least),
        ]
        assembly.add_rows("on_min_load", len(steps), terms, -OPEN, most * least, steps, item.name)


def start_limit(assembly: Assembly) -> None:
    """A step that is on after one that is off is a start; the first comes after the last."""
    steps, place = all_steps(assembly), 0
    for number, item, *_rest in _deciding(assembly):
        if item.has_start_cost:
            on = assembly.columns["on"][number]
            start = assembly.columns["start"][place]
            terms: list[Term] = [(on, 1.0), (np.roll(on, 1), -1.0), (start, -1.0)]
            assembly.add_rows("start_limit", len(steps), terms, -OPEN, 0.0, steps, item.name)
            place += 1


def start_size_limit(assembly: Assembly) -> None:
    """Capacity that is started, in a step with a start all of it [MW]."""
    steps, place = all_steps(assembly), 0
    for _number, item, _flow, size, most, _can_run in _deciding(assembly):
        if item.has_start_cost:
            start = assembly.columns["start"][place]
            started = assembly.columns["start_size"][place]
            terms: list[Term] = [(size, 1.0), (started, -1.0), (start, most)]
            assembly.add_rows("start_size_limit", len(steps), terms, -OPEN, most, steps, item.name)
            place += 1
