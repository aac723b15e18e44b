"""Measures of a feasibility study beside NPV and IRR: investment, cover of debt, returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenland.energy.money.cash_flow import CashFlow
from greenland.energy.money.measures import payback
from greenland.energy.money.statement_rows import Statement
from greenland.energy.money.statements import deductible_investment_tax
from greenland.energy.problem.annuity import capital_recovery_factor

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StudyMeasures:
    """Measures that a feasibility study prints; None where the case gives no ground for one.

    Parameters
    ----------
    total_investment : float
        Investment, interest during construction and working capital [yuan].
    construction_interest, working_capital : float
        [yuan]
    deductible_investment_tax : float
        Value-added tax in the initial investment that may be deducted [yuan].
    own_capital : float
        What is not borrowed of the total investment (资本金) [yuan].
    construction_years : float
        As the case gives it.
    payback_construction_years, payback_construction_before_tax_years : float
        From the start of construction, after and before income tax [years].
    npv_construction_start : float
        Net present value at the start of construction, after income tax [yuan].
    return_on_investment : float
        总投资收益率: mean yearly earnings before interest and tax over the total investment.
    return_on_equity : float
        项目资本金净利润率: mean yearly net profit over the own capital.
    dscr_min, dscr_mean, icr_min, icr_mean : float
        偿债备付率 and 利息备付率, least and mean of the years with debt service.
    tax_annual_cost : float
        Value-added tax, surtaxes and income tax, refund taken off, as an even yearly amount:
        what the objective of the sizing does not count [yuan/yr].
    """

    total_investment: float | None = None
    construction_interest: float | None = None
    working_capital: float | None = None
    deductible_investment_tax: float | None = None
    own_capital: float | None = None
    construction_years: float | None = None
    payback_construction_years: float | None = None
    payback_construction_before_tax_years: float | None = None
    npv_construction_start: float | None = None
    return_on_investment: float | None = None
    return_on_equity: float | None = None
    dscr_min: float | None = None
    dscr_mean: float | None = None
    icr_min: float | None = None
    icr_mean: float | None = None
    tax_annual_cost: float | None = None


def study_measures(
    layout: CashFlow, flows: Mapping[str, Array], statements: Mapping[str, Statement]
) -> StudyMeasures:
    """Measures of a cash flow and its statements."""
    funding, profit = statements["funding"], statements.get("profit")
    total, own = float(funding["total"].sum()), float(funding["equity"].sum())
    building = layout.config.construction
    length = None if building is None else building.duration
    mean: dict[str, float] = {}
    if profit is not None:
        operated = slice(layout.first, None)
        mean = {key: float(profit[key][operated].mean()) for key in ("ebit", "net_profit")}
    return StudyMeasures(
        total_investment=total,
        construction_interest=float(funding["construction_interest"].sum()),
        working_capital=float(funding["working_capital"].sum()),
        deductible_investment_tax=deductible_investment_tax(layout),
        own_capital=own,
        construction_years=length,
        payback_construction_years=_since_start(flows["net"], layout, length),
        payback_construction_before_tax_years=_since_start(flows["before_tax"], layout, length),
        npv_construction_start=None
        if length is None
        else layout.worth(flows["net"]) * (1 + layout.rate) ** -length,
        return_on_investment=_over(mean.get("ebit"), total),
        return_on_equity=_over(mean.get("net_profit"), own),
        **_cover(statements.get("cover")),
        tax_annual_cost=_taxes(layout, flows),
    )


def _since_start(flow: Array, layout: CashFlow, length: float | None) -> float | None:
    years = payback(flow)
    return None if years is None or length is None else years - layout.lead + length


def _over(value: float | None, by: float) -> float | None:
    return None if value is None or by <= 0 else value / by


def _cover(cover: Statement | None) -> dict[str, float]:
    found: dict[str, float] = {}
    for key in ("dscr", "icr") if cover is not None else ():
        assert cover is not None
        known = cover[key][~np.isnan(cover[key])]
        if len(known):
            found |= {f"{key}_min": float(known.min()), f"{key}_mean": float(known.mean())}
    return found


def _taxes(layout: CashFlow, flows: Mapping[str, Array]) -> float | None:
    if layout.taxes is None:
        return None
    kinds = ("vat", "surtax", "refund", "income_tax")
    paid = -sum((flows[key] for key in kinds if key in flows), np.zeros(layout.length))
    return layout.worth(paid) * capital_recovery_factor(layout.rate, layout.years)
