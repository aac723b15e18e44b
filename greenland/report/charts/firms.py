"""Charts of 亩均效益: classes, scores, tax against land, industries."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from statistics import median

import altair as alt

from greenland.i18n import N_, _
from greenland.record.land.per_mu import IndustryAverage, PerMuFirm, PerMuRecord
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
from greenland.report.labels import industry, name, value_label

_CLASS_IDS = ("A", "B", "C", "D")
_MOST_BARS = 20


def _of_the_lowest(shares: Mapping[tuple[str, str], float]) -> str:
    """Land and tax of class D, as far as they are known."""
    if not shares.get(("D", "firms")):
        return _("没有 D类企业")
    said = [
        _(text, share=fmt.share(share))
        for key, text in (
            ("land_mu", N_("占用 {share} 的参评用地")),
            ("tax_wan", N_("贡献 {share} 的税收")),
        )
        if (share := shares.get(("D", key))) is not None
    ]
    return _("D类企业{said}", said=_("，").join(said or [_("用地和税收缺数据")]))


def class_shares(per_mu: PerMuRecord) -> Chart | None:
    """How firms, land and tax spread over the classes."""
    summary = {row.class_: row for row in per_mu.summary if row.class_ in _CLASS_IDS}
    rows, shares = [], {}
    for key in ("firms", "land_mu", "tax_wan"):
        amounts = {grade: getattr(row, key) for grade, row in summary.items() if grade}
        known = {grade: amount for grade, amount in amounts.items() if amount is not None}
        total = sum(known.values())
        for grade, amount in known.items() if total else ():
            part = max(0.0, amount / total)
            shares[grade, key] = part
            rows.append(
                {
                    "what": name(key),
                    "class": grade,
                    "order": _CLASS_IDS.index(grade),
                    "share": part,
                    "text": fmt.share(part, 0),
                    "amount": fmt.number(amount, 0),
                }
            )
    if not rows:
        return None
    texts = {grade: grade for grade in summary if grade}
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("what:N", sort=None, axis=rows_axis(row["what"] for row in rows)),
        x=alt.X("share:Q", axis=axis(None, format="%"), stack="normalize"),
        order=alt.Order("order:Q"),
        tooltip=[
            tip("what", _("类别")),
            tip("class", name("class")),
            tip("share", name("share"), ".1%"),
            tip("amount", _("数量")),
        ],
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1).encode(
        color=colours("class", palette.CLASSES, texts)
    )
    words = (
        fitting(base, "datum.share")
        .mark_text(color="white", fontWeight="bold")
        .encode(
            x=alt.X("share:Q", stack="normalize", bandPosition=0.5),
            text=alt.Text("text:N"),
            detail=alt.Detail("class:N"),
        )
    )
    title = _of_the_lowest(shares)
    return Chart(
        "chart-class-shares",
        title,
        _("各等级占参评企业数、用地、税收的比例"),
        source_line(_("企业效益表"), _("亩均效益评价计算")),
        title + _("。") + _class_words(shares),
        finish(alt.layer(bars, words), 150),
    )


def _class_words(shares: Mapping[tuple[str, str], float]) -> str:
    return "".join(
        _(
            "{grade}类：企业数占 {firms}，用地占 {land}，税收占 {tax}。",
            grade=grade,
            firms=fmt.share(shares.get((grade, "firms"))),
            land=fmt.share(shares.get((grade, "land_mu"))),
            tax=fmt.share(shares.get((grade, "tax_wan"))),
        )
        for grade in _CLASS_IDS
        if (grade, "firms") in shares
    )


_WORST = ("C", "D")


_POINTS, _MOST_BINS = 10, 40


def _bin_step(span: float) -> float:
    """Points of a bin: ten, or what keeps the bins few where a score is out of all proportion."""
    step = float(_POINTS)
    for factor in cycle((2, 2.5, 2)):  # 10, 20, 50, 100, …
        if span <= step * _MOST_BINS:
            break
        step *= factor
    return step


def score_distribution(per_mu: PerMuRecord) -> Chart | None:
    """How many firms have which score."""
    firms = [(firm.class_, firm.score) for firm in per_mu.firms if firm.score is not None]
    if len(firms) < 5:
        return None
    occurring = {grade for grade, _score in firms}
    grades = [grade for grade in palette.CLASSES if grade in occurring]
    texts = {grade: value_label("class", grade) for grade in grades}
    rows = [
        {
            "score": score,
            "class": texts.get(str(grade)),
            "order": grades.index(grade) if grade in grades else 9,
        }
        for grade, score in firms
    ]
    scores = sorted(score for _grade, score in firms)
    middle = median(scores)
    held = sum(1 for grade, _score in firms if grade in _WORST)
    step = _bin_step(scores[-1] - scores[0])
    chart = (
        alt.Chart(data(rows))
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X(
                "score:Q",
                bin=alt.Bin(step=step),
                axis=axis(_("综合得分（分）")),
                scale=alt.Scale(nice=True),
            ),
            y=alt.Y("count():Q", axis=axis(_("企业数（家）"), tickMinStep=1)),
            color=colours("class", palette.CLASSES, texts),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("score:Q", bin=alt.Bin(step=step), title=name("score")),
                tip("class", name("class")),
                alt.Tooltip("count():Q", title=name("firms")),
            ],
        )
    )
    title = _(
        "得分中位数 {middle} 分，{held} 家企业列 C、D 类",
        middle=fmt.number(middle, 1),
        held=held,
    )
    return Chart(
        "chart-scores",
        title,
        _("每 {step} 分一档的企业数", step=fmt.number(step, 0)),
        source_line(_("亩均效益评价计算")),
        _(
            "{title}。最低 {low} 分，最高 {high} 分，共 {count} 家。",
            title=title,
            low=fmt.number(scores[0], 1),
            high=fmt.number(scores[-1], 1),
            count=len(scores),
        ),
        finish(chart, 240),
    )


def tax_scatter(per_mu: PerMuRecord) -> Chart | None:
    """Tax per mu against land used, firms named when pointed at.

    A tenant evaluated together with its landlord is part of the landlord's point: its land is
    in the landlord's already.
    """
    together = per_mu.scheme.tenants == "combined"
    firms = [
        (firm, firm.land_mu, firm.tax_per_mu)
        for firm in per_mu.firms
        if firm.land_mu is not None and firm.tax_per_mu is not None
        if firm.land_mu > 0 and not (together and firm.tenant)
    ]
    if len(firms) < 3:
        return None
    texts = {
        str(firm.class_): value_label("class", str(firm.class_)) for firm, _land, _tax in firms
    }
    rows = [
        {
            "firm": firm.firm_name or firm.firm_id,
            "land": land,
            "tax": tax,
            "revenue": (firm.revenue_per_mu or 0) * land,
            "revenue_text": _revenue(firm, land),
            "class": texts[str(firm.class_)],
        }
        for firm, land, tax in firms
    ]
    mean = per_mu.park.tax_per_mu
    points = (
        alt.Chart(data(rows))
        .mark_circle(opacity=0.75, stroke="white", strokeWidth=0.6)
        .encode(
            x=alt.X(
                "land:Q",
                scale=alt.Scale(type="log", nice=False, padding=12),
                axis=axis(_("用地面积（亩，对数刻度）"), tickCount=6, format="~s"),
            ),
            y=alt.Y(
                "tax:Q",
                scale=alt.Scale(type="symlog", nice=False, padding=12),
                axis=axis(_("亩均税收（万元/亩·年，对称对数刻度）"), tickCount=7),
            ),
            size=alt.Size("revenue:Q", scale=alt.Scale(range=[25, 900]), legend=None),
            color=colours("class", palette.CLASSES, texts),
            order=alt.Order("revenue:Q", sort="descending"),
            tooltip=[
                tip("firm", name("firm_name")),
                tip("class", name("class")),
                tip("land", _("用地（亩）"), ",.1f"),
                tip("tax", _("亩均税收（万元/亩）"), ",.2f"),
                tip("revenue_text", _("营业收入（万元）")),
            ],
        )
    )
    layers = [points]
    if mean is not None:
        label = _("园区平均 {mean}", mean=fmt.number(mean, 2))
        line = alt.Chart(data([{"mean": mean, "label": label}]))
        layers.insert(0, line.mark_rule(strokeDash=[5, 4]).encode(y=alt.Y("mean:Q")))
        layers.append(
            line.mark_text(align="left", baseline="bottom", dx=4, dy=-4).encode(
                y=alt.Y("mean:Q"), x=alt.XValue(0), text=alt.Text("label:N")
            )
        )
    low = [land for _firm, land, tax in firms if mean is not None and tax < mean]
    low_land = sum(low)
    part = low_land / sum(land for _firm, land, _tax in firms)
    title = (
        _("{share} 的企业用地低于园区平均亩均税收", share=fmt.share(part, 0))
        if mean is not None
        else _("企业亩均税收与用地规模")
    )
    return Chart(
        "chart-scatter",
        title,
        _("圆点大小为营业收入；虚线为园区平均"),
        source_line(_("企业效益表")),
        _(
            "{title}。低于平均的企业 {low} 家，用地 {land} 亩，共 {count} 家企业。",
            title=title,
            low=len(low),
            land=fmt.number(low_land, 0),
            count=len(firms),
        ),
        finish(alt.layer(*layers), 340),
    )


def _revenue(firm: PerMuFirm, land: float) -> str:
    """Revenue of a firm [万元] in words; unknown is not zero."""
    per_land = firm.revenue_per_mu
    return fmt.number(None if per_land is None else per_land * land, 0)


def industry_bars(per_mu: PerMuRecord) -> Chart | None:
    """Tax per mu by two-digit industry."""
    known = [(row, row.tax_per_mu) for row in per_mu.industries if row.tax_per_mu is not None]
    levels = {row.level for row, _tax in known}
    wanted = "division" if "division" in levels else (min(levels) if levels else "")
    rows = [(row, tax) for row, tax in known if row.level == wanted]
    if len(rows) < 3:
        return None
    rows.sort(key=lambda item: -item[1])
    best, worst = rows[0], rows[-1]
    left_out = len(rows) - _MOST_BARS
    if left_out > 0:  # the best and the worst, so that the title can be read off
        rows = [*rows[: _MOST_BARS - 1], worst]
    mean = per_mu.park.tax_per_mu
    shown: Rows = [
        {
            "industry": _industry(row),
            "tax": tax,
            "land": row.land_mu,
            "firms": row.firms,
            "text": fmt.number(tax, 1),
        }
        for row, tax in rows
    ]
    base = alt.Chart(data(shown)).encode(
        y=alt.Y("industry:N", sort=None, axis=rows_axis(row["industry"] for row in shown)),
        x=alt.X(
            "tax:Q",
            scale=alt.Scale(rangeMax=room_for(row["text"] for row in shown)),
            axis=axis(_("亩均税收（万元/亩·年）")),
        ),
        tooltip=[
            tip("industry", name("industry_code")),
            tip("tax", name("tax_per_mu"), ",.2f"),
            tip("land", name("land_mu"), ",.0f"),
            tip("firms", name("units"), ",.0f"),
        ],
    )
    layers = [
        base.mark_bar(color=palette.ACCENT),
        base.mark_text(align="left", dx=4).encode(text=alt.Text("text:N")),
    ]
    if mean is not None:
        line = alt.Chart(data([{"mean": mean}]))
        layers.append(line.mark_rule(strokeDash=[5, 4], strokeWidth=1.5).encode(x=alt.X("mean:Q")))
    title = _(
        "亩均税收最高的行业是{best}，最低的是{worst}",
        best=industry(best[0].industry_code) or best[0].industry_code,
        worst=industry(worst[0].industry_code) or worst[0].industry_code,
    )
    subtitle: str = _("按行业两位代码汇总，虚线为园区平均")
    if left_out > 0:
        subtitle += _("；中间 {count} 个行业未画出", count=left_out)
    return Chart(
        "chart-industries",
        title,
        subtitle,
        source_line(_("企业效益表")),
        title + _("。"),
        finish(alt.layer(*layers), rows_height(row["industry"] for row in shown)),
    )


def _industry(row: IndustryAverage) -> str:
    return f"{row.industry_code} {industry(row.industry_code)}".strip()
