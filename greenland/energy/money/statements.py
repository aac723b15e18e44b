"""The customary statements of a feasibility study, from a cash flow laid out over its years.

Amounts without value-added tax stand beside the tax itself, so that a statement shows what a
reviewer looks for; its net rows are those of `greenland.energy.money.cash_flow`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenland.energy.money.cash_flow import CashFlow
from greenland.energy.money.feasibility import InvestmentClass
from greenland.energy.money.statement_rows import Drafting, Statement, Total
from greenland.energy.money.tax_lines import PURCHASES, REVENUES, RUNNING, TaxLines
from greenland.energy.money.taxes import investment_tax

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Flows of the cash flow as the statements need them [yuan]."""

    layout: CashFlow
    flows: Mapping[str, Array]
    before: TaxLines | None  # taxes before financing
    after: TaxLines | None  # after interest

    def exclusive(self, key: str, flow: Array) -> Array:
        """A flow without the tax in it."""
        return flow if self.after is None else flow - self.after.within[key]

    def nothing(self) -> Array:
        return np.zeros(self.layout.length)

    def tax_in(self, keys: tuple[str, ...]) -> Array:
        """Value-added tax in some flows, with its sign."""
        if self.after is None:
            return self.nothing()
        within = self.after.within
        return sum((within[key] for key in keys if key in within), self.nothing())


def statements_of(layout: CashFlow, price: float | None, reserve: float) -> dict[str, Statement]:
    """Every statement a cash flow allows, by its key.

    Parameters
    ----------
    layout : CashFlow
    price : float, optional
        Contract price of a generator [yuan/kWh].
    reserve : float
        Share of the profit after tax set aside as statutory surplus reserve.

    Returns
    -------
    dict of key to Statement
        ``funding``; with a loan ``loan`` and ``equity``; with taxes ``costs`` and ``profit``;
        ``project``.

    References
    ----------
    《建设项目经济评价方法与参数》(第三版): 项目总投资使用计划与资金筹措表, 借款还本付息计划表,
    总成本费用表, 利润与利润分配表, 项目投资现金流量表, 项目资本金现金流量表.
    """
    taxed = layout.taxes is not None
    traded = layout.traded(price)
    amounts = _Amounts(
        layout,
        layout.flow(price),
        layout.taxed(traded) if taxed else None,
        layout.taxed(traded, financed=True) if taxed else None,
    )
    draft = Drafting(tuple(range(-layout.lead, layout.years + 1)))
    borrows = layout.borrows
    _funding(draft, amounts)
    if borrows:
        _loan(draft, amounts)
    if amounts.after is not None:
        _costs(draft, amounts, borrows=borrows)
        _profit(draft, amounts, amounts.after, reserve)
    if borrows and taxed:
        _cover(draft)
    _project(draft, amounts)
    if borrows:
        _equity(draft)
    return draft.statements


def _funding(draft: Drafting, amounts: _Amounts) -> None:
    """项目总投资使用计划与资金筹措表."""
    layout, loan, capital = amounts.layout, amounts.layout.loan, amounts.layout.capital
    draft.begin("funding")
    draft.sums("total", "1", ("construction", "construction_interest", "working_capital"))
    classes = _classes(layout)
    draft.sums("construction", "1.1", tuple(classes))
    for place, (kind, yuan) in enumerate(classes.items(), start=1):
        spread = amounts.nothing()
        spread[: layout.lead + 1] = yuan * layout.spread
        draft.given(kind, f"1.1.{place}", spread)
    draft.given("construction_interest", "1.2", loan.construction_interest)
    draft.given("working_capital", "1.3", capital.paid)
    draft.sums("raised", "2", ("equity", "borrowed"))
    draft.sums("equity", "2.1", {"total": 1.0, "borrowed": -1.0})
    draft.sums("borrowed", "2.2", ("drawn", "capitalised", "working_loan"))
    draft.given("drawn", "2.2.1", loan.drawn)
    draft.given("capitalised", "2.2.2", loan.capitalised)
    draft.given("working_loan", "2.2.3", capital.borrowed)
    draft.close()


def _classes(layout: CashFlow) -> dict[str, float]:
    """Initial investment by class, tax included [yuan]."""
    found: dict[str, float] = {}
    investment = layout.config.investment
    if investment is None:
        return {"investment": layout.capex}
    for asset, paid in layout.paid:
        shares = investment.assets.get(asset.name, investment.shares)
        for kind in InvestmentClass:
            share = shares.get(kind, 0.0)
            found[kind] = found.get(kind, 0.0) + share * float(paid.investment[0])
    return found


