"""The one way to HiGHS: what it says of a problem, and what it refuses to say."""

from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import highspy
import numpy as np
import pulp
import pytest
from scipy import sparse

from greenland import highs
from greenland.errors import NotOptimalError, SolverError
from greenland.highs import Problem, Status, solve
from greenland.pulp_highs import of_pulp

INF = np.inf


def problem(
    cost: list[float],
    rows: list[list[float]],
    lower: list[float],
    upper: list[float],
    high: float = INF,
    **changes: Any,
) -> Problem:
    """Columns from nought to *high*."""
    count = len(cost)
    matrix = sparse.csr_array(np.array(rows, dtype=float).reshape(len(rows), count))
    sides = np.array(lower, dtype=float), np.array(upper, dtype=float)
    columns = np.zeros(count), np.full(count, high)
    return Problem(np.array(cost, dtype=float), matrix, *sides, *columns, **changes)


def knapsack(count: int = 30, rows: int = 15, **changes: Any) -> Problem:
    """A knapsack with many rows, which takes more than a moment; to be maximised."""
    rng = np.random.default_rng(0)
    parts = {"integer": np.ones(count, dtype=bool), "maximise": True} | changes
    weights = rng.uniform(10, 60, (rows, count)).tolist()
    worth = rng.uniform(10, 100, count).tolist()
    return problem(worth, weights, [-INF] * rows, [5.0 * count] * rows, 1.0, **parts)


def test_optimum_prices_and_bound_of_a_linear_problem() -> None:
    # max 3x + 2y + 10 with x + y <= 4, x + 3y <= 7, x <= 3: x = 3, y = 1, worth 21.
    # Of the first row one more is worth 2 (y); x at its bound is worth 3 - 2 = 1.
    made = problem([3, 2], [[1, 1], [1, 3]], [-INF] * 2, [4, 7], offset=10.0, maximise=True)
    made.column_upper[0] = 3.0
    found = solve(made)
    assert found.optimal
    assert found.x == pytest.approx([3, 1])
    assert found.objective == pytest.approx(21)
    assert found.bound == pytest.approx(21)
    assert found.gap == 0.0
    assert found.y == pytest.approx([2, 0])
    assert found.reduced == pytest.approx([1, 0])


def test_prices_are_derivatives_whichever_way_the_objective_goes() -> None:
    # the same as a minimum: all prices change their sign
    found = solve(problem([-3, -2], [[1, 1], [1, 3]], [-INF] * 2, [4, 7], 3.0, offset=-10.0))
    assert found.objective == pytest.approx(-21)
    assert found.y == pytest.approx([-2, 0])
    assert found.reduced == pytest.approx([-1, 0])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_bound_of_a_mixed_integer_problem(sign: float) -> None:
    # whole x <= 3.5 / 2: 1 of the one, and 1 in the offset
    cost, whole = [sign], np.array([True])
    made = problem(cost, [[2]], [-INF], [3.5], integer=whole, offset=sign, maximise=sign > 0)
    found = solve(made)
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(2 * sign)
    assert found.bound == pytest.approx(2 * sign)
    assert not found.priced
    with pytest.raises(NotOptimalError):
        _ = found.y
    with pytest.raises(NotOptimalError):
        _ = found.reduced


def test_a_problem_without_columns_is_its_offset() -> None:
    found = solve(problem([], [], [], [], offset=7.0))
    assert (found.status, found.objective, found.bound) == (Status.OPTIMAL, 7.0, 7.0)


@pytest.mark.parametrize("whole", [False, True])
def test_infeasible_has_no_values(whole: bool) -> None:
    made = problem([1, 1], [[1, 1]], [5], [9], 2.0, integer=np.array([whole, whole]))
    found = solve(made)
    assert found.status is Status.INFEASIBLE
    assert not found.feasible
    assert found.bound == -INF
    assert found.gap == INF
    for name in ("x", "objective", "y", "reduced"):
        with pytest.raises(NotOptimalError, match="infeasible"):
            getattr(found, name)


@pytest.mark.parametrize("whole", [False, True])
def test_unbounded_is_told_from_infeasible(whole: bool) -> None:
    # HiGHS leaves both of these open: "unbounded or infeasible"
    kinds = np.array([False, whole, False])
    rows = [[1, -1, 0], [0, -1, 1]]
    free = problem([-1, 0, -1], rows, [0, -3], [5, INF], integer=kinds)
    free.column_upper[1] = 1.0
    assert solve(free).status is Status.UNBOUNDED
    none = problem([-1, 0, -1], [*rows, [0, 1, 0]], [0, -3, 2], [5, INF, 4], integer=kinds)
    none.column_upper[1] = 1.0
    assert solve(none).status is Status.INFEASIBLE


