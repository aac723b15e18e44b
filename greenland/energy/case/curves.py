"""A curve of a case: its file read by the one reader, in the unit the site takes it in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from greenland.energy.case.schema import Curve
from greenland.energy.profiles.curve_file import CurveFile, read_curve
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.quantities import described
from greenland.energy.profiles.readings import SPOILS
from greenland.energy.profiles.series_format import PER_UNIT, SeriesFormat
from greenland.energy.profiles.timeline import step_hours
from greenland.energy.site import step_hours as shortest_step
from greenland.errors import InputError, Severity, input_error
from greenland.i18n import _


def read_curve_of_case(path: Path, spec: Curve, subject: Subject | None) -> CurveFile:
    """Read a curve of a case.

    Parameters
    ----------
    path : Path
    spec : Curve
    subject : Subject, optional
        Load is in MW where its header says no unit, PV and wind are per unit; None takes the
        values as they stand.

    Raises
    ------
    InputError
        If the curve cannot be made out, times or values are wrong, or ``scale`` and the unit of
        the header contradict each other.
    """
    form = SeriesFormat(value=spec.column, time=spec.time)
    scaled = "scale" in spec.model_fields_set
    if scaled:  # the user converts
        form = replace(form, unit="MW")
    default = "MW" if subject is Subject.LOAD else PER_UNIT
    if scaled and subject is None:
        form = replace(form, unit=None)
    read = read_curve(path, form, subject=subject, default_unit=default)
    if read.readings is not None:
        wrong = [item for item in read.readings.problems if item.code in SPOILS]
        if wrong:
            raise InputError(replace(item, severity=Severity.ERROR) for item in wrong)
    if scaled and subject is not None:
        _check_scale(read, spec)
    return replace(read, values=read.values * (spec.scale * spec.factor))


def averaged(values: pd.Series, hours: int, *, whole: bool = False) -> pd.Series:
    """A curve in longer steps: the mean of each, so that energies stay what they are.

    Parameters
    ----------
    values : Series
        On a DatetimeIndex of one step length, with breaks only between years.
    hours : int
        Length of a step of the answer [h].
    whole : bool
        Whether a step is true only where all of it is, as for hours in which something is allowed.

    Raises
    ------
    InputError
        If the curve has longer steps, or does not fill its first and last step.

    Examples
    --------
    >>> day = pd.Series(range(6), pd.date_range("2025-01-01", periods=6, freq="h"))
    >>> averaged(day, 3).tolist()
    [1.0, 4.0]
    """
    index = pd.DatetimeIndex(values.index)
    step = shortest_step(index)
    count = round(hours / step)
    clock = index if index.tz is None else index.tz_localize(None)
    group = clock.floor(f"{hours}h")
    sizes = np.unique(group, return_counts=True)[1]
    if step > hours or (sizes != count).any():
        raise input_error(
            "curve_step",
            _("曲线不能按每步 {hours} 小时取平均：步长不合，或首尾不是整步。", hours=hours),
            got=_("每步 {step:g} 小时，共 {steps} 步", step=step, steps=len(index)),
            remedy=_("请补齐首尾，或删去 step_hours。"),
        )
    blocks = values.to_numpy(dtype=float).reshape(-1, count)
    means = blocks.min(axis=1) if whole else blocks.mean(axis=1)
    return pd.Series(means, index=index[::count], name=values.name)


def _check_scale(read: CurveFile, spec: Curve) -> None:
    """Refuse a factor that is not that of the unit the header states."""
    unit = described(read.column).unit
    if unit is None or not np.isfinite(unit.factor) or read.readings is None:
        return
    expected = unit.factor
    if unit.is_energy:
        expected /= step_hours(pd.DatetimeIndex(read.values.index))
    if expected == 1.0 or np.isclose(spec.scale, expected):
        return
    raise input_error(
        "curve_scale",
        _("曲线表头的单位与 scale 不符：不写 scale 时已按表头单位换算。"),
        got=f"{read.column}; scale: {spec.scale:g}",
        allowed=f"scale: {expected:g}",
        remedy=_("请删去 scale，或改正表头的单位。"),
        file=spec.file,
    )
