"""What taxes make of a cash flow: value-added tax, surtaxes, refund, profit and income tax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenland.energy.money.assets import Asset
from greenland.energy.money.config import RefundConfig
from greenland.energy.money.feasibility import InvestmentConfig
from greenland.energy.money.taxes import (
    Taxable,
    Taxes,
    carried_credit,
    depreciation,
    included_tax,
    investment_tax,
    taxable,
)

Array = NDArray[np.float64]

REVENUES = ("export_income", "sales", "avoided_bill")
PURCHASES = ("grid_energy", "grid_fixed")
RUNNING = ("other", "bought")  # running costs with lines of their own: services, and electricity


@dataclass(frozen=True, slots=True)
class TaxLines:
    """Taxes and what they rest on, one entry per year-end from the first of construction [yuan].

    Parameters
    ----------
    within : mapping of flow to array
        Value-added tax inside each flow, with its sign; expenses by their item.
    payable, surtax, refund : array
    depreciation, disposal : array
        Written off; gain or loss on what is left at the end.
    profit : array
        Before income tax and losses of earlier years.
    taxed : Taxable
    """

    within: Mapping[str, Array]
    payable: Array
    surtax: Array
    refund: Array
    depreciation: Array
    disposal: Array
    profit: Array
    taxed: Taxable

    @property
    def flows(self) -> dict[str, Array]:
        """Columns of the cash flow; what is paid is negative."""
        columns = {"vat": -self.payable, "surtax": -self.surtax}
        if self.refund.any():
            columns["refund"] = self.refund
        return columns | {"income_tax": -self.taxed.tax}


@dataclass(frozen=True, slots=True)
class Bought:
    """What is invested, by asset, on the years from 0.

    Parameters
    ----------
    assets : sequence of (Asset, array)
        Each with what is spent on it every year, tax included [yuan].
    investment : InvestmentConfig, optional
    spread : array
        Share of the initial investment in each year of construction; the last is year 0.
    """

    assets: Sequence[tuple[Asset, Array]]
    investment: InvestmentConfig | None
    spread: Array


def tax_lines(
    taxes: Taxes,
    flows: Mapping[str, Array],
    running: Mapping[str, Array],
    bought: Bought,
    *,
    interest: Array,
    capitalised: float = 0.0,
) -> TaxLines:
    """Taxes of a cash flow.

    Parameters
    ----------
    taxes : Taxes
    flows : mapping
        Columns of the cash flow, tax included; what goes out is negative [yuan].
    running : mapping
        Operating costs by item, likewise; they stand in *flows* as ``opex``.
    bought : Bought
    interest : array
        Deducted from the profit [yuan].
    capitalised : float
        Interest during construction, written off with the assets [yuan].
    """
    lead = len(bought.spread) - 1
    nothing = np.zeros_like(interest)
    rates = {key: taxes.vat for key in (*REVENUES, *PURCHASES, "replacement") if key in flows}
    within = {key: included_tax(flows[key], rate) for key, rate in rates.items()}
    within["investment"], first = _investment(taxes, flows["investment"], bought, capitalised)
    costs = {"materials": taxes.vat, "staff": 0.0}
    for key, amount in running.items():
        within[key] = included_tax(amount, costs.get(key, taxes.vat_service))
    apart = {"other": taxes.vat_service, "bought": taxes.vat}
    others = [key for key in RUNNING if key in flows]
    within |= {key: included_tax(flows[key], apart[key]) for key in others}
    net_tax = sum(within.values(), nothing)
    payable = net_tax if taxes.absorbed else carried_credit(net_tax)
    surtax = payable * taxes.surtax
    refund = _refund(taxes.refund, payable, lead)
    written_off = nothing.copy()
    written_off[lead:], book = depreciation(bought.assets, taxes, first=first)
    kept = [flows[key] - within[key] for key in (*REVENUES, *PURCHASES) if key in flows]
    kept += [amount - within[key] for key, amount in running.items()]
    kept += [flows[key] - within[key] for key in others]
    disposal = nothing.copy()
    disposal[-1] = flows["residual"][-1] - book
    profit = sum(kept, nothing) + flows.get("self_use_charges", 0.0)
    profit = profit - surtax + refund - written_off - interest + disposal
    taxed = taxable(profit[lead:], taxes)
    before = np.zeros(lead)
    padded = Taxable(
        *(
            np.concatenate([before, part])
            for part in (taxed.income, taxed.carried, taxed.used, taxed.rate, taxed.tax)
        )
    )
    return TaxLines(within, payable, surtax, refund, written_off, disposal, profit, padded)


def book_value(taxes: Taxes, bought: Bought) -> float:
    """What is not written off at the end, interest during construction left out [yuan]."""
    shares = [investment_tax(asset, bought.investment, taxes)[1] for asset, _ in bought.assets]
    first = [
        float(paid[0]) * (1 - share)
        for (_asset, paid), share in zip(bought.assets, shares, strict=True)
    ]
    return depreciation(bought.assets, taxes, first=first)[1]


def _investment(
    taxes: Taxes, investment: Array, bought: Bought, capitalised: float
) -> tuple[Array, list[float] | None]:
    """Tax in the investment of each year, and what is written off of each asset at first."""
    spent = [float(paid[0]) for _asset, paid in bought.assets]
    if bought.investment is None and not capitalised:
        return included_tax(investment, taxes.vat), None
    shares = [investment_tax(asset, bought.investment, taxes)[1] for asset, _ in bought.assets]
    tax = sum(yuan * share for yuan, share in zip(spent, shares, strict=True))
    within = np.zeros_like(investment)
    within[: len(bought.spread)] = -tax * bought.spread
    total = sum(spent) or 1.0
    first = [
        yuan * (1 - share) + capitalised * yuan / total
        for yuan, share in zip(spent, shares, strict=True)
    ]
    return within, first


def _refund(refund: RefundConfig | None, payable: Array, lead: int) -> Array:
    """Value-added tax given back, in the years of operation it lasts [yuan]."""
    given = np.zeros_like(payable)
    if refund is None:
        return given
    end = None if refund.years is None else lead + 1 + refund.years
    span = slice(lead + 1, end)
    given[span] = refund.share * np.maximum(0.0, payable[span])
    return given
