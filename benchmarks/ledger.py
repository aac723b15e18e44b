"""Read and validate a ledger of 100 000 parcels in every writing: time and memory.

    python -m benchmarks.ledger [ROWS] [WRITING …]

The ledger (invented) is written by a process of its own and read by another, so that the memory
shown is that of reading and checking alone. In the writings other than ``product`` shares are
cells shown as per cent, some cells hold an error or a formula, and the title above the header is
merged. In ``odd_cell`` one number is written as no office programme writes it.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROWS = 100_000
WRITINGS = ("product", "xlsxwriter", "xlsxwriter_inline", "openpyxl", "no_dimension", "odd_cell")
ERRORS_EVERY = 500  # rows
MOST_SECONDS = 12.0
MOST_MB = 1000.0
CONFIG = "name: 基准园区\nlevel: 省级\ntype: 产业园区\nyear: 2025\n"


def write_ledger(folder: str, rows: int, writing: str) -> None:
    """Write an invented park as one of `WRITINGS` does."""
    from greenland.park import write_tables

    path = Path(folder) / "park.xlsx"
    frame = ledger_of(rows)
    if writing == "product":
        write_tables(path, {"parcels": frame})
    elif writing == "openpyxl":
        _write_openpyxl(path, frame)
    else:
        _write_xlsxwriter(path, frame, inline=writing == "xlsxwriter_inline")
    if writing == "no_dimension":
        _without_dimension(path)
    if writing == "odd_cell":
        _with_odd_cell(path)
    (Path(folder) / "park.yaml").write_text(CONFIG, encoding="utf-8")


def ledger_of(rows: int) -> Any:
    """An invented ledger in which every column of the sheet is filled."""
    import numpy as np
    import pandas as pd

    from greenland.park.codes import credit_code

    rng = np.random.default_rng(1)
    area = np.round(rng.lognormal(3.6, 0.6, rows), 2)
    land = area * 10000 / 15
    ids = [f"ZD-{number:06d}" for number in range(rows)]
    holders = [credit_code("91", "532301", f"MA{number:07d}") for number in range(rows // 3 + 1)]
    start = pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 2500, rows), unit="D")
    return pd.DataFrame(
        {
            "parcel_id": ids,
            "parcel_name": [f"地块{number}" for number in range(rows)],
            "part": "main",
            "holder_id": [holders[number // 3] for number in range(rows)],
            "holder_name": [f"示例企业{number // 3}" for number in range(rows)],
            "area_mu": area,
            "land_use": "industrial",
            "supply_state": "supplied",
            "supply_mode": "auction",
            "contract_no": ids,
            "standard_land": rng.random(rows) < 0.5,
            "approval_date": start - pd.Timedelta(days=200),
            "approval_document": "示例〔2015〕1号",
            "supply_date": start,
            "land_term_end": start + pd.Timedelta(days=365 * 50),
            "land_price_wan": np.round(area * 12, 2),
            "industry_code": rng.choice(["3218", "1371", "2611"], rows),
            "industry_edition": "2017",
            "agreed_start_date": start + pd.Timedelta(days=100),
            "actual_start_date": start + pd.Timedelta(days=120),
            "agreed_completion_date": start + pd.Timedelta(days=700),
            "actual_completion_date": start + pd.Timedelta(days=720),
            "agreed_production_date": start + pd.Timedelta(days=1000),
            "production_review_date": start + pd.Timedelta(days=1100),
            "to_build_area_mu": area,
            "built_area_mu": area,
            "total_investment_wan": np.round(area * 300, 1),
            "invested_wan": np.round(area * 290, 1),
            "fixed_investment_wan": np.round(area * 310, 1),
            "floor_area_m2": np.round(land * 1.1, 1),
            "high_storey_area_m2": np.round(land * 0.2, 1),
            "building_base_m2": np.round(land * 0.4, 1),
            "structure_base_m2": np.round(land * 0.05, 1),
            "yard_m2": np.round(land * 0.05, 1),
            "green_m2": np.round(land * 0.1, 1),
            "admin_land_m2": np.round(land * 0.05, 1),
            "admin_floor_m2": np.round(land * 0.06, 1),
            "promised_investment_intensity": 300.0,
            "promised_floor_area_ratio": 1.0,
            "promised_building_coefficient": 0.4,
            "promised_green_ratio": 0.2,
            "promised_admin_land_share": 0.07,
            "promised_tax_per_mu": 15.0,
            "promised_output_per_mu": 400.0,
            "promised_value_added_per_tce": 2.5,
            "promised_value_added_per_emission": 4800.0,
            "promised_rd_intensity": 0.02,
            "adjacent_parcels": [(ids[number - 1],) if number else () for number in range(rows)],
            "power_capacity_mw": 10.0,
            "longitude": 101.5,
            "latitude": 25.0,
            "remark": "虚构数据",
        }
    )


def _cells(frame: Any) -> Iterator[list[Any]]:
    """Rows as a person's workbook has them: headers, then shares as decimals, dates as dates."""
    from greenland.park.dictionary import ColumnType, choices, columns

    known = {item.id: item for item in columns("parcels")}
    items = [known[name] for name in frame.columns]
    names = {
        item.id: {choice.code: choice.zh for choice in choices(item.choices)}
        for item in items
        if item.choices
    }
    yield [item.labelled_header for item in items]
    turned = []
    for item in items:
        values = frame[item.id].tolist()
        if item.type is ColumnType.CODES:
            values = ["、".join(value) for value in values]
        elif item.type is ColumnType.BOOL:
            values = ["是" if value else "否" for value in values]
        elif item.id in names:
            values = [names[item.id][value] for value in values]
        elif item.type is ColumnType.DATE:
            values = [value.to_pydatetime() for value in values]
        turned.append(values)
    yield from (list(row) for row in zip(*turned, strict=True))


