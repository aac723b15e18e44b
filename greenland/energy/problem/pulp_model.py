"""The sizing problem as a PuLP model in which every variable and every row has a name.

Derived from the arrays that `greenland.energy.problem.program` declares. It is made for reading,
for LP and MPS files, for mixed-integer repairs and for any solver PuLP knows; it is unsolved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pulp
from pulp import LpAffineExpression, LpConstraint

from greenland.energy.problem.assembly import Assembly, ColumnBlock, RowBlock
from greenland.energy.problem.costs import Costs, objective_costs, tie_costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.program import assemble
from greenland.energy.problem.variables import BINARIES
from greenland.energy.site import Array, Objective, Site
from greenland.lp import GLOBAL, LinearProgram

EQ, LE, GE = pulp.LpConstraintEQ, pulp.LpConstraintLE, pulp.LpConstraintGE
Term = tuple[Any, float]


@dataclass
class Model:
    """A named problem, and its parts by family.

    Parameters
    ----------
    data : ModelData
    problem : LpProblem
    variables : dict of family to list
        Lists of variables, or lists of lists where a family has two indexes.
    rows : dict of family to list of constraints
        In the order of their index.
    taken : set of str
        Names of variables and of constraints so far.
    """

    data: ModelData
    problem: pulp.LpProblem
    variables: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def variable(self, name: str, lower: float, upper: float) -> Any:
        """A new variable; infinite bounds are left out."""
        low = None if np.isneginf(lower) else lower + 0.0  # -0 is 0
        high = None if np.isposinf(upper) else upper + 0.0
        return self.problem.add_variable(self._free(name), low, high)

    def binary(self, name: str) -> Any:
        """A new variable that is 0 or 1."""
        return self.problem.add_variable(self._free(name), cat=pulp.LpBinary)

    def _free(self, name: str) -> str:
        """The name, or the next one that nothing has: names of parts may run into one another."""
        free, number = name, 2
        while free in self.taken:
            free, number = f"{name}.{number}", number + 1
        self.taken.add(free)
        return free

    def row(self, family: str, index: str, terms: Iterable[Term], sense: int, right: float) -> None:
        """Add one constraint; its name is the family's with the index."""
        self.add_row(family, f"{family}_{index}" if index else family, terms, sense, right)

    def add_row(
        self, family: str, name: str, terms: Iterable[Term], sense: int, right: float
    ) -> None:
        """Add one constraint to a family, by its whole name."""
        constraint = LpConstraint(LpAffineExpression(terms), sense, self._free(name), right)
        self.problem.addConstraint(constraint)
        self.rows.setdefault(family, []).append(constraint)


def label(name: str) -> str:
    """A name fit for an LP file: others than ASCII letters, digits and _ become their code."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "_") else f"x{ord(c):x}" for c in name)


def build(
    site: Site | ModelData,
    objective: Objective | str = Objective.ANNUAL_COST,
) -> Model:
    """Name every column and row of the problem, unsolved.

    Parameters
    ----------
    site : Site or ModelData
        What is to be sized; data must have been prepared for the same objective.
    objective : Objective
    """
    data = site if isinstance(site, ModelData) else prepare(site, objective)
    assembly = assemble(data)
    model = Model(data, pulp.LpProblem("greenland", pulp.LpMinimize))
    program = assembly.program([])
    columns = _add_variables(model, assembly, program)
    _add_rows(model, assembly, program, columns)
    set_objective(model, objective_costs(data, objective))
    return model


def set_objective(model: Model, costs: Costs, ties: bool = True) -> None:
    """Put an objective into the problem [thousand yuan/yr]."""
    terms: dict[Any, float] = {}
    parts = [costs, tie_costs(model.data)] if ties else [costs]
    for part in parts:
        for family, values in part.by_family.items():
            if family in model.variables:
                _add_costs(terms, model.variables[family], values)
    model.problem.objective = LpAffineExpression(terms, constant=float(costs.constant))


def _add_costs(terms: dict[Any, float], variables: Any, values: Array) -> None:
    flat = [v for line in variables for v in line] if values.ndim == 2 else variables
    for variable, value in zip(flat, values.ravel().tolist(), strict=True):
        if value:
            terms[variable] = terms.get(variable, 0.0) + value


def _add_variables(model: Model, assembly: Assembly, program: LinearProgram) -> list[Any]:
    """All variables by column number; `model.variables` gets them in the shapes of the families."""
    lower, upper = program.column_lower.tolist(), program.column_upper.tolist()
    columns: list[Any] = []
    for family, block in assembly.blocks.items():
        for name in column_names(family, block):
            j = len(columns)
            binary = family in BINARIES
            columns.append(
                model.binary(name) if binary else model.variable(name, lower[j], upper[j])
            )
    for family, numbers in assembly.columns.items():
        if numbers.ndim == 2:
            model.variables[family] = [[columns[j] for j in line] for line in numbers.tolist()]
        else:
            model.variables[family] = [columns[j] for j in numbers.tolist()]
    return columns


def _add_rows(model: Model, assembly: Assembly, program: LinearProgram, columns: list[Any]) -> None:
    """All rows, in the order of the program."""
    matrix = program.matrix.copy()
    matrix.sum_duplicates()
    starts, indices, values = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
    lower, upper = program.row_lower.tolist(), program.row_upper.tolist()
    for family, numbers in assembly.rows.items():
        names = row_names(family, assembly.row_blocks[family])
        for i, name in zip(numbers.tolist(), names, strict=True):
            span = slice(starts[i], starts[i + 1])
            terms = [(columns[j], v) for j, v in zip(indices[span], values[span], strict=True)]
            model.add_row(family, name, terms, *_side(lower[i], upper[i]))


def _side(lower: float, upper: float) -> tuple[int, float]:
    """Sense and right-hand side of a row with one finite side, or with equal ones."""
    if lower == upper:
        return EQ, lower
    return (LE, upper) if np.isneginf(lower) else (GE, lower)


def column_names(family: str, block: ColumnBlock) -> list[str]:
    """Names of a family's variables in the order of their columns: family, owner, step."""
    ends = [f"_{t}" for t in block.steps.tolist()] if block.steps is not None else [""]
    stems = [f"{family}_{label(owner)}" for owner in block.owners or ()]
    if block.paired and block.owners is not None and block.steps is not None:
        return [stem + end for stem, end in zip(stems, ends, strict=True)]
    return [stem + end for stem in ([family] if block.owners is None else stems) for end in ends]


def row_names(family: str, blocks: Iterable[RowBlock]) -> list[str]:
    """Names of a family's rows in their order: family, owner or index, step."""
    names: list[str] = []
    for block in blocks:
        ends = [f"_{t}" if t != GLOBAL else "" for t in block.steps.tolist()]
        if isinstance(block.owner, str):
            stem = f"{family}_{label(block.owner)}" if block.owner else family
            names += [stem + end for end in ends]
        else:
            names += [f"{family}_{k}{end}" for k, end in zip(block.owner, ends, strict=True)]
    return names
