"""Outline files as offices send them: read right, or told; invented data throughout."""

from __future__ import annotations

import builtins
import json
import os
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from greenland.errors import InputError, Problem
from greenland.park.outlines import outlines_of, read_outlines
from greenland.rules import load_rulebook

geopandas = pytest.importorskip("geopandas")
shapely = pytest.importorskip("shapely")
pyproj = pytest.importorskip("pyproj")

X, Y = 500_000.0, 2_760_000.0  # on the central meridian of EPSG:4543, 102°E, near 24.95°N
RULES = load_rulebook(("national", "yunnan"), 2025)
NOWHERE = (float("nan"), float("nan"))
LEDGER = {"A": NOWHERE, "B": NOWHERE}


def box(left: float, bottom: float, right: float, top: float, x: float = X, y: float = Y) -> Any:
    """A rectangle, in metres from (x, y)."""
    return shapely.box(x + left, y + bottom, x + right, y + top)


SHAPES = {"A": box(0, 0, 200, 100), "B": box(200, 0, 400, 100)}  # 20 000 ㎡ each


def outlines(shapes: dict[str, Any], crs: Any = "EPSG:4543", column: str = "parcel_id") -> Any:
    return geopandas.GeoDataFrame({column: list(shapes)}, geometry=list(shapes.values()), crs=crs)


def written(path: Path, frame: Any, **more: Any) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # writing without a reference system warns
        frame.to_file(path, **more)
    return path


def geojson(
    path: Path, *shapes: tuple[Any, Any], crs: str | None = None, encoding: str = "utf-8"
) -> Path:
    """A GeoJSON file of parcel numbers and shapes (as JSON)."""
    features = [
        {"type": "Feature", "properties": {"宗地编号": number}, "geometry": shape}
        for number, shape in shapes
    ]
    content: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding=encoding)
    return path


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": rings}


def square(x: float, y: float, width: float, height: float) -> list[list[float]]:
    return [[x, y], [x + width, y], [x + width, y + height], [x, y + height], [x, y]]


def degrees(shape: Any) -> Any:
    """A shape of EPSG:4543 in longitude and latitude."""
    return geopandas.GeoSeries([shape], crs="EPSG:4543").to_crs("EPSG:4490").iloc[0]


def as_json(shape: Any) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return result


def areas(frame: Any) -> dict[str, float]:
    """Area [㎡] by parcel number, on an equal-area plane."""
    plane = frame.to_crs("+proj=laea +lat_0=25 +lon_0=102 +ellps=GRS80")
    return dict(zip(frame["parcel_id"], plane.area, strict=True))


def read(path: Path, **more: Any) -> tuple[Any, list[Problem]]:
    return read_outlines(path, RULES, **{"ledger": LEDGER, **more})


def check_both(path: Path, **more: Any) -> list[Problem]:
    """Both parcels are there with their area; returns what is told."""
    frame, problems = read(path, **more)
    assert areas(frame) == pytest.approx({"A": 20_000, "B": 20_000}, rel=1e-4)
    assert frame.crs.to_epsg() == 4490
    bounds = frame.total_bounds
    assert bounds == pytest.approx([102.0, 24.94, 102.004, 24.95], abs=0.02)
    return problems


@pytest.mark.parametrize(
    ("name", "crs", "column", "more"),
    [
        ("p.gpkg", "EPSG:4543", "宗地编号", {}),
        ("p.geojson", "EPSG:4490", "宗地编号", {}),
        ("p.shp", "EPSG:4543", "ZDBH", {}),
        ("p.shp", "EPSG:4543", "zddm", {}),
        ("p.shp", "EPSG:4543", "宗地编号", {"encoding": "GBK"}),
        ("p.kml", "EPSG:4326", "宗地编号", {"driver": "LIBKML"}),
        ("p.gpkg", "EPSG:4522", "宗地 编号", {}),
        ("p.gpkg", "EPSG:2358", "宗地编号", {}),
        ("p.gpkg", "EPSG:2431", "宗地编号", {}),
        ("p.gpkg", "EPSG:32648", "不动产单元号", {}),
    ],
    ids=["GeoPackage", "GeoJSON", "shapefile", "shapefile, other field", "shapefile in GBK",
         "KML", "zone number", "Xian 1980", "Beijing 1954", "UTM"],
)  # fmt: skip
def test_formats(tmp_path: Path, name: str, crs: str, column: str, more: dict[str, Any]) -> None:
    frame = outlines(SHAPES, column=column).to_crs(crs)
    told = {item.code for item in check_both(written(tmp_path / name, frame, **more))}
    assert told <= ({"geometry_datum"} if crs in ("EPSG:2358", "EPSG:2431") else set())


