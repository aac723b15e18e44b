"""Charts of a year as a whole: months, hours of the day, durations, storage."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import numpy as np

from greenland.i18n import _
from greenland.report import formatters as fmt
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
from greenland.report.labels import name


def monthly_balance(hours: Hours) -> Chart | None:
    """Supply above the line and uses below it, by month."""
    if hours.days < 360:
        return None
    stamps = np.datetime64(hours.start_ms, "ms") + np.arange(len(hours)).astype("timedelta64[h]")
    months = (stamps.astype("datetime64[M]").astype(int) % 12).astype(int)
    keys = (*hours.supply, "load", *hours.uses)
    rows = []
    for key in keys:
        sums = np.bincount(months, weights=hours.get(key), minlength=12) / 1000
        sign = 1 if key in hours.supply else -1
        rows += [
            {
                "month": _("{month}月", month=month + 1),
                "what": hours.group(key),
                "item": hours.title(key),
                "order": keys.index(key),
                "gwh": sign * float(value),
                "size": float(value),
            }
            for month, value in enumerate(sums)
        ]
    texts = hours.groups(keys)
    chart = (
        alt.Chart(data(rows))
        .mark_bar(stroke="white", strokeWidth=0.6)
        .encode(
            x=alt.X("month:N", sort=None, axis=axis(None, labelAngle=0, labelOverlap=True)),
            y=alt.Y("gwh:Q", axis=axis(_("电量（GWh）：上为来源，下为去向"))),
            color=colours("what", hours.hues(keys), texts),
            order=alt.Order("order:Q"),
            tooltip=[
                tip("month", name("month")),
                tip("item", name("item")),
                tip("size", _("电量（GWh）"), ",.2f"),
            ],
        )
    )
    bought = np.bincount(months, weights=hours.get("import"), minlength=12) / 1000
    most, least = int(np.argmax(bought)), int(np.argmin(bought))
    title = _(
        "{most} 月下网电量最多（{high} GWh），{least} 月最少（{low} GWh）",
        most=most + 1,
        high=fmt.number(float(bought[most]), 1),
        least=least + 1,
        low=fmt.number(float(bought[least]), 1),
    )
    return Chart(
        "chart-monthly",
        title,
        "GWh",
        source_line(hours.source),
        title + _("。"),
        finish(chart, 320),
    )


def green_heat(hours: Hours) -> Chart | None:
    """Share of the load not bought, by hour and day."""
    if hours.days < 14:
        return None
    load, bought = hours.get("load"), hours.get("import")
    share = np.where(load > 0, 1 - np.minimum(bought / np.maximum(load, 1e-9), 1), 1.0)
    by_hour = share[: hours.days * 24].reshape(hours.days, 24).mean(axis=0)
    full = float((share > 0.999).mean())
    title = _(
        "{full} 的时段不需购电；{low} 时最依赖电网",
        full=fmt.share(full),
        low=int(np.argmin(by_hour)),
    )
    words = _(
        "{title}。{high} 时绿电占比最高，平均 {best}；{low} 时最低，平均 {worst}。",
        title=title,
        high=int(np.argmax(by_hour)),
        best=fmt.share(float(by_hour.max())),
        low=int(np.argmin(by_hour)),
        worst=fmt.share(float(by_hour.min())),
    )
    formula = "datum.load > 0 ? 1 - min(datum.import / datum.load, 1) : 1"
    return _heat(
        *("chart-heat-green", title, _("绿电占比"), words, hours),
        formula=formula,
        form=".0%",
        domain=[0, 1],
        scheme="viridis",
    )


def import_heat(hours: Hours) -> Chart | None:
    """Power bought, by hour and day."""
    if hours.days < 14 or not np.any(hours.get("import") > 0):
        return None
    bought = hours.get("import")
    peak = int(np.argmax(bought))
    stamp = np.datetime64(hours.time(peak), "ms").astype(object)
    title = _(
        "下网功率最大 {peak} MW，出现在 {month}月{day}日 {hour} 时",
        peak=fmt.number(float(bought[peak]), 1),
        month=stamp.month,
        day=stamp.day,
        hour=stamp.hour,
    )
    words = _("{title}；平均 {mean} MW。", title=title, mean=fmt.number(float(bought.mean()), 1))
    return _heat(
        *("chart-heat-import", title, _("下网功率（MW）"), words, hours),
        formula="datum.import",
        form=",.1f",
        scheme="viridis",
        reverse=True,
        domainMin=0,
    )


def _heat(chart_id: str, title: str, unit: str, words: str, hours: Hours, **scale: Any) -> Chart:
    form = scale.pop("form")
    rows = alt.Chart(named("schedule")).transform_calculate(
        value=scale.pop("formula"), hour="utchours(datum.t)"
    )
    color = alt.Color(
        "value:Q",
        scale=alt.Scale(**scale),
        legend=alt.Legend(
            direction="horizontal",
            gradientLength=180,
            format=form if form.endswith("%") else ",.2~f",
            tickCount=4,
        ),
    )
    chart = rows.mark_rect(strokeWidth=0).encode(
        x=alt.X("utcyearmonthdate(t):T", scale=alt.Scale(type="utc"), axis=_days_axis(hours)),
        y=alt.Y(
            "hour:O",
            sort="descending",
            axis=axis(_("时刻（时）"), values=[0, 6, 12, 18, 23], labelAngle=0, grid=False),
        ),
        color=color,
        tooltip=[
            alt.Tooltip("utcyearmonthdatehoursminutes(t):T", title=_("时间"), format=hour_format()),
            alt.Tooltip("value:Q", title=unit, format=form),
        ],
    )
    return Chart(
        chart_id,
        title,
        unit,
        source_line(hours.source),
        words,
        finish(chart, 216),  # a whole number of pixels to an hour
        uses=("schedule",),
        tall=True,
    )


def _days_axis(hours: Hours) -> alt.Axis:
    """Days of the hours, or months of a year, without the month that begins where it ends."""
    if hours.days < 60:
        return axis(None, format=day_format(), grid=False)
    words = f"utcFormat(datum.value, {json.dumps(month_format(), ensure_ascii=False)})"
    return axis(
        None,
        tickCount={"interval": "month", "step": 1},
        labelExpr=f"datum.value < {hours.time(24 * hours.days)} ? {words} : ''",
        grid=False,
    )


def duration_curves(hours: Hours) -> Chart | None:
    """Load and what is left of it after on-site generation, from largest to smallest."""
    load = np.sort(hours.get("load"))[::-1]
    residual = np.sort(hours.get("load") - hours.generation)[::-1]
    places = np.unique(np.linspace(0, len(load) - 1, 240).astype(int))
    names = {"load": _("用电负荷"), "import": _("净负荷（用电减可用发电）")}
    rows = [
        {"hours": int(place) + 1, "what": names[key], "mw": float(curve[place])}
        for key, curve in (("load", load), ("import", residual))
        for place in places
    ]
    hues = {"load": palette.ACCENT, "import": palette.CLASSES["C"]}
    base = alt.Chart(data(rows)).encode(
        x=alt.X("hours:Q", axis=axis(_("小时数（h）")), scale=alt.Scale(nice=False)),
        y=alt.Y("mw:Q", axis=axis(_("功率（MW）"))),
        color=colours("what", hues, names),
        tooltip=[
            tip("what", _("曲线")),
            tip("hours", _("小时数（h）"), ",.0f"),
            tip("mw", _("功率（MW）"), ",.1f"),
        ],
    )
    dash = alt.StrokeDash(
        "what:N", scale=alt.Scale(domain=list(names.values()), range=[[1, 0], [6, 3]])
    )
    zero = alt.Chart(data([{"zero": 0}])).mark_rule().encode(y=alt.Y("zero:Q"))
    chart = alt.layer(zero, base.mark_line().encode(strokeDash=dash))
    surplus = int((residual < 0).sum())
    title = _(
        "可用发电在 {hours} 个小时里超过用电，净负荷最高 {peak} MW",
        hours=fmt.number(surplus, 0),
        peak=fmt.number(float(residual[0]), 1),
    )
    words = _(
        "{title}。用电负荷最高 {load} MW、最低 {low} MW。",
        title=title,
        load=fmt.number(float(load[0]), 1),
        low=fmt.number(float(load[-1]), 1),
    )
    return Chart(
        "chart-duration",
        title,
        "MW",
        source_line(hours.source),
        words,
        finish(chart, 280),
    )


def storage_state(hours: Hours) -> Chart | None:
    """Stored energy, by hour and day."""
    if "energy" not in hours.columns or not np.any(hours.get("energy") > 1e-6) or hours.days < 2:
        return None
    energy = hours.daily("energy")
    by_hour, most = energy.mean(axis=0), float(energy.max())
    swing = float((energy.max(axis=1) - energy.min(axis=1)).mean())
    title = _(
        "储能平均 {high} 时最满、{low} 时最空，每日用到最大储电量的 {share}",
        high=int(np.argmax(by_hour)),
        low=int(np.argmin(by_hour)),
        share=fmt.share(swing / most, 0),
    )
    words = _(
        "{title}。最高储电量 {high} MWh，放电量相当于 {cycles} 次放完最大储电量。",
        title=title,
        high=fmt.number(most, 1),
        cycles=fmt.number(float(hours.get("discharge").sum()) / most, 0),
    )
    return _heat(
        *("chart-storage", title, _("储电量（MWh）"), words, hours),
        formula="datum.energy",
        form=",.1f",
        scheme="viridis",
        reverse=True,
        domainMin=0,
    )
