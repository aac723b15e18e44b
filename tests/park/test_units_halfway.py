"""A unit stated again between the rows: the same one is read, another refuses the column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from each import for_each
from sound_park import with_code

from greenland.park import Park

BARE = ["宗地编号", "宗地面积", "土地用途", "供应状态"]
FIRST, SECOND = ["ZD-1", 3, "工业", "已供应"], ["ZD-2", 4, "工业", "已供应"]
MU, HA = ["", "(亩)", "", ""], ["", "(公顷)", "", ""]

# rows, and the areas in 亩; none when another unit is stated halfway
TABLES: dict[str, tuple[list[list[Any]], list[float]]] = {
    "line": ([BARE, FIRST, ["单位：公顷"], SECOND], []),
    "line, own unit": (
        [["宗地编号", "宗地面积(亩)", *BARE[2:]], FIRST, ["单位：公顷"], SECOND],
        [],
    ),
    "title": ([["宗地台账(亩)"], BARE, FIRST, ["宗地台账(公顷)"], BARE, SECOND], []),
    "row of units": ([BARE, MU, FIRST, BARE, HA, SECOND], []),
    "row of units, only there": ([BARE, FIRST, BARE, HA, SECOND], []),
    "same line": ([["单位：公顷"], BARE, FIRST, ["单位：公顷"], BARE, SECOND], [45, 60]),
    "same row of units": ([BARE, MU, FIRST, BARE, MU, SECOND], [3, 4]),
    "other quantity": ([BARE, FIRST, ["单位：万元"], SECOND], [3, 4]),
    "below the data": ([BARE, FIRST, SECOND, ["单位：公顷"]], [45, 60]),
}


def test_units_stated_again(sheet_of: Callable[..., Park]) -> None:
    def check(name: str) -> None:
        rows, areas = TABLES[name]
        park = sheet_of({"宗地台账": rows})
        assert list(park.tables["parcels"]["area_mu"].dropna()) == areas
        assert bool(with_code(park.problems, "unit_halfway")) == (not areas)

    for_each(TABLES, check, str)
