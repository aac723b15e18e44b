"""The page of a study: what it found, its chart and tables, and every case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Facts, Prose, Section
from greenland.report.comparison import ComparisonPage, comparison_page
from greenland.report.labels import name
from greenland.report.studies import charts, draw_charts
from greenland.report.studies.more_tables import more_tables
from greenland.report.studies.tables import R2, Rows, main_table, plain, size_columns, sizes_of
from greenland.report.studies.words import (
    KINDS,
    Record,
    capacities_of,
    capacity_title,
    status_words,
    study_lead,
    wan,
)
from greenland.report.tables import Table, TableColumn


def study_page(record: Record) -> ComparisonPage:
    """The page of a study record."""
    kind = record["kind"]
    heading = _(KINDS[kind])
    sections = [Section("study-findings", heading, "", tuple(_blocks(record)))]
    if kind == "scenarios":
        sections += comparison_page(_compared(record)).chapters
    sections.append(Section("study-cases", _("全部算例"), "", (_notes(), _cases_table(record))))
    sections.append(Section("study-method", _("怎样得到"), "", tuple(_method(record))))
    return ComparisonPage(
        str(_("{name}：{kind}", name=record["name"], kind=heading)),
        str(_("案例 {case}，{count} 个算例", case=record["case"], count=len(record["cases"]))),
        study_lead(record),
        tuple(one for one in sections if one.blocks),
    )


def _blocks(record: Record) -> Iterable[Block]:
    """Charts and tables of the kind."""
    for make in _CHARTS[record["kind"]]:
        chart = make(record)
        if chart is not None:
            yield chart
    kind = record["kind"]
    if kind != "scenarios":
        columns, rows = main_table(record)
        if rows:
            yield _table("main", _(KINDS[kind]), columns, rows)
    for key, title, columns, rows in more_tables(record):
        if rows:
            yield _table(key, title, columns, rows)


def _table(key: str, title: str, columns: Mapping[str, str], rows: Rows, fold: int = 0) -> Table:
    words = ("variable", "label", "what", "status", "limit", "reason", "name", "design", "at")
    made = tuple(
        TableColumn(column, heading, kind="text" if column in words else "number")
        for column, heading in columns.items()
    )
    return Table(f"table-study-{key}", str(title), made, tuple(rows), fold=fold)


def _notes() -> Prose:
    text = _(
        "任何一个算例都可以打开：greenland energy study 研究文件 --open 算例，得到它的完整报告。"
    )
    return Prose((str(text),), "note")


def _cases_table(record: Record) -> Table:
    columns = {
        "name": _("算例"),
        "label": _("说明"),
        "status": _("求解"),
        "cost": _("年成本（万元）"),
        "capex": _("初投资（万元）"),
        "r2": name(R2),
    } | size_columns(record)
    wrong = any(one.get("reason") for one in record["cases"])
    if wrong:
        columns["reason"] = _("原因")
    rows = []
    for one in record["cases"]:
        row = {
            "name": one["name"],
            "label": one["label"],
            "status": status_words(one),
            "cost": wan(one.get("annual_cost"), 1),
            "capex": wan(one.get("capex")),
            "r2": fmt.share((one.get("shares") or {}).get(R2), 2),
        } | sizes_of(record, one)
        rows.append(row | ({"reason": one.get("reason") or ""} if wrong else {}))
    return _table("cases", str(_("算例")), plain(columns), rows, fold=25)


def _method(record: Record) -> Iterable[Block]:
    summary, kind = record["summary"], record["kind"]
    facts = [(str(_("案例文件")), record["case"]), (str(_("算例数")), str(len(record["cases"])))]
    if kind == "monte_carlo":
        facts.append((str(_("抽样次数")), str(summary["draws"])))
        facts.append((str(_("随机种子")), str(summary["seed"])))
        if summary["capacities"]:
            sizes = _("、").join(
                f"{capacity_title(label)} {size:,.2f}"
                for label, size in summary["capacities"].items()
            )
            facts.append((str(_("固定的规模")), str(sizes)))
    if kind == "pareto" and summary["spacing"] is not None:
        words = _("最大间距为平均间距的 {times} 倍", times=f"{summary['spacing']:.2f}")
        facts.append((str(_("沿前沿的间距")), str(words)))
    yield Facts(tuple(facts))
    yield Prose(tuple(str(text) for text in _explained(kind, summary)))


def _explained(kind: str, summary: Mapping[str, Any]) -> Sequence[str]:
    resized = _("每个算例都重新定容（全年），用连续最优解，不按单台容量取整。")
    return {
        "sensitivity": [resized, _("每次只变一项，其余不变。")],
        "grid": [resized],
        "pareto": [
            resized,
            _(
                "各点是满足相应限制的最便宜的方案；限制值按前沿的长度分布，使各点沿前沿大致等距（两轴各按全程缩放）。"
                "拐点是离两端连线最远的点。"
            ),
        ],
        "scenarios": [_("每个情景都完整测算：定容、取整、电费、财务、合规核对。")],
        "monte_carlo": [
            _("“重新定容”指每次抽样都重新定容；“规模固定”指规模不变，只按最省重新调度。"),
            _(
                "规模固定而限制无法全部满足时，按最少的放宽求调度，放宽了的限制记为不满足；"
                "置信区间为 Wilson 区间，只反映抽样次数有限。"
            ),
            _("每个变量的随机数由种子和名称决定，两种规模、不同研究用同样的抽样，差别不是偶然的。"),
        ],
        "robust": [
            _(
                "各年的逐时问题合成一个线性规划，共用容量，各年的限制分别满足，储能各年首尾相接；"
                "直接求得最优，没有分解或抽样。各年再以所得规模单独调度。"
            ),
            _("“只按某年定容”的规模只保证那一年。"),
        ],
        "near_optimal": [
            _(
                "在年费用不超过上限的方案里，用线性规划求每个容量的最小值和最大值；"
                "范围对任何方案都成立，各算例是以该规模调度的结果。"
            )
        ],
        "break_even": [
            resized,
            _("每轮在剩下的区间里取三个值同时计算，保留指标越过阈值的那一段。"),
        ],
    }[kind]


def _compared(record: Record) -> dict[str, Any]:
    """Scenarios as the record of a comparison."""
    cases = record["cases"]
    units = capacities_of(record)
    rows: list[dict[str, Any]] = []

    def add(group: str, item: str, unit: str, values: Iterable[Any]) -> None:
        rows.append({"group": group, "item": item, "unit": unit, "values": list(values)})

    for label, unit in units.items():
        add("sizes", label, unit, ((one.get("capacities") or {}).get(label) for one in cases))
    for group, part, unit in (("shares", "shares", "share"), ("costs", "costs", "yuan/yr")):
        for label in dict.fromkeys(key for one in cases for key in (one.get(part) or {})):
            add(group, label, unit, ((one.get(part) or {}).get(label) for one in cases))
    for label, unit in (("annual_cost", "yuan/yr"), ("capex", "yuan")):
        add("money", label, unit, (one.get(label) for one in cases))
    for label, unit in _FINANCE.items():
        values = [(one.get("finance") or {}).get(label) for one in cases]
        if any(value is not None for value in values):
            add("money", label, unit, values)
    for label in dict.fromkeys(
        key for one in cases for key in (one.get("compliance") or {}).get("failed", ())
    ):
        broken = [label in (one.get("compliance") or {}).get("failed", ()) for one in cases]
        words = [str(_("不满足")) if bad else fmt.DASH for bad in broken]
        add("compliance", label, "-", words)
    return {"cases": [one["label"] for one in cases], "rows": rows}


_FINANCE = {
    "npv": "yuan",
    "irr": "share",
    "irr_before_tax": "share",
    "equity_irr": "share",
    "payback_years": "年",
    "lcoe": "yuan/kWh",
    "green_price": "yuan/kWh",
}
_CHARTS: dict[str, tuple[Any, ...]] = {
    "sensitivity": (charts.tornado,),
    "grid": (
        lambda record: charts.heat(record, "annual_cost"),
        lambda record: charts.heat(record, f"shares.{R2}"),
    ),
    "pareto": (charts.front, charts.front_sizes),
    "scenarios": (),
    "monte_carlo": (draw_charts.cost_distribution, draw_charts.limit_chances, draw_charts.drivers),
    "robust": (charts.cost_by_year,),
    "near_optimal": (charts.ranges,),
    "break_even": (charts.crossing,),
}
