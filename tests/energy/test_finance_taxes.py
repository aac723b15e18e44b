"""Taxes and the cash flow they rest on, year by year, against arithmetic by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from projects import YEAR, prices, project, state

from greenland.energy.money.assets import Asset, AssetKind
from greenland.energy.money.cash_flow import CASH_FLOW_LABELS
from greenland.energy.money.config import FinanceConfig, Role, TaxConfig
from greenland.energy.money.operation import OperatingYear, Operation
from greenland.energy.money.part_names import unknown_ageing
from greenland.energy.money.taxes import (
    Taxes,
    carried_credit,
    depreciation,
    included_tax,
    income_tax,
    resolve_taxes,
)
from greenland.energy.site import Technology
from greenland.errors import Severity
from greenland.rules import Rulebook, load_rulebook

RULE = "energy.finance."
COUNTY = {"tax": {"location": "county"}}
SOLD = {"role": "generator", "contract_price": 0.30}
# The project of `projects`, a year, tax-inclusive: sold at 0.30 yuan, exported at 0.2, opex
SALES, EXPORTS, OPEX = 6_570_000.0, 438_000.0, 500_000.0
SAVED, FUNDS = 10_950_000.0, 1_095_000.0  # not bought at 0.5 yuan; funds on what is used
EQUIPMENT = 30e6 / 1.13  # without VAT
WRITTEN_OFF = EQUIPMENT * 0.95 / 20  # yearly: 5 % salvage, 20 years


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook(("national",), 2026)


def taxes(**changes: Any) -> Taxes:
    values: dict[str, Any] = {
        "vat": 0.13,
        "vat_service": 0.06,
        "surtax": 0.10,
        "income": 0.25,
        "holiday": (),
        "absorbed": False,
        "depreciation_years": None,
        "depreciation_years_min": 10.0,
        "salvage_share": 0.05,
        "loss_years": 5,
    }
    return Taxes(**(values | changes))


# Rates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "surtax"), [("city", 0.12), ("county", 0.10), ("other", 0.06)]
)
def test_rates_of_the_rules(book: Rulebook, location: str, surtax: float) -> None:
    found = resolve_taxes(TaxConfig.model_validate({"location": location}), Role.LOAD, book)
    assert found == taxes(surtax=surtax, absorbed=True, rule_ids=found.rule_ids)
    names = ("vat", "vat_service", f"surtax.{location}", "income_tax", "tax_holiday_own_use")
    names += ("depreciation_years_min", "salvage_share", "loss_years")
    assert set(found.rule_ids) == {RULE + name for name in names}


def test_rates_and_their_rules(book: Rulebook) -> None:
    found = resolve_taxes(TaxConfig(location="county", western=True), Role.GENERATOR, book)
    assert (found.vat, found.surtax, found.income) == (0.13, 0.10, 0.15)
    assert "energy.finance.income_tax_western" in found.rule_ids
    assert book.rule("energy.finance.vat").document == "中华人民共和国增值税法"
    earlier = load_rulebook(("national",), 2024).rule("energy.finance.vat")
    assert "2019年第39号" in earlier.document


def test_rates_of_the_file_need_no_rule(book: Rulebook) -> None:
    own = {
        "vat": 0.09,
        "vat_service": 0.03,
        "surtax": 0.0,
        "income": 0.2,
        "salvage_share": 0.1,
        "loss_years": 10,
        "depreciation_years": 15,
        "absorbed": False,
        "holiday": False,
    }
    found = resolve_taxes(TaxConfig.model_validate({"location": "city", **own}), Role.LOAD, book)
    rates = {name: value for name, value in own.items() if name != "holiday"}
    assert found == taxes(**rates, rule_ids=(RULE + "depreciation_years_min",))


@pytest.mark.parametrize(
    ("role", "given", "shares"),
    [
        (Role.GENERATOR, {}, (0, 0, 0, 0.5, 0.5, 0.5)),
        (Role.GENERATOR, {"holiday": False}, ()),
        (Role.LOAD, {}, ()),
        (Role.LOAD, {"holiday": True}, (0, 0, 0, 0.5, 0.5, 0.5)),
        (Role.GENERATOR, {"holiday_shares": [0.0, 0.5]}, (0, 0.5)),
        (Role.LOAD, {"holiday_shares": [0.0, 0.5]}, ()),
    ],
)
def test_holiday(
    book: Rulebook, role: Role, given: dict[str, Any], shares: tuple[float, ...]
) -> None:
    config = TaxConfig.model_validate({"location": "city", **given})
    found = resolve_taxes(config, role, book)
    assert found.holiday == shares
    asked = shares and "holiday_shares" not in given
    assert (RULE + "tax_holiday" in found.rule_ids) == bool(asked)


def test_credits_and_losses_are_carried_by_a_generator_only(book: Rulebook) -> None:
    config = TaxConfig(location="city")
    assert not resolve_taxes(config, Role.GENERATOR, book).absorbed
    assert resolve_taxes(config, Role.LOAD, book).absorbed
    assert resolve_taxes(TaxConfig(location="city", absorbed=True), Role.GENERATOR, book).absorbed


# Formulas ------------------------------------------------------------------------------------


def test_tax_inside_a_price() -> None:
    assert included_tax(np.array([113.0, -226.0]), 0.13) == pytest.approx([13.0, -26.0])


def test_credit_is_used_up_before_tax_is_paid() -> None:
    net = np.array([-100.0, 60.0, 60.0, -10.0, 10.0, 5.0])
    assert carried_credit(net).tolist() == [0, 0, 20, 0, 0, 5]


def test_exempt_and_halved_years_by_hand() -> None:
    profit = np.array([0.0] + [100.0] * 7)
    found = income_tax(profit, taxes(holiday=(0, 0, 0, 0.5, 0.5, 0.5)))
    assert found.tolist() == [0, 0, 0, 0, 12.5, 12.5, 12.5, 25.0]


def test_losses_are_carried_five_years() -> None:
    profit = np.array([0.0, -100.0, 20.0, 20.0, 20.0, 20.0, 10.0, 50.0])
    found = income_tax(profit, taxes())
    # 90 of the loss are used by year 6; the last 10 lapse before year 7
    assert found.tolist() == [0, 0, 0, 0, 0, 0, 0, 12.5]


def test_the_oldest_loss_is_used_first() -> None:
    # 30 of year 1 may be used until year 6, 40 of year 3 until year 8
    profit = np.array([0.0, -30.0, 0.0, -40.0, 10.0, 0.0, 15.0, 20.0, 20.0, 8.0])
    # year 4 uses 10 and year 6 uses 15 of the first, whose last 5 lapse; then 20 and 20
    assert income_tax(profit, taxes()).tolist() == [0, 0, 0, 0, 0, 0, 0, 0, 0, 2.0]


def test_one_profit_may_use_several_losses() -> None:
    profit = np.array([0.0, -30.0, -40.0, 80.0, 4.0])
    assert income_tax(profit, taxes()).tolist() == [0, 0, 0, 2.5, 1.0]


def test_holiday_holds_for_absorbed_losses_too() -> None:
    found = income_tax(np.array([4.0, -100.0, 40.0]), taxes(absorbed=True, holiday=(0.5,)))
    assert found.tolist() == [1.0, -12.5, 10.0]


@pytest.mark.parametrize(
    ("lifetime", "given", "years"),
    [(20.0, None, 20), (12.6, None, 13), (12.4, None, 12), (6.0, None, 10), (20.0, 15, 15)],
)
def test_years_of_depreciation(lifetime: float, given: int | None, years: int) -> None:
    spent = np.zeros(31)
    spent[0] = 113.0
    asset = Asset("x", AssetKind.SOURCE, 113.0, 0.0, lifetime)
    yearly, left = depreciation([(asset, spent)], taxes(depreciation_years=given))
    expected = [0.0, *[95.0 / years] * years, *[0.0] * (30 - years)]
    assert yearly.tolist() == pytest.approx(expected)
    assert left == pytest.approx(5.0)


def test_what_is_renewed_is_written_off_from_the_next_year() -> None:
    spent = np.zeros(14)
    spent[0], spent[10] = 113.0, 226.0
    asset = Asset("x", AssetKind.SOURCE, 113.0, 0.0, 10.0)
    yearly, left = depreciation([(asset, spent), (asset, spent / 2)], taxes())
    assert yearly.tolist() == pytest.approx([0, *[14.25] * 10, *[28.5] * 3])
    # of 450 without VAT: 142.5 and 85.5 are written off
    assert left == pytest.approx(450 - 142.5 - 85.5)


def test_nothing_bought_is_nothing_written_off() -> None:
    yearly, left = depreciation([], taxes())
    assert (yearly.tolist(), left) == ([0.0], 0.0)


# In the statement ----------------------------------------------------------------------------


def test_book_value_leaves_with_the_last_year(book: Rulebook) -> None:
    """Ten of twenty years: half the investment is the residual, what is not written off goes."""
    config = COUNTY | SOLD | {"years": 10, "residual": "linear"}
    found = state(book, config).cash_flow
    vat = (SALES + EXPORTS) * 13 / 113 - OPEX * 6 / 106
    profit = (SALES + EXPORTS) / 1.13 - OPEX / 1.06 - WRITTEN_OFF - 0.10 * vat
    assert found.loc[9, "income_tax"] == pytest.approx(-0.25 * profit)
    gain = 15e6 - (EQUIPMENT - 10 * WRITTEN_OFF)  # 15 000 000 - 13 938 053.10
    assert found.loc[10, "residual"] == pytest.approx(15e6)
    assert found.loc[10, "income_tax"] == pytest.approx(-0.25 * (profit + gain))


def test_load_deducts_funds_and_other_costs(book: Rulebook) -> None:
    found = state(book, COUNTY, other_yuan=106_000.0).cash_flow
    vat = (SAVED + EXPORTS) * 13 / 113 - (OPEX + 106_000) * 6 / 106
    assert found.loc[1, "vat"] == pytest.approx(-vat)
    assert found.loc[1, "surtax"] == pytest.approx(-0.10 * vat)
    net_sales, net_costs = (SAVED + EXPORTS) / 1.13, OPEX / 1.06 + 100_000
    profit = net_sales - net_costs - FUNDS - 0.10 * vat - WRITTEN_OFF
    assert found.loc[1, "income_tax"] == pytest.approx(-0.25 * profit)
    # before operation only the surtax saved with the credit is taxed
    assert found.loc[0, "income_tax"] == pytest.approx(-0.25 * 0.10 * 30e6 * 13 / 113)


def test_renewal_brings_its_own_credit(book: Rulebook) -> None:
    short = Asset("pv", AssetKind.SOURCE, 30e6, 0.5e6, 10.0)
    found = state(book, COUNTY, assets=(short,)).cash_flow
    vat = (SAVED + EXPORTS) * 13 / 113 - OPEX * 6 / 106
    assert found.loc[9, "vat"] == pytest.approx(-vat)
    assert found.loc[10, "replacement"] == pytest.approx(-30e6)
    assert found.loc[10, "vat"] == pytest.approx(30e6 * 13 / 113 - vat)
    assert found.loc[11, "income_tax"] == pytest.approx(found.loc[9, "income_tax"])  # written off


def test_interest_lowers_the_tax_of_the_financed(book: Rulebook) -> None:
    loan = {"share": 0.5, "rate": 0.04, "years": 3, "method": "equal_principal", "grace_years": 1}
    found = state(book, COUNTY | {"loan": loan}).cash_flow
    assert found["loan"].tolist()[:3] == [15e6, 0, 0]
    assert found["principal"].tolist()[:6] == [0, 0, -5e6, -5e6, -5e6, 0]
    assert found["interest"].tolist()[:6] == pytest.approx([0, -6e5, -6e5, -4e5, -2e5, 0])
    saved = found["income_tax_financed"] - found["income_tax"]
    assert saved.tolist()[:6] == pytest.approx([0, 1.5e5, 1.5e5, 1e5, 5e4, 0])
    equity = found["before_tax"] + found["income_tax_financed"] + found["loan"]
    equity += found["principal"] + found["interest"]
    assert found["equity_net"].to_numpy() == pytest.approx(equity.to_numpy())


def test_loan_without_tax(book: Rulebook) -> None:
    found = state(book, {"loan": {"share": 0.5, "rate": 0.04, "years": 3}}).cash_flow
    assert "income_tax_financed" not in found
    parts = found["net"] + found["loan"] + found["principal"] + found["interest"]
    assert found["equity_net"].to_numpy() == pytest.approx(parts.to_numpy())
    # 15 M x 0.360348539, even
    assert (found["principal"] + found["interest"]).tolist()[1:5] == pytest.approx(
        [-5_405_228.09] * 3 + [0], abs=0.01
    )


@pytest.mark.parametrize(
    ("growth", "columns"),
    [
        ("grid_price", ["avoided_bill", "grid_energy", "grid_fixed", "self_use_charges"]),
        ("export_price", ["export_income"]),
        ("opex", ["opex", "other"]),
    ],
)
def test_growth_touches_its_own_prices(book: Rulebook, growth: str, columns: list[str]) -> None:
    plain = state(book, other_yuan=1e5).cash_flow
    grown = state(book, {"growth": {growth: 0.10}}, other_yuan=1e5).cash_flow
    factors = np.r_[0.0, 1.1 ** np.arange(20)]
    for name in plain.columns[:10]:
        expected = plain[name] * factors if name in columns else plain[name]
        assert grown[name].to_numpy() == pytest.approx(expected.to_numpy()), name


def test_contract_price_grows_on_its_own(book: Rulebook) -> None:
    found = state(book, SOLD | {"growth": {"contract_price": 0.10}}).cash_flow
    assert found["sales"].tolist()[:3] == pytest.approx([0, SALES, 1.1 * SALES])
    left_to_the_load = {"avoided_bill", "grid_energy", "grid_fixed", "self_use_charges"}
    assert not left_to_the_load & set(found.columns)
    assert list(found.columns) == [name for name in CASH_FLOW_LABELS if name in found]


# Ageing --------------------------------------------------------------------------------------


def test_unknown_ageing_is_a_problem_with_its_place() -> None:
    config = FinanceConfig.model_validate({"degradation": {"pv": {}, "pv1": {}, "zzz": {}}})
    near, far = unknown_ageing(config, ["pv", "wind"])
    assert near.message == "finance.degradation 里的“pv1”不是本案例可用的名称"
    assert near.remedy == "是否应为“pv”？"
    assert (near.severity, near.code) == (Severity.ERROR, "unknown_asset")
    assert (near.column, near.got, near.allowed) == ("finance.degradation", "pv1", "pv、wind")
    assert near.touches == ("energy",)
    assert (far.got, far.remedy) == ("zzz", "")
    assert unknown_ageing(FinanceConfig(), ["pv"]) == []


def two_sources(**changes: Any) -> dict[str, Any]:
    """10 MW of load: 4 MW of PV, 3 of wind and 3 bought in every hour."""
    flows = {"load": 10.0, "pv": 4.0, "wind": 3.0, "import": 3.0, "export": 0.0, "curtailment": 0.0}
    schedule = pd.DataFrame(flows, index=YEAR)
    operation = Operation(schedule, prices(), 10.0, {n: schedule[n] for n in ("pv", "wind")})
    ages = {"source_ages": {"pv": np.arange(20.0), "wind": np.arange(20.0)}}
    types = {"technologies": {"pv": Technology.PV, "wind": Technology.WIND}}
    return {"operation": operation, **ages, **types, **changes}


def test_each_source_ages_by_its_own_loss(book: Rulebook) -> None:
    loss = {"pv": {"first_year": 0.1, "yearly": 0.01}, "wind": {"yearly": 0.02}}
    found = state(book, {"degradation": loss}, **two_sources()).operation
    # year 3: 4 x (1 - 0.1 - 0.02) + 3 x (1 - 0.04) MW
    assert found.loc[3, "generation"] == pytest.approx(8760 * (3.52 + 2.88))
    assert found.loc[3, "grid"] == pytest.approx(8760 * 3.6)
    one = state(book, {"degradation": {"wind": {"yearly": 0.02}}}, **two_sources()).operation
    assert one.loc[3, "generation"] == pytest.approx(8760 * (4 + 2.88))


class Recorded(Operation):
    """The project's year, which remembers the state of the equipment it is asked for."""

    def __init__(self) -> None:
        plain = project().operation
        super().__init__(plain.schedule, plain.tariff, plain.connected_mw, plain.sources)
        self.asked: list[tuple[dict[str, float], float]] = []

    def year(self, health: Any, storage_health: float = 1.0) -> OperatingYear:
        self.asked.append((dict(health), storage_health))
        return super().year(health, storage_health)


