"""Every check of the replay fires, alone, when one quantity of a sound plan is spoiled.

Each case moves what it must to keep every other balance and bound, so that only its own check
can tell. A check that no case makes fire fails `test_no_check_is_without_a_case`.
"""

from __future__ import annotations

import re

import pandas as pd
import pytest
from sites import variants
from spoiled import CHECKS, LIMITS, PLAIN, RESIDUALS, Spoiled, firing, kinds
from whole_site import parts, schedule

from greenland.energy.plan.replay.recompute import ReplayError, replay
from greenland.energy.site import Limits, PurchaseContract, Site, Source, Storage

OFF_GRID = [Spoiled({("import", 0): 1.0}), Spoiled({("export", 0): 1.0})]


def test_the_plan_of_the_whole_site_closes() -> None:
    found = Spoiled().replayed()
    found.require_closed()
    assert firing(found) == set()
    assert found.residual < 1e-12


@pytest.mark.parametrize(
    ("check", "case"),
    [
        pytest.param(check, case, id=f"{check}-{number}")
        for check, cases in CHECKS.items()
        for number, case in enumerate(cases)
    ],
)
def test_only_the_spoiled_check_fires(check: str, case: Spoiled) -> None:
    found = case.replayed()
    assert firing(found) == {check} | case.also
    with pytest.raises(ReplayError, match=f"“({'|'.join({check} | case.also)})”相差"):
        found.require_closed()


@pytest.mark.parametrize("check", CHECKS)
def test_residual_is_relative_to_what_is_checked(check: str) -> None:
    off, scale = RESIDUALS[check]
    found = CHECKS[check][0].replayed()
    assert found.checks[check] == pytest.approx(off / scale)


def test_largest_power_may_be_the_load() -> None:
    load = pd.Series(10.0, schedule().index)
    flows = pd.DataFrame({"load": load, "import": load - 0.1})
    found = replay(Site(load, grid=PLAIN), {"grid": 15.0}, flows)
    assert found.checks["balance"] == pytest.approx(0.1 / 10)


def test_small_site_is_checked_to_a_millionth_of_a_megawatt() -> None:
    """A load of 10 kW and a battery of 1 kWh, each half a watt off."""
    hours = pd.date_range("2025-06-01", periods=2, freq="h")
    small = Site(pd.Series([0.01, 0.01], hours), [], [Storage("battery")], PLAIN)
    flows = pd.DataFrame({"load": 0.01, "import": [0.0100005, 0.01]}, index=hours)
    flows["battery_energy"] = [5e-7, 0.0]
    sizes = {"battery_power": 0.001, "battery_energy": 0.001, "grid": 5.0}
    found = replay(small, sizes, flows)
    assert found.checks["balance"] == pytest.approx(5e-7)
    assert found.checks["battery_balance"] == pytest.approx(5e-7)


@pytest.mark.parametrize(("power", "expected"), [(4.0, set()), (3.9, {"battery_power"})])
def test_power_bounds_what_is_given_too(power: float, expected: set[str]) -> None:
    """Charges 2 MW twice and gives 4 MW once, without loss."""
    hours = pd.date_range("2025-06-01", periods=3, freq="h")
    alone = Site(
        pd.Series([1.0, 1.0, 4.0], hours), [Source("pv", [1.0, 1.0, 0.0])], [Storage("battery")]
    )
    flows = pd.DataFrame(
        {
            "load": [1.0, 1.0, 4.0],
            "pv": [3.0, 3.0, 0.0],
            "battery_charge": [2.0, 2.0, 0.0],
            "battery_discharge": [0.0, 0.0, 4.0],
            "battery_energy": [2.0, 4.0, 0.0],
        },
        index=hours,
    )
    sizes = {"pv": 3.0, "battery_power": power, "battery_energy": 4.0}
    assert firing(replay(alone, sizes, flows)) == expected


