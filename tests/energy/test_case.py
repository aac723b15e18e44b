"""Case files: the site's own fields, curves from files, every fault with its line."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_sites import index

from greenland.energy import site as parts
from greenland.energy.case import read_case, read_energy
from greenland.energy.case import schema as module
from greenland.energy.case_checks import case_problems
from greenland.errors import InputError
from greenland.rules import load_rulebook
from greenland.yamlfile import read_tree

BOOK = load_rulebook(("national", "yunnan"), 2027)

CASE = """
name: 测试
load: load.csv
sources:
  - name: pv
    profile: {file: output.csv, column: pv}
    capex: 2700
    opex: 40
    max_mw: 80
  - {name: wind, profile: {file: output.csv, column: wind}, capex: 3600, lifetime: 20}
storages:
  - name: battery
    power_capex: 300
    energy_capex: 700
    charge_efficiency: 0.93
    discharge_efficiency: 0.93
grid:
  capacity_mw: 80
  import_price: price.csv
  export_price: 0.1
  export_allowed: {file: allowed.csv}
  demand_charges:
    - {price: 36.0, name: all}
    - {price: {1: 10, 7: 20}, when: {file: allowed.csv}, name: some}
limits:
  min_self_use_of_generation: 0.6
discount_rate: 0.07
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    times = index(48)
    pd.DataFrame({"时间": times, "负荷": 50.0}).to_csv(tmp_path / "load.csv", index=False)
    output = pd.DataFrame({"时间": times, "pv": 0.5, "wind": 0.3})
    output.to_csv(tmp_path / "output.csv", index=False)
    pd.DataFrame({"price": np.full(48, 0.5)}).to_csv(tmp_path / "price.csv", index=False)
    pd.DataFrame({"on": np.tile([1, 0], 24)}).to_csv(tmp_path / "allowed.csv", index=False)
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    return tmp_path


def changed(folder: Path, old: str, new: str) -> Path:
    assert old in CASE
    path = folder / "changed.yaml"
    path.write_text(CASE.replace(old, new), encoding="utf-8")
    return path


def refused(path: Path, match: str) -> InputError:
    with pytest.raises(InputError, match=match) as found:
        read_case(path).site(BOOK)
    return found.value


def test_fields_are_those_of_the_site(folder: Path) -> None:
    site = read_case(folder / "case.yaml").site(BOOK)
    assert site.sources[0].capex == 2700
    assert site.sources[0].max_mw == 80
    assert site.sources[1].lifetime == 20
    assert site.grid is not None
    assert np.asarray(site.grid.export_allowed).sum() == 24
    assert site.grid.demand_charges[1].price_in(7) == 20
    assert site.limits.min_self_use_of_generation == 0.6
    assert site.index.equals(index(48))


@pytest.mark.parametrize(
    ("model", "part"),
    [
        (module.SourceIn, parts.Source),
        (module.StorageIn, parts.Storage),
        (module.GridIn, parts.Grid),
        (module.LimitsIn, parts.Limits),
        (module.ElectrolyserIn, parts.Electrolyser),
    ],
)
def test_no_field_is_missing_in_the_file_form(model: Any, part: Any) -> None:
    fields = {item.name: item for item in dataclasses.fields(part)}
    assert set(model.model_fields) == set(fields)
    for name, item in fields.items():
        if item.default is not dataclasses.MISSING and name != "demand_charges":
            assert model.model_fields[name].default == item.default


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("max_mw: 80", "max_nw: 80", "第9行.*不认识的项“sources.0.max_nw”.*是否应为“max_mw”"),
        ("limits:", "limit:", "不认识的项“limit”.*是否应为“limits”"),
        ("capex: 2700", "capex: 两千七", "第7行.*应为数字.*两千七"),
        ("load: load.csv", "load: lod.csv", "“load”列.*找不到曲线文件 lod.csv"),
        ("column: wind", "column: wnd", "没有“wnd”列.*是否应为“wind”"),
        ("profile: {file: output.csv, column: pv}", "profile: output.csv", "请用 column 指明"),
        ("discount_rate: 0.07", "objective: cheapest", "objective.*取值"),
        ("capex: 2700", "capex: -5", "“pv”的 capex 超出允许范围"),
    ],
)
def test_faults(folder: Path, old: str, new: str, match: str) -> None:
    refused(changed(folder, old, new), match)


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("", "equal"),
        ("cyclic: true", "equal"),
        ("{cyclic: false, initial_energy: 0.5}", "free"),
        ("final_energy: at_least", "at_least"),
        ("{final_energy: 0.8, initial_energy: 0.5}", 0.8),
    ],
)
def test_the_end_of_a_storage_is_written_in_two_ways(folder: Path, written: str, end: Any) -> None:
    lines = "".join(f"\n    {part}" for part in written.strip("{}").split(", ") if part)
    old = "discharge_efficiency: 0.93"
    assert read_case(changed(folder, old, old + lines)).site(BOOK).storages[0].end == end


