"""The carbon account: five firms by hand, sums, and what counts once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from five_firms import USES
from hypothesis import given
from hypothesis import strategies as st

from greenland.energy.account import Carrier, EnergyUse, account, by_group, read_factors
from greenland.energy.account.account import SUMMED
from greenland.errors import InputError
from greenland.rules import Override, Rulebook, load_rulebook

EQUAL = {
    "energy.carbon.tce.equal_value": Override(value=0.3, unit="kgce/kWh", source="示例假定")
}  # 0.3 kgce/kWh: invented, round
ALL = frozenset(Carrier)


def rules(year: int = 2026, *packs: str, **more: Override) -> Rulebook:
    return load_rulebook(("national", *(packs or ("yunnan",))), year, overrides=EQUAL | more)


FACTORS = read_factors(rules(), ALL)
FOUND = account(USES, FACTORS)


def firm(key: str) -> dict[str, float]:
    return FOUND.firms.set_index("key").loc[key].to_dict()


def test_firm_with_direct_supply_and_traded_green_power() -> None:
    """40 000 MWh, 10 000 of it direct, 5 000 traded; 1 000 t of coke; Yunnan 0.1333."""
    one = firm("甲")
    assert one["grid_mwh"] == 30_000
    assert one["equivalent_tce"] == pytest.approx(40_000 * 0.1229 + 971.4)
    assert one["equal_value_tce"] == pytest.approx(40_000 * 0.3 + 971.4)
    assert one["scope1_tco2"] == pytest.approx(2_860.4)
    assert one["scope2_electricity_tco2"] == pytest.approx(3_999.0)
    assert one["total_tco2"] == pytest.approx(6_859.4)
    assert one["net_tco2"] == pytest.approx(6_859.4 - 666.5)
    assert one["zero_carbon_tco2"] == pytest.approx(2_860.4 + 25_000 * 0.8325)
    assert one["net_tco2_per_wan"] == pytest.approx(6_192.9 / 20_000)
    assert one["tce_per_mu"] == pytest.approx(12_971.4 / 200)


def test_certificates_beyond_power_from_the_grid_do_not_count() -> None:
    one = firm("乙")
    assert (one["certified_mwh"], one["surplus_mwh"]) == (10_000, 2_000)
    assert one["net_tco2"] == pytest.approx(5_000 * 0.4146 + 300)


def test_other_firms_by_hand() -> None:
    assert firm("丙")["net_tco2"] == pytest.approx(8_000 * 0.1333 + 2_000 * 1.9003)
    assert firm("丁")["net_tco2"] == pytest.approx(5_000 * 0.1333 + 50 * 21.622)
    assert firm("戊")["net_tco2"] == pytest.approx(2_000 * 0.1333 + 10_000 * 0.11)
    assert firm("戊")["net_tco2_per_wan"] is None or firm("戊")["net_tco2_per_wan"] != 0.0
    assert FOUND.firms.set_index("key")["net_tco2_per_wan"].isna()["戊"]  # value added is negative


def test_park_by_hand() -> None:
    """The table of docs/carbon-account.md."""
    total = FOUND.total
    assert total["electricity_mwh"] == 66_000
    assert total["equivalent_tce"] == pytest.approx(
        66_000 * 0.1229 + 971.4 + 643 + 1_428.6 + 665 + 341.2
    )
    assert total["equal_value_tce"] == pytest.approx(66_000 * 0.3 + 4_049.2)
    assert total["scope1_tco2"] == pytest.approx(2_860.4 + 300 + 3_800.6 + 1_081.1)
    assert total["scope2_electricity_tco2"] == pytest.approx(55_000 * 0.1333)
    assert total["scope2_heat_tco2"] == pytest.approx(2_073 + 1_100)
    assert total["net_tco2"] == pytest.approx(8_042.1 + 40_000 * 0.1333 + 3_173)
    assert total["zero_carbon_tco2"] == pytest.approx(8_042.1 + 40_000 * 0.8325 + 3_173)
    # 戊 has no positive value added: neither its emission nor its value counts in the ratio
    with_added = total["net_tco2"] - (2_000 * 0.1333 + 1_100)
    assert total["net_tco2_per_wan"] == pytest.approx(with_added / 24_600)


def test_kinds_of_energy_add_up_to_the_firms() -> None:
    kinds = FOUND.carriers
    assert set(kinds["carrier"]) == {
        "grid", "certified", "direct", "own", "coal", "coke", "gas", "heat", "steam", "process",
    }  # fmt: skip
    for name in ("equivalent_tce", "equal_value_tce", "net_tco2"):
        assert kinds[name].sum() == pytest.approx(FOUND.total[name])
    power = kinds[kinds["unit"] == "MWh"]["amount"].sum()
    assert power == pytest.approx(66_000)


def test_industries_add_up_to_the_park() -> None:
    groups = by_group(FOUND.firms)
    assert groups["group"].tolist()[0] == "化工"
    assert groups["firms"].sum() == 5
    for name in ("net_tco2", "equal_value_tce", "grid_mwh", "value_added_wan"):
        assert groups[name].sum() == pytest.approx(FOUND.total[name])


def test_without_the_equal_value_it_is_none_and_not_zero() -> None:
    book = load_rulebook(("national", "yunnan"), 2026)
    found = account(USES, read_factors(book, ALL))
    assert found.total["equal_value_tce"] is None
    assert found.total["tce_per_mu"] == pytest.approx(found.total["equivalent_tce"] / 450)


def test_grid_factor_of_province_else_nation_else_chosen() -> None:
    assert FACTORS.grid_tco2 == 0.1333
    assert read_factors(rules(2026, "chuxiong"), ALL).grid_tco2 == 0.5306
    chosen = {"energy.account.grid_factor": Override(value="fossil", source="示例")}
    assert read_factors(rules(**chosen), ALL).grid_tco2 == 0.8273
    wrong = {"energy.account.grid_factor": Override(value="coal", source="示例")}
    with pytest.raises(InputError, match=r"energy\.account\.grid_factor"):
        read_factors(rules(**wrong), ALL)


def test_missing_factors_are_named_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    book = rules()
    real = type(book).get
    gone = ("energy.account.tce.coal", "energy.account.tco2.gas")
    monkeypatch.setattr(
        type(book), "get", lambda self, name: None if name in gone else real(self, name)
    )
    with pytest.raises(InputError) as caught:
        read_factors(book, ALL)
    assert [one.column for one in caught.value.problems] == list(gone)
    assert "原煤（每t）" in str(caught.value.problems[0].message)


@pytest.mark.parametrize(
    ("carrier", "heating_value", "carbon", "oxidised"),
    [  # GJ/t (GJ per 1000 m³), tC/TJ, share: 省级温室气体清单编制指南, GB/T 2589
        (Carrier.COAL, 20.908, 26.37, 0.94),
        (Carrier.COKE, 28.435, 29.5, 0.93),
        (Carrier.GAS, 389.31, 15.3, 0.99),
        (Carrier.DIESEL, 42.652, 20.2, 0.98),
        (Carrier.LPG, 50.179, 17.2, 0.98),
    ],
)
def test_factors_follow_from_heating_values(
    carrier: Carrier, heating_value: float, carbon: float, oxidised: float
) -> None:
    assert FACTORS.tco2[carrier] == pytest.approx(
        heating_value * carbon * oxidised * 44 / 12 / 1000, rel=1e-4
    )
    # 2589 rounds to four digits of heating values in kcal
    assert FACTORS.tce[carrier] == pytest.approx(heating_value / 29.3076, rel=2e-3)


def test_steam_is_its_heat() -> None:
    heat = 0.1286 * 29.3076
    assert FACTORS.tco2[Carrier.STEAM] == pytest.approx(heat * FACTORS.tco2[Carrier.HEAT], rel=1e-4)
    assert FACTORS.tce[Carrier.HEAT] == pytest.approx(1 / 29.3076, rel=1e-3)


@pytest.mark.parametrize(
    "wrong",
    [{"electricity_mwh": -1.0}, {"direct_mwh": 5.0}, {"fuels": {Carrier.COAL: -1.0}},
     {"process_tco2": float("nan")}],
)  # fmt: skip
def test_impossible_uses_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a: "):
        EnergyUse("a", "a", **wrong)  # type: ignore[arg-type]


@given(st.floats(0, 1e5), st.floats(0, 1), st.floats(0, 2e5), st.floats(0, 2e5))
def test_nothing_is_taken_off_twice(
    all_of_it: float, direct: float, traded: float, bought: float
) -> None:
    use = EnergyUse("a", "a", "", all_of_it, all_of_it * direct, 0.0, traded, bought)
    row = account([use], FACTORS).firms.iloc[0]
    assert 0 <= row["net_tco2"] <= row["total_tco2"]
    assert row["grid_mwh"] + row["direct_mwh"] == pytest.approx(all_of_it)
    assert row["certified_mwh"] + row["surplus_mwh"] == pytest.approx(traded + bought)
    assert row["net_tco2"] <= (all_of_it - all_of_it * direct) * FACTORS.grid_tco2 + 1e-6


def test_heat_made_and_used_in_the_park_counts_once() -> None:
    """甲 burns 1 000 t of coal and sells 15 000 GJ, all of it to 乙: the park has the coal."""
    seller = EnergyUse("甲", "甲", fuels={Carrier.COAL: 1_000}, heat_sold_gj=15_000)
    buyer = EnergyUse("乙", "乙", fuels={Carrier.HEAT: 15_000})
    found = account([seller, buyer], FACTORS)
    assert found.total["net_tco2"] == pytest.approx(1_900.3)
    assert found.total["scope2_heat_tco2"] == pytest.approx(0.0)
    assert found.total["equal_value_tce"] == pytest.approx(714.3)
    assert found.firms["net_tco2"].tolist() == pytest.approx([1_900.3 - 1_650, 1_650])
    assert found.carriers["net_tco2"].sum() == pytest.approx(1_900.3)


def test_sums_cover_every_column_that_adds_up() -> None:
    more = account([*USES, replace(USES[0], key="己")], FACTORS)
    for name in SUMMED:
        assert more.total[name] == pytest.approx((FOUND.total[name] or 0) + firm("甲")[name])
