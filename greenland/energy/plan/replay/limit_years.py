"""The years each of which a limit, or a contract, looks at."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from greenland.energy.site import Site, WeatherYears


def years_of(site: Site) -> Iterator[tuple[str, NDArray[np.bool_], float]]:
    """Label, steps and length of every limit year."""
    index = site.index
    if WeatherYears(site.weather_years) is WeatherYears.AVERAGE:
        yield "", np.ones(len(index), dtype=bool), site.years
        return
    for year in sorted(set(index.year)):
        chosen = np.asarray(index.year == year)
        length = 8784 if bool(index[chosen].is_leap_year[0]) else 8760
        yield str(year), chosen, float(chosen.sum()) * site.step_hours / length
