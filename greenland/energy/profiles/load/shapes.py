"""Typical day shapes by industry and shift pattern, or the user's, and years made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from greenland.energy.profiles import provenance, quality
from greenland.energy.profiles.calendar import DayType, coverage_problems, day_types
from greenland.energy.profiles.defaults import defaults
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.method import LEAST_LOAD_FACTOR, LOAD_MEMORY
from greenland.energy.profiles.one_table import read_table
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.tables import numbers
from greenland.energy.profiles.timeline import step_of, year_index
from greenland.errors import input_error
from greenland.i18n import _, language
from greenland.rules.book import Rulebook
from greenland.yamlfile import nearest, read_model

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class DayShape:
    """Relative power through a day, for each kind of day.

    Parameters
    ----------
    id : str
    days : mapping of DayType to array
        24, 48 or 96 values from 00:00 on; only their ratios count. A kind that is missing takes
        the next more usual one: Spring Festival → holiday → weekend → workday.
    title, title_en : str
    confidence : str
        As for rules; ``"assumption"`` for the built-in shapes.
    document : str
        Where it comes from.
    """

    id: str
    days: Mapping[DayType, Numbers]
    title: str = ""
    title_en: str = ""
    confidence: str = "user"
    document: str = ""

    @property
    def name(self) -> str:
        """Title in the language in use."""
        return (self.title if language() == "zh" else self.title_en) or self.id

    def day(self, kind: DayType) -> Numbers:
        """Values of one kind of day."""
        for candidate in _FALLBACK[kind]:
            if candidate in self.days:
                return self.days[candidate]
        raise input_error(
            "shape_no_workday",
            _("日形状“{name}”缺少工作日曲线。", name=self.name),
            remedy=_("请至少给出工作日的 24 或 96 个值。"),
        )


_FALLBACK = {
    DayType.WORKDAY: (DayType.WORKDAY,),
    DayType.WEEKEND: (DayType.WEEKEND, DayType.WORKDAY),
    DayType.HOLIDAY: (DayType.HOLIDAY, DayType.WEEKEND, DayType.WORKDAY),
    DayType.SPRING_FESTIVAL: (
        DayType.SPRING_FESTIVAL,
        DayType.HOLIDAY,
        DayType.WEEKEND,
        DayType.WORKDAY,
    ),
}


class _Pattern(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    title_en: str
    activity: list[float] = Field(min_length=24, max_length=24)
    base: float = Field(ge=0, le=1)
    weekend: float = Field(ge=0)
    holiday: float = Field(ge=0)
    spring_festival: float = Field(ge=0)


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    title_en: str
    industries: list[str]
    pattern: str
    base: float = Field(ge=0, le=1)
    weekend: float = Field(ge=0)
    holiday: float = Field(ge=0)
    spring_festival: float = Field(ge=0)


class _ShapeFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    document: str
    confidence: str
    patterns: dict[str, _Pattern]
    shapes: dict[str, _Shape]


@cache
def _file() -> _ShapeFile:
    return read_model(Path(__file__).with_name("shapes.yaml"), _ShapeFile)


def shape_of(
    activity: Sequence[float],
    base: float,
    *,
    weekend: float = 1.0,
    holiday: float = 1.0,
    spring_festival: float = 1.0,
    id: str = "user",  # noqa: A002 (the field's name)
    title: str = "",
    title_en: str = "",
) -> DayShape:
    """Make a shape of a shift pattern and a base that never stops.

    Parameters
    ----------
    activity : sequence of float
        Production through a workday, 0 … 1.
    base : float
        Share of the power that never stops, as decimal.
    weekend, holiday, spring_festival : float
        Production on such days over that of a workday, as decimal.
    """
    work = np.asarray(activity, dtype=float)
    factors = {
        DayType.WORKDAY: 1.0,
        DayType.WEEKEND: weekend,
        DayType.HOLIDAY: holiday,
        DayType.SPRING_FESTIVAL: spring_festival,
    }
    days = {kind: base + (1 - base) * work * factor for kind, factor in factors.items()}
    return DayShape(id, days, title, title_en)


@cache
def built_in() -> dict[str, DayShape]:
    """Every built-in shape by its id, industries before bare shift patterns.

    All are assumptions, and say so.
    """
    file = _file()
    items: dict[str, _Shape | _Pattern] = {**file.patterns, **file.shapes}
    order = [*file.shapes, *(name for name in file.patterns if name not in file.shapes)]
    shapes = {}
    for name in order:
        item = items[name]
        activity = (
            item.activity if isinstance(item, _Pattern) else file.patterns[item.pattern].activity
        )
        made = shape_of(
            activity,
            item.base,
            weekend=item.weekend,
            holiday=item.holiday,
            spring_festival=item.spring_festival,
        )
        shapes[name] = replace(
            made,
            id=name,
            title=item.title,
            title_en=item.title_en,
            confidence=file.confidence,
            document=file.document,
        )
    return shapes


def shape(name: str) -> DayShape:
    """A built-in shape by its id.

    Raises
    ------
    InputError
        If there is none of that id.
    """
    known = built_in()
    if name in known:
        return known[name]
    guess = nearest(name, list(known))
    raise input_error(
        "shape_unknown",
        _("没有名为“{name}”的日形状。", name=name),
        got=name,
        allowed="、".join(known),
        remedy=_("是否应为“{guess}”？", guess=guess) if guess else "",
    )


_DAY_HEADERS = (
    (DayType.SPRING_FESTIVAL, re.compile(r"春节|spring", re.IGNORECASE)),
    (DayType.HOLIDAY, re.compile(r"节假日|假日|holiday", re.IGNORECASE)),
    (DayType.WEEKEND, re.compile(r"周末|休息日|双休|weekend|rest", re.IGNORECASE)),
    (DayType.WORKDAY, re.compile(r"工作日|典型日|负荷|功率|workday|load|kw|mw", re.IGNORECASE)),
)


def read_shape(path: Path, *, name: str | None = None, sheet: str | None = None) -> DayShape:
    """Read the user's own day curves.

    Parameters
    ----------
    path : Path
        A table of 24, 48 or 96 rows from 00:00 on: a column 工作日, and if they differ 周末,
        节假日, 春节. Any unit; only ratios count.
    name : str, optional
        The file's name when None.

    Raises
    ------
    InputError
        If there is no column for workdays, a value is missing or negative, or the number of rows
        is another.
    """
    table, _row = read_table(
        path, lambda row: any(_DAY_HEADERS[-1][1].search(text) for text in row), sheet=sheet
    )
    days: dict[DayType, Numbers] = {}
    for header in table.columns:
        kind = next((kind for kind, words in _DAY_HEADERS if words.search(str(header))), None)
        if kind is not None and kind not in days:
            days[kind] = numbers(table[header])
    title = name or path.stem
    faulty = [values for values in days.values() if not (values >= 0).all() or values.max() <= 0]
    if DayType.WORKDAY not in days or faulty or len(table) not in (24, 48, 96):
        raise input_error(
            "shape_table",
            _("日形状表应有“工作日”列和 24、48 或 96 行不小于零的数。"),
            file=path.name,
            got=_(
                "{rows} 行；{columns}", rows=len(table), columns="、".join(map(str, table.columns))
            ),
        )
    return DayShape(title, days, title, title, "user", path.name)


def shape_for_industry(code: str) -> DayShape | None:
    """The built-in shape of a GB/T 4754 code, by its longest known prefix; None without one."""
    digits = code.strip().lstrip("ABCDEFGHIJKLMNOPQRST")
    fitting = [
        (len(prefix), name)
        for name, item in _file().shapes.items()
        for prefix in item.industries
        if digits.startswith(prefix)
    ]
    return built_in()[max(fitting)[1]] if fitting else None


def expand(day_shape: DayShape, index: pd.DatetimeIndex) -> Numbers:
    """Relative power of every step of an index of whole days.

    Steps finer than the shape repeat its values; coarser ones take the mean.
    """
    per_day = round(pd.Timedelta(days=1) / step_of(index))
    kinds = pd.concat([day_types(year) for year in sorted(set(index.year))])
    rows = {kind: _resampled(day_shape.day(kind), per_day) for kind in DayType}
    dates = pd.DatetimeIndex(index.tz_localize(None)).normalize()
    first = dates[0]
    slots = np.asarray((index.tz_localize(None) - dates) / step_of(index)).round().astype(int)
    places = np.asarray((dates - first).days)
    daily = kinds.reindex(pd.date_range(first, dates[-1], freq="D"))
    table = np.vstack([rows[kind] for kind in daily])
    return np.asarray(table[places, slots], dtype=float)


def _resampled(values: Numbers, per_day: int) -> Numbers:
    """The same day in *per_day* steps."""
    count = len(values)
    if per_day % count == 0:
        return np.repeat(values, per_day // count)
    if count % per_day == 0:
        return np.asarray(values.reshape(per_day, -1).mean(axis=1), dtype=float)
    raise input_error(
        "shape_length",
        _("日形状的点数与时间步长不配。"),
        got=str(count),
        allowed="24、48、96",
    )


def load_year(
    year: int,
    annual_mwh: float,
    day_shape: DayShape | str,
    *,
    monthly_shares: Sequence[float] | None = None,
    fluctuation: float = 0.0,
    seed: int = 1,
    step: str = "1h",
    rulebook: Rulebook | None = None,
) -> pd.Series:
    """A year of load with a given energy, from a day shape and the Chinese calendar.

    Parameters
    ----------
    year : int
    annual_mwh : float
        Energy of the year, met exactly [MWh].
    day_shape : DayShape or str
        A shape, or the id of a built-in one.
    monthly_shares : sequence of 12 floats, optional
        Relative energy of the months (their ratios count); by the shape alone when None.
    fluctuation : float
        Standard deviation of an invented hour-to-hour fluctuation, over the mean, as decimal. If
        not zero the series is synthetic.
    seed : int
        Of the fluctuation.
    step : str
        ``"1h"`` or ``"15min"``.
    rulebook : Rulebook, optional
        For the thresholds of the quality sheet.

    Returns
    -------
    Series
        Named ``load`` [MW].

    Raises
    ------
    InputError
        If the energy is negative or there are not twelve shares.
    """
    chosen = shape(day_shape) if isinstance(day_shape, str) else day_shape
    _check_year(annual_mwh, monthly_shares)
    index = year_index(year, step)
    values = expand(chosen, index)
    if fluctuation:
        hours = step_of(index) / pd.Timedelta(hours=1)
        values = values * _fluctuate(len(index), hours, fluctuation, seed)
    if monthly_shares is not None:
        months = index.month.to_numpy() - 1
        wanted = np.asarray(monthly_shares, dtype=float)
        values = values * (wanted / np.bincount(months, weights=values, minlength=12))[months]
    hours = step_of(index) / pd.Timedelta(hours=1)
    series = pd.Series(values * (annual_mwh / (values.sum() * hours)), index=index, name="load")
    notes: list[str] = [_("负荷由年电量和典型日形状“{name}”推算，非实测。", name=chosen.name)]
    notes += [problem.message for problem in coverage_problems(year)]
    made = provenance.record(
        Kind.SHAPE,
        unit="MW",
        sources=[chosen.document] if chosen.document else [],
        notes=notes,
        synthetic=True,
        year=year,
        shape=chosen.id,
        confidence=chosen.confidence,
        annual_mwh=annual_mwh,
        fluctuation=fluctuation,
        seed=seed if fluctuation else None,
    )
    quality.attach(series, quality.assess(series, Subject.LOAD, defaults(rulebook, year)))
    return provenance.attach(series, made)


def _check_year(annual_mwh: float, monthly_shares: Sequence[float] | None) -> None:
    if not (annual_mwh >= 0 and np.isfinite(annual_mwh)):
        raise input_error("load_energy", _("年用电量必须不小于零。"), got=str(annual_mwh))
    if monthly_shares is not None and (len(monthly_shares) != 12 or min(monthly_shares) < 0):
        raise input_error(
            "monthly_shares",
            _("各月用电比例应为 12 个不小于零的数。"),
            got=str(list(monthly_shares)),
        )


def _fluctuate(count: int, hours: float, size: float, seed: int) -> Numbers:
    """Factors around one with a memory of some hours, never below a tenth."""
    generator = np.random.default_rng([seed, 3])
    memory = LOAD_MEMORY**hours
    noise = generator.standard_normal(count) * np.sqrt(1 - memory**2)
    noise[0] /= np.sqrt(1 - memory**2)
    from scipy import signal  # takes long to import, and most use the shapes of days alone

    path = signal.lfilter([1.0], [1.0, -memory], noise)
    return np.asarray(np.clip(1 + size * path, LEAST_LOAD_FACTOR, None), dtype=float)
