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
