"""What generators give, held against what can run of them, with plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from greenland.energy.plan.replay.flows import Flows, most_of
from greenland.energy.site import Array, Electrolyser, Generator, Site, values_of
from greenland.energy.site.identity import Capacities, CapacityKind, ColumnKind, Columns


def short_of_least(item: Generator | Electrolyser, flow: Array, least: Array) -> Array:
    """How far a flow falls short of its least, where it may stop of that or of zero [MW]."""
    short = least - flow
    return np.minimum(short, flow) if item.can_stop else short


def generator_checks(
    site: Site, capacities: Capacities, schedule: Columns, flows: Flows, scale: float
) -> Iterator[tuple[str, float]]:
    """Output of every generator within its bounds, and curtailed what cannot be turned off."""
    steps = len(schedule)
    given = schedule.total(ColumnKind.SOURCE, [item.name for item in site.sources])
    may_be_lost = given + flows.discharged
    for item in site.generators:
        made = schedule.of(ColumnKind.SOURCE, item.name)
        most = capacities.of(CapacityKind.SOURCE, item.name) * values_of(item.availability, steps)
        yield f"{item.name}_power", most_of(made - most) / scale
        least = item.min_load_share * most
        yield f"{item.name}_min_load", most_of(short_of_least(item, made, least)) / scale
        if item.is_green and not item.can_stop:
            may_be_lost = may_be_lost + item.min_load_share * most
    if site.green_generators:
        yield "curtailment", most_of(flows.curtailed - may_be_lost) / scale
