"""Parcel outlines: areas on the ellipsoid, differences, overlaps, gaps, adjacency."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made_parks import made_park

from greenland.errors import MissingExtraError
from greenland.land import geometry, reallocate
from greenland.results import NotEvaluated

geopandas = pytest.importorskip("geopandas")
shapely = pytest.importorskip("shapely")
pyproj = pytest.importorskip("pyproj")

X, Y = 500_000.0, 2_760_000.0  # on the central meridian of EPSG:4543, near Kunming


def box(left: float, bottom: float, right: float, top: float) -> Any:
    """A rectangle, in metres from (X, Y)."""
    return shapely.box(X + left, Y + bottom, X + right, Y + top)


def outlines(shapes: dict[str, Any], crs: str = "EPSG:4543", column: str = "parcel_id") -> Any:
    return geopandas.GeoDataFrame({column: list(shapes)}, geometry=list(shapes.values()), crs=crs)


def check(shapes: dict[str, Any], areas: dict[str, float] | None = None) -> Any:
    ledger = areas or {name: shape.area * 15 / 10_000 for name, shape in shapes.items()}
    park = made_park(
        parcels=[
            {"parcel_id": name, "area_mu": area, "land_use": "industrial",
             "supply_state": "available"}
            for name, area in ledger.items()
        ]
    )  # fmt: skip
    park.geometry = outlines(shapes)
    result = geometry.evaluate(park)
    assert not isinstance(result, NotEvaluated)
    return result


def test_areas_are_those_of_the_ellipsoid() -> None:
    # on the central meridian of a Gauss-Kruger zone, scale 1, a map area is the true one
    found = check({"A": box(0, 0, 200, 100)}).differences.iloc[0]
    assert found["drawn_mu"] == pytest.approx(30.0, rel=1e-6)


def test_away_from_the_meridian_the_map_area_is_not_the_true_one() -> None:
    # scale at 130 km from the meridian 1 + x² / 2R² ≈ 1.000208, so the area is 0.042 % less
    far = shapely.box(X + 130_000, Y, X + 130_200, Y + 100)
    frame = outlines({"A": far}).to_crs("EPSG:4490")
    area = geometry.ellipsoidal_area_m2(frame)[0]
    assert area == pytest.approx(20_000 * (1 - 0.000416), rel=2e-5)


def test_the_area_of_a_degree_cell_on_the_equator() -> None:
    # closed form on GRS 80: one degree of longitude by one of latitude from the equator,
    # 12 308.78 km² (authalic formula)
    cell = outlines({"A": shapely.segmentize(shapely.box(102, 0, 103, 1), 0.01)}, "EPSG:4490")
    assert geometry.ellipsoidal_area_m2(cell)[0] / 1e6 == pytest.approx(_cell_km2(), rel=1e-6)


def _cell_km2() -> float:
    """Area of that cell by the closed formula of the ellipsoid's zone."""
    import math

    a, f = 6_378_137.0, 1 / 298.257222101
    e = math.sqrt(f * (2 - f))

    def q(latitude: float) -> float:
        s = math.sin(math.radians(latitude))
        return s / (1 - (e * s) ** 2) + math.atanh(e * s) / e

    b2 = a * a * (1 - e * e)
    return math.radians(1.0) * b2 / 2 * (q(1.0) - q(0.0)) / 1e6


def test_differences_over_one_percent_are_flagged() -> None:
    shapes = {"A": box(0, 0, 200, 100), "B": box(300, 0, 500, 100)}
    found = check(shapes, {"A": 30.29, "B": 30.31, "C": 10.0}).differences.set_index("parcel_id")
    assert found["state"].to_dict() == {"A": "met", "B": "failed", "C": "no_data"}
    assert found.loc["B", "difference"] == pytest.approx(30 / 30.31 - 1, rel=1e-4)
    assert found.loc["C", "reason"] == "没有图形"


def test_outlines_that_the_ledger_does_not_know() -> None:
    result = check({"A": box(0, 0, 200, 100), "Z": box(300, 0, 500, 100)}, {"A": 30.0})
    assert result.unknown == ("Z",)


def test_overlaps_are_found() -> None:
    result = check({"A": box(0, 0, 100, 200), "B": box(90, 0, 200, 200)})
    row = result.overlaps.iloc[0]
    assert (row["parcel_id"], row["other_id"]) == ("A", "B")
    assert row["overlap_m2"] == pytest.approx(2_000.0, rel=1e-5)


