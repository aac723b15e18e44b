"""Figures of source and load together: balance, typical days, the year, sizes compared."""

from __future__ import annotations

import altair as alt
import numpy as np

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import axis, colours, data, month_format
from greenland.report.charts import facts as fact_charts
from greenland.report.charts import plan as plan_charts
from greenland.report.charts import year as year_charts
from greenland.report.filing.figure import (
    FilingData,
    FilingFigure,
    by_day,
    chart_of,
    day_title,
    month_names,
    monthly,
    stamps,
    typical_day,
)
from greenland.report.labels import name


def balance(found: FilingData) -> FilingFigure | None:
    """Two columns a month: where the energy comes from, and where it goes."""
    hours = found.year
    if hours is None:
        return None
    sides = {
        str(_("源")): hours.supply,
        str(_("用")): ("load", *hours.uses),
    }
    sums = {key: monthly(hours, hours.get(key)) / 1000 for keys in sides.values() for key in keys}
    rows = [
        {
            "month": month,
            "side": side,
            "what": hours.title(key),
            "order": order,
            "gwh": float(sums[key][place]),
        }
        for side, keys in sides.items()
        for order, key in enumerate(keys)
        for place, month in enumerate(month_names())
    ]
    keys = [*hours.supply, "load", *hours.uses]
    hues = hours.hues(keys) | {"charge": "#6FA08F"}
    columns = (
        alt.Chart(data(rows), width=34, height=250)
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X("side:N", sort=list(sides), axis=axis(None, labelAngle=0)),
            y=alt.Y("gwh:Q", axis=axis(_("电量（GWh）"))),
            color=colours("what", hues, hours.titles(keys)),
            order=alt.Order("order:Q"),
        )
        .facet(
            column=alt.Column(
                "month:N", sort=month_names(), title=None, header=alt.Header(labelOrient="bottom")
            ),
            spacing=10,
        )
    )
    given, taken = (sum(sums[key] for key in keys) for keys in sides.values())
    worst = float(np.abs(given - taken).max())
    finding = _("逐月来源与去向最多相差 {gap} GWh", gap=fmt.number(worst, 3))
    table = [
        (month, *(float(1000 * sums[key][place]) for key in keys))
        for place, month in enumerate(month_names())
    ]
    sources = [_("源：{what}（MWh）", what=hours.title(key)) for key in hours.supply]
    uses = [_("用：{what}（MWh）", what=hours.title(key)) for key in ("load", *hours.uses)]
    shown = chart_of("balance-monthly", finding, "GWh", columns, height=None)
    return FilingFigure("balance-monthly", (_("月份"), *sources, *uses), table, shown)


def typical_days(found: FilingData) -> FilingFigure | None:
    """How the system runs on four days, by their dates."""
    hours = found.hours
    if hours is None or hours.days < 4 or not hours.supply:
        return None
    made = by_day(hours, hours.generation)
    net = by_day(hours, hours.get("load") - hours.generation)
    wanted = [
        (int(np.argmax(made.sum(axis=1))), _("发电量最高")),
        (int(np.argmin(made.sum(axis=1))), _("发电量最低")),
        (typical_day(net), _("最接近平均日")),
    ]
    for key, why in (("import", _("下网最多")), ("export", _("上网最多")), ("load", _("用电最高"))):
        sums = by_day(hours, hours.get(key)).sum(axis=1)
        if np.any(sums > 0):
            wanted.append((int(np.argmax(sums)), why))
    chosen: dict[int, str] = {}
    for day, why in wanted:
        if len(chosen) < 4:
            chosen.setdefault(day, str(why))
    titles = {day: day_title(hours, day, why) for day, why in chosen.items()}
    keys = (*hours.supply, *hours.uses)
    rows = [
        {
            "day": titles[day],
            "hour": hour,
            "what": hours.group(key),
            "order": order,
            "mw": (1 if key in hours.supply else -1) * float(hours.get(key)[24 * day + hour]),
            "load": float(hours.get("load")[24 * day + hour]),
        }
        for day in chosen
        for order, key in enumerate(keys)
        for hour in range(24)
    ]
    x = alt.X(
        "hour:Q",
        axis=axis(_("时刻（时）"), values=[0, 6, 12, 18], labelOverlap=False),
        scale=alt.Scale(nice=False),
    )
    areas = (
        alt.Chart()
        .mark_area(interpolate="step-after", strokeWidth=0)
        .encode(
            x=x,
            y=alt.Y("mw:Q", stack="zero", axis=axis(_("功率（MW）"))),
            color=colours("what", hours.hues(keys), hours.groups(keys)),
            detail=alt.Detail("order:N"),
            order=alt.Order("order:Q"),
        )
    )
    line = (
        alt.Chart()
        .mark_line(interpolate="step-after", color=palette.ENERGY["load"], strokeWidth=1.6)
        .encode(x=x, y=alt.Y("load:Q", aggregate="mean"))
    )
    chart = alt.layer(areas, line, data=data(rows), width=276, height=150).facet(
        facet=alt.Facet("day:N", sort=list(titles.values()), title=None), columns=2
    )
    finding = _("系统典型日：{days}", days=fmt.listed(list(titles.values())))
    table = [
        (
            titles[day],
            hour,
            float(hours.get("load")[24 * day + hour]),
            *(float(hours.get(key)[24 * day + hour]) for key in keys),
        )
        for day in chosen
        for hour in range(24)
    ]
    headings = (_("日期"), _("时刻"), _("用电（MW）"), *(f"{hours.title(k)}（MW）" for k in keys))
    unit = _("MW；深色线为用电负荷，横轴下方为充电、上网和弃电")
    note = _(
        "典型日从全年各日中选出四日：可用发电量最高、最低的一日，净负荷最接近全年平均日的一日，"
        "下网、上网、用电最多的一日；同一日只列一次，按此次序取足为止。"
    )
    shown = chart_of("system-typical-days", finding, str(unit), chart, height=None)
    return FilingFigure("system-typical-days", headings, table, shown, note=str(note))


