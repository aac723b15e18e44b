"""The energy part of a park or a case: sized, judged, billed, and laid out in money and carbon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from greenland.energy import compliance
from greenland.energy.case import LoadedCase, read_case, read_energy
from greenland.energy.case.assumptions import assumptions_of
from greenland.energy.case.loading import rulebook_of
from greenland.energy.case.packs import packs_used
from greenland.energy.case.schema import Case
from greenland.energy.case_checks import checked_tariffs
from greenland.energy.compliance.evaluation import judge
from greenland.energy.grid_only import GridOnly, grid_only_of
from greenland.energy.money import carbon, finance
from greenland.energy.money.allocation import not_shared_out, user_table
from greenland.energy.money.bill import bill, self_use
from greenland.energy.money.levelling import is_levelled, with_own_costs
from greenland.energy.money.project import metered, project_of
from greenland.energy.plan.explain.explanation import Explanation, explain
from greenland.energy.plan.plan import Plan
from greenland.energy.result import EnergyResult, Money
from greenland.energy.site.checks import site_problems
from greenland.energy.sized_case import CaseSizing, tariffs_of
from greenland.energy.sizing.cross_check import cross_check
from greenland.energy.sizing.rounding import Rounding, round_units
from greenland.energy.sizing.sensitivity import Study, begin_study
from greenland.energy.sizing.together import MODULE, too_short
from greenland.energy.tariff import Tariff
from greenland.errors import GreenlandError
from greenland.lp.recent import Solved, kept, remembering
from greenland.rules import Rulebook
from greenland.workers import current, side_by_side


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
    return begin(energy, folder, rulebook, tree=tree, year=year).result()


@side_by_side(MODULE)
def begin(
    energy: Mapping[str, Any],
    folder: Path,
    rulebook: Rulebook,
    *,
    tree: Any = None,
    year: int | None = None,
) -> CaseRun:
    """Begin to `evaluate` the ``energy:`` part of a park, with the same parameters.

    Where the caller has workers (`greenland.workers.side_by_side`), they size for it at once.

    Raises
    ------
    InputError
        With every fault of the section and its curves.
    """
    rules = rulebook if year in (None, rulebook.year) else rulebook.as_of(int(year or 0))
    return CaseRun(read_energy(energy, folder, tree=tree), rules)


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
    >>> import pandas as pd
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


@side_by_side(MODULE)
@remembering()  # what proves a conflict is what explains it
def explain_file(path: Path, *, engine: str | None = None) -> Explanation:
    """Size a case file and explain the plan in words.

    Raises
    ------
    InputError
    """
    loaded = with_engine(read_case(path), engine)
    rulebook = rulebook_of(loaded)
    plan, _tariff, _rows = CaseSizing(loaded, rulebook, tariffs_of(loaded, rulebook)).result()
    return explain(plan)


def with_engine(loaded: LoadedCase, engine: str | None) -> LoadedCase:
    """The case with another engine, if one is named."""
    if engine is None:
        return loaded
    return replace(loaded, case=loaded.case.model_copy(update={"engine": engine}))


@side_by_side(MODULE)
def evaluate_case(loaded: LoadedCase, rulebook: Rulebook) -> EnergyResult:
    """Size a case, then judge the plan, bill it, and lay out money and carbon.

    Raises
    ------
    InputError
    WorkError
        If another process is gone before it was done.
    """
    return CaseRun(loaded, rulebook).result()


class CaseRun:
    """The evaluation of a case, under way from the beginning.

    Raises
    ------
    InputError
        With the faults of the case, those of its prices too.
    """

    def __init__(self, loaded: LoadedCase, rulebook: Rulebook) -> None:
        self.loaded, self.rulebook = loaded, rulebook
        if not too_short(len(loaded.load), _studied(loaded.case)):
            current().prepare()  # they start while prices are made
        tariffs, self.doubts = checked_tariffs(loaded, rulebook)
        self.sizing = CaseSizing(loaded, rulebook, tariffs)
        self._sized: SizedCase | None = None
        self._judged: EnergyResult | None = None

    def go_on(self) -> None:
        """Begin the study where other processes have sized the case; nothing is waited for."""
        if self._sized is None and self.sizing.done:
            with suppress(GreenlandError):  # raised again by the result
                self.sized()

    @remembering()
    def sized(self) -> SizedCase:
        """Wait for the sizing, and begin the study of it."""
        if self._sized is None:
            optimum, tariff, rows = self.sizing.result()
            study = _begun(optimum, self.loaded.case)
            self._sized = SizedCase(optimum, tariff, rows, study, kept())
        return self._sized

    @property
    def studied(self) -> bool:
        """Whether a study is under way."""
        return self._sized is not None and self._sized.study is not None

    @side_by_side(MODULE)  # where it takes long, other processes size for the study meanwhile
    def judged(self) -> EnergyResult:
        """Wait for the sizing, and do the rest but for the study, which goes on.

        Raises
        ------
        WorkError
            If another process is gone before it was done.
        """
        if self._judged is None:
            sized = self.sized()
            with remembering(sized.known):
                self._judged = _judged_but_for_the_study(self, sized)
        return self._judged

    @side_by_side(MODULE)
    def result(self) -> EnergyResult:
        """Wait for the sizing and the study, and do the rest. Errors as in `judged`."""
        found, study = self.judged(), self.sized().study
        return found if study is None else replace(found, study=study.result())


@dataclass(frozen=True)
class SizedCase:
    """The optimum of a case, its tariff with what each candidate costs, and the study under way."""

    optimum: Plan
    tariff: Tariff | None
    rows: list[dict[str, Any]]
    study: Study | None
    known: Sequence[Solved]  # programs solved for it


def _judged_but_for_the_study(run: CaseRun, sized: SizedCase) -> EnergyResult:
    loaded, rulebook, case = run.loaded, run.rulebook, run.loaded.case
    optimum, tariff, rows = sized.optimum, sized.tariff, sized.rows
    why = None if optimum.status.has_plan else explain(optimum).infeasibility
    rounding = round_units(optimum, engine=case.engine) if case.round_units else None
    found = judged_optimum(loaded, rulebook, optimum, tariff, rounding=rounding)
    return replace(
        found,
        tariffs=tuple(rows),
        infeasibility=why,
        warnings=(*run.doubts, *found.warnings),
        cross_check=cross_check(optimum) if case.cross_check else None,
    )


def judged_optimum(
    loaded: LoadedCase,
    rulebook: Rulebook,
    optimum: Plan,
    tariff: Tariff | None,
    *,
    rounding: Rounding | None = None,
    before: GridOnly | None = None,
) -> EnergyResult:
    """An optimum of a case judged, billed, and laid out in money and carbon; nothing is solved.

    Parameters
    ----------
    loaded : LoadedCase
    rulebook : Rulebook
    optimum : Plan
    tariff : Tariff or None
        Prices it was sized with.
    rounding : Rounding, optional
        Its plan in whole units, which is then what is judged.
    before : GridOnly, optional
        What the load pays without the project, where that is known.
    """
    site = optimum.site
    plan = optimum if rounding is None else rounding.plan
    solved = plan.status.has_plan
    before = before or grid_only_of(loaded, plan.site, tariff, rulebook)
    if solved:
        money = _money(loaded, plan, tariff, before, rulebook)
    else:
        money = Money(before.bill, None, None, None, None)
    judged = _judged(loaded, plan, tariff, rulebook, money) if solved else None
    return EnergyResult(
        loaded=loaded,
        site=site,
        plan=plan,
        optimum=optimum,
        rounding=rounding,
        tariff=tariff,
        tariffs=(),
        infeasibility=None,
        compliance=judged,
        money=money,
        assumptions=tuple(assumptions_of(loaded, site, tariff, rulebook)),
        warnings=tuple(site_problems(site)),
        packs=tuple(packs_used(loaded.case, rulebook.packs)),
    )


def _begun(optimum: Plan, case: Case) -> Study | None:
    """The study a case asks for, of the continuous optimum."""
    asked = case.study
    if asked is None:
        return None
    return begin_study(optimum, asked.change, asked.self_use_of_consumption, case.engine)


def _studied(case: Case) -> int:
    """How many sizings the study of a case takes, at the least."""
    asked = case.study
    if asked is None:
        return 0
    parts = len(case.sources) + len(case.storages)
    return len(asked.self_use_of_consumption) + (2 * parts if asked.change else 0)


def _money(
    loaded: LoadedCase, plan: Plan, tariff: Tariff | None, before: GridOnly, rulebook: Rulebook
) -> Money:
    case, site = loaded.case, plan.site
    schedule = metered(site, plan.schedule)
    users = None
    if loaded.users is not None and not_shared_out(rulebook) is None:
        green = self_use(schedule) - schedule.get("other", 0.0)
        users = user_table(green, loaded.users)
    own = with_own_costs(site, loaded.fields) if is_levelled(case.finance) else None
    project = project_of(plan, site, tariff, before.tariff, own=own, baseline=before.year)
    money = finance.statement(project, case.finance, rulebook) if case.finance else None
    year = project.operation.new()
    emitted = (
        carbon.evaluate(project.baseline, year, case.carbon, rulebook) if case.carbon else None
    )
    if tariff is None or before.bill is None:
        return Money(None, None, money, emitted, users)
    connected = float(plan.capacities["grid"])
    return Money(
        grid_bill=before.bill,
        plan_bill=bill(tariff, schedule, connected),
        finance=money,
        carbon=emitted,
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
