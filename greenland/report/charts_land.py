"""Charts of the land side; each takes a part of the record and is None when it has no data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import accumulate, pairwise
from typing import Any

import altair as alt

from greenland.i18n import N_, _
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import Chart, axis, colours, data, finish, source_line, tip
from greenland.report.labels import industry, name, value_label

Part = Mapping[str, Any]
_CLASS_IDS = ("A", "B", "C", "D")
_BINS = (
    (12, N_("1年以内")),
    (24, N_("1～2年")),
    (36, N_("2～3年")),
    (60, N_("3～5年")),
    (1e9, N_("5年以上")),
)


def _numbers(rows: list[dict[str, Any]], *keys: str) -> list[dict[str, Any]]:
    """Rows in which every key holds a number."""
    return [row for row in rows if all(fmt.as_number(row.get(key)) is not None for key in keys)]


def class_shares(per_mu: Part) -> Chart | None:
    """How firms, land and tax spread over the classes."""
    summary = [row for row in per_mu.get("summary", []) if row.get("class") in _CLASS_IDS]
    rows, shares = [], {}
    for key in ("firms", "land_mu", "tax_wan"):
        total = sum(row.get(key) or 0 for row in summary)
        for row in summary if total else []:
            part = max(0.0, (row.get(key) or 0) / total)
            shares[row["class"], key] = part
            rows.append(
                {
                    "what": name(key),
                    "class": row["class"],
                    "order": _CLASS_IDS.index(row["class"]),
                    "share": part,
                    "text": fmt.share(part, 0) if part >= 0.04 else "",
                    "amount": fmt.number(row.get(key) or 0, 0),
                }
            )
    if not rows:
        return None
    texts = {row["class"]: row["class"] for row in summary}
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("what:N", sort=None, axis=axis(None, labelFontSize=13)),
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
    words = base.mark_text(color="white", fontWeight="bold", fontSize=12).encode(
        x=alt.X("share:Q", stack="normalize", bandPosition=0.5),
        text="text:N",
        detail="class:N",
    )
    land, tax = shares.get(("D", "land_mu")), shares.get(("D", "tax_wan"))
    title = _(
        "D类企业占用 {land} 的参评用地，贡献 {tax} 的税收",
        land=fmt.share(land or 0),
        tax=fmt.share(tax or 0),
    )
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


def score_distribution(per_mu: Part) -> Chart | None:
    """How many firms have which score."""
    firms = _numbers(per_mu.get("firms", []), "score")
    if len(firms) < 5:
        return None
    grades = [grade for grade in palette.CLASSES if any(f.get("class") == grade for f in firms)]
    texts = {grade: value_label("class", grade) for grade in grades}
    rows = [
        {
            "score": f["score"],
            "class": texts.get(str(f.get("class"))),
            "order": grades.index(f["class"]) if f.get("class") in grades else 9,
        }
        for f in firms
    ]
    scores = sorted(f["score"] for f in firms)
    middle = scores[len(scores) // 2]
    below = sum(1 for score in scores if score < 60)
    chart = (
        alt.Chart(data(rows))
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X(
                "score:Q",
                bin=alt.Bin(step=10),
                axis=axis(_("综合得分（分）")),
                scale=alt.Scale(nice=True),
            ),
            y=alt.Y("count():Q", axis=axis(_("企业数（家）"), tickMinStep=1)),
            color=colours("class", palette.CLASSES, texts),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("score:Q", bin=alt.Bin(step=10), title=name("score")),
                tip("class", name("class")),
                alt.Tooltip("count():Q", title=name("firms")),
            ],
        )
    )
    title = _(
        "得分中位数 {middle} 分，{below} 家企业低于 60 分",
        middle=fmt.number(middle, 1),
        below=below,
    )
    return Chart(
        "chart-scores",
        title,
        _("每 10 分一档的企业数"),
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


def tax_scatter(per_mu: Part) -> Chart | None:
    """Tax per mu against land used, firms named when pointed at."""
    firms = [
        f for f in _numbers(per_mu.get("firms", []), "land_mu", "tax_per_mu") if f["land_mu"] > 0
    ]
    if len(firms) < 3:
        return None
    texts = {str(f.get("class")): value_label("class", str(f.get("class"))) for f in firms}
    rows = [
        {
            "firm": f.get("firm_name") or f.get("firm_id"),
            "land": f["land_mu"],
            "tax": f["tax_per_mu"],
            "revenue": (fmt.as_number(f.get("revenue_per_mu")) or 0) * f["land_mu"],
            "class": texts[str(f.get("class"))],
        }
        for f in firms
    ]
    mean = fmt.as_number((per_mu.get("park") or {}).get("tax_per_mu"))
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
                tip("revenue", _("营业收入（万元）"), ",.0f"),
            ],
        )
    )
    layers = [points]
    if mean is not None:
        label = _("园区平均 {mean}", mean=fmt.number(mean, 2))
        line = alt.Chart(data([{"mean": mean, "label": label}]))
        layers.insert(0, line.mark_rule(strokeDash=[5, 4]).encode(y="mean:Q"))
        layers.append(
            line.mark_text(align="left", baseline="bottom", dx=4, dy=-4).encode(
                y="mean:Q", x=alt.value(0), text="label:N"
            )
        )
    low = [f for f in firms if mean is not None and f["tax_per_mu"] < mean]
    low_land = sum(f["land_mu"] for f in low)
    part = low_land / sum(f["land_mu"] for f in firms)
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


def industry_bars(per_mu: Part) -> Chart | None:
    """Tax per mu by two-digit industry."""
    rows = _numbers(per_mu.get("industries", []), "tax_per_mu")
    levels = {str(r.get("level")) for r in rows}
    wanted = "division" if "division" in levels else (min(levels) if levels else "")
    rows = [r for r in rows if str(r.get("level")) == wanted]
    if len(rows) < 3:
        return None
    rows = sorted(rows, key=lambda row: -row["tax_per_mu"])[:20]
    mean = fmt.as_number((per_mu.get("park") or {}).get("tax_per_mu"))
    shown = [
        {
            "industry": f"{r['industry_code']} {industry(r['industry_code'])}".strip(),
            "tax": r["tax_per_mu"],
            "land": r.get("land_mu"),
            "firms": r.get("firms"),
            "text": fmt.number(r["tax_per_mu"], 1),
        }
        for r in rows
    ]
    base = alt.Chart(data(shown)).encode(
        y=alt.Y("industry:N", sort=None, axis=axis(None, labelLimit=220)),
        x=alt.X("tax:Q", axis=axis(_("亩均税收（万元/亩·年）"))),
        tooltip=[
            tip("industry", name("industry_code")),
            tip("tax", name("tax_per_mu"), ",.2f"),
            tip("land", name("land_mu"), ",.0f"),
            tip("firms", name("firms"), ",.0f"),
        ],
    )
    layers = [
        base.mark_bar(color=palette.ACCENT),
        base.mark_text(align="left", dx=4).encode(text="text:N"),
    ]
    if mean is not None:
        line = alt.Chart(data([{"mean": mean}]))
        layers.append(line.mark_rule(strokeDash=[5, 4], strokeWidth=1.5).encode(x="mean:Q"))
    best, worst = shown[0], shown[-1]
    title = _(
        "亩均税收最高的行业是{best}，最低的是{worst}",
        best=best["industry"],
        worst=worst["industry"],
    )
    return Chart(
        "chart-industries",
        title,
        _("按行业两位代码汇总，虚线为园区平均"),
        source_line(_("企业效益表")),
        title + _("。"),
        finish(alt.layer(*layers), max(150, 24 * len(shown))),
    )


def indicators_against_ideal(review: Part) -> Chart | None:
    """Each review indicator as a share of its ideal, national level marked."""
    rows = []
    for row in _numbers(review.get("indicators", []), "value", "ideal"):
        if not row["ideal"]:
            continue
        ratio = row["value"] / row["ideal"]
        national = fmt.as_number(row.get("national"))
        rows.append(
            {
                "indicator": name(row["indicator"]),
                "ratio": ratio,
                "national": None if national is None else national / row["ideal"],
                "state": _("达到理想值") if ratio >= 1 else _("低于理想值"),
                "text": fmt.share(ratio, 0),
                "inside": fmt.share(ratio, 0) if ratio > 0.15 else "",
                "beside": "" if ratio > 0.15 else fmt.share(ratio, 0),
            }
        )
    if not rows:
        return None
    top = max(1.2, *(min(2.0, max(r["ratio"], r["national"] or 0)) for r in rows)) + 0.12
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("indicator:N", sort=None, axis=axis(None, labelLimit=240)),
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
        color=alt.Color("state:N", scale=hues),
    )
    words = base.mark_text(align="left", dx=6, color="white", fontWeight="bold").encode(
        x=alt.value(0), text="inside:N"
    )
    beside = base.mark_text(align="left", dx=5).encode(x=alt.X("ratio:Q"), text="beside:N")
    ticks = base.mark_tick(thickness=3, size=20, color=palette.IDEAL).encode(x=alt.X("national:Q"))
    line = alt.Chart(data([{"one": 1}])).mark_rule(strokeWidth=1.5).encode(x="one:Q")
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
        finish(alt.layer(bars, line, ticks, words, beside), 30 * len(rows) + 20),
    )


def score_waterfall(review: Part) -> Chart | None:
    """What moved the score since last year."""
    before = fmt.as_number(review.get("previous_score"))
    after = fmt.as_number(review.get("land_intensity_score"))
    changes = [c for c in _numbers(review.get("changes", []), "delta_score") if c["delta_score"]]
    if before is None or after is None or not changes:
        return None
    changes = sorted(changes, key=lambda c: -abs(c["delta_score"]))
    levels = list(accumulate((c["delta_score"] for c in changes), initial=before))
    rows = [_step(_("上年得分"), 0, before, _("合计"), fmt.number(before, 2))]
    for change, (low, high) in zip(changes, pairwise(levels), strict=True):
        kind = _("提高") if high >= low else _("降低")
        text = fmt.signed(change["delta_score"], 2)
        rows.append(_step(name(change["indicator"]), low, high, kind, text))
    rest = after - levels[-1]
    if abs(rest) > 0.005:
        kind = _("提高") if rest > 0 else _("降低")
        rows.append(_step(_("其他"), levels[-1], after, kind, fmt.signed(rest, 2)))
    rows.append(_step(_("本年得分"), 0, after, _("合计"), fmt.number(after, 2)))
    low = min(before, after, *levels)
    high = max(before, after, *levels)
    room = max(high - low, 0.5)
    floor = max(0.0, low - room)
    for row in rows:
        row["start"] = max(row["start"], floor)
        row["top"] = max(row["start"], row["end"])
    domain = [_("合计"), _("提高"), _("降低")]
    hues = alt.Scale(
        domain=domain, range=[palette.ACCENT, palette.STATES["met"], palette.STATES["failed"]]
    )
    base = alt.Chart(data(rows)).encode(
        x=alt.X("item:N", sort=None, axis=axis(None, labelAngle=-30, labelLimit=150)),
        tooltip=[tip("item", name("indicator")), tip("text", _("影响（分）"))],
    )
    scale = alt.Scale(domain=[floor, high + room * 0.35], zero=False)
    bars = base.mark_bar().encode(
        y=alt.Y("start:Q", scale=scale, axis=axis(_("得分（分）"))),
        y2="end:Q",
        color=alt.Color("kind:N", scale=hues),
    )
    words = base.mark_text(dy=-8).encode(y="top:Q", text="text:N")
    top = changes[0]
    title = _(
        "综合分值较上年 {change} 分，影响最大的是{indicator}（{effect} 分）",
        change=fmt.signed(after - before, 2),
        indicator=name(top["indicator"]),
        effect=fmt.signed(top["delta_score"], 2),
    )
    return Chart(
        "chart-waterfall",
        title,
        _("分；纵轴不从零开始"),
        source_line(_("年度评价计算")),
        _(
            "{title}。{list}。",
            title=title,
            list=_("、").join(f"{row['item']} {row['text']}" for row in rows),
        ),
        finish(alt.layer(bars, words), 300),
    )


def _step(item: str, start: float, end: float, kind: str, text: str) -> dict[str, Any]:
    return {"item": item, "start": start, "end": end, "kind": kind, "text": text}


def land_balance(review: Part) -> Chart | None:
    """Land by state of building (A, B, C) and of supply (D, E, F), idle land beside it."""
    areas = {
        str(row.get("code")): row
        for row in _numbers(review.get("land_use", []), "area_ha")
        if len(str(row.get("code"))) == 1
    }
    if len(areas) < 3:
        return None
    bars = ((_("按建设状况"), "ABC"), (_("按供应状况"), "DEF"), (_("其中闲置"), "G"))
    rows = [
        {
            "bar": bar,
            "code": code,
            "order": place,
            "land": _("{code} {title}", code=code, title=_land_title(areas[code])),
            "area": areas[code]["area_ha"],
            "text": _("{code} {area}", code=code, area=fmt.number(areas[code]["area_ha"], 1)),
        }
        for bar, codes in bars
        for place, code in enumerate(codes)
        if code in areas and areas[code]["area_ha"]
    ]
    total = sum(row["area"] for row in rows if row["code"] in "ABC") or 1.0
    for row in rows:
        row["text"] = row["text"] if row["area"] / total > 0.08 else ""
    texts = {row["code"]: row["land"] for row in rows}
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("bar:N", sort=None, axis=axis(None, labelFontSize=13)),
        x=alt.X("area:Q", axis=axis(_("面积（公顷）"))),
        order=alt.Order("order:Q"),
        tooltip=[tip("land", _("地类")), tip("area", _("面积（公顷）"), ",.2f")],
    )
    drawn = base.mark_bar(stroke="white", strokeWidth=1).encode(
        color=colours("land", palette.LAND, texts)
    )
    words = base.mark_text(color="white", fontWeight="bold").encode(
        x=alt.X("area:Q", stack="zero", bandPosition=0.5), text="text:N", detail="code:N"
    )
    built = areas.get("A", {}).get("area_ha") or 0.0
    idle = areas.get("G", {}).get("area_ha") or 0.0
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


def _land_title(row: Mapping[str, Any]) -> str:
    from greenland.i18n import language

    english = row.get("title_en")
    return str(english if language() == "en" and english else row.get("title") or "")


def stock_by_age(stock: Part) -> Chart | None:
    """Idle and unsupplied land by how long it has been so."""
    rows: dict[tuple[str, str], float] = {}
    for ledger in ("unsupplied", "idle"):
        for row in _numbers(stock.get(ledger, []), "months", "area_mu"):
            age = next(str(_(text)) for bound, text in _BINS if row["months"] < bound)
            rows[age, ledger] = rows.get((age, ledger), 0.0) + row["area_mu"]
    if not rows:
        return None
    ages = [str(_(text)) for _bound, text in _BINS]
    texts = {ledger: value_label("ledger", ledger) for ledger in ("unsupplied", "idle")}
    shown = [
        {"age": age, "ledger": texts[ledger], "area": area, "text": fmt.number(area, 0)}
        for (age, ledger), area in rows.items()
    ]
    old = sum(area for (age, _l), area in rows.items() if age in ages[2:])
    total = sum(rows.values())
    base = alt.Chart(data(shown)).encode(
        x=alt.X("age:N", sort=ages, scale=alt.Scale(domain=ages), axis=axis(None, labelAngle=0)),
        xOffset=alt.XOffset("ledger:N", sort=list(texts.values())),
        y=alt.Y("area:Q", axis=axis(_("面积（亩）"))),
        tooltip=[
            tip("ledger", name("ledger")),
            tip("age", _("历时")),
            tip("area", _("面积（亩）"), ",.1f"),
        ],
    )
    bars = base.mark_bar().encode(color=colours("ledger", palette.LEDGERS, texts))
    words = base.mark_text(dy=-7).encode(text="text:N")
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
        _("亩；按批准日期或闲置起算日至评价基准日计"),
        source_line(_("宗地台账")),
        _("{title}。{list}。", title=title, list=words_alt),
        finish(alt.layer(bars, words), 240),
    )


def reallocation(part: Part) -> Chart | None:
    """Land in hand before, and what of it is used after re-allocation."""
    pieces = _numbers(part.get("parcels", []), "area_mu")
    if not pieces:
        return None
    before: dict[str, float] = {}
    used = 0.0
    left: dict[str, float] = {}
    for row in pieces:
        source = str(row.get("source") or "available")
        taken = fmt.as_number(row.get("used_mu")) or 0.0
        before[source] = before.get(source, 0.0) + row["area_mu"]
        left[source] = left.get(source, 0.0) + row["area_mu"] - taken
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
        row["text"] = row["text"] if row["area"] / total > 0.06 else ""
        row["order"] = next(k for k, key in enumerate(places) if texts[key] == row["what"])
    hues = {key: palette.LEDGERS.get(key, palette.MUTED) for key in texts}
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("when:N", sort=None, axis=axis(None, labelFontSize=13)),
        x=alt.X("area:Q", axis=axis(_("面积（亩）"))),
        order=alt.Order("order:Q"),
        tooltip=[
            tip("when", _("时点")),
            tip("what", _("土地")),
            tip("area", _("面积（亩）"), ",.1f"),
        ],
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1).encode(color=colours("what", hues, texts))
    words = base.mark_text(color="white", fontWeight="bold").encode(
        x=alt.X("area:Q", stack="zero", bandPosition=0.5), text="text:N", detail="what:N"
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


def parcel_map(
    geometry: Mapping[str, Any] | None, standing: Mapping[str, str], holders: Mapping[str, Any]
) -> Chart | None:
    """Parcels where they lie, coloured by what becomes of them.

    Parameters
    ----------
    geometry : mapping, optional
        ``features``, each with ``parcel_id`` and ``rings`` in degrees.
    standing, holders : mapping of str
        Decision on each parcel, and who holds it.

    Notes
    -----
    Drawn on a plane, longitudes shortened by the cosine of the latitude: a park is small.
    """
    if not geometry or not geometry.get("features"):
        return None
    texts = {key: value_label("decision", key) for key in palette.DECISIONS}
    texts["none"] = _("未列入")
    outlines = [(str(item["parcel_id"]), item["rings"]) for item in geometry["features"]]
    middle = sum(ring[0][1] for _parcel, rings in outlines for ring in rings[:1]) / len(outlines)
    squeeze = math.cos(math.radians(middle)) if abs(middle) <= 90 else 1.0
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x * squeeze, y] for x, y in ring] for ring in rings],
            },
            "properties": {
                "parcel": parcel,
                "holder": holders.get(parcel) or fmt.DASH,
                "standing": texts[standing.get(parcel, "none")],
            },
        }
        for parcel, rings in outlines
    ]
    hues = {**palette.DECISIONS, "none": "#B9BEC6"}
    present = {f["properties"]["standing"] for f in features}
    used = {key: text for key, text in texts.items() if text in present}
    chart = (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(stroke="white", strokeWidth=0.6)
        .encode(
            color=colours("properties.standing", hues, used),
            tooltip=[
                alt.Tooltip("properties.parcel:N", title=name("parcel_id")),
                alt.Tooltip("properties.holder:N", title=name("holder_name")),
                alt.Tooltip("properties.standing:N", title=name("decision")),
            ],
        )
        .project(type="identity", reflectY=True)
    )
    leave = sum(1 for f in features if f["properties"]["standing"] == texts["exit"])
    title = _("建议退出的 {count} 宗地的分布", count=leave)
    return Chart(
        "chart-map",
        title,
        _("按处置意见着色，共 {count} 宗", count=len(features)),
        source_line(_("宗地图形"), _("退出建议")),
        title + _("。"),
        finish(chart, 420),
        tall=True,
    )
