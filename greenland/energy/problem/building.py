"""What may be built or not: parts with a least size if built, or a cost of building at all.

The linear program knows neither; a set of parts that are built makes them bounds and a constant.
See docs/energy-model.md, section 7.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from greenland.energy.site import Array, Site

if TYPE_CHECKING:
    from greenland.energy.problem.data import DecidedCapacity, ModelData

BUILT = 1e-6
"""New capacity beyond this is built, relative to the capacity [-]: what solvers leave is less."""

Place = tuple[str, int]
"""A decided capacity: family, and number in the family."""


@dataclass(frozen=True)
class BuildChoice:
    """A part that may be built or not.

    Parameters
    ----------
    name : str
        Of the part.
    places : tuple of Place
        Its capacities; the first is the one with a least size.
    least : float
        Least new capacity of the first if it is built [MW].
    cost, capex : float
        Of building at all: per year or present worth, and as invested [thousand yuan].
    green : bool
        Whether it belongs to what green energy costs.
    """

    name: str
    places: tuple[Place, ...]
    least: float
    cost: float
    capex: float
    green: bool = True


def parts_by_choice(site: Site) -> Iterator[tuple[Any, tuple[Place, ...]]]:
    """Every part with a least size if built or a cost of building, and its capacities."""
    item: Any
    for place, item in enumerate(site.sources):
        yield from _optional(item, (("capacity", place),))
    charged = [item.name for item in site.storages if item.decides_charge_power]
    for place, item in enumerate(site.storages):
        places: tuple[Place, ...] = (("storage_power", place), ("storage_energy", place))
        if item.name in charged:
            places += (("charge_power", charged.index(item.name)),)
        yield from _optional(item, places)
    for place, item in enumerate(site.electrolysers):
        yield from _optional(item, (("electrolyser_capacity", place),))
    for place, item in enumerate(site.generators):
        yield from _optional(item, (("generator_capacity", place),))


def _optional(item: Any, places: tuple[Place, ...]) -> Iterator[tuple[Any, tuple[Place, ...]]]:
    if item.min_built_mw > 0 or item.build_cost > 0:
        yield item, places


def is_other_generator(site: Site, item: Any) -> bool:
    """Whether a part is a generator that is not green."""
    return any(item is one for one in site.other_generators)


def with_built(data: ModelData, built: Mapping[int, bool]) -> ModelData:
    """The problem with some choices made, by their numbers.

    What is built has its least size and its cost of building, what is not has no new capacity.
    Where every choice is made these are the costs; else what is undecided costs, for each MW of
    its first capacity, the share of the cost of building that the largest capacity bears: no more
    than it would cost.
    """
    families: dict[str, list[DecidedCapacity]] = {
        family: list(items) for family, items in data.capacities.items()
    }
    for number, choice in enumerate(data.choices):
        for order, (family, place) in enumerate(choice.places):
            item = families[family][place]
            if number not in built:
                new = item.upper - item.existing
                if order == 0 and choice.cost and np.isfinite(new) and new > 0:
                    item = replace(item, cost=item.cost + choice.cost / new)
            elif not built[number]:
                item = replace(item, lower=item.existing, upper=item.existing)
            elif order == 0:
                item = replace(item, lower=max(item.lower, item.existing + choice.least))
            families[family][place] = item
    fields = {
        "capacity": "sources",
        "electrolyser_capacity": "electrolysers",
        "generator_capacity": "generators",
    }
    changes: dict[str, Any] = {
        fields.get(family, family): tuple(items)
        for family, items in families.items()
        if family != "grid_capacity"
    }
    chosen = frozenset(number for number, yes in built.items() if yes)
    return replace(data, built=chosen, **changes)


def built_of(data: ModelData, values: Mapping[str, Array]) -> frozenset[int]:
    """Numbers of the choices of which an answer builds something."""
    return frozenset(
        number
        for number, choice in enumerate(data.choices)
        if any(is_built(data, values, place) for place in choice.places)
    )


def is_built(data: ModelData, values: Mapping[str, Array], place: Place) -> bool:
    """Whether an answer has new capacity in a place."""
    family, number = place
    size, have = float(values[family][number]), data.capacities[family][number].existing
    return size - have > BUILT * max(1.0, size)


def as_built(data: ModelData, values: Mapping[str, Array]) -> ModelData:
    """The problem with the costs of building what an answer builds, and its bounds as they were."""
    return replace(data, built=built_of(data, values)) if data.choices else data


def must_be_built(data: ModelData) -> Collection[int]:
    """Numbers of the choices that are none: their bounds ask for new capacity."""
    return [
        number
        for number, choice in enumerate(data.choices)
        if any(
            data.capacities[family][place].lower > data.capacities[family][place].existing
            for family, place in choice.places
        )
    ]
