"""Tables full of holes: every evaluation still answers, without a warning and in plain JSON."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from drawn import seeds
from made_parks import firm, made_park, parcel

from greenland.land import per_mu, review, standard_land

KEYS = {"parcel_id", "firm_id", "firm_name", "year", "land_use", "supply_state", "code"}


def holed(row: dict[str, Any], chance: random.Random, share: float) -> dict[str, Any]:
    """A row with some values blank and some zero."""
    found = dict(row)
    for name, value in row.items():
        if name in KEYS or chance.random() > share:
            continue
        number = isinstance(value, int | float) and not isinstance(value, bool)
        found[name] = 0.0 if number and chance.random() < 0.5 else None
    return found


def tables(seed: int, share: float) -> dict[str, list[dict[str, Any]]]:
    chance = random.Random(seed)
    parcels = [parcel(parcel_id=f"G{n}", holder_id=f"H{n % 5}") for n in range(8)]
    firms = [
        firm(firm_id=f"H{n}", year=year, landlord_id="H1" if n == 3 else None)
        for n in range(6)
        for year in (2023, 2024, 2025)
    ]
    codes = ("A", "A1", "A2", "B21", "B22", "C", "D", "D1", "D21", "E", "E21", "F", "G")
    land = [
        {"year": year, "part": part, "code": code, "area_ha": 10.0 + len(code)}
        for year in (2024, 2025)
        for part in ("main", "development")
        for code in codes
    ]
    figures = [
        {"year": year, "part": part, "floor_area_m2": 9e4, "industrial_tax_wan": 500.0}
        for year in (2024, 2025)
        for part in ("main", "development")
    ]
    supply = [
        {"year": year, "supplied_ha": 9.0, "industrial_supplied_ha": 8.0, "standard_land_ha": 3.0}
        for year in range(2021, 2026)
    ]
    rows = {
        "parcels": parcels,
        "firms": firms,
        "land_use": land,
        "indicators": figures,
        "supply_history": supply,
    }
    return {
        sheet: [holed(row, chance, share) for row in items if chance.random() > share / 4]
        for sheet, items in rows.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("seed", seeds(1, 3))
def test_holes_are_answered(seed: int, share: float) -> None:
    rows = tables(seed, share)
    for scheme in ("yunnan-output-floor", "ha-2024"):
        park = made_park(2025, land={"per_mu": {"scheme": scheme}}, **rows)
        for system in (standard_land, per_mu, review):
            record = system.evaluate(park).to_record()
            json.dumps(record, allow_nan=False)


@pytest.mark.parametrize("system", [standard_land, per_mu, review])
def test_an_empty_park_is_not_evaluated_and_says_why(system: Any) -> None:
    record = system.evaluate(made_park()).to_record()
    assert record["evaluated"] is False
    assert record["reason"]


@pytest.mark.slow
def test_a_score_without_a_reason_is_never_missing() -> None:
    for seed in range(2):
        park = made_park(2025, **tables(seed, 0.3))
        record = per_mu.evaluate(park).to_record()
        for row in record.get("firms", []):
            assert row["score"] is not None or row["reason"]
        for row in standard_land.evaluate(park).to_record()["checks"]:
            assert row["state"] != "no_data" or row["reason"]
        for row in review.evaluate(park).to_record().get("indicators", []):
            assert row["value"] is not None or row["reason"]
