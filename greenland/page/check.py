"""The check of a park's input as a job, and whether what it found still holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _, language
from greenland.page.progress import Progress

if TYPE_CHECKING:
    from greenland.page.jobs import Job, Jobs

CHECK = "check"
Signature = frozenset[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found.

    Parameters
    ----------
    problems : tuple of Problem
    sources : tuple of str
        Where each table was read.
    rows : int
        Rows of data in all tables.
    readable : bool
        Whether the park could be read at all.
    """

    problems: tuple[Problem, ...]
    sources: tuple[str, ...] = ()
    rows: int = 0
    readable: bool = True

    @property
    def has_errors(self) -> bool:
        """Whether some evaluation cannot be made."""
        return self.counts[Severity.ERROR] > 0

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each severity."""
        counts = dict.fromkeys(Severity, 0)
        for problem in self.problems:
            counts[problem.severity] += problem.count
        return counts

    def by_sheet(self) -> list[tuple[str, str, list[Problem]]]:
        """Problems of each file and sheet, worst first; in the order of the sheets."""
        order = list(Severity)
        groups: dict[tuple[str, str], list[Problem]] = {}
        for problem in self.problems:
            groups.setdefault((problem.file, problem.sheet), []).append(problem)
        return [
            (file, sheet, sorted(found, key=lambda one: (order.index(one.severity), one.row or 0)))
            for (file, sheet), found in groups.items()
        ]


def signature(folder: Path) -> Signature:
    """What tells whether a file of the folder changed, or another language is spoken."""
    found = {(f"language {language()}", 0, 0)}
    for path in folder.iterdir():
        if path.is_file() and not path.name.startswith("."):
            state = path.stat()
            found.add((path.name, state.st_size, state.st_mtime_ns))
    return frozenset(found)


def check(folder: Path, progress: Progress) -> Checked:
    """Check a park; done in a process of its own."""
    from greenland.input_check import check_input

    with progress.doing(_("读取并检查数据")):
        try:
            checked = check_input(folder)
        except InputError as error:
            return Checked(tuple(error.problems), readable=False)
    park = checked.park
    return Checked(
        checked.problems,
        tuple(str(source) for source in park.sources.values()),
        sum(len(table) for table in park.tables.values()),
    )


def checked_now(jobs: Jobs, signatures: Mapping[str, Signature], folder: Path) -> Checked | None:
    """What the last check found, if no file changed since."""
    job = jobs.latest(folder, CHECK)
    if job is None or job.result is None or signatures.get(job.id) != signature(folder):
        return None
    found: Checked = job.result
    return found


def start_check(jobs: Jobs, signatures: dict[str, Signature], folder: Path) -> Job:
    """Begin a check, or find the one under way; one of files changed since is given up."""
    before = signature(folder)
    running = jobs.latest(folder, CHECK)
    if running is not None and running.under_way and signatures.get(running.id) != before:
        jobs.cancel(running)
    job = jobs.start(
        folder,
        CHECK,
        check,
        folder,
        title=_("检查数据"),
        modules=("greenland.input_check", "greenland.park"),
    )
    signatures.setdefault(job.id, before)
    return job
