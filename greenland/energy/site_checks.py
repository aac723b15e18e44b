"""Every fault of a site at once: profiles, prices and their units, efficiencies, limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.site import (
    DemandCharge,
    Electrolyser,
    Grid,
    InterruptibleLoad,
    Limits,
    SelfUse,
    ShiftableLoad,
    Site,
    Source,
    Storage,
    WeatherYears,
    step_hours,
)
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _

# Bounds of plausibility, wide enough for every currency and toy: beyond them only a wrong unit
# explains the number. They judge nothing but the unit.
DEAREST_KWH = 20.0
CHEAPEST_KWH = 0.001
DEAREST_KW = 100_000.0
CHEAPEST_KW = 10.0
LARGEST_LOAD_MW = 10_000.0
OVER_UNITY = 1e-9


def _error(code: str, message: str, remedy: str = "", **parts: Any) -> Problem:
    return Problem(Severity.ERROR, code, message, remedy, touches=("energy",), **parts)


def _warning(code: str, message: str, remedy: str = "", **parts: Any) -> Problem:
    return Problem(Severity.WARNING, code, message, remedy, touches=(), **parts)


def require_sound(site: Site) -> None:
    """Raise all faults of a site together.

    Raises
    ------
    InputError
    """
    errors = [item for item in site_problems(site) if item.severity is Severity.ERROR]
    if errors:
        raise InputError(errors)


def site_problems(site: Site) -> list[Problem]:
    """Every fault and doubt about a site; parts of unusable length are not looked at further."""
    problems = list(_load(site))
    if problems and any(item.severity is Severity.ERROR for item in problems):
        return problems
    problems += _names(site)
    for source in site.sources:
        problems += _source(source, site)
    for storage in site.storages:
        problems += _storage(storage)
    if site.grid is not None:
        problems += _grid(site.grid, site)
    for shiftable in site.shiftable:
        problems += _shiftable(shiftable, site)
    for interruptible in site.interruptible:
        problems += _interruptible(interruptible, site)
    for electrolyser in site.electrolysers:
        problems += _electrolyser(electrolyser)
    problems += _site_numbers(site)
    problems += _limits(site.limits)
    if not any(item.severity is Severity.ERROR for item in problems):
        problems += _clashes(site)
    return problems


def _load(site: Site) -> Iterator[Problem]:
    load = site.load
    if not isinstance(load, pd.Series) or not isinstance(load.index, pd.DatetimeIndex):
        yield _error(
            "load_index",
            _("负荷应为以时间为索引的序列（pandas Series，DatetimeIndex）。"),
            got=type(load).__name__,
        )
        return
    if len(load) == 0:
        yield _error("load_empty", _("负荷序列是空的。"))
        return
    yield from _index(load.index)
    values = pd.to_numeric(load, errors="coerce").to_numpy(dtype=float)
    yield from _numbers(values, "load", _("负荷"), low=0.0)
    if np.nanmax(values, initial=0.0) > LARGEST_LOAD_MW:
        yield _warning(
            "load_unit",
            _("负荷最大值 {value:g} MW 过大，像是以 kW 填写（相差 1000 倍）。", value=values.max()),
            _("请换算为 MW。"),
        )


def _index(index: pd.DatetimeIndex) -> Iterator[Problem]:
    if index.hasnans:
        yield _error("index_nat", _("时间索引中有空值。"))
        return
    gaps = index[1:] - index[:-1]
    if len(index) > 1 and gaps.min() <= pd.Timedelta(0):
        place = int(np.argmax(gaps <= pd.Timedelta(0))) + 1
        yield _error(
            "index_order",
            _(
                "时间索引有重复或倒退，第一处在第 {place} 个：{time}。",
                place=place + 1,
                time=str(index[place]),
            ),
            _("请按时间排序并去掉重复（注意夏令时和 24:00 的写法）。"),
        )
        return
    hours = step_hours(index)
    if hours > 1.0 or abs(1 / hours - round(1 / hours)) > 1e-9:
        yield _error(
            "index_step",
            _("时间步长应为 1 小时或能整除 1 小时的分钟数。"),
            got=_("{hours:g} 小时", hours=hours),
            allowed=_("60、30、15 分钟等"),
        )
        return
    step = pd.Timedelta(hours=hours)
    breaks = [int(i) + 1 for i in np.flatnonzero(gaps != step)]
    bad = [i for i in breaks if index[i].year == index[i - 1].year]
    if bad:
        yield _error(
            "index_gap",
            _(
                "时间索引有 {count} 处间断，第一处在 {before} 与 {after} 之间；"
                "只有两个气象年之间可以间断。",
                count=len(bad),
                before=str(index[bad[0] - 1]),
                after=str(index[bad[0]]),
            ),
            _("请补齐缺口后再计算。"),
        )


def _numbers(
    values: np.ndarray[Any, Any],
    column: str,
    what: str,
    *,
    low: float | None = None,
    high: float | None = None,
) -> Iterator[Problem]:
    bad = ~np.isfinite(values)
    if bad.any():
        yield _error(
            f"{column}_missing",
            _(
                "{what}有 {count} 个空值或非有限数，第一个在第 {place} 个时步。",
                what=what,
                count=int(bad.sum()),
                place=int(np.argmax(bad)) + 1,
            ),
            _("请补全数据；程序不会自行填补。"),
            column=column,
        )
    good = np.where(bad, 0.0 if low is None else low, values)
    if low is not None and (good < low).any():
        place = int(np.argmax(good < low))
        yield _error(
            f"{column}_negative",
            _(
                "{what}有 {count} 个负值，第一个在第 {place} 个时步。",
                what=what,
                count=int((good < low).sum()),
                place=place + 1,
            ),
            column=column,
            got=f"{good[place]:g}",
            allowed=f"≥ {low:g}",
        )
    if high is not None and (good > high + OVER_UNITY).any():
        place = int(np.argmax(good > high + OVER_UNITY))
        yield _error(
            f"{column}_over_unity",
            _(
                "{what}有 {count} 个值大于 {high:g}，第一个在第 {place} 个时步，最大 {most:g}。",
                what=what,
                count=int((good > high + OVER_UNITY).sum()),
                high=high,
                place=place + 1,
                most=float(good.max()),
            ),
            _("标幺出力应为实际出力除以装机容量；请核对容量，或把超出部分截为 1。"),
            column=column,
            got=f"{good[place]:g}",
            allowed=f"0–{high:g}",
        )


def _series(
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
        yield from _numbers(np.array([float(values)]), column, what, low=low, high=high)
        return
    steps = len(site.load)
    try:
        numbers = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        yield _error(f"{column}_type", _("{what}中有不是数字的内容。", what=what), column=column)
        return
    if numbers.ndim != 1 or len(numbers) != steps:
        yield _error(
            f"{column}_length",
            _("{what}的长度与负荷不一致。", what=what),
            _("请给出与负荷同一时段、同一步长的序列。"),
            column=column,
            got=str(len(numbers)) if numbers.ndim == 1 else str(numbers.shape),
            allowed=str(steps),
        )
        return
    if isinstance(values, pd.Series) and not _same_index(values.index, site.load.index):
        yield _error(
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
    yield from _numbers(numbers, column, what, low=low, high=high)


def _same_index(mine: pd.Index[Any], load: pd.Index[Any]) -> bool:
    return bool(mine.equals(load))


def _names(site: Site) -> Iterator[Problem]:
    parts: list[Any] = [*site.sources, *site.storages, *site.shiftable, *site.interruptible]
    names = [item.name for item in (*parts, *site.electrolysers)]
    reserved = {"load", "import", "export", "curtailment", "grid", "unserved"}
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _error("name_twice", _("名称“{name}”用了两次。", name=name), _("请改名。"), got=name)
    for name in names:
        if not name or name in reserved:
            yield _error(
                "name_reserved",
                _("“{name}”不能用作名称。", name=name),
                got=name,
                allowed=_("除 {names} 以外的名称", names="、".join(sorted(reserved))),
            )


def _amount(
    owner: str, field: str, value: float | None, low: float = 0.0, high: float = float("inf")
) -> Iterator[Problem]:
    """A number that has to lie in a range; infinity is fine where *high* is."""
    if value is None:
        return
    if (
        not isinstance(value, int | float | np.number)
        or np.isnan(value)
        or not low <= value <= high
    ):
        allowed = f"{low:g}–{high:g}" if np.isfinite(high) else f"≥ {low:g}"
        yield _error(
            "amount",
            _("“{owner}”的 {field} 超出允许范围。", owner=owner, field=field),
            column=field,
            got=f"{value}",
            allowed=allowed,
        )


def _amounts(item: Any, fields: Sequence[str], **limits: float) -> Iterator[Problem]:
    for field in fields:
        yield from _amount(item.name, field, getattr(item, field), **limits)


def _lifetime(item: Any) -> Iterator[Problem]:
    if not item.lifetime > 0:
        yield _error(
            "lifetime",
            _("“{owner}”的寿命应大于 0 年。", owner=item.name),
            column="lifetime",
            got=f"{item.lifetime}",
        )


def _bounds(item: Any, least: str, most: str) -> Iterator[Problem]:
    low, high = getattr(item, least), getattr(item, most)
    if low > high:
        yield _error(
            "bounds",
            _(
                "“{owner}”的 {least}＝{low:g} 大于 {most}＝{high:g}，没有可选的容量。",
                owner=item.name,
                least=least,
                low=low,
                most=most,
                high=high,
            ),
            column=least,
        )


def _unit_cost(item: Any, field: str, per: str) -> Iterator[Problem]:
    value = getattr(item, field)
    if not isinstance(value, int | float) or np.isnan(value):
        return
    if value > DEAREST_KW:
        yield _error(
            "cost_unit",
            _(
                "“{owner}”的 {field}＝{value:g} 过大，像是以“元/M{per}”填写（相差 1000 倍）。",
                owner=item.name,
                field=field,
                value=value,
                per=per,
            ),
            _("应以“元/k{per}”填写：{guess:g}？", per=per, guess=value / 1000),
            column=field,
        )
    elif 0 < value < CHEAPEST_KW and field != "energy_capex":
        yield _warning(
            "cost_unit",
            _(
                "“{owner}”的 {field}＝{value:g} 过小，像是以“元/{per}”填写（相差 1000 倍）。",
                owner=item.name,
                field=field,
                value=value,
                per=per,
            ),
            _("应以“元/k{per}”填写：{guess:g}？", per=per, guess=value * 1000),
            column=field,
        )


def _source(item: Source, site: Site) -> Iterator[Problem]:
    what = _("“{owner}”的标幺出力", owner=item.name)
    yield from _series(item.profile, site, "profile", what, low=0.0, high=1.0)
    fields = ["capex", "opex", "max_mw", "min_mw", "existing_mw", "variable_cost"]
    fields += ["land_mu_per_mw", "roof_m2_per_mw", "replacement_cost"]
    yield from _amounts(item, fields)
    yield from _unit_cost(item, "capex", "W")
    yield from _lifetime(item)
    yield from _bounds(item, "min_mw", "max_mw")
    yield from _unit_size(item, "unit_mw")


def _unit_size(item: Any, field: str) -> Iterator[Problem]:
    value = getattr(item, field)
    if value is not None and not value > 0:
        yield _error(
            "unit_size",
            _("“{owner}”的单机规格应大于 0。", owner=item.name),
            column=field,
            got=f"{value}",
        )


def _storage(item: Storage) -> Iterator[Problem]:
    for field in ("charge_efficiency", "discharge_efficiency"):
        value = getattr(item, field)
        if not 0 < value <= 1:
            remedy = _("效率用小数，如 0.93。") if value > 1 else ""
            yield _error(
                "efficiency",
                _("“{owner}”的 {field} 应大于 0、不大于 1。", owner=item.name, field=field),
                remedy,
                column=field,
                got=f"{value}",
                allowed="0–1",
            )
    shares = ["depth_of_discharge", "max_soc", "min_soc", "self_discharge", "initial_energy"]
    yield from _amounts(item, shares, high=1.0)
    fields = ["power_capex", "energy_capex", "power_opex", "energy_opex", "min_hours", "max_hours"]
    fields += ["max_mw", "min_mw", "max_mwh", "min_mwh", "existing_mw", "existing_mwh"]
    yield from _amounts(item, [*fields, "throughput_cost", "replacement_cost"])
    yield from _unit_cost(item, "power_capex", "W")
    yield from _unit_cost(item, "energy_capex", "Wh")
    yield from _lifetime(item)
    yield from _bounds(item, "min_mw", "max_mw")
    yield from _bounds(item, "min_mwh", "max_mwh")
    if item.min_hours is not None and item.max_hours is not None:
        yield from _bounds(item, "min_hours", "max_hours")
    yield from _unit_size(item, "unit_mw")
    yield from _unit_size(item, "unit_mwh")
    yield from _charge_state(item)


def _charge_state(item: Storage) -> Iterator[Problem]:
    if item.min_soc is not None and item.depth_of_discharge < 1.0:
        yield _error(
            "soc_twice",
            _("“{owner}”同时给了 min_soc 和 depth_of_discharge，只能给一个。", owner=item.name),
            column="min_soc",
        )
    elif item.usable_share <= 0:
        yield _error(
            "soc_window",
            _("“{owner}”的荷电下限不低于上限，没有可用容量。", owner=item.name),
            column="depth_of_discharge",
            got=f"{item.soc_floor:g}–{item.max_soc:g}",
        )
    if not item.cyclic and item.initial_energy is None:
        yield _error(
            "initial_energy",
            _("“{owner}”不循环（cyclic 为否）时必须给出 initial_energy。", owner=item.name),
            _("以占容量的比例给出，如 0.5。"),
            column="initial_energy",
        )
    start = item.initial_energy
    if start is not None and not item.soc_floor - 1e-12 <= start <= item.max_soc + 1e-12:
        yield _error(
            "initial_energy",
            _(
                "“{owner}”的 initial_energy 不在荷电上下限之间（它是占容量的比例）。",
                owner=item.name,
            ),
            column="initial_energy",
            got=f"{start:g}",
            allowed=f"{item.soc_floor:g}–{item.max_soc:g}",
        )


def _grid(item: Grid, site: Site) -> Iterator[Problem]:
    for field, what in (
        ("import_price", _("下网电价")),
        ("export_price", _("上网电价")),
        ("self_use_price", _("自用电量费用")),
    ):
        value = getattr(item, field)
        yield from _series(value, site, field, what)
        yield from _price_unit(value, field, what)
    if item.emission_factor is not None:
        what = _("电网排放因子")
        yield from _series(item.emission_factor, site, "emission_factor", what, low=0.0)
    if not isinstance(item.export_allowed, bool | np.bool_):
        yield from _mask(item.export_allowed, site, "export_allowed", _("允许上网的时段"))
    for field in ("capacity_mw", "capacity_price", "max_capacity_mw", "min_capacity_mw"):
        yield from _amount("grid", field, getattr(item, field))
    for field in ("max_import_mw", "max_export_mw", "capex", "opex", "existing_mw"):
        yield from _amount("grid", field, getattr(item, field))
    if item.capacity_mw is not None and item.max_capacity_mw is not None:
        yield _error(
            "capacity_twice",
            _("capacity_mw（接入容量已定）与 max_capacity_mw（接入容量待定）只能给一个。"),
            column="capacity_mw",
        )
    if item.max_capacity_mw is not None and item.min_capacity_mw > item.max_capacity_mw:
        yield _error("bounds", _("接入容量的下限大于上限。"), column="min_capacity_mw")
    if item.capacity_price and item.capacity_mw is None and item.max_capacity_mw is None:
        yield _error(
            "capacity_missing",
            _("有容量电价时须给出接入容量 capacity_mw，或其上限 max_capacity_mw。"),
            column="capacity_price",
        )
    for charge in item.demand_charges:
        yield from _demand_charge(charge, site)


def _price_unit(value: Any, field: str, what: str) -> Iterator[Problem]:
    """Name the likely unit of a price that is a thousand times off."""
    try:
        numbers = np.abs(np.asarray(value, dtype=float))
    except (TypeError, ValueError):
        return
    numbers = numbers[np.isfinite(numbers) & (numbers > 0)]
    if not len(numbers):
        return
    middle, most = float(np.median(numbers)), float(numbers.max())
    if middle > DEAREST_KWH:
        yield _error(
            "price_unit",
            _(
                "{what}的中位数为 {value:g}，像是以“元/MWh”填写（相差 1000 倍）。",
                what=what,
                value=middle,
            ),
            _("应以“元/kWh”填写：{guess:g}？", guess=middle / 1000),
            column=field,
        )
    elif most < CHEAPEST_KWH:
        yield _error(
            "price_unit",
            _(
                "{what}最大仅 {value:g}，像是以“千元/kWh”或“元/Wh”填写（相差 1000 倍）。",
                what=what,
                value=most,
            ),
            _("应以“元/kWh”填写：{guess:g}？", guess=most * 1000),
            column=field,
        )


def _mask(values: Any, site: Site, column: str, what: str) -> Iterator[Problem]:
    numbers = np.asarray(values)
    if numbers.dtype != bool:
        yield _error(
            f"{column}_type",
            _("{what}应为逐时步的是/否（True/False）。", what=what),
            column=column,
            got=str(numbers.dtype),
        )
    elif len(numbers) != len(site.load):
        yield _error(
            f"{column}_length",
            _("{what}的长度与负荷不一致。", what=what),
            column=column,
            got=str(len(numbers)),
            allowed=str(len(site.load)),
        )
    elif isinstance(values, pd.Series) and not _same_index(values.index, site.load.index):
        yield _error(
            f"{column}_index", _("{what}的时间索引与负荷不一致。", what=what), column=column
        )


def _demand_charge(item: DemandCharge, site: Site) -> Iterator[Problem]:
    if item.when is not None and not isinstance(item.when, bool | np.bool_):
        yield from _mask(
            item.when, site, "demand_charges", _("需量电费“{name}”的时段", name=item.name)
        )
    for month in range(1, 13):
        price = item.price_in(month)
        if not (np.isfinite(price) and price >= 0):
            yield from _amount(item.name, "price", price)
            return


def _shiftable(item: ShiftableLoad, site: Site) -> Iterator[Problem]:
    what = _("可平移负荷“{owner}”的计划功率", owner=item.name)
    before = list(_series(item.profile, site, "shiftable", what, low=0.0))
    yield from before
    yield from _amounts(item, ["max_mw", "min_mw"])
    yield from _bounds(item, "min_mw", "max_mw")
    if not item.window_hours > 0:
        yield _error(
            "window",
            _("“{owner}”的窗口长度应大于 0 小时。", owner=item.name),
            column="window_hours",
        )
        return
    if before or isinstance(item.profile, int | float):
        return
    length = max(1, round(item.window_hours / site.step_hours))
    profile = np.asarray(item.profile, dtype=float)
    means = np.array([profile[i : i + length].mean() for i in range(0, len(profile), length)])
    if (means > item.max_mw + 1e-9).any() or (means < item.min_mw - 1e-9).any():
        yield _error(
            "shiftable_window",
            _(
                "“{owner}”在某些窗口内的电量超出功率上下限所能承担的范围，无法平移。",
                owner=item.name,
            ),
            column="max_mw",
            got=f"{means.min():g}–{means.max():g}",
            allowed=f"{item.min_mw:g}–{item.max_mw:g}",
        )


def _interruptible(item: InterruptibleLoad, site: Site) -> Iterator[Problem]:
    what = _("可中断负荷“{owner}”的功率", owner=item.name)
    found = list(_series(item.max_mw, site, "interruptible", what, low=0.0))
    yield from found
    yield from _amount(item.name, "price", item.price)
    yield from _amount(item.name, "max_share", item.max_share, high=1.0)
    if found:
        return
    parts = [
        np.broadcast_to(np.asarray(i.max_mw, dtype=float), len(site.load))
        for i in site.interruptible
        if np.ndim(i.max_mw) == 0 or len(np.asarray(i.max_mw)) == len(site.load)
    ]
    excess = np.sum(parts, axis=0) - site.load.to_numpy(dtype=float)
    if item is site.interruptible[0] and (excess > 1e-9).any():
        yield _error(
            "interruptible_over_load",
            _("可中断功率合计在 {count} 个时步大于负荷。", count=int((excess > 1e-9).sum())),
            _("可中断负荷是负荷的一部分，请逐时给出不大于负荷的值。"),
            column="interruptible",
        )


def _electrolyser(item: Electrolyser) -> Iterator[Problem]:
    if not item.mwh_per_t > 0:
        yield _error(
            "electrolyser",
            _("“{owner}”的单位产品电耗应大于 0。", owner=item.name),
            column="mwh_per_t",
            got=f"{item.mwh_per_t}",
        )
    fields = ["min_product_t", "product_price", "capex", "opex", "max_mw", "min_mw", "existing_mw"]
    yield from _amounts(item, fields)
    yield from _amounts(item, ["min_load_share"], high=1.0)
    yield from _unit_cost(item, "capex", "W")
    yield from _lifetime(item)
    yield from _bounds(item, "min_mw", "max_mw")


def _site_numbers(site: Site) -> Iterator[Problem]:
    yield from _amount("site", "discount_rate", site.discount_rate, high=1.0)
    yield from _amount("site", "unserved_price", site.unserved_price)
    yield from _amount("site", "project_years", site.project_years, low=1)
    if str(site.weather_years) not in list(WeatherYears):
        yield _error(
            "weather_years",
            _("weather_years 的取值不在允许范围内。"),
            got=str(site.weather_years),
            allowed="、".join(WeatherYears),
        )
    for asset in site.fixed_assets:
        yield from _amounts(asset, ["capex", "opex"])
        yield from _lifetime(asset)


def _limits(item: Limits) -> Iterator[Problem]:
    shares = ["min_self_use_of_generation", "min_self_use_of_consumption", "max_export_share"]
    shares += ["max_curtailment_share", "max_unserved_share", "max_peak_valley_ratio"]
    for field in shares:
        value = getattr(item, field)
        if value is not None and value > 1:
            yield _error(
                "limit_share",
                _("限制 {field} 应为 0–1 的小数。", field=field),
                _("百分数请除以 100：{guess:g}？", guess=value / 100),
                column=field,
                got=f"{value:g}",
                allowed="0–1",
            )
        else:
            yield from _amount("limits", field, value, high=1.0)
    for field in ("max_land_mu", "max_roof_m2", "max_capex_yuan", "max_co2_t"):
        yield from _amount("limits", field, getattr(item, field))
    if str(item.self_use_reading) not in list(SelfUse):
        yield _error(
            "self_use_reading",
            _("self_use_reading 的取值不在允许范围内。"),
            got=str(item.self_use_reading),
            allowed="、".join(SelfUse),
        )


def _clashes(site: Site) -> Iterator[Problem]:
    """Limits that exclude each other whatever is built."""
    limits = site.limits
    if limits.max_co2_t is not None and site.grid is not None and site.grid.emission_factor is None:
        yield _error(
            "co2_factor",
            _("给了 CO2 限额，却没有电网排放因子（grid.emission_factor）。"),
            _("请选定排放因子；不同口径相差很大，程序不代为选择。"),
            column="max_co2_t",
        )
    yield from _least_sizes(site)
    share = limits.min_self_use_of_consumption
    no_supply = not any(_could_generate(item) for item in site.sources)
    if share and no_supply:
        yield _error(
            "limits_clash",
            _("要求自用占用电量不低于 {share:.1%}，但没有任何电源可建。", share=share),
            column="min_self_use_of_consumption",
        )
    if (
        site.grid is None
        and no_supply
        and (limits.max_unserved_share or 0.0) < 1
        and site.load.max() > 0
    ):
        yield _error("limits_clash", _("离网且没有任何电源可建，负荷无法供给。"), column="sources")


def _could_generate(item: Source) -> bool:
    return item.existing_mw + item.max_mw > 0 and bool(np.asarray(item.profile).max() > 0)


def _least_sizes(site: Site) -> Iterator[Problem]:
    """Minimum capacities that alone break land, roof or budget."""
    limits = site.limits
    land = sum(item.min_mw * item.land_mu_per_mw for item in site.sources)
    roof = sum(item.min_mw * item.roof_m2_per_mw for item in site.sources)
    capex = 1000 * sum(item.min_mw * item.capex for item in site.sources)
    capex += 1000 * sum(
        item.min_mw * item.power_capex + item.min_mwh * item.energy_capex for item in site.storages
    )
    for field, need in (("max_land_mu", land), ("max_roof_m2", roof), ("max_capex_yuan", capex)):
        most = getattr(limits, field)
        if most is not None and need > most * (1 + 1e-9):
            yield _error(
                "limits_clash",
                _(
                    "各项最小容量合计需要 {need:g}，已超过 {field}＝{most:g}。",
                    need=need,
                    field=field,
                    most=most,
                ),
                _("请放宽限额或减小最小容量。"),
                column=field,
            )
    for item in site.storages:
        hours = item.min_hours
        if hours and (item.min_mw + item.existing_mw) * hours > item.existing_mwh + item.max_mwh:
            yield _error(
                "limits_clash",
                _("“{owner}”的最小功率乘最短时长超过容量上限 max_mwh。", owner=item.name),
                column="min_hours",
            )
