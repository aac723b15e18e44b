"""The weather file of a case, read for the facts of its resource."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from greenland.energy.case.schema import WeatherFile
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.yamlhints import short
from greenland.yamltree import is_ordinary_file

if TYPE_CHECKING:
    from greenland.energy.profiles.renewable.weather import Weather

_ANY_YEAR = 2025  # a typical year is put into; which one decides nothing here


def weather_of(spec: WeatherFile | None, folder: Path, problems: list[Problem]) -> Weather | None:
    """Read the weather of a case, noting every fault.

    Parameters
    ----------
    spec : WeatherFile, optional
    folder : Path
        What the file name is relative to.
    problems : list of Problem
        Faults are added to it.
    """
    if spec is None:
        return None
    path = folder / spec.file
    if not spec.file or not is_ordinary_file(path):
        text = _("找不到气象文件 {file}。", file=short(path.name))
        problems.append(_fault("no_file", text, _("文件名相对于案例文件所在的文件夹。")))
        return None
    from greenland.energy.profiles.renewable.weather_readers import read_weather
    from greenland.energy.profiles.renewable.weather_years import weather_years

    try:
        weather = read_weather(
            path,
            columns=spec.columns,
            timezone=spec.timezone,
            wind_height=spec.wind_height,
        )
        weather_years(weather, _ANY_YEAR)
    except InputError as error:
        problems += [
            replace(one, column=one.column or "weather", file=one.file or spec.file)
            for one in error.problems
        ]
        return None
    return weather


def _fault(code: str, text: str, remedy: str) -> Problem:
    return Problem(Severity.ERROR, code, text, remedy, column="weather", touches=("energy",))