def test_an_old_datum_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "p.gpkg", outlines(SHAPES).to_crs("EPSG:2358"))
    assert "西安80" in check_both(path)[0].message


def test_wgs84_is_taken_as_it_stands(tmp_path: Path) -> None:
    # what PROJ makes of it: the two systems share axes and, to the centimetre, the ellipsoid
    drawn = outlines(SHAPES).to_crs("EPSG:4326")
    frame, _problems = read(written(tmp_path / "p.gpkg", drawn))
    assert frame.geometry.tolist() == drawn.to_crs("EPSG:4490").geometry.tolist()


# ---- reference systems -------------------------------------------------------------------


def shifted(by: float) -> dict[str, Any]:
    return {
        name: shapely.transform(shape, lambda xy: np.add(xy, [by, 0]))
        for name, shape in SHAPES.items()
    }


def swapped(shapes: dict[str, Any]) -> dict[str, Any]:
    return {
        name: shapely.transform(shape, lambda xy: xy[:, ::-1]) for name, shape in shapes.items()
    }


DEGREES = {name: degrees(shape) for name, shape in SHAPES.items()}


@pytest.mark.parametrize(
    ("shapes", "crs", "told"),
    [
        (shifted(34e6), "EPSG:4543", "带号 34.*已去掉带号"),
        (shifted(34e6), None, "带号 34.*EPSG:4522"),
        (shifted(34e6), "EPSG:4326", "带号 34.*EPSG:4522"),
        (shifted(34e6), "EPSG:4610", "带号 34.*EPSG:2358"),
        (SHAPES, "EPSG:4522", "横坐标没有带号"),
        (swapped(SHAPES), "EPSG:4543", "北）在前"),
        (swapped(shifted(34e6)), "EPSG:4543", "带号 34.*北）在前"),
        (swapped(shifted(34e6)), None, "带号 34.*北）在前"),
        (swapped(DEGREES), "EPSG:4490", "纬度在前"),
        (swapped(DEGREES), None, "纬度在前"),
        (DEGREES, None, "没有写坐标系"),
        (DEGREES, "EPSG:4543", "按经纬度.*不在国内"),
    ],
    ids=["zone number beside a system without", "zone number, no system",
         "zone number called degrees", "zone number, geographic Xian 1980", "zone number missing",
         "northing first", "northing first, zone number", "northing first, zone, no system",
         "latitude first", "latitude first, no system", "degrees, no system",
         "degrees called metres"],
)  # fmt: skip
def test_coordinates_that_contradict_their_system(
    tmp_path: Path, shapes: dict[str, Any], crs: str | None, told: str
) -> None:
    problems = check_both(written(tmp_path / "p.shp", outlines(shapes, crs, "ZDBH")))
    assert any(
        item.code == "geometry_crs" and re.search(told, item.message) for item in problems
    ), [item.message for item in problems]


def test_zones_of_six_degrees_are_known_by_their_number(tmp_path: Path) -> None:
    # zone 18 of 6° has its central meridian at 105°E: 3° east of the parcels
    frame = outlines(SHAPES).to_crs("EPSG:4496").set_crs(None, allow_override=True)
    problems = check_both(written(tmp_path / "p.shp", frame.rename(columns={"parcel_id": "ZDBH"})))
    assert "带号 18" in problems[0].message


