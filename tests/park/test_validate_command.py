"""`greenland init` and `greenland validate`, as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner
from sound_park import Rows

from greenland.cli import cli
from greenland.park import SHEETS, Park, write_example


def test_sound_park(park_of: Callable[[Rows], Park], rows: Rows) -> None:
    folder = park_of(rows).folder
    result = CliRunner().invoke(cli, ["validate", str(folder)])
    *places, last = result.stdout.splitlines()
    assert (result.exit_code, last) == (0, "没有发现问题。")
    assert len(places) == len(SHEETS)
    assert places[1].startswith("读取：park.xlsx 宗地台账 A1:")
    assert places[1].endswith("5，4 行数据")


def test_errors_give_exit_code_1_and_json(park_of: Callable[[Rows], Park], rows: Rows) -> None:
    rows["parcels"][3]["area_mu"] = -30.0
    folder = park_of(rows).folder
    result = CliRunner().invoke(cli, ["validate", str(folder), "--json"])
    assert result.exit_code == 1
    (record,) = json.loads(result.stdout)
    assert record["sheet"] == "宗地台账"
    assert record["row"] == 5
    assert record["column"] == "宗地面积(亩)"
    assert record["got"] == "-30"
    assert record["allowed"] == "不小于 0亩"
    assert "land.stock" in record["touches"]


def test_curves_of_the_energy_section_are_checked(tmp_path: Path) -> None:
    write_example(tmp_path / "park")
    load = tmp_path / "park" / "load.csv"
    lines = load.read_text(encoding="utf-8").splitlines(keepends=True)
    load.write_text("".join([*lines[:100], *lines[106:]]), encoding="utf-8")
    result = CliRunner().invoke(cli, ["validate", str(tmp_path / "park")])
    assert result.exit_code == 1
    assert "负荷有 6 个空值" in result.stderr
    assert "第一个在第 100 个时步（2025-01-05 03:00）" in result.stderr


def test_blank_park(tmp_path: Path) -> None:
    assert CliRunner().invoke(cli, ["init", str(tmp_path / "new")]).exit_code == 0
    result = CliRunner().invoke(cli, ["validate", str(tmp_path / "new")])
    assert result.exit_code == 1
    assert "没有填写“园区名称”" in result.stderr
    again = CliRunner().invoke(cli, ["init", str(tmp_path / "new")])
    assert again.exit_code == 1
    assert "没有覆盖" in again.stderr
