"""Time series named in ``park.yaml``: read, put on a regular index, and everything wrong reported.

This is the general check of what a park supplies; making and repairing profiles is the work of
``greenland.energy.profiles``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenland.errors import InputError, Severity
from greenland.i18n import _
from greenland.park.cells import EXCEL_EPOCH, parse_number
from greenland.park.config import SeriesConfig
from greenland.park.csvfile import read_csv
from greenland.park.header import is_unit
from greenland.park.inside import file_inside
from greenland.park.normal import header_text, is_blank, listing, plain_text, shortened
from greenland.park.problems import ProblemCollector
from greenland.park.rawsheet import RawSheet
from greenland.park.series_grid import TIMEZONE, SeriesSource, regular, some_rows
from greenland.park.workbook import EXCEL_SUFFIXES, Workbook
from greenland.units import factor
from greenland.yamlfile import nearest

_TIME_HEADERS = ("时间", "日期时间", "时刻", "日期", "time", "datetime", "timestamp", "date")


def read_all_series(
    folder: Path, specs: Mapping[str, SeriesConfig], collector: ProblemCollector
) -> dict[str, pd.Series[float]]:
    """Read every series; those that cannot be put on a regular index are left out."""
    found: dict[str, pd.Series[float]] = {}
    for name, spec in specs.items():
        series = _read(folder, SeriesSource(name, spec, collector))
        if series is not None:
            found[name] = series
    return found


def _read(folder: Path, source: SeriesSource) -> pd.Series[float] | None:
    raw = _raw(folder, source)
    if raw is None:
        return None
    source.collector.problems.extend(raw.remarks)
    places = _places(raw, source)
    if places is None:
        return None
    time_place, value_place, header, first = places
    rows = [n for n in range(first, len(raw.rows)) if any(not is_blank(c) for c in raw.rows[n])]
    numbers = [raw.numbers[n] for n in rows]
    times = _times([raw.cell(n, time_place) for n in rows], numbers, source)
    values = _values([raw.cell(n, value_place) for n in rows], numbers, header, source)
    if times is None:
        return None
    series = pd.Series(values, index=times, name=source.name)
    return regular(series, np.asarray(numbers), source)


# -- the file -----------------------------------------------------------------------------------


def _raw(folder: Path, source: SeriesSource) -> RawSheet | None:
    try:
        path = file_inside(folder, source.spec.file)
    except InputError as error:
        source.collector.problems.extend(error.problems)
        return None
    if not path.is_file():
        others = sorted(p.name for p in folder.iterdir() if p.is_file())
        guess = nearest(path.name, others)
        source.say(
            Severity.ERROR,
            "no_series_file",
            _("找不到 park.yaml 中 series.{name} 所写的文件。", name=source.name),
            _("是否应为“{guess}”？", guess=guess) if guess else _("请核对文件名和位置。"),
        )
        return None
    try:
        return _open(path, source)
    except InputError as error:
        source.collector.problems.extend(error.problems)
    return None


def _open(path: Path, source: SeriesSource) -> RawSheet | None:
    suffix = path.suffix.lower()
    if suffix in EXCEL_SUFFIXES:
        book = Workbook(path)
        title = source.spec.sheet or book.titles[0]
        if title in book.titles:
            return book.sheet(title)
        source.say(
            Severity.ERROR,
            "no_sheet",
            _("工作簿中没有这张表。"),
            _("请在 park.yaml 的 series.{name} 中改正 sheet。", name=source.name),
            got=title,
            allowed=listing(book.titles),
        )
        return None
    if suffix == ".parquet":
        return _parquet(path, source)
    return read_csv(path)


def _parquet(path: Path, source: SeriesSource) -> RawSheet | None:
    try:
        frame = pd.read_parquet(path)
    except ImportError:
        source.say(
            Severity.ERROR,
            "extra_missing",
            _("读取 Parquet 需要附加组件。"),
            _('请运行 pip install "greenland[parquet]"，或改用 CSV。'),
        )
        return None
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    rows = [list(frame.columns), *frame.itertuples(index=False, name=None)]
    return RawSheet(path.name, path.stem, [list(row) for row in rows], range(len(rows)))


# -- columns ------------------------------------------------------------------------------------


def _places(raw: RawSheet, source: SeriesSource) -> tuple[int, int, str, int] | None:
    """Column of the times, column and header of the values, first data row."""
    top = next(
        (n for n, row in enumerate(raw.rows[:20]) if sum(not is_blank(c) for c in row) >= 2), None
    )
    if top is None:
        source.say(
            Severity.ERROR,
            "no_header",
            _("文件至少要有时间和数值两列。"),
            _("第一行写列名，如“时间,负荷(MW)”。"),
        )
        return None
    headers = [shortened(cell) for cell in raw.rows[top]]
    folded = [header_text(text) for text in headers]
    time_place = _find(headers, folded, source.spec.time, source, "time")
    if time_place is None and source.spec.time is None:
        time_place = next((n for n, text in enumerate(folded) if text in _TIME_HEADERS), 0)
    others = [n for n, text in enumerate(headers) if text and n != time_place]
    value_place = _find(headers, folded, source.spec.column, source, "column")
    if value_place is None and source.spec.column is None:
        if len(others) == 1:
            value_place = others[0]
        else:
            source.say(
                Severity.ERROR,
                "which_column",
                _("有多列数值，不知道用哪一列。"),
                _("请在 park.yaml 的 series.{name} 中写明 column。", name=source.name),
                allowed=listing(headers[n] for n in others),
            )
    if time_place is None or value_place is None:
        return None
    return time_place, value_place, headers[value_place], top + 1


def _find(
    headers: Sequence[str],
    folded: Sequence[str],
    wanted: str | None,
    source: SeriesSource,
    key: str,
) -> int | None:
    if wanted is None:
        return None
    word = header_text(wanted)
    if word in folded:
        return folded.index(word)
    guess = nearest(word, list(folded))
    source.say(
        Severity.ERROR,
        "no_column",
        _("找不到 park.yaml 中 series.{name} 的 {key} 所写的列。", name=source.name, key=key),
        _("是否应为“{guess}”？", guess=headers[folded.index(guess)])
        if guess
        else _("请核对列名。"),
        got=wanted,
        allowed=listing(text for text in headers if text),
    )
    return None


# -- times and values ---------------------------------------------------------------------------


def _times(
    cells: Sequence[Any], numbers: Sequence[int], source: SeriesSource
) -> pd.DatetimeIndex | None:
    """Times in Asia/Shanghai; ``24:00`` is the next day's midnight."""
    stamps = _plain_stamps(cells) or [_stamp(cell) for cell in cells]
    wrong = [number for number, stamp in zip(numbers, stamps, strict=True) if stamp is None]
    if wrong:
        first = numbers.index(wrong[0])
        source.say(
            Severity.ERROR,
            "not_a_time",
            _("有 {n} 行读不出时间：第 {rows} 行。", n=len(wrong), rows=some_rows(wrong)),
            _("请写成 2025-01-01 00:00 的形式。"),
            row=wrong[0],
            got=shortened(cells[first]),
        )
        return None
    if not stamps:
        source.say(Severity.ERROR, "no_rows", _("文件中没有数据。"), _("请补充数据。"))
        return None
    return pd.DatetimeIndex(stamps)


