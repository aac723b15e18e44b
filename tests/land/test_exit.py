"""退出: one decision per parcel, with evidence, route and date."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from made_parks import made_park, parcel

from greenland.errors import InputError
from greenland.i18n import use_language
from greenland.land import exit as leaving
from greenland.land import standard_land, stock
from greenland.land.exit.gaps import _gap
from greenland.results import NotEvaluated

END = dt.date(2025, 12, 31)


def firm(**changes: Any) -> dict[str, Any]:
    return {
        "firm_id": "H1",
        "firm_name": "甲公司（虚构）",
        "year": 2025,
        "land_mu": 30.0,
        "tax_wan": 600.0,
        "firm_state": "operating",
        "capacity_category": "permitted",
        **changes,
    }


def classes(kind: str, before: str = "B", score: float = 50.0) -> Any:
    """A per-mu result with one firm: this year's class and last year's."""
    return SimpleNamespace(
        scheme=SimpleNamespace(id="made"),
        firms=pd.DataFrame(
            {
                "firm_id": ["H1"],
                "firm_name": ["甲公司（虚构）"],
                "group": ["above_scale"],
                "class": [kind],
                "score": [score],
                "tax_per_mu": [20.0],
            }
        ),
        trend=pd.DataFrame(
            {"firm_id": ["H1", "H1"], "year": [2024, 2025], "class": [before, kind]}
        ),
        boundaries=pd.DataFrame(
            {
                "group": ["above_scale"] * 3,
                "class": ["A", "B", "C"],
                "score": [90.0, 70.0, 55.0],
            }
        ),
    )


def decide(
    row: dict[str, Any], owner: dict[str, Any] | None = None, per_mu: Any = None, **more: Any
) -> pd.Series[Any]:
    park = made_park(parcels=[row], firms=[owner or firm()], **more)
    standard = standard_land.evaluate(park)
    ledgers = stock.evaluate(park, per_mu=per_mu, standard_land=standard)
    result = leaving.evaluate(park, per_mu=per_mu, standard_land=standard, stock=ledgers)
    assert not isinstance(result, NotEvaluated)
    return result.parcels.iloc[0]


def waiting(**changes: Any) -> dict[str, Any]:
    return parcel(
        **{
            "agreed_start_date": "2023-06-01",
            "actual_start_date": None,
            "actual_completion_date": None,
            "production_review_date": None,
            "agreed_completion_date": None,
            "agreed_production_date": None,
            "delay_cause": "firm",
            "land_price_wan": 600.0,
            **changes,
        }
    )


def test_good_land_is_kept() -> None:
    found = decide(parcel())
    assert found["decision"] == "keep"
    assert found["evidence"] == "未发现需要处置的情形"
    assert pd.isna(found["by_date"])


@pytest.mark.parametrize(
    ("row", "owner", "decision", "route", "finding"),
    [
        (waiting(), {}, "exit", "reserve", "idle_take_back"),
        (waiting(delay_cause="government"), {}, "supervise", "", "idle_government"),
        (waiting(delay_cause=None), {}, "supervise", "", "idle_undetermined"),
        (waiting(agreed_start_date=None), {}, "supervise", "", "idle_undetermined"),
        (parcel(land_term_end="2025-06-30"), {}, "exit", "reserve", "term_expired"),
        (parcel(), {"firm_state": "zombie"}, "exit", "transfer", "zombie"),
        (parcel(), {"firm_state": "stopped"}, "supervise", "transfer", "stopped"),
        (parcel(), {"capacity_category": "eliminated"}, "exit", "reserve", "eliminated"),
        (parcel(), {"capacity_category": "restricted"}, "improve", "technical", "restricted"),
        (parcel(floor_area_m2=10_000.0), {}, "improve", "self", "floor_area_ratio"),
        (parcel(production_review_date=None), {}, "supervise", "", "overdue"),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_each_finding_leads_where_the_rule_says(
    row: dict[str, Any], owner: dict[str, Any], decision: str, route: str, finding: str
) -> None:
    found = decide(row, firm(**owner))
    assert (found["decision"], found["route"]) == (decision, route)
    assert found["findings"][0] == finding
    assert found["by_date"] > pd.Timestamp(END)


def test_a_lapsed_approval_goes_back_to_the_fields() -> None:
    row = parcel(supply_state="approved_unsupplied", approval_date="2022-01-01", holder_id=None)
    found = decide(row)
    assert (found["decision"], found["route"]) == ("exit", "reclaim")
    assert "2024-01-01" in found["evidence"]


def test_idle_for_a_year_is_watched_until_it_may_be_taken_back() -> None:
    found = decide(waiting(agreed_start_date="2024-06-01"))
    assert found["decision"] == "supervise"
    assert found["by_date"] == pd.Timestamp(2026, 6, 1)
    assert found["rule_id"] == "land.stock.idle.fee_share"


@pytest.mark.parametrize(
    ("kind", "before", "decision", "finding"),
    [
        ("C", "B", "improve", "class_c"),
        ("D", "B", "supervise", "class_d"),
        ("D", "D", "exit", "class_d_repeated"),
    ],
)
def test_classes(kind: str, before: str, decision: str, finding: str) -> None:
    found = decide(parcel(), per_mu=classes(kind, before))
    assert found["decision"] == decision
    assert found["findings"][0] == finding


def test_the_gap_is_given_in_numbers() -> None:
    found = decide(parcel(floor_area_m2=10_000.0), per_mu=classes("C", score=60.0))
    gaps = {item["indicator"]: item for item in found["gaps"]}
    assert gaps["floor_area_ratio"]["value"] == pytest.approx(0.5)
    assert gaps["floor_area_ratio"]["required"] == pytest.approx(0.9)
    assert gaps["floor_area_ratio"]["gap"] == pytest.approx(0.4)
    assert gaps["score"]["gap"] == pytest.approx(10.0)
    assert found["gap"] == "容积率 0.5，应不低于 0.9、得分 60.00，达到 B 类需 70.00"


def test_gaps_carry_their_unit_and_direction() -> None:
    found = decide(parcel(fixed_investment_wan=6_000.0, green_m2=5_000.0))
    assert "固定资产投资强度 200 万元/亩，应不低于 280 万元/亩" in found["gap"]
    assert "绿地率 25.0%，应不高于 20.0%" in found["gap"]


@pytest.mark.parametrize(
    ("value", "required", "said"),
    [
        (0.08211, 2.1, ("0.08", "2.1")),
        (422.12345, 896.0, ("422.1", "896")),
        (12_345.6, 20_000.0, ("12,346", "20,000")),
        (1.5996, 1.6, ("1.5996", "1.6")),
    ],
)
def test_numbers_of_gaps_are_short_and_told_apart(
    value: float, required: float, said: tuple[str, str]
) -> None:
    found = _gap("tax_per_mu", value, required, ">=")
    unit = "万元/亩·年"
    assert str(found["text"]) == f"亩均税收 {said[0]} {unit}，应不低于 {said[1]} {unit}"


def test_units_of_gaps_are_in_the_language_in_use() -> None:
    with use_language("en"):
        text = str(_gap("tax_per_mu", 0.5, 2.0, ">=")["text"])
    assert text == "tax per mu 0.5 10k yuan/mu·year, should be at least 2 10k yuan/mu·year"


def test_the_strictest_of_several_decisions_counts() -> None:
    found = decide(parcel(floor_area_m2=10_000.0), firm(firm_state="zombie"))
    assert found["decision"] == "exit"
    assert set(found["findings"]) == {"zombie", "floor_area_ratio"}
    assert "使用权人为僵尸企业" in found["evidence"]
    assert "容积率不达标" in found["evidence"]


def test_areas_of_the_summary_add_up() -> None:
    park = made_park(
        parcels=[parcel(), waiting(parcel_id="G2"), parcel(parcel_id="G3", area_mu=None)],
        firms=[firm()],
    )
    result = leaving.evaluate(park, stock=stock.evaluate(park))
    assert not isinstance(result, NotEvaluated)
    assert result.summary["parcels"].sum() == 3
    assert result.summary["area_mu"].sum() == 60.0
    assert result.summary.set_index("decision").loc["keep", "missing"] == 1
    assert result.left_out == ("亩均效益", "标准地")


def test_evaluations_that_were_not_made_do_not_stop_it() -> None:
    none = NotEvaluated("缺数据")
    park = made_park(parcels=[waiting()])
    result = leaving.evaluate(park, per_mu=none, standard_land=none, stock=none)
    assert not isinstance(result, NotEvaluated)
    assert result.parcels.iloc[0]["decision"] == "keep"
    assert len(result.left_out) == 3


def test_the_park_may_decide_otherwise() -> None:
    table = dict(
        made_park().rulebook.rule("land.exit.measures").value,
        zombie={"decision": "supervise", "route": "", "deadline": "supervise"},
    )
    found = decide(parcel(), firm(firm_state="zombie"), overrides={"land.exit.measures": table})
    assert found["decision"] == "supervise"


def test_an_unknown_decision_is_refused() -> None:
    table = dict(
        made_park().rulebook.rule("land.exit.measures").value,
        zombie={"decision": "burn", "route": "", "deadline": "exit"},
    )
    with pytest.raises(InputError, match=r"退出规则.*无效.*zombie.decision: burn"):
        decide(parcel(), overrides={"land.exit.measures": table})


def test_a_finding_left_out_of_the_rule_is_refused() -> None:
    table = dict(made_park().rulebook.rule("land.exit.measures").value)
    del table["zombie"]
    with pytest.raises(InputError, match=r"缺少情形.*zombie.*请为每种情形写明"):
        decide(parcel(), overrides={"land.exit.measures": table})


def test_shuffled_rows_give_the_same_decisions() -> None:
    rows = [parcel(), waiting(parcel_id="G2"), parcel(parcel_id="G3", floor_area_m2=1.0)]

    def decisions(items: list[dict[str, Any]]) -> dict[str, str]:
        park = made_park(parcels=items, firms=[firm()])
        standard = standard_land.evaluate(park)
        result = leaving.evaluate(
            park, standard_land=standard, stock=stock.evaluate(park, standard_land=standard)
        )
        assert not isinstance(result, NotEvaluated)
        return dict(zip(result.parcels["parcel_id"], result.parcels["decision"], strict=True))

    assert decisions(rows) == decisions(rows[::-1])


def test_no_parcels() -> None:
    result = leaving.evaluate(made_park())
    assert isinstance(result, NotEvaluated)