def test_parcels_that_only_touch_do_not_overlap() -> None:
    assert check({"A": box(0, 0, 100, 200), "B": box(100, 0, 200, 200)}).overlaps.empty


def test_a_sliver_between_parcels_is_a_gap_and_a_road_is_not() -> None:
    result = check(
        {"A": box(0, 0, 100, 200), "B": box(101, 0, 200, 200), "C": box(220, 0, 300, 200)}
    )
    assert len(result.gaps) == 1
    assert result.gaps.iloc[0]["area_m2"] == pytest.approx(200.0, rel=1e-5)
    assert not result.gaps.iloc[0]["enclosed"]


def test_a_hole_closed_in_by_parcels_is_a_gap_however_wide() -> None:
    ring = {
        "A": box(0, 0, 300, 100),
        "B": box(0, 100, 100, 200),
        "C": box(200, 100, 300, 200),
        "D": box(0, 200, 300, 300),
    }
    gaps = check(ring).gaps
    assert len(gaps) == 1
    assert gaps.iloc[0]["enclosed"]
    assert gaps.iloc[0]["area_m2"] == pytest.approx(10_000.0, rel=1e-5)


def test_adjacency_needs_a_common_side() -> None:
    shapes = {
        "A": box(0, 0, 100, 100),
        "B": box(100, 0, 200, 100),  # a side of 100 m with A
        "C": box(100, 100, 200, 200),  # a corner with A, a side with B
        "D": box(203, 0, 300, 100),  # 3 m from B
        "E": box(-95, 0, -1, 100),  # 1 m from A
    }
    park = made_park(parcels=[{"parcel_id": name} for name in shapes])
    park.geometry = outlines(shapes)
    found = geometry.adjacency(park)
    assert found == {"A": ("B", "E"), "B": ("A", "C"), "C": ("B",), "E": ("A",)}


def test_shared_lengths() -> None:
    row = check({"A": box(0, 0, 100, 100), "B": box(100, 40, 200, 140)}).adjacent.iloc[0]
    assert row["shared_m"] == pytest.approx(60.0, abs=2.0)


def test_shapes_for_the_map_are_simplified_and_in_degrees() -> None:
    rough = shapely.segmentize(box(0, 0, 200, 100), 5.0)
    result = check({"A": rough})
    rings = result.features[0]["rings"]
    assert len(rings) == 1
    assert len(rings[0]) == 5
    assert all(101.9999 < x < 102.1 and 24.9 < y < 25.0 for x, y in rings[0])


def test_several_outlines_of_one_parcel_are_one() -> None:
    park = made_park(parcels=[{"parcel_id": "A", "area_mu": 30.0}])
    frame = outlines({"A": box(0, 0, 100, 100), "B": box(300, 0, 400, 100)})
    frame["parcel_id"] = ["A", "A"]
    park.geometry = frame
    result = geometry.evaluate(park)
    assert not isinstance(result, NotEvaluated)
    assert result.differences.iloc[0]["drawn_mu"] == pytest.approx(30.0, rel=1e-6)
    assert len(result.features[0]["rings"]) == 2


def test_a_hole_is_taken_out_whichever_way_it_is_drawn() -> None:
    outer, hole = box(0, 0, 200, 100), box(50, 25, 150, 75)
    for ring in (hole.exterior, hole.exterior.reverse()):
        shape = shapely.Polygon(outer.exterior, [ring])
        drawn = check({"A": shape}, {"A": 22.5}).differences.iloc[0]["drawn_mu"]
        assert drawn == pytest.approx(22.5, rel=1e-6)


def test_heights_are_ignored() -> None:
    high = shapely.force_3d(box(0, 0, 200, 100), 1890.5)
    assert check({"A": high}, {"A": 30.0}).differences.iloc[0]["drawn_mu"] == pytest.approx(30.0)


def test_without_a_ledger_there_is_nothing_to_check_against() -> None:
    park = made_park()
    park.geometry = outlines({"A": box(0, 0, 200, 100)})
    result = geometry.evaluate(park)
    assert isinstance(result, NotEvaluated)
    assert "宗地台账没有数据" in str(result.reason)


