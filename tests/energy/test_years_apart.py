"""Weather years that do not follow one another, such as the same week of two years."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from greenland.energy import Grid, Limits, Site, Source, size
from greenland.energy.case.loading import read_case
from greenland.energy.evaluate import evaluate_file
from greenland.energy.plan_record import plan_record
from greenland.energy.profiles.curve_file import read_curve
from greenland.energy.profiles.method import LONGEST_OUTAGE_DAYS
from greenland.energy.profiles.series_format import SeriesFormat
from greenland.energy.profiles.years_apart import years_apart
from greenland.errors import InputError

HOUR = pd.Timedelta(hours=1)


def stretch(start: str, days: int, step: str = "h") -> pd.DatetimeIndex:
    return pd.date_range(start, periods=days * 24 if step == "h" else days * 96, freq=step)


def joined(*parts: pd.DatetimeIndex) -> pd.DatetimeIndex:
    return parts[0].append(list(parts[1:]))


PV: dict[str, Any] = {"technology": "pv", "capex": 2700, "opex": 40, "lifetime": 25, "max_mw": 600}
WEEKS = joined(stretch("2024-06-03", 7), stretch("2025-06-02", 7))


@pytest.mark.parametrize(
    "parts",
    [
        [stretch("2024-06-03", 7), stretch("2025-06-02", 7)],
        [stretch("2020-01-01", 366), stretch("2022-01-01", 365)],
        [stretch("2019-01-01", 365), stretch("2021-01-01", 365), stretch("2024-01-01", 366)],
        [stretch("2024-06-03", 2, "15min"), stretch("2026-06-02", 2, "15min")],
    ],
)
def test_years_with_time_between_them_are_found(parts: list[pd.DatetimeIndex]) -> None:
    found = years_apart(joined(*parts))
    assert len(found) == len(parts)
    assert all(one.equals(part) for one, part in zip(found, parts, strict=True))


@pytest.mark.parametrize(
    "index",
    [
        pytest.param(stretch("2024-12-01", 62), id="no break"),
        pytest.param(WEEKS[::-1], id="going back"),
        pytest.param(joined(WEEKS, WEEKS).sort_values(), id="each hour twice"),
        pytest.param(
            joined(stretch("2024-06-03", 7), stretch("2024-09-02", 7)), id="within a year"
        ),
        pytest.param(
            joined(stretch("2024-01-01", 340), stretch("2025-01-05", 340)),
            id="an outage of a month",
        ),
        pytest.param(
            joined(stretch("2025-01-01", 364), stretch("2052-12-31", 1)), id="a date mistyped"
        ),
        pytest.param(
            joined(stretch("2024-01-01", 300), stretch("2025-02-10", 300)), id="other months"
        ),
        pytest.param(
            joined(stretch("2024-06-03 12:00", 7), stretch("2025-06-02 12:00", 7)), id="from noon"
        ),
        pytest.param(
            joined(stretch("2024-06-03", 7)[:-12], stretch("2025-06-02", 7)[:-12]), id="to noon"
        ),
        pytest.param(
            joined(stretch("2024-06-03", 7), stretch("2025-06-02", 9)), id="not equally long"
        ),
    ],
)
def test_nothing_else_makes_a_year(index: pd.DatetimeIndex) -> None:
    assert len(years_apart(index, HOUR)) == 1


@pytest.mark.parametrize(("missing", "count"), [(31, 1), (32, 2)])
def test_an_outage_may_last_a_month(missing: int, count: int) -> None:
    assert LONGEST_OUTAGE_DAYS == 31
    days = 365 - missing
    parts = stretch("2023-01-01", days), stretch("2024-01-01", days)
    assert len(years_apart(joined(*parts), HOUR)) == count


def write(folder: Path, index: pd.DatetimeIndex, **changes: object) -> Path:
    hour = index.hour.to_numpy()
    year = np.where(index.year == index.year[0], 1.0, 0.6)
    sun = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, 1) * year
    table = pd.DataFrame({"load": 40 + 5 * np.sin(hour / 4), "pv": sun.round(6)}, index)
    table.to_csv(folder / "curves.csv", index_label="time")
    case = {
        "load": {"file": "curves.csv", "column": "load"},
        "sources": [
            {"name": "pv", "profile": {"file": "curves.csv", "column": "pv"}, **PV},
        ],
        "grid": {"capacity_mw": 300, "import_price": 0.15, "export_price": 0.02},
        "limits": {"min_self_use_of_consumption": 0.3},
        "discount_rate": 0.07,
        "weather_years": "each",
    }
    path = folder / "case.yaml"
    path.write_text(json.dumps({**case, **changes}, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["each", "average"])
def test_a_case_of_two_weeks_is_sized_as_its_site_is(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path, WEEKS, weather_years=kind)
    table = pd.read_csv(tmp_path / "curves.csv", parse_dates=["time"], index_col="time")
    site = Site(
        table["load"],
        [Source("pv", table["pv"].to_numpy(), **PV)],
        grid=Grid(300, 0.15, 0.02),
        limits=Limits(min_self_use_of_consumption=0.3),
        discount_rate=0.07,
        weather_years=kind,
    )
    found, wanted = evaluate_file(path).plan, size(site)
    assert found.annual_cost == pytest.approx(wanted.annual_cost, rel=1e-9)
    assert found.capacities["pv"] == pytest.approx(wanted.capacities["pv"], rel=1e-6)


def test_each_week_has_its_share(tmp_path: Path) -> None:
    sizes = {}
    for kind in ("each", "average"):
        path = write(tmp_path, WEEKS, weather_years=kind)
        sizes[kind] = evaluate_file(path).plan.capacities["pv"]
    assert sizes["each"] > 1.1 * sizes["average"]


def test_it_is_said_and_the_curve_is_sound(tmp_path: Path) -> None:
    loaded = read_case(write(tmp_path, WEEKS))
    assert len(loaded.load) == 2 * 7 * 24
    (load, pv) = loaded.series
    for series in (load, pv):
        notes = [str(note) for note in series["provenance"]["notes"]]
        said = (
            "按 2 个气象年计（2024-06-03 至 2024-06-09、2025-06-02 至 2025-06-08），其间不作缺测。"
        )
        assert said in notes
        codes = {problem["code"] for problem in series["quality"]["problems"]}
        assert not codes & {"series_irregular", "gaps"}


def test_a_hole_within_a_year_stays_one(tmp_path: Path) -> None:
    index = joined(WEEKS[:30], WEEKS[40:])
    with pytest.raises(InputError, match="10 个空值"):
        evaluate_file(write(tmp_path, index))


def test_what_is_no_year_is_refused_as_before(tmp_path: Path) -> None:
    index = joined(stretch("2024-06-03", 7), stretch("2025-09-01", 7))
    with pytest.raises(InputError, match="读数太稀疏"):
        read_case(write(tmp_path, index))


def test_a_curve_of_years_apart_has_no_steps_between(tmp_path: Path) -> None:
    write(tmp_path, joined(stretch("2020-01-01", 366), stretch("2022-01-01", 365)))
    values = read_curve(
        tmp_path / "curves.csv", SeriesFormat(value="load"), default_unit="MW"
    ).values
    assert len(values) == (366 + 365) * 24
    assert values.notna().all()


def test_the_record_says_where_the_steps_go_on(tmp_path: Path) -> None:
    apart = plan_record(evaluate_file(write(tmp_path, WEEKS)).plan)["schedule"]
    assert apart["resumed"] == [{"step": 168, "start": "2025-06-02T00:00:00"}]
    whole = plan_record(evaluate_file(write(tmp_path, WEEKS[:168])).plan)["schedule"]
    assert "resumed" not in whole
