"""Conflicts that sums over the given bounds show, without a program to be solved."""

from __future__ import annotations

import numpy as np

from greenland.energy.plan.explain.text import shown
from greenland.energy.problem.data import ModelData
from greenland.energy.site import Array, FinalEnergy
from greenland.energy.site.limit_kinds import CONNECTION, LIMIT_KINDS
from greenland.i18n import _

MARGIN = 1e-6
"""Relative; a lack that small may be one of rounding, and a program decides."""


def plainly_missed(data: ModelData) -> str | None:
    """A requirement that no sizes within their bounds can meet, in words; None: no sum shows one.

    Parameters
    ----------
    data : ModelData
        Only where consumption is the load as given and no storage gives more than it takes.

    Notes
    -----
    What the sources yield at their upper bounds is the most that can be had of them: if all of it
    served the load, the share of green energy could be no higher; and what they and the storages
    lack of the load in some step is the least that has to be connected.
    """
    site = data.site
    tied = all(item.end is FinalEnergy.EQUAL for item in site.storages)
    if data.flexible or site.grid is None or not tied:
        return None
    yielded = _most(data.pu, [item.upper for item in data.sources])
    burnt = _most(data.running, [item.upper for item in data.generators])
    return _share_missed(data, yielded + burnt) or _connection_missed(data, yielded + burnt)


def _most(per_mw: Array, uppers: list[float]) -> Array:
    """Output at the upper bounds, of which some may be infinite [MW]."""
    total = np.zeros(per_mw.shape[1])
    for line, upper in zip(per_mw, uppers, strict=True):
        total += np.where(line > 0, upper * np.maximum(line, 1e-300), 0.0)
    return total


def _share_missed(data: ModelData, most: Array) -> str | None:
    kind = LIMIT_KINDS["self_use_of_consumption"]
    required, whole = kind.value_in(data.site.limits), float(data.load.sum())
    if required is None or whole <= 0:
        return None
    stores = any(item.upper > 0 for item in data.storage_power)
    used = float((most if stores else np.minimum(most, data.load)).sum()) / whole
    if not used < required - MARGIN:
        return None
    return _(
        "{name}要求不低于 {required}；各电源都按容量上限、电量全部自用，也至多 {most}。",
        name=_(kind.label),
        required=shown(kind, required),
        most=shown(kind, used, up=True),
    )


def _connection_missed(data: ModelData, most: Array) -> str | None:
    given = data.import_cap
    if data.connection is not None:
        given = np.minimum(given, data.connection.upper)
    power = sum(item.upper for item in data.storage_power)
    lacking = data.load - most - power
    short = lacking - given
    step = int(np.argmax(short))
    if not short[step] > MARGIN * max(1.0, float(data.load.max())):
        return None
    return _(
        "{name}不足：{time} 能下网 {given}；电源和储能都按容量上限，也至少要下网 {least}。",
        name=_(CONNECTION.label),
        time=f"{data.index[step]:%Y-%m-%d %H:%M}",
        given=shown(CONNECTION, float(given[step])),
        least=shown(CONNECTION, float(lacking[step])),
    )