@pytest.mark.parametrize("maximise", [False, True])
def test_a_stop_before_anything_is_proven_bounds_nothing(maximise: bool) -> None:
    found = solve(knapsack(maximise=maximise), time_limit=0.0)
    assert found.status is Status.STOPPED
    assert not found.optimal
    assert found.bound == (INF if maximise else -INF)


def test_a_start_is_kept_when_time_is_up_but_not_called_optimal() -> None:
    made = knapsack()
    start = np.zeros(30)
    start[:3] = 1.0
    found = solve(made, time_limit=0.0, start=start)
    assert found.status is Status.STOPPED
    assert found.gap == INF
    assert found.objective == pytest.approx(made.cost[:3].sum())


def test_nodes_used_up_leave_a_solution_with_its_bound() -> None:
    made = knapsack()
    best = solve(made)
    found = solve(made, options={"mip_max_nodes": 1})
    assert found.status is Status.STOPPED
    assert found.feasible
    assert found.objective <= best.objective + 1e-9 <= found.bound + 2e-9
    assert found.gap == pytest.approx(found.bound / found.objective - 1)


def test_iterations_used_up_are_no_optimum_and_no_solution() -> None:
    made = knapsack(integer=None)
    found = solve(made, options={"simplex_iteration_limit": 1, "presolve": "off"})
    assert found.status is Status.STOPPED
    assert found.bound == INF
    assert not found.priced
    with pytest.raises(NotOptimalError):
        _ = found.x


def test_a_point_on_the_way_has_no_prices() -> None:
    # the primal simplex walks through feasible points; the prices there prove nothing
    options = {"simplex_iteration_limit": 3, "simplex_strategy": 4, "presolve": "off"}
    found = solve(knapsack(integer=None), options=options)
    assert found.status is Status.STOPPED
    assert found.feasible
    assert not found.priced
    assert found.gap == INF


def test_a_point_of_an_unbounded_problem_is_no_solution() -> None:
    found = solve(problem([-1.0], [[1]], [1], [INF]))
    assert found.status is Status.UNBOUNDED
    assert not found.feasible


@pytest.mark.parametrize("said", [math.nan, math.inf])
def test_a_bound_that_is_no_number_bounds_nothing(
    said: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = highspy.Highs.getInfo

    def told(solver: Any) -> Any:
        info = plain(solver)
        info.mip_dual_bound = said
        return info

    monkeypatch.setattr(highspy.Highs, "getInfo", told)
    assert solve(knapsack(2, 2, maximise=False)).bound == -INF


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"presolved": "off"}, "presolved = 'off'"),
        ({"random_seed": -1}, "random_seed = -1"),
        ({"threads": 2}, "threads = 2"),
        ({"output_flag": True}, "output_flag = True"),
    ],
)
def test_an_option_that_is_refused_raises(options: dict[str, Any], said: str) -> None:
    with pytest.raises(SolverError, match=f"求解器 HiGHS 报错（{said}）"):
        solve(knapsack(2, 2), options=options)


@pytest.mark.parametrize("place", ["cost", "matrix", "row_upper", "column_upper"])
def test_what_is_no_number_is_refused(place: str) -> None:
    made = knapsack(2, 2)
    array = made.matrix.data if place == "matrix" else getattr(made, place)
    array[0] = math.nan
    with pytest.raises(SolverError, match="passModel"):
        solve(made)


def test_a_start_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(SolverError, match="setSolution"):
        solve(knapsack(2, 2), start=np.zeros(3))


def test_a_run_that_ends_in_an_error_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_self: Any) -> highspy.HighsStatus:
        return highspy.HighsStatus.kError

    monkeypatch.setattr(highspy.Highs, "run", run)
    with pytest.raises(SolverError, match="run: Not Set"):
        solve(knapsack(2, 2))


