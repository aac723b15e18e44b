"""Limits of 650, 688, 1192 and 910 in every reading, by date, and the unnumbered conditions."""

from __future__ import annotations

import pandas as pd
import pytest
from compliant import DAY, book, find, judge, schedule
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from greenland.energy.compliance import (
    Check,
    ComplianceConfig,
    check,
    peak_valley_ratio,
    unknown_answers,
)
from greenland.energy.tariff.config import Mode
from greenland.errors import Severity
from greenland.results import State
from greenland.rules import Override, load_rulebook

# Shares --------------------------------------------------------------------------------------


def test_good_plan_meets_everything() -> None:
    states = {item.state for item in judge(config={"voltage_kv": 110}).checks}
    assert states == {State.MET, State.NOT_APPLICABLE}


def test_both_readings_of_self_use() -> None:
    found = judge({"self_use_of_generation": 0.64, "self_use_of_generation_net": 0.58})
    gross = find(found, "self_use_of_generation", "a", "650")
    net = find(found, "self_use_of_generation", "b", "650")
    assert (gross.state, gross.margin) == (State.MET, pytest.approx(0.04))
    assert (net.state, net.margin) == (State.FAILED, pytest.approx(-0.02))
    assert net.required == 0.60
    assert net.rule_id == "energy.direct.self_use_of_generation"


def test_export_cap() -> None:
    found = find(judge({"export_share": 0.25}), "export_share")
    assert (found.state, found.required, found.direction) == (State.FAILED, 0.20, "<=")
    assert found.margin == pytest.approx(-0.05)


def test_province_may_set_its_own_cap() -> None:
    own = {"energy.direct.export_share": Override(value=0.1, source="某省文件（虚构）")}
    rules = load_rulebook(("national", "yunnan"), 2026, overrides=own)
    found = find(judge({"export_share": 0.15}, rules=rules), "export_share")
    assert (found.state, found.required, found.source) == (State.FAILED, 0.1, "某省文件（虚构）")


def test_share_of_consumption_rises_in_2030() -> None:
    ratios = {"self_use_of_consumption": 0.32}
    before = find(judge(ratios, year=2029), "self_use_of_consumption", "in_force", "650")
    after = find(judge(ratios, year=2030), "self_use_of_consumption", "in_force", "650")
    assert (before.required, before.state) == (0.30, State.MET)
    assert (after.required, after.state) == (0.35, State.FAILED)


def test_before_2030_reading_is_due_at_the_end_of_2029() -> None:
    ratios = {"self_use_of_consumption": 0.32}
    early = find(judge(ratios, year=2026), "self_use_of_consumption", "before_2030")
    late = find(judge(ratios, year=2030), "self_use_of_consumption", "before_2030")
    assert early.state is State.NOT_DUE
    assert "2029-12-31" in early.reason
    assert late.state is State.FAILED


@pytest.mark.parametrize(
    ("commissioned", "required", "state"),
    [(2026, 0.35, State.NOT_APPLICABLE), (2030, 0.35, State.FAILED)],
)
def test_new_projects_reading(commissioned: int, required: float, state: State) -> None:
    found = judge(
        {"self_use_of_consumption": 0.32},
        {"commissioning_year": commissioned},
        mode=Mode.CAPACITY,
    )
    item = find(found, "self_use_of_consumption", "new_from_2030")
    assert (item.required, item.state) == (required, state)
    assert "1192" in item.source


def test_1192_is_judged_in_its_own_modes_only() -> None:
    def near(mode: Mode) -> list[Check]:
        return [item for item in judge(mode=mode).checks if "1192" in item.source]

    assert len(near(Mode.CAPACITY)) == len(near(Mode.BACKUP)) == 4
    assert near(Mode.TWO_PART) == []


def test_solver_dust_is_no_failure() -> None:
    assert find(judge({"export_share": 0.2 + 1e-8}), "export_share").state is State.MET
    assert find(judge({"export_share": 0.2 + 1e-4}), "export_share").state is State.FAILED


def test_share_without_value_is_no_data() -> None:
    found = find(judge({"export_share": float("nan")}), "export_share")
    assert (found.state, found.value, found.margin) == (State.NO_DATA, None, None)


# Exchange ------------------------------------------------------------------------------------


def test_exchange_within_declared_capacity_both_ways() -> None:
    over = judge(plan=schedule(export=[0.0, 0.0, 13.0, 0.0]))
    assert find(over, "import_capacity").state is State.MET
    export = find(over, "export_capacity")
    assert (export.state, export.value, export.required) == (State.FAILED, 13.0, 12.0)


def test_capacity_not_declared() -> None:
    found = find(judge(connected_mw=None), "import_capacity")
    assert (found.state, found.reason) == (State.NO_DATA, "没有申报容量。")


def test_back_feed_in_a_banned_hour() -> None:
    mask = pd.Series([True, True, False, True], index=DAY)
    found = find(judge(export_mask=mask), "no_back_feed")
    # 3 MW for one hour of four: 3 MWh x 8760/4 a year
    assert (found.state, found.value) == (State.FAILED, pytest.approx(6570.0))


def test_back_feed_where_the_spot_market_does_not_run() -> None:
    found = find(judge(config={"export_allowed": False}), "no_back_feed")
    assert found.state is State.FAILED


def test_no_banned_hours_given() -> None:
    assert find(judge(), "no_back_feed").state is State.NOT_APPLICABLE


def test_peak_valley_ratio_of_the_exchange() -> None:
    # highest 10, lowest -3 (export): (10 + 3) / 10
    assert peak_valley_ratio(schedule()["import"] - schedule()["export"]) == pytest.approx(1.3)
    found = find(judge(config={"planned_peak_valley_ratio": 0.9}), "exchange_peak_valley")
    assert (found.state, found.required, found.basis) == (State.FAILED, 0.9, "rule")
    assert not [item for item in judge().checks if item.limit == "exchange_peak_valley"]


