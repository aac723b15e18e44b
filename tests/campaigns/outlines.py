"""Mutated outline files: whatever stands in them, reading ends in outlines or problems.

``python -m tests.campaigns outlines --count 900``. All data are invented.
"""

from __future__ import annotations

import json
import random
import tempfile
import warnings
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from greenland.park.outlines import outlines_of
from greenland.rules import load_rulebook

from .frame import Campaign, WrongValueError

LEDGER = {f"G{n}": (102.0 + n / 1000, 25.0) for n in range(6)}
NUMBERS = (0, -1, 1e308, -1e308, 5e-324, 1e20, 180, 90, 34_500_000, 2_760_000, 12.5, None, "x", [])
SHAPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
          "GeometryCollection", "Curve", "", None, 5)  # fmt: skip
SYSTEMS = ("EPSG:4490", "EPSG:4543", "EPSG:4522", "EPSG:4508", "EPSG:2358", "EPSG:3857", "EPSG:0",
           "urn:ogc:def:crs:OGC:1.3:CRS84", "", "nonsense", "EPSG:5773", "EPSG:4978")  # fmt: skip


def sound() -> dict[str, Any]:
    """A GeoJSON of six parcels of about 100 m by 100 m."""
    features = []
    for place, name in enumerate(LEDGER):
        x, y = 102.0 + place / 1000, 25.0
        ring = [[x, y], [x + 0.001, y], [x + 0.001, y + 0.001], [x, y + 0.001], [x, y]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"宗地编号": name}, "geometry": shape})
    return {"type": "FeatureCollection", "features": features}


def mutated_tree(chance: random.Random) -> bytes:
    """A GeoJSON with one to three values changed, taken away, doubled or moved."""
    tree = sound()
    for _turn in range(chance.randint(1, 3)):
        parent, key = chance.choice(list(_places(tree)))
        kind = chance.randrange(6)
        if kind == 0:
            parent[key] = chance.choice(NUMBERS)
        elif kind == 1:
            del parent[key]
        elif kind == 2:
            parent[key] = [parent[key]]
        elif kind == 3:
            for feature in tree.get("features") or []:
                if isinstance(feature, dict) and isinstance(feature.get("geometry"), dict):
                    feature["geometry"]["type"] = chance.choice(SHAPES)
                    break
        elif kind == 4:
            name = chance.choice(SYSTEMS)
            tree["crs"] = {"type": "name", "properties": {"name": name}}
        else:
            parent[key] = json.loads(json.dumps(chance.choice(list(_places(tree)))[0]))
        if not isinstance(tree, dict) or not list(_places(tree)):
            break
    return json.dumps(tree, ensure_ascii=False).encode()


def _places(tree: Any) -> Any:
    """Every place in a tree: its parent and key."""
    keys = tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in list(keys):
        yield tree, key
        yield from _places(tree[key])


def mutated_bytes(chance: random.Random, content: bytes) -> bytes:
    """Bytes flipped, cut off, taken out or doubled."""
    data = bytearray(content)
    for _turn in range(chance.randint(1, 4)):
        if not data:
            break
        place = chance.randrange(len(data))
        kind = chance.randrange(4)
        if kind == 0:
            data[place] = chance.randrange(256)
        elif kind == 1:
            del data[place : place + chance.randint(1, 40)]
        elif kind == 2:
            data[place:place] = data[place : place + chance.randint(1, 40)]
        elif chance.random() < 0.2:
            del data[place:]
    return bytes(data)


def shapefile(folder: Path, **more: Any) -> dict[str, bytes]:
    """The parts of a sound shapefile, by suffix."""
    import geopandas

    source = folder / "sound.geojson"
    source.write_text(json.dumps(sound(), ensure_ascii=False), encoding="utf-8")
    geopandas.read_file(source).to_file(folder / "sound.shp", **more)
    return {
        suffix: (folder / f"sound{suffix}").read_bytes()
        for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg")
    }


def write_case(chance: random.Random, folder: Path, parts: dict[str, bytes]) -> str:
    """Write one mutated file into a folder; returns the kind of damage."""
    kind = chance.choice(("tree", "text", "shapefile", "zip"))
    if kind == "tree":
        (folder / "p.geojson").write_bytes(mutated_tree(chance))
        return kind
    if kind == "text":
        content = json.dumps(sound(), ensure_ascii=False).encode(chance.choice(("utf-8", "gbk")))
        (folder / "p.geojson").write_bytes(mutated_bytes(chance, content))
        return kind
    hit = chance.choice(list(parts))
    for suffix, content in parts.items():
        if suffix == hit and chance.random() < 0.15:
            continue
        changed = mutated_bytes(chance, content) if suffix == hit else content
        (folder / f"p{suffix}").write_bytes(changed)
    if kind == "shapefile":
        return f"{kind} {hit}"
    with zipfile.ZipFile(folder / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in parts:
            if (folder / f"p{suffix}").exists():
                archive.write(folder / f"p{suffix}", f"图/p{suffix}")
    if chance.random() < 0.5:
        (folder / "p.zip").write_bytes(mutated_bytes(chance, (folder / "p.zip").read_bytes()))
    for suffix in parts:
        (folder / f"p{suffix}").unlink(missing_ok=True)
    return f"{kind} {hit}"


def spoil(numbers: random.Random, folder: Path) -> str:
    """Write one mutated file into a folder; returns the kind of damage."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library that writes warns of a missing code page
        return write_case(numbers, folder, parts())


@cache
def parts() -> dict[str, bytes]:
    """The parts of a sound shapefile, by suffix."""
    with tempfile.TemporaryDirectory() as folder:
        return shapefile(Path(folder))


def read(folder: Path) -> int:
    """Read the outlines of a folder; returns the number of problems told.

    Raises
    ------
    WrongValueError
        If an outline is no valid area in the country, or a file is refused without a word.
    """
    import shapely

    names = {item.name for item in folder.iterdir()}
    (name,) = names & {"p.geojson", "p.zip"} or {"p.shp"}  # of a shapefile a part may be gone
    rules = load_rulebook(("national", "yunnan"), 2025)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nobody should see a raw warning of a library
        frame, problems = outlines_of(folder, name, rules, ledger=LEDGER)
    if frame is None:
        if not problems:
            raise WrongValueError("refused without a word")
        return len(problems)
    west, south, east, north = frame.total_bounds
    inside = west >= 73 and east <= 136 and south >= 3 and north <= 54
    if not (inside and shapely.is_valid(frame.geometry.to_numpy()).all()):
        raise WrongValueError(f"{frame.total_bounds}")
    return len(problems)


CAMPAIGN = Campaign(spoil=spoil, read=read, count=900)
