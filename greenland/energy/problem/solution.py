"""What an engine hands back: one array per variable family, and how well it was solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from greenland.energy.site import Array, Site
from greenland.errors import NotOptimalError
from greenland.i18n import N_, _

PROVEN_GAP = 1e-4
"""Relative gap to a proven bound up to which a plan is called optimal.

The usual tolerance of mixed-integer solvers (HiGHS, Gurobi and CPLEX stop at 1e-4), and far below
what prices and yields are known to. Linear programs end some thousand times closer.
"""


class Status(StrEnum):
    """Outcome of solving.

    Examples
    --------
    >>> from greenland.energy import Status
    >>> Status.FEASIBLE.has_plan, Status.INFEASIBLE.has_plan
    (True, False)
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"  # a plan that keeps every limit, with a gap to what is proven
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    NOT_SOLVED = "not_solved"  # stopped without a plan

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan that can be used."""
        return self in (Status.OPTIMAL, Status.FEASIBLE)


STATUS_LABELS = {
    Status.OPTIMAL: N_("最优"),
    Status.FEASIBLE: N_("可行（未证明最优）"),
    Status.INFEASIBLE: N_("无可行解"),
    Status.UNBOUNDED: N_("无界"),
    Status.NOT_SOLVED: N_("未求得最优"),
}


def gap_text(status: Status, gap: float | None) -> str:
    """What is said beside the status of a plan that is not proven optimal; nothing of others."""
    if status is not Status.FEASIBLE:
        return ""
    if gap is None:
        return _("，与最优的差距未知")
    return _("，与最优相差不超过 {gap:.2%}", gap=gap)


@dataclass(frozen=True)
class RawSolution:
    """An engine's answer to one model.

    Parameters
    ----------
    status : Status
    engine : str
        Which answered, such as ``"interior"``, ``"highs"`` or the name of a PuLP solver.
    values : mapping of family to array
        By the names of docs/energy-model.md. Shapes: ``capacity`` (sources,), ``storage_power``,
        ``storage_energy``, ``energy_start`` (storages,), ``charge_power`` (storages whose charging
        power is a capacity of its own,), ``grid_capacity`` (1,), ``peak``
        (peaks,), ``electrolyser_capacity`` (electrolysers,), ``exchange_high``,
        ``exchange_low`` (1,); ``import``, ``export``, ``curtailment``, ``unserved`` (steps,);
        ``charge``, ``discharge``, ``energy`` (storages, steps); ``grid_charge``,
        ``grid_discharge``, ``grid_energy`` (storages that may charge from the grid, steps),
        ``grid_start`` (those storages,), ``grid_floor_loss`` (those that lose below their floor,
        steps);
        ``shift_load``, ``shift_state`` (shiftable, steps), ``interrupted`` (interruptible,
        steps), ``electrolyser_load`` (electrolysers, steps), ``day_product`` (electrolysers with
        a daily quota, steps), ``generator_capacity`` (generators,),
        ``generation`` (generators, steps). Families a model does not have are
        left out.
    objective : float
        With its constant, without the costs that break ties or with them: they do not matter
        [thousand yuan/yr].
    row_duals : mapping of family to array
        Derivative of the objective by the right-hand side of each row of the annual families,
        in the order of their index: ``self_use_of_generation`` (blocks,), …, ``land`` (1,), …;
        of ``balance`` (steps,) where anything may stop, of ``generation_limit`` (generators times
        steps,) where there are windows of maintenance.
    reduced_costs : mapping of family to array
        Of the capacity families: negative where an upper bound binds, positive where a lower
        bound does. For ``import_cap`` and ``export_cap``: the sum over steps of the reduced
        costs of import and export at the connected capacity (1,).
    gap : float, optional
        Relative duality gap on the unscaled problem; of an exclusive plan the relative distance
        to what no plan is proven to fall below. None where nothing is proven.
    bound : float, optional
        What no answer of a mixed-integer program costs less than [thousand yuan/yr].
    primal_residual, dual_residual : float
        Relative, on the unscaled problem.
    """

    status: Status
    engine: str
    values: Mapping[str, Array] = field(default_factory=dict)
    objective: float = float("nan")
    row_duals: Mapping[str, Array] = field(default_factory=dict)
    reduced_costs: Mapping[str, Array] = field(default_factory=dict)
    gap: float | None = None
    bound: float | None = None
    primal_residual: float | None = None
    dual_residual: float | None = None
    seconds: float = 0.0
    build_seconds: float = 0.0
    iterations: int = 0
    notes: tuple[str, ...] = ()

    def require_optimal(self) -> None:
        """Refuse to go on with anything but an optimum.

        Raises
        ------
        NotOptimalError
        """
        if self.status is not Status.OPTIMAL:
            raise NotOptimalError(str(self.status))


def complete(site: Site, values: Mapping[str, Array]) -> dict[str, Array]:
    """Values with the families every site has, empty where it has no storage or source."""
    stores, steps = len(site.storages), len(site.load)
    shapes: dict[str, tuple[int, ...]] = {"capacity": (len(site.sources),), "curtailment": (steps,)}
    shapes |= dict.fromkeys(("storage_power", "storage_energy", "energy_start"), (stores,))
    shapes |= dict.fromkeys(("charge", "discharge", "energy"), (stores, steps))
    return {name: np.zeros(shape) for name, shape in shapes.items()} | dict(values)
