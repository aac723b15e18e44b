"""Money over the life of a plan: yearly cash flow, returns, and the prices they imply.

The cash flow is the one the sizing optimises. Without price growth, ageing and tax, its present
worth times the capital recovery factor is `Plan.annual_cost`; what the file adds to that (growth,
ageing, tax, loan) is added here year by year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.money.cash_flow import CASH_FLOW_LABELS, KWH_PER_MWH, CashFlow, Project
from greenland.energy.money.config import FinanceConfig, Role
from greenland.energy.money.measures import all_irr, irr, npv, payback, price_for, sign_changes
from greenland.energy.money.operation import FIELDS, OPERATION_UNITS
from greenland.energy.money.statement_rows import Statement
from greenland.energy.money.statements import statements_of
from greenland.energy.money.study_measures import StudyMeasures, study_measures
from greenland.energy.problem.annuity import capital_recovery_factor
from greenland.i18n import _
from greenland.results import records, with_units
from greenland.rules import Rulebook
from greenland.summary import Summarised, Summary, money, percent, quantity

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, repr=False)
class FinanceResult(Summarised):
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
        Of the project before financing, after income tax where tax is counted.
    npv_before_tax, irr_before_tax, payback_before_tax_years
        The same before income tax, but after value-added tax and surtaxes where tax is counted
        (所得税前).
    equity_irr : float or None
        Of the investor's own money; None without a loan.
    lcoe, blended_price, green_price, grid_price : float or None
        [yuan/kWh]
    contract_price : float or None
        Paid by the load to the generator [yuan/kWh].
    load_saving : float
        What the load pays less than for all from the grid, in the first year, investments not
        counted [yuan/yr].
    grid_only_annual_cost, annual_cost : float
        Cost of all from the grid, and of supply by the plan, as even yearly payments at
        tax-inclusive prices, no tax counted [yuan/yr].
    sized_annual_cost : float
        `sized_annual_cost` of the project, to be held against `Plan.annual_cost` [yuan/yr].
    annual_saving : float
        The first less what the load pays: all the supply cost where it invests itself, its grid
        bill and the contract where a generator does [yuan/yr].
    notes : tuple of str
    rule_ids : tuple of str
    study : StudyMeasures
        Total investment, interest during construction, cover of the debt service and the like.
    statements : mapping of key to Statement
        The customary statements of a feasibility study.
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
    npv_before_tax: float
    irr_before_tax: float | None
    payback_before_tax_years: float | None
    payback_years: float | None
    payback_discounted_years: float | None
    equity_irr: float | None
    lcoe: float | None
    blended_price: float | None
    green_price: float | None
    grid_price: float | None
    contract_price: float | None
    load_saving: float
    grid_only_annual_cost: float
    annual_cost: float
    annual_saving: float
    sized_annual_cost: float
    notes: tuple[str, ...]
    rule_ids: tuple[str, ...] = ()
    study: StudyMeasures = field(default_factory=StudyMeasures)
    statements: Mapping[str, Statement] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with_units(self.cash_flow, dict.fromkeys(self.cash_flow.columns, "元"))
        with_units(self.operation, OPERATION_UNITS)

    def _summary(self) -> Summary:
        lines = [
            (_("净现值"), money(self.npv)),
            (_("内部收益率"), percent(self.irr)),
            (_("静态回收期"), quantity(self.payback_years, _("年"))),
            (_("年供电总成本"), money(self.annual_cost, per_year=True)),
            (_("年节省"), money(self.annual_saving, per_year=True)),
        ]
        head = _("{years} 年，初投资 {capex}", years=self.years, capex=money(self.capex))
        return Summary(head, tuple(lines))

    def to_record(self) -> dict[str, Any]:
        """JSON-ready record."""
        apart = ("cash_flow", "operation", "study", "statements")
        names = [item for item in self.__slots__ if item not in apart]
        record = {name: getattr(self, name) for name in names} | asdict(self.study)
        return {
            **record,
            "role": str(self.role),
            "irr_all": list(self.irr_all),
            "notes": [str(note) for note in self.notes],
            "rule_ids": list(self.rule_ids),
            "cash_flow": records(self.cash_flow, index="year"),
            "operation": records(self.operation, index="year"),
            "statements": [item.to_record() for item in self.statements.values()],
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
    project = _as_asked(project, config)
    layout = CashFlow(project, config, rulebook)
    price = None
    if config.role is Role.GENERATOR:
        price = config.contract_price
        if price is None:
            target = config.target_irr
            assert target is not None  # the config refuses a generator without either
            price = price_for(lambda trial: layout.worth(layout.flow(trial)["net"], target))
    share = 0.0
    if layout.taxes is not None:
        share = rulebook.number("energy.finance.surplus_reserve")
        layout.rule_ids.append("energy.finance.surplus_reserve")
    return _measured(layout, price, statements_of(layout, price, share))


def _as_asked(project: Project, config: FinanceConfig) -> Project:
    """The project with the years and the discount rate the file gives for its finance."""
    rate = config.discount_rate
    return replace(
        project,
        years=config.years or project.years,
        discount_rate=project.discount_rate if rate is None else rate,
    )


def sized_annual_cost(project: Project) -> float:
    """Annual cost of supply by the payments of the project, as the sizing counts it [yuan/yr].

    No growth, ageing or tax; each asset by its annuity. Equal to `Plan.annual_cost`.
    """
    operated = project.operation.new()
    assets = sum(asset.annual_cost(project.discount_rate) for asset in project.assets)
    running = operated.grid_purchase + operated.self_use_charges - operated.export_income
    return assets + running + project.purchase_yuan + project.other_yuan


def _measured(
    layout: CashFlow, price: float | None, statements: Mapping[str, Statement]
) -> FinanceResult:
    flows, base, worth = layout.flow(price), layout.base(), layout.worth
    net, before = flows["net"], flows["before_tax"]
    rates = all_irr(net)
    level = capital_recovery_factor(layout.rate, layout.years)
    supply = supply_cost(base)
    paid = supply if price is None else _paid_by_load(layout, base, price)
    return FinanceResult(
        role=layout.config.role,
        years=layout.years,
        discount_rate=layout.rate,
        cash_flow=_frame(layout, flows),
        operation=layout.operating,
        capex=float(-flows["investment"].sum()),
        npv=worth(net),
        irr=irr(net),
        irr_all=rates,
        npv_before_tax=worth(before),
        irr_before_tax=irr(before),
        payback_before_tax_years=_since_operation(payback(before), layout),
        payback_years=_since_operation(payback(net), layout),
        payback_discounted_years=_since_operation(payback(net, layout.rate), layout),
        equity_irr=irr(flows["equity_net"]) if "equity_net" in flows else None,
        **_prices(layout, base, paid),
        contract_price=price,
        load_saving=_first_year_saving(layout, base, price),
        grid_only_annual_cost=worth(base["avoided_bill"]) * level,
        annual_cost=worth(supply) * level,
        annual_saving=worth(base["avoided_bill"] - paid) * level,
        sized_annual_cost=sized_annual_cost(layout.project),
        notes=(*layout.notes, *_about_irr(net, rates)),
        rule_ids=tuple(dict.fromkeys(layout.rule_ids)),
        study=study_measures(layout, flows, statements),
        statements=statements,
    )


def _since_operation(years: float | None, layout: CashFlow) -> float | None:
    """Years from the end of construction, of years from the end of its first year."""
    return None if years is None else years - layout.lead


def supply_cost(base: Mapping[str, Array]) -> Array:
    """All that supplying the load costs, whoever pays it, no tax counted [yuan]."""
    return -sum(
        (flow for name, flow in base.items() if name != "avoided_bill"),
        np.zeros_like(base["investment"]),
    )


def _paid_by_load(layout: CashFlow, base: Mapping[str, Array], price: float) -> Array:
    """What the load pays when a generator invests: its own grid bill and the contract [yuan]."""
    grid_bill = base["grid_energy"] + base["grid_fixed"] + base["self_use_charges"]
    return layout.sales(price) - grid_bill


def _frame(layout: CashFlow, flows: Mapping[str, Array]) -> pd.DataFrame:
    net = flows["net"]
    discounted = net * (1 + layout.rate) ** -np.arange(-layout.lead, layout.years + 1.0)
    columns = {
        **flows,
        "cumulative": np.cumsum(net),
        "discounted": discounted,
        "cumulative_discounted": np.cumsum(discounted),
    }
    order = [name for name in CASH_FLOW_LABELS if name in columns]
    index = pd.RangeIndex(-layout.lead, layout.years + 1, name="year")
    return pd.DataFrame({name: columns[name] + 0.0 for name in order}, index=index)  # no -0


def _prices(layout: CashFlow, base: Mapping[str, Array], paid: Array) -> dict[str, float | None]:
    """Prices over the life [yuan/kWh]; see docs/energy-finance.md."""
    names = (*FIELDS[:6], "not_green")
    energy = {name: layout.series(layout.operating[name]) * KWH_PER_MWH for name in names}
    own = energy["green"] + energy["not_green"]
    grid = -(base["grid_energy"] + base["grid_fixed"])
    plant = -(base["investment"] + base["replacement"] + base["residual"] + base["opex"])
    fuel = [layout.project.fuel_yuan] * layout.years
    plant = plant + layout.series(fuel, layout.config.growth.opex)

    def level(cost: Array, kwh: Array) -> float | None:
        return _share(npv(layout.rate, cost), npv(layout.rate, kwh))

    return {
        "lcoe": level(plant, energy["delivered"] + energy["not_green"]),
        "blended_price": level(paid, energy["load"]),
        "green_price": level(paid - grid, own),
        "grid_price": _share(float(grid[layout.first]), float(energy["grid"][layout.first])),
    }


def _share(value: float, by: float) -> float | None:
    return value / by if by else None


def _first_year_saving(layout: CashFlow, base: Mapping[str, Array], price: float | None) -> float:
    if price is not None:
        paid = _paid_by_load(layout, base, price)
    else:
        running = (
            "grid_energy",
            "grid_fixed",
            "self_use_charges",
            "export_income",
            "opex",
            "other",
            "bought",
        )
        costs = (base[name] for name in running if name in base)
        paid = -sum(costs, np.zeros(layout.length))
    return float((base["avoided_bill"] - paid)[layout.first])


def _about_irr(net: Array, found: tuple[float, ...]) -> tuple[str, ...]:
    changes = sign_changes(net)
    if changes == 0:
        return (_("净现金流没有正负变化，内部收益率不存在。"),)
    if changes == 1:
        return ()
    text = _(
        "净现金流正负变化 {changes} 次，内部收益率可能不唯一，求得：{rates}；请以净现值为准。",
        changes=changes,
        rates="、".join(f"{rate:.2%}" for rate in found) or "—",
    )
    return (text,)


__all__ = ["CASH_FLOW_LABELS", "FinanceResult", "Project", "sized_annual_cost", "statement"]
