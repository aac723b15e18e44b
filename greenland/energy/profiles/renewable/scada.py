"""Measured output of a plant nearby, turned into what it could have produced per unit.

Outages and curtailment are looked for, masked, filled and listed: the model needs the available
output, and nobody should have to guess what was taken out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles import provenance
from greenland.energy.profiles.defaults import defaults
from greenland.energy.profiles.gaps import Subject, runs
from greenland.energy.profiles.method import (
    ENVELOPE_DAYS,
    ENVELOPE_RANK,
    PLATEAU_STEPS,
    PLATEAU_WIDTH,
)
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.readings import Readings, finished
from greenland.energy.profiles.timeline import full_load_hours, step_of
from greenland.errors import Problem, Severity, input_error
from greenland.i18n import _
from greenland.rules.book import Rulebook

Numbers = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

SHOWN = 50


def per_unit(
    readings: Readings,
    subject: Subject,
    capacity_mw: float,
    *,
    year: int | None = None,
    place: Place | None = None,
    speed: pd.Series | None = None,
    curtailed: pd.Series | None = None,
    detect: bool = True,
    allow_filled: Collection[str] = (),
    rulebook: Rulebook | None = None,
) -> pd.Series:
    """Available output per unit from measured output.

    Parameters
    ----------
    readings : Readings
        Output [MW]; give a capacity of 1 for readings that are per unit already.
    subject : Subject
        ``PV`` or ``WIND``.
    capacity_mw : float
        Of the plant measured [MW].
    year : int, optional
        Take this calendar year; the whole range when None.
    place : Place, optional
        For the checks against the sun.
    speed : Series, optional
        Wind speed at the plant [m/s] on the readings' index: tells an outage from a calm.
    curtailed : Series of bool, optional
        Steps known to be curtailed, from dispatch records.
    detect : bool
        Whether outages and curtailment are looked for; off, only *curtailed* is masked.
    allow_filled : collection of str
        ``{"pv"}`` or ``{"wind"}`` to allow a series of which much had to be replaced.

    Returns
    -------
    Series
        Named ``pv`` or ``wind`` [MW per MW]. ``attrs["quality"]["masked"]`` lists what was taken
        out; a curtailed step is never given less than was measured.

    Raises
    ------
    InputError
        If the capacity is not positive, or too much had to be filled.
    """
    if not capacity_mw > 0:
        raise input_error("capacity", _("电站容量应大于零。"), got=str(capacity_mw), allowed="> 0")
    values = defaults(rulebook)
    form: Mapping[str, float] = values.get("measured")
    raw = readings.series / capacity_mw
    output = raw.to_numpy(dtype=float)
    hours = step_of(pd.DatetimeIndex(raw.index)) / pd.Timedelta(hours=1)
    stopped = np.zeros(len(output), dtype=bool)
    limited = np.zeros(len(output), dtype=bool)
    if detect and subject is Subject.PV:
        usual = _envelope(raw)
        stopped = _pv_outages(output, usual, hours, form)
        limited = _plateaus(output, form, form["pv_plateau_hours"] / hours, usual)
    elif detect:
        stopped = _wind_outages(output, speed, hours, form)
        limited = _plateaus(output, form, form["wind_plateau_hours"] / hours, None)
    if curtailed is not None:
        limited |= curtailed.reindex(raw.index, fill_value=False).to_numpy(dtype=bool)
    limited &= ~stopped
    masked = raw.mask(stopped | limited)
    inside = np.ones(len(raw), dtype=bool)
    if year is not None:
        inside = pd.DatetimeIndex(raw.index).year.to_numpy() == year
    problems = [*readings.problems, *_reports(subject, stopped & inside, limited & inside, hours)]
    problems += _over_capacity(raw, form["over_capacity"])
    named = replace(readings, series=masked.rename(str(subject)), problems=tuple(problems))
    series = finished(
        named,
        subject,
        unit="pu",
        year=year,
        place=place,
        per_unit=True,
        allow_filled=allow_filled,
        values=values,
        capacity_mw=capacity_mw,
        detected=detect,
    )
    return _completed(series, raw, stopped, limited, hours)


def _completed(
    series: pd.Series, raw: pd.Series, stopped: Marks, limited: Marks, hours: float
) -> pd.Series:
    """Hold curtailed steps at no less than was measured, and list what was masked."""
    index = pd.DatetimeIndex(series.index)
    held = raw.where(limited).reindex(index)
    kept = pd.Series(np.fmax(series.to_numpy(), held.to_numpy()), index=index, name=series.name)
    kept.attrs = dict(series.attrs)
    whole = pd.DatetimeIndex(raw.index)
    masked = [
        {
            "kind": kind,
            "start": whole[first].isoformat(),
            "hours": (last - first) * hours,
        }
        for kind, marks in (("outage", stopped), ("curtailment", limited))
        for first, last in runs(marks)
        if whole[last - 1] >= index[0] and whole[first] <= index[-1]
    ]
    measured = float(np.nansum(raw.reindex(index).to_numpy())) * hours
    sheet = dict(kept.attrs["quality"])
    sheet["masked"] = sorted(masked, key=lambda item: str(item["start"]))[:SHOWN]
    sheet["outage_hours"] = float(pd.Series(stopped, whole).reindex(index).sum()) * hours
    sheet["curtailment_hours"] = float(pd.Series(limited, whole).reindex(index).sum()) * hours
    sheet["full_load_hours"] = full_load_hours(kept)
    sheet["added_full_load_hours"] = float(kept.sum()) * hours - measured
    kept.attrs["quality"] = sheet
    record = provenance.of(kept)
    record["full_load_hours"] = sheet["full_load_hours"]
    return provenance.attach(kept, record)


def _envelope(raw: pd.Series) -> Numbers:
    """Usual output of clear days: near the greatest of the same time of day within ten days."""
    index = pd.DatetimeIndex(raw.index)
    step = step_of(index)
    per_day = round(pd.Timedelta(days=1) / step)
    offset = round((index[0] - index[0].normalize()) / step)
    count = -(-(offset + len(raw)) // per_day)
    table = np.full(count * per_day, np.nan)
    table[offset : offset + len(raw)] = raw.to_numpy(dtype=float)
    days = pd.DataFrame(table.reshape(count, per_day))
    top = days.rolling(ENVELOPE_DAYS, center=True, min_periods=1).quantile(ENVELOPE_RANK)
    return np.asarray(top.to_numpy(dtype=float).ravel()[offset : offset + len(raw)])


def _long_runs(marks: Marks, least: float) -> Marks:
    """Only the runs of at least *least* steps."""
    kept = np.zeros(len(marks), dtype=bool)
    for first, last in runs(marks):
        if last - first >= least:
            kept[first:last] = True
    return kept


def _pv_outages(output: Numbers, usual: Numbers, hours: float, form: Mapping[str, float]) -> Marks:
    """Hours of daylight with next to no output.

    Nights between two dark days do not matter: there is nothing to replace.
    """
    day = usual > form["daylight"]
    dead = day & (output <= form["dark_output"])
    return _long_runs(dead, form["pv_outage_hours"] / hours)


def _wind_outages(
    output: Numbers, speed: pd.Series | None, hours: float, form: Mapping[str, float]
) -> Marks:
    """No output in a wind that turns turbines, or without a wind speed for days on end."""
    dead = output <= 0.0
    if speed is not None:
        windy = speed.to_numpy(dtype=float) >= form["wind_speed_running"]
        return _long_runs(dead & windy, 1 / hours)
    return _long_runs(dead, form["wind_outage_hours"] / hours)


def _plateaus(
    output: Numbers, form: Mapping[str, float], steps: float, usual: Numbers | None
) -> Marks:
    """Level stretches well below what is usual: output held down by order."""
    band = form["plateau_band"]
    least = max(PLATEAU_STEPS, round(steps))  # two equal hours may be chance
    level = np.zeros(len(output), dtype=bool)
    level[1:] = np.abs(np.diff(output)) <= band
    ceiling = form["plateau_below"] * (1.0 if usual is None else usual)
    fitting = (output > form["plateau_above"]) & (output < ceiling)
    marks = np.zeros(len(output), dtype=bool)
    for first, last in runs(level & fitting):
        start = first - 1  # the step before began the level stretch
        if last - start >= least and np.ptp(output[start:last]) <= PLATEAU_WIDTH * band:
            marks[start:last] = True
    return marks


def _reports(subject: Subject, stopped: Marks, limited: Marks, hours: float) -> list[Problem]:
    found = []
    name = _("光伏") if subject is Subject.PV else _("风电")
    for marks, code, text in (
        (stopped, "outage", _("实测{name}出力中判出停运", name=name)),
        (limited, "curtailment", _("实测{name}出力中判出限电", name=name)),
    ):
        if marks.any():
            found.append(
                Problem(
                    Severity.WARNING,
                    code,
                    _(
                        "{text} {runs} 段、{hours} 小时，已剔除并按补数规则补入。",
                        text=text,
                        runs=len(runs(marks)),
                        hours=f"{marks.sum() * hours:.1f}",
                    ),
                    _("请与运行日志核对；如有调度限电记录，可直接提供。"),
                )
            )
    return found


def _over_capacity(raw: pd.Series, limit: float) -> list[Problem]:
    most = float(raw.max())
    if most <= 1:
        return []
    over = int((raw > 1).sum())
    severe = most > limit
    return [
        Problem(
            Severity.WARNING if severe else Severity.NOTICE,
            "over_capacity",
            _("有 {count} 个读数高于电站容量，未作改动。", count=over),
            _("请核对容量和单位。") if severe else "",
            got=f"{most:.3f}",
            allowed="≤ 1",
        )
    ]
