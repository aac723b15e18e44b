"""Charts of money: yearly cost and cash flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import altair as alt

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.money import BillItem
from greenland.record.energy.plan import PlanCost
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import (
    Chart,
    Rows,
    axis,
    colours,
    data,
    finish,
    legend,
    room_for,
    rows_axis,
    source_line,
    tip,
)
from greenland.report.labels import name, value_label
from greenland.report.naming import Key, Naming, cost_key, distinct


def cost_build_up(energy: EnergyRecord, naming: Naming) -> Chart | None:
    """Yearly cost of the plan, beside the bill without it, by the same items."""
    amounts = _cost_amounts(energy)
    if not amounts:
        return None
    items = _cost_items(amounts, naming)
    texts = {key: title for key, (title, _hue) in items.items()}
    hues = {key: hue for key, (_title, hue) in items.items()}
    sides = {side: _told(found, items) for side, found in amounts.items()}
    ends = {side: sum(max(0.0, yuan) for yuan in found.values()) for side, found in sides.items()}
    largest = max(abs(yuan) for found in sides.values() for yuan in found.values())
    scale = fmt.yuan_scale(max(largest, *ends.values()))  # the unit of the sums beside the bars
    shown = [
        {
            "side": side,
            "item": texts[key],
            "order": place,
            "amount": found.get(key, 0.0) / scale.divisor,
            "text": fmt.yuan(found.get(key, 0.0), per_year=True),
        }
        for side, found in sides.items()
        for place, key in enumerate(items)
    ]
    sums = {side: sum(found.values()) for side, found in sides.items()}
    totals: Rows = [
        {
            "side": side,
            "end": ends[side] / scale.divisor,
            "text": fmt.yuan(sums[side], per_year=True),
        }
        for side, found in sides.items()
    ]
    order = list(sides)
    bars = (
        alt.Chart(data(shown))
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            y=alt.Y("side:N", sort=order, axis=rows_axis(order)),
            x=alt.X(
                "amount:Q",
                stack="zero",
                scale=alt.Scale(rangeMax=room_for(row["text"] for row in totals)),
                axis=axis(_("{unit}/年", unit=scale.unit)),
            ),
            color=colours("item", hues, texts),
            order=alt.Order("order:Q"),
            tooltip=[tip("side", _("方案")), tip("item", name("item")), tip("text", _("金额"))],
        )
    )
    words = (
        alt.Chart(data(totals))
        .mark_text(align="left", dx=6, fontWeight="bold")
        .encode(y=alt.Y("side:N", sort=order), x=alt.X("end:Q"), text=alt.Text("text:N"))
    )
    title = _cost_title(sums)
    listed = _("、").join(f"{row['side']}·{row['item']} {row['text']}" for row in shown)
    return Chart(
        "chart-costs",
        title,
        _("{unit}/年；条后为合计，负值为收入", unit=scale.unit),
        source_line(*_cost_sources(sums)),
        _("{title}。{list}。", title=title, list=listed),
        finish(alt.layer(bars, words), 60 * len(order) + 70),
    )


# Items of both bars, in order: purchase from the grid, then what is one's own, then income.
_BOUGHT, _FEES, _FIXED = "energy_purchase", "self_use_fees", "capacity_charge"
_STORAGE, _SOURCES, _REST, _INCOME = "battery", "sources", "other", "export_income"
_COST_HUES = {
    _BOUGHT: palette.ENERGY["import"],
    _FEES: "#99862B",
    _FIXED: palette.CLASSES["A"],
    _SOURCES: palette.SPARE[0],
    _STORAGE: palette.ENERGY["battery"],
    _REST: "#8C6239",
    _INCOME: palette.ENERGY["export"],
}
_KINDS = {
    **{kind: kind for kind in (_BOUGHT, _FEES, _FIXED, _INCOME)},
    "demand_charge": _FIXED,
    "storage": _STORAGE,
}


def _cost_key(item: PlanCost | BillItem) -> str:
    """The item of the bars that an amount belongs to; of a source its own."""
    if isinstance(item, PlanCost):
        if item.kind in ("source", "purchase", "shortfall"):
            return f"{_SOURCES}:{item.owner}"
        return _KINDS.get(str(item.kind), _REST)
    if item.item == "export":
        return _INCOME
    if item.item.startswith("self_use_"):
        return _FEES
    # by what it is counted in, since a tariff may hold charges of its own
    return {"kWh": _BOUGHT, "kW": _FIXED, "kVA": _FIXED}.get(str(item.unit), _REST)


def _cost_amounts(energy: EnergyRecord) -> dict[str, dict[str, float]]:
    """Amounts of the grid-only bill and of the plan by the items of the bars [yuan a year]."""
    sides: dict[str, dict[str, float]] = {}
    for side, items, years in _sides(energy):
        for item in items:
            if amount := yearly_amount(item, years):
                found = sides.setdefault(side, {})
                key = _cost_key(item)
                found[key] = found.get(key, 0.0) + amount
    return sides


def _cost_items(
    amounts: Mapping[str, Mapping[str, float]], naming: Naming
) -> dict[str, tuple[str, str]]:
    """Title and colour of the items that occur, sources each of its own while colours last."""
    occurring = {key for found in amounts.values() for key in found}
    sources = [key for key in occurring if key.startswith(f"{_SOURCES}:")]
    others = [key for key in _COST_HUES if key in occurring]
    words = {
        key: value_label("item", key) for key in (_BOUGHT, _FEES, _FIXED, _STORAGE, _INCOME)
    } | {_SOURCES: _("电源"), _REST: _("其他费用")}
    items = {key: (str(words[key]), _COST_HUES[key]) for key in others}
    if len(sources) + len(others) > palette.MOST_COLOURS:
        items[_SOURCES] = (str(words[_SOURCES]), _COST_HUES[_SOURCES])
    else:
        for key in sources:
            owner = key.partition(":")[2]
            items[key] = (naming.owner(owner), naming.colour(owner))
    rank = list(_COST_HUES)
    names = list(naming.owners)

    def place(key: str) -> tuple[int, int]:
        kind, _colon, owner = key.partition(":")
        return rank.index(kind), names.index(owner) if owner in names else 0

    return {key: items[key] for key in sorted(items, key=place)}


def _told(found: Mapping[str, float], items: Mapping[str, Any]) -> dict[str, float]:
    """The amounts by the items shown."""
    told: dict[str, float] = {}
    for key, amount in found.items():
        shown = key if key in items else _SOURCES
        told[shown] = told.get(shown, 0.0) + amount
    return told


def _cost_sources(sums: Mapping[str, float]) -> tuple[str, ...]:
    """Where the yearly cost comes from: the bill is compared only where there are two sides."""
    if len(sums) > 1:
        return (_("电费对比"), _("规模测算"))
    return (_("电费测算"),) if _("全部网购") in sums else (_("规模测算"),)


def _cost_title(sums: Mapping[str, float]) -> str:
    before, after = sums.get(str(_("全部网购"))), sums.get(str(_("绿电直连方案")))
    if before and after:
        return _(
            "年供电成本由 {before}变为 {after}（{change}）",
            before=fmt.yuan(before),
            after=fmt.yuan(after),
            change=fmt.signed((after / before - 1) * 100, 1) + "%",
        )
    return _("年供电成本 {total}", total=fmt.yuan(next(iter(sums.values()))))


def _sides(
    energy: EnergyRecord,
) -> tuple[tuple[str, Sequence[PlanCost | BillItem], float], ...]:
    """What is paid without and with the plan, and over how many years."""
    grid = None if energy.bill is None else energy.bill.grid_only
    rounding = energy.plan.rounding  # older files hold the recommended plan there
    costs = energy.plan.costs if rounding is None or not rounding.costs else rounding.costs
    return (
        (_("全部网购"), () if grid is None else grid.items, (grid and grid.years) or 1.0),
        (_("绿电直连方案"), costs, 1.0),
    )


def cost_titles(rows: Sequence[PlanCost | BillItem], naming: Naming) -> dict[Key, str]:
    """What items of bills and of the annual cost are called, no two the same."""
    taken: set[str] = set()
    return {cost_key(row): distinct(naming.cost(row), "", taken) for row in rows}


def yearly_amount(item: PlanCost | BillItem, years: float) -> float | None:
    """Amount of an item [yuan a year]; a bill's ``yuan`` is of the whole horizon."""
    if isinstance(item, PlanCost):
        return item.yuan_per_year
    return None if item.yuan is None else item.yuan / years