def test_a_zone_number_against_the_stated_meridian_is_a_question(tmp_path: Path) -> None:
    path = written(tmp_path / "p.shp", outlines(shifted(34e6), "EPSG:4544", "ZDBH"))
    with pytest.raises(InputError, match=r"带号 34 与坐标系.*不一致"):
        read(path)


@pytest.mark.parametrize(
    ("crs", "message"), [(None, "没有坐标系"), ("EPSG:4326", "不是经纬度，而是米")]
)
def test_metres_without_a_meridian_are_a_question(
    tmp_path: Path, crs: str | None, message: str
) -> None:
    path = written(tmp_path / "p.shp", outlines(SHAPES, crs, "ZDBH"))
    with pytest.raises(InputError, match=rf"{message}.*EPSG:4490.*crs: EPSG"):
        read(path)
    assert check_both(path, crs="EPSG:4543") == []
    with pytest.raises(InputError, match=r"crs 不是可用的坐标系.*EPSG:99999"):
        read(path, crs="EPSG:99999")


def test_the_places_of_the_ledger_tell_the_meridian(tmp_path: Path) -> None:
    path = written(tmp_path / "p.shp", outlines(SHAPES, None, "ZDBH"))
    problems = check_both(path, ledger={"A": (102.001, 24.945), "B": NOWHERE})
    assert "CM 102E" in problems[0].message


def test_outlines_far_from_the_places_of_the_ledger_are_told(tmp_path: Path) -> None:
    path = written(tmp_path / "p.gpkg", outlines(SHAPES))
    frame, problems = read(path, ledger={"A": (102.001, 24.945), "B": (103.0, 24.9)})
    assert len(frame) == 2
    assert [(item.code, item.message) for item in problems] == [
        ("geometry_place", "1 个图形距台账所填经纬度超过 10 公里：B")
    ]


def test_eastings_far_from_their_zone_are_told(tmp_path: Path) -> None:
    """No zone of 3° reaches 250 km from its meridian; one of 6° does."""
    west = {name: shapely.transform(s, lambda xy: xy - [260_000, 0]) for name, s in SHAPES.items()}
    shapes = {"A": SHAPES["A"], "B": west["B"]}
    told = [item.message for item in read(written(tmp_path / "p.gpkg", outlines(shapes)))[1]]
    assert any("中央经线超过 250 公里" in text and text.endswith("：B") for text in told)
    wide = written(tmp_path / "w.gpkg", outlines(west, "EPSG:4507"))  # 6°, 99°E without number
    assert "geometry_zone" not in [item.code for item in read(wide)[1]]


def test_a_stray_outline_is_told_and_the_others_stay(tmp_path: Path) -> None:
    # 20° west lies outside the country; 6° east is 600 km from the others, out of Yunnan
    shapes = [("A", as_json(DEGREES["A"])), ("B", as_json(DEGREES["B"]))]
    for name, shift in (("C", -40.0), ("D", 6.0)):
        moved = shapely.transform(DEGREES["A"], lambda xy, by=shift: np.add(xy, [by, 0]))
        shapes.append((name, as_json(moved)))
    path = geojson(tmp_path / "p.geojson", *shapes)
    frame, problems = read(path, ledger={**LEDGER, "C": NOWHERE, "D": NOWHERE})
    assert frame["parcel_id"].tolist() == ["A", "B", "D"]
    told = {item.code: item.message for item in problems}
    assert told["geometry_place"] == "1 个图形的坐标不在国内，未采用：C"
    assert told["geometry_far"] == "1 个图形距其他图形超过 100 公里：D"


def test_outlines_outside_the_region_of_the_packs_are_told(tmp_path: Path) -> None:
    moved = {n: shapely.transform(s, lambda xy: np.add(xy, [10, 5])) for n, s in DEGREES.items()}
    _frame, problems = read(written(tmp_path / "p.gpkg", outlines(moved, "EPSG:4490")))
    assert [item.code for item in problems] == ["geometry_region"]