def test_shapes_that_are_no_areas_leave_the_others_alone() -> None:
    park = made_park(parcels=[{"parcel_id": name, "area_mu": 30.0} for name in "ABC"])
    park.geometry = outlines({"A": box(0, 0, 200, 100), "B": shapely.Point(X, Y), "C": None})
    result = geometry.evaluate(park)
    assert not isinstance(result, NotEvaluated)
    assert result.differences["state"].tolist() == ["met", "no_data", "no_data"]
    park.geometry = outlines({"B": shapely.Point(X, Y)})
    assert isinstance(geometry.evaluate(park), NotEvaluated)


@pytest.mark.slow
def test_blocks_of_parcels_are_measured_alike_together_and_apart() -> None:
    """What a block of parcels gives does not depend on how many blocks there are."""
    block = {"A": box(0, 0, 100, 200), "B": box(101, 0, 200, 200), "C": box(95, 0, 120, 50)}
    one = check(block)
    many = check(
        {
            f"{name}{place}": shapely.affinity.translate(shape, 0, 300 * place)
            for place in range(3000)
            for name, shape in block.items()
        }
    )
    assert len(many.overlaps) == 3000 * len(one.overlaps)
    assert len(many.adjacent) == 3000 * len(one.adjacent)
    assert len(many.gaps) == 3000 * len(one.gaps)
    total = one.gaps["area_m2"].sum() * 3000
    assert many.gaps["area_m2"].sum() == pytest.approx(total, rel=2e-3)


def test_a_self_crossing_outline_is_mended() -> None:
    bow = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    found = check({"A": bow}, {"A": 7.5}).differences.iloc[0]
    assert found["drawn_mu"] == pytest.approx(7.5, rel=1e-6)


@settings(max_examples=examples(6, 15))
@given(east=st.floats(-120_000, 120_000), north=st.floats(-300_000, 300_000))
def test_areas_do_not_depend_on_the_zone_they_are_drawn_in(east: float, north: float) -> None:
    shape = shapely.box(X + east, Y + north, X + east + 300, Y + north + 200)
    one = outlines({"A": shape})
    other = one.to_crs("EPSG:4544")
    left, right = (
        geometry.ellipsoidal_area_m2(item.to_crs("EPSG:4490"))[0] for item in (one, other)
    )
    assert left == pytest.approx(right, rel=1e-7)


def test_without_outlines_everything_else_works() -> None:
    park = made_park(parcels=[{"parcel_id": "A", "area_mu": 30.0}])
    assert isinstance(geometry.evaluate(park), NotEvaluated)
    assert geometry.adjacency(park) == {}


def test_outlines_make_parcels_adjacent_for_the_re_allocation() -> None:
    rows = [
        {"parcel_id": name, "area_mu": 30.0, "land_use": "industrial",
         "supply_state": "available"}
        for name in ("A", "B")
    ]  # fmt: skip
    project = {"project_id": "P1", "project_name": "项目（虚构）", "requested_area_mu": 60.0,
               "tax_wan": 1.0}  # fmt: skip
    park = made_park(2026, parcels=rows, pipeline=[project])
    apart = reallocate.evaluate(park)
    park.geometry = outlines({"A": box(0, 0, 200, 100), "B": box(200, 0, 400, 100)})
    joined = reallocate.evaluate(park)
    assert not isinstance(apart, NotEvaluated)
    assert not isinstance(joined, NotEvaluated)
    assert len(apart.assignments) == 0
    assert joined.assignments["parcel_ids"].tolist() == [["A", "B"]]


def test_without_the_libraries_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    park = made_park(parcels=[{"parcel_id": "A", "area_mu": 30.0}])
    park.geometry = outlines({"A": box(0, 0, 200, 100)})

    def gone(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", gone)
    with pytest.raises(MissingExtraError, match=r"核对宗地图形需要附加组件.*greenland\[gis\]"):
        geometry.evaluate(park)


SHAPES = {"A": box(0, 0, 200, 100), "B": box(200, 0, 400, 100)}


def test_the_record_is_json_ready() -> None:
    record = json.loads(json.dumps(check(SHAPES).to_record(), allow_nan=False))
    assert record["totals"]["drawn"] == 2
    assert record["features"][0]["parcel_id"] == "A"


def test_parcels_that_stand_in_a_hole_are_not_part_of_it() -> None:
    ring = {
        "A": box(0, 0, 300, 100),
        "B": box(0, 100, 100, 200),
        "C": box(200, 100, 300, 200),
        "D": box(0, 200, 300, 300),
        "E": box(120, 120, 180, 180),
    }
    gaps = check(ring).gaps
    assert gaps["area_m2"].tolist() == pytest.approx([10_000.0 - 3_600.0], rel=1e-5)
