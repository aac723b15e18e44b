"""The marked copy: faults filled and commented, all else as it was, and it reads back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import page_park
import pytest
from openpyxl.comments import Comment

from greenland.errors import InputError, Problem, Severity
from greenland.input_check import check_input
from greenland.page.marked import AUTHOR, write_marked


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_park.write_park(tmp_path_factory.mktemp("marked") / "park")


@pytest.fixture
def park(sound: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "park"
    folder.mkdir()
    for path in sound.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def marked_cells(path: Path) -> dict[tuple[str, str], str]:
    """Comments of ours by sheet and cell."""
    book = openpyxl.load_workbook(path)
    return {
        (page.title, cell.coordinate): cell.comment.text
        for page in book.worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.comment is not None and cell.comment.author == AUTHOR
    }


def values(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(path)
    return {page.title: list(page.iter_rows(values_only=True)) for page in book.worksheets}


@pytest.mark.slow
def test_faults_are_marked_mended_and_read_back(park: Path, tmp_path: Path) -> None:
    book = park / "park.xlsx"
    page_park.changed(book, "宗地台账", "宗地面积", 3, "六十亩")
    before = values(book)
    problems = check_input(park).problems
    assert [(p.row, p.column) for p in problems if p.severity is Severity.ERROR] == [
        (3, "宗地面积(亩)")
    ]
    copy = tmp_path / "copy.xlsx"
    made = write_marked(copy, book, problems)
    marks = marked_cells(copy)
    (place,) = [place for place, text in marks.items() if text.startswith("[错误]")]
    assert openpyxl.load_workbook(copy)[place[0]][place[1]].value == "六十亩"
    assert "六十亩" in marks[place]
    assert openpyxl.load_workbook(copy)[place[0]][place[1]].fill.fgColor.rgb == "FFF4B6A6"
    after = values(copy)
    listed = after.pop("问题清单")
    assert after == before
    assert len(listed) - 1 == made.listed
    assert made.cells == len(marks)
    assert any(row[3] == 3 and row[5] == "六十亩" for row in listed[1:])
    # mended where it is coloured, and brought back
    mended = openpyxl.load_workbook(copy)
    mended[place[0]][place[1]].value = 62
    mended.save(book)
    checked = check_input(park)
    assert not checked.has_errors
    assert [one for one in checked.problems if one.sheet == "问题清单"] == []
    write_marked(copy, book, checked.problems)
    cell = openpyxl.load_workbook(copy)[place[0]][place[1]]
    assert cell.comment is None
    assert cell.fill.fill_type is None


def test_what_others_noted_stays(park: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(park / "park.xlsx")
    book["宗地台账"]["A2"].comment = Comment("经办人已核", "某人")
    book["宗地台账"]["A3"].comment = Comment("待补", "某人")
    book.save(park / "park.xlsx")
    where = {"file": "park.xlsx", "sheet": "宗地台账", "column": "宗地编号"}
    problem = Problem(Severity.WARNING, "x", "编号可疑。", row=2, **where)
    write_marked(tmp_path / "copy.xlsx", park / "park.xlsx", [problem])
    page = openpyxl.load_workbook(tmp_path / "copy.xlsx")["宗地台账"]
    assert page["A2"].comment.text == "经办人已核\n[警告] 编号可疑。"
    assert page["A3"].comment.text == "待补"


def test_one_problem_of_many_rows_and_one_without_a_column(park: Path, tmp_path: Path) -> None:
    where = {"file": "park.xlsx", "sheet": "宗地台账"}
    problems = [
        Problem(Severity.ERROR, "a", "甲。", row=2, rows=(2, 4), column="宗地编号", **where),
        Problem(Severity.WARNING, "b", "乙。", row=3, column="没有的列", **where),
        Problem(Severity.NOTICE, "c", "丙。", row=5, column="宗地编号", **where),
        Problem(Severity.ERROR, "d", "丁。", file="other.csv", row=2),
    ]
    made = write_marked(tmp_path / "copy.xlsx", park / "park.xlsx", problems)
    marks = marked_cells(tmp_path / "copy.xlsx")
    assert {place[1]: text for place, text in marks.items()} == {
        "A2": "[错误] 甲。",
        "A4": "[错误] 甲。",
        "A3": "[警告] “没有的列”列：乙。",
    }
    assert (made.cells, made.listed) == (3, 3)


def test_what_looks_like_a_formula_stays_text(park: Path, tmp_path: Path) -> None:
    problem = Problem(Severity.ERROR, "a", "=1+1", got="@SUM(A1)", file="park.xlsx")
    write_marked(tmp_path / "copy.xlsx", park / "park.xlsx", [problem])
    page = openpyxl.load_workbook(tmp_path / "copy.xlsx")["问题清单"]
    assert [cell.data_type for cell in page[2]][5:7] == ["s", "s"]
    assert [cell.value for cell in page[2]][5:7] == ["@SUM(A1)", "=1+1"]


def test_a_park_of_csv_files_gets_the_list_alone(tmp_path: Path) -> None:
    problem = Problem(Severity.ERROR, "a", "甲。", file="宗地台账.csv", row=2)
    write_marked(tmp_path / "copy.xlsx", None, [problem])
    assert openpyxl.load_workbook(tmp_path / "copy.xlsx").sheetnames == ["问题清单"]


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"<html>")
    with pytest.raises(InputError, match="网页"):
        write_marked(tmp_path / "copy.xlsx", tmp_path / "a.xlsx", [])
    assert not (tmp_path / "copy.xlsx").exists()
