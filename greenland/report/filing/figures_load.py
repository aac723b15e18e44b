"""Figures of the load."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import axis, colours, data, month_format
from greenland.report.charts.facts import band_title
from greenland.report.filing.figure import (
    FilingData,
    FilingFigure,
    by_day,
    chart_of,
    day_of,
    day_title,
    mean_days,
    month_axis,
    month_names,
    monthly,
    typical_day,
)
from greenland.report.hours import Array, Hours

DAY_HUES = ("#A33B1F", "#1B5E8C", "#C4801A", "#0F766E")


def daily(found: FilingData) -> FilingFigure | None:
    """Consumption of every day."""
    hours = found.hours
    if hours is None or hours.days < 2:
        return None
    sums = by_day(hours, hours.get("load")).sum(axis=1)
    most, least = int(np.argmax(sums)), int(np.argmin(sums))
    finding = _(
        "日用电量最高 {high} MWh（{first}），最低 {low} MWh（{last}）",
        high=fmt.number(float(sums[most]), 0),
        first=fmt.long_date(day_of(hours, most)),
        low=fmt.number(float(sums[least]), 0),
        last=fmt.long_date(day_of(hours, least)),
    )
    chart = day_line(hours, {str(_("用电")): sums}, {str(_("用电")): palette.ENERGY["load"]})
    rows = [(day_of(hours, n).isoformat(), float(v)) for n, v in enumerate(sums)]
    return FilingFigure(
        "load-daily",
        (_("日期"), _("用电量（MWh）")),
        rows,
        chart_of("load-daily", finding, "MWh", chart),
    )


def day_line(hours: Hours, series: dict[str, Array], hues: dict[str, str]) -> Any:
    """Daily energies over the year, stacked."""
    rows = [
        {"t": hours.time(24 * day), "what": what, "mwh": float(value), "order": order}
        for order, (what, sums) in enumerate(series.items())
        for day, value in enumerate(sums)
    ]
    return (
        alt.Chart(data(rows))
        .mark_area(interpolate="step-after")
        .encode(
            x=alt.X(
                "t:T",
                scale=alt.Scale(type="utc"),
                axis=axis(None, format=month_format(), tickCount={"interval": "month", "step": 1}),
            ),
            y=alt.Y("mwh:Q", stack="zero", axis=axis(_("电量（MWh/日）"))),
            color=colours("what", hues, {what: what for what in series}),
            order=alt.Order("order:Q"),
        )
    )


def months_of(found: FilingData) -> FilingFigure | None:
    """Consumption and mean power of every month."""
    hours, load = found.year, found.energy.load
    if hours is None or load is None:
        return None
    sums, means = monthly(hours, hours.get("load")), mean_days(hours, hours.get("load")).mean(1)
    rows = [
        {"month": month, "mwh": float(energy), "mw": float(mean)}
        for month, energy, mean in zip(month_names(), sums, means, strict=True)
    ]
    base = alt.Chart(data(rows)).encode(x=month_axis())
    bars = base.mark_bar(color=palette.CLASSES["B"]).encode(
        y=alt.Y("mwh:Q", axis=axis(_("用电量（MWh）")))
    )
    line = base.mark_line(point=True, color=palette.CLASSES["D"]).encode(
        y=alt.Y("mw:Q", axis=axis(_("平均负荷（MW）"), orient="right", grid=False))
    )
    chart = alt.layer(bars, line).resolve_scale(y="independent")
    finding = _(
        "月用电量 {low}–{high} MWh，月平均负荷 {least}–{most} MW",
        low=fmt.number(float(sums.min()), 0),
        high=fmt.number(float(sums.max()), 0),
        least=fmt.number(float(means.min()), 1),
        most=fmt.number(float(means.max()), 1),
    )
    shown = chart_of("load-monthly", finding, _("柱：MWh；线：MW"), chart)
    headings = (_("月份"), _("用电量（MWh）"), _("平均负荷（MW）"))
    return FilingFigure("load-monthly", headings, [tuple(row.values()) for row in rows], shown)


def mean_day(found: FilingData) -> FilingFigure | None:
    """The mean day of every month."""
    hours = found.year
    if hours is None:
        return None
    table = mean_days(hours, hours.get("load"))
    finding = _(
        "各月平均日峰谷差 {low}–{high} MW",
        low=fmt.number(float(np.ptp(table, axis=1).min()), 2),
        high=fmt.number(float(np.ptp(table, axis=1).max()), 2),
    )
    what, hue = str(_("用电负荷")), palette.ENERGY["load"]
    chart = month_days({what: table}, {what: hue}, zero=False)
    return FilingFigure(
        "load-mean-day",
        (_("时刻"), *month_names()),
        [(hour, *map(float, table[:, hour])) for hour in range(24)],
        chart_of("load-mean-day", finding, "MW", chart, height=None),
        note=_("每月各日同一时刻的平均。"),
    )


def month_days(series: dict[str, Array], hues: dict[str, str], *, zero: bool = True) -> Any:
    """Twelve small charts of a day, one for each month, on the same scale."""
    rows = [
        {"month": month, "order": place, "hour": hour, "what": what, "mw": float(value)}
        for what, table in series.items()
        for place, month in enumerate(month_names())
        for hour, value in enumerate(table[place])
    ]
    lines = (
        alt.Chart(data(rows), width=128, height=84)
        .mark_line()
        .encode(
            x=alt.X(
                "hour:Q",
                axis=axis(None, values=[0, 6, 12, 18], labelOverlap=False),
                scale=alt.Scale(nice=False),
            ),
            y=alt.Y("mw:Q", axis=axis("MW", tickCount=4), scale=alt.Scale(zero=zero)),
            color=colours("what", hues, {what: what for what in series})
            if len(series) > 1
            else alt.value(next(iter(hues.values()))),
        )
    )
    return lines.facet(facet=alt.Facet("month:N", sort=month_names(), title=None), columns=4)


def typical_days(found: FilingData) -> FilingFigure | None:
    """Days by their dates: most, least, highest peak, nearest to the mean."""
    hours = found.hours
    if hours is None or hours.days < 4:
        return None
    ends = _("用电量最高"), _("用电量最低")
    return typical_days_of("load-typical-days", hours, hours.get("load"), ends, zero=False)


def typical_days_of(
    key: str, hours: Hours, values: Array, ends: tuple[str, str], *, zero: bool = True
) -> FilingFigure:
    """Days of most and least energy (called *ends*), widest, and nearest to the mean."""
    table = by_day(hours, values)
    chosen = {
        int(np.argmax(table.sum(axis=1))): ends[0],
        int(np.argmin(table.sum(axis=1))): ends[1],
        int(np.argmax(np.ptp(table, axis=1))): _("峰谷差最大"),
        typical_day(table): _("最接近平均日"),
    }
    series = {day_title(hours, day, str(why)): table[day] for day, why in chosen.items()}
    finding = _("典型日：{days}", days=fmt.listed(list(series)))
    return FilingFigure(
        key,
        (_("时刻"), *series),
        [(hour, *(float(one[hour]) for one in series.values())) for hour in range(24)],
        chart_of(key, finding, "MW", day_lines(series, zero=zero)),
        note=typical_words(),
    )


def typical_words() -> str:
    """How the typical days are chosen."""
    return str(
        _(
            "典型日从全年各日中选出：电量最高、最低的一日，峰谷差最大的一日，"
            "各小时与全年平均日之差的平方和最小的一日；同一日只列一次。"
        )
    )


def day_lines(series: dict[str, Array], *, zero: bool = True) -> Any:
    """Some days hour by hour."""
    rows = [
        {"hour": hour, "day": day, "mw": float(value)}
        for day, values in series.items()
        for hour, value in enumerate(values)
    ]
    hues = dict(zip(series, DAY_HUES, strict=False))
    return (
        alt.Chart(data(rows))
        .mark_line(point={"size": 22})
        .encode(
            x=alt.X("hour:Q", axis=axis(_("时刻（时）")), scale=alt.Scale(domain=[0, 23])),
            y=alt.Y("mw:Q", axis=axis(_("功率（MW）")), scale=alt.Scale(zero=zero)),
            color=colours("day", hues, {day: day for day in series}),
        )
    )


def bands(found: FilingData) -> FilingFigure | None:
    """Hours of the year by load-rate band."""
    load = found.energy.load
    if load is None or not load.bands:
        return None
    rows = [(band_title(one.from_share, one.to_share), one.hours) for one in load.bands]
    chart = hour_bars([(str(band), hours) for band, hours in rows], str(_("负荷率")))
    total = sum(hours for _band, hours in rows)
    band, most = max(rows, key=lambda row: row[1])
    finding = _("全年 {share} 的时间负荷率在 {band}", share=fmt.share(most / total, 0), band=band)
    shown = chart_of("load-bands", finding, "h", chart, source=str(_("负荷曲线")))
    return FilingFigure("load-bands", (_("负荷率"), _("小时数（h）")), rows, shown)


def hour_bars(rows: list[tuple[str, float]], title: str) -> Any:
    """Hours of a year by band, the number above each bar."""
    base = alt.Chart(data([{"band": band, "hours": hours} for band, hours in rows])).encode(
        x=alt.X("band:N", sort=None, axis=axis(title, labelAngle=0)),
        y=alt.Y("hours:Q", axis=axis(_("小时数（h）"))),
    )
    words = base.mark_text(dy=-7, fontSize=11).encode(text=alt.Text("hours:Q", format=",.0f"))
    return alt.layer(base.mark_bar(color=palette.ACCENT), words)
