"""Figures of the sources: what they could give, before anything is curtailed."""

from __future__ import annotations

import altair as alt
import numpy as np

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import axis, colours, data
from greenland.report.charts import facts as fact_charts
from greenland.report.charts.facts import band_title
from greenland.report.filing.figure import (
    FilingData,
    FilingFigure,
    by_day,
    chart_of,
    day_of,
    mean_days,
    month_axis,
    month_names,
    monthly,
)
from greenland.report.filing.figures_load import (
    day_line,
    hour_bars,
    month_days,
    typical_days_of,
)
from greenland.report.hours import Hours

BANDS = 10


def _hues(hours: Hours) -> dict[str, str]:
    return {hours.title(key): hours.colours[key] for key in hours.sources}


def months_of(found: FilingData) -> FilingFigure | None:
    """Possible output of every month, by source."""
    hours = found.year
    if hours is None or not hours.sources:
        return None
    sums = {hours.title(key): monthly(hours, hours.get(key)) for key in hours.sources}
    rows = [
        {"month": month, "source": source, "mwh": float(values[place]), "order": order}
        for order, (source, values) in enumerate(sums.items())
        for place, month in enumerate(month_names())
    ]
    chart = (
        alt.Chart(data(rows))
        .mark_bar()
        .encode(
            x=month_axis(),
            y=alt.Y("mwh:Q", axis=axis(_("可用发电量（MWh）"))),
            color=colours("source", _hues(hours), {one: one for one in sums}),
            order=alt.Order("order:Q"),
        )
    )
    total = np.sum(list(sums.values()), axis=0)
    finding = _(
        "{most}发电最多（{high} MWh），{least}最少（{low} MWh）",
        most=month_names()[int(total.argmax())],
        high=fmt.number(float(total.max()), 0),
        least=month_names()[int(total.argmin())],
        low=fmt.number(float(total.min()), 0),
    )
    table = [
        (month, *(float(values[n]) for values in sums.values()), float(total[n]))
        for n, month in enumerate(month_names())
    ]
    headings = (_("月份"), *(f"{one}（MWh）" for one in sums), _("合计（MWh）"))
    shown = chart_of("generation-monthly", finding, "MWh", chart)
    return FilingFigure("generation-monthly", headings, table, shown)


def daily(found: FilingData) -> FilingFigure | None:
    """Possible output of every day, by source."""
    hours = found.hours
    if hours is None or not hours.sources or hours.days < 2:
        return None
    series = {hours.title(key): by_day(hours, hours.get(key)).sum(axis=1) for key in hours.sources}
    total = np.sum(list(series.values()), axis=0)
    finding = _(
        "日可用发电量最高 {high} MWh（{first}），最低 {low} MWh（{last}）",
        high=fmt.number(float(total.max()), 0),
        first=fmt.long_date(day_of(hours, int(total.argmax()))),
        low=fmt.number(float(total.min()), 0),
        last=fmt.long_date(day_of(hours, int(total.argmin()))),
    )
    rows = [
        (day_of(hours, n).isoformat(), *(float(values[n]) for values in series.values()))
        for n in range(hours.days)
    ]
    shown = chart_of("generation-daily", finding, "MWh", day_line(hours, series, _hues(hours)))
    headings = (_("日期"), *(f"{one}（MWh）" for one in series))
    return FilingFigure("generation-daily", headings, rows, shown)


def mean_day(found: FilingData) -> FilingFigure | None:
    """The mean day of every month, by source."""
    hours = found.year
    if hours is None or not hours.sources:
        return None
    tables = {hours.title(key): mean_days(hours, hours.get(key)) for key in hours.sources}
    peaks = {one: int(table.mean(axis=0).argmax()) for one, table in tables.items()}
    listed = [_("{source}在 {hour} 时", source=one, hour=hour) for one, hour in peaks.items()]
    finding = _("全年平均出力最高的时刻：{list}", list=fmt.listed(listed))
    rows = [
        (one, month, *map(float, table[n]))
        for one, table in tables.items()
        for n, month in enumerate(month_names())
    ]
    chart = month_days(tables, _hues(hours))
    shown = chart_of("generation-mean-day", finding, "MW", chart, height=None)
    headings = (_("电源"), _("月份"), *(_("{hour} 时（MW）", hour=n) for n in range(24)))
    return FilingFigure(
        "generation-mean-day", headings, rows, shown, note=_("每月各日同一时刻的平均。")
    )


