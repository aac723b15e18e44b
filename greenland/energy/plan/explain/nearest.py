"""The sizes nearest to given ones with which every limit can be kept: one linear program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse

from greenland.energy.plan.explain.elastic import FLOW_PRICE
from greenland.energy.plan.schedule import capacities_of
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.program import assemble
from greenland.energy.problem.solution import Status
from greenland.energy.problem.solve import answer, read
from greenland.energy.site import Site
from greenland.energy.site.identity import CapacityKind, Identity, capacity_labels
from greenland.lp import GLOBAL, LinearProgram

MWH_PER_MW = 4.0
"""Energy of a storage that counts like one MW of power where changes of sizes are added up."""
_FAMILIES = {
    CapacityKind.SOURCE: "capacity",
    CapacityKind.STORAGE_POWER: "storage_power",
    CapacityKind.STORAGE_ENERGY: "storage_energy",
    CapacityKind.STORAGE_CHARGE_POWER: "charge_power",
    CapacityKind.ELECTROLYSER: "electrolyser_capacity",
    CapacityKind.GRID: "grid_capacity",
}


def nearest_sizes(
    site: Site, sizes: Mapping[str, float], *, engine: str = "auto"
) -> dict[str, float] | None:
    """Sizes that keep every limit of a site, with the least sum of changes from given ones.

    Parameters
    ----------
    site : Site
        With its own bounds of capacities.
    sizes : mapping of label to float
        Totals [MW], [MWh]; a change of `MWH_PER_MW` MWh counts like one of a MW.
    engine : str
        ``"auto"``, ``"interior"`` or ``"highs"``.

    Returns
    -------
    dict of label to float or None
        Totals of what is decided [MW], [MWh]; None where no sizes keep the limits.
    """
    data = prepare(site)
    assembly = assemble(data)
    program = assembly.program([])
    program = replace(program, cost=np.full(program.shape[1], FLOW_PRICE))
    per_mw = max(1.0, float(site.load.sum()) * site.step_hours) / max(1.0, float(site.load.max()))
    labels = capacity_labels(site)
    for key, label in labels.items():
        column = _column(site, assembly.columns, key)
        if column is None or label not in sizes:
            continue
        weight = per_mw / (MWH_PER_MW if key.kind is CapacityKind.STORAGE_ENERGY else 1.0)
        program = _with_change(program, column, sizes[label], weight)
    raw = read(assembly, answer(program, engine))
    if raw.status is not Status.OPTIMAL:
        return None
    found = capacities_of(data, raw.values)
    return {str(label): float(value) for label, value in found.items() if label in sizes}


def _column(site: Site, columns: Mapping[str, Any], key: Identity) -> int | None:
    """The column of a decided capacity."""
    if key.owner in [item.name for item in site.generators]:
        names = [item.name for item in site.generators]
        return int(columns["generator_capacity"][names.index(key.owner)])
    family = columns.get(_FAMILIES[CapacityKind(key.kind)])
    if family is None or not len(family):
        return None
    if key.kind is CapacityKind.GRID:
        return int(family[0])
    parts: Any = {
        CapacityKind.SOURCE: site.sources,
        CapacityKind.ELECTROLYSER: site.electrolysers,
        CapacityKind.STORAGE_CHARGE_POWER: [b for b in site.storages if b.decides_charge_power],
    }.get(CapacityKind(key.kind), site.storages)
    names = [item.name for item in parts]
    return int(family[names.index(key.owner)])


def _with_change(program: LinearProgram, column: int, size: float, price: float) -> LinearProgram:
    """The program with a price on how far a column is from a size, upwards and downwards.

    One row, ``column - up + down = size``, and the two columns of what is added and taken away.
    """
    height, width = program.shape
    row: Any = sparse.csr_array(([1.0], ([0], [column])), shape=(1, width))
    matrix = sparse.vstack([program.matrix, row]).tocsr()
    changes: Any = sparse.csr_array(
        ([-1.0, 1.0], ([height, height], [0, 1])), shape=(height + 1, 2)
    )
    return replace(
        program,
        cost=np.append(program.cost, [price, price]),
        matrix=sparse.csr_array(sparse.hstack([matrix, changes]).tocsr()),
        row_lower=np.append(program.row_lower, size),
        row_upper=np.append(program.row_upper, size),
        row_step=np.append(program.row_step, GLOBAL),
        column_lower=np.append(program.column_lower, [0.0, 0.0]),
        column_upper=np.append(program.column_upper, [np.inf, np.inf]),
        column_step=np.append(program.column_step, [GLOBAL, GLOBAL]),
    )
