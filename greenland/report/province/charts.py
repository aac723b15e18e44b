"""Charts of the province."""

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
    rows_axis,
    rows_height,
    source_line,
    tip,
)
from greenland.report.labels import value_label
from greenland.report.province.rows import Province, moved, title

_MOST_BARS = 30


def standard_land(
    years: Sequence[Mapping[str, Any]], targets: Sequence[tuple[int, float]]
) -> Chart:
    """Share of standard land by year, and the targets still to come."""
    rows = [
        {
            "year": str(row["year"]),
            "share": row["share"],
            "text": fmt.share(row["share"]),
            "parks": _("{count} 个园区", count=row["parks"]),
        }
        for row in years
    ]
    goals = [
        {"year": str(year), "share": goal, "text": _("目标 {share}", share=fmt.share(goal))}
        for year, goal in targets
    ]
    order = [row["year"] for row in (*rows, *goals)]
    x = alt.X("year:N", sort=order, axis=axis(None, labelAngle=0))
    y = alt.Y("share:Q", scale=alt.Scale(domain=[0, 1]), axis=axis(None, format="%"))
    lines = (
        alt.Chart(data(rows))
        .mark_line(point=True, color=palette.ACCENT)
        .encode(x=x, y=y, tooltip=[tip("year", _("年度")), tip("text", _("比例")),
                                   tip("parks", _("有数的园区"))])
    )  # fmt: skip
    texts = alt.Chart(data(rows)).mark_text(dy=-12).encode(x=x, y=y, text="text:N")
    marks = (
        alt.Chart(data(goals))
        .mark_point(shape="diamond", size=110, filled=True, color=palette.IDEAL)
        .encode(x=x, y=y, tooltip=[tip("year", _("年度")), tip("text", _("目标"))])
    )
    words = alt.Chart(data(goals)).mark_text(dy=18).encode(x=x, y=y, text="text:N")
    last = years[-1]
    finding = _(
        "{year} 年按“标准地”出让 {share}", year=last["year"], share=fmt.share(last["share"])
    )
    return Chart(
        "chart-province-standard-land",
        finding,
        _("占当年工业用地出让面积的比例；菱形为目标"),
        source_line(_("各园区历年供地合计")),
        _("{finding}。", finding=finding),
        finish(alt.layer(lines, texts, marks, words), 240),
    )


def stock(record: Province) -> Chart | None:
    """Share of the stock disposed of, by ledger and year."""
    rows = [
        {
            "year": str(row["year"]),
            "ledger": value_label("ledger", row["ledger"]),
            "rate": row["rate"],
            "text": fmt.share(row["rate"]),
        }
        for row in record["disposal"]
        if row["rate"] is not None
    ]
    if not rows:
        return None
    names = {key: value_label("ledger", key) for key in ("unsupplied", "idle")}
    chart = (
        alt.Chart(data(rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("year:N", axis=axis(None, labelAngle=0)),
            y=alt.Y("rate:Q", axis=axis(None, format="%"), scale=alt.Scale(zero=True)),
            color=colours("ledger", palette.LEDGERS, names),
            tooltip=[tip("year", _("年度")), tip("ledger", _("台账")), tip("text", _("处置率"))],
        )
    )
    last = [row for row in rows if row["year"] == rows[-1]["year"]]
    said = _("、").join(f"{row['ledger']} {row['text']}" for row in last)
    finding = _("{year} 年处置率：{said}", year=rows[-1]["year"], said=said)
    return Chart(
        "chart-province-disposal",
        finding,
        _("当年处置占年初存量的比例，有数的园区合计"),
        source_line(_("各园区历年供地合计")),
        _("{finding}。", finding=finding),
        finish(chart, 220),
    )


def growth(record: Province) -> Chart | None:
    """Growth of output of the parks with the most of it."""
    parks = [
        park
        for park in record["parks"]
        if park["results"]["output_growth"]["value"] is not None
        and park["results"]["above_scale_output_wan"]["value"] is not None
    ]
    parks.sort(key=lambda park: -park["results"]["above_scale_output_wan"]["value"])
    parks = parks[:_MOST_BARS]
    if not parks:
        return None
    rows = [
        {
            "park": park["name"],
            "growth": park["results"]["output_growth"]["value"],
            "way": "up" if park["results"]["output_growth"]["value"] >= 0 else "down",
            "text": fmt.share(park["results"]["output_growth"]["value"]),
        }
        for park in parks
    ]
    names = [row["park"] for row in rows]
    bars = (
        alt.Chart(data(rows))
        .mark_bar()
        .encode(
            y=alt.Y("park:N", sort=names, axis=rows_axis(names)),
            x=alt.X("growth:Q", axis=axis(None, format="%")),
            color=alt.Color(
                "way:N",
                scale=alt.Scale(
                    domain=["up", "down"],
                    range=[palette.STATES["met"], palette.STATES["failed"]],
                ),
                legend=None,
            ),
            tooltip=[tip("park", _("园区")), tip("text", title("output_growth"))],
        )
    )
    falling = sum(row["growth"] < 0 for row in rows)
    finding = (
        _("产值最大的 {count} 个园区中 {falling} 个下降", count=len(rows), falling=falling)
        if falling
        else _("产值最大的 {count} 个园区都没有下降", count=len(rows))
    )
    return Chart(
        "chart-province-growth",
        finding,
        _("{title}，按产值由大到小", title=title("output_growth")),
        source_line(_("各园区年度指标")),
        _("{finding}。", finding=finding),
        finish(bars, rows_height(names)),
        tall=len(rows) > 15,
    )


def overall(record: Province) -> Chart | None:
    """Scores of the overall ranking, with how each moved."""
    moves = {row["park"]: row for row in record["moves"]}
    parks = [park for park in record["parks"] if park["overall"]["province_place"] is not None]
    parks.sort(key=lambda park: park["overall"]["province_place"])
    if not parks:
        return None
    rows = [
        {
            "park": park["name"],
            "score": park["overall"]["score"],
            "state": "bottom" if moves[park["park"]]["bottom"] else "other",
            "text": _text(park, moves[park["park"]]["moved"]),
        }
        for park in parks
    ]
    names = [row["park"] for row in rows]
    y = alt.Y("park:N", sort=names, axis=rows_axis(names))
    x = alt.X(
        "score:Q",
        axis=axis(_("综合得分"), values=[0, 20, 40, 60, 80, 100]),
        scale=alt.Scale(domain=[0, 112]),
    )
    bars = (
        alt.Chart(data(rows))
        .mark_bar()
        .encode(
            y=y,
            x=x,
            color=alt.Color(
                "state:N",
                scale=alt.Scale(
                    domain=["other", "bottom"],
                    range=[palette.ACCENT, palette.STATES["failed"]],
                ),
                legend=None,
            ),
            tooltip=[tip("park", _("园区")), tip("text", _("名次"))],
        )
    )
    texts = alt.Chart(data(rows)).mark_text(align="left", dx=5).encode(y=y, x=x, text="text:N")
    finding = _("综合测算居首的是{name}", name=parks[0]["name"])
    return Chart(
        "chart-province-overall",
        finding,
        _("各指标同类名次折成 0—100 的加权平均；深红为末位"),
        source_line(_("各园区评价结果")),
        _("{finding}。", finding=finding),
        finish(alt.layer(bars, texts), rows_height(names)),
        tall=True,
    )


def _text(park: Mapping[str, Any], places: Any) -> str:
    place = park["overall"]["province_place"]
    return f"{place}" if places in (None, 0) else f"{place}（{moved(places)}）"