def test_two_ends_that_contradict_each_other_are_refused(folder: Path) -> None:
    old = "discharge_efficiency: 0.93"
    refused(changed(folder, old, f"{old}\n    cyclic: true\n    final_energy: free"), "互相矛盾")


def test_all_faults_of_the_file_at_once(folder: Path) -> None:
    path = changed(folder, "capex: 2700\n    opex: 40", "capex: x\n    opex: y")
    assert len(refused(path, "capex").problems) == 2


def test_prices_stand_in_one_place_only(folder: Path) -> None:
    tariff = "tariff: {mode: two_part, voltage: 110kV, market_price: 0.3}\ndiscount_rate: 0.07"
    refused(changed(folder, "discount_rate: 0.07", tariff), "grid 中不能再给 export_price、import")


def test_curve_of_another_length_is_refused(folder: Path) -> None:
    pd.DataFrame({"price": np.full(47, 0.5)}).to_csv(folder / "price.csv", index=False)
    refused(folder / "case.yaml", "下网电价的长度与负荷不一致")


def test_curves_may_be_excel_or_gbk(folder: Path) -> None:
    table = pd.read_csv(folder / "load.csv", parse_dates=["时间"])
    table.to_excel(folder / "load.xlsx", index=False)
    assert read_case(changed(folder, "load.csv", "load.xlsx")).load.iloc[0] == 50
    table.to_csv(folder / "load.csv", index=False, encoding="gbk")
    assert read_case(folder / "case.yaml").load.index.equals(index(48))


def test_scale_turns_kw_into_mw(folder: Path) -> None:
    loaded = read_case(changed(folder, "load: load.csv", "load: {file: load.csv, scale: 0.001}"))
    assert loaded.load.iloc[0] == pytest.approx(0.05)


def test_provenance_of_every_curve(folder: Path) -> None:
    names = [item["name"] for item in read_case(folder / "case.yaml").series]
    assert names[:3] == ["load", "pv.profile", "wind.profile"]
    first = read_case(folder / "case.yaml").series[0]["provenance"]
    assert first["file"] == "load.csv"
    assert len(first["sha256"]) == 64


def test_energy_part_of_a_park_names_its_lines(folder: Path) -> None:
    text = "name: 园区\nenergy:\n" + "".join(f"  {line}\n" for line in CASE.strip().split("\n"))
    path = folder / "park.yaml"
    path.write_text(text.replace("max_mw", "max_nw"), encoding="utf-8")
    tree = read_tree(path)
    with pytest.raises(InputError, match=r"第10行.*energy.sources.0.max_nw"):
        read_energy({}, folder, tree=tree)


def test_check_lists_problems_without_solving(folder: Path) -> None:
    assert case_problems(folder / "case.yaml") == []
    doubts = case_problems(changed(folder, "capex: 2700", "capex: 2.7"))
    # cheaper than anything, and less than its own yearly upkeep
    assert [str(item.severity) for item in doubts] == ["warning", "warning"]
    assert case_problems(changed(folder, "max_mw", "max_nw"))[0].row == 9
