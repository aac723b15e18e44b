"""Sizes a case at once, keeping the assembled problem from one change to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from greenland.energy.case.loading import LoadedCase
from greenland.energy.plan.explain.infeasible import conflicting
from greenland.energy.plan.plan import Plan, SolveQuality
from greenland.energy.plan.replay.recompute import ReplayError
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import Status
from greenland.energy.problem.solve import ENGINES
from greenland.energy.problem.stopping import stopping
from greenland.energy.site import Objective, Site
from greenland.energy.sized_case import Answers, CaseSizing, TariffRound, grid_fields_under
from greenland.energy.sizing.optimum import CONFLICT_NOTE
from greenland.energy.sizing.resolve import LINEAR, Resizer
from greenland.energy.sizing.solve import size
from greenland.energy.tariff import Tariff
from greenland.i18n import _
from greenland.lp.recent import Solved, beginning_near, kept, remembering
from greenland.rules import Rulebook


class NotAtOnceError(Exception):
    """The quick way gives no answer: several programs, binary variables, or another engine."""


@dataclass
class KeptProblems:
    """Assembled problems by the place of the tariff, with the solution of the case itself.

    Parameters
    ----------
    resizers : dict of int to Resizer
    known : dict of int to sequence of solved programs
        From which an answer is sought a second time where the first does not close.
    """

    resizers: dict[int, Resizer] = field(default_factory=dict)
    known: dict[int, Sequence[Solved]] = field(default_factory=dict)

    def plan(self, place: int, site: Site, objective: Objective, engine: str) -> Plan:
        """The exact plan of a site, or the proof that there is none.

        Where selling beats buying, the plan stands with the gap that fixing directions leaves.

        Raises
        ------
        NotAtOnceError
        """
        if objective not in LINEAR or engine not in ENGINES or _has_choices(site, objective):
            raise NotAtOnceError
        resizer = self.resizers.get(place)
        if resizer is None or resizer.objective is not objective:
            resizer = self.resizers[place] = Resizer(site, objective)
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
        if engine == "auto" and conflicting(site):
            return _refuted(site, objective)
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


def _has_choices(site: Site, objective: Objective) -> bool:
    """Whether parts may be built or not, or may stop: what needs binary variables."""
    data = prepare(site, objective)
    return bool(data.choices or data.windows or stopping(data))


def _refuted(site: Site, objective: Objective) -> Plan:
    """That limits conflict, as `greenland.energy.size` says it."""
    quality = SolveQuality(None, None, None, None, 0.0, 0)
    return Plan(site, Status.INFEASIBLE, "interior", objective, quality, (_(CONFLICT_NOTE),))
