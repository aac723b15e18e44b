"""Load curves of the firms without a case that is sized: where they are found, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from workbook_park import OVERRIDES, firm_rows, five_firms

from greenland.errors import InputError
from greenland.outlook import OutlookResult, evaluate
from greenland.outlook.curves import read_curves
from greenland.outlook.room import power_left

HOURS = pd.date_range("2025-01-01", "2025-12-31 23:00", freq="h")
FREE = {key: value for key, value in OVERRIDES.items() if not key.endswith("coincidence")}


def table(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns, index=HOURS.rename("时间"))


# 甲 and 乙 run by turns, 8 MW in one hour and none in the next, together always 8 MW.
TURNS = table(甲=np.arange(8760) % 2 * 8.0, 乙=(np.arange(8760) + 1) % 2 * 8.0)


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Any]:
    """A park whose first two firms name the curves 甲 and 乙, with parts of park.yaml."""

    def make(names: tuple[str, str] = ("甲", "乙"), **parts: Any) -> Any:
        rows = firm_rows()
        for row, name in zip(rows, names, strict=False):
            row["curve"] = name
        park = five_firms(firm_energy=rows, overrides=FREE, folder=tmp_path)
        park.config = park.config.model_copy(update=parts)
        return park

    return make


def refused(park: Any) -> list[tuple[str, int | None, str, str]]:
    with pytest.raises(InputError) as caught:
        evaluate(park)
    assert all(one.touches == ("outlook",) for one in caught.value.problems)
    return [(p.file, p.row, p.column, str(p.message)) for p in caught.value.problems]


def peaks(park: Any) -> tuple[float, float]:
    """Peaks of the two firms with curves in the outlook."""
    found = evaluate(park)
    assert isinstance(found, OutlookResult)
    loads = found.loads.set_index("key")
    assert loads.loc["F1", "basis"] == "负荷曲线“甲”"
    told = found.assumptions.set_index("rule_id").loc["energy.outlook.coincidence"]
    assert told["value"] == "0.500"
    assert told["source"] == "由 2 条负荷曲线逐月推算"
    return loads.loc["F1", "peak_mw"], loads.loc["F2", "peak_mw"]


def test_a_users_csv_beside_park_yaml(made: Callable[..., Any], tmp_path: Path) -> None:
    TURNS.to_csv(tmp_path / "users.csv")
    assert peaks(made()) == (8.0, 8.0)


def test_the_file_park_yaml_names(made: Callable[..., Any], tmp_path: Path) -> None:
    (TURNS * 1000).rename(columns="{}(kW)".format).to_csv(tmp_path / "load.csv")
    curves = {
        name: {"file": "load.csv", "column": f"{name}(kW)"} for name in ("甲", "乙", "无人用")
    }
    assert peaks(made(outlook={"curves": curves})) == (8.0, 8.0)
    TURNS.to_csv(tmp_path / "plain.csv")
    assert peaks(made(outlook={"curves": "plain.csv"})) == (8.0, 8.0)


def test_the_users_of_an_energy_part_that_is_not_sized(
    made: Callable[..., Any], tmp_path: Path
) -> None:
    TURNS.to_csv(tmp_path / "both.csv")
    TURNS.sum(axis=1).rename("load").to_csv(tmp_path / "load.csv")
    users = {name: {"file": "both.csv", "column": name} for name in ("甲", "乙")}
    energy = {"load": "load.csv", "users": users}
    assert peaks(made(energy=energy)) == (8.0, 8.0)
    # averaged like the sizing does: two hours of 8 and 0 MW are 4 MW all the time
    averaged = read_curves(made(energy=energy | {"step_hours": 2}))
    assert averaged is not None
    assert averaged.max().tolist() == [4.0, 4.0]


def test_curves_count_in_what_can_be_connected(made: Callable[..., Any], tmp_path: Path) -> None:
    """Coincidence 0.5 × (1 + reserve 0.1) = 0.55 of the own peaks, 8 + 8 + 7.2 on S1, 12 on S2."""
    TURNS.to_csv(tmp_path / "users.csv")
    left = power_left(made())
    park = 30 / 0.55 - (8 + 8 + 7.2 + 7.2 + 4.8)
    stations = (19 / 0.55 - 23.2) + (9.5 / 0.55 - 12)
    assert left == pytest.approx(min(park, stations))


def test_energy_of_a_curve_of_two_years_is_that_of_one(
    made: Callable[..., Any], tmp_path: Path
) -> None:
    index = pd.date_range("2023-01-01", "2024-12-31 23:00", freq="h").rename("时间")
    pd.DataFrame({"甲": 6.0, "乙": 7.0}, index=index).to_csv(tmp_path / "users.csv")
    found = evaluate(made())
    assert isinstance(found, OutlookResult)
    energy = found.loads.set_index("key")["energy_mwh"]
    assert energy["F1"] == pytest.approx(6.0 * (8760 + 8784) / 2)


def test_nothing_is_read_where_no_firm_names_a_curve(made: Callable[..., Any]) -> None:
    """A file that is not there harms nobody then."""
    assert read_curves(made(names=(), outlook={"curves": "none.csv"})) is None
    assert read_curves(made(outlook=None)) is None  # named, but there is nothing to read


def test_a_name_nobody_has_is_told_by_its_row(made: Callable[..., Any], tmp_path: Path) -> None:
    TURNS.to_csv(tmp_path / "users.csv")
    assert refused(made(names=("甲", "丙"))) == [("", 3, "负荷曲线", "没有这条负荷曲线。")]
    named = {"甲": {"file": "users.csv", "column": "甲"}}
    assert refused(made(names=("甲", "丙"), outlook={"curves": named}))[0][1:3] == (3, "负荷曲线")


@pytest.mark.parametrize(
    ("outlook", "column", "text"),
    [
        ({"curve": "users.csv"}, "", "不认识的项“outlook.curve”"),
        ({"curves": 3}, "", "outlook"),
        ({"curves": "none.csv"}, "none.csv", "找不到曲线文件 none.csv"),
        ({"curves": {"甲": {"file": "users.csv", "column": "丁"}}}, "outlook.curves.甲",
         "文件 users.csv 没有“丁”列"),
        ({"curves": "../users.csv"}, "", "不在园区文件夹内"),
    ],
)  # fmt: skip
def test_one_thing_wrong_in_park_yaml(
    made: Callable[..., Any], tmp_path: Path, outlook: dict[str, Any], column: str, text: str
) -> None:
    TURNS.to_csv(tmp_path / "users.csv")
    found = refused(made(outlook=outlook))
    assert text in found[0][3]
    assert column in found[0][2]


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (HOURS[:4000], "负荷曲线“乙”不足一年，或没有时间。"),
        (HOURS + pd.DateOffset(years=1), "负荷曲线“乙”的时间和其他曲线不同，同时率无法推算。"),
    ],
)
def test_curves_that_do_not_go_together(
    made: Callable[..., Any], tmp_path: Path, index: pd.DatetimeIndex, text: str
) -> None:
    TURNS[["甲"]].to_csv(tmp_path / "a.csv")
    pd.DataFrame({"乙": 1.0}, index=index.rename("时间")).to_csv(tmp_path / "b.csv")
    found = refused(made(outlook={"curves": {"甲": "a.csv", "乙": "b.csv"}}))
    assert [one[3] for one in found] == [text]
