"""Every whole year of a weather file."""

from __future__ import annotations

import pandas as pd

from greenland.energy.profiles.renewable.weather import Weather, complete_years
from greenland.errors import input_error
from greenland.i18n import _


def weather_years(weather: Weather, year: int) -> dict[int, pd.DataFrame]:
    """Every whole year of a weather file in Beijing time.

    Parameters
    ----------
    weather : Weather
    year : int
        Calendar year a typical year is put into.

    Raises
    ------
    InputError
        If it holds no whole year.
    """
    if weather.typical:
        return {year: weather.for_year(year)}
    years = complete_years(weather)
    if not years:
        raise input_error(
            "weather_years",
            _("气象文件没有完整的一年，不能统计月和年的资源。"),
            file=weather.source,
            remedy=_("请给出至少一个完整公历年的气象，或从案例中删去 weather。"),
        )
    return {one: weather.for_year(one, source_year=one) for one in years}
