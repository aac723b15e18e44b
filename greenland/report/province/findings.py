"""Chapters of what to look at: pilots, outliers, parks named twice, what does not count."""

from __future__ import annotations

from greenland.evaluations import EVALUATIONS
from greenland.i18n import _
from greenland.key_results import KEYS
from greenland.report import formatters as fmt
from greenland.report.blocks import Prose, Section
from greenland.report.labels import unit_text, value_label
from greenland.report.province.rows import (
    Province,
    by_key,
    kind,
    name_column,
    park_name,
    table,
    title,
    with_unit,
)
from greenland.report.province.sums import section
from greenland.report.tables import TableColumn
from greenland.summary import in_wan


def pilots_section(record: Province) -> Section | None:
    """Plans of direct supply, the first to take up first."""
    if not record["pilots"]:
        return None
    parks = by_key(record)
    rows = []
    for pilot in record["pilots"]:
        park = parks[pilot["park"]]
        results = park["results"]
        rows.append(
            {
                "place": pilot["place"],
                **park_name(park),
                "green_cost_per_mwh": results["green_cost_per_mwh"]["value"],
                "cost_place": pilot["cost_place"],
                "avoided_kg_per_yuan": results["avoided_kg_per_yuan"]["value"],
                "avoided_place": pilot["avoided_place"],
                "least_margin": results["least_margin"]["value"],
                "limit": value_label("limit", pilot["limit"]) if pilot["limit"] else None,
                "margin_place": pilot["margin_place"],
                "self_use_mwh": results["self_use_mwh"]["value"],
                "avoided_tco2": results["avoided_tco2"]["value"],
                "capex": in_wan(results["capex_yuan"]["value"]),
                "reason": "".join(
                    (_("输入有默认值，为预估。") if pilot["preview"] else "", pilot["reason"])
                ),
            }
        )
    columns = [
        TableColumn("place", _("次序"), kind="int"),
        name_column(),
        _number("green_cost_per_mwh", 1),
        TableColumn("cost_place", _("成本名次"), kind="int"),
        _number("avoided_kg_per_yuan", 3),
        TableColumn("avoided_place", _("减排名次"), kind="int"),
        TableColumn("least_margin", title("least_margin"), kind="share"),
        TableColumn("margin_place", _("余量名次"), kind="int"),
        TableColumn("limit", _("最近的约束")),
        _number("self_use_mwh", 0),
        _number("avoided_tco2", 0),
        TableColumn("capex", title("capex_yuan"), unit_text("万元"), "number", 0),
        TableColumn("reason", _("说明")),
    ]  # fmt: skip
    lead = _(
        "{count} 个园区有绿电直连方案。按绿电成本（低者在前）、每元初投资的年减排量、"
        "离约束最近的余量各排名次，三项等权；有约束不满足的不排。",
        count=len(rows),
    )
    return section(
        "province-pilots", _("绿电直连试点次序"), lead,
        table("province-pilots", _("试点次序"), columns, rows, fold=0, key=True),
    )  # fmt: skip


def _number(key: str, digits: int) -> TableColumn:
    """The column of a key result."""
    return TableColumn(key, title(key), unit_text(KEYS[key].unit), "number", digits)


def outliers_section(record: Province) -> Section:
    """Values far from those of the like."""
    parks = by_key(record)
    rows = [
        {
            **park_name(parks[row["park"]]),
            "indicator": title(row["key"]),
            "value": with_unit(row["key"], row["value"]),
            "median": with_unit(row["key"], row["median"]),
            "score": row["score"],
            "peers": row["peers"],
        }
        for row in record["outliers"]
    ]
    columns = [
        name_column(),
        TableColumn("indicator", _("指标")),
        TableColumn("value", _("数值"), kind="number"),
        TableColumn("median", _("同类中位数"), kind="number"),
        TableColumn("score", _("稳健 z 值"), kind="number", digits=2),
        TableColumn("peers", _("同类园区数"), kind="int"),
    ]
    lead = _(
        "离同类中位数远的数：稳健 z 值＝0.6745×（数值−中位数）÷中位数绝对偏差，"
        "绝对值超过 3.5 的列出，先核对单位和填报，再看原因。"
    )
    made = table("province-outliers", _("离群值"), columns, rows)
    return section("province-outliers", _("离群值"), lead, made or Prose((_("没有离群值。"),)))


def same_section(record: Province) -> Section | None:
    """Folders that seem to be the same park."""
    rows = [
        {
            "first": row["first"],
            "second": row["second"],
            "by": value_label("same_by", row["by"]),
            "what": row["what"] if not row["count"] else _("{count} 宗", count=row["count"]),
            "counted": _("未计入后一个") if row["left_out"] else _("两个都计入，请核对"),
        }
        for row in record["same_sites"]
    ]
    if not rows:
        return None
    columns = [
        TableColumn("first", _("文件夹")),
        TableColumn("second", _("另一文件夹")),
        TableColumn("by", _("相同之处")),
        TableColumn("what", _("内容")),
        TableColumn("counted", _("怎样处理")),
    ]
    return section(
        "province-same", _("疑为同一园区"),
        _("代码（没有代码时名称）和年度都相同的只计入第一个；其余相同之处只提示。"),
        table("province-same", _("疑为同一园区"), columns, rows, fold=0),
    )  # fmt: skip


def uncounted_section(record: Province) -> Section | None:
    """Folders that are not counted, and why."""
    rows = [
        {"folder": one["folder"], "reason": one["reason"], "more": "\n".join(one["problems"])}
        for one in record["failed"]
    ]
    rows += [
        {
            "folder": park["folder"],
            "reason": _("年度为 {year}，本次为 {now}。", year=park["year"], now=record["year"]),
            "more": "",
        }
        for park in record["other_years"]
    ]
    missing = record["parks_of_province"] - len(record["parks"])
    if not rows and not missing:
        return None
    columns = [
        TableColumn("folder", _("文件夹")),
        TableColumn("reason", _("原因")),
        TableColumn("more", _("另有")),
    ]
    lead = _(
        "全省应有 {of} 个，计入 {count} 个，缺 {missing} 个。",
        of=record["parks_of_province"],
        count=len(record["parks"]),
        missing=missing,
    )
    return section(
        "province-uncounted", _("未计入的园区"), lead,
        table("province-uncounted", _("未计入的文件夹"), columns, rows, fold=0),
    )  # fmt: skip


def list_section(record: Province) -> Section:
    """Every park that counts, with its report and what was not evaluated."""
    rows = [
        {
            **park_name(park),
            "park": park["park"],
            "folder": park["folder"],
            "kind": kind(park),
            "errors": park["errors"],
            "warnings": park["warnings"],
            "absent": fmt.listed(
                [_(EVALUATIONS[key].short) for key in park["not_evaluated"] if key in EVALUATIONS]
            ),
        }
        for park in record["parks"]
    ]
    columns = [
        name_column(),
        TableColumn("park", _("代码")),
        TableColumn("kind", _("级别和类型")),
        TableColumn("errors", _("数据错误"), kind="int"),
        TableColumn("warnings", _("警告"), kind="int"),
        TableColumn("absent", _("没有评价的部分")),
        TableColumn("folder", _("文件夹")),
    ]
    return section(
        "province-parks", _("园区名录"), _("名称链接到园区自己的报告。"),
        table("province-parks", _("计入的园区"), columns, rows, fold=20),
    )  # fmt: skip
