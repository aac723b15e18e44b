"""A sound plan with one quantity spoiled: the cases in which each check of the replay fires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from whole_site import CAPACITIES, parts, schedule

from greenland.energy.plan.replay.recompute import TOLERANCE, Replay, replay
from greenland.energy.site import Grid, Site

Change = Callable[[dict[str, Any]], None]


def of(name: str, **changes: Any) -> Change:
    """Change a part of the site, by its name or, of the grid and the limits, by its field."""

    def apply(fields: dict[str, Any]) -> None:
        if name in fields:
            fields[name] = replace(fields[name], **changes)
            return
        for key in ("sources", "storages", "shiftable", "interruptible", "electrolysers"):
            fields[key] = tuple(
                replace(item, **changes) if item.name == name else item for item in fields[key]
            )

    return apply


@dataclass(frozen=True)
class Spoiled:
    """One quantity off, with what keeps the other balances."""

    flows: dict[tuple[str, int], float] = field(default_factory=dict)  # added to the schedule
    sizes: dict[str, float] = field(default_factory=dict)  # instead of the capacities
    site: tuple[Change, ...] = ()
    also: frozenset[str] = frozenset()  # what cannot but fire with it

    def replayed(self) -> Replay:
        """The spoiled plan, recomputed."""
        fields, flows = parts(), schedule()
        for change in self.site:
            change(fields)
        for (column, step), more in self.flows.items():
            flows.loc[flows.index[step], column] += more
        return replay(Site(**fields), CAPACITIES | self.sizes, flows)


def firing(found: Replay, tolerance: float = TOLERANCE) -> set[str]:
    """Checks and limits that do not hold."""
    checks = {str(name) for name, value in found.checks.items() if value > tolerance}
    limits = {str(row.limit) for row in found.limits.itertuples() if row.excess > tolerance}
    return checks | limits


def kinds(found: Replay) -> set[str]:
    """Checks and limits there are, whether they hold or not."""
    return {str(name) for name in found.checks.index} | set(found.limits["limit"].astype(str))


# The 13 MW bought at the first step all go to the load and the second storage, so buying more
# there is buying more than is used; the surplus at noon may be curtailed or sold.
CHECKS: dict[str, list[Spoiled]] = {
    "balance": [
        Spoiled({("curtailment", 1): 0.2}),
        Spoiled({("curtailment", 1): -0.2}),
        Spoiled({("import", 3): -0.1}),
        Spoiled({("export", 1): 0.1}),
    ],
    "pv": [
        Spoiled({("pv", 1): -1.0, ("curtailment", 1): -1.0}),
        Spoiled({("pv", 1): 1.0, ("curtailment", 1): 1.0}),
    ],
    "non_negative": [Spoiled({("unserved", 0): -0.5, ("import", 0): 0.5})],
    "import_export": [Spoiled({("import", 1): 1.0, ("export", 1): 1.0})],
    "import_use": [Spoiled({("import", 0): 1.0, ("curtailment", 0): 1.0})],
    "grid_charging": [
        # 0.5 MW of grid energy charged at noon, when nothing is bought
        Spoiled(
            {
                ("second_grid_charge", 1): 0.5,
                ("second_grid_energy", 1): 0.2,
                ("second_grid_energy", 2): 0.18,
                ("second_grid_discharge", 3): 0.162,
            }
        )
    ],
    "grid_capacity": [
        Spoiled(sizes={"grid": 12.9}),
        Spoiled(  # 15.5 MW sold at noon: selling counts as buying does
            {("pv", 1): 16.0, ("pv", 2): 8.0, ("export", 1): 13.5}
            | {("curtailment", 1): 2.5, ("curtailment", 2): 8.0},
            sizes={"pv": 40.0},
            site=(of("grid", max_export_mw=None), of("limits", max_export_share=0.5)),
        ),
    ],
    "max_import_mw": [Spoiled(site=(of("grid", max_import_mw=12.9),))],
    "max_export_mw": [Spoiled(site=(of("grid", max_export_mw=1.9),))],
    "export_allowed": [Spoiled(site=(of("grid", export_allowed=[True, False, True, True]),))],
    "battery_balance": [
        Spoiled({("battery_energy", 1): 0.01}),
        Spoiled({("battery_energy", 0): -0.01}),
        Spoiled(site=(of("battery", self_discharge=0.2),)),
        Spoiled(site=(of("battery", charge_efficiency=0.91),)),
        Spoiled(site=(of("battery", discharge_efficiency=0.81),)),
    ],
    "battery_shared_power": [
        # charges 5 and gives 0.72 with 5 MW; both ways at once cannot but be seen too
        Spoiled(
            {
                ("battery_charge", 1): 1.0,
                ("battery_discharge", 1): 0.72,
                ("curtailment", 1): -0.28,
            },
            also=frozenset({"battery_charge_discharge"}),
        )
    ],
    "battery_power": [
        Spoiled(sizes={"battery_power": 3.9}, also=frozenset({"battery_shared_power"})),
    ],
    "second_power": [
        Spoiled(sizes={"second_power": 1.9}),
        Spoiled(  # 1.5 MWh from the start: gives 2.1375 MW at the third step, discharging counts
            {
                ("second_energy", 0): 1.35,
                ("second_energy", 1): 1.215,
                ("second_discharge", 2): 1.8375,
                ("curtailment", 2): 1.8375,
                ("second_energy", 2): -0.744,
                ("second_discharge", 3): -0.6696,
                ("import", 3): 0.6696,
                # what is left of the start counts as bought: 0.36 + 1.215 kept once more is 1.4175
                ("second_grid_energy", 0): 1.35,
                ("second_grid_energy", 1): 1.215,
                ("second_grid_discharge", 2): 1.3175,
                ("second_grid_energy", 2): -0.224,
                ("second_grid_discharge", 3): -0.2016,
            },
            site=(of("second", initial_energy=0.5, cyclic=False),),
        ),
    ],
    "second_green_end": [
        Spoiled(  # 1.2 MWh from the start, given as green; nothing green is left for the next turn
            {
                ("second_energy", 0): 1.08,
                ("second_energy", 1): 0.972,
                ("second_discharge", 2): 1.6188,
                ("second_grid_discharge", 2): 0.224,
                ("curtailment", 2): 1.6188,
                ("second_energy", 2): -0.744,
                ("second_grid_energy", 2): -0.224,
                ("second_discharge", 3): -0.6696,
                ("second_grid_discharge", 3): -0.2016,
                ("import", 3): 0.6696,
            },
            site=(of("second", initial_energy=0.4, cyclic=False),),
        ),
    ],
    "battery_start": [
        # charges 0.45 MWh to hold 0.9: began with 0.5 where 0.8 is the least; at night there is
        # only bought power to charge
        Spoiled(
            {
                ("battery_charge", 0): 1.0,
                ("import", 0): 1.0,
                ("battery_energy", 0): -0.9,
                ("battery_energy", 1): -0.81,
                ("battery_energy", 2): -0.729,
                ("battery_energy", 3): -0.6561,
            },
            site=(of("battery", initial_energy=None, final_energy="at_least"),),
            also=frozenset({"import_use"}),
        ),
    ],
    "second_full": [
        Spoiled(sizes={"second_energy": 1.1}),
        Spoiled(site=(of("second", max_soc=0.38),)),
    ],
    "battery_empty": [Spoiled(site=(of("battery", min_soc=0.23),))],
    "second_charge_discharge": [
        Spoiled({("second_charge", 2): 0.5, ("second_discharge", 2): 0.2, ("curtailment", 2): -0.3})
    ],
    "battery_end": [
        Spoiled(site=(of("battery", final_energy=0.3),)),
        Spoiled(
            {("battery_discharge", 3): 0.16, ("battery_energy", 3): -0.1, ("import", 3): -0.16},
            site=(of("battery", final_energy="at_least"),),
        ),
        Spoiled(
            {
                ("battery_discharge", 3): -0.16,
                ("battery_energy", 3): 0.1,
                ("import", 3): 0.16,
            }
        ),
        Spoiled(
            {
                ("battery_discharge", 3): 0.16,
                ("battery_energy", 3): -0.1,
                ("import", 3): -0.16,
            }
        ),
    ],
    "second_grid_balance": [
        Spoiled({("second_grid_energy", 1): 0.01}),
        Spoiled({("second_grid_energy", 1): -0.01}),
    ],
    "second_grid_energy": [
        # gives 0.1 MW as green at noon while all it holds is bought; charges green later
        Spoiled(
            {
                ("second_charge", 1): -2.0,
                ("second_discharge", 1): 0.1,
                ("curtailment", 1): 2.1,
                ("second_energy", 1): -0.9,  # 0.26 < 0.36
                ("second_charge", 2): 2.0,
                ("second_discharge", 2): -0.3,
                ("second_grid_discharge", 2): -0.1,
                ("import", 2): 2.0,
                ("curtailment", 2): -0.3,
                ("second_energy", 2): 0.29,  # 0.234 + 0.8
                ("second_grid_energy", 2): 0.1,  # 0.324
                ("second_discharge", 3): 0.261,  # 0.9306
                ("second_grid_discharge", 3): 0.09,  # 0.2916
                ("import", 3): -0.261,
            }
        )
    ],
    "second_grid_charge": [
        # 0.2 MW bought is charged where 0.1 is charged in all
        Spoiled(
            {
                ("second_charge", 2): 0.1,
                ("second_discharge", 2): -0.3,
                ("second_grid_charge", 2): 0.2,
                ("second_grid_discharge", 2): -0.1,
                ("import", 2): 0.2,
                ("curtailment", 2): -0.2,
                ("second_energy", 2): 0.34,  # 1.044 + 0.04
                ("second_grid_energy", 2): 0.18,  # 0.324 + 0.08
                ("second_discharge", 3): 0.306,  # 0.9756
                ("second_grid_discharge", 3): 0.162,  # 0.3636
                ("import", 3): -0.306,
            }
        )
    ],
    "second_grid_discharge": [
        # 0.1 MW bought is given where 0.05 is given in all
        Spoiled(
            {
                ("second_discharge", 2): -0.25,
                ("curtailment", 2): -0.25,
                ("second_energy", 2): 0.25,  # 0.994
                ("second_discharge", 3): 0.225,  # 0.8946
                ("import", 3): -0.225,
            }
        )
    ],
    "mill_energy": [
        Spoiled({("mill", 0): 0.5, ("import", 0): 0.5}),
        Spoiled({("mill", 1): -0.5, ("curtailment", 1): 0.5}),
        # from one window to the next, the same in all
        Spoiled(
            {("mill", 1): -0.5, ("curtailment", 1): 0.5}
            | {("mill", 2): 0.5, ("curtailment", 2): -0.3, ("import", 2): 0.2}
        ),
    ],
    "mill_power": [
        Spoiled(site=(of("mill", max_mw=2.9),)),
        Spoiled(site=(of("mill", min_mw=1.1),)),
    ],
    "kiln_power": [
        Spoiled({("kiln", 2): 1.5, ("curtailment", 2): 1.5}, site=(of("kiln", max_share=1.0),)),
    ],
    "cell_power": [Spoiled(sizes={"cell": 1.9})],
    "cell_min_load": [Spoiled({("cell", 3): -0.1, ("import", 3): -0.1})],
    "unserved": [Spoiled({("unserved", 2): 9.5, ("curtailment", 2): 9.5})],
    "pv_bounds": [
        Spoiled(site=(of("pv", max_mw=21.9),)),  # on top of the 2 there are
        Spoiled(site=(of("pv", min_mw=22.1),)),
    ],
    "battery_power_bounds": [
        Spoiled(site=(of("battery", max_mw=3.9),)),
        Spoiled(site=(of("battery", min_mw=4.1),)),
    ],
    "battery_energy_bounds": [
        Spoiled(site=(of("battery", max_mwh=5.9),)),
        Spoiled(site=(of("battery", min_mwh=6.1),)),
    ],
    "cell_bounds": [
        Spoiled(site=(of("cell", max_mw=1.4),)),
        Spoiled(site=(of("cell", min_mw=1.6),)),
    ],
    "grid_bounds": [
        Spoiled(site=(of("grid", max_capacity_mw=14.9),)),
        Spoiled(site=(of("grid", min_capacity_mw=15.1),)),
    ],
}

# How far the first case of each check is off [MW, MWh], and of what: the site's largest power of
# 24 MW (once 23), the largest of a storage's capacities, or the capacity itself.
RESIDUALS = {
    "balance": (0.2, 24),
    "pv": (1.0, 23),
    "non_negative": (0.5, 24),
    "import_export": (1.0, 24),
    "import_use": (1.0, 24),
    "grid_charging": (0.5, 24),
    "grid_capacity": (0.1, 24),
    "max_import_mw": (0.1, 24),
    "max_export_mw": (0.1, 24),
    "export_allowed": (2.0, 24),
    "battery_balance": (0.01, 8),
    "battery_power": (0.1, 8),
    "battery_shared_power": (0.72, 8),
    "second_power": (0.1, 3),
    "second_full": (0.06, 2),
    "battery_empty": (0.04, 8),
    "second_charge_discharge": (0.5, 3),
    "second_green_end": (1.2, 3),
    "battery_start": (0.3, 8),
    "battery_end": (0.4, 8),
    "second_grid_balance": (0.01, 3),
    "second_grid_energy": (0.1, 3),
    "second_grid_charge": (0.1, 3),
    "second_grid_discharge": (0.05, 3),
    "mill_energy": (0.5, 24),
    "mill_power": (0.1, 24),
    "kiln_power": (0.5, 24),
    "cell_power": (0.1, 24),
    "cell_min_load": (0.1, 24),
    "unserved": (0.5, 24),
    "pv_bounds": (0.1, 24),
    "battery_power_bounds": (0.1, 5),
    "battery_energy_bounds": (0.1, 8),
    "cell_bounds": (0.1, 2),
    "grid_bounds": (0.1, 15),
}

# Each limit's value of the plan by hand, in its unit, and the limits just around it.
# Half hours: 36 MW available, 2 sold, 1.3 curtailed; of 51 consumed 22.39968 come from the grid.
SELF_USE = 51 - 22.39968
LIMITS: dict[str, tuple[float, Callable[[float], Change]]] = {
    "self_use_of_generation": (
        (36 - 2 - 1.3) / 36,
        lambda v: of("limits", min_self_use_of_generation=v, self_use_reading="a"),
    ),
    "self_use_of_generation_net": (
        SELF_USE / 36,
        lambda v: of("limits", min_self_use_of_generation=v, self_use_reading="b"),
    ),
    "self_use_of_consumption": (
        SELF_USE / 51,
        lambda v: of("limits", min_self_use_of_consumption=v),
    ),
    "export_share": (2 / 36, lambda v: of("limits", max_export_share=v)),
    "export_share_of_delivered": (
        2 / (36 - 1.3),
        lambda v: of("limits", max_export_share_of_delivered=v),
    ),
    "curtailment_share": (1.3 / 36, lambda v: of("limits", max_curtailment_share=v)),
    # of the firm load, not of what is milled or made of electricity
    "unserved_share": (0.5 / 40, lambda v: of("limits", max_unserved_share=v)),
    "co2": (
        0.5 * (13 * 0.5 + 10.09808 * 0.25) * 8760 / 2,
        lambda v: of("limits", max_co2_t=v),
    ),
    "land": (22 * 10, lambda v: of("limits", max_land_mu=v)),
    "roof": (22 * 5, lambda v: of("limits", max_roof_m2=v)),
    # 22 MW of PV, 4 MW and 6 MWh of battery, 1.5 MW of cells, 12 MW of connection, the line
    "budget": (
        1e3 * (22 * 3000 + 4 * 300 + 6 * 700 + 1.5 * 2000 + 12 * 200) + 1e6,
        lambda v: of("limits", max_capex_yuan=v),
    ),
    "hours_min:battery": (8 / 5, lambda v: of("battery", min_hours=v)),
    "hours_max:battery": (8 / 5, lambda v: of("battery", max_hours=v)),
    "interruption_share:kiln": (1 / 8, lambda v: of("kiln", max_share=v)),
    # 4.5 MW half hours at 50 MWh/t in two hours
    "electrolyser_product:cell": (
        0.5 * 4.5 / 50 * 8760 / 2,
        lambda v: of("cell", min_product_t=v),
    ),
}
LEAST = ("self_use", "hours_min", "electrolyser")

PLAIN = Grid(
    max_capacity_mw=20, import_price=0.5, export_price=0.1, emission_factor=0.5, max_import_mw=15
)
