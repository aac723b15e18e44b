"""Numbers by which files are read stand in one table with their reasons."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import ModuleType

import pytest
from literals import all_deciding, deciding, declared, readers

from greenland.energy.profiles import method as profiles
from greenland.method import constants, method_page, reasons
from greenland.park import method as park
from greenland.province import method as province

PAGE = Path(__file__).resolve().parents[2] / "docs" / "method-constants.md"
PARTS: dict[str, tuple[str, ModuleType]] = {
    "profiles": ("读负荷、出力、气象曲线和电费单", profiles),
    "park": ("读台账和宗地图形", park),
    "province": ("汇总和比较各园区", province),
}
# What is no reading, but a fact or a form, and why.
FACTS: dict[str, dict[str, set[tuple[str, str]]]] = {
    "profiles": {
        "hours, half-hours, minutes and seconds of a day; the days of a common year": {
            *(("clocks.py", name) for name in ("100", "23", "288", "4", "DAY", "SLOT_COUNTS")),
            ("columns.py", "DAY_COUNTS"),
            ("renewable/epw.py", "23"),
            ("renewable/epw.py", "PLAIN_YEAR"),
            ("renewable/synthetic.py", "_FINE_HOURS"),
            ("renewable/weather_readers.py", "_ROWS"),
            ("timeline.py", "HOURS_PER_YEAR"),
            ("times.py", "86400"),
        },
        "how years and months are written with two, four or six digits": {
            ("dates.py", "100"),
            *(("load/bill_dates.py", name) for name in ("10", "190001", "210012")),
        },
        "the calendar's zones, and Excel's numbers of 1970 and 2100": {
            ("times.py", "14"),
            ("times.py", "_SERIALS"),
        },
        "physics: the horizon, the standard atmosphere": {
            ("renewable/synthetic.py", "90"),
            ("renewable/power_curve.py", "STANDARD_DENSITY"),
            ("renewable/turbine.py", "REFERENCE_DENSITY"),
            *(("renewable/wind.py", name) for name in ("_GAS", "_GRAVITY", "_LAPSE")),
            *(("renewable/wind.py", name) for name in ("_SEA_LEVEL_K", "_SEA_LEVEL_PA")),
        },
        "the circle, and the code of reports for a direction that changes": {
            ("renewable/directions.py", "FULL_CIRCLE"),
            ("renewable/directions.py", "VARIABLE"),
        },
        "ten times a number of nines": {("renewable/measurements.py", "10")},
        "how much is listed or written": {
            ("quality.py", "SHOWN"),
            ("renewable/scada.py", "SHOWN"),
            ("store.py", "DECIMALS"),
        },
    },
    "park": {
        "digits of codes and of what Excel keeps": {
            *(("cells/codes.py", name) for name in ("10", "3", "EXACT_DIGITS")),
            ("codes.py", "CREDIT_LENGTH"),
            ("config.py", "4"),
            ("normal.py", "1e+15"),
        },
        "file formats": {
            *(("outlines/encodings.py", name) for name in ("127", "_HEADER")),
            *(("outlines/shapes.py", name) for name in ("AREAS", "COLLECTION", "LINES")),
            *(("workbook/cell_reader.py", name) for name in ("10", "6", "8", "_DAY_MS")),
            ("workbook/cell_reader.py", "_LEAP_BUG"),
            ("workbook/styles.py", "6"),
            *(("workbook/signs.py", name) for name in ("7", "9")),  # digits
            *(("workbook/survey.py", name) for name in ("7", "LAST_COLUMN", "LAST_ROW", "_PAD")),
            *(("workbook/huge.py", name) for name in ("3", "_MANY_DIGITS")),  # beyond a double
        },
        "maps: degrees, systems of coordinates, the earth": {
            *(("outlines/placing.py", name) for name in ("180", "4")),
            *(("outlines/systems.py", name) for name in ("180", "EARTH_KM", "FALSE_EASTING")),
            *(("outlines/systems.py", name) for name in ("LON_LAT", "LON_LAT_ALIKE", "ZONE")),
            ("outlines/systems.py", "TRANSVERSE_MERCATOR"),
            *(("outlines/shift.py", name) for name in ("_AXIS", "_ECCENTRICITY2")),
        },
        "rounding": {("checks/pairs.py", "_ROUNDING"), ("subtotals.py", "_EXACT")},
        "speed alone: which of two readers, and how much at a time": {
            ("rawsheet.py", "_TURNED"),
            ("writer.py", "_IN_MEMORY_ROWS"),
            *(("workbook/book.py", name) for name in ("_FREE_AREA", "_SPREAD")),
            ("workbook/mended.py", "_MOST_UNPACKED"),
        },
        "how much is listed, and how a written sheet looks": {
            ("inside.py", "80"),
            ("mapping/proposal.py", "_LISTED"),
            ("outlines/messages.py", "LISTED"),
            *(("problems.py", name) for name in ("LISTED", "MOST_OF_A_KIND")),
            ("sheet_choice.py", "_LISTED"),
            ("sheet_columns.py", "LISTED"),
            *(("writer.py", name) for name in ("1.6", "10", "6", "BLANK_ROWS")),
            *(("writer.py", name) for name in ("_A3", "_A4", "_WIDE")),
        },
    },
    "province": {
        "units": {("goals.py", "_WAN_PER_YI")},
        "the layout of a file": {("result.py", "FORMAT")},
        "how much is listed": {("park_work.py", "_TOLD")},
    },
}


@pytest.mark.parametrize("part", PARTS)
def test_every_number_has_its_reason_and_every_reason_its_number(part: str) -> None:
    module = PARTS[part][1]
    said = reasons(module)
    assert list(said) == list(constants(module))
    assert all(reason.decides and reason.why for reason in said.values())


@pytest.mark.parametrize("part", PARTS)
def test_every_constant_is_used(part: str) -> None:
    code = "\n".join(readers(part).values())
    assert [name for name in constants(PARTS[part][1]) if not re.search(rf"\b{name}\b", code)] == []


@pytest.mark.parametrize("part", PARTS)
def test_no_other_number_decides_how_a_file_is_read(part: str) -> None:
    texts = readers(part)
    found = all_deciding(texts) | {
        (at, name) for at, text in texts.items() for name in declared(text)
    }
    facts = set().union(*FACTS[part].values())
    assert found - facts == set(), "put it into method.py with its reason, or name it a fact"
    assert facts - found == set(), "gone"


@pytest.mark.parametrize("part", PARTS)
def test_a_number_put_into_a_reader_is_found(part: str) -> None:
    text = next(iter(readers(part).values()))
    hidden = "\n\n_MOST = 0.3\n\ndef hidden(share: float) -> bool:\n    return share > 0.7\n"
    assert {"0.7"} <= deciding(text + hidden)
    assert "_MOST" in declared(text + hidden)


def test_page_is_current() -> None:
    page = method_page(dict(PARTS.values()))
    if os.environ.get("GREENLAND_WRITE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "run with GREENLAND_WRITE_DOCS=1"
