"""The chapter on sensitivity and trade-offs."""

from __future__ import annotations

from typing import Any

from greenland.i18n import _
from greenland.report.blocks import Section
from greenland.report.charts import study as charts
from greenland.report.naming import Naming
from greenland.report.sections.common import PAGE_AND_MORE, Part, some
from greenland.report.sections.energy.plan import open_gap
from greenland.report.tables import Table, make_table


def section(energy: Part) -> Section | None:
    """Sensitivity and trade-offs, where a study was made."""
    part, naming = energy.get("study") or {}, Naming(energy)
    blocks = some(
        (
            charts.tornado(part, naming),
            _changes(part, naming),
            charts.pareto(part),
            _shares(part, naming),
        )
    )
    return Section("energy-study", _("绿电直连：情景研究"), "", blocks) if blocks else None


def _changes(study: Part, naming: Naming) -> Table | None:
    """Annual cost with each price lowered and raised."""
    rows = [
        {**row, "parameter": charts.parameter_name(row, naming), "gap": _widest_gap(row)}
        for row in study.get("tornado") or []
    ]
    rows.sort(key=lambda row: -charts.span(row))
    unproven = " gap" if any(row["gap"] for row in rows) else ""
    return make_table(
        "table-energy-sensitivity",
        _("单项价格变动后重新定容的年供电总成本"),
        rows,
        f"parameter low_result! high_result!{unproven}",
        forms=PAGE_AND_MORE,
    )


def _widest_gap(row: Part) -> str | None:
    """The gap of the less certain of the two results; None where both are proven."""
    sides = [(row.get(f"{side}_status"), row.get(f"{side}_gap")) for side in ("low", "high")]
    unproven = [(status, gap) for status, gap in sides if str(status) == "feasible"]
    if not unproven:
        return None
    return open_gap(*max(unproven, key=lambda side: float("inf") if side[1] is None else side[1]))


def _shares(study: Part, naming: Naming) -> Table | None:
    """Plans for rising shares of own electricity."""
    rows: list[dict[str, Any]] = [
        {
            **row,
            "required_share": row.get("required"),
            "capacities": _capacities(row.get("capacities") or {}, naming),
            "gap": open_gap(row.get("status"), row.get("gap")),
        }
        for row in study.get("pareto") or []
    ]
    unproven = " gap" if any(row["gap"] for row in rows) else ""
    return make_table(
        "table-energy-tradeoff",
        _("自发自用占用电量比例逐级提高时的方案"),
        rows,
        f"required_share self_use_of_consumption! annual_cost! capacities status{unproven}",
        forms=PAGE_AND_MORE,
    )


def _capacities(found: Part, naming: Naming) -> str:
    """Capacities in one line."""
    return _("、").join(
        f"{one.title} {found[key]:,.1f} {one.unit}" for key, one in naming.capacities(found).items()
    )
