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
from greenland.record.land.geometry import GeometryRecord
from greenland.record.land.per_mu import PerMuRecord
from greenland.record.land.review import ReviewRecord
from greenland.record.land.stock import StockRecord
from greenland.report import palette
from greenland.report.chartkit import picture
from greenland.report.charts import firms, land_map, money, parcels, study
from greenland.report.charts import review as review_charts
from greenland.report.charts.land_map import parcel_map
from greenland.report.context import build
from greenland.report.hours import read_hours
from greenland.report.naming import Naming
from greenland.report.sections.energy.dispatch import section as dispatch_section

EVERY_CHART = {
    *("chart-class-shares", "chart-scores", "chart-scatter", "chart-industries", "chart-ideal"),
    *("chart-waterfall", "chart-balance", "chart-stock-age", "chart-map", "chart-reallocation"),
    *("chart-capacities", "chart-energy-balance", "chart-monthly", "chart-overview"),
    *("chart-dispatch", "chart-heat-green", "chart-heat-import", "chart-duration"),
    *("chart-storage", "chart-costs", "chart-cash", "chart-tornado", "chart-pareto"),
    *("chart-load-bands", "chart-losses"),
    "chart-outlook-balance",
}


@pytest.fixture(scope="module")
def report() -> Any:
    return build(made_records.year())


def test_all_charts_are_made(report: Any) -> None:
    assert {chart.id for chart in report.charts} == EVERY_CHART


def _one_of_a_kind(node: Any) -> Any:
    """A part of a spec, with one row of data for each set of fields and their types."""
    if isinstance(node, dict):
        return {
            key: list({_kind(row): row for row in item}.values())
            if key == "values"
            else _one_of_a_kind(item)
            for key, item in node.items()
        }
    return [_one_of_a_kind(item) for item in node] if isinstance(node, list) else node


def _kind(value: Any) -> Any:
    if isinstance(value, dict):
        return frozenset((key, _kind(item)) for key, item in value.items())
    return type(value)


@pytest.mark.slow
def test_specs_are_valid_vega_lite(report: Any) -> None:
    for chart in report.charts:
        spec = {key: _one_of_a_kind(item) for key, item in chart.spec.items() if key != "config"}
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


def _hours_of(load: list[float], **given: Any) -> Any:
    kinds = [{"column": "load", "kind": "load", "owner": None}]
    schedule = {"start": "2024-06-03T00:00:00", "columns": {"load": load}, "column_kinds": kinds}
    return read_hours(part(ScheduleRecord, **schedule, **given), Naming(part(EnergyRecord)))


def test_a_step_of_several_hours_lasts_them() -> None:
    hours = _hours_of([1.0, 2.0] * 3, step_hours=4.0)
    assert len(hours) == 24
    assert hours.step == 4
    assert hours.get("load").tolist()[:9] == [1.0] * 4 + [2.0] * 4 + [1.0]
    lead = dispatch_section(hours).lead
    assert "每 4 小时一步" in lead


def test_no_hour_is_dated_after_a_break() -> None:
    """The first of two weeks a year apart: hours of the second would carry dates of the first."""
    resumed = [{"step": 168, "start": "2025-06-02T00:00:00"}]
    hours = _hours_of([1.0] * 168 + [2.0] * 168, step_hours=1.0, resumed=resumed)
    assert len(hours) == 168
    assert hours.get("load").max() == 1.0
    assert "互不相接的几个气象年" in dispatch_section(hours).lead
    later = _hours_of([1.0] * 12, step_hours=4.0, resumed=[{"step": 6, "start": "2025-06-02"}])
    assert len(later) == 24
    assert "互不相接" not in dispatch_section(_hours_of([1.0] * 336, step_hours=1.0)).lead


def test_times_are_the_local_clock(report: Any) -> None:
    assert report.hours is not None
    assert np.datetime64(report.hours.time(0), "ms") == np.datetime64("2025-01-01T00:00")


def test_a_plan_without_schedule_has_no_hours() -> None:
    assert read_hours(None, Naming(part(EnergyRecord))) is None


def _square(west: float, south: float, side: float = 0.01) -> list[list[list[float]]]:
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def _layers(chart: Any) -> list[dict[str, Any]]:
    return [layer["data"]["values"] for layer in chart.spec["layer"]]