@pytest.mark.parametrize("case", OFF_GRID)
def test_nothing_is_exchanged_off_grid(case: Spoiled) -> None:
    (column, step), more = next(iter(case.flows.items()))
    alone = Site(
        pd.Series(10.0, schedule().index), [Source("pv", [1.0] * 4)], grid=None, limits=Limits()
    )
    flows = pd.DataFrame({"load": 10.0, "pv": 10.0}, index=schedule().index)
    assert firing(replay(alone, {"pv": 10.0}, flows)) == set()
    flows[column] = 0.0
    flows.loc[flows.index[step], column] = more
    # in balance: the sun gives as much less or is used no further
    balanced = flows.assign(curtailment=flows.get("import", 0.0))
    balanced["unserved"] = flows.get("export", 0.0)
    found = replay(alone, {"pv": 10.0}, balanced)
    assert firing(found) == {"off_grid"}
    assert found.checks["off_grid"] == pytest.approx(0.1)  # 1 of 10 MW


@pytest.mark.parametrize(
    ("taken", "curtailed", "expected"),
    [
        ([4.0, 6.0], [4.0, 0.0], set()),
        ([4.0, 6.5], [4.0, 0.0], {"sun_taken"}),  # more than there is
        ([4.0, 5.0], [4.0, 0.0], {"untaken"}),  # 1 MW used that is not paid for
    ],
)
def test_what_is_used_of_a_seller_is_paid_for(
    taken: list[float], curtailed: list[float], expected: set[str]
) -> None:
    hours = pd.date_range("2025-06-01", periods=2, freq="h")
    sun = Source("sun", [0.8, 0.6], existing_mw=10, max_mw=0, purchase=PurchaseContract(0.3))
    flows = pd.DataFrame({"load": [4.0, 6.0], "sun": [8.0, 6.0]}, index=hours)
    flows["sun_taken"], flows["curtailment"] = taken, curtailed
    site = Site(flows["load"], [sun], grid=PLAIN)
    found = replay(site, {"sun": 10.0, "grid": 15.0}, flows)
    assert firing(found) == expected


# No check without a case ---------------------------------------------------------------------


def nameless(site: Site, names: set[str]) -> set[str]:
    """Names of checks and limits with the owner's role instead of its name."""
    roles = {item.name: "source" for item in site.sources}
    roles |= {item.name: "generator" for item in site.generators}
    roles |= {item.name: "storage" for item in site.storages}
    roles |= {item.name: "shiftable" for item in site.shiftable}
    roles |= {item.name: "interruptible" for item in site.interruptible}
    roles |= {item.name: "electrolyser" for item in site.electrolysers}
    owner = re.compile("|".join(rf"(?:^|(?<=:)){name}(?=_|$)" for name in roles) or "(?!)")
    return {owner.sub(lambda hit: roles[hit.group()], name) for name in names}


# Cases of these stand in test_generators.py, test_maintenance.py, test_charge_power.py and
# test_daily_quota.py.
IN_OTHER_FILES = {
    *("generator_power", "generator_min_load", "generator_bounds", "generator_fuel:generator"),
    *("curtailment", "storage_charge_power_bounds", "electrolyser_daily_product"),
    "generator_maintenance",
}


def test_no_check_is_without_a_case() -> None:
    site = Site(**parts())
    tested = nameless(site, set(CHECKS) | set(LIMITS)) | {"peak_valley", "off_grid"}
    tested |= {"source_taken", "untaken"} | IN_OTHER_FILES
    met = nameless(site, kinds(Spoiled().replayed()))
    for other in variants().values():
        sizes = dict.fromkeys((item.name for item in (*other.suppliers, *other.electrolysers)), 0.0)
        for item in other.storages:
            parts_of = ("power", "energy", "charge_power")
            sizes |= {f"{item.name}_{part}": 0.0 for part in parts_of}
        nothing = pd.DataFrame({"load": other.load})
        met |= nameless(other, kinds(replay(other, sizes | {"grid": 0.0}, nothing)))
    assert met == tested
