"""Faults of the parts of a site: sources, storages, grid, flexible loads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from greenland.energy.site.contract_checks import contract_problems
from greenland.energy.site.grid import DemandCharge, Grid
from greenland.energy.site.purchase import PurchaseContract
from greenland.energy.site.series import INFINITY
from greenland.energy.site.site import Site
from greenland.energy.site.sources import Source, Technology
from greenland.energy.site.value_checks import (
    amount,
    amounts,
    error,
    mask,
    series,
    warning,
)
from greenland.errors import Problem
from greenland.i18n import _

# Beyond these nothing was meant, and no solver takes it.
SHORTEST_LIFE = 0.1  # years
LATEST_YEAR = 100  # after commissioning

# Bounds of plausibility, wide enough for every currency and toy: beyond them only a wrong unit
# explains the number. They judge nothing but the unit.
DEAREST_KWH = 20.0

CHEAPEST_KWH = 0.001
DEAREST_KW = 100_000.0
CHEAPEST_KW = 10.0  # also per kWh of a storage
YEARS = (1990.0, 2200.0)  # a lifetime in this range is a calendar year


def lifetime_problems(item: Any, field: str = "lifetime") -> Iterator[Problem]:
    """A lifetime that is not positive, has no end or is hardly one; replacements outside time."""
    owner, years = getattr(item, "name", "grid"), getattr(item, field)
    if years is None:
        return
    if not years > 0:
        yield error(
            "lifetime",
            _("“{owner}”的寿命应大于 0 年。", owner=owner),
            column=field,
            got=f"{years}",
        )
    elif not SHORTEST_LIFE <= years < INFINITY:
        yield error(
            "lifetime",
            _(
                "“{owner}”的寿命应为有限的年数，且不短于 {least:g} 年。",
                owner=owner,
                least=SHORTEST_LIFE,
            ),
            _("请填写折旧或设计年限，如 25。"),
            column=field,
            got=f"{years}",
        )
    elif YEARS[0] <= years <= YEARS[1]:
        yield warning(
            "lifetime",
            _(
                "“{owner}”的寿命为 {got:g}，像是年份；应填年数。",
                owner=owner,
                got=years,
            ),
            column=field,
        )
    if field != "lifetime":
        return
    for year in getattr(item, "replacement_years", ()):
        if not 1 <= year <= LATEST_YEAR:
            yield error(
                "replacement_years",
                _("“{owner}”的更换年份应为投运后的年数。", owner=owner),
                column="replacement_years",
                got=f"{year}",
                allowed=f"1–{LATEST_YEAR}",
            )


def bounds_problems(item: Any, least: str, most: str) -> Iterator[Problem]:
    """A least value above the largest."""
    low, high = getattr(item, least), getattr(item, most)
    if low > high:
        yield error(
            "bounds",
            _(
                "“{owner}”的 {least}＝{low:g} 大于 {most}＝{high:g}，没有可选的容量。",
                owner=item.name,
                least=least,
                low=low,
                most=most,
                high=high,
            ),
            column=least,
        )


def unit_cost(item: Any, field: str, per: str) -> Iterator[Problem]:
    """An investment a thousand times off, by its likely unit."""
    value = getattr(item, field)
    if not isinstance(value, int | float) or np.isnan(value):
        return
    if value > DEAREST_KW:
        yield error(
            "cost_unit",
            _(
                "“{owner}”的 {field}＝{value:g} 过大，像是以“元/M{per}”填写（相差 1000 倍）。",
                owner=item.name,
                field=field,
                value=value,
                per=per,
            ),
            _("应以“元/k{per}”填写：{guess:g}？", per=per, guess=value / 1000),
            column=field,
        )
    elif 0 < value < CHEAPEST_KW:
        yield warning(
            "cost_unit",
            _(
                "“{owner}”的 {field}＝{value:g} 过小，像是以“元/{per}”填写（相差 1000 倍）。",
                owner=item.name,
                field=field,
                value=value,
                per=per,
            ),
            _("应以“元/k{per}”填写：{guess:g}？", per=per, guess=value * 1000),
            column=field,
        )


def upkeep_unit(item: Any, field: str, investment: str) -> Iterator[Problem]:
    """Yearly upkeep above the investment, as when it is given per MW beside a cost per kW."""
    value, spent = getattr(item, field), getattr(item, investment)
    if not (isinstance(value, int | float) and isinstance(spent, int | float)):
        return
    if value > spent > 0:
        yield warning(
            "upkeep_unit",
            _(
                "“{owner}”的年运维费 {field}＝{value:g} 高于投资 {investment}＝{spent:g}，"
                "单位可能不同。",
                owner=item.name,
                field=field,
                value=value,
                investment=investment,
                spent=spent,
            ),
            _("两者都按每千瓦（或每千瓦时）填写；按每兆瓦计的请除以 1000。"),
            column=field,
        )


def source_problems(item: Source, site: Site) -> Iterator[Problem]:
    """Faults of a source."""
    what = _("“{owner}”的标幺出力", owner=item.name)
    yield from series(item.profile, site, "profile", what, low=0.0, high=1.0)
    fields = ["capex", "opex", "max_mw", "min_mw", "existing_mw", "variable_cost"]
    fields += ["land_mu_per_mw", "roof_m2_per_mw", "replacement_cost"]
    yield from amounts(item, fields)
    yield from unit_cost(item, "capex", "W")
    yield from upkeep_unit(item, "opex", "capex")
    yield from lifetime_problems(item)
    yield from bounds_problems(item, "min_mw", "max_mw")
    yield from building_problems(item)
    yield from unit_size(item, "unit_mw")
    if item.technology is not None and item.technology not in list(Technology):
        yield error(
            "technology",
            _("“{owner}”的 technology 的取值不在允许范围内。", owner=item.name),
            column="technology",
            got=str(item.technology),
            allowed="、".join(Technology),
        )
    if item.purchase is not None:
        yield from _purchase(item, item.purchase, site)


def _purchase(source: Source, item: PurchaseContract, site: Site) -> Iterator[Problem]:
    """Faults of a contract to buy what is taken of a source."""
    what = _("“{owner}”的购电价格", owner=source.name)
    yield from series(item.price, site, "purchase.price", what, low=0.0)
    yield from _price_unit(item.price, "purchase.price", what)
    yield from amount(f"{source.name}.purchase", "min_take_mwh", item.min_take_mwh)
    if item.shortfall_price is not None:
        name = f"{source.name}.purchase"
        yield from amount(name, "shortfall_price", item.shortfall_price)
        yield from _price_unit(item.shortfall_price, "purchase.shortfall_price", what)
    if source.max_mw == INFINITY and not source.capex:
        yield error(
            "purchase_capacity",
            _("“{owner}”按所用电量购电，须给出可签约的容量。", owner=source.name),
            _("已签约的容量写 existing_mw，并写 max_mw: 0；可再签约的写 max_mw。"),
            column="max_mw",
        )


def building_problems(item: Any) -> Iterator[Problem]:
    """A least size if built, or a cost of building, that is none; a size no capacity reaches."""
    yield from amounts(item, ["min_built_mw", "build_cost"])
    if item.min_built_mw > item.max_mw:
        yield warning(
            "never_built",
            _(
                "“{owner}”的 min_built_mw＝{least:g} 大于 max_mw＝{most:g}，不会新建。",
                owner=item.name,
                least=item.min_built_mw,
                most=item.max_mw,
            ),
            column="min_built_mw",
        )


def stopping_problems(item: Any) -> Iterator[Problem]:
    """What may stop without a least share, where stopping says nothing."""
    if item.can_stop and not item.min_load_share:
        yield warning(
            "can_stop",
            _("“{owner}”没有 min_load_share，can_stop 没有意义。", owner=item.name),
            column="can_stop",
        )
    yield from amounts(item, ["start_cost", "start_cost_per_mw"])
    if (item.start_cost or item.start_cost_per_mw) and not (item.can_stop and item.min_load_share):
        yield error(
            "start_cost",
            _("“{owner}”有启动费用，须可停机（can_stop）并给出 min_load_share。", owner=item.name),
            _("不可停机的没有启动；没有最低负荷的，开停无从判断。"),
            column="start_cost",
        )


def unit_size(item: Any, field: str) -> Iterator[Problem]:
    """A size of one unit that is not positive."""
    value = getattr(item, field)
    if value is not None and not value > 0:
        yield error(
            "unit_size",
            _("“{owner}”的单机规格应大于 0。", owner=item.name),
            column=field,
            got=f"{value}",
        )


def grid_problems(item: Grid, site: Site) -> Iterator[Problem]:
    """Faults of the grid connection and its prices."""
    for field, what in (
        ("import_price", _("下网电价")),
        ("export_price", _("上网电价")),
        ("self_use_price", _("自用电量费用")),
    ):
        value = getattr(item, field)
        yield from series(value, site, field, what)
        yield from _price_unit(value, field, what)
    if item.emission_factor is not None:
        what = _("电网排放因子")
        yield from series(item.emission_factor, site, "emission_factor", what, low=0.0)
    if not isinstance(item.export_allowed, bool | np.bool_):
        yield from mask(item.export_allowed, site, "export_allowed", _("允许上网的时段"))
    for field in ("capacity_mw", "capacity_price", "max_capacity_mw", "min_capacity_mw"):
        yield from amount("grid", field, getattr(item, field))
    for field in ("max_import_mw", "max_export_mw", "capex", "opex", "existing_mw"):
        yield from amount("grid", field, getattr(item, field))
    yield from amount("grid", "fixed_cost", item.fixed_cost, low=-INFINITY)
    if item.decides_capacity:
        yield from lifetime_problems(item)
    if item.capacity_mw is not None and item.max_capacity_mw is not None:
        yield error(
            "capacity_twice",
            _("capacity_mw（接入容量已定）与 max_capacity_mw（接入容量待定）只能给一个。"),
            column="capacity_mw",
        )
    if item.max_capacity_mw is not None and item.min_capacity_mw > item.max_capacity_mw:
        yield error("bounds", _("接入容量的下限大于上限。"), column="min_capacity_mw")
    if item.capacity_price and item.capacity_mw is None and item.max_capacity_mw is None:
        yield error(
            "capacity_missing",
            _("有容量电价时须给出接入容量 capacity_mw，或其上限 max_capacity_mw。"),
            column="capacity_price",
        )
    for charge in item.demand_charges:
        yield from _demand_charge(charge, site)


def _price_unit(value: Any, field: str, what: str) -> Iterator[Problem]:
    """Name the likely unit of a price that is a thousand times off."""
    try:
        numbers = np.abs(np.asarray(value, dtype=float))
    except (TypeError, ValueError):
        return
    numbers = numbers[np.isfinite(numbers) & (numbers > 0)]
    if not len(numbers):
        return
    middle, most = float(np.median(numbers)), float(numbers.max())
    if middle > DEAREST_KWH:
        yield error(
            "price_unit",
            _(
                "{what}的中位数为 {value:g}，像是以“元/MWh”填写（相差 1000 倍）。",
                what=what,
                value=middle,
            ),
            _("应以“元/kWh”填写：{guess:g}？", guess=middle / 1000),
            column=field,
        )
    elif CHEAPEST_KWH / 100 < most < CHEAPEST_KWH:
        yield error(
            "price_unit",
            _(
                "{what}最大仅 {value:g}，像是以“千元/kWh”或“元/Wh”填写（相差 1000 倍）。",
                what=what,
                value=most,
            ),
            _("应以“元/kWh”填写：{guess:g}？", guess=most * 1000),
            column=field,
        )


def _demand_charge(item: DemandCharge, site: Site) -> Iterator[Problem]:
    if item.when is not None and not isinstance(item.when, bool | np.bool_):
        yield from mask(
            item.when, site, "demand_charges", _("需量电费“{name}”的时段", name=item.name)
        )
    for month in range(1, 13):
        price = item.price_in(month)
        found = list(amount(item.name, "price", price))
        yield from found
        if found:
            return
    if item.contract is not None:
        yield from contract_problems(item, item.contract, site)
