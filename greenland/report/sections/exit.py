"""The chapter 退出与再配置."""

from __future__ import annotations

from greenland.i18n import N_, _
from greenland.record.land.exit import ExitRecord, ExitSummaryRow
from greenland.record.land.geometry import GeometryRecord
from greenland.record.land.reallocation import ReallocationRecord
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Facts, Section
from greenland.report.charts import parcels as charts
from greenland.report.charts.land_map import parcel_map
from greenland.report.labels import name, value_label
from greenland.report.sections.common import PAGE_AND_MORE, WORKBOOK, notes, some
from greenland.report.tables import Table, largest, make_table, renamed, worst_by


def section(
    leaving: ExitRecord | None,
    placing: ReallocationRecord | None,
    geometry: GeometryRecord | None,
) -> Section:
    """退出与再配置: who leaves, and what comes onto the land."""
    blocks: list[Block | None] = []
    leads: list[str] = []
    if leaving is not None:
        leads.append(_exit_lead(leaving))
        blocks += _exit_blocks(leaving, geometry)
    if placing is not None:
        leads.append(_reallocation_lead(placing))
        blocks += _reallocation_blocks(placing)
    return Section("exit", _("退出与再配置"), "".join(leads), some(blocks))


def _exit_lead(part: ExitRecord) -> str:
    leaving = next((row for row in part.summary if row.decision == "exit"), None)
    if leaving is None or not leaving.parcels:
        return _("没有建议退出的宗地。")
    return leaving_words(leaving) + _("。")


def leaving_words(row: ExitSummaryRow) -> str:
    """How many parcels are to leave, and their area where it is known."""
    said: str = _("建议退出 {count} 宗", count=row.parcels)
    if row.area_mu is not None:
        said += _("、{area} 亩", area=fmt.number(row.area_mu, 1))
    return said


def _exit_blocks(part: ExitRecord, geometry: GeometryRecord | None) -> list[Block | None]:
    standing: dict[str, str] = {str(row.parcel_id): row.decision for row in part.parcels}
    holders = {str(row.parcel_id): row.holder_name for row in part.parcels}
    listed = make_table(
        "table-exit-parcels",
        _("逐宗处置意见"),
        part.parcels,
        "parcel_id holder_name decision reason gap by_date route area_mu evidence rule_id row",
        worst=worst_by("decision", "by_date"),
        anchored=True,
    )
    return [
        make_table(
            "table-exit-summary",
            _("处置意见汇总"),
            part.summary,
            "decision parcels area_mu",
            worst=worst_by("decision"),
            forms=PAGE_AND_MORE,
            key=True,
        ),
        listed,
        parcel_map(geometry, standing, holders, _anchors(listed)),
        notes(*part.left_out),
    ]


def _anchors(table: Table | None) -> dict[str, str]:
    """Anchors of a table's rows by parcel; the first of a number that is there twice."""
    anchors: dict[str, str] = {}
    if table is not None:
        for place, row in enumerate(table.rows):
            anchors.setdefault(str(row.get("parcel_id")), table.anchor(place))
    return anchors


_AIMS = {
    "tax": N_("预期年税收 {value} 万元"),
    "revenue": N_("预期年营业收入 {value} 万元"),
    "score": N_("加权得分 {value} 分"),
}


def _reallocation_lead(part: ReallocationRecord) -> str:
    said: list[str] = [_("再配置模型状态：{status}", status=value_label("status", part.status))]
    after, before = part.objective, part.greedy_objective
    if after is not None:
        said.append(_(_AIMS[part.objective_name], value=fmt.number(after, 1)))
    if after is not None and before:
        said.append(
            _(
                "较逐项安排（{greedy}）高 {gain}",
                greedy=fmt.number(before, 1),
                gain=fmt.share(after / before - 1),
            )
        )
    return _("，").join(said) + _("。")


def _reallocation_blocks(part: ReallocationRecord) -> list[Block | None]:
    aim = value_label("objective", part.objective_name)
    facts = (
        (name("objective"), aim),
        (_("目标值"), fmt.number(part.objective, 1)),
        (_("逐项安排的目标值"), fmt.number(part.greedy_objective, 1)),
        (_("理论上界"), fmt.number(part.bound, 1)),
        (_("与上界的差距"), fmt.share(part.gap, 2)),
    )
    return [
        charts.reallocation(part),
        Facts(facts),
        renamed(_assignments(part), "benefit", aim),
        renamed(_projects(part), "benefit", aim),
        make_table(
            "table-reallocation-parcels",
            _("可配置地块使用情况"),
            part.parcels,
            "parcel_id source area_mu used_mu",
            annex=True,
        ),
        make_table(
            "table-reallocation-pieces",
            _("地块划分"),
            part.pieces,
            "project_id parcel_id area_mu",
            forms=WORKBOOK,
        ),
        notes(*part.notes),
    ]


def _assignments(part: ReallocationRecord) -> Table | None:
    return make_table(
        "table-reallocation-assignments",
        _("项目落位方案"),
        part.assignments,
        "project_id project_name parcel_ids area_mu benefit",
        worst=largest("benefit"),
        forms=PAGE_AND_MORE,
    )


def _projects(part: ReallocationRecord) -> Table | None:
    return make_table(
        "table-reallocation-projects",
        _("各项目配置结果"),
        part.projects,
        "project_id project_name placed reason remedy requested_area_mu area_mu benefit "
        "greedy_placed",
        worst=lambda row: (bool(row.get("placed")), str(row.get("project_id"))),
        annex=True,
    )
