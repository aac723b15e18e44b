"""Records for the report's tests: made by the code itself, of small invented parks.

Every function gives a fresh copy that a test may spoil; the parks are assessed once in a session.
"""

from __future__ import annotations

import io
import pickle
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd

from greenland.assessment import assess
from greenland.evaluations import ASKED, OPTIONAL
from greenland.filelock import locked
from greenland.files import write_bytes

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "yunnan_park"
LAND = frozenset(item.key for item in (*ASKED, *OPTIONAL) if item.is_land)
ENERGY = frozenset(item.key for item in (*ASKED, *OPTIONAL)) - LAND
CURVES = ("load.csv", "users.csv", "pv.csv", "wind.csv")
# The example's case with one tariff, no whole units and a short study: the chapters are the same.
QUICK = (
    ("mode: cheapest", "mode: capacity\n    billing: capacity"),
    ("    candidates: [capacity, backup]", "    #"),
    ("      unit_mw: 3.15\n", ""),
    ("      unit_mw: 6.25\n", ""),
    ("      unit_mw: 2.5\n      unit_mwh: 5\n", ""),
    ("[0.55, 0.60, 0.65, 0.70]", "[0.50, 0.55]"),
)


def folder_of(days: int) -> Path:
    """The example park with the first days of its curves, and one row too many."""
    folder = Path(tempfile.mkdtemp(prefix="report-park-"))
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    config = folder / "park.yaml"
    text = config.read_text(encoding="utf-8")
    for old, new in QUICK:
        assert old in text, old
        text = text.replace(old, new)
    config.write_text(text, encoding="utf-8")
    for name in CURVES:
        table = pd.read_csv(folder / name, dtype=str)
        table.head(days * 24).to_csv(folder / name, index=False)
    (folder / "park.xlsx").write_bytes(_workbook())
    return folder


@cache
def _workbook() -> bytes:
    """The workbook of the example, with a row that is left out, and said so."""
    book = openpyxl.load_workbook(EXAMPLE / "park.xlsx")
    book["宗地台账"].append(["合计"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


shared: Path | None = None
"""Folder of all processes that run the tests, when there are several."""


@cache
def _record(name: str, days: int, parts: frozenset[str]) -> bytes:
    """A record, pickled: read in a tenth of the time a deep copy takes.

    Where tests run in several processes, the first that needs it makes it for all of them.
    """
    if shared is None:
        return _made(days, parts)
    kept = shared / f"{name}.record"
    with locked(kept.with_suffix(".lock")):
        if not kept.exists():
            write_bytes(kept, _made(days, parts))
    return kept.read_bytes()


def _made(days: int, parts: frozenset[str]) -> bytes:
    folder = folder_of(days)
    try:
        return pickle.dumps(assess(folder, parts=parts).record().to_dict())
    finally:
        shutil.rmtree(folder)


def _fresh(packed: bytes) -> dict[str, Any]:
    record: dict[str, Any] = pickle.loads(packed)
    return record


def complete() -> dict[str, Any]:
    """A record with every chapter, and four weeks of hours."""
    return _fresh(_record("complete", 28, LAND | ENERGY))


def year() -> dict[str, Any]:
    """The same with its hours over and over, to a whole year: for charts of the year."""
    record = complete()
    columns = record["energy"]["plan"]["schedule"]["columns"]
    for label, values in columns.items():
        columns[label] = np.resize(values, 8760).tolist()
    return record


def short(most: int) -> dict[str, Any]:
    """The complete record with no more than *most* rows in each list of land and rules."""
    record = complete()

    def cut(node: Any) -> Any:
        if isinstance(node, dict):
            return {name: cut(item) for name, item in node.items()}
        if isinstance(node, list):
            rows = bool(node) and isinstance(node[0], dict)
            return [cut(item) for item in (node[:most] if rows else node)]
        return node

    return record | {name: cut(record[name]) for name in ("land", "outlook", "account", "rules")}


def only(record: dict[str, Any], *kept: str) -> dict[str, Any]:
    """A record without the evaluations of land that are not named."""
    none = bare()["land"]
    land = {name: part if name in kept else none[name] for name, part in record["land"].items()}
    return record | {"land": land}


def land_only() -> dict[str, Any]:
    """A record of the land programme, without energy."""
    return _fresh(_record("land_only", 1, LAND))


def bare() -> dict[str, Any]:
    """A record in which nothing was evaluated."""
    return _fresh(_record("bare", 1, frozenset()))
