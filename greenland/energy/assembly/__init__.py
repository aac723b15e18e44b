"""The sizing model compiled straight to sparse arrays, family by family.

The specification is docs/energy-model.md, the readable reference the PuLP model of
`greenland.energy.model`; a test compares the two row by row for every family. Rows and columns
carry their time step, which is what `greenland.energy.interior` lives on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from greenland.energy.interior import (
    GLOBAL,
    Answer,
    Engine,
    Outcome,
    Program,
    Reason,
    solve_generally,
)
from greenland.energy.interior import solve as solve_either
from greenland.energy.interior.program import Floats, Integers
from greenland.energy.model.costs import Costs, objective_costs, tie_costs
from greenland.energy.model.data import Asset, ModelData, prepare
from greenland.energy.site import Objective, Site
from greenland.energy.solution import RawSolution, Status
from greenland.i18n import N_, _

Term = tuple[Integers | int, Floats | float]
"""Columns, one per row or one for all, and their coefficients."""
INDEX = np.int32
"""Type of the numbers inside the matrix, the one SciPy works with."""


@dataclass
class Assembly:
    """A program under construction: columns and rows by family.

    Parameters
    ----------
    data : ModelData
    columns : mapping of family to integer array
        Column numbers in the shapes of `RawSolution.values`.
    rows : mapping of family to integer array
        Row numbers in the order of the family's index.
    """

    data: ModelData
    columns: dict[str, Integers] = field(default_factory=dict)
    rows: dict[str, Integers] = field(default_factory=dict)
    width: int = 0
    height: int = 0
    bounds: list[tuple[Floats, Floats, Integers]] = field(default_factory=list)
    sides: list[tuple[Floats, Floats, Integers]] = field(default_factory=list)
    counts: list[Integers] = field(default_factory=list)
    indices: list[Integers] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)

    # -- columns ---------------------------------------------------------------------------

    def add_columns(
        self,
        family: str,
        shape: tuple[int, ...],
        lower: Floats | float = 0.0,
        upper: Floats | float = np.inf,
        step: Integers | int = GLOBAL,
    ) -> None:
        """Add a family of columns; bounds and steps are broadcast to its shape."""
        count = int(np.prod(shape))
        numbers = np.arange(self.width, self.width + count).reshape(shape)
        self.columns[family] = numbers
        self.width += count
        wide = [np.broadcast_to(np.asarray(v, dtype=float), shape).ravel() for v in (lower, upper)]
        steps = np.broadcast_to(np.asarray(step, dtype=np.int64), shape).ravel()
        self.bounds.append((wide[0], wide[1], steps))

    def line(self, family: str) -> Integers | None:
        """Columns of a family, None when the model has none."""
        return self.columns.get(family)

    def lines(self, family: str) -> list[Integers]:
        """Columns of a family with two indexes, one array per first index."""
        return list(self.columns.get(family, ()))

    # -- rows ------------------------------------------------------------------------------

    def add_rows(
        self,
        family: str,
        count: int,
        terms: Sequence[Term],
        lower: Floats | float,
        upper: Floats | float,
        step: Integers | int,
    ) -> None:
        """Add *count* rows of the same make; zero coefficients are left out."""
        numbers = np.empty((count, len(terms)), dtype=INDEX)
        values = np.empty((count, len(terms)))
        for place, (columns, factor) in enumerate(terms):
            numbers[:, place] = columns
            values[:, place] = factor
        kept = values != 0
        self.counts.append(kept.sum(axis=1))
        self.indices.append(numbers[kept])
        self.values.append(values[kept])
        self._number(family, count, lower, upper, step)

    def add_row(
        self, family: str, terms: Sequence[Term], lower: float = -np.inf, upper: float = np.inf
    ) -> None:
        """Add one global row; every term may be a whole array of columns."""
        columns = [np.atleast_1d(np.asarray(c, dtype=INDEX)).ravel() for c, _factor in terms]
        factors = [
            np.broadcast_to(np.asarray(factor, dtype=float), len(c))
            for c, (_columns, factor) in zip(columns, terms, strict=True)
        ]
        numbers = np.concatenate([*columns, np.zeros(0, dtype=INDEX)])
        values = np.concatenate([*factors, np.zeros(0)])
        kept = values != 0
        self.counts.append(np.array([kept.sum()]))
        self.indices.append(numbers[kept])
        self.values.append(values[kept])
        self._number(family, 1, lower, upper, GLOBAL)

    def _number(
        self,
        family: str,
        count: int,
        lower: Floats | float,
        upper: Floats | float,
        step: Integers | int,
    ) -> None:
        numbers = np.arange(self.height, self.height + count)
        known = self.rows.get(family)
        self.rows[family] = numbers if known is None else np.concatenate([known, numbers])
        self.height += count
        self.sides.append(
            (
                np.broadcast_to(np.asarray(lower, dtype=float), count),
                np.broadcast_to(np.asarray(upper, dtype=float), count),
                np.broadcast_to(np.asarray(step, dtype=np.int64), count),
            )
        )

    # -- program ---------------------------------------------------------------------------

    def cost(self, parts: Sequence[Costs]) -> Floats:
        """Cost of every column."""
        cost = np.zeros(self.width)
        for part in parts:
            for family, values in part.by_family.items():
                if family in self.columns:
                    cost[self.columns[family].ravel()] += np.ravel(values)
        return cost

    def program(self, parts: Sequence[Costs]) -> Program:
        """The program with the sum of the given costs."""
        counts = np.concatenate(self.counts)
        pointer = np.zeros(len(counts) + 1, dtype=INDEX)
        np.cumsum(counts, out=pointer[1:])
        matrix = sparse.csr_array(
            (np.concatenate(self.values), np.concatenate(self.indices), pointer),
            shape=(self.height, self.width),
        )
        lower, upper, column_step = (np.concatenate(v) for v in zip(*self.bounds, strict=True))
        row_lower, row_upper, row_step = (np.concatenate(v) for v in zip(*self.sides, strict=True))
        return Program(
            cost=self.cost(parts),
            matrix=matrix,
            row_lower=row_lower,
            row_upper=row_upper,
            column_lower=lower,
            column_upper=upper,
            row_step=row_step,
            column_step=column_step,
            offset=float(sum(part.constant for part in parts)),
        )


def assemble(data: ModelData) -> Assembly:
    """Columns and rows of the whole model."""
    from greenland.energy.assembly.limits import LIMIT_FAMILIES
    from greenland.energy.assembly.rows import STEP_FAMILIES

    assembly = Assembly(data)
    _sources(assembly)
    _grid(assembly)
    _storages(assembly)
    _flexible(assembly)
    for family in (*STEP_FAMILIES.values(), *LIMIT_FAMILIES.values()):
        family(assembly)
    return assembly


def assemble_limits(assembly: Assembly, data: ModelData) -> Assembly:
    """The same columns and rows of every step, with the annual rows made anew for *data*.

    Columns keep their numbers and bounds; only the limits of *data* may differ.
    """
    from greenland.energy.assembly.limits import LIMIT_FAMILIES

    kept = {f: numbers for f, numbers in assembly.rows.items() if f not in LIMIT_FAMILIES}
    height = 1 + max(int(numbers.max(initial=-1)) for numbers in kept.values())
    made = Assembly(data, assembly.columns, kept, assembly.width, height, assembly.bounds)
    blocks = np.cumsum([len(lower) for lower, _upper, _step in assembly.sides])
    count = int(np.searchsorted(blocks, height)) + 1
    made.sides = assembly.sides[:count]
    made.counts = assembly.counts[:count]
    made.indices = assembly.indices[:count]
    made.values = assembly.values[:count]
    for family in LIMIT_FAMILIES.values():
        family(made)
    return made


# -- columns of the families -----------------------------------------------------------------


def _capacities(assembly: Assembly, family: str, assets: Sequence[Asset]) -> None:
    lower = np.array([item.lower for item in assets], dtype=float)
    upper = np.array([item.upper for item in assets], dtype=float)
    assembly.add_columns(family, (len(assets),), lower, upper)


def _sources(assembly: Assembly) -> None:
    steps = np.arange(assembly.data.steps)
    _capacities(assembly, "capacity", assembly.data.sources)
    assembly.add_columns("curtailment", (len(steps),), step=steps)


def _grid(assembly: Assembly) -> None:
    data = assembly.data
    if data.site.grid is None:
        return
    steps = np.arange(data.steps)
    import_cap = data.import_cap if data.flexible else np.minimum(data.import_cap, data.load)
    assembly.add_columns("import", (len(steps),), 0.0, import_cap, steps)
    assembly.add_columns("export", (len(steps),), 0.0, data.export_cap, steps)
    if data.connection is not None:
        _capacities(assembly, "grid_capacity", (data.connection,))
    if data.peaks:
        assembly.add_columns("peak", (len(data.peaks),))
    if data.site.limits.max_peak_valley_ratio is not None:
        assembly.add_columns("exchange_high", (1,), -np.inf)
        assembly.add_columns("exchange_low", (1,), -np.inf)


def _storages(assembly: Assembly) -> None:
    data = assembly.data
    steps, stores = np.arange(data.steps), len(data.storage_power)
    _capacities(assembly, "storage_power", data.storage_power)
    _capacities(assembly, "storage_energy", data.storage_energy)
    assembly.add_columns("energy_start", (stores,))
    for family in ("charge", "discharge", "energy"):
        assembly.add_columns(family, (stores, len(steps)), step=steps)
    if data.grid_stores:
        for family in ("grid_charge", "grid_discharge", "grid_energy"):
            assembly.add_columns(family, (len(data.grid_stores), len(steps)), step=steps)


def _flexible(assembly: Assembly) -> None:
    data, site = assembly.data, assembly.data.site
    steps = np.arange(data.steps)
    if site.limits.max_unserved_share is not None:
        firm = np.maximum(data.load - data.interruptible.sum(axis=0), 0.0)
        assembly.add_columns("unserved", (len(steps),), 0.0, firm, steps)
    if site.shiftable:
        shape = (len(site.shiftable), len(steps))
        low = np.array([item.min_mw for item in site.shiftable])[:, None]
        high = np.array([item.max_mw for item in site.shiftable])[:, None]
        assembly.add_columns("shift_load", shape, low, high, steps)
        open_side = np.where(data.shift_ends, 0.0, np.inf)
        assembly.add_columns("shift_state", shape, -open_side, open_side, steps)
    if site.interruptible:
        shape = data.interruptible.shape
        assembly.add_columns("interrupted", shape, 0.0, data.interruptible, steps)
    if site.electrolysers:
        _capacities(assembly, "electrolyser_capacity", data.electrolysers)
        shape = (len(site.electrolysers), len(steps))
        assembly.add_columns("electrolyser_load", shape, step=steps)


ENGINES = ("auto", "interior", "highs")
"""Engines that work on arrays; see `answer`."""

# -- solving ---------------------------------------------------------------------------------

REASON_LABELS = {
    Reason.INFEASIBLE: N_("求解前已看出约束互相矛盾"),
    Reason.UNBOUNDED: N_("求解前已看出目标没有下界"),
    Reason.BORDER: N_("与时间无关的行列太多"),
    Reason.BAND: N_("时步之间的联系太宽"),
    Reason.NUMERICAL: N_("数值分解失败"),
    Reason.INACCURATE: N_("结果未达到精度要求"),
}
_OUTCOMES = {
    Outcome.OPTIMAL: Status.OPTIMAL,
    Outcome.INFEASIBLE: Status.INFEASIBLE,
    Outcome.UNBOUNDED: Status.UNBOUNDED,
    Outcome.NOT_SOLVED: Status.NOT_SOLVED,
}


def solve(
    site: Site | ModelData,
    objective: Objective | str = Objective.ANNUAL_COST,
    *,
    engine: str = "auto",
    green_price: float = 0.0,
    costs: Costs | None = None,
) -> RawSolution:
    """Assemble and solve a sizing model on arrays.

    Parameters
    ----------
    site : Site or ModelData
        Data must have been prepared for the same objective.
    objective : Objective
    engine : str
        ``"auto"``: the interior engine, and HiGHS where its answer cannot be trusted.
        ``"interior"``: the interior engine alone. ``"highs"``: HiGHS on the same arrays.
    green_price : float
        See `greenland.energy.model.costs.objective_costs` [yuan/kWh].
    costs : Costs, optional
        An objective of one's own instead of *objective*.
    """
    began = time.perf_counter()
    data = site if isinstance(site, ModelData) else prepare(site, objective)
    assembly = assemble(data)
    chosen = costs or objective_costs(data, objective, green_price)
    program = assembly.program([chosen, tie_costs(data)])
    built = time.perf_counter() - began
    return read(assembly, answer(program, engine), build_seconds=built)


def answer(program: Program, engine: str = "auto", keep: Engine | None = None) -> Answer:
    """Solve a program by the engine named; *keep* is an engine that remembers its last matrix.

    Raises
    ------
    ValueError
        For an engine that does not work on arrays.
    """
    if engine == "auto":
        return solve_either(program, keep)
    if engine == "interior":
        return (keep or Engine()).solve(program)
    if engine == "highs":
        return solve_generally(program)
    raise ValueError(f"{engine!r}: {', '.join(ENGINES)}")


def _note(found: Answer) -> tuple[str, ...]:
    """Why the general solver had to decide, for the reader of the plan."""
    if found.reason is None:
        return ()
    reason = _(REASON_LABELS[found.reason])
    if found.engine == "highs":
        return (_("由通用求解器 HiGHS 求解：结构化内点引擎{reason}。", reason=reason),)
    return (_("结构化内点引擎没有给出解：{reason}。", reason=reason),)


def read(assembly: Assembly, found: Answer, build_seconds: float = 0.0) -> RawSolution:
    """An answer by family."""
    raw = RawSolution(
        _OUTCOMES[found.outcome],
        found.engine,
        seconds=found.seconds,
        build_seconds=build_seconds,
        iterations=found.iterations,
        notes=_note(found),
    )
    if found.outcome is not Outcome.OPTIMAL:
        return raw
    quality = found.quality
    assert quality is not None
    return replace(
        raw,
        values={family: found.x[numbers] for family, numbers in assembly.columns.items()},
        objective=found.objective,
        row_duals=_row_duals(assembly, found),
        reduced_costs=_reduced_costs(assembly, found),
        gap=quality.gap,
        primal_residual=quality.primal_residual,
        dual_residual=quality.dual_residual,
    )


def _row_duals(assembly: Assembly, found: Answer) -> Mapping[str, Floats]:
    """Duals of the annual families."""
    from greenland.energy.assembly.limits import LIMIT_FAMILIES

    return {
        family: found.y[numbers]
        for family, numbers in assembly.rows.items()
        if family in LIMIT_FAMILIES
    }


def _reduced_costs(assembly: Assembly, found: Answer) -> Mapping[str, Floats]:
    """Reduced costs of the capacities, and of exchange held by a fixed connected capacity."""
    columns, data = assembly.columns, assembly.data
    result = {f: found.reduced[columns[f]] for f in assembly.data.capacities if f in columns}
    grid = data.site.grid
    if grid is not None and grid.capacity_mw is not None:
        for family, cap in (("import", data.import_cap), ("export", data.export_cap)):
            held = cap == grid.capacity_mw
            if family == "import" and not data.flexible:
                held &= data.load >= cap
            prices = np.minimum(found.reduced[columns[family]], 0.0)
            result[f"{family}_cap"] = np.array([float(prices[held].sum())])
    return result