def test_the_weakest_cells_count_since_their_last_renewal(book: Rulebook) -> None:
    operation = Recorded()
    ages = {"battery": np.array([0.0, 1.0, 0.0]), "other": np.array([0.0, 0.0, 9.0])}
    config = {"years": 3, "degradation": {"battery": {"yearly": 0.5}, "other": {"yearly": 0.1}}}
    state(book, config, operation=operation, storage_ages=ages)
    # new, half of the one, a tenth of the other; sources without a loss stay as they are
    asked = operation.asked[:3]  # and as new, for what the plan costs
    assert [share for _health, share in asked] == pytest.approx([1.0, 0.5, 0.1])
    assert [health for health, _share in asked] == [{}, {}, {}]


def test_import_of_new_equipment_is_no_strain(book: Rulebook) -> None:
    config = {"degradation": {"pv": {"yearly": 0.0}}}
    for connected in (3.0, 1.0):  # what is planned to be imported counts as connected
        operation = two_sources()["operation"]
        operation.connected_mw = connected
        notes = state(book, config, **two_sources(operation=operation)).notes
        assert not [note for note in notes if "接入容量" in note]


def test_strain_tells_the_first_year_and_the_highest_import(book: Rulebook) -> None:
    operation = two_sources()["operation"]
    operation.connected_mw = 3.1
    config = {"degradation": {"pv": {"yearly": 0.02}}}
    notes = state(book, config, **two_sources(operation=operation)).notes
    # 0.08 MW a year: 3.08 in year 2, 3.16 in year 3, 4.52 in year 20
    text = "设备衰减后第 3 年起最大下网功率达 4.52 MW，超过接入容量 3.10 MW。"
    assert text in notes


