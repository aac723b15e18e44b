"""What a workbench keeps from one change to the next: assembled problems, and the bill before."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from greenland.energy.case.loading import LoadedCase
from greenland.energy.grid_only import GridOnly, billed, grid_only_of, ordinary_tariff
from greenland.energy.money.project import baseline_load, grid_only_mw
from greenland.energy.plan.explain.infeasible import conflicting
from greenland.energy.plan.explain.plain_bounds import plainly_missed
from greenland.energy.plan.plan import Plan, SolveQuality
from greenland.energy.plan.replay.recompute import ReplayError
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import Status
from greenland.energy.problem.solve import ENGINES
from greenland.energy.site import Objective, Site
from greenland.energy.sized_case import Answers, CaseSizing, TariffRound, grid_fields_under
from greenland.energy.sizing.optimum import CONFLICT_NOTE, DOUBTFUL
from greenland.energy.sizing.resolve import LINEAR, Resizer, takes_one_program
from greenland.energy.sizing.solve import size
from greenland.energy.studies.bench import prices_key
from greenland.energy.tariff import Tariff
from greenland.i18n import _
from greenland.lp.recent import Solved, beginning_near, kept, remembering
from greenland.rules import Rulebook


class NotAtOnceError(Exception):
    """The quick way gives no answer: several programs, binary variables, or another engine."""


Tell = Callable[[str], None]


def _untold(_text: str) -> None:
    """Nobody listens."""


@dataclass
class KeptProblems:
    """Assembled problems by the place of the tariff, with the solution of the case itself.

    Parameters
    ----------
    resizers : dict of int to Resizer
    known : dict of int to sequence of solved programs
        From which an answer is sought a second time where the first does not close.
    proof : list of solved programs
        By which the last conflict was proven: what explains it begins with them.
    tell : callable
        Told in words what is done where it takes longer.
    """

    resizers: dict[int, Resizer] = field(default_factory=dict)
    known: dict[int, Sequence[Solved]] = field(default_factory=dict)
    proof: list[Solved] = field(default_factory=list)
    tell: Tell = _untold

    def plan(self, place: int, site: Site, objective: Objective, engine: str) -> Plan:
        """The exact plan of a site, or the proof that there is none.

        Where selling beats buying, the plan stands with the gap that fixing directions leaves.

        Raises
        ------
        NotAtOnceError
        """
        if objective not in LINEAR or engine not in ENGINES:
            raise NotAtOnceError
        data = prepare(site, objective)
        missed = plainly_missed(data) if engine == "auto" else None
        if missed is not None:
            return _refuted(site, objective, missed)
        if not takes_one_program(site, objective):  # what needs binary variables
            raise NotAtOnceError
        resizer = self.resizers.get(place)
        if resizer is None or resizer.objective is not objective:
            resizer = self.resizers[place] = Resizer(site, objective, DOUBTFUL)
        else:
            resizer.replace(site)
        quick = "interior" if engine == "auto" else engine
        try:
            with remembering():
                plan = resizer.size(quick, thorough=False)
                self.known.setdefault(place, kept()[:1])
        except ReplayError:
            plan = self._again(place, resizer, quick)
        if plan.status is not Status.NOT_SOLVED:
            return plan
        if engine == "auto":
            self.tell(_("没有找到解，正在核实各项要求能否同时满足…"))
            with remembering():
                proven = conflicting(site)
                self.proof[:] = kept()
            if proven:
                return _refuted(site, objective, _(CONFLICT_NOTE))
        raise NotAtOnceError

    def _again(self, place: int, resizer: Resizer, engine: str) -> Plan:
        """The plan sought from another beginning, where the first schedule does not close."""
        try:
            with remembering(self.known.get(place, ())), beginning_near():
                return resizer.size(engine, thorough=False)
        except ReplayError as error:
            raise NotAtOnceError from error


def patient_plan(site: Site, objective: Objective, engine: str) -> Plan:
    """The plan of a site, however long it takes."""
    try:
        return size(site, objective=objective, engine=engine)
    except ReplayError:
        if engine != "auto":
            raise
        return size(site, objective=objective, engine="highs")


class KeptSizing(CaseSizing):
    """The sizing of a case with problems that are kept.

    Parameters
    ----------
    loaded, rulebook, tariffs
        As in `CaseSizing`.
    problems : KeptProblems or None
        None: patiently, each site by itself.
    """

    def __init__(
        self,
        loaded: LoadedCase,
        rulebook: Rulebook,
        tariffs: tuple[Tariff, ...],
        problems: KeptProblems | None,
    ) -> None:
        self.problems = problems
        super().__init__(loaded, rulebook, tariffs)

    def sized(self, site: Site) -> Plan:
        """The plan of a site that has no tariff."""
        return self.plan_at(0, site)

    def under(self, tariffs: Sequence[Tariff]) -> TariffRound:
        """The sizing under each of some tariffs."""
        return _KeptRound(self, tariffs)

    def plan_at(self, place: int, site: Site) -> Plan:
        """The plan of a site under the tariff of a place."""
        case = self.loaded.case
        if self.problems is None:
            return patient_plan(site, case.objective, case.engine)
        return self.problems.plan(place, site, case.objective, case.engine)


class _KeptRound:
    """Sites sized one after another when they are asked for."""

    done = False

    def __init__(self, sizing: KeptSizing, tariffs: Sequence[Tariff]) -> None:
        self.sizing = sizing
        loaded, rulebook = sizing.loaded, sizing.rulebook
        self.sites = [
            loaded.site(rulebook, **grid_fields_under(loaded, tariff)) for tariff in tariffs
        ]

    def answers(self) -> Answers:
        return {
            place: (self.sizing.plan_at(place, site), ()) for place, site in enumerate(self.sites)
        }


class KeptGridOnly:
    """What the load pays without its project, kept while neither prices nor load change."""

    def __init__(self) -> None:
        self._last: tuple[bytes, bytes, GridOnly] | None = None

    def of(
        self, loaded: LoadedCase, site: Site, tariff: Tariff | None, rulebook: Rulebook
    ) -> GridOnly:
        """As `greenland.energy.grid_only.grid_only_of`."""
        if tariff is None or loaded.case.tariff is None:
            return grid_only_of(loaded, site, tariff, rulebook)
        grid = loaded.fields["grid"]
        own = (tariff.billing, grid.demand_charges, grid.fixed_cost)
        prices = pickle.dumps((prices_key(loaded, rulebook), own))
        drawn = pickle.dumps((baseline_load(site).to_numpy(), grid_only_mw(site)))
        last = self._last
        if last is not None and last[:2] == (prices, drawn):
            return last[2]
        if last is not None and last[0] == prices:
            before = last[2].tariff
        else:
            before = ordinary_tariff(loaded, site, tariff, rulebook)
        assert before is not None
        found = billed(before, site)
        self._last = prices, drawn, found
        return found


def _refuted(site: Site, objective: Objective, note: str) -> Plan:
    """That limits conflict, as `greenland.energy.size` says it, with what shows it."""
    quality = SolveQuality(None, None, None, None, 0.0, 0)
    return Plan(site, Status.INFEASIBLE, "interior", objective, quality, (note,))
