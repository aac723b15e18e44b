"""A park's own tables read by mapping.yaml: proposed, confirmed, refused, kept."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from greenland.cli import cli
from greenland.errors import InputError
from greenland.park import Park, columns, read_park
from greenland.park.codes import credit_code
from greenland.park.mapping import MatchKind, read_mapping, write_mapping

CONFIG = "name: 试验园区（虚构）\nlevel: 省级\ntype: 产业园区\nyear: 2026\nworkbook: 台账.xlsx\n"
FIRMS = [credit_code("91", "532300", f"{number:09d}") for number in range(4)]
# Invented: headings, units and words that the dictionary does not have.
LAND = [
    ["序号", "地块号", "地块占地规模(公顷)", "土地性质", "供地情况", "权利人信用代码", "台账员"],
    *([n + 1, f"G{n}", 2 + n, "一类工业用地", "已供", FIRMS[n], "甲"] for n in range(4)),
]
BUSINESS = [
    ["公司名称", "信用代码", "会计年度", "规上企业", "行业编码", "纳税额(元)", "销售收入(亿元)",
     "占地(亩)"],
    *([f"企业{n}", FIRMS[n], 2026, "√", "3218", 3e6, 1.5, 45] for n in range(4)),
]  # fmt: skip


def own_ledger(folder: Path, land: Sequence[Sequence[Any]] = LAND) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "park.yaml").write_text(CONFIG, encoding="utf-8")
    book = openpyxl.Workbook()
    page = book.active
    page.title = "用地一览"
    for row in land:
        page.append(list(row))
    page = book.create_sheet("企业经营")
    for row in BUSINESS:
        page.append(row)
    book.save(folder / "台账.xlsx")
    return folder


def edit(folder: Path, *changes: tuple[str, str]) -> None:
    text = (folder / "mapping.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "mapping.yaml").write_text(text, encoding="utf-8")


def confirmed(folder: Path) -> Park:
    write_mapping(folder, workbook="台账.xlsx")
    edit(folder, ("confirm: false", "confirm: true"))
    return read_park(folder)


def codes(park: Park) -> set[str]:
    return {problem.code for problem in park.problems}


@pytest.mark.slow
def test_an_own_ledger_from_nothing_to_a_report(tmp_path: Path) -> None:
    folder = own_ledger(tmp_path / "park")
    run = CliRunner().invoke
    assert run(cli, ["map", str(folder)]).exit_code == 0
    before = run(cli, ["validate", str(folder)])
    assert before.exit_code == 1
    assert "推测，没有确认，没有使用" in before.stderr
    edit(folder, ("confirm: false", "confirm: true"))
    after = run(cli, ["validate", str(folder)])
    assert after.exit_code == 0
    assert "地块占地规模(公顷) → 宗地面积(公顷)" in after.stderr
    assessed = run(cli, ["assess", str(folder), "--out", str(tmp_path / "out")])
    assert assessed.exit_code == 0
    record = (tmp_path / "out" / "results.json").read_text(encoding="utf-8")
    assert "mapping.yaml" in record
    assert "mapping_used" in record


def test_values_come_in_our_units_and_words(tmp_path: Path) -> None:
    park = confirmed(own_ledger(tmp_path / "park"))
    parcels, firms = park.tables["parcels"], park.tables["firms"]
    assert parcels["area_mu"].tolist() == [30, 45, 60, 75]  # 1 公顷 = 15 亩
    assert set(parcels["land_use"]) == {"industrial"}
    assert parcels["holder_id"].tolist() == FIRMS
    assert firms["tax_wan"].tolist() == [300.0] * 4
    assert firms["revenue_wan"].tolist() == [15000.0] * 4
    assert firms["above_scale"].all()


def test_nothing_guessed_is_used_unconfirmed(tmp_path: Path) -> None:
    folder = own_ledger(tmp_path / "park")
    write_mapping(folder, workbook="台账.xlsx")
    park = read_park(folder)
    assert all(table.empty for table in park.tables.values())
    assert "mapping_unconfirmed" in codes(park)
    edit(folder, ('table: "宗地台账"\n    match: guessed\n    confirm: false',
                  'table: "宗地台账"\n    match: guessed\n    confirm: true'))  # fmt: skip
    park = read_park(folder)
    waiting = [p for p in park.problems if p.code == "mapping_unconfirmed"]
    assert any("“地块占地规模(公顷)”" in p.message for p in waiting)
    assert park.tables["parcels"]["area_mu"].isna().all()


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ('table: "宗地台账"', 'table: "宗地台帐"', "是否应为“宗地台账”"),
        ('column: "宗地面积"', 'column: "宗地面机"', "是否应为“宗地面积"),
        ('unit: "公顷"', 'unit: "万元"', "单位“万元”不能用于“宗地面积”"),
        ('value: "工业"', 'value: "工业用"', "是否应为“工业”"),
        ('column: "供应状态"', 'column: "土地用途"', "都对应“土地用途”"),
        ("confirm:", "confirmed:", "confirm"),
    ],
)
def test_what_the_dictionary_lacks_is_refused(
    tmp_path: Path, old: str, new: str, text: str
) -> None:
    folder = own_ledger(tmp_path / "park")
    write_mapping(folder, workbook="台账.xlsx")
    edit(folder, ("confirm: false", "confirm: true"), (old, new))
    with pytest.raises(InputError, match=re.escape(text)) as caught:
        read_park(folder)
    assert all(
        p.file == "mapping.yaml" and p.row for p in caught.value.problems if p.code == "mapping"
    )


def test_a_second_run_keeps_what_was_decided(tmp_path: Path) -> None:
    folder = own_ledger(tmp_path / "park")
    write_mapping(folder, workbook="台账.xlsx")
    edit(folder, ('table: "宗地台账"\n    match: guessed\n    confirm: false',
                  'table: "宗地台账"\n    match: guessed\n    confirm: true'),
         ('"台账员":\n        column:', '"台账员":\n        column: "备注"'),
         ('unit: "元"', 'unit: "万元"'))  # fmt: skip
    finished = ["竣工年月", *["2020-05-01"] * 4]
    own_ledger(folder, [[*row, day] for row, day in zip(LAND, finished, strict=True)])
    again = write_mapping(folder, workbook="台账.xlsx").mapping.sheets
    assert again["用地一览"].confirm
    assert again["用地一览"].columns["台账员"].column == "备注"
    assert again["用地一览"].columns["台账员"].used
    assert again["企业经营"].columns["纳税额(元)"].unit == "万元"
    assert again["用地一览"].columns["竣工年月"].column == "竣工验收日期"
    assert write_mapping(folder, workbook="台账.xlsx").mapping.sheets == again


def test_a_heading_that_is_gone_is_told(tmp_path: Path) -> None:
    folder = own_ledger(tmp_path / "park")
    confirmed(folder)
    own_ledger(folder, [["地块新号" if cell == "地块号" else cell for cell in row] for row in LAND])
    absent = [p for p in read_park(folder).problems if p.code == "mapping_absent"]
    assert [p.message for p in absent] == ["表中没有列名“地块号”，这一条没有用上。"]


def test_columns_left_out_are_not_asked_about(tmp_path: Path) -> None:
    folder = own_ledger(tmp_path / "park")
    write_mapping(folder, workbook="台账.xlsx")
    edit(folder, ('column: "宗地编号"', 'column: "不读取"'), ("confirm: false", "confirm: true"))
    park = read_park(folder)
    assert park.tables["parcels"]["parcel_id"].isna().all()
    assert not any(p.code == "unknown_column" and p.column == "地块号" for p in park.problems)


def test_land_codes_by_name(tmp_path: Path) -> None:
    (tmp_path / "土地利用状况.csv").write_text(
        "年度,地类代码,面积(公顷)\n2026,工矿仓储用地,12\n2026,A1,3\n", encoding="utf-8"
    )
    (tmp_path / "park.yaml").write_text(CONFIG, encoding="utf-8")
    entry = write_mapping(tmp_path).mapping.sheets["土地利用状况"]
    assert entry.match is MatchKind.CERTAIN
    assert read_park(tmp_path).tables["land_use"]["code"].tolist() == ["A2", "A1"]


@pytest.mark.parametrize("seed", range(12))
def test_shuffled_and_other_headings_give_the_same_table(tmp_path: Path, seed: int) -> None:
    """Synonyms of the dictionary and headings unlike any, in any order, by a written mapping."""
    draw = random.Random(seed)
    known = {item.header_zh: item for item in columns("parcels")}
    rows = {
        "宗地编号": ["G1", "G2"], "宗地面积": [30.5, 41.25], "土地用途": ["工业", "仓储"],
        "供应状态": ["已供应", "尚可供应"], "总建筑面积": [12345.0, 2.0],
    }  # fmt: skip
    names = {}
    for position, header in enumerate(rows):
        synonyms = [word for word in known[header].synonyms if not word.startswith("~")]
        names[header] = draw.choice([header, *synonyms, f"栏目{position}"])
    order = draw.sample(list(rows), len(rows))
    table = pd.DataFrame({names[header]: rows[header] for header in order})
    table.to_csv(tmp_path / "甲表.csv", index=False)
    pairs = "".join(f'      "{names[header]}": "{header}"\n' for header in rows)
    (tmp_path / "mapping.yaml").write_text(
        f'sheets:\n  "甲表":\n    table: 宗地台账\n    columns:\n{pairs}', encoding="utf-8"
    )
    (tmp_path / "park.yaml").write_text(CONFIG, encoding="utf-8")
    parcels = read_park(tmp_path).tables["parcels"]
    assert parcels["parcel_id"].tolist() == ["G1", "G2"]
    assert parcels["area_mu"].tolist() == [30.5, 41.25]
    assert parcels["land_use"].tolist() == ["industrial", "storage"]
    assert parcels["supply_state"].tolist() == ["supplied", "available"]
    assert parcels["floor_area_m2"].tolist() == [12345.0, 2.0]


def test_no_file_decides_nothing(tmp_path: Path) -> None:
    assert read_mapping(tmp_path).tables == {}


def test_every_guess_is_confirmed_at_once(tmp_path: Path) -> None:
    folder = own_ledger(tmp_path)
    guesses = [
        row["used"]
        for row in write_mapping(folder, workbook="台账.xlsx").entries()
        if row["match"] == "guessed"
    ]
    assert guesses
    assert not any(guesses)
    entries = write_mapping(folder, workbook="台账.xlsx", confirm=True).entries()
    assert all(row["used"] for row in entries if row["match"] == "guessed")
    assert (
        write_mapping(folder, workbook="台账.xlsx").entries() == entries
    )  # what is confirmed stays


def test_units_are_written_as_the_dictionary_does(tmp_path: Path) -> None:
    land = [[*LAND[0], "总建筑面积(m2)", "可用供电容量(mw)"], *([*row, 1, 2] for row in LAND[1:])]
    entries = write_mapping(own_ledger(tmp_path, land), workbook="台账.xlsx").entries()
    assert {"㎡", "MW", "公顷"} <= {row["unit"] for row in entries}


def test_a_workbook_of_any_name_is_read_where_it_is_the_only_one(tmp_path: Path) -> None:
    folder = own_ledger(tmp_path)
    text = CONFIG.replace("workbook: 台账.xlsx\n", "")
    (folder / "park.yaml").write_text(text, encoding="utf-8")
    assert read_park(folder).config.workbook == "台账.xlsx"
    (folder / "台账.xlsx").rename(folder / "另一本.xlsx")
    own_ledger(folder)
    (folder / "park.yaml").write_text(text, encoding="utf-8")
    park = read_park(folder)  # of two, none is chosen
    assert (park.config.workbook, codes(park)) == ("park.xlsx", {"no_workbook"})
