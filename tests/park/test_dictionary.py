"""The column dictionary is whole, and tables made from it are typed."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from each import for_each

from greenland.evaluations import EVALUATIONS
from greenland.i18n import use_language
from greenland.park import SHEETS, Column, ColumnType, choices, columns, empty_table, table
from greenland.park.dictionary import UNITS_EN, choice_name, column
from greenland.textstore import plain_text_columns
from greenland.units import factor

ALL = [item for sheet in SHEETS for item in columns(sheet)]


def test_every_column_is_defined() -> None:
    for_each(ALL, is_defined, lambda item: f"{item.sheet}.{item.id}")


def is_defined(item: Column) -> None:
    assert item.header_zh
    assert item.header_en
    assert item.meaning_zh
    assert item.meaning_en
    assert set(item.touches) <= set(EVALUATIONS)
    if item.required:
        assert item.touches
    if item.type is ColumnType.CHOICE:
        assert choices(item.choices)
    if item.type is ColumnType.SHARE:
        assert item.unit == "%"
        rate = item.id.startswith("growth")  # of change, which may fall and more than double
        assert (item.minimum, item.maximum) == ((-1.0, None) if rate else (0.0, 1.0))
    if item.numeric and item.unit:
        assert item.unit == "%" or item.unit in UNITS_EN or factor(item.unit, item.unit) == 1.0


def test_ids_are_unique_in_their_sheet() -> None:
    for sheet in SHEETS:
        ids = [item.id for item in columns(sheet)]
        assert len(ids) == len(set(ids))


def test_keys_are_columns() -> None:
    for sheet in SHEETS.values():
        assert set(sheet.key) <= {item.id for item in columns(sheet.id)}


def test_choices_are_unique_in_their_list() -> None:
    for item in ALL:
        if item.choices:
            words = [w for c in choices(item.choices) for w in (c.zh, c.code, *c.synonyms)]
            owners = {w: c for c in choices(item.choices) for w in (c.zh, c.code, *c.synonyms)}
            for choice in choices(item.choices):
                assert owners[choice.zh] is choice
            assert words


@pytest.mark.parametrize("sheet", SHEETS)
def test_empty_tables_have_every_column_and_type(sheet: str) -> None:
    frame = empty_table(sheet)
    assert list(frame.columns) == [item.id for item in columns(sheet)]
    assert frame.index.name == "row"
    for item in columns(sheet):
        if item.type is not ColumnType.DATE:
            assert str(frame[item.id].dtype) == item.dtype
        assert frame[item.id].dtype == table(sheet, [{}])[item.id].dtype


def test_an_empty_table_has_the_texts_of_where_it_is_made() -> None:
    """Whether one was made first while a park was read, or elsewhere."""
    with plain_text_columns():
        inside = empty_table("parcels")["parcel_id"].dtype
        assert inside == table("parcels", [{}])["parcel_id"].dtype
    assert empty_table("parcels")["parcel_id"].dtype == table("parcels", [{}])["parcel_id"].dtype


def test_table_from_canonical_values() -> None:
    frame = table(
        "parcels",
        [{"parcel_id": "a", "supply_date": dt.date(2023, 5, 1), "standard_land": True}, {}],
    )
    assert list(frame.index) == [2, 3]
    assert frame.loc[2, "supply_date"] == pd.Timestamp(2023, 5, 1)
    assert frame["adjacent_parcels"].tolist() == [(), ()]
    assert frame["standard_land"].isna().tolist() == [False, True]


def test_unknown_column_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="是否应为“area_mu”"):
        table("parcels", [{"area_my": 1}])


def test_unknown_sheet_and_column() -> None:
    with pytest.raises(KeyError):
        columns("parcel")
    with pytest.raises(KeyError, match=r"parcels\.area"):
        column("parcels", "area")


def test_names_follow_the_language() -> None:
    item = column("parcels", "area_mu")
    assert item.labelled_header == "宗地面积(亩)"
    assert choice_name("land_use", "industrial") == "工业"
    with use_language("en"):
        assert item.labelled_header == "parcel area(mu)"
        assert item.meaning == item.meaning_en
        assert SHEETS["parcels"].title == "Parcels"
        assert choice_name("land_use", "industrial") == "industrial"
    assert choice_name("land_use", "unheard") == "unheard"
