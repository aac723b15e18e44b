"""Charts of a study: sensitivity and trade-offs."""

from __future__ import annotations

import altair as alt

from greenland.i18n import _
from greenland.record.energy.judged import StudyRecord, TornadoRow
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import (
    Chart,
    axis,
    data,
    finish,
    legend,
    rows_axis,
    rows_height,
    source_line,
    tip,
)
from greenland.report.labels import name
from greenland.report.naming import Naming


def span(row: TornadoRow) -> float:
    """How far the result moves between the low and the high price; -1 where it is not known."""
    low, high = row.low_result, row.high_result
    return -1.0 if low is None or high is None else abs(high - low)


def tornado(study: StudyRecord, naming: Naming) -> Chart | None:
    """How far the result moves when one price moves."""
    items = [
        (naming.parameter(row), row.low_result, row.high_result)
        for row in study.tornado
        if row.low_result is not None and row.high_result is not None
    ]
    base_value = study.base
    if not items or base_value is None:
        return None
    items.sort(key=lambda item: -abs(item[2] - item[1]))
    scale = fmt.yuan_scale(max(abs(value) for item in items for value in item[1:]))
    share = fmt.share(study.change).replace(".0%", "%")
    low_name, high_name = _("低 {share}", share=share), _("高 {share}", share=share)
    rows = [
        {
            "parameter": key,
            "side": side,
            "start": base_value / scale.divisor,
            "end": value / scale.divisor,
        }
        for key, low, high in items
        for side, value in ((low_name, low), (high_name, high))
    ]
    hues = alt.Scale(
        domain=[low_name, high_name], range=[palette.CLASSES["B"], palette.CLASSES["C"]]
    )
    bars = (
        alt.Chart(data(rows))
        .mark_bar()
        .encode(
            y=alt.Y("parameter:N", sort=None, axis=rows_axis(item[0] for item in items)),
            x=alt.X("start:Q", scale=alt.Scale(zero=False), axis=axis(scale.unit)),
            x2=alt.X2("end:Q"),
            color=alt.Color("side:N", scale=hues, legend=legend([low_name, high_name])),
            tooltip=[
                tip("parameter", _("参数")),
                tip("side", _("取值")),
                tip("end", scale.unit, ",.3f"),
            ],
        )
    )
    rule = (
        alt.Chart(data([{"base": base_value / scale.divisor}]))
        .mark_rule()
        .encode(x=alt.X("base:Q"))
    )
    title = _("年供电总成本对“{parameter}”最敏感", parameter=items[0][0])
    return Chart(
        "chart-tornado",
        title,
        scale.unit,
        source_line(_("情景研究")),
        title + _("。"),
        finish(alt.layer(bars, rule), rows_height(item[0] for item in items)),
    )


def pareto(study: StudyRecord) -> Chart | None:
    """Cost against the share of own electricity, over the alternatives studied."""
    points = [
        (row.self_use_of_consumption, row.annual_cost)
        for row in study.pareto
        if row.self_use_of_consumption is not None and row.annual_cost is not None
    ]
    if len(points) < 2:
        return None
    points.sort()
    scale = fmt.yuan_scale(max(abs(y) for _x, y in points))
    rows = [{"share": x, "cost": y / scale.divisor} for x, y in points]
    chart = (
        alt.Chart(data(rows))
        .mark_line(point={"size": 50, "filled": True}, color=palette.ACCENT)
        .encode(
            x=alt.X(
                "share:Q",
                scale=alt.Scale(zero=False),
                axis=axis(name("self_use_of_consumption"), format="%"),
            ),
            y=alt.Y(
                "cost:Q",
                scale=alt.Scale(zero=False),
                axis=axis(_("年供电总成本（{unit}/年）", unit=scale.unit)),
            ),
            tooltip=[
                tip("share", name("self_use_of_consumption"), ".1%"),
                tip("cost", _("年供电总成本（{unit}/年）", unit=scale.unit), ",.3f"),
            ],
        )
    )
    title = _(
        "自发自用占用电比例由 {low} 提到 {high}，年成本由 {first}变为 {last}",
        low=fmt.share(points[0][0]),
        high=fmt.share(points[-1][0]),
        first=fmt.yuan(points[0][1]),
        last=fmt.yuan(points[-1][1]),
    )
    return Chart(
        "chart-pareto",
        title,
        scale.unit,
        source_line(_("情景研究")),
        title + _("。"),
        finish(chart, 280),
    )
