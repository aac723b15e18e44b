"""What a study found: its cases with their rows, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from greenland.energy.problem.solution import Status
from greenland.energy.studies.measures import Row, measure_of
from greenland.energy.studies.reading import StudyBase
from greenland.energy.studies.task import StudyTask, TaskKind
from greenland.errors import Problem, input_error
from greenland.i18n import _

BASE = "base"
"""Name of the case as it is."""


@dataclass(frozen=True)
class StudiedCase:
    """One case of a study.

    Parameters
    ----------
    name : str
        By which it can be opened.
    label : str
        What people read.
    at : mapping of name to value
        What was varied, and the value it has here.
    task : StudyTask
    row : dict
        See `greenland.energy.studies.measures`.
    """

    name: str
    label: str
    at: Mapping[str, Any]
    task: StudyTask
    row: Row

    @property
    def solved(self) -> bool:
        """Whether there is a plan."""
        return has_plan(self.row)

    def measure(self, name: str) -> float | None:
        """A measure of its plan."""
        return measure_of(self.row, name)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "name": self.name,
            "label": self.label,
            "at": dict(self.at),
            "kind": str(self.task.kind),
            "changes": dict(self.task.changes),
            **self.row,
        }


@dataclass(frozen=True)
class Findings:
    """Cases, and what they say together.

    Parameters
    ----------
    cases : tuple of StudiedCase
    summary : dict
        JSON-ready, of a form of its own for each kind of study.
    """

    cases: tuple[StudiedCase, ...]
    summary: dict[str, Any] = field(default_factory=dict)


def has_plan(row: Row) -> bool:
    """Whether a row is one of a plan."""
    return row["status"] in (Status.OPTIMAL, Status.FEASIBLE)


def base_task() -> StudyTask:
    """The case as it is, sized."""
    return StudyTask(TaskKind.SIZE)


def base_case(row: Row, task: StudyTask | None = None) -> StudiedCase:
    """The case as it is, with its row."""
    return StudiedCase(BASE, str(_("原案例")), {}, task or base_task(), row)


def require_plan(base: StudyBase, row: Row) -> None:
    """Refuse to study what has no plan to begin with.

    Raises
    ------
    InputError
    """
    if not has_plan(row):
        raise input_error(
            "study_base",
            _("原案例没有可行方案，无从研究。"),
            remedy=_("请先用 greenland energy explain 查明原因。"),
            file=str(base.case_path),
            got=str(row.get("reason") or row["status"]),
        )


def all_faults(
    base: StudyBase, changed: Iterable[tuple[Mapping[str, Any], tuple[str | int, ...]]]
) -> list[Problem]:
    """What the case is refused for with each of some changes."""
    return [problem for changes, where in changed for problem in base.faults(changes, where)]