# ---- shapes ------------------------------------------------------------------------------

GOOD = as_json(DEGREES["B"])
RING = as_json(DEGREES["A"])["coordinates"][0]


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ({"type": "Polygon", "coordinates": [RING[::-1]]}, None),
        ({"type": "Polygon", "coordinates": [[[*xy, 1890.5] for xy in RING]]}, None),
        ({"type": "Polygon", "coordinates": [RING[:-1]]}, "geometry_ring"),
        ({"type": "MultiPolygon", "coordinates": [[RING]]}, None),
        ({"type": "LineString", "coordinates": RING}, "geometry_line_closed"),
        ({"type": "MultiLineString", "coordinates": [RING[:3], RING[2:]]}, "geometry_line_closed"),
        ({"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "coordinates": [RING]}, {"type": "Point", "coordinates": RING[0]}]},
         "geometry_parts_left_out"),
        ({"type": "GeometryCollection", "geometries": [
            {"type": "GeometryCollection", "geometries": [
                {"type": "Polygon", "coordinates": [RING]}]}]}, None),
        ({"type": "Polygon", "coordinates": [[*RING, RING[1], RING[0]]]}, "geometry_mended"),
    ],
    ids=["clockwise", "heights", "open ring", "parts", "closed line", "lines that close together",
         "collection", "nested collection", "spike"],
)  # fmt: skip
def test_shapes_that_are_areas(tmp_path: Path, shape: Any, code: str | None) -> None:
    problems = check_both(geojson(tmp_path / "p.geojson", ("A", shape), ("B", GOOD)))
    assert [item.code for item in problems] == ([code] if code else [])


@pytest.mark.parametrize(
    ("shape", "code", "words"),
    [
        (None, "geometry_missing", "没有形状"),
        ({"type": "Polygon", "coordinates": []}, "geometry_missing", "没有形状"),
        ({"type": "Polygon", "coordinates": [[["x", 25], *RING]]}, "geometry_missing", "无法读出"),
        ({"type": "LineString", "coordinates": RING[:-1]}, "geometry_open_line", "没有闭合的线"),
        ({"type": "Point", "coordinates": RING[0]}, "geometry_point", "是点"),
        ({"type": "Polygon", "coordinates": [[*RING[:2], RING[0]]]}, "geometry_no_area",
         "面积为零"),
        ({"type": "Polygon", "coordinates": [[[1e999, 25], *RING[1:-1], [1e999, 25]]]},
         "geometry_not_finite", "不是有限的数"),
    ],
)  # fmt: skip
def test_an_outline_that_is_no_area_costs_itself(
    tmp_path: Path, shape: Any, code: str, words: str
) -> None:
    frame, problems = read(geojson(tmp_path / "p.geojson", ("A", shape), ("B", GOOD)))
    assert frame["parcel_id"].tolist() == ["B"]
    assert frame.index.tolist() == [2]
    told = {item.code: item.message for item in problems}
    assert words in told[code]
    assert told[code].endswith("A")
    with pytest.raises(InputError, match=rf"{words}[^\n]*A\n.*没有可用的宗地图形"):
        read(geojson(tmp_path / "q.geojson", ("A", shape)))


def test_holes_in_any_direction(tmp_path: Path) -> None:
    hole = as_json(degrees(box(50, 25, 150, 75)))["coordinates"][0]
    for ring in (hole, hole[::-1]):
        frame, _told = read(geojson(tmp_path / "p.geojson", ("A", polygon(RING, ring))))
        assert areas(frame) == pytest.approx({"A": 15_000}, rel=1e-4)


def test_closed_lines_inside_others_are_holes(tmp_path: Path) -> None:
    hole = as_json(degrees(box(50, 25, 150, 75)))["coordinates"][0]
    lines = {"type": "MultiLineString", "coordinates": [RING, hole]}
    frame, _told = read(geojson(tmp_path / "p.geojson", ("A", lines)))
    assert areas(frame) == pytest.approx({"A": 15_000}, rel=1e-4)


