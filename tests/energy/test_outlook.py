"""Balance, orderly use and measures: five firms by hand, and what mathematics promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn import examples
from five_firms import LOADS, SETTINGS, STATIONS, SUPPLY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenland.energy.outlook import (
    Load,
    PowerSource,
    Reductions,
    Station,
    balance,
    capacity_left,
    measures,
    orderly_use,
)
from greenland.energy.outlook.inputs import PARK, months
from greenland.energy.outlook.orderly import UseStep

NOW = balance(LOADS, SUPPLY, SETTINGS)


def cuts(found: Reductions, month: int) -> dict[tuple[str, str], float]:
    rows = found.table[found.table["month"] == month]
    return {(row.key, row.step): row.reduction_mw for row in rows.itertuples()}


def test_balance_by_hand() -> None:
    """S1: 24 × 0.9 × 1.1 = 23.76 against 1 × 20 × 0.95 = 19; S2: 11.88 against 9.5; park 35.64."""
    december = NOW.table[NOW.table["month"] == 12].set_index("station")
    assert december["peak_mw"].tolist() == pytest.approx([21.6, 10.8, 32.4])
    assert december["needed_mw"].tolist() == pytest.approx([23.76, 11.88, 35.64])
    assert december["capability_mw"].tolist() == pytest.approx([19.0, 9.5, 30.0])
    assert december["shortage_mw"].tolist() == pytest.approx([4.76, 2.38, 5.64])
    assert december.loc["S1", "all_in_mw"] == pytest.approx(38.0)
    assert NOW.first_short_month == 12
    assert NOW.worst_mw == pytest.approx(5.64)
    assert NOW.reductions["S1"][11] == pytest.approx(24 - 19 / 0.99)
    assert NOW.reductions["S2"][11] == pytest.approx(12 - 9.5 / 0.99)
    assert NOW.reductions[PARK][11] == pytest.approx(36 - 30 / 0.99)
    assert not any(values[:11].any() for values in NOW.reductions.values())


def test_energy_by_hand() -> None:
    """36 MW × 400 h in December, three quarters of it in other months, 10 000 MWh contracted."""
    rows = NOW.energy.set_index("month")
    assert rows.loc[12, "demand_mwh"] == pytest.approx(14_400.0)
    assert rows.loc[12, "open_mwh"] == pytest.approx(4_400.0)
    assert rows.loc[1, "open_mwh"] == pytest.approx(800.0)


def test_cut_list_by_hand() -> None:
    """The list of docs/energy-outlook.md, worked out there."""
    found = orderly_use(LOADS, NOW.reductions)
    share = (24 - 19 / 0.99 - 2) / 3  # of what 乙 and 丙 can avoid
    cut = 12 - 9.5 / 0.99 - 2  # 戊, after all that S2 can shift and avoid
    assert cuts(found, 12) == pytest.approx(
        {
            ("乙", "shift"): 1.0,
            ("丙", "shift"): 1.0,
            ("乙", "avoid"): share,
            ("丙", "avoid"): 2 * share,
            ("丁", "shift"): 0.5,
            ("戊", "shift"): 0.5,
            ("丁", "avoid"): 0.5,
            ("戊", "avoid"): 0.5,
            ("戊", "cut"): cut,
        },
        abs=1e-6,
    )
    assert not found.uncovered_mw.any()


def test_what_guaranteed_loads_leave_uncovered_is_said() -> None:
    one = Load("a", "a", "S2", months(0), months(9), guarantee_mw=8.0)
    found = orderly_use([one], {"S2": months(3.0), PARK: months(0.0)})
    assert found.uncovered_mw == pytest.approx(months(2.0))
    assert cuts(found, 1) == pytest.approx({("a", "cut"): 1.0})


def test_left_by_hand() -> None:
    """At three quarters: S1 19/0.99 − 18, S2 9.5/0.99 − 9, the park 30/0.99 − 27."""
    loads = [replace(load, peak_mw=months(load.peak_mw[0])) for load in LOADS]
    left, by_station = capacity_left(loads, SUPPLY, SETTINGS)
    assert by_station == pytest.approx({"S1": 19 / 0.99 - 18, "S2": 9.5 / 0.99 - 9})
    assert left == pytest.approx(28.5 / 0.99 - 27)
    assert capacity_left(LOADS, SUPPLY, SETTINGS)[0] == 0.0
    assert capacity_left(loads, replace(SUPPLY, stations=(), limit_mw=months(np.inf)), SETTINGS)[
        0
    ] is None  # fmt: skip


def test_projects_fit_into_what_is_left_and_no_more() -> None:
    loads = [replace(load, peak_mw=months(load.peak_mw[0])) for load in LOADS]
    _left, by_station = capacity_left(loads, SUPPLY, SETTINGS)
    for more, short in ((-1e-6, False), (1e-3, True)):
        project = Load("p", "p", "S1", months(0), months(by_station["S1"] + more))
        assert (balance([*loads, project], SUPPLY, SETTINGS).worst_mw > 0) is short


def test_measures_by_hand() -> None:
    """Shifting 2 MW of S1 and 1 MW of S2: S1 4.76 − 1.98, S2 2.38 − 0.99, the park 5.64 − 2.97."""
    plan = PowerSource("plan", "直连方案", "S1", months(0), months(2.0))
    better = replace(STATIONS[0], units=months(3))
    found = {
        (one.kind, one.name): one
        for one in measures(LOADS, SUPPLY, SETTINGS, plans=[plan], planned=[better])
    }
    assert found["shift", ""].before_mw == pytest.approx(5.64)
    assert found["shift", ""].after_mw == pytest.approx(4.76 - 1.98)
    # 2 MW more for S1 and the park: S1 2.76, S2 2.38, park 3.64
    assert found["source", "直连方案"].after_mw == pytest.approx(3.64)
    # the park's limit binds more than any station, so that a transformer alone does not help
    assert not {kind for kind, _name in found} & {"transformer", "advance"}
    loose = replace(SUPPLY, limit_mw=months(np.inf))
    helped = {one.kind: one for one in measures(LOADS, loose, SETTINGS, planned=[better])}
    assert helped["advance"].after_mw == helped["transformer"].after_mw == pytest.approx(2.38)


def test_nothing_short_needs_no_measure() -> None:
    enough = replace(SUPPLY, limit_mw=months(np.inf), stations=tuple(
        replace(one, units=months(4)) for one in STATIONS))  # fmt: skip
    assert measures(LOADS, enough, SETTINGS) == []


def test_without_n_minus_1_all_transformers_count() -> None:
    one = Station("S", "S", 10.0, months(2), n_minus_1=False)
    assert one.capability_mw(0.9, 1.0) == pytest.approx(months(18.0))
    assert replace(one, n_minus_1=True).capability_mw(0.9, 1.3) == pytest.approx(months(11.7))
    single = Station("S", "S", 10.0, months(1))
    assert not single.capability_mw(0.9, 1.0).any()


def test_strange_stations_are_refused() -> None:
    with pytest.raises(ValueError, match="no such station: S9"):
        balance([replace(LOADS[0], station="S9")], SUPPLY, SETTINGS)


# -- what mathematics promises ---------------------------------------------------------------

_MW = st.floats(0, 10).map(lambda value: round(value, 3))


@st.composite
def parks(draw: st.DrawFn) -> tuple[list[Load], dict[str, float]]:
    """Loads on two stations or none, and how far each area must come down, in one month."""
    loads = []
    for place in range(draw(st.integers(1, 8))):
        loads.append(
            Load(
                str(place), str(place), draw(st.sampled_from(["S1", "S2", PARK])),
                months(0), months(draw(_MW)), draw(_MW) / 2, draw(_MW) / 4, draw(_MW) / 4,
                rank=draw(st.integers(0, 3)),
            )
        )  # fmt: skip
    return loads, {key: draw(_MW) for key in ("S1", "S2", PARK)}


def one_month(loads: list[Load], asked: dict[str, float]) -> Reductions:
    only = np.array([1.0] + [0.0] * 11)
    return orderly_use(loads, {key: value * only for key, value in asked.items()})


def by_step(found: Reductions) -> dict[str, float]:
    return {
        step: found.table.loc[found.table["step"] == step, "reduction_mw"].sum() for step in UseStep
    }


SLOW = settings(max_examples=examples(15, 40), suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(parks())
def test_it_covers_what_is_asked_and_no_more(drawn: tuple[list[Load], dict[str, float]]) -> None:
    loads, asked = drawn
    found = one_month(loads, asked)
    by_key = found.table.groupby("key")["reduction_mw"].sum()
    for load in loads:
        assert by_key.get(load.key, 0.0) <= max(0, load.peak_mw[0] - load.guarantee_mw) + 1e-6
    given_by = {
        area: sum(by_key.get(one.key, 0.0) for one in loads if area in (PARK, one.station))
        for area in asked
    }
    short = max(asked[area] - given_by[area] for area in asked)
    assert max(short, 0.0) == pytest.approx(found.uncovered_mw[0], abs=1e-5)
    if short <= 1e-6:  # no more than the least total, which is that of nested areas
        least = max(asked["S1"] + asked["S2"], asked[PARK])
        assert given_by[PARK] <= least + 1e-5


@SLOW
@given(parks())
def test_a_higher_class_is_never_cut_before_a_lower_one(
    drawn: tuple[list[Load], dict[str, float]],
) -> None:
    """Where one class reduces by a step, lower ones of its station have nothing of it left."""
    table = one_month(*drawn).table
    used = table.groupby(["station", "step", "rank"])["share"].agg(["min", "max"])
    rooms: dict[tuple[str, str, int], float] = {}
    for load in drawn[0]:
        free = max(0.0, load.peak_mw[0] - load.guarantee_mw)
        shift = min(load.shiftable_mw, free)
        avoid = min(load.avoidable_mw, free - shift)
        for step, room in (("shift", shift), ("avoid", avoid), ("cut", free - shift - avoid)):
            key = (load.station, step, load.rank)
            rooms[key] = rooms.get(key, 0.0) + room
    for (station, step, rank), shares in used.iterrows():
        assert shares["min"] == pytest.approx(shares["max"], abs=1e-6)  # fair within the class
        for (other, kind, lower), room in rooms.items():
            if (other, kind) == (station, step) and lower > rank and room > 1e-6:
                assert used.loc[(station, step, lower), "min"] == pytest.approx(1.0, abs=1e-4)


@SLOW
@given(parks(), st.sampled_from(["S1", "S2", PARK]), st.floats(0, 5))
def test_more_supply_never_means_more_cut(
    drawn: tuple[list[Load], dict[str, float]], area: str, more: float
) -> None:
    loads, asked = drawn
    before, after = (
        one_month(loads, asked),
        one_month(loads, asked | {area: max(0, asked[area] - more)}),
    )
    if before.uncovered_mw[0] > 1e-6:
        assert after.uncovered_mw[0] <= before.uncovered_mw[0] + 1e-5
        return
    first, then = by_step(before), by_step(after)
    assert then["cut"] <= first["cut"] + 1e-5
    assert then["cut"] + then["avoid"] <= first["cut"] + first["avoid"] + 1e-5
    assert sum(then.values()) <= sum(first.values()) + 1e-5


@SLOW
@given(st.lists(st.tuples(st.sampled_from(["S1", "S2"]), _MW), min_size=1, max_size=6))
def test_sums_add_up_over_firms_stations_and_months(drawn: list[tuple[str, float]]) -> None:
    loads = [
        Load(str(i), str(i), station, months(peak * 100), months(peak))
        for i, (station, peak) in enumerate(drawn)
    ]
    table = balance(loads, SUPPLY, SETTINGS).table
    peaks = table.pivot_table(index="month", columns="station", values="peak_mw")
    assert (peaks["S1"] + peaks["S2"]).to_numpy() == pytest.approx(peaks[PARK].to_numpy())
    energy = balance(loads, SUPPLY, SETTINGS).energy["demand_mwh"].sum()
    assert energy == pytest.approx(sum(peak for _station, peak in drawn) * 1200)
