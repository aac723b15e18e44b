"""Headers and units again among the rows of weather, mast, power-curve and price files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from each import for_each

from greenland.energy.profiles.one_table import read_table
from greenland.energy.tariff.config import SeriesFile
from greenland.energy.tariff.price_file import read_price_file
from greenland.errors import InputError

HOURS = pd.date_range("2025-01-01", periods=4, freq="h")

# what stands halfway down, and the number of its row where it is refused
HALFWAY: dict[str, object] = {
    "时间,总辐射(W/m2),气温(℃)": None,
    "单位：W/m2、℃": None,
    "单位：某某气象站": 4,  # names no unit: left to the readers
    "单位：MJ/m2": InputError,
    "时间,总辐射(MJ/m2),气温(℃)": InputError,
    "时间,气温(℃),总辐射(W/m2)": InputError,
}


def lines(values: list[float]) -> list[str]:
    return [f"{time:%Y-%m-%d %H:%M},{v},{v}" for time, v in zip(HOURS, values, strict=True)]


def test_again_among_the_rows(tmp_path: Path) -> None:
    path, rows = tmp_path / "w.csv", lines([1, 2, 3, 4])

    def check(text: str) -> None:
        head = "时间,总辐射(W/m2),气温(℃)"
        path.write_text("\n".join([head, *rows[:2], text, *rows[2:]]), encoding="utf-8")
        if HALFWAY[text] is not InputError:
            table, _row = read_table(path, lambda row: row[0] == "时间")
            assert len(table) == 4 + (HALFWAY[text] is not None)
            return
        with pytest.raises(InputError) as caught:
            read_table(path, lambda row: row[0] == "时间")
        assert (caught.value.problems[0].code, caught.value.problems[0].row) == (
            "header_halfway",
            4,
        )

    for_each(HALFWAY, check, str)


def test_unit_of_prices_in_the_title(tmp_path: Path) -> None:
    path, rows = tmp_path / "p.csv", lines([300, 310, 320, 330])
    prices = [row.rpartition(",")[0] for row in rows]

    def read(title: str, head: str) -> list[float]:
        path.write_text("\n".join([f"结算,{title}", head, *prices]), encoding="utf-8")
        found = read_price_file(path, SeriesFile(file="p.csv"), HOURS)
        return np.round(found.series.to_numpy() * 1000, 6).tolist()

    assert read("单位：元/MWh", "时间,电价") == [300, 310, 320, 330]
    assert read("单位：元/kWh", "时间,电价(元/MWh)") == [300, 310, 320, 330]
