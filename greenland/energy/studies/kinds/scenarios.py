"""Scenarios in full, side by side: sized, rounded, billed and judged."""

from __future__ import annotations

from greenland.energy.studies.cases import Findings, StudiedCase, all_faults, base_case
from greenland.energy.studies.config import StudyKind
from greenland.energy.studies.reading import StudyBase
from greenland.energy.studies.running import Runner
from greenland.energy.studies.task import StudyTask, TaskKind


def scenarios(base: StudyBase, runner: Runner) -> Findings:
    """The case and every scenario of the study."""
    asked = base.study.scenarios
    assert asked is not None
    base.require(
        all_faults(
            base, ((changes, (StudyKind.SCENARIOS, name)) for name, changes in asked.items())
        )
    )
    tasks = [StudyTask(TaskKind.EVALUATE)]
    tasks += [StudyTask(TaskKind.EVALUATE, changes) for changes in asked.values()]
    runner.expected = len(tasks)
    rows = runner.rows(tasks)
    cases = [base_case(rows[0], tasks[0])]
    for name, task, row in zip(asked, tasks[1:], rows[1:], strict=True):
        cases.append(StudiedCase(str(len(cases)), name, dict(task.changes), task, row))
    return Findings(tuple(cases), {})
