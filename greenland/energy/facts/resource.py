"""What wind and sun give: full-load hours of each source, and the weather of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from greenland.energy.facts.percentiles import percentiles
from greenland.energy.facts.weather import weather_facts
from greenland.energy.profiles.timeline import whole_years
from greenland.energy.site import Site, Source
from greenland.energy.site.series import values_of

if TYPE_CHECKING:
    from greenland.energy.profiles.renewable.weather import Weather


def resource_facts(site: Site, weather: Weather | None = None) -> dict[str, Any]:
    """The ``resource`` part of the energy results.

    Parameters
    ----------
    site : Site
        Of its sources the output per unit of capacity, before any curtailment.
    weather : Weather, optional
        Of the case.
    """
    return {
        "sources": [_source(item, site) for item in site.sources],
        "weather": None if weather is None else weather_facts(weather, site.index[0].year),
    }


def _source(item: Source, site: Site) -> dict[str, Any]:
    index, hours, years = site.index, site.step_hours, site.years
    values = pd.Series(values_of(item.profile, len(index)), index)
    by_month = values.groupby(index.month).sum() * hours / max(1.0, years)
    monthly = zip(by_month.index.to_list(), by_month.to_list(), strict=True)
    yearly = [
        {"year": year, "value": float(values[index.year == year].sum()) * hours}
        for year in sorted(set(index.year))
        if whole_years(pd.DatetimeIndex(index[index.year == year])) == 1
    ]
    return {
        "name": item.name,
        "technology": None if item.technology is None else str(item.technology),
        "capacity_factor": float(values.mean()),
        "full_load_hours": float(values.sum()) * hours / years,
        "most": float(values.max()),
        "monthly": [{"month": int(m), "value": float(v)} for m, v in monthly],
        "by_year": yearly if len(yearly) > 1 else [],
        **percentiles([row["value"] for row in yearly]),
    }
