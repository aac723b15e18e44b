"""A site refuses what cannot be meant; each test breaks one thing of a sound site."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_sites import index, site

from greenland.energy.site import (
    DemandCharge,
    Electrolyser,
    FixedAsset,
    Grid,
    InterruptibleLoad,
    Limits,
    ShiftableLoad,
    Site,
    Source,
    Storage,
    horizon_years,
    step_hours,
)
from greenland.energy.site.checks import site_problems
from greenland.errors import InputError, Severity


def refused(match: str, **fields: Any) -> InputError:
    with pytest.raises(InputError, match=match) as found:
        site(**fields)
    return found.value


def sources(**fields: Any) -> dict[str, Any]:
    return {"sources": [Source("pv", **{"profile": np.full(48, 0.5), "capex": 2700} | fields)]}


def storages(**fields: Any) -> dict[str, Any]:
    return {"storages": [Storage("battery", **{"power_capex": 300, "energy_capex": 700} | fields)]}


def spoiled(value: float, place: int = 5) -> np.ndarray[Any, Any]:
    profile = np.full(48, 0.5)
    profile[place] = value
    return profile


# Profiles -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "match"),
    [
        (spoiled(np.nan), "“pv”的标幺出力有 1 个空值.*第 6 个时步"),
        (spoiled(-0.1), "“pv”的标幺出力有 1 个负值.*第 6 个时步"),
        (spoiled(1.2), "“pv”的标幺出力有 1 个值大于 1.*最大 1.2"),
        (np.full(47, 0.5), "“pv”的标幺出力的长度与负荷不一致.*实际为“47”；允许：48"),
        (["x"] * 48, "不是数字"),
        (pd.Series(0.5, index(48, start="2025-06-02")), "“pv”的标幺出力的时间索引与负荷不一致"),
    ],
)
def test_profiles(profile: Any, match: str) -> None:
    refused(match, **sources(profile=profile))


def test_times_kept_in_another_unit_are_the_same_times() -> None:
    assert site(**sources(profile=pd.Series(0.5, index(48).as_unit("s"))))


def test_profile_of_exactly_one_is_fine() -> None:
    assert site(**sources(profile=np.ones(48)))


@pytest.mark.parametrize(
    ("load", "match"),
    [
        (pd.Series(10.0, range(48)), "负荷应为以时间为索引的序列"),
        (pd.Series(dtype=float, index=pd.DatetimeIndex([])), "负荷序列是空的"),
        (pd.Series(spoiled(np.nan), index(48)), "负荷有 1 个空值"),
        (pd.Series(spoiled(-1.0), index(48)), "负荷有 1 个负值"),
        (pd.Series(10.0, index(48)[::-1]), "重复或倒退"),
        (pd.Series(10.0, index(48).delete(7)), "时间索引有 1 处间断.*06:00.*08:00"),
        (pd.Series(10.0, index(48, "5h")), "时间步长应为 1 小时"),
        (pd.Series(10.0, index(48, "7min")), "时间步长应为 1 小时"),
    ],
)
def test_load(load: pd.Series, match: str) -> None:
    with pytest.raises(InputError, match=match):
        Site(load, grid=Grid(20, 0.5))


def test_break_between_weather_years_is_allowed() -> None:
    hours = pd.date_range("2020-01-01", periods=8760, freq="h")
    later = pd.date_range("2022-01-01", periods=8760, freq="h")
    assert Site(pd.Series(1.0, hours.append(later)), grid=Grid(2, 0.5)).years == 2


@pytest.mark.parametrize(
    ("start", "hours", "said"),
    [
        ("2025-01-01", 8759, "少 1 个时步.*8759.*8760"),
        ("2025-01-01", 8761, "多 1 个时步.*8761.*8760"),
        ("2024-01-01", 8783, "少 1 个时步.*8783.*8784"),
        ("2025-01-01", 8783, "多 23 个时步"),
        ("2025-07-01", 8759, "少 1 个时步"),
        ("2025-01-01 01:00", 8759, "少 1 个时步"),
        ("2025-01-01", 30 * 24, "少 24 个时步.*720.*744"),
        ("2025-04-02", 29 * 24, "少 24 个时步.*696.*720"),
        ("2025-02-01", 29 * 24, "多 24 个时步.*696.*672"),
        ("2025-01-01", 90 * 24 - 1, "少 1 个时步"),
        ("2024-01-01", 2 * 8760 + 23, "少 1 个时步"),
    ],
)
def test_a_month_or_year_that_is_not_whole_is_doubted(start: str, hours: int, said: str) -> None:
    load = pd.Series(5.0, pd.date_range(start, periods=hours, freq="h"))
    found = [p for p in site_problems(Site(load, grid=Grid(10, 0.5))) if p.code == "horizon_length"]
    assert len(found) == 1
    assert found[0].severity is Severity.WARNING
    assert re.search(said, str(found[0])), str(found[0])


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        ("2025-01-01", 8760),
        ("2024-01-01", 8784),
        ("2024-01-01", 8760),  # a typical year on the calendar of a leap year
        ("2025-07-01", 8760),
        ("2025-01-01 01:00", 8760),
        ("2024-01-01", 2 * 8760 + 24),
        ("2025-01-01", 31 * 24),
        ("2025-02-01", 28 * 24),
        ("2025-06-10", 30 * 24),
        ("2025-06-01", 24),
        ("2025-06-01", 7 * 24),
        ("2025-06-01", 48),
        ("2025-05-31", 48),
        ("2025-01-01", 1),
    ],
)
def test_other_horizons_are_not_doubted(start: str, hours: int) -> None:
    load = pd.Series(5.0, pd.date_range(start, periods=hours, freq="h"))
    assert not site_problems(Site(load, grid=Grid(10, 0.5)))


def test_each_of_several_years_is_looked_at_by_itself() -> None:
    lengths = {"2021-01-01": 8760, "2023-01-01": 8759}
    years = [pd.date_range(start, periods=n, freq="h") for start, n in lengths.items()]
    load = pd.Series(5.0, pd.DatetimeIndex(np.concatenate(years)))
    found = site_problems(Site(load, grid=Grid(10, 0.5)))
    assert [p.code for p in found] == ["horizon_length"]
    assert "2023-01-01" in str(found[0])


@pytest.mark.parametrize(
    ("start", "hours", "doubted"),
    [("2025-12-31", 48, True), ("2025-07-01", 8760, True), ("2025-01-01", 2 * 8760, False)],
)
def test_new_year_inside_a_run_is_said_where_each_year_counts(
    start: str, hours: int, doubted: bool
) -> None:
    load = pd.Series(5.0, pd.date_range(start, periods=hours, freq="h"))
    for kind, said in (("each", doubted), ("average", False)):
        found = site_problems(Site(load, grid=Grid(10, 0.5), weather_years=kind))
        assert ("weather_year_parts" in {p.code for p in found}) is said


def test_grid_charging_off_grid_is_said() -> None:
    base = site(grid=None, limits=Limits(), storages=[Storage("cells", grid_charging=True)])
    assert [p.code for p in site_problems(base)] == ["grid_charging_off_grid"]


def test_load_in_kw_is_doubted() -> None:
    base = Site(pd.Series(50_000.0, index(24)), grid=Grid(60_000, 0.5))
    found = [item for item in site_problems(base) if item.severity is Severity.WARNING]
    assert "像是以 kW 填写" in str(found[0])


# Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        (sources(capex=2.7e6), "capex＝2.7e.06 过大，像是以“元/MW”填写（相差 1000 倍）.*2700？"),
        (sources(capex=-1), "“pv”的 capex 超出允许范围"),
        (sources(max_mw=float("nan")), "“pv”的 max_mw 超出允许范围"),
        (sources(lifetime=0), "“pv”的寿命应大于 0 年"),
        (sources(lifetime=float("inf")), "寿命应为有限的年数"),
        (sources(lifetime=1e-9), "寿命应为有限的年数"),
        (sources(capex=float("inf")), "“pv”的 capex 超出允许范围"),
        (sources(opex=1e300), "“pv”的 opex 超出允许范围.*0–1e.12"),
        (sources(replacement_years=(0,)), "更换年份应为投运后的年数.*0.*1–100"),
        (storages(max_hours=float("nan")), "max_hours 超出允许范围"),
        (storages(charge_efficiency=1e-9), "charge_efficiency 应大于 0.*0.01–1"),
        ({"project_years": 10**400}, "project_years 超出允许范围"),
        (sources(min_mw=9, max_mw=5), "min_mw＝9 大于 max_mw＝5"),
        (sources(unit_mw=0), "单机规格应大于 0"),
        (
            storages(charge_efficiency=93),
            "charge_efficiency 应大于 0、不大于 1.*效率用小数，如 0.93",
        ),
        (storages(discharge_efficiency=0), "discharge_efficiency 应大于 0"),
        (storages(depth_of_discharge=85), "depth_of_discharge 超出允许范围.*允许：0–1"),
        (storages(depth_of_discharge=0.0), "没有可用容量"),
        (storages(min_soc=0.1, depth_of_discharge=0.8), "只能给一个"),
        (storages(cyclic=False), "必须给出 initial_energy"),
        (storages(final_energy="free"), "必须给出 initial_energy"),
        (storages(final_energy=0.5), "必须给出 initial_energy"),
        (
            storages(final_energy="full"),
            "final_energy 不在允许范围内.*full.*free、equal、at_least，或占容量的比例",
        ),
        (storages(final_energy=50, initial_energy=0.5), "final_energy 超出允许范围.*允许：0–1"),
        (storages(final_energy=float("nan")), "final_energy 超出允许范围"),
        (
            storages(final_energy=0.1, initial_energy=0.5, depth_of_discharge=0.8),
            "final_energy 不在荷电上下限之间.*0.1.*允许：0.2–1",
        ),
        (
            storages(final_energy="free", cyclic=True, initial_energy=0.5),
            "互相矛盾：前者意为 equal，后者为 free",
        ),
        (
            storages(final_energy="at_least", cyclic=False, initial_energy=0.5),
            "互相矛盾：前者意为 free，后者为 at_least",
        ),
        (storages(final_energy=0.7, cyclic=True, initial_energy=0.5), "互相矛盾"),
        (storages(initial_energy=20), "initial_energy 超出允许范围"),
        (storages(initial_energy=0.1, depth_of_discharge=0.8), "不在荷电上下限之间"),
        (storages(min_hours=4, max_hours=2), "min_hours＝4 大于 max_hours＝2"),
        (storages(energy_capex=700_000), "元/MWh”填写（相差 1000 倍）.*700？"),
        ({"discount_rate": 7}, "discount_rate 超出允许范围"),
        ({"weather_years": "some"}, "weather_years 的取值不在允许范围内"),
    ],
)
def test_numbers(fields: dict[str, Any], match: str) -> None:
    refused(match, **fields)


@pytest.mark.parametrize(
    ("fields", "end"),
    [
        ({}, "equal"),
        ({"cyclic": True}, "equal"),
        ({"cyclic": False, "initial_energy": 0.5}, "free"),
        ({"cyclic": True, "final_energy": "equal"}, "equal"),
        ({"cyclic": False, "final_energy": "free", "initial_energy": 0.5}, "free"),
        ({"final_energy": "at_least"}, "at_least"),
        ({"initial_energy": 0.5, "final_energy": 0.8}, 0.8),
        ({"initial_energy": 0.5, "final_energy": 0.5}, "equal"),
    ],
)
def test_what_the_end_of_a_storage_is_tied_to(fields: dict[str, Any], end: Any) -> None:
    assert site(**storages(**fields)).storages[0].end == end


def test_price_per_watt_is_doubted() -> None:
    found = site_problems(site(**sources(capex=2.7)))
    assert "像是以“元/W”填写（相差 1000 倍）" in str(found[0])
    assert "2700？" in str(found[0])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            storages(energy_capex=0.7),
            "像是以“元/Wh”填写（相差 1000 倍）；处理：应以“元/kWh”填写：700？",
        ),
        (storages(energy_opex=900.0), "energy_opex＝900 高于投资 energy_capex"),
        (sources(opex=40_000.0), "年运维费 opex＝40000 高于投资 capex＝2700"),
        (sources(lifetime=2035.0), "寿命为 2035，像是年份"),
        ({"fixed_assets": [FixedAsset("line", 2000.0)]}, "2000 元过小，像是以万元填写"),
    ],
    ids=["yuan per Wh", "storage upkeep", "upkeep per MW", "year", "ten thousand yuan"],
)
def test_amounts_in_another_unit_are_doubted(fields: dict[str, Any], words: str) -> None:
    assert words in "；".join(map(str, site_problems(site(**fields))))


@pytest.mark.parametrize(
    ("price", "match"),
    [
        (520.0, "下网电价的中位数为 520，像是以“元/MWh”填写（相差 1000 倍）.*0.52？"),
        (0.00052, "下网电价最大仅 0.00052.*相差 1000 倍.*0.52？"),
        (np.full(5, 0.5), "下网电价的长度与负荷不一致"),
        (spoiled(np.inf), "下网电价有 1 个空值或非有限数"),
    ],
)
def test_prices(price: Any, match: str) -> None:
    refused(match, grid=Grid(capacity_mw=80, import_price=price))


def test_free_and_negative_prices_are_fine() -> None:
    assert site(grid=Grid(capacity_mw=80, import_price=0.0, export_price=-0.05))


@pytest.mark.parametrize(
    ("grid", "match"),
    [
        (Grid(capacity_mw=80, max_capacity_mw=90), "只能给一个"),
        (Grid(min_capacity_mw=90, max_capacity_mw=80), "接入容量的下限大于上限"),
        (Grid(capacity_price=22.5), "须给出接入容量"),
        (Grid(80, export_allowed=[True] * 5), "允许上网的时段的长度与负荷不一致"),
        (Grid(80, export_allowed=[1.5] * 48), "逐时步的是/否"),
        (Grid(80, demand_charges=[DemandCharge(-1.0)]), "“demand”的 price 超出允许范围"),
        (Grid(80, demand_charges=[DemandCharge(1.0, [True])]), "需量电费“demand”的时段的长度"),
    ],
)
def test_grid(grid: Grid, match: str) -> None:
    refused(match, grid=grid)


# Limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "match"),
    [
        (Limits(min_self_use_of_generation=60), "应为 0–1 的小数.*百分数请除以 100：0.6？"),
        (Limits(max_export_share=-0.1), "max_export_share 超出允许范围"),
        (Limits(max_land_mu=2e12), "max_land_mu 超出允许范围.*0–1e.12"),
        (Limits(self_use_reading="c"), "self_use_reading 的取值不在允许范围内"),
        (Limits(max_co2_t=100), "没有电网排放因子"),
    ],
)
def test_limits(limits: Limits, match: str) -> None:
    refused(match, limits=limits)


def test_limits_that_exclude_each_other_before_solving() -> None:
    land = Source("pv", np.full(48, 0.5), capex=2700, min_mw=50, land_mu_per_mw=20)
    refused("需要 1000，已超过 max_land_mu＝900", sources=[land], limits=Limits(max_land_mu=900))
    refused("max_capex_yuan", sources=[land], limits=Limits(max_capex_yuan=1e8))
    refused(
        "没有任何电源可建", sources=[], limits=Limits(min_self_use_of_consumption=0.3), storages=[]
    )
    refused("离网且没有任何电源可建", sources=[], grid=None, limits=Limits())
    refused("最短时长超过容量上限", **storages(min_mw=10, min_hours=4, max_mwh=20))


def test_flexible_loads() -> None:
    refused("窗口长度应大于 0", shiftable=[ShiftableLoad("wash", [1.0] * 48, 2, window_hours=0)])
    refused("无法平移", shiftable=[ShiftableLoad("wash", [5.0] * 48, max_mw=2)])
    refused("大于负荷", interruptible=[InterruptibleLoad("chill", 500.0, 1.0)])
    refused("单位产品电耗应大于 0", electrolysers=[Electrolyser("h2", 0.0)])


def test_names() -> None:
    twice = [Source("pv", np.full(48, 0.5)), Source("pv", np.full(48, 0.4))]
    refused(r"名称“pv”用了两次：sources\[1\]、sources\[2\]", sources=twice)
    both = {"sources": twice[:1], "storages": [Storage("pv")]}
    refused(r"名称“pv”用了两次：sources\[1\]、storages\[1\]", **both)
    lines = [FixedAsset("line"), FixedAsset("line")]
    refused(r"名称“line”用了两次：fixed_assets\[1\]、fixed_assets\[2\]", fixed_assets=lines)
    refused(r"sources\[1\] 没有名称", sources=[replace(twice[0], name=" ")])
    refused(r"sources\[1\] 的名称含有控制字符", sources=[replace(twice[0], name="a\x00")])


def test_technology_is_one_that_is_known() -> None:
    refused("technology 的取值不在允许范围内", **sources(technology="solar"))


def test_all_faults_at_once() -> None:
    broken = sources(capex=-1, lifetime=0) | storages(charge_efficiency=2)
    error = refused("capex", **broken)
    assert len(error.problems) == 3


# Horizon ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "hours", "years"),
    [
        ("2025-01-01", 24, 24 / 8760),
        ("2025-01-01", 8760, 1.0),
        ("2024-01-01", 8784, 1.0),
        ("2024-02-29", 24, 24 / 8760),
        ("2024-07-01", 8760, 1.0),
        ("2023-01-01", 26304, 3.0),
        ("2021-01-01", 26280, 3.0),
    ],
)
def test_horizon_years(start: str, hours: int, years: float) -> None:
    times = pd.date_range(start, periods=hours, freq="h")
    assert horizon_years(times) == pytest.approx(years, rel=1e-12)


def test_step_hours() -> None:
    assert step_hours(index(96, "15min")) == 0.25
    assert step_hours(index(1)) == 1.0
