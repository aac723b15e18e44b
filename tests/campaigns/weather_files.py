"""Spoiled weather files, mast data, power curves and price files."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "energy"))

from table_writings import (
    Written,
    epw,
    mast_table,
    power_curve,
    price_file,
    weather_table,
)

from greenland.energy.profiles.renewable.met_mast import read_speeds
from greenland.energy.profiles.renewable.power_curve import read_curve
from greenland.energy.profiles.renewable.weather_readers import read_weather
from greenland.energy.profiles.renewable.wind import Turbine, resolve
from greenland.energy.tariff.config import SeriesFile
from greenland.energy.tariff.price_file import read_price_file

from .frame import Campaign

WRITERS: dict[str, Callable[[int, Path], Written]] = {
    "weather": weather_table,
    "mast": mast_table,
    "epw": epw,
    "curve": power_curve,
    "price": price_file,
}
CELLS = (
    *("", " ", "-", "—", "#REF!", "#DIV/0!", "inf", "-inf", "NaN", "1e400", "-1e400", "1e308"),
    *("0x1F", "１２", "1,234", "1.2.3", "--5", "9" * 400, "缺测", "True", "=A1", "'5", '"', '""'),
    *("1677-01-01 00:00", "2262-12-31", "9999-12-31 23:00", "0000-00-00", "2025-02-30 00:00"),
    *("24:00", "25:61", "2025-13-01", "31/12/2025", "2025-01-01T00:00+99:99", "45658.5", "\x00"),
    *("99999999999999999999", "-0", "1e-320", "3+4j", "½", "Ⅳ", "\u202e5", "2025年1月1日"),
)
HEADS = (
    *(
        "",
        "时间",
        "time",
        "日期",
        "风速",
        "气温",
        "ghi",
        "功率",
        "电价",
        "总辐射(Btu/ft2)",
        "00:00",
    ),
    *(
        "风速_0m",
        "风速_-5m",
        "风速_1e9m",
        "(" * 300,
        "总辐射(W/m2",
        "价(元/kWh",
        "96",
        "\x00",
        "P1",
    ),
)


def spoil(numbers: random.Random, folder: Path) -> str:
    """Write a sound file of some kind and damage it once or a few times."""
    kind = numbers.choice(list(WRITERS))
    file = WRITERS[kind](numbers.randrange(10**6), folder)
    path = file.path
    data = path.read_bytes()
    names = []
    for _time in range(numbers.choice((1, 1, 1, 2, 4))):
        name, damage = numbers.choice(DAMAGES)
        data = damage(numbers, data)
        names.append(name)
    path.unlink()
    suffix = numbers.choice(
        (path.suffix,) * 6 + (".xlsx", ".gz", ".txt", ".xls", ".parquet", ".CSV")
    )
    path.with_name(f"{kind}-file").with_suffix(suffix).write_bytes(data)
    if kind == "price":
        (folder / "load.txt").write_text(f"{file.index[0]} {len(file.index)}", encoding="utf-8")
    return f"{kind}: {names[0]}"


def read(folder: Path) -> int:
    """Read the file as the commands do, to the end of the chain for its kind."""
    (path,) = (item for item in folder.iterdir() if item.name != "load.txt")
    kind = path.name.split("-")[0]
    if kind in ("weather", "epw"):
        weather = read_weather(path)
        year = weather.years()[0]
        table = weather.for_year(year, source_year=year)
        return sum(map(len, table.attrs["problems"].values()))
    if kind == "mast":
        speeds, _air = read_speeds(path)
        return sum(len(speed.attrs["problems"]) for speed in speeds.values())
    if kind == "curve":
        curve = read_curve(path)
        resolve_curve(curve)
        return len(curve.attrs["problems"])
    start, count = (folder / "load.txt").read_text(encoding="utf-8").rsplit(" ", 1)
    index = pd.date_range(start, periods=int(count), freq="1h").tz_convert("Asia/Shanghai")
    return len(read_price_file(path, SeriesFile(file=path.name), index).notes)


def resolve_curve(curve: pd.Series) -> None:
    """Bring a curve to per unit, as the calculation of the output does first."""
    from greenland.energy.profiles.defaults import defaults

    resolve(Turbine(curve=curve), defaults(None))


def _lines(change: Callable[[random.Random, list[bytes]], None]) -> Callable[..., bytes]:
    def damage(numbers: random.Random, data: bytes) -> bytes:
        lines = data.split(b"\n")
        change(numbers, lines)
        return b"\n".join(lines)

    return damage


def _place(numbers: random.Random, lines: list[bytes]) -> int:
    return numbers.randrange(max(1, len(lines)))


def _drop(numbers: random.Random, lines: list[bytes]) -> None:
    first = _place(numbers, lines)
    del lines[first : first + numbers.choice((1, 5, 1000))]


def _double(numbers: random.Random, lines: list[bytes]) -> None:
    place = _place(numbers, lines)
    lines[place:place] = lines[place : place + numbers.choice((1, 30))]


def _shuffle(numbers: random.Random, lines: list[bytes]) -> None:
    numbers.shuffle(lines)


def _cell(numbers: random.Random, lines: list[bytes]) -> None:
    for _time in range(numbers.choice((1, 1, 8, 200))):
        place = _place(numbers, lines)
        cells = lines[place].split(b",")
        cells[numbers.randrange(len(cells))] = numbers.choice(CELLS).encode()
        lines[place] = b",".join(cells)


def _column(numbers: random.Random, lines: list[bytes]) -> None:
    width = lines[-2].count(b",") + 1 if len(lines) > 1 else 1
    column, text = numbers.randrange(width), numbers.choice(CELLS).encode()
    for place in range(numbers.randrange(1, 4), len(lines)):
        cells = lines[place].split(b",")
        if column < len(cells):
            cells[column] = text
            lines[place] = b",".join(cells)


def _head(numbers: random.Random, lines: list[bytes]) -> None:
    place = numbers.randrange(min(10, len(lines)))
    cells = lines[place].split(b",")
    cells[numbers.randrange(len(cells))] = numbers.choice(HEADS).encode()
    lines[place] = b",".join(cells)


def _comma(numbers: random.Random, lines: list[bytes]) -> None:
    place = _place(numbers, lines)
    lines[place] = lines[place].replace(b",", numbers.choice((b",,", b";", b"", b"\t")), 1)


def _bytes(numbers: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _time in range(numbers.choice((1, 10, 300))):
        if changed:
            changed[numbers.randrange(len(changed))] = numbers.randrange(256)
    return bytes(changed)


def _cut(numbers: random.Random, data: bytes) -> bytes:
    return data[: numbers.randrange(len(data) + 1)]


def _encoding(numbers: random.Random, data: bytes) -> bytes:
    middle = numbers.randrange(len(data) + 1)
    tail = data[middle:].decode("utf-8", "replace")
    return data[:middle] + "数据，某某".encode("gb18030") + tail.encode("utf-16-le")


DAMAGES: tuple[tuple[str, Callable[[random.Random, bytes], bytes]], ...] = (
    ("rows dropped", _lines(_drop)),
    ("rows twice", _lines(_double)),
    ("rows in any order", _lines(_shuffle)),
    ("odd cells", _lines(_cell)),
    ("odd cells", _lines(_cell)),
    ("odd column", _lines(_column)),
    ("odd header", _lines(_head)),
    ("comma", _lines(_comma)),
    ("bytes", _bytes),
    ("cut off", _cut),
    ("encodings mixed", _encoding),
)

CAMPAIGN = Campaign(spoil, read, count=1000, seconds=60.0)
