"""What is known about a case once it is evaluated, and its record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from greenland.energy import compliance
from greenland.energy.case import LoadedCase
from greenland.energy.case.packs import CasePack
from greenland.energy.case_record import case_record
from greenland.energy.facts.together import facts_of
from greenland.energy.money import carbon, finance
from greenland.energy.money.bill import ElectricityBill, saving
from greenland.energy.plan.explain.infeasible import Infeasibility
from greenland.energy.plan.plan import Plan, capacity_lines, cost_lines
from greenland.energy.plan_record import plan_record
from greenland.energy.problem.solution import STATUS_LABELS
from greenland.energy.site import Site
from greenland.energy.sizing.cross_check import CrossCheck
from greenland.energy.sizing.rounding import Rounding
from greenland.energy.sizing.sensitivity import Sensitivity
from greenland.energy.tariff import Tariff
from greenland.errors import Problem
from greenland.i18n import _
from greenland.results import STATE_LABELS, plain_value, records
from greenland.rules.book import ConsultedRulebook
from greenland.summary import Summarised, Summary, counts, money


@dataclass(frozen=True)
class Money:
    """Bills, finance and carbon of a plan."""

    grid_bill: ElectricityBill | None
    plan_bill: ElectricityBill | None
    finance: finance.FinanceResult | None
    carbon: carbon.CarbonResult | None
    users: pd.DataFrame | None


@dataclass(frozen=True, repr=False)
class EnergyResult(Summarised):
    """Everything that is known about a case.

    Parameters
    ----------
    loaded : LoadedCase
        The case as read, with its curves.
    site : Site
        With the prices of the tariff that was chosen.
    plan : Plan
        What is recommended: in whole units where there are unit sizes, else the optimum. It is
        what is judged, billed and reported.
    optimum : Plan
        The continuous optimum, on which shadow prices, what binds, and the study rest.
    rounding : Rounding, optional
        What whole units cost against the optimum.
    tariff : Tariff, optional
        None off-grid.
    tariffs : tuple of dict
        What each candidate costs, where the cheapest was asked for.
    infeasibility : Infeasibility, optional
        Why there is no plan.
    compliance : ComplianceResult, optional
        Every limit and condition with its clause; None without a plan.
    money : Money
        Bills, finance and carbon; what was not asked for is None.
    study : Sensitivity, optional
        Where one was asked for.
    assumptions : tuple of dict
        Item, value, unit, source, confidence and rule id of every number taken over.
    warnings : tuple of Problem
        Doubts about the input that do not stop anything.
    packs : tuple of CasePack
        Rule packs that were loaded, and why.
    cross_check : CrossCheck, optional
        What the other engine comes to, where that was asked for.
    rulebook : ConsultedRulebook, optional
        Of a case that stands alone: the record then holds the rules it rests on.
    """

    loaded: LoadedCase
    site: Site
    plan: Plan
    optimum: Plan
    rounding: Rounding | None
    tariff: Tariff | None
    tariffs: tuple[dict[str, Any], ...]
    infeasibility: Infeasibility | None
    compliance: compliance.ComplianceResult | None
    money: Money
    study: Sensitivity | None = None
    assumptions: tuple[dict[str, Any], ...] = field(default=())
    warnings: tuple[Problem, ...] = ()
    packs: tuple[CasePack, ...] = ()
    cross_check: CrossCheck | None = None
    rulebook: ConsultedRulebook | None = None

    def _summary(self) -> Summary:
        plan, lines = self.plan, cost_lines(self.plan)
        if self.compliance is not None:
            states = [check.state for check in self.compliance.checks]
            named = ((_(text), states.count(state)) for state, text in STATE_LABELS.items())
            lines.append((_("合规核对"), counts(named)))
        if self.money.finance is not None:
            lines.append((_("净现值"), money(self.money.finance.npv)))
        return Summary(_(STATUS_LABELS[plan.status]), (*lines, *capacity_lines(plan)))

    def to_record(self, *, with_schedule: bool = True) -> dict[str, Any]:
        """JSON-ready ``energy`` part of the results, with or without the schedule."""
        money = self.money
        judged = self.compliance.to_record() if self.compliance else _NOT_JUDGED
        record = {
            "evaluated": True,
            "case": case_record(self.loaded.case, self.site),
            "packs": [one.to_record() for one in self.packs],
            "assumptions": [plain_value(item) for item in self.assumptions],
            "plan": plan_record(
                self.plan,
                self.optimum,
                rounding=self.rounding,
                infeasibility=self.infeasibility,
                with_schedule=with_schedule,
            ),
            **facts_of(self.loaded, self.plan),
            "tariff": None if self.tariff is None else plain_value(self.tariff.record()),
            "tariffs": [plain_value(item) for item in self.tariffs],
            **judged,
            "users": [] if money.users is None else records(money.users),
            "bill": _bills(money),
            "finance": None if money.finance is None else money.finance.to_record(),
            "carbon": None if money.carbon is None else money.carbon.to_record(),
            "cross_check": None if self.cross_check is None else self.cross_check.to_record(),
            "study": None if self.study is None else self.study.to_record(),
            "series": [plain_value(item) for item in self.loaded.series],
            "warnings": [item.as_record() for item in self.warnings],
            "preview": self.loaded.case.preview,
        }
        return dict(plain_value(record | self._rules()))

    def _rules(self) -> dict[str, Any]:
        """Year and rules of a case that stands alone; those of a park stand in its record."""
        book = self.rulebook
        if book is None:
            return {}
        shown = [book.rules[rule_id] for rule_id in sorted(book.asked) if rule_id in book.rules]
        return {
            "year": book.year,
            "rules": [rule.id for rule in shown],
            "rulebook": [rule.as_record() for rule in shown],
        }


_NOT_JUDGED: dict[str, Any] = {"compliance": [], "checklist": []}


def _bills(money: Money) -> dict[str, Any] | None:
    if money.grid_bill is None:
        return None
    if money.plan_bill is None:
        return {"grid_only": money.grid_bill.to_record(), "plan": None, "saving_yuan": None}
    return {
        "grid_only": money.grid_bill.to_record(),
        "plan": money.plan_bill.to_record(),
        **saving(money.grid_bill, money.plan_bill),
    }
