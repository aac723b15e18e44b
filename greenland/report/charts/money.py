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
from greenland.report.chartkit import Chart, axis, colours, data, finish, source_line, tip
from greenland.report.labels import name
from greenland.report.naming import Key, Naming, cost_key, distinct


def cost_build_up(energy: EnergyRecord, naming: Naming) -> Chart | None:
    """Yearly cost of the plan item by item, beside the bill without it."""
    rows = _cost_rows(energy)
    if not rows:
        return None
    by_key = {row["item"]: row["row"] for row in reversed(rows)}  # the bill's where both have it
    keys = list(dict.fromkeys(row["item"] for row in rows))
    texts = cost_titles([by_key[key] for key in keys], naming)
    hues = palette.cost_colours({key: naming.cost_colour(by_key[key]) for key in keys})
    scale = fmt.yuan_scale(max(abs(row["yuan"]) for row in rows))
    shown = [
        {
            "side": row["side"],
            "item": texts[row["item"]],
            "order": keys.index(row["item"]),
            "amount": row["yuan"] / scale.divisor,
            "text": fmt.yuan(row["yuan"], per_year=True),
        }
        for row in rows
    ]
    sums: dict[str, float] = {}
    for row in rows:
        sums[row["side"]] = sums.get(row["side"], 0.0) + row["yuan"]
    totals = [
        {
            "side": side,
            "end": sum(r["amount"] for r in shown if r["side"] == side and r["amount"] > 0),
            "text": _("合计 {total}", total=fmt.yuan(total, per_year=True)),
        }
        for side, total in sums.items()
    ]
    sorting = [str(_("全部网购")), str(_("绿电直连方案"))]
    bars = (
        alt.Chart(data(shown))
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            y=alt.Y("side:N", sort=sorting, axis=axis(None, labelFontSize=13)),
            x=alt.X("amount:Q", stack="zero", axis=axis(_("{unit}/年", unit=scale.unit))),
            color=colours("item", hues, texts),
            order=alt.Order("order:Q"),
            tooltip=[tip("side", _("方案")), tip("item", name("item")), tip("text", _("金额"))],
        )
    )
    words = (
        alt.Chart(data(totals))
        .mark_text(align="left", dx=6, fontWeight="bold")
        .encode(y=alt.Y("side:N", sort=sorting), x=alt.X("end:Q"), text=alt.Text("text:N"))
    )
    title = _cost_title(sums)
    listed = _("、").join(f"{row['side']}·{row['item']} {row['text']}" for row in shown)
    return Chart(
        "chart-costs",
        title,
        _("{unit}/年；负值为收入", unit=scale.unit),
        source_line(_("电费对比"), _("规模测算")),
        _("{title}。{list}。", title=title, list=listed),
        finish(alt.layer(bars, words), 190),
    )


def _cost_title(sums: Mapping[str, float]) -> str:
    before, after = sums.get(str(_("全部网购"))), sums.get(str(_("绿电直连方案")))
    if before and after:
        return _(
            "年供电成本由 {before} 变为 {after}（{change}）",
            before=fmt.yuan(before),
            after=fmt.yuan(after),
            change=fmt.signed((after / before - 1) * 100, 1) + "%",
        )
    return _("年供电成本 {total}", total=fmt.yuan(next(iter(sums.values()))))


def _cost_rows(energy: EnergyRecord) -> list[dict[str, Any]]:
    """Items of the grid-only bill and of the plan [yuan a year]."""
    grid = None if energy.bill is None else energy.bill.grid_only
    rounding = energy.plan.rounding  # older files hold the recommended plan there
    costs = energy.plan.costs if rounding is None or not rounding.costs else rounding.costs
    sides: tuple[tuple[str, Sequence[PlanCost | BillItem], float], ...] = (
        (_("全部网购"), () if grid is None else grid.items, (grid and grid.years) or 1.0),
        (_("绿电直连方案"), costs, 1.0),
    )
    return [
        {"side": side, "item": cost_key(item), "row": item, "yuan": amount}
        for side, items, years in sides
        for item in items
        if (amount := yearly_amount(item, years))
    ]


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
    hues = alt.Scale(
        domain=[_("当年净现金流"), _("累计净现金流")], range=["#8FB4C4", palette.ACCENT]
    )
    base = alt.Chart(data(rows)).encode(
        x=alt.X("year:O", axis=axis(_("年份"), labelAngle=0, labelOverlap=True)),
        tooltip=[
            tip("year", name("year")),
            tip("net", _("当年净现金流（{unit}）", unit=scale.unit), ",.2f"),
            tip("total", _("累计净现金流（{unit}）", unit=scale.unit), ",.2f"),
        ],
    )
    bars = base.mark_bar().encode(
        y=alt.Y("net:Q", axis=axis(scale.unit)), color=alt.Color("kind:N", scale=hues)
    )
    line = base.mark_line(point={"size": 26, "filled": True}).encode(
        y=alt.Y("total:Q"), color=alt.Color("line:N", scale=hues)
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
