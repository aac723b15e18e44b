"""The workbook's formulas: each gives the value of the record, and leads back to the data."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import made_records
import openpyxl
import pytest
from spreadsheet import Spreadsheet

from greenland.assessment import assess
from greenland.land.indicators import QUOTIENTS as LAND_QUOTIENTS
from greenland.record.record import Record
from greenland.report import write_excel
from greenland.report.context import build
from greenland.report.excel.cells import exact_digits
from greenland.report.excel.firms import QUOTIENTS
from greenland.report.excel.formulas import formulas
from greenland.report.excel.sight import Sheets
from greenland.report.excel.terms import Term, constant, rounded
from greenland.report.tables import Table, TableColumn, cell_text

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("excel")]  # whole workbooks are written
FIRST = 4  # row of a sheet with the first row of its table
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""  # always reckon a workbook anew when it is opened


@cache
def _of_scheme(scheme: str) -> Record:
    """The example's firms by another scheme, read from a copy of the park."""
    folder = made_records.folder_of(1)
    config = folder / "park.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("scheme: yunnan-output-floor", f"scheme: {scheme}"), "utf-8")
    try:
        return assess(folder, parts={"land.per_mu"}).record()
    finally:
        shutil.rmtree(folder)


RECORDS: dict[str, Callable[[], Record]] = {
    "complete": lambda: Record.model_validate(made_records.complete()),
    "least and greatest": lambda: _of_scheme("jingde-2022"),
    "bonus": lambda: _of_scheme("ha-2024"),
}


class Written(NamedTuple):
    """A workbook, what its record says of the cells of tables, and those that hold formulas."""

    path: Path
    told: dict[tuple[str, str], float | str]
    spreadsheet: Spreadsheet
    cells: list[tuple[str, str]]

    def off(self, value: Callable[[str, str], Any]) -> list[tuple[str, str]]:
        """Cells with formulas whose value is not the record's."""
        return [cell for cell in self.cells if not _alike(value(*cell), self.told[cell])]


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    """The workbook of each record; statements, which are no tables, have tests of their own."""
    found = {}
    for name, make in RECORDS.items():
        record = make()
        path = write_excel(tmp_path_factory.mktemp("book") / f"{name}.xlsx", record)
        told, spreadsheet = _told(record), Spreadsheet(openpyxl.load_workbook(path))
        cells = [one for one in spreadsheet.formulas() if one in told]
        found[name] = Written(path, told, spreadsheet, cells)
    return found


@pytest.fixture(params=list(RECORDS))
def written(request: pytest.FixtureRequest, workbooks: dict[str, Written]) -> Written:
    return workbooks[request.param]


@pytest.fixture(scope="module")
def recalculated(
    workbooks: dict[str, Written], tmp_path_factory: pytest.TempPathFactory
) -> dict[Path, Path]:
    """Each workbook as LibreOffice saves it, all of them by one start of it."""
    folder = tmp_path_factory.mktemp("libreoffice")
    return _recalculated([one.path for one in workbooks.values()], folder)


def _told(record: Record) -> dict[tuple[str, str], float | str]:
    """What the record says of each cell of a table, by sheet and address."""
    found: dict[tuple[str, str], float | str] = {}
    for table in build(record).tables:
        if "workbook" in table.forms:
            for place, column in enumerate(table.columns):
                letter = openpyxl.utils.get_column_letter(place + 1)
                for number, row in enumerate(table.rows):
                    value = row.get(column.key)
                    found[table.title, f"{letter}{FIRST + number}"] = (
                        value / column.divisor
                        if isinstance(value, int | float)
                        else cell_text(row, column)
                    )
    return found


@pytest.fixture(scope="module")
def book(workbooks: dict[str, Written]) -> Any:
    """The workbook of the complete record; tests read it only."""
    return workbooks["complete"].spreadsheet.book


def _alike(value: Any, told: float | str) -> bool:
    if isinstance(told, str):
        return bool(value == told)
    return isinstance(value, int | float) and math.isclose(value, told, rel_tol=1e-9, abs_tol=1e-9)


def test_formulas_give_the_values_of_the_record(written: Written) -> None:
    assert len(written.cells) > 2000
    assert written.off(written.spreadsheet.value) == []


def test_remembered_values_are_those_of_the_record(written: Written) -> None:
    remembered = _values(written.path)
    assert written.off(lambda *cell: remembered.get(cell)) == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice Calc is not installed")
def test_libreoffice_reckons_the_values_of_the_record(
    written: Written, recalculated: dict[Path, Path]
) -> None:
    reckoned = _values(recalculated[written.path])
    assert written.off(lambda *cell: reckoned.get(cell)) == []


def _values(path: Path) -> dict[tuple[str, str], Any]:
    """What stands in each cell, by sheet and address."""
    with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
        cells = ((sheet.title, cell) for sheet in book for row in sheet.rows for cell in row)
        return {
            (name, cell.coordinate): cell.value for name, cell in cells if cell.value is not None
        }


def _recalculated(paths: list[Path], folder: Path) -> dict[Path, Path]:
    """The workbooks opened and saved by LibreOffice, all they remembered spoiled before."""
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    for path in paths:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(folder / path.name, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name.startswith("xl/worksheets/"):
                    content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1<v>-987654</v>", content)
                new.writestr(name, content)
    command = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}"]
    command += ["--convert-to", "xlsx", "--outdir", str(out)]
    command += [str(folder / path.name) for path in paths]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {path: out / path.name for path in paths}


