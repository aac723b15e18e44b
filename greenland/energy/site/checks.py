"""Every fault of a site at once: profiles, prices and their units, efficiencies, limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from greenland.energy.site.electrolyser_checks import electrolyser_problems
from greenland.energy.site.generator_checks import generator_problems
from greenland.energy.site.generators import Generator
from greenland.energy.site.horizon import HOURS_OF_A_STEP, step_hours
from greenland.energy.site.horizon_checks import horizon_problems
from greenland.energy.site.limit_kinds import SITE_LIMITS
from greenland.energy.site.limits import Limits
from greenland.energy.site.load_checks import (
    interruptible_problems,
    shiftable_problems,
)
from greenland.energy.site.part_checks import (
    grid_problems,
    lifetime_problems,
    source_problems,
)
from greenland.energy.site.readings import SelfUse, WeatherYears
from greenland.energy.site.site import Site
from greenland.energy.site.sources import Source
from greenland.energy.site.storage_checks import storage_problems
from greenland.energy.site.value_checks import amount, amounts, error, numbers_of, warning
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _

LARGEST_LOAD_MW = 10_000.0
MOST_YEARS = 100.0  # no project is laid out for longer


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
    """Every fault and doubt about a site; parts of unusable length are not looked at further.

    Each names in its ``columns`` the value that it is about: ``load``, ``pv.profile``,
    ``grid.import_price``.
    """
    problems = _about("", _load(site))
    if problems and any(item.severity is Severity.ERROR for item in problems):
        return problems
    problems += _about("", horizon_problems(site))
    problems += _names(site)
    for source in site.sources:
        problems += _about(source.name, source_problems(source, site))
    for generator in site.generators:
        problems += _about(generator.name, generator_problems(generator, site))
    for storage in site.storages:
        problems += _about(storage.name, storage_problems(storage, site))
    if site.grid is not None:
        problems += _about("grid", grid_problems(site.grid, site))
    for shiftable in site.shiftable:
        problems += _about(shiftable.name, shiftable_problems(shiftable, site))
    for interruptible in site.interruptible:
        problems += _about(interruptible.name, interruptible_problems(interruptible, site))
    for electrolyser in site.electrolysers:
        problems += _about(electrolyser.name, electrolyser_problems(electrolyser))
    problems += _site_numbers(site)
    problems += _limits(site.limits)
    if not any(item.severity is Severity.ERROR for item in problems):
        problems += _contradictions(site)
    return problems


def _about(owner: str, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of one part of the site, each with the value it is about."""
    return [
        replace(item, columns=(f"{owner}.{item.column}" if owner else item.column,))
        for item in problems
    ]


def _load(site: Site) -> Iterator[Problem]:
    load = site.load
    if not isinstance(load, pd.Series) or not isinstance(load.index, pd.DatetimeIndex):
        yield error(
            "load_index",
            _("负荷应为以时间为索引的序列（pandas Series，DatetimeIndex）。"),
            got=type(load).__name__,
        )
        return
    if len(load) == 0:
        yield error("load_empty", _("负荷序列是空的。"))
        return
    yield from _index(load.index)
    values = pd.to_numeric(load, errors="coerce").to_numpy(dtype=float)
    yield from numbers_of(values, "load", _("负荷"), low=0.0, index=site.load.index)
    if np.nanmax(values, initial=0.0) > LARGEST_LOAD_MW:
        yield warning(
            "load_unit",
            _("负荷最大值 {value:g} MW 过大，像是以 kW 填写（相差 1000 倍）。", value=values.max()),
            _("请换算为 MW。"),
        )


