"""Loans year by year: drawn while building, interest during construction, repayment.

Interest during construction counts a year's (or quarter's) drawing for half of it, and what was
owed before for all of it, as 《建设项目经济评价方法与参数》(第三版) does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenland.energy.money.config import LoanConfig, Repayment
from greenland.energy.money.feasibility import (
    ConstructionConfig,
    Funding,
    InterestPayer,
    WorkingCapitalConfig,
)
from greenland.energy.problem.annuity import capital_recovery_factor

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LoanPlan:
    """A loan, one entry per year-end from the first of construction [yuan].

    Parameters
    ----------
    drawn : array
    capitalised : array
        Interest during construction that is added to the loan.
    paid : array
        Interest during construction that is paid from own capital.
    principal, interest : array
        Paid back, and interest paid, in the years of operation.
    """

    drawn: Array
    capitalised: Array
    paid: Array
    principal: Array
    interest: Array

    @property
    def construction_interest(self) -> Array:
        """Interest during construction, whoever bears it [yuan]."""
        return self.capitalised + self.paid

    @property
    def left(self) -> float:
        """What is still owed when the years end [yuan]."""
        return float((self.drawn + self.capitalised - self.principal).sum())


def drawings(investment: float, loan: float, shares: Sequence[float], funding: Funding) -> Array:
    """What is drawn of a loan in each step of construction [yuan].

    Parameters
    ----------
    investment, loan : float
        All that is spent, and what of it is borrowed [yuan].
    shares : sequence of float
        Of the investment, spent in each step.
    funding : Funding

    Examples
    --------
    >>> drawings(100.0, 60.0, [0.5, 0.5], Funding.EQUITY_FIRST).tolist()
    [10.0, 50.0]
    """
    spread = np.asarray(shares, dtype=float)
    if funding is Funding.PROPORTIONAL:
        return spread * loan
    borrowed = np.maximum(0.0, np.cumsum(spread) * investment - (investment - loan))
    return np.diff(borrowed, prepend=0.0)


def construction_interest(
    drawn: ArrayLike, rate: float, *, steps_per_year: int = 1, capitalised: bool = True
) -> Array:
    """Interest during construction (建设期利息) in each step [yuan].

    Parameters
    ----------
    drawn : array
        Borrowed in each step [yuan].
    rate : float
        Yearly, as decimal; a quarter bears a quarter of it.
    steps_per_year : int
    capitalised : bool
        Whether interest is added to what is owed, so that it bears interest itself.

    References
    ----------
    《建设项目经济评价方法与参数》(第三版): interest of a year = (owed at its beginning + half of
    what is borrowed in it) × rate.

    Examples
    --------
    >>> construction_interest([100.0, 200.0], 0.1).tolist()
    [5.0, 20.5]
    """
    amounts, owed = np.asarray(drawn, dtype=float), 0.0
    found = np.zeros_like(amounts)
    for step, amount in enumerate(amounts):
        found[step] = (owed + amount / 2) * rate / steps_per_year
        owed += amount + (found[step] if capitalised else 0.0)
    return found


def loan_plan(
    loan: LoanConfig | None,
    construction: ConstructionConfig | None,
    investment: float,
    years: int,
) -> LoanPlan:
    """A loan for a share of the investment, from its first drawing to its last repayment.

    Parameters
    ----------
    loan : LoanConfig, optional
    construction : ConstructionConfig, optional
        Left out: all is drawn at the end of year 0, and there is no interest before.
    investment : float
        [yuan]
    years : int
        Of operation.
    """
    lead = 0 if construction is None else len(construction.yearly) - 1
    length = lead + years + 1
    drawn, capitalised, paid, principal, interest = (np.zeros(length) for _part in range(5))
    plan = LoanPlan(drawn, capitalised, paid, principal, interest)
    if loan is None:
        return plan
    if construction is None:
        drawn[0] = loan.share * investment
    else:
        steps = drawings(
            investment, loan.share * investment, construction.steps, construction.funding
        )
        added = construction.interest is InterestPayer.LOAN
        per = construction.steps_per_year
        cost = construction_interest(steps, loan.rate, steps_per_year=per, capitalised=added)
        drawn[: lead + 1] = _by_year(steps, per)
        (capitalised if added else paid)[: lead + 1] = _by_year(cost, per)
    owed = float(drawn.sum() + capitalised.sum())
    principal[lead:], interest[lead:] = repayment(loan, owed, years)
    return plan


def _by_year(steps: Array, per: int) -> Array:
    padded = np.concatenate([np.zeros(-len(steps) % per), steps])
    return np.asarray(padded.reshape(-1, per).sum(axis=1), dtype=float)


def repayment(loan: LoanConfig, owed: float, years: int) -> tuple[Array, Array]:
    """Principal and interest by year-end from 0 [yuan].

    Examples
    --------
    Equal principal, 100 yuan over two years at 10 %:

    >>> two = LoanConfig(share=1.0, rate=0.1, years=2, method=Repayment.EQUAL_PRINCIPAL)
    >>> [list(map(float, part)) for part in repayment(two, 100.0, 2)]
    [[0.0, 50.0, 50.0], [0.0, 10.0, 5.0]]
    """
    principal, interest = np.zeros(years + 1), np.zeros(years + 1)
    equal, payment = owed / loan.years, owed * capital_recovery_factor(loan.rate, loan.years)
    for year in range(1, min(years, loan.grace_years + loan.years) + 1):
        interest[year] = owed * loan.rate
        if year > loan.grace_years:
            even = loan.method is Repayment.EQUAL_PRINCIPAL
            principal[year] = equal if even else payment - interest[year]
        owed -= principal[year]
    return principal, interest


@dataclass(frozen=True, slots=True)
class WorkingCapital:
    """Working capital, one entry per year-end [yuan]; amounts are positive.

    Parameters
    ----------
    paid, recovered : array
    borrowed, repaid, interest : array
        Its loan.
    """

    paid: Array
    recovered: Array
    borrowed: Array
    repaid: Array
    interest: Array


def working_capital(
    config: WorkingCapitalConfig | None, kw: float, lead: int, years: int
) -> WorkingCapital:
    """Working capital over the years: paid once, got back at the end, its loan likewise.

    Parameters
    ----------
    config : WorkingCapitalConfig, optional
    kw : float
        New capacity of the sources [kW].
    lead : int
        Years of construction before year 0.
    years : int
        Of operation.
    """
    length = lead + years + 1
    flows = WorkingCapital(*(np.zeros(length) for _part in range(5)))
    if config is None:
        return flows
    amount = config.yuan + config.yuan_per_kw * kw
    start = lead + config.year
    flows.paid[start] = flows.recovered[-1] = amount
    lent = amount * config.loan_share
    flows.borrowed[start] = flows.repaid[-1] = lent
    flows.interest[max(start, lead + 1) :] = lent * (config.loan_rate or 0.0)
    return flows
