"""The chapter on sensitivity and trade-offs."""

from __future__ import annotations

from greenland.i18n import _
from greenland.report.blocks import Section
from greenland.report.charts import study as charts
from greenland.report.sections.common import Part, some


def section(energy: Part) -> Section | None:
    """Sensitivity and trade-offs, where a study was made."""
    part = energy.get("study") or {}
    blocks = some((charts.tornado(part), charts.pareto(part)))
    return Section("energy-study", _("绿电直连：情景研究"), "", blocks) if blocks else None
