"""Chapters of the province as a whole: goals, sums, standard land, stock, growth, industries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from greenland.i18n import _
from greenland.key_results import KEYS
from greenland.key_results.table import ENERGY
from greenland.report import formatters as fmt
from greenland.report.blocks import Judgement, Prose, Section, Verdicts
from greenland.report.labels import unit_text, value_label
from greenland.report.province import charts
from greenland.report.province.rows import (
    COUNTED,
    Province,
    change,
    name_column,
    park_name,
    some,
    table,
    title,
    value,
    with_unit,
)
from greenland.report.tables import TableColumn


def section(name: str, heading_text: str, lead: str, *blocks: Any) -> Section:
    """A chapter of the blocks there are."""
    return Section(name, heading_text, lead, tuple(block for block in blocks if block is not None))


def goal_judgements(record: Province) -> list[Judgement]:
    """Goals as judgements."""
    return [
        Judgement(
            value_label("goal", goal["goal"]),
            goal["state"],
            _amount(goal["value"], goal["unit"]),
            _required(goal),
            goal["rule_id"],
            reason=_joined(goal["basis"], goal["reason"]),
        )
        for goal in record["goals"]
    ]


def _required(goal: Any) -> str:
    text = _amount(goal["required"], goal["unit"])
    return _("超过 {value}", value=text) if goal["exceeded"] else _("不低于 {value}", value=text)


def _joined(*texts: str) -> str:
    return _("。").join(text.rstrip("。") for text in texts if text)


def _amount(number: Any, unit: str) -> str:
    if unit == "share":
        return fmt.share(number)
    text = fmt.number(number, 0 if float(number or 0).is_integer() else None)
    return text if text == fmt.DASH else f"{text} {unit_text(unit)}".rstrip()


def goals_section(record: Province) -> Section | None:
    """Goals set for all parks together."""
    rows = goal_judgements(record)
    if not rows:
        return None
    lead = _(
        "全省（或全州）目标按各园区合计判断，不作为单个园区的结论；文件中的“左右”按所列数值对照。"
    )
    return section("province-goals", _("全省目标"), lead, Verdicts(tuple(rows)))


def _lacking(one: Mapping[str, Any], uncounted: int) -> str:
    """Parks without a figure, with those the comparison does not hold."""
    named = [some(one["missing"])] if one["missing"] else []
    rest = [_("未计入的 {count} 个", count=uncounted)] if uncounted > 0 else []
    return _("；").join([*named, *rest])


def totals_section(record: Province) -> Section:
    """Sums over the parks, with how many have the figure."""
    count, of = len(record["parks"]), record["parks_of_province"]
    rows = [
        {
            "title": title(one["key"]),
            "value": value(one["key"], one["value"]),
            "unit": unit_text(KEYS[one["key"]].unit),
            "coverage": _("{parks}/{of}", parks=one["parks"], of=one["of"]),
            "change": _changed(one),
            "missing": "" if KEYS[one["key"]].group == ENERGY else _lacking(one, of - count),
        }
        for one in record["totals"]
        if one["value"] is not None
    ]
    absent = [title(one["key"]) for one in record["totals"] if one["value"] is None]
    columns = [
        TableColumn("title", _("项目")),
        TableColumn("value", _("合计"), kind="number"),
        TableColumn("unit", _("单位")),
        TableColumn("coverage", _("有数的园区"), kind="number"),
        TableColumn("change", _("较上年（两年都有数的园区数）"), kind="number"),
        TableColumn("missing", _("缺数的园区")),
    ]
    lead = _(
        "计入 {count} 个园区，全省应有 {of} 个。合计只含有数的园区，比率为两项合计之比；"
        "较上年的变动只用两年都有数的园区。",
        count=count,
        of=of,
    )
    note = (
        Prose((_("没有园区有数：{names}。", names=fmt.listed(absent)),), "note") if absent else None
    )
    return section(
        "province-totals", _("全省合计"), lead,
        table("province-totals", _("合计与覆盖"), columns, rows, fold=0, key=True), note,
    )  # fmt: skip


def _changed(one: Any) -> str:
    """Change since last year, with over how many parks."""
    text = change(one["key"], one["change"])
    return (
        text if text == fmt.DASH else _("{change}（{parks}）", change=text, parks=one["same_parks"])
    )


def standard_land_section(record: Province) -> Section | None:
    """Share of standard land by year against its target."""
    years = [row for row in record["standard_land"] if row["share"] is not None]
    if not years:
        return None
    targets = {
        int(rule["id"].rpartition(".")[2]): rule["value"]
        for rule in record["rules"]
        if rule["id"].startswith("land.standard_land.share_target.")
        and rule["id"].rpartition(".")[2].isdecimal()
    }
    rows = [
        {
            "year": row["year"],
            "share": row["share"],
            "standard_land_ha": row["standard_land_ha"],
            "industrial_supplied_ha": row["industrial_supplied_ha"],
            "parks": row["parks"],
        }
        for row in record["standard_land"]
    ]
    columns = [
        TableColumn("year", _("年度"), kind="year"),
        TableColumn("share", _("“标准地”出让比例"), kind="share"),
        TableColumn("standard_land_ha", _("按“标准地”出让"), unit_text("公顷"), "number", 1),
        TableColumn("industrial_supplied_ha", _("工业用地出让"), unit_text("公顷"), "number", 1),
        TableColumn("parks", _("有数的园区数"), kind="int"),
    ]
    last = years[-1]
    lead: str = _(
        "{year} 年 {share}，{parks} 个园区合计。",
        year=last["year"],
        share=fmt.share(last["share"]),
        parks=last["parks"],
    )
    coming = [(year, goal) for year, goal in sorted(targets.items()) if year >= record["year"]]
    if coming:
        year, goal = coming[0]
        lead += _("到 {year} 年应达到 {goal}。", year=year, goal=fmt.share(goal))
    return section(
        "province-standard-land", _("“标准地”"), lead,
        charts.standard_land(years, coming),
        table("province-standard-land", _("历年“标准地”出让"), columns, rows),
        _parks_table(record, "standard-land",
                     ("standard_land_share", "standard_land_ha", "industrial_supplied_ha")),
    )  # fmt: skip


def stock_section(record: Province) -> Section | None:
    """Stock and what was disposed of."""
    rows = [{**row, "ledger": value_label("ledger", row["ledger"])} for row in record["disposal"]]
    columns = [
        TableColumn("ledger", _("台账")),
        TableColumn("year", _("年度"), kind="year"),
        TableColumn("stock_ha", _("年初存量"), unit_text("公顷"), "number", 1),
        TableColumn("disposed_ha", _("当年处置"), unit_text("公顷"), "number", 1),
        TableColumn("rate", _("处置率"), kind="share"),
        TableColumn("parks", _("有数的园区数"), kind="int"),
    ]
    keys = (
        "unsupplied_ha",
        "idle_ha",
        "inefficient_ha",
        "unsupplied_disposal_rate",
        "idle_disposal_rate",
    )
    sums = {one["key"]: one for one in record["totals"]}
    if not rows and all(sums[key]["value"] is None for key in keys):
        return None
    lead = _(
        "批而未供 {unsupplied}，闲置 {idle}，低效 {inefficient}。",
        unsupplied=with_unit("unsupplied_ha", sums["unsupplied_ha"]["value"]),
        idle=with_unit("idle_ha", sums["idle_ha"]["value"]),
        inefficient=with_unit("inefficient_ha", sums["inefficient_ha"]["value"]),
    )
    return section(
        "province-stock", _("存量土地与处置"), lead,
        charts.stock(record),
        table("province-disposal", _("历年存量与处置"), columns, rows, fold=0),
        _parks_table(record, "stock", keys, largest="idle_ha"),
    )  # fmt: skip


def growth_section(record: Province) -> Section | None:
    """Growth of output and revenue, the largest first."""
    keys = (
        "above_scale_output_wan", "output_growth", "revenue_wan", "revenue_growth",
        "value_added_wan", "new_above_scale_firms",
    )  # fmt: skip
    made = _parks_table(record, "growth", keys, largest="above_scale_output_wan")
    if made is None:
        return None
    sums = {one["key"]: one for one in record["totals"]}
    output = sums["above_scale_output_wan"]
    lead = _(
        "规上工业总产值合计 {value}，{parks} 个园区有数。",
        value=fmt.wan(output["value"]),
        parks=output["parks"],
    )
    return section("province-growth", _("产出与增长"), lead, charts.growth(record), made)


def industries_section(record: Province) -> Section | None:
    """Leading industries as the parks name them, and what they make of the revenue."""
    named: dict[str, list[str]] = {}
    for park in record["parks"]:
        for industry in dict.fromkeys(_split(park["industries"])):
            named.setdefault(industry, []).append(park["name"])
    if not named:
        return None
    counts = Counter({industry: len(parks) for industry, parks in named.items()})
    rows = [
        {"industry": industry, "count": count, "parks": some(named[industry])}
        for industry, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    columns = [
        TableColumn("industry", _("主导产业")),
        TableColumn("count", _("园区数"), kind="int"),
        TableColumn("parks", _("园区")),
    ]
    lead = _(
        "{count} 个园区填了主导产业，名称照各园区所填。",
        count=sum(bool(park["industries"]) for park in record["parks"]),
    )
    return section(
        "province-industries", _("主导产业"), lead,
        table("province-industries", _("主导产业分布"), columns, rows),
        _parks_table(record, "leading", ("leading_industry_share",)),
    )  # fmt: skip


def _split(text: str) -> list[str]:
    for sign in ("，", ",", "；", ";", "/"):
        text = text.replace(sign, "、")
    return [part.strip() for part in text.split("、") if part.strip()]


def _parks_table(
    record: Province, name: str, keys: tuple[str, ...], largest: str | None = None
) -> Any:
    """Some key results of every park that has one of them, the best (or the largest) first."""
    lead = largest or keys[0]
    parks = [
        park
        for park in record["parks"]
        if any(park["results"][key]["value"] is not None for key in keys)
    ]
    parks.sort(
        key=lambda park: (
            park["results"][lead]["value"] is None,
            -(park["results"][lead]["value"] or 0.0),
        )
    )
    rows = [
        {
            **park_name(park),
            **{key: park["results"][key]["value"] for key in keys},
        }
        for park in parks
    ]
    columns = [
        name_column(),
        *(
            TableColumn(
                key,
                title(key),
                unit_text(KEYS[key].unit),
                "share" if KEYS[key].is_share else "number",
                None if KEYS[key].is_share else _digits(key, rows),
            )
            for key in keys
        ),
    ]
    shown = fmt.listed([column.title for column in columns[1:3]])
    return table(f"province-{name}-parks", _("各园区的{keys}", keys=shown), columns, rows)


def _digits(key: str, rows: list[dict[str, Any]]) -> int:
    if KEYS[key].unit in COUNTED:
        return 0
    numbers = [abs(row[key]) for row in rows if row[key] is not None]
    return fmt.digits_for(max(numbers, default=0.0))
