"""The site as the sizing sees it: what a feasibility study adds, as even yearly costs.

Operating costs by period, insurance, materials, staff, working capital and the cost of building
over years are linear in the capacities. Put into the yearly cost of the parts at their present
worth, they make the sizing optimise the very cash flow that is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from greenland.energy.money.assets import Asset, AssetKind, Residual, payments
from greenland.energy.money.config import FinanceConfig
from greenland.energy.money.expenses import even_amount, yearly_rates
from greenland.energy.money.feasibility import CostsConfig
from greenland.energy.money.tax_lines import Bought, book_value
from greenland.energy.money.taxes import Taxes, resolve_taxes
from greenland.energy.problem.annuity import capital_recovery_factor
from greenland.energy.site import FixedAsset, Objective, Site, Source, Storage
from greenland.i18n import _
from greenland.rules import Rulebook


@dataclass(frozen=True, slots=True)
class YearlyAdditions:
    """Even yearly costs that a study adds.

    Parameters
    ----------
    of_investment : float
        Per yuan of investment: insurance, and interest on what is spent before year 0 ends [1/yr].
    per_kw : float
        Per new capacity of the sources: materials, other, working capital [yuan/(kW·yr)].
    fixed : float
        Staff, and working capital that is a fixed amount [yuan/yr].
    """

    of_investment: float
    per_kw: float
    fixed: float


def additions(config: FinanceConfig, rate: float, years: int) -> YearlyAdditions:
    """Even yearly costs of the items of a study, at the rate and over the years of the sizing."""
    level = capital_recovery_factor(rate, years)
    of_investment = per_kw = fixed = 0.0
    if config.construction is not None:
        shares = config.construction.yearly
        last = len(shares) - 1
        grown = sum(share * (1 + rate) ** (last - year) for year, share in enumerate(shares))
        of_investment += (grown - sum(shares)) * level
    if (capital := config.working_capital) is not None:
        tied = ((1 + rate) ** -capital.year - (1 + rate) ** -years) * level
        per_kw += capital.yuan_per_kw * tied
        fixed += capital.yuan * tied
    if (costs := config.costs) is not None:
        of_investment += costs.insurance
        per_kw += costs.materials + costs.other
        fixed += 0.0 if costs.staff is None else costs.staff.yuan
    return YearlyAdditions(of_investment, per_kw, fixed)


class _Levelling:
    """What a study adds to the yearly cost of each part of a site."""

    def __init__(self, site: Site, config: FinanceConfig, rulebook: Rulebook, kind: Residual):
        self.config, self.kind = config, kind
        self.rate, self.years = site.discount_rate, site.project_years
        self.added = additions(config, self.rate, self.years)
        self.costs = config.costs or CostsConfig()
        self.taxes: Taxes | None = None
        if config.residual is Residual.BOOK and config.tax is not None:
            self.taxes = resolve_taxes(config.tax, config.role, rulebook, config.investment)

    def more(
        self,
        part: Any,
        upkeep: str = "opex",
        capex: str = "capex",
        *,
        lifetime: float | None = None,
        renewed: bool = True,
    ) -> Any:
        """The part with its yearly cost raised."""
        yuan, name = getattr(part, capex), getattr(part, "name", AssetKind.GRID)
        again = getattr(part, "replacement_cost", 0.0) if renewed else 0.0
        years = getattr(part, "replacement_years", ()) if again else ()
        when = tuple((float(year), again) for year in years)
        asset = Asset(str(name), AssetKind.OTHER, yuan, 0.0, lifetime or part.lifetime, when)
        cost = getattr(part, upkeep) + self.added.of_investment * yuan + self.salvage(asset)
        return replace(part, **{upkeep: cost})

    def salvage(self, asset: Asset) -> float:
        """What the books give back less at the end than the objective counts [per year]."""
        if self.taxes is None:
            return 0.0
        paid = payments(asset, self.years, self.rate, self.kind)
        spent = [(asset, paid.investment + paid.replacement)]
        book = book_value(self.taxes, Bought(spent, self.config.investment, np.ones(1)))
        ended = (1 + self.rate) ** -self.years * capital_recovery_factor(self.rate, self.years)
        return (paid.residual - book) * ended

    def storage(self, item: Storage) -> Storage:
        """A storage, whose cells alone are renewed."""
        more = self.more(item, "power_opex", "power_capex", renewed=False)
        more = self.more(more, "energy_opex", "energy_capex", lifetime=item.years_of_energy)
        if item.decides_charge_power:
            life = item.years_of_charging
            names = ("charge_power_opex", "charge_power_capex")
            more = self.more(more, *names, lifetime=life, renewed=False)
        raised: Storage = more
        return raised

    def source(self, item: Source) -> Source:
        """A source with its operation and maintenance by period in its even cost."""
        periods = self.costs.maintenance.get(item.name)
        own = item.opex
        if periods is not None:
            own = even_amount(yearly_rates(periods, self.years), self.rate)
        raised: Source = self.more(replace(item, opex=own + self.added.per_kw))
        return raised


def levelled(
    site: Site,
    config: FinanceConfig | None,
    rulebook: Rulebook,
    objective: Objective = Objective.ANNUAL_COST,
) -> Site:
    """The site with the items of a study in the yearly costs of its parts.

    Parameters
    ----------
    site : Site
    config : FinanceConfig, optional
        Without such items the site is returned as it is.
    rulebook : Rulebook
        For the years of depreciation, where the books give the value at the end.
    objective : Objective
        What the site is sized for; it counts a value at the end of its own.
    """
    if config is None or not _adds(config):
        return site
    counted = Residual.LINEAR if objective is Objective.NPV else Residual.ECONOMIC
    make = _Levelling(site, config, rulebook, counted)
    fixed = [make.more(item) for item in site.fixed_assets]
    if make.added.fixed:
        fixed.append(FixedAsset(_fixed_name(), capex=0.0, opex=make.added.fixed))
    grid = site.grid
    return replace(
        site,
        sources=[make.source(item) for item in site.sources],
        storages=[make.storage(item) for item in site.storages],
        generators=[make.more(item) for item in site.generators],
        electrolysers=[make.more(item) for item in site.electrolysers],
        fixed_assets=fixed,
        grid=make.more(grid) if grid is not None and grid.decides_capacity else grid,
    )


def with_own_costs(site: Site, fields: Mapping[str, Any]) -> Site:
    """The levelled site with the yearly costs its parts have in the case.

    Parameters
    ----------
    site : Site
        As sized.
    fields : mapping
        Parts of the case, see `greenland.energy.case.loading.LoadedCase`.
    """

    def own(kind: str, *names: str) -> list[Any]:
        pairs = zip(getattr(site, kind), fields[kind], strict=False)
        return [replace(part, **{n: getattr(given, n) for n in names}) for part, given in pairs]

    grid = site.grid
    return replace(
        site,
        sources=own("sources", "opex"),
        storages=own("storages", "power_opex", "energy_opex", "charge_power_opex"),
        generators=own("generators", "opex"),
        electrolysers=own("electrolysers", "opex"),
        fixed_assets=own("fixed_assets", "opex"),
        grid=None if grid is None else replace(grid, opex=fields["grid"].opex),
    )


def is_levelled(config: FinanceConfig | None) -> bool:
    """Whether the sizing sees other yearly costs than those of the case."""
    return config is not None and _adds(config)


def _adds(config: FinanceConfig) -> bool:
    parts = (config.construction, config.working_capital, config.costs)
    return any(parts) or config.residual is Residual.BOOK


def _fixed_name() -> str:
    return _("职工薪酬等固定费用（finance）")