def _plain_stamps(cells: Sequence[Any]) -> list[Any]:
    """Times all written ``2025-01-01 00:00``, at once; empty when some are not."""
    if not all(isinstance(cell, str) for cell in cells):
        return []
    moments = pd.to_datetime(pd.Series(cells), format="%Y-%m-%d %H:%M", errors="coerce")
    return [] if moments.isna().any() else moments.dt.tz_localize(TIMEZONE).tolist()


def _stamp(cell: Any) -> Any:
    """Time of a cell as a Timestamp in Asia/Shanghai; None when it is not one."""
    if isinstance(cell, bool) or is_blank(cell):
        return None
    stamp: Any = None
    try:
        if isinstance(cell, int | float):  # Excel serial number
            moment = pd.Timestamp(EXCEL_EPOCH) + pd.Timedelta(days=float(cell))
            return moment.round("s").tz_localize(TIMEZONE)
        if isinstance(cell, dt.date | dt.datetime | pd.Timestamp):
            stamp = pd.Timestamp(cell)
        else:
            stamp = _stamp_from_text(plain_text(cell))
    except (ValueError, OverflowError):
        return None
    if pd.isna(stamp):
        return None
    return stamp.tz_localize(TIMEZONE) if stamp.tzinfo is None else stamp.tz_convert(TIMEZONE)


def _stamp_from_text(text: str) -> Any:
    text = text.replace("年", "-").replace("月", "-").replace("日", " ").replace("/", "-").strip()
    if " 24:00" in text:
        return pd.Timestamp(text.replace(" 24:00", " 00:00")) + pd.Timedelta(days=1)
    return pd.Timestamp(text)


def _values(
    cells: Sequence[Any], numbers: Sequence[int], header: str, source: SeriesSource
) -> list[float]:
    values = [_value(cell) for cell in cells]
    wrong = [n for n, v, c in zip(numbers, values, cells, strict=True) if v is None]
    if wrong:
        source.say(
            Severity.ERROR,
            "series_value",
            _("有 {n} 行没有数值或不是数字：第 {rows} 行。", n=len(wrong), rows=some_rows(wrong)),
            _("请补齐；缺测可先用 greenland profile 的补全工具处理。"),
            row=wrong[0],
            column=header,
            got=shortened(cells[numbers.index(wrong[0])]),
        )
    scale = _unit_factor(header, source)
    found = [float("nan") if value is None else value * scale for value in values]
    _bounds(found, numbers, header, source)
    return found


def _value(cell: Any) -> float | None:
    if isinstance(cell, bool) or is_blank(cell):
        return None
    if isinstance(cell, int | float):
        return float(cell) if np.isfinite(cell) else None
    return parse_number(plain_text(cell))


def _unit_factor(header: str, source: SeriesSource) -> float:
    """Factor from the unit in the header to that in park.yaml, where both are stated."""
    text = header_text(header)
    stated = text[text.rfind("(") + 1 : -1] if text.endswith(")") else ""
    if not (source.spec.unit and stated and is_unit(stated)):
        return 1.0
    try:
        return factor(stated, source.spec.unit)
    except InputError as error:
        fault = error.problems[0]
        source.say(Severity.ERROR, "unit", fault.message, fault.remedy, column=header)
        return 1.0


def _bounds(
    values: Sequence[float], numbers: Sequence[int], header: str, source: SeriesSource
) -> None:
    low, high = source.spec.minimum, source.spec.maximum
    outside = [
        number
        for number, value in zip(numbers, values, strict=True)
        if (low is not None and value < low) or (high is not None and value > high)
    ]
    if outside:
        source.say(
            Severity.ERROR,
            "series_bounds",
            _("有 {n} 个数值超出范围：第 {rows} 行。", n=len(outside), rows=some_rows(outside)),
            _("请核对数据和单位。"),
            row=outside[0],
            column=header,
            got=f"{values[numbers.index(outside[0])]:g}",
            allowed=f"{'' if low is None else f'{low:g}'} – {'' if high is None else f'{high:g}'}",
        )
