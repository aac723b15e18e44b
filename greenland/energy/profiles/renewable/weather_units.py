"""Units that headings of weather and wind tables state, and what turns them into ours.

Ours are W/m² (the mean of a step), °C, m/s and cm of snow. An amount of energy per area (MJ/m²)
is that of one step unless the unit says *per hour*.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

_PER_M2 = r"\s*(?:/|per|每|[·.*])?\s*(?:m\s*(?:\^|\*\*)?\s*-?2|平方米|平米)"
_PER_CM2 = r"\s*(?:/|per|每|[·.*])?\s*(?:cm\s*(?:\^|\*\*)?\s*-?2|平方厘米)"
_PER_HOUR = r"\s*(?:/|[·*.]|每)\s*(?:h|hr|hour|小时|时)(?:-1)?"
_TIMES = re.compile(r"^(0?\.0*1|10+)\s*[*×x·]?\s*(?=\D)")


@dataclass(frozen=True, slots=True)
class WeatherUnit:
    """One way to state a quantity.

    Parameters
    ----------
    name : str
        As shown to readers.
    pattern : str
        Of its writings, in lower case.
    factor, offset : float
        Ours is the value times *factor* plus *offset*; for *energy* the factor leads to Wh/m².
    energy : bool
        Whether the value is an amount per step, to be divided by the length of the step.
    """

    name: str
    pattern: str
    factor: float = 1.0
    offset: float = 0.0
    energy: bool = False

    def whole(self, text: str) -> WeatherUnit | None:
        """Return the unit, with a power of ten before it, if *text* is nothing else."""
        times = _TIMES.match(text)
        rest = text[times.end() :] if times else text
        if not re.fullmatch(self.pattern, rest.strip()):
            return None
        return self._times(float(times[1])) if times else self

    def ending(self, text: str) -> WeatherUnit | None:
        """Return the unit if *text*, a heading, ends with it."""
        match = re.search(
            rf"(?:(?<=[\s_,:\-])|(?<=[\u3400-\u9fff])|(?<=[·/]))(?:{self.pattern})\s*$", text
        )
        return self if match else None

    def _times(self, factor: float) -> WeatherUnit:
        return replace(self, name=f"{factor:g} {self.name}", factor=self.factor * factor)

    def to_ours(self, values: Numbers, hours: float) -> Numbers:
        """Values in our unit.

        Parameters
        ----------
        values : array
        hours : float
            Length of a step [h].
        """
        return values * (self.factor / hours if self.energy else self.factor) + self.offset


def _irradiance() -> tuple[WeatherUnit, ...]:
    joule = 1 / 3600  # Wh
    amounts = (
        ("MJ/m²", rf"(?:mj|兆焦){_PER_M2}", 1e6 * joule),
        ("kJ/m²", rf"(?:kj|千焦){_PER_M2}", 1e3 * joule),
        ("J/m²", rf"(?:j|焦){_PER_M2}", joule),
        ("J/cm²", rf"j{_PER_CM2}", 1e4 * joule),
        ("MJ/cm²", rf"mj{_PER_CM2}", 1e10 * joule),
        ("kWh/m²", rf"(?:kw\s*·?\s*h|千瓦·?时){_PER_M2}", 1e3),
        ("Wh/m²", rf"(?:w\s*·?\s*h|瓦·?时){_PER_M2}", 1.0),
        ("cal/cm²", rf"cal{_PER_CM2}", 4.1868e4 * joule),
    )
    powers = (
        WeatherUnit("W/m²", rf"(?:w|瓦特?|watts?){_PER_M2}|wm-?2"),
        WeatherUnit("kW/m²", rf"(?:kw|千瓦){_PER_M2}", 1e3),
        WeatherUnit("mW/cm²", rf"mw{_PER_CM2}", 10.0),
    )
    steps = tuple(WeatherUnit(name, text, factor, energy=True) for name, text, factor in amounts)
    hourly = tuple(
        WeatherUnit(
            f"{item.name}/h",
            rf"(?:{item.pattern}){_PER_HOUR}|{_bracketed(item.pattern)}",
            item.factor,
        )
        for item in steps
    )
    return powers + steps + hourly


def _bracketed(pattern: str) -> str:
    """The writing ``MJ/m2·h``, whose slash divides by both."""
    return rf"(?:{pattern})\s*[·*.]\s*h"


IRRADIANCE = _irradiance()
TEMPERATURE = (
    WeatherUnit("°C", r"°\s*c|c|deg\.?\s*c|degc|celsius|摄氏度?"),
    WeatherUnit("K", r"k|kelvin|开尔文|开", offset=-273.15),
    WeatherUnit("°F", r"°\s*f|f|deg\.?\s*f|degf|fahrenheit|华氏度?", 5 / 9, -160 / 9),
)
SPEED = (
    WeatherUnit("m/s", r"m\s*/\s*s(?:ec)?|m\s*[·*.]?\s*s\s*\^?-1|mps|米/秒|米每秒"),
    WeatherUnit("km/h", r"km\s*/\s*hr?|kmh|kph|km\s*[·*.]?\s*h-1|公里/小?时|千米/小?时", 1 / 3.6),
    WeatherUnit("kn", r"kn|kts?|knots?|节", 1852 / 3600),
    WeatherUnit("mph", r"mph|mi\s*/\s*h", 0.44704),
)
SNOW = (
    WeatherUnit("cm", r"cm|厘米"),
    WeatherUnit("mm", r"mm|毫米", 0.1),
    WeatherUnit("m", r"m|米", 100.0),
)

UNITS = {
    **dict.fromkeys(("ghi", "dni", "bhi", "dhi", "beam"), IRRADIANCE),
    "temp_air": TEMPERATURE,
    "wind_speed": SPEED,
    "snowfall": SNOW,
}