def _formats(frame: Any) -> list[str]:
    from greenland.park.dictionary import ColumnType, column

    shown = {
        ColumnType.SHARE: "0.00%",
        ColumnType.DATE: "yyyy-mm-dd",
        ColumnType.NUMBER: "#,##0.00",
    }
    return [shown.get(column("parcels", name).type, "") for name in frame.columns]


def _write_xlsxwriter(path: Path, frame: Any, *, inline: bool) -> None:
    import xlsxwriter

    formats = _formats(frame)
    price = list(frame.columns).index("land_price_wan")
    with xlsxwriter.Workbook(path, {"constant_memory": inline}) as book:
        page = book.add_worksheet("宗地台账")
        styles = {
            code: book.add_format({"num_format": code} if code else {}) for code in {*formats}
        }
        page.merge_range(0, 0, 0, 9, "宗地台账（虚构）", book.add_format({"bold": True}))
        for row, cells in enumerate(_cells(frame), 1):
            for column, cell in enumerate(cells):
                style = styles[formats[column]] if row > 1 else None
                if column == price and row % ERRORS_EVERY == 0:
                    page.write_formula(row, column, "=NA()", style, "#N/A")
                elif column == price and row > 1 and row % ERRORS_EVERY == 1:
                    page.write_formula(row, column, "=100*6", style, 600)
                elif isinstance(cell, dt.datetime):
                    page.write_datetime(row, column, cell, style)
                elif isinstance(cell, str):
                    page.write_string(row, column, cell, style)
                else:
                    page.write_number(row, column, cell, style)


def _write_openpyxl(path: Path, frame: Any) -> None:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    formats = _formats(frame)
    price = list(frame.columns).index("land_price_wan")
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("宗地台账")
    page.append(["宗地台账（虚构）"])
    page.merged_cells.add("A1:J1")
    for row, cells in enumerate(_cells(frame), 1):
        line: list[Any] = cells
        if row > 1:
            if row % ERRORS_EVERY == 0:
                cells[price] = "#N/A"
            line = [WriteOnlyCell(page, cell) for cell in cells]
            for cell, code in zip(line, formats, strict=True):
                if code:
                    cell.number_format = code
        page.append(line)
    book.save(path)


def _without_dimension(path: Path) -> None:
    """Take the used range out of every sheet, as writers of streams leave it out."""
    _changed(path, rb"<dimension [^>]*/>", b"")


def _with_odd_cell(path: Path) -> None:
    """Write the price of one parcel with a sign before it."""
    _changed(path, rb'(<c r="P6"[^>]*><v>)(?=\d)', rb"\1+")


def _changed(path: Path, found: bytes, instead: bytes) -> None:
    """Replace what is found near the beginning of the parts of a workbook."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, re.sub(found, instead, content[:20_000]) + content[20_000:])


def peak_mb() -> float:
    """Greatest memory this process has used [MB]; NaN where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1e6 if sys.platform == "darwin" else 1e3)


def read_ledger(folder: str, writing: str) -> int:
    """Read a park, print time and memory; 1 when either is above its target."""
    from greenland.park import read_park

    before, worked = time.perf_counter(), time.process_time()
    park = read_park(folder)
    seconds, worked = time.perf_counter() - before, time.process_time() - worked
    size = (Path(folder) / "park.xlsx").stat().st_size / 1e6
    errors = [problem for problem in park.problems if problem.severity == "error"]
    parcels = park.tables["parcels"]
    print(
        f"{writing:18} {len(parcels)} rows, {int(parcels.notna().sum().sum())} cells, "
        f"{size:.0f} MB file: {seconds:.1f} s, {worked:.1f} s of processor time "
        f"(target {MOST_SECONDS:.0f} s), {peak_mb():.0f} MB (target {MOST_MB:.0f} MB); "
        f"{len(park.problems)} problems, {len(errors)} errors",
        flush=True,
    )
    return int(seconds > MOST_SECONDS or peak_mb() > MOST_MB)


def _apart(work: Any, *arguments: Any) -> int:
    """Call a function in a process of its own; its exit code."""
    process = multiprocessing.get_context("spawn").Process(
        target=_exit_with, args=(work, *arguments)
    )
    process.start()
    process.join()
    return process.exitcode or 0


def _exit_with(work: Any, *arguments: Any) -> None:
    sys.exit(work(*arguments))


def main(rows: int = ROWS, writings: tuple[str, ...] = WRITINGS) -> int:
    """Print time and memory of each writing; return 1 when one is above its target."""
    missed = 0
    for writing in writings:
        with tempfile.TemporaryDirectory() as folder:
            _apart(write_ledger, folder, rows, writing)
            missed += _apart(read_ledger, folder, writing)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS, tuple(sys.argv[2:]) or WRITINGS))
