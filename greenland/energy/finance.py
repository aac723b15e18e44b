"""Money over the life of a plan: yearly cash flow, returns, and the prices they imply.

The cash flow is the one the sizing optimises. Without price growth, ageing and tax, its present
worth times the capital recovery factor is `Plan.annual_cost`; what the file adds to that (growth,
ageing, tax, loan) is added here year by year.

Signs in the cash flow: what comes in is positive, what goes out negative. Prices include
value-added tax.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from greenland.energy.assets import Asset, AssetKind, Payments, payments
from greenland.energy.finance_config import FinanceConfig, LoanConfig, Repayment, Role
from greenland.energy.measures import all_irr, irr, npv, payback, price_for, sign_changes
from greenland.energy.model_data import capital_recovery_factor
from greenland.energy.operation import FIELDS, Ageing, OperatingYear, Operation
from greenland.energy.taxes import (
    Taxes,
    carried_credit,
    depreciation,
    included_tax,
    income_tax,
    resolve_taxes,
)
from greenland.i18n import N_, _
from greenland.results import records
from greenland.rules import Rulebook

Array = NDArray[np.float64]
KWH_PER_MWH = 1000.0

CASH_FLOW_LABELS = {
    "investment": N_("初投资"),
    "replacement": N_("更新重置"),
    "residual": N_("期末残值"),
    "opex": N_("运行维护"),
    "other": N_("其他运行费用"),
    "grid_energy": N_("下网电量电费"),
    "grid_fixed": N_("容量、需量电费"),
    "self_use_charges": N_("自用电量基金等"),
    "export_income": N_("上网收入"),
    "avoided_bill": N_("免付的全部下网电费"),
    "sales": N_("售电收入"),
    "vat": N_("增值税"),
    "surtax": N_("附加税费"),
    "income_tax": N_("所得税"),
    "net": N_("净现金流"),
    "cumulative": N_("累计净现金流"),
    "discounted": N_("折现净现金流"),
    "cumulative_discounted": N_("累计折现净现金流"),
    "loan": N_("借款"),
    "principal": N_("还本"),
    "interest": N_("付息"),
    "income_tax_financed": N_("所得税（融资后）"),
    "equity_net": N_("资本金净现金流"),
}


@dataclass(frozen=True, slots=True)
class Project:
    """What is paid for and earned, before it is laid out over the years.

    Parameters
    ----------
    assets : tuple of Asset
    operation : Operation
    baseline : OperatingYear
        The year of the load if all of it came from the grid.
    other_yuan : float
        Running costs that are neither fixed opex nor the electricity bill, less other income,
        such as variable costs and products [yuan/yr].
    discount_rate : float
        As decimal.
    years : int
    source_ages, storage_ages : mapping of name to array
        Age of each at the beginning of each year [years].
    """

    assets: tuple[Asset, ...]
    operation: Operation
    baseline: OperatingYear
    other_yuan: float = 0.0
    discount_rate: float = 0.07
    years: int = 25
    source_ages: Mapping[str, Array] = field(default_factory=dict)
    storage_ages: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FinanceResult:
    """The statement and its measures.

    Parameters
    ----------
    role : Role
    cash_flow : DataFrame
        Index ``year`` from 0; columns of `CASH_FLOW_LABELS` [yuan].
    operation : DataFrame
        Index ``year`` from 1: energies [MWh] and payments [yuan] before growth.
    capex : float
        Initial investment [yuan].
    npv, irr, irr_all, payback_years, payback_discounted_years
        Of the project, after tax where tax is counted.
    equity_irr : float or None
        Of the investor's own money; None without a loan.
    lcoe, blended_price, green_price, grid_price : float or None
        [yuan/kWh]
    contract_price : float or None
        Paid by the load to the generator [yuan/kWh].
    load_saving : float
        What the load pays less than for all from the grid, in the first year, investments not
        counted [yuan/yr].
    annual_cost : float
        Supply cost as an even yearly payment, before tax [yuan/yr].
    notes : tuple of str
    rule_ids : tuple of str
    """

    role: Role
    years: int
    discount_rate: float
    cash_flow: pd.DataFrame
    operation: pd.DataFrame
    capex: float
    npv: float
    irr: float | None
    irr_all: tuple[float, ...]
    payback_years: float | None
    payback_discounted_years: float | None
    equity_irr: float | None
    lcoe: float | None
    blended_price: float | None
    green_price: float | None
    grid_price: float | None
    contract_price: float | None
    load_saving: float
    annual_cost: float
    notes: tuple[str, ...]
    rule_ids: tuple[str, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """JSON-ready record."""
        names = [item for item in self.__slots__ if item not in ("cash_flow", "operation")]
        record = {name: getattr(self, name) for name in names}
        return {
            **record,
            "role": str(self.role),
            "irr_all": list(self.irr_all),
            "notes": [str(note) for note in self.notes],
            "rule_ids": list(self.rule_ids),
            "cash_flow": records(self.cash_flow, index="year"),
            "operation": records(self.operation, index="year"),
        }


def statement(project: Project, config: FinanceConfig, rulebook: Rulebook) -> FinanceResult:
    """Lay a project out over its years and measure it.

    Parameters
    ----------
    project : Project
    config : FinanceConfig
    rulebook : Rulebook
        For tax rates and usual ageing.

    Returns
    -------
    FinanceResult

    Notes
    -----
    With role ``load`` the net cash flow is the avoided grid bill less the cost of supply; with
    role ``generator`` it is sales to the load at the contract price plus exports, less the cost
    of the plant; the load then pays its remaining grid bill itself.
    """
    layout = _Layout(project, config, rulebook)
    if config.role is Role.LOAD:
        return layout.result(None)
    price = config.contract_price
    if price is None:
        target = config.target_irr
        assert target is not None  # the config refuses a generator without either
        price = price_for(lambda trial: npv(target, layout.flow(trial)["net"]))
    return layout.result(price)


def sized_annual_cost(project: Project) -> float:
    """Annual cost of supply by the payments of the project, as the sizing counts it [yuan/yr].

    No growth, ageing or tax; each asset by its annuity. Equal to `Plan.annual_cost`.
    """
    operated = project.operation.new()
    assets = sum(asset.annual_cost(project.discount_rate) for asset in project.assets)
    running = operated.grid_purchase + operated.self_use_charges - operated.export_income
    return assets + running + project.other_yuan


class _Layout:
    """Everything of a project that does not depend on the contract price, by year."""

    def __init__(self, project: Project, config: FinanceConfig, rulebook: Rulebook) -> None:
        self.project, self.config = project, config
        self.years, self.rate = project.years, project.discount_rate
        self.rule_ids: list[str] = []
        self.notes: list[str] = []
        self.paid = [
            (asset, payments(asset, self.years, self.rate, config.residual))
            for asset in project.assets
        ]
        self.operating = self._operate(rulebook)
        self.taxes = None
        if config.tax is not None:
            self.taxes = resolve_taxes(config.tax, config.role, rulebook)
            self.rule_ids += self.taxes.rule_ids
        else:
            self.notes.append(_("未计税：没有填写 finance.tax。"))

    # Years of operation ---------------------------------------------------------------------

    def _operate(self, rulebook: Rulebook) -> pd.DataFrame:
        ageing = self._ageing(rulebook)
        rows = []
        for year in range(self.years):
            health = {
                name: float(ageing[name].health(ages[year : year + 1])[0])
                for name, ages in self.project.source_ages.items()
                if name in ageing
            }
            cells = [
                float(ageing[name].health(ages[year : year + 1])[0])
                for name, ages in self.project.storage_ages.items()
                if name in ageing
            ]
            operated = self.project.operation.year(health, min(cells, default=1.0))
            rows.append([getattr(operated, name) for name in FIELDS])
        index = pd.RangeIndex(1, self.years + 1, name="year")
        return pd.DataFrame(rows, columns=list(FIELDS), index=index)

    def _ageing(self, rulebook: Rulebook) -> dict[str, Ageing]:
        given = self.config.degradation
        if given is None:
            self.notes.append(_("未计设备衰减：没有填写 finance.degradation。"))
            return {}
        if given != "typical":
            return {name: Ageing(item.first_year, item.yearly) for name, item in given.items()}
        ids = ("pv.degradation_first", "pv.degradation", "storage.fade")
        first, later, fade = (rulebook.number(f"energy.cost.{name}") for name in ids)
        self.rule_ids += [f"energy.cost.{name}" for name in ids]
        sources = {
            name: Ageing(first, later) for name in self.project.source_ages if "pv" in name.lower()
        }
        return sources | {name: Ageing(0.0, fade) for name in self.project.storage_ages}

    def _series(self, values: ArrayLike, growth: float = 0.0) -> Array:
        """Yearly amounts from year 1 with growth, and nought in year 0."""
        flows = np.zeros(self.years + 1)
        flows[1:] = np.asarray(values, dtype=float)
        flows[1:] *= (1 + growth) ** np.arange(self.years)
        return flows

    def _assets(self, part: str) -> Array:
        total = np.zeros(self.years + 1)
        for _asset, paid in self.paid:
            total += getattr(paid, part)
        return total

    def base(self) -> dict[str, Array]:
        """Flows that no contract price changes [yuan]; what goes out is negative."""
        growth, operating = self.config.growth, self.operating
        residual = np.zeros(self.years + 1)
        residual[-1] = sum(paid.residual for _asset, paid in self.paid)
        other = [self.project.other_yuan] * self.years
        return {
            "investment": -self._assets("investment"),
            "replacement": -self._assets("replacement"),
            "residual": residual,
            "opex": -self._series(self._assets("opex")[1:], growth.opex),
            "other": -self._series(other, growth.opex),
            "grid_energy": -self._series(operating["grid_energy"], growth.grid_price),
            "grid_fixed": -self._series(operating["grid_fixed"], growth.grid_price),
            "self_use_charges": -self._series(operating["self_use_charges"], growth.grid_price),
            "export_income": self._series(operating["export_income"], growth.export_price),
            "avoided_bill": self._series(
                [self.project.baseline.grid_purchase] * self.years, growth.grid_price
            ),
        }

    def sales(self, price: float) -> Array:
        """Sales to the load at a contract price [yuan]."""
        kwh = self.operating["green"] * KWH_PER_MWH
        return self._series(kwh * price, self.config.growth.contract_price)

    # The investor's cash flow ---------------------------------------------------------------

    def flow(self, price: float | None) -> dict[str, Array]:
        """The investor's cash flow by column, at a contract price for a generator."""
        flows = self.base()
        if price is not None:
            for name in ("grid_energy", "grid_fixed", "self_use_charges", "avoided_bill"):
                del flows[name]
            flows["sales"] = self.sales(price)
        before_tax = sum(flows.values(), np.zeros(self.years + 1))
        loan, principal, interest = _loan(self.config.loan, -flows["investment"][0], self.years)
        if self.taxes is not None:
            flows |= self._tax(flows, np.zeros(self.years + 1), "income_tax")
        net = before_tax + sum(
            (flows[name] for name in ("vat", "surtax", "income_tax") if name in flows),
            np.zeros(self.years + 1),
        )
        flows["net"] = net
        if self.config.loan is not None:
            financed = np.zeros(self.years + 1)
            if self.taxes is not None:
                financed = self._tax(flows, interest, "income_tax")["income_tax"]
                flows["income_tax_financed"] = financed
                net = net - flows["income_tax"] + financed
            flows |= {"loan": loan, "principal": -principal, "interest": -interest}
            flows["equity_net"] = net + loan - principal - interest
        return flows

    def _tax(self, flows: Mapping[str, Array], interest: Array, name: str) -> dict[str, Array]:
        """Taxes of the cash flow; what is paid is negative."""
        taxes = self.taxes
        assert taxes is not None
        trade = ("export_income", "sales", "avoided_bill", "grid_energy", "grid_fixed")
        bought = ("investment", "replacement")
        tax_in = {key: taxes.vat for key in (*trade, *bought) if key in flows}
        tax_in |= {"opex": taxes.vat_service, "other": taxes.vat_service}
        within = {key: included_tax(flows[key], rate) for key, rate in tax_in.items()}
        net_tax = sum(within.values(), np.zeros(self.years + 1))
        payable = net_tax if taxes.absorbed else carried_credit(net_tax)
        surtax = payable * taxes.surtax
        spent = [(asset, paid.investment + paid.replacement) for asset, paid in self.paid]
        written_off, book = depreciation(spent, taxes)
        running = ("export_income", "sales", "avoided_bill", "grid_energy", "grid_fixed")
        profit = sum(
            (flows[key] - within[key] for key in (*running, "opex", "other") if key in flows),
            np.zeros(self.years + 1),
        )
        profit = profit + flows.get("self_use_charges", 0.0) - surtax - written_off - interest
        profit[-1] += flows["residual"][-1] - book
        return {"vat": -payable, "surtax": -surtax, name: -income_tax(profit, taxes)}

    # Measures -------------------------------------------------------------------------------

    def result(self, price: float | None) -> FinanceResult:
        flows = self.flow(price)
        base = self.base()
        net = flows["net"]
        supply = -sum(
            (base[name] for name in base if name != "avoided_bill"), np.zeros(self.years + 1)
        )
        frame = self._frame(flows)
        found = all_irr(net)
        self._note_irr(net, found)
        prices = self._prices(base, supply, price)
        return FinanceResult(
            role=self.config.role,
            years=self.years,
            discount_rate=self.rate,
            cash_flow=frame,
            operation=self.operating,
            capex=float(-flows["investment"].sum()),
            npv=npv(self.rate, net),
            irr=irr(net),
            irr_all=found,
            payback_years=payback(net),
            payback_discounted_years=payback(net, self.rate),
            equity_irr=irr(flows["equity_net"]) if "equity_net" in flows else None,
            **prices,
            contract_price=price,
            load_saving=self._load_saving(base, price),
            annual_cost=npv(self.rate, supply) * capital_recovery_factor(self.rate, self.years),
            notes=tuple(self.notes),
            rule_ids=tuple(dict.fromkeys(self.rule_ids)),
        )

    def _frame(self, flows: Mapping[str, Array]) -> pd.DataFrame:
        net = flows["net"]
        discounted = net * (1 + self.rate) ** -np.arange(self.years + 1)
        columns = {
            **flows,
            "cumulative": np.cumsum(net),
            "discounted": discounted,
            "cumulative_discounted": np.cumsum(discounted),
        }
        order = [name for name in CASH_FLOW_LABELS if name in columns]
        index = pd.RangeIndex(self.years + 1, name="year")
        return pd.DataFrame({name: columns[name] + 0.0 for name in order}, index=index)  # no -0

    def _prices(
        self, base: Mapping[str, Array], supply: Array, price: float | None
    ) -> dict[str, float | None]:
        """Prices over the life [yuan/kWh]; see docs/energy-finance.md."""
        energy = {name: self._series(self.operating[name]) * KWH_PER_MWH for name in FIELDS[:6]}
        grid = -(base["grid_energy"] + base["grid_fixed"])
        plant = -(base["investment"] + base["replacement"] + base["residual"] + base["opex"])
        total = supply
        if price is not None:  # what the load pays
            total = grid - base["self_use_charges"] + self.sales(price)
        return {
            "lcoe": self._level(plant, energy["delivered"]),
            "blended_price": self._level(total, energy["load"]),
            "green_price": self._level(total - grid, energy["green"]),
            "grid_price": _share(float(grid[1]), float(energy["grid"][1])),
        }

    def _level(self, cost: Array, kwh: Array) -> float | None:
        return _share(npv(self.rate, cost), npv(self.rate, kwh))

    def _load_saving(self, base: Mapping[str, Array], price: float | None) -> float:
        paid = -(base["grid_energy"] + base["grid_fixed"] + base["self_use_charges"])
        if price is None:
            paid = paid - base["export_income"] - base["opex"] - base["other"]
        else:
            paid = paid + self.sales(price)
        return float((base["avoided_bill"] - paid)[1])

    def _note_irr(self, net: Array, found: tuple[float, ...]) -> None:
        changes = sign_changes(net)
        if changes == 0:
            self.notes.append(_("净现金流没有正负变化，内部收益率不存在。"))
        elif changes > 1:
            self.notes.append(
                _(
                    "净现金流正负变化 {changes} 次，内部收益率可能不唯一，"
                    "求得：{rates}；请以净现值为准。",
                    changes=changes,
                    rates="、".join(f"{rate:.2%}" for rate in found) or "—",
                )
            )


