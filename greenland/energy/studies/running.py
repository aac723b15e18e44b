"""Tasks of a study handed out, their rows noted as they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from greenland.energy.studies.bench import StudyWork
from greenland.energy.studies.journal import FAILED, Journal
from greenland.energy.studies.measures import Row
from greenland.energy.studies.near import NearRow, NearTask, Solutions
from greenland.energy.studies.reading import StudyBase
from greenland.energy.studies.task import StudyTask
from greenland.errors import GreenlandError, InputError, WorkError
from greenland.i18n import _
from greenland.workers import Crew

Tell = Callable[[int, int], None]
"""Told how many cases are done, and how many there will be as far as is known."""


@dataclass
class Runner:
    """Does the tasks of one study, and knows what was done.

    Parameters
    ----------
    base : StudyBase
    crew : Crew
    journal : Journal, optional
        Where rows are noted; without one they are kept in memory.
    tell : callable, optional
    expected : int
        How many cases there will be, as far as is known.
    """

    base: StudyBase
    crew: Crew
    journal: Journal | None = None
    tell: Tell | None = None
    expected: int = 0
    done: dict[str, Row] = field(default_factory=dict)
    reused: int = 0
    solutions: dict[str, Solutions] = field(default_factory=dict)

    def __post_init__(self) -> None:
        base = self.base
        folder = base.case_path.parent.resolve()  # workers may stand in another folder
        self.work = StudyWork(
            base.digest, base.tree, folder, base.case_path.name, base.study.engine
        )

    def prepare(self) -> None:
        """Have the crew set up what tasks need while few are to be had, unless most are done."""
        if self.journal is None or not self.journal.rows:
            self.crew.prepare(self.work)

    def rows(
        self, tasks: Sequence[StudyTask], near: Sequence[StudyTask | None] | None = None
    ) -> list[Row]:
        """Do tasks, those that are done already excepted.

        Parameters
        ----------
        tasks : sequence of StudyTask
        near : sequence of StudyTask or None, optional
            For each task the one whose solution it begins from, if that is known, and None for the
            usual beginning. Only tasks that were asked for with *near* have solutions that are
            known, and only until the study ends: after a break they are sought anew, to the same
            optimum.

        Returns
        -------
        list of dict
            In the order of the tasks; one that failed has the status ``failed`` and its reason.
        """
        keys = [self.base.key(task) for task in tasks]
        known = self.journal.rows if self.journal is not None else {}
        waiting: dict[str, StudyTask] = {}
        begins: dict[str, StudyTask | None] = dict(zip(keys, near or (), strict=near is not None))
        for key, task in zip(keys, tasks, strict=True):
            if key in self.done or key in waiting:
                continue
            if key in known:
                self.done[key] = known[key]
                self.reused += 1
            else:
                waiting[key] = task
        self._said(len(waiting))
        names, chosen = list(waiting), list(waiting.values())
        items = [
            self._beginning(task, begins[key]) if begins else task for key, task in waiting.items()
        ]
        for outcome in self.crew.stream(self.work, items) if items else ():
            row = outcome.value if outcome.error is None else failed_row(outcome.error)
            key, task = names[outcome.number], chosen[outcome.number]
            if isinstance(row, NearRow):
                self.solutions[key], row = row.solutions, row.row
            if self.journal is not None:
                self.journal.add(key, asdict(task), row)
            self.done[key] = row
            self._said(0)
        return [self.done[key] for key in keys]

    def _beginning(self, task: StudyTask, other: StudyTask | None) -> NearTask:
        """A task with the solutions of another."""
        known = {} if other is None else self.solutions.get(self.base.key(other), {})
        return NearTask(task, known)

    def _said(self, more: int) -> None:
        self.expected = max(self.expected, len(self.done) + more)
        if self.tell is not None:
            self.tell(len(self.done), self.expected)


def failed_row(error: Exception) -> Row:
    """The row of a case that ended in an error."""
    if isinstance(error, InputError):
        reason = "；".join(problem.what.rstrip("。") for problem in error.problems)
    elif isinstance(error, WorkError):
        reason = error.reason
    elif isinstance(error, MemoryError):
        reason = str(_("内存超过每个进程的上限"))
    elif isinstance(error, GreenlandError):
        reason = str(error)
    else:
        reason = f"{type(error).__name__}: {error}"
    return {"status": FAILED, "gap": None, "reason": reason}
