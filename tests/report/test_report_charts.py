"""Charts: valid Vega-Lite, a finding as title, words for who cannot see them."""

from __future__ import annotations

from typing import Any

import altair as alt
import made_records
import numpy as np
import pytest
import vl_convert
from filled_parts import part

from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.judged import StudyRecord
from greenland.record.energy.plan import ScheduleRecord
from greenland.record.land.per_mu import PerMuRecord
from greenland.record.land.review import ReviewRecord
from greenland.record.land.stock import StockRecord
from greenland.report import palette
from greenland.report.chartkit import picture
from greenland.report.charts import firms, money, parcels, study
from greenland.report.charts import review as review_charts
from greenland.report.charts.land_map import parcel_map
from greenland.report.context import build
from greenland.report.hours import read_hours
from greenland.report.naming import Naming

EVERY_CHART = {
    *("chart-class-shares", "chart-scores", "chart-scatter", "chart-industries", "chart-ideal"),
    *("chart-waterfall", "chart-balance", "chart-stock-age", "chart-map", "chart-reallocation"),
    *("chart-capacities", "chart-energy-balance", "chart-monthly", "chart-overview"),
    *("chart-dispatch", "chart-heat-green", "chart-heat-import", "chart-duration"),
    *("chart-storage", "chart-costs", "chart-cash", "chart-tornado", "chart-pareto"),
}


@pytest.fixture(scope="module")
def report() -> Any:
    return build(made_records.year())


def test_all_charts_are_made(report: Any) -> None:
    assert {chart.id for chart in report.charts} == EVERY_CHART


@pytest.mark.slow
def test_specs_are_valid_vega_lite(report: Any) -> None:
    for chart in report.charts:
        spec = {key: value for key, value in chart.spec.items() if key != "config"}
        alt.Chart.from_dict(spec) if "layer" not in spec else alt.LayerChart.from_dict(spec)


def test_each_has_title_unit_source_and_words(report: Any) -> None:
    for chart in report.charts:
        assert len(chart.title) > 6, chart.id
        assert chart.unit, chart.id
        assert chart.source.startswith("来源："), chart.id
        assert len(chart.alt) > 6, chart.id


@pytest.mark.slow
def test_each_can_be_drawn_on_its_own(report: Any) -> None:
    hours = report.hours
    data = {"schedule": hours.rows(0, 24 * 14), "window": hours.rows(0, 48)}
    for chart in report.charts:
        svg = vl_convert.vegalite_to_svg(picture(chart.spec, data))
        assert svg.count("<path") > 1 or svg.count("<text") > 3, chart.id


def test_one_colour_for_one_thing(report: Any) -> None:
    """光伏 has one colour wherever a chart has it in its legend."""
    found: dict[str, set[str]] = {}
    for chart in report.charts:
        for domain, colours in _scales(chart.spec):
            for text, colour in zip(domain, colours, strict=True):
                found.setdefault(text, set()).add(colour)
    for text in ("光伏", "风电", "A 优先发展", "闲置"):
        assert len(found.get(text, {""})) == 1, text
    assert found["光伏"] == {palette.ENERGY["pv"]}


def _scales(spec: Any) -> Any:
    if isinstance(spec, dict):
        color = spec.get("color")
        scale = color.get("scale") if isinstance(color, dict) else None
        if isinstance(scale, dict) and "range" in scale and isinstance(scale.get("domain"), list):
            yield scale["domain"], scale["range"]
        for value in spec.values():
            yield from _scales(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _scales(value)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    "colour",
    sorted({*palette.CLASSES.values(), *palette.ENERGY.values(), *palette.DECISIONS.values()}),
)
def test_marks_stand_out_from_paper(colour: str) -> None:
    # WCAG 2.2, 1.4.11 asks for 3 : 1; light tones always border a darker one or carry a label
    contrast = 1.05 / (_luminance(colour) + 0.05)
    assert contrast >= 2.8


def test_class_shares_add_up(report: Any) -> None:
    chart = next(c for c in report.charts if c.id == "chart-class-shares")
    rows = (
        next(iter(chart.spec["layer"]))["data"]["values"]
        if "data" in chart.spec["layer"][0]
        else (chart.spec["data"]["values"])
    )
    for what in {row["what"] for row in rows}:
        assert sum(row["share"] for row in rows if row["what"] == what) == pytest.approx(
            1, abs=0.01
        )


def test_waterfall_ends_at_this_years_score() -> None:
    deltas = {"land_supply_rate": 1.31, "land_completion_rate": 0.62, "idle_land_rate": -0.29}
    changes = [{"indicator": key, "delta_score": delta} for key, delta in deltas.items()]
    review = part(ReviewRecord, previous_score=66.9, land_intensity_score=68.54, changes=changes)
    chart = review_charts.score_waterfall(review)
    assert chart is not None
    rows = (
        chart.spec["data"]["values"]
        if "data" in chart.spec
        else chart.spec["layer"][0]["data"]["values"]
    )
    assert rows[-1]["end"] == pytest.approx(68.54)
    # 66.9 + 1.31 + 0.62 − 0.29 = 68.54: nothing is left for "其他"
    assert [row["item"] for row in rows].count("其他") == 0


def test_charts_without_data_are_not_made() -> None:
    assert firms.class_shares(part(PerMuRecord)) is None
    assert firms.tax_scatter(part(PerMuRecord, firms=[])) is None
    assert review_charts.score_waterfall(part(ReviewRecord, land_intensity_score=60)) is None
    assert parcels.stock_by_age(part(StockRecord)) is None
    assert parcel_map(None, {}, {}, {}) is None
    energy = part(EnergyRecord)
    assert money.cash_flow(energy) is None
    assert study.tornado(part(StudyRecord), Naming(energy)) is None


def test_quarter_hours_become_hourly_means() -> None:
    columns = {
        "load": [1.0, 2.0, 3.0, 4.0] * 2,
        "pv": [0.0] * 8,
        "battery_charge": [1.0] * 8,
        "second_charge": [2.0] * 8,
    }
    kinds = (("load", None), ("source", "pv"), ("charge", "battery"), ("charge", "second"))
    schedule = part(
        ScheduleRecord,
        start="2025-01-01T00:00:00+08:00",
        step_hours=0.25,
        columns=columns,
        column_kinds=[
            {"column": column, "kind": kind, "owner": owner}
            for column, (kind, owner) in zip(columns, kinds, strict=True)
        ],
    )
    case = {"sources": [{"name": "pv", "technology": "pv"}]}
    hours = read_hours(schedule, Naming(part(EnergyRecord, case=case)))
    assert hours is not None
    assert hours.get("load").tolist() == [2.5, 2.5]
    assert hours.get("charge").tolist() == [3.0, 3.0]
    assert hours.sources == {"source1": "光伏"}


def test_times_are_the_local_clock(report: Any) -> None:
    assert report.hours is not None
    assert np.datetime64(report.hours.time(0), "ms") == np.datetime64("2025-01-01T00:00")


def test_a_plan_without_schedule_has_no_hours() -> None:
    assert read_hours(None, Naming(part(EnergyRecord))) is None
