"""How the money side is written in a case or park file, under ``finance:``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from greenland.energy.money.assets import Residual
from greenland.energy.money.config_base import MAX_YEARS, FinancePart, Growth, Share
from greenland.energy.money.feasibility import (
    ConstructionConfig,
    CostsConfig,
    InvestmentConfig,
    WorkingCapitalConfig,
)
from greenland.i18n import N_, _


class Role(StrEnum):
    """Who invests."""

    LOAD = "load"
    GENERATOR = "generator"


ROLE_LABELS = {
    Role.LOAD: N_("负荷企业自投自用"),
    Role.GENERATOR: N_("发电企业投资，按合同价售电给负荷"),
}


class Repayment(StrEnum):
    """How a loan is paid back."""

    EQUAL_PRINCIPAL = "equal_principal"
    ANNUITY = "annuity"


REPAYMENT_LABELS = {
    Repayment.EQUAL_PRINCIPAL: N_("等额本金"),
    Repayment.ANNUITY: N_("等额本息"),
}


class LoanConfig(FinancePart):
    """A loan for a share of the initial investment.

    Parameters
    ----------
    share : float
        Of the initial investment, as decimal.
    rate : float
        Yearly interest, as decimal.
    years : int
        Years of repayment, after *grace_years* of interest only.
    """

    share: Share
    rate: Annotated[float, Field(ge=0, lt=1)]
    years: Annotated[int, Field(ge=1, le=MAX_YEARS)]
    method: Repayment = Repayment.ANNUITY
    grace_years: Annotated[int, Field(ge=0, le=MAX_YEARS)] = 0


class RefundConfig(FinancePart):
    """Value-added tax given back at once (即征即退), as the case says and on what ground.

    Parameters
    ----------
    share : float
        Of the tax paid, as decimal.
    document : str
        The document that grants it; printed with the result.
    years : int, optional
        Years of operation it lasts; left out: all.
    """

    share: Share
    document: Annotated[str, Field(min_length=1)]
    years: Annotated[int, Field(ge=1, le=MAX_YEARS)] | None = None


class TaxConfig(FinancePart):
    """Taxes; rates left out come from the rules in force.

    Parameters
    ----------
    location : str
        ``city``, ``county`` or ``other``: sets the surtaxes on value-added tax.
    holiday : bool, optional
        Whether the three exempt and three halved years apply. Left out: yes for a generator, no
        for what a firm builds for its own use.
    western : bool
        Whether the reduced rate for encouraged industries in the west applies.
    absorbed : bool, optional
        Whether the investor's other business takes up credits and losses at once. Left out: yes
        for a load, no for a generator, which carries them forward.
    depreciation_years : int, optional
        Left out: each asset's lifetime, but not under the least the rules allow.
    refund : RefundConfig, optional
        Left out: none, as no rule of the packs grants it to all.
    """

    location: Literal["city", "county", "other"]
    vat: Share | None = None
    vat_service: Share | None = None
    surtax: Share | None = None
    income: Share | None = None
    western: bool = False
    holiday: bool | None = None
    holiday_shares: list[Share] | None = None
    absorbed: bool | None = None
    depreciation_years: Annotated[int, Field(ge=1, le=MAX_YEARS)] | None = None
    salvage_share: Share | None = None
    loss_years: Annotated[int, Field(ge=0, le=MAX_YEARS)] | None = None
    refund: RefundConfig | None = None


class AgeingConfig(FinancePart):
    """Loss of output: in the first year, and of the new output in each later year."""

    first_year: Annotated[float, Field(ge=0, lt=1)] = 0.0
    yearly: Annotated[float, Field(ge=0, lt=1)] = 0.0


class GrowthConfig(FinancePart):
    """Yearly growth of prices, as decimals; the first year is at today's prices."""

    grid_price: Growth = 0.0
    export_price: Growth = 0.0
    contract_price: Growth = 0.0
    opex: Growth = 0.0


class FinanceConfig(FinancePart):
    """The ``finance:`` part of a case or park file.

    Parameters
    ----------
    role : Role
    years : int, optional
        Years of operation; the site's project years when left out.
    discount_rate : float, optional
        As decimal; the site's when left out.
    residual : Residual, optional
        When left out, as the plan's objective counts it: ``linear`` for the net present value,
        ``economic`` otherwise; ``book`` gets back what is not written off, and needs *tax*.
    degradation : mapping of source or storage to ageing, or ``"typical"``
        ``typical`` takes the rules' usual values for PV and cells; left out: none.
    contract_price : float, optional
        What the load pays the generator [yuan/kWh, tax included].
    target_irr : float, optional
        Find the contract price that gives it, as decimal.
    investment, construction, working_capital, costs : optional
        Items of a feasibility study, see `greenland.energy.money.feasibility`; left out: none.
    """

    role: Role = Role.LOAD
    years: Annotated[int, Field(ge=1, le=MAX_YEARS)] | None = None
    discount_rate: Annotated[float, Field(ge=0, lt=1)] | None = None
    residual: Residual | None = None
    degradation: dict[str, AgeingConfig] | Literal["typical"] | None = None
    growth: GrowthConfig = GrowthConfig()
    tax: TaxConfig | None = None
    loan: LoanConfig | None = None
    contract_price: Annotated[float, Field(ge=0)] | None = None
    target_irr: Annotated[float, Field(gt=-1, lt=10)] | None = None
    investment: InvestmentConfig | None = None
    construction: ConstructionConfig | None = None
    working_capital: WorkingCapitalConfig | None = None
    costs: CostsConfig | None = None

    @model_validator(mode="after")
    def _contract(self) -> FinanceConfig:
        if self.role is Role.GENERATOR and self.contract_price is None and self.target_irr is None:
            raise ValueError(
                _("发电企业投资时要给出 contract_price（合同价）或 target_irr（期望收益率）")
            )
        if self.residual is Residual.BOOK and self.tax is None:
            raise ValueError(_("residual 为 book（账面净值）时要填写 tax，折旧才有依据"))
        if self.contract_price is not None and self.target_irr is not None:
            raise ValueError(_("contract_price 和 target_irr 只能给一个"))
        if self.loan and self.years and self.loan.years + self.loan.grace_years > self.years:
            raise ValueError(_("贷款年限超过了项目年限"))
        return self


__all__ = [
    "MAX_YEARS",
    "AgeingConfig",
    "FinanceConfig",
    "GrowthConfig",
    "LoanConfig",
    "RefundConfig",
    "Repayment",
    "Role",
    "TaxConfig",
]