# ---- parcel numbers ----------------------------------------------------------------------


def test_numbers_are_folded_as_the_ledger_folds_them(tmp_path: Path) -> None:
    shape = as_json(DEGREES["A"])
    names = ["ＺＤ－０１", "G 02", "G〔3〕", "004", "b5", 6, 7.0]
    ledger = ["ZD-01", "G02", "G(3)", "4", "B5", "6", "7"]
    path = geojson(tmp_path / "p.geojson", *((name, shape) for name in names))
    frame, problems = read(path, ledger=dict.fromkeys(ledger, NOWHERE))
    assert frame["parcel_id"].tolist() == ledger
    assert [(item.code, item.message) for item in problems] == [
        (
            "geometry_number",
            "3 个编号只有大小写、前导零或小数零与台账不同，视为同一宗：b5→B5、004→4、7.0→7",
        )
    ]


def test_a_number_alike_to_two_is_none_of_them(tmp_path: Path) -> None:
    path = geojson(tmp_path / "p.geojson", ("04", GOOD), ("B", GOOD))
    frame, problems = read(path, ledger=dict.fromkeys(["4", "004", "B"], NOWHERE))
    assert frame["parcel_id"].tolist() == ["04", "B"]
    assert {item.code for item in problems} == {"geometry_unknown", "geometry_undrawn"}


def test_what_does_not_meet_the_ledger_is_told(tmp_path: Path) -> None:
    path = geojson(tmp_path / "p.geojson", ("A", GOOD), ("A", GOOD), ("Z", GOOD), (None, GOOD))
    _frame, problems = read(path)
    assert {item.code: item.message for item in problems} == {
        "geometry_number": "1 个图形没有宗地编号，未采用：第 4 个图形",
        "geometry_unknown": "1 个图形的编号不在宗地台账中：Z",
        "geometry_several": "1 宗有多个图形，合并为一宗：A",
        "geometry_undrawn": "宗地台账中 1 宗没有图形：B",
    }


def test_the_field_is_known_by_its_values(tmp_path: Path) -> None:
    path = written(tmp_path / "p.gpkg", outlines(SHAPES, column="编号"))
    assert [item.code for item in check_both(path)] == ["geometry_column"]
    with pytest.raises(InputError, match=r"没有宗地编号字段.*是否应将“编号”改名"):
        read(path, ledger={"X": NOWHERE})


# ---- encodings, layers, archives, drawings -----------------------------------------------


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("field", ["ZDBH", "宗地"])
def test_tables_that_do_not_say_their_encoding(tmp_path: Path, encoding: str, field: str) -> None:
    shapes = {"云经开-01": SHAPES["A"], "云经开-02": SHAPES["B"]}
    path = written(tmp_path / "p.shp", outlines(shapes, column=field), encoding=encoding)
    (tmp_path / "p.cpg").unlink()
    frame, problems = read(path, ledger=dict.fromkeys(shapes, NOWHERE))
    assert frame["parcel_id"].tolist() == list(shapes)
    assert encoding in next(item for item in problems if item.code == "geometry_encoding").message


def test_a_table_that_states_the_wrong_encoding(tmp_path: Path) -> None:
    shapes = {"云经开-01": SHAPES["A"], "云经开-02": SHAPES["B"]}
    path = written(tmp_path / "p.shp", outlines(shapes, column="ZDBH"), encoding="GBK")
    (tmp_path / "p.cpg").write_text("UTF-8")
    assert read(path, ledger=dict.fromkeys(shapes, NOWHERE))[0]["parcel_id"].tolist() == list(
        shapes
    )


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-8-sig"])
def test_geojson_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    shapes = [(name, as_json(shape)) for name, shape in DEGREES.items()]
    told = check_both(geojson(tmp_path / "p.geojson", *shapes, encoding=encoding))
    assert len(told) == (encoding != "utf-8-sig")


