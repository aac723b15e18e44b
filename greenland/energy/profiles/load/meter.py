"""Load from meter exports: every meter read, gaps filled, meters added.

The reading itself is that of all curves; see `greenland.energy.profiles.series`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pandas as pd

from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.load.combine import added
from greenland.energy.profiles.readings import Readings, finished
from greenland.energy.profiles.series import SeriesFormat, read_series
from greenland.energy.profiles.timeline import step_of
from greenland.errors import input_error
from greenland.i18n import _
from greenland.rules.book import Rulebook

MeterFormat = SeriesFormat

__all__ = ["MeterFormat", "load", "read_meters"]


def read_meters(
    path: Path, form: MeterFormat | None = None, *, subject: Subject = Subject.LOAD
) -> list[Readings]:
    """Read every meter of an export.

    Parameters
    ----------
    path : Path
    form : MeterFormat, optional
    subject : Subject
        Load, or PV and wind: then columns of generation are looked for too.

    Returns
    -------
    list of Readings
        In MW, one for each meter number (one in all if the file names none).

    Raises
    ------
    InputError
        If the header, the columns, the times or the unit cannot be made out.
    """
    return read_series(path, form, subject=subject)


def load(
    path: Path,
    form: MeterFormat | None = None,
    *,
    name: str = "load",
    year: int | None = None,
    meters: Collection[str] | None = None,
    allow_filled: Collection[str] = (),
    rulebook: Rulebook | None = None,
) -> pd.Series:
    """Load of a meter export, gaps filled, with provenance and quality sheet.

    Parameters
    ----------
    path : Path
    form : MeterFormat, optional
    name : str
        Of the series; `allow_filled` refers to it.
    year : int, optional
        Take this calendar year; the whole file when None.
    meters : collection of str, optional
        Meter numbers to add; all when None.
    allow_filled : collection of str
        Names of series that may be used however much of them was filled.

    Returns
    -------
    Series
        Load [MW] at the step of the file.

    Raises
    ------
    InputError
        If the file cannot be read, or more was filled than allowed.
    """
    found = read_meters(path, form)
    if len(found) > 1 and meters is None:
        names = "、".join(str(item.series.name) for item in found[:8])
        found = [
            replace(
                item,
                notes=(
                    *item.notes,
                    _("{count} 块电表相加：{names}。", count=len(found), names=names),
                ),
            )
            for item in found
        ]
    if meters is not None:
        known = [str(item.series.name) for item in found]
        missing = [item for item in meters if item not in known]
        if missing:
            raise input_error(
                "meter_unknown",
                _("文件中没有电表“{meters}”。", meters="、".join(missing)),
                file=path.name,
                allowed="、".join(known),
            )
        found = [item for item in found if str(item.series.name) in meters]
    if len(found) == 1:
        only = found[0]
        alone = replace(only, series=only.series.rename(name))
        return finished(
            alone, Subject.LOAD, unit="MW", year=year, allow_filled=allow_filled, rulebook=rulebook
        )
    start = min(item.series.index[0] for item in found)
    end = max(item.series.index[-1] for item in found)
    parts = []
    for item in found:
        step = step_of(pd.DatetimeIndex(item.series.index))
        whole = item.series.reindex(pd.date_range(start, end, freq=step))
        wide = replace(item, series=whole.rename(str(item.series.name)))
        # how much may be filled is judged on the sum, below
        part_names = {*allow_filled, str(whole.name)} if name in allow_filled else allow_filled
        parts.append(
            finished(
                wide, Subject.LOAD, unit="MW", year=year, allow_filled=part_names, rulebook=rulebook
            )
        )
    return added(parts, name, allow_filled=allow_filled, rulebook=rulebook)
