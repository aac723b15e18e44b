"""A turbine's power curve from a manufacturer's table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.method import CURVE_CODE_ABOVE, KW_PEAK, LEAST_CUT_OUT
from greenland.energy.profiles.one_table import read_table
from greenland.energy.profiles.renewable.headings import normalised
from greenland.energy.profiles.renewable.measurements import is_code
from greenland.energy.profiles.renewable.weather_units import SPEED
from greenland.energy.profiles.tables import numbers
from greenland.energy.profiles.words_beside import header_holds, stated_words
from greenland.errors import Problem, Severity, input_error
from greenland.i18n import _

Numbers = npt.NDArray[np.float64]

_SPEED = re.compile(r"风速|wind|speed|m/s|^v(?:$|\W|_)|^ws", re.IGNORECASE)
_POWER = re.compile(r"功率|出力|power|(?<![a-z])[kmg]?w(?![a-z])|^p(?:$|\W|_)|^value$|标幺|pu$")
_NO_POWER = re.compile(
    r"系数|效率|推力|转速|噪|声|桨|扭矩|无功|视在|电流|温度|不确定|标准差|次数"
    r"|coeff|(?<![a-z])(?:cp|ct|rpm|pitch|torque|std|count|kvar)(?![a-z])|thrust|noise|db\(|effic"
)
_POWER_UNITS = (  # in kW
    ("kW", r"(?<![a-z])kw(?![a-z])|千瓦", 1.0),
    ("MW", r"(?<![a-z])mw(?![a-z])|兆瓦", 1000.0),
    ("W", r"(?<![a-z])w(?![a-z])|(?<![千兆])瓦", 0.001),
)
_SHARE = re.compile(r"%|百分|标幺|(?<![a-z])p\.?u\.?(?![a-z])|比例")
_DENSITY = re.compile(r"(?:ρ|密度|density|rho)?\D{0,6}((?:0\.[6-9]|1\.[0-3])\d{0,3})\s*(?:kg)?")
_DENSITY_SAID = re.compile(r"(?:ρ|密度|density|rho)\D{0,12}((?:0\.[6-9]|1\.[0-3])\d{0,3})")
_BIN = re.compile(r"^[\[(]?\s*(\d+(?:\.\d+)?)\s*(?:[-~–—至,]|到)\s*(\d+(?:\.\d+)?)\s*[\])]?$")
STANDARD_DENSITY = 1.225  # kg/m³


def read_curve(path: Path, *, power: str | None = None, sheet: str | None = None) -> pd.Series:
    """Read a power curve: a column of wind speeds and one of power.

    Parameters
    ----------
    path : Path
    power : str, optional
        Header of the power column; needed where several fit, such as one per air density.
    sheet : str, optional

    Returns
    -------
    Series
        Power [kW, or per unit] by wind speed [m/s]. ``attrs["air_density"]`` is the density the
        column is stated for [kg/m³], ``attrs["problems"]`` what had to be understood.

    Raises
    ------
    InputError
        If there are not two such columns, several fit, or the unit of the power cannot be told.

    Notes
    -----
    Coefficients (Cp, Ct) are never taken for power. Wind-speed bins such as 3–4 stand for their
    middle. A table laid on its side is turned.
    """
    table, _row = read_table(path, _is_header, sheet=sheet)
    said: tuple[str, ...] = table.attrs["said"]
    table = _upright(table)
    headers = [str(name) for name in table.columns]
    speed = next((name for name in headers if _SPEED.search(name) and not _is_power(name)), None)
    column = _power_column(headers, speed, power, path.name)
    if speed is None or column is None:
        raise input_error(
            "power_curve",
            _("功率曲线表要有风速和功率两列。"),
            file=path.name,
            got="、".join(headers),
            remedy=_("功率系数（Cp、Ct）不能当作功率；请给出功率（kW）列。"),
        )
    problems: list[Problem] = []
    speeds = _speeds(table[speed], speed, path.name, problems)
    values = numbers(table[column])
    _check_rows(table, speeds, values, column, path.name, problems)
    good = np.isfinite(speeds) & np.isfinite(values)
    speeds, values = speeds[good], values[good]
    factor = _power_factor(column, values, said, path.name, problems)
    curve = pd.Series(values * factor, index=speeds, name="power").sort_index(kind="stable")
    curve = _one_power_each(curve, path.name)
    problems += _ends_early(curve, path.name)
    curve.attrs["problems"] = tuple(problems)
    curve.attrs["air_density"] = _density(column) or _density_said(said) or STANDARD_DENSITY
    return curve


def _is_header(row: Sequence[str]) -> bool:
    return any(_SPEED.search(text) for text in row)


def _is_power(header: str) -> bool:
    text = normalised(header)
    return bool(_POWER.search(text)) and not _NO_POWER.search(text)


def _upright(table: pd.DataFrame) -> pd.DataFrame:
    """Turn a table whose first row holds the wind speeds."""
    headers = [str(name) for name in table.columns]
    speeds = [re.fullmatch(r"\d+(?:\.\d+)?(?:\.\d+)?", name) for name in headers[1:]]
    if len(headers) < 5 or not all(speeds) or not _SPEED.search(headers[0]):
        return table
    turned = table.set_index(headers[0]).T
    turned.insert(0, headers[0], headers[1:])
    turned.columns = [str(name) for name in turned.columns]
    return turned.reset_index(drop=True)


def _power_column(
    headers: Sequence[str], speed: str | None, wanted: str | None, file: str
) -> str | None:
    """The column of the power; of several the one for standard density, else a question."""
    if wanted is not None:
        if wanted in headers:
            return wanted
        raise input_error(
            "power_curve_column",
            _("没有名为“{name}”的列。", name=wanted),
            file=file,
            allowed="、".join(headers),
        )
    fitting = [name for name in headers if name != speed and _is_power(name)]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    standard = [name for name in fitting if _density(name) == STANDARD_DENSITY]
    if len(standard) == 1 and all(_density(name) for name in fitting):
        return standard[0]
    raise input_error(
        "power_curve_candidates",
        _("有几列都可能是功率，请指明用哪一列。"),
        file=file,
        got="、".join(fitting),
        remedy=_("请用 --power-column {name}（Python 中为 power）指明。", name=fitting[0]),
    )


def _density(header: str) -> float | None:
    """Density of the air a heading names [kg/m³]."""
    match = _DENSITY.search(normalised(header))
    return float(match[1]) if match else None


def _density_said(texts: Sequence[str]) -> float | None:
    """The one density of the air titles and notes name [kg/m³]."""
    found = {float(match[1]) for text in texts if (match := _DENSITY_SAID.search(normalised(text)))}
    return found.pop() if len(found) == 1 else None


def _one_power_each(curve: pd.Series, file: str) -> pd.Series:
    """The curve with each wind speed once; two powers at one speed are refused."""
    spread = curve.groupby(level=0).agg(["min", "max"])
    twice = spread[spread["min"] != spread["max"]]
    if len(twice):
        raise input_error(
            "power_curve_twice",
            _("功率曲线在风速 {speed} m/s 处有两个不同的功率。", speed=f"{twice.index[0]:g}"),
            file=file,
            got="、".join(f"{value:g}" for value in twice.iloc[0]),
            remedy=_("多半混有几条曲线：请只留一条。"),
        )
    return curve[~curve.index.duplicated()]


def _speeds(column: pd.Series, header: str, file: str, problems: list[Problem]) -> Numbers:
    """Wind speeds [m/s]; bins by their middle, other units converted."""
    speeds = numbers(column)
    bins = [_BIN.match(normalised(str(cell))) for cell in column]
    binned = np.array([match is not None for match in bins])
    if binned.any():
        middles = [(float(match[1]) + float(match[2])) / 2 if match else np.nan for match in bins]
        speeds = np.where(binned, middles, speeds)
        problems.append(
            Problem(
                Severity.WARNING,
                "power_curve_bins",
                _("风速为区间（如 {text}），按区间中点计。", text=str(column[binned].iloc[0])),
                file=file,
                column=header,
            )
        )
    text = normalised(header)
    for unit in SPEED[1:]:
        if re.search(rf"(?<![a-z])(?:{unit.pattern})(?![a-z])", text):
            return unit.to_ours(speeds, 1.0)
    return speeds


def _check_rows(
    table: pd.DataFrame,
    speeds: Numbers,
    values: Numbers,
    column: str,
    file: str,
    problems: list[Problem],
) -> None:
    """Refuse a wind speed whose power cannot be read; say which rows are none of the curve."""
    usual = values[np.isfinite(values) & ~is_code(values)]
    codes = is_code(values) & ~(np.abs(values) <= CURVE_CODE_ABOVE * np.max(usual, initial=0.0))
    half = np.isfinite(speeds) & (~np.isfinite(values) | codes)
    if half.any():
        where = int(np.argmax(half))
        raise input_error(
            "power_curve",
            _("功率曲线在风速 {speed} m/s 处没有功率数值。", speed=f"{speeds[where]:g}"),
            file=file,
            column=column,
            got=str(table[column].iloc[where]),
            remedy=_("请补全该行，或删去该行。"),
        )
    other = ~np.isfinite(speeds) & table.notna().any(axis=1).to_numpy()
    if other.any():
        first = table.loc[other].iloc[0].dropna()
        problems.append(
            Problem(
                Severity.WARNING,
                "power_curve_rows",
                _(
                    "功率曲线表有 {count} 行不是风速（如“{text}”），未采用。",
                    count=int(other.sum()),
                    text=str(first.iloc[0])[:30],
                ),
                file=file,
            )
        )


def _power_factor(
    header: str, values: Numbers, said: Sequence[str], file: str, problems: list[Problem]
) -> float:
    """What turns the power into kW, or leaves it per unit."""
    text = normalised(header)
    if _SHARE.search(text):
        return 0.01 if "%" in text or "百分" in text else 1.0
    beside = {
        factor
        for word in stated_words(said)
        for _name, pattern, factor in _POWER_UNITS
        if re.fullmatch(pattern, normalised(word))
    }
    own = next(
        (factor for _name, pattern, factor in _POWER_UNITS if re.search(pattern, text)), None
    )
    if own is not None and not beside <= {own}:
        problems.append(header_holds(header, file))
    if own is not None:
        return own
    if len(beside) == 1:
        return beside.pop()
    most = float(np.max(values, initial=0.0))
    # without a unit: per unit up to 1, kW from 50 on; between lie megawatts and doubt
    if most <= 1.0 or KW_PEAK[0] <= most < KW_PEAK[1]:
        return 1.0
    raise input_error(
        "power_curve_unit",
        _("看不出功率列“{name}”的单位。", name=header),
        file=file,
        got=_("最大 {value}", value=f"{most:g}"),
        allowed="kW、MW、W、%",
        remedy=_("请在表头注明单位，如“功率(kW)”。"),
    )


def _ends_early(curve: pd.Series, file: str) -> list[Problem]:
    """Say that a curve stops at a speed at which turbines still run."""
    last = float(curve.index[-1]) if len(curve) else 0.0
    if not len(curve) or last >= LEAST_CUT_OUT or curve.iloc[-1] <= 0:
        return []
    return [
        Problem(
            Severity.WARNING,
            "power_curve_short",
            _("功率曲线只到 {speed} m/s，以上按停机计。", speed=f"{last:g}"),
            _("请补到切出风速。"),
            file=file,
        )
    ]
