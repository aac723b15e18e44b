"""Checks of flexible loads: shiftable, interruptible, and those that make hydrogen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from greenland.energy.site.loads import Electrolyser, InterruptibleLoad, ShiftableLoad
from greenland.energy.site.part_checks import bounds_problems, lifetime_problems, unit_cost
from greenland.energy.site.site import Site
from greenland.energy.site.value_checks import LARGEST, amount, amounts, error, series
from greenland.errors import Problem
from greenland.i18n import _

LEAST_MWH_PER_T = 0.001
HOURS_A_DAY = 24


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


def _daily_product(item: Electrolyser) -> Iterator[Problem]:
    """A day's least product above its most, or above what the largest capacity makes in a day."""
    least, most = item.min_daily_product_t, item.max_daily_product_t
    if most is not None and least > most:
        yield error(
            "daily_product",
            _(
                "“{owner}”的 min_daily_product_t＝{low:g} 大于 max_daily_product_t＝{high:g}。",
                owner=item.name,
                low=least,
                high=most,
            ),
            column="min_daily_product_t",
        )
    possible = (item.existing_mw + item.max_mw) * HOURS_A_DAY / item.mwh_per_t
    if least > possible * (1 + 1e-9):
        yield error(
            "daily_product",
            _(
                "“{owner}”按容量上限全天满负荷也只能日产 {possible:g} t，"
                "达不到 min_daily_product_t＝{least:g}。",
                owner=item.name,
                possible=possible,
                least=least,
            ),
            _("请放宽容量上限或减小日产量下限。"),
            column="min_daily_product_t",
        )


def electrolyser_problems(item: Electrolyser) -> Iterator[Problem]:
    """Faults of an electrolyser."""
    if not LEAST_MWH_PER_T <= item.mwh_per_t <= LARGEST:
        yield error(
            "electrolyser",
            _("“{owner}”的单位产品电耗应大于 0。", owner=item.name),
            column="mwh_per_t",
            got=f"{item.mwh_per_t}",
            allowed=f"{LEAST_MWH_PER_T:g}–{LARGEST:g}",
        )
    else:
        yield from _daily_product(item)
    fields = ["min_product_t", "product_price", "capex", "opex", "max_mw", "min_mw", "existing_mw"]
    yield from amounts(item, [*fields, "variable_cost"])
    yield from amounts(item, ["min_daily_product_t", "max_daily_product_t"])
    yield from amounts(item, ["min_load_share"], high=1.0)
    yield from unit_cost(item, "capex", "W")
    yield from lifetime_problems(item)
    yield from bounds_problems(item, "min_mw", "max_mw")
