"""Whole units: the best feasible rounding of capacities, with dispatch re-optimised."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from greenland.energy.plan.plan import Plan
from greenland.energy.site import Site
from greenland.energy.site.identity import CapacityKind, Identity, capacity_labels, cost_labels
from greenland.energy.sizing.solve import LpOptimum, linear_optimum, relaxed, sized, solve
from greenland.energy.sizing.unit_bounds import UnitBounds
from greenland.i18n import _
from greenland.lp import InteriorPointSolver
from greenland.lp.recent import kept, remembering
from greenland.results import plain_value
from greenland.summary import Summarised, Summary

MAX_TRIALS = 64
MAX_SECONDS = 120.0
WORTHWHILE = 1e-4  # relative: a rounding cheaper by less than this is not looked for
WHOLE_TOLERANCE = 1e-9


@dataclass(frozen=True, repr=False)
class Rounding(Summarised):
    """Capacities in whole units.

    Parameters
    ----------
    plan : Plan
        With the rounded capacities fixed and everything else decided again.
    units : mapping of capacity to int
        Number of units of every capacity that comes in units.
    unit_sizes : mapping of capacity to float
        [MW], [MWh]
    cost : float
        What rounding costs against the continuous optimum [unit of the objective].
    relative_cost : float
        The same over the objective of the continuous optimum [-].
    trials : int
        How many roundings were tried.
    proven : bool
        Whether every other rounding is ruled out, except for what `WORTHWHILE` allows.
    """

    plan: Plan
    units: Mapping[str, int]
    unit_sizes: Mapping[str, float]
    cost: float
    relative_cost: float
    trials: int
    proven: bool

    def _summary(self) -> Summary:
        names = self.units.items()
        sizes = ((str(name), f"{count} × {self.unit_sizes[name]:g}") for name, count in names)
        return Summary(self.text, tuple(sizes))

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values; the plan itself is the record's."""
        return {
            "units": dict(self.units),
            "unit_sizes": dict(self.unit_sizes),
            "cost": plain_value(self.cost),
            "relative_cost": plain_value(self.relative_cost),
            "trials": self.trials,
            "proven": self.proven,
            "text": str(self.text),
        }

    @property
    def text(self) -> str:
        """The units and what they cost, in words."""
        parts = "、".join(
            f"{name} {count}×{self.unit_sizes[name]:g}" for name, count in self.units.items()
        )
        return _(
            "取整为 {parts}，比连续最优多 {cost:,.0f}（{relative:.2%}）。",
            parts=parts,
            cost=self.cost,
            relative=self.relative_cost,
        )


def cost_rows(plan: Plan) -> list[dict[str, Any]]:
    """Items of the annual cost of a plan, each with what it is."""
    keys = {label: key for key, label in cost_labels(plan.site).items()}
    return [
        {
            "item": str(item),
            "kind": str(keys[str(item)].kind),
            "owner": keys[str(item)].owner or None,
            "yuan_per_year": plain_value(value),
        }
        for item, value in plan.costs.items()
    ]


def unit_sizes(site: Site) -> dict[str, float]:
    """Size of one unit of every capacity that comes in units, by its label [MW], [MWh]."""
    labels = capacity_labels(site)
    sizes = {labels[key]: getattr(item, f"unit_{unit}") for key, item, unit in _parts(site)}
    return {label: size for label, size in sizes.items() if size}


def _parts(site: Site) -> Iterator[tuple[Identity, Any, str]]:
    """Capacities of what generates and stores, each with its part and what its fields end in."""
    for item in site.suppliers:
        yield Identity(CapacityKind.SOURCE, item.name), item, "mw"
    for storage in site.storages:
        yield Identity(CapacityKind.STORAGE_POWER, storage.name), storage, "mw"
        yield Identity(CapacityKind.STORAGE_ENERGY, storage.name), storage, "mwh"


def _existing(site: Site) -> dict[str, float]:
    labels = capacity_labels(site)
    return {labels[key]: getattr(item, f"existing_{unit}") for key, item, unit in _parts(site)}


def with_new_capacities(site: Site, new: Mapping[str, tuple[float, float]]) -> Site:
    """The site with new capacities, by their labels, held between bounds [MW], [MWh]."""
    labels = capacity_labels(site)
    held: dict[int, dict[str, float]] = {}
    for key, item, unit in _parts(site):
        if labels[key] in new:
            low, high = new[labels[key]]
            held.setdefault(id(item), {}).update({f"min_{unit}": low, f"max_{unit}": high})
    changes: dict[str, Any] = {
        kind: tuple(replace(item, **held.get(id(item), {})) for item in getattr(site, kind))
        for kind in ("sources", "generators", "storages")
    }
    return replace(site, **changes)


