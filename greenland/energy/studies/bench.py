"""Does the tasks of a study in one process, keeping what they have in common.

Kept are the curves as read, tariffs as resolved, the assembled program and what the engine found
out about it (`Resizer`), and the solution of the case itself, from which price changes begin.
What a task comes to does not depend on the tasks before it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from greenland.energy.case.changes import Changes, changed_tree
from greenland.energy.case.curves import read_curve_of_case
from greenland.energy.case.loading import LoadedCase, load_case, rulebook_of
from greenland.energy.case.reader import CaseReader, CurvePlace
from greenland.energy.case.schema import Case, Curve
from greenland.energy.evaluate import evaluate_case
from greenland.energy.given_design import design_failures, relaxed_to_keep
from greenland.energy.given_sizes import with_sizes
from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay.recompute import ReplayError
from greenland.energy.problem.solve import ENGINES
from greenland.energy.profiles.curve_file import CurveFile
from greenland.energy.site import Site
from greenland.energy.sized_case import grid_fields_under, tariffs_of
from greenland.energy.sizing.resolve import Resizer, size_one_of_many, takes_one_program
from greenland.energy.sizing.solve import size
from greenland.energy.studies.extreme_tasks import extreme_row
from greenland.energy.studies.held import held_plan, held_sizes
from greenland.energy.studies.measures import Row, row_of_plan, row_of_result
from greenland.energy.studies.near import NearRow, NearTask, Solutions, without_reduced_costs
from greenland.energy.studies.robust_task import robust_row
from greenland.energy.studies.task import StudyTask, TaskKind
from greenland.energy.tariff import Tariff
from greenland.errors import input_error
from greenland.i18n import _
from greenland.lp.recent import Solved, beginning_near, kept, remembering
from greenland.lp.solution import Solution
from greenland.rules import Rulebook
from greenland.yamlfile import validate

MOST_CURVES, MOST_TARIFFS, MOST_BENCHES = 60, 8, 2
"""How many of each a process keeps; a curve of a year of hours takes some 0.3 MB."""


class KnownCurves(CaseReader):
    """Reads each curve once, whatever factor it is multiplied by afterwards."""

    def __init__(
        self, folder: Path, known: OrderedDict[Any, CurveFile], hours: int | None = None
    ) -> None:
        super().__init__(folder, hours)
        self.known = known

    def _curve_file(self, path: Path, spec: Curve, where: CurvePlace) -> CurveFile:
        plain = spec.model_copy(update={"factor": 1.0})
        scale = spec.scale if "scale" in spec.model_fields_set else None
        key = (str(path), spec.column, spec.time, scale, where.subject)
        if key not in self.known:
            self.known[key] = read_curve_of_case(path, plain, where.subject)
            if len(self.known) > MOST_CURVES:
                self.known.popitem(last=False)
        found = self.known[key]
        return replace(found, values=found.values * spec.factor)


def prices_key(loaded: LoadedCase, rulebook: Rulebook) -> tuple[Hashable, ...]:
    """What the prices of a case follow from: the tariff as written, the rules, the steps."""
    assert loaded.case.tariff is not None
    index = pd.DatetimeIndex(loaded.load.index)
    return (
        loaded.case.tariff.model_dump_json(),
        (tuple(rulebook.packs), rulebook.year, loaded.case.rules and repr(loaded.case.rules)),
        (len(index), index[0], index[-1]),
    )


@dataclass
class Start:
    """A program under one of the case's tariffs, and the solution of the case itself."""

    resizer: Resizer
    site: Site
    engine: str
    _known: Sequence[Solved] | None = None

    def known(self) -> Sequence[Solved]:
        """The solution of the case itself, sought when it is first asked for."""
        if self._known is None:
            with remembering():
                self.resizer.replace(self.site).solve(self.engine)
                self._known = kept()[:1]
        return self._known