def test_the_map_numbers_parcels_and_leads_to_their_rows() -> None:
    squares = {"GX-01": (101.0, 25.0), "GX-02": (101.01, 25.0), "GX-03": (101.02, 25.0)}
    features = [{"parcel_id": key, "rings": _square(*at)} for key, at in squares.items()]
    drawn = part(GeometryRecord, features=features)
    chart = parcel_map(drawn, {"GX-01": "exit", "GX-02": "keep"}, {}, {"GX-02": "row-7"})
    assert chart is not None
    parcels_drawn, numbers, *_rest = _layers(chart)
    assert [one["properties"]["row"] for one in parcels_drawn] == ["", "row-7", ""]
    assert [one["number"] for one in numbers] == ["01", "02", "03"]
    assert "GX-" in chart.unit
    for parcel, number in zip(parcels_drawn, numbers, strict=True):
        xs, ys = zip(*parcel["geometry"]["coordinates"][0], strict=True)
        assert min(xs) < number["x"] < max(xs)
        assert min(ys) < number["y"] < max(ys)


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    """On WGS 84 a degree at 25° N is 100 950 m of longitude and 110 773 m of latitude."""
    drawn = part(GeometryRecord, features=[{"parcel_id": "A", "rings": _square(101.0, 24.995)}])
    chart = parcel_map(drawn, {}, {}, {})
    assert chart is not None
    parcel, _numbers, _arrow, _north, bar, words = _layers(chart)
    xs, ys = zip(*parcel[0]["geometry"]["coordinates"][0], strict=True)
    assert max(xs) - min(xs) == pytest.approx(1009.5, abs=0.5)
    assert max(ys) - min(ys) == pytest.approx(1107.7, abs=0.5)
    (start, _y), *_ticks, (end, _level) = bar[0]["geometry"]["coordinates"]
    assert words[0]["text"] == "200 m"
    assert end - start == pytest.approx(200.0)


def test_a_number_stands_inside_a_bent_parcel() -> None:
    """The middle of this L lies outside it."""
    bent = [[[0, 0], [10, 0], [10, 1], [1, 1], [1, 10], [0, 10], [0, 0]]]
    place = land_map._place(bent, "1")
    assert place["x"] < 1 or place["y"] < 1


def test_both_bars_have_the_same_items_and_the_right_sums(report: Any) -> None:
    record = made_records.year()["energy"]
    chart = next(c for c in report.charts if c.id == "chart-costs")
    rows, totals = _layers(chart)
    items = {
        side: [row["item"] for row in rows if row["side"] == side]
        for side in ("全部网购", "绿电直连方案")
    }
    assert items["全部网购"] == items["绿电直连方案"]
    bill = record["bill"]["grid_only"]
    expected = (bill["total_yuan"] / bill["years"], record["plan"]["annual_cost"])
    for side, yuan in zip(items, expected, strict=True):
        amount = sum(row["amount"] for row in rows if row["side"] == side)
        assert amount * 1e8 == pytest.approx(yuan, rel=1e-5)
    assert len(totals) == 2


def test_no_chart_has_more_than_eight_colours(report: Any) -> None:
    for chart in report.charts:
        for _domain, colours in _scales(chart.spec):
            assert len(set(colours)) <= palette.MOST_COLOURS, chart.id


def test_many_sources_are_told_as_few() -> None:
    """Nine sources, all else there is, and load both unserved and interrupted: eight colours."""
    names = [f"s{place}" for place in range(9)]
    kinds = [("load", None), *(("source", one) for one in names)]
    kinds += [(kind, None) for kind in ("import", "export", "curtailment", "unserved")]
    kinds += [("interrupted", "b"), ("shiftable", "f"), ("charge", "c"), ("discharge", "c")]
    columns = {f"{owner or ''}{kind}": [1.0 + i, 2.0] for i, (kind, owner) in enumerate(kinds)}
    schedule = part(
        ScheduleRecord,
        start="2025-01-01T00:00:00+08:00",
        step_hours=1.0,
        columns=columns,
        column_kinds=[{"column": f"{o or ''}{k}", "kind": k, "owner": o} for k, o in kinds],
    )
    case = {"sources": [{"name": one, "technology": "other"} for one in names]}
    hours = read_hours(schedule, Naming(part(EnergyRecord, case=case)))
    assert hours is not None
    keys = [*hours.supply, "load", *hours.uses]
    assert len(set(hours.hues(keys).values())) == len(set(hours.groups(keys).values())) == 8
    sources = sum(values[0] for name, values in columns.items() if name.endswith("source"))
    assert hours.generation[0] == sources
    assert hours.title("unserved") == "缺供和中断"
