"""Load and bill files in the writings of offices, made from a curve whose energy is known.

All data are invented. A writing is drawn from the seed alone.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ENERGY_UNITS = {
    "kWh": 1.0, "kW·h": 1.0, "kW.h": 1.0, "KWH": 1.0, "千瓦时": 1.0, "千瓦·时": 1.0,
    "千瓦小时": 1.0,
    "度": 1.0, "MWh": 1e3, "MW·h": 1e3, "兆瓦时": 1e3, "万kWh": 1e4, "万kW·h": 1e4, "万千瓦时": 1e4,
    "万度": 1e4,
}  # fmt: skip
POWER_UNITS = {"kW": 1.0, "KW": 1.0, "千瓦": 1.0, "MW": 1e3, "兆瓦": 1e3, "万千瓦": 1e4, "W": 1e-3}
DATE_FORMS = {
    "iso": "%Y-%m-%d", "slash": "%Y/%m/%d", "dot": "%Y.%m.%d", "chinese": "%Y年%m月%d日",
    "compact": "%Y%m%d", "dmy_slash": "%d/%m/%Y", "dmy_dot": "%d.%m.%Y", "dmy_dash": "%d-%m-%Y",
    "dmy_short": "%d.%m.%y", "mdy_slash": "%m/%d/%Y",
}  # fmt: skip
METERS = ("表号", "电表资产号", "电能表资产编号", "计量点编号", "户号")
SCALES = ("倍率", "综合倍率", "总倍率", "计量倍率", "互感器倍率", "meter_multiplier")


@dataclass
class LoadFile:
    """A file, the options a user would have to give, and its energy [MWh]."""

    path: Path
    energy: float
    options: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


def curve(rng: np.random.Generator, days: int, step: int) -> pd.Series:
    """Power [kW] at *step* minutes, day and night, with noise; two decimals."""
    index = pd.date_range(
        pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(rng.integers(0, 300))),
        periods=days * 1440 // step,
        freq=f"{step}min",
    )
    hour = index.hour + index.minute / 60
    level = float(10 ** rng.uniform(2, 4.3))
    shape = 0.6 + 0.4 * np.sin((hour - 6) / 24 * 2 * np.pi)
    values = level * shape * rng.normal(1.0, 0.06, len(index)).clip(0.7, 1.3)
    return pd.Series(values.to_numpy().round(2), index=index)


def choose(rng: np.random.Generator, options: Any) -> Any:
    """One of the options."""
    listed = list(options)
    return listed[int(rng.integers(len(listed)))]


def load_file(seed: int, folder: Path) -> LoadFile:
    """Write one load file."""
    rng = np.random.default_rng(seed)
    step = choose(rng, (15, 15, 30, 60))
    power = curve(rng, int(rng.integers(2, 40)), step)
    layout = choose(rng, ("long", "long", "wide", "across", "register"))
    layouts = {"long": _long, "wide": _wide, "across": _across, "register": _register}
    made = layouts[layout](rng, power, step)
    made.tags.insert(0, layout)
    return _write(rng, made, folder, seed)


@dataclass
class _Made:
    header: list[str]
    rows: list[list[Any]]
    titles: list[list[str]]
    energy: float
    options: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


def _number(rng: np.random.Generator, value: float) -> float:
    return float(f"{value:.10g}")


def _unit(rng: np.random.Generator, step: int) -> tuple[str, float, str]:
    """Unit, kW of one of it at this step, and the name of its quantity."""
    if rng.random() < 0.5:
        unit = choose(rng, POWER_UNITS)
        return unit, POWER_UNITS[unit], choose(rng, ("有功功率", "负荷", "用电负荷", "总有功功率"))
    unit = choose(rng, ENERGY_UNITS)
    return unit, ENERGY_UNITS[unit] * 60 / step, choose(rng, ("有功电量", "用电量", "电量", "电能"))


def _dates(rng: np.random.Generator, stamps: pd.DatetimeIndex, made: _Made) -> list[str]:
    name = choose(rng, DATE_FORMS)
    made.tags.append(f"dates:{name}")
    return [f"{stamp:{DATE_FORMS[name]}}" for stamp in stamps]


def _clock(form: str, stamps: pd.DatetimeIndex, step: int) -> list[Any]:
    after = stamps + pd.Timedelta(minutes=step)
    slots = (stamps.hour * 60 + stamps.minute) // step
    return {
        "colon": [f"{stamp:%H:%M}" for stamp in stamps],
        "seconds": [f"{stamp:%H:%M:%S}" for stamp in stamps],
        "digits": [f"{stamp:%H%M}" for stamp in stamps],
        "span": [f"{a:%H:%M}-{b:%H:%M}" for a, b in zip(stamps, after, strict=True)],
        "chinese": [f"{stamp.hour}时{stamp.minute:02d}分" for stamp in stamps],
        "ampm": [f"{stamp:%I:%M %p}" for stamp in stamps],
        "slots": [int(slot) + 1 for slot in slots],
    }[form]


def _long(rng: np.random.Generator, power: pd.Series, step: int) -> _Made:
    unit, kilowatts, name = _unit(rng, step)
    made = _Made([], [], [], power.sum() * step / 60 / 1000, tags=[f"unit:{unit}"])
    stamps = pd.DatetimeIndex(power.index)
    values = power.to_numpy() / kilowatts
    scale, scale_cells, scale_heads, titles = _multiplier(rng, len(values), made)
    values = [_number(rng, value / scale) for value in values]
    dates = _dates(rng, stamps, made)
    times: list[list[Any]]
    forms = ("one", "one", "colon", "digits", "span", "slots", "chinese", "seconds", "parts")
    form = choose(rng, forms)
    made.tags.append(f"clock:{form}")
    if form == "parts":
        hours = step == 60
        times = [
            [stamp.year, stamp.month, stamp.day, stamp.hour, *([] if hours else [stamp.minute])]
            for stamp in stamps
        ]
        names = choose(
            rng, ("年 月 日 时 分", "年份 月份 日 小时 分钟", "Year Month Day Hour Minute")
        )
        heads = names.split()[: 4 if hours else 5]
    elif form == "one":
        clock = choose(rng, ("colon", "seconds", "span", "ampm"))
        pairs = zip(dates, _clock(clock, stamps, step), strict=True)
        times = [[f"{date} {text}"] for date, text in pairs]
        heads = [choose(rng, ("时间", "数据时间", "采集时间", "time", "日期时间"))]
    else:
        times = [list(pair) for pair in zip(dates, _clock(form, stamps, step), strict=True)]
        heads = ["日期", "时段" if form in ("slots", "span") else choose(rng, ("时间", "时刻"))]
    where = choose(rng, ("header", "header", "slash", "title", "column"))
    head = {"header": f"{name}({unit})", "slash": f"{name}/{unit}"}.get(where, name)
    if where == "title":
        titles.append([choose(rng, ("单位：", "计量单位:", "单位 ")) + unit])
    extra, cells = _extra(rng, values, power)
    made.header = [*heads, *scale_heads, *extra, head]
    made.rows = [
        [*time, *scale_cell, *cell, value]
        for time, scale_cell, cell, value in zip(times, scale_cells, cells, values, strict=True)
    ]
    if where == "column":
        made.header.append("单位")
        made.rows = [[*row, unit] for row in made.rows]
    made.titles = titles
    _other_rows(rng, made, heads)
    _footer(rng, made)
    return made


def _multiplier(
    rng: np.random.Generator, count: int, made: _Made
) -> tuple[float, list[list[Any]], list[str], list[list[str]]]:
    way = choose(rng, ("none", "none", "column", "parts", "title", "option"))
    made.tags.append(f"multiplier:{way}")
    ct, pt = choose(rng, (20, 40, 100)), choose(rng, (1, 100, 350))
    scale = float(ct * pt)
    if way == "column":
        text = choose(rng, (str(ct * pt), f"{ct * pt}倍"))
        return scale, [[text]] * count, [choose(rng, SCALES)], []
    if way == "parts":
        texts = choose(rng, (([ct, pt]), ([f"{ct * 5}/5", f"{pt * 100}/100"])))
        heads = choose(
            rng, (["CT", "PT"], ["CT变比", "PT变比"], ["电流互感器变比", "电压互感器变比"])
        )
        return scale, [list(texts)] * count, list(heads), []
    if way == "title":
        return scale, [[]] * count, [], [["户名：虚构厂", f"综合倍率：{ct * pt}"]]
    if way == "option":
        made.options["multiplier"] = scale
        return scale, [[]] * count, [], []
    return 1.0, [[]] * count, [], []


def _extra(
    rng: np.random.Generator, values: list[float], power: pd.Series
) -> tuple[list[str], list[list[Any]]]:
    """Columns of other quantities beside the readings."""
    kinds = {
        "无功功率(kvar)": lambda k: round(float(power.iloc[k]) * 0.3, 2),
        "A相电压(V)": lambda k: 230 + k % 7,
        "A相电流(A)": lambda k: 12 + k % 5,
        "功率因数": lambda k: 0.95,
        "契约容量(MW)": lambda _k: 8,
        "电费(元)": lambda k: round(values[k] * 0.6, 2),
        "去年同期电量(kWh)": lambda k: round(values[k] * 0.8, 3),
        "表号": lambda _k: "0412345678",
        "户名": lambda _k: "某光伏有功材料厂（虚构）",
        "数据质量": lambda _k: "正常",
        "入库时间": lambda k: f"2026-02-0{k % 9 + 1} 03:00:00",
    }
    count = int(rng.integers(0, 4))
    names = list(rng.permutation(list(kinds)))[:count]
    return names, [[kinds[name](k) for name in names] for k in range(len(values))]


def _other_rows(rng: np.random.Generator, made: _Made, heads: list[str]) -> None:
    """Rows of other quantities below those of active power."""
    if rng.random() > 0.25:
        return
    pairs = (("正向有功", "反向有功"), ("有功", "无功"), ("总有功功率", "A相有功功率"))
    kept, other = choose(rng, pairs)
    place = len(heads)
    rows = [[*row[:place], kept, *row[place:]] for row in made.rows]
    more = [[*row[:place], other, *row[place:]] for row in made.rows]
    for row in more:
        last = -1 if isinstance(row[-1], float) else -2
        row[last] = round(row[last] * 0.37, 6)
    made.header.insert(place, choose(rng, ("数据类型", "量测项", "数据项名称", "类型")))
    made.rows = (
        rows + more
        if rng.random() < 0.5
        else [r for pair in zip(rows, more, strict=True) for r in pair]
    )
    made.tags.append("rows")


def _footer(rng: np.random.Generator, made: _Made) -> None:
    if rng.random() < 0.2:
        made.rows.append(["合计", *[""] * (len(made.header) - 2), 12345.6])
        made.tags.append("footer")


def _wide(rng: np.random.Generator, power: pd.Series, step: int) -> _Made:
    unit, kilowatts, name = _unit(rng, step)
    made = _Made([], [], [], power.sum() * step / 60 / 1000, tags=[f"unit:{unit}"])
    per_day = 1440 // step
    days = pd.DatetimeIndex(power.index[::per_day])
    scale, scale_cells, scale_heads, titles = _multiplier(rng, len(days), made)
    values = (power.to_numpy() / kilowatts / scale).reshape(-1, per_day)
    minutes = [step * k for k in range(per_day)]
    heads = {
        "start": [f"{m // 60:02d}:{m % 60:02d}" for m in minutes],
        "end": [f"{(m + step) // 60:02d}:{(m + step) % 60:02d}" for m in minutes],
        "points": [f"P{k + 1}" for k in range(per_day)],
        "digits": [f"{m // 60:02d}{m % 60:02d}" for m in minutes],
        "span": [
            f"{m // 60:02d}:{m % 60:02d}-{(m + step) // 60:02d}:{(m + step) % 60:02d}"
            for m in minutes
        ],
    }
    form = choose(rng, heads)
    made.tags.append(f"slots:{form}")
    where = choose(rng, ("title", "row"))
    kind: list[list[Any]] = [[]] * len(days)
    if where == "row":
        kind = [[f"{name}({unit})"]] * len(days)
    else:
        titles.append([f"{name}({unit})" if rng.random() < 0.5 else f"单位：{unit}"])
    total = rng.random() < 0.3
    made.header = ["日期", *(["数据类型"] if where == "row" else []), *scale_heads, *heads[form]]
    made.rows = [
        [date, *word, *cell, *(_number(rng, value) for value in row)]
        for date, word, cell, row in zip(
            _dates(rng, days, made), kind, scale_cells, values, strict=True
        )
    ]
    if total:
        made.header.append("日电量(kWh)")
        for row, numbers in zip(made.rows, values, strict=True):
            row.append(round(float(numbers.sum()) * step / 60, 2))
    if where == "row" and rng.random() < 0.5:
        made.rows += [[row[0], "无功功率(kvar)", *row[2:]] for row in made.rows]
        made.tags.append("rows")
    made.titles = titles
    return made


def _across(rng: np.random.Generator, power: pd.Series, step: int) -> _Made:
    """Clocks down and days across, at least three of them."""
    unit, kilowatts, name = _unit(rng, step)
    per_day = 1440 // step
    power = pd.concat([power, power, power])[: max(len(power), 3 * per_day)]
    power.index = pd.date_range(power.index[0], periods=len(power), freq=f"{step}min")
    made = _Made([], [], [], power.sum() * step / 60 / 1000, tags=[f"unit:{unit}"])
    days = pd.DatetimeIndex(power.index[::per_day])
    values = (power.to_numpy() / kilowatts).reshape(-1, per_day)
    form = choose(rng, ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"))
    made.header = [choose(rng, ("时间", "时刻", "时刻/日期")), *(f"{day:{form}}" for day in days)]
    made.rows = [
        [f"{m // 60:02d}:{m % 60:02d}", *(_number(rng, value) for value in row)]
        for m, row in zip(range(0, 1440, step), values.T, strict=True)
    ]
    made.titles = [[f"{name}({unit})" if rng.random() < 0.5 else f"单位：{unit}"]]
    if rng.random() < 0.3:
        made.header.append("合计")
        for row in made.rows:
            row.append(float(sum(row[1:])))
    return made


def _register(rng: np.random.Generator, power: pd.Series, step: int) -> _Made:
    """Register readings, with gaps, zeros and a stretch the meter was off."""
    steps = power.to_numpy() * step / 60
    if rng.random() < 0.3:
        steps[: len(steps) // 4] = 0.0
    scale = float(choose(rng, (1, 1, 1000)))
    total = float(rng.uniform(1e3, 9e5)) + np.concatenate([[0.0], np.cumsum(steps / scale)])
    stamps = power.index.append(pd.DatetimeIndex([power.index[-1] + pd.Timedelta(minutes=step)]))
    made = _Made([], [], [], float(steps.sum()) / 1000, {"register": True})
    shown = total.copy().round(6)
    if rng.random() < 0.4:
        shown[int(rng.integers(5, len(shown) - 5))] = 0.0
        made.tags.append("zero")
    kept = np.ones(len(shown), dtype=bool)
    if rng.random() < 0.4 and len(shown) > 60:
        first = int(rng.integers(10, len(shown) - 30))
        kept[first : first + int(rng.integers(2, 20))] = False
        made.tags.append("gap")
    dates = _dates(rng, stamps, made)
    made.header = ["时间", *(["倍率"] if scale != 1 else []), "正向有功总(kWh)"]
    made.rows = [
        [f"{date} {stamp:%H:%M}", *([int(scale)] if scale != 1 else []), float(value)]
        for date, stamp, value, keep in zip(dates, stamps, shown, kept, strict=True)
        if keep
    ]
    return made


def _write(rng: np.random.Generator, made: _Made, folder: Path, seed: int) -> LoadFile:
    kind = choose(rng, ("csv", "csv", "csv", "xlsx"))
    titles = [["虚构数据 负荷导出"], *made.titles] if rng.random() < 0.5 or made.titles else []
    if kind == "xlsx":
        path = folder / f"load{seed}.xlsx"
        _write_excel(rng, path, titles, made)
    else:
        path = folder / f"load{seed}.csv"
        _write_csv(rng, path, titles, made)
    return LoadFile(path, made.energy, made.options, [*made.tags, kind])


def _write_excel(
    rng: np.random.Generator, path: Path, titles: list[list[str]], made: _Made
) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        cut = len(made.rows)
        if "rows" not in made.tags and made.options.get("register") is None and rng.random() < 0.3:
            cut = len(made.rows) // 2
            made.tags.append("sheets")
        for rows in (made.rows[:cut], made.rows[cut:]):
            if not rows:
                continue
            sheet = book.add_worksheet()
            for number, row in enumerate([*titles, made.header, *rows]):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell)
        book.add_worksheet("说明").write(0, 0, "本表为虚构数据")


def _write_csv(rng: np.random.Generator, path: Path, titles: list[list[str]], made: _Made) -> None:
    encoding = choose(rng, ("utf-8", "utf-8-sig", "gb18030", "utf-16"))
    delimiter = choose(rng, (",", ",", ";", "\t"))
    comma = delimiter == ";" and rng.random() < 0.5
    thousands = delimiter != ";" and rng.random() < 0.15
    made.tags += [encoding, f"delimiter:{delimiter!r}", *(["comma"] if comma else [])]
    text = io.StringIO()
    for row in [*titles, made.header, *made.rows]:
        cells = [_cell(cell, comma, thousands) for cell in row]
        quoted = [f'"{cell}"' if delimiter in cell else cell for cell in cells]
        text.write(delimiter.join(quoted) + choose(rng, ("\n",)))
    path.write_bytes(text.getvalue().encode(encoding))


def _cell(cell: Any, comma: bool, thousands: bool) -> str:
    if isinstance(cell, float):
        text = f"{cell:,.10f}".rstrip("0").rstrip(".") if thousands else f"{cell!r}"
        if "e" in text:
            text = f"{cell:.12f}"
        return text.replace(".", ",") if comma else text
    return str(cell)


def bill_file(seed: int, folder: Path) -> LoadFile:
    """Write one table of bills."""
    rng = np.random.default_rng([seed, 7])
    count = int(rng.integers(2, 13))
    first = pd.Period("2025-01", "M") + int(rng.integers(0, 10))
    months = [first + k for k in range(count)]
    unit = choose(rng, ENERGY_UNITS)
    size = ENERGY_UNITS[unit]
    parts = rng.uniform(2e5, 9e5, (count, 3)).round(0)
    energies = parts.sum(axis=1)
    form = choose(rng, ("%Y-%m", "%Y年%m月", "%Y%m", "%Y/%m", "days"))
    title = rng.random() < 0.3
    suffix = "" if title else choose(rng, (f"({unit})", f"（{unit}）", f"/{unit}"))
    periods = rng.random() < 0.6
    header = ["起日", "止日"] if form == "days" else ["月份"]
    others = {
        "无功总电量(kvarh)": energies * 0.3,
        "去年同期总电量" + suffix: energies / size * 0.8,
        "核定需量(kW)": np.full(count, 5000.0),
        "电费(元)": energies * 0.6,
        "平均电价(元/kWh)": np.full(count, 0.61),
        "功率因数": np.full(count, 0.95),
    }
    names = list(rng.permutation(list(others)))[: int(rng.integers(0, 4))]
    header += [*names, *(f"{name}{suffix}" for name in ("峰电量", "平电量", "谷电量") if periods)]
    header += [choose(rng, ("总电量", "用电量", "合计电量", "结算电量")) + suffix]
    rows: list[list[Any]] = []
    for k, month in enumerate(months):
        days = [f"{month.start_time:%Y-%m-%d}", f"{month.end_time:%Y-%m-%d}"]
        row: list[Any] = days if form == "days" else [month.strftime(form)]
        row += [float(round(others[name][k], 4)) for name in names]
        if periods:
            row += [_number(rng, value / size) for value in parts[k]]
        rows.append([*row, _number(rng, energies[k] / size)])
    made = _Made(
        header, rows, [[f"虚构厂电费汇总 单位：{unit}"]] if title else [], energies.sum() / 1000
    )
    made.tags = [f"unit:{unit}", f"months:{form}", "rows"]
    if rng.random() < 0.5:
        made.rows.append(["合计", *[""] * (len(header) - 2), float(energies.sum() / size)])
    return _write(rng, made, folder, seed)
