"""What the load of a case pays if all of it comes from the grid: a plan is held against that."""

from __future__ import annotations

from dataclasses import dataclass

from greenland.energy.case import LoadedCase
from greenland.energy.money.bill import ElectricityBill, grid_only_bill
from greenland.energy.money.operation import OperatingYear
from greenland.energy.money.project import baseline_load, baseline_year, grid_only_mw
from greenland.energy.site import Site
from greenland.energy.tariff import Tariff, with_grid_charges
from greenland.energy.tariff.resolve import grid_only
from greenland.rules import Rulebook


@dataclass(frozen=True, slots=True, eq=False)
class GridOnly:
    """Tariff, bill and year of a load that takes everything from the grid; None off-grid."""

    tariff: Tariff | None = None
    bill: ElectricityBill | None = None
    year: OperatingYear | None = None


def grid_only_of(
    loaded: LoadedCase, site: Site, tariff: Tariff | None, rulebook: Rulebook
) -> GridOnly:
    """What the load of a case pays without its project.

    Parameters
    ----------
    loaded : LoadedCase
    site : Site
        Of the plan.
    tariff : Tariff or None
        Prices the plan was sized with.
    rulebook : Rulebook
    """
    before = ordinary_tariff(loaded, site, tariff, rulebook)
    return GridOnly() if before is None else billed(before, site)


def ordinary_tariff(
    loaded: LoadedCase, site: Site, tariff: Tariff | None, rulebook: Rulebook
) -> Tariff | None:
    """Tariff of the load if all came from the grid, with the grid's own charges; None off-grid."""
    config = loaded.case.tariff
    if config is None or tariff is None:
        return tariff
    ordinary = grid_only(config, site.index, rulebook, folder=loaded.folder, billing=tariff.billing)
    return with_grid_charges(ordinary, loaded.fields["grid"])


def billed(tariff: Tariff, site: Site) -> GridOnly:
    """The load of a site by that tariff."""
    bill = grid_only_bill(tariff, baseline_load(site), grid_only_mw(site))
    return GridOnly(tariff, bill, baseline_year(site, tariff))
