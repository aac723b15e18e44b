"""Solvers of the programs an exclusive plan takes: linear ones, and with binary variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from greenland.energy.problem.costs import Costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.solution import RawSolution
from greenland.energy.site import Array

Values = dict[str, Array]


class Optimum(Protocol):
    """Optimum of the linear program of some data for a linear objective."""

    def __call__(self, data: ModelData, costs: Costs) -> RawSolution:
        """Solve the linear program."""
        ...


class Mixed(Protocol):
    """Optimum of a program with binary variables, from a plan to begin with if there is one."""

    def __call__(
        self, data: ModelData, costs: Costs, start: Values | None, absolute_gap: float
    ) -> RawSolution:
        """Solve the mixed-integer program to a gap of *absolute_gap* [thousand yuan/yr]."""
        ...


@dataclass(frozen=True)
class Engines:
    """How linear and mixed-integer programs are solved."""

    optimum: Optimum
    mixed: Mixed
