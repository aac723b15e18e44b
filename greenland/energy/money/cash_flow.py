"""The yearly cash flow of a project, column by column, for whoever invests.

Signs: what comes in is positive, what goes out negative. Prices include value-added tax. Arrays
have one entry per year-end from 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from greenland.energy.money.assets import Asset, Residual, payments
from greenland.energy.money.config import FinanceConfig
from greenland.energy.money.expenses import expenses
from greenland.energy.money.loans import loan_plan, working_capital
from greenland.energy.money.measures import npv
from greenland.energy.money.operation import FIELDS, Ageing, OperatingYear, Operation
from greenland.energy.money.part_names import unknown_ageing
from greenland.energy.money.tax_lines import Bought, TaxLines, book_value, tax_lines
from greenland.energy.money.taxes import resolve_taxes
from greenland.energy.site import Technology
from greenland.errors import InputError
from greenland.i18n import N_, _
from greenland.rules import Rulebook
from greenland.summary import in_wan

Array = NDArray[np.float64]
KWH_PER_MWH = 1000.0
_RELATIVE_ZERO = 1e-6  # relative; what a solver leaves of zero

CASH_FLOW_LABELS = {
    "investment": N_("初投资"),
    "replacement": N_("更新重置"),
    "residual": N_("期末残值"),
    "working_capital": N_("流动资金"),
    "opex": N_("运行维护"),
    "other": N_("其他运行费用"),
    "bought": N_("购电费"),
    "grid_energy": N_("下网电量电费"),
    "grid_fixed": N_("容量、需量电费"),
    "self_use_charges": N_("自用电量基金等"),
    "export_income": N_("上网收入"),
    "avoided_bill": N_("免付的全部下网电费"),
    "sales": N_("售电收入"),
    "vat": N_("增值税"),
    "surtax": N_("附加税费"),
    "refund": N_("增值税即征即退"),
    "before_tax": N_("所得税前净现金流"),
    "income_tax": N_("调整所得税"),
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
        Running costs that are neither fixed opex nor what electricity costs, less other income,
        such as fuel, variable costs and products [yuan/yr].
    discount_rate : float
        As decimal.
    years : int
    source_ages, storage_ages : mapping of name to array
        Age of each at the beginning of each year, for *years* or more [years].
    residual : Residual
        How the objective of the plan counts the value at the end.
    technologies : mapping of name to Technology
        What each source makes electricity from, where it is known; for usual ageing.
    own_assets : tuple of Asset, optional
        With the opex of the case, where the sizing saw a study's items in that of *assets*
        (`greenland.energy.money.levelling`); they are what is laid out over the years.
    kw : mapping of source to kW
        New capacity of each source.
    purchase_yuan : float
        Paid to sellers by the kWh taken, beside the electricity bill [yuan/yr].
    fuel_yuan : float
        Fuel, a part of *other_yuan* [yuan/yr].
    """

    assets: tuple[Asset, ...]
    operation: Operation
    baseline: OperatingYear
    other_yuan: float
    discount_rate: float
    years: int
    source_ages: Mapping[str, Array] = field(default_factory=dict)
    storage_ages: Mapping[str, Array] = field(default_factory=dict)
    residual: Residual = Residual.ECONOMIC
    technologies: Mapping[str, Technology | None] = field(default_factory=dict)
    own_assets: tuple[Asset, ...] | None = None
    kw: Mapping[str, float] = field(default_factory=dict)
    purchase_yuan: float = 0.0
    fuel_yuan: float = 0.0


