"""Disposal rates: 楚办发〔2023〕5号 第22项, 25 % and 30 % in 2023."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from greenland.errors import InputError
from greenland.land.stock.disposal import disposal
from greenland.park import table
from greenland.rules import Override, load_rulebook

PACKS = ("national", "yunnan", "chuxiong")


def year_of(year: int = 2023, **changes: Any) -> dict[str, Any]:
    return {
        "year": year,
        "supplied_ha": 10.0,
        "unsupplied_stock_ha": 100.0,
        "unsupplied_disposed_ha": 25.0,
        "idle_stock_ha": 50.0,
        "idle_disposed_ha": 14.9,
        **changes,
    }


def rates(rows: list[dict[str, Any]], year: int = 2023, base: str | None = None) -> pd.DataFrame:
    own = {"land.stock.disposal.base": Override(value=base, source="测试")} if base else {}
    found = disposal(table("supply_history", rows), load_rulebook(PACKS, year, overrides=own))
    return found.set_index(["ledger", "year"])


def test_rates_against_the_targets_of_their_year() -> None:
    found = rates([year_of()])
    assert found.loc[("unsupplied", 2023), "rate"] == pytest.approx(0.25)
    assert found.loc[("unsupplied", 2023), "state"] == "met"
    assert found.loc[("idle", 2023), "rate"] == pytest.approx(0.298)
    assert found.loc[("idle", 2023), "state"] == "failed"
    assert found.loc[("idle", 2023), "rule_id"] == "land.stock.disposal.idle"


def test_a_row_by_hand() -> None:
    # 50 公顷 at the start, 14.9 disposed of: 35.1 left, 29.8 % of 30 % asked for
    found = disposal(table("supply_history", [year_of()]), load_rulebook(PACKS, 2023))
    assert found.columns.tolist() == [
        "ledger", "year", "stock_ha", "added_ha", "disposed_ha", "left_ha", "rate", "target",
        "state", "rule_id", "source", "reason",
    ]  # fmt: skip
    assert found["ledger"].tolist() == ["unsupplied", "idle"]
    row = found.iloc[1]
    assert row[["stock_ha", "disposed_ha", "left_ha"]].tolist() == pytest.approx([50, 14.9, 35.1])
    assert (row["year"], row["target"], row["reason"]) == (2023, 0.30, None)
    assert row["added_ha"] is None
    assert "楚办发〔2023〕5号" in row["source"]


@pytest.mark.parametrize(
    ("stock", "disposed", "state"),
    [
        (100.0, 25.0, "met"),
        (100.0, 24.999, "failed"),
        # 0.1 + 0.2 is 0.30000000000000004: a quarter of it, rounded, is a quarter
        (0.1 + 0.2, 0.075, "met"),
    ],
)
def test_the_rate_at_its_target(stock: float, disposed: float, state: str) -> None:
    found = rates([year_of(unsupplied_stock_ha=stock, unsupplied_disposed_ha=disposed)])
    assert found.loc[("unsupplied", 2023), "state"] == state
    assert found.loc[("unsupplied", 2023), "rate"] == pytest.approx(disposed / stock)


def test_basically_cleared_to_the_last_bit() -> None:
    for disposed, state in ((50.0, "met"), (50.1, "met"), (49.99, "no_data")):
        found = rates([year_of(2025, idle_disposed_ha=disposed)], year=2025)
        assert found.loc[("idle", 2025), "state"] == state


def test_years_after_the_assessed_one_are_not_judged() -> None:
    found = rates([year_of(2023), year_of(2024)], year=2023)
    assert found.index.get_level_values("year").tolist() == [2023, 2023]


def test_what_the_wider_base_leaves() -> None:
    # 100 + 20 added − 25 disposed of
    rows = [year_of(2023), year_of(2024, unsupplied_stock_ha=95.0)]
    found = rates(rows, base="start_plus_added")
    assert found.loc[("unsupplied", 2023), "left_ha"] == pytest.approx(95.0)


def test_the_target_used_is_noted_among_the_rules_of_the_park() -> None:
    rules = load_rulebook(PACKS, 2023).consulted()
    disposal(table("supply_history", [year_of()]), rules)
    assert "land.stock.disposal.idle" in rules.asked


def test_a_zone_stated_whole_is_not_added_to_its_parts() -> None:
    rows = [
        year_of(part="main", idle_stock_ha=30.0, idle_disposed_ha=9.0),
        year_of(part="development", idle_stock_ha=20.0, idle_disposed_ha=6.0),
        year_of(idle_stock_ha=50.0, idle_disposed_ha=15.0),
    ]
    found = rates(rows)
    assert found.loc[("idle", 2023), "stock_ha"] == 50.0
    assert found.loc[("idle", 2023), "state"] == "met"


def test_a_later_year_judges_the_earlier_one_by_its_own_target() -> None:
    found = rates([year_of(2023), year_of(2024)], year=2024)
    assert found.loc[("idle", 2023), "state"] == "failed"
    assert found.loc[("idle", 2024), "state"] == "not_applicable"
    assert found.loc[("idle", 2024), "reason"] == "2024 年没有处置率要求"


def test_basically_cleared_is_not_a_number() -> None:
    found = rates([year_of(2025)], year=2025)
    assert found.loc[("idle", 2025), "state"] == "no_data"
    assert "尚余 35.10 公顷" in found.loc[("idle", 2025), "reason"]
    all_gone = rates([year_of(2025, idle_disposed_ha=50.0)], year=2025)
    assert all_gone.loc[("idle", 2025), "state"] == "met"


def test_the_base_may_include_what_was_added() -> None:
    # added 2023 = 95 − 100 + 25 = 20; 25 / 120
    rows = [year_of(2023), year_of(2024, unsupplied_stock_ha=95.0)]
    found = rates(rows, base="start_plus_added")
    assert found.loc[("unsupplied", 2023), "added_ha"] == pytest.approx(20.0)
    assert found.loc[("unsupplied", 2023), "rate"] == pytest.approx(25 / 120)


def test_without_next_years_stock_the_wider_base_is_not_known() -> None:
    found = rates([year_of()], base="start_plus_added")
    assert found.loc[("unsupplied", 2023), "state"] == "no_data"


def test_an_unknown_base_is_refused() -> None:
    with pytest.raises(InputError, match=r"处置率分母的选择无效.*end_of_year") as caught:
        rates([year_of()], base="end_of_year")
    assert "start_of_year、start_plus_added" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        ({"idle_stock_ha": 0.0, "idle_disposed_ha": 0.0}, "not_applicable", "年初没有存量"),
        ({"idle_stock_ha": None}, "no_data", "缺少年初存量面积"),
        ({"idle_disposed_ha": None}, "no_data", "缺少当年处置面积"),
    ],
    ids=["no stock", "stock unknown", "disposal unknown"],
)
def test_missing_figures_are_said(changes: dict[str, Any], state: str, reason: str) -> None:
    found = rates([year_of(**changes)])
    assert found.loc[("idle", 2023), "state"] == state
    assert reason in found.loc[("idle", 2023), "reason"]


def test_a_part_without_a_figure_leaves_the_sum_unknown() -> None:
    rows = [year_of(part="main"), year_of(part="development", idle_stock_ha=None)]
    found = rates(rows)
    assert found.loc[("unsupplied", 2023), "stock_ha"] == 200.0
    assert found.loc[("idle", 2023), "state"] == "no_data"
