"""Sound weather, mast, power-curve and price files in many writings, with the values they state.

All data are invented. A file depends on its seed alone. What a reader makes of it is either the
truth or a refusal; see `test_readers_by_property`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]

TIME_FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y%m%d %H:%M")
MISSING = (9999.0, -999.0, 999999.0, -9999.0, 99999.0)


@dataclass
class Column:
    """A column as written: its heading, and its cells."""

    heading: str
    cells: Sequence[Any]


@dataclass
class Written:
    """A file, and what a reader must find in it."""

    path: Path
    index: pd.DatetimeIndex
    truth: dict[Any, Numbers]
    options: dict[str, Any] = field(default_factory=dict)


IRRADIANCE = (  # unit, W/m² to it per step of so many hours, decimals
    ("", lambda w, h: w, 1),
    ("(W/m2)", lambda w, h: w, 1),
    ("（W/㎡）", lambda w, h: w, 1),
    (" W/m²", lambda w, h: w, 0),
    ("(kW/m2)", lambda w, h: w / 1000, 4),
    ("(MJ/m2)", lambda w, h: w * h * 0.0036, 5),
    ("(0.01MJ/m2)", lambda w, h: w * h * 0.36, 3),
    ("(kWh/m2)", lambda w, h: w * h / 1000, 5),
    ("(Wh/m2)", lambda w, h: w * h, 2),
    ("(kJ/m²)", lambda w, h: w * h * 3.6, 2),
    ("(J/m²)", lambda w, h: w * h * 3600, 0),
    ("(MJ/m2/h)", lambda w, h: w * 0.0036, 5),
)
GHI = ("总辐射", "水平面总辐照度", "GHI", "ghi", "shortwave_radiation", "太阳总辐射")
DHI = ("散射辐射", "DHI", "diffuse_radiation")
DNI = ("法向直接辐射", "DNI", "direct_normal_irradiance")
AIR = ("气温", "环境温度", "temp_air", "temperature_2m", "Air temperature", "干球温度")
TEMPERATURE = (
    ("(℃)", lambda c: c, 2),
    ("(°C)", lambda c: c, 2),
    ("", lambda c: c, 2),
    ("(K)", lambda c: c + 273.15, 2),
    ("(0.1℃)", lambda c: 10 * c, 0),
    ("(°F)", lambda c: c * 9 / 5 + 32, 2),
)
SPEED = (
    ("(m/s)", lambda v: v, 3),
    ("", lambda v: v, 3),
    ("(km/h)", lambda v: 3.6 * v, 3),
    ("(kn)", lambda v: v * 3600 / 1852, 3),
    ("(0.1m/s)", lambda v: 10 * v, 1),
)
OTHERS: tuple[tuple[str, Callable[[np.random.Generator, int], Numbers]], ...] = (
    ("露点温度", lambda r, n: r.uniform(-5, 10, n).round(1)),
    ("地表温度(℃)", lambda r, n: r.uniform(0, 55, n).round(1)),
    ("组件温度", lambda r, n: r.uniform(0, 70, n).round(1)),
    ("电池温度", lambda r, n: np.full(n, 45.0)),
    ("湿球温度", lambda r, n: r.uniform(-5, 10, n).round(1)),
    ("相对湿度(%)", lambda r, n: r.uniform(20, 100, n).round(0)),
    ("气压(hPa)", lambda r, n: np.full(n, np.nan)),
    ("风向(°)", lambda r, n: r.uniform(0, 360, n).round(0)),
    ("阵风风速(m/s)", lambda r, n: r.uniform(5, 30, n).round(1)),
    ("极大风速", lambda r, n: r.uniform(5, 30, n).round(1)),
    ("倾斜面总辐射(W/m2)", lambda r, n: r.uniform(0, 1100, n).round(0)),
    ("净辐射", lambda r, n: r.uniform(-80, 600, n).round(0)),
    ("日照时数", lambda r, n: r.uniform(0, 1, n).round(2)),
    ("质量标志", lambda r, n: np.zeros(n)),
)


def _index(rng: random.Random, days: tuple[int, int], steps: Sequence[int]) -> pd.DatetimeIndex:
    start = pd.Timestamp(rng.choice((2023, 2024, 2025)), rng.randint(1, 12), rng.randint(1, 28))
    step = rng.choice(steps)
    count = rng.randint(*days) * 1440 // step
    return pd.date_range(start, periods=count, freq=f"{step}min", tz="Asia/Shanghai")


def _sun(index: pd.DatetimeIndex, numbers: np.random.Generator) -> Numbers:
    hour = index.hour.to_numpy() + index.minute.to_numpy() / 60
    clear = 950 * np.clip(np.cos((hour - 12.5) * np.pi / 13), 0, None)
    return clear * numbers.uniform(0.25, 1.0, len(index))


def _times(rng: random.Random, index: pd.DatetimeIndex) -> list[str]:
    step = index[1] - index[0]
    shown = index.tz_localize(None) + (step if rng.random() < 0.4 else pd.Timedelta(0))
    return list(shown.strftime(rng.choice(TIME_FORMATS)))


def _with_codes(rng: random.Random, cells: Numbers, truth: Numbers) -> Numbers:
    """Put codes for *missing* into a few cells of *cells*, and gaps into *truth*."""
    if rng.random() < 0.5:
        return cells
    cells, code = cells.copy(), rng.choice(MISSING)
    for place in rng.sample(range(1, len(cells) - 1), max(1, len(cells) // 60)):
        cells[place], truth[place] = code, np.nan
    return cells


def _write(rng: random.Random, path: Path, columns: list[Column], *, lead: Column) -> Path:
    """Write the columns in some order, encoding, separator and direction."""
    rng.shuffle(columns)
    place = 0 if rng.random() < 0.8 else rng.randint(0, len(columns))
    columns = [*columns[:place], lead, *columns[place:]]
    rows = list(zip(*(column.cells for column in columns), strict=True))
    if rng.random() < 0.2:
        rows.reverse()
    if rng.random() < 0.2:  # the same reading twice
        rows.insert(len(rows) // 2, rows[len(rows) // 2])
    titles = rng.choice(([], ["气象站数据（虚构）"], ["虚构数据", "导出人：某某"]))
    heads = [column.heading for column in columns]
    if rng.random() < 0.06:
        path = path.with_suffix(".xlsx")
        _write_excel(path, titles, heads, rows)
        return path
    separator = rng.choice((",", ",", ",", "\t", ";"))
    lines = [*titles, separator.join(heads), *(separator.join(map(_cell, row)) for row in rows)]
    if rng.random() < 0.2:
        lines.append("")
    text = rng.choice(("\n", "\r\n")).join(lines) + "\n"
    path.write_bytes(text.encode(rng.choice(("utf-8", "utf-8-sig", "gb18030")), "strict"))
    return path


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None or np.isnan(value) else f"{value:.10g}"


def _write_excel(path: Path, titles: list[str], heads: list[str], rows: list[Any]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, title in enumerate(titles):
            sheet.write(number, 0, title)
        for place, head in enumerate(heads):
            sheet.write(len(titles), place, head)
        for number, row in enumerate(rows, start=len(titles) + 1):
            for place, value in enumerate(row):
                if isinstance(value, str) or not np.isnan(value):
                    sheet.write(number, place, value)


def _others(rng: random.Random, numbers: np.random.Generator, count: int) -> list[Column]:
    chosen = rng.sample(OTHERS, rng.randint(0, 4))
    return [Column(heading, make(numbers, count)) for heading, make in chosen]


def weather_table(seed: int, folder: Path) -> Written:
    """A plain table of weather."""
    rng, numbers = random.Random(seed), np.random.default_rng(seed)
    index = _index(rng, (4, 12), (60, 60, 30, 15))
    hours = (index[1] - index[0]) / pd.Timedelta(hours=1)
    ghi = _sun(index, numbers)
    truth = {"ghi": ghi.copy()}
    unit, into, decimals = rng.choice(IRRADIANCE)
    heading = rng.choice(GHI) + unit
    columns = [Column(heading, _with_codes(rng, into(ghi, hours).round(decimals), truth["ghi"]))]
    if rng.random() < 0.4:
        truth["dhi"] = 0.4 * ghi
        cells = into(truth["dhi"], hours).round(decimals)
        columns.append(Column(rng.choice(DHI) + unit, _with_codes(rng, cells, truth["dhi"])))
        if rng.random() < 0.5:
            truth["dni"] = 0.7 * ghi
            cells = into(truth["dni"], hours).round(decimals)
            columns.append(Column(rng.choice(DNI) + unit, _with_codes(rng, cells, truth["dni"])))
    air = numbers.uniform(-8, 30, len(index)).round(1)
    truth["temp_air"] = air.copy()
    unit, into_t, decimals = rng.choice(TEMPERATURE)
    cells = _with_codes(rng, into_t(air).round(decimals), truth["temp_air"])
    columns.append(Column(rng.choice(AIR) + unit, cells))
    wind = numbers.gamma(2, 2, len(index)).round(2)
    truth["wind_speed"] = wind.copy()
    unit, into_v, decimals = rng.choice(SPEED)
    named = rng.choice(
        ("风速", "10分钟平均风速", "wind_speed_10m", "WS10m", "10m风速", "wind_speed")
    )
    cells = _with_codes(rng, into_v(wind).round(decimals), truth["wind_speed"])
    columns.append(Column(named + unit, cells))
    columns += _others(rng, numbers, len(index))
    lead = Column(rng.choice(("时间", "time", "日期时间", "数据时间")), _times(rng, index))
    path = _write(rng, folder / f"weather_{seed}.csv", columns, lead=lead)
    return Written(path, index, truth)


def mast_table(seed: int, folder: Path) -> Written:
    """Wind speeds of a mast at one to three heights."""
    rng, numbers = random.Random(seed), np.random.default_rng(seed)
    index = _index(rng, (3, 9), (10, 60, 60))
    levels = sorted(rng.sample((10.0, 30.0, 50.0, 70.0, 80.0, 100.0, 120.0), rng.randint(1, 3)))
    pattern = rng.choice(
        ("风速_{h}m", "{h}米风速", "WS{n}_{h}m", "通道{n}风速_{h}m", "10分钟平均风速_{h}m", "ws{h}",
         "风速@{h}", "高度{h}米_风速", "Spd_{h}m_Avg", "10min_ws_{h}m", "风速 {h} m", "v_{h}")
    )  # fmt: skip
    unit, into, decimals = rng.choice(SPEED)
    columns, truth = [], {}
    for number, level in enumerate(levels, start=1):
        speed = numbers.gamma(2, 3, len(index)).round(2)
        truth[level] = speed.copy()
        heading = pattern.format(h=f"{level:g}", n=number)
        cells = _with_codes(rng, into(speed).round(decimals), truth[level])
        columns.append(Column(heading + unit, cells))
        for extra in rng.sample(("最大", "标准差", "最小"), rng.randint(0, 2)):
            columns.append(
                Column(f"{extra}风速_{level:g}m", numbers.uniform(0, 30, len(index)).round(1))
            )
    if rng.random() < 0.7:
        air = numbers.uniform(-10, 30, len(index)).round(1)
        truth["temp_air"] = air.copy()
        unit_t, into_t, decimals = rng.choice(TEMPERATURE)
        cells = _with_codes(rng, into_t(air).round(decimals), truth["temp_air"])
        columns.append(Column(rng.choice(AIR) + unit_t, cells))
    columns += [
        column for column in _others(rng, numbers, len(index)) if "风速" not in column.heading
    ]
    lead = Column(rng.choice(("时间", "time", "采集时间")), _times(rng, index))
    return Written(_write(rng, folder / f"mast_{seed}.csv", columns, lead=lead), index, truth)


def epw(seed: int, folder: Path) -> Written:
    """An EPW of one actual stretch of time: hourly or finer, any zone, codes for missing."""
    rng, numbers = random.Random(seed), np.random.default_rng(seed)
    zone = rng.choice((8.0, 8.0, 7.0, 6.5, 5.5, 5.75, 9.0))
    per_hour = rng.choice((1, 1, 2, 4))
    days = rng.randint(3, 10)
    start = pd.Timestamp(2023, rng.randint(1, 12), rng.randint(1, 18))
    local = pd.date_range(start, periods=days * 24 * per_hour, freq=f"{60 // per_hour}min")
    ghi = _sun(local.tz_localize("UTC"), numbers).round(0)
    truth = {
        "ghi": ghi,
        "dni": (0.7 * ghi).round(0),
        "dhi": (0.35 * ghi).round(0),
        "temp_air": numbers.uniform(-5, 30, len(local)).round(1),
        "wind_speed": numbers.gamma(2, 2, len(local)).round(1),
    }
    codes = {"ghi": 9999, "dni": 9999, "dhi": 9999, "temp_air": 99.9, "wind_speed": 999}
    cells = {}
    for name, code in codes.items():
        truth[name] = truth[name].astype(float)
        cells[name] = truth[name].copy()
        for place in rng.sample(range(1, len(local) - 1), rng.choice((0, 0, 3, len(local) // 30))):
            cells[name][place], truth[name][place] = code, np.nan
    lines = [
        f"LOCATION,Invented,YN,CHN,TEST,000000,25.0,102.7,{zone},1950.0",
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        "GROUND TEMPERATURES,0",
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
        "COMMENTS 1,invented",
        "COMMENTS 2,",
        f"DATA PERIODS,1,{per_hour},Data,Sunday,{start:%m/%d},{local[-1]:%m/%d}",
    ]
    last = 0 if per_hour == 1 and rng.random() < 0.3 else 60
    for place, stamp in enumerate(local):
        minute = (place % per_hour + 1) * 60 // per_hour if per_hour > 1 else last
        head = [stamp.year, stamp.month, stamp.day, stamp.hour + 1, minute, "?9?9"]
        body = [cells["temp_air"][place], 8.0, 60, 81000, 0, 0, 300]
        sun = [cells[name][place] for name in ("ghi", "dni", "dhi")]
        tail = [0, 0, 0, 0, 180, cells["wind_speed"][place], 5, 5, 20, 77777, 9, 999999999, 10]
        lines.append(",".join(map(str, [*head, *body, *sun, *tail, 0.1, 0, 88, 0.2, 0, 0])))
    path = folder / f"weather_{seed}.epw"
    path.write_text(rng.choice(("\n", "\r\n")).join(lines) + "\n", encoding="utf-8", newline="")
    index = local.tz_localize("UTC") - pd.Timedelta(hours=zone)
    return Written(path, index.tz_convert("Asia/Shanghai"), dict(truth))


POWER = (
    ("(kW)", 1.0),
    ("（千瓦）", 1.0),
    ("(MW)", 0.001),
    ("(W)", 1000.0),
    (" kW", 1.0),
    ("", 1.0),
)


def power_curve(seed: int, folder: Path) -> Written:
    """A manufacturer's table: power, coefficients, noise, in any order and unit."""
    rng = random.Random(seed)
    rated = rng.choice((1500.0, 2000.0, 3300.0, 5000.0, 6250.0))
    step = rng.choice((0.5, 1.0))
    speeds = np.arange(0 if rng.random() < 0.5 else 3, 25 + step / 2, step)
    power = np.round(rated * np.clip((speeds**3 - 27) / (12**3 - 27), 0, 1), 1)
    unit, factor = rng.choice(POWER)
    name = rng.choice(("功率", "有功功率", "Power", "电功率", "输出功率"))
    columns = [Column(name + unit, (power * factor).round(6))]
    cp = np.divide(power, speeds**3 * 5.0, out=np.zeros_like(power), where=speeds > 0).round(3)
    extra = [
        Column("功率系数Cp", cp),
        Column("Power coefficient", cp),
        Column("推力系数Ct", cp + 0.3),
        Column("Ct", cp + 0.3),
        Column("噪声(dB)", np.full(len(speeds), 103.0)),
        Column("转速(rpm)", np.linspace(5, 12, len(speeds)).round(1)),
    ]
    columns += rng.sample(extra, rng.randint(0, 3))
    rng.shuffle(columns)
    bins = rng.random() < 0.15
    shown: list[Any] = list(speeds)
    if bins:
        shown = [f"{speed:g}-{speed + step:g}" for speed in speeds]
    lead = Column(rng.choice(("风速(m/s)", "风速", "Wind speed (m/s)", "Wind Speed")), shown)
    columns.insert(0 if rng.random() < 0.8 else len(columns), lead)
    path = folder / f"curve_{seed}.csv"
    rows = list(zip(*(column.cells for column in columns), strict=True))
    if rng.random() < 0.2:
        rows.reverse()
    lines = [",".join(c.heading for c in columns), *(",".join(map(_cell, row)) for row in rows)]
    if columns[0] is lead and not bins and rng.random() < 0.15:  # the table on its side
        lines = [",".join([c.heading, *map(_cell, c.cells)]) for c in columns]
    if rng.random() < 0.3:
        lines.insert(0, "某型机组（虚构）")
    if rng.random() < 0.2:
        lines.append("注：空气密度 1.225 kg/m3")
    path.write_text("\n".join(lines) + "\n", encoding=rng.choice(("utf-8-sig", "gb18030")))
    middle = speeds + (step / 2 if bins else 0.0)
    return Written(path, pd.DatetimeIndex([]), {"speed": middle, "power": power})


