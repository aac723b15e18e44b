"""How limits are read: what self-use is, and what holds of several weather years."""

from __future__ import annotations

from enum import StrEnum


class SelfUse(StrEnum):
    """Reading of "self-use" in the share of available generation (口径一, 口径二).

    Examples
    --------
    >>> from greenland.energy import SelfUse
    >>> SelfUse.BOTH.includes(SelfUse.NET), SelfUse.GROSS.includes(SelfUse.NET)
    (True, False)
    """

    BOTH = "both"
    GROSS = "a"  # reading 1: available - export - curtailment, storage loss counts as self-use
    NET = "b"  # reading 2: what serves the load, storage loss excluded

    def includes(self, reading: SelfUse) -> bool:
        """Whether a limit in this reading is one in *reading* too."""
        return self in (SelfUse.BOTH, reading)


class WeatherYears(StrEnum):
    """How annual limits hold when the horizon has several weather years.

    Examples
    --------
    >>> from greenland.energy import WeatherYears
    >>> WeatherYears("each")
    <WeatherYears.EACH: 'each'>
    """

    AVERAGE = "average"  # over the whole horizon
    EACH = "each"  # in every calendar year of the index