def test_what_is_not_counted_is_said_word_for_word(book: Rulebook) -> None:
    notes = state(book).notes
    assert "未计税：没有填写 finance.tax。" in notes
    assert "未计设备衰减：没有填写 finance.degradation。" in notes
    assert not [note for note in state(book, COUNTY).notes if "未计税" in note]
    assert "energy.finance.vat" in state(book, COUNTY).rule_ids


def test_typical_ageing_names_its_rules(book: Rulebook) -> None:
    found = state(book, {"degradation": "typical"}, storage_ages={"battery": np.arange(20.0)})
    first, later = (book.number(f"energy.cost.pv.degradation{part}") for part in ("_first", ""))
    assert found.operation.loc[3, "generation"] == pytest.approx(26280 * (1 - first - 2 * later))
    names = ("pv.degradation_first", "pv.degradation", "storage.fade")
    assert found.rule_ids == tuple(f"energy.cost.{name}" for name in names)


def test_typical_cells_fade_by_the_rule(book: Rulebook) -> None:
    operation = Recorded()
    ages = {"battery": np.arange(20.0)}
    state(book, {"degradation": "typical"}, operation=operation, storage_ages=ages)
    fade = book.number("energy.cost.storage.fade")
    assert [share for _health, share in operation.asked][:3] == pytest.approx(
        [1.0, 1 - fade, 1 - 2 * fade]
    )