def _index(index: pd.DatetimeIndex) -> Iterator[Problem]:
    if index.hasnans:
        yield error("index_nat", _("时间索引中有空值。"))
        return
    gaps = index[1:] - index[:-1]
    if len(index) > 1 and gaps.min() <= pd.Timedelta(0):
        place = int(np.argmax(gaps <= pd.Timedelta(0))) + 1
        yield error(
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
    divides = abs(1 / hours - round(1 / hours)) <= 1e-9
    if hours not in HOURS_OF_A_STEP and not divides:
        yield error(
            "index_step",
            _("时间步长应为 1 小时、能整除 1 小时的分钟数，或 2、3、4、6 小时。"),
            got=_("{hours:g} 小时", hours=hours),
            allowed=_("60、30、15 分钟等，或 2、3、4、6 小时"),
        )
        return
    step = pd.Timedelta(hours=hours)
    breaks = [int(i) + 1 for i in np.flatnonzero(gaps != step)]
    bad = [i for i in breaks if index[i].year == index[i - 1].year]
    if bad:
        yield error(
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


def _names(site: Site) -> Iterator[Problem]:
    """Names that say nothing, cannot be written down, or stand for two parts of the site."""
    kinds = (
        "sources",
        "generators",
        "storages",
        "shiftable",
        "interruptible",
        "electrolysers",
        "fixed_assets",
    )
    places: dict[str, list[str]] = {}
    for kind in kinds:
        for number, item in enumerate(getattr(site, kind), start=1):
            places.setdefault(item.name, []).append(f"{kind}[{number}]")
    for name, where in places.items():
        if len(where) > 1:
            yield error(
                "name_twice",
                _("名称“{name}”用了两次：{places}。", name=name, places="、".join(where)),
                _("结果和说明以名称区分各项，请改名。"),
                got=name,
            )
        if not isinstance(name, str) or not name.strip():
            yield error("name_empty", _("{place} 没有名称。", place=where[0]), _("请填写名称。"))
        elif _UNWRITABLE.search(name):
            yield error(
                "name_characters",
                _("{place} 的名称含有控制字符，报告和表格写不出。", place=where[0]),
                _("请改名。"),
                got=ascii(name),
            )


# Neither HTML nor the XML of Office files can hold these.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def _site_numbers(site: Site) -> Iterator[Problem]:
    yield from amount("site", "discount_rate", site.discount_rate, high=1.0)
    yield from amount("site", "unserved_price", site.unserved_price)
    yield from amount("site", "project_years", site.project_years, low=1, high=MOST_YEARS)
    if str(site.weather_years) not in list(WeatherYears):
        yield error(
            "weather_years",
            _("weather_years 的取值不在允许范围内。"),
            got=str(site.weather_years),
            allowed="、".join(WeatherYears),
        )
    for asset in site.fixed_assets:
        yield from amounts(asset, ["capex", "opex"])
        yield from lifetime_problems(asset)
        if 0 < asset.capex < CHEAPEST_ASSET:
            yield warning(
                "cost_unit",
                _(
                    "“{owner}”的 capex＝{value:g} 元过小，像是以万元填写。",
                    owner=asset.name,
                    value=asset.capex,
                ),
                _("应以元填写：{guess:g}？", guess=asset.capex * 10_000),
                column="capex",
            )


CHEAPEST_ASSET = 10_000.0  # yuan; no line or substation costs less


def _limits(item: Limits) -> Iterator[Problem]:
    fields = {kind.field: kind.is_share for kind in SITE_LIMITS}
    for field, is_share in fields.items():
        value = getattr(item, field)
        if is_share and value is not None and value > 1:
            yield error(
                "limit_share",
                _("限制 {field} 应为 0–1 的小数。", field=field),
                _("百分数请除以 100：{guess:g}？", guess=value / 100),
                column=field,
                got=f"{value:g}",
                allowed="0–1",
            )
        else:
            yield from amount("limits", field, value, high=1.0 if is_share else np.inf)
    if str(item.self_use_reading) not in list(SelfUse):
        yield error(
            "self_use_reading",
            _("self_use_reading 的取值不在允许范围内。"),
            got=str(item.self_use_reading),
            allowed="、".join(SelfUse),
        )


def _contradictions(site: Site) -> Iterator[Problem]:
    """Limits that exclude each other whatever is built."""
    limits = site.limits
    if limits.max_co2_t is not None and site.grid is not None and site.grid.emission_factor is None:
        yield error(
            "co2_factor",
            _("给了 CO2 限额，却没有电网排放因子（grid.emission_factor）。"),
            _("请选定排放因子；不同口径相差很大，程序不代为选择。"),
            column="max_co2_t",
        )
    yield from _least_sizes(site)
    share = limits.min_self_use_of_consumption
    could = [item for item in site.suppliers if _could_generate(item)]
    no_supply = not could
    if share and not any(not isinstance(item, Generator) or item.is_green for item in could):
        yield error(
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
        yield error("limits_clash", _("离网且没有任何电源可建，负荷无法供给。"), column="sources")


def _could_generate(item: Source | Generator) -> bool:
    output = item.availability if isinstance(item, Generator) else item.profile
    return item.existing_mw + item.max_mw > 0 and bool(np.asarray(output).max() > 0)


def _least_sizes(site: Site) -> Iterator[Problem]:
    """Minimum capacities that alone break land, roof or budget."""
    limits = site.limits
    land = sum(item.min_mw * item.land_mu_per_mw for item in site.sources)
    roof = sum(item.min_mw * item.roof_m2_per_mw for item in site.sources)
    capex = 1000 * sum(item.min_mw * item.capex for item in site.suppliers)
    capex += 1000 * sum(
        item.min_mw * item.power_capex
        + item.min_mwh * item.energy_capex
        + item.min_charge_mw * (item.charge_power_capex or 0.0)
        for item in site.storages
    )
    for field, need in (("max_land_mu", land), ("max_roof_m2", roof), ("max_capex_yuan", capex)):
        most = getattr(limits, field)
        if most is not None and need > most * (1 + 1e-9):
            yield error(
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
            yield error(
                "limits_clash",
                _("“{owner}”的最小功率乘最短时长超过容量上限 max_mwh。", owner=item.name),
                column="min_hours",
            )
