"""Outlines that lie all in one direction from the places of the ledger; invented places."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from greenland.park.outlines.messages import OutlineNotes
from greenland.park.outlines.shift import bd09, gcj02, shift_note

Point = np.ndarray
PLACES = np.array([[101.5031, 25.0012], [101.5094, 25.0044], [101.5127, 25.0091]])


def moved(*by: object, places: Point = PLACES) -> Point:
    return np.add(places, by[0] if len(by) == 1 else by)


def told(drawn: Point, listed: Point = PLACES) -> list[str]:
    notes = OutlineNotes("p.gpkg")
    shift_note(drawn, listed, notes)
    return [f"{problem.message} {problem.remedy}" for problem in notes.problems]


def each(there: Callable[[Point], Point], places: Point = PLACES) -> Point:
    return np.array([there(place) for place in places])


def test_a_place_as_maps_on_telephones_show_it() -> None:
    """The Forbidden City, as the test of eviltransform has it."""
    assert gcj02(np.array([116.404, 39.915])) == pytest.approx([116.410244, 39.916404], abs=1e-6)


@pytest.mark.parametrize(("there", "name"), [(gcj02, "GCJ-02"), (bd09, "BD-09")])
def test_the_datum_of_web_maps_is_recognised(there: Callable[[Point], Point], name: str) -> None:
    near = moved([[2e-4, -1e-4], [-1e-4, 1e-4], [0, 0]])  # any point of a parcel
    (text,) = told(each(there), near)
    assert f"图形像是 {name}" in text
    (text,) = told(near, each(there))
    assert f"台账的经纬度像是取自网络地图（{name}）" in text


def test_any_other_shift_is_told_with_its_size_and_way() -> None:
    (text,) = told(moved(0.0009, 0.0))
    assert "偏东，约 91 米" in text
    assert "西安80" in text


@pytest.mark.parametrize(
    ("drawn", "listed"),
    [
        (moved(0.0003, 0.0), PLACES),  # 30 m: any point of a parcel
        (moved(0.003, 0.0)[:2], PLACES[:2]),  # two may be slips
        (moved([[0.002, 0], [-0.002, 0], [0.0005, 0.002]]), PLACES),  # no common direction
        (moved(0.003, 0.0), PLACES.round(2)),  # places to a kilometre
        (PLACES, np.full((3, 2), np.nan)),
    ],
)
def test_nothing_is_told_without_evidence(drawn: Point, listed: Point) -> None:
    assert told(drawn, listed) == []