def other_library(threads: int) -> None:
    """What another library does that solves in this thread with its own number of workers."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", threads)
    solver.addVar(0, 1)
    solver.run()


def test_another_librarys_number_of_threads_is_no_hindrance() -> None:
    found = []

    def work() -> None:
        other_library(2)
        found.append(solve(knapsack(4, 2)))

    thread = threading.Thread(target=work)  # HiGHS keeps its workers by thread
    thread.start()
    thread.join()
    assert found[0].optimal


def test_threads_do_not_disturb_each_other() -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _number: solve(knapsack(20, 10)), range(8)))
    assert {one.objective for one in results} == {solve(knapsack(20, 10)).objective}


def test_a_solver_does_not_outlive_its_run(monkeypatch: pytest.MonkeyPatch) -> None:
    import gc
    import weakref

    seen = []

    class Seen(highs._Silent):
        def __init__(self) -> None:
            super().__init__()
            seen.append(weakref.ref(self))

    monkeypatch.setattr(highs, "_Silent", Seen)
    gc.disable()
    try:
        solve(knapsack(2, 2))
        assert seen[0]() is None
    finally:
        gc.enable()


def pulp_problem(seed: int, sense: int) -> pulp.LpProblem:
    """A random problem with rows of every sense, and whole numbers for odd seeds."""
    rng = np.random.default_rng(seed)
    made = pulp.LpProblem("random", sense)
    x = [
        made.add_variable(f"x{j}", -1.0, 3.0, "Integer" if seed % 2 else "Continuous")
        for j in "abcdef"
    ]
    for name in "uvw":
        weights = rng.uniform(0, 1, 6).round(2).tolist()
        total = pulp.lpSum(w * one for w, one in zip(weights, x, strict=True))
        made.addConstraint(total <= 4.5 if name != "w" else total >= -0.5, name)
    made.addConstraint(x[0] + x[1] == 1, "sum")
    made.setObjective(
        pulp.lpSum(float(c) * one for c, one in zip(rng.normal(size=6), x, strict=True)) + 5
    )
    return made


@pytest.mark.filterwarnings("ignore:PULP_CBC_CMD is deprecated:DeprecationWarning")
@pytest.mark.parametrize("sense", [pulp.LpMinimize, pulp.LpMaximize])
@pytest.mark.parametrize("seed", range(6))
def test_a_pulp_problem_is_solved_as_cbc_solves_it(seed: int, sense: int) -> None:
    mine, other = pulp_problem(seed, sense), pulp_problem(seed, sense)
    result = of_pulp(mine).solve(gap=0.0)
    other.solve(pulp.getSolver("PULP_CBC_CMD", msg=False))
    best = pulp.value(other.objective)
    assert (mine.status, mine.sol_status) == (pulp.LpStatusOptimal, pulp.LpSolutionOptimal)
    assert result.objective == pytest.approx(best)
    assert result.bound == pytest.approx(best)
    assert pulp.value(mine.objective) == pytest.approx(best)
    for row, its in zip(mine.constraints(), other.constraints(), strict=True):
        assert (row.pi is None) == (seed % 2 == 1)
        if row.pi is not None:
            assert row.pi == pytest.approx(its.pi, abs=1e-7), row.name


def test_an_old_solution_does_not_stay_where_there_is_none() -> None:
    made = pulp.LpProblem("again", pulp.LpMinimize)
    x = made.add_variable("x", 0, 4)
    made.setObjective(x + 0)
    made.addConstraint(x >= 1, "least")
    of_pulp(made).solve()
    assert (x.varValue, x.dj) == (1.0, 0.0)
    made.addConstraint(x >= 5, "more")
    of_pulp(made).solve()
    assert made.status == pulp.LpStatusInfeasible
    assert x.varValue is None
    assert x.dj is None
    assert all(row.pi is None for row in made.constraints())


def test_a_solution_that_is_not_proven_is_not_optimal_to_pulp() -> None:
    made = pulp.LpProblem("stop", pulp.LpMaximize)
    rng = np.random.default_rng(1)
    x = [made.add_variable(f"x{j}", cat="Binary") for j in range(40)]
    made.setObjective(
        pulp.lpSum(float(w) * one for w, one in zip(rng.uniform(10, 99, 40), x, strict=True))
    )
    for k in range(20):
        weights = rng.uniform(10, 60, 40).tolist()
        made.addConstraint(
            pulp.lpSum(w * o for w, o in zip(weights, x, strict=True)) <= 200, f"r{k}"
        )
    result = of_pulp(made).solve(options={"mip_max_nodes": 1}, start=dict.fromkeys(x[:2], 1.0))
    assert result.feasible
    assert not result.optimal
    assert made.status == pulp.LpStatusNotSolved
    assert made.sol_status == pulp.LpSolutionIntegerFeasible


def test_a_problem_without_objective_is_a_question_of_feasibility() -> None:
    made = pulp.LpProblem("none", pulp.LpMinimize)
    x = made.add_variable("x", 2, None)
    made.addConstraint(x <= 3, "most")
    result = of_pulp(made).solve()
    assert result.optimal
    assert 2 <= x.varValue <= 3
