"""Start, end and turn of a storage that may charge from the grid.

Reference values are computed by hand beside each test: prices in yuan/kWh, powers in MW, hours
of one step, so that every figure is in thousand yuan over the horizon.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import examples
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from model_sites import index

from greenland.energy.plan.plan import Plan, reported
from greenland.energy.plan.replay.recompute import ReplayError, replay
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import Status
from greenland.energy.site import Grid, Limits, Site, Source, Storage
from greenland.energy.sizing.exclusive import net_out
from greenland.energy.sizing.solve import size

ENGINES = ("auto", "interior", "highs")
PEAKS = [0.1, 1.0, 0.1, 1.0]


def cell(**fields: Any) -> Storage:
    """1 MW and 1 MWh that are there already, lossless, and may charge from the grid."""
    made = Storage("cell", max_mw=0, max_mwh=0, existing_mw=1, existing_mwh=1, grid_charging=True)
    return replace(made, **fields)


def small(prices: Any, *stores: Storage, **fields: Any) -> Site:
    """A load of 1 MW at every hour, bought at *prices*, with storages; nothing is sold."""
    steps = len(prices)
    grid = Grid(import_price=prices, export_allowed=False)
    return Site(**{"load": pd.Series(1.0, index(steps)), "storages": stores, "grid": grid} | fields)


def spent(plan: Plan) -> float:
    """What a plan costs over its horizon [thousand yuan]."""
    assert plan.status is Status.OPTIMAL, plan.notes
    return plan.annual_cost / 1000 * plan.site.years


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("prices", "fields", "cost"),
    [
        # kept full, given out at 1, filled at 0.1 beside the load, and the last hour is bought
        (PEAKS, {"initial_energy": 1.0}, 0.1 + 0.0 + 0.2 + 1.0),
        # filled up at 0.1, given out at 1, filled at 0.1, half given out at 1
        (PEAKS, {"initial_energy": 0.5}, 0.15 + 0.0 + 0.2 + 0.5),
        # twice through, whatever it begins with: best is to begin empty
        (PEAKS, {}, 0.2 + 0.0 + 0.2 + 0.0),
        # bought at the end of the horizon for its beginning
        ([1.0, 0.1], {}, 0.0 + 0.2),
        # begins full and may end empty: the last hour is supplied too
        (PEAKS, {"initial_energy": 1.0, "final_energy": "free"}, 0.1 + 0.0 + 0.2 + 0.0),
        (PEAKS, {"initial_energy": 1.0, "cyclic": False}, 0.1 + 0.0 + 0.2 + 0.0),
        (PEAKS, {"initial_energy": 1.0, "final_energy": 0.25}, 0.1 + 0.0 + 0.2 + 0.25),
        # begins empty and ends full: the last hour is bought
        (PEAKS, {"initial_energy": 0.0, "final_energy": 1.0}, 0.2 + 0.0 + 0.2 + 1.0),
        # no reason to end with more than it began with
        (PEAKS, {"initial_energy": 0.5, "final_energy": "at_least"}, 0.15 + 0.0 + 0.2 + 0.5),
        ([1.0, 0.1], {"final_energy": "at_least"}, 0.0 + 0.2),
    ],
)
def test_by_hand(engine: str, prices: list[float], fields: dict[str, Any], cost: float) -> None:
    plan = size(small(prices, cell(**fields)), engine=engine)
    assert spent(plan) == pytest.approx(cost, abs=1e-6)
    assert plan.engine == ("interior" if engine == "auto" else engine)  # none stood in for it


def test_a_storage_that_has_to_end_higher_because_it_is_paid_for_it() -> None:
    """Bought at -0.5 in the last hour: filled, although it began empty and may end empty."""
    least = size(small([1.0, -0.5], cell(initial_energy=0.0, final_energy="at_least")))
    assert spent(least) == pytest.approx(1.0 - 0.5 - 0.5)
    equal = size(small([1.0, -0.5], cell(initial_energy=0.0)))
    assert spent(equal) == pytest.approx(1.0 - 0.5)


# No green energy is made at the turn --------------------------------------------------------

TURNS: list[dict[str, Any]] = [
    {},
    {"final_energy": "at_least"},
    *({"initial_energy": start} for start in (0.0, 0.5, 1.0)),
    *(
        {"initial_energy": start, "final_energy": end}
        for start in (0.0, 0.5, 1.0)
        for end in ("at_least", "free", 0.0, 0.25, 1.0)
    ),
]


def surplus(share: float, **fields: Any) -> Site:
    """2 MW of PV in the second of four hours: 1 MWh serves the load, 1 MWh can be stored."""
    pv = Source("pv", [0.0, 1.0, 0.0, 0.0], existing_mw=2, max_mw=0)
    limits = Limits(min_self_use_of_consumption=share)
    return small([0.5] * 4, cell(**fields), sources=[pv], limits=limits)


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_no_more_green_energy_than_was_generated(turn: dict[str, Any]) -> None:
    """2 of 4 MWh can be green, and no split of the start makes it more.

    Were the start green and the end grid energy, 3 of 4 would be green: a start of 1 MWh, the PV
    of the second hour, and the same 1 MWh filled again from the grid.
    """
    assert size(surplus(0.5 - 1e-3, **turn)).status is Status.OPTIMAL
    assert size(surplus(0.5 + 1e-3, **turn)).status is Status.INFEASIBLE


def test_what_is_drawn_from_the_start_is_grid_energy() -> None:
    """A start of unknown origin that is not made good: 1 of 2 MWh, booked as grid energy."""
    plan = size(small([0.5, 0.5], cell(initial_energy=1.0, final_energy="free")))
    assert spent(plan) == pytest.approx(0.5)
    assert plan.ratios["self_use_of_consumption"] == pytest.approx(0.0, abs=1e-9)
    assert plan.schedule["cell_grid_discharge"].sum() == pytest.approx(1.0)


def test_the_start_of_a_storage_that_cannot_charge_from_the_grid_is_green() -> None:
    green = cell(initial_energy=1.0, final_energy="free", grid_charging=False)
    plan = size(small([0.5, 0.5], green))
    assert spent(plan) == pytest.approx(0.5)
    assert plan.ratios["self_use_of_consumption"] == pytest.approx(0.5)


def test_fees_on_green_energy_are_not_dodged_at_the_turn() -> None:
    """PV of 1 MW in the second of two hours, 0.2 yuan/kWh on self-use, import at 0.5.

    The second hour's PV serves that hour (0.2), or is stored and serves the first (0.2): the other
    hour is bought (0.5). Booked as grid energy at the start and green at the end it would cost no
    fee, which no storage that ends no lower than it began may do.
    """
    pv = Source("pv", [0.0, 1.0], existing_mw=1, max_mw=0)
    grid = Grid(import_price=0.5, self_use_price=0.2, export_allowed=False)
    for turn in (
        {},
        {"initial_energy": 1.0},
        {"initial_energy": 1.0, "final_energy": "at_least"},
        {"initial_energy": 0.5, "final_energy": 0.5},
        {"initial_energy": 0.5, "final_energy": "at_least"},
    ):
        plan = size(small([0.5, 0.5], cell(**turn), sources=[pv], grid=grid))
        assert spent(plan) == pytest.approx(0.7), turn


@pytest.mark.parametrize("engine", ENGINES)
def test_off_grid_there_is_no_second_ledger(engine: str) -> None:
    """A day of PV and cells alone: whether the cells might charge from a grid changes nothing."""
    when = np.arange(24)
    pv = Source("pv", np.clip(np.sin((when - 6) / 12 * np.pi), 0, 1), capex=2700)
    cells = Storage("cells", 300, 700, charge_efficiency=0.9, min_soc=0.1, self_discharge=0.01)

    def plan(allowed: bool) -> Plan:
        stores = [replace(cells, grid_charging=allowed)]
        return size(Site(pd.Series(1.0, index(24)), [pv], stores), engine=engine)

    assert plan(True).capacities.to_dict() == pytest.approx(plan(False).capacities.to_dict())
    assert plan(True).schedule.columns.equals(plan(False).schedule.columns)


def test_limits_of_each_year_hold_however_short_the_years_are() -> None:
    """Two days, one in each of two years; PV gives 8 and 4 MWh per MW, the load takes 24 a day.

    Half of the consumption of each day has to be green: 12 MWh on the dull day need 3 MW. On
    average 2 MW would do.
    """
    days = [pd.date_range(f"{year}-06-01", periods=24, freq="h") for year in (2024, 2025)]
    sun = np.repeat([8 / 24, 4 / 24], 24)
    site = Site(
        pd.Series(1.0, pd.DatetimeIndex(np.concatenate(days))),
        [Source("pv", sun, capex=2700)],
        grid=Grid(import_price=0.1),
        limits=Limits(min_self_use_of_consumption=0.5),
        weather_years="each",
    )
    for engine in ENGINES:
        plan = size(site, engine=engine)
        assert plan.capacities["pv"] == pytest.approx(3.0)
        assert sorted(plan.limits["year"]) == ["2024", "2025"]
    average = size(replace(site, weather_years="average"))
    assert average.capacities["pv"] == pytest.approx(2.0)


# A loss below the floor ---------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_grid_energy_covers_what_is_lost_below_the_floor(engine: str) -> None:
    """Floor 0.2, a tenth lost an hour, no source: begins and ends at its floor.

    First hour: 0.9 · 0.2 are left, filled up to 1 with 0.82; second: 0.9 are left, 0.2 stay,
    0.7 are given out. Cost 1.82 · 0.1 + 0.3 · 1. A green ledger that had to bear the loss alone
    would find nothing to bear it with.
    """
    lossy = cell(min_soc=0.2, self_discharge=0.1)
    plan = size(small([0.1, 1.0], lossy), engine=engine)
    assert spent(plan) == pytest.approx(0.182 + 0.3, abs=1e-6)
    assert plan.ratios["self_use_of_consumption"] == pytest.approx(0.0, abs=1e-7)


# Properties ---------------------------------------------------------------------------------


def sunny(seed: int, steps: int = 24, **fields: Any) -> Site:
    """PV and a storage of given sizes, random prices and load; the storage may lose energy."""
    rng = np.random.default_rng(seed)
    when = np.arange(steps)
    pv = np.clip(np.sin((when - 6) / 12 * np.pi), 0, 1) * rng.uniform(0.3, 1.0, steps)
    store = Storage(
        "cell",
        existing_mw=float(rng.uniform(2, 8)),
        existing_mwh=float(rng.uniform(4, 20)),
        max_mw=0,
        max_mwh=0,
        charge_efficiency=0.95,
        discharge_efficiency=0.9,
        min_soc=float(rng.choice([0.0, 0.1])),
        self_discharge=float(rng.choice([0.0, 0.01])),
        grid_charging=True,
    )
    load = pd.Series(rng.uniform(5, 15, steps), index(steps))
    prices = np.round(rng.uniform(0.1, 0.9, steps), 3)
    return Site(
        load=load,
        sources=[Source("pv", pv, existing_mw=float(rng.uniform(5, 40)), max_mw=0)],
        storages=[replace(store, **fields)],
        grid=Grid(import_price=prices, export_price=0.05),
    )


def rolled(one: Site, by: int) -> Site:
    """The same day begun *by* steps later."""
    assert one.grid is not None
    load = pd.Series(np.roll(one.load.to_numpy(), by), one.load.index)
    sources = [replace(s, profile=np.roll(np.asarray(s.profile), by)) for s in one.sources]
    grid = replace(one.grid, import_price=np.roll(np.asarray(one.grid.import_price), by))
    return replace(one, load=load, sources=sources, grid=grid)


SOME = settings(
    max_examples=examples(3, 8),
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)


@SOME
@given(
    seed=st.integers(0, 10_000), by=st.integers(1, 23), end=st.sampled_from(["equal", "at_least"])
)
def test_the_turn_is_a_step_like_any_other(seed: int, by: int, end: str) -> None:
    """With a free start, the cost does not hang on the hour in which the day is said to begin."""
    one = sunny(seed, final_energy=end)
    limits = Limits(min_self_use_of_consumption=0.9 * size(one).ratios["self_use_of_consumption"])
    one = replace(one, limits=limits)
    assert spent(size(rolled(one, by))) == pytest.approx(spent(size(one)), rel=1e-6)


@SOME
@given(seed=st.integers(0, 10_000), start=st.sampled_from([0.1, 0.5, 1.0]), end=st.floats(0.1, 1))
@pytest.mark.slow
def test_freer_ends_cost_no_more(seed: int, start: float, end: float) -> None:
    def cost(final: Any, **fields: Any) -> float:
        fields = {"initial_energy": start, "final_energy": final} | fields
        return spent(size(sunny(seed, **fields)))

    scale = 1e-6 * abs(cost("equal"))
    assert cost("free") <= cost("at_least") + scale <= cost("equal") + 2 * scale
    assert cost("free") <= cost(end) + scale
    assert cost(start) == pytest.approx(cost("equal"), rel=1e-6)
    assert cost("equal", initial_energy=None) <= cost("equal") + scale
    for final in ("equal", "at_least"):  # to be allowed to charge from the grid does no harm
        green = size(sunny(seed, initial_energy=start, final_energy=final, grid_charging=False))
        if green.status is Status.OPTIMAL:  # its losses may be more than the sun can cover
            assert cost(final) <= spent(green) + scale


@SOME
@given(
    seed=st.integers(0, 10_000),
    start=st.sampled_from([0.1, 0.5, 1.0]),
    end=st.sampled_from(["equal", "at_least", "free", 0.1, 0.5, 1.0]),
)
def test_green_energy_given_out_was_green_when_it_went_in(
    seed: int, start: float, end: Any
) -> None:
    one = sunny(seed, initial_energy=start, final_energy=end)
    assert one.grid is not None
    one = replace(one, grid=replace(one.grid, import_price=0.9, export_price=0.0))
    best = replace(one, limits=Limits(max_curtailment_share=0.05))
    plan = size(best)
    plan = plan if plan.status is Status.OPTIMAL else size(one)
    flows = plan.schedule
    item = one.storages[0]
    gone_in = item.charge_efficiency * (flows["cell_charge"] - flows["cell_grid_charge"])
    given_out = flows["cell_discharge"] - flows["cell_grid_discharge"]
    assert given_out.sum() / item.discharge_efficiency <= gone_in.sum() + 1e-6


# Flows both ways are cancelled over the turn too --------------------------------------------


def test_what_is_cancelled_between_the_ledgers_is_made_good_over_the_turn() -> None:
    """Four hours of a lossless cell, 1 MWh of each ledger at the start; by hand.

    In the third hour 1 MW of PV is charged and 1 MW of grid energy given out: the PV might as well
    serve the load. Cancelled, the green ledger has 1 MWh less and the grid ledger 1 MWh more in the
    last hour, so the start is split anew, 0 and 2 MWh, and what is given out in the first hour
    is grid energy.
    """
    pv = Source("pv", [0.0, 0.0, 1.0, 0.0], existing_mw=1, max_mw=0)
    store = cell(existing_mwh=2, initial_energy=1.0)
    data = prepare(small([0.5] * 4, store, sources=[pv]))
    flows = {
        "capacity": [1.0],
        "storage_power": [1.0],
        "storage_energy": [2.0],
        "energy_start": [1.0],
        "grid_start": [1.0],
        "import": [0.0, 2.0, 0.0, 1.0],
        "export": [0.0] * 4,
        "curtailment": [0.0] * 4,
        "charge": [[0.0, 0.0, 1.0, 0.0]],
        "discharge": [[1.0, 0.0, 0.0, 0.0]],
        "energy": [[0.0, 0.0, 1.0, 1.0]],
        "grid_charge": [[0.0, 1.0, 0.0, 0.0]],
        "grid_discharge": [[0.0, 0.0, 1.0, 0.0]],
        "grid_energy": [[1.0, 2.0, 1.0, 1.0]],
    }
    values = {name: np.array(value) for name, value in flows.items()}
    found = net_out(data, values)
    assert found["charge"][0] == pytest.approx(0.0)
    assert found["discharge"][0] == pytest.approx(0.0)
    assert found["grid_discharge"][0] == pytest.approx([1.0, 0.0, 0.0, 0.0])
    assert (found["energy_start"][0], found["grid_start"][0]) == pytest.approx((0.0, 2.0))
    assert found["energy"][0] == pytest.approx(0.0)
    assert found["grid_energy"][0] == pytest.approx([1.0, 2.0, 2.0, 2.0])
    reported(data, found).replayed.require_closed()


def test_a_loss_below_the_floor_is_booked_on_the_ledger_that_has_the_energy() -> None:
    """Floor 1 of 2 MWh, a tenth lost an hour: 0.1 MWh below the floor. By hand.

    In the first hour 0.1 MW of PV is charged, which makes good that loss, and 0.1 MW of grid
    energy given out. Cancelled, grid energy makes it good, and the PV serves the load.
    """
    pv = Source("pv", [1.0, 0.0], existing_mw=0.1, max_mw=0)
    store = cell(existing_mwh=2, min_soc=0.5, self_discharge=0.1)
    data = prepare(small([0.5, 0.5], store, sources=[pv]))
    start = 0.1 / 0.9  # of which 0.1 MWh are left after an hour
    flows = {
        "capacity": [0.1],
        "storage_power": [1.0],
        "storage_energy": [2.0],
        "energy_start": [0.0],
        "grid_start": [start],
        "import": [0.9, 1.0 + 0.1 + start],
        "export": [0.0, 0.0],
        "curtailment": [0.0, 0.0],
        "charge": [[0.1, 0.0]],
        "discharge": [[0.0, 0.0]],
        "energy": [[0.0, 0.0]],
        "grid_charge": [[0.0, 0.1 + start]],
        "grid_discharge": [[0.1, 0.0]],
        "grid_energy": [[0.0, start]],
        "grid_floor_loss": [[0.0, 0.1]],
    }
    found = net_out(data, {name: np.array(value) for name, value in flows.items()})
    assert found["grid_floor_loss"][0] == pytest.approx([0.1, 0.1])
    assert found["charge"][0] == pytest.approx(0.0)
    assert found["grid_discharge"][0] == pytest.approx(0.0)
    assert found["energy"][0] == pytest.approx(0.0)
    reported(data, found).replayed.require_closed()


# Each promise is checked when a plan is replayed --------------------------------------------


def spoiled(plan: Plan, changes: dict[str, Any]) -> pd.Series:
    """Checks of a schedule with some columns raised."""
    schedule = plan.schedule.copy()
    for name, change in changes.items():
        schedule[name] = schedule[name] + change
    found = replay(plan.site, dict(plan.capacities), schedule)
    with pytest.raises(ReplayError):
        found.require_closed()
    return found.checks


@pytest.mark.parametrize("end", ["equal", "at_least", 0.5, 1.0])
def test_a_storage_that_ends_too_low_is_found(end: Any) -> None:
    plan = size(small([0.5, 0.5], cell(initial_energy=0.5, final_energy=end)))
    assert spoiled(plan, {"cell_energy": [0.0, -0.25]})["cell_end"] == pytest.approx(0.25)


def test_a_start_beyond_the_capacity_is_found() -> None:
    """Free start: 2 MWh given out of a cell of 1 MWh, which thus began with 2."""
    plan = size(small([1.0, 0.1], cell(final_energy="at_least")))
    checks = spoiled(plan, {"cell_discharge": [1.0, 0.0], "cell_grid_discharge": [1.0, 0.0]})
    assert checks["cell_start"] == pytest.approx(1.0)
    assert checks["cell_balance"] == pytest.approx(0.0)  # its first step says what it began with


@pytest.mark.parametrize("end", ["equal", "at_least", "free", 0.5, 1.0])
def test_green_energy_made_at_the_turn_is_found(end: Any) -> None:
    """Begins with 1 MWh, given out as green in the first hour and filled from the grid after."""
    site = small([0.1, 0.1], cell(initial_energy=1.0, final_energy=end))
    left = 1.0 if isinstance(end, str) else end
    flows = {"load": 1.0, "import": [0.0, 1.0 + left], "export": 0.0, "curtailment": 0.0}
    flows |= {"cell_charge": [0.0, left], "cell_discharge": [1.0, 0.0], "cell_energy": [0.0, left]}
    grid = {"cell_grid_charge": [0.0, left], "cell_grid_energy": [0.0, left]}
    schedule = pd.DataFrame(flows | grid | {"cell_grid_discharge": 0.0}, site.load.index)
    sizes = {"cell_power": 1.0, "cell_energy": 1.0, "grid": 2.0}
    found = replay(site, sizes, schedule)
    assert found.checks.drop("cell_green_end").max() <= 1e-9
    assert found.checks["cell_green_end"] == pytest.approx(1.0)
    schedule["cell_grid_discharge"] = [1.0, 0.0]  # booked as what it may have been, it closes
    replay(site, sizes, schedule).require_closed()


def test_a_fee_dodged_at_the_turn_is_found() -> None:
    """Begins as grid energy and ends as green, which pays no fee on what it gave out."""
    pv = Source("pv", [0.0, 1.0], existing_mw=1, max_mw=0)
    site = small([0.5, 0.5], cell(initial_energy=1.0, final_energy="at_least"), sources=[pv])
    flows = {"load": 1.0, "pv": [0.0, 1.0], "import": [0.0, 1.0], "export": 0.0, "curtailment": 0.0}
    flows |= {"cell_charge": [0.0, 1.0], "cell_discharge": [1.0, 0.0], "cell_energy": [0.0, 1.0]}
    grid = {"cell_grid_charge": 0.0, "cell_grid_energy": 0.0, "cell_grid_discharge": [1.0, 0.0]}
    schedule = pd.DataFrame(flows | grid, site.load.index)
    sizes = {"pv": 1.0, "cell_power": 1.0, "cell_energy": 1.0, "grid": 1.0}
    assert replay(site, sizes, schedule).checks["cell_green_end"] == pytest.approx(1.0)
    schedule["cell_grid_discharge"] = 0.0
    replay(site, sizes, schedule).require_closed()


def test_grid_energy_that_vanishes_or_appears_is_found() -> None:
    """It may cover a loss below the floor, 0.02 MWh an hour, and no more than that."""
    plan = size(small([0.1, 0.1, 1.0], cell(min_soc=0.2, self_discharge=0.1)))
    for change in (-0.1, 0.1):
        checks = spoiled(plan, {"cell_grid_energy": [0.0, change, 0.0]})
        assert checks["cell_grid_balance"] > 0.05
    checks = spoiled(plan, {"cell_grid_energy": [0.0, 0.5, 0.0]})
    assert checks["cell_grid_energy"] > 0.2  # more of it than there is above the floor
