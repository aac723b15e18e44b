"""Charts of the plan: what is built, and where a year's electricity comes from."""

from __future__ import annotations

from typing import Any

import altair as alt

from greenland.i18n import _
from greenland.record.energy.plan import PlanRecord, RoundingRecord
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import (
    Chart,
    Rows,
    axis,
    colours,
    data,
    finish,
    fitting,
    room_for,
    rows_axis,
    rows_height,
    source_line,
    tip,
)
from greenland.report.hours import USES, Hours
from greenland.report.labels import name
from greenland.report.naming import Naming

_USES = ("load", *USES)
_SUPPLY = ("discharge", "import", "unserved", "interrupted")  # besides the sources


def capacities(plan: PlanRecord | RoundingRecord, naming: Naming) -> Chart | None:
    """What is to be built."""
    values = plan.capacities or {}
    found = {key: one for key, one in naming.capacities(values).items() if values[key]}
    if not found:
        return None
    hues = {key: one.colour for key, one in found.items()}
    if len(set(hues.values())) > palette.MOST_COLOURS:  # the axis names them all the same
        hues = dict.fromkeys(found, palette.ACCENT)
    rows: Rows = [
        {
            "what": one.title,
            "value": values[key],
            "text": _("{value} {unit}", value=fmt.number(values[key], 1), unit=one.unit),
        }
        for key, one in found.items()
    ]
    texts = {key: one.title for key, one in found.items()}
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("what:N", sort=None, axis=rows_axis(texts.values())),
        x=alt.X(
            "value:Q",
            scale=alt.Scale(rangeMax=room_for(row["text"] for row in rows)),
            axis=axis(_("MW（储能容量为 MWh）")),
        ),
        tooltip=[tip("what", name("item")), tip("text", name("capacity"))],
    )
    color = colours("what", hues, texts).to_dict() | {"legend": None}
    bars = base.mark_bar().encode(color=alt.Color.from_dict(color, validate=False))
    words = base.mark_text(align="left", dx=5).encode(text=alt.Text("text:N"))
    listed = _("、").join(f"{row['what']} {row['text']}" for row in rows)
    return Chart(
        "chart-capacities",
        _("推荐规模：{list}", list=listed),
        _("MW；储能容量 MWh"),
        source_line(_("规模测算")),
        _("推荐规模：{list}。", list=listed),
        finish(alt.layer(bars, words), rows_height(texts.values())),
    )


def energy_balance(hours: Hours) -> Chart | None:
    """Where a year's electricity comes from and where it goes."""
    totals = _yearly(hours)
    sides = (
        (_("来源"), (*hours.sources, *_SUPPLY)),
        (_("去向"), _USES),
    )
    rows: list[dict[str, Any]] = [
        {
            "side": side,
            "what": hours.group(key),
            "item": hours.title(key),
            "order": place,
            "gwh": totals[key] / 1000,
        }
        for side, keys in sides
        for place, key in enumerate(keys)
        if totals[key] > 0
    ]
    if not rows:
        return None
    whole = sum(row["gwh"] for row in rows) / 2
    for row in rows:
        row["text"] = fmt.number(row["gwh"], 1)
    used = [key for _side, keys in sides for key in keys if totals[key] > 0]
    texts = hours.groups(used)
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("side:N", sort=None, axis=axis(None, labelFontSize=13)),
        x=alt.X("gwh:Q", axis=axis(_("电量（GWh）"))),
        order=alt.Order("order:Q"),
        tooltip=[tip("item", name("item")), tip("gwh", _("电量（GWh）"), ",.2f")],
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1).encode(
        color=colours("what", hours.hues(used), texts)
    )
    words = fitting(base, f"datum.gwh / {whole:.6g}").mark_text(color="white", fontWeight="bold")
    words = words.encode(
        x=alt.X("gwh:Q", stack="zero", bandPosition=0.5),
        text=alt.Text("text:N"),
        detail=alt.Detail("what:N"),
    )
    onsite = 1 - totals["import"] / totals["load"] if totals["load"] else 0.0
    title = _(
        "全年用电 {load} GWh，下网电量 {bought} GWh，约为用电量的 {share}",
        load=fmt.number(totals["load"] / 1000, 1),
        bought=fmt.number(totals["import"] / 1000, 1),
        share=fmt.share(1 - onsite),
    )
    listed = _("、").join(
        f"{row['side']}·{row['item']} {fmt.number(row['gwh'], 1)} GWh" for row in rows
    )
    return Chart(
        "chart-energy-balance",
        title,
        "GWh",
        source_line(hours.source),
        _("{title}。{list}。", title=title, list=listed),
        finish(alt.layer(bars, words), 140),
    )


def _yearly(hours: Hours) -> dict[str, float]:
    keys = (*hours.sources, *_SUPPLY, *_USES)
    return {key: float(hours.get(key).sum()) / hours.of_a_year for key in keys}
