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
    found = disposal(table("supply_history", rows), load_rulebook(PACKS, year, own))
    return found.set_index(["ledger", "year"])


def test_rates_against_the_targets_of_their_year() -> None:
    found = rates([year_of()])
    assert found.loc[("unsupplied", 2023), "rate"] == pytest.approx(0.25)
    assert found.loc[("unsupplied", 2023), "state"] == "met"
    assert found.loc[("idle", 2023), "rate"] == pytest.approx(0.298)
    assert found.loc[("idle", 2023), "state"] == "failed"
    assert found.loc[("idle", 2023), "rule_id"] == "land.stock.disposal.idle"


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
    with pytest.raises(InputError, match=r"处置率分母的选择无效.*end_of_year.*start_of_year"):
        rates([year_of()], base="end_of_year")


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
