"""All checks, in the order their findings are listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from greenland.park.checks import firms, keys, pairs, parcels, single, zone
from greenland.park.checks.base import CheckContext
from greenland.park.problems import ProblemCollector
from greenland.park.reading import ReadSheet
from greenland.rules import Rulebook

CHECKS: tuple[Callable[[CheckContext], None], ...] = (
    single.check_bounds,
    single.check_magnitudes,
    single.check_credit_codes,
    single.check_industries,
    keys.check_keys,
    keys.check_alike_keys,
    keys.check_firm_names,
    keys.check_holders,
    keys.check_references,
    pairs.check_wholes,
    pairs.check_dates,
    parcels.check_parcel_areas,
    parcels.check_parcel_sizes,
    parcels.check_copied_rows,
    parcels.check_supply_states,
    parcels.check_places,
    parcels.check_pipeline_shares,
    firms.check_vetoes,
    firms.check_copied_cells,
    firms.check_unit_jumps,
    firms.check_energy,
    firms.check_firm_land,
    firms.check_firm_years,
    zone.check_land_balance,
    zone.check_indicators_on_land,
    zone.check_totals_of_ledgers,
    zone.check_zone_years,
    zone.check_zone_area,
)


def run_checks(
    sheets: Mapping[str, ReadSheet],
    rulebook: Rulebook,
    year: int,
    as_of: dt.date,
    collector: ProblemCollector,
) -> None:
    """Make every check; what is found goes into *collector*."""
    context = CheckContext(sheets, rulebook, year, as_of, collector)
    for check in CHECKS:
        check(context)
