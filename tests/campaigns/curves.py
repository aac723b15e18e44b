"""Load curves, bills and curves of a case, spoiled byte by byte and cell by cell.

The sound files are invented. What is read must be refused in words, told, or keep its energy.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from greenland.energy.case.curves import read_curve_of_case
from greenland.energy.case.schema import Curve
from greenland.energy.profiles import store
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.load import meter
from greenland.energy.profiles.load.bill_table import read_bills
from greenland.energy.profiles.load.meter import MeterFormat

from .frame import Campaign, WrongValueError

Damage = Callable[[random.Random, list[str]], list[str]]


def _hours(rng: random.Random) -> list[str]:
    times = pd.date_range("2025-01-01", periods=24 * rng.randint(2, 9), freq="h")
    values = [round(40 + 10 * rng.random(), 2) for _time in times]
    rows = [f"{time:%Y-%m-%d %H:%M},{value}" for time, value in zip(times, values, strict=True)]
    return ["时间,负荷(MW)", *rows]


def _quarters(rng: random.Random) -> list[str]:
    head = ",".join(f"{m // 60:02d}:{m % 60:02d}" for m in range(15, 1441, 15))
    days = [
        ",".join(
            [
                f"2025-01-{day:02d}",
                "有功功率(kW)",
                *(str(rng.randint(200, 900)) for _k in range(96)),
            ]
        )
        for day in range(1, rng.randint(3, 12))
    ]
    return [f"日期,数据类型,{head}", *days]


def _bills(rng: random.Random) -> list[str]:
    months = [
        f"2025-{month:02d},{rng.randint(1000, 9000)},{rng.randint(5, 20)}" for month in range(1, 13)
    ]
    return ["月份,总电量(MWh),最大需量(MW)", *months]


ODD = (
    "", "合计", "—", "停电", "1e400", "-1e9", "inf", "nan", "1,234.5", "9999", "2025-13-45",
    "24:00",
    "1677-01-01 00:00", "9999-12-31 23:00", "=SUM(A1:A9)", "０１２", "\u200b", "12kW", "TRUE",
    "#REF!",
    "2025-01-01", "5.6.2025", "00:00-00:15", "1" * 400, "有功", "\ufeff", "'12", '"', "-",
    "２０２５年１月１日",
)  # fmt: skip


def _cell(rng: random.Random, lines: list[str]) -> list[str]:
    for _time in range(rng.randint(1, 4)):
        row = rng.randrange(len(lines))
        cells = lines[row].split(",")
        cells[rng.randrange(len(cells))] = rng.choice(ODD)
        lines[row] = ",".join(cells)
    return lines


def _column(rng: random.Random, lines: list[str]) -> list[str]:
    place, odd = rng.randrange(lines[0].count(",") + 1), rng.choice(ODD)
    first = rng.randint(0, 1)
    changed = []
    for row, line in enumerate(lines):
        cells = line.split(",")
        if row >= first and place < len(cells):
            cells[place] = odd
        changed.append(",".join(cells))
    return changed


def _rows(rng: random.Random, lines: list[str]) -> list[str]:
    way = rng.choice(("drop", "double", "shuffle", "cut", "header", "none", "blank"))
    if way == "drop":
        return [lines[0], *(line for line in lines[1:] if rng.random() < 0.6)]
    if way == "double":
        return [*lines, *lines[1 : rng.randint(2, len(lines))]]
    if way == "shuffle":
        return [lines[0], *rng.sample(lines[1:], len(lines) - 1)]
    if way == "cut":
        return [line[: rng.randint(0, len(line))] if rng.random() < 0.2 else line for line in lines]
    if way == "header":
        return lines[1:]
    return lines[:1] if way == "none" else ["", *lines, "", ""]


def _separators(rng: random.Random, lines: list[str]) -> list[str]:
    old, new = rng.choice(
        (
            (",", ";"),
            (",", "\t"),
            (",", " "),
            (",", "|"),
            (":", "."),
            ("-", "/"),
            (".", ","),
            ("\n", ","),
        )
    )
    return [line.replace(old, new) if rng.random() < 0.9 else line for line in lines]


def _bytes(rng: random.Random, content: bytes) -> bytes:
    data = bytearray(content)
    for _time in range(rng.randint(1, 30)):
        place = rng.randrange(len(data))
        way = rng.randrange(3)
        if way == 0:
            data[place] = rng.randrange(256)
        elif way == 1:
            del data[place : place + rng.randint(1, 40)]
        else:
            data[place:place] = bytes(rng.randrange(256) for _k in range(rng.randint(1, 8)))
        if not data:
            return b""
    return bytes(data)


def spoil(rng: random.Random, folder: Path) -> str:
    """Write one spoiled file and how it is to be read."""
    subject, make = rng.choice(
        (
            ("load", _hours),
            ("load", _quarters),
            ("case", _hours),
            ("bills", _bills),
            ("store", _hours),
        )
    )
    lines = make(rng)
    damages: dict[str, Damage | None] = {
        "cell": _cell, "column": _column, "rows": _rows, "separators": _separators,
        "bytes": None, "encoding": None, "name": None, "two": None,
    }  # fmt: skip
    kind = rng.choice(list(damages))
    damage = damages[kind]
    if damage is not None:
        lines = damage(rng, lines)
    if kind == "two":
        lines = _rows(rng, _cell(rng, lines))
    text = "\n".join(lines) + "\n"
    content = text.encode("utf-8")
    if kind == "encoding":
        half = len(text) // 2
        other = rng.choice(("gb18030", "utf-16", "utf-16-le", "latin-1"))
        content = rng.choice(
            (
                text.encode(other, "replace"),
                text[:half].encode() + text[half:].encode(other, "replace"),
            )
        )
    if kind == "bytes":
        content = _bytes(rng, content)
    suffix = rng.choice((".xlsx", ".parquet", ".csv.gz", ".xls")) if kind == "name" else ".csv"
    (folder / f"{subject}{suffix}").write_bytes(content)
    return f"{subject} {kind}"


def read(folder: Path) -> int:
    """Read the file as the commands do; the number of things told."""
    (path,) = folder.iterdir()
    subject = path.name.split(".")[0]
    if subject == "bills":
        bills = read_bills(path)
        if any(bill.total < 0 for bill in bills):
            return 1  # refused where bills are put together
        return len(bills.assumptions) + len(bills.notes)
    if subject == "case":
        found = read_curve_of_case(path, Curve(file=path.name), Subject.LOAD)
        told = 0 if found.readings is None else len(found.readings.notes)
        return told + int(found.values.isna().sum())
    if subject == "store":
        return len(store.describe(store.read(path), Subject.LOAD)["quality"]["problems"])
    series = meter.load(path, MeterFormat())
    if not series.notna().all():
        raise WrongValueError("a finished curve has holes")
    quality = series.attrs["quality"]
    return len(quality["problems"]) + len(quality["assumptions"])


CAMPAIGN = Campaign(spoil=spoil, read=read, count=900, seconds=30.0)
