"""The one way to HiGHS: every linear and mixed-integer problem it solves comes through here.

What is promised to every caller:

- One thread, always. HiGHS keeps its pool of workers for as long as a thread of the process
  lives and refuses, unsolved, a run that asks for another number than the one before; one number
  everywhere rules that out, makes answers repeatable, and leaves the other processors to whoever
  runs several studies. It costs nothing on these problems: HiGHS's simplex works alone anyway.
- Nothing on standard output or standard error: a command's JSON is all there is.
- The status is read before any value; values that are not those of a feasible solution cannot be
  read at all. A run that HiGHS calls an error, or an option it does not know, raises.
- A bound is infinite unless the solver proved one, and a run stopped by time, iterations or
  interruption is not optimal, whatever it has in hand.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from greenland.errors import NotOptimalError, SolverError

THREADS = 1
OWN = ("threads", "output_flag", "log_to_console", "log_file")  # options that are not the caller's
GAP = 1e-6  # relative; a mixed-integer solution closer to its bound than this is the optimum

Floats = npt.NDArray[np.float64]


class Status(StrEnum):
    """What HiGHS found out."""

    OPTIMAL = "optimal"  # proven; a mixed-integer one within the gap asked for
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    STOPPED = "stopped"  # by time, iterations or interruption, with a solution in hand or not
    UNKNOWN = "unknown"  # HiGHS could not tell


@dataclass(frozen=True)
class Problem:
    """Least or largest cost within bounds on columns and rows.

    Parameters
    ----------
    cost : array, shape (n,)
    matrix : csr_array, shape (m, n)
    row_lower, row_upper : array, shape (m,)
    column_lower, column_upper : array, shape (n,)
        Infinite where there is no bound.
    integer : array of bool, shape (n,), optional
        Columns that take whole numbers only.
    offset : float
        Constant of the objective.
    maximise : bool
    """

    cost: Floats
    matrix: sparse.csr_array
    row_lower: Floats
    row_upper: Floats
    column_lower: Floats
    column_upper: Floats
    integer: npt.NDArray[np.bool_] | None = None
    offset: float = 0.0
    maximise: bool = False

    @property
    def mixed(self) -> bool:
        """Whether any column is integer."""
        return self.integer is not None and bool(self.integer.any())

    @property
    def sign(self) -> float:
        """What turns the objective into one to be minimised."""
        return -1.0 if self.maximise else 1.0


@dataclass(frozen=True)
class Found:
    """A feasible solution; `y` and `reduced` are None where it has no prices."""

    x: Floats
    objective: float
    y: Floats | None
    reduced: Floats | None


@dataclass(frozen=True)
class Result:
    """What came of a run.

    Parameters
    ----------
    status : Status
    bound : float
        No solution is better than this; infinite, on the better side, unless proven.
    iterations : int
        Of simplex and interior point together.
    seconds : float
    found : Found or None
        The solution in hand; read it through the properties, which refuse where there is none.
    out_of_time : bool
        Whether the time limit stopped the run: another run may come further.
    """

    status: Status
    bound: float
    iterations: int = 0
    seconds: float = 0.0
    found: Found | None = field(default=None, repr=False)
    out_of_time: bool = False

    @property
    def optimal(self) -> bool:
        """Whether the solution in hand is proven to be the best."""
        return self.status is Status.OPTIMAL

    @property
    def feasible(self) -> bool:
        """Whether there is a solution in hand, proven the best or not."""
        return self.found is not None

    def _solution(self) -> Found:
        if self.found is None:
            raise NotOptimalError(str(self.status))
        return self.found

    @property
    def x(self) -> Floats:
        """Values of the columns.

        Raises
        ------
        NotOptimalError
            If there is no feasible solution, as in `objective`.
        """
        return self._solution().x

    @property
    def objective(self) -> float:
        """Objective of the solution in hand, with its offset."""
        return self._solution().objective

    @property
    def priced(self) -> bool:
        """Whether the solution has prices: only the optimum of a linear problem does."""
        return self.found is not None and self.found.y is not None

    @property
    def y(self) -> Floats:
        """Derivatives of the objective by the sides of the rows.

        Raises
        ------
        NotOptimalError
            If there are none, as in `reduced`.
        """
        y = self._solution().y
        if y is None:
            raise NotOptimalError(str(self.status))
        return y

    @property
    def reduced(self) -> Floats:
        """Reduced costs: derivatives of the objective by the bounds of the columns."""
        reduced = self._solution().reduced
        if reduced is None:
            raise NotOptimalError(str(self.status))
        return reduced

    @property
    def gap(self) -> float:
        """(objective − bound) / objective as decimal; infinite where nothing is proven."""
        if self.found is None or not math.isfinite(self.bound):
            return math.inf
        off = abs(self.found.objective - self.bound)
        if off == 0:
            return 0.0
        return off / abs(self.found.objective) if self.found.objective else math.inf


class _Silent(highspy.Highs):  # type: ignore[misc]
    """HiGHS that says nothing.

    Its constructor turns callbacks on, and since 1.16 that prints a banner on file descriptor 1,
    once per process, before any option can be set. Nobody here needs callbacks: at that moment
    the output is turned off instead. Redirecting the descriptor would take other threads' output.
    """

    def enableCallbacks(self) -> None:  # noqa: N802 (HiGHS's name)
        self.setOptionValue("output_flag", False)


def solve(
    problem: Problem,
    *,
    time_limit: float = math.inf,
    gap: float = GAP,
    start: Floats | None = None,
    options: Mapping[str, Any] | None = None,
) -> Result:
    """Solve a problem with HiGHS.

    Parameters
    ----------
    time_limit : float
        [s]
    gap : float
        Relative gap at which a mixed-integer solution counts as the optimum, as decimal.
    start : array, shape (n,), optional
        A solution to begin from.
    options : mapping, optional
        Further options of HiGHS, such as ``solver`` or ``random_seed``.

    Raises
    ------
    SolverError
        If HiGHS refuses the problem or an option, or its run ends in an error.
    """
    began = time.perf_counter()
    solver = _solver(time_limit, gap, options or {})
    _load(solver, problem)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = np.asarray(start, dtype=float)
        _accept(solver.setSolution(given), "setSolution")
    _run(solver)
    status = _STATUSES.get(solver.getModelStatus(), Status.UNKNOWN)
    if solver.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        left = time_limit - (time.perf_counter() - began)
        status = _unbounded_or_infeasible(problem, left, options)
    return replace(_result(solver, problem, status), seconds=time.perf_counter() - began)


_STATUSES = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kModelEmpty: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
    highspy.HighsModelStatus.kObjectiveBound: Status.STOPPED,
    highspy.HighsModelStatus.kObjectiveTarget: Status.STOPPED,
    highspy.HighsModelStatus.kTimeLimit: Status.STOPPED,
    highspy.HighsModelStatus.kIterationLimit: Status.STOPPED,
    highspy.HighsModelStatus.kSolutionLimit: Status.STOPPED,
    highspy.HighsModelStatus.kMemoryLimit: Status.STOPPED,
    highspy.HighsModelStatus.kInterrupt: Status.STOPPED,
}


def _solver(time_limit: float, gap: float, options: Mapping[str, Any]) -> Any:
    solver = _Silent()
    solver.callbacks = []  # before 1.16 they hold the solver, which then outlives its use
    chosen: dict[str, Any] = {"threads": THREADS, "mip_rel_gap": float(gap)}
    chosen["time_limit"] = max(0.0, float(time_limit))
    for name, value in (chosen | dict(options)).items():
        if name in OWN and name in options:
            raise SolverError(f"{name} = {value!r}")
        _accept(solver.setOptionValue(name, value), f"{name} = {value!r}")
    return solver


def _load(solver: Any, problem: Problem) -> None:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = problem.matrix.shape
    lp.col_cost_ = problem.sign * problem.cost
    lp.offset_ = problem.sign * problem.offset
    lp.col_lower_, lp.col_upper_ = problem.column_lower, problem.column_upper
    lp.row_lower_, lp.row_upper_ = problem.row_lower, problem.row_upper
    matrix = problem.matrix
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32, copy=False)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32, copy=False)
    lp.a_matrix_.value_ = matrix.data
    if problem.integer is not None and problem.mixed:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(one)] for one in problem.integer]
    # HiGHS takes a cost that is no number for one, with a warning
    if not np.isfinite(problem.cost).all() or not np.isfinite(matrix.data).all():
        raise SolverError("passModel: NaN/Inf")
    _accept(solver.passModel(lp), "passModel")


def _accept(status: Any, step: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError(step)


def _run(solver: Any) -> None:
    """Run, and once more where another library used HiGHS in this thread with more workers."""
    unsolved = highspy.HighsModelStatus.kNotset
    if solver.run() != highspy.HighsStatus.kError:
        return
    if solver.getModelStatus() == unsolved:
        # both drop the workers of the calling thread only; the second name came with 1.16
        reset = getattr(highspy.Highs, "resetThreadScheduler", highspy.Highs.resetGlobalScheduler)
        reset(False)
        if solver.run() != highspy.HighsStatus.kError:
            return
    raise SolverError(f"run: {solver.modelStatusToString(solver.getModelStatus())}")


def _unbounded_or_infeasible(
    problem: Problem, time_limit: float, options: Mapping[str, Any] | None
) -> Status:
    """Which of the two: a problem without costs is feasible or not."""
    idle = replace(problem, cost=np.zeros_like(problem.cost))
    found = solve(idle, time_limit=time_limit, options=options)
    return Status.UNBOUNDED if found.feasible else found.status


def _result(solver: Any, problem: Problem, status: Status) -> Result:
    info, nothing = solver.getInfo(), -problem.sign * math.inf
    iterations = max(0, info.simplex_iteration_count) + max(0, info.ipm_iteration_count)
    found = None
    if status in (Status.OPTIMAL, Status.STOPPED):
        found = _found(solver, problem, status)
    if status is Status.OPTIMAL and found is None:
        status = Status.UNKNOWN
    bound = nothing
    if problem.mixed and status in (Status.OPTIMAL, Status.STOPPED):
        bound = problem.sign * info.mip_dual_bound
    elif status is Status.OPTIMAL and found is not None:
        bound = found.objective
    return Result(
        status,
        bound if math.isfinite(bound) else nothing,
        iterations,
        found=found,
        out_of_time=solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit,
    )


def _found(solver: Any, problem: Problem, status: Status) -> Found | None:
    """The solution in hand, if it is feasible."""
    if not len(problem.cost):  # the status was read, and HiGHS has no solution to an empty model
        return Found(np.zeros(0), problem.offset, np.zeros(len(problem.row_lower)), np.zeros(0))
    given, info = solver.getSolution(), solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    x = np.array(given.col_value)
    objective = float(problem.cost @ x) + problem.offset
    if problem.mixed or status is not Status.OPTIMAL or not given.dual_valid:
        return Found(x, objective, None, None)
    y, reduced = problem.sign * np.array(given.row_dual), problem.sign * np.array(given.col_dual)
    return Found(x, objective, y, reduced)
