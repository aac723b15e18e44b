"""From a study file to its result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from greenland.energy.ahead import curve_is_short
from greenland.energy.site import Objective
from greenland.energy.studies.bench import MODULE
from greenland.energy.studies.cases import Findings, StudiedCase
from greenland.energy.studies.config import StudyKind
from greenland.energy.studies.journal import FAILED, Journal
from greenland.energy.studies.kinds.break_even import break_even
from greenland.energy.studies.kinds.grid import grid
from greenland.energy.studies.kinds.monte_carlo import monte_carlo
from greenland.energy.studies.kinds.near_optimal import near_optimal
from greenland.energy.studies.kinds.pareto import pareto
from greenland.energy.studies.kinds.robust import robust
from greenland.energy.studies.kinds.scenarios import scenarios
from greenland.energy.studies.kinds.sensitivity import sensitivity
from greenland.energy.studies.measures import flat_row
from greenland.energy.studies.reading import StudyBase, read_study
from greenland.energy.studies.running import Runner, Tell
from greenland.errors import Problem
from greenland.i18n import _
from greenland.summary import Summarised, Summary
from greenland.workers import Alone, Crew, ProcessCrew
from greenland.workers.count import processes
from greenland.workers.crew import MEMORY_MB

KINDS: dict[StudyKind, Callable[[StudyBase, Runner], Findings]] = {
    StudyKind.SENSITIVITY: sensitivity,
    StudyKind.GRID: grid,
    StudyKind.PARETO: pareto,
    StudyKind.SCENARIOS: scenarios,
    StudyKind.MONTE_CARLO: monte_carlo,
    StudyKind.ROBUST: robust,
    StudyKind.NEAR_OPTIMAL: near_optimal,
    StudyKind.BREAK_EVEN: break_even,
}


OF_COST = (StudyKind.PARETO, StudyKind.NEAR_OPTIMAL, StudyKind.ROBUST)
"""Kinds that rest on the annual cost being what is least."""


@dataclass(frozen=True, repr=False)
class StudyResult(Summarised):
    """What a study came to.

    Parameters
    ----------
    base : StudyBase
        The study file and its case.
    cases : tuple of StudiedCase
        Every case, with its changes and its row.
    summary : dict
        What the cases say together; its form hangs on the kind, see docs/energy-study.md.
    seconds : float
        Wall-clock time [s].
    reused : int
        Cases an earlier run had done.
    """

    base: StudyBase
    cases: tuple[StudiedCase, ...]
    summary: dict[str, Any]
    seconds: float
    reused: int

    @property
    def kind(self) -> StudyKind:
        """Which kind of study it is."""
        return self.base.study.kind

    @property
    def frame(self) -> pd.DataFrame:
        """One row per case: name, label, what was varied, and every measure of its plan."""
        rows = [
            {"case": one.name, "label": one.label, **_at(one), **flat_row(one.row)}
            for one in self.cases
        ]
        return pd.DataFrame(rows)

    @property
    def failed(self) -> list[StudiedCase]:
        """Cases that ended in an error."""
        return [one for one in self.cases if one.row["status"] == FAILED]

    @property
    def without_plan(self) -> list[StudiedCase]:
        """Cases that have no plan, for an error or because there is none."""
        return [one for one in self.cases if not one.solved]

    def _summary(self) -> Summary:
        lines = [
            (_("算例"), str(len(self.cases))),
            (_("无可行解或出错"), str(len(self.without_plan))),
        ]
        return Summary(str(self.kind), tuple(lines))

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        study = self.base.study
        return {
            "kind": str(self.kind),
            "name": study.name or self.base.case.name or self.base.case_path.stem,
            "case": study.case,
            "study": study.model_dump(
                mode="json", by_alias=True, exclude_none=True, exclude_defaults=True
            ),
            "seconds": round(self.seconds, 1),
            "summary": self.summary,
            "cases": [one.to_record() for one in self.cases],
        }


def _at(case: StudiedCase) -> dict[str, Any]:
    return {f"at.{name}": value for name, value in case.at.items()}


def run_study(
    path: Path | str,
    *,
    out: Path | None = None,
    resume: bool = False,
    force: bool = False,
    retry: bool = False,
    engine: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    memory_mb: int = MEMORY_MB,
    tell: Tell | None = None,
) -> StudyResult:
    r"""Run a study file.

    Parameters
    ----------
    path : path
        YAML; see docs/energy-study.md.
    out : Path, optional
        Folder in which every case is noted as soon as it is finished; in memory without one.
    resume, force, retry : bool
        See `greenland.energy.studies.journal.Journal`.
    engine : str, optional
        As in `greenland.energy.size`, instead of what the case names.
    workers : int, optional
        Processes; by default one for each CPU, and none besides the caller's for small studies.
    scheduler : str, optional
        Address of a Dask scheduler, whose workers are used instead.
    memory_mb : int
        Memory of each process [MB].
    tell : callable, optional
        Told how many cases are done, and how many there will be.

    Returns
    -------
    StudyResult
        Its cases, each with its changes and measures, and what they say together.

    Raises
    ------
    InputError
        With every fault of the study file or of its case.
    MissingExtraError
        If a scheduler is named and Dask is not installed.

    Examples
    --------
    >>> import tempfile
    >>> from greenland.energy import run_study
    >>> times = pd.date_range("2025-01-01", periods=24, freq="h")
    >>> curve = pd.Series(0.5, index=times.rename("时间"), name="负荷(MW)")
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = Path(name)
    ...     _ = curve.to_csv(folder / "load.csv")
    ...     case = "load: load.csv\ngrid: {import_price: 0.5}\nyear: 2025\n"
    ...     _ = (folder / "case.yaml").write_text(case, encoding="utf-8")
    ...     text = "case: case.yaml\nscenarios: {dear: {grid.import_price: 0.6}}\n"
    ...     _ = (folder / "study.yaml").write_text(text, encoding="utf-8")
    ...     found = run_study(folder / "study.yaml")
    >>> [round(case.row["annual_cost"]) for case in found.cases]
    [2190000, 2628000]
    """
    began = time.monotonic()
    base = read_study(Path(path), engine=engine)
    base.require(other_objective(base))
    with ExitStack() as open_until_done:
        journal = None
        if out is not None:
            journal = open_until_done.enter_context(
                Journal(out, resume=resume, force=force, retry=retry)
            )
        crew = open_until_done.enter_context(_crew(base, workers, scheduler, memory_mb))
        runner = Runner(base, crew, journal, tell)
        found = KINDS[base.study.kind](base, runner)
    seconds = time.monotonic() - began
    return StudyResult(base, found.cases, found.summary, seconds, runner.reused)


def other_objective(base: StudyBase) -> Iterator[Problem]:
    """A study of least costs of a case that is sized for something else."""
    objective = base.case.objective
    if base.study.kind in OF_COST and objective is not Objective.ANNUAL_COST:
        yield base.problem(
            (base.study.kind,),
            _(
                "{kind} 研究的是年费用，案例的 objective 却是 {objective}。",
                kind=base.study.kind,
                objective=objective,
            ),
            _("请把案例的 objective 改为 annual_cost，或改做其他研究。"),
        )


@contextmanager
def _crew(
    base: StudyBase, workers: int | None, scheduler: str | None, memory_mb: int
) -> Iterator[Crew]:
    """Who does the tasks."""
    if scheduler is not None:
        from greenland.energy.studies.cluster import DaskCrew

        with DaskCrew(scheduler, base) as crew:
            yield crew
        return
    count = processes() if workers is None else workers
    if count <= 1 or (workers is None and curve_is_short(base.tree, base.case_path.parent)):
        yield Alone()
        return
    with ProcessCrew(count, (MODULE,), memory_mb) as crew:
        yield crew
