"""The chapter on money: bill, cost items, cash flow."""

from __future__ import annotations

from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.blocks import Figures, Section
from greenland.report.charts import money as charts
from greenland.report.naming import Key, Naming, cost_key
from greenland.report.sections.common import PAGE_AND_MORE, Part, all_columns, figure, note_of, some
from greenland.report.sections.energy.plan import yearly_saving
from greenland.report.tables import make_table

_CASH_SHOWN = (
    "year investment replacement opex grid_energy grid_fixed export_income avoided_bill sales "
    "income_tax net net_yuan cumulative cumulative_yuan discounted"
)


def section(energy: Part) -> Section | None:
    """Bill before and after, cost items, cash flow."""
    bill = energy.get("bill") or {}
    finance = energy.get("finance") or {}
    naming = Naming(energy)
    lines = bill_lines(bill, energy.get("plan") or {}, naming)
    saving = fmt.as_number(bill.get("saving_yuan"))
    lead = (
        _("电费单每年变化 {change}（不含电源和储能的投资、运维）。", change=fmt.yuan(-saving))
        if saving is not None
        else ""
    )
    whole = yearly_saving(energy)
    if whole is not None:
        lead += _("计入投资和运维，年供电成本变化 {change}。", change=fmt.yuan(-whole))
    keys = (
        *("capex", "npv", "irr", "equity_irr", "payback_years", "payback_discounted_years"),
        *("lcoe", "blended_price", "green_price", "grid_price", "contract_price"),
        *("annual_saving",),
    )
    items = tuple(figure(key, finance[key]) for key in keys if finance.get(key) is not None)
    flow = _with_sums(finance.get("cash_flow") or [])
    notes = finance.get("notes")
    blocks = some(
        (
            charts.cost_build_up(energy, naming),
            make_table(
                "table-energy-bill",
                _("电费对比"),
                lines,
                "named_item grid_only_yuan plan_yuan difference_yuan",
                fold=0,
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-energy-tariffs",
                _("各种电价方式分别定容的年供电总成本"),
                energy.get("tariffs"),
                "title annual_cost chosen note",
                fold=0,
            ),
            Figures(items) if items else None,
            note_of(notes),
            charts.cash_flow(energy),
            make_table(
                "table-energy-cash", _("现金流量"), flow, _CASH_SHOWN, forms=PAGE_AND_MORE, fold=30
            ),
            make_table(
                "table-energy-cash-all",
                _("现金流量明细"),
                flow,
                all_columns(flow),
                forms=frozenset({"workbook"}),
            ),
            make_table(
                "table-energy-operation",
                _("各年运行"),
                finance.get("operation"),
                all_columns(finance.get("operation")),
                forms=frozenset({"workbook"}),
            ),
        )
    )
    if not blocks:
        return None
    return Section("energy-money", _("绿电直连：电费与财务"), lead, blocks)


def _with_sums(flow: list[dict[str, Any]]) -> list[dict[str, Any]]:
    total, rows = 0.0, []
    for row in flow:
        net = charts.cash_net(row)
        if net is None:
            rows.append(row)
            continue
        total += net
        rows.append(row if "cumulative" in row else {**row, "cumulative_yuan": total})
    return rows


def bill_lines(bill: Part, plan_record: Part, naming: Naming) -> list[dict[str, Any]]:
    """Items of the bill without and with the plan, side by side, with the total."""
    grid, own = bill.get("grid_only") or {}, bill.get("plan") or {}
    own_items = own.get("items") or plan_record.get("costs") or []
    before = _amounts(grid.get("items"), grid.get("years"))
    after = _amounts(own_items, own.get("years"))
    rows = {cost_key(row): row for row in (*own_items, *(grid.get("items") or []))}
    keys = list(dict.fromkeys((*before, *after)))
    titles = charts.cost_titles([rows[key] for key in keys], naming)
    lines = [_line(titles[key], before.get(key), after.get(key)) for key in keys]
    if not lines:
        return []
    first = sum(before.values()) if before else None
    last = sum(after.values()) if after else None
    return [*lines, _line(_("合计"), first, last)]


def _line(item: str, before: Any, after: Any) -> dict[str, Any]:
    first, last = fmt.as_number(before), fmt.as_number(after)
    known = first is not None or last is not None
    return {
        "named_item": item,
        "grid_only_yuan": first,
        "plan_yuan": last,
        "difference_yuan": (last or 0.0) - (first or 0.0) if known else None,
    }


def _amounts(items: Any, years: Any = None) -> dict[Key, float]:
    """Amount of each item [yuan a year]; bills state the whole horizon."""
    found: dict[Key, float] = {}
    for item in items or []:
        amount = charts.yearly_amount(item, fmt.as_number(years) or 1.0)
        if amount is not None:
            found[cost_key(item)] = found.get(cost_key(item), 0.0) + amount
    return found
