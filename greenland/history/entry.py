"""What is kept of one assessment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from greenland.key_results import ParkKey

if TYPE_CHECKING:
    from greenland.record.record import Record


@dataclass(frozen=True, slots=True)
class Entry:
    """Key results of a park in a year.

    Parameters
    ----------
    park : str
        Code of the park, or its name where it has none.
    year : int
    name, level, type : str
        As in the results record.
    values : mapping of key to number
        In the units of `greenland.key_results.KEYS`.
    version : str
        Version of greenland that evaluated them.
    """

    park: str
    year: int
    name: str
    level: str
    type: str
    values: Mapping[str, float] = field(default_factory=dict)
    version: str = ""

    @property
    def key(self) -> ParkKey:
        """Park and year."""
        return ParkKey(self.park, self.year)


@dataclass(frozen=True, slots=True)
class Kept:
    """One key result as it stands in the database.

    Parameters
    ----------
    park, name : str
    year : int
    key : str
        As in `greenland.key_results.KEYS`; keys of a later version are given as they stand.
    value : float
    unit : str
    kept_at : str
        When it was kept, UTC, ISO 8601.
    version : str
        Version of greenland that evaluated it.
    """

    park: str
    name: str
    year: int
    key: str
    value: float
    unit: str
    kept_at: str
    version: str


def entry_of(record: Record) -> Entry:
    """What is kept of a results record.

    Examples
    --------
    >>> from greenland import assess
    >>> from greenland.park import example_folder
    >>> entry = entry_of(assess(example_folder(), parts=("land.standard_land",)).record())
    >>> entry.year, entry.level, round(entry.values["standard_land_ha"], 2)
    (2026, 'provincial', 16.26)
    """
    from greenland.key_results import key_results, park_key

    key = park_key(record)
    park = record.park
    values, _reasons = key_results(record)
    return Entry(key.park, key.year, park.name, park.level, park.type, values, record.greenland)


def now() -> str:
    """The time results are kept with."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat()
