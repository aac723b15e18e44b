"""What generators give, held against what can run of them, with plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

from greenland.energy.plan.replay.flows import Flows, most_of
from greenland.energy.site import Site, values_of
from greenland.energy.site.identity import Capacities, CapacityKind, ColumnKind, Columns


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
        yield f"{item.name}_min_load", most_of(item.min_load_share * most - made) / scale
        if item.is_green:
            may_be_lost = may_be_lost + item.min_load_share * most
    if site.green_generators:
        yield "curtailment", most_of(flows.curtailed - may_be_lost) / scale