class CashFlow:
    """A project laid out over its years; only `flow` and `sales` depend on a contract price.

    Parameters
    ----------
    project : Project
    config : FinanceConfig
    rulebook : Rulebook
        For tax rates and usual ageing.
    """

    def __init__(self, project: Project, config: FinanceConfig, rulebook: Rulebook) -> None:
        self.project, self.config = project, config
        self.years, self.rate = project.years, project.discount_rate
        self.rule_ids: list[str] = []
        self.notes: list[str] = []
        assets = project.assets if project.own_assets is None else project.own_assets
        self.paid = [
            (asset, payments(asset, self.years, self.rate, config.residual or project.residual))
            for asset in assets
        ]
        building = config.construction
        self.spread = np.ones(1) if building is None else np.array(building.yearly)
        self.lead = len(self.spread) - 1
        self.length = self.lead + self.years + 1
        self.capex = float(sum(paid.investment[0] for _asset, paid in self.paid))
        self.loan = loan_plan(config.loan, building, self.capex, self.years)
        if self.loan.left > _RELATIVE_ZERO * self.capex:
            left = f"{in_wan(self.loan.left):.2f}"
            self.notes.append(_("计算期末还有借款 {yuan} 万元没有还清，未计入。", yuan=left))
        kw = sum(project.kw.values())
        self.capital = working_capital(config.working_capital, kw, self.lead, self.years)
        self.running = {
            name: -self.series(amounts, config.growth.opex)
            for name, amounts in expenses(config.costs, assets, project.kw, self.years).items()
        }
        self.operating = self._operate(rulebook)
        self.taxes = None
        if config.tax is not None:
            self.taxes = resolve_taxes(config.tax, config.role, rulebook, config.investment)
            self.rule_ids += self.taxes.rule_ids
            if (refund := self.taxes.refund) is not None:
                self.notes.append(
                    _(
                        "增值税即征即退 {share}，按案例给出的依据：{document}。",
                        share=f"{refund.share:.0%}",
                        document=refund.document,
                    )
                )
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
        years = pd.DataFrame(rows, columns=list(FIELDS), index=index)
        self._note_strain(years)
        return years

    def _note_strain(self, years: pd.DataFrame) -> None:
        """Say when aged equipment leaves more to buy than the connection, or nobody, can give."""
        operation = self.project.operation
        new = operation.new()
        if operation.tariff is None:
            short = float(years["grid"].max()) - new.grid
            if short > _RELATIVE_ZERO * max(1.0, new.load):
                self.notes.append(
                    _(
                        "离网运行，设备衰减后最多一年缺电 {energy} MWh，没有计费用。",
                        energy=f"{short:.1f}",
                    )
                )
            return
        limit = max(operation.connected_mw, new.import_peak)
        over = years["import_peak"] > limit * (1 + _RELATIVE_ZERO)
        if over.any():
            self.notes.append(
                _(
                    "设备衰减后第 {year} 年起最大下网功率达 {power} MW，超过接入容量 {limit} MW。",
                    year=int(years.index[over.to_numpy()][0]),
                    power=f"{float(years['import_peak'].max()):.2f}",
                    limit=f"{limit:.2f}",
                )
            )

    def _ageing(self, rulebook: Rulebook) -> dict[str, Ageing]:
        given = self.config.degradation
        if given is None:
            self.notes.append(_("未计设备衰减：没有填写 finance.degradation。"))
            return {}
        problems = unknown_ageing(
            self.config, [*self.project.source_ages, *self.project.storage_ages]
        )
        if problems:
            raise InputError(problems)
        if given != "typical":
            return {name: Ageing(item.first_year, item.yearly) for name, item in given.items()}
        ids = ("pv.degradation_first", "pv.degradation", "storage.fade")
        first, later, fade = (rulebook.number(f"energy.cost.{name}") for name in ids)
        self.rule_ids += [f"energy.cost.{name}" for name in ids]
        known = self.project.technologies
        sources = {
            name: Ageing(first, later)
            for name in self.project.source_ages
            if known.get(name) == Technology.PV
        }
        unknown = [name for name in self.project.source_ages if known.get(name) is None]
        if unknown:
            self.notes.append(
                _(
                    "没有注明 technology 的电源未计衰减：{names}。",
                    names="、".join(unknown),
                )
            )
        return sources | {name: Ageing(0.0, fade) for name in self.project.storage_ages}

    def series(self, values: ArrayLike, growth: float = 0.0) -> Array:
        """Yearly amounts from year 1 with growth, and zero before."""
        flows = np.zeros(self.length)
        flows[self.lead + 1 :] = np.asarray(values, dtype=float)
        flows[self.lead + 1 :] *= (1 + growth) ** np.arange(self.years)
        return flows

    @property
    def first(self) -> int:
        """Place of the first year of operation in every array."""
        return self.lead + 1

    @property
    def borrows(self) -> bool:
        """Whether there is a loan, for the investment or for working capital."""
        return self.config.loan is not None or bool(self.capital.borrowed.any())

    def worth(self, flows: ArrayLike, rate: float | None = None) -> float:
        """Net present value at the end of construction, year 0 [yuan]."""
        used = self.rate if rate is None else rate
        return npv(used, flows) * (1 + used) ** self.lead

    def base(self) -> dict[str, Array]:
        """Flows that no contract price changes [yuan]; what goes out is negative."""
        growth, operating = self.config.growth, self.operating
        residual, investment, replacement = (np.zeros(self.length) for _part in range(3))
        residual[-1] = sum(paid.residual for _asset, paid in self.paid)
        for _asset, paid in self.paid:
            investment[: self.lead + 1] -= paid.investment[0] * self.spread
            replacement[self.lead :] -= paid.replacement
        if self.config.residual is Residual.BOOK and self.taxes is not None:
            residual[-1] = book_value(self.taxes, self._bought())
        other = [self.project.other_yuan] * self.years
        flows = {
            "investment": investment,
            "replacement": replacement,
            "residual": residual,
            "opex": sum(self.running.values(), np.zeros(self.length)),
            "other": -self.series(other, growth.opex),
            "grid_energy": -self.series(operating["grid_energy"], growth.grid_price),
            "grid_fixed": -self.series(operating["grid_fixed"], growth.grid_price),
            "self_use_charges": -self.series(operating["self_use_charges"], growth.grid_price),
            "export_income": self.series(operating["export_income"], growth.export_price),
            "avoided_bill": self.series(
                [self.project.baseline.grid_purchase] * self.years, growth.grid_price
            ),
        }
        if self.project.purchase_yuan:
            bought = [self.project.purchase_yuan] * self.years
            flows["bought"] = -self.series(bought, growth.opex)
        if self.capital.paid.any():
            flows["working_capital"] = self.capital.recovered - self.capital.paid
        return flows

    def sales(self, price: float) -> Array:
        """Sales to the load at a contract price [yuan]."""
        kwh = (self.operating["green"] + self.operating["not_green"]) * KWH_PER_MWH
        return self.series(kwh * price, self.config.growth.contract_price)

    # The investor's cash flow ---------------------------------------------------------------

    def flow(self, price: float | None) -> dict[str, Array]:
        """The investor's cash flow by column, at a contract price for a generator [yuan].

        Before financing, as in the statement of the project's investment: ``before_tax`` is
        before income tax only, and ``income_tax`` is the adjusted one, on earnings before
        interest.

        References
        ----------
        《建设项目经济评价方法与参数》第三版, 项目投资现金流量表: 所得税前净现金流量, 调整所得税.
        """
        flows = self.traded(price)
        nothing = np.zeros(self.length)
        untaxed = sum(flows.values(), nothing)
        if self.taxes is not None:
            flows |= self.taxed(flows).flows
        added = (flows.get(name, nothing) for name in ("vat", "surtax", "refund"))
        before = sum(added, untaxed)
        net = before + flows.get("income_tax", nothing)
        flows |= {"before_tax": before, "net": net}
        if self.borrows:
            loan, capital = self.loan, self.capital
            if self.taxes is not None:
                financed = self.taxed(flows, financed=True).flows["income_tax"]
                flows["income_tax_financed"] = financed
                net = net - flows["income_tax"] + financed
            drawn = loan.drawn + capital.borrowed
            principal = loan.principal + capital.repaid
            interest = loan.interest + loan.paid + capital.interest
            flows |= {"loan": drawn, "principal": -principal, "interest": -interest}
            flows["equity_net"] = net + drawn - principal - interest
        return flows

    def traded(self, price: float | None) -> dict[str, Array]:
        """Flows of the investor before any tax, at a contract price for a generator [yuan]."""
        flows = self.base()
        if price is not None:
            for name in ("grid_energy", "grid_fixed", "self_use_charges", "avoided_bill"):
                del flows[name]
            flows["sales"] = self.sales(price)
        return flows

    def taxed(self, flows: Mapping[str, Array], *, financed: bool = False) -> TaxLines:
        """Taxes of a cash flow, before or after interest."""
        assert self.taxes is not None
        loan = self.loan
        return tax_lines(
            self.taxes,
            flows,
            self.running,
            self._bought(),
            interest=loan.interest + self.capital.interest if financed else np.zeros(self.length),
            capitalised=float(loan.construction_interest.sum()) if financed else 0.0,
        )

    def _bought(self) -> Bought:
        spent = [(asset, paid.investment + paid.replacement) for asset, paid in self.paid]
        return Bought(spent, self.config.investment, self.spread)
