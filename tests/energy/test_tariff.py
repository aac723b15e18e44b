"""Prices by component, the four modes, what is missing, and what the sizing is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tariff_configs import config

from greenland.energy.site import DemandCharge, Grid
from greenland.energy.tariff import (
    cheapest,
    near_capacity_addition,
    sizing_prices,
    tariff_of_grid,
)
from greenland.energy.tariff.config import Billing, Mode, TariffConfig, Voltage
from greenland.energy.tariff.resolve import grid_only, resolve
from greenland.errors import InputError
from greenland.rules import Rulebook, load_rulebook

DAY = pd.date_range("2026-03-02", periods=24, freq="h", tz="Asia/Shanghai")
YEAR = pd.date_range("2026-01-01", periods=8760, freq="h", tz="Asia/Shanghai")


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook(("national", "yunnan"), 2027)


def one(book: Rulebook, index: pd.DatetimeIndex = DAY, **changes: Any) -> Any:
    (tariff,) = resolve(config(**changes), index, book)
    return tariff


# Components ----------------------------------------------------------------------------------


def test_two_part_price_by_hand(book: Rulebook) -> None:
    prices = one(book).import_price
    # loss 0.24*0.0424/(1-0.0424); 110 kV energy 0.0683; fee 0.03; funds 0.063875
    rest = 0.24 * 0.0424 / 0.9576 + 0.0683 + 0.03 + 0.063875
    assert prices.iloc[0] == pytest.approx(0.24 + rest, abs=1e-12)  # flat
    assert prices.iloc[8] == pytest.approx(0.36 + rest, abs=1e-12)  # peak: x 1.5
    assert prices.iloc[3] == pytest.approx(0.12 + rest, abs=1e-12)  # valley: x 0.5
    assert prices.iloc[0] == pytest.approx(0.412801566, abs=1e-9)


def test_only_the_market_price_floats(book: Rulebook) -> None:
    parts = one(book).components
    assert parts["energy"].nunique() == 3
    assert parts.drop(columns="energy").nunique().eq(1).all()


def test_other_components_may_float(book: Rulebook) -> None:
    parts = one(book, tou={"floating": ["energy", "line_loss", "transmission"]}).components
    assert parts["transmission"].iloc[8] == pytest.approx(0.0683 * 1.5)
    assert parts["funds"].nunique() == 1


def test_twelve_months(book: Rulebook) -> None:
    monthly = [round(0.20 + 0.01 * month, 2) for month in range(12)]
    parts = one(book, YEAR, market_price=monthly, market_price_floats=False).components
    means = parts["energy"].groupby(YEAR.month).mean()
    assert means.tolist() == pytest.approx(monthly)


def test_seasons_by_month(book: Rulebook) -> None:
    price = {"丰": 0.15, "平水期": 0.22, "dry": 0.28}
    parts = one(book, YEAR, market_price=price, market_price_floats=False).components
    means = parts["energy"].groupby(YEAR.month).mean()
    # wet 6-10; normal 5, 11; dry 12-4
    assert means.tolist() == pytest.approx([0.28] * 4 + [0.22] + [0.15] * 5 + [0.22, 0.28])


def test_price_per_step_has_its_own_shape(book: Rulebook, tmp_path: Path) -> None:
    spot = np.linspace(0.1, 0.33, 24).round(3)
    pd.DataFrame({"time": DAY, "price": spot}).to_csv(tmp_path / "spot.csv", index=False)
    (tariff,) = resolve(
        config(market_price={"file": "spot.csv", "column": "price"}), DAY, book, folder=tmp_path
    )
    assert tariff.components["energy"].to_numpy() == pytest.approx(spot)


def test_voltage_as_people_write_it() -> None:
    for text in ("110千伏", "110kV", "110 kV", "kv110", 110):
        assert config(voltage=text).voltage is Voltage.KV110
    assert config(voltage="1-10千伏").voltage is Voltage.KV1_10
    assert config(voltage="10kV").voltage is Voltage.KV1_10


@pytest.mark.parametrize(
    ("voltage", "single", "two"),  # 发改价格〔2026〕1077号, transcribed
    [
        ("kv1_10", 0.1520, 0.1246),
        ("kv35", 0.1420, 0.0995),
        ("kv110", 0.1305, 0.0683),
        ("kv220", 0.1059, 0.0475),
    ],
)
def test_transmission_prices(book: Rulebook, voltage: str, single: float, two: float) -> None:
    assert one(book, voltage=voltage).components["transmission"].iloc[0] == two
    alone = one(book, voltage=voltage, mode="single_part")
    assert alone.components["transmission"].iloc[0] == single
    assert alone.fixed == ()


# Modes ---------------------------------------------------------------------------------------


def test_addition_of_1192() -> None:
    # 0.0683 yuan/kWh x 0.50 x 730 h = 24.9295 yuan/(kVA month)
    assert near_capacity_addition(0.0683, 0.50, 730) == pytest.approx(24.9295, abs=1e-12)
    assert f"{near_capacity_addition(0.0683, 0.50, 730):.2f}" == "24.93"


def test_capacity_mode_moves_the_energy_price_into_the_charge(book: Rulebook) -> None:
    near = one(book, mode="capacity")
    assert near.components["transmission"].eq(0).all()
    charges = {item.key: item.price[0] for item in near.fixed}
    assert charges == {"capacity_charge": 22.5, "near_charge": pytest.approx(24.9295)}
    # per kW at power factor 0.90: (22.5 + 24.9295) / 0.9
    assert sizing_prices(near).capacity_price == pytest.approx(52.69944444, abs=1e-8)


def test_self_use_pays_funds_in_every_mode_and_energy_price_only_in_backup(
    book: Rulebook,
) -> None:
    for mode in ("capacity", "two_part", "single_part"):
        assert one(book, mode=mode).self_use_charge.iloc[0] == pytest.approx(0.063875)
    assert one(book, mode="backup").self_use_charge.iloc[0] == pytest.approx(0.063875 + 0.0683)


def test_billing_by_demand(book: Rulebook) -> None:
    prices = sizing_prices(one(book, billing="demand"))
    (demand,) = prices.demand_charges
    assert (demand.name, demand.price_in(6), prices.capacity_price) == ("demand_charge", 36.0, 0.0)


def test_cheapest_tries_what_1192_gives_and_every_billing(book: Rulebook) -> None:
    found = resolve(config(mode="cheapest", billing=None), DAY, book)
    assert [(item.mode, item.billing) for item in found] == [
        (mode, billing)
        for mode in (Mode.CAPACITY, Mode.BACKUP)
        for billing in (Billing.CAPACITY, Billing.DEMAND)
    ]
    best, rows = cheapest(found, lambda item: 5.0 if item.mode is Mode.BACKUP else 7.0)
    assert (best.mode, best.billing) == (Mode.BACKUP, Billing.CAPACITY)
    assert [row["chosen"] for row in rows] == [False, False, True, False]
    assert all("1192号" in row["note"] for row in rows)


def test_the_ordinary_tariff_is_a_candidate_only_where_it_is_named(book: Rulebook) -> None:
    named = resolve(config(mode="cheapest", candidates=["capacity", "two_part"]), DAY, book)
    assert [item.mode for item in named] == [Mode.CAPACITY, Mode.TWO_PART]
    _best, rows = cheapest(named, lambda _item: 1.0)
    assert "与电网企业确认" in rows[1]["note"]
    assert grid_only(config(mode="cheapest"), DAY, book).mode is Mode.TWO_PART


def test_cheapest_passes_over_modes_without_a_plan(book: Rulebook) -> None:
    found = resolve(config(mode="cheapest", billing="demand"), DAY, book)
    best, _rows = cheapest(found, lambda item: None if item.mode is Mode.CAPACITY else 1.0)
    assert best.mode is Mode.BACKUP
    with pytest.raises(ValueError, match="no tariff has a cost"):
        cheapest(found, lambda _item: None)


def test_grid_only_is_the_ordinary_form_of_the_same_prices(book: Rulebook) -> None:
    own = config(mode="capacity", billing="demand")
    grid = grid_only(own, DAY, book)
    (near,) = resolve(own, DAY, book)
    assert (grid.mode, grid.billing) == (Mode.TWO_PART, Billing.DEMAND)
    pd.testing.assert_series_equal(grid.components["energy"], near.components["energy"])
    assert grid.components["transmission"].iloc[0] == 0.0683


def test_grid_only_of_cheapest_takes_the_plans_billing(book: Rulebook) -> None:
    own = config(mode="cheapest", billing=None)
    assert grid_only(own, DAY, book, billing=Billing.DEMAND).billing is Billing.DEMAND


def test_mechanism_price(book: Rulebook) -> None:
    assert one(book, export_price="mechanism").export_price.iloc[0] == 0.3358


def test_connected_kva_given_is_no_decision(book: Rulebook) -> None:
    prices = sizing_prices(one(book, connected_kva=20000))
    assert prices.capacity_price == 0
    assert prices.fixed_yuan_per_year == pytest.approx(12 * 22.5 * 20000)


def test_surcharges_and_period_demand(book: Rulebook) -> None:
    tariff = one(
        book,
        surcharges=[
            {"name": "a", "price": 0.01, "per": "grid_kwh"},
            {"name": "b", "price": 0.02, "per": "self_use_kwh"},
            {"name": "c", "price": 3.0, "per": "kva_month"},
        ],
        demand_charges=[{"name": "d", "price": 10, "periods": ["peak"]}],
    )
    plain = one(book)
    assert (tariff.import_price - plain.import_price).iloc[0] == pytest.approx(0.01)
    assert tariff.self_use_charge.iloc[0] == pytest.approx(0.083875)
    charges = {item.key: item for item in tariff.fixed}
    assert charges["c"].price[0] == 3.0
    assert charges["d"].when is not None
    assert np.flatnonzero(charges["d"].when).tolist() == [7, 8, 18, 19, 20, 21, 22, 23]


def test_tariff_of_a_grid_gives_its_prices_back() -> None:
    grid = Grid(
        capacity_mw=5,
        import_price=0.5,
        export_price=0.3,
        capacity_price=22.0,
        self_use_price=0.06,
        fixed_cost=1200.0,
        demand_charges=(DemandCharge({1: 10.0}, name="january"),),
    )
    prices = sizing_prices(tariff_of_grid(grid, DAY))
    assert prices.import_price.eq(0.5).all()
    assert prices.self_use_charge.eq(0.06).all()
    assert (prices.capacity_price, prices.fixed_yuan_per_year) == (22.0, 1200.0)
    assert [prices.demand_charges[0].price_in(month) for month in (1, 2)] == [10.0, 0.0]


# What is missing or wrong --------------------------------------------------------------------


def test_everything_missing_is_said_at_once(book: Rulebook) -> None:
    bare = TariffConfig.model_validate({"mode": "capacity", "voltage": "110kV"})
    with pytest.raises(InputError) as caught:
        resolve(bare, DAY, book)
    said = str(caught.value)
    for name in (
        "market_price",
        "system_operation_fee",
        "average_load_rate",
        "export_price",
        "billing",
    ):
        assert name in said
    assert "平均负荷率" in said


def test_no_export_price_needed_where_nothing_is_exported(book: Rulebook) -> None:
    (tariff,) = resolve(config(export_price=None), DAY, book, export_allowed=False)
    assert tariff.export_price.isna().all()
    assert sizing_prices(tariff).grid_fields()["export_price"].eq(0).all()


def test_prices_of_another_year_are_not_used() -> None:
    before = load_rulebook(("national", "yunnan"), 2025)  # the T&D prices begin on 2026-08-01
    with pytest.raises(InputError, match="输配电量电价"):
        resolve(config(), DAY, before)


def test_every_number_taken_names_its_source(book: Rulebook) -> None:
    taken = {item.item: item for item in one(book, mode="capacity").assumptions}
    assert taken["funds"].rule_id == "energy.tariff.funds"
    assert taken["funds"].confidence == "secondary"
    assert taken["market_price"].confidence == "user"
    assert {"line_loss", "transmission_price", "average_load_rate", "power_factor", "tou"} <= set(
        taken
    )


@pytest.mark.parametrize(("price", "unit"), [(250.0, "yuan/MWh"), (25.0, "fen/kWh")])
def test_price_in_another_unit_is_named(book: Rulebook, price: float, unit: str) -> None:
    with pytest.raises(InputError, match=f"看来单位是 {unit}"):
        one(book, market_price=price)


def test_file_of_another_length(book: Rulebook, tmp_path: Path) -> None:
    pd.DataFrame({"price": [0.3] * 23}).to_csv(tmp_path / "p.csv", index=False)
    with pytest.raises(InputError, match="行数与负荷的时间步数不同；实际为“23”；允许：24"):
        resolve(config(market_price={"file": "p.csv"}), DAY, book, folder=tmp_path)


def test_file_with_a_gap(book: Rulebook, tmp_path: Path) -> None:
    table = pd.DataFrame({"time": DAY.tz_localize(None), "price": [0.3] * 5 + [None] + [0.3] * 18})
    table.to_csv(tmp_path / "p.csv", index=False)
    with pytest.raises(InputError, match="缺 1 个时段的价格，首个为 2026-03-02 05:00"):
        resolve(
            config(market_price={"file": "p.csv", "column": "price"}), DAY, book, folder=tmp_path
        )


def test_missing_season_is_named(book: Rulebook) -> None:
    with pytest.raises(InputError, match="没有给出 wet 的价格"):
        one(book, YEAR, market_price={"dry": 0.28, "normal": 0.22})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"voltage": "lt1kv"}, "不满1千伏只有单一制电价"),
        ({"line_loss": 1.2}, "line_loss"),
        ({"average_load_rate": 50}, "average_load_rate"),
        ({"mode": "capcity"}, "mode"),
    ],
)
def test_what_cannot_be(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        config(**changes)


@settings(max_examples=25)
@given(st.floats(0.05, 1.0), st.floats(0.0, 0.2), st.floats(0.0, 0.5))
def test_import_price_is_the_sum_of_its_parts(market: float, fee: float, loss: float) -> None:
    book = load_rulebook(("national", "yunnan"), 2027)
    tariff = one(book, market_price=market, system_operation_fee=fee, line_loss=loss)
    flat = tariff.import_price.iloc[0]
    assert flat == pytest.approx(market / (1 - loss) + 0.0683 + fee + 0.063875)


def test_price_file_in_other_units_and_encodings(book: Rulebook, tmp_path: Path) -> None:
    table = pd.DataFrame({"时间": DAY.tz_localize(None), "出清价": np.linspace(200, 430, 24)})
    table.to_csv(tmp_path / "spot.csv", index=False, encoding="gbk")
    table.to_excel(tmp_path / "spot.xlsx", index=False)
    for file in ("spot.csv", "spot.xlsx"):
        own = config(market_price={"file": file, "column": "出清价", "scale": 0.001})
        (tariff,) = resolve(own, DAY, book, folder=tmp_path)
        assert tariff.components["energy"].iloc[-1] == pytest.approx(0.43)


def test_missing_price_file(book: Rulebook, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到文件"):
        resolve(config(market_price={"file": "none.csv"}), DAY, book, folder=tmp_path)


def test_missing_column_names_the_others(book: Rulebook, tmp_path: Path) -> None:
    pd.DataFrame({"price": [0.3] * 24}).to_csv(tmp_path / "p.csv", index=False)
    with pytest.raises(InputError, match="没有“电价”列；实际为“电价”；允许：price"):
        resolve(
            config(market_price={"file": "p.csv", "column": "电价"}), DAY, book, folder=tmp_path
        )


def test_funds_in_another_unit(book: Rulebook) -> None:
    with pytest.raises(InputError, match=r"“funds”应以元/kWh计.*看来单位是 yuan/MWh"):
        one(book, funds=63.875 * 10)


@pytest.mark.parametrize("price", ["abc", [0.3] * 11, {"wet": "x"}])
def test_price_that_is_none_is_one_fault(price: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        config(market_price=price)
    (fault,) = caught.value.errors()
    assert fault["loc"] == ("market_price",)
    assert "十二个数" in fault["msg"]


def test_prices_by_period_of_the_day(book: Rulebook) -> None:
    """A retail contract by period has its shape already; an export price may be by period too."""
    prices = {"尖": 0.5, "峰": 0.42, "平": 0.30, "谷": 0.18}
    found = one(book, market_price=prices, export_price={"peak": 0.3, "flat": 0.2, "valley": 0.1})
    written = {"super_peak": 0.5, "peak": 0.42, "flat": 0.30, "valley": 0.18}
    assert found.components["energy"].tolist() == pytest.approx(found.period.map(written).tolist())
    sold = found.period.map({"peak": 0.3, "flat": 0.2, "valley": 0.1})
    assert found.export_price.tolist() == pytest.approx(sold.tolist())
    assert set(found.period) == {"peak", "flat", "valley"}


def test_a_period_without_a_price(book: Rulebook) -> None:
    with pytest.raises(
        InputError, match=r"“export_price”没有给出时段 谷 的价格.*flat、peak、valley"
    ):
        one(book, export_price={"峰": 0.3, "平": 0.2})
    with pytest.raises(InputError, match=r"没有给出 .*的价格"):
        one(book, export_price={"峰": 0.3, "丰": 0.2})


def test_surcharges_by_month(book: Rulebook) -> None:
    """Twelve prices, January first: per kWh, per kVA and for the month itself."""
    twelve = [float(month) for month in range(1, 13)]
    extra = [
        {"name": "standby", "price": [0.001 * x for x in twelve], "per": "self_use_kwh"},
        {"name": "green", "price": [0.01 * x for x in twelve], "per": "grid_kwh"},
        {"name": "lease", "price": twelve, "per": "kva_month"},
        {"name": "service", "price": [1000 * x for x in twelve], "per": "month"},
    ]
    found = one(book, surcharges=extra)
    month = found.index.month[0]
    assert found.components["green"].iloc[0] == pytest.approx(0.01 * month)
    assert found.self_use["standby"].iloc[0] == pytest.approx(0.001 * month)
    fixed = {charge.key: charge for charge in found.fixed}
    assert fixed["lease"].price == tuple(twelve)
    plain, prices = sizing_prices(one(book)), sizing_prices(found)
    assert prices.fixed_yuan_per_year - plain.fixed_yuan_per_year == pytest.approx(12e3 * month)
    more = prices.capacity_price - plain.capacity_price
    assert more == pytest.approx(month / found.power_factor)


def test_demand_charge_on_a_period_there_is_not(book: Rulebook) -> None:
    extra = [{"name": "d", "price": 10, "periods": ["super_peak"]}]
    with pytest.raises(InputError, match="“d”的时段不在分时时段之中；实际为“super_peak”"):
        one(book, demand_charges=extra)


def test_charge_named_like_another_is_refused() -> None:
    with pytest.raises(ValidationError, match="费用名称“funds”重复"):
        config(surcharges=[{"name": "funds", "price": 0.01, "per": "grid_kwh"}])


def test_without_periods_in_the_rules_they_are_asked_for() -> None:
    national = load_rulebook(("national",), 2026)
    own = {"transmission_price": 0.07, "funds": 0.03, "line_loss": 0.04, "capacity_price": 22}
    with pytest.raises(InputError, match=r"分时时段和比价.*market_price_floats: false"):
        resolve(config(**own), DAY, national)
    (flat,) = resolve(config(**own, market_price_floats=False), DAY, national)
    assert flat.components["energy"].nunique() == 1
    assert flat.period.eq("flat").all()


def test_seasons_without_months_are_refused() -> None:
    national = load_rulebook(("national",), 2026)
    own = {"transmission_price": 0.07, "funds": 0.03, "line_loss": 0.04, "capacity_price": 22}
    price = {"wet": 0.2, "dry": 0.3}
    with pytest.raises(InputError, match="十二个月各出现一次"):
        resolve(config(**own, market_price=price, market_price_floats=False), DAY, national)
    halves = {"wet": [5, 6, 7, 8, 9, 10], "dry": [11, 12, 1, 2, 3, 4]}
    more = {"seasons": halves, "market_price": price, "market_price_floats": False}
    (found,) = resolve(config(**own, **more), DAY, national)
    assert found.components["energy"].iloc[0] == 0.3


def test_faulty_schedule_is_said_in_words(book: Rulebook) -> None:
    rows = [{"period": "flat", "start": "00:00", "end": "20:00"}]
    with pytest.raises(InputError, match="分时时段有误：1月 20:00 没有分时时段"):
        one(book, tou={"schedule": rows, "ratios": {"flat": 1.0}})


def test_year_without_holidays_is_said(book: Rulebook) -> None:
    later = pd.date_range("2050-03-02", periods=24, freq="h", tz="Asia/Shanghai")
    rows = [
        {"period": "flat", "start": "00:00", "end": "24:00"},
        {"period": "deep", "start": "12:00", "end": "14:00", "days": ["holiday"], "priority": 1},
    ]
    with pytest.raises(InputError, match="没有 2050 年的节假日调休安排"):
        one(book, later, tou={"schedule": rows, "ratios": {"flat": 1.0, "deep": 0.3}})


def test_mechanism_price_of_no_province_is_asked_for() -> None:
    national = load_rulebook(("national",), 2026)
    own = {"transmission_price": 0.07, "funds": 0.03, "line_loss": 0.04, "capacity_price": 22}
    with pytest.raises(InputError, match="电价缺少“上网电价”"):
        resolve(config(**own, market_price_floats=False, export_price="mechanism"), DAY, national)
