"""The power-factor adjustment: the table of 1983, the bill, the sizing's prices, the checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tariff_configs import config

from greenland.energy import EnergyResult, evaluate_file
from greenland.energy.money.bill import bill, grid_only_bill
from greenland.energy.money.operation import Operation, grid_only_operation
from greenland.energy.tariff import Tariff, sizing_prices
from greenland.energy.tariff.power_factor import AdjustmentTable, power_factor, tables_of
from greenland.energy.tariff.resolve import resolve
from greenland.errors import InputError
from greenland.rules import load_rulebook

BOOK = load_rulebook(("national", "yunnan"), 2027)
YEAR = pd.date_range("2027-01-01", periods=8760, freq="h", tz="Asia/Shanghai")
ITEM = "power_factor_adjustment"

# Percent at 1.00, 0.99 … 0.75 for the standards 0.90, 0.85, 0.80, as transcribed item by item in
# public billing software from 功率因数调整电费办法〔83〕水电财字第215号.
TRANSCRIBED = {
    0.90: "-.75 -.75 -.75 -.75 -.75 -.75 -.60 -.45 -.30 -.15 0 .5 1 1.5 2 2.5 3 3.5 4 4.5 5 5.5 6 "
    "6.5 7 7.5",
    0.85: "-1.1 -1.1 -1.1 -1.1 -1.1 -1.1 -1.1 -.95 -.80 -.65 -.5 -.4 -.3 -.2 -.1 0 .5 1 1.5 2 2.5 "
    "3 3.5 4 4.5 5",
    0.80: "-1.3 -1.3 -1.3 -1.3 -1.3 -1.3 -1.3 -1.3 -1.3 -1.15 -1 -.9 -.8 -.7 -.6 -.5 -.4 -.3 -.2 "
    "-.1 0 .5 1 1.5 2 2.5",
}


def tables() -> dict[float, AdjustmentTable]:
    rule = BOOK.get("energy.tariff.power_factor_adjustment")
    assert rule is not None
    return tables_of(rule.value)


@pytest.mark.parametrize("standard", TRANSCRIBED)
def test_every_point_of_the_table(standard: float) -> None:
    percents = [float(text) for text in TRANSCRIBED[standard].split()]
    for place, percent in enumerate(percents):
        factor = round(1.0 - place / 100, 2)
        assert tables()[standard].share(factor) == pytest.approx(percent / 100, abs=1e-12), factor


@pytest.mark.parametrize(
    ("standard", "factor", "percent"),
    [
        *((0.90, 0.70, 10), (0.90, 0.69, 11), (0.90, 0.65, 15), (0.90, 0.64, 17), (0.90, 0.5, 45)),
        *((0.85, 0.65, 10), (0.85, 0.64, 11), (0.85, 0.60, 15), (0.85, 0.59, 17)),
        *((0.80, 0.60, 10), (0.80, 0.59, 11), (0.80, 0.55, 15), (0.80, 0.54, 17)),
    ],
)
def test_increase_below_the_standard(standard: float, factor: float, percent: float) -> None:
    """0.5 % a hundredth down to 0.70 (0.65, 0.60), then 1 % to 0.65 (0.60, 0.55), then 2 %."""
    assert tables()[standard].share(factor) == pytest.approx(percent / 100)


def test_a_month_of_a_published_bill() -> None:
    """A bill of Hubei, 2025-10: 6 137 186.50 yuan at 0.91 against 0.90 give -9 205.79 yuan.

    The bill rounds item by item; the share is -0.15 %.
    """
    assert 6137186.5 * tables()[0.90].share(0.91) == pytest.approx(-9205.79, abs=0.02)


def test_factor_of_two_decimals() -> None:
    assert power_factor(895.0, np.sqrt(1000.0**2 - 895.0**2)) == 0.9
    assert power_factor(894.0, np.sqrt(1000.0**2 - 894.0**2)) == 0.89
    assert power_factor(0.0, 50.0) == 0.0


def tariff(index: pd.DatetimeIndex = YEAR, **given: Any) -> Tariff:
    more = {key: given.pop(key) for key in ("billing", "contract_demand_kw") if key in given}
    written = {"standard": 0.90} | given
    return resolve(config(power_factor_adjustment=written, **more), index, BOOK)[0]


def drawn(index: pd.DatetimeIndex = YEAR) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    load = rng.uniform(8, 12, len(index))
    own = np.clip(np.sin((index.hour.to_numpy() - 6) / 12 * np.pi), 0, None) * 8
    return pd.DataFrame({"load": load, "import": load - own, "export": 0.0}, index)


def test_january_by_hand() -> None:
    """All but the funds is adjusted: +2.5 % at 0.85 against 0.90, -0.75 % at 0.97."""
    for factor, percent in ((0.85, 2.5), (0.97, -0.75)):
        lines = bill(tariff(power_factor=factor), drawn(), 15.0).lines
        january = lines[lines["month"] == "2027-01"].set_index("item")
        apart = january.index.str.startswith("self_use_") | january.index.isin(["funds", ITEM])
        base = january.loc[~apart, "yuan"].sum()
        assert january.loc[ITEM, "yuan"] == pytest.approx(percent / 100 * base, rel=1e-12)
        assert january.loc[ITEM, "quantity"] == pytest.approx(base)
        assert january.loc[ITEM, "price"] == pytest.approx(percent / 100)


def test_own_generation_lowers_the_factor() -> None:
    """The reactive energy stays what it was, the active energy from the grid falls."""
    load = drawn()["load"]
    kvarh = (load.groupby(YEAR.month).sum() * 1000 * np.tan(np.arccos(0.93))).tolist()
    found = tariff(reactive_kvarh=kvarh)
    before = grid_only_bill(found, load).lines.query("item == @ITEM")["price"]
    assert before.to_numpy() == pytest.approx(-0.0045)
    after = bill(found, drawn(), 15.0).lines.query("item == @ITEM")["price"]
    assert (after > 0).all()
    january = drawn()[YEAR.month == 1]["import"].sum() * 1000
    factor = round(float(january / np.hypot(january, kvarh[0])), 2)
    assert after.iloc[0] == pytest.approx(tables()[0.90].share(factor))


@pytest.mark.parametrize("billing", ["capacity", "demand"])
@pytest.mark.parametrize(
    "given",
    [
        {"power_factor": [0.85, *[0.93] * 11]},
        {"reactive_kvarh": [2.5e6] * 12},
        {"power_factor": 0.7, "excluded": ["funds", "system_operation", "capacity_charge"]},
    ],
)
@pytest.mark.parametrize("first", ["2027-01-01", "2027-03-20"])
def test_bill_quick_payment_and_sizing_agree(
    billing: str, given: dict[str, Any], first: str
) -> None:
    index = (
        YEAR if first == "2027-01-01" else pd.date_range(first, periods=600, freq="h", tz=YEAR.tz)
    )
    if billing == "demand":
        given = {**given, "excluded": ["funds"], "contract_demand_kw": 9000}
    found, schedule = tariff(index, billing=billing, **given), drawn(index)
    made = bill(found, schedule, 15.0)
    paid = Operation(schedule, found, 15.0).new()
    total = paid.grid_purchase + paid.self_use_charges
    assert total == pytest.approx(made.yuan_per_year(), rel=1e-12)
    whole = grid_only_operation(schedule["load"], found, 15.0)
    assert whole.grid_purchase == pytest.approx(
        grid_only_bill(found, schedule["load"], 15.0).yuan_per_year(), rel=1e-12
    )
    prices = sizing_prices(found)
    energy = float(prices.import_price @ schedule["import"]) * 1000 / made.years
    if found.adjustment is not None and found.adjustment.known is not None:
        assert energy == pytest.approx(paid.grid_energy, rel=1e-12)
        if billing == "capacity":
            fixed = 12 * prices.capacity_price * 15_000
            assert fixed == pytest.approx(paid.grid_fixed, rel=1e-12)
    else:  # hangs on what is drawn: no price of the sizing
        plain = resolve(config(), index, BOOK)[0]
        assert prices.import_price.to_numpy() == pytest.approx(plain.import_price.to_numpy())


def test_what_is_not_adjusted() -> None:
    """A fee of each month is not; a demand that is excluded is not beyond its contract either."""
    fee = {"name": "service", "price": 9e4, "per": "month"}
    given = {"standard": 0.9, "power_factor": 0.8}
    plain = tariff(power_factor=0.8)
    more = resolve(config(power_factor_adjustment=given, surcharges=[fee]), YEAR, BOOK)[0]
    flows = drawn()
    adjusted = bill(plain, flows, 15.0).yuan_per_year(ITEM)
    assert bill(more, flows, 15.0).yuan_per_year(ITEM) == pytest.approx(adjusted)
    assert Operation(flows, more, 15.0).new().grid_fixed == pytest.approx(
        Operation(flows, plain, 15.0).new().grid_fixed + 12 * 9e4
    )
    demand = {"billing": "demand", "contract_demand_kw": 9000, "power_factor": 0.8}
    kept = tariff(**demand, excluded=["funds", "demand_charge", "near_charge"])
    made = bill(kept, flows, 15.0)
    assert "demand_excess" in set(made.lines["item"])
    energy = made.yuan_per_year("energy", "line_loss", "transmission", "system_operation")
    assert made.yuan_per_year(ITEM) == pytest.approx(0.05 * energy)
    quick = Operation(flows, kept, 15.0).new()
    assert quick.grid_purchase + quick.self_use_charges == pytest.approx(made.yuan_per_year())


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"power_factor": 0.9, "reactive_kvarh": [0.0] * 12}, "须给出其中一个"),
        ({}, "须给出其中一个"),
        ({"power_factor": 1.2}, "power_factor"),
        ({"reactive_kvarh": [1.0] * 11}, "reactive_kvarh"),
    ],
)
def test_faults_of_the_file(given: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        config(power_factor_adjustment={"standard": 0.9} | given)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"standard": 0.95}, r"没有这个功率因数标准.*0\.95.*0\.90、0\.85、0\.80"),
        ({"excluded": ["基金"]}, "账单没有这样的项目.*基金.*funds"),
    ],
)
def test_faults_beside_the_rules(given: dict[str, Any], match: str) -> None:
    with pytest.raises(InputError, match=match):
        tariff(**{"power_factor": 0.9} | given)


def test_what_it_rests_on_is_noted() -> None:
    found = tariff(power_factor=0.9)
    noted = {item.item: item for item in found.assumptions}
    assert noted[ITEM].rule_id == "energy.tariff.power_factor_adjustment"
    assert noted["power_factor_metered"].value == 0.9
    made = bill(found, drawn(), 15.0)
    record = {item["item"]: item for item in made.to_record()["items"]}
    assert record[ITEM]["unit"] == "yuan"
    assert record[ITEM]["price"] == pytest.approx(0.0)
    assert record[ITEM]["rule_id"] == "energy.tariff.power_factor_adjustment"
    without = bill(resolve(config(), YEAR, BOOK)[0], drawn(), 15.0)
    assert ITEM not in set(without.lines["item"])


CASE = """
load: {{file: curves.csv, column: load}}
sources: [{{name: pv, profile: {{file: curves.csv, column: pv}}, capex: 2600, max_mw: 40}}]
grid: {{capacity_mw: 20}}
tariff:
  mode: two_part
  billing: demand
  voltage: 110kV
  market_price: 0.35
  market_price_floats: false
  system_operation_fee: 0.02
  export_price: 0.1
  funds: 0.03
  transmission_price: 0.07
  line_loss: 0.04
  demand_price: 36
  power_factor_adjustment: {{standard: 0.9, {metered}}}
