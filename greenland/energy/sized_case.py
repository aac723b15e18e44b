"""Size a case under its tariff, or under each candidate to find the cheapest."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from greenland.energy.case import LoadedCase
from greenland.energy.plan.plan import Plan
from greenland.energy.site import Objective, Site
from greenland.energy.sizing.solve import size
from greenland.energy.sizing.together import MODULE, too_small
from greenland.energy.tariff import (
    Tariff,
    cheapest,
    sizing_prices,
    tariff_of_grid,
    with_grid_charges,
)
from greenland.energy.tariff.resolve import resolve
from greenland.lp.recent import Solved, kept, remember, remembering
from greenland.rules import Rulebook
from greenland.workers import side_by_side


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


def sized_case(
    loaded: LoadedCase, rulebook: Rulebook, tariffs: tuple[Tariff, ...]
) -> tuple[Plan, Tariff | None, list[dict[str, Any]]]:
    """Size a case under its tariff, or under each candidate to find the cheapest.

    Parameters
    ----------
    tariffs : tuple of Tariff
        See `tariffs_of`.
    """
    case = loaded.case
    if loaded.fields["grid"] is None:
        plan = size(loaded.site(rulebook), objective=case.objective, engine=case.engine)
        return plan, None, []
    if not tariffs:
        site = loaded.site(rulebook)
        assert site.grid is not None
        plan = size(site, objective=case.objective, engine=case.engine)
        return plan, tariff_of_grid(site.grid, site.index), []
    answers = _sized(loaded, rulebook, tariffs)
    plans = {place: plan for place, (plan, _solved) in answers.items()}
    place, rows = _cheapest(tariffs, plans)
    plan, solved = answers[place]
    for program, solution in solved:
        remember(program, solution)
    return plan, with_grid_charges(tariffs[place], loaded.fields["grid"]), rows


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


def _sized(
    loaded: LoadedCase, rulebook: Rulebook, tariffs: Sequence[Tariff]
) -> dict[int, tuple[Plan, Sequence[Solved]]]:
    """The plan under each tariff, by its place, and the first program solved for it."""
    fields = [grid_fields_under(loaded, tariff) for tariff in tariffs]
    sites = [loaded.site(rulebook, **under) for under in fields]
    tasks = _alike(fields)
    case = loaded.case
    with side_by_side(MODULE) as workers:
        batch = workers.start(
            partial(_sized_alike, objective=case.objective, engine=case.engine),
            [[sites[place] for place in places] for places in tasks],
            names=["、".join(str(tariffs[place].title) for place in places) for places in tasks],
            alone=too_small(sites[0], len(tasks)),
        )
        answers = batch.results()
    return {
        place: (replace(plan, site=sites[place]), solved)
        for places, (plans, solved) in zip(tasks, answers, strict=True)
        for place, plan in zip(places, plans, strict=True)
    }


def _alike(fields: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Places of tariffs that differ in the capacity price alone, which may move a settled payment.

    Those are sized in one process, where the second is then known.
    """
    found: dict[bytes, list[int]] = {}
    for place, under in enumerate(fields):
        rest = {name: value for name, value in under.items() if name != "capacity_price"}
        found.setdefault(pickle.dumps(rest), []).append(place)
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