def _share(value: float, by: float) -> float | None:
    return value / by if by else None


def _loan(loan: LoanConfig | None, investment: float, years: int) -> tuple[Array, Array, Array]:
    """Money lent, repaid and interest by year-end [yuan].

    Examples
    --------
    Equal principal, 100 yuan over two years at 10 %:

    >>> two = LoanConfig(share=1.0, rate=0.1, years=2, method=Repayment.EQUAL_PRINCIPAL)
    >>> [list(map(float, part)) for part in _loan(two, 100.0, 2)]
    [[100.0, 0.0, 0.0], [0.0, 50.0, 50.0], [0.0, 10.0, 5.0]]
    """
    lent, principal, interest = (np.zeros(years + 1) for _part in range(3))
    if loan is None:
        return lent, principal, interest
    owed = lent[0] = loan.share * investment
    payment = owed * capital_recovery_factor(loan.rate, loan.years)
    for year in range(1, min(years, loan.grace_years + loan.years) + 1):
        interest[year] = owed * loan.rate
        if year > loan.grace_years:
            equal = lent[0] / loan.years
            even = loan.method is Repayment.EQUAL_PRINCIPAL
            principal[year] = equal if even else payment - interest[year]
        owed -= principal[year]
    return lent, principal, interest


__all__ = [
    "CASH_FLOW_LABELS",
    "AssetKind",
    "FinanceResult",
    "Payments",
    "Project",
    "Taxes",
    "sized_annual_cost",
    "statement",
]
