"""Daily quotas of electrolysers, held against a schedule with plain arithmetic."""

from __future__ import annotations

from greenland.energy.site import Array, Electrolyser, Site


def quota_fault(site: Site, item: Electrolyser, drawn: Array) -> float:
    """How far the worst day misses its quota, relative to that of a whole day or to 1 t."""
    made: dict[object, float] = {}
    hours: dict[object, float] = {}
    for day, power in zip(site.index.date, drawn, strict=True):
        made[day] = made.get(day, 0.0) + float(power) * site.step_hours / item.mwh_per_t
        hours[day] = hours.get(day, 0.0) + site.step_hours
    worst = -float("inf")
    most = item.max_daily_product_t
    for day, tonnes in made.items():
        share = hours[day] / 24
        worst = max(worst, item.min_daily_product_t * share - tonnes)
        if most is not None:
            worst = max(worst, tonnes - most * share)
    return worst / max(1.0, item.min_daily_product_t, most or 0.0)
