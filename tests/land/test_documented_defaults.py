"""What docs/input.md promises of blank cells holds in every land evaluation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from greenland import assessment
from greenland.evaluations import ASKED
from greenland.park import Park, read_park

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "yunnan_park"
LAND = {item.key for item in ASKED if item.key.startswith("land")}
# The words by which docs/input.md states a default, and its value.
DEFAULTS: dict[tuple[str, str], tuple[str, Callable[[Park, pd.DataFrame], Any]]] = {
    ("parcels", "to_build_area_mu"): ("不填按宗地面积", lambda park, table: table["area_mu"]),
    ("firms", "land_mu"): ("不填按宗地台账合计", lambda park, table: _ledger_land(park, table)),
    ("pipeline", "decision_date"): ("不填按评价基准日", lambda park, table: park.as_of),
    ("pipeline", "land_use"): ("不填按工业", lambda park, table: "industrial"),
    ("pipeline", "max_area_mu"): (
        "不填按申请面积",
        lambda park, table: table["requested_area_mu"],
    ),
} | {
    (sheet, "industry_edition"): ("不填按 2017 版", lambda park, table: "2017")
    for sheet in ("parcels", "firms", "pipeline")
}
PARTS = ("parcels", "land_use", "supply_history", "indicators")
# Said of the same figures: without parts, those of the main part are those of the whole zone.
WORDS_OF_PARTS = "/review/zone_type_reason"


def _ledger_land(park: Park, firms: pd.DataFrame) -> pd.Series[Any]:
    """Land of a firm in the ledger, in the assessed year: the ledger is of no other."""
    parcels = park.tables["parcels"]
    held = firms["firm_id"].map(parcels.groupby("holder_id")["area_mu"].sum())
    return held.where(firms["year"] == park.year)


def with_column(table: pd.DataFrame, column: str, values: Any) -> pd.DataFrame:
    made = pd.Series(values, index=table.index, dtype=table[column].dtype)
    return table.assign(**{column: made})


def land_record(park: Park, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(assessment, "read_park", lambda _folder: park)
    record = assessment.assess(EXAMPLE, parts=LAND).record()
    return json.loads(record.model_dump_json(by_alias=True))["land"]


def differences(left: Any, right: Any, path: str = "") -> Iterator[str]:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in left.keys() | right.keys():
            yield from differences(left.get(key), right.get(key), f"{path}/{key}")
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for place, pair in enumerate(zip(left, right, strict=True)):
            yield from differences(*pair, path=f"{path}/{place}")
    elif isinstance(left, float) and isinstance(right, float):
        if left != pytest.approx(right, rel=1e-9):
            yield f"{path}: {left} ≠ {right}"
    elif left != right:
        yield f"{path}: {left} ≠ {right}"


def changed(park: Park, columns: Mapping[tuple[str, str], Any]) -> Park:
    tables = dict(park.tables)
    for (sheet, column), values in columns.items():
        tables[sheet] = with_column(tables[sheet], column, values)
    return replace(park, tables=tables)


@pytest.mark.slow
def test_a_blank_cell_is_the_documented_default(monkeypatch: pytest.MonkeyPatch) -> None:
    park = read_park(EXAMPLE)
    keys = [*DEFAULTS, *((sheet, "part") for sheet in PARTS)]
    blank = changed(park, dict.fromkeys(keys))
    stated = {key: made(park, park.tables[key[0]]) for key, (_words, made) in DEFAULTS.items()}
    filled = changed(park, stated | {(sheet, "part"): "main" for sheet in PARTS})
    found = differences(land_record(blank, monkeypatch), land_record(filled, monkeypatch))
    assert not [line for line in found if not line.startswith(WORDS_OF_PARTS)]


def test_the_defaults_are_those_of_the_page() -> None:
    page = (EXAMPLE.parents[1] / "docs" / "input.md").read_text(encoding="utf-8")
    for (_sheet, column), (words, _made) in DEFAULTS.items():
        lines = [line for line in page.splitlines() if f"`{column}`" in line and words in line]
        assert lines, f"{column}: {words}"
    assert page.count("不填按主区") == len(PARTS)
