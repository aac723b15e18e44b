"""Curves of a case: units of headers, total rows, times in other writings, holes; all invented."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from greenland.energy.case.curves import read_curve_of_case
from greenland.energy.case.schema import Curve
from greenland.energy.profiles.gaps import Subject
from greenland.errors import InputError

TIMES = pd.date_range("2025-01-01", periods=48, freq="h")


def curve(
    folder: Path, text: str, subject: Subject | None = Subject.LOAD, **spec: object
) -> pd.Series:
    (folder / "x.csv").write_text(text, encoding="utf-8")
    return read_curve_of_case(folder / "x.csv", Curve(file="x.csv", **spec), subject).values  # type: ignore[arg-type]


def table(header: str, value: object = 50, pattern: str = "%Y-%m-%d %H:%M") -> str:
    return "\n".join([f"时间,{header}", *(f"{time:{pattern}},{value}" for time in TIMES)]) + "\n"


@pytest.mark.parametrize(
    ("header", "value", "mw"),
    [
        ("负荷", 50, 50),
        ("负荷(MW)", 50, 50),
        ("负荷(kW)", 5000, 5),
        ("用电量(kWh)", 5000, 5),
        ("a", 7, 7),
    ],
)
def test_the_unit_of_the_header_counts(
    tmp_path: Path, header: str, value: float, mw: float
) -> None:
    assert curve(tmp_path, table(header, value)).tolist() == pytest.approx([mw] * 48)


def test_scale_stands_for_the_unit(tmp_path: Path) -> None:
    assert curve(tmp_path, table("负荷(kW)", 5000), scale=0.001).iloc[0] == pytest.approx(5)
    assert curve(tmp_path, table("负荷", 5000), scale=0.01).iloc[0] == pytest.approx(50)


def test_scale_against_the_unit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="scale"):
        curve(tmp_path, table("负荷(kW)", 5000), scale=1.1)


def test_24_00_is_the_next_midnight(tmp_path: Path) -> None:
    times = [f"{time:%Y-%m-%d} {time.hour + 1:02d}:00" for time in TIMES]
    text = "\n".join(["时间,负荷(MW)", *(f"{time},5" for time in times)])
    found = curve(tmp_path, text)
    assert found.index.equals(pd.DatetimeIndex(TIMES, freq="h"))  # hours named by their end


def test_days_first(tmp_path: Path) -> None:
    text = "\n".join(["时间,负荷(MW)", *(f"{time:%d/%m/%Y %H:%M},5" for time in TIMES)])
    assert curve(tmp_path, text).index.equals(pd.DatetimeIndex(TIMES, freq="h"))


def test_a_total_row_is_no_hour(tmp_path: Path) -> None:
    assert len(curve(tmp_path, table("负荷(MW)") + "合计,2400\n")) == 48


def test_a_time_that_is_none_is_named(tmp_path: Path) -> None:
    text = table("负荷(MW)").replace("2025-01-01 05:00", "1677-01-01 05:00")
    with pytest.raises(InputError, match="第7行 “时间”列：1 行的时间无法识别"):
        curve(tmp_path, text)


def test_a_time_twice_with_two_values_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="不同读数"):
        curve(tmp_path, table("负荷(MW)") + "2025-01-02 03:00,51\n")


@pytest.mark.parametrize("hour", ["00:00", "13:00"])
def test_holes_stay_holes(tmp_path: Path, hour: str) -> None:
    found = curve(
        tmp_path, table("负荷(MW)").replace(f"2025-01-01 {hour},50", f"2025-01-01 {hour},")
    )
    assert len(found) == 48
    assert found.isna().sum() == 1


def test_output_per_unit_and_prices_are_taken_as_they_stand(tmp_path: Path) -> None:
    assert curve(tmp_path, table("光伏标幺出力", 0.5), Subject.PV).iloc[0] == 0.5
    assert curve(tmp_path, table("电价(元/kWh)", 0.5), None).iloc[0] == 0.5


def test_columns_without_times(tmp_path: Path) -> None:
    found = curve(tmp_path, "on\nTRUE\nfalse\n1\n", None)
    assert found.tolist() == [1, 0, 1]


def test_a_csv_named_as_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_text(table("负荷(MW)"), encoding="utf-8")
    with pytest.raises(InputError, match="改了扩展名的 CSV"):
        read_curve_of_case(tmp_path / "x.xlsx", Curve(file="x.xlsx"), Subject.LOAD)
