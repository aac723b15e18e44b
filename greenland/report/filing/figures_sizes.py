"""Sizes compared: three small panels around the recommended point."""

from __future__ import annotations

from typing import Any

import altair as alt

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.facts import ComparedSize
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import axis, data
from greenland.report.filing.figure import FilingData, FilingFigure, chart_of
from greenland.report.labels import value_label

PANELS = {"self_use_of_consumption": ".0%", "curtailment_share": ".1%", "price": ".3f"}
"""What the panels show, and how its numbers are written."""


def policy_line(energy: EnergyRecord) -> float | None:
    """The least share of own electricity in consumption that is required; None where none is."""
    found = [
        row.required
        for row in energy.compliance
        if row.limit == "self_use_of_consumption" and row.required is not None
    ]
    return found[0] if found else None


def verdict_of(row: ComparedSize) -> str:
    """Whether a size keeps the limits of the case."""
    if row.recommended:
        return str(_("推荐"))
    if row.annual_cost is None:
        return value_label("status", row.status)
    if not row.keeps_limits:
        return str(_("不满足限制"))
    return str(_("满足")) if row.within_bounds else str(_("满足，超出案例装机上下限"))


def comparison(found: FilingData) -> FilingFigure | None:
    """Green share with the policy line, curtailment, and price over the size of the sources."""
    points = [row for row in found.energy.size_comparison if row.annual_cost is not None]
    if len(points) < 2:
        return None
    titles = (_("自发自用占总用电量比例"), _("弃电率"), _("单位供电成本（元/kWh）"))
    line = policy_line(found.energy)
    panels = [
        _panel(points, key, str(title), form, line if place == 0 else None)
        for place, ((key, form), title) in enumerate(zip(PANELS.items(), titles, strict=True))
    ]
    chart = alt.hconcat(*panels, spacing=26)
    cheapest = min(points, key=lambda row: row.annual_cost or 0.0)
    best = next(row for row in points if row.recommended)
    finding: str = _(
        "推荐规模（电源 {mw} MW）年供电总成本 {cost}",
        mw=fmt.number(best.source_mw, 1),
        cost=fmt.yuan(best.annual_cost, per_year=True),
    )
    if cheapest.recommended:
        finding += _("，为所比规模中最低")
    else:
        finding += _(
            "；所比规模中最低的是电源 {mw} MW（{cost}，{verdict}）",
            mw=fmt.number(cheapest.source_mw, 1),
            cost=fmt.yuan(cheapest.annual_cost, per_year=True),
            verdict=verdict_of(cheapest),
        )
    finding += _("；推荐规模单位供电成本 {price} 元/kWh", price=fmt.number(best.price, 4))
    note = _(
        "每一点为电源按推荐规模的该倍数固定、其余重新定容的全年测算；菱形为推荐规模，"
        "空心点不满足案例的限制或超出案例的装机上下限。"
    )
    headings = (
        *(_("与推荐规模之比"), _("电源装机（MW）"), _("储能容量（MWh）")),
        *(_("自发自用占总用电量比例"), _("自发自用占可用发电量比例"), _("弃电率"), _("上网比例")),
        *(_("单位供电成本（元/kWh）"), _("年供电总成本（元/年）"), _("求解状态"), _("间隙")),
        *(_("结论"), _("不满足的限制")),
    )
    rows = [
        (
            *(row.factor, row.source_mw, row.storage_mwh, row.self_use_of_consumption),
            *(row.self_use_of_generation, row.curtailment_share, row.export_share, row.price),
            *(row.annual_cost, value_label("status", row.status), row.gap, verdict_of(row)),
            " ".join(str(one) for one in row.failures),
        )
        for row in found.energy.size_comparison
    ]
    shown = chart_of(
        "size-comparison",
        finding,
        str(_("横轴为电源总装机（MW）")),
        chart,
        height=None,
        source=str(_("各规模的全年测算")),
    )
    return FilingFigure("size-comparison", headings, rows, shown, note=str(note))


def _panel(points: list[ComparedSize], key: str, title: str, form: str, line: float | None) -> Any:
    rows = [
        {"mw": row.source_mw, "value": getattr(row, key), "kind": _kind(row)}
        for row in points
        if getattr(row, key) is not None
    ]
    base = alt.Chart(data(rows), width=168, height=170).encode(
        x=alt.X("mw:Q", axis=axis("MW", tickCount=4), scale=alt.Scale(zero=False)),
        y=alt.Y(
            "value:Q",
            axis=axis(None, format=form.replace(".1%", ".0%"), tickCount=5),
            scale=alt.Scale(zero=key == "curtailment_share"),
        ),
    )
    layers = [base.mark_line(color=palette.ACCENT, strokeWidth=1.4)]
    for kind, (shape, size, fill) in _MARKS.items():
        layers.append(
            base.transform_filter(alt.datum.kind == kind).mark_point(
                shape=shape,
                size=size,
                fill=fill,
                filled=True,
                stroke=palette.CLASSES["D"] if kind == "best" else palette.ACCENT,
                strokeWidth=1.4,
                opacity=1,
            )
        )
    if line is not None:
        text = str(_("要求 {share}", share=fmt.share(line, 0)))
        rule = alt.Chart(data([{"line": line, "text": text}]))
        layers += [
            rule.mark_rule(color=palette.CLASSES["D"], strokeDash=[5, 3]).encode(y="line:Q"),
            rule.mark_text(align="left", dy=-7, x=4, color=palette.CLASSES["D"]).encode(
                y="line:Q", text="text:N"
            ),
        ]
    return alt.layer(*layers).properties(title=alt.Title(title, fontSize=12, fontWeight="normal"))


_MARKS = {
    "good": ("circle", 36, palette.ACCENT),
    "bad": ("circle", 36, "white"),
    "best": ("diamond", 170, palette.CLASSES["D"]),
}
"""Shape, size and filling of a point, by what it is."""


def _kind(row: ComparedSize) -> str:
    if row.recommended:
        return "best"
    return "good" if row.keeps_limits and row.within_bounds else "bad"
