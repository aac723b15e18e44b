"""Faults of an electrolyser: what a tonne takes, what is made in a year and in a day."""

from __future__ import annotations

from collections.abc import Iterator

from greenland.energy.site.loads import Electrolyser
from greenland.energy.site.part_checks import (
    bounds_problems,
    building_problems,
    lifetime_problems,
    stopping_problems,
    unit_cost,
)
from greenland.energy.site.value_checks import LARGEST, amounts, error
from greenland.errors import Problem
from greenland.i18n import _

LEAST_MWH_PER_T = 0.001  # below it nothing was meant, and no solver takes it
HOURS_A_DAY = 24


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
    if item.mwh_per_t < LEAST_MWH_PER_T:
        return
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
    fields = ["min_product_t", "product_price", "capex", "opex", "max_mw", "min_mw", "existing_mw"]
    yield from amounts(item, [*fields, "variable_cost"])
    yield from amounts(item, ["min_daily_product_t", "max_daily_product_t"])
    yield from amounts(item, ["min_load_share"], high=1.0)
    yield from _daily_product(item)
    yield from building_problems(item)
    yield from stopping_problems(item)
    yield from unit_cost(item, "capex", "W")
    yield from lifetime_problems(item)
    yield from bounds_problems(item, "min_mw", "max_mw")