PRICE_UNITS = (("(元/kWh)", 1.0), ("(元/MWh)", 1e3), ("（元/兆瓦时）", 1e3), ("(分/kWh)", 100.0),
               ("(元/千瓦时)", 1.0), (" yuan/MWh", 1e3), ("", 1.0))  # fmt: skip


def price_file(seed: int, folder: Path) -> Written:
    """Market prices of a few days, for a load of hourly steps."""
    rng, numbers = random.Random(seed), np.random.default_rng(seed)
    index = _index(rng, (2, 6), (60,))
    fine = rng.random() < 0.4
    count = len(index) * (4 if fine else 1)
    price = numbers.uniform(-0.05, 0.8, count)
    price[numbers.random(count) < rng.choice((0.0, 0.3, 0.7))] = 0.0
    unit, factor = rng.choice(PRICE_UNITS)
    cells = (price * factor).round(5)
    own = pd.date_range(index[0], periods=count, freq="15min" if fine else "1h")
    truth = {"price": (cells / factor).reshape(len(index), -1).mean(axis=1)}
    name = rng.choice(("出清价", "price", "电价", "日前价格", "节点电价")) + unit
    path = folder / f"price_{seed}.csv"
    if rng.random() < 0.2:  # a row per day
        minutes = 15 if fine else 60
        heads = [f"{m // 60:02d}:{m % 60:02d}" for m in range(0, 1440, minutes)]
        table = cells.reshape(-1, len(heads))
        days = index[::24].strftime("%Y-%m-%d")
        lines = [",".join(["日期", *heads])]
        lines += [",".join([day, *map(_cell, row)]) for day, row in zip(days, table, strict=True)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        return Written(path, index, truth, {"scale": 1 / factor})
    columns = [Column(name, cells)]
    if rng.random() < 0.5:
        columns.append(
            Column(rng.choice(("成交电量(MWh)", "volume", "负荷")), numbers.uniform(1, 5, count))
        )
    if rng.random() < 0.15:
        slots = [float(place % (96 if fine else 24) + 1) for place in range(count)]
        columns.append(Column("时段", slots))
        lead = Column("日期", list(own.strftime("%Y-%m-%d")))
    else:
        lead = Column(rng.choice(("时间", "time")), _times(rng, own))
    return Written(_write(rng, path, columns, lead=lead), index, truth)
