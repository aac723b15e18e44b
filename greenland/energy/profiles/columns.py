"""What the columns of a meter export are: times, slots of a day, meters, values, units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.readings import Label
from greenland.i18n import _

TIME = re.compile(
    r"^(数据|采集|采样|抄表|统计|记录)?(日期)?(时间|时刻|日期时间|时标)$"
    r"|^(date_?time|time_?stamp|time|date/time|utc_time|local_time|ts)(\W.*)?$",
    re.IGNORECASE,
)
DATE = re.compile(r"^(数据|采集|抄表|统计|用电)?日期$|^(date|day)$|^年月日$", re.IGNORECASE)
METER = re.compile(
    r"表号|计量点|测量点|电表|资产编号|表计|^(meter|meter_?id|device)$", re.IGNORECASE
)
CUSTOMER = re.compile(r"户号|用户编号|^customer(_?id)?$", re.IGNORECASE)
TYPE = re.compile(r"数据类型|曲线类型|量测类型|数据项|^类型$", re.IGNORECASE)
MULTIPLIER = re.compile(r"^(综合)?倍率(\(.*\))?$|^multiplier$", re.IGNORECASE)
REACTIVE = re.compile(r"无功|反向|reactive|kvar|power.?factor|功率因数|视在", re.IGNORECASE)
VALUE = re.compile(
    r"有功|功率|负荷|电量|用电|电能|读数|出力|发电|usage|power|load|energy|consumption|demand|output"
    r"|kwh|kw|mwh|mw|^value$|^值$|标幺|\(pu\)|^cf$",
    re.IGNORECASE,
)
UNIT = re.compile(
    r"(万千瓦时|千瓦时|兆瓦时|千瓦|兆瓦|万kWh|GWh|MWh|kWh|MW|kW)(?![a-zA-Z])", re.IGNORECASE
)
ENERGY = re.compile(r"(wh|时)$", re.IGNORECASE)
HOUR_WORD = re.compile(r"[时点]$")
DAY_COUNTS = (24, 48, 96, 144, 288)


def slot_minutes(header: str) -> int | None:
    """Minutes after midnight a column of a day table stands for; None if it is no such column.

    ``"00:15"``, ``"0:15:00"``, ``"24:00"``, ``"00:00-00:15"`` (its start), ``"0015"``, ``"8时"``.
    """
    text = HOUR_WORD.sub("", header.strip())
    found = re.match(r"^(\d{1,2}):(\d{2})(:00)?(\s*[-~—至]\s*\d{1,2}:\d{2}(:00)?)?$", text)
    if found is None and header != text:
        found = re.match(r"^(\d{1,2})()$", text)
    if found is None:
        found = re.match(r"^(\d{2})(\d{2})$", text)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 else None


def _numbered(header: str) -> int | None:
    """Number of a column such as ``P1``, ``第96点`` or ``12``."""
    found = re.match(
        r"^(?:p|第|点|时段|point|value|v|t)?_?(\d{1,3})(?:点|时段)?$", header.strip(), re.IGNORECASE
    )
    return int(found[1]) if found else None


@dataclass(frozen=True)
class Slots:
    """The columns of a day table: their names, minutes after midnight, and label."""

    columns: tuple[str, ...]
    minutes: npt.NDArray[np.int64]
    label: Label
    step: pd.Timedelta
    notes: tuple[str, ...] = ()


def day_slots(headers: Sequence[str]) -> Slots | None:
    """The slot columns among the headers, if they make up a day."""
    clocked = [(name, slot_minutes(name)) for name in headers]
    found = [(name, minute) for name, minute in clocked if minute is not None]
    notes: tuple[str, ...] = ()
    if len(found) - 1 in DAY_COUNTS and found[0][1] == 0 and found[-1][1] == 24 * 60:
        found = found[:-1]
        notes = (_("日表同时有 00:00 和 24:00 两列，24:00 列未采用。"),)
    if len(found) in DAY_COUNTS:
        return _clocked_slots(found, notes)
    counted = [(name, _numbered(name)) for name in headers]
    places = [(name, number) for name, number in counted if number is not None]
    if len(places) in DAY_COUNTS and [number for _name, number in places] == list(
        range(places[0][1], places[0][1] + len(places))
    ):
        step = 24 * 60 // len(places)
        return Slots(
            tuple(name for name, _number in places),
            np.arange(len(places)) * step,
            Label.LEFT,
            pd.Timedelta(minutes=step),
            (_("日表各列只有序号，第一列按 0 时起的时段计。"),),
        )
    return None


def _clocked_slots(found: Sequence[tuple[str, int]], notes: tuple[str, ...]) -> Slots | None:
    step = 24 * 60 // len(found)
    minutes = np.array([minute for _name, minute in found])
    right = minutes[0] == step
    if right and minutes[-1] == 0:
        minutes[-1] = 24 * 60
    expected = np.arange(len(found)) * step + (step if right else 0)
    if (minutes != expected).any():
        return None
    label = Label.RIGHT if right else Label.LEFT
    names = tuple(name for name, _minute in found)
    return Slots(names, expected - (step if right else 0), label, pd.Timedelta(minutes=step), notes)
