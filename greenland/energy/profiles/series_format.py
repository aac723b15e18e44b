"""What a user may know about a file of readings."""

from __future__ import annotations

from dataclasses import dataclass

from greenland.energy.profiles.numerals import DecimalSign
from greenland.energy.profiles.readings import Duplicates, Label
from greenland.energy.profiles.tables import header_text
from greenland.energy.profiles.timeline import TIMEZONE

PER_UNIT = "pu"


@dataclass(frozen=True)
class SeriesFormat:
    """How to read a file of readings; None is worked out from the file.

    Parameters
    ----------
    unit : str, optional
        Of the values: a power (``"kW"``, ``"MW"``) or an energy per step (``"kWh"`` …).
    time, clock, value, meter : str, optional
        Column headers: time (or date), clock time beside a date, value, meter number.
    item : str, optional
        Kind of the rows to take, as it stands in the column of kinds.
    label : Label, optional
    timezone : str
        IANA name of the zone of the times.
    multiplier : float, optional
        On every value (ratio of the current and voltage transformers); columns and titles of
        multipliers are then left alone.
    duplicates : Duplicates
        Which of different values at one time counts.
    sheet : str, optional
        Of an Excel file; all sheets with readings when None.
    register : bool
        Whether the values are register readings, of which differences are to be taken.
    decimal : DecimalSign, optional
        What stands between whole and fraction in texts.
    """

    unit: str | None = None
    time: str | None = None
    clock: str | None = None
    value: str | None = None
    meter: str | None = None
    item: str | None = None
    label: Label | None = None
    timezone: str = TIMEZONE
    multiplier: float | None = None
    duplicates: Duplicates = Duplicates.LAST
    sheet: str | None = None
    register: bool = False
    decimal: DecimalSign | None = None

    def __post_init__(self) -> None:
        for name in ("time", "clock", "value", "meter"):  # as the headers of a file are read
            header = getattr(self, name)
            if header is not None:
                object.__setattr__(self, name, header_text(header))