def year_8760(found: FilingData) -> FilingFigure | None:
    """Load less possible output, every hour of the year."""
    hours = found.year
    if hours is None or not hours.sources:
        return None
    net = hours.get("load") - hours.generation
    rows = [
        {"t": hours.time(hour), "d": hours.time(hour - hour % 24), "h": hour % 24, "mw": float(mw)}
        for hour, mw in enumerate(net)
    ]
    most = float(np.abs(net).max())
    chart = (
        alt.Chart(data(rows))
        .mark_rect(strokeWidth=0)
        .encode(
            x=alt.X(
                "utcyearmonthdate(d):T",
                scale=alt.Scale(type="utc"),
                axis=axis(
                    None,
                    format=month_format(),
                    tickCount={"interval": "month", "step": 1},
                    grid=False,
                ),
            ),
            y=alt.Y(
                "h:O",
                sort="descending",
                axis=axis(_("时刻（时）"), values=[0, 6, 12, 18, 23], labelAngle=0, grid=False),
            ),
            color=alt.Color(
                "mw:Q",
                scale=alt.Scale(scheme="blueorange", domain=[-most, most], domainMid=0),
                legend=alt.Legend(direction="horizontal", gradientLength=220, title=None),
            ),
        )
    )
    surplus = int((net < 0).sum())
    finding = _(
        "全年 {hours} 小时可用发电多于用电，最大余 {most} MW、最大缺 {least} MW",
        hours=fmt.number(surplus, 0),
        most=fmt.number(float(-net.min()), 1),
        least=fmt.number(float(net.max()), 1),
    )
    columns = ["load", *hours.sources, *(k for k in (*hours.supply, *hours.uses)
                                         if k not in hours.sources)]  # fmt: skip
    when = [str(one) for one in stamps(hours)]
    table = [
        (when[n], float(net[n]), *(float(hours.get(key)[n]) for key in columns))
        for n in range(len(hours))
    ]
    headings = (
        _("时间"),
        _("用电减可用发电（MW）"),
        *(f"{hours.title(key)}（MW）" for key in columns),
    )
    unit = _("MW；橙色为缺，蓝色为余")
    shown = chart_of("year-8760", finding, str(unit), chart, height=216)
    return FilingFigure("year-8760", headings, table, shown)


def losses(found: FilingData) -> FilingFigure | None:
    """From possible output to what serves the load."""
    part = found.energy.losses
    chart = None if part is None else fact_charts.losses(part)
    if part is None or chart is None:
        return None
    rows = [(name(key), getattr(part, key)) for key in ("possible", *fact_charts.LOSSES)]
    return FilingFigure("losses", (_("项目"), _("电量（MWh）")), rows, chart)


def storage_state(found: FilingData) -> FilingFigure | None:
    """Stored energy, hour by hour."""
    hours = found.hours
    chart = None if hours is None else year_charts.storage_state(hours)
    if hours is None or chart is None:
        return None
    when = [str(one) for one in stamps(hours)]
    rows = [(when[n], float(v)) for n, v in enumerate(hours.get("energy"))]
    return FilingFigure("storage-state", (_("时间"), _("储电量（MWh）")), rows, chart)


def capacities(found: FilingData) -> FilingFigure | None:
    """The recommended sizes."""
    plan = found.energy.plan
    chart = plan_charts.capacities(plan, found.naming)
    if chart is None:
        return None
    titles = found.naming.capacities(plan.capacities or {})
    rows = [(one.title, (plan.capacities or {})[key], one.unit) for key, one in titles.items()]
    return FilingFigure("capacities", (_("容量"), _("数值"), _("单位")), rows, chart)
