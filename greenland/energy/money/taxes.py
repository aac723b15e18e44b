"""Value-added tax, surtaxes and income tax of a project, year by year.

Amounts are tax-inclusive unless said otherwise; arrays have one entry per year-end from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from greenland.energy.money.assets import Asset
from greenland.energy.money.config import RefundConfig, Role, TaxConfig
from greenland.energy.money.feasibility import InvestmentClass, InvestmentConfig
from greenland.rules import Rulebook

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Taxes:
    """Rates and rules of taxation, all known.

    Parameters
    ----------
    vat, vat_service, surtax, income : float
        As decimals; surtax is a share of value-added tax.
    holiday : tuple of float
        Part of the income tax due in each of the first years of operation; whole afterwards.
    absorbed : bool
        Whether credits and losses are used at once by the investor's other business.
    depreciation_years : int or None
    depreciation_years_min : float
    salvage_share : float
    loss_years : int
        Years a loss can be carried forward.
    rule_ids : tuple of str
        Rules the rates come from.
    investment_vat : mapping of class to rate
        Of the classes the investment is made of; empty: all of it is equipment.
    refund : RefundConfig, optional
    """

    vat: float
    vat_service: float
    surtax: float
    income: float
    holiday: tuple[float, ...]
    absorbed: bool
    depreciation_years: int | None
    depreciation_years_min: float
    salvage_share: float
    loss_years: int
    rule_ids: tuple[str, ...] = ()
    investment_vat: Mapping[InvestmentClass, float] = field(default_factory=dict)
    refund: RefundConfig | None = None


_VAT_RULES = {
    InvestmentClass.CIVIL: "energy.finance.vat_construction",
    InvestmentClass.EQUIPMENT: "energy.finance.vat",
    InvestmentClass.INSTALLATION: "energy.finance.vat_construction",
    InvestmentClass.OTHER: "energy.finance.vat_service",
    InvestmentClass.CONTINGENCY: "energy.finance.vat_contingency",
}


def resolve_taxes(
    config: TaxConfig, role: Role, rulebook: Rulebook, investment: InvestmentConfig | None = None
) -> Taxes:
    """Taxes of a role, by the file and the rules in force.

    References
    ----------
    企业所得税法实施条例 第八十七条: three exempt and three halved years from the first income;
    its third paragraph excludes what is built for own use, so a load that invests has none
    unless the file says otherwise.
    """
    used: list[str] = []

    def rate(own: float | None, rule_id: str) -> float:
        if own is not None:
            return float(own)
        used.append(rule_id)
        return rulebook.number(rule_id)

    income = "energy.finance.income_tax_western" if config.western else "energy.finance.income_tax"
    absorbed = config.absorbed if config.absorbed is not None else role is Role.LOAD
    return Taxes(
        vat=rate(config.vat, "energy.finance.vat"),
        vat_service=rate(config.vat_service, "energy.finance.vat_service"),
        surtax=rate(config.surtax, f"energy.finance.surtax.{config.location}"),
        income=rate(config.income, income),
        holiday=_holiday(config, role, rulebook, used),
        absorbed=absorbed,
        depreciation_years=config.depreciation_years,
        depreciation_years_min=rate(None, "energy.finance.depreciation_years_min"),
        salvage_share=rate(config.salvage_share, "energy.finance.salvage_share"),
        loss_years=int(rate(config.loss_years, "energy.finance.loss_years")),
        investment_vat={}
        if investment is None
        else {kind: rate(investment.vat.get(kind), rule) for kind, rule in _VAT_RULES.items()},
        refund=config.refund,
        rule_ids=tuple(used),
    )


def _holiday(
    config: TaxConfig, role: Role, rulebook: Rulebook, used: list[str]
) -> tuple[float, ...]:
    granted = config.holiday
    if granted is None:
        granted = role is Role.GENERATOR
        if not granted:
            used.append("energy.finance.tax_holiday_own_use")
            granted = rulebook.rule("energy.finance.tax_holiday_own_use").value is True
    if not granted:
        return ()
    if config.holiday_shares is not None:
        return tuple(config.holiday_shares)
    used.append("energy.finance.tax_holiday")
    shares = rulebook.rule("energy.finance.tax_holiday").value
    return tuple(float(share) for share in shares) if isinstance(shares, list) else ()


def included_tax(amount: Array, rate: float) -> Array:
    """Value-added tax inside a tax-inclusive amount, in its unit.

    Examples
    --------
    >>> included_tax(np.array([113.0]), 0.13)
    array([13.])
    """
    return amount * rate / (1 + rate)


def carried_credit(net: Array) -> Array:
    """Tax payable when excess credit is carried to later years.

    Parameters
    ----------
    net : array
        Output less input tax of each year [yuan]; negative is excess credit.

    Examples
    --------
    >>> carried_credit(np.array([-100.0, 60.0, 60.0]))
    array([ 0.,  0., 20.])
    """
    payable, credit = np.zeros_like(net), 0.0
    for year, amount in enumerate(net):
        credit += amount
        if credit > 0:
            payable[year], credit = credit, 0.0
    return payable


@dataclass(frozen=True, slots=True)
class Taxable:
    """From profit to income tax, year by year from 0 [yuan].

    Parameters
    ----------
    income : array
        Taxable income: the profit, with the losses carried on added and those used taken off.
    carried : array
        Losses of the year that are carried to later years.
    used : array
        Losses of earlier years that are set against the profit.
    rate : array
        Share of the taxable income that is due, holidays counted.
    tax : array
    """

    income: Array
    carried: Array
    used: Array
    rate: Array
    tax: Array


def taxable(profit: Array, taxes: Taxes) -> Taxable:
    """Taxable income and income tax of each year [yuan].

    Parameters
    ----------
    profit : array
        Taxable profit before losses of earlier years [yuan]; entry 0 is before operation.
    taxes : Taxes

    Notes
    -----
    Losses are used at once where the investor's other business absorbs them (the tax is then
    negative), else carried forward, oldest first, for the years the law allows.
    """
    due = np.array([_due(year, taxes) for year in range(len(profit))])
    carried, used = np.zeros_like(profit), np.zeros_like(profit)
    if not taxes.absorbed:
        losses: list[tuple[int, float]] = []
        for year, amount in enumerate(profit):
            losses = [(born, loss) for born, loss in losses if year - born <= taxes.loss_years]
            if amount < 0:
                losses.append((year, -amount))
                carried[year] = -amount
                continue
            left, kept = amount, []
            for born, loss in losses:
                taken = min(loss, left)
                left -= taken
                if loss > taken:
                    kept.append((born, loss - taken))
            losses = kept
            used[year] = amount - left
    income = profit + carried - used
    return Taxable(income, carried, used, taxes.income * due, income * taxes.income * due)


def income_tax(profit: Array, taxes: Taxes) -> Array:
    """Income tax of each year [yuan]; see `taxable`."""
    return taxable(profit, taxes).tax


def _due(year: int, taxes: Taxes) -> float:
    return taxes.holiday[year - 1] if 1 <= year <= len(taxes.holiday) else 1.0


def investment_tax(
    asset: Asset, investment: InvestmentConfig | None, taxes: Taxes
) -> tuple[dict[InvestmentClass, float], float]:
    """Classes an asset's investment is made of, and the value-added tax in it.

    Returns
    -------
    shares : dict of class to share
        Of the price with tax.
    tax : float
        Deductible part of the price with tax, as decimal.
    """
    if investment is None:
        return {InvestmentClass.EQUIPMENT: 1.0}, float(included_tax(np.ones(1), taxes.vat)[0])
    shares = investment.assets.get(asset.name, investment.shares)
    rates = taxes.investment_vat
    return dict(shares), sum(
        share * rates[kind] / (1 + rates[kind]) for kind, share in shares.items()
    )


def depreciation(
    assets: Sequence[tuple[Asset, Array]],
    taxes: Taxes,
    *,
    first: Sequence[float] | None = None,
) -> tuple[Array, float]:
    """Straight-line depreciation of everything bought, and what is not written off at the end.

    Parameters
    ----------
    assets : sequence of (Asset, array)
        Each with what is spent on it every year, tax included [yuan].
    taxes : Taxes
    first : sequence of float, optional
        What is written off of each asset's initial investment, tax left out and interest during
        construction put in [yuan]; by default its price without tax.

    Returns
    -------
    depreciation : array
        [yuan/yr], entry 0 is zero.
    book_value : float
        Left at the end, salvage included [yuan].
    """
    length = len(assets[0][1]) if assets else 1
    yearly, cost = np.zeros(length), 0.0
    for place, (asset, spent) in enumerate(assets):
        life = taxes.depreciation_years or max(taxes.depreciation_years_min, round(asset.lifetime))
        for year in np.flatnonzero(spent):
            basis = float(spent[year]) / (1 + taxes.vat)
            if first is not None and year == 0:
                basis = first[place]
            cost += basis
            end = min(length, int(year) + int(life) + 1)
            yearly[int(year) + 1 : end] += basis * (1 - taxes.salvage_share) / life
    return yearly, cost - float(yearly.sum())
