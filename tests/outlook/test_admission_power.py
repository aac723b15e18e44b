"""Projects held against what the supply can still connect, by hand on the five firms.

Every firm at three quarters of docs/energy-outlook.md: in December S1 carries 18 MW of
1 × 20 × 0.95 = 19 MW, S2 9 of 9.5, the park 27 of 30; coincidence 0.9 and reserve 0.1 make
0.99 of a MW of own peak. Left in December: S1 19 / 0.99 - 18 = 1.1919, S2 0.5960, park 3.3030;
in every other month S1 5.6919, S2 2.8460, park 10.0530.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from workbook_park import FACILITIES, MONTHS, OVERRIDES, economy_rows, firm_rows, five_firms

from greenland.land import admission
from greenland.land.admission.power import power
from greenland.outlook.room import power_room, with_room
from greenland.park.power_room import PARK, PowerRoom

S1, S2, WHOLE = 19 / 0.99 - 18, 9.5 / 0.99 - 9, 30 / 0.99 - 27


def project(**changes: Any) -> dict[str, Any]:
    return {
        "project_id": "P1", "project_name": "新项目", "industry_code": "3985", "power_mw": 1.0,
        "production_date": dt.date(2026, 11, 1), "project_state": "signed", "facility_id": "S1",
        **changes,
    }  # fmt: skip


def park_of(*projects: dict[str, Any], **changes: Any) -> Any:
    rows = firm_rows()
    for row in rows:
        row["peak_mw"] *= 0.75
        for column in ("guarantee_mw", "shiftable_mw", "avoidable_mw"):
            row[column] *= 0.5
    park = five_firms(**{"firm_energy": rows, "pipeline": list(projects), **changes})
    park.power_room = power_room(park)
    return park


def judged(*projects: dict[str, Any], **changes: Any) -> pd.DataFrame:
    park = park_of(*projects, **changes)
    found = power(park, park.tables["pipeline"])
    return found.set_index("project_id")


def reason(*projects: dict[str, Any], of: str = "P1", **changes: Any) -> str:
    return str(judged(*projects, **changes).loc[of, "reason"])


def test_room_of_every_month_by_hand() -> None:
    room = park_of(project()).power_room
    december, june = pd.Period("2026-12"), pd.Period("2026-06")
    assert room.left.loc[december].to_dict() == pytest.approx({"S1": S1, "S2": S2, PARK: WHOLE})
    assert room.left.loc[june].to_dict() == pytest.approx(
        {"S1": 19 / 0.99 - 13.5, "S2": 9.5 / 0.99 - 6.75, PARK: 30 / 0.99 - 20.25}
    )
    assert room.unit_mw == pytest.approx({"S1": 19 / 0.99, "S2": 9.5 / 0.99})
    assert room.left.index[-1] == pd.Period("2028-12")


def test_the_twelve_months_from_commissioning_decide() -> None:
    found = judged(project(power_mw=1.19), project(project_id="P2", power_mw=1.2))
    assert found.loc["P1", ["state", "reason"]].tolist() == ["met", None]
    assert found.loc["P1", "required"] == pytest.approx(S1)
    assert found.loc["P2", "state"] == "failed"
    # January to December of the year holds its December as well
    assert judged(project(production_date=dt.date(2025, 3, 1))).loc[
        "P1", "required"
    ] == pytest.approx(S1)


def test_what_is_short_and_what_would_help() -> None:
    assert reason(project(power_mw=2.0)) == (
        "2026 年 11 月起一号变只能再接 1.19 MW，差 0.81 MW、"
        "可行办法：负荷不超过 1.19 MW，或一号变增加 1 台同容量主变"
    )


def test_another_substation_or_both_measures() -> None:
    """S3 of 2 × 10 MVA has 9.596 MW; the park 3.303 MW."""
    third = FACILITIES[1] | {"facility_id": "S3", "facility_name": "三号变"}
    assert "改接三号变（可再接 9.59 MW）" in reason(
        project(power_mw=3.0), power_facilities=[*FACILITIES, third]
    )
    both = reason(project(power_mw=25.0), power_facilities=[*FACILITIES, third])
    # 25 - 3.3030 = 21.697; (25 - 1.1919) / 19.1919 = 1.24
    assert both.endswith("园区受电能力再增加 21.70 MW，并且一号变增加 2 台同容量主变")
    assert "改接" not in both


def test_waiting_for_a_planned_substation() -> None:
    third = FACILITIES[1] | {"facility_id": "S3", "facility_name": "三号变",
                             "in_service": dt.date(2027, 3, 1)}  # fmt: skip
    early = project(power_mw=3.0, facility_id="S3")
    said = reason(early, power_facilities=[*FACILITIES, third])
    assert "2026 年 11 月起三号变只能再接 0.00 MW" in said
    assert "推迟到 2027 年 3 月投产" in said
    late = early | {"production_date": dt.date(2027, 3, 20)}
    found = judged(late, power_facilities=[*FACILITIES, third])
    assert found.loc["P1", "state"] == "met"
    assert found.loc["P1", "required"] == pytest.approx(WHOLE)  # the park's limit of 2026 goes on


def test_monthly_limits_of_a_later_year_replace_those_before() -> None:
    later = [row | {"year": 2028, "limit_mw": 29.0} for row in MONTHS]
    found = judged(
        project(facility_id=None, production_date=dt.date(2028, 1, 1), power_mw=0.1),
        power_months=[*MONTHS, *later],
        power_facilities=[FACILITIES[0] | {"units": 9}, FACILITIES[1]],
    )
    assert found.loc["P1", "required"] == pytest.approx(29 / 0.99 - 27)


def test_approved_projects_hold_their_power_in_order_of_commissioning() -> None:
    first = project(project_id="A", project_state="approved", power_mw=0.5,
                    production_date=dt.date(2026, 6, 1))  # fmt: skip
    second = project(project_id="B", project_state="approved", power_mw=0.5,
                     production_date=dt.date(2026, 3, 1))  # fmt: skip
    third = project(project_id="C", power_mw=0.2, production_date=dt.date(2026, 2, 1))
    other = project(project_id="D", power_mw=0.2, facility_id="S2")
    found = judged(first, second, third, other)["required"].to_dict()
    expected = {"A": S1 - 0.5, "B": S1, "C": S1 - 1.0, "D": S2}
    assert found == pytest.approx(expected)
    free = judged(first, second, third, overrides=OVERRIDES | {"land.admission.power": []})
    assert free["required"].to_dict() == pytest.approx(dict.fromkeys("ABC", S1))


def test_what_is_not_stated_is_said_and_taken_cautiously() -> None:
    found = judged(project(production_date=None, facility_id=None))
    assert found.loc["P1", "required"] == pytest.approx(S1)
    assert found.loc["P1", "reason"] == (
        "未填计划投产日期，按次年全年核对、未填接入供电设施，按余量最大的一号变核对"
    )


@pytest.mark.parametrize(
    ("changes", "state", "text"),
    [
        ({"power_mw": None}, "no_data", "缺少用电负荷"),
        ({"facility_id": "S9"}, "no_data", "供电设施表中没有变电站“S9”"),
        ({"power_mw": 0.0}, "met", "None"),
    ],
)
def test_one_thing_missing(changes: dict[str, Any], state: str, text: str) -> None:
    found = judged(project(**changes))
    assert found.loc["P1", "state"] == state
    assert str(found.loc["P1", "reason"]) == text


NOTHING: dict[str, Any] = {
    "power_facilities": [],
    "power_months": [],
    "firm_energy": [row | {"facility_id": None} for row in firm_rows()],
}


def test_without_any_capacity_nothing_passes_silently() -> None:
    found = judged(project(), **NOTHING)
    assert found.loc["P1", "state"] == "not_applicable"
    assert found.loc["P1", "reason"] == (
        "没有可用的供电设施、月度供电数据，也没有给定供电上限，供电能力未核对"
    )
    silent = judged(project(facility_id=None), **{**NOTHING, "power_months": [
        row | {"limit_mw": None} for row in MONTHS]})  # fmt: skip
    assert silent.loc["P1", "state"] == "not_applicable"
    assert silent.loc["P1", "reason"] == "没有变电站，也没有可受电能力，供电能力未核对"


def test_a_stated_limit_is_enough_to_judge_by() -> None:
    stated = {"land": {"reallocation": {"limits": {"power_mw": 0.5}}}}
    found = judged(project(power_mw=0.6), **stated, **NOTHING)
    assert found.loc["P1", "reason"] == (
        "2026 年 11 月起全园区只能再接 0.50 MW，差 0.10 MW、"
        "可行办法：负荷不超过 0.50 MW，或园区受电能力再增加 0.10 MW"
    )
    # and stands in place of the park's own, not of the substation's
    wide = judged(project(power_mw=1.5), land={"reallocation": {"limits": {"power_mw": 9.0}}})
    assert wide.loc["P1", "required"] == pytest.approx(S1)


def test_a_fault_of_the_reallocation_is_none_of_the_admission() -> None:
    found = judged(project(), land={"reallocation": {"limit": {"power_mw": 9.0}}})
    assert found.loc["P1", "required"] == pytest.approx(S1)


def test_rows_that_cannot_be_used_leave_the_supply_unjudged() -> None:
    """`with_room` leaves a park alone whose facilities are wrong; the outlook tells of them."""
    wrong = five_firms(power_facilities=[FACILITIES[0] | {"unit_kva": None}])
    assert with_room(wrong) is wrong


@dataclass
class _Benefit:
    verdict: str
    supply: str
    reason: str


def admitted(power_mw: float | None, **overrides: Any) -> _Benefit:
    """A project that passes everything else among three firms of its kind."""
    firms = [
        row | {"fixed_investment_wan": 20_000.0, "revenue_wan": 20_000.0, "firm_state": "operating"}
        for row in economy_rows()
    ]
    wish = project(
        power_mw=power_mw, industry_code="3218", industry_edition="2017", land_use="industrial",
        requested_area_mu=10.0, fixed_investment_wan=9_000.0, revenue_wan=9_000.0,
        output_wan=9_000.0, floor_area_m2=9_000.0, building_coefficient=0.5, green_ratio=0.1,
        admin_land_share=0.05, admin_floor_area_share=0.1, value_added_wan=900.0, energy_tce=0.0,
        emission_t=0.0, capacity_category="encouraged", negative_list=False,
        decision_date=dt.date(2026, 3, 1),
    )  # fmt: skip
    park = park_of(wish, firms=firms, overrides=OVERRIDES | overrides)
    row = admission.evaluate(park).projects.iloc[0]  # type: ignore[union-attr]
    return _Benefit(row["verdict"], row["power_supply"], str(row["reason"]))


@pytest.mark.slow
def test_the_supply_decides_the_verdict() -> None:
    assert admitted(1.0) == _Benefit("admitted", "enough", "None")
    short = admitted(2.0)
    assert (short.verdict, short.supply) == ("conditional", "short")
    assert short.reason.startswith("供电能力不够（2026 年 11 月起一号变只能再接 1.19 MW")
    assert short.reason.endswith("或一号变增加 1 台同容量主变）")
    assert admitted(None) == _Benefit("admitted", "not_judged", "缺数据：用电负荷和可接入容量")
    rule = "land.admission.consequences"
    assert admitted(2.0, **{rule: {"power_demand": "reject"}}).verdict == "rejected"
    assert admitted(None, **{rule: {"power_demand": "reject"}}).verdict == "pending"
    # a table of consequences that does not know the check
    assert admitted(2.0, **{rule: {"green_ratio": "condition"}}).verdict == "conditional"


@settings(max_examples=examples(6, 15))
@given(
    demand=st.floats(0.01, 40),
    left=st.lists(st.floats(-5, 30), min_size=3, max_size=3),
    more=st.floats(0, 20),
)
def test_more_room_never_turns_a_project_away(
    demand: float, left: list[float], more: float
) -> None:
    """Room in every column raised: what was enough stays so, and the margin grows by as much."""
    park = five_firms(pipeline=[project(power_mw=demand)])
    months = pd.period_range("2026-01", periods=36, freq="M")

    def state(extra: float) -> tuple[str, float]:
        values = dict(zip(("S1", "S2", PARK), (one + extra for one in left), strict=True))
        park.power_room = PowerRoom(pd.DataFrame(values, index=months), {"S1": "一", "S2": "二"})
        row = power(park, park.tables["pipeline"]).iloc[0]
        return row["state"], row["required"]

    before, after = state(0.0), state(more)
    assert (before[0], after[0]) != ("met", "failed")
    least = min(left[0], left[2])
    assert before[0] == ("met" if demand <= max(least, 0) + 1e-9 else "failed")
    assert after[1] == pytest.approx(max(0.0, least + more))
