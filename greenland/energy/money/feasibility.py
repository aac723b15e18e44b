"""How a feasibility study's items are written under ``finance:``.

Investment by class, construction, working capital, operating costs; all may be left out, and
then the cash flow is as if they did not exist.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from greenland.energy.money.config_base import MAX_YEARS, Amount, FinancePart, Share
from greenland.i18n import N_, _

_SUM = 1e-6  # by which shares may miss one
MAX_QUARTERS = 40  # of construction


class InvestmentClass(StrEnum):
    """Classes of the construction investment, each with its own value-added tax."""

    CIVIL = "civil"
    EQUIPMENT = "equipment"
    INSTALLATION = "installation"
    OTHER = "other"
    CONTINGENCY = "contingency"


INVESTMENT_LABELS = {
    InvestmentClass.CIVIL: N_("建筑工程费"),
    InvestmentClass.EQUIPMENT: N_("设备购置费"),
    InvestmentClass.INSTALLATION: N_("安装工程费"),
    InvestmentClass.OTHER: N_("工程建设其他费用"),
    InvestmentClass.CONTINGENCY: N_("预备费"),
}

Classes = dict[InvestmentClass, Share]


def _whole(shares: list[float], what: str) -> None:
    if not math.isclose(sum(shares), 1.0, abs_tol=_SUM):
        total = f"{sum(shares):g}"
        raise ValueError(_("{what} 各项之和应为 1，现为 {total}", what=what, total=total))


class InvestmentConfig(FinancePart):
    """What the initial investment is made of; the amount stays that of the sizing.

    Parameters
    ----------
    shares : mapping of class to share
        Of the initial investment, tax included; they add up to one.
    assets : mapping of part to mapping of class to share
        For parts made otherwise; parts left out follow *shares*.
    vat : mapping of class to rate
        Deductible value-added tax, as decimal of the price without it; left out: by the rules,
        none on contingencies.
    """

    shares: Classes
    assets: dict[str, Classes] = {}
    vat: Classes = {}

    @model_validator(mode="after")
    def _sums(self) -> InvestmentConfig:
        _whole(list(self.shares.values()), "investment.shares")
        for name, shares in self.assets.items():
            _whole(list(shares.values()), f"investment.assets.{name}")
        return self


class Funding(StrEnum):
    """Which money is spent first while building."""

    PROPORTIONAL = "proportional"
    EQUITY_FIRST = "equity_first"


FUNDING_LABELS = {
    Funding.PROPORTIONAL: N_("资本金与借款同比例投入"),
    Funding.EQUITY_FIRST: N_("先投资本金，后用借款"),
}


class InterestPayer(StrEnum):
    """Who bears the interest during construction."""

    LOAN = "loan"
    EQUITY = "equity"


class ConstructionConfig(FinancePart):
    """When the initial investment is spent, before year 0 ends.

    Parameters
    ----------
    years : list of float, optional
        Share of the investment in each year of construction; they add up to one.
    quarters : list of float, optional
        The same by quarter, instead of *years*.
    funding : Funding
    interest : InterestPayer
        Whether interest during construction is added to the loan, or paid from own capital.
    """

    years: Annotated[list[Share], Field(min_length=1, max_length=MAX_QUARTERS // 4)] | None = None
    quarters: Annotated[list[Share], Field(min_length=1, max_length=MAX_QUARTERS)] | None = None
    funding: Funding = Funding.PROPORTIONAL
    interest: InterestPayer = InterestPayer.LOAN

    @model_validator(mode="after")
    def _one_schedule(self) -> ConstructionConfig:
        if (self.years is None) == (self.quarters is None):
            raise ValueError(_("construction 中 years（逐年）和 quarters（逐季）必须且只能给一个"))
        _whole(self.steps, "construction")
        return self

    @property
    def steps(self) -> list[float]:
        """Share of the investment in each step."""
        return list(self.years or self.quarters or [])

    @property
    def steps_per_year(self) -> int:
        """1 by years, 4 by quarters."""
        return 1 if self.quarters is None else 4

    @property
    def duration(self) -> float:
        """Length of the construction [years]."""
        return len(self.steps) / self.steps_per_year

    @property
    def yearly(self) -> list[float]:
        """Share of the investment in each year; the last ends when operation begins."""
        steps, per = self.steps, self.steps_per_year
        lead = -len(steps) % per
        padded = [0.0] * lead + steps
        return [sum(padded[start : start + per]) for start in range(0, len(padded), per)]


class WorkingCapitalConfig(FinancePart):
    """Working capital (流动资金): paid in once, and got back at the end.

    Parameters
    ----------
    yuan : float
        Fixed amount [yuan].
    yuan_per_kw : float
        Per new capacity of the sources [yuan/kW].
    year : int
        Year it is paid in: 0 (last of construction) or 1 (first of operation).
    loan_share : float
        Part that is borrowed, as decimal, and repaid at the end.
    loan_rate : float, optional
        Yearly interest on it, as decimal; needed where a part is borrowed.
    """

    yuan: Amount = 0.0
    yuan_per_kw: Amount = 0.0
    year: Annotated[int, Field(ge=0, le=1)] = 1
    loan_share: Share = 0.0
    loan_rate: Annotated[float, Field(ge=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _rate(self) -> WorkingCapitalConfig:
        if self.loan_share and self.loan_rate is None:
            raise ValueError(_("working_capital 有借款（loan_share）时要给出 loan_rate"))
        return self


class PeriodRate(FinancePart):
    """Operation and maintenance in a span of years.

    Parameters
    ----------
    years : int, optional
        How many years; left out: all that are left.
    yuan_per_kw : float
        [yuan/(kW·yr)]
    """

    years: Annotated[int, Field(ge=1, le=MAX_YEARS)] | None = None
    yuan_per_kw: Amount


class StaffConfig(FinancePart):
    """People: number, yearly pay [yuan], and welfare on top as a share of the pay."""

    persons: Annotated[float, Field(ge=0, le=1e6)]
    pay: Amount
    welfare: Annotated[float, Field(ge=0, le=5)] = 0.0

    @property
    def yuan(self) -> float:
        """All of it [yuan/yr]."""
        return self.persons * self.pay * (1 + self.welfare)


class CostsConfig(FinancePart):
    """Operating costs beyond the fixed operation and maintenance of the parts.

    Parameters
    ----------
    maintenance : mapping of source to list of PeriodRate
        Replaces the source's own ``opex``, year by year of operation.
    materials, other : float
        Per new capacity of the sources [yuan/(kW·yr)].
    insurance : float
        Yearly, as decimal of the initial investment.
    staff : StaffConfig, optional
    """

    maintenance: dict[str, list[PeriodRate]] = {}
    materials: Amount = 0.0
    other: Amount = 0.0
    insurance: Share = 0.0
    staff: StaffConfig | None = None

    @model_validator(mode="after")
    def _open_ends(self) -> CostsConfig:
        for name, periods in self.maintenance.items():
            if not periods:
                raise ValueError(_("costs.maintenance.{name} 至少要有一段", name=name))
            if any(item.years is None for item in periods[:-1]):
                text = _("costs.maintenance.{name} 中只有最后一段可以不写 years", name=name)
                raise ValueError(text)
        return self
