"""The whole problem, family by family, as one program on arrays.

Rows and columns carry their time step, which is what `greenland.lp` lives on.
"""

from __future__ import annotations

import numpy as np

from greenland.energy.problem.annual_constraints import LIMIT_FAMILIES
from greenland.energy.problem.assembly import Assembly
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.step_constraints import STEP_FAMILIES
from greenland.energy.problem.variables import add_columns


def assemble(data: ModelData) -> Assembly:
    """Columns and rows of the whole model."""
    assembly = Assembly(data)
    add_columns(assembly)
    for family in (*STEP_FAMILIES.values(), *LIMIT_FAMILIES.values()):
        family(assembly)
    return assembly


def assemble_limits(assembly: Assembly, data: ModelData) -> Assembly:
    """The same columns and rows of every step, with the annual rows made anew for *data*.

    Columns keep their numbers and bounds; only the limits of *data* may differ.
    """
    step_rows = {f: numbers for f, numbers in assembly.rows.items() if f not in LIMIT_FAMILIES}
    height = 1 + max(int(numbers.max(initial=-1)) for numbers in step_rows.values())
    rebuilt = Assembly(
        data,
        columns=assembly.columns,
        rows=step_rows,
        blocks=assembly.blocks,
        row_blocks={family: assembly.row_blocks[family] for family in step_rows},
        width=assembly.width,
        height=height,
        bounds=assembly.bounds,
    )
    blocks = np.cumsum([len(lower) for lower, _upper, _step in assembly.sides])
    count = int(np.searchsorted(blocks, height)) + 1
    rebuilt.sides = assembly.sides[:count]
    rebuilt.counts = assembly.counts[:count]
    rebuilt.indices = assembly.indices[:count]
    rebuilt.values = assembly.values[:count]
    for family in LIMIT_FAMILIES.values():
        family(rebuilt)
    return rebuilt
