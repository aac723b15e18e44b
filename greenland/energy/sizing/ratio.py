"""Least ratio of green cost to green energy over exclusive plans, by Dinkelbach's iteration.

With cost N and energy E of a plan, F(p) is the least of N - p E over all plans. F falls as p
rises, and is zero just where p is the least ratio. The plan that attains F(p) at a price p above it
has a lower ratio, which is the next p: Newton's method on a concave function, so that prices fall
to the least one superlinearly. What is minimised is always the exclusive problem: import and
export at once would sell what is bought for nothing.

W. Dinkelbach, On nonlinear fractional programming, Management Science 13 (1967) 492-498.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from greenland.energy.plan.plan import Reported, negligible_green_energy
from greenland.energy.problem.costs import Costs, dot, green_parts, objective_costs
from greenland.energy.problem.data import Ceiling, ModelData
from greenland.energy.problem.solution import PROVEN_GAP, RawSolution, Status
from greenland.energy.site import Array, Objective
from greenland.energy.sizing.engines import Engines
from greenland.energy.sizing.repair import TARGET_GAP, ExclusiveAnswer, open_note, solve_exclusive
from greenland.i18n import _

FIRST_PRICE = 1.0
"""Price to begin with, above what green energy costs almost everywhere [yuan/kWh]."""
MAX_ROUNDS = 40
"""Most prices tried; four to eight are common."""
SMALL_PRICE = 0.01
"""Price below which gaps are relative to it instead [yuan/kWh]: a price may be zero."""
RELATIVE_ZERO = 1e-10
"""Relative difference of two prices below which they are equal."""
FAST_FALL = 1e-3
"""Relative fall of the price above which the bound is not raised yet."""


@dataclass(frozen=True)
class RatioPlan:
    """A plan with its green cost [thousand yuan/yr] and green energy [MWh/yr]."""

    raw: RawSolution
    shown: Reported | None
    cost: float
    energy: float

    @property
    def price(self) -> float:
        """Green cost over green energy [yuan/kWh]."""
        return self.cost / self.energy


def least_green_price(data: ModelData, engines: Engines) -> ExclusiveAnswer:
    """The exclusive plan of least green price; the bound of the answer is a price [yuan/kWh].

    Parameters
    ----------
    data : ModelData
    engines : Engines

    Returns
    -------
    ExclusiveAnswer
        ``optimal`` where F is zero at the price of the plan to within `TARGET_GAP`; ``feasible``
        where the iteration did not close; ``unbounded`` where energy that no load uses earns more
        than everything costs; ``not_solved`` where no plan has green energy.
    """
    return _Search(data, engines).run()


class _Search:
    """Dinkelbach's iteration from above; bounds are raised only near the least price.

    F falls as the price rises: a lower bound at one price is one at every lower price. So the
    bound is raised only once the price falls slowly, and while it is being raised the price falls
    to that of every new incumbent, with all earlier bounds still valid.
    """

    def __init__(self, data: ModelData, engines: Engines) -> None:
        self.data, self.engines = data, engines
        self.best: RatioPlan | None = None
        self.price = FIRST_PRICE
        self.seconds = 0.0
        self.zero_energy = negligible_green_energy(data)

    def run(self) -> ExclusiveAnswer:
        thorough = False
        for _round in range(MAX_ROUNDS):
            price = self.price
            answer = self._solve(self._costs(price), thorough)
            if not answer.raw.status.has_plan:
                if thorough or answer.raw.status is Status.UNBOUNDED:
                    return self._ended(answer) if self.best else answer
                thorough = True
                continue
            cost, energy = green_parts(self.data, answer.raw.values)
            if energy <= self.zero_energy and cost < -TARGET_GAP * max(
                1.0, abs(price) * self.zero_energy
            ):
                return self._unbounded(answer)
            if energy <= self.zero_energy and self.best is None:
                answer = self._most_energy()
                if not answer.raw.status.has_plan:
                    return answer
                if not self._better(answer.raw, answer.shown):
                    return self._nothing_green(answer)
                continue
            self._better(answer.raw, answer.shown)
            fall = (price - self.price) / max(abs(price), SMALL_PRICE)
            if self._open(answer) <= TARGET_GAP or (thorough and fall <= TARGET_GAP):
                break
            thorough = thorough or fall < FAST_FALL
        return self._ended(answer)

    def _better(self, raw: RawSolution, shown: Reported | None) -> bool:
        """Keep a plan with green energy if none so far is cheaper; its price is the next.

        Of plans of one price the one with most green energy is kept; of equal ones the last, which
        was solved for that price and says so.
        """
        cost, energy = green_parts(self.data, raw.values)
        if energy <= self.zero_energy:
            return False
        above, same = float("-inf"), RELATIVE_ZERO * self._size(cost, energy)
        if self.best is not None:
            above = cost - self.best.price * energy
            less = energy < self.best.energy * (1.0 - TARGET_GAP)
            if above > same or (less and above > -same):
                return False
        self.best = RatioPlan(raw, shown, cost, energy)
        self.price = self.best.price if above < 0 else min(self.price, self.best.price)
        return True

    def _on_incumbent(self, values: dict[str, Array], shown: Reported) -> Costs | None:
        """The objective at the price of a plan, where it is the cheapest so far."""
        incumbent = self.best
        assert incumbent is not None
        if not self._better(replace(incumbent.raw, values=values), shown):
            return None
        return self._costs(self.price)

    def _costs(self, price: float) -> Costs:
        return objective_costs(self.data, Objective.GREEN_PRICE, price)

    def _size(self, cost: float, energy: float) -> float:
        """What N - p E is relative to [thousand yuan/yr]."""
        return max(abs(cost), max(abs(self.price), SMALL_PRICE) * energy)

    def _solve(self, costs: Costs, thorough: bool) -> ExclusiveAnswer:
        best = self.best

        def size(values: Mapping[str, Array]) -> float:
            known = self._size(self.best.cost, self.best.energy) if self.best else 0.0
            return max(known, self._size(*green_parts(self.data, values)))

        answer = solve_exclusive(
            self.data,
            costs,
            self.engines,
            size=size,
            thorough=thorough,
            start=(dict(best.raw.values), best.shown) if thorough and best else None,
            on_incumbent=self._on_incumbent if thorough and best else None,
        )
        self.seconds += answer.raw.seconds + answer.raw.build_seconds
        return answer

    def _most_energy(self) -> ExclusiveAnswer:
        """The plan with the most green energy, where none pays at the first price."""
        plain, credited = self._costs(0.0), self._costs(1.0)
        costs = Costs(
            {
                family: values - plain.by_family.get(family, 0.0)
                for family, values in credited.by_family.items()
            },
            credited.constant - plain.constant,
        )
        return self._solve(costs, True)

    def _open(self, answer: ExclusiveAnswer) -> float:
        """How far N - p E may still lie below zero, relative."""
        assert self.best is not None
        size = self._size(self.best.cost, self.best.energy)
        return max(0.0, -answer.bound) / max(size, 1e-12)

    def _ended(self, answer: ExclusiveAnswer) -> ExclusiveAnswer:
        """The best plan, with the proven bound on its price."""
        best = self.best
        assert best is not None
        gap: float | None = self._open(answer)
        bound = best.price
        if gap is not None and gap > TARGET_GAP:
            least = self._least_energy(answer)
            bound = best.price + answer.bound / least if least > self.zero_energy else float("-inf")
            gap = (best.price - bound) / max(abs(best.price), SMALL_PRICE)
            gap = gap if gap < float("inf") else None
        proven = gap is not None and gap <= PROVEN_GAP
        notes = tuple(note for note in best.raw.notes if note != open_note(best.raw.gap or 0.0))
        if not proven:
            notes = (*notes, _price_note(gap))
        raw = replace(
            best.raw,
            status=Status.OPTIMAL if proven else Status.FEASIBLE,
            gap=gap,
            seconds=self.seconds,
            build_seconds=0.0,
            notes=tuple(dict.fromkeys(notes)),
        )
        return ExclusiveAnswer(raw, bound, best.shown)

    def _least_energy(self, answer: ExclusiveAnswer) -> float:
        """Least green energy of plans no dearer per kWh than the best [MWh/yr]; 0 if unknown.

        As N - p E >= F(p) for every plan, its price is at least p + F(p) / E.
        """
        if answer.relaxed is None:
            return 0.0
        costs, most = (
            self._costs(self.price),
            TARGET_GAP * max(1.0, self._size(0.0, self.zero_energy)),
        )
        credited = self._costs(self.price - 1.0)
        energy = Costs(
            {
                family: values - costs.by_family.get(family, 0.0)
                for family, values in credited.by_family.items()
            },
            credited.constant - costs.constant,
        )
        ceiling = Ceiling(costs.by_family, most - costs.constant)
        raw = self.engines.optimum(replace(answer.relaxed, ceiling=ceiling), energy)
        if raw.status is not Status.OPTIMAL:
            return 0.0
        return dot(raw.values, energy.by_family) + energy.constant

    def _unbounded(self, answer: ExclusiveAnswer) -> ExclusiveAnswer:
        note = _(
            "没有绿电供负荷时上网收入已超过全部绿电成本：绿电电价没有最低值，"
            "请改用别的目标，或限制上网、给出自发自用比例下限。"
        )
        return ExclusiveAnswer(RawSolution(Status.UNBOUNDED, answer.raw.engine, notes=(note,)))

    def _nothing_green(self, answer: ExclusiveAnswer) -> ExclusiveAnswer:
        note = _("任何方案都没有绿电供负荷，绿电电价无从谈起。")
        return ExclusiveAnswer(RawSolution(Status.NOT_SOLVED, answer.raw.engine, notes=(note,)))


def _price_note(gap: float | None) -> str:
    if gap is None:
        return _("绿电电价的最优性未能证明，与最优的差距未知。")
    return _("最优性未证明到底：绿电电价与下界相差不超过 {gap:.2%}。", gap=gap)
