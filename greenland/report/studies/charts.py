"""Charts of studies, one for each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import (
    Chart,
    axis,
    colours,
    data,
    finish,
    legend,
    rows_axis,
    rows_height,
    source_line,
    tip,
)
from greenland.report.studies.words import (
    Case,
    Record,
    capacities_of,
    capacity_title,
    measure_words,
    reached,
    shown_value,
    solved,
    study_lead,
    wan,
)
from greenland.summary import YUAN_PER_WAN

HUES = (*palette.COSTS,)


def study_chart(key: str, title: str, unit: str, words: str, spec: Any, height: int) -> Chart:
    """A chart of a study, with where its figures come from."""
    source = source_line(_("研究各算例的规模测算"))
    return Chart(f"chart-study-{key}", title, unit, source, words, finish(spec, height))


def cost_title() -> str:
    """Title of an axis of costs."""
    return str(_("年供电总成本（万元）"))


def tornado(record: Record) -> Chart | None:
    """How far the cost moves when one variable moves."""
    base = record["summary"]["base_cost"]
    chosen = [
        row
        for row in record["summary"]["tornado"]
        if row["low_cost"] is not None and row["high_cost"] is not None
    ]
    if not chosen:
        return None
    low, high = _("低值"), _("高值")
    rows = [
        {
            "variable": row["variable"],
            "side": words,
            "start": base / YUAN_PER_WAN,
            "end": row[f"{side}_cost"] / YUAN_PER_WAN,
            "value": shown_value(row[side]),
        }
        for row in chosen
        for side, words in (("low", low), ("high", high))
    ]
    hues = alt.Scale(domain=[low, high], range=[palette.CLASSES["B"], palette.CLASSES["C"]])
    names = [row["variable"] for row in chosen]
    bars = (
        alt.Chart(data(rows))
        .mark_bar()
        .encode(
            y=alt.Y("variable:N", sort=None, axis=rows_axis(names)),
            x=alt.X("start:Q", scale=alt.Scale(zero=False), axis=axis(cost_title())),
            x2=alt.X2("end:Q"),
            color=alt.Color("side:N", scale=hues, legend=legend([low, high])),
            tooltip=[
                tip("variable", _("变量")),
                tip("value", _("取值")),
                tip("end", cost_title(), ",.1f"),
            ],
        )
    )
    rule = alt.Chart(data([{"base": base / YUAN_PER_WAN}])).mark_rule().encode(x=alt.X("base:Q"))
    title = _("对“{parameter}”最敏感", parameter=names[0])
    words = _("按影响从大到小：{list}。", list=_("、").join(names))
    return study_chart(
        "tornado", title, _("万元"), words, alt.layer(bars, rule), rows_height(names)
    )


def heat(record: Record, measure: str) -> Chart | None:
    """A measure at every pair of values."""
    x, y = (record["summary"][axis_]["title"] for axis_ in ("x", "y"))
    title, unit = measure_words(measure, record)
    share, divisor = (
        measure.startswith("shares."),
        YUAN_PER_WAN if measure == "annual_cost" else 1.0,
    )
    rows = []
    for case in record["cases"][1:]:
        value = _measure(case, measure)
        if value is None:
            continue
        text = fmt.share(value) if share else fmt.number(value / divisor, 0)
        at = case["at"]
        rows.append(
            {
                "x": shown_value(at[x]),
                "y": shown_value(at[y]),
                "value": value / divisor,
                "text": text,
            }
        )
    if len(rows) < 2:
        return None
    unit = _("万元") if measure == "annual_cost" else unit
    across = [shown_value(one) for one in record["summary"]["x"]["values"]]
    up = [shown_value(one) for one in reversed(record["summary"]["y"]["values"])]
    plain = alt.Chart(data(rows)).encode(
        x=alt.X("x:O", sort=across, axis=axis(x, labelAngle=0)),
        y=alt.Y("y:O", sort=up, axis=axis(y)),
    )
    middle = sorted(float(str(row["value"])) for row in rows)
    dark = middle[0] + 0.6 * (middle[-1] - middle[0])
    cells = plain.mark_rect(stroke="white").encode(
        color=alt.Color(
            "value:Q",
            scale=alt.Scale(scheme="blues", zero=False),
            legend=alt.Legend(title=None, orient="right", format=".0%" if share else ",.0f"),
        ),
        tooltip=[tip("x", x), tip("y", y), tip("text", f"{title} {unit}".strip())],
    )
    layers = [cells]
    if len(across) <= 12:
        layers.append(
            plain.mark_text().encode(
                text="text:N",
                color=alt.condition(
                    f"datum.value > {dark:.6g}", alt.value("white"), alt.value("#1f2933")
                ),
            )
        )
    ordered = sorted(rows, key=lambda one: float(str(one["value"])))
    ends = ordered[0], ordered[-1]
    words = _(
        "{what}最低 {low}，最高 {high}。", what=title, low=ends[0]["text"], high=ends[1]["text"]
    )
    heading = _("{what}随“{x}”和“{y}”的变化", what=title, x=x, y=y)
    key = measure.replace(".", "-")
    return study_chart(f"heat-{key}", heading, unit, words, alt.layer(*layers), 34 * len(up) + 90)


def _measure(case: Case, name: str) -> float | None:
    group, _dot, label = name.partition(".")
    value = case.get(group)
    return fmt.as_number(value.get(label) if isinstance(value, Mapping) else value)


def front(record: Record) -> Chart | None:
    """Cost against what a front demands, the knee marked."""
    points = [
        one for one in record["cases"][1:] if solved(one) and reached(record, one) is not None
    ]
    if len(points) < 2:
        return None
    title, unit, divisor, form = _front_axis(record)
    rows = [
        {
            "x": (reached(record, one) or 0.0) / divisor,
            "cost": one["annual_cost"] / YUAN_PER_WAN,
            "name": one["name"],
        }
        for one in points
    ]
    heading = f"{title}（{unit}）" if unit else title
    plain = alt.Chart(data(rows)).encode(
        x=alt.X("x:Q", scale=alt.Scale(zero=False), axis=axis(heading, format=form)),
        y=alt.Y("cost:Q", scale=alt.Scale(zero=False), axis=axis(cost_title())),
    )
    line = plain.mark_line(color=palette.ACCENT, point={"size": 45, "filled": True}).encode(
        tooltip=[
            tip("name", _("算例")),
            tip("x", heading, form),
            tip("cost", cost_title(), ",.1f"),
        ]
    )
    marked = [row for row in rows if row["name"] == record["summary"]["knee"]]
    layers = [line]
    if marked:
        knee = alt.Chart(data([{**marked[0], "text": _("拐点")}])).encode(x="x:Q", y="cost:Q")
        layers.append(knee.mark_point(size=220, strokeWidth=2.5, color=palette.CLASSES["C"]))
        layers.append(knee.mark_text(dx=-14, dy=-14, fontWeight="bold").encode(text="text:N"))
    return study_chart(
        "front",
        _("年供电总成本与{what}的前沿", what=title),
        _("万元"),
        study_lead(record),
        alt.layer(*layers),
        320,
    )


def _front_axis(record: Record) -> tuple[str, str, float, str]:
    """Title, unit, divisor and format of the other axis of a front."""
    measure = record["summary"]["measure"]
    title, unit = measure_words(measure, record)
    if measure.startswith("shares."):
        return title, "", 1.0, ".0%"
    if measure == "capex":
        return title, str(_("万元")), YUAN_PER_WAN, ",.0f"
    return title, unit, 1.0, ",.0f"


def front_sizes(record: Record) -> Chart | None:
    """Sizes along a front."""
    units = {label: unit for label, unit in capacities_of(record).items() if label != "grid"}
    points = [
        one for one in record["cases"][1:] if solved(one) and reached(record, one) is not None
    ]
    if len(points) < 2 or not units:
        return None
    title, unit, divisor, form = _front_axis(record)
    names = {label: f"{capacity_title(label)}（{units[label]}）" for label in units}
    rows = [
        {
            "x": (reached(record, one) or 0.0) / divisor,
            "what": names[label],
            "size": one["capacities"][label],
        }
        for one in points
        for label in units
    ]
    hues = dict(zip(units, HUES, strict=False))
    heading = f"{title}（{unit}）" if unit else title
    lines = (
        alt.Chart(data(rows))
        .mark_line(point={"size": 25, "filled": True})
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(zero=False), axis=axis(heading, format=form)),
            y=alt.Y("size:Q", axis=axis("MW / MWh")),
            color=colours("what", hues, names),
            tooltip=[
                tip("what", _("容量")),
                tip("x", heading, form),
                tip("size", "MW / MWh", ",.1f"),
            ],
        )
    )
    words = _(
        "前沿两端的容量：{list}。",
        list=_("、").join(
            f"{names[label]} {fmt.number(points[0]['capacities'][label], 1)} → "
            f"{fmt.number(points[-1]['capacities'][label], 1)}"
            for label in units
        ),
    )
    return study_chart("front-sizes", _("前沿上各点的容量"), "MW / MWh", words, lines, 280)


def ranges(record: Record) -> Chart | None:
    """Least and most of each capacity within the slack."""
    units = capacities_of(record)
    rows = [
        {
            "what": f"{capacity_title(one['capacity'])}（{units.get(one['capacity'], '')}）",
            "least": one["least"],
            "most": one["most"],
            "optimum": one["optimum"],
        }
        for one in record["summary"]["ranges"]
        if one.get("least") is not None and one.get("most") is not None
    ]
    if not rows:
        return None
    names = [row["what"] for row in rows]
    plain = alt.Chart(data(rows)).encode(y=alt.Y("what:N", sort=None, axis=rows_axis(names)))
    bars = plain.mark_bar(color=palette.CLASSES["B"], height=14).encode(
        x=alt.X("least:Q", axis=axis("MW / MWh")),
        x2="most:Q",
        tooltip=[
            tip("what", _("容量")),
            tip("least", _("最少"), ",.1f"),
            tip("optimum", _("最优"), ",.1f"),
            tip("most", _("最多"), ",.1f"),
        ],
    )
    ticks = plain.mark_tick(color=palette.CLASSES["D"], thickness=3, size=24).encode(x="optimum:Q")
    title = _("年费用至多增加 {slack} 时各容量的范围", slack=fmt.share(record["summary"]["slack"]))
    unit = _("MW / MWh；竖线为最优方案")
    return study_chart(
        "ranges", title, unit, study_lead(record), alt.layer(bars, ticks), rows_height(names)
    )


def crossing(record: Record) -> Chart | None:
    """A measure over the values that were tried, with its threshold and where it passes it."""
    summary = record["summary"]
    title, unit = measure_words(summary["measure"], record)
    rows = [
        {
            "x": fmt.as_number(one["at"][summary["title"]]),
            "value": _measure(one, summary["measure"]),
        }
        for one in record["cases"][1:]
    ]
    rows = [row for row in rows if row["x"] is not None and row["value"] is not None]
    if len(rows) < 2:
        return None
    heading = f"{title}（{unit}）" if unit else title
    across = _("{name}（倍数）", name=summary["title"]) if summary["factor"] else summary["title"]
    line = (
        alt.Chart(data(rows))
        .mark_line(color=palette.ACCENT, point={"size": 45, "filled": True})
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(zero=False), axis=axis(across)),
            y=alt.Y("value:Q", axis=axis(heading)),
            tooltip=[tip("x", across, ".5g"), tip("value", heading, ",.3f")],
        )
    )
    layers = [line]
    if summary["value"] is not None:
        at = data([{"x": summary["value"], "text": f"{summary['value']:.4g}"}])
        layers.append(
            alt.Chart(at).mark_rule(strokeDash=[5, 4], color=palette.CLASSES["D"]).encode(x="x:Q")
        )
        layers.append(
            alt.Chart(at)
            .mark_text(align="left", dx=6, y=10, fontWeight="bold")
            .encode(x="x:Q", text="text:N")
        )
    return study_chart(
        "crossing",
        _("{what}随“{name}”的变化", what=title, name=summary["title"]),
        unit,
        study_lead(record),
        alt.layer(*layers),
        300,
    )


def cost_by_year(record: Record) -> Chart | None:
    """Cost of every year under each set of sizes that holds in all of them."""
    chosen: Sequence[Case] = [one for one in record["cases"] if one.get("years")]
    rows = [
        {"year": year, "what": one["label"], "cost": row["annual_cost"] / YUAN_PER_WAN}
        for one in chosen
        for year, row in one["years"].items()
        if row.get("annual_cost") is not None
    ]
    if not rows:
        return None
    texts = {one["name"]: one["label"] for one in chosen}
    hues = {"mean": palette.CLASSES["B"], "cvar": palette.CLASSES["C"]}
    bars = (
        alt.Chart(data(rows))
        .mark_bar()
        .encode(
            x=alt.X("year:N", sort=None, axis=axis(None, labelAngle=0)),
            xOffset=alt.XOffset("what:N", sort=None),
            y=alt.Y("cost:Q", axis=axis(cost_title())),
            color=colours("what", hues, texts),
            tooltip=[
                tip("year", _("年份")),
                tip("what", _("规模")),
                tip("cost", cost_title(), ",.1f"),
            ],
        )
    )
    words = _("、").join(f"{row['year']} {wan(row['cost'] * YUAN_PER_WAN)}" for row in rows)
    return study_chart(
        "years", _("各年的年供电总成本"), _("万元"), str(_("{list}。", list=words)), bars, 300
    )
