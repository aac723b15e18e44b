"""The intake workbook: a place for every field, nothing lost, every fault with its cell."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from drawn import examples
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from greenland.cli import cli
from greenland.energy.case import Case, read_case
from greenland.energy.case.book import convert_case, read_intake, write_intake
from greenland.energy.case.book.fields import CellKind, intake_sheets, leaf_paths
from greenland.energy.case.book.layout import INTAKE, TABLES
from greenland.energy.case.book.ranges import published_ranges
from greenland.energy.case.book.writer import write_book
from greenland.energy.case.scenarios import read_scenarios
from greenland.errors import InputError
from greenland.i18n import use_language
from greenland.yamlfile import plain, read_model

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SMALL = {
    "name": "小案例",
    "year": 2026,
    "load": "load.csv",
    "sources": [
        {"name": "pv", "profile": {"file": "re.csv", "column": "pv"}, "capex": 2700, "max_mw": 9},
        {"name": "wind", "profile": "wind.csv", "replacement_years": [10, 20]},
    ],
    "grid": {"capacity_mw": 5, "import_price": 0.5},
    "users": {"甲": "a.csv", "1": {"file": "b.csv", "scale": 0.001}},
    "rules": {
        "packs": ["national"],
        "overrides": {"energy.cost.discount_rate": {"value": 0.05, "source": "园区方案"}},
    },
    "scenarios": {"大接入": {"grid.capacity_mw": 8, "grid.export_allowed": False}, "不变": {}},
}
WORDS = ("是", "null", "013", "1e3", ".inf", "[a", '"', "{x: 1}", " pv ", "2026-01-01", "=A1", "#")


def filled(tmp_path: Path, tree: dict[str, Any]) -> Path:
    return write_book(tmp_path / "case.xlsx", tree, 2026)


def spoil(path: Path, change: Callable[[Any], None]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_case(path)
    return [str(problem) for problem in caught.value.problems]


def cell_of(book: Any, sheet: str, key: str, part: int = 1) -> Any:
    page = book[sheet]
    row = next(cell.row for cell in page["G"] if cell.value == key)
    return page.cell(row, 7 + part)


# -- nothing lost ---------------------------------------------------------------------------------


def test_every_field_of_a_case_has_a_row() -> None:
    have = {tuple(sheet.table.split(".")) for sheet in intake_sheets() if sheet.table}
    have |= {
        ((sheet.parts,) if sheet.parts else ()) + field.path
        for sheet in intake_sheets()
        for field in sheet.fields
        if not field.section
    }
    assert have == set(leaf_paths())


@pytest.mark.parametrize("name", ["case", "case_generators", "case_multi_user", "case_off_grid"])
def test_examples_survive_the_workbook(name: str, tmp_path: Path) -> None:
    source = tmp_path / f"{name}.yaml"
    source.write_bytes((EXAMPLES / f"{name}.yaml").read_bytes())
    book = convert_case(source, tmp_path / "case.xlsx")
    back = convert_case(book, tmp_path / "back.yaml")
    assert read_model(back, Case) == read_model(source, Case)


def values(kind: CellKind) -> st.SearchStrategy[Any]:
    """Values a field of this kind may hold in YAML, odd ones among them."""
    if kind.choices:
        return st.sampled_from(kind.choices)
    forms: list[st.SearchStrategy[Any]] = [st.none()]
    if kind.truth:
        forms.append(st.booleans())
    if kind.number or (kind.nested and not kind.text):
        forms += [st.integers(-(2**50), 2**50), st.floats(allow_nan=False), st.just(math.inf)]
    if kind.text or kind.nested:
        forms.append(st.sampled_from(WORDS) | st.text("abc是，: #'\"-[]{}01\n", min_size=1))
    if kind.nested:
        inner = st.none() | st.booleans() | st.integers(0, 99) | st.sampled_from(WORDS)
        forms.append(st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner))
    return st.one_of(forms)


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for sheet in intake_sheets():
        parts: list[dict[str, Any]] = [tree]
        if sheet.parts:
            parts = [{} for _number in range(draw(st.integers(0, 2)))]
            if parts:
                tree[sheet.parts] = parts
        for part in parts:
            chosen = draw(st.sets(st.integers(0, max(len(sheet.fields) - 1, 0)), max_size=3))
            for place in sorted(chosen if sheet.fields else ()):
                field, node = sheet.fields[place], part
                for key in field.path[:-1]:
                    node = node.setdefault(key, {})
                if not field.section:
                    node[field.path[-1]] = draw(values(field.kind))
                else:
                    node.setdefault(field.path[-1], {})
        if sheet.table in ("users", "assumptions"):
            kind = TABLES[sheet.table][1].kind
            named = draw(st.dictionaries(st.sampled_from(WORDS), values(kind), max_size=2))
            tree |= {sheet.table: named} if named else {}
    for parts in (tree.get(sheet.parts, []) for sheet in intake_sheets() if sheet.parts):
        parts[:] = [part or {"name": "x"} for part in parts]
    return tree


@settings(
    max_examples=examples(8, 20),
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # a workbook takes a while to write
)
@given(tree=trees())
def test_any_value_comes_back_as_it_was(tree: dict[str, Any], tmp_path: Path) -> None:
    assert plain(read_intake(filled(tmp_path, tree))) == tree


def test_names_scenarios_and_overrides_come_back(tmp_path: Path) -> None:
    assert plain(read_intake(filled(tmp_path, SMALL))) == SMALL


def test_a_workbook_written_in_english_is_read_in_chinese(tmp_path: Path) -> None:
    with use_language("en"):
        path = filled(tmp_path, SMALL)
    assert plain(read_intake(path)) == SMALL


def test_what_people_type_is_understood(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        cell_of(book, "项目", "objective").value = "净现值最高"
        cell_of(book, "项目", "round_units").value = "否"
        cell_of(book, "电源", "capex", 2).value = "３６００"
        cell_of(book, "电源", "max_mw", 2).value = "不限"
        cell_of(book, "电源", "name", 2).value = 2

    tree = plain(read_intake(spoil(filled(tmp_path, SMALL), change)))
    assert (tree["objective"], tree["round_units"]) == ("npv", False)
    assert tree["sources"][1] == {
        **SMALL["sources"][1],  # type: ignore[index]
        "name": "2",
        "capex": 3600,
        "max_mw": math.inf,
    }


def test_a_blank_workbook_says_what_is_missing(tmp_path: Path) -> None:
    assert faults(write_intake(tmp_path)) == ["收资清单.xlsx 负荷 第2行 “填写”列：缺少必填项“load”"]


def test_defaults_are_shown_with_their_rules(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_intake(tmp_path))
    shown = {row[6].value: row[5].value for row in book["储能"].iter_rows(min_row=2)}
    assert shown["charge_efficiency"] == "0.94（储能充电缺省效率（单程））"
    assert shown["max_mw"] == "不限"


def test_ranges_are_shown_with_their_sources(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_intake(tmp_path))
    shown = {row[6].value: row[4].value for row in book["电源"].iter_rows(min_row=2)}
    assert "光伏，中国：743.5–837.4 美元（2023年价）/kW，2022–2025（GNESTE" in shown["capex"]
    assert shown["capex"].count("\n") == 1  # wind below
    assert not shown["max_mw"]


def test_every_range_stands_at_a_field_in_order() -> None:
    known = published_ranges().ranges
    fields = {
        ".".join((sheet.parts, *field.path) if sheet.parts else field.path)
        for sheet in intake_sheets()
        for field in sheet.fields
    }
    assert {item.path for item in known} <= fields
    assert all(list(item.values) == sorted(item.values) and item.where for item in known)


# -- every fault with its cell --------------------------------------------------------------------

BROKEN: dict[str, tuple[Callable[[Any], None], str]] = {
    "text for a number": (
        lambda book: setattr(cell_of(book, "电源", "capex"), "value", "约2700"),
        "case.xlsx 电源 第5行 “第1个”列：“sources.0.capex”应为数字；实际为“约2700”",
    ),
    "no name": (
        lambda book: setattr(cell_of(book, "电源", "name", 2), "value", None),
        "case.xlsx 电源 第2行 “第2个”列：缺少必填项“sources.1.name”",
    ),
    "unknown key": (
        lambda book: setattr(book["接网"]["G3"], "value", "grid.capacty_mw"),
        "case.xlsx 接网 第3行：不认识的键“grid.capacty_mw”；处理：是否应为“grid.capacity_mw”？",
    ),
    "no key": (
        lambda book: setattr(book["接网"]["G3"], "value", None),
        "case.xlsx 接网 第3行：这一行没有键，不知道填的是什么；处理：请填在清单原有的行里。",
    ),
    "key twice": (
        lambda book: setattr(book["接网"]["G4"], "value", "grid.capacity_mw"),
        "case.xlsx 接网 第4行：键“grid.capacity_mw”重复。",
    ),
    "beside the column": (
        lambda book: setattr(book["接网"]["I3"], "value", 7),
        "case.xlsx 接网 第3行 “I”列：本页每行只填一格，这里多填了。",
    ),
    "error value": (
        lambda book: setattr(cell_of(book, "接网", "grid.capacity_mw"), "value", "#REF!"),
        "case.xlsx 接网 第3行 “填写”列：单元格是错误值，或公式没有结果；实际为“#REF!”；"
        "处理：请改正公式，或改为数值。",
    ),
    "broken list": (
        lambda book: setattr(cell_of(book, "项目", "rules.packs"), "value", "[national"),
        "case.xlsx 项目 第4行 “填写”列：不是完整的列表、对照或加引号的文字：",
    ),
    "no part and yet filled": (
        lambda book: setattr(cell_of(book, "接网", "grid"), "value", "否"),
        "case.xlsx 接网 第2行：这里只能填“是”或留空；本页有内容即视为“是”；实际为“False”",
    ),
    "unknown sheet": (
        lambda book: setattr(book["限制"], "title", "限制条件"),
        "case.xlsx 限制条件：不认识的工作表；处理：是否应为“限制”？",
    ),
    "user twice": (
        lambda book: book["各用户"].append(["甲", "c.csv"]),
        "case.xlsx 各用户 第34行：“甲”重复。",
    ),
    "user without a curve": (
        lambda book: book["各用户"].append(["丙"]),
        "case.xlsx 各用户 第34行：“丙”没有填写“负荷曲线文件”。",
    ),
    "scenario key": (
        lambda book: setattr(book["情景"]["B2"], "value", "grid.capacty_mw"),
        "case.xlsx",
    ),
    "no header": (
        lambda book: setattr(book["各用户"]["A1"], "value", "名单"),
        "case.xlsx 各用户：没有找到以“用户”开头的表头；处理：请恢复清单原有的表头。",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_fault_names_its_cell(what: str, tmp_path: Path) -> None:
    change, expected = BROKEN[what]
    path = spoil(filled(tmp_path, SMALL), change)
    if what == "scenario key":
        with pytest.raises(InputError) as caught:
            read_scenarios(path)
        said = [str(problem) for problem in caught.value.problems]
    else:
        said = faults(path)
    assert any(line.startswith(expected) for line in said), said


def test_a_sheet_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    path = spoil(filled(tmp_path, SMALL), lambda book: book.create_sheet("备注1").append(["x"]))
    assert plain(read_intake(path)) == SMALL


# -- commands -------------------------------------------------------------------------------------


def test_init_convert_and_what_they_refuse(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(cli, ["energy", "init", str(tmp_path)]).exit_code == 0
    again = run(cli, ["energy", "init", str(tmp_path)])
    assert again.exit_code == 1
    assert "文件已存在，没有覆盖" in again.output + again.stderr
    book = filled(tmp_path, SMALL)
    done = run(cli, ["energy", "convert", str(book), str(tmp_path / "case.yaml")])
    assert done.exit_code == 0, done.output
    assert read_model(tmp_path / "case.yaml", Case) == Case.model_validate(SMALL)
    same = run(cli, ["energy", "convert", str(book), str(tmp_path / "other.xlsx")])
    assert "不需要转换" in same.output + same.stderr
    far = run(cli, ["energy", "convert", str(book), str(tmp_path / "deep" / "case.yaml")])
    assert "请写到同一文件夹" in far.output + far.stderr
    assert (tmp_path / INTAKE).exists()


def test_too_long_a_list_is_refused(tmp_path: Path) -> None:
    tree = {**SMALL, "users": {"甲": [0.123456] * 6000}}
    with pytest.raises(InputError, match="内容太长"):
        filled(tmp_path, tree)
    assert not (tmp_path / "case.xlsx").exists()
