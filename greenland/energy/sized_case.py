"""Size a case under its tariff, or under each candidate to find the cheapest."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import numpy as np
import pandas as pd

from greenland.energy.case import LoadedCase
from greenland.energy.plan.plan import Plan
from greenland.energy.site import Objective, Site
from greenland.energy.sizing.solve import size
from greenland.energy.sizing.together import too_small
from greenland.energy.tariff import (
    Tariff,
    cheapest,
    sizing_prices,
    tariff_of_grid,
    with_grid_charges,
)
from greenland.energy.tariff.resolve import resolve
from greenland.i18n import _
from greenland.lp.recent import Solved, kept, remember, remembering
from greenland.rules import Rulebook
from greenland.workers import current


def tariffs_of(loaded: LoadedCase, rulebook: Rulebook) -> tuple[Tariff, ...]:
    """Tariffs a case asks for, the first its own or a candidate; none where it has none.

    Raises
    ------
    InputError
        With everything that is missing for any of them.
    """
    tariff = loaded.case.tariff
    if tariff is None or loaded.fields["grid"] is None:
        return ()
    index = pd.DatetimeIndex(loaded.load.index)
    allowed = loaded.exports(rulebook)
    return resolve(tariff, index, rulebook, folder=loaded.folder, export_allowed=allowed)


METERED_ROUNDS = 5
"""Sizings after which power factors that still move are left as they are, with a note."""

_MAY_BE_SETTLED = ("capacity_price", "import_price", "self_use_price")
_PRICE_DIGITS = 9  # of a price [yuan/kWh], beyond which there is rounding only

Answers = dict[int, tuple[Plan, Sequence[Solved]]]


class TariffRound(Protocol):
    """A sizing under each of some tariffs, under way."""

    @property
    def done(self) -> bool:
        """Whether there is nothing left to wait for."""

    def answers(self) -> Answers:
        """Wait for the plans."""


class CaseSizing:
    """The sizing of a case under its tariff, or under each candidate to find the cheapest.

    Other processes begin at once where there are any; `result` does the rest and waits.

    Parameters
    ----------
    loaded : LoadedCase
    rulebook : Rulebook
    tariffs : tuple of Tariff
        See `tariffs_of`.
    """

    def __init__(self, loaded: LoadedCase, rulebook: Rulebook, tariffs: tuple[Tariff, ...]) -> None:
        self.loaded, self.rulebook, self.tariffs = loaded, rulebook, tariffs
        self.used = tuple(tariff.metered(loaded.load) for tariff in tariffs)
        self._begun = self.under(self.used) if tariffs else None

    @property
    def done(self) -> bool:
        """Whether other processes have sized all there is, so that `result` does not wait."""
        return self._begun is not None and self._begun.done

    def result(self) -> tuple[Plan, Tariff | None, list[dict[str, Any]]]:
        """The plan, the tariff it was sized under, and what each candidate costs."""
        loaded = self.loaded
        if self._begun is None:
            site = loaded.site(self.rulebook)
            plan = self.sized(site)
            return plan, None if site.grid is None else tariff_of_grid(site.grid, site.index), []
        answers, tariffs = self._settled(self._begun.answers())
        plans = {place: plan for place, (plan, _solved) in answers.items()}
        place, rows = _cheapest(tariffs, plans)
        plan, solved = answers[place]
        for program, solution in solved:
            remember(program, solution)
        return plan, with_grid_charges(tariffs[place], loaded.fields["grid"]), rows

    def sized(self, site: Site) -> Plan:
        """The plan of a site that has no tariff."""
        case = self.loaded.case
        return size(site, objective=case.objective, engine=case.engine)

    def under(self, tariffs: Sequence[Tariff]) -> TariffRound:
        """The sizing under each of some tariffs, begun."""
        return _Round(self.loaded, self.rulebook, tariffs)

    def _settled(self, answers: Answers) -> tuple[Answers, tuple[Tariff, ...]]:
        """Plans under tariffs whose power factors are those of the plans' own purchases.

        A factor follows from what is drawn, which follows from the prices it adjusts: sized again
        until none moves, from those of all from the grid.
        """
        tariffs, used = self.tariffs, self.used
        if all(one is other for one, other in zip(used, tariffs, strict=True)):
            return answers, tariffs
        for _again in range(METERED_ROUNDS):
            found = tuple(_metered(tariff, answers[n][0]) for n, tariff in enumerate(tariffs))
            if all(_factors(one) == _factors(two) for one, two in zip(found, used, strict=True)):
                return answers, used
            used = found
            answers = self.under(used).answers()
        note = _("功率因数随方案的下网电量变动，几次测算后仍未稳定；电费按最后一次的功率因数计。")
        return {
            n: (replace(plan, notes=(*plan.notes, note)), solved)
            for n, (plan, solved) in answers.items()
        }, used


class _Round:
    """The plan under each tariff, by its place, and the first program solved for it."""

    def __init__(self, loaded: LoadedCase, rulebook: Rulebook, tariffs: Sequence[Tariff]) -> None:
        fields = [grid_fields_under(loaded, tariff) for tariff in tariffs]
        self.sites = [loaded.site(rulebook, **under) for under in fields]
        self.tasks = _alike(fields, _demand_is_given(self.sites[0]))
        case = loaded.case
        self.batch = current().start(
            partial(_sized_alike, objective=case.objective, engine=case.engine),
            [[self.sites[place] for place in places] for places in self.tasks],
            names=[
                "、".join(str(tariffs[place].title) for place in places) for places in self.tasks
            ],
            alone=too_small(self.sites[0], len(self.tasks)),
        )

    @property
    def done(self) -> bool:
        """Whether nothing is left to wait for."""
        return self.batch.done

    def answers(self) -> Answers:
        """Wait for the plans, and work along meanwhile."""
        return {
            place: (replace(plan, site=self.sites[place]), solved)
            for places, (plans, solved) in zip(self.tasks, self.batch.results(), strict=True)
            for place, plan in zip(places, plans, strict=True)
        }


def _metered(tariff: Tariff, plan: Plan) -> Tariff:
    return tariff.metered(plan.schedule["import"] if plan.status.has_plan else plan.site.load)


def _factors(tariff: Tariff) -> tuple[float, ...] | None:
    return None if tariff.adjustment is None else tariff.adjustment.factors


def _cheapest(
    tariffs: tuple[Tariff, ...], plans: Mapping[int, Plan]
) -> tuple[int, list[dict[str, Any]]]:
    """Place of the tariff with the cheapest plan, and what each costs."""
    solved = [n for n, plan in plans.items() if plan.status.has_plan]
    if len(tariffs) == 1 or not solved:
        return 0, []
    order = {id(tariff): number for number, tariff in enumerate(tariffs)}

    def cost(tariff: Tariff) -> float | None:
        plan = plans[order[id(tariff)]]
        return plan.annual_cost if plan.status.has_plan else None

    best, rows = cheapest(tariffs, cost)
    return order[id(best)], rows


def _demand_is_given(site: Site) -> bool:
    """Whether what is used in each step is decided by nothing."""
    decided = site.shiftable or site.interruptible or site.electrolysers
    return not decided and site.limits.max_unserved_share is None


def _alike(fields: Sequence[Mapping[str, Any]], demand_is_given: bool) -> list[list[int]]:
    """Places of tariffs that move settled payments alone, as far as can be told from the prices.

    A capacity price may be one; and what own electricity pays as well as purchases, all demand
    pays, whatever is built, if that is given. Those are sized in one process, where the second is
    then known.
    """
    found: dict[bytes, list[int]] = {}
    for place, under in enumerate(fields):
        saved = np.subtract(under["import_price"], under["self_use_price"])
        paid = () if demand_is_given else (under["import_price"], under["self_use_price"])
        rest = {name: value for name, value in under.items() if name not in _MAY_BE_SETTLED}
        key = pickle.dumps((np.round(saved, _PRICE_DIGITS), paid, rest))
        found.setdefault(key, []).append(place)
    return list(found.values())


def _sized_alike(
    sites: Sequence[Site], *, objective: Objective, engine: str
) -> tuple[list[Plan], Sequence[Solved]]:
    """Size sites one after another; their plans, and the first program solved for them."""
    with remembering():
        plans = [size(site, objective=objective, engine=engine) for site in sites]
        return plans, kept()[:1]


def grid_fields_under(loaded: LoadedCase, tariff: Tariff) -> dict[str, Any]:
    """A tariff's prices, the grid's own charges with them, as fields of the grid."""
    whole = with_grid_charges(tariff, loaded.fields["grid"])
    return sizing_prices(whole).grid_fields()
