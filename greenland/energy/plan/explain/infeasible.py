"""Why no plan is feasible: which limits conflict, and the least each must be relaxed by.

All limits first get slack at a price (elastic program). Those whose dual value is worth that price
conflict; of these every one without which the others still conflict is dropped. What is left is an
irreducible infeasible set: feasible as soon as any one of it is left out. For each of the set the
least relaxation is found with all others kept.

References
----------
J. W. Chinneck, Feasibility and Infeasibility in Optimization, 2008: elastic filter, deletion
filter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from greenland.energy.plan.explain.elastic import ElasticOptimum, ElasticProgram
from greenland.energy.plan.explain.text import shown
from greenland.energy.plan.replay.recompute import replay
from greenland.energy.plan.schedule import capacities_of, schedule_of
from greenland.energy.problem.prepare import prepare
from greenland.energy.site import SelfUse, Site
from greenland.energy.site.floor_kinds import QUOTAS, floors_of_site
from greenland.energy.site.limit_kinds import CONNECTION, LimitQuantity
from greenland.energy.site.limits import LimitRef, limits_of_site
from greenland.i18n import _, joined
from greenland.results import plain_value

RELATIVE_ZERO = 1e-5  # a smaller slack is what a solver's accuracy leaves of none
MAX_ROUNDS = 12
SMALL_QUOTA = 1e-3
"""Daily product that the slack of a smaller quota is measured against [t]."""
FAR = 20.0
"""A guess that decides which question is asked first, never what is answered."""


@dataclass(frozen=True)
class LimitRelaxation:
    """The least one limit must be relaxed by, with all others kept.

    Parameters
    ----------
    limit : LimitRef
    required : float
        The limit as it is set; in the unit of its kind, shares as decimals.
    reachable : float or None
        The value nearest to it that can be reached; None: even without this limit nothing is
        feasible.
    text : str
    """

    limit: LimitRef
    required: float
    reachable: float | None
    text: str

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            **self.limit.to_record(),
            "required": plain_value(self.required),
            "reachable": plain_value(self.reachable),
            "unit": self.limit.kind.unit,
            "text": str(self.text),
        }


@dataclass(frozen=True)
class Infeasibility:
    """Why no plan is feasible.

    Parameters
    ----------
    conflict : tuple of LimitRef
        Limits that cannot hold together; without any one of them they can.
    relaxations : tuple of LimitRelaxation
    text : str
        The whole in words.
    """

    conflict: tuple[LimitRef, ...]
    relaxations: tuple[LimitRelaxation, ...]
    text: str

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "clashes": [{**limit.to_record(), "text": limit.words} for limit in self.conflict],
            "relaxations": [item.to_record() for item in self.relaxations],
            "text": str(self.text),
        }


def infeasibility(site: Site, engine: str = "auto") -> Infeasibility:
    """Find which limits conflict and the least each must be relaxed by.

    Parameters
    ----------
    site : Site
        Known to be infeasible.
    engine : str
        ``"auto"``, ``"interior"`` or ``"highs"``.
    """
    return _ConflictSearch(site, engine).result()


def relaxable_limits(site: Site) -> dict[LimitRef, float]:
    """Limits of a site that may conflict, with their values in the unit people read them in.

    Of the two readings of self-use the second is the stricter: it stands for both.
    """
    both = SelfUse(site.limits.self_use_reading) is SelfUse.BOTH
    return {
        limit: value
        for limit, value in limits_of_site(site).items()
        if not (both and limit.kind.reading is SelfUse.GROSS)
    }


def conflicting(site: Site) -> bool:
    """Whether the limits of a site are proven to conflict; what is not proven may do so as well."""
    search = _ConflictSearch(site, "interior")
    return search.conflict_among(search.limits) is True


class _ConflictSearch:
    """Searches the limits of one site for a conflict."""

    def __init__(self, site: Site, engine: str) -> None:
        self.site, self.engine = site, engine
        self.required = relaxable_limits(site) | floors_of_site(site)
        self.limits = list(self.required)
        self.scales = {limit: self._scale(limit) for limit in self.limits}
        self.elastic = ElasticProgram(site, self.limits, engine)
        self.reachable: dict[LimitRef, float | None] = {}
        # least each limit must give in the linear view of the least slack, relative to its scale
        self.guess: dict[LimitRef, float] = {}
        self.not_seen: set[LimitRef] = set()  # looked at without patience

    def result(self) -> Infeasibility:
        """The conflict, and the relaxation of each of its limits."""
        conflict = self._conflict()
        if conflict is None:
            text = _("即使放开所有有名称的限制也不可行：请检查负荷、接入与储能的基本参数。")
            return Infeasibility((), (), text)
        for limit in conflict:
            self._reachable(limit)
        relaxations = tuple(self._relaxation(limit) for limit in conflict)
        return Infeasibility(tuple(conflict), relaxations, _in_words(conflict, relaxations))

    def _scale(self, limit: LimitRef) -> float:
        """What the slack of a limit is measured against, so that different units compare."""
        power = max(1.0, float(self.site.load.max()))
        if limit.kind in QUOTAS:  # of a day, which a year's load is no measure of
            return max(SMALL_QUOTA, self.required[limit])
        match limit.kind.quantity:
            case LimitQuantity.POWER | LimitQuantity.OF_PEAK:
                return power
            case LimitQuantity.ENERGY | LimitQuantity.HOURS:
                return 4 * power
            case LimitQuantity.AREA | LimitQuantity.EMISSION | LimitQuantity.MONEY:
                return max(1.0, self.required[limit] * limit.kind.row_per_unit)
            case _:
                return max(1.0, float(self.site.load.sum()) * self.site.step_hours)

    def _prices(self, limits: Iterable[LimitRef]) -> dict[LimitRef, float]:
        """Price 1 for a whole scale of each limit."""
        return {limit: 1.0 / self.scales[limit] for limit in limits}

    def _slack(self, optimum: ElasticOptimum) -> dict[LimitRef, float]:
        """Limits with slack, relative to their scale, the largest first."""
        relative = {limit: slack / self.scales[limit] for limit, slack in optimum.slack.items()}
        above_zero = {limit: slack for limit, slack in relative.items() if slack > RELATIVE_ZERO}
        return dict(sorted(above_zero.items(), key=lambda item: -item[1]))

    def conflict_among(self, limits: Iterable[LimitRef]) -> bool | None:
        """Whether some limits conflict by themselves; None where the engine does not tell."""
        return self.elastic.conflict(self._prices(limits), RELATIVE_ZERO)

    def _conflict(self) -> list[LimitRef] | None:
        """An irreducible set of limits that conflict; None when relaxing all is no help."""
        optimum = self.elastic.solve(self._prices(self.limits))
        if optimum is None:
            return None
        with_slack = self._slack(optimum)
        needed = [limit for limit in self.limits if optimum.worth.get(limit, 0.0) > 1e-4]
        conflict = sorted(needed, key=lambda limit: limit in with_slack)
        if len(with_slack) == 1:
            # the least of all slack is one limit's alone: no less does with the others kept
            (only,) = with_slack
            self.reachable[only] = self._nearest(only, optimum)
        self.guess = {limit: sum(with_slack.values()) / optimum.worth[limit] for limit in conflict}
        strong = [limit for limit in conflict if self.guess[limit] <= FAR]
        if 0 < len(strong) < len(conflict) and self.conflict_among(strong):
            conflict = strong
        for limit in list(conflict):
            others = [other for other in conflict if other != limit]
            # where relaxing one limit alone is enough, the others do not conflict without it
            near = limit in self.reachable or self.guess[limit] <= FAR
            alone = near and self._found_alone(limit)
            if others and not alone and self.conflict_among(others):
                conflict, self.reachable[limit] = others, None
        return sorted(conflict, key=self.limits.index)

    def _alone(self, limit: LimitRef, *, patient: bool) -> bool:
        """Look for the least a limit must be relaxed by while all others hold."""
        optimum = self.elastic.solve(self._prices([limit]), patient=patient)
        if optimum is not None:
            self.reachable[limit] = self._nearest(limit, optimum)
        return optimum is not None

    def _found_alone(self, limit: LimitRef) -> bool:
        """Whether a glance shows that relaxing one limit alone is enough."""
        if limit not in self.reachable and limit not in self.not_seen:
            self.not_seen.add(limit)
            self._alone(limit, patient=False)
        return self.reachable.get(limit) is not None

    def _relaxation(self, limit: LimitRef) -> LimitRelaxation:
        """The least a limit must be relaxed by while all others hold."""
        required, kind = self.required[limit], limit.kind
        reachable = self._reachable(limit)
        if reachable is None:
            return LimitRelaxation(limit, required, None, self._together(limit))
        values = {
            "name": limit.words,
            "required": shown(kind, required),
            "reachable": shown(kind, reachable, up=not kind.is_least),
        }
        if kind.is_size and kind.is_least:
            text = _("{name}由 {required} 减至 {reachable} 即可满足。", **values)
        elif kind.is_size:
            text = _("{name}由 {required} 增至 {reachable} 即可满足。", **values)
        elif kind.is_least:
            text = _("{name}要求不低于 {required}，其余限制下最高只能达到 {reachable}。", **values)
        else:
            text = _("{name}要求不高于 {required}，其余限制下最低只能降到 {reachable}。", **values)
        return LimitRelaxation(limit, required, reachable, text)

    def _together(self, limit: LimitRef) -> str:
        """What else must be relaxed, where this limit alone is not enough."""
        alone = _("单独放宽{name}不够", name=limit.words)
        enough = [other for other, value in self.reachable.items() if value is not None]
        if enough:
            return alone + _("；放宽{names}即可。", names=joined(one.words for one in enough))
        sizes = [other for other in self.limits if other.kind.is_size]
        optimum = self.elastic.solve(self._prices([limit, *sizes]))
        if optimum is None:
            return alone + _("，须同时放宽其他限制。")
        steps = []
        for relaxed in self._slack(optimum):
            kind, reached = relaxed.kind, self._reached(self.site, relaxed, optimum)
            value = shown(kind, reached, up=not kind.is_least)
            steps.append(_("{name}改为 {value}", name=relaxed.words, value=value))
        return alone + _("；例如{steps}可以满足。", steps="、".join(steps))

    def _reachable(self, limit: LimitRef) -> float | None:
        """Value nearest to a limit that can be reached with all others kept, or None."""
        if limit in self.reachable:
            return self.reachable[limit]
        if self.guess[limit] > FAR or not self._found_alone(limit):
            others = [other for other in self.limits if other != limit]
            if self.conflict_among(others) or not self._alone(limit, patient=True):
                self.reachable[limit] = None
        return self.reachable[limit]

    def _nearest(self, limit: LimitRef, optimum: ElasticOptimum) -> float:
        """Value nearest to a limit, from the least slack it needs.

        A share of something that is decided too is a ratio of two decisions; each round puts the
        value reached into the limit and asks whether more can be had, until no slack is left
        (Dinkelbach's iteration).
        """
        value = self._reached(self.site, limit, optimum)
        if not limit.kind.is_ratio_of_decisions or self._is_fixed(limit):
            return value
        for _round in range(MAX_ROUNDS):
            level: dict[str, Any] = {limit.kind.field: min(1.0, max(0.0, value))}
            trial = replace(self.site, limits=replace(self.site.limits, **level))
            price = {limit: 1.0 / self.scales[limit]}
            better = ElasticProgram(trial, (limit,), self.engine).solve(price, free=True)
            if better is None:
                break
            reached = self._reached(trial, limit, better)
            if abs(reached - value) <= 1e-8:
                break
            value = reached
        return value

    def _is_fixed(self, limit: LimitRef) -> bool:
        """Whether what a limit is a share of is the load alone."""
        site = self.site
        flexible = site.shiftable or site.interruptible or site.electrolysers
        unserved = site.limits.max_unserved_share
        return limit.kind.quantity is LimitQuantity.OF_CONSUMPTION and not (flexible or unserved)

    def _reached(self, site: Site, limit: LimitRef, optimum: ElasticOptimum) -> float:
        """Value of a limit in an elastic optimum, in the unit people read."""
        kind = limit.kind
        if kind is CONNECTION or kind.existing or kind in QUOTAS:  # bounds of columns
            given = optimum.slack.get(limit, 0.0)
            return self.required[limit] + (-given if kind.is_least else given)
        data = prepare(site)
        sizes = {str(k): float(v) for k, v in capacities_of(data, optimum.values).items()}
        limits = replay(site, sizes, schedule_of(data, optimum.values)).limits
        values = limits["value"][limits["limit"] == str(limit)]
        return float(values.min() if kind.is_least else values.max()) / kind.field_per_unit


def _in_words(conflict: list[LimitRef], relaxations: tuple[LimitRelaxation, ...]) -> str:
    names = joined(limit.words for limit in conflict)
    if len(conflict) == 1:
        head = _("“{names}”无法满足。", names=names)
    else:
        head = _("以下 {count} 项要求不能同时满足：{names}。", count=len(conflict), names=names)
    steps = " ".join(str(item.text) for item in relaxations if item.reachable is not None)
    if not steps:
        return head
    return head + _("任选一项放宽即可：{steps}", steps=steps)
