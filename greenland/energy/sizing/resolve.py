"""Many answers from one problem: change costs, prices, limits or profiles and solve again.

A `Resizer` keeps the assembled problem and what the engine found out about its matrix. What a
change costs depends on what it touches: costs and prices only replace the objective, limits only
rebuild the annual rows, everything else assembles the problem anew.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any

import numpy as np

from greenland.energy.plan.plan import Plan
from greenland.energy.problem.assembly import Assembly
from greenland.energy.problem.building import parts_by_choice
from greenland.energy.problem.costs import objective_costs, tie_costs
from greenland.energy.problem.data import ModelData, Peak
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.program import assemble, assemble_limits
from greenland.energy.problem.solution import RawSolution
from greenland.energy.problem.solve import ENGINES, answer, read
from greenland.energy.site import Objective, Site
from greenland.energy.sizing.optimum import make_exclusive
from greenland.energy.sizing.solve import size, sized
from greenland.errors import input_error
from greenland.i18n import _
from greenland.lp import InteriorPointSolver, LinearProgram, SolverSettings
from greenland.yamlfile import nearest

LINEAR = (Objective.ANNUAL_COST, Objective.NPV)
"""Objectives that are one linear function of the model's variables."""


def takes_one_program(site: Site, objective: Objective | str) -> bool:
    """Whether one linear program sizes a site.

    Not so for the objectives that take several, and where a part may be built or not, may stop, or
    stands for maintenance.
    """
    several = any(parts_by_choice(site)) or any(item.can_stop for item in site.electrolysers)
    several |= any(item.can_stop or item.maintenance is not None for item in site.generators)
    return Objective(objective) in LINEAR and not several


def size_one_of_many(site: Site, objective: Objective | str, engine: str) -> Plan:
    """Size a site of which there are many others.

    Where selling beats buying a plan stands with its gap: closing it would take longer than all
    the rest. *engine* as in `greenland.energy.size`.
    """
    if engine in ENGINES and takes_one_program(site, objective):
        return Resizer(site, objective).size(engine, thorough=False)
    return size(site, objective=objective, engine=engine)


class Rebuilt(StrEnum):
    """What a change made anew."""

    COSTS = "costs"  # the objective and the bounds
    LIMITS = "limits"  # and the annual rows
    ALL = "all"


