"""Financial statements as a workbook: every formula, computed anew, gives the record's value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from projects import project

from greenland.energy.money.config import FinanceConfig
from greenland.energy.money.finance import statement
from greenland.record.energy.money import FinanceRecord
from greenland.report.excel.statements import write_statements
from greenland.report.statements import statement_tables
from greenland.rules import load_rulebook

CONFIG: dict[str, Any] = {
    "role": "generator",
    "contract_price": 0.30,
    "residual": "book",
    "tax": {"location": "county", "refund": {"share": 0.5, "document": "某文件", "years": 3}},
    "loan": {"share": 0.7, "rate": 0.04, "years": 8, "grace_years": 1},
    "investment": {"shares": {"civil": 0.3, "equipment": 0.7}},
    "construction": {"quarters": [0.1, 0.2, 0.3, 0.2, 0.2]},
    "working_capital": {"yuan": 5e5, "loan_share": 0.7, "loan_rate": 0.03},
    "costs": {"insurance": 0.002, "staff": {"persons": 2, "pay": 1e5}},
}
_REF = re.compile(r"(?:'([^']+)'!)?\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")


@pytest.fixture(scope="module")
def finance() -> FinanceRecord:
    config = FinanceConfig.model_validate(CONFIG)
    found = statement(
        project(years=12, purchase_yuan=8e5), config, load_rulebook(("national",), 2026)
    )
    return FinanceRecord.model_validate(found.to_record())


@pytest.fixture(scope="module")
def book(finance: FinanceRecord, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("statements")
    return write_statements(folder / "statements.xlsx", finance, title="示例")


class Sheets:
    """A workbook computed from its numbers and formulas alone."""

    def __init__(self, path: Path) -> None:
        self.book = openpyxl.load_workbook(path)
        self.known: dict[tuple[str, str], Any] = {}

    def value(self, sheet: str, cell: str) -> Any:
        if (sheet, cell) not in self.known:
            found = self.book[sheet][cell].value
            if isinstance(found, str) and found.startswith("="):
                found = self.compute(sheet, found[1:])
            self.known[sheet, cell] = found
        return self.known[sheet, cell]

    def compute(self, sheet: str, formula: str) -> Any:
        def put(match: re.Match[str]) -> str:
            name, column, row, to_column, to_row = match.groups()
            where = name or sheet
            if to_column is None:
                return f"cell({where!r}, '{column}{row}')"
            return f"cells({where!r}, '{column}{row}:{to_column}{to_row}')"

        text = _REF.sub(put, formula).replace("^", "**").replace("IF(", "either(")
        text = re.sub(r"(?<![<>=])=(?!=)", "==", text)
        return eval(text, {"__builtins__": {}}, self.names())

    def names(self) -> dict[str, Any]:
        return {
            "cell": self.value,
            "cells": self.cells,
            "SUM": np.sum,
            "ABS": abs,
            "SUMPRODUCT": lambda a, b: float(np.sum(a * b)),
            "IRR": _irr,
            "either": _Either(),
        }

    def cells(self, sheet: str, span: str) -> Any:
        left, top, right, bottom = range_boundaries(span)
        assert top == bottom
        row = [self.value(sheet, f"{get_column_letter(n)}{top}") for n in range(left, right + 1)]
        return np.array(row, dtype=float)


class _Either:
    def __call__(self, test: bool, yes: Any, no: Any) -> Any:
        return yes if test else no


def _irr(flows: Any) -> float:
    low, high = -0.5, 2.0
    for _step in range(200):
        middle = (low + high) / 2
        worth = float(flows @ (1 + middle) ** -np.arange(float(len(flows))))
        low, high = (middle, high) if worth > 0 else (low, middle)
    return low


def formulas(sheets: Sheets) -> Iterator[tuple[str, str]]:
    for sheet in sheets.book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    yield sheet.title, cell.coordinate


def test_every_formula_gives_the_value_of_the_record(book: Path) -> None:
    sheets, shown = Sheets(book), openpyxl.load_workbook(book, data_only=True)
    count = 0
    with np.errstate(divide="ignore", invalid="ignore"):
        for sheet, cell in formulas(sheets):
            computed = _computed(sheets, sheet, cell)
            kept = shown[sheet][cell].value
            count += 1
            if kept in (None, ""):
                assert computed == ""
            else:
                assert computed == pytest.approx(kept, rel=1e-9, abs=1e-7), (sheet, cell)
    assert count > 700


def _computed(sheets: Sheets, sheet: str, cell: str) -> Any:
    """A quotient by nothing is an empty text; Python would divide before it asks."""
    formula = str(sheets.book[sheet][cell].value)
    guarded = re.match(r"=IF\(ABS\((\w+)\)", formula)
    if guarded and abs(sheets.value(sheet, guarded[1])) < 1e-10:
        return ""
    return sheets.value(sheet, cell)


def test_a_changed_figure_moves_what_follows(book: Path) -> None:
    sheets = Sheets(book)
    project, costs = "项目投资现金流量表", "总成本费用表"
    rows = {sheets.book[costs].cell(n, 2).value: n for n in range(4, 20)}
    net = {sheets.book[project].cell(n, 2).value: n for n in range(4, 30)}
    before = Sheets(book).value(project, f"F{net['所得税前净现金流量']}")
    place = f"F{rows['运行维护费']}"
    sheets.book[costs][place].value += 10.0  # 万元
    after = sheets.value(project, f"F{net['所得税前净现金流量']}")
    assert after == pytest.approx(before - 10.0)


def test_each_statement_has_a_sheet(book: Path, finance: FinanceRecord) -> None:
    assert openpyxl.load_workbook(book).sheetnames == [
        *("目录", "项目总投资使用计划与资金筹措表", "借款还本付息计划表", "总成本费用表"),
        *("利润与利润分配表", "偿债能力指标表", "项目投资现金流量表", "项目资本金现金流量表"),
    ]


def sheet_of(finance: FinanceRecord, folder: Path, *, times: int = 1, yuan: float = 0.0) -> Any:
    """The cash flow of the project: its years some times over, amounts that high in all rows."""
    statements = []
    for record in finance.statements:
        rows = [
            row.model_copy(update={"values": [yuan or one for one in row.values] * times})
            for row in record.rows
        ]
        years = [*range(len(record.years) * times)]
        statements.append(record.model_copy(update={"rows": rows, "years": years}))
    changed = finance.model_copy(update={"statements": statements})
    path = write_statements(folder / "s.xlsx", changed)
    return openpyxl.load_workbook(path)["项目投资现金流量表"]


def test_columns_of_statements_are_wide_enough_for_their_amounts(
    finance: FinanceRecord, tmp_path: Path
) -> None:
    sheet = sheet_of(finance, tmp_path, yuan=-1e15)
    assert sheet.column_dimensions["D"].width > len("-100,000,000,000.00")


def test_statements_of_many_years_are_printed_on_a3(finance: FinanceRecord, tmp_path: Path) -> None:
    assert sheet_of(finance, tmp_path).page_setup.paperSize == 8


def test_statements_too_wide_for_a_sheet_are_divided(
    finance: FinanceRecord, tmp_path: Path
) -> None:
    sheet = sheet_of(finance, tmp_path, times=2)
    assert (sheet.page_setup.fitToWidth, sheet.print_title_cols) == (2, "$A:$C")


def test_rows_are_numbered_in_order(finance: FinanceRecord) -> None:
    for record in finance.statements:
        numbers = [tuple(map(int, row.number.split("."))) for row in record.rows if row.number]
        assert numbers == sorted(numbers), record.statement


def test_tables_of_the_page_hold_every_year_once(finance: FinanceRecord) -> None:
    tables = [t for t in statement_tables(finance.statements) if "-project-" in t.id]
    years = [column.title for t in tables for column in t.columns if "year_" in column.key]
    assert years == ["建设期 -1", "建设期 0", *(f"第 {year} 年" for year in range(1, 13))]
    first = {row["item_name"]: row for row in tables[0].rows}
    assert first["建设投资（含税）"]["total"] == pytest.approx(3000.0)
