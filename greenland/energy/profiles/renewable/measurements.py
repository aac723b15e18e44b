"""Values of one measured column: in our unit, codes for *missing* and impossible values taken out.

What is missing stays missing (it is filled and counted later); what had to be understood is
said as a `Problem`, and what cannot be understood is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.method import (
    BHI_BOUNDS,
    BRIGHT,
    CLOUDIEST,
    CODE_NEIGHBOURHOOD,
    CODE_REPEATED,
    DARK_BESIDE,
    DHI_BOUNDS,
    DNI_BOUNDS,
    GHI_BOUNDS,
    HOTTEST_MEAN,
    KELVIN_MEDIAN,
    KELVIN_RANGE,
    KELVIN_SHARE,
    LARGEST_VALUE,
    LEAST_PEAK,
    LEAST_YEAR_DAYS,
    MANY_DIGITS,
    MOST_IMPOSSIBLE,
    OTHER_CODES,
    PEAK_QUANTILE,
    SMALLEST_CODE,
    SNOW_BOUNDS,
    TEMPERATURE_BOUNDS,
    WEAKEST_SUNNY_YEAR,
    WIND_BOUNDS,
    WINDIEST_MEAN,
)
from greenland.energy.profiles.renewable.headings import Heading, WeatherQuantity
from greenland.energy.profiles.renewable.weather_units import UNITS, WeatherUnit
from greenland.energy.profiles.tables import numbers
from greenland.errors import Problem, Severity, input_error
from greenland.i18n import N_, _

Numbers = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

QUANTITY_LABELS = {
    WeatherQuantity.GHI: N_("水平面总辐照"),
    WeatherQuantity.DNI: N_("法向直接辐照"),
    WeatherQuantity.BHI: N_("水平面直接辐照"),
    WeatherQuantity.DHI: N_("散射辐照"),
    WeatherQuantity.BEAM: N_("直接辐照（未注明面）"),
    WeatherQuantity.TEMP_AIR: N_("气温"),
    WeatherQuantity.WIND_SPEED: N_("风速"),
    WeatherQuantity.SNOWFALL: N_("降雪"),
}

# What nature allows near the ground, in our units: irradiance with the reflection of cloud edges
# [W/m²], the air [°C], a mean wind [m/s], snow in one step [cm].
BOUNDS = {
    WeatherQuantity.GHI: GHI_BOUNDS,
    WeatherQuantity.DNI: DNI_BOUNDS,
    WeatherQuantity.BHI: BHI_BOUNDS,
    WeatherQuantity.DHI: DHI_BOUNDS,
    WeatherQuantity.TEMP_AIR: TEMPERATURE_BOUNDS,
    WeatherQuantity.WIND_SPEED: WIND_BOUNDS,
    WeatherQuantity.SNOWFALL: SNOW_BOUNDS,
}
IRRADIANCES = (WeatherQuantity.GHI, WeatherQuantity.DNI, WeatherQuantity.BHI, WeatherQuantity.DHI)


@dataclass(frozen=True)
class Measured:
    """Values of a column in our unit, NaN where there is none, and what is to be said."""

    values: Numbers
    problems: tuple[Problem, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there are fewer than two readings."""
        return int(np.isfinite(self.values).sum()) < 2


def measured(
    column: pd.Series, heading: Heading, *, hours: float, file: str, span_days: float = 0.0
) -> Measured:
    """Values of a column of a table.

    Parameters
    ----------
    column : Series
        As read from the file.
    heading : Heading
    hours : float
        Length of a step [h].
    file : str
    span_days : float
        Length of the table: what a year cannot lack says more than what a week may lack [d].

    Raises
    ------
    InputError
        If the heading states a unit we do not know, or the values cannot be in its unit.
    """
    if heading.unknown_unit:
        raise _unit_question(heading, file, got=heading.unknown_unit)
    raw = numbers(column)
    problems = _texts(column, raw, heading, file)
    unit, assumed = (heading.unit, []) if heading.unit else _unit_of(raw, heading, file, span_days)
    values = unit.to_ours(raw, hours)
    cleaned = screened(values, raw, heading.quantity, heading.header, file)
    return Measured(cleaned.values, (*problems, *assumed, *cleaned.problems))


