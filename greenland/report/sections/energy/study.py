"""The chapter on sensitivity and trade-offs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.judged import StudyRecord, TornadoRow
from greenland.report import formatters as fmt
from greenland.report.blocks import Section
from greenland.report.charts import study as charts
from greenland.report.naming import Naming
from greenland.report.sections.common import PAGE_AND_MORE, some
from greenland.report.sections.energy.plan import open_gap
from greenland.report.tables import Table, make_table


def section(energy: EnergyRecord) -> Section | None:
    """Sensitivity and trade-offs, where a study was made."""
    part, naming = energy.study, Naming(energy)
    if part is None:
        return None
    blocks = some(
        (
            charts.tornado(part, naming),
            _changes(part, naming),
            charts.pareto(part),
            _shares(part, naming),
        )
    )
    lead = ""
    if energy.plan.optimum is not None:
        lead = _(
            "各情景逐一重新定容，均不按单台容量取整；对照的基准是取整前的年供电总成本 {base}。",
            base=fmt.yuan(part.base, per_year=True),
        )
    return Section("energy-study", _("绿电直连：情景研究"), lead, blocks) if blocks else None


def _changes(study: StudyRecord, naming: Naming) -> Table | None:
    """Annual cost with each price lowered and raised."""
    rows = [
        {**row.cells(), "parameter": naming.parameter(row), "gap": _widest_gap(row)}
        for row in sorted(study.tornado, key=lambda row: -charts.span(row))
    ]
    unproven = " gap" if any(row["gap"] for row in rows) else ""
    return make_table(
        "table-energy-sensitivity",
        _("单项价格变动后重新定容的年供电总成本"),
        rows,
        f"parameter low_result! high_result!{unproven}",
        forms=PAGE_AND_MORE,
    )


def _widest_gap(row: TornadoRow) -> str | None:
    """The gap of the less certain of the two results; None where both are proven."""
    sides = ((row.low_status, row.low_gap), (row.high_status, row.high_gap))
    unproven = [(status, gap) for status, gap in sides if status == "feasible"]
    if not unproven:
        return None
    return open_gap(*max(unproven, key=lambda side: float("inf") if side[1] is None else side[1]))


def _shares(study: StudyRecord, naming: Naming) -> Table | None:
    """Plans for rising shares of own electricity."""
    rows: list[dict[str, Any]] = [
        {
            **row.cells(),
            "required_share": row.required,
            "capacities": _capacities(row.capacities, naming),
            "gap": open_gap(row.status, row.gap),
        }
        for row in study.pareto
    ]
    unproven = " gap" if any(row["gap"] for row in rows) else ""
    return make_table(
        "table-energy-tradeoff",
        _("自发自用占用电量比例逐级提高时的方案"),
        rows,
        f"required_share self_use_of_consumption! annual_cost! capacities status{unproven}",
        forms=PAGE_AND_MORE,
    )


def _capacities(found: Mapping[str, float], naming: Naming) -> str:
    """Capacities in one line."""
    return _("、").join(
        f"{one.title} {found[key]:,.1f} {one.unit}" for key, one in naming.capacities(found).items()
    )
