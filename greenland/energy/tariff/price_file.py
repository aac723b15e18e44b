"""A file of market prices: one price per step of the load, by time, in yuan/kWh."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles import dates_apart
from greenland.energy.profiles.columns import DATE, TIME, day_slots, slot_minutes
from greenland.energy.profiles.one_table import read_table
from greenland.energy.profiles.price_units import (
    PRICE_UNIT,
    price_unit,
    price_units,
    unlikely_unit,
    yuan_per_kwh,
)
from greenland.energy.profiles.readings import gridded
from greenland.energy.profiles.renewable.measurements import is_code
from greenland.energy.profiles.tables import numbers
from greenland.energy.profiles.times import parse
from greenland.energy.profiles.words_beside import states_unit
from greenland.energy.tariff.config import SeriesFile
from greenland.energy.tou import wall_clock
from greenland.errors import InputError, Severity, input_error
from greenland.i18n import Text, _

Note = Text | str
Numbers = npt.NDArray[np.float64]

_PRICE = re.compile(r"价|price|lmp|tariff|(元|yuan|cny|rmb|分|厘)\s*/", re.IGNORECASE)
_NO_PRICE = re.compile(
    r"电量|成交量|出清量|申报量|负荷|容量|出力|电费|金额|价差|上限|下限|限价"
    r"|volume|quantity|load|demand|energy|amount|spread|(?<![a-z])(cap|floor)(?![a-z])",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"^(时刻|时点|时段|小时|时|点|时序|点位|序号|clock|hour|period|interval)$", re.IGNORECASE
)
_STRANGE_UNIT = re.compile(r"[(\[]([^()\[\]]*/[^()\[\]]*)[)\]]|([$€£]|usd|eur|jpy|美元|欧元)")
_WITHOUT_TAX = re.compile(r"不含(?:增值)?税|除税|excl\w*\.? *(?:vat|tax)")
# A price per kWh above it is taken for one in another unit; not a limit of any rule.
LARGEST_YUAN_PER_KWH = 10.0
_PRICES = "电价"


@dataclass(frozen=True)
class Prices:
    """Prices on the steps of the load [yuan/kWh], and what had to be understood."""

    series: pd.Series
    notes: tuple[str, ...]


def read_price_file(path: Path, spec: SeriesFile, index: pd.DatetimeIndex) -> Prices:
    """Read the prices of a file for the steps of a load.

    Parameters
    ----------
    path : Path
    spec : SeriesFile
        The column and the scale, where the user names them.
    index : DatetimeIndex
        Steps of the load; naive times are Beijing's.

    Returns
    -------
    Prices
        Aligned by time: finer prices are averaged over a step, coarser ones hold for all of it.
        A file without times must have one row per step, in order.

    Raises
    ------
    InputError
        If the file cannot be read, several columns could be the price, its unit cannot be told,
        or steps have no price.
    """
    table, _row = read_table(path, _is_header)
    said: tuple[str, ...] = table.attrs["said"]
    notes: list[Note] = []
    if spec.column is None:
        table, notes = _with_dates(table, said, path)
    headers = [str(name) for name in table.columns]
    slots = day_slots(headers)
    date = next((name for name in headers if DATE.match(name) or TIME.match(name)), None)
    if slots is not None and date is not None:
        days = parse(table[date]).values.normalize()
        times = pd.DatetimeIndex(
            np.add.outer(
                days.to_numpy(), pd.to_timedelta(slots.minutes, unit="min").to_numpy()
            ).ravel()
        )
        raw = np.column_stack([numbers(table[name]) for name in slots.columns]).ravel()
        header = spec.column or path.stem
        notes += slots.notes
        header = _with_unit(header, said, spec, notes)
        return _placed(times, raw, header, spec, index, notes, path.name, step=slots.step)
    clock = next((name for name in headers if _CLOCK.match(name)), None)
    column = _column(
        table, [name for name in headers if name not in (date, clock)], spec, path.name
    )
    raw = numbers(table[column])
    column = _with_unit(column, said, spec, notes)
    if date is None and clock is not None and TIME.match(clock):
        date, clock = clock, None
    if date is None:
        return _by_order(raw, column, spec, index, path.name)
    times = _times(table, date, clock, notes)
    unread = int(np.sum(np.asarray(times.isna()) & np.isfinite(raw)))
    if unread:
        notes.append(_("{count} 行的时间读不出，未采用。", count=unread))
    return _placed(times, raw, column, spec, index, notes, path.name)


def _with_dates(
    table: pd.DataFrame, said: Sequence[str], path: Path
) -> tuple[pd.DataFrame, list[Note]]:
    """The table with its dates in a column, where they stand in parts or across the header."""
    found, notes = dates_apart.in_column(table, dates_apart.stated_date("", said), _PRICES)
    if found is None:
        raise input_error(
            "date_open",
            _("看不出价格是哪一天的：年、月、日不全。"),
            file=path.name,
            got="、".join(map(str, table.columns))[:80],
            remedy=_("请加日期列，或在标题中写明年、月。"),
        )
    return found, notes


def _is_header(row: Sequence[str]) -> bool:
    if dates_apart.is_header(row):
        return True
    heads = [text for text in row if not states_unit(text)]  # such is a title
    return any(_PRICE.search(text) or TIME.match(text) or DATE.match(text) for text in heads)


def _normalised(header: str) -> str:
    return unicodedata.normalize("NFKC", header).lower()


def _column(table: pd.DataFrame, headers: Sequence[str], spec: SeriesFile, file: str) -> str:
    """The column of the price: the one named, or the only one that can be it."""
    if spec.column is not None:
        if spec.column in table.columns:
            return spec.column
        raise input_error(
            "price_column",
            _("价格文件里没有“{column}”列", column=spec.column),
            file=file,
            got=spec.column,
            allowed="、".join(map(str, table.columns)),
        )
    numeric = [name for name in headers if np.isfinite(numbers(table[name])).any()]
    fitting = [name for name in numeric if not _NO_PRICE.search(name)]
    outright = [name for name in fitting if _PRICE.search(name)] or fitting
    if len(outright) == 1:
        return outright[0]
    raise input_error(
        "price_column",
        _("看不出价格文件的哪一列是价格。") if not outright else _("价格文件有几列都可能是价格。"),
        file=file,
        got="、".join(outright or headers),
        remedy=_("请用 column 指明。"),
    )


def _times(
    table: pd.DataFrame, date: str, clock: str | None, notes: list[Note]
) -> pd.DatetimeIndex:
    """Times of the rows, from one column, or from a date and a clock time or number of a slot."""
    if clock is None:
        parsed = parse(table[date])
        notes += parsed.notes
        return parsed.values
    days = parse(table[date]).values.normalize()
    numbered = numbers(table[clock])
    if np.isfinite(numbered).all() and np.nanmax(numbered) >= 1:
        count = int(np.nanmax(numbered)) + (1 if np.nanmin(numbered) == 0 else 0)
        if count not in (24, 48, 96, 288):
            raise input_error(
                "price_slots",
                _("“{column}”列应为一天的第 1–24、1–48 或 1–96 个时段。", column=clock),
                got=f"{np.nanmin(numbered):g}–{np.nanmax(numbered):g}",
            )
        first = 0 if np.nanmin(numbered) == 0 else 1
        minutes = (numbered - first) * (1440 // count)
        notes.append(_("“{column}”列按一天的第几个时段读。", column=clock))
    else:
        texts = table[clock].map(lambda cell: slot_minutes(_clock_text(cell)))
        minutes = texts.to_numpy(dtype=float, na_value=np.nan)
    return days + pd.to_timedelta(minutes, unit="min")


def _clock_text(cell: object) -> str:
    if hasattr(cell, "strftime"):
        return str(cell.strftime("%H:%M"))
    return _normalised(str(cell)).strip()


def _by_order(
    raw: Numbers, column: str, spec: SeriesFile, index: pd.DatetimeIndex, file: str
) -> Prices:
    """Prices of a file without times: one row per step."""
    if len(raw) != len(index):
        raise input_error(
            "price_length",
            _("价格文件没有时间列，且行数与负荷的时间步数不同"),
            file=file,
            got=str(len(raw)),
            allowed=str(len(index)),
        )
    values, notes = _in_yuan(raw, column, spec, file)
    notes.append(_("价格文件没有时间列，按行序与负荷对应。"))
    return Prices(pd.Series(values, index=index), tuple(notes))


def _placed(
    times: pd.DatetimeIndex,
    raw: Numbers,
    column: str,
    spec: SeriesFile,
    index: pd.DatetimeIndex,
    notes: list[Note],
    file: str,
    step: pd.Timedelta | None = None,
) -> Prices:
    """Prices by their times on the steps of the load."""
    values, said = _in_yuan(raw, column, spec, file)
    placed = gridded(times, values, name=column, step=step, sources=[file])
    clash = [item for item in placed.problems if item.code == "duplicates_different"]
    if clash:
        raise InputError(clash)
    said += [str(item.message) for item in placed.problems if item.severity is not Severity.ERROR]
    series, how = _aligned(placed.series, index)
    missing = np.asarray(series.isna())
    if missing.any():
        first = wall_clock(index)[int(np.argmax(missing))]
        there = wall_clock(pd.DatetimeIndex(placed.series.index))
        raise input_error(
            "price_missing",
            _(
                "价格文件缺 {count} 个时段的价格，首个为 {first}。",
                count=int(missing.sum()),
                first=f"{first:%Y-%m-%d %H:%M}",
            ),
            file=file,
            column=column,
            got=_(
                "{start} 至 {end}",
                start=f"{there[0]:%Y-%m-%d %H:%M}",
                end=f"{there[-1]:%Y-%m-%d %H:%M}",
            ),
            remedy=_("请给出与负荷同一时间范围的价格。"),
        )
    return Prices(series, (*notes, *placed.notes, *said, *how))


def _aligned(prices: pd.Series, index: pd.DatetimeIndex) -> tuple[pd.Series, list[Note]]:
    """Prices on the steps of the load: means of finer ones, coarser ones for all their steps."""
    wanted = wall_clock(index)
    series = prices.set_axis(wall_clock(pd.DatetimeIndex(prices.index)))
    own = pd.Timedelta(series.index[1] - series.index[0])
    steps = np.diff(wanted.asi8)
    step = pd.Timedelta(int(steps.min()), unit=wanted.unit) if len(steps) else own
    minutes = _("{minutes} 分钟", minutes=f"{own / pd.Timedelta(minutes=1):g}")
    if own == step:
        return series.reindex(wanted).set_axis(index), []
    if own < step and step % own == pd.Timedelta(0):
        groups = series.groupby(pd.DatetimeIndex(series.index).floor(step))
        full = groups.mean().where(groups.count() == round(step / own))
        note = _("{step}价格按负荷的时间步取平均。", step=minutes)
        return full.reindex(wanted).set_axis(index), [note]
    if own % step == pd.Timedelta(0) and own <= pd.Timedelta(days=1):
        note = _("{step}价格在其时段内各步相同。", step=minutes)
        return series.reindex(wanted.floor(own)).set_axis(index), [note]
    raise input_error(
        "price_step",
        _("价格的步长 {own} 不能换算为负荷的步长 {step}。", own=str(own), step=str(step)),
    )


def _in_yuan(raw: Numbers, column: str, spec: SeriesFile, file: str) -> tuple[Numbers, list[Note]]:
    """Prices in yuan/kWh by the scale given, or by the unit of the heading."""
    known = raw[np.isfinite(raw)]
    usual = np.max(np.abs(known[~is_code(known)]), initial=0.0)
    codes = np.isfinite(raw) & is_code(raw) & (np.abs(raw) > 1.5 * usual)
    values = np.where(codes, np.nan, raw)
    notes: list[Note] = []
    if codes.any():
        notes.append(
            _(
                "{count} 个缺测代码（如 {code}）按缺价计。",
                count=int(codes.sum()),
                code=f"{raw[codes][0]:g}",
            )
        )
    factor, unit = price_unit(column)
    if "scale" not in spec.model_fields_set and len(several := price_units(column)) > 1:
        raise input_error(
            "price_unit",
            _("表头写着几种价格的单位。"),
            file=file,
            column=column,
            got="、".join(several),
            remedy=_("请在表头写明单位，或用 scale 换算。"),
        )
    if "scale" in spec.model_fields_set:
        notes.append(_("“{column}”列乘以 {scale}。", column=column, scale=f"{spec.scale:g}"))
        if factor is not None and not np.isclose(factor, abs(spec.scale), rtol=0.5):
            notes.append(_("表头写的单位是 {unit}，与 scale 不一致，按 scale 计。", unit=unit))
        return values * spec.scale, notes
    if _WITHOUT_TAX.search(_normalised(column)):
        raise input_error(
            "price_tax",
            _("表头写明电价不含税，测算所用的电价都含税。"),
            file=file,
            column=column,
            remedy=_("请换成含税价，或用 scale 写明换算（税率 13% 时含 1.13，单位也在其中）。"),
        )
    if factor is None:
        strange = _STRANGE_UNIT.search(_normalised(column))
        if strange:
            raise input_error(
                "price_unit",
                _("不认识价格的单位。"),
                file=file,
                column=column,
                got=strange[1] or strange[2],
                allowed=_("元/kWh、元/MWh、分/kWh"),
                remedy=_("请在表头写明单位，或用 scale 换算。"),
            )
        if problem := unlikely_unit(values, column, file):
            raise InputError([problem])
        notes.append(_("“{column}”列没有写明单位，按元/kWh计。", column=column))
        return values, notes
    notes.append(_("“{column}”列，单位 {unit}。", column=column, unit=unit))
    return values * factor, notes


def _with_unit(column: str, said: Sequence[str], spec: SeriesFile, notes: list[Note]) -> str:
    """The heading, with the unit a title or note states where it states none itself."""
    found = _stated(said)
    own = price_unit(column)[0]
    if "scale" in spec.model_fields_set or not found:
        return column
    units = "、".join(found.values())
    if own is not None:
        if own not in found:
            notes.append(
                _(
                    "“{column}”列按表头的单位读；标题或表注写着 {units}。",
                    column=column,
                    units=units,
                )
            )
        return column
    if _STRANGE_UNIT.search(_normalised(column)):
        return column  # refused for its unit
    if len(found) > 1:
        raise input_error(
            "price_unit",
            _("表外写了几种价格的单位。"),
            column=column,
            got=units,
            remedy=_("请在表头写明单位，或用 scale 换算。"),
        )
    return f"{column}({next(iter(found.values()))})"


def _stated(texts: Sequence[str]) -> dict[float, str]:
    """Units that texts state, by what turns them into yuan/kWh; an amount states none."""
    found: dict[float, str] = {}
    for text in texts:
        plain = _normalised(text)
        match = PRICE_UNIT.search(plain)
        if match and not re.search(r"\d\s*$", plain[: match.start()]):
            found[yuan_per_kwh(match)] = match[0]
    return found