def screened(
    values: Numbers, raw: Numbers, quantity: WeatherQuantity, header: str, file: str
) -> Measured:
    """Take out codes for *missing* and impossible values.

    Parameters
    ----------
    values : array
        In our unit.
    raw : array
        As they stand in the file; codes are looked for here.
    quantity : WeatherQuantity
    header, file : str
        To say where.

    Raises
    ------
    InputError
        If more than one value in twenty is impossible and no code: unit or column is wrong.
    """
    low, high = BOUNDS[quantity]
    known = np.isfinite(raw)
    with np.errstate(invalid="ignore"):
        outside = known & ~((values >= low) & (values <= high))
    codes = outside & is_code(raw)
    inside = _codes_inside(values, raw, quantity) & ~outside
    impossible = outside & ~codes
    name = _(QUANTITY_LABELS[quantity])
    if impossible.sum() > MOST_IMPOSSIBLE * max(1, known.sum() - codes.sum()):
        raise input_error(
            "weather_impossible",
            _(
                "{name}有 {count} 个读数超出物理界限，单位或列可能有误。",
                name=name,
                count=int(impossible.sum()),
            ),
            file=file,
            column=header,
            got=f"{values[impossible][0]:g}",
            allowed=_bounds_text(quantity),
            remedy=_unit_remedy(quantity),
        )
    problems = []
    if codes.any():
        problems.append(
            Problem(
                Severity.NOTICE,
                "weather_codes",
                _(
                    "{name}有 {count} 个缺测代码（如 {code}），按缺测计。",
                    name=name,
                    count=int(codes.sum()),
                    code=f"{raw[codes][0]:g}",
                ),
                file=file,
                column=header,
            )
        )
    if inside.any():
        problems.append(
            Problem(
                Severity.WARNING,
                "weather_codes_inside",
                _(
                    "{name}有 {count} 个读数恰为 {code}，与前后不符，按缺测代码计。",
                    name=name,
                    count=int(inside.sum()),
                    code=f"{raw[inside][0]:g}",
                ),
                _("请核对；确为读数时，请把该值写成带小数的形式。"),
                file=file,
                column=header,
            )
        )
    if impossible.any():
        problems.append(
            Problem(
                Severity.WARNING,
                "weather_impossible",
                _(
                    "{name}有 {count} 个读数超出物理界限（如 {value}），按缺测计。",
                    name=name,
                    count=int(impossible.sum()),
                    value=f"{values[impossible][0]:g}",
                ),
                _("请核对原始数据。"),
                file=file,
                column=header,
                allowed=_bounds_text(quantity),
            )
        )
    result = np.where(outside | inside, np.nan, values)
    if quantity in IRRADIANCES:  # a pyranometer reads a few watts below nought at night
        result = np.where(result < 0, 0.0, result)
    return Measured(result, tuple(problems))


def is_code(raw: Numbers) -> Marks:
    """Values that stand for *missing* by custom: nines (99.9, −999, 999999) and a few others."""
    size = np.abs(raw)
    marks = np.isin(size, OTHER_CODES)
    for whole in range(2, 10):
        nines = 10.0**whole - 1
        for fraction in (0.0, 0.9, 0.99, 0.999):
            marks |= np.isclose(size, nines + fraction, rtol=0, atol=1e-9 * nines)
        marks |= (size == nines * 10) if whole > 2 else False  # 9990, 999990
    return np.asarray(marks | (size > LARGEST_VALUE))


def _codes_inside(values: Numbers, raw: Numbers, quantity: WeatherQuantity) -> Marks:
    """Codes that nature would allow, such as 999 W/m², where no reading can be exactly that.

    A reading has readings like it elsewhere in the file. A code is more frequent than all that
    comes near it, stands beside darkness, is an irradiance below nought, or has so many digits
    (J/m²) that chance does not make them all nines.
    """
    marks = np.zeros(len(raw), dtype=bool)
    codes = is_code(raw) & (np.abs(raw) >= SMALLEST_CODE)
    if not codes.any():
        return marks
    usual = np.abs(raw[np.isfinite(raw) & ~codes])
    many_digits = float(np.max(usual, initial=0.0)) > MANY_DIGITS
    light = quantity in IRRADIANCES
    before, after = np.roll(values, 1), np.roll(values, -1)
    dark = (before < DARK_BESIDE * values) | (after < DARK_BESIDE * values)
    for code in np.unique(raw[codes]):
        equal = raw == code
        count = int(equal.sum())
        near = int((np.abs(raw - code) <= CODE_NEIGHBOURHOOD * abs(code)).sum()) - count
        frequent = count > CODE_REPEATED and count > near
        impossible = code < 0 or many_digits or bool((equal & dark & (values > BRIGHT)).any())
        if frequent or (light and impossible):
            marks |= equal
    return marks


