"""Charts of the power outlook: what is needed and what there is, month by month."""

from __future__ import annotations

import altair as alt

from greenland.i18n import _
from greenland.record.power.outlook import OutlookRecord
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import Chart, Rows, axis, colours, data, finish, source_line, tip
from greenland.report.labels import name

PARK = ""


def balance(part: OutlookRecord) -> Chart | None:
    """Needed power and capability of the park, or of the station that is shortest."""
    known = [row for row in part.balance if row.capability_mw is not None]
    if not known:
        return None
    short = [row for row in known if row.shortage_mw > 0]
    stations = {row.station for row in known}
    worst = max(short, key=lambda row: row.shortage_mw).station if short else None
    shown = worst if worst is not None else PARK if PARK in stations else sorted(stations)[0]
    rows_of = [row for row in known if row.station == shown]
    where = rows_of[0].station_name or _("全园区")
    texts = {"needed": name("needed_mw"), "has": name("capability_mw")}
    rows: Rows = [
        {"month": row.month, "what": texts[key], "mw": value}
        for row in rows_of
        for key, value in (("needed", row.needed_mw), ("has", row.capability_mw))
    ]
    hues = {texts["needed"]: palette.ACCENT, texts["has"]: palette.IDEAL}
    base = alt.Chart(data(rows)).encode(
        x=alt.X("month:O", axis=axis(_("月份"), labelAngle=0)),
        y=alt.Y("mw:Q", axis=axis("MW"), scale=alt.Scale(zero=True)),
        tooltip=[tip("month", name("month")), tip("what", name("item")), tip("mw", "MW", ",.1f")],
    )
    color = colours("what", hues, {text: text for text in hues})
    bars = (
        base.transform_filter(f"datum.what == '{texts['needed']}'").mark_bar().encode(color=color)
    )
    line = (
        base.transform_filter(f"datum.what == '{texts['has']}'")
        .mark_line(interpolate="step", point=True)
        .encode(color=color)
    )
    lacking = [row for row in rows_of if row.shortage_mw > 0]
    title = (
        _(
            "{where}在 {months} 月缺电",
            where=where,
            months=fmt.listed([str(r.month) for r in lacking]),
        )
        if lacking
        else _("{where}全年不缺电", where=where)
    )
    listed = _("、").join(
        _("{month} 月需要 {needed} MW、供电能力 {has} MW", month=row.month,
          needed=fmt.number(row.needed_mw, 1), has=fmt.number(row.capability_mw, 1))
        for row in rows_of
    )  # fmt: skip
    return Chart(
        "chart-outlook-balance",
        title,
        "MW",
        source_line(_("年度电力供需分析，中情景")),
        _("{title}。{list}。", title=title, list=listed),
        finish(alt.layer(bars, line), 230),
    )
