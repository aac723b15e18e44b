"""Size a case under its tariff, or under each candidate to find the cheapest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from greenland.energy.case import LoadedCase
from greenland.energy.plan.plan import Plan
from greenland.energy.sizing.solve import size
from greenland.energy.tariff import (
    Tariff,
    cheapest,
    sizing_prices,
    tariff_of_grid,
    with_grid_charges,
)
from greenland.energy.tariff.resolve import resolve
from greenland.rules import Rulebook


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
    plans = {}
    for number, tariff in enumerate(tariffs):
        site = loaded.site(rulebook, **grid_fields_under(loaded, tariff))
        plans[number] = size(site, objective=case.objective, engine=case.engine)
    plan, tariff, rows = _cheapest(tariffs, plans)
    return plan, with_grid_charges(tariff, loaded.fields["grid"]), rows


def _cheapest(
    tariffs: tuple[Tariff, ...], plans: Mapping[int, Plan]
) -> tuple[Plan, Tariff, list[dict[str, Any]]]:
    solved = [n for n, plan in plans.items() if plan.status.has_plan]
    if len(tariffs) == 1 or not solved:
        return plans[0], tariffs[0], []
    order = {id(tariff): number for number, tariff in enumerate(tariffs)}

    def cost(tariff: Tariff) -> float | None:
        plan = plans[order[id(tariff)]]
        return plan.annual_cost if plan.status.has_plan else None

    best, rows = cheapest(tariffs, cost)
    return plans[order[id(best)]], best, rows


def grid_fields_under(loaded: LoadedCase, tariff: Tariff) -> dict[str, Any]:
    """A tariff's prices, the grid's own charges with them, as fields of the grid."""
    whole = with_grid_charges(tariff, loaded.fields["grid"])
    return sizing_prices(whole).grid_fields()
