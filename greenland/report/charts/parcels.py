"""Charts of parcels: stock by age, and land re-allocated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from greenland.i18n import N_, _
from greenland.record.land.reallocation import ReallocationRecord
from greenland.record.land.stock import IdleParcel, StockRecord, UnsuppliedParcel
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import (
    Chart,
    axis,
    colours,
    columns_axis,
    data,
    finish,
    fitting,
    rows_axis,
    source_line,
    tip,
)
from greenland.report.labels import name, value_label
from greenland.results import State

_BINS = (
    (12, N_("1年以内")),
    (24, N_("1～2年")),
    (36, N_("2～3年")),
    (60, N_("3～5年")),
    (float("inf"), N_("5年以上")),
)


def stock_by_age(stock: StockRecord) -> Chart | None:
    """Idle and unsupplied land of the ledgers by how long it has been so."""
    rows: dict[tuple[str, str], float] = {}
    # approved after the day of assessment: not in the ledger's total
    waiting = [row for row in stock.unsupplied if row.state is not State.NOT_APPLICABLE]
    ledgers: dict[str, Sequence[UnsuppliedParcel | IdleParcel]] = {
        "unsupplied": waiting,
        "idle": stock.idle,
    }
    for ledger, parcels in ledgers.items():
        for parcel in parcels:
            if parcel.area_mu is not None:
                age = _age(parcel.months)
                rows[age, ledger] = rows.get((age, ledger), 0.0) + parcel.area_mu
    if not rows:
        return None
    ages = [str(_(text)) for _bound, text in _BINS]
    if any(age == _age(None) for age, _ledger in rows):
        ages.append(_age(None))
    texts = {ledger: value_label("ledger", ledger) for ledger in ("unsupplied", "idle")}
    shown = [
        {"age": age, "ledger": texts[ledger], "area": area, "text": fmt.number(area, 0)}
        for (age, ledger), area in rows.items()
    ]
    old = sum(area for (age, _l), area in rows.items() if age in ages[2 : len(_BINS)])
    total = sum(rows.values())
    base = alt.Chart(data(shown)).encode(
        x=alt.X("age:N", sort=ages, scale=alt.Scale(domain=ages), axis=columns_axis(ages)),
        xOffset=alt.XOffset("ledger:N", sort=list(texts.values())),
        y=alt.Y("area:Q", axis=axis(_("面积（亩）"))),
        tooltip=[
            tip("ledger", name("ledger")),
            tip("age", _("历时")),
            tip("area", _("面积（亩）"), ",.1f"),
        ],
    )
    bars = base.mark_bar().encode(color=colours("ledger", palette.LEDGERS, texts))
    words = base.mark_text(dy=-7).encode(text=alt.Text("text:N"))
    title = _(
        "批而未供和闲置土地共 {total} 亩，其中历时两年以上的占 {share}",
        total=fmt.number(total, 0),
        share=fmt.share(old / total if total else 0),
    )
    words_alt = _("、").join(
        _("{ledger}{age} {area} 亩", ledger=r["ledger"], age=r["age"], area=r["text"])
        for r in shown
    )
    return Chart(
        "chart-stock-age",
        title,
        _("亩；自批准、约定动工或停工之日至评价基准日计"),
        source_line(_("宗地台账")),
        _("{title}。{list}。", title=title, list=words_alt),
        finish(alt.layer(bars, words), 240),
    )


def _age(months: float | None) -> str:
    """The bin of an age, in words."""
    if months is None:
        return str(_("日期不明"))
    return next(str(_(text)) for bound, text in _BINS if months < bound)


def reallocation(part: ReallocationRecord) -> Chart | None:
    """Land in hand before, and what of it is used after re-allocation."""
    offered = [
        (parcel.source or "available", parcel.area_mu, parcel.used_mu or 0.0)
        for parcel in part.parcels
        if parcel.area_mu is not None
    ]
    if not offered:
        return None
    before: dict[str, float] = {}
    used = 0.0
    left: dict[str, float] = {}
    for source, area, taken in offered:
        before[source] = before.get(source, 0.0) + area
        left[source] = left.get(source, 0.0) + area - taken
        used += taken
    texts = {source: value_label("source", source) for source in before}
    texts["used"] = _("已安排项目")
    rows: list[dict[str, Any]] = [
        {"when": _("再配置前"), "what": texts[k], "area": v} for k, v in before.items()
    ]
    rows.append({"when": _("再配置后"), "what": texts["used"], "area": used})
    rows += [{"when": _("再配置后"), "what": texts[k], "area": v} for k, v in left.items()]
    rows = [{**row, "text": fmt.number(row["area"], 0)} for row in rows if row["area"] > 0.005]
    total = sum(before.values())
    places = [*before, "used"]
    for row in rows:
        row["order"] = next(k for k, key in enumerate(places) if texts[key] == row["what"])
    hues = {key: palette.LEDGERS.get(key, palette.MUTED) for key in texts}
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("when:N", sort=None, axis=rows_axis(row["when"] for row in rows)),
        x=alt.X("area:Q", axis=axis(_("面积（亩）"))),
        order=alt.Order("order:Q"),
        tooltip=[
            tip("when", _("时点")),
            tip("what", _("土地")),
            tip("area", _("面积（亩）"), ",.1f"),
        ],
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1).encode(color=colours("what", hues, texts))
    words = fitting(base, f"datum.area / {total:.6g}").mark_text(color="white", fontWeight="bold")
    words = words.encode(
        x=alt.X("area:Q", stack="zero", bandPosition=0.5),
        text=alt.Text("text:N"),
        detail=alt.Detail("what:N"),
    )
    title = _(
        "可配置土地 {total} 亩中 {used} 亩（{share}）安排给项目",
        total=fmt.number(total, 0),
        used=fmt.number(used, 0),
        share=fmt.share(used / total if total else 0),
    )
    return Chart(
        "chart-reallocation",
        title,
        _("亩"),
        source_line(_("存量台账"), _("退出建议"), _("项目储备表")),
        title + _("。"),
        finish(alt.layer(bars, words), 130),
    )
