"""Chapters about the parks: overall ranking, last places and falls, each indicator, targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from greenland.i18n import _
from greenland.key_results import KEYS, RANKED, KeyResult
from greenland.key_results.table import OUTPUT
from greenland.record.rules import RuleRecord
from greenland.report import formatters as fmt
from greenland.report.blocks import Prose, Section
from greenland.report.labels import name as label_name
from greenland.report.labels import unit_text, value_label
from greenland.report.province import charts
from greenland.report.province.rows import (
    Province,
    by_key,
    kind,
    moved,
    name_column,
    park_name,
    some,
    table,
    title,
    value,
)
from greenland.report.province.sums import section
from greenland.report.rulelist import rules_of
from greenland.report.sections.common import required_text
from greenland.report.tables import TableColumn, with_unit

BOTTOM = "land.policy.ranking.bottom"
FALL = "land.policy.ranking.fall"
YEARS = "land.policy.ranking.bottom_years"


def overall_section(record: Province) -> Section:
    """Parks in the order of the overall ranking."""
    moves = {row["park"]: row for row in record["moves"]}
    parks = sorted(record["parks"], key=lambda park: (park["overall"]["province_place"] is None,
                                                      park["overall"]["province_place"] or 0,
                                                      park["name"]))  # fmt: skip
    rows = []
    for park in parks:
        overall, move = park["overall"], moves[park["park"]]
        rows.append(
            {
                "place": overall["province_place"],
                **park_name(park),
                "kind": kind(park),
                "score": overall["score"],
                "before": move["before"],
                "moved": moved(move["moved"]),
                "own": f"{overall['place']}/{overall['of']}" if overall["place"] else None,
                "indicators": overall["indicators"],
                "reason": overall["reason"],
            }
        )
    columns = [
        TableColumn("place", _("名次"), kind="int"),
        name_column(),
        TableColumn("kind", _("级别和类型")),
        TableColumn("score", _("综合得分"), kind="number", digits=1),
        TableColumn("before", _("上年名次"), kind="int"),
        TableColumn("moved", _("进退"), kind="number"),
        TableColumn("own", _("同类名次"), kind="number"),
        TableColumn("indicators", _("有名次的指标数"), kind="int"),
        TableColumn("reason", _("说明")),
    ]
    placed = sum(row["place"] is not None for row in rows)
    lead = _(
        "{placed} 个园区排了名次。这是本程序按评价结果的测算，不是主管部门的考核排名；"
        "各指标只在同年度、同级别、同类型的园区之间排名，折成 0—100 再加权平均。",
        placed=placed,
    )
    return section(
        "province-overall", _("综合排名"), lead, charts.overall(record),
        table("province-overall", _("综合排名"), columns, rows, fold=20, key=True),
    )  # fmt: skip


def places_section(record: Province) -> Section | None:
    """Last places and large falls, by our own ranking and by the ranks the parks report."""
    bounds = record["bounds"]
    if bounds["bottom"] is None:
        text = _("启用的规则包没有关于名次末位和退位的规定，不作判断。")
        return section("province-places", _("末位与退位"), text)
    parks = by_key(record)
    tables = [
        _moves_table(name, head, record[source], parks)
        for name, head, source in (
            ("reported", _("填报的考核排名"), "reported_moves"),
            ("computed", _("本程序的综合测算"), "moves"),
        )
    ]
    lead = _(
        "全省后 {bottom} 位，退位数超过 {fall} 位，连续 {years} 年后 {bottom} 位的园区。",
        bottom=bounds["bottom"], fall=fmt.number(bounds["fall"], 0), years=bounds["years"],
    )  # fmt: skip
    placed = max((row["of"] or 0 for row in record["moves"]), default=0)
    note = Prose(
        (
            _("规定所说的排名是全省的考核评价排名，以填报的为准；综合测算只供预警，"
              "排了名次的有 {placed} 个（全省 {of} 个），末位只在其中判断。"
              "规定只适用于启用该规则包的园区，处理措施按各园区自己的评价列出。",
              placed=placed, of=record["parks_of_province"]),
        ),
        "note",
    )  # fmt: skip
    return section("province-places", _("末位与退位"), lead, note, *tables, _measures(record))


def _moves_table(name: str, head: str, moves: list[Any], parks: Any) -> Any:
    rows = [
        {
            **park_name(parks[row["park"]]),
            "place": f"{row['place']}/{row['of']}" if row["of"] else str(row["place"]),
            "before": row["before"],
            "moved": moved(row["moved"]),
            "bottom": _mark(row["bottom"]),
            "running": _mark(row["running"]),
            "fell": _mark(row["fell"]),
            "reason": row["reason"],
        }
        for row in sorted(moves, key=lambda row: -(row["place"] or 0))
        if row["bottom"] or row["fell"]
    ]
    columns = [
        name_column(),
        TableColumn("place", _("名次"), kind="number"),
        TableColumn("before", _("上年名次"), kind="int"),
        TableColumn("moved", _("进退"), kind="number"),
        TableColumn("bottom", _("末位")),
        TableColumn("running", _("连续末位")),
        TableColumn("fell", _("退位过多")),
        TableColumn("reason", _("说明")),
    ]
    if not rows:
        said = _("{head}：没有末位或退位过多的园区。", head=head) if moves else _(
            "{head}：没有园区填报。", head=head)  # fmt: skip
        return Prose((said,))
    return table(f"province-{name}-moves", head, columns, rows, fold=0)


def _mark(value: bool | None) -> str | None:
    return None if value is None else fmt.yes_no(value)


def _measures(record: Province) -> Any:
    titles = _titles(record)
    rows = [
        {**park_name(park), "measure": row["measure"], "facts": row["facts"],
         "reason": row["reason"], "rule_id": _listed(row["rule_id"], titles)}
        for park in record["parks"]
        for row in park["measures"]
    ]  # fmt: skip
    columns = [
        name_column(),
        TableColumn("measure", _("措施")),
        TableColumn("facts", _("事实")),
        TableColumn("reason", _("情形")),
        TableColumn("rule_id", _("依据"), kind="rule"),
    ]
    return table("province-rank-measures", _("由排名引起的措施"), columns, rows)


def indicators_section(record: Province) -> Section | None:
    """Value and place of every park by every indicator."""
    shown = [
        item
        for item in RANKED
        if any(park["results"][item.key]["value"] is not None for park in record["parks"])
    ]
    if not shown:
        return None
    lead = _("每格为数值和同类名次（↑↓为较上年进退的位数）；没有名次的见原因表。")
    output = [item for item in shown if item.group == OUTPUT]
    others = [item for item in shown if item.group != OUTPUT]
    return section(
        "province-indicators", _("分指标排名"), lead,
        _matrix(record, "output", _("产出、增长和能耗水耗"), output),
        _matrix(record, "land", _("土地、处置和亩均效益"), others),
        _gaps(record, shown),
    )  # fmt: skip


def _matrix(record: Province, name: str, head: str, items: list[KeyResult]) -> Any:
    """A row for each park, a column for each indicator; parks of one kind together."""
    kinds = Counter(kind(park) for park in record["parks"])
    parks = sorted(record["parks"], key=lambda park: (-kinds[kind(park)], kind(park), park["name"]))
    rows = [
        {**park_name(park), **{item.key: _placed(park["results"][item.key], item.key)
                               for item in items}}
        for park in parks
    ]  # fmt: skip
    columns = [
        name_column(),
        *(TableColumn(item.key, title(item.key), unit_text(item.unit), "number") for item in items),
    ]
    return table(f"province-{name}-places", head, columns, rows) if items else None


def _placed(result: Any, key: str) -> str:
    text = value(key, result["value"])
    if result["place"] is None:
        return text
    before = result["place_before"]
    step = f" {moved(before - result['place'])}" if before and before != result["place"] else ""
    return _(
        "{value}｜{place}/{of}{step}", value=text, place=result["place"], of=result["of"], step=step
    )


def _gaps(record: Province, shown: list[Any]) -> Any:
    """Why parks have no place, alike reasons together."""
    found: dict[tuple[str, str], list[str]] = {}
    for park in record["parks"]:
        for item in shown:
            result = park["results"][item.key]
            if result["place"] is None:
                reason = str(result.get("reason") or _("没有数据。"))
                found.setdefault((item.key, reason), []).append(park["name"])
    rows = [
        {"indicator": title(key), "reason": reason, "count": len(names), "parks": some(names)}
        for (key, reason), names in found.items()
    ]
    columns = [
        TableColumn("indicator", _("指标")),
        TableColumn("reason", _("没有名次的原因")),
        TableColumn("count", _("园区数"), kind="int"),
        TableColumn("parks", _("园区")),
    ]
    return table("province-gaps", _("没有名次的原因"), columns, rows, annex=True)


def tiers_section(record: Province) -> Section | None:
    """Parks by tier, and the targets asked of each."""
    tiers = Counter(park["tier"] for park in record["parks"])
    order = ("comprehensive", "leading", "special")
    rows = [
        {
            "tier": value_label("tier", tier) if tier else _("不能分档"),
            "count": tiers[tier],
            "output": _sum(record, tier, "above_scale_output_wan"),
            "firms": _sum(record, tier, "new_above_scale_firms"),
            "parks": some(park["name"] for park in record["parks"] if park["tier"] == tier),
        }
        for tier in (*order, None)
        if tiers[tier]
    ]
    columns = [
        TableColumn("tier", _("分档")),
        TableColumn("count", _("园区数"), kind="int"),
        TableColumn(
            "output",
            title("above_scale_output_wan"),
            unit_text(KEYS["above_scale_output_wan"].unit),
            "number",
            0,
        ),
        TableColumn("firms", title("new_above_scale_firms"), unit_text("家"), "int"),
        TableColumn("parks", _("园区")),
    ]
    lead = _("；").join(
        _("{tier} {count} 个", tier=row["tier"], count=row["count"]) for row in rows
    )
    return section(
        "province-tiers", _("分档与目标"), str(_("{tiers}。", tiers=lead)),
        table("province-tiers", _("按规上工业总产值分档"), columns, rows, fold=0),
        _targets(record), _missed(record),
    )  # fmt: skip


def _sum(record: Province, tier: str | None, key: str) -> float | None:
    values = [
        park["results"][key]["value"]
        for park in record["parks"]
        if park["tier"] == tier and park["results"][key]["value"] is not None
    ]
    return sum(values) if values else None


def _targets(record: Province) -> Any:
    """How many parks keep each target."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for park in record["parks"]:
        for row in park["targets"]:
            key = (row["indicator"], row["rule_id"])
            counts.setdefault(key, Counter())[row["state"]] += 1
    states = ("met", "failed", "not_due", "no_data", "not_applicable")
    titles = _titles(record)
    rows = [
        {
            "title": titles.get(rule) or label_name(indicator),
            "rule_id": _listed(rule, titles),
            **{state: found[state] for state in states},
        }
        for (indicator, rule), found in counts.items()
    ]
    columns = [
        TableColumn("title", _("目标")),
        *(TableColumn(state, value_label("state", state), kind="int") for state in states),
        TableColumn("rule_id", _("依据"), kind="rule"),
    ]
    return table("province-targets", _("对园区的目标：园区数"), columns, rows, fold=0)


