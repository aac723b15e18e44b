"""Draws of what is uncertain: how the cost is distributed, and whether the limits hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from greenland.energy.given_sizes import sizes_of
from greenland.energy.studies.cases import (
    Findings,
    StudiedCase,
    all_faults,
    base_case,
    base_task,
    has_plan,
    require_plan,
)
from greenland.energy.studies.config import StudyKind
from greenland.energy.studies.config_draws import Distribution, Drawn, MonteCarloPart
from greenland.energy.studies.held import held_sizes
from greenland.energy.studies.journal import FAILED
from greenland.energy.studies.measures import Row
from greenland.energy.studies.reading import StudyBase, Where, multiplied
from greenland.energy.studies.running import Runner
from greenland.energy.studies.sampling import Draws, drawn_values, uniforms, values_of_draws
from greenland.energy.studies.task import StudyTask, TaskKind
from greenland.errors import InputError, Problem
from greenland.i18n import _

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Quantiles that are told."""
TRIED = (0.001, 0.5, 0.999)
"""Shares of each distribution that are tried on the case before anything is computed."""
CONFIDENCE = 1.96
"""Standard scores of the interval about a probability: 95 % (Wilson 1927)."""
RESIZED, FIXED = "resized", "fixed"


def monte_carlo(base: StudyBase, runner: Runner) -> Findings:
    """Size anew, or dispatch a design that is held, under every draw."""
    part = base.study.monte_carlo
    assert part is not None
    base.require(_faults(base, part))
    titles = [one.title for one in part.variables]
    try:
        draws = uniforms(titles, part.correlations, part.draws, part.seed)
    except ValueError:
        text = _("correlations 互相矛盾：相关矩阵不是正定的。")
        base.require([base.problem((StudyKind.MONTE_CARLO, "correlations"), text)])
        raise
    changes = _changes(base, part, draws)
    designs = (RESIZED, FIXED) if part.design == "both" else (part.design,)
    runner.expected = 1 + len(designs) * part.draws
    first = runner.rows([base_task()])[0]
    sizes = _sizes(base, part, runner, first) if FIXED in designs else {}
    tasks = [
        StudyTask(TaskKind.SIZE, one)
        if design == RESIZED
        else StudyTask(TaskKind.DISPATCH, one, {"capacities": sizes})
        for one in changes  # both designs of a draw after each other: their curves are the same
        for design in designs
    ]
    rows = runner.rows(tasks)
    cases = [base_case(first)]
    shown = {one.title: drawn_values(one, draws[one.title]) for one in part.variables}
    for number in range(part.draws):
        at = {title: values[number] for title, values in shown.items()}
        for place, design in enumerate(designs):
            spot = number * len(designs) + place
            words = _("重新定容") if design == RESIZED else _("规模固定")
            label = _("第 {number} 次，{design}", number=number + 1, design=words)
            name = f"{number + 1}{'r' if design == RESIZED else 'f'}"
            cases.append(
                StudiedCase(name, str(label), {**at, "design": design}, tasks[spot], rows[spot])
            )
    by_design = {
        design: [rows[n * len(designs) + place] for n in range(part.draws)]
        for place, design in enumerate(designs)
    }
    summary: dict[str, Any] = {
        "seed": part.seed,
        "draws": part.draws,
        "variables": titles,
        "base_cost": first.get("annual_cost"),
        "capacities": sizes,
        "designs": {name: _told(one, shown) for name, one in by_design.items()},
    }
    if len(designs) == 2:
        summary["regret"] = _regret(by_design[FIXED], by_design[RESIZED])
    return Findings(tuple(cases), summary)


# -- before anything is computed -----------------------------------------------------------------


def _faults(base: StudyBase, part: MonteCarloPart) -> Iterator[Problem]:
    """Paths that lead nowhere, and values the case cannot take."""
    for number, one in enumerate(part.variables):
        where: Where = (StudyKind.MONTE_CARLO, "variables", number)
        if one.distribution is Distribution.DISCRETE:
            tried = [choice.changes or choice.value for choice in one.choices]
        else:
            tried = values_of_draws(one, TRIED)
        for value in tried:
            changes, problems = _put(base, one, value, where)
            yield from problems
            if not problems:
                yield from all_faults(base, [(changes, where)])


def _put(
    base: StudyBase, one: Drawn, value: Any, where: Where
) -> tuple[dict[str, Any], list[Problem]]:
    if isinstance(value, dict) and not one.all_paths:
        return dict(value), []
    if one.factor and (isinstance(value, bool) or not isinstance(value, int | float)):
        return {}, [base.problem(where, _("factor 为 true 时 value 应为数字。"), got=str(value))]
    return base.varied(one.all_paths, value, factor=one.factor, where=where)


def _changes(base: StudyBase, part: MonteCarloPart, draws: Draws) -> list[dict[str, Any]]:
    """Changes of every draw; a factor on what another variable replaces multiplies that."""
    found: list[dict[str, Any]] = [{} for _n in range(part.draws)]
    ordered = sorted(part.variables, key=lambda one: one.factor)
    for one in ordered:
        for number, value in enumerate(values_of_draws(one, draws[one.title])):
            found[number] |= _times_earlier(base, one, value, found[number])
    return found


