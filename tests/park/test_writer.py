"""Workbooks written: what is written reads back the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from drawn import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sound_park import CONFIG, sound_rows, typed_tables

from greenland.errors import InputError
from greenland.i18n import use_language
from greenland.park import SHEETS, columns, read_park, table, write_blank, write_tables
from greenland.park.dictionary import ColumnType, choices
from greenland.park.writer import header_note
from greenland.textstore import plain_text_columns


def round_trip(folder: Path, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    (folder / "park.yaml").write_text(CONFIG, encoding="utf-8")
    write_tables(folder / "park.xlsx", tables)
    return dict(read_park(folder).tables)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_round_trip(tmp_path: Path, language: str) -> None:
    with plain_text_columns():
        tables = typed_tables(sound_rows())
    with use_language(language):
        back = round_trip(tmp_path, tables)
        assert read_park(tmp_path).problems == ()
    for sheet, frame in tables.items():
        pd.testing.assert_frame_equal(back[sheet], frame)


def test_written_in_english_reads_in_chinese(tmp_path: Path) -> None:
    tables = typed_tables(sound_rows())
    with use_language("en"):
        write_tables(tmp_path / "park.xlsx", tables)
    (tmp_path / "park.yaml").write_text(CONFIG, encoding="utf-8")
    assert read_park(tmp_path).problems == ()


# Only these match the patterns below; to find them in all of Unicode takes longer than the tests.
ASCII = st.characters(codec="ascii")


def matching(pattern: str) -> st.SearchStrategy[str]:
    """Texts that match a pattern whole."""
    return st.from_regex(pattern, fullmatch=True, alphabet=ASCII)


VALUES: dict[ColumnType, Any] = {
    ColumnType.TEXT: st.text(alphabet="甲乙丙abc（）、1", min_size=1).filter(
        lambda text: text.strip() == text
    ),
    ColumnType.CODE: matching(r"[A-Z]{2}-[0-9]{1,9}"),
    ColumnType.CODES: st.lists(matching(r"[A-Z]{2}-[0-9]{1,4}"), max_size=3).map(tuple),
    ColumnType.CREDIT_CODE: matching(r"91[0-9]{15}[0-9X]"),
    ColumnType.INDUSTRY_CODE: matching(r"[0-4][1-9][0-9]{0,2}"),
    ColumnType.BOOL: st.booleans(),
    ColumnType.DATE: st.dates(dt.date(1950, 1, 2), dt.date(2099, 1, 1)),
    ColumnType.YEAR: st.integers(1990, 2100),
    # Excel keeps 15 digits
    ColumnType.NUMBER: st.floats(0, 1e9).map(lambda x: float(f"{x:.12g}")),
    ColumnType.SHARE: st.floats(0, 1).map(lambda x: round(x, 6)),
}


@pytest.mark.slow
@settings(max_examples=examples(5, 15), suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_value_reads_back_the_same(tmp_path_factory: Any, data: st.DataObject) -> None:
    def value(item: Any) -> Any:
        if item.type is ColumnType.CHOICE:
            return data.draw(st.sampled_from([c.code for c in choices(item.choices)]))
        return data.draw(VALUES[item.type])

    rows = [{i.id: value(i) for i in columns("parcels")} for _ in range(2)]
    with plain_text_columns():
        frame = table("parcels", rows)
    back = round_trip(tmp_path_factory.mktemp("park"), {"parcels": frame})
    pd.testing.assert_frame_equal(back["parcels"], frame)


def test_same_tables_same_bytes(tmp_path: Path) -> None:
    tables = typed_tables(sound_rows())
    first = write_tables(tmp_path / "a.xlsx", tables).read_bytes()
    assert write_tables(tmp_path / "b.xlsx", tables).read_bytes() == first


def test_unknown_column_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="area"):
        write_tables(tmp_path / "park.xlsx", {"parcels": pd.DataFrame({"area": [1]})})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_blank_folder(tmp_path: Path, language: str) -> None:
    with use_language(language):
        written = write_blank(tmp_path / "new")
    assert [path.name for path in written] == ["park.yaml", "park.xlsx"]
    with pytest.raises(InputError, match="没有填写“园区名称”") as caught:
        read_park(tmp_path / "new")
    assert {p.code for p in caught.value.problems} == {
        "info_missing", "sample_row", "unfilled_codes", "no_rows",
    }  # fmt: skip


def test_blank_workbook_has_notes_lists_and_a_guide(tmp_path: Path) -> None:
    _yaml, path = write_blank(tmp_path)
    book = openpyxl.load_workbook(path)
    titles = [sheet.title for sheet in SHEETS.values()]
    assert book.sheetnames[: 2 + len(titles)] == ["填写说明", "园区信息", *titles]
    page = book["宗地台账"]
    heads = {cell.value: cell for cell in page[1]}
    assert set(heads) == {item.labelled_header for item in columns("parcels")}
    note = heads["宗地面积(亩)"].comment.text
    assert "单位：亩" in note
    assert "必填" in note
    lists = [v for v in page.data_validations.dataValidation if v.type == "list"]
    listed = [i for i in columns("parcels") if i.type in (ColumnType.CHOICE, ColumnType.BOOL)]
    assert len(lists) == len(listed)
    text = "\n".join(str(cell.value) for row in book["填写说明"].iter_rows() for cell in row)
    assert all(item.meaning in text for sheet in SHEETS for item in columns(sheet))


def test_drop_downs_hold_the_names_of_the_choices(tmp_path: Path) -> None:
    path = write_blank(tmp_path)[1]
    book = openpyxl.load_workbook(path)
    page = book["宗地台账"]
    place = next(i for i, item in enumerate(columns("parcels"), 1) if item.id == "land_use")
    rule = next(
        v
        for v in page.data_validations.dataValidation
        if v.type == "list" and (2, place) in {(r.min_row, r.min_col) for r in v.sqref.ranges}
    )
    sheet, cells = rule.formula1.lstrip("=").split("!")
    shown = [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]
    assert shown == [choice.zh for choice in choices("land_use")]


def test_existing_files_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "park.yaml").write_text("name: 我的", encoding="utf-8")
    with pytest.raises(InputError, match="没有覆盖"):
        write_blank(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["park.yaml"]


def test_note_of_a_choice_lists_its_names() -> None:
    item = next(item for item in columns("parcels") if item.id == "supply_state")
    assert "批而未供、已供应、尚可供应、不可供应" in header_note(item)
