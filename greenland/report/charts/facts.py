"""Charts of the load, of wind and sun, and of where the possible output goes."""

from __future__ import annotations

import altair as alt

from greenland.i18n import _
from greenland.record.energy.facts import LoadRecord, LossRecord, ResourceRecord
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
from greenland.report.labels import name
from greenland.report.naming import Naming

LOSSES = ("curtailment", "export", "storage_loss", "self_use")
_HUES = {
    "possible": palette.IDEAL,
    "curtailment": palette.ENERGY["curtailment"],
    "export": palette.ENERGY["export"],
    "storage_loss": palette.ENERGY["charge"],
    "self_use": palette.ACCENT,
}


def load_bands(load: LoadRecord) -> Chart | None:
    """Hours of the year by load-rate band."""
    if not load.bands:
        return None
    rows = [
        {"band": band_title(one.from_share, one.to_share), "hours": one.hours} for one in load.bands
    ]
    chart = (
        alt.Chart(data(rows))
        .mark_bar(color=palette.ACCENT)
        .encode(
            y=alt.Y("band:N", sort=None, axis=rows_axis(str(row["band"]) for row in rows)),
            x=alt.X("hours:Q", axis=axis(_("小时数（h）"))),
            tooltip=[tip("band", _("负荷率")), tip("hours", _("小时数（h）"), ",.0f")],
        )
    )
    total = sum(one.hours for one in load.bands)
    most = max(load.bands, key=lambda one: one.hours)
    title = _(
        "{share} 的时间负荷率在 {band}",
        share=fmt.share(most.hours / total if total else None, 0),
        band=band_title(most.from_share, most.to_share),
    )
    return Chart(
        *("chart-load-bands", title, "h", source_line(_("负荷曲线")), title + _("。")),
        finish(chart, rows_height(str(row["band"]) for row in rows)),
    )


def band_title(low: float, high: float) -> str:
    """How a band of shares is written."""
    return f"{low:.0%}–{high:.0%}"


def month_title(month: int) -> str:
    """How a month is written."""
    return str(_("{month}月", month=month))


def resource_months(resource: ResourceRecord, naming: Naming) -> Chart | None:
    """Full-load hours of each source by month."""
    sources = [one for one in resource.sources if one.monthly]
    if not sources or max(len(one.monthly) for one in sources) < 12:
        return None
    titles = {one.name: naming.owner(one.name) for one in sources}
    rows = [
        {"month": month_title(row.month), "source": titles[one.name], "hours": row.value}
        for one in sources
        for row in one.monthly
    ]
    hues = {one.name: naming.colour(one.name) for one in sources}
    chart = (
        alt.Chart(data(rows))
        .mark_bar()
        .encode(
            x=alt.X("month:N", sort=None, axis=axis(None, labelAngle=0, labelOverlap=True)),
            xOffset=alt.XOffset("source:N", sort=None),
            y=alt.Y("hours:Q", axis=axis(_("可利用小时数（h）"))),
            color=colours("source", hues, titles),
            tooltip=[
                tip("month", name("month")),
                tip("source", _("电源")),
                tip("hours", _("可利用小时数（h）"), ",.0f"),
            ],
        )
    )
    listed = _("、").join(
        _(
            "{source} {hours} 小时",
            source=titles[one.name],
            hours=fmt.number(one.full_load_hours, 0),
        )
        for one in sources
    )
    title = _("年可利用小时数：{list}", list=listed)
    return Chart(
        *("chart-resource-months", title, "h", source_line(_("电源的出力曲线，未计弃电"))),
        title + _("。"),
        finish(chart, 240),
    )


def losses(part: LossRecord) -> Chart | None:
    """From possible output to what serves the load, step by step."""
    whole = part.possible
    if not whole:
        return None
    left, rows = whole, [_step("possible", 0.0, whole, whole)]
    for key in LOSSES:
        value = getattr(part, key) or 0.0
        if key == "self_use":
            rows.append(_step(key, 0.0, value, whole))
        elif value > 0:
            rows.append(_step(key, left - value, left, whole))
            left -= value
    texts = {str(row["key"]): str(row["step"]) for row in rows}
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("step:N", sort=None, axis=rows_axis(texts.values())),
    )
    bars = base.mark_bar().encode(
        x=alt.X("start:Q", axis=axis(_("电量（GWh）"))),
        x2=alt.X2("end:Q"),
        color=colours("step", _HUES, texts).to_dict() | {"legend": None},
        tooltip=[tip("step", name("item")), tip("text", _("电量"))],
    )
    words = base.mark_text(align="left", dx=6).encode(x=alt.X("end:Q"), text=alt.Text("share:N"))
    title = _(
        "可用发电量的 {used} 供上用电，{lost} 弃掉，{sold} 上网，{stored} 耗在储能",
        used=fmt.share(_over(part.self_use, whole)),
        lost=fmt.share(_over(part.curtailment, whole)),
        sold=fmt.share(_over(part.export, whole)),
        stored=fmt.share(_over(part.storage_loss, whole)),
    )
    chart = alt.layer(bars, words).encode(
        x=alt.X("start:Q", scale=alt.Scale(domain=[0, whole / 1000 * 1.25], nice=False))
    )
    return Chart(
        *("chart-losses", title, "GWh", source_line(_("全年逐时调度"))),
        title + _("。"),
        finish(chart, rows_height(texts.values())),
    )


def _step(key: str, start: float, end: float, whole: float) -> dict[str, object]:
    share = fmt.share((end - start) / whole)
    text = _(
        "{gwh} GWh，{share}",
        gwh=fmt.number((end - start) / 1000, 1),
        share=share,
    )
    row = {"key": key, "step": name(key), "text": str(text), "share": share}
    return {**row, "start": start / 1000, "end": end / 1000}


def _over(value: float | None, whole: float) -> float | None:
    return None if value is None else value / whole
