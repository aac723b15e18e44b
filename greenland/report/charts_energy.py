"""Charts of the energy side; each is None when the record has no data for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import accumulate
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
from greenland.report.labels import name, value_label

Part = Mapping[str, Any]
_USES = ("load", "charge", "export", "curtailment")


def _series_name(key: str) -> str:
    return name(key)


def _is_capacity(key: str) -> bool:
    return not key.startswith("peak") and not key.endswith("_hours")


def capacities(plan: Part) -> Chart | None:
    """What is to be built."""
    found = {
        key: value
        for key, value in (plan.get("capacities") or {}).items()
        if fmt.as_number(value) and _is_capacity(key)
    }
    if not found:
        return None
    hues = palette.source_colours(list(found))
    rows = [
        {
            "what": _series_name(key),
            "value": value,
            "text": _("{value} {unit}", value=fmt.number(value, 1), unit=_capacity_unit(key)),
        }
        for key, value in found.items()
    ]
    texts = {key: _series_name(key) for key in found}
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("what:N", sort=None, axis=axis(None, labelFontSize=13)),
        x=alt.X("value:Q", axis=axis(_("MW（储能容量为 MWh）"))),
        tooltip=[tip("what", name("item")), tip("text", name("capacity"))],
    )
    color = colours("what", hues, texts).to_dict() | {"legend": None}
    bars = base.mark_bar().encode(color=alt.Color.from_dict(color, validate=False))
    words = base.mark_text(align="left", dx=5).encode(text="text:N")
    listed = _("、").join(f"{row['what']} {row['text']}" for row in rows)
    return Chart(
        "chart-capacities",
        _("推荐规模：{list}", list=listed),
        _("MW；储能容量 MWh"),
        source_line(_("规模测算")),
        _("推荐规模：{list}。", list=listed),
        finish(alt.layer(bars, words), 34 * len(rows) + 30),
    )


def _capacity_unit(key: str) -> str:
    return "MWh" if key.endswith("_energy") else "MW"


def _yearly(hours: Hours) -> dict[str, float]:
    keys = (*hours.sources, "import", "discharge", *_USES)
    return {key: float(hours.get(key).sum()) for key in keys}


def energy_balance(hours: Hours) -> Chart | None:
    """Where a year's electricity comes from and where it goes."""
    totals = _yearly(hours)
    sides = (
        (_("来源"), (*hours.sources, "discharge", "import")),
        (_("去向"), _USES),
    )
    rows: list[dict[str, Any]] = [
        {"side": side, "what": _series_name(key), "order": place, "gwh": totals[key] / 1000}
        for side, keys in sides
        for place, key in enumerate(keys)
        if totals[key] > 0
    ]
    whole = sum(row["gwh"] for row in rows) / 2 or 1.0
    for row in rows:
        row["text"] = fmt.number(row["gwh"], 1) if row["gwh"] / whole > 0.05 else ""
    used = [key for _side, keys in sides for key in keys if totals[key] > 0]
    texts = {key: _series_name(key) for key in used}
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("side:N", sort=None, axis=axis(None, labelFontSize=13)),
        x=alt.X("gwh:Q", axis=axis(_("电量（GWh）"))),
        order=alt.Order("order:Q"),
        tooltip=[tip("what", name("item")), tip("gwh", _("电量（GWh）"), ",.2f")],
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1).encode(
        color=colours("what", palette.source_colours(used), texts)
    )
    words = base.mark_text(color="white", fontWeight="bold").encode(
        x=alt.X("gwh:Q", stack="zero", bandPosition=0.5), text="text:N", detail="what:N"
    )
    onsite = 1 - totals["import"] / totals["load"] if totals["load"] else 0.0
    title = _(
        "全年用电 {load} GWh，下网电量 {bought} GWh，约为用电量的 {share}",
        load=fmt.number(totals["load"] / 1000, 1),
        bought=fmt.number(totals["import"] / 1000, 1),
        share=fmt.share(1 - onsite),
    )
    listed = _("、").join(
        f"{row['side']}·{row['what']} {fmt.number(row['gwh'], 1)} GWh" for row in rows
    )
    return Chart(
        "chart-energy-balance",
        title,
        "GWh",
        source_line(_("全年逐时调度")),
        _("{title}。{list}。", title=title, list=listed),
        finish(alt.layer(bars, words), 140),
    )


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
                "what": _series_name(key),
                "order": keys.index(key),
                "gwh": sign * float(value),
                "size": float(value),
            }
            for month, value in enumerate(sums)
        ]
    texts = {key: _series_name(key) for key in keys}
    chart = (
        alt.Chart(data(rows))
        .mark_bar(stroke="white", strokeWidth=0.6)
        .encode(
            x=alt.X("month:N", sort=None, axis=axis(None, labelAngle=0)),
            y=alt.Y("gwh:Q", axis=axis(_("电量（GWh）：上为来源，下为去向"))),
            color=colours("what", palette.source_colours(list(keys)), texts),
            order=alt.Order("order:Q"),
            tooltip=[
                tip("month", name("month")),
                tip("what", name("item")),
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
        source_line(_("全年逐时调度")),
        title + _("。"),
        finish(chart, 320),
    )


def overview(hours: Hours) -> Chart | None:
    """A year of days; a window of it is shown in `dispatch`."""
    if hours.days < 14:
        return None
    keys = hours.supply
    rows = []
    for key in keys:
        sums = hours.daily(key).sum(axis=1)
        label = _series_name(key)
        rows += [
            {"t": hours.time(24 * day), "what": label, "order": keys.index(key), "mwh": float(v)}
            for day, v in enumerate(sums)
        ]
    texts = {key: _series_name(key) for key in keys}
    first = hours.heaviest_week
    window = alt.selection_interval(
        name="window",
        encodings=["x"],
        value={"x": [hours.time(first), hours.time(min(first + 168, len(hours) - 1))]},
        mark=alt.BrushConfig(
            fill="#ffffff", fillOpacity=0.35, stroke="#1f2630", strokeWidth=2, strokeOpacity=1
        ),
    )
    color = colours("what", palette.source_colours(list(keys)), texts).to_dict() | {"legend": None}
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
        _("全年每日供电构成：拖动选框查看任意时段"),
        "MWh",
        source_line(_("全年逐时调度")),
        _("全年每日供电量按来源堆积；选框内的时段在逐时调度图中放大。"),
        finish(chart, 90),
        explorer="overview",
    )


def dispatch(hours: Hours) -> Chart | None:
    """Hour by hour: sources stacked, other uses below the line, the load as a line."""
    supply, uses = hours.supply, hours.uses
    keys = (*supply, *uses)
    names = json.dumps({key: _series_name(key) for key in keys}, ensure_ascii=False)
    texts = {key: _series_name(key) for key in keys}
    order = json.dumps({key: place for place, key in enumerate(keys)})
    sign = json.dumps({key: 1 if key in supply else -1 for key in keys})
    time = alt.X(
        "t:T", scale=alt.Scale(type="utc", nice=False), axis=axis(None, labelExpr=_tick_words())
    )
    areas = (
        alt.Chart()
        .transform_fold(list(keys), as_=["key", "mw"])
        .transform_calculate(
            what=f"{names}[datum.key]",
            order=f"{order}[datum.key]",
            signed=f"{sign}[datum.key]*datum.mw",
        )
        .mark_area(interpolate="step-after", strokeWidth=0)
        .encode(
            x=time,
            y=alt.Y("signed:Q", stack="zero", axis=axis(_("功率（MW）"))),
            color=colours("what", palette.source_colours(list(keys)), texts),
            order=alt.Order("order:Q"),
        )
    )
    line = (
        alt.Chart()
        .mark_line(interpolate="step-after", strokeWidth=1.8, color=palette.ENERGY["load"])
        .encode(x=time, y="load:Q")
    )
    shown = [tip(key, _series_name(key), ",.1f") for key in ("load", *keys)]
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
        source_line(_("全年逐时调度")),
        _("选定时段内逐时的供电构成与用电负荷；默认显示全年下网电量最多的一周。"),
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


def _heat(chart_id: str, title: str, unit: str, words: str, hours: Hours, **scale: Any) -> Chart:
    form = scale.pop("form")
    rows = alt.Chart(named("schedule")).transform_calculate(
        value=scale.pop("formula"), hour="utchours(datum.t)"
    )
    color = alt.Color(
        "value:Q",
        scale=alt.Scale(**scale),
        legend=alt.Legend(
            title=unit, orient="right", gradientLength=150, format=form, labelFontSize=11
        ),
    )
    chart = rows.mark_rect(strokeWidth=0).encode(
        x=alt.X(
            "utcyearmonthdate(t):T",
            scale=alt.Scale(type="utc"),
            axis=axis(
                None, format=month_format(), tickCount={"interval": "month", "step": 1}, grid=False
            ),
        ),
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
        source_line(_("全年逐时调度")),
        words,
        finish(chart, 216),  # a whole number of pixels to an hour
        uses=("schedule",),
        tall=True,
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
        "全年 {full} 的时段不需购电；{low} 时最依赖电网",
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
    words = _(
        "{title}；全年平均 {mean} MW。", title=title, mean=fmt.number(float(bought.mean()), 1)
    )
    return _heat(
        *("chart-heat-import", title, _("下网功率（MW）"), words, hours),
        formula="datum.import",
        form=",.1f",
        scheme="viridis",
        reverse=True,
        domainMin=0,
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
    zero = alt.Chart(data([{"zero": 0}])).mark_rule().encode(y="zero:Q")
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
        source_line(_("全年逐时调度")),
        words,
        finish(chart, 280),
    )


def storage_state(hours: Hours) -> Chart | None:
    """Stored energy: lowest, mean and highest of each day."""
    if "energy" not in hours.columns or not np.any(hours.get("energy") > 1e-6) or hours.days < 2:
        return None
    energy = hours.daily("energy")
    rows = [
        {
            "t": hours.time(24 * day),
            "low": float(e.min()),
            "mean": float(e.mean()),
            "high": float(e.max()),
        }
        for day, e in enumerate(energy)
    ]
    base = alt.Chart(data(rows)).encode(
        x=alt.X("t:T", scale=alt.Scale(type="utc"), axis=axis(None, format=month_format())),
        tooltip=[
            alt.Tooltip("utcyearmonthdate(t):T", title=_("日期"), format=day_format()),
            tip("low", _("最低（MWh）"), ",.1f"),
            tip("mean", _("平均（MWh）"), ",.1f"),
            tip("high", _("最高（MWh）"), ",.1f"),
        ],
    )
    band = base.mark_area(color=palette.ENERGY["battery"], opacity=0.35).encode(
        y=alt.Y("low:Q", axis=axis(_("储能电量（MWh）"))), y2="high:Q"
    )
    line = base.mark_line(color=palette.ENERGY["battery"], strokeWidth=1.4).encode(y="mean:Q")
    swing = energy.max(axis=1) - energy.min(axis=1)
    full = float(swing.mean() / max(energy.max(), 1e-9))
    title = _("储能平均每日用到最大储电量的 {share}", share=fmt.share(full, 0))
    return Chart(
        "chart-storage",
        title,
        _("MWh；色带为当日最低至最高，线为平均"),
        source_line(_("全年逐时调度")),
        _(
            "{title}，全年最高储电量 {high} MWh。",
            title=title,
            high=fmt.number(float(energy.max()), 1),
        ),
        finish(alt.layer(band, line), 220),
    )


def _cost_rows(energy: Part) -> list[dict[str, Any]]:
    """Items of the grid-only bill and of the plan [yuan a year]."""
    grid = (energy.get("bill") or {}).get("grid_only") or {}
    plan = energy.get("plan") or {}
    sides = (
        (_("全部网购"), grid.get("items") or [], fmt.as_number(grid.get("years")) or 1.0),
        (
            _("绿电直连方案"),
            (plan.get("rounding") or {}).get("costs") or plan.get("costs") or [],
            1.0,
        ),
    )
    return [
        {"side": side, "item": str(item.get("item")), "title": item.get("title"), "yuan": amount}
        for side, items, years in sides
        for item in items
        if (amount := yearly_amount(item, years))
    ]


def yearly_amount(item: Part, years: float) -> float | None:
    """Amount of an item [yuan a year]; a bill's ``yuan`` is of the whole horizon."""
    yearly = fmt.as_number(item.get("yuan_per_year"))
    whole = fmt.as_number(item.get("yuan"))
    return yearly if yearly is not None or whole is None else whole / years


def cost_build_up(energy: Part) -> Chart | None:
    """Yearly cost of the plan item by item, beside the bill without it."""
    rows = _cost_rows(energy)
    if not rows:
        return None
    keys = list(dict.fromkeys(row["item"] for row in rows))
    titles = {row["item"]: row["title"] for row in rows if row["title"]}
    texts = {key: titles.get(key) or value_label("item", key) for key in keys}
    hues = palette.cost_colours(keys)
    scale = fmt.yuan_scale(max(abs(row["yuan"]) for row in rows))
    shown = [
        {
            "side": row["side"],
            "item": texts[row["item"]],
            "order": keys.index(row["item"]),
            "amount": row["yuan"] / scale.divisor,
            "text": fmt.yuan(row["yuan"], per_year=True),
        }
        for row in rows
    ]
    sums: dict[str, float] = {}
    for row in rows:
        sums[row["side"]] = sums.get(row["side"], 0.0) + row["yuan"]
    totals = [
        {
            "side": side,
            "end": sum(r["amount"] for r in shown if r["side"] == side and r["amount"] > 0),
            "text": _("合计 {total}", total=fmt.yuan(total, per_year=True)),
        }
        for side, total in sums.items()
    ]
    sorting = [str(_("全部网购")), str(_("绿电直连方案"))]
    bars = (
        alt.Chart(data(shown))
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            y=alt.Y("side:N", sort=sorting, axis=axis(None, labelFontSize=13)),
            x=alt.X("amount:Q", stack="zero", axis=axis(_("{unit}/年", unit=scale.unit))),
            color=colours("item", hues, texts),
            order=alt.Order("order:Q"),
            tooltip=[tip("side", _("方案")), tip("item", name("item")), tip("text", _("金额"))],
        )
    )
    words = (
        alt.Chart(data(totals))
        .mark_text(align="left", dx=6, fontWeight="bold")
        .encode(y=alt.Y("side:N", sort=sorting), x="end:Q", text="text:N")
    )
    title = _cost_title(sums)
    listed = _("、").join(f"{row['side']}·{row['item']} {row['text']}" for row in shown)
    return Chart(
        "chart-costs",
        title,
        _("{unit}/年；负值为收入", unit=scale.unit),
        source_line(_("电费对比"), _("规模测算")),
        _("{title}。{list}。", title=title, list=listed),
        finish(alt.layer(bars, words), 190),
    )


def _cost_title(sums: Mapping[str, float]) -> str:
    before, after = sums.get(str(_("全部网购"))), sums.get(str(_("绿电直连方案")))
    if before and after:
        return _(
            "年供电成本由 {before} 变为 {after}（{change}）",
            before=fmt.yuan(before),
            after=fmt.yuan(after),
            change=fmt.signed((after / before - 1) * 100, 1) + "%",
        )
    return _("年供电成本 {total}", total=fmt.yuan(next(iter(sums.values()))))


def cash_net(row: Part) -> float | None:
    """Net cash of a year, by the names it may have [yuan]."""
    found = fmt.as_number(row.get("net"))
    return found if found is not None else fmt.as_number(row.get("net_yuan"))


def cash_flow(energy: Part) -> Chart | None:
    """Net cash of each year and its sum so far."""
    flow = (energy.get("finance") or {}).get("cash_flow") or []
    nets = [(row.get("year"), net) for row in flow if (net := cash_net(row)) is not None]
    if len(nets) < 2:
        return None
    sums = list(accumulate(net for _year, net in nets))
    scale = fmt.yuan_scale(max(abs(value) for value in sums))
    rows = [
        {
            "year": year,
            "net": net / scale.divisor,
            "total": total / scale.divisor,
            "kind": _("当年净现金流"),
            "line": _("累计净现金流"),
        }
        for (year, net), total in zip(nets, sums, strict=True)
    ]
    hues = alt.Scale(
        domain=[_("当年净现金流"), _("累计净现金流")], range=["#8FB4C4", palette.ACCENT]
    )
    base = alt.Chart(data(rows)).encode(
        x=alt.X("year:O", axis=axis(_("年份"), labelAngle=0, labelOverlap=True)),
        tooltip=[
            tip("year", name("year")),
            tip("net", _("当年净现金流（{unit}）", unit=scale.unit), ",.2f"),
            tip("total", _("累计净现金流（{unit}）", unit=scale.unit), ",.2f"),
        ],
    )
    bars = base.mark_bar().encode(
        y=alt.Y("net:Q", axis=axis(scale.unit)), color=alt.Color("kind:N", scale=hues)
    )
    line = base.mark_line(point={"size": 26, "filled": True}).encode(
        y="total:Q", color=alt.Color("line:N", scale=hues)
    )
    back = next((year for (year, _n), total in zip(nets, sums, strict=True) if total >= 0), None)
    title = (
        _("累计净现金流在第 {year} 年转正", year=back)
        if back is not None
        else _("经营期内累计净现金流未转正")
    )
    return Chart(
        "chart-cash",
        title,
        scale.unit,
        source_line(_("财务测算")),
        _("{title}，期末累计 {total}。", title=title, total=fmt.yuan(sums[-1])),
        finish(alt.layer(bars, line), 280),
    )


def tornado(study: Part) -> Chart | None:
    """How far the result moves when one parameter moves."""
    items = []
    for row in study.get("tornado") or []:
        low = fmt.as_number(row.get("low_result", row.get("low")))
        high = fmt.as_number(row.get("high_result", row.get("high")))
        if low is not None and high is not None:
            items.append((str(row.get("parameter") or row.get("item")), low, high))
    base_value = fmt.as_number(study.get("base"))
    if not items or base_value is None:
        return None
    items.sort(key=lambda item: -abs(item[2] - item[1]))
    scale = fmt.yuan_scale(max(abs(value) for item in items for value in item[1:]))
    low_name, high_name = _("参数取低值"), _("参数取高值")
    rows = [
        {
            "parameter": value_label("parameter", key),
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
            y=alt.Y("parameter:N", sort=None, axis=axis(None, labelLimit=240)),
            x=alt.X("start:Q", scale=alt.Scale(zero=False), axis=axis(scale.unit)),
            x2="end:Q",
            color=alt.Color("side:N", scale=hues),
            tooltip=[
                tip("parameter", _("参数")),
                tip("side", _("取值")),
                tip("end", scale.unit, ",.3f"),
            ],
        )
    )
    rule = alt.Chart(data([{"base": base_value / scale.divisor}])).mark_rule().encode(x="base:Q")
    title = _("结果对{parameter}最敏感", parameter=value_label("parameter", items[0][0]))
    return Chart(
        "chart-tornado",
        title,
        scale.unit,
        source_line(_("情景研究")),
        title + _("。"),
        finish(alt.layer(bars, rule), 32 * len(items) + 30),
    )


def pareto(study: Part) -> Chart | None:
    """Cost against the share of own electricity, over the alternatives studied."""
    points = [
        (x, y)
        for row in study.get("pareto") or []
        if (x := fmt.as_number(row.get("self_use_of_consumption", row.get("x")))) is not None
        and (y := fmt.as_number(row.get("annual_cost", row.get("y")))) is not None
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
        "自发自用占用电比例由 {low} 提到 {high}，年成本由 {first} 变为 {last}",
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
