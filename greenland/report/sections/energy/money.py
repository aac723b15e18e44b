"""The chapter on money: bill, cost items, cash flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.money import (
    BillItem,
    BillRecord,
    CashFlowYear,
    FinanceRecord,
    OperationYear,
)
from greenland.record.energy.plan import PlanCost
from greenland.report import formatters as fmt
from greenland.report.blocks import Figure, Figures, Section
from greenland.report.charts import money as charts
from greenland.report.chosen import chosen, yearly_saving
from greenland.report.naming import Key, Naming, cost_key
from greenland.report.sections.common import PAGE_AND_MORE, figure, notes, some
from greenland.report.statements import statement_tables
from greenland.report.tables import make_table

_CASH_PARTS = {  # columns of the page, which add up to the net cash flow
    "invested": ("investment", "replacement", "residual", "working_capital"),
    "running": ("opex", "other"),
    "grid_paid": ("bought", "grid_energy", "grid_fixed", "self_use_charges"),
    "income": ("export_income", "sales"),
    "avoided_bill": ("avoided_bill",),
    "taxes": ("vat", "surtax", "refund", "income_tax"),
}
_CASH_SHOWN = f"year {' '.join(_CASH_PARTS)} net cumulative"


def section(energy: EnergyRecord) -> Section | None:
    """Bill before and after, cost items, cash flow."""
    bill, finance = energy.bill, energy.finance
    naming = Naming(energy)
    lead = (
        _(
            "电费单每年变化 {change}（不含电源和储能的投资、运维）。",
            change=fmt.yuan(-bill.saving_yuan),
        )
        if bill is not None and bill.saving_yuan is not None
        else ""
    )
    whole = yearly_saving(energy)
    if whole is not None:
        lead += _("计入投资和运维，年供电成本变化 {change}。", change=fmt.yuan(-whole))
    items = () if finance is None else finance_figures(finance)
    flow = () if finance is None else finance.cash_flow
    operation = () if finance is None else finance.operation
    lines = bill_lines(energy, naming)
    blocks = some(
        (
            charts.cost_build_up(energy, naming),
            make_table(
                "table-energy-bill",
                _bill_title(lines),
                lines,
                "named_item grid_only_yuan plan_yuan difference_yuan",
                fold=0,
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-energy-tariffs",
                _("各种电价方式分别定容的年供电总成本"),
                energy.tariffs,
                "title annual_cost chosen note",
                fold=0,
                note=_("均未按单台容量取整。") if energy.plan.optimum else "",
            ),
            Figures(items) if items else None,
            None if finance is None else notes(*finance.notes),
            charts.cash_flow(energy),
            make_table(
                "table-energy-cash",
                _("现金流量"),
                cash_rows(flow),
                _CASH_SHOWN,
                forms=PAGE_AND_MORE,
                fold=30,
                note=_(
                    "各列相加为净现金流，末位因四舍五入可能相差 1；第 0 年及以前为建设期。"
                    "逐项明细见工作簿的“现金流量明细”。"
                ),
            ),
            make_table(
                "table-energy-cash-all",
                _("现金流量明细"),
                flow,
                " ".join(CashFlowYear.model_fields),
                forms=frozenset({"workbook"}),
            ),
            make_table(
                "table-energy-operation",
                _("各年运行"),
                _operation_rows(operation),
                " ".join(_RENAMED.get(key, key) for key in OperationYear.model_fields),
                forms=frozenset({"workbook"}),
            ),
            *(statement_tables(finance.statements) if finance is not None else ()),
        )
    )
    if not blocks:
        return None
    return Section("energy-money", _("绿电直连：电费与财务"), lead, blocks)


def _bill_title(lines: Sequence[Mapping[str, Any]]) -> str:
    """What the lines of the bills are: compared only where there are two."""
    both = any(line["difference_yuan"] is not None for line in lines)
    return _("电费对比") if both else _("年供电成本构成")


_FIGURES = (
    *("capex", "total_investment", "construction_interest", "npv", "irr_before_tax", "irr"),
    *("equity_irr", "payback_years", "payback_discounted_years"),
    *("payback_construction_years", "return_on_investment", "return_on_equity"),
    *("dscr_min", "icr_min"),
    *("lcoe", "blended_price", "green_price", "grid_price", "contract_price"),
    *("annual_saving", "tax_annual_cost"),
)


def finance_figures(finance: FinanceRecord) -> tuple[Figure, ...]:
    """Key figures of the money over the years."""
    untold = _untold(finance)
    return tuple(
        figure(key, value)
        for key in _FIGURES
        if (value := getattr(finance, key)) is not None and key not in untold
    )


def _untold(finance: FinanceRecord) -> set[str]:
    """Figures that say what another one says already."""
    same = {"construction_interest"} if not finance.construction_interest else set()
    if finance.total_investment == finance.capex:
        same.add("total_investment")
    if finance.irr_before_tax == finance.irr:
        same.add("irr_before_tax")
    return same


def cash_rows(flow: Iterable[CashFlowYear]) -> list[dict[str, Any]]:
    """Cash flows of each year, summed into few columns that add up to the net one [yuan]."""
    rows = []
    for year in flow:
        row: dict[str, Any] = {"year": year.year, "net": year.net, "cumulative": year.cumulative}
        for column, parts in _CASH_PARTS.items():
            known = [amount for part in parts if (amount := getattr(year, part)) is not None]
            row[column] = sum(known) if known else None
        rows.append(row)
    return rows


_RENAMED = {"grid": "import"}  # of operation: energy bought, not the capacity of that name


def _operation_rows(years: Iterable[OperationYear]) -> list[dict[str, Any]]:
    return [
        {_RENAMED.get(key, key): value for key, value in year.cells().items()} for year in years
    ]


def bill_lines(energy: EnergyRecord, naming: Naming) -> list[dict[str, Any]]:
    """Items of the bill without and with the plan, side by side, with the total."""
    bill = energy.bill
    grid = () if bill is None else bill.grid_only.items
    with_plan: Iterable[BillItem | PlanCost]
    with_plan = chosen(energy.plan).costs if bill is None or bill.plan is None else bill.plan.items
    before = _amounts(grid, None if bill is None else bill.grid_only)
    after = _amounts(with_plan, None if bill is None else bill.plan)
    rows = {cost_key(row): row for row in (*with_plan, *grid)}
    keys = list(dict.fromkeys((*before, *after)))
    titles = charts.cost_titles([rows[key] for key in keys], naming)
    lines = [(titles[key], before.get(key), after.get(key)) for key in keys]
    if not lines:
        return []
    first = sum(before.values()) if before else None
    last = sum(after.values()) if after else None
    both = bool(before and after)
    return [_line(*line, both=both) for line in (*lines, (_("合计"), first, last))]


def _line(item: str, first: float | None, last: float | None, *, both: bool) -> dict[str, Any]:
    """A line of the bill; no difference where one of the two bills is not there at all."""
    return {
        "named_item": item,
        "grid_only_yuan": first,
        "plan_yuan": last,
        "difference_yuan": (last or 0.0) - (first or 0.0) if both else None,
    }


def _amounts(items: Iterable[BillItem | PlanCost], bill: BillRecord | None) -> dict[Key, float]:
    """Amount of each item [yuan a year]; bills state the whole horizon."""
    years = 1.0 if bill is None else bill.years or 1.0
    found: dict[Key, float] = {}
    for item in items:
        amount = charts.yearly_amount(item, years)
        if amount is not None:
            found[cost_key(item)] = found.get(cost_key(item), 0.0) + amount
    return found
