"""Standard land: every state, the dates that drive it, and what a breach brings."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made_parks import firm, made_park, parcel

from greenland.land import standard_land
from greenland.land.limits import within
from greenland.results import NotEvaluated


def evaluate(*parcels: dict[str, Any], firms: list[dict[str, Any]] | None = None, **more: Any):
    park = made_park(parcels=list(parcels), firms=[firm()] if firms is None else firms, **more)
    found = standard_land.evaluate(park)
    assert not isinstance(found, NotEvaluated)
    return found


def check(found: Any, indicator: str, row: int = 2) -> pd.Series:
    checks = found.checks
    return checks[(checks["indicator"] == indicator) & (checks["row"] == row)].iloc[0]


def test_the_valid_parcel_meets_everything() -> None:
    found = evaluate(parcel())
    assert found.parcels["state"].tolist() == ["met"]
    assert found.parcels["stage"].tolist() == ["supervision"]
    assert found.parcels["reason"].isna().all()
    assert set(found.checks["state"]) == {"met", "not_applicable"}
    assert found.breaches.empty
    assert found.breaches_reason is None


@pytest.mark.parametrize(
    ("changes", "indicator", "state"),
    [
        pytest.param({"fixed_investment_wan": 8000}, "investment_intensity", "failed", id="failed"),
        pytest.param({"green_m2": 5000}, "green_ratio", "failed", id="too-much-green"),
        pytest.param({"admin_land_m2": 2000}, "admin_land_share", "failed", id="too-much-office"),
        pytest.param({"floor_area_m2": None}, "floor_area_ratio", "no_data", id="no-floor-area"),
        pytest.param({"area_mu": 0}, "floor_area_ratio", "no_data", id="no-land"),
        pytest.param(
            {"actual_completion_date": None, "production_review_date": None},
            "floor_area_ratio",
            "overdue",
            id="completion-overdue",
        ),
        pytest.param(
            {
                "actual_completion_date": None,
                "production_review_date": None,
                "agreed_completion_date": "2026-05-01",
            },
            "floor_area_ratio",
            "not_due",
            id="completion-not-due",
        ),
        pytest.param(
            {
                "actual_completion_date": None,
                "production_review_date": None,
                "agreed_completion_date": None,
            },
            "floor_area_ratio",
            "no_data",
            id="completion-undated",
        ),
        pytest.param(
            {"production_review_date": None}, "tax_per_mu", "overdue", id="review-overdue"
        ),
        pytest.param(
            {"production_review_date": None, "agreed_production_date": "2026-01-01"},
            "tax_per_mu",
            "not_due",
            id="review-not-due",
        ),
        pytest.param(
            {"promised_tax_per_mu": None}, "tax_per_mu", "not_applicable", id="nothing-promised"
        ),
    ],
)
def test_one_thing_changed(changes: dict[str, Any], indicator: str, state: str) -> None:
    row = check(evaluate(parcel(**changes)), indicator)
    assert row["state"] == state
    if state in ("no_data", "not_applicable", "overdue"):
        assert row["reason"]


def test_before_its_stage_nothing_is_failed_however_bad() -> None:
    found = evaluate(
        parcel(
            actual_completion_date=None,
            production_review_date=None,
            agreed_completion_date="2026-06-01",
            agreed_production_date="2027-06-01",
            floor_area_m2=100,
            fixed_investment_wan=1,
        )
    )
    assert set(found.checks["state"]) <= {"not_due", "not_applicable"}
    assert found.parcels["state"].tolist() == ["not_due"]


def test_operating_indicators_wait_while_completion_is_not_due() -> None:
    found = evaluate(
        parcel(
            actual_completion_date=None,
            production_review_date=None,
            agreed_completion_date="2026-06-01",
            agreed_production_date=None,
        )
    )
    assert check(found, "tax_per_mu")["state"] == "not_due"


def test_a_future_acceptance_has_not_happened() -> None:
    found = evaluate(parcel(actual_completion_date="2026-02-01", production_review_date=None))
    assert check(found, "floor_area_ratio")["state"] == "overdue"


def test_as_of_decides_what_is_due() -> None:
    late = {"actual_completion_date": None, "production_review_date": None}
    before = evaluate(parcel(**late), as_of=dt.date(2022, 8, 1))
    after = evaluate(parcel(**late), as_of=dt.date(2022, 8, 2))
    assert check(before, "floor_area_ratio")["state"] == "not_due"
    assert check(after, "floor_area_ratio")["state"] == "overdue"


def test_late_acceptance_is_judged_and_said() -> None:
    row = check(evaluate(parcel(actual_completion_date="2022-09-01")), "floor_area_ratio")
    assert row["state"] == "met"
    assert row["reason"] == "竣工验收晚于约定日期"


def test_the_stricter_of_contract_and_control_is_required() -> None:
    loose = check(evaluate(parcel(promised_floor_area_ratio=0.5)), "floor_area_ratio")
    assert (loose["basis"], loose["required"]) == ("control", 0.7)
    assert loose["rule_id"] == "land.control.min_floor_area_ratio.2017"
    strict = check(evaluate(parcel(promised_floor_area_ratio=0.9)), "floor_area_ratio")
    assert (strict["basis"], strict["required"]) == ("contract", 0.9)
    assert strict["rule_id"] is None
    assert strict["control_required"] == 0.7


@pytest.mark.parametrize(("policy", "required"), [("contract", 0.5), ("control", 0.7)])
def test_the_park_may_choose_what_is_required(policy: str, required: float) -> None:
    found = evaluate(
        parcel(promised_floor_area_ratio=0.5),
        overrides={"land.standard_land.requirement": policy},
    )
    assert check(found, "floor_area_ratio")["required"] == required


def test_an_upper_limit_of_the_contract_may_be_stricter() -> None:
    row = check(evaluate(parcel(promised_green_ratio=0.15)), "green_ratio")
    assert (row["direction"], row["required"], row["basis"]) == ("<=", 0.15, "contract")
    assert row["margin"] == pytest.approx(0.15 - 2000 / 20000)


# 自然资发〔2023〕72号: 建筑面积 ≤ 15 %, for contracts from 2023-05-01; 20 000 ㎡ in all.
@pytest.mark.parametrize(
    ("supply_date", "office", "state"),
    [
        ("2023-04-30", 9_000, "not_applicable"),
        ("2023-05-01", 3_000, "met"),
        ("2023-05-01", 3_001, "failed"),
        ("2023-05-01", None, "no_data"),
        (None, 3_001, "not_applicable"),
    ],
)
def test_office_floor_area_by_the_edition_of_the_contract(
    supply_date: str | None, office: float | None, state: str
) -> None:
    late = {"agreed_start_date": None, "actual_start_date": None}
    row = check(
        evaluate(parcel(supply_date=supply_date, admin_floor_m2=office, **late)),
        "admin_floor_area_share",
    )
    assert row["state"] == state
    if state == "not_applicable":
        assert row["reason"] == "2008年版控制指标没有这一项"
    else:
        assert (row["rule_id"], row["required"]) == ("land.control.admin_floor_area_share", 0.15)


# 《工业项目建设用地控制指标》（2008年版）: code, edition and the value of the division by name.
@pytest.mark.parametrize(
    ("code", "edition", "required"),
    [
        pytest.param("3121", "2002", 0.7, id="2002-31-minerals"),
        pytest.param("3011", "2017", 0.7, id="2017-30-minerals"),
        pytest.param("3911", "2017", 1.0, id="2017-39-electronics"),
        pytest.param("3911", "2002", 0.7, id="2002-39-electrical"),
        pytest.param("2911", "2017", 0.8, id="rubber"),
        pytest.param("2929", "2017", 1.0, id="plastics"),
        pytest.param("2929", "2002", 0.8, id="2002-29-rubber"),
        pytest.param("3611", "2011", 0.7, id="2011-36-cars"),
        pytest.param("26", None, 0.6, id="edition-left-out"),
    ],
)
def test_least_floor_area_ratio_hangs_on_the_edition(
    code: str, edition: str | None, required: float
) -> None:
    row = check(
        evaluate(
            parcel(industry_code=code, industry_edition=edition, promised_floor_area_ratio=None)
        ),
        "floor_area_ratio",
    )
    assert row["required"] == required


@pytest.mark.parametrize(
    ("code", "reason"),
    [("29", "行业代码须填到中类"), ("0610", "没有该行业"), (None, "缺少行业代码")],
)
def test_without_a_table_entry_the_reason_is_said(code: str | None, reason: str) -> None:
    row = check(
        evaluate(parcel(industry_code=code, promised_floor_area_ratio=None)), "floor_area_ratio"
    )
    assert row["state"] == "not_applicable"
    assert reason in row["reason"]


@pytest.mark.parametrize(
    ("supplied", "required"), [("2023-04-30", 0.30), ("2023-05-01", 0.40), (None, 0.30)]
)
def test_the_building_coefficient_hangs_on_the_day_of_supply(
    supplied: str | None, required: float
) -> None:
    row = check(evaluate(parcel(supply_date=supplied)), "building_coefficient")
    assert row["required"] == required


@pytest.mark.parametrize("value", [320, {"30": 250, "302": 320}])
def test_a_park_supplies_its_own_investment_table(value: Any) -> None:
    found = evaluate(parcel(), overrides={"land.control.min_investment_intensity": value})
    row = check(found, "investment_intensity")
    assert (row["required"], row["basis"], row["state"]) == (320, "control", "failed")


def test_a_firms_figures_are_spread_over_all_its_land() -> None:
    found = evaluate(parcel(), parcel(parcel_id="G2", area_mu=10), firms=[firm(tax_wan=600)])
    assert check(found, "tax_per_mu")["value"] == check(found, "tax_per_mu", 3)["value"] == 15.0


def test_land_still_being_built_on_is_not_counted() -> None:
    coming = parcel(
        parcel_id="G2",
        area_mu=10,
        actual_completion_date=None,
        production_review_date=None,
        agreed_completion_date="2027-01-01",
    )
    assert check(evaluate(parcel(), coming), "tax_per_mu")["value"] == 20.0


def test_tenants_count_for_the_land_they_are_on() -> None:
    tenant = firm(firm_id="T1", landlord_id="H1", tax_wan=150, land_mu=5)
    assert check(evaluate(parcel(), firms=[firm(), tenant]), "tax_per_mu")["value"] == 25.0


def test_a_tenant_without_figures_leaves_no_total() -> None:
    tenant = firm(firm_id="T1", landlord_id="H1", tax_wan=None)
    row = check(evaluate(parcel(), firms=[firm(), tenant]), "tax_per_mu")
    assert (row["state"], row["reason"]) == ("no_data", "缺少税收")


@pytest.mark.parametrize(
    ("changes", "firms", "reason"),
    [
        ({"holder_id": None}, None, "没有填写使用权人代码"),
        ({}, [firm(year=2024)], "没有使用权人2025年的数据"),
        ({}, [firm(tax_wan=None)], "缺少税收"),
    ],
)
def test_missing_operating_figures_say_why(
    changes: dict[str, Any], firms: list[dict[str, Any]] | None, reason: str
) -> None:
    row = check(evaluate(parcel(**changes), firms=firms), "tax_per_mu")
    assert row["state"] == "no_data"
    assert reason in row["reason"]


def test_the_parcel_has_the_worst_state_of_its_indicators() -> None:
    found = evaluate(parcel(floor_area_m2=100, green_m2=None))
    assert found.parcels["state"].tolist() == ["failed"]
    assert found.parcels["reason"].tolist() == ["不达标：容积率"]


@pytest.mark.parametrize(
    ("marked", "promise", "state"),
    [
        (None, 0.9, "met"),
        (None, None, "not_applicable"),
        (False, 0.9, "not_applicable"),
        (True, None, "met"),
    ],
)
def test_what_counts_as_standard_land(marked: Any, promise: Any, state: str) -> None:
    found = evaluate(
        parcel(
            standard_land=marked,
            promised_floor_area_ratio=promise,
            promised_investment_intensity=None,
            promised_tax_per_mu=None,
        )
    )
    assert found.parcels["state"].tolist() == [state]
    assert found.parcels["reason"].isna().iloc[0] == (state == "met")


def test_failed_completion_stops_production_and_has_to_be_put_right() -> None:
    found = evaluate(parcel(floor_area_m2=100))
    assert dict(zip(found.breaches["measure"], found.breaches["rule_id"], strict=True)) == {
        "no_production": "land.standard_land.completion_check",
        "rectify": "land.standard_land.breach",
    }
    assert found.breaches["reason"].tolist() == ["容积率", "容积率"]


def test_overdue_review_has_to_be_put_right_only() -> None:
    found = evaluate(parcel(production_review_date=None))
    assert found.breaches["measure"].tolist() == ["rectify"]


def test_without_a_clause_no_consequence_is_made_up() -> None:
    found = evaluate(parcel(floor_area_m2=100), packs=("national",))
    assert found.breaches.empty
    assert found.breaches_reason == "已启用的规则包没有违约处理的条文"


def test_counts_agree_with_the_checks() -> None:
    found = evaluate(parcel(), parcel(parcel_id="G2", floor_area_m2=100))
    assert found.summary.set_index("state")["parcels"].sum() == 2
    counts = found.by_indicator.set_index("indicator").sum(axis=1)
    assert (counts == 2).all()


def test_unknown_area_is_counted_as_missing() -> None:
    summary = evaluate(parcel(), parcel(parcel_id="G2", area_mu=None)).summary
    assert summary["missing"].sum() == 1
    assert summary["area_mu"].sum() == 30


def test_nothing_to_judge_is_said() -> None:
    found = standard_land.evaluate(made_park())
    assert isinstance(found, NotEvaluated)
    assert "没有已供应的工业用地" in found.reason


def test_the_record_is_plain_and_names_its_parts() -> None:
    record = evaluate(parcel(), parcel(parcel_id="G2", green_m2=None)).to_record()
    text = json.dumps(record, allow_nan=False, ensure_ascii=False)
    assert '"evaluated": true' in text
    assert set(record["checks"][0]) >= {
        "row", "parcel_id", "indicator", "value", "required", "direction", "margin", "state",
        "stage", "due_date", "basis", "rule_id", "reason",
    }  # fmt: skip
    assert record["checks"][0]["due_date"] == "2022-08-01"


# Properties

areas = st.floats(0.5, 500)
amounts = st.one_of(st.none(), st.floats(0, 1e6))


@st.composite
def random_parcels(draw: st.DrawFn) -> list[dict[str, Any]]:
    day = st.one_of(st.none(), st.dates(dt.date(2019, 1, 1), dt.date(2028, 1, 1)))
    count = draw(st.integers(1, 6))
    return [
        parcel(
            parcel_id=f"G{place}",
            holder_id=draw(st.sampled_from(["H1", "H2", None])),
            area_mu=draw(areas),
            floor_area_m2=draw(amounts),
            green_m2=draw(amounts),
            fixed_investment_wan=draw(amounts),
            actual_completion_date=draw(day),
            agreed_completion_date=draw(day),
            production_review_date=draw(day),
            agreed_production_date=draw(day),
        )
        for place in range(count)
    ]


@pytest.mark.slow
@settings(max_examples=examples(3, 10))
@given(random_parcels(), st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_verdicts(items: list[dict[str, Any]], random: Any) -> None:
    firms = [firm(), firm(firm_id="H2", tax_wan=None)]
    mixed = items.copy()
    random.shuffle(mixed)
    key = ["parcel_id", "indicator"]
    one = evaluate(*items, firms=firms).checks.drop(columns="row").sort_values(key)
    two = evaluate(*mixed, firms=firms[::-1]).checks.drop(columns="row").sort_values(key)
    pd.testing.assert_frame_equal(one.reset_index(drop=True), two.reset_index(drop=True))


@pytest.mark.slow
@settings(max_examples=examples(3, 10))
@given(random_parcels(), st.dates(dt.date(2019, 1, 1), dt.date(2026, 1, 1)))
def test_time_only_moves_indicators_out_of_not_due(
    items: list[dict[str, Any]], day: dt.date
) -> None:
    before = evaluate(*items, as_of=day).checks["state"]
    after = evaluate(*items, as_of=day + dt.timedelta(days=400)).checks["state"]
    assert not ((before != "not_due") & (after == "not_due")).any()
    assert not ((before != "overdue") & (before != "not_due") & (after == "overdue")).any()


@settings(max_examples=examples(60, 200))
@given(
    st.floats(1e-6, 1e6),
    st.sampled_from([15.0, 1 / 15, 10000 / 15, 15 / 10000, 10000.0, 1e-4, 100.0, 0.01]),
    st.booleans(),
    st.floats(0.5, 2),
)
def test_unit_changes_keep_verdicts(
    required: float, factor: float, greatest: bool, ratio: float
) -> None:
    for value in (required, required * ratio):
        if value != required and abs(value / required - 1) < 1e-6:
            continue
        plain = within(pd.Series([value]), pd.Series([required]), greatest).iloc[0]
        # there and back, and both sides in the other unit
        scaled = within(pd.Series([value * factor]), pd.Series([required * factor]), greatest).iloc[
            0
        ]
        back = within(pd.Series([value * factor / factor]), pd.Series([required]), greatest).iloc[0]
        assert plain == scaled == back


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["亩", "公顷", "㎡", "万㎡"])
def test_values_at_their_limits_are_kept_in_every_unit(unit: str) -> None:
    from greenland.units import factor

    area = 30.0 * factor("亩", unit) * factor(unit, "亩")
    ground = 30.0 * factor("亩", "㎡")
    row = parcel(
        area_mu=area,
        fixed_investment_wan=280.0 * 30,
        floor_area_m2=ground * 0.9,
        building_base_m2=ground * 0.3,
        green_m2=ground * 0.2,
        admin_land_m2=ground * 0.07,
    )
    assert evaluate(row).parcels["state"].tolist() == ["met"]


def test_many_parcels_at_once() -> None:
    count = 5_000  # the benchmark does the whole
    base = made_park(parcels=[parcel()], firms=[firm()])
    frame = base.tables["parcels"].loc[np.repeat(2, count)]
    frame.index = pd.RangeIndex(2, count + 2, name="row")
    frame["parcel_id"] = [f"G{place}" for place in range(count)]
    base.tables["parcels"] = frame
    found = standard_land.evaluate(base)
    assert len(found.checks) == count * 11
