"""What may be turned off: loads and generators that run above a least share, or not at all.

The linear program leaves the least share out of what may stop; a plan of when it runs makes it
bounds and rows. See docs/energy-model.md, section 8.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from greenland.energy.problem.maintenance import standing
from greenland.energy.site import Array

if TYPE_CHECKING:
    from greenland.energy.problem.data import ModelData

Mask = NDArray[np.bool_]
FAMILIES = {"electrolyser_load": "electrolyser_capacity", "generation": "generator_capacity"}
"""Flows of what may stop, and their capacities."""


def parts_of(data: ModelData, family: str) -> tuple[Any, ...]:
    """The parts whose flows are in a family."""
    site = data.site
    return tuple(site.electrolysers if family == "electrolyser_load" else site.generators)


def stopping(data: ModelData) -> bool:
    """Whether anything may stop."""
    return bool(may_stop(data))


def may_stop(data: ModelData) -> list[tuple[str, int, Any]]:
    """Family of flows, number in it, and part, of all that may stop."""
    return [
        (family, row, item)
        for family in FAMILIES
        for row, item in enumerate(parts_of(data, family))
        if item.can_stop
    ]


def most_of(data: ModelData, family: str) -> Array:
    """Upper bounds of the flows: zero where a part is off, or stands for its maintenance."""
    items, found = parts_of(data, family), data.running_steps.get(family)
    most = np.full((len(items), data.steps), np.inf)
    if found is not None:
        most[~found] = 0.0
    for window in data.windows if family == "generation" else ():
        most[window.row, standing(data, window.row, certain=True)] = 0.0
    return most


def least_steps(data: ModelData, family: str, row: int) -> NDArray[np.int64]:
    """Steps in which a part is above its least share; none while it is not decided when it runs.

    Nor are those in which it may stand for its maintenance.
    """
    found = data.running_steps.get(family)
    runs = np.ones(data.steps, dtype=bool)
    if parts_of(data, family)[row].can_stop:
        runs = np.zeros(data.steps, dtype=bool) if found is None else found[row]
    if family == "generation" and data.windows:
        runs = runs & ~standing(data, row, certain=False)
    return np.flatnonzero(runs)


def least_of(data: ModelData, family: str, values: Mapping[str, Array]) -> list[Array]:
    """Least flow of every part of a family where it runs, by the capacities of an answer [MW]."""
    found = []
    for row, item in enumerate(parts_of(data, family)):
        available = data.running[row] if family == "generation" else np.ones(data.steps)
        size = float(values[FAMILIES[family]][row])
        found.append(item.min_load_share * available * size)
    return found


def with_runs(data: ModelData, values: Mapping[str, Array], threshold: float) -> ModelData:
    """The problem with what may stop running where an answer is above a share of its least."""

    def runs(family: str, row: int, flow: Array, least: Array) -> Mask:
        return (flow > threshold * least) & (flow > 0)

    return _running(data, values, runs)


def with_paying_runs(
    data: ModelData,
    values: Mapping[str, Array],
    costs: Mapping[str, Array],
    prices: tuple[Array, Array],
) -> ModelData:
    """The problem with what may stop running where its least pays.

    Parameters
    ----------
    values : mapping of family to array
        Of the program without least shares: the flow that is wanted.
    costs : mapping of family to array
        Of the objective.
    prices : pair of array
        Duals of the balance with everything off and with everything on that was on the fence: what
        is wanted is worth the first, what is beyond it to the least the second.
    """
    off, on = prices

    def runs(family: str, row: int, flow: Array, least: Array) -> Mask:
        wanted, beyond = np.minimum(flow, least), np.maximum(least - flow, 0.0)
        worth = off * wanted + on * beyond
        unit = np.broadcast_to(costs[family][row], flow.shape) if family in costs else 0.0 * flow
        gained = (worth if family == "generation" else -worth) - unit * least
        return np.asarray((beyond <= 0) | ((gained > 0) & (flow > 0)))

    return _running(data, values, runs)


def _running(
    data: ModelData,
    values: Mapping[str, Array],
    runs: Callable[[str, int, Array, Array], Mask],
) -> ModelData:
    """The problem with the steps in which what may stop runs, from its flow and its least."""
    steps: dict[str, Mask] = {}
    for family in FAMILIES:
        items, rows = parts_of(data, family), []
        least = least_of(data, family, values) if items else ()
        for row, item in enumerate(items):
            on = runs(family, row, values[family][row], least[row])
            rows.append(on if item.can_stop else np.ones(data.steps, dtype=bool))
        if items:
            steps[family] = np.array(rows, dtype=bool)
    return replace(data, running_steps=steps)
