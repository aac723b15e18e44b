"""The chapter 准入."""

from __future__ import annotations

from greenland.i18n import _
from greenland.record.land.admission import AdmissionRecord
from greenland.report.blocks import Section
from greenland.report.sections.common import PAGE_AND_MORE, some
from greenland.report.tables import make_table, worst_by, worst_state


def section(part: AdmissionRecord) -> Section:
    """准入: projects against existing ones of the same kind."""
    projects = part.projects
    counts = {
        key: sum(1 for row in projects if row.verdict == key)
        for key in ("admitted", "conditional", "rejected", "pending")
    }
    lead = (
        _("没有储备项目。")
        if not projects
        else _(
            "{total} 个储备项目：同意入园 {admitted} 个，有条件 {conditional} 个，"
            "不予入园 {rejected} 个，待定 {pending} 个。",
            total=len(projects),
            **counts,
        )
    )
    titles = {row.project_id: row.project_name for row in projects}
    checks = [{"project_name": titles.get(row.project_id), **row.cells()} for row in part.checks]
    blocks = some(
        (
            make_table(
                "table-admission-projects",
                _("项目准入结论"),
                projects,
                "project_id project_name verdict power_supply reason requested_area_mu "
                "passing_area_mu industry_code basis peers row",
                worst=worst_by("verdict", "project_id"),
                forms=PAGE_AND_MORE,
                note=_power_note(part),
            ),
            make_table(
                "table-admission-checks",
                _("项目准入逐项核查"),
                checks,
                "project_id project_name indicator state value required direction margin reason "
                "basis rule_id",
                worst=worst_state,
                annex=True,
            ),
        )
    )
    return Section("admission", _("项目准入"), lead, blocks)


def _power_note(part: AdmissionRecord) -> str:
    """What the word on the supply means, and that nothing is said where nothing is known."""
    if all(row.power_supply in (None, "not_judged") for row in part.projects):
        return _("供电能力都未核对，原因见逐项核查。")
    return _(
        "供电能力：项目自投产月起 12 个月所接变电站和全园区的可接入容量，先扣已备案、先投产的项目。"
    )
