"""What generators give, held against what can run of them, with plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

from greenland.energy.plan.replay.flows import Flows, most_of
from greenland.energy.plan.replay.maintenance import placed_windows, short_of_least
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
        least = item.min_load_share * most
        short = short_of_least(item, made, least)
        if item.maintenance is None:
            yield f"{item.name}_min_load", most_of(short) / scale
        else:
            windows = list(placed_windows(site, item, made, short))
            yield f"{item.name}_maintenance", max(one.running for one in windows) / scale
            yield f"{item.name}_min_load", max(one.short for one in windows) / scale
            for one in windows:
                least[one.start : one.start + one.steps] = 0.0
        if item.is_green and not item.can_stop:
            may_be_lost = may_be_lost + least
    if site.green_generators:
        yield "curtailment", most_of(flows.curtailed - may_be_lost) / scale
