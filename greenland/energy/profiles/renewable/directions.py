"""Wind directions of weather and mast files: degrees from north, or the sixteen points by name.

A direction is no quantity of the calculation: it is neither averaged nor filled, only counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.method import CALM, LEAST_PRESENT, MOST_IMPOSSIBLE
from greenland.energy.profiles.renewable.headings import (
    height_of,
    is_statistic,
    normalised,
)
from greenland.energy.profiles.renewable.measurements import is_code
from greenland.energy.profiles.tables import numbers
from greenland.errors import Problem, Severity
from greenland.i18n import _

Numbers = npt.NDArray[np.float64]

NAME = "wind_direction"
"""How files, columns and pvlib call it."""
POINTS = (
    *("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE"),
    *("S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"),
)
"""The sixteen points of the compass, from north by east."""
SECTOR = 360.0 / len(POINTS)
"""Width of a sector [°]."""
FULL_CIRCLE = 360.0
VARIABLE = 990.0  # of reports from airfields: the direction changes

_HEADER = re.compile(r"风向|wind.?dir|(?<![a-z])(?:w_?dir|wd|dir|winddirection)(?![a-z])")
_NO_DEGREES = re.compile(r"\(\s*rad|弧度|频率|频次|玫瑰")
_HEIGHT = re.compile(r"(?:风向|dir(?:ection)?|wd)[\s_-]*(\d{2,3})(?!\d)")
_CHINESE = (
    *(("北",), ("北东北", "北北东"), ("东北",), ("东东北", "东北东")),
    *(("东",), ("东东南", "东南东"), ("东南",), ("南东南", "南南东")),
    *(("南",), ("南西南", "南南西"), ("西南",), ("西西南", "西南西")),
    *(("西",), ("西西北", "西北西"), ("西北",), ("北西北", "北北西")),
)
_WORDS = {point: SECTOR * place for place, point in enumerate(POINTS)} | {
    word: SECTOR * place for place, words in enumerate(_CHINESE) for word in words
}


@dataclass(frozen=True)
class Directions:
    """Directions of a column, NaN where there is none, and what is to be said.

    Parameters
    ----------
    values : array or None
        From north by east, 0 up to but not 360 [°]; None where the column cannot be used.
    problems : tuple of Problem
    """

    values: Numbers | None
    problems: tuple[Problem, ...] = ()


def is_calm(speed: Numbers) -> npt.NDArray[np.bool_]:
    """Steps in which no direction counts, for the wind hardly blows; never where it is not known.

    Parameters
    ----------
    speed : array
        [m/s]
    """
    with np.errstate(invalid="ignore"):
        return np.asarray(speed <= CALM)


def direction_header(headers: Sequence[str], height: float | None) -> str | None:
    """The column of directions: of several the one nearest to the height of the speed [m]."""
    found = [header for header in headers if _is_direction(header)]
    if not found or height is None:
        return found[0] if found else None
    return min(found, key=lambda header: abs((_height(header) or height) - height))


def _is_direction(header: str) -> bool:
    text = normalised(header)
    return bool(_HEADER.search(text)) and not (is_statistic(text) or _NO_DEGREES.search(text))


def _height(header: str) -> float | None:
    stated = height_of(header)
    if stated is not None:
        return stated
    match = _HEIGHT.search(normalised(header))
    return float(match[1]) if match else None


def directions_of(column: pd.Series, header: str, file: str) -> Directions:
    """Directions of a column: degrees from 0 to 360, or names such as ``NNE`` and 北东北.

    Codes for *missing*, calm (``C``, 静风) and what is no direction are left out; a column in
    which more than one value in twenty is none is not used at all, and it is said.
    """
    raw = numbers(column)
    if not pd.api.types.is_numeric_dtype(column.dtype):
        words = column.astype(str).str.strip().str.upper().map(_WORDS).to_numpy(dtype=float)
        raw = np.where(np.isfinite(words), words, raw)
    known = np.isfinite(raw)
    with np.errstate(invalid="ignore"):
        outside = known & ~((raw >= 0) & (raw <= FULL_CIRCLE))
    wrong = outside & ~is_code(raw) & (raw != VARIABLE)
    good = known & ~outside
    problems = []
    if wrong.any():
        few = wrong.sum() <= MOST_IMPOSSIBLE * max(1, good.sum() + wrong.sum())
        problems.append(_wrong(raw[wrong], header, file, few=bool(few)))
        if not few:
            return Directions(None, tuple(problems))
    if good.mean() < LEAST_PRESENT:
        return Directions(None, tuple(problems))
    return Directions(np.where(good, raw % FULL_CIRCLE, np.nan), tuple(problems))


def _wrong(values: Numbers, header: str, file: str, *, few: bool) -> Problem:
    text = _("风向“{header}”有 {count} 个值不在 0–360 之内", header=header, count=len(values))
    done = _("，按缺测计。") if few else _("，不像以度计的风向，未采用，不画风向玫瑰图。")
    return Problem(
        Severity.WARNING,
        "wind_direction",
        text + done,
        _("请核对该列；风向以度计，自正北顺时针，或写 N、NNE、北东北等十六方位。"),
        file=file,
        column=header,
        got=f"{values[0]:g}",
        allowed="0–360",
    )
