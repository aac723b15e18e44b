"""Long rows of numbers are written at once: the file is that of numbers written one by one."""

from __future__ import annotations

import io

import numpy as np
import pytest

from greenland.report.excel.book import HEADER_ROW, Book


def _numbers(rows: list[tuple[float, ...]], *, at_once: bool) -> bytes:
    """A workbook with a line of text and rows of numbers below."""
    stream = io.BytesIO()
    book = Book(stream)
    sheet = book.sheet("A", "note", len(rows))
    for place in range(30):
        sheet.write_string(HEADER_ROW, place, f"column {place}", book.head)
    formats = [book.style("stamp", num_format="yyyy-mm-dd"), *[book.number("0.00")] * 29]
    if at_once:
        sheet.write_numbers(HEADER_ROW + 1, rows, formats)
    else:
        for number, row in enumerate(rows, start=HEADER_ROW + 1):
            for place, (value, form) in enumerate(zip(row, formats, strict=True)):
                sheet.write_number(number, place, value, form)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(rows), 29)
    book.close()
    return stream.getvalue()


def test_numbers_written_at_once_are_those_written_one_by_one() -> None:
    rng = np.random.default_rng(1)
    drawn = rng.normal(size=(60, 30)) * 10.0 ** rng.integers(-9, 20, size=(60, 30))
    rows = [(0.0, *map(float, row[1:])) for row in drawn]
    assert _numbers(rows, at_once=True) == _numbers(rows, at_once=False)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_number_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="nan, inf"):
        _numbers([(value, *[1.0] * 29)], at_once=True)