def _bounds(site: Site) -> dict[str, tuple[float, float]]:
    labels = capacity_labels(site)
    return {
        labels[key]: (getattr(item, f"min_{unit}"), getattr(item, f"max_{unit}"))
        for key, item, unit in _parts(site)
    }


def round_units(
    plan: Plan,
    *,
    engine: str = "auto",
    max_trials: int = MAX_TRIALS,
    max_seconds: float = MAX_SECONDS,
) -> Rounding | None:
    """Find the best feasible rounding of a plan's capacities to whole units.

    Branch and bound on the number of units: each node is the whole problem again with numbers of
    units held between bounds, so dispatch (and every capacity that does not come in units) is
    decided anew, and no rounding beats the continuous optimum. Nodes on the way are bounds, for
    which the linear model is enough, begun from the solution of the one before; where the dual
    values of what was solved rule a node out (`UnitBounds`), it is not solved at all. Whole numbers
    of units are sized in full; those nearest to a node at once, where they can be the best so far.

    Parameters
    ----------
    plan : Plan
        The continuous optimum.
    engine : str
        As for `size`.
    max_trials : int
        Most problems to solve; the best rounding found by then is returned with `proven` False.
    max_seconds : float
        Most time to spend [s]; likewise.

    Returns
    -------
    Rounding or None
        None when nothing comes in units, or no rounding was found to be feasible.

    Raises
    ------
    SolverError
        If HiGHS refuses a problem.

    Examples
    --------
    >>> import pandas as pd
    >>> from greenland.energy import Grid, Limits, Site, Source, round_units, size
    >>> hours = pd.date_range("2025-01-01", periods=24, freq="h")
    >>> pv = Source("pv", [0.5] * 24, capex=3000, unit_mw=3.0)
    >>> least = Limits(min_self_use_of_consumption=0.4)
    >>> load = pd.Series(10.0, index=hours)
    >>> plan = size(Site(load, [pv], grid=Grid(import_price=0.1), limits=least))
    >>> float(plan.capacities["pv"].round(3)), round_units(plan).units
    (20.0, {'pv': 7})
    """
    sizes = unit_sizes(plan.site)
    if not sizes or not plan.status.has_plan:
        return None
    search = _UnitSearch(plan, sizes, engine, max_trials, max_seconds)
    with remembering(kept()):  # each bound begins from the solution of the one before
        search.run()
    return search.result()


