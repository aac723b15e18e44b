"""Series named in park.yaml: what keeps them from being a whole regular year is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from sound_park import CONFIG, with_code

from greenland.errors import Problem, Severity
from greenland.park import Park, read_park

Make = Callable[..., Park]


def hours(year: int = 2025) -> list[tuple[str, float]]:
    times = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="h", inclusive="left")
    return [(time.strftime("%Y-%m-%d %H:%M"), float(n % 24)) for n, time in enumerate(times)]


def text(rows: list[tuple[str, Any]], header: str = "时间,负荷(MW)") -> str:
    return "\n".join([header, *(f"{time},{value}" for time, value in rows)]) + "\n"


@pytest.fixture
def with_load(tmp_path: Path) -> Make:
    def make(content: str, spec: str = "unit: MW, year: 2025", name: str = "load.csv") -> Park:
        (tmp_path / name).write_text(content, encoding="utf-8")
        series = f"series:\n  load: {{file: {name}, {spec}}}\n"
        (tmp_path / "park.yaml").write_text(CONFIG + series, encoding="utf-8")
        return read_park(tmp_path)

    return make


def only_error(park: Park) -> Problem:
    found = [problem for problem in park.problems if problem.severity is Severity.ERROR]
    assert len(found) == 1, [str(problem) for problem in found]
    assert found[0].touches == ("energy",)
    assert park.blocked("energy") == found
    return found[0]


def test_whole_year(with_load: Make) -> None:
    park = with_load(text(hours()))
    load = park.series["load"]
    assert len(load) == 8760
    assert str(load.index[0]) == "2025-01-01 00:00:00+08:00"
    assert load.attrs["provenance"] == {"file": "load.csv", "unit": "MW"}
    assert [p for p in park.problems if p.severity is Severity.ERROR] == []


def test_leap_year(with_load: Make) -> None:
    park = with_load(text(hours(2024)), "year: 2024")
    assert len(park.series["load"]) == 8784
    assert park.blocked("energy") == []


def test_leap_day_left_out(with_load: Make) -> None:
    rows = [row for row in hours(2024) if not row[0].startswith("2024-02-29")]
    problem = only_error(with_load(text(rows), "year: 2024"))
    assert (problem.code, problem.message) == ("leap_day", "闰年缺少 2 月 29 日。")


def test_wrong_length(with_load: Make) -> None:
    problem = only_error(with_load(text(hours()[:8000])))
    assert "没有正好覆盖 2025 年全年：应有 8760 个时刻" in problem.message
    assert problem.got.startswith("8000 个，2025-01-01 00:00 至 2025-11-30 07:00")


def test_gap(with_load: Make) -> None:
    rows = hours()
    del rows[100:103]
    problem = only_error(with_load(text(rows)))
    assert problem.message == "缺少 3 个时刻：2025-01-05 04:00 至 2025-01-05 06:00。"


def test_repeated_hour(with_load: Make) -> None:
    rows = hours()
    rows.insert(50, rows[49])
    problem = only_error(with_load(text(rows)))
    assert (problem.code, problem.row) == ("repeated_time", 52)
    assert "有 1 个时刻重复" in problem.message


def test_missing_and_wrong_values(with_load: Make) -> None:
    rows: list[tuple[str, Any]] = list(hours())
    rows[5] = (rows[5][0], "")
    rows[9] = (rows[9][0], "停电")
    problem = only_error(with_load(text(rows)))
    assert "有 2 行没有数值或不是数字：第 7、11 行" in problem.message


def test_values_outside_the_bounds(with_load: Make) -> None:
    problem = only_error(with_load(text(hours()), "year: 2025, maximum: 22"))
    assert "有 365 个数值超出范围" in problem.message


def test_time_that_is_none(with_load: Make) -> None:
    rows = hours()
    rows[3] = ("昨天", 1.0)
    problem = only_error(with_load(text(rows)))
    assert (problem.code, problem.row, problem.got) == ("not_a_time", 5, "昨天")


def test_irregular_times(with_load: Make) -> None:
    rows = hours()
    rows[3] = ("2025-01-01 03:07", 1.0)
    problem = only_error(with_load(text(rows)))
    assert problem.code == "irregular"


def test_other_step_than_stated(with_load: Make) -> None:
    problem = only_error(with_load(text(hours()), "step: 15min, year: 2025"))
    assert problem.code == "step"


def test_unknown_step(with_load: Make) -> None:
    problem = only_error(with_load(text(hours()), "step: 小时, year: 2025"))
    assert "15min" in problem.allowed


def test_unsorted_times_are_sorted_with_a_notice(with_load: Make) -> None:
    rows = hours()
    rows[0], rows[1] = rows[1], rows[0]
    park = with_load(text(rows))
    assert park.series["load"].index.is_monotonic_increasing
    assert with_code(park.problems, "unsorted")


def test_unit_of_the_header_is_converted(with_load: Make) -> None:
    park = with_load(text(hours(), "时间,负荷(kW)"))
    assert park.series["load"].iloc[23] == pytest.approx(0.023)


def test_several_columns_need_a_name(with_load: Make) -> None:
    content = "时间,甲,乙\n2025-01-01 00:00,1,2\n2025-01-01 01:00,3,4\n"
    problem = only_error(with_load(content, "unit: MW"))
    assert (problem.code, problem.allowed) == ("which_column", "甲、乙")
    assert with_load(content, "column: 乙").series["load"].tolist() == [2.0, 4.0]


def test_column_that_is_not_there(with_load: Make) -> None:
    problem = only_error(with_load(text(hours()), "column: 负何(MW)"))
    assert "是否应为“负荷(MW)”" in problem.remedy


def test_file_that_is_not_there(with_load: Make, tmp_path: Path) -> None:
    with_load(text(hours()))
    text_ = (tmp_path / "park.yaml").read_text(encoding="utf-8").replace("load.csv", "laod.csv")
    (tmp_path / "park.yaml").write_text(text_, encoding="utf-8")
    assert "是否应为“load.csv”" in only_error(read_park(tmp_path)).remedy


@pytest.mark.parametrize(
    "times",
    [
        ["2025年1月1日 00:00", "2025年1月1日 01:00"],
        ["2025/1/1 0:00", "2025/1/1 1:00"],
        ["2024-12-31 24:00", "2025-01-01 01:00"],
        ["2024-12-31T16:00:00Z", "2024-12-31T17:00:00Z"],
    ],
)
def test_ways_of_writing_times(with_load: Make, times: list[str]) -> None:
    load = with_load(text([(time, 1.0) for time in times]), "unit: MW").series["load"]
    assert str(load.index[0]) == "2025-01-01 00:00:00+08:00"


def test_excel_series(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["时间", "负荷(MW)"])
    for time in pd.date_range("2025-01-01", periods=3, freq="15min"):
        book.active.append([time.to_pydatetime(), 1.5])
    book.save(tmp_path / "load.xlsx")
    spec = "series:\n  load: {file: load.xlsx, step: 15min}\n"
    (tmp_path / "park.yaml").write_text(CONFIG + spec, encoding="utf-8")
    assert read_park(tmp_path).series["load"].tolist() == [1.5, 1.5, 1.5]


def test_parquet_series(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    times = pd.date_range("2025-01-01", periods=3, freq="h", tz="Asia/Shanghai")
    frame = pd.DataFrame({"load": [1.0, 2.0, 3.0]}, index=times.rename("time"))
    frame.to_parquet(tmp_path / "load.parquet")
    spec = "series:\n  load: {file: load.parquet}\n"
    (tmp_path / "park.yaml").write_text(CONFIG + spec, encoding="utf-8")
    assert read_park(tmp_path).series["load"].tolist() == [1.0, 2.0, 3.0]