def test_a_score_can_be_followed_to_the_figures_of_the_firm(book: Any) -> None:
    record = made_records.complete()
    firm = next(row for row in record["land"]["per_mu"]["firms"] if row["rank"] == 1)
    sheet = book["企业亩均效益排名"]
    headings = [cell.value for cell in sheet[3]]
    name = headings.index("企业名称")
    rows = sheet.iter_rows(min_row=FIRST, values_only=True)
    row = next(n for n, cells in enumerate(rows, FIRST) if cells[name] == firm["firm_name"])
    score = sheet.cell(row, headings.index("得分（分）") + 1)
    reached = _precedents(book, sheet.title, score.coordinate)
    data = book["企业数据"]
    source = next(r for r in range(FIRST, data.max_row + 1) if data.cell(r, 1).value == firm["row"])
    tax = [cell.value for cell in data[3]].index("税收（万元）") + 1
    assert data.cell(source, tax).value == pytest.approx(firm["tax_wan"], rel=1e-12)
    assert ("企业数据", data.cell(source, tax).coordinate) in reached


def _precedents(book: Any, sheet: str, address: str) -> set[tuple[str, str]]:
    """Every single cell and end of a range a cell rests on, and theirs."""
    found: set[tuple[str, str]] = set()
    left = [(sheet, address)]
    while left:
        at = left.pop()
        if at in found:
            continue
        found.add(at)
        cell = book[at[0]][at[1]]
        if cell.data_type == "f":
            for other, first, last in re.findall(
                r"(?:'([^']+)'!)?(\$?[A-Z]+\$?\d+)(?::(\$?[A-Z]+\$?\d+))?", cell.value
            ):
                ends = [re.sub(r"\$", "", one) for one in (first, last) if one]
                top, bottom = (int(re.sub(r"\D", "", one)) for one in (ends[0], ends[-1]))
                column = re.sub(r"\d", "", ends[0])
                left += [(other or at[0], f"{column}{row}") for row in range(top, bottom + 1)]
    return found


def test_the_score_of_the_review_rests_on_areas(book: Any) -> None:
    reached = _precedents(book, "分层得分", f"F{FIRST}")
    assert {sheet for sheet, _cell in reached} >= {"评价指标", "土地利用状况", "评价用年度指标"}


def test_quotients_are_those_of_the_evaluation() -> None:
    assert {
        name: (one.numerator, one.denominator) for name, one in LAND_QUOTIENTS.items()
    } == QUOTIENTS


def _placed(rows: list[dict[str, Any]], keys: str, table_id: str = "t") -> Sheets:
    columns = tuple(TableColumn(key, key, kind="number") for key in keys.split())
    sheets = Sheets(Record.model_validate(made_records.bare()))
    table = Table(table_id, "表", columns, tuple(rows))
    sheets.place(table, "表", [exact_digits(column, rows) for column in columns])
    return sheets


def test_a_formula_that_does_not_give_the_value_is_not_written() -> None:
    sheets = _placed(
        [
            {"value": 3.0, "required": 2.0, "margin": 1.0},
            {"value": 3.0, "required": 2.0, "margin": 9},
        ],
        "value required margin",
    )
    found = formulas(sheets, {})
    assert {at: made.text for at, made in found.items()} == {("t", 0, "margin"): "A4-B4"}
    assert sheets.used >= {("t", "value"), ("t", "required")}


def test_a_criterion_that_is_more_than_text_makes_no_formula() -> None:
    """Excel takes 915300007098326310 for a number, and * and ? for any text."""
    rules = {("t", "n"): (lambda at: constant(float(at.same("t", "g").holds("x"))),)}
    for name, count in (("x", 1), ("9153000070983263101", 0), ("a*", 0), (">5", 0)):
        rows = [{"g": name, "n": 1.0 if name == "x" else 0.0}]
        sheets = _placed(rows, "n")
        table = Table(
            "t", "表", (TableColumn("g", "g"), TableColumn("n", "n", kind="number")), tuple(rows)
        )
        sheets.place(table, "表", table.columns)
        assert len(formulas(sheets, rules)) == count, name


@pytest.mark.parametrize(
    ("made", "text", "value"),
    [
        (Term("A1", 6.0) / (Term("B1", 2.0) * Term("C1", 3.0)), "A1/(B1*C1)", 1.0),
        (Term("A1", 6.0) - (Term("B1", 2.0) - Term("C1", 3.0)), "A1-(B1-C1)", 7.0),
        ((Term("A1", 6.0) + Term("B1", 2.0)) * Term("C1", 3.0), "(A1+B1)*C1", 24.0),
        (Term("A1", 6.0) / constant(1.06) ** Term("B1", 2.0), "A1/(1.06^B1)", 6 / 1.06**2),
        (rounded(Term("A1", 2.00005), 4), "ROUND(A1,4)", 2.0001),
    ],
)
def test_brackets_stand_where_they_are_needed(made: Term, text: str, value: float) -> None:
    assert (made.text, made.value) == (text, pytest.approx(value, rel=1e-15))