year: 2026
rules: {{packs: [national]}}
"""


def evaluated(folder: Path, metered: str) -> EnergyResult:
    index = pd.date_range("2026-03-28", periods=192, freq="h")
    table = pd.DataFrame({"load": 10.0 + np.arange(192) % 5}, index)
    table["pv"] = np.clip(np.sin((index.hour - 6) / 12 * np.pi), 0, 1)
    table.to_csv(folder / "curves.csv", index_label="time")
    (folder / "case.yaml").write_text(CASE.format(metered=metered), encoding="utf-8")
    return evaluate_file(folder / "case.yaml")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> EnergyResult:
    kvarh = [4.0e6] * 12
    return evaluated(tmp_path_factory.mktemp("metered"), f"reactive_kvarh: {kvarh}")


def test_factors_are_those_of_the_plans_own_purchase(settled: EnergyResult) -> None:
    plan, found = settled.plan, settled.tariff
    assert found is not None
    assert found.adjustment is not None
    factors = found.adjustment.factors
    assert factors is not None
    for month, hours in ((3, 31 * 24), (4, 30 * 24)):
        chosen = plan.schedule.index.month == month
        kwh = float(plan.schedule["import"][chosen].sum()) * 1000
        assert factors[month - 1] == power_factor(kwh, 4.0e6 * chosen.sum() / hours)
        load = float(plan.schedule["load"][chosen].sum()) * 1000
        assert factors[month - 1] < power_factor(load, 4.0e6 * chosen.sum() / hours)
    assert factors[0] == 0.9  # a month outside the horizon is not adjusted
    noted = {row["item"]: row for row in settled.assumptions}
    assert noted["power_factor_metered"]["value"] == list(factors)


def test_the_sizing_pays_the_adjusted_bill(settled: EnergyResult) -> None:
    costs = settled.plan.costs
    paid = costs[["energy_purchase", "self_use_fees", "demand_charge", "export_income"]].sum()
    assert settled.money.plan_bill is not None
    assert settled.money.plan_bill.yuan_per_year() == pytest.approx(paid, rel=1e-9)
    assert settled.money.plan_bill.yuan_per_year(ITEM) > 0
    grid = settled.money.grid_bill
    assert grid is not None
    assert grid.yuan_per_year(ITEM) < settled.money.plan_bill.yuan_per_year(ITEM)


def test_given_factors_are_sized_once_and_for_all(tmp_path: Path) -> None:
    found = evaluated(tmp_path, "power_factor: 0.8")
    plain = evaluated(tmp_path, "power_factor: 0.9")
    assert found.tariff is not None
    assert found.tariff.adjustment is not None
    assert found.tariff.adjustment.factors == (0.8,) * 12
    assert found.plan.annual_cost > plain.plan.annual_cost  # dearer energy