class Resizer:
    """A site to be sized again and again with small changes.

    Parameters
    ----------
    site : Site
    objective : {"annual_cost", "npv"}
        The others take several programs each; size them with `greenland.energy.size`.
    settings : SolverSettings, optional
        Of the interior engine.

    Raises
    ------
    ValueError
        For another objective, and for a site with parts that may be built or not, may stop, or
        stand for maintenance.

    Attributes
    ----------
    rebuilt : Rebuilt
        What the last change made anew.

    Examples
    --------
    >>> resizer = Resizer(site)                                            # doctest: +SKIP
    >>> base = resizer.size().annual_cost                                # doctest: +SKIP
    >>> for capex in (500, 600, 800):                                  # doctest: +SKIP
    ...     resizer.change(storages={"battery": {"energy_capex": capex}})
    ...     print(capex, resizer.size().annual_cost)
    """

    def __init__(
        self,
        site: Site,
        objective: Objective | str = Objective.ANNUAL_COST,
        settings: SolverSettings | None = None,
    ) -> None:
        self.objective = Objective(objective)
        if self.objective not in LINEAR:
            raise ValueError(f"{objective}: {', '.join(LINEAR)}")
        if not takes_one_program(site, objective):
            raise ValueError("min_built_mw, build_cost, can_stop, maintenance")
        self.site = site
        self.rebuilt = Rebuilt.ALL
        self._engine = InteriorPointSolver(settings)
        self._data = prepare(site, self.objective)
        self._assembly = assemble(self._data)
        self._program = self._assembly.program(self._costs(self._data))

    def _costs(self, data: ModelData) -> list[Any]:
        return [objective_costs(data, self.objective), tie_costs(data)]

    @property
    def program(self) -> LinearProgram:
        """The problem as it stands."""
        return self._program

    @property
    def analyses(self) -> int:
        """How often the engine had to analyse a matrix."""
        return self._engine.analyses

    # -- changes ---------------------------------------------------------------------------

    def change(
        self,
        *,
        grid: Mapping[str, Any] | None = None,
        limits: Mapping[str, Any] | None = None,
        sources: Mapping[str, Mapping[str, Any]] | None = None,
        storages: Mapping[str, Mapping[str, Any]] | None = None,
        **site: Any,
    ) -> Resizer:
        """Change fields of the site and of its parts, by the names they have there.

        Parameters
        ----------
        grid, limits : mapping of field to value
        sources, storages : mapping of name to mapping of field to value
        **site
            Fields of the site itself, such as ``discount_rate`` or ``load``.

        Returns
        -------
        Resizer
            Itself.

        Raises
        ------
        InputError
            For a field or name that is not there, and for every fault of the changed site.
        """
        changes = dict(site)
        if grid is not None:
            changes["grid"] = _changed(self.site.grid, grid, "grid")
        if limits is not None:
            changes["limits"] = _changed(self.site.limits, limits, "limits")
        if sources is not None:
            changes["sources"] = _changed_parts(self.site.sources, sources, "sources")
        if storages is not None:
            changes["storages"] = _changed_parts(self.site.storages, storages, "storages")
        return self.replace(_changed(self.site, changes, "site"))

    def replace(self, site: Site) -> Resizer:
        """Go on with another site, keeping what it has in common with the present one."""
        data = prepare(site, self.objective)
        assembly = self._assembly
        if not _same_steps(self._data, data):
            self.rebuilt, assembly = Rebuilt.ALL, assemble(data)
        elif _same_limits(self._data, data):
            self.rebuilt, assembly = Rebuilt.COSTS, replace(assembly, data=data)
        else:
            self.rebuilt, assembly = Rebuilt.LIMITS, assemble_limits(assembly, data)
        if self.rebuilt is Rebuilt.COSTS:
            costs = self._costs(data)
            self._program = replace(
                self._program,
                cost=assembly.cost(costs),
                offset=float(sum(part.constant for part in costs)),
            )
        else:
            self._program = assembly.program(self._costs(data))
        if self.rebuilt is not Rebuilt.ALL:  # columns are kept with the bounds they were made with
            lower, upper = self._bounds(assembly, data)
            self._program = replace(self._program, column_lower=lower, column_upper=upper)
        self.site, self._data, self._assembly = site, data, assembly
        return self

    def _bounds(self, assembly: Assembly, data: ModelData) -> tuple[Any, Any]:
        """Bounds of all columns, with those of the capacities as they are now."""
        lower, upper = self._program.column_lower.copy(), self._program.column_upper.copy()
        for family, assets in data.capacities.items():
            if assets:
                numbers = assembly.columns[family]
                lower[numbers] = [item.lower for item in assets]
                upper[numbers] = [item.upper for item in assets]
        return lower, upper

    # -- answers ---------------------------------------------------------------------------

    def solve(self, engine: str = "auto") -> RawSolution:
        """Solve the problem as it stands; *engine* as in `greenland.energy.problem.solve.solve`."""
        began = time.perf_counter()
        solution = answer(self._program, engine, self._engine)
        return replace(read(self._assembly, solution), seconds=time.perf_counter() - began)

    def size(self, engine: str = "auto", *, thorough: bool = True) -> Plan:
        """Size the site as it stands: `greenland.energy.size` without building again.

        Where selling beats buying, a plan that is not *thorough* stands with the gap that fixing
        directions leaves, mostly far below a percent.
        """
        raw = self.solve(engine)
        solved = make_exclusive(self._data, self.objective, raw, engine, thorough=thorough)
        return sized(solved, self.objective)


def _changed(part: Any, changes: Mapping[str, Any], where: str) -> Any:
    """A frozen part with some fields changed."""
    known = [field.name for field in fields(part)] if part is not None else []
    for name in changes:
        if name not in known:
            guess = nearest(name, known)
            raise input_error(
                "unknown_field",
                _("{where} 没有名为“{name}”的字段。", where=where, name=name),
                remedy=_("是否应为“{guess}”？", guess=guess) if guess else "",
                got=name,
            )
    return replace(part, **changes)