class _UnitSearch:
    """Depth-first branch and bound over numbers of units."""

    def __init__(
        self,
        plan: Plan,
        sizes: Mapping[str, float],
        engine: str,
        max_trials: int,
        max_seconds: float,
    ) -> None:
        self.root, self.sizes, self.engine, self.max_trials = plan, sizes, engine, max_trials
        self.deadline = time.perf_counter() + max_seconds
        self.sign = -1.0 if plan.objective == "npv" else 1.0
        self.existing, self.bounds = _existing(plan.site), _bounds(plan.site)
        self.best: Plan | None = None
        self.trials, self.proven, self.hopeful = 0, True, True
        self.tried: list[dict[str, tuple[float, float]]] = []
        self.planes, self.interior = UnitBounds(list(sizes)), InteriorPointSolver()

    def run(self) -> None:
        """Try the nearest rounding and the one upwards for a good bound, then branch."""
        for way in (round, math.ceil):
            counts = self._rounded(self.root, way)
            self._keep(self._solve(counts))
        self._branch(self.root, {name: self._count_bounds(name) for name in self.sizes})

    def _exhausted(self) -> bool:
        return self.trials >= self.max_trials or time.perf_counter() > self.deadline

    def _count_bounds(self, name: str) -> tuple[int, float]:
        low, high = self.bounds[name]
        unit = self.sizes[name]
        most = math.floor(high / unit + WHOLE_TOLERANCE) if math.isfinite(high) else math.inf
        return math.ceil(low / unit - WHOLE_TOLERANCE), most

    def _units(self, plan: Plan | LpOptimum, name: str) -> float:
        return (float(plan.capacities[name]) - self.existing[name]) / self.sizes[name]

    def _rounded(
        self, plan: Plan | LpOptimum, way: Callable[[float], int]
    ) -> dict[str, tuple[float, float]]:
        """An optimum rounded one way, within the bounds of the site."""
        counts: dict[str, tuple[float, float]] = {}
        for name in self.sizes:
            low, high = self._count_bounds(name)
            exact = self._units(plan, name)
            near = round(exact) if abs(exact - round(exact)) < 1e-6 else way(exact)
            whole = int(min(max(near, low), high))
            counts[name] = (whole, whole)
        return counts

    def _with(self, counts: Mapping[str, tuple[float, float]]) -> Site:
        """The site with numbers of units held between bounds; one more trial."""
        self.trials += 1
        new = {
            name: (low * self.sizes[name], high * self.sizes[name])
            for name, (low, high) in counts.items()
        }
        return with_new_capacities(self.root.site, new)

    def _solve(self, counts: Mapping[str, tuple[float, float]]) -> Plan | None:
        """Size a rounding in full, once."""
        if counts in self.tried:
            return None
        self.tried.append(dict(counts))
        solved = solve(self._with(counts), self.root.objective, self.engine)
        if solved.linear is not None:
            self._learn(linear_optimum(solved.data, solved.linear, self.root.objective))
        plan = sized(solved, self.root.objective)
        return plan if plan.status.has_plan else None

    def _learn(self, optimum: LpOptimum | None) -> None:
        """Bound other numbers of units by the dual values of a linear program."""
        if optimum is None or optimum.slopes is None:
            return
        self.planes.learn(
            self._value(optimum),
            {name: self._units(optimum, name) for name in self.sizes},
            {name: self.sign * optimum.slopes[name] * unit for name, unit in self.sizes.items()},
        )

    def _ruled_out(self, value: Callable[[], float]) -> bool:
        """Whether what costs no less than *value* is not worth looking for."""
        if self.best is None:
            return False
        target = self._value(self.best)
        return value() >= target - WORTHWHILE * abs(target)

    def _value(self, plan: Plan | LpOptimum) -> float:
        return self.sign * plan.objective_value

    def _keep(self, plan: Plan | None) -> None:
        if plan is None:
            return
        if self.best is None or self._value(plan) < self._value(self.best):
            self.best = plan

    def _branch(self, plan: Plan | LpOptimum, counts: dict[str, tuple[float, float]]) -> None:
        """Split on the capacity that is furthest from whole units."""
        if self._ruled_out(lambda: self._value(plan)):
            return
        parts = {name: self._units(plan, name) for name in self.sizes}
        off = {name: abs(n - round(n)) for name, n in parts.items()}
        name = max(off, key=lambda key: off[key])
        if off[name] <= 1e-6:
            fixed = {key: (round(n), round(n)) for key, n in parts.items()}
            self._keep(self._solve(fixed))
            return
        low, high = counts[name]
        below, above = (low, math.floor(parts[name])), (math.ceil(parts[name]), high)
        nearer = [below, above] if parts[name] % 1 < 0.5 else [above, below]
        for side in nearer:
            part = {**counts, name: side}
            if side[0] > side[1] or self._ruled_out(partial(self.planes.least, part)):
                continue
            if self._exhausted():
                self.proven = False
                return
            site = self._with(part)
            optimum = relaxed(site, self.root.objective, self.engine, self.interior)
            if optimum is not None:
                self._learn(optimum)
                self._try_near(optimum)
                self._branch(optimum, part)

    def _try_near(self, node: LpOptimum) -> None:
        """Size the nearest rounding of a node, where dual values do not rule it out.

        A better plan that is found early rules out more of what is left; one that is not better
        is the last that is tried so.
        """
        if not self.hopeful or self._ruled_out(lambda: self._value(node)) or self._exhausted():
            return
        nearest, before = self._rounded(node, round), self.best
        least = self.planes.least(nearest)
        if (
            nearest not in self.tried
            and math.isfinite(least)
            and not self._ruled_out(lambda: least)
        ):
            self._keep(self._solve(nearest))
            self.hopeful = self.best is not before

    def result(self) -> Rounding | None:
        if self.best is None:
            return None
        units = {name: round(self._units(self.best, name)) for name in self.sizes}
        cost = self._value(self.best) - self._value(self.root)
        relative = cost / max(abs(self._value(self.root)), 1e-12)
        return Rounding(
            self.best, units, dict(self.sizes), cost, relative, self.trials, self.proven
        )
