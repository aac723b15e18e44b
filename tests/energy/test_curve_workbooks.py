"""Curves in workbooks: read within the same limits and with the same care as the ledgers."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from greenland.energy.profiles.load import meter
from greenland.energy.profiles.sheets import read_sheets
from greenland.errors import InputError

SHEET = "xl/worksheets/sheet1.xml"


def workbook(path: Path, spoilt: object = None, at: int = 30) -> Path:
    """Two days of 5 MW, hour by hour; in row *at* something else stands for the power."""
    book = openpyxl.Workbook()
    book.active.append(["时间", "负荷(MW)"])
    for time in pd.date_range("2025-01-01", periods=48, freq="h"):
        book.active.append([time.to_pydatetime(), 5])
    if spoilt is not None:
        book.active.cell(at, 2).value = spoilt
    book.save(path)
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path) as packed:
        parts = {item: packed.read(item) for item in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for item, text in {**parts, name: content}.items():
            packed.writestr(item, text)
    return path


def test_a_sound_workbook(tmp_path: Path) -> None:
    series = meter.load(workbook(tmp_path / "load.xlsx"), meter.MeterFormat())
    assert (series.sum(), len(series)) == (240.0, 48)


@pytest.mark.parametrize("spoilt", ["#REF!", "=1+4"], ids=["error", "formula without result"])
def test_what_is_no_number_is_named(tmp_path: Path, spoilt: str) -> None:
    series = meter.load(workbook(tmp_path / "load.xlsx", spoilt), meter.MeterFormat())
    told = {problem["code"]: problem for problem in series.attrs["quality"]["problems"]}
    place = told["reading_no_number"]
    assert (place["row"], place["got"]) == (30, spoilt)
    assert series.attrs["quality"]["verdict"] == "warning"


def test_an_odd_cell_elsewhere_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    path = workbook(tmp_path / "load.xlsx")
    with zipfile.ZipFile(path) as packed:
        text = packed.read(SHEET).decode()
    odd = text.replace("<sheetData>", "<sheetData><!-- written by another program -->")
    (sheet,) = read_sheets(with_part(path, SHEET, odd.encode()))
    (plain,) = read_sheets(workbook(tmp_path / "plain.xlsx"))
    assert [list(row) for row in sheet.rows] == [list(row) for row in plain.rows]


def test_a_swollen_archive_is_refused(tmp_path: Path) -> None:
    path = with_part(workbook(tmp_path / "load.xlsx"), "xl/worksheets/b.xml", bytes(30_000_000))
    with pytest.raises(InputError, match="超出限度"):
        read_sheets(path)


def test_an_unknown_sheet_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"没有工作表“负荷”.*允许：Sheet"):
        read_sheets(workbook(tmp_path / "load.xlsx"), sheet="负荷")


@pytest.mark.parametrize("name", ["load.xls", "load.et", "load.csv", "load.dat", "load.xlsx.gz"])
def test_the_content_tells_that_a_file_is_a_workbook(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / "load.xlsx", "#REF!")
    content = path.read_bytes()
    other = tmp_path / name
    other.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    series = meter.load(other, meter.MeterFormat())
    told = {problem["code"]: problem for problem in series.attrs["quality"]["problems"]}
    assert told["reading_no_number"]["got"] == "#REF!"


@pytest.mark.parametrize("name", ["load.xls", "load.csv"])
def test_a_swollen_archive_is_refused_whatever_its_name(tmp_path: Path, name: str) -> None:
    path = with_part(workbook(tmp_path / "load.xlsx"), "xl/worksheets/b.xml", bytes(30_000_000))
    with pytest.raises(InputError, match="超出限度"):
        read_sheets(path.rename(tmp_path / name))


def test_an_encrypted_workbook_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "load.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    with pytest.raises(InputError, match="加了密码"):
        read_sheets(path)


def test_a_workbook_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole file is not read to see of what kind it is."""
    monkeypatch.setattr("greenland.energy.profiles.sheets.open_bytes", None)
    (sheet,) = read_sheets(workbook(tmp_path / "load.xlsx"))
    assert len(sheet.rows) == 49


@pytest.mark.parametrize("form", ["0.000,", '0.0,"MW"', "0!.0,"])
def test_a_column_shown_in_thousands_is_asked_about(tmp_path: Path, form: str) -> None:
    """kW shown as MW under a header that says MW."""
    path = workbook(tmp_path / "load.xlsx")
    book = openpyxl.load_workbook(path)
    for row in range(2, 50):
        book.active.cell(row, 2).number_format = form
    book.save(path)
    with pytest.raises(InputError, match=r"存的是 5，数字格式.*不知道以哪个为准"):
        meter.load(path)


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "load.xlsx")
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book.active).sheet_state = "hidden"
    book.save(path)
    assert meter.load(path).sum() == 240.0
