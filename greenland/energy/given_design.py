"""A design somebody has: dispatched as it is, what it fails, and the nearest sizes that pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from greenland.energy.case import LoadedCase, read_case, rulebook_of
from greenland.energy.evaluate import evaluate_case, with_engine
from greenland.energy.given_sizes import read_sizes, sizes_of, with_sizes
from greenland.energy.plan.explain.elastic import ElasticProgram
from greenland.energy.plan.explain.infeasible import relaxable_limits
from greenland.energy.plan.explain.nearest import nearest_sizes
from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay.recompute import replay
from greenland.energy.plan.schedule import schedule_of
from greenland.energy.problem.prepare import prepare
from greenland.energy.result import EnergyResult
from greenland.energy.site import Limits, Site
from greenland.energy.site.identity import capacity_labels
from greenland.energy.site.limit_kinds import CONNECTION, SITE_LIMITS, LimitQuantity
from greenland.energy.site.limits import LimitRef, limits_by_label, limits_of_site
from greenland.energy.sized_case import grid_fields_under, tariffs_of
from greenland.energy.sizing.solve import size
from greenland.i18n import _
from greenland.lp.recent import remembering
from greenland.results import plain_value
from greenland.rules import Rulebook

FAILS = 1e-6
"""Relative excess from which a limit is not kept."""
MARGIN = 1e-7
"""What a limit gives beyond the value that is reached, for the accuracy of the next program."""


@dataclass(frozen=True)
class DesignFailure:
    """A limit that a design does not keep.

    Parameters
    ----------
    limit : LimitRef
    year : str
        Limit year, empty where there is one.
    value, required, gap : float
        In the unit of the limit, shares as decimals; the gap is not negative.
    """

    limit: LimitRef
    year: str
    value: float
    required: float

    @property
    def gap(self) -> float:
        """What is missing, or too much."""
        return abs(self.required - self.value)

    @property
    def text(self) -> str:
        """The failure in words."""
        kind = self.limit.kind
        values = {
            "name": self.limit.words,
            "value": _shown(kind.is_share, self.value, kind.unit),
            "required": _shown(kind.is_share, self.required, kind.unit),
            "gap": _shown(kind.is_share, self.gap, kind.unit),
        }
        if kind.is_least:
            return str(_("{name}为 {value}，要求不低于 {required}，差 {gap}。", **values))
        return str(_("{name}为 {value}，要求不高于 {required}，超出 {gap}。", **values))

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            **self.limit.to_record(),
            "year": self.year or None,
            "value": plain_value(self.value),
            "required": plain_value(self.required),
            "gap": plain_value(self.gap),
            "unit": self.limit.kind.unit,
            "text": self.text,
        }


def _shown(is_share: bool, value: float, unit: str) -> str:
    return f"{100 * value:.2f}%" if is_share else f"{value:,.2f} {unit}"


@dataclass(frozen=True)
class PassingSizes:
    """Sizes that keep every limit.

    Parameters
    ----------
    capacities, changes : dict of label to float
        Totals, and by how much they differ from the given ones [MW], [MWh].
    annual_cost, capex : float
        [yuan/yr], [yuan]
    """

    capacities: dict[str, float]
    changes: dict[str, float]
    annual_cost: float
    capex: float

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {name: plain_value(getattr(self, name)) for name in self.__annotations__}


@dataclass(frozen=True)
class GivenDesign:
    """What a design comes to.

    Parameters
    ----------
    sizes : dict of label to float
        As given, totals [MW], [MWh].
    result : EnergyResult
        The design dispatched at least cost, with its bills, finance and compliance; where it
        cannot keep every limit, with those limits relaxed by the least that does.
    failures : tuple of DesignFailure
    nearest : PassingSizes, optional
        With the least sum of changes; None where the design passes, or nothing does.
    cheapest_above : PassingSizes, optional
        The cheapest sizes that are nowhere smaller; likewise.
    """

    sizes: dict[str, float]
    result: EnergyResult
    failures: tuple[DesignFailure, ...]
    nearest: PassingSizes | None = None
    cheapest_above: PassingSizes | None = None

    @property
    def passes(self) -> bool:
        """Whether the design keeps every limit of the case."""
        return self.result.plan.status.has_plan and not self.failures

    def to_record(self, *, with_schedule: bool = True) -> dict[str, Any]:
        """JSON-ready names and values; the ``energy`` part is that of every result."""
        return {
            "capacities": plain_value(self.sizes),
            "passes": self.passes,
            "failures": [item.to_record() for item in self.failures],
            "nearest": None if self.nearest is None else self.nearest.to_record(),
            "cheapest_above": (
                None if self.cheapest_above is None else self.cheapest_above.to_record()
            ),
            "energy": self.result.to_record(with_schedule=with_schedule),
        }


def evaluate_design_file(path: Path, sizes: str, *, engine: str | None = None) -> GivenDesign:
    """Evaluate given sizes in a case file.

    Parameters
    ----------
    path : Path
        The case.
    sizes : str
        See `greenland.energy.given_sizes.read_sizes`.
    engine : str, optional
        As in `greenland.energy.size`, instead of what the case names.

    Raises
    ------
    InputError
        With every fault of the case, or of the sizes.
    """
    loaded = with_engine(read_case(path), engine)
    return evaluate_design(loaded, rulebook_of(loaded), read_sizes(sizes))


@remembering()
def evaluate_design(
    loaded: LoadedCase, rulebook: Rulebook, given: Mapping[str, Any]
) -> GivenDesign:
    """Evaluate given sizes in a case.

    Parameters
    ----------
    given : mapping
        See `greenland.energy.given_sizes.sizes_of`.

    Raises
    ------
    InputError
        With every fault of the case, or of the sizes.
    """
    tariffs = tariffs_of(loaded, rulebook)
    prices = grid_fields_under(loaded, tariffs[0]) if tariffs else {}
    site = loaded.site(rulebook, **prices)
    sizes = sizes_of(given, site)
    engine = loaded.case.engine
    held = with_sizes(site, sizes)
    # the program with slack is asked only where there is something to give
    limits = held if size(held, engine=engine).status.has_plan else relaxed_to_keep(held, engine)
    result = evaluate_case(_dispatched(loaded, site, sizes, limits), rulebook)
    failures = tuple(design_failures(site, sizes, result.plan))
    if not failures and result.plan.status.has_plan:
        return GivenDesign(sizes, result, failures)
    if "grid" in sizes and site.grid is not None and not site.grid.decides_capacity:
        site = replace(site, grid=replace(site.grid, capacity_mw=sizes["grid"]))
    near = nearest_sizes(site, sizes, engine=engine)
    return GivenDesign(
        sizes,
        result,
        failures,
        None if near is None else _passing(with_sizes(site, near, slack=1e-6), sizes, engine),
        _passing(with_sizes(site, sizes, at_least=True), sizes, engine),
    )


def _passing(site: Site, given: Mapping[str, float], engine: str) -> PassingSizes | None:
    """The cheapest plan of a site whose capacities are bounded, against the given sizes."""
    plan = size(site, engine=engine)
    if not plan.status.has_plan:
        return None
    found = {str(label): float(value) for label, value in plan.capacities.items()}
    changes = {label: found[label] - value for label, value in given.items()}
    return PassingSizes(found, changes, plan.annual_cost, plan.capex)


def relaxed_to_keep(held: Site, engine: str = "auto") -> Site:
    """The site with the limits its sizes cannot keep relaxed by the least that does.

    Where several limits could give, it is the sum of what they give that is least, each relative
    to its scale. Load that cannot be served at all counts as a limit of zero.
    """
    unserved = held.limits.max_unserved_share
    whole = held
    if unserved is None:
        whole = replace(held, limits=replace(held.limits, max_unserved_share=0.0))
    limits = [
        limit
        for limit in relaxable_limits(whole)
        if not limit.kind.existing and limit.kind is not CONNECTION
    ]
    program = ElasticProgram(whole, limits, engine)
    energy = max(1.0, float(held.load.sum()) * held.step_hours)
    scales = {limit: energy if limit.kind.is_share else _scale(whole, limit) for limit in limits}
    optimum = program.solve({limit: 1.0 / scales[limit] for limit in limits})
    if optimum is None:
        return held
    data = prepare(whole)
    table = replay(whole, _totals(whole), schedule_of(data, optimum.values)).limits
    relaxed = held
    for limit in limits:
        rows = table[(table["limit"] == str(limit)) & (table["excess"] > MARGIN)]
        if limit.kind.quantity is LimitQuantity.OF_LOAD and rows.empty and unserved is None:
            continue
        if not rows.empty:
            worst = rows["value"].min() if limit.kind.is_least else rows["value"].max()
            relaxed = _with_limit(relaxed, limit, float(worst))
    return relaxed


def _scale(site: Site, limit: LimitRef) -> float:
    """What slack of a limit that is no share is measured against."""
    return max(1.0, abs(limits_of_site(site)[limit]) * limit.kind.row_per_unit)


def _totals(site: Site) -> dict[str, float]:
    """Sizes of a site whose capacities are held."""
    parts = {
        **{("source", one.name): one.existing_mw + one.min_mw for one in site.suppliers},
        **{("storage_power", one.name): one.existing_mw + one.min_mw for one in site.storages},
        **{("storage_energy", one.name): one.existing_mwh + one.min_mwh for one in site.storages},
        **{
            ("storage_charge_power", one.name): one.existing_charge_mw + one.min_charge_mw
            for one in site.storages
        },
        **{("electrolyser", one.name): one.existing_mw + one.min_mw for one in site.electrolysers},
    }
    grid = site.grid
    if grid is not None:
        connected = grid.min_capacity_mw if grid.decides_capacity else grid.capacity_mw
        parts["grid", ""] = float("inf") if connected is None else connected
    return {label: parts[str(key.kind), key.owner] for key, label in capacity_labels(site).items()}


def _with_limit(site: Site, limit: LimitRef, value: float) -> Site:
    """The site with one limit at a value that is reached."""
    kind = limit.kind
    give = MARGIN * max(1.0, abs(value))
    value = value - give if kind.is_least else value + give
    if kind in SITE_LIMITS:
        level: dict[str, Any] = {kind.field: value * kind.field_per_unit}
        if kind.is_share:
            level = {kind.field: min(1.0, max(0.0, value))}
        return replace(site, limits=replace(site.limits, **level))
    changes: dict[str, Any] = {}
    for parts in kind.parts:
        changes[parts] = [
            replace(one, **{kind.field: value}) if one.name == limit.owner else one
            for one in getattr(site, parts)
        ]
    return replace(site, **changes)


def _dispatched(
    loaded: LoadedCase, site: Site, sizes: Mapping[str, float], relaxed: Site
) -> LoadedCase:
    """The case with its sizes held and its limits as they can be kept, without any study."""
    bare = with_sizes(replace(site, grid=loaded.fields["grid"]), sizes)
    grid = bare.grid
    if grid is not None and relaxed.grid is not None:
        grid = replace(grid, export_allowed=relaxed.grid.export_allowed)
    fields = {
        **loaded.fields,
        "sources": tuple(bare.sources),
        "storages": tuple(
            replace(one, min_hours=other.min_hours, max_hours=other.max_hours)
            for one, other in zip(bare.storages, relaxed.storages, strict=True)
        ),
        "generators": tuple(
            replace(one, max_fuel=other.max_fuel)
            for one, other in zip(bare.generators, relaxed.generators, strict=True)
        ),
        "electrolysers": tuple(
            replace(one, min_product_t=other.min_product_t)
            for one, other in zip(bare.electrolysers, relaxed.electrolysers, strict=True)
        ),
        "interruptible": tuple(relaxed.interruptible),
        "grid": grid,
        "limits": relaxed.limits,
    }
    case = loaded.case.model_copy(
        update={"limits_from_rules": False, "round_units": False, "study": None}
    )
    return replace(loaded, case=case, fields=fields)


def design_failures(site: Site, sizes: Mapping[str, float], plan: Plan) -> Iterator[DesignFailure]:
    """Every limit of the case that the dispatched design does not keep.

    Parameters
    ----------
    site : Site
        With its limits and bounds as the case has them.
    sizes : mapping of label to float
        [MW], [MWh]
    plan : Plan
        The dispatch.
    """
    yield from _beyond_bounds(site, sizes)
    if not plan.status.has_plan:
        return
    stated = site
    if site.limits.max_unserved_share is None:
        limits: Limits = replace(site.limits, max_unserved_share=0.0)
        stated = replace(site, limits=limits)
    totals = {str(label): float(value) for label, value in plan.capacities.items()}
    names = limits_by_label(stated)
    table = replay(stated, totals, plan.schedule).limits
    for row in table[table["excess"] > FAILS].to_dict("records"):
        limit = names[str(row["limit"])]
        scale = limit.kind.field_per_unit
        yield DesignFailure(
            limit, str(row["year"]), float(row["value"]) / scale, float(row["required"]) / scale
        )


def _beyond_bounds(site: Site, sizes: Mapping[str, float]) -> Iterator[DesignFailure]:
    """Sizes above the upper bounds of the case."""
    labels = capacity_labels(site)
    for limit, most in limits_of_site(site).items():
        if not limit.kind.existing:
            continue
        for key, label in labels.items():
            bound = {"storage_energy": "max_mwh", "storage_charge_power": "max_charge_mw"}
            if key.owner != limit.owner or limit.kind.key != bound.get(str(key.kind), "max_mw"):
                continue
            if sizes.get(label, 0.0) > most * (1 + FAILS):
                yield DesignFailure(limit, "", sizes[label], most)
