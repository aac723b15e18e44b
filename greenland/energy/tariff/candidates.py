"""The cheapest of several tariffs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from greenland.energy.tariff.config import (
    MODE_NOTES,
)
from greenland.energy.tariff.tariff import Tariff
from greenland.i18n import _


def cheapest(
    tariffs: Sequence[Tariff], cost: Callable[[Tariff], float | None]
) -> tuple[Tariff, list[dict[str, Any]]]:
    """The tariff with the least cost, and what each costs.

    Parameters
    ----------
    tariffs : sequence of Tariff
        See `resolve`; of equal costs the earlier one is taken.
    cost : callable
        Yearly cost under a tariff [yuan/yr], such as that of the plan sized for it; None where
        there is none.

    Returns
    -------
    Tariff
    list of dict
        One row per tariff: mode, billing, title, ``annual_cost``, chosen, note.

    Raises
    ------
    ValueError
        If no tariff has a cost.
    """
    costs = [cost(tariff) for tariff in tariffs]
    known = [place for place, value in enumerate(costs) if value is not None]
    if not known:
        raise ValueError("no tariff has a cost")
    best = min(known, key=lambda place: (costs[place], place))
    rows = [
        {
            "mode": None if tariff.mode is None else str(tariff.mode),
            "billing": None if tariff.billing is None else str(tariff.billing),
            "title": str(tariff.title),
            "annual_cost": value,
            "chosen": place == best,
            "note": str(_(MODE_NOTES[tariff.mode])) if tariff.mode in MODE_NOTES else None,
        }
        for place, (tariff, value) in enumerate(zip(tariffs, costs, strict=True))
    ]
    return tariffs[best], rows