class Bench:
    """Does tasks on changed forms of one case.

    Parameters
    ----------
    tree : mapping
        The case as plain values.
    folder : Path
        What its file names are relative to.
    file : str
        Name of the case in messages.
    engine : str, optional
        Instead of the one the case names.
    """

    def __init__(
        self, tree: Mapping[str, Any], folder: Path, file: str, engine: str | None = None
    ) -> None:
        self.tree, self.folder, self.file, self.engine = tree, folder, file, engine
        self._curves: OrderedDict[Any, CurveFile] = OrderedDict()
        self._tariffs: OrderedDict[Any, tuple[Tariff, ...]] = OrderedDict()
        self._starts: dict[int, Start] | None = None

    def prepare(self) -> None:
        """Read the case and assemble its programs, before there is a task."""
        self._start(0)

    def do_near(self, near: NearTask) -> NearRow:
        """Size from the solutions of another task; its own are handed on.

        Raises
        ------
        GreenlandError
            Whatever the changed case is refused with.
        """
        found: dict[int, Solution] = {}
        plan, _site = self._sized(self.loaded(near.task.changes), near.begin, found)
        return NearRow(row_of_plan(plan), found)

    def do(self, task: StudyTask) -> Row:
        """Do a task; JSON-ready measures.

        Raises
        ------
        GreenlandError
            Whatever the changed case is refused with.
        """
        if task.kind is TaskKind.ROBUST:
            years = [self.loaded({**task.changes, **year}) for year in task.options["years"]]
            engine = self.used_engine(years[0].case)
            return robust_row([self._only_site(year) for year in years], task.options, engine)
        loaded = self.loaded(task.changes)
        if task.kind is TaskKind.EVALUATE:
            return row_of_result(evaluate_case(loaded, rulebook_of(loaded)))
        if task.kind is TaskKind.DISPATCH:
            return self._dispatched(self.site(loaded), task.options["capacities"])
        if task.kind is TaskKind.EXTREME:
            return extreme_row(self.site(loaded), task.options, self.used_engine(loaded.case))
        plan, _site = self._sized(loaded)
        return row_of_plan(plan)

    # -- cases and sites -------------------------------------------------------------------

    def loaded(self, changes: Changes) -> LoadedCase:
        """The case with changes, its curves read."""
        case = validate(changed_tree(self.tree, changes), Case, file=self.file)
        update: dict[str, Any] = {"study": None, "scenarios": {}, "cross_check": False}
        if self.engine is not None:
            update["engine"] = self.engine
        case = case.model_copy(update=update)
        reader = KnownCurves(self.folder, self._curves, case.step_hours)
        return load_case(case, self.folder, reader)

    def sites(self, loaded: LoadedCase) -> list[Site]:
        """The site under each tariff the case asks for."""
        rulebook = rulebook_of(loaded)
        tariffs = self._tariffs_of(loaded, rulebook)
        fields = [grid_fields_under(loaded, tariff) for tariff in tariffs]
        return [loaded.site(rulebook, **under) for under in fields] or [loaded.site(rulebook)]

    def site(self, loaded: LoadedCase) -> Site:
        """The site under the tariff the case is sized under."""
        sites = self.sites(loaded)
        return sites[0] if len(sites) == 1 else self._sized(loaded)[1]

    def _only_site(self, loaded: LoadedCase) -> Site:
        """The site where there is one way of paying: years are not to be paid for differently."""
        sites = self.sites(loaded)
        if len(sites) > 1:
            raise input_error(
                "study_tariffs",
                _("稳健定容要有确定的电价方式，案例却在几种之间选择。"),
                remedy=_("请在案例的 tariff 中写明 mode 和 billing。"),
            )
        return sites[0]

    def _tariffs_of(self, loaded: LoadedCase, rulebook: Rulebook) -> tuple[Tariff, ...]:
        config = loaded.case.tariff
        if config is None or loaded.fields["grid"] is None:
            return ()
        key = (*prices_key(loaded, rulebook), loaded.exports(rulebook))
        if key not in self._tariffs:
            self._tariffs[key] = tariffs_of(loaded, rulebook)
            if len(self._tariffs) > MOST_TARIFFS:
                self._tariffs.popitem(last=False)
        return self._tariffs[key]

    # -- sizing ----------------------------------------------------------------------------

    def used_engine(self, case: Case) -> str:
        """The engine that is asked for."""
        return case.engine

    def _sized(
        self,
        loaded: LoadedCase,
        begin: Solutions | None = None,
        handed_on: dict[int, Solution] | None = None,
    ) -> tuple[Plan, Site]:
        """The cheapest plan over the tariffs of a case, and its site.

        *begin* holds solutions to begin from by the place of the tariff, *handed_on* takes up those
        that are found.
        """
        found = []
        for place, site in enumerate(self.sites(loaded)):
            nearby = (begin or {}).get(place)
            plan, programs = self._plan(place, site, loaded.case, nearby)
            found.append(plan)
            if handed_on is not None and programs:
                handed_on[place] = without_reduced_costs(programs[0])
        solved = [plan for plan in found if plan.status.has_plan]
        best = min(solved, key=lambda plan: plan.annual_cost) if solved else found[0]
        return best, best.site

    def _plan(
        self, place: int, site: Site, case: Case, nearby: Solution | None
    ) -> tuple[Plan, Sequence[Solved]]:
        """The plan under the tariff of a place, and the programs solved for it, where kept."""
        engine = self.used_engine(case)
        alone = engine not in ENGINES or not takes_one_program(site, case.objective)
        start = None if alone else self._start(place)
        if start is None or start.resizer.objective is not case.objective:
            return size_one_of_many(site, case.objective, engine), ()
        # a solution that is known but does not keep the limits is no beginning
        known = start.known() if site.limits == start.site.limits else ()
        resizer = start.resizer.replace(site)
        given = [nearby] if nearby is not None else []
        if known or given:
            with remembering(known), beginning_near(*given), suppress(ReplayError):
                return resizer.size(engine, thorough=False), kept()[len(known) :]
            # an optimum that was begun near another may lie less neatly on its bounds
        with remembering():
            return resizer.size(engine, thorough=False), kept()

    def _start(self, place: int) -> Start | None:
        """What sizings under a tariff of the case begin from."""
        if self._starts is None:
            self._starts = {}
            loaded = self.loaded({})
            case = loaded.case
            for number, site in enumerate(self.sites(loaded)):
                if not takes_one_program(site, case.objective):
                    continue
                resizer = Resizer(site, case.objective)
                self._starts[number] = Start(resizer, site, self.used_engine(case))
        return self._starts.get(place)

    def _dispatched(self, site: Site, sizes: Mapping[str, float]) -> Row:
        """A dispatch of sizes that are held, with the limits it cannot keep relaxed."""
        plan = held_plan(site, sizes)
        if plan.status.has_plan:
            row = row_of_plan(plan)
        else:
            relaxed = relaxed_to_keep(with_sizes(site, held_sizes(site, sizes)))
            plan = size(relaxed)
            row = row_of_plan(plan)
        row["failed"] = {}
        if plan.status.has_plan:
            for failure in design_failures(site, held_sizes(site, sizes), plan):
                row["failed"][str(failure.limit)] = float(failure.gap)
                row["limits"][str(failure.limit)] = {
                    "value": float(failure.value),
                    "required": float(failure.required),
                    "kept": False,
                }
        return row


@dataclass(frozen=True)
class StudyWork:
    """Does tasks in whatever process it is sent to; a bench is set up there once.

    Parameters
    ----------
    digest : str
        Of the case, its files and the code: by it a process knows its bench again.
    tree, folder, file, engine
        See `Bench`.
    """

    digest: str
    tree: Mapping[str, Any]
    folder: Path
    file: str
    engine: str | None

    def __call__(self, task: StudyTask | NearTask) -> Row | NearRow:
        """Do a task."""
        return self.bench.do_near(task) if isinstance(task, NearTask) else self.bench.do(task)

    def prepare(self) -> None:
        """Set up the bench, before there is a task."""
        self.bench.prepare()

    @property
    def bench(self) -> Bench:
        """The bench of this thread: nothing of it is shared between threads."""
        benches: OrderedDict[str, Bench] = vars(_THREAD).setdefault("benches", OrderedDict())
        found = benches.get(self.digest)
        if found is None:
            found = benches[self.digest] = Bench(self.tree, self.folder, self.file, self.engine)
            if len(benches) > MOST_BENCHES:
                benches.popitem(last=False)
        return found


_THREAD = threading.local()
MODULE = "greenland.energy.studies.bench"
"""What a process imports while it starts."""
