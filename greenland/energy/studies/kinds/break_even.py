"""The value of a key at which something comes to be, such as the price at which storage pays.

Every round asks for three values inside the interval that is left, side by side, and keeps the
quarter in which the measure passes its threshold.
"""

from __future__ import annotations

from typing import Any

from greenland.energy.studies.cases import Findings, StudiedCase, all_faults, base_case, base_task
from greenland.energy.studies.config import BreakEvenPart, StudyKind
from greenland.energy.studies.measures import measure_names, measure_of
from greenland.energy.studies.reading import StudyBase, Where
from greenland.energy.studies.running import Runner
from greenland.energy.studies.task import StudyTask, TaskKind
from greenland.i18n import _
from greenland.yamlfile import nearest

INSIDE = 3
"""Values asked for in a round."""


def break_even(base: StudyBase, runner: Runner) -> Findings:
    """Search for the value at which a measure passes a threshold."""
    part = base.study.break_even
    assert part is not None
    where: Where = (StudyKind.BREAK_EVEN,)
    for value in (part.first, part.last):
        changes, problems = base.varied(
            part.all_paths, value, factor=part.factor, where=(*where, "path")
        )
        base.require(problems)
        base.require(all_faults(base, [(changes, (*where, "path"))]))
    points: dict[float, StudiedCase] = {}

    def ask(values: list[float]) -> None:
        tasks = [StudyTask(TaskKind.SIZE, _changes(base, value)) for value in values]
        for value, task, row in zip(values, tasks, runner.rows(tasks), strict=True):
            label = f"{part.title} {value:g}"
            name = str(len(points) + 1)
            points[value] = StudiedCase(name, label, {part.title: value}, task, row)

    first = runner.rows([base_task()])[0]
    ask([part.first, part.last])
    known = measure_names(next((one.row for one in points.values() if one.solved), first))
    base.require(_unknown(base, part.measure, known))
    low, high = part.first, part.last
    ends = [_side(points[one], part) for one in (low, high)]
    least = part.tolerance * (part.last - part.first)
    crosses = None not in ends and ends[0] != ends[1]
    while crosses and high - low > least:
        step = (high - low) / (INSIDE + 1)
        inner = [float(f"{low + n * step:.9g}") for n in range(1, INSIDE + 1)]
        ask([one for one in inner if one not in points])
        marks = [low, *(one for one in inner if _side(points[one], part) is not None), high]
        sides = [_side(points[one], part) for one in marks]
        place = next(n for n in range(len(marks) - 1) if sides[n] != sides[n + 1])
        if len(marks) == 2:  # none of those between has a plan
            break
        low, high = marks[place], marks[place + 1]
    ordered = tuple(points[value] for value in sorted(points))
    summary: dict[str, Any] = {
        "title": part.title,
        "factor": part.factor,
        "measure": part.measure,
        "above": part.above,
        "value": (low + high) / 2 if crosses else None,
        "interval": [low, high] if crosses else None,
        "rises": bool(ends[1]) if crosses else None,
        "at_ends": [measure_of(points[one].row, part.measure) for one in (part.first, part.last)],
    }
    return Findings((base_case(first), *ordered), summary)


def _changes(base: StudyBase, value: float) -> dict[str, Any]:
    part = base.study.break_even
    assert part is not None
    changes, _none = base.varied(
        part.all_paths, value, factor=part.factor, where=(StudyKind.BREAK_EVEN,)
    )
    return changes


def _side(case: StudiedCase, part: BreakEvenPart) -> bool | None:
    """Whether the measure is above its threshold; None where there is no plan."""
    value = case.measure(part.measure) if case.solved else None
    return None if value is None else value > part.above


def _unknown(base: StudyBase, measure: str, known: list[str]) -> Any:
    if measure not in known:
        guess = nearest(measure, known)
        yield base.problem(
            (StudyKind.BREAK_EVEN, "measure"),
            _("没有指标“{measure}”。", measure=measure),
            _("是否应为“{guess}”？", guess=guess) if guess else "",
            got=measure,
            allowed="、".join(known),
        )