def _texts(column: pd.Series, raw: Numbers, heading: Heading, file: str) -> list[Problem]:
    """What stands in the column and is no number."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return []
    texts = column[np.isnan(raw)].dropna().astype(str).str.strip()
    texts = texts[~texts.str.lower().isin(["", "--", "-", "—", "na", "nan", "n/a", "null", "none"])]
    if texts.empty:
        return []
    return [
        Problem(
            Severity.WARNING,
            "weather_text",
            _(
                "{name}有 {count} 处不是数值（如“{text}”），按缺测计。",
                name=_(QUANTITY_LABELS[heading.quantity]),
                count=len(texts),
                text=texts.iloc[0][:20],
            ),
            _("请核对原始数据。"),
            file=file,
            column=heading.header,
        )
    ]


def _unit_of(
    raw: Numbers, heading: Heading, file: str, span_days: float
) -> tuple[WeatherUnit, list[Problem]]:
    """The unit of values whose heading states none: ours, unless they cannot be in it."""
    ours = UNITS[heading.quantity.value][0]
    high = BOUNDS[heading.quantity][1]
    usable = raw[np.isfinite(raw) & ~is_code(raw)]
    if not len(usable):
        return ours, []
    year = span_days >= LEAST_YEAR_DAYS
    if heading.quantity in IRRADIANCES and np.max(usable) > 0:
        most = float(np.quantile(usable, PEAK_QUANTILE))
        if most < LEAST_PEAK or most > high or (year and most < WEAKEST_SUNNY_YEAR / CLOUDIEST):
            raise _unit_question(heading, file, got=_("最大 {value}", value=f"{most:g}"))
        if heading.quantity is WeatherQuantity.GHI and year and most < WEAKEST_SUNNY_YEAR:
            return ours, [_assumed(heading, ours, file, f"{most:g}")]
    if heading.quantity is WeatherQuantity.TEMP_AIR:
        middle = float(np.median(usable))
        inside = (usable > KELVIN_RANGE[0]) & (usable < KELVIN_RANGE[1])
        if KELVIN_MEDIAN[0] <= middle <= KELVIN_MEDIAN[1] and np.mean(inside) > KELVIN_SHARE:
            kelvin = UNITS[heading.quantity.value][1]
            return kelvin, [_assumed(heading, kelvin, file, f"{middle:g}")]
        if year and np.mean(usable) > HOTTEST_MEAN:
            raise _unit_question(heading, file, got=_("平均 {value}", value=f"{np.mean(usable):g}"))
    if heading.quantity is WeatherQuantity.WIND_SPEED and year and np.mean(usable) > WINDIEST_MEAN:
        raise _unit_question(heading, file, got=_("平均 {value}", value=f"{np.mean(usable):g}"))
    return ours, []


def _assumed(heading: Heading, unit: WeatherUnit, file: str, got: str) -> Problem:
    return Problem(
        Severity.WARNING,
        "weather_unit_assumed",
        _(
            "“{header}”未注明单位，按 {unit} 计。",
            header=heading.header,
            unit=unit.name,
        ),
        _unit_remedy(heading.quantity),
        file=file,
        column=heading.header,
        got=got,
    )


def _unit_question(heading: Heading, file: str, *, got: str) -> Exception:
    return input_error(
        "weather_unit",
        _(
            "看不出{name}“{header}”的单位。",
            name=_(QUANTITY_LABELS[heading.quantity]),
            header=heading.header,
        ),
        file=file,
        column=heading.header,
        got=got,
        allowed="、".join(unit.name for unit in UNITS[heading.quantity.value][:9]),
        remedy=_unit_remedy(heading.quantity),
    )


def _unit_remedy(quantity: WeatherQuantity) -> str:
    unit = UNITS[quantity.value][0].name
    name = _(QUANTITY_LABELS[quantity])
    return _("请核对该列，并在表头注明单位，如“{name}({unit})”。", name=name, unit=unit)


def _bounds_text(quantity: WeatherQuantity) -> str:
    low, high = BOUNDS[quantity]
    unit = UNITS[quantity.value][0].name
    return _("{low} 至 {high}", low=f"{low:g}", high=f"{high:g} {unit}")