@pytest.mark.parametrize(
    ("kv", "grid_330", "state"),
    [
        (110, False, State.MET),
        (220, False, State.MET),
        (330, False, State.FAILED),
        (330, True, State.MET),
        (500, True, State.FAILED),
    ],
)
def test_voltage(kv: float, grid_330: bool, state: State) -> None:
    found = judge(config={"voltage_kv": kv, "grid_has_330kv": grid_330})
    assert find(found, "voltage").state is state


def test_off_grid_has_no_shares() -> None:
    found = judge(config={"connection": "off_grid", "voltage_kv": 35})
    assert [item.limit for item in found.checks] == ["voltage"]


# Zero-carbon park ----------------------------------------------------------------------------


def test_zero_carbon_targets_only_when_asked() -> None:
    assert not [item for item in judge().checks if "910" in item.source]


def test_zero_carbon_targets() -> None:
    found = judge(
        config={"zero_carbon_park": True, "clean_energy_share": 0.92},
        emission_per_tce=0.25,
        energy_use_tce=300_000.0,
    )
    assert find(found, "direct_supply").state is State.FAILED  # 0.40 of 0.50
    assert find(found, "clean_energy").state is State.MET
    emission = find(found, "emission_per_tce")
    assert (emission.required, emission.state) == (0.2, State.FAILED)


def test_zero_carbon_limit_of_a_large_park() -> None:
    found = judge(
        config={"zero_carbon_park": True}, emission_per_tce=0.25, energy_use_tce=1_200_000.0
    )
    emission = find(found, "emission_per_tce")
    assert (emission.required, emission.state) == (0.3, State.MET)
    assert find(found, "clean_energy").state is State.NO_DATA


# Conditions ----------------------------------------------------------------------------------


def test_conditions_are_answered_by_the_file() -> None:
    found = judge(config={"answers": {"investor": "yes", "market": "no"}})
    answers = {item.item: item.answer for item in found.conditions}
    assert (answers["investor"], answers["market"], answers["contract"]) == ("yes", "no", "unknown")
    assert len(found.conditions) >= 12
    assert all(item.rule_id.startswith("energy.direct.condition.") for item in found.conditions)


def test_conditions_that_do_not_apply() -> None:
    config = {"different_owners": False, "multi_user": False, "voltage_kv": 110}
    applies = {item.item: item.applies for item in judge(config=config).conditions}
    assert not applies["contract"]
    assert not applies["several_users"]
    assert not applies["safety_assessment"]
    assert applies["spot_market"]  # the plan exports


def test_wrong_answer_is_refused() -> None:
    with pytest.raises(ValidationError, match="investor"):
        ComplianceConfig.model_validate({"answers": {"investor": "maybe"}})


def test_record_has_the_keys_of_the_contract() -> None:
    record = judge().to_record()
    keys = {"limit", "reading", "value", "required", "margin", "state", "rule_id", "reason"}
    assert keys <= set(record["compliance"][0])
    assert {"item", "title", "answer", "rule_id"} <= set(record["checklist"][0])
    told = {row["limit"]: (row["reading"], row["reason"]) for row in record["compliance"]}
    assert told["self_use_of_generation"] == ("b", None)
    assert told["no_back_feed"] == (None, "没有填报禁止反送电的时段。")


def test_every_rule_used_is_remembered() -> None:
    rules = book().consulted()
    found = judge(config={"planned_peak_valley_ratio": 0.9}, rules=rules, mode=Mode.CAPACITY)
    used = {item.rule_id for item in found.checks} - {None}
    assert used <= rules.asked


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from([">=", "<="]))
def test_margin_and_state_agree(value: float, required: float, direction: str) -> None:
    found = check("export_share", value, None, direction, required=required)
    assert found.margin is not None
    assert (found.state is State.MET) == (found.margin >= -1e-6)
    assert (found.rule_id, found.basis, found.source) == (None, "user", "项目方案")


def test_answers_as_people_write_them() -> None:
    given = {"investor": "是", "market": False, "storage": True, "metering": "待核实"}
    config = ComplianceConfig.model_validate({"answers": given})
    answers = {"investor": "yes", "market": "no", "storage": "yes", "metering": "unknown"}
    assert config.answers == answers
    with pytest.raises(ValidationError, match="investor"):
        ComplianceConfig.model_validate({"answers": {"investor": ["是"]}})


def test_answer_to_no_condition_is_found() -> None:
    answers = {"market": "yes", "investors": "yes", "investor": "yes", "zzz": "no"}
    near, far = unknown_answers(ComplianceConfig.model_validate({"answers": answers}), book())
    assert near.message == "核对清单里没有“investors”这一条"
    assert near.remedy == "是否应为“investor”？"
    assert (near.severity, near.code) == (Severity.ERROR, "unknown_condition")
    assert (near.column, near.got, near.touches) == ("compliance.answers", "investors", ("energy",))
    assert near.allowed.startswith("built_in_step、built_together、contract、")
    assert (far.got, far.remedy) == ("zzz", "")


def test_curtailment_of_several_users_is_in_no_statistics() -> None:
    ratios = {"curtailment_share": 0.12}
    found = find(judge(ratios, {"multi_user": True}), "curtailment_share")
    assert (found.state, found.value, found.direction) == (State.NOT_APPLICABLE, 0.12, "<=")
    assert found.reason == "多用户项目的弃电不计入新能源利用率统计。"
    assert not [item for item in judge(ratios).checks if item.limit == "curtailment_share"]
