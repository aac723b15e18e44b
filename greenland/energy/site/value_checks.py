"""Faults of single values and series, told with what stands there and what may stand there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.site.site import Site
from greenland.errors import Problem, Severity
from greenland.i18n import _

OVER_UNITY = 1e-9
LARGEST = 1e12  # in whatever unit: what is larger was not meant, and no solver takes it
BOUNDS = (
    "max_mw",
    "max_charge_mw",
    "max_capacity_mw",
    "max_import_mw",
    "max_export_mw",
    "capacity_mw",
)
"""Beginnings of the names of fields that may be infinite, which is no bound."""


def error(code: str, message: str, remedy: str = "", **parts: Any) -> Problem:
    """A fault that stops the energy evaluation."""
    return Problem(Severity.ERROR, code, message, remedy, touches=("energy",), **parts)


def warning(code: str, message: str, remedy: str = "", **parts: Any) -> Problem:
    """A doubt that stops nothing."""
    return Problem(Severity.WARNING, code, message, remedy, touches=(), **parts)


def _place(step: int, index: pd.Index[Any] | None) -> str:
    """Number of a step, from one, and its time where there is one."""
    if isinstance(index, pd.DatetimeIndex):
        time = f"{index[step]:%Y-%m-%d %H:%M}"
        return str(_("第 {step} 个时步（{time}）", step=step + 1, time=time))
    return str(_("第 {step} 个时步", step=step + 1))


def numbers_of(
    values: np.ndarray[Any, Any],
    column: str,
    what: str,
    *,
    low: float | None = None,
    high: float | None = None,
    index: pd.Index[Any] | None = None,
) -> Iterator[Problem]:
    """Missing, negative and too large values of an array, with the time each kind begins at."""
    bad = ~np.isfinite(values)
    if bad.any():
        yield error(
            f"{column}_missing",
            _(
                "{what}有 {count} 个空值或非有限数，第一个在{place}。",
                what=what,
                count=int(bad.sum()),
                place=_place(int(np.argmax(bad)), index),
            ),
            _("请补全数据；程序不会自行填补。"),
            column=column,
        )
    good = np.where(bad, 0.0 if low is None else low, values)
    if (np.abs(good) > LARGEST).any():
        place = int(np.argmax(np.abs(good) > LARGEST))
        yield error(
            f"{column}_immense",
            _("{what}在{place}大得不可能。", what=what, place=_place(place, index)),
            _("请核对单位。"),
            column=column,
            got=f"{good[place]:g}",
            allowed=f"≤ {LARGEST:g}",
        )
    if low is not None and (good < low).any():
        place = int(np.argmax(good < low))
        yield error(
            f"{column}_negative",
            _(
                "{what}有 {count} 个负值，第一个在{place}。",
                what=what,
                count=int((good < low).sum()),
                place=_place(place, index),
            ),
            column=column,
            got=f"{good[place]:g}",
            allowed=f"≥ {low:g}",
        )
    if high is not None and (good > high + OVER_UNITY).any():
        place = int(np.argmax(good > high + OVER_UNITY))
        yield error(
            f"{column}_over_unity",
            _(
                "{what}有 {count} 个值大于 {high:g}，第一个在{place}，最大 {most:g}。",
                what=what,
                count=int((good > high + OVER_UNITY).sum()),
                high=high,
                place=_place(place, index),
                most=float(good.max()),
            ),
            _("标幺出力应为实际出力除以装机容量；请核对容量，或把超出部分截为 1。"),
            column=column,
            got=f"{good[place]:g}",
            allowed=f"0–{high:g}",
        )


def series(
    values: Any,
    site: Site,
    column: str,
    what: str,
    *,
    low: float | None = None,
    high: float | None = None,
) -> Iterator[Problem]:
    """Length, index and numbers of anything given per step."""
    if isinstance(values, int | float | np.number):
        yield from numbers_of(np.array([float(values)]), column, what, low=low, high=high)
        return
    steps = len(site.load)
    try:
        numbers = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        yield error(f"{column}_type", _("{what}中有不是数字的内容。", what=what), column=column)
        return
    if numbers.ndim != 1 or len(numbers) != steps:
        yield error(
            f"{column}_length",
            _("{what}的长度与负荷不一致。", what=what),
            _("请给出与负荷同一时段、同一步长的序列。"),
            column=column,
            got=str(len(numbers)) if numbers.ndim == 1 else str(numbers.shape),
            allowed=str(steps),
        )
        return
    if isinstance(values, pd.Series) and not same_index(values.index, site.load.index):
        yield error(
            f"{column}_index",
            _(
                "{what}的时间索引与负荷不一致：前者从 {mine} 起，后者从 {load} 起。",
                what=what,
                mine=str(values.index[0]),
                load=str(site.load.index[0]),
            ),
            _("请先对齐时间（时区、起点、步长）。"),
            column=column,
        )
    yield from numbers_of(numbers, column, what, low=low, high=high, index=site.load.index)


def same_index(mine: pd.Index[Any], load: pd.Index[Any]) -> bool:
    """Whether two series stand on the same index, in whatever unit its times are kept."""
    if isinstance(mine, pd.DatetimeIndex) and isinstance(load, pd.DatetimeIndex):
        return bool(mine.as_unit("ns").equals(load.as_unit("ns")))
    return bool(mine.equals(load))


def amount(
    owner: str, field: str, value: float | None, low: float = 0.0, high: float = float("inf")
) -> Iterator[Problem]:
    """A number that has to lie in a range; only what bounds something from above is infinite."""
    if value is None:
        return
    number = isinstance(value, int | float | np.number)
    size = abs(value) if number else 0.0
    immense = size > LARGEST and (size != float("inf") or not field.startswith(BOUNDS))
    if not number or immense or not low <= value <= high:
        allowed = f"{low:g}–{high:g}" if np.isfinite(high) else f"≥ {low:g}"
        if immense:
            allowed = f"{low:g}–{min(high, LARGEST):g}"
        yield error(
            "amount",
            _("“{owner}”的 {field} 超出允许范围。", owner=owner, field=field),
            column=field,
            got=f"{value}",
            allowed=allowed,
        )


def amounts(item: Any, fields: Sequence[str], **limits: float) -> Iterator[Problem]:
    """Several fields of one part held against the same bounds."""
    for field in fields:
        yield from amount(item.name, field, getattr(item, field), **limits)


def mask(values: Any, site: Site, column: str, what: str) -> Iterator[Problem]:
    """A mask with one truth value for each step."""
    numbers = np.asarray(values)
    if numbers.dtype != bool:
        yield error(
            f"{column}_type",
            _("{what}应为逐时步的是/否（True/False）。", what=what),
            column=column,
            got=str(numbers.dtype),
        )
    elif len(numbers) != len(site.load):
        yield error(
            f"{column}_length",
            _("{what}的长度与负荷不一致。", what=what),
            column=column,
            got=str(len(numbers)),
            allowed=str(len(site.load)),
        )
    elif isinstance(values, pd.Series) and not same_index(values.index, site.load.index):
        yield error(
            f"{column}_index", _("{what}的时间索引与负荷不一致。", what=what), column=column
        )
