"""Daily quotas of electrolysers: bounds on the product of a day, and the rows that add it up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenland.energy.problem.assembly import Assembly, Term
from greenland.energy.problem.families import all_steps
from greenland.energy.site import Array, Site

HOURS_A_DAY = 24


def daily_quotas(site: Site) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Bounds on the product of a day so far, which hold at its last step [t].

    Returns
    -------
    least, most : array
        Of the electrolysers with a quota, at every step; a day of which the horizon holds a part
        has that part of the quota.
    first : bool array
        Whether a step is the first of its day.
    """
    steps = len(site.load)
    items = [item for item in site.electrolysers if item.has_quota]
    least, most = np.zeros((len(items), steps)), np.full((len(items), steps), np.inf)
    days = site.index.normalize()
    first = np.ones(steps, dtype=bool)
    first[1:] = np.asarray(days[1:] != days[:-1])
    last = np.append(first[1:], True)
    number = np.cumsum(first) - 1
    shares = np.bincount(number) * site.step_hours / HOURS_A_DAY
    for row, item in enumerate(items):
        least[row, last] = item.min_daily_product_t * shares
        if item.max_daily_product_t is not None:
            most[row, last] = item.max_daily_product_t * shares
    return least, most, first


def quota_balance(assembly: Assembly) -> None:
    """Product of the day so far, step by step [t]."""
    data = assembly.data
    goes_on = np.where(data.quota_first, 0.0, 1.0)
    for row, j in enumerate(data.quotas):
        item, made = data.site.electrolysers[j], assembly.columns["day_product"][row]
        load = assembly.columns["electrolyser_load"][j]
        terms: list[Term] = [
            (made, 1.0),
            (load, -data.step_hours / item.mwh_per_t),
            (np.concatenate([made[:1], made[:-1]]), -goes_on),
        ]
        steps = all_steps(assembly)
        assembly.add_rows("quota_balance", len(steps), terms, 0.0, 0.0, steps, item.name)