def cash_flow(energy: EnergyRecord) -> Chart | None:
    """Net cash of each year and its sum so far."""
    flow = () if energy.finance is None else energy.finance.cash_flow
    nets = [(row.year, row.net) for row in flow if row.net is not None]
    if len(nets) < 2:
        return None
    sums = list(accumulate(net for _year, net in nets))
    scale = fmt.yuan_scale(max(abs(value) for value in sums))
    rows = [
        {
            "year": year,
            "net": net / scale.divisor,
            "total": total / scale.divisor,
            "kind": _("当年净现金流"),
            "line": _("累计净现金流"),
        }
        for (year, net), total in zip(nets, sums, strict=True)
    ]
    kinds = [str(_("当年净现金流")), str(_("累计净现金流"))]
    hues = alt.Scale(domain=kinds, range=["#8FB4C4", palette.ACCENT])
    base = alt.Chart(data(rows)).encode(
        x=alt.X("year:O", axis=axis(_("年份"), labelAngle=0, labelOverlap=True)),
        tooltip=[
            tip("year", name("year")),
            tip("net", _("当年净现金流（{unit}）", unit=scale.unit), ",.2f"),
            tip("total", _("累计净现金流（{unit}）", unit=scale.unit), ",.2f"),
        ],
    )
    bars = base.mark_bar().encode(
        y=alt.Y("net:Q", axis=axis(scale.unit)),
        color=alt.Color("kind:N", scale=hues, legend=legend(kinds)),
    )
    line = base.mark_line(point={"size": 26, "filled": True}).encode(
        y=alt.Y("total:Q"), color=alt.Color("line:N", scale=hues, legend=legend(kinds))
    )
    back = next((year for (year, _n), total in zip(nets, sums, strict=True) if total >= 0), None)
    title = (
        _("累计净现金流在第 {year} 年转正", year=back)
        if back is not None
        else _("经营期内累计净现金流未转正")
    )
    return Chart(
        "chart-cash",
        title,
        scale.unit,
        source_line(_("财务测算")),
        _("{title}，期末累计 {total}。", title=title, total=fmt.yuan(sums[-1])),
        finish(alt.layer(bars, line), 280),
    )
