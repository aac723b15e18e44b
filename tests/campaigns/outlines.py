"""Mutated outline files: whatever stands in them, reading ends in outlines or problems.

Run by itself for a campaign of any size::

    python tests/campaigns/outlines.py --count 600 --seed 1

and in short form by ``test_outline_campaign.py``. All data are invented.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from greenland.park.outlines import outlines_of
from greenland.rules import load_rulebook

Mutation = Callable[[random.Random, bytes], bytes]

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
    """A GeoJSON with one to six values changed, taken away, doubled or moved."""
    tree = sound()
    for _turn in range(chance.randint(1, 6)):
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
    for _turn in range(chance.randint(1, 8)):
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
    """Write one mutated file into a folder; returns its name."""
    kind = chance.choice(("tree", "text", "shapefile", "zip"))
    if kind == "tree":
        (folder / "p.geojson").write_bytes(mutated_tree(chance))
        return "p.geojson"
    if kind == "text":
        content = json.dumps(sound(), ensure_ascii=False).encode(chance.choice(("utf-8", "gbk")))
        (folder / "p.geojson").write_bytes(mutated_bytes(chance, content))
        return "p.geojson"
    hit = chance.choice(list(parts))
    for suffix, content in parts.items():
        if suffix == hit and chance.random() < 0.15:
            continue
        changed = mutated_bytes(chance, content) if suffix == hit else content
        (folder / f"p{suffix}").write_bytes(changed)
    if kind == "shapefile":
        return "p.shp"
    with zipfile.ZipFile(folder / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in parts:
            if (folder / f"p{suffix}").exists():
                archive.write(folder / f"p{suffix}", f"图/p{suffix}")
    if chance.random() < 0.5:
        (folder / "p.zip").write_bytes(mutated_bytes(chance, (folder / "p.zip").read_bytes()))
    return "p.zip"


def campaign(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Read *count* mutated files.

    Returns
    -------
    Counter
        How many were read whole, read in part, refused.
    list of str
        Tracebacks, and outlines that are no valid areas in the country; none is right.
    """
    import shapely

    rules = load_rulebook(("national", "yunnan"), 2025)
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as top, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        base = Path(top) / "sound"
        base.mkdir()
        parts = shapefile(base)
        for number in range(count):
            chance = random.Random(seed * 1_000_003 + number)
            folder = Path(top) / str(number)
            folder.mkdir()
            name = write_case(chance, folder, parts)
            try:
                frame, problems = outlines_of(folder, name, rules, ledger=LEDGER)
            except Exception:  # noqa: BLE001 - any error is what is looked for
                failures.append(f"{seed}/{number} {name}\n{traceback.format_exc()}")
                continue
            if frame is None:
                outcomes["refused"] += 1
                if not problems:
                    failures.append(f"{seed}/{number} {name}: refused without a word")
                continue
            outcomes["part" if problems else "whole"] += 1
            shapes = frame.geometry.to_numpy()
            box = shapely.total_bounds(shapes)
            sane = shapely.is_valid(shapes).all() and box[0] >= 73 and box[2] <= 136
            if not sane:
                failures.append(f"{seed}/{number} {name}: {box}")
    return outcomes, failures


def main() -> int:
    """Run a campaign of the size asked for, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    outcomes, failures = campaign(chosen.count, chosen.seed)
    print(dict(outcomes), f"{len(failures)} failures")
    for failure in failures[:5]:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