def deductible_investment_tax(layout: CashFlow) -> float | None:
    """Value-added tax in the initial investment that may be deducted [yuan]."""
    taxes = layout.taxes
    if taxes is None:
        return None
    investment = layout.config.investment
    return float(
        sum(
            float(paid.investment[0]) * investment_tax(asset, investment, taxes)[1]
            for asset, paid in layout.paid
        )
    )


def _loan(draft: Drafting, amounts: _Amounts) -> None:
    """借款还本付息计划表."""
    layout, loan, capital = amounts.layout, amounts.layout.loan, amounts.layout.capital
    rates = amounts.nothing()
    config = layout.config.loan
    rates[layout.first :] = 0.0 if config is None else config.rate
    draft.begin("loan")
    draft.sums("opening", "1.1", {}, carried="closing", total=Total.NONE)
    draft.sums("drawn", "1.2", ("funding.drawn",))
    draft.sums("capitalised", "1.3", ("funding.capitalised",))
    draft.sums("service", "1.4", ("principal", "interest"))
    draft.given("principal", "1.4.1", loan.principal)
    draft.product("interest", "1.4.2", ("opening", "rate"))
    draft.given("rate", "", rates, total=Total.NONE)
    balance = {"opening": 1.0, "drawn": 1.0, "capitalised": 1.0, "principal": -1.0}
    draft.sums("closing", "1.5", balance, total=Total.NONE)
    draft.given("working_interest", "2.1", capital.interest)
    draft.given("working_repaid", "2.2", capital.repaid)
    draft.sums("all_interest", "3.1", ("interest", "working_interest"))
    draft.sums("all_principal", "3.2", ("principal", "working_repaid"))
    draft.close()


def _costs(draft: Drafting, amounts: _Amounts, *, borrows: bool) -> None:
    """总成本费用表, without value-added tax."""
    layout, flows, after = amounts.layout, amounts.flows, amounts.after
    assert after is not None
    draft.begin("costs")
    names = [*layout.running, *(name for name in RUNNING if name in flows)]
    for place, name in enumerate(names, start=1):
        paid = layout.running[name] if name in layout.running else flows[name]
        draft.given(_COSTS.get(name, name), str(place), -amounts.exclusive(name, paid))
    place = len(names)
    names = [_COSTS.get(name, name) for name in names]
    for name in (*PURCHASES, "self_use_charges"):
        if name in flows:
            place += 1
            taxed = name in PURCHASES
            values = amounts.exclusive(name, flows[name]) if taxed else flows[name]
            draft.given(name, str(place), -values)
            names.append(name)
    draft.sums("operating", str(place + 1), names)
    draft.given("depreciation", str(place + 2), after.depreciation)
    interest = ("loan.all_interest",) if borrows else ()
    draft.sums("interest", str(place + 3), interest)
    draft.sums("total", str(place + 4), ("operating", "depreciation", "interest"))
    draft.close()


_COSTS = {"other": "variable"}


def _profit(draft: Drafting, amounts: _Amounts, after: TaxLines, reserve: float) -> None:
    """利润与利润分配表."""
    flows = amounts.flows
    draft.begin("profit")
    earned = [name for name in REVENUES if name in flows]
    draft.sums("revenue", "1", earned)
    for place, name in enumerate(earned, start=1):
        draft.given(name, f"1.{place}", amounts.exclusive(name, flows[name]))
    draft.given("surtax", "2", after.surtax)
    draft.sums("costs", "3", ("costs.total",))
    draft.given("refund", "4", after.refund)
    draft.given("disposal", "5", after.disposal)
    parts = {"revenue": 1.0, "surtax": -1.0, "costs": -1.0, "refund": 1.0, "disposal": 1.0}
    draft.sums("profit", "6", parts)
    draft.given("loss_carried", "7", after.taxed.carried)
    draft.given("loss_used", "8", after.taxed.used)
    draft.sums("taxable", "9", {"profit": 1.0, "loss_carried": 1.0, "loss_used": -1.0})
    draft.given("tax_rate", "", after.taxed.rate, total=Total.NONE)
    draft.product("income_tax", "10", ("taxable", "tax_rate"))
    draft.sums("net_profit", "11", {"profit": 1.0, "income_tax": -1.0})
    draft.given("reserve", "12", _reserve(after.profit - after.taxed.tax, reserve))
    draft.sums("distributable", "13", {"net_profit": 1.0, "reserve": -1.0})
    draft.sums("ebit", "14", {"profit": 1.0, "costs.interest": 1.0})
    draft.sums("ebitda", "15", {"ebit": 1.0, "costs.depreciation": 1.0})
    draft.close()


