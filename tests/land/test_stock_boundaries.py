"""Every limit of the ledgers of stock land on its day, and what stands in each row."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from made_parks import made_park, parcel
from test_stock import END, RULES, halted, waiting

from greenland.land import stock
from greenland.park import table
from greenland.results import NotEvaluated
from greenland.rules import Override, load_rulebook

DAY = dt.timedelta(days=1)
STOPPED_TOO = load_rulebook(
    ("national", "yunnan", "chuxiong"),
    2025,
    overrides={"land.stock.idle.penalised_definitions": Override(value=["a", "b"], source="测试")},
)


def idle(day: dt.date, *rows: dict[str, Any], rules: Any = RULES) -> pd.DataFrame:
    return stock.idle(table("parcels", list(rows)), rules, day)


def test_a_row_of_idle_land_by_hand() -> None:
    # agreed 2023-06-01: idle from 2024-06-01, 23 whole months up to 2025-05-31, 600 万元 × 20 %
    row = idle(dt.date(2025, 5, 31), waiting(holder_id="H1")).iloc[0]
    assert row.drop(["counted_from", "idle_since", "take_back_date"]).to_dict() == {
        "parcel_id": "G1",
        "holder_id": "H1",
        "holder_name": "甲公司（虚构）",
        "area_mu": 30.0,
        "definition": "a",
        "definitions": ["a"],
        "months": 23.0,
        "cause": "firm",
        "fee_wan": pytest.approx(120.0),
        "consequence": "fee",
        "rule_id": "land.stock.idle.not_started_years",
        "consequence_rule_id": "land.stock.idle.fee_share",
        "reason": None,
    }
    assert row["counted_from"] == pd.Timestamp(2023, 6, 1)
    assert row["take_back_date"] == pd.Timestamp(2025, 6, 1)


@pytest.mark.parametrize(
    ("definition", "changes", "rule"),
    [
        ("a", {}, "not_started_years"),
        ("b_area", {"built_area_mu": 9.99}, "built_share"),
        ("b_investment", {"built_area_mu": 10.0, "invested_wan": 2_499.9}, "invested_share"),
    ],
)
def test_the_rule_of_each_definition(definition: str, changes: dict[str, Any], rule: str) -> None:
    row = waiting() if definition == "a" else halted(**changes)
    found = idle(END, row).iloc[0]
    assert (found["definition"], found["rule_id"]) == (definition, f"land.stock.idle.{rule}")


@pytest.mark.parametrize(
    ("cause", "day", "consequence", "rule"),
    [
        ("firm", dt.date(2025, 5, 31), "fee", "fee_share"),
        ("firm", dt.date(2025, 6, 1), "take_back", "take_back_years"),
        ("government", dt.date(2025, 6, 1), "government", "government_measures"),
        (None, dt.date(2025, 6, 1), "determine_cause", None),
        ("not_due", dt.date(2025, 6, 1), "determine_cause", None),
    ],
)
def test_consequences_by_cause_and_day(
    cause: str | None, day: dt.date, consequence: str, rule: str | None
) -> None:
    row = idle(day, waiting(delay_cause=cause)).iloc[0]
    assert row["consequence"] == consequence
    cited = row["consequence_rule_id"]
    assert pd.isna(cited) if rule is None else cited == f"land.stock.idle.{rule}"
    assert pd.isna(row["take_back_date"]) == (cause != "firm")
    assert row["cause"] == cause


def test_stopped_works_bear_no_charge_unless_the_park_says_so() -> None:
    # 53号 第十四条 speaks of land on which nothing was started
    found = idle(END, waiting(), halted(parcel_id="G2"))
    assert found["consequence"].tolist() == ["take_back", "none"]
    assert pd.isna(found["fee_wan"].iloc[1])
    assert pd.isna(found["take_back_date"].iloc[1])
    # where the park has it so, they are charged from the day they stopped, 2024-03-15
    charged = idle(END, halted(), rules=STOPPED_TOO).iloc[0]
    assert (charged["consequence"], charged["fee_wan"]) == ("fee", pytest.approx(120.0))
    assert charged["take_back_date"] == pd.Timestamp(2026, 3, 15)
    assert charged["counted_from"] == pd.Timestamp(2024, 3, 15)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"delay_cause": "not_due"}, "延期原因填为“未到时序”，与已过期限不符，请核实"),
        ({"delay_cause": None}, "未填延期原因，后果待认定"),
        ({"area_mu": None}, "缺少宗地面积"),
        ({"area_mu": 0.0}, "缺少宗地面积"),
        ({"area_mu": 0.5}, None),
        ({"land_price_wan": None}, "缺少土地价款，闲置费未计算"),
        ({"land_price_wan": None, "delay_cause": "government"}, None),
    ],
)
def test_what_a_row_of_idle_land_lacks(changes: dict[str, Any], reason: str | None) -> None:
    assert idle(END, waiting(**changes)).iloc[0]["reason"] == reason


@pytest.mark.parametrize("to_build", [30.0, None], ids=["stated", "the whole parcel"])
def test_a_third_of_what_is_to_be_built_on(to_build: float | None) -> None:
    # 令第53号第二条: less than a third; of 30 亩, stated or the parcel's, that is 10
    assert idle(END, halted(to_build_area_mu=to_build, built_area_mu=10.0)).empty
    found = idle(END, halted(to_build_area_mu=to_build, built_area_mu=9.99))
    assert found["definition"].tolist() == ["b_area"]


def test_rounding_does_not_make_land_idle() -> None:
    # 0.1 + 0.2 of 0.9 … of 1.2: a third and a quarter, but for the last digit
    thirds = halted(built_area_mu=0.3, to_build_area_mu=0.1 + 0.2 + 0.6000000000000001)
    quarter = halted(
        parcel_id="G2",
        built_area_mu=20.0,
        invested_wan=0.3,
        total_investment_wan=1.2000000000000002,
    )
    assert 0.3 / (0.1 + 0.2 + 0.6000000000000001) < 1 / 3
    assert 0.3 / 1.2000000000000002 < 0.25
    assert idle(END, thirds, quarter).empty


def test_a_quarter_of_what_is_to_be_invested() -> None:
    assert idle(END, halted(built_area_mu=20.0, invested_wan=2_500.0)).empty
    found = idle(END, halted(built_area_mu=20.0, invested_wan=2_499.9))
    assert found["definition"].tolist() == ["b_investment"]


def test_the_smallest_plan_is_a_plan() -> None:
    row = halted(
        to_build_area_mu=0.9, built_area_mu=0.2, total_investment_wan=0.8, invested_wan=0.1
    )
    assert idle(END, row).iloc[0]["definitions"] == ["b_area", "b_investment"]


def test_land_that_stopped_before_it_started_has_not_started() -> None:
    row = halted(actual_start_date=None)
    assert idle(END, row).iloc[0]["definitions"] == ["a"]


def test_completed_land_is_not_idle_however_it_stopped() -> None:
    assert idle(END, halted(actual_completion_date="2025-12-31")).empty
    assert len(idle(END, halted(actual_completion_date="2026-01-01"))) == 1


def test_land_supplied_on_the_day_is_in_the_ledger() -> None:
    assert len(idle(END, waiting(supply_date="2025-12-31"))) == 1
    assert idle(END, waiting(supply_date="2026-01-01")).empty


def test_idle_land_cites_what_may_be_done_for_the_government() -> None:
    rules = load_rulebook(("national",), 2025).consulted()
    idle(END, waiting(), rules=rules)
    assert {
        "land.stock.idle.government_measures",
        "land.stock.idle.extension_years",
    } <= rules.asked


# Approved and not supplied


def approved(**changes: Any) -> dict[str, Any]:
    return {
        "parcel_id": "G1",
        "area_mu": 15.0,
        "supply_state": "approved_unsupplied",
        "approval_date": "2024-02-29",
        **changes,
    }


def unsupplied(day: dt.date, *rows: dict[str, Any]) -> pd.DataFrame:
    return stock.unsupplied(table("parcels", list(rows)), RULES, day)


@pytest.mark.parametrize(
    ("day", "state", "months", "reason"),
    [
        (dt.date(2024, 2, 28), "not_applicable", None, "批准日期晚于评价日期"),
        (dt.date(2024, 2, 29), "not_due", 0, None),
        (dt.date(2026, 2, 27), "not_due", 23, None),
        (
            dt.date(2026, 2, 28),
            "overdue",
            24,
            "批准文件已满有效期，未用地或未实施征地的自动失效",
        ),
    ],
)
def test_an_approval_day_by_day(
    day: dt.date, state: str, months: int | None, reason: str | None
) -> None:
    # 自然资规〔2018〕1号: two years; of 29 February that is 28 February
    row = unsupplied(day, approved()).iloc[0]
    assert (row["state"], row["reason"]) == (state, reason)
    assert pd.isna(row["months"]) if months is None else row["months"] == months
    assert row["lapse_date"] == pd.Timestamp(2026, 2, 28)
    assert row["rule_id"] == "land.stock.unsupplied.lapse_years"


@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        ({"approval_date": None}, "no_data", "缺少农转用批准日期"),
        ({"area_mu": None}, "overdue", "自动失效、缺少宗地面积"),
    ],
)
def test_what_an_approval_lacks(changes: dict[str, Any], state: str, reason: str) -> None:
    row = unsupplied(dt.date(2026, 12, 31), approved(**changes)).iloc[0]
    assert row["state"] == state
    assert row["reason"].endswith(reason)
    assert row["parcel_id"] == "G1"


def test_only_land_approved_and_not_supplied_is_in_that_ledger() -> None:
    rows = [approved(), approved(parcel_id="G2", supply_state="supplied")]
    assert unsupplied(END, *rows)["parcel_id"].tolist() == ["G1"]


# What cannot be told, and what is to come


@pytest.mark.parametrize(
    ("stopped", "told"), [("2025-01-01", True), ("2024-12-31", False), ("2024-12-30", False)]
)
def test_a_halt_is_looked_into_after_a_year(stopped: str, told: bool) -> None:
    row = halted(stopped_since=stopped, built_area_mu=None, invested_wan=None)
    found = stock.undecided(table("parcels", [row]), RULES, END)
    assert found.empty == told
    if not told:
        assert found.iloc[0].to_dict() == {
            "parcel_id": "G1",
            "holder_name": "甲公司（虚构）",
            "area_mu": 30.0,
            "reason": "停工满一年，缺少已动工或应动工面积、停工满一年，缺少已投资额或计划总投资额",
        }


def test_one_shortfall_is_enough_to_tell() -> None:
    rows = [
        halted(built_area_mu=5.0, invested_wan=None),
        halted(parcel_id="G2", built_area_mu=None, invested_wan=1_000.0),
    ]
    assert stock.undecided(table("parcels", rows), RULES, END).empty
    assert len(idle(END, *rows)) == 2


def test_land_that_is_started_or_completed_needs_no_agreed_start() -> None:
    rows = [
        waiting(agreed_start_date=None, actual_start_date="2025-12-31"),
        waiting(parcel_id="G2", agreed_start_date=None, actual_completion_date="2025-12-31"),
        waiting(parcel_id="G3", agreed_start_date=None, actual_start_date="2026-01-01"),
    ]
    found = stock.undecided(table("parcels", rows), RULES, END)
    assert found["parcel_id"].tolist() == ["G3"]


@pytest.mark.parametrize(
    ("agreed", "listed"),
    [("2024-12-31", False), ("2025-01-01", True), ("2025-12-31", True), ("2026-01-01", False)],
)
def test_the_forecast_reaches_from_tomorrow_to_a_year_ahead(agreed: str, listed: bool) -> None:
    found = stock.forecast(table("parcels", [waiting(agreed_start_date=agreed)]), RULES, END)
    assert (len(found) == 1) == listed


def test_rows_of_the_forecast_by_hand() -> None:
    rows = [
        waiting(parcel_id="G2", agreed_start_date="2025-03-01"),
        halted(parcel_id="G1", stopped_since="2025-03-01"),
        halted(parcel_id="G3", stopped_since="2025-02-01", built_area_mu=20.0, invested_wan=1.0),
    ]
    found = stock.forecast(table("parcels", rows), RULES, END)
    assert found["parcel_id"].tolist() == ["G3", "G1", "G2"]
    assert found["definition"].tolist() == ["b_investment", "b_area", "a"]
    assert found["rule_id"].tolist() == [
        f"land.stock.idle.{name}" for name in ("invested_share", "built_share", "not_started_years")
    ]
    assert found["reason"].tolist() == ["到期前仍未复工且进度不足"] * 2 + ["到期前仍未动工"]
    assert set(found["holder_name"]) == {"甲公司（虚构）"}
    assert found["area_mu"].tolist() == [30.0] * 3


# The three ledgers together


def evaluated(**more: Any) -> stock.StockResult:
    rows = [
        waiting(area_mu=30.0),
        approved(parcel_id="G2", area_mu=15.0),
        approved(parcel_id="G3", area_mu=99.0, approval_date="2026-01-01"),
        waiting(parcel_id="G4", agreed_start_date=None),
        parcel(parcel_id="G5", holder_id="H5", area_mu=45.0),
    ]
    owner = {"firm_id": "H5", "firm_name": "戊（虚构）", "year": 2025, "firm_state": "zombie"}
    history = [{"year": 2025, "idle_stock_ha": 2.0, "idle_disposed_ha": 1.0}]
    park = made_park(parcels=rows, firms=[owner], supply_history=history)
    found = stock.evaluate(park, **more)
    assert not isinstance(found, NotEvaluated)
    return found


def test_totals_by_hand() -> None:
    found = evaluated()
    assert found.totals.to_dict("records") == [
        {"ledger": "unsupplied", "parcels": 1, "area_mu": 15.0, "area_ha": 1.0,
         "missing": 0, "undecided": 0},
        {"ledger": "idle", "parcels": 1, "area_mu": 30.0, "area_ha": 2.0,
         "missing": 0, "undecided": 1},
        {"ledger": "inefficient", "parcels": 1, "area_mu": 45.0, "area_ha": 3.0,
         "missing": 0, "undecided": 0},
    ]  # fmt: skip
    assert found.as_of == END
    assert found.unsupplied["parcel_id"].tolist() == ["G2", "G3"]


def test_the_record_has_every_table_with_its_rows() -> None:
    record = evaluated().to_record()
    assert set(record) == {
        "evaluated", "as_of", "unsupplied", "idle", "undecided", "inefficient", "totals",
        "disposal", "forecast",
    }  # fmt: skip
    assert (record["evaluated"], record["as_of"]) == (True, "2025-12-31")
    for name, ids in (("unsupplied", ["G2", "G3"]), ("idle", ["G1"]), ("undecided", ["G4"]),
                      ("inefficient", ["G5"])):  # fmt: skip
        assert [row["parcel_id"] for row in record[name]] == ids
        assert all(isinstance(row["row"], int) for row in record[name])
    assert [row["rate"] for row in record["disposal"] if row["ledger"] == "idle"] == [0.5]


def test_results_that_were_not_made_are_left_aside() -> None:
    none = NotEvaluated("没有")
    assert evaluated(per_mu=none, standard_land=none).inefficient["criteria"].tolist() == [
        ["stopped"]
    ]
    classes = pd.DataFrame({"firm_id": ["H5"], "class": ["D"], "tax_per_mu": [20.0]})
    found = evaluated(per_mu=SimpleNamespace(firms=classes)).inefficient
    assert found["criteria"].tolist() == [["class_d", "stopped"]]


def test_idle_land_is_not_listed_as_inefficient_too() -> None:
    rows = [waiting(holder_id="H1"), parcel(parcel_id="G2", holder_id="H1")]
    owner = {"firm_id": "H1", "firm_name": "甲（虚构）", "year": 2025, "firm_state": "stopped"}
    found = stock.evaluate(made_park(parcels=rows, firms=[owner]))
    assert not isinstance(found, NotEvaluated)
    assert found.idle["parcel_id"].tolist() == ["G1"]
    assert found.inefficient["parcel_id"].tolist() == ["G2"]
