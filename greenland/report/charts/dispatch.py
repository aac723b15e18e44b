"""The dispatch hour by hour, and the year from which a window of it is chosen."""

from __future__ import annotations

import json
from typing import Any

import altair as alt

from greenland.i18n import _
from greenland.report import palette
from greenland.report.chartkit import (
    Chart,
    axis,
    colours,
    data,
    day_format,
    finish,
    hour_format,
    month_format,
    named,
    source_line,
    tip,
)
from greenland.report.hours import Hours


def overview(hours: Hours) -> Chart | None:
    """A year of days; a window of it is shown in `dispatch`."""
    keys = hours.supply
    if hours.days < 14 or not keys:
        return None
    rows = []
    for key in keys:
        sums = hours.daily(key).sum(axis=1)
        label = hours.group(key)
        rows += [
            {"t": hours.time(24 * day), "what": label, "order": keys.index(key), "mwh": float(v)}
            for day, v in enumerate(sums)
        ]
    texts = hours.groups(keys)
    first = hours.heaviest_week
    window = alt.selection_interval(
        name="window",
        encodings=["x"],
        value={"x": [hours.time(first), hours.time(min(first + 168, len(hours) - 1))]},
        mark=alt.BrushConfig(
            fill="#ffffff", fillOpacity=0.35, stroke="#1f2630", strokeWidth=2, strokeOpacity=1
        ),
    )
    color = colours("what", hours.hues(keys), texts).to_dict() | {"legend": None}
    chart = (
        alt.Chart(data(rows))
        .mark_area()
        .encode(
            x=alt.X(
                "t:T",
                scale=alt.Scale(type="utc"),
                axis=axis(None, format=month_format(), tickCount={"interval": "month", "step": 1}),
            ),
            y=alt.Y("mwh:Q", stack="zero", axis=axis(_("MWh/日"), tickCount=3)),
            color=alt.Color.from_dict(color, validate=False),
            order=alt.Order("order:Q"),
        )
        .add_params(window)
    )
    return Chart(
        "chart-overview",
        _("每日各来源的供电量"),
        "MWh",
        source_line(hours.source),
        _("每日供电量按来源堆积；选框内的时段在逐时调度图中放大。"),
        finish(chart, 90),
        hint=_("拖动选框查看任意时段。"),
        explorer="overview",
    )


def dispatch(hours: Hours) -> Chart | None:
    """Hour by hour: sources stacked, other uses below the line, the load as a line."""
    supply, uses = hours.supply, hours.uses
    if not supply:
        return None
    keys = (*supply, *uses)
    texts = hours.groups(keys)
    known = [
        {"key": key, "what": hours.group(key), "order": place, "sign": 1 if key in supply else -1}
        for place, key in enumerate(keys)
    ]
    time = alt.X(
        "t:T", scale=alt.Scale(type="utc", nice=False), axis=axis(None, labelExpr=_tick_words())
    )
    areas = (
        alt.Chart()
        .transform_fold(list(keys), as_=["key", "mw"])
        .transform_lookup(
            lookup="key",
            from_=alt.LookupData(data=data(known), key="key", fields=["what", "order", "sign"]),
        )
        .transform_calculate(signed="datum.sign*datum.mw")
        .mark_area(interpolate="step-after", strokeWidth=0)
        .encode(
            x=time,
            y=alt.Y("signed:Q", stack="zero", axis=axis(_("功率（MW）"))),
            color=colours("what", hours.hues(keys), texts),
            detail=alt.Detail("key:N"),
            order=alt.Order("order:Q"),
        )
    )
    line = (
        alt.Chart()
        .mark_line(interpolate="step-after", strokeWidth=1.8, color=palette.ENERGY["load"])
        .encode(x=time, y=alt.Y("load:Q"))
    )
    shown = [tip(key, hours.title(key), ",.1f") for key in ("load", *keys)]
    pointer = (
        alt.Chart()
        .mark_rule(opacity=0)
        .encode(
            x=time,
            opacity=alt.condition(
                {"param": "pointer", "empty": False}, alt.value(0.7), alt.value(0)
            ),
            tooltip=[
                alt.Tooltip("t:T", title=_("时间"), format=hour_format(), timeUnit=None),
                *shown,
            ],
        )
        .add_params(
            alt.selection_point(
                name="pointer", on="pointerover", nearest=True, fields=["t"], clear="pointerout"
            )
        )
    )
    chart = alt.layer(areas, line, pointer, data=named("window"))
    spec = finish(chart, 300)
    _utc_tooltips(spec)
    return Chart(
        "chart-dispatch",
        _("逐时调度：各来源怎样供上用电"),
        _("MW；深色线为用电负荷，横轴下方为充电、上网和弃电"),
        source_line(hours.source),
        _("选定时段内逐时的供电构成与用电负荷；默认显示下网电量最多的一周。"),
        spec,
        uses=("window",),
        explorer="detail",
        tall=True,
    )


def _tick_words() -> str:
    """Days at midnight, hours between."""
    day = json.dumps(day_format(), ensure_ascii=False)
    return (
        f"utchours(datum.value) ? utcFormat(datum.value, '%H:%M') : utcFormat(datum.value, {day})"
    )


def _utc_tooltips(spec: Any) -> None:
    """Write times in tooltips as they stand, not shifted to the reader's time zone."""
    if isinstance(spec, dict):
        items = spec.get("tooltip")
        if isinstance(items, list):
            for item in items:
                if item.get("field") == "t":
                    item.pop("timeUnit", None)
                    item["timeUnit"] = "utcyearmonthdatehoursminutes"
        for value in spec.values():
            _utc_tooltips(value)
    elif isinstance(spec, list):
        for value in spec:
            _utc_tooltips(value)