def test_several_layers(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    half = {name: box(0, 0, 100, 100) for name in SHAPES}
    written(path, outlines({"x": SHAPES["A"]}, column="道路"), layer="道路")
    written(path, outlines(half), layer="宗地_2019")
    written(path, outlines(SHAPES), layer="宗地_2025")
    frame, told = read(path)
    assert areas(frame)["A"] == pytest.approx(10_000, rel=1e-4)
    assert str(told[0].severity) == "warning"
    assert "读取的是“宗地_2019”" in told[0].message
    assert "layer" in told[0].remedy
    told = check_both(path, layer="宗地_2025")
    assert [str(item.severity) for item in told] == ["notice"]
    with pytest.raises(InputError, match=r"没有图层“宗地_2020”.*宗地_2019、宗地_2025"):
        read(path, layer="宗地_2020")


class GbkName(zipfile.ZipInfo):
    """A member whose name is written in GBK and not marked, as Chinese software does."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def zipped(path: Path, files: dict[str, Path], gbk: bool = False) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            item = GbkName(name) if gbk else zipfile.ZipInfo(name)
            archive.writestr(item, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return path


@pytest.mark.parametrize("gbk", [False, True])
def test_archives(tmp_path: Path, gbk: bool) -> None:
    written(tmp_path / "p.shp", outlines(SHAPES, column="ZDBH"))
    files = {f"图形/宗地{s}": tmp_path / f"p{s}" for s in (".shp", ".shx", ".dbf", ".prj", ".cpg")}
    path = zipped(tmp_path / "p.zip", files, gbk)
    assert check_both(path) == []
    geojson(tmp_path / "q.geojson", ("A", GOOD))
    path = zipped(tmp_path / "q.zip", {**files, "旧.geojson": tmp_path / "q.geojson"}, gbk)
    assert [item.code for item in check_both(path)] == ["geometry_layer"]
    frame, _told = read(path, layer="旧")
    assert frame["parcel_id"].tolist() == ["A"]


def test_names_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    geojson(tmp_path / "q.geojson", ("A", GOOD))
    path = zipped(tmp_path / "p.zip", {"../../evil.geojson": tmp_path / "q.geojson"})
    assert read(path)[0]["parcel_id"].tolist() == ["A"]
    assert not (tmp_path.parent / "evil.geojson").exists()


def test_archives_that_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from greenland.park.outlines import source

    path = geojson(tmp_path / "q.geojson", ("A", GOOD))
    archive = zipped(tmp_path / "p.zip", {"q.geojson": path})
    content = bytearray(archive.read_bytes())
    content[60] ^= 0xFF
    (tmp_path / "broken.zip").write_bytes(content)
    with pytest.raises(InputError, match="压缩包损坏"):
        read(tmp_path / "broken.zip")
    monkeypatch.setattr(source, "MAX_UNPACKED", 100)
    with pytest.raises(InputError, match="解开后过大"):
        read(archive)


def test_a_drawing_gives_closed_lines_and_labels(tmp_path: Path) -> None:
    """A DXF drawing: frames and roads around two parcels with their numbers as texts."""
    lines = [SHAPES["A"].exterior, SHAPES["B"].exterior, box(-50, -50, 450, 150).exterior,
             shapely.LineString([(X, Y - 20), (X + 400, Y - 20)])]  # fmt: skip
    path = tmp_path / "p.dxf"
    written(path, geopandas.GeoDataFrame(geometry=lines), driver="DXF")
    content = path.read_text(encoding="utf-8")
    texts = "".join(
        f"0\nTEXT\n8\n注记\n10\n{X + x}\n20\n{Y + 50}\n40\n5\n1\n{name}\n"
        for name, x in (("A", 100), ("B", 300), ("厂房", 150))
    )
    start = content.rindex("  0\nENDSEC", 0, content.rindex("EOF"))
    entities = content.index("ENTITIES")
    start = content.index("  0\nENDSEC", entities)
    path.write_text(content[:start] + texts + content[start:], encoding="utf-8")
    problems = check_both(path, crs="EPSG:4543")
    assert [item.code for item in problems] == ["geometry_label"]
    with pytest.raises(InputError, match="没有坐标系"):
        read(path)
    with pytest.raises(InputError, match="没有内含宗地编号注记的闭合线"):
        read(path, crs="EPSG:4543", ledger={"X": NOWHERE})


# ---- files that cannot be read -----------------------------------------------------------


def test_parcel_numbers_are_text(tmp_path: Path) -> None:
    frame = outlines(SHAPES)
    frame["parcel_id"] = [530101, 530102]
    path = written(tmp_path / "p.gpkg", frame)
    assert read(path)[0]["parcel_id"].tolist() == ["530101", "530102"]


def _broken(folder: Path) -> str:
    (folder / "p.geojson").write_text("{", encoding="utf-8")
    return "p.geojson"


def _format(folder: Path) -> str:
    (folder / "p.dwg").write_text("0")
    return "p.dwg"


def _outside(folder: Path) -> str:
    geojson(folder.parent / "outside.geojson", ("A", GOOD))
    return "../outside.geojson"


def _pipe(folder: Path) -> str:
    os.mkfifo(folder / "pipe.geojson")
    return "pipe.geojson"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: "none.gpkg", "找不到图形文件"),
        (_format, r"不支持的图形文件格式.*\.dwg.*\.gpkg.*DXF"),
        (_broken, "图形文件无法读取"),
        (_outside, "不在园区文件夹内"),
        (lambda folder: "/dev/zero", "不在园区文件夹内"),
        pytest.param(_pipe, "不是普通文件",
                     marks=pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")),
    ],
)  # fmt: skip
def test_a_faulty_file_stops_nothing_but_the_outlines(
    tmp_path: Path, make: Any, message: str
) -> None:
    folder = tmp_path / "park"
    folder.mkdir()
    frame, problems = outlines_of(folder, make(folder), RULES)
    assert frame is None
    assert [problem.touches for problem in problems] == [("land.geometry",)]
    assert re.search(message, str(problems[0]))


def test_without_a_file_nothing_is_read(tmp_path: Path) -> None:
    assert outlines_of(tmp_path, None, RULES) == (None, [])


def test_a_missing_extra_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = geojson(tmp_path / "p.geojson", ("A", GOOD))
    real = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name == "pyogrio":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    _frame, problems = outlines_of(tmp_path, path.name, RULES)
    assert [str(problem.severity) for problem in problems] == ["warning"]
    assert "greenland[gis]" in problems[0].message


def test_an_extent_that_is_no_extent_is_told(tmp_path: Path) -> None:
    from greenland.rules import Override

    own = {"land.geometry.country_extent": Override(value=5, source="测试")}
    path = geojson(tmp_path / "p.geojson", ("A", GOOD))
    with pytest.raises(InputError, match="西、南、东、北"):
        read_outlines(path, load_rulebook(("national",), 2025, overrides=own), ledger=LEDGER)


def test_outlines_without_the_national_pack_miss_a_rule(tmp_path: Path) -> None:
    geojson(tmp_path / "p.geojson", ("A", GOOD))
    frame, problems = outlines_of(tmp_path, "p.geojson", load_rulebook(("chuxiong",), 2025))
    assert frame is None
    assert "land.geometry" in problems[0].message


def test_many_outlines_are_placed_as_one_array(tmp_path: Path) -> None:
    """Rows of outlines keep their order and their number in the file."""
    count = 5000
    shapes = {f"G{n}": box(n * 10.0, 0, n * 10.0 + 9, 9) for n in range(count)}
    frame, problems = read(
        written(tmp_path / "p.gpkg", outlines(shapes)), ledger=dict.fromkeys(shapes, NOWHERE)
    )
    assert problems == []
    assert frame["parcel_id"].tolist() == list(shapes)
    assert np.array_equal(frame.index, np.arange(1, count + 1))
