"""The chapter on emissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Figure, Figures, Prose, Section
from greenland.report.sections.common import PAGE_AND_MORE, Part, all_columns, figure, note_of, some
from greenland.report.tables import make_table


def section(energy: Part) -> Section | None:
    """Emissions before and after, by the factor chosen."""
    part = energy.get("carbon") or {}
    if not part:
        return None
    before, after = fmt.as_number(part.get("before_tco2")), fmt.as_number(part.get("after_tco2"))
    items: list[Figure] = []
    if before is not None:
        items.append(Figure(_("实施前年排放"), fmt.number(before, 0), "tCO₂"))
    if after is not None:
        items.append(Figure(_("实施后年排放"), fmt.number(after, 0), "tCO₂"))
    lead = ""
    if before and after is not None:
        lead = _(
            "按所选排放因子，年排放由 {before} 吨降为 {after} 吨，减少 {share}。",
            before=fmt.number(before, 0),
            after=fmt.number(after, 0),
            share=fmt.share(1 - after / before),
        )
    factors = part.get("by_factor") or part.get("factors")
    source = part.get("factor_source")
    said = _(
        "所选因子 {value} kgCO₂/kWh：{source}。",
        value=part.get("factor_value"),
        source=source or fmt.DASH,
    )
    blocks = some(
        (
            Figures(tuple(items)) if items else None,
            Prose((said,)) if source else None,
            _factor_table(factors),
            _carbon_figures(part),
            note_of(part.get("notes")),
            note_of(part.get("reason")),
        )
    )
    return Section("energy-carbon", _("绿电直连：碳排放"), lead, blocks)


def _carbon_figures(part: Part) -> Figures | None:
    """Emission per unit of energy, and certificates, where there are any."""
    keys = ("before_per_tce", "after_per_tce", "certificates_issued", "certificates_missing")
    items = tuple(figure(key, part[key]) for key in keys if part.get(key) is not None)
    return Figures(items) if items else None


def _factor_table(factors: Any) -> Block | None:
    if isinstance(factors, Mapping):
        rows = [
            value if isinstance(value, Mapping) else {"item": key, "value": value}
            for key, value in factors.items()
        ]
    else:
        rows = list(factors or [])
    columns = all_columns([{k: v for k, v in row.items() if k != "factor"} for row in rows])
    return make_table("table-energy-factors", _("排放因子"), rows, columns, forms=PAGE_AND_MORE)
