"""Checks of loads that may be shifted, and of those that may be interrupted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from greenland.energy.site.loads import InterruptibleLoad, ShiftableLoad
from greenland.energy.site.part_checks import bounds_problems
from greenland.energy.site.site import Site
from greenland.energy.site.value_checks import amount, amounts, error, series
from greenland.errors import Problem
from greenland.i18n import _


def shiftable_problems(item: ShiftableLoad, site: Site) -> Iterator[Problem]:
    """Faults of a shiftable load."""
    what = _("可平移负荷“{owner}”的计划功率", owner=item.name)
    before = list(series(item.profile, site, "shiftable", what, low=0.0))
    yield from before
    yield from amounts(item, ["max_mw", "min_mw"])
    yield from bounds_problems(item, "min_mw", "max_mw")
    if not item.window_hours > 0:
        yield error(
            "window",
            _("“{owner}”的窗口长度应大于 0 小时。", owner=item.name),
            column="window_hours",
        )
        return
    problems = list(amount(item.name, "window_hours", item.window_hours))
    if problems:
        yield from problems
        return
    if before or isinstance(item.profile, int | float):
        return
    length = max(1, round(item.window_hours / site.step_hours))
    profile = np.asarray(item.profile, dtype=float)
    means = np.array([profile[i : i + length].mean() for i in range(0, len(profile), length)])
    if (means > item.max_mw + 1e-9).any() or (means < item.min_mw - 1e-9).any():
        yield error(
            "shiftable_window",
            _(
                "“{owner}”在某些窗口内的电量超出功率上下限所能承担的范围，无法平移。",
                owner=item.name,
            ),
            column="max_mw",
            got=f"{means.min():g}–{means.max():g}",
            allowed=f"{item.min_mw:g}–{item.max_mw:g}",
        )


def interruptible_problems(item: InterruptibleLoad, site: Site) -> Iterator[Problem]:
    """Faults of an interruptible load."""
    what = _("可中断负荷“{owner}”的功率", owner=item.name)
    found = list(series(item.max_mw, site, "interruptible", what, low=0.0))
    yield from found
    yield from amount(item.name, "price", item.price)
    yield from amount(item.name, "max_share", item.max_share, high=1.0)
    if found:
        return
    parts = [
        np.broadcast_to(np.asarray(i.max_mw, dtype=float), len(site.load))
        for i in site.interruptible
        if np.ndim(i.max_mw) == 0 or len(np.asarray(i.max_mw)) == len(site.load)
    ]
    excess = np.sum(parts, axis=0) - site.load.to_numpy(dtype=float)
    if item is site.interruptible[0] and (excess > 1e-9).any():
        yield error(
            "interruptible_over_load",
            _("可中断功率合计在 {count} 个时步大于负荷。", count=int((excess > 1e-9).sum())),
            _("可中断负荷是负荷的一部分，请逐时给出不大于负荷的值。"),
            column="interruptible",
        )
