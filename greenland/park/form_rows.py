"""Rows of the blank workbook that are no data: its sample row, and land codes left unfilled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from greenland.errors import Severity
from greenland.i18n import _, language
from greenland.park.dictionary import ColumnType, columns
from greenland.park.header_rows import Header
from greenland.park.normal import is_blank, listing, plain_text
from greenland.park.problems import ProblemCollector, SheetLocation, row_ranges
from greenland.park.rawsheet import RawSheet
from greenland.park.rows import RowKinds

# What the first cell of a sample row begins with.
_MARK = re.compile(r"(?:示例|example):", re.IGNORECASE)
_COMPARED = frozenset({ColumnType.NUMBER, ColumnType.SHARE})
# Invented values, in canonical form; the first column carries the mark.
SAMPLES: Mapping[str, Mapping[str, Any]] = {
    "overview": {"part": "", "approved_area_ha": 512.3, "planned_area_ha": 634.5,
                 "planned_industrial_ha": 456.7, "established": "2006-03-01"},
    "parcels": {"parcel_id": "GY-001", "area_mu": 45.67, "land_use": "industrial",
                "supply_state": "supplied", "supply_mode": "auction", "standard_land": True,
                "supply_date": "2023-05-18", "agreed_start_date": "2023-11-18",
                "actual_start_date": "2023-10-09", "fixed_investment_wan": 13456.7,
                "floor_area_m2": 34567.8},
    "firms": {"firm_id": "", "year": 2025, "above_scale": True, "industry_code": "3218",
              "land_mu": 45.67, "tax_wan": 678.9, "revenue_wan": 23456.7, "output_wan": 24567.8,
              "value_added_wan": 5678.9, "energy_tce": 3456.7},
    "pipeline": {"project_id": "XM-001", "industry_code": "3841",
                 "requested_area_mu": 56.78, "fixed_investment_wan": 23456.7,
                 "revenue_wan": 34567.8, "tax_wan": 987.6, "land_use": "industrial"},
    "land_use": {"year": "2025", "part": "main", "code": "A2", "area_ha": 234.56},
    "supply_history": {"year": "2025", "part": "main", "supplied_ha": 34.56,
                       "industrial_supplied_ha": 23.45, "standard_land_ha": 12.34},
    "indicators": {"year": "2025", "part": "main", "floor_area_m2": 3456789.0,
                   "building_base_m2": 1234567.0, "industrial_investment_wan": 987654.3,
                   "industrial_tax_wan": 34567.8},
    "firm_energy": {"firm_id": "", "year": 2025, "facility_id": "BD-01", "peak_mw": 12.34,
                    "guarantee_mw": 3.21, "month_1_mwh": 5678.9, "month_2_mwh": 4567.8,
                    "coal_t": 1234.5, "gas_wan_m3": 234.5},
    "power_facilities": {"facility_id": "BD-01", "facility_kind": "substation",
                         "voltage_kv": 66.0, "unit_kva": 12345.0, "units": 7.0},
    "power_months": {"year": "2026", "month": 1.0, "limit_mw": 123.4,
                     "contracted_mwh": 45678.9},
}  # fmt: skip


def sample_mark(value: object) -> str:
    """First cell of a sample row: the mark, and an example of what belongs there."""
    text = "示例：" if language() == "zh" else "Example: "
    return f"{text}{value}".strip()


def drop_form_rows(
    raw: RawSheet,
    header: Header,
    kinds: RowKinds,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    """Take the rows of the form out of the data, and say so."""
    samples = [row for row in kinds.data if _is_sample(raw, row)]
    unfilled = _unfilled_codes(raw, header, kinds, location)
    for rows, code, message, remedy in (
        (
            samples,
            "sample_row",
            _("示例行不作为数据，已略去。"),
            _("如果这一行是数据，请去掉行首的“示例：”。"),
        ),
        (
            unfilled,
            "unfilled_codes",
            _("只有地类代码、没有年度和面积的行没有读取。"),
            _("该地类没有土地时填 0；不做年度评价时可以留着。"),
        ),
    ):
        if rows:
            numbers = [raw.numbers[row] for row in rows]
            collector.sheet(
                location,
                Severity.NOTICE,
                code,
                message,
                remedy,
                row=numbers[0],
                got=row_ranges(numbers) if len(rows) > 1 else "",
            )
    left = {*samples, *unfilled}
    if left:
        kinds.data = [row for row in kinds.data if row not in left]
        location.left_out = sorted([*location.left_out, *(raw.numbers[row] for row in left)])
    _say_copied(raw, header, kinds, location, collector)


def _is_sample(raw: RawSheet, row: int) -> bool:
    cells = raw.rows[row]
    first = cells[0] if cells else None
    if is_blank(first):
        first = next((cell for cell in cells if not is_blank(cell)), None)
    if not isinstance(first, str) or not ("示例" in first or "xample" in first.lower()):
        return False  # folding every cell of a long ledger takes time
    return _MARK.match(plain_text(first)) is not None


def _unfilled_codes(
    raw: RawSheet, header: Header, kinds: RowKinds, location: SheetLocation
) -> list[int]:
    """Rows of the land-use table that hold nothing but the code the form came with."""
    places = {
        match.column.id: place
        for place, match in enumerate(header.matches)
        if match is not None and match.column.type is ColumnType.LAND_CODE
    }
    if location.sheet.id != "land_use" or not places:
        return []
    (place,) = set(places.values())
    return [
        row
        for row in kinds.data
        if [n for n, cell in enumerate(raw.rows[row]) if not is_blank(cell)] == [place]
    ]


def _say_copied(
    raw: RawSheet,
    header: Header,
    kinds: RowKinds,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    """Warn of a row that has lost the mark and kept amounts of the sample."""
    sample = SAMPLES[location.sheet.id]
    amounts = {item.id for item in columns(location.sheet.id) if item.type in _COMPARED}
    places = {
        place: sample[match.column.id]
        for place, match in enumerate(header.matches)
        if match is not None and match.column.id in amounts and match.column.id in sample
    }
    if len(places) < 2:
        return
    rows = [(row, raw.rows[row]) for row in kinds.data]
    same = Counter(
        row
        for place, value in places.items()
        for row, cells in rows
        if place < len(cells) and cells[place] == value
    )
    for row in [row for row in kinds.data if same[row] > 1] if same else ():
        collector.sheet(
            location,
            Severity.WARNING,
            "sample_kept",
            _("这一行的数值与示例行相同。"),
            _("请改为实际数据；不是数据时请删除这一行。"),
            row=raw.numbers[row],
            got=listing(str(value) for value in places.values()),
        )