def typical_days(found: FilingData) -> FilingFigure | None:
    """Days by their dates: most, least, widest, nearest to the mean."""
    hours = found.hours
    if hours is None or not hours.sources or hours.days < 4:
        return None
    ends = _("发电量最高"), _("发电量最低")
    return typical_days_of("generation-typical-days", hours, hours.generation, ends)


def _capacity(found: FilingData) -> float:
    """Capacity of all sources [MW]."""
    plan = found.energy.plan
    labels = [row.capacity for row in plan.capacity_kinds if row.kind == "source"]
    return sum((plan.capacities or {}).get(label) or 0.0 for label in labels)


def frequency(found: FilingData) -> FilingFigure | None:
    """Hours of the year by band of the output over the capacity of all sources."""
    hours, capacity = found.hours, _capacity(found)
    if hours is None or capacity <= 0:
        return None
    edges = np.linspace(0.0, 1.0, BANDS + 1)
    place = np.searchsorted(edges[1:-1], hours.generation / capacity, side="right")
    counts = np.bincount(place, minlength=BANDS)
    rows = [
        (band_title(low, high), float(count))
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    low = float(counts[:2].sum()) / len(hours)
    finding = _("全年 {share} 的时间合计出力不到装机的 20%", share=fmt.share(low, 0))
    chart = hour_bars(rows, str(_("出力占总装机的比例")))
    shown = chart_of("generation-frequency", finding, "h", chart)
    return FilingFigure(
        "generation-frequency", (_("出力占总装机的比例"), _("小时数（h）")), rows, shown
    )


def duration(found: FilingData) -> FilingFigure | None:
    """Output of each source and of all, from largest to smallest."""
    hours = found.hours
    if hours is None or not hours.sources:
        return None
    whole = str(_("合计"))
    curves = {hours.title(key): np.sort(hours.get(key))[::-1] for key in hours.sources}
    hues = _hues(hours)
    if len(curves) > 1:
        curves[whole] = np.sort(hours.generation)[::-1]
        hues[whole] = palette.IDEAL
    total = np.sort(hours.generation)[::-1]
    places = np.unique(np.linspace(0, len(hours) - 1, 240).astype(int))
    rows = [
        {"hours": int(place) + 1, "what": what, "mw": float(curve[place])}
        for what, curve in curves.items()
        for place in places
    ]
    chart = (
        alt.Chart(data(rows))
        .mark_line()
        .encode(
            x=alt.X("hours:Q", axis=axis(_("小时数（h）")), scale=alt.Scale(nice=False)),
            y=alt.Y("mw:Q", axis=axis(_("出力（MW）"))),
            color=colours("what", hues, {one: one for one in curves}),
        )
    )
    half = int((total > total[0] / 2).sum())
    finding = _(
        "合计出力最高 {peak} MW，超过其一半的有 {hours} 小时",
        peak=fmt.number(float(total[0]), 1),
        hours=fmt.number(half, 0),
    )
    table = [(n + 1, *(float(curve[n]) for curve in curves.values())) for n in range(len(hours))]
    headings = (_("小时数（h）"), *(f"{one}（MW）" for one in curves))
    shown = chart_of("generation-duration", finding, "MW", chart)
    return FilingFigure("generation-duration", headings, table, shown)


def resource_months(found: FilingData) -> FilingFigure | None:
    """Full-load hours of each source by month."""
    resource = found.energy.resource
    chart = None if resource is None else fact_charts.resource_months(resource, found.naming)
    if resource is None or chart is None:
        return None
    sources = {found.naming.owner(one.name): one.monthly for one in resource.sources}
    rows = [
        (month, *(values[n].value for values in sources.values()))
        for n, month in enumerate(month_names())
    ]
    return FilingFigure(
        "resource-months", (_("月份"), *(f"{one}（h）" for one in sources)), rows, chart
    )
