"""Charts of the yearly review: indicators, what moved the score, the land balance."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import Any

import altair as alt

from greenland.i18n import _
from greenland.record.land.review import ReviewRecord
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.blocks import title_of
from greenland.report.chartkit import (
    Chart,
    axis,
    colours,
    data,
    finish,
    fitting,
    legend,
    room_for,
    rows_axis,
    rows_height,
    source_line,
    tip,
)
from greenland.report.labels import name

_MOST_OF_IDEAL = 3.0  # where the scale of shares ends: one outlier must not flatten the rest


def indicators_against_ideal(review: ReviewRecord) -> Chart | None:
    """Each review indicator as a share of its ideal, national level marked."""
    rows: list[dict[str, Any]] = []
    for row in review.indicators:
        if row.value is None or not row.ideal or row.direction == "<=":
            continue  # less is better: a value above the ideal has not reached it
        ratio = row.value / row.ideal
        rows.append(
            {
                "indicator": name(row.indicator),
                "ratio": ratio,
                "national": None if row.national is None else row.national / row.ideal,
                "state": _("达到理想值") if ratio >= 1 else _("低于理想值"),
                "text": fmt.share(ratio, 0),
                "inside": fmt.share(ratio, 0) if ratio > 0.15 else "",
                "beside": "" if ratio > 0.15 else fmt.share(ratio, 0),
            }
        )
    if not rows:
        return None
    levels = [level for row in rows for level in (row["ratio"], row["national"] or 0)]
    top = min(_MOST_OF_IDEAL, max(1.2, *levels) + 0.12)
    for row in rows:  # a mark that lies beyond is left to the words shown when pointing
        row["drawn"] = row["national"] if (row["national"] or 0) <= top else None
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("indicator:N", sort=None, axis=rows_axis(row["indicator"] for row in rows)),
        tooltip=[
            tip("indicator", name("indicator")),
            tip("ratio", _("与理想值之比"), ".1%"),
            tip("national", _("全国水平与理想值之比"), ".1%"),
        ],
    )
    scale = alt.Scale(domain=[0, top], clamp=True)
    domain = [_("达到理想值"), _("低于理想值")]
    hues = alt.Scale(domain=domain, range=[palette.STATES["met"], palette.CLASSES["C"]])
    bars = base.mark_bar(height={"band": 0.6}).encode(
        x=alt.X("ratio:Q", scale=scale, axis=axis(_("占理想值的比例"), format="%")),
        color=alt.Color("state:N", scale=hues, legend=legend(domain)),
    )
    words = base.mark_text(align="left", dx=6, color="white", fontWeight="bold").encode(
        x=alt.XValue(0), text=alt.Text("inside:N")
    )
    beside = base.mark_text(align="left", dx=5).encode(
        x=alt.X("ratio:Q"), text=alt.Text("beside:N")
    )
    ticks = base.mark_tick(thickness=3, size=20, color=palette.IDEAL).encode(x=alt.X("drawn:Q"))
    line = alt.Chart(data([{"one": 1}])).mark_rule(strokeWidth=1.5).encode(x=alt.X("one:Q"))
    reached = sum(1 for row in rows if row["ratio"] >= 1)
    furthest = min(rows, key=lambda row: row["ratio"])
    title = _(
        "{count} 项指标中 {reached} 项达到理想值，差距最大的是{furthest}（{ratio}）",
        count=len(rows),
        reached=reached,
        furthest=furthest["indicator"],
        ratio=furthest["text"],
    )
    words_alt = _("、").join(f"{row['indicator']} {row['text']}" for row in rows)
    return Chart(
        "chart-ideal",
        title,
        _("现状值占理想值的比例；竖短线为全国水平，竖线为理想值"),
        source_line(_("年度指标表"), _("评价方案")),
        _("{title}。各项占理想值的比例：{list}。", title=title, list=words_alt),
        finish(
            alt.layer(bars, line, ticks, words, beside),
            rows_height(row["indicator"] for row in rows),
        ),
    )


def score_waterfall(review: ReviewRecord) -> Chart | None:
    """What moved the score since last year."""
    before, after = review.previous_score, review.land_intensity_score
    changes = [(row.indicator, row.delta_score) for row in review.changes if row.delta_score]
    if before is None or after is None or not changes:
        return None
    changes.sort(key=lambda change: -abs(change[1]))
    levels = list(accumulate((delta for _indicator, delta in changes), initial=before))
    rows = [_step(_("上年得分"), 0, before, _("合计"), fmt.number(before, 2))]
    for (indicator, delta), (low, high) in zip(changes, pairwise(levels), strict=True):
        kind = _("提高") if high >= low else _("降低")
        rows.append(_step(name(indicator), low, high, kind, fmt.signed(delta, 2)))
    rest = after - levels[-1]
    if abs(rest) > 0.005:
        kind = _("提高") if rest > 0 else _("降低")
        rows.append(_step(_("其他"), levels[-1], after, kind, fmt.signed(rest, 2)))
    rows.append(_step(_("本年得分"), 0, after, _("合计"), fmt.number(after, 2)))
    low = min(before, after, *levels)
    high = max(before, after, *levels)
    floor = max(0.0, low - max(high - low, 0.5))
    for row in rows:
        row["start"] = max(row["start"], floor)
        row["top"] = max(row["start"], row["end"])
    domain = [_("合计"), _("提高"), _("降低")]
    hues = alt.Scale(
        domain=domain, range=[palette.ACCENT, palette.STATES["met"], palette.STATES["failed"]]
    )
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("item:N", sort=None, axis=rows_axis(row["item"] for row in rows)),
        tooltip=[tip("item", name("indicator")), tip("text", _("影响（分）"))],
    )
    scale = alt.Scale(
        domain=[floor, high], zero=False, rangeMax=room_for(row["text"] for row in rows)
    )
    bars = base.mark_bar().encode(
        x=alt.X("start:Q", scale=scale, axis=axis(_("得分（分）"))),
        x2=alt.X2("end:Q"),
        color=alt.Color("kind:N", scale=hues, legend=legend(domain)),
    )
    words = base.mark_text(align="left", dx=5).encode(x=alt.X("top:Q"), text=alt.Text("text:N"))
    largest, effect = changes[0]
    title = _(
        "综合分值较上年 {change} 分，影响最大的是{indicator}（{effect} 分）",
        change=fmt.signed(after - before, 2),
        indicator=name(largest),
        effect=fmt.signed(effect, 2),
    )
    return Chart(
        "chart-waterfall",
        title,
        _("分；横轴不从零开始"),
        source_line(_("年度评价计算")),
        _(
            "{title}。{list}。",
            title=title,
            list=_("、").join(f"{row['item']} {row['text']}" for row in rows),
        ),
        finish(alt.layer(bars, words), rows_height(row["item"] for row in rows)),
    )


def _step(item: str, start: float, end: float, kind: str, text: str) -> dict[str, Any]:
    return {"item": item, "start": start, "end": end, "kind": kind, "text": text}


def land_balance(review: ReviewRecord) -> Chart | None:
    """Land by state of building (A, B, C) and of supply (D, E, F), idle land beside it."""
    areas = {
        row.code: row.area_ha
        for row in review.land_use
        if row.area_ha is not None and len(row.code) == 1
    }
    titles = {row.code: title_of(row) for row in review.land_use}
    if len(areas) < 3:
        return None
    bars = ((_("按建设状况"), "ABC"), (_("按供应状况"), "DEF"), (_("其中闲置"), "G"))
    rows: list[dict[str, Any]] = [
        {
            "bar": bar,
            "code": code,
            "order": place,
            "land": _("{code} {title}", code=code, title=titles[code]),
            "area": areas[code],
            "text": _("{code} {area}", code=code, area=fmt.number(areas[code], 1)),
        }
        for bar, codes in bars
        for place, code in enumerate(codes)
        if areas.get(code)
    ]
    total = sum(row["area"] for row in rows if row["code"] in "ABC") or 1.0
    texts = {row["code"]: row["land"] for row in rows}
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("bar:N", sort=None, axis=rows_axis(row["bar"] for row in rows)),
        x=alt.X("area:Q", axis=axis(_("面积（公顷）"))),
        order=alt.Order("order:Q"),
        tooltip=[tip("land", _("地类")), tip("area", _("面积（公顷）"), ",.2f")],
    )
    drawn = base.mark_bar(stroke="white", strokeWidth=1).encode(
        color=colours("land", palette.LAND, texts)
    )
    words = fitting(base, f"datum.area / {total:.6g}").mark_text(color="white", fontWeight="bold")
    words = words.encode(
        x=alt.X("area:Q", stack="zero", bandPosition=0.5),
        text=alt.Text("text:N"),
        detail=alt.Detail("code:N"),
    )
    built = areas.get("A", 0.0)
    idle = areas.get("G", 0.0)
    title = _(
        "已建成 {built} 公顷，占 {share}；闲置 {idle} 公顷",
        built=fmt.number(built, 1),
        share=fmt.share(built / total),
        idle=fmt.number(idle, 1),
    )
    parts = _("、").join(
        _("{land} {area} 公顷", land=row["land"], area=fmt.number(row["area"], 2)) for row in rows
    )
    return Chart(
        "chart-balance",
        title,
        _("公顷"),
        source_line(_("土地利用状况表")),
        _("{title}。{list}。", title=title, list=parts),
        finish(alt.layer(drawn, words), 170),
    )
