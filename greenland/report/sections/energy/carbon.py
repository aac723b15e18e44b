"""The chapter on emissions."""

from __future__ import annotations

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.judged import CarbonRecord
from greenland.report import formatters as fmt
from greenland.report.blocks import Figure, Figures, Prose, Section
from greenland.report.sections.common import PAGE_AND_MORE, figure, notes, some
from greenland.report.tables import Table, make_table


def section(energy: EnergyRecord) -> Section | None:
    """Emissions before and after, by the factor chosen."""
    part = energy.carbon
    if part is None:
        return None
    before, after = part.before_tco2, part.after_tco2
    lead, items = "", _alone(before, after)
    if before and after is not None:
        lead = _(
            "按所选排放因子，年排放由 {before} 吨降为 {after} 吨，减少 {share}。",
            before=fmt.number(before, 0),
            after=fmt.number(after, 0),
            share=fmt.share(1 - after / before),
        )
    said = _(
        "所选因子 {value} kgCO₂/kWh：{source}。",
        value=fmt.number(part.factor_value, 4),
        source=str(part.factor_source),
    )
    blocks = some(
        (
            Figures(tuple(items)) if items else None,
            Prose((said,)) if part.factor_source and part.factor_value is not None else None,
            make_table(
                "table-energy-factors",
                _("排放因子"),
                part.by_factor,
                "title factor_value before_tco2 after_tco2 rule_id",
                forms=PAGE_AND_MORE,
            ),
            _coal(part),
            _carbon_figures(part),
            notes(part.reason),
        )
    )
    return Section("energy-carbon", _("绿电直连：碳排放"), lead, blocks)


def _alone(before: float | None, after: float | None) -> list[Figure]:
    """What is known of the emission where it cannot be compared; else the lead tells it."""
    if before and after is not None:
        return []
    known = ((_("实施前年排放"), before), (_("实施后年排放"), after))
    return [Figure(title, fmt.number(one, 0), "tCO₂") for title, one in known if one is not None]


def _coal(part: CarbonRecord) -> Table | None:
    """Energy use by either coal equivalent of electricity, where the park's energy is known."""
    if all(row.energy_use_tce is None for row in part.by_coal):
        return None
    names = [str(row.title) for row in part.by_coal if row.coal == part.coal]
    return make_table(
        "table-energy-coal",
        _("综合能耗：电力按当量值和等价值折标准煤"),
        part.by_coal,
        "title coal_factor electricity_tce energy_use_tce before_per_tce after_per_tce rule_id",
        forms=PAGE_AND_MORE,
        note=_("采用{coal}：{source}。", coal="".join(names), source=str(part.coal_source)),
    )


def _carbon_figures(part: CarbonRecord) -> Figures | None:
    """Emission per unit of energy, and certificates, where there are any."""
    keys = (
        *("before_per_tce", "after_per_tce", "zero_carbon_per_tce"),
        *("certificates_issued", "certificates_missing"),
    )
    items = tuple(figure(key, value) for key in keys if (value := getattr(part, key)) is not None)
    return Figures(items) if items else None
