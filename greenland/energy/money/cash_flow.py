"""The yearly cash flow of a project, column by column, for whoever invests.

Signs: what comes in is positive, what goes out negative. Prices include value-added tax. Arrays
have one entry per year-end from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from greenland.energy.money.assets import Asset, Residual, payments
from greenland.energy.money.config import FinanceConfig, LoanConfig, Repayment
from greenland.energy.money.operation import FIELDS, Ageing, OperatingYear, Operation
from greenland.energy.money.taxes import (
    carried_credit,
    depreciation,
    included_tax,
    income_tax,
    resolve_taxes,
)
from greenland.energy.problem.annuity import capital_recovery_factor
from greenland.energy.site import Technology
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import N_, _
from greenland.rules import Rulebook
from greenland.yamlfile import nearest

Array = NDArray[np.float64]
KWH_PER_MWH = 1000.0
_RELATIVE_ZERO = 1e-6  # relative; what a solver leaves of zero

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


def unknown_ageing(config: FinanceConfig, names: Sequence[str]) -> list[Problem]:
    """Names under ``degradation`` that are no source or storage, with the nearest known one."""
    if not isinstance(config.degradation, dict):
        return []
    problems = []
    for item in config.degradation:
        if item in names:
            continue
        guess = nearest(item, names)
        problems.append(
            Problem(
                Severity.ERROR,
                "unknown_asset",
                _("finance.degradation 里的“{item}”不是任何电源或储能的名称", item=item),
                _("是否应为“{guess}”？", guess=guess) if guess else "",
                column="finance.degradation",
                got=item,
                allowed="、".join(names),
                touches=("energy",),
            )
        )
    return problems


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
        Age of each at the beginning of each year, for *years* or more [years].
    residual : Residual
        How the objective of the plan counts the value at the end.
    technologies : mapping of name to Technology
        What each source makes electricity from, where it is known; for usual ageing.
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
        self.paid = [
            (asset, payments(asset, self.years, self.rate, config.residual or project.residual))
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
        """Yearly amounts from year 1 with growth, and zero in year 0."""
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
            "opex": -self.series(self._assets("opex")[1:], growth.opex),
            "other": -self.series(other, growth.opex),
            "grid_energy": -self.series(operating["grid_energy"], growth.grid_price),
            "grid_fixed": -self.series(operating["grid_fixed"], growth.grid_price),
            "self_use_charges": -self.series(operating["self_use_charges"], growth.grid_price),
            "export_income": self.series(operating["export_income"], growth.export_price),
            "avoided_bill": self.series(
                [self.project.baseline.grid_purchase] * self.years, growth.grid_price
            ),
        }

    def sales(self, price: float) -> Array:
        """Sales to the load at a contract price [yuan]."""
        kwh = self.operating["green"] * KWH_PER_MWH
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
        flows = self.base()
        if price is not None:
            for name in ("grid_energy", "grid_fixed", "self_use_charges", "avoided_bill"):
                del flows[name]
            flows["sales"] = self.sales(price)
        nothing = np.zeros(self.years + 1)
        untaxed = sum(flows.values(), nothing)
        loan, principal, interest = _loan(self.config.loan, -flows["investment"][0], self.years)
        if self.taxes is not None:
            flows |= self._tax(flows, nothing)
        before = untaxed + flows.get("vat", nothing) + flows.get("surtax", nothing)
        net = before + flows.get("income_tax", nothing)
        flows |= {"before_tax": before, "net": net}
        if self.config.loan is not None:
            if self.taxes is not None:
                financed = self._tax(flows, interest)["income_tax"]
                flows["income_tax_financed"] = financed
                net = net - flows["income_tax"] + financed
            flows |= {"loan": loan, "principal": -principal, "interest": -interest}
            flows["equity_net"] = net + loan - principal - interest
        return flows

    def _tax(self, flows: Mapping[str, Array], interest: Array) -> dict[str, Array]:
        """Taxes of the cash flow, income tax after *interest*; what is paid is negative."""
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
        return {"vat": -payable, "surtax": -surtax, "income_tax": -income_tax(profit, taxes)}


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
