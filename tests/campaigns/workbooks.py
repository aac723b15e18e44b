"""Workbooks spoiled in their archive, their XML, their cells and their sheets.

The truth is not known here: what counts is that each is read or refused in words, in bounded time
and memory. Damage to cells and sheets is evaluated as well, damage to the container only read.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell

from .frame import Campaign

CONFIG = "name: 虚构园区\nlevel: 省级\ntype: 产业园区\nyear: 2025\n"
LEDGER = "宗地台账"
OUTLINES = """{"type": "FeatureCollection", "features": [{"type": "Feature",
 "properties": {"宗地编号": "ZD-1"}, "geometry": {"type": "Polygon",
 "coordinates": [[[101.5, 25], [101.502, 25], [101.502, 25.002], [101.5, 25.002], [101.5, 25]]]}}]}
"""
Parts = dict[str, bytes]


# -- a sound workbook -------------------------------------------------------------------------


def _ledger() -> list[dict[str, Any]]:
    day = dt.date
    return [
        {
            "parcel_id": f"ZD-{number}",
            "part": "main",
            "holder_name": f"示例企业{number // 2}",
            "area_mu": 40.0 + number,
            "land_use": "industrial",
            "supply_state": "supplied",
            "supply_mode": "auction",
            "standard_land": number % 2 == 0,
            "approval_date": day(2018, 3, 1),
            "supply_date": day(2018, 9, 1),
            "industry_code": "3218",
            "agreed_start_date": day(2018, 12, 1),
            "actual_start_date": day(2018, 12, 15),
            "agreed_completion_date": day(2020, 6, 1),
            "agreed_production_date": day(2021, 6, 1),
            "to_build_area_mu": 40.0,
            "built_area_mu": 38.0,
            "fixed_investment_wan": 9000.0 + number,
            "floor_area_m2": 28000.0 + number,
            "building_base_m2": 11000.0,
            "green_m2": 2000.0,
            "promised_building_coefficient": 0.4,
            "promised_green_ratio": 0.07,
            "promised_tax_per_mu": 15.0,
        }
        for number in range(1, 9)
    ]


def _tables() -> dict[str, list[dict[str, Any]]]:
    firms = [
        {
            "firm_id": "",
            "firm_name": f"示例企业{number}",
            "year": year,
            "land_mu": 80.0,
            "tax_wan": 900.0,
            "revenue_wan": 31000.0,
            "value_added_wan": 8000.0,
            "energy_tce": 12000.0,
            "employees": 300.0,
        }
        for number in range(4)
        for year in (2024, 2025)
    ]
    return {
        "overview": [{"part": "main", "approved_area_ha": 115, "planned_area_ha": 130}],
        "parcels": _ledger(),
        "firms": firms,
        "supply_history": [
            {"year": year, "supplied_ha": 5, "industrial_supplied_ha": 4, "standard_land_ha": 3}
            for year in range(2021, 2026)
        ],
        "indicators": [{"year": 2025, "tax_wan": 10000, "revenue_wan": 330000}],
    }


@cache
def sound_workbooks() -> tuple[Mapping[str, bytes], ...]:
    """Parts of the sound workbook, as two writers write it."""
    import tempfile

    from greenland.park import table, write_tables

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "park.xlsx"
        write_tables(path, {sheet: table(sheet, rows) for sheet, rows in _tables().items()})
        first = _parts(path.read_bytes())
        book = openpyxl.load_workbook(path)
        page = book[LEDGER]
        page["F3"] = "=41+1"
        page["H4"].number_format = "0.00%"
        page["A12"], page["F12"] = "合计", "=SUM(F2:F9)"
        page.merge_cells("A13:F13")
        page["A13"] = "注：面积按证载"
        page["P4"] = "#REF!"
        book.save(path)
        return first, _parts(path.read_bytes())


def _parts(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


# -- damage to the XML ------------------------------------------------------------------------

_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
NUMBERS = ["INF", "NaN", "-INF", "1e999", "0x10", "5,5", " 5 ", "", "1e308", "-1e15", "１２", "1_0"]
NUMBERS += ["--5", "1e15", "9" * 400, "0.1.2", "+5", ".5", "5.", "1E-400", "true", "4294967296"]
ERRORS = ["#SPILL!", "#GETTING_DATA", "#CALC!", "#FIELD!", "#BLOCKED!", "#N/A", "REF", "", "#名称?"]
KINDS = ["zzz", "e", "b", "d", "s", "n", "str", "inlineStr", "", "S"]


def _sheets(parts: Parts) -> list[str]:
    return sorted(name for name in parts if "worksheets/sheet" in name and name.endswith(".xml"))


def _change_cells(
    numbers: random.Random, parts: Parts, change: Callable[[re.Match[bytes]], bytes]
) -> None:
    """Change a few cells of one sheet."""
    name = numbers.choice(_sheets(parts))
    cells = list(_CELL.finditer(parts[name]))
    for cell in sorted(
        numbers.sample(cells, min(len(cells), numbers.randint(1, 4))), key=lambda c: -c.start()
    ):
        content = parts[name]
        parts[name] = content[: cell.start()] + change(cell) + content[cell.end() :]


def _cell_text(kind: str, choose: Callable[[random.Random], tuple[str, str]]) -> Any:
    def spoil(numbers: random.Random, parts: Parts) -> None:
        def change(cell: re.Match[bytes]) -> bytes:
            attributes, inside = choose(numbers)
            style = b"".join(re.findall(rb' s="\d+"', cell[3]))
            place = b'<c r="' + cell[1] + cell[2] + b'"' + style
            return place + f"{attributes}>{inside}</c>".encode()

        _change_cells(numbers, parts, change)

    spoil.__name__ = kind
    return spoil


def _attribute(kind: str, edit: Callable[[random.Random, bytes], bytes]) -> Any:
    def spoil(numbers: random.Random, parts: Parts) -> None:
        _change_cells(numbers, parts, lambda cell: edit(numbers, cell[0]))

    spoil.__name__ = kind
    return spoil


def _address(numbers: random.Random, cell: bytes) -> bytes:
    other = numbers.choice(
        [
            "",
            "A0",
            "XFD1048576",
            "XFE1",
            "A1048577",
            "a5",
            "5A",
            "A99999999999",
            "A1",
            "$B$2",
            "ÄB1",
        ]
    )
    return re.sub(rb' r="[A-Z]+\d+"', f' r="{other}"'.encode() if other else b"", cell, count=1)


def _style(numbers: random.Random, cell: bytes) -> bytes:
    other = numbers.choice(["999", "-1", "99999999999", "x", "", "65535"])
    return re.sub(rb' s="\d+"', b"", cell, count=1).replace(b"<c ", f'<c s="{other}" '.encode(), 1)


def bytes_flipped(numbers: random.Random, parts: Parts) -> None:
    name = numbers.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    content = bytearray(parts[name])
    for _step in range(numbers.randint(1, 6)):
        content[numbers.randrange(len(content))] = numbers.randrange(256)
    parts[name] = bytes(content)


def markup_moved(numbers: random.Random, parts: Parts) -> None:
    """Cut a piece of a part out, double it or move it."""
    name = numbers.choice([*_sheets(parts), "xl/workbook.xml", "xl/styles.xml"])
    content = parts[name]
    first = numbers.randrange(len(content))
    last = min(len(content), first + numbers.randint(1, 300))
    piece, rest = content[first:last], content[:first] + content[last:]
    place = numbers.randrange(len(rest))
    parts[name] = numbers.choice(
        [rest, content[:last] + piece + content[last:], rest[:place] + piece + rest[place:]]
    )


def part_cut(numbers: random.Random, parts: Parts) -> None:
    name = numbers.choice(list(parts))
    parts[name] = parts[name][: numbers.randrange(len(parts[name]))]


def part_missing(numbers: random.Random, parts: Parts) -> None:
    del parts[numbers.choice(list(parts))]


def part_renamed(numbers: random.Random, parts: Parts) -> None:
    name = numbers.choice(list(parts))
    other = numbers.choice([name.upper(), name.replace("/", "\\"), "/" + name, name.title()])
    parts[other] = parts.pop(name)


def styles_odd(numbers: random.Random, parts: Parts) -> None:
    content = parts["xl/styles.xml"]
    elements = re.findall(rb"<(?:xf|font|fill|border|numFmt|cellStyle|dxf)\b[^>]*?/?>", content)
    victim = numbers.choice(elements)
    other = numbers.choice(
        [b"", b"<fill/>", b"<x/>", re.sub(rb'="[^"]*"', b'="-1"', victim), victim * 3]
    )
    parts["xl/styles.xml"] = content.replace(victim, other, 1)


def workbook_odd(numbers: random.Random, parts: Parts) -> None:
    content = parts["xl/workbook.xml"]
    values = sorted(set(re.findall(rb'(?:name|r:id|sheetId|state|date1904)="([^"]*)"', content)))
    other = numbers.choice(
        [b"", b"1", b"rId1", b"rId99", b"x" * 500, "宗地台账".encode(), b"hidden"]
    )
    parts["xl/workbook.xml"] = content.replace(
        b'="' + numbers.choice(values) + b'"', b'="' + other + b'"', 1
    )


def dimension_wrong(numbers: random.Random, parts: Parts) -> None:
    other = numbers.choice([b"A1", b"A1:XFD1048576", b"", b"B2:A1", b"A1:A99999999999", b"x"])
    for name in _sheets(parts):
        parts[name] = re.sub(
            rb'<dimension ref="[^"]*"', b'<dimension ref="' + other + b'"', parts[name]
        )


def merges_odd(numbers: random.Random, parts: Parts) -> None:
    reference = numbers.choice(
        ["A1:C3", "A2:A9", "A1:XFD1048576", "C9:A1", "A1", "", "A0:B99999999", "A:B", "x:y"]
    )
    block = f'<mergeCells count="1"><mergeCell ref="{reference}"/></mergeCells>'.encode()
    for name in _sheets(parts):
        parts[name] = parts[name].replace(b"</sheetData>", b"</sheetData>" + block, 1)


def entities(numbers: random.Random, parts: Parts) -> None:
    name = numbers.choice([*_sheets(parts), "xl/workbook.xml", "xl/styles.xml"])
    lines = ['<!ENTITY a "aaaaaaaaaa">']
    lines += [
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    ]
    head = f"<!DOCTYPE x [{''.join(lines)}]>".encode()
    content = parts[name]
    end = content.find(b"?>") + 2
    parts[name] = content[:end] + head + re.sub(rb"<v>[^<]*</v>", b"<v>&j;</v>", content[end:])


def strict_namespaces(_numbers: random.Random, parts: Parts) -> None:
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            parts[name] = content.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )


XML_DAMAGE: tuple[Callable[[random.Random, Parts], None], ...] = (
    _cell_text("cell_kind", lambda n: (f' t="{n.choice(KINDS)}"', f"<v>{n.choice(NUMBERS)}</v>")),
    _cell_text("number", lambda n: ("", f"<v>{n.choice(NUMBERS)}</v>")),
    _cell_text("error_value", lambda n: (' t="e"', f"<v>{n.choice(ERRORS)}</v>")),
    _cell_text(
        "string_index", lambda n: (' t="s"', f"<v>{n.choice([-1, 99999, 2**64, 1.5, 'x', ''])}</v>")
    ),
    _cell_text(
        "formula", lambda n: (n.choice(["", ' t="str"']), n.choice(["<f>1</f>", "<f/><v/>"]))
    ),
    _attribute("address", _address),
    _attribute("style_index", _style),
    bytes_flipped,
    markup_moved,
    part_cut,
    part_missing,
    part_renamed,
    styles_odd,
    workbook_odd,
    dimension_wrong,
    merges_odd,
    entities,
    strict_namespaces,
)


# -- damage to the file -----------------------------------------------------------------------


def file_bytes_flipped(numbers: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _step in range(numbers.randint(1, 30)):
        changed[numbers.randrange(len(changed))] = numbers.randrange(256)
    return bytes(changed)


def file_cut(numbers: random.Random, content: bytes) -> bytes:
    return content[: numbers.randrange(len(content))]


def file_of_another_kind(numbers: random.Random, _content: bytes) -> bytes:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    return numbers.choice(
        [
            b"",
            ole,
            ole + "EncryptedPackage".encode("utf-16-le"),
            b"<html><table><tr><td>1</td></tr></table></html>",
            "宗地编号,宗地面积(亩)\nA,5\n".encode("gb18030"),
            b"PK\x05\x06" + bytes(18),
            b"PK\x03\x04",
            bytes(numbers.randrange(256) for _step in range(400)),
        ]
    )


FILE_DAMAGE = (file_bytes_flipped, file_cut, file_of_another_kind)


# -- damage to what the cells say -------------------------------------------------------------

VALUES: list[Any] = [1e15, -1e15, 1e300, 0, -1, 1e-300, True, "", " ", "abc", "合计", "1e9", "１２"]
VALUES += ["5亩", "=1/0", "#REF!", "x" * 5000, "\u200b5", "5①", dt.datetime(9999, 12, 31)]
VALUES += [dt.date(1900, 1, 1), dt.time(5), dt.timedelta(days=999999), "2026-06-31", "9" * 5000]
VALUES += [
    "1677-01-01",
    "32218",
    "公顷",
    "无",
    10**15,
    0.5,
    44000,
    2958466,
    "9999年",
    "-0",
    "１e９",
]


def _put(page: Any, row: int, column: int, value: Any) -> None:
    """Write a cell; those inside a merged range hold nothing."""
    cell = page.cell(row, column)
    if not isinstance(cell, MergedCell):
        cell.value = value


def cells_changed(numbers: random.Random, book: Any) -> None:
    page = numbers.choice(book.worksheets[1:])
    for _step in range(numbers.randint(1, 5)):
        row, column = numbers.randint(2, 10), numbers.randint(1, page.max_column)
        _put(page, row, column, numbers.choice(VALUES))


def column_changed(numbers: random.Random, book: Any) -> None:
    page = numbers.choice(book.worksheets[1:])
    column, value = numbers.randint(1, page.max_column), numbers.choice(VALUES)
    for row in range(2, page.max_row + 1):
        _put(page, row, column, value)


def headers_changed(numbers: random.Random, book: Any) -> None:
    page = numbers.choice(book.worksheets[1:])
    for _step in range(numbers.randint(1, 4)):
        header = numbers.choice(
            [*VALUES, "宗地面积(万元)", "面积(公顷)", "宗地编号", "税收(元)", "(亩)", "("]
        )
        _put(page, 1, numbers.randint(1, page.max_column), header)


def columns_cut_or_added(numbers: random.Random, book: Any) -> None:
    page = numbers.choice(book.worksheets[1:])
    column = numbers.randint(1, page.max_column)
    if numbers.random() < 0.7:
        page.delete_cols(column, numbers.randint(1, 10))
    else:
        page.insert_cols(column, numbers.randint(1, 3))


def rows_cut_or_doubled(numbers: random.Random, book: Any) -> None:
    page = numbers.choice(book.worksheets[1:])
    if numbers.random() < 0.5:
        page.delete_rows(numbers.randint(1, 5), numbers.randint(1, 10))
        return
    for row in range(2, 8):
        page.append([cell.value for cell in page[row]])


def sheets_changed(numbers: random.Random, book: Any) -> None:
    page = numbers.choice(book.worksheets[1:])
    match numbers.randrange(4):
        case 0:
            book.remove(page)
        case 1:
            page.title = numbers.choice(
                ["Sheet1", "宗地台帐", "x" * 31, "2025年度指标", "表1 企业"]
            )
        case 2:
            page.sheet_state = numbers.choice(["hidden", "veryHidden"])
        case _:
            page.delete_rows(1, page.max_row)


CELL_DAMAGE: tuple[Callable[[random.Random, Any], None], ...] = (
    cells_changed,
    cells_changed,
    cells_changed,
    column_changed,
    headers_changed,
    columns_cut_or_added,
    rows_cut_or_doubled,
    sheets_changed,
)


# -- the campaign -----------------------------------------------------------------------------


def spoil(numbers: random.Random, folder: Path) -> str:
    """Write a spoiled park into *folder*; name the kind of damage."""
    config, outlines = CONFIG, numbers.random() < 0.1
    if outlines:
        (folder / "parcels.geojson").write_text(OUTLINES, encoding="utf-8")
        config += "geometry: parcels.geojson\n"
    (folder / "park.yaml").write_text(config, encoding="utf-8")
    parts = dict(numbers.choice(sound_workbooks()))
    where = numbers.random()
    if where < 0.55:
        damage: Any = numbers.choice(XML_DAMAGE)
        damage(numbers, parts)
        content = packed(parts)
    elif where < 0.65:
        damage = numbers.choice(FILE_DAMAGE)
        content = damage(numbers, packed(parts))
    else:
        damage = numbers.choice(CELL_DAMAGE)
        book = openpyxl.load_workbook(io.BytesIO(packed(parts)))
        damage(numbers, book)
        buffer = io.BytesIO()
        book.save(buffer)
        content = buffer.getvalue()
        (folder / "evaluate").touch()
    (folder / "park.xlsx").write_bytes(content)
    return damage.__name__ + (" with outlines" if outlines else "")


def read(folder: Path) -> int:
    """Read the park; evaluate its land too where the damage is to cells and sheets."""
    from greenland.assessment import assess
    from greenland.park import read_park

    if (folder / "evaluate").exists():
        return len(assess(folder).park.problems)
    return len(read_park(folder).problems)


CAMPAIGN = Campaign(spoil, read, count=3200, seconds=60.0)
