"""What starts cost, and when to run by the prices of a program where every start costs something.

Whether a part runs is decided outside the linear program (`stopping`), so what its starts cost is
a constant, and a cost of its capacity. See docs/energy-model.md, section 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from greenland.energy.problem.maintenance import standing
from greenland.energy.problem.stopping import FAMILIES, least_of, may_stop, parts_of
from greenland.energy.site import Array, starts_in, steps_running
from greenland.energy.site.starting import RUNS

if TYPE_CHECKING:
    from greenland.energy.problem.data import ModelData

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class StartCost:
    """What the starts of a part cost, by the steps in which it runs.

    Parameters
    ----------
    family : str
        Of its capacity.
    row : int
        Number in the family.
    fixed, per_mw : float
        [thousand yuan/yr], or present worth, and the same for each MW of capacity.
    """

    family: str
    row: int
    fixed: float
    per_mw: float


def start_costs(data: ModelData) -> Iterator[StartCost]:
    """What all starts cost; nothing of what is not decided yet."""
    for family, capacities in FAMILIES.items():
        found = data.running_steps.get(family)
        for row, item in enumerate(parts_of(data, family) if found is not None else ()):
            if item.has_start_cost:
                assert found is not None
                yearly = data.running_factor * starts_in(found[row]) / data.years / 1000
                fixed, per_mw = item.start_cost * yearly, item.start_cost_per_mw * yearly
                yield StartCost(capacities, row, fixed, per_mw)


def running_in(data: ModelData, values: Mapping[str, Array]) -> Mask:
    """Steps in which everything that may stop runs in an answer, (parts, steps)."""
    rows = [
        steps_running(values[family][row], least_of(data, family, values)[row])
        for family, row, _item in may_stop(data)
    ]
    return np.array(rows, dtype=bool).reshape(len(rows), data.steps)


def starting_in(data: ModelData, values: Mapping[str, Array], runs: Mask) -> Array:
    """Capacity that is started in every step, of the parts whose starts cost anything [MW]."""
    rows = [
        float(values[FAMILIES[family]][row]) * (line & ~np.roll(line, 1))
        for (family, row, item), line in zip(may_stop(data), runs, strict=True)
        if item.has_start_cost
    ]
    return np.array(rows).reshape(len(rows), data.steps)


def with_decided_runs(data: ModelData, values: Mapping[str, Array]) -> ModelData:
    """The problem with what may stop running where a program that decides it runs it."""
    steps = {
        family: np.ones((len(items), data.steps), dtype=bool)
        for family in FAMILIES
        if (items := parts_of(data, family))
    }
    for (family, row, _item), line in zip(may_stop(data), values["on"], strict=True):
        steps[family][row] = line > RUNS
    return replace(data, running_steps=steps, deciding_runs=False)


def as_run(data: ModelData, values: Mapping[str, Array]) -> ModelData:
    """The problem with what has costs of starting running where an answer runs it."""
    steps: dict[str, Mask] = {}
    for family in FAMILIES:
        items = parts_of(data, family)
        if any(item.has_start_cost for item in items):
            flows, least = values[family], least_of(data, family, values)
            rows = [steps_running(flow, low) for flow, low in zip(flows, least, strict=True)]
            steps[family] = np.array(rows, dtype=bool)
    return replace(data, running_steps={**data.running_steps, **steps}) if steps else data


def with_chosen_runs(
    data: ModelData,
    values: Mapping[str, Array],
    costs: Mapping[str, Array],
    prices: tuple[Array, Array],
) -> ModelData:
    """The problem with what may stop running where that pays its starts too.

    For given prices the best steps are found exactly, part by part: a path through on and off that
    ends as it begins.

    Parameters
    ----------
    values, costs, prices
        As in `greenland.energy.problem.stopping.with_paying_runs`.
    """
    off, on = prices
    steps: dict[str, Mask] = {}
    for family, capacities in FAMILIES.items():
        items, rows = parts_of(data, family), []
        least = least_of(data, family, values) if items else ()
        for row, item in enumerate(items):
            if not item.can_stop:
                rows.append(np.ones(data.steps, dtype=bool))
                continue
            flow, low = values[family][row], least[row]
            beyond = np.maximum(low - flow, 0.0)
            worth = off * flow + on * beyond
            unit = costs[family][row] if family in costs else np.zeros(data.steps)
            gain = (worth if family == "generation" else -worth) - unit * (flow + beyond)
            may_run = low > 0
            if family == "generation" and data.windows:
                may_run &= ~standing(data, row, certain=False)
            size = float(values[capacities][row])
            each = (item.start_cost + item.start_cost_per_mw * size) / 1000
            each *= data.running_factor / data.years
            rows.append(best_runs(np.where(may_run, gain, -np.inf), each))
        if items:
            steps[family] = np.array(rows, dtype=bool)
    return replace(data, running_steps=steps)


def best_runs(gain: Array, start: float) -> Mask:
    """Steps to run in, for what each gains and a start costs, of a horizon that repeats.

    Parameters
    ----------
    gain : array
        Of running in each step; minus infinity where it may not.
    start : float
        Cost of going from off to on.
    """
    paths = []
    for first in (False, True):
        if first and not np.isfinite(gain[0]):
            continue
        paths.append(_path(gain, start, first))
    return max(paths, key=lambda path: path[0])[1]


def _path(gain: Array, start: float, first: bool) -> tuple[float, Mask]:
    """The best steps that begin on or off; going on from the last to the first is a start too."""
    stays, goes = (-np.inf, float(gain[0])) if first else (0.0, -np.inf)  # worth of off and on
    came_off, came_on = np.zeros(len(gain), dtype=bool), np.zeros(len(gain), dtype=bool)
    for step, more in enumerate(gain.tolist()[1:], 1):
        came_off[step] = goes > stays  # off now, on before
        came_on[step] = goes >= stays - start  # on now, on before
        stays, goes = max(stays, goes), max(goes, stays - start) + more
    worth_off, worth_on = (stays - (start if first else 0.0)), goes
    on = bool(worth_on > worth_off)
    mask = np.zeros(len(gain), dtype=bool)
    for step in range(len(gain) - 1, 0, -1):
        mask[step] = on
        on = bool(came_on[step] if on else came_off[step])
    mask[0] = first
    return max(worth_on, worth_off), mask
