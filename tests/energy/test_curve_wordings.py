"""What a header or a cell says of the readings beside the unit: used, or refused, never dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from greenland.energy.profiles.load import meter
from greenland.errors import InputError

HOURS = pd.date_range("2025-01-01", periods=48, freq="h")


def load(path: Path, header: str, value: Callable[[int], object], **known: object) -> pd.Series:
    lines = [f"{time:%Y-%m-%d %H:%M},{value(n)}" for n, time in enumerate(HOURS)]
    path.write_text("\n".join([f"时间,{header}", *lines]), encoding="utf-8")
    return meter.load(path, meter.MeterFormat(**known))  # type: ignore[arg-type]


@pytest.mark.parametrize("mark", ["③", "¹", "²", "❷", "⑴"])
def test_a_footnote_mark_is_no_digit(tmp_path: Path, mark: str) -> None:
    """5③ folds to 53."""
    series = load(tmp_path / "load.csv", "负荷(MW)", lambda n: f"5{mark}" if n == 7 else 5)
    assert series.max() == 5.0
    codes = [problem["code"] for problem in series.attrs["quality"]["problems"]]
    assert "reading_no_number" in codes


@pytest.mark.parametrize(
    "header", ["电量(kWh×10)", "电量（kWh*100）", "有功功率(kW)x10", "电量/度×10"]
)
def test_a_factor_behind_the_unit_is_asked_for(tmp_path: Path, header: str) -> None:
    path = tmp_path / "load.csv"
    with pytest.raises(InputError, match="单位后面写有乘数"):
        load(path, header, lambda n: 100 + n % 3)
    once = load(path, header, lambda n: 100 + n % 3, multiplier=1).sum()
    assert load(path, header, lambda n: 100 + n % 3, multiplier=10).sum() == pytest.approx(
        10 * once
    )


def test_the_number_of_units_is_no_factor(tmp_path: Path) -> None:
    assert load(tmp_path / "load.csv", "1×10MW 机组 有功(MW)", lambda n: 5 + n % 3).sum() == 288.0


def test_ratios_in_the_header(tmp_path: Path) -> None:
    """0.25 kW at CT 200 and PT 100 are 5 MW."""
    series = load(tmp_path / "load.csv", "负荷(kW)(CT=200 PT=100)", lambda n: 0.25 + n % 2 * 0.01)
    assert series.iloc[0] == 5.0


@pytest.mark.parametrize("header", ["正向有功总(示数 kWh)", "正向有功电能示值(kWh)", "电量(kWh)"])
@pytest.mark.parametrize("digits", [4, 6])
def test_a_register_that_turns_is_still_one(tmp_path: Path, header: str, digits: int) -> None:
    """Half a kWh an hour, over the end of the counter."""
    path = tmp_path / "load.csv"

    def read(n: int) -> float:
        return (10**digits - 10 + n * 0.5) % 10**digits

    with pytest.raises(InputError, match="像是电表示数"):
        load(path, header, read)
    series = load(path, header, read, register=True)
    assert series.sum() == pytest.approx(47 * 0.5e-3)


def test_wide_letters_in_a_header(tmp_path: Path) -> None:
    assert load(tmp_path / "load.csv", "负荷（ＭＷ）", lambda n: 5 + n % 3).sum() == 288.0