def _reserve(net_profit: Array, share: float) -> Array:
    """Statutory reserve: a share of what is left once earlier losses are made up [yuan]."""
    found, deficit = np.zeros_like(net_profit), 0.0
    for year, amount in enumerate(net_profit):
        left = amount + deficit
        deficit = min(0.0, left)
        found[year] = share * max(0.0, left)
    return found


def _cover(draft: Drafting) -> None:
    """偿债备付率 and 利息备付率, on the profit and the loan."""
    draft.begin("cover")
    draft.sums("available", "1", {"profit.ebitda": 1.0, "profit.income_tax": -1.0})
    draft.sums("service", "2", ("loan.all_principal", "loan.all_interest"))
    draft.quotient("dscr", "3", "available", "service")
    draft.sums("ebit", "4", ("profit.ebit",))
    draft.sums("interest", "5", ("loan.all_interest",))
    draft.quotient("icr", "6", "ebit", "interest")
    draft.close()


def _project(draft: Drafting, amounts: _Amounts) -> None:
    """项目投资现金流量表."""
    layout, flows = amounts.layout, amounts.flows
    nothing = amounts.nothing()
    taxed = amounts.after is not None
    draft.begin("project")
    incoming = ("revenue", "output_tax", "refund", "residual", "working_recovered")
    draft.sums("inflow", "1", incoming)
    if taxed:
        draft.sums("revenue", "1.1", ("profit.revenue",))
    else:
        draft.given("revenue", "1.1", sum((flows[k] for k in REVENUES if k in flows), nothing))
    draft.given("output_tax", "1.2", amounts.tax_in(REVENUES))
    draft.sums("refund", "1.3", ("profit.refund",) if taxed else ())
    draft.given("residual", "1.4", flows["residual"])
    draft.given("working_recovered", "1.5", layout.capital.recovered)
    paid = ("operating", "input_tax", "vat", "surtax")
    outgoing = ("construction", "working_capital", "replacement", *paid)
    draft.sums("outflow", "2", outgoing)
    draft.sums("construction", "2.1", ("funding.construction",))
    draft.sums("working_capital", "2.2", ("funding.working_capital",))
    draft.given("replacement", "2.3", -flows["replacement"])
    if taxed:
        draft.sums("operating", "2.4", ("costs.operating",))
    else:
        running = ("opex", *RUNNING, *PURCHASES, "self_use_charges")
        draft.given("operating", "2.4", -sum((flows.get(k, nothing) for k in running), nothing))
    spent = (*layout.running, *RUNNING, *PURCHASES)
    draft.given("input_tax", "2.5", -amounts.tax_in(spent))
    draft.given("vat", "2.6", -flows.get("vat", nothing))
    draft.sums("surtax", "2.7", ("profit.surtax",) if taxed else ())
    draft.sums("before_tax", "3", {"inflow": 1.0, "outflow": -1.0})
    draft.sums(
        "before_tax_cumulative", "4", ("before_tax",), carried="before_tax_cumulative", total=_NONE
    )
    draft.given("income_tax", "5", -flows.get("income_tax", nothing))
    draft.sums("net", "6", {"before_tax": 1.0, "income_tax": -1.0})
    draft.sums("cumulative", "7", ("net",), carried="cumulative", total=_NONE)
    draft.close()


_NONE = Total.NONE


def _equity(draft: Drafting) -> None:
    """项目资本金现金流量表."""
    taxed = "profit" in draft.statements
    draft.begin("equity")
    draft.sums("inflow", "1", ("project.inflow",))
    paid = ("replacement", "operating", "input_tax", "vat", "surtax")
    outgoing = ("equity", "principal", "interest", *paid, "income_tax")
    draft.sums("outflow", "2", outgoing)
    draft.sums("equity", "2.1", ("funding.equity",))
    draft.sums("principal", "2.2", ("loan.all_principal",))
    draft.sums("interest", "2.3", ("loan.all_interest",))
    for place, name in enumerate(paid, start=4):
        draft.sums(name, f"2.{place}", (f"project.{name}",))
    draft.sums("income_tax", "2.9", ("profit.income_tax",) if taxed else ())
    draft.sums("net", "3", {"inflow": 1.0, "outflow": -1.0})
    draft.sums("cumulative", "4", ("net",), carried="cumulative", total=_NONE)
    draft.close()
