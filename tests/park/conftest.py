"""Fixtures that read and check a small park."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from books import book_of
from sound_park import CONFIG, YEAR, Rows, sound_rows, typed_tables

from greenland.errors import Problem
from greenland.park import SHEETS, Park, read_park, write_tables
from greenland.park.checks import run_checks
from greenland.park.problems import ProblemCollector, SheetLocation
from greenland.park.reading import ReadSheet
from greenland.rules import load_rulebook


@pytest.fixture
def rows() -> Rows:
    return sound_rows()


@pytest.fixture
def checks() -> Callable[[Rows], list[Problem]]:
    """Run every check on rows in canonical form, without files."""

    def run(rows: Rows, year: int = YEAR) -> list[Problem]:
        sheets = {
            sheet: ReadSheet(SheetLocation(SHEETS[sheet], "park.xlsx", SHEETS[sheet].title), frame)
            for sheet, frame in typed_tables(rows).items()
        }
        collector = ProblemCollector()
        run_checks(sheets, load_rulebook(year=year), year, dt.date(year, 12, 31), collector)
        return collector.problems

    return run


@pytest.fixture
def park_of(tmp_path: Path) -> Callable[..., Park]:
    """Write rows as a park folder and read it."""

    def make(rows: Rows, config: str = CONFIG) -> Park:
        (tmp_path / "park.yaml").write_text(config, encoding="utf-8")
        write_tables(tmp_path / "park.xlsx", typed_tables(rows))
        return read_park(tmp_path)

    return make


@pytest.fixture
def sheet_of(tmp_path: Path) -> Callable[..., Park]:
    """Read a workbook whose sheets hold just the given cells."""

    def make(
        sheets: Mapping[str, Sequence[Sequence[Any]]],
        edit: Callable[[Any], None] | None = None,
        config: str = CONFIG,
    ) -> Park:
        (tmp_path / "park.yaml").write_text(config, encoding="utf-8")
        book = book_of(sheets)
        if edit is not None:
            edit(book)
        book.save(tmp_path / "park.xlsx")
        return read_park(tmp_path)

    return make