def _times_earlier(
    base: StudyBase, one: Drawn, value: Any, earlier: Mapping[str, Any]
) -> dict[str, Any]:
    if one.factor:
        both = {
            path: multiplied(earlier[path], float(value))
            for path in one.all_paths
            if path in earlier
        }
        rest = [path for path in one.all_paths if path not in earlier]
        changes, _none = base.varied(rest, value, factor=True, where=())
        return {**both, **changes}
    changes, _none = _put(base, one, value, ())
    return changes


def _sizes(base: StudyBase, part: MonteCarloPart, runner: Runner, first: Row) -> dict[str, float]:
    """The design that is held: as given, or the optimum of the case."""
    bench = runner.work.bench
    site = bench.site(bench.loaded({}))
    if not part.capacities:
        require_plan(base, first)
        return held_sizes(site, first["capacities"])
    try:
        return sizes_of(part.capacities, site)
    except InputError as error:
        where: Where = (StudyKind.MONTE_CARLO, "capacities")
        raise InputError(
            base.problem(where, one.message, one.remedy, got=one.got, allowed=one.allowed)
            for one in error.problems
        ) from error


# -- what it says together -----------------------------------------------------------------------


def _told(rows: Sequence[Row], shown: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Cost, sizes and limits of one design over all draws."""
    solved = [row for row in rows if has_plan(row)]
    costs = np.array([row["annual_cost"] for row in solved], dtype=float)
    told: dict[str, Any] = {
        "draws": len(rows),
        "solved": len(solved),
        "failed": sum(row["status"] == FAILED for row in rows),
        "annual_cost": distribution_of(costs),
        "limits": limits_kept(rows),
        "all_limits": probability(sum(_keeps_all(row) for row in rows), _judged(rows)),
        "rank_correlation": _ranks(rows, shown),
    }
    labels = solved[0]["capacities"] if solved else {}
    told["capacities"] = {
        label: distribution_of(np.array([row["capacities"][label] for row in solved]))
        for label in labels
    }
    return told


def distribution_of(values: Any) -> dict[str, Any] | None:
    """Mean, standard deviation, quantiles and ends of some values; None where there is none."""
    if not len(values):
        return None
    return {
        "mean": float(np.mean(values)),
        "sd": float(np.std(values, ddof=1)) if len(values) > 1 else 0.0,
        "least": float(np.min(values)),
        "most": float(np.max(values)),
        "quantiles": {f"{q:g}": float(np.quantile(values, q)) for q in QUANTILES},
    }


def _keeps_all(row: Row) -> bool:
    return has_plan(row) and all(one["kept"] for one in row["limits"].values())


def _judged(rows: Sequence[Row]) -> int:
    """Draws that count: those that failed for a reason outside the model do not."""
    return sum(row["status"] != FAILED for row in rows)


def limits_kept(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """How probably each limit holds, with its value over the draws."""
    solved = [row for row in rows if has_plan(row)]
    labels = dict.fromkeys(label for row in solved for label in row["limits"])
    found: dict[str, dict[str, Any]] = {}
    for label in labels:
        there = [row["limits"][label] for row in solved if label in row["limits"]]
        found[label] = {
            **probability(sum(one["kept"] for one in there), _judged(rows)),
            "required": there[0]["required"],
            "value": distribution_of(np.array([one["value"] for one in there], dtype=float)),
        }
    return found


def probability(kept: int, count: int) -> dict[str, Any]:
    """A share of draws, and the interval it is known to within at 95 % (Wilson 1927).

    Examples
    --------
    >>> found = probability(50, 100)
    >>> found["probability"], round(found["low"], 3), round(found["high"], 3)
    (0.5, 0.404, 0.596)
    """
    if not count:
        return {"probability": None, "low": None, "high": None}
    share, z = kept / count, CONFIDENCE
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = (z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))) / (
        1 + z * z / count
    )
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return {"probability": share, "low": low, "high": high}


def _ranks(rows: Sequence[Row], shown: Mapping[str, Sequence[Any]]) -> dict[str, float]:
    """Rank correlation of the cost with every variable that is a number (Spearman)."""
    chosen = [n for n, row in enumerate(rows) if has_plan(row)]
    if len(chosen) < 3:
        return {}
    costs = _ranked([rows[n]["annual_cost"] for n in chosen])
    found = {}
    for title, values in shown.items():
        numbers = [values[n] for n in chosen]
        if not all(isinstance(one, int | float) for one in numbers) or len({*numbers}) < 2:
            continue
        found[title] = float(np.corrcoef(_ranked(numbers), costs)[0, 1])
    return found


def _ranked(values: Sequence[float]) -> Any:
    from scipy.stats import rankdata

    return rankdata(values)


def _regret(fixed: Sequence[Row], resized: Sequence[Row]) -> dict[str, Any] | None:
    """What holding the design costs over sizing anew, draw by draw [yuan/yr]."""
    pairs = [
        one["annual_cost"] - other["annual_cost"]
        for one, other in zip(fixed, resized, strict=True)
        if has_plan(one) and has_plan(other)
    ]
    return distribution_of(np.array(pairs, dtype=float))
