"""Charts of draws: how the cost spreads, how often limits hold, what drives it."""

from __future__ import annotations

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
    rows_axis,
    rows_height,
    tip,
)
from greenland.report.studies.charts import cost_title, study_chart
from greenland.report.studies.words import (
    DESIGNS,
    Record,
    limit_title,
    solved,
    study_lead,
)
from greenland.summary import YUAN_PER_WAN

BINS = 30


def cost_distribution(record: Record) -> Chart | None:
    """How the cost is distributed over the draws, design by design."""
    rows: list[dict[str, Any]] = []
    known = {
        design: sorted(
            one["annual_cost"] / YUAN_PER_WAN
            for one in record["cases"][1:]
            if one["at"].get("design") == design and solved(one)
        )
        for design in record["summary"]["designs"]
    }
    texts = {design: str(_(DESIGNS[design])) for design, costs in known.items() if costs}
    for design, costs in known.items():
        count = len(costs)
        rows += [
            {"design": texts[design], "cost": cost, "share": (place + 1) / count}
            for place, cost in enumerate(costs)
        ]
    if len(rows) < 3:
        return None
    hues = {"resized": palette.CLASSES["B"], "fixed": palette.CLASSES["C"]}
    steps = (
        alt.Chart(data(rows))
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("cost:Q", scale=alt.Scale(zero=False), axis=axis(cost_title())),
            y=alt.Y("share:Q", axis=axis(_("不超过该成本的概率"), format=".0%")),
            color=colours("design", hues, texts),
            tooltip=[
                tip("design", _("规模")),
                tip("cost", cost_title(), ",.1f"),
                tip("share", _("概率"), ".1%"),
            ],
        )
    )
    return study_chart(
        "distribution", _("年供电总成本的分布"), _("万元"), study_lead(record), steps, 300
    )


def limit_chances(record: Record) -> Chart | None:
    """How probably each limit holds for the design that is held."""
    told = record["summary"]["designs"].get("fixed")
    if told is None or not told["limits"]:
        return None
    rows = [
        {
            "limit": limit_title(label),
            "chance": one["probability"],
            "low": one["low"],
            "high": one["high"],
            "text": fmt.share(one["probability"]),
        }
        for label, one in told["limits"].items()
        if one["probability"] is not None
    ]
    if not rows:
        return None
    names = [row["limit"] for row in rows]
    scale = alt.Scale(domain=[0, 1])
    plain = alt.Chart(data(rows)).encode(
        y=alt.Y("limit:N", sort=None, axis=rows_axis(names)),
    )
    bars = plain.mark_bar(color=palette.ACCENT).encode(
        x=alt.X("chance:Q", scale=scale, axis=axis(_("满足的概率"), format="%")),
        tooltip=[tip("limit", _("限制")), tip("text", _("满足的概率"))],
    )
    spread = plain.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    words = _("、").join(f"{row['limit']} {row['text']}" for row in rows)
    return study_chart(
        "limits",
        _("规模固定时各项限制满足的概率"),
        _("细线为 95 % 置信区间"),
        str(_("{list}。", list=words)),
        alt.layer(bars, spread),
        rows_height(names),
    )


def drivers(record: Record) -> Chart | None:
    """Rank correlation of the cost with each variable."""
    designs = record["summary"]["designs"]
    design = next(iter(designs))
    found = sorted(designs[design]["rank_correlation"].items(), key=lambda one: -abs(one[1]))
    if not found:
        return None
    rows = [{"variable": title, "value": value} for title, value in found]
    names = [title for title, _value in found]
    bars = (
        alt.Chart(data(rows))
        .mark_bar(color=palette.ACCENT)
        .encode(
            y=alt.Y("variable:N", sort=None, axis=rows_axis(names)),
            x=alt.X("value:Q", scale=alt.Scale(domain=[-1, 1]), axis=axis(_("秩相关系数"))),
            tooltip=[tip("variable", _("变量")), tip("value", _("秩相关系数"), ".2f")],
        )
    )
    words = _("、").join(f"{title} {value:.2f}" for title, value in found)
    title = _("与年成本相关最强的是“{what}”（{design}）", what=names[0], design=_(DESIGNS[design]))
    return study_chart(
        "drivers", title, "", str(_("{list}。", list=words)), bars, rows_height(names)
    )