def _changed_parts(parts: Any, changes: Mapping[str, Mapping[str, Any]], where: str) -> list[Any]:
    names = [item.name for item in parts]
    for name in changes:
        if name not in names:
            raise input_error(
                "unknown_name",
                _("{where} 中没有“{name}”。", where=where, name=name),
                got=name,
                allowed="、".join(names),
            )
    return [
        _changed(item, changes[item.name], where) if item.name in changes else item
        for item in parts
    ]


_ARRAYS = (
    "load",
    "pu",
    "emission",
    "import_cap",
    "export_cap",
    "block",
    "block_years",
    "shift_profile",
    "shift_ends",
    "interruptible",
    "running",
)
_STORAGE = (
    "charge_efficiency",
    "discharge_efficiency",
    "soc_floor",
    "usable_share",
    "self_discharge",
    "initial_energy",
    "end",
    "grid_charging",
    "shared_power",
    "charge_ratio",
    "decides_charge_power",
    "name",
)


def _same_steps(one: ModelData, other: ModelData) -> bool:
    """Whether the columns and the rows of every step are the same but for costs and bounds."""
    if one.step_hours != other.step_hours or one.years != other.years:
        return False
    if any(not np.array_equal(getattr(one, a), getattr(other, a)) for a in _ARRAYS):
        return False
    a, b = one.site, other.site
    return bool(
        len(a.storages) == len(b.storages)
        and all(
            getattr(x, name) == getattr(y, name)
            for x, y in zip(a.storages, b.storages, strict=True)
            for name in _STORAGE
        )
        and one.sellers == other.sellers
        and [place for place, *_due in one.least_takes]
        == [place for place, *_due in other.least_takes]
        and (a.grid is None) == (b.grid is None)
        and (one.connection is None) == (other.connection is None)
        and [_peak_of(p) for p in one.peaks] == [_peak_of(p) for p in other.peaks]
        and all(
            np.array_equal(p.steps, q.steps) for p, q in zip(one.peaks, other.peaks, strict=True)
        )
        and tuple(a.shiftable) == tuple(b.shiftable)
        and tuple(a.electrolysers) == tuple(b.electrolysers)
        and len(a.generators) == len(b.generators)
        and all(
            getattr(x, name) == getattr(y, name)
            for x, y in zip(a.generators, b.generators, strict=True)
            for name in ("name", "is_green", "min_load_share")
        )
        and len(a.interruptible) == len(b.interruptible)
        and (a.limits.max_unserved_share is None) == (b.limits.max_unserved_share is None)
        and (a.limits.max_peak_valley_ratio is None) == (b.limits.max_peak_valley_ratio is None)
    )


def _peak_of(peak: Peak) -> tuple[float, ...]:
    """What a peak's column and rows are made from, but for its steps."""
    return (peak.charge, peak.month, peak.year, peak.lower, peak.per_connected)


def _same_limits(one: ModelData, other: ModelData) -> bool:
    """Whether the annual rows are the same too."""
    a, b = one.site, other.site

    def of(site: Site) -> list[Any]:
        return [
            (site.limits, _takes(site)),
            [(s.land_mu_per_mw, s.roof_m2_per_mw, s.capex, s.existing_mw) for s in site.sources],
            [
                (s.min_hours, s.max_hours, s.power_capex, s.energy_capex, s.existing_mw)
                for s in site.storages
            ],
            [(s.existing_mwh, s.charge_power_capex, s.existing_charge_mw) for s in site.storages],
            [item.max_share for item in site.interruptible],
            [(item.max_fuel, item.fuel_per_mwh, item.emission_per_mwh) for item in site.generators],
            [(item.capex, item.existing_mw) for item in site.generators],
            [item.capex for item in site.fixed_assets],
        ]

    if a.limits.max_capex_yuan is None and b.limits.max_capex_yuan is None:
        return _without_capex(of(a)) == _without_capex(of(b))
    return of(a) == of(b)


def _takes(site: Site) -> list[float]:
    """Least energy of each purchase contract [MWh/yr]."""
    return [item.purchase.min_take_mwh for item in site.sellers if item.purchase is not None]


def _without_capex(parts: list[Any]) -> list[Any]:
    """The same without what only a budget looks at."""
    limits, sources, storages, _existing, shares, fuels, _generators, _fixed = parts
    return [
        limits,
        [(land, roof, have) for land, roof, _capex, have in sources],
        [(low, high) for low, high, *_rest in storages],
        shares,
        fuels,
    ]
