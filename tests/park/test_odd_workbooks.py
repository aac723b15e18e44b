"""Workbooks as other programs write them, and as damage leaves them."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from odd_workbooks import HEAD, ROWS, SHEET, Parts, changed, ledger, with_cell, write
from sound_park import CONFIG, with_code

from greenland.errors import InputError, Problem, Severity
from greenland.park import Park, read_park
from greenland.park.csvfile import read_csv
from greenland.park.workbook import Workbook

PRICE = "land_price_wan"
STRICT = (
    (
        "schemas.openxmlformats.org/spreadsheetml/2006/main",
        "purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    (
        "schemas.openxmlformats.org/officeDocument/2006/relationships",
        "purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)


def read(folder: Path, parts: Parts) -> Park:
    write(folder, parts)
    return read_park(folder)


def errors(park: Park) -> list[Problem]:
    return [problem for problem in park.problems if problem.severity is Severity.ERROR]


def refusal(folder: Path) -> Problem:
    """The one problem a workbook is refused with."""
    with pytest.raises(InputError) as caught:
        read_park(folder)
    (problem,) = caught.value.problems
    assert problem.remedy
    return problem


# -- whole workbooks that are sound, written otherwise --------------------------------------------


def _strict(parts: Parts) -> Parts:
    for old, new in STRICT:
        parts = {k: v.replace(old.encode(), new.encode()) for k, v in parts.items()}
    return parts


def _other_case(parts: Parts) -> Parts:
    return {name.replace("sheet1", "Sheet1"): content for name, content in parts.items()}


def _prefixed(parts: Parts) -> Parts:
    text = parts[SHEET].decode().replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    return {**parts, SHEET: text.replace("xmlns=", "xmlns:x=").encode()}


def _no_addresses(parts: Parts) -> Parts:
    import re

    return {**parts, SHEET: re.sub(rb' r="[A-Z]*\d+"', b"", parts[SHEET])}


def _utf16(parts: Parts) -> Parts:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + parts[SHEET].decode()
    return {**parts, SHEET: text.encode("utf-16")}


def _styles(old: str, new: str) -> Callable[[Parts], Parts]:
    return lambda parts: changed(parts, "xl/styles.xml", old, new)


SOUND: dict[str, Callable[[Parts], Parts]] = {
    "as openpyxl writes it": lambda parts: parts,
    "dimension A1": lambda parts: changed(parts, SHEET, 'ref="A1:F3"', 'ref="A1"'),
    "dimension of a whole sheet": lambda parts: changed(parts, SHEET, "A1:F3", "A1:XFD1048576"),
    "no dimension": lambda parts: changed(parts, SHEET, '<dimension ref="A1:F3"/>', ""),
    "empty fill": _styles("<fills", "<fills><fill/></fills><fills"),
    "no fonts": _styles("<font>", "<font><b val='maybe'/>"),
    "a border without end": _styles("<border>", "<border outline='?'>"),
    "strict namespaces": _strict,
    "part name in another case": _other_case,
    "prefixed names": _prefixed,
    "cells without addresses": _no_addresses,
    "UTF-16": _utf16,
    "a comment in the rows": lambda p: changed(p, SHEET, "<sheetData>", "<sheetData><!-- a -->"),
    "attributes in another order": lambda p: changed(
        p, SHEET, '<c r="F2" t="n">', '<c t="n" r="F2">'
    ),
    "blanks round a number": with_cell('<c r="F2"><v> 600 </v></c>'),
    "a style that is not there": with_cell('<c r="F2" s="999"><v>600</v></c>'),
    "a number with exponent": with_cell('<c r="F2"><v>6E2</v></c>'),
    "a formula with its result": with_cell('<c r="F2"><f>3*200</f><v>600</v></c>'),
}


@pytest.mark.parametrize("change", SOUND.values(), ids=SOUND)
def test_sound_workbooks_of_any_writer(tmp_path: Path, change: Callable[[Parts], Parts]) -> None:
    park = read(tmp_path, change(ledger()))
    parcels = park.tables["parcels"]
    assert errors(park) == []
    assert parcels["parcel_id"].tolist() == ["G1", "G2"]
    assert parcels["promised_building_coefficient"].tolist() == [0.4, 0.4]
    assert parcels[PRICE].tolist() == [600.0, 720.0]


def test_formula_whose_result_is_empty_text_is_blank(tmp_path: Path) -> None:
    """Excel stores the result of ``=IF(B2="","","")`` as an empty value of kind str."""
    cell = '<c r="F2" t="str"><f>IF(B2="","","")</f><v></v></c>'
    park = read(tmp_path, with_cell(cell)(ledger()))
    assert errors(park) == []
    assert park.tables["parcels"][PRICE].isna().tolist() == [True, False]


@pytest.mark.parametrize("cell", ["<f>1+1</f><v></v>", "<f>1+1</f><v/>", "<f>1+1</f>"])
def test_formula_without_result_is_refused(tmp_path: Path, cell: str) -> None:
    (error,) = errors(read(tmp_path, with_cell(f'<c r="F2">{cell}</c>')(ledger())))
    assert (error.code, error.row, error.got) == ("formula", 2, "=1+1")


def test_unreadable_styles_are_said_and_stop_nothing(tmp_path: Path) -> None:
    park = read(tmp_path, {**ledger(), "xl/styles.xml": b"<styleSheet><cellXfs>"})
    assert park.tables["parcels"][PRICE].tolist() == [600.0, 720.0]
    (warning,) = with_code(park.problems, "styles")
    assert (warning.severity, warning.sheet) == (Severity.WARNING, "宗地台账")


# -- one cell that cannot be understood -----------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "got"),
    [
        ('t="zzz"><v>5</v>', "5 (t=zzz)"),
        ("><v>INF</v>", "INF"),
        ("><v>NaN</v>", "NaN"),
        ("><v>0x10</v>", "0x10"),
        ("><v>5,5</v>", "5,5"),
        ("><v>1e999</v>", "1e999"),
        ("><v>１２</v>", "１２"),
        ('t="s"><v>99999</v>', "99999 (t=s)"),
        ('t="s"><v>-1</v>', "-1 (t=s)"),
        ('t="d"><v>garbage</v>', "garbage (t=d)"),
        ('t="b"><v>7</v>', "7 (t=b)"),
        ('t="b"><v>17</v>', "17 (t=b)"),
    ],
)
def test_a_cell_that_is_none_is_refused_alone(tmp_path: Path, cell: str, got: str) -> None:
    park = read(tmp_path, with_cell(f'<c r="F2" {cell}</c>')(ledger()))
    (error,) = errors(park)
    assert (error.row, error.column) == (2, HEAD[5])
    assert error.got == got
    assert park.tables["parcels"][PRICE].isna().tolist() == [True, False]


@pytest.mark.parametrize("value", ["#REF!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!"])
def test_error_values_old_and_new(tmp_path: Path, value: str) -> None:
    parts = with_cell(f'<c r="F2" t="e"><v>{value}</v></c>')(ledger())
    dimension = changed(parts, SHEET, 'ref="A1:F3"', 'ref="A1"')
    (error,) = errors(read(tmp_path, dimension))
    assert (error.code, error.row, error.got) == ("cell_error", 2, value)


def test_a_cell_where_no_sheet_has_any(tmp_path: Path) -> None:
    write(tmp_path, with_cell('<c r="XFE2"><v>5</v></c>')(ledger()))
    assert refusal(tmp_path).got == "XFE2"


@pytest.mark.parametrize("number", ["1e15", "-1000000000000000", "123456789012.5"])
@pytest.mark.parametrize("code", ["yyyy-mm-dd", "[h]:mm"])
def test_numbers_beyond_all_calendars_are_refused(tmp_path: Path, code: str, number: str) -> None:
    """calamine panics on them."""
    parts = changed(ledger(), "xl/styles.xml", 'numFmtId="9"', 'numFmtId="170"')
    known = f'<numFmts count="1"><numFmt numFmtId="170" formatCode="{code}"/></numFmts>'
    parts = changed(parts, "xl/styles.xml", '<numFmts count="0"/>', known)
    park = read(tmp_path, with_cell(f'<c r="F2" s="1"><v>{number}</v></c>')(parts))
    assert park.tables["parcels"]["parcel_id"].tolist() == ["G1", "G2"]


# -- far cells and many of anything ---------------------------------------------------------------


@pytest.mark.parametrize("address", ["XFD1048576", "A1048576", "XFD3"])
def test_a_far_cell_costs_nothing(tmp_path: Path, address: str) -> None:
    row = address.lstrip("XFDA")
    far = f'<row r="{row}"><c r="{address}"><v>1</v></c></row></sheetData>'
    raw = Workbook(write(tmp_path, changed(ledger(), SHEET, "</sheetData>", far))).sheet("宗地台账")
    assert list(raw.numbers)[:3] == [1, 2, 3]
    assert len(raw.rows) <= 4
    assert max(map(len, raw.rows)) <= 1000
    assert [problem.code for problem in raw.remarks] == ["too_wide"] * address.startswith("XFD")


@pytest.mark.slow
def test_many_sheets_and_columns_are_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "宗地台账"
    page.append([*HEAD, *(f"列{number}" for number in range(900))])
    page.append([*ROWS[0], *range(900)])
    for number in range(300):
        book.create_sheet(f"表格{number}")
    (tmp_path / "park.yaml").write_text(CONFIG, encoding="utf-8")
    book.save(tmp_path / "park.xlsx")
    park = read_park(tmp_path)
    assert any("另有 250 张" in p.message for p in with_code(park.problems, "unknown_sheet"))
    assert any("另有 880 列" in p.message for p in with_code(park.problems, "unknown_column"))


# -- files that are no workbook -------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (OLE, "旧版 Excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "加了密码"),
        (b"\xef\xbb\xbf<html><table></table></html>", "网页"),
        (b'<?xml version="1.0"?><Workbook/>', "XML 文本"),
        ("宗地编号,宗地面积(亩)\nG1,50\n".encode("gb18030"), "文本（CSV）"),
        (b"PK\x03\x04 and no more", "无法作为 Excel 工作簿打开"),
        (bytes(range(256)), "无法作为 Excel 工作簿打开"),
    ],
)
def test_what_the_file_really_is(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "park.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "park.xlsx").write_bytes(content)
    assert words in refusal(tmp_path).message


@pytest.mark.parametrize(
    ("part", "words"), [("content.xml", ".ods"), ("xl/workbook.bin", ".xlsb"), ("a", "无法作为")]
)
def test_archives_that_hold_no_workbook(tmp_path: Path, part: str, words: str) -> None:
    write(tmp_path, {part: b"<a/>"})
    assert words in refusal(tmp_path).message


def test_macro_workbook_is_read(tmp_path: Path) -> None:
    write(tmp_path, ledger()).rename(tmp_path / "park.xlsm")
    (tmp_path / "park.yaml").write_text(CONFIG + "workbook: park.xlsm\n", encoding="utf-8")
    assert len(read_park(tmp_path).tables["parcels"]) == 2


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    parts = ledger()
    write(tmp_path, {**parts, SHEET: bomb.encode() + parts[SHEET]})
    assert refusal(tmp_path).sheet == "宗地台账"


def test_wrong_checksum_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, ledger())
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as packed:
        entry = packed.getinfo(SHEET)
    place = entry.header_offset + 30 + len(SHEET) + entry.compress_size // 2
    content[place] ^= 0xFF
    path.write_bytes(content)
    assert "已损坏" in refusal(tmp_path).message


def test_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, ledger())
    content = path.read_bytes()
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        content = content[: at + place] + b"\x01" + content[at + place + 1 :]
    path.write_bytes(content)
    assert "密码" in refusal(tmp_path).message


def test_zip_bomb_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {**ledger(), "xl/worksheets/sheet9.xml": bytes(30_000_000)})
    problem = refusal(tmp_path)
    assert problem.code == "too_large"
    assert "30 MB" in problem.message


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../park.xlsx", "outside_folder"),
        ("/dev/zero", "outside_folder"),
        ("x" * 5000, "yaml_value_error"),
        ("a\\0b", "yaml_character"),
    ],
    ids=["parent", "device", "long", "zero"],
)
def test_files_outside_the_folder_are_refused(tmp_path: Path, name: str, code: str) -> None:
    folder = tmp_path / "park"
    folder.mkdir()
    write(tmp_path, ledger())
    (folder / "park.yaml").write_text(f'{CONFIG}workbook: "{name}"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_park(folder)
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_pipes_and_devices_are_no_csv_files(tmp_path: Path) -> None:
    """A pipe was waited for without end, and a device read until memory was full."""
    path = tmp_path / "宗地台账.csv"
    os.mkfifo(path)
    with pytest.raises(InputError, match="不是普通文件"):
        read_csv(path)
    path.unlink()
    path.symlink_to(os.devnull)
    with pytest.raises(InputError, match="不在园区文件夹内"):
        read_csv(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_pipes_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    with pytest.raises(InputError, match="不是普通文件"):
        Workbook(tmp_path / "pipe.xlsx")


# -- what nobody sees on the screen ---------------------------------------------------------------


@pytest.mark.parametrize("cell_by_cell", [False, True], ids=["fast", "cell by cell"])
def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path, cell_by_cell: bool) -> None:
    parts = changed(ledger(), SHEET, '<row r="3"', '<row hidden="1" r="3"')
    columns = '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
    parts = changed(parts, SHEET, "<sheetData>", columns)
    if cell_by_cell:
        parts = changed(parts, SHEET, "<sheetData>", "<sheetData><!-- odd -->")
    park = read(tmp_path, parts)
    assert len(park.tables["parcels"]) == len(ROWS)
    told = {problem.code: problem for problem in park.problems}
    assert (told["hidden_rows"].severity, told["hidden_rows"].row) == (Severity.WARNING, 3)
    assert "第 3 行被隐藏" in told["hidden_rows"].message
    assert HEAD[1] in told["hidden_columns"].message


# -- what the reader tells beside the values ------------------------------------------------------


@pytest.mark.parametrize("comment", ["", "<!-- read cell by cell -->"])
def test_facts_beside_the_values(tmp_path: Path, comment: str) -> None:
    book = openpyxl.Workbook()
    book.epoch = dt.datetime(1904, 1, 1)
    page = book.active
    for row in (["a"], [], [0.4, 5, dt.date(2023, 5, 1)], [None, 610, "#REF!"]):
        page.append(row)
    page["A3"].number_format, page["B4"].number_format = "0.00%", "0000"
    page.merge_cells("A1:C1")
    page.merge_cells("A3:A4")
    book.create_sheet("b").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts = changed(parts, SHEET, "<sheetData>", f"<sheetData>{comment}")
    workbook = Workbook(write(tmp_path, parts))
    raw = workbook.sheet("Sheet")
    at = {number: place for place, number in enumerate(raw.numbers)}
    assert (raw.date1904, raw.state, workbook.state("b")) == (True, "visible", "hidden")
    assert raw.cell(at[3], 2) == dt.date(2023, 5, 1)
    assert raw.errors == {(at[4], 2): "#REF!"}
    assert raw.formats(0) == {at[3]: "0.00%"}
    assert raw.formats(1) == {at[4]: "0000"}
    assert list(raw.merged) == [((0, 0), (0, 2)), ((at[3], 0), (at[4], 0))]
