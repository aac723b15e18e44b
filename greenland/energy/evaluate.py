"""The energy part of a park or a case: sized, judged, billed, and laid out in money and carbon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from greenland.energy import compliance
from greenland.energy.case import LoadedCase, read_case, read_energy
from greenland.energy.case.assumptions import assumptions_of
from greenland.energy.case.loading import rulebook_of
from greenland.energy.case.packs import CasePack, packs_used
from greenland.energy.case.schema import Case
from greenland.energy.case_checks import checked_tariffs
from greenland.energy.case_record import case_record
from greenland.energy.compliance.evaluation import judge
from greenland.energy.facts.together import facts_of
from greenland.energy.money import carbon, finance
from greenland.energy.money.allocation import not_shared_out, user_table
from greenland.energy.money.bill import ElectricityBill, bill, grid_only_bill, saving, self_use
from greenland.energy.money.levelling import is_levelled, with_own_costs
from greenland.energy.money.project import baseline_load, grid_only_mw, metered, project_of
from greenland.energy.plan.explain.explanation import Explanation, explain
from greenland.energy.plan.explain.infeasible import Infeasibility
from greenland.energy.plan.plan import Plan, capacity_lines, cost_lines
from greenland.energy.plan_record import plan_record
from greenland.energy.problem.solution import STATUS_LABELS
from greenland.energy.site import Site
from greenland.energy.site.checks import site_problems
from greenland.energy.sized_case import sized_case, tariffs_of
from greenland.energy.sizing.cross_check import CrossCheck, cross_check
from greenland.energy.sizing.rounding import Rounding, round_units
from greenland.energy.sizing.sensitivity import Sensitivity, Study, begin_study
from greenland.energy.sizing.together import MODULE
from greenland.energy.tariff import Tariff, with_grid_charges
from greenland.energy.tariff.resolve import grid_only
from greenland.errors import Problem
from greenland.i18n import _
from greenland.lp.recent import remembering
from greenland.results import STATE_LABELS, plain_value, records
from greenland.rules import Rulebook
from greenland.rules.book import ConsultedRulebook
from greenland.summary import Summarised, Summary, counts, money
from greenland.workers import side_by_side


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


def evaluate(
    energy: Mapping[str, Any],
    folder: Path,
    rulebook: Rulebook,
    *,
    tree: Any = None,
    year: int | None = None,
) -> EnergyResult:
    """Evaluate the ``energy:`` part of a park.

    Parameters
    ----------
    energy : mapping
        As in a case file, see `greenland.energy.case.Case`.
    folder : Path
        Park folder; file names are relative to it.
    rulebook : Rulebook
    tree : optional
        Whole YAML tree of the park file, for line numbers.
    year : int, optional
        Assessed year; the rulebook's own when left out.

    Raises
    ------
    InputError
        With every fault of the section and its curves.
    """
    rules = rulebook if year in (None, rulebook.year) else rulebook.as_of(int(year or 0))
    return evaluate_case(read_energy(energy, folder, tree=tree), rules)


def evaluate_file(path: Path | str, *, engine: str | None = None) -> EnergyResult:
    r"""Evaluate a case file that stands alone: size it, judge it, bill it, lay out its money.

    Parameters
    ----------
    path : path
        YAML; names of curves are relative to its folder.
    engine : str, optional
        Another engine than the file's: ``"auto"``, ``"interior"``, ``"highs"`` or the name of a
        PuLP solver.

    Returns
    -------
    EnergyResult
        With a plan, or with why there is none.

    Raises
    ------
    InputError
        With every fault of the file and its curves.

    References
    ----------
    发改能源〔2025〕650号, 发改能源〔2026〕688号 and what else the rule packs of the case hold;
    each check of the result names its clause.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> case = ["load: load.csv", "grid: {import_price: 0.5}", "year: 2025"]
    >>> times = pd.date_range("2025-01-01", periods=24, freq="h")
    >>> curve = pd.Series(0.5, index=times.rename("时间"), name="负荷(MW)")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = curve.to_csv(Path(folder) / "load.csv")
    ...     _ = (Path(folder) / "case.yaml").write_text("\n".join(case), encoding="utf-8")
    ...     result = evaluate_file(Path(folder) / "case.yaml")
    >>> str(result.plan.status)
    'optimal'
    """
    path = Path(path)
    loaded = with_engine(read_case(path), engine)
    rules = rulebook_of(loaded).consulted()
    return replace(evaluate_case(loaded, rules), rulebook=rules)


@remembering()  # what proves a conflict is what explains it
def explain_file(path: Path, *, engine: str | None = None) -> Explanation:
    """Size a case file and explain the plan in words.

    Raises
    ------
    InputError
    """
    loaded = with_engine(read_case(path), engine)
    rulebook = rulebook_of(loaded)
    plan, _tariff, _rows = sized_case(loaded, rulebook, tariffs_of(loaded, rulebook))
    return explain(plan)


def with_engine(loaded: LoadedCase, engine: str | None) -> LoadedCase:
    """The case with another engine, if one is named."""
    if engine is None:
        return loaded
    return replace(loaded, case=loaded.case.model_copy(update={"engine": engine}))


@side_by_side(MODULE)  # where it takes long, other processes size for the study meanwhile
@remembering()
def evaluate_case(loaded: LoadedCase, rulebook: Rulebook) -> EnergyResult:
    """Size a case, then judge the plan, bill it, and lay out money and carbon.

    Raises
    ------
    InputError
    WorkError
        If another process is gone before it was done.
    """
    tariffs, doubts = checked_tariffs(loaded, rulebook)
    optimum, tariff, rows = sized_case(loaded, rulebook, tariffs)
    case, site = loaded.case, optimum.site
    study = _begun(optimum, case)
    why = None if optimum.status.has_plan else explain(optimum).infeasibility
    rounding = round_units(optimum, engine=case.engine) if case.round_units else None
    plan = optimum if rounding is None else rounding.plan
    solved = plan.status.has_plan
    money = (_money if solved else _grid_money)(loaded, plan, tariff, rulebook)
    judged = _judged(loaded, plan, tariff, rulebook, money) if solved else None
    return EnergyResult(
        loaded=loaded,
        site=site,
        plan=plan,
        optimum=optimum,
        rounding=rounding,
        tariff=tariff,
        tariffs=tuple(rows),
        infeasibility=why,
        compliance=judged,
        money=money,
        study=None if study is None else study.result(),
        assumptions=tuple(assumptions_of(loaded, site, tariff, rulebook)),
        warnings=(*doubts, *site_problems(site)),
        packs=tuple(packs_used(case, rulebook.packs)),
        cross_check=cross_check(optimum) if case.cross_check else None,
    )


def _begun(optimum: Plan, case: Case) -> Study | None:
    """The study a case asks for, of the continuous optimum."""
    asked = case.study
    if asked is None:
        return None
    return begin_study(optimum, asked.change, asked.self_use_of_consumption, case.engine)


def _grid_money(loaded: LoadedCase, plan: Plan, tariff: Tariff | None, rulebook: Rulebook) -> Money:
    """The bill for "all from the grid", which there is without a plan too."""
    before = _grid_tariff(loaded, plan.site, tariff, rulebook)
    if before is None:
        return Money(None, None, None, None, None)
    site = plan.site
    grid_bill = grid_only_bill(before, baseline_load(site), grid_only_mw(site))
    return Money(grid_bill, None, None, None, None)


def _grid_tariff(
    loaded: LoadedCase, site: Site, tariff: Tariff | None, rulebook: Rulebook
) -> Tariff | None:
    """Tariff of the load if all came from the grid; None off-grid."""
    config = loaded.case.tariff
    if config is None or tariff is None:
        return tariff
    ordinary = grid_only(config, site.index, rulebook, folder=loaded.folder, billing=tariff.billing)
    return with_grid_charges(ordinary, loaded.fields["grid"])


def _money(loaded: LoadedCase, plan: Plan, tariff: Tariff | None, rulebook: Rulebook) -> Money:
    case, site = loaded.case, plan.site
    schedule = metered(site, plan.schedule)
    users = None
    if loaded.users is not None and not_shared_out(rulebook) is None:
        users = user_table(self_use(schedule), loaded.users)
    before = _grid_tariff(loaded, site, tariff, rulebook)
    own = with_own_costs(site, loaded.fields) if is_levelled(case.finance) else None
    project = project_of(plan, site, tariff, before, own=own)
    money = finance.statement(project, case.finance, rulebook) if case.finance else None
    year = project.operation.new()
    green = carbon.evaluate(project.baseline, year, case.carbon, rulebook) if case.carbon else None
    if tariff is None or before is None:
        return Money(None, None, money, green, users)
    connected = float(plan.capacities["grid"])
    return Money(
        grid_bill=grid_only_bill(before, baseline_load(site), grid_only_mw(site)),
        plan_bill=bill(tariff, schedule, connected),
        finance=money,
        carbon=green,
        users=users,
    )


def _judged(
    loaded: LoadedCase,
    plan: Plan,
    tariff: Tariff | None,
    rulebook: Rulebook,
    money: Money,
) -> compliance.ComplianceResult:
    config = loaded.case.compliance or compliance.ComplianceConfig()
    return judge(plan, plan.site, tariff, config, rulebook, money.carbon)