def _titles(record: Province) -> dict[str, str]:
    """Titles of the rules the record lists, by id."""
    used = rules_of([RuleRecord.model_validate(rule) for rule in record["rules"]])
    return {rule.id: rule.title for rule in used.items}


def _listed(rule_id: str | None, titles: Mapping[str, str]) -> str | None:
    """A rule the record lists; any other is a park's own, in words."""
    return rule_id if rule_id is None or rule_id in titles else str(_("园区自定"))


def _missed(record: Province) -> Any:
    titles = _titles(record)
    rows = [
        {
            **park_name(park),
            "indicator": label_name(row["indicator"]),
            "value": with_unit(row["value"], row["indicator"], row["unit"]),
            "required": required_text(
                row["required"], row["direction"], row["indicator"], row["unit"]
            ),
            "state": row["state"],
            "rule_id": _listed(row["rule_id"], titles),
        }
        for park in record["parks"]
        for row in park["targets"]
        if row["state"] in ("failed", "overdue")
    ]
    columns = [
        name_column(),
        TableColumn("indicator", _("目标")),
        TableColumn("value", _("实际"), kind="number"),
        TableColumn("required", _("要求"), kind="number"),
        TableColumn("state", _("结论"), kind="state"),
        TableColumn("rule_id", _("依据"), kind="rule"),
    ]
    return table("province-missed", _("未达到的园区目标"), columns, rows)
