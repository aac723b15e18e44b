"""Every pair of values of two keys."""

from __future__ import annotations

from typing import Any

from greenland.energy.studies.cases import (
    Findings,
    StudiedCase,
    all_faults,
    base_case,
    base_task,
)
from greenland.energy.studies.config import Axis, StudyKind
from greenland.energy.studies.reading import StudyBase
from greenland.energy.studies.running import Runner
from greenland.energy.studies.task import StudyTask, TaskKind


def grid(base: StudyBase, runner: Runner) -> Findings:
    """The case with every pair of values of two keys."""
    part = base.study.grid
    assert part is not None
    sides = {"x": _side(base, "x", part.x), "y": _side(base, "y", part.y)}
    base.require(problem for _changes, problems in sides.values() for problem in problems)
    base.require(
        all_faults(
            base,
            (
                (one, (StudyKind.GRID, axis))
                for axis, (changes, _none) in sides.items()
                for one in changes
            ),
        )
    )
    pairs = [
        ((x, y), {**by_x, **by_y})
        for y, by_y in zip(part.y.points, sides["y"][0], strict=True)
        for x, by_x in zip(part.x.points, sides["x"][0], strict=True)
    ]
    tasks = [base_task(), *(StudyTask(TaskKind.SIZE, changes) for _at, changes in pairs)]
    runner.expected = len(tasks)
    rows = runner.rows(tasks)
    cases = [base_case(rows[0])]
    for ((x, y), _changes), task, row in zip(pairs, tasks[1:], rows[1:], strict=True):
        label = f"{part.x.title} {_shown(x)}, {part.y.title} {_shown(y)}"
        at = {part.x.title: x, part.y.title: y}
        cases.append(StudiedCase(str(len(cases)), label, at, task, row))
    summary = {
        axis: {"title": one.title, "values": one.points, "factor": one.factor}
        for axis, one in (("x", part.x), ("y", part.y))
    }
    return Findings(tuple(cases), summary)


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _side(base: StudyBase, name: str, axis: Axis) -> tuple[list[dict[str, Any]], list[Any]]:
    """Changes for every value of an axis, and their faults."""
    found, problems = [], []
    for value in axis.points:
        changes, faults = base.varied(
            axis.all_paths, value, factor=axis.factor, where=(StudyKind.GRID, name)
        )
        found.append(changes)
        problems += faults
    return found, problems
