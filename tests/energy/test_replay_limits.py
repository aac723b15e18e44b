"""Every limit of a plan just inside and outside its value by hand, and the energies behind it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from spoiled import LEAST, LIMITS, PLAIN, SELF_USE, Spoiled, firing, kinds, of
from whole_site import parts, schedule

from greenland.energy.plan.replay.recompute import Replay, replay
from greenland.energy.site import Limits, Site, Source


@pytest.mark.parametrize(("limit", "by_hand"), [(name, item[0]) for name, item in LIMITS.items()])
def test_limit_fires_just_outside_its_value(limit: str, by_hand: float) -> None:
    change = LIMITS[limit][1]
    outwards = 1.0 if limit.startswith(LEAST) else -1.0
    for step, expected in ((-2e-4, set()), (0.0, set()), (2e-4, {limit})):
        required = by_hand * (1 + step * outwards)
        found = Spoiled(site=(change(required),)).replayed()
        (row,) = (row for row in found.limits.itertuples() if row.limit == limit)
        assert (row.value, row.required) == (pytest.approx(by_hand, rel=1e-9), required)
        assert firing(found) == expected
    # shares are off by points, all else relative to the limit or the capacity
    off = 2e-4 * by_hand if "share" in limit or "self_use" in limit else 2e-4
    assert row.excess == pytest.approx(off, rel=1e-3)


def test_what_may_be_interrupted_whole_has_no_limit() -> None:
    assert "interruption_share:kiln" in kinds(Spoiled().replayed())
    free = Spoiled(site=(of("kiln", max_share=1.0), of("cell", min_product_t=0.0))).replayed()
    assert not {"interruption_share:kiln", "electrolyser_product:cell"} & kinds(free)


def test_energies_of_a_year_by_hand() -> None:
    """Sums over the half hours [MW], of which 2190 MWh a MW make a year."""
    by_hand = {
        "available_generation": 36,
        "curtailment": 1.3,
        "export": 2,
        "import": 23.09808,
        "load": 40 + 8 + 4.5,
        "consumption": 51,
        "self_use": SELF_USE,
        "grid_to_load": 22.39968,
        "charge": 7,
        "discharge": 1.23232 + 0.9696,
        "storage_loss": 7 - 2.20192,
        "unserved": 0.5,
        "interrupted": 1,
    }
    found = Spoiled().replayed().energy
    assert dict(found) == pytest.approx({name: 2190 * mw for name, mw in by_hand.items()})


def test_share_of_nothing_keeps_every_limit() -> None:
    limits = Limits(min_self_use_of_generation=0.6, max_export_share=0.1, max_curtailment_share=0)
    load = pd.Series(10.0, schedule().index)
    dark = Site(load, [Source("pv", [0.0] * 4)], grid=PLAIN, limits=limits)
    found = replay(dark, {"pv": 0.0, "grid": 15.0}, pd.DataFrame({"load": load, "import": load}))
    assert found.limits["value"].isna().all()
    assert found.limits["excess"].tolist() == [0.0] * 4


def test_limits_of_each_weather_year() -> None:
    """0.6 of 1 MW from the sun in 2023, 0.4 in the leap year: half of it on average."""
    hours = pd.date_range("2023-01-01", "2024-12-31 23:00", freq="h")
    sun = np.where(hours.year == 2023, 0.6, 0.4)
    limits = Limits(min_self_use_of_consumption=0.49, max_co2_t=2000)
    average = Site(pd.Series(1.0, hours), [Source("pv", sun)], grid=PLAIN, limits=limits)
    flows = pd.DataFrame({"load": 1.0, "pv": sun, "import": 1 - sun}, index=hours)
    sizes = {"pv": 1.0, "grid": 5.0}
    found = replay(average, sizes, flows).limits
    assert found["year"].tolist() == ["", ""]
    assert found["value"].tolist() == pytest.approx([0.5, 2193.6], rel=2e-3)
    each = replay(replace(average, weather_years="each"), sizes, flows)
    rows = [(row.limit, row.year, row.value) for row in each.limits.itertuples()]
    # 0.4 x 8760 and 0.6 x 8784 MWh bought at 0.5 t
    assert rows == [
        ("self_use_of_consumption", "2023", pytest.approx(0.6)),
        ("co2", "2023", pytest.approx(1752.0)),
        ("self_use_of_consumption", "2024", pytest.approx(0.4)),
        ("co2", "2024", pytest.approx(2635.2)),
    ]
    assert [row.year for row in each.limits.itertuples() if row.excess > 0] == ["2024", "2024"]


def test_both_readings_of_self_use_are_held() -> None:
    found = Spoiled(site=(of("limits", min_self_use_of_generation=0.95),)).replayed()
    both = {"self_use_of_generation", "self_use_of_generation_net"}
    assert firing(found) == both
    for reading, limit in (("a", "self_use_of_generation"), ("b", "self_use_of_generation_net")):
        change = of("limits", min_self_use_of_generation=0.95, self_use_reading=reading)
        assert firing(Spoiled(site=(change,)).replayed()) == {limit}


def swinging(most: float, low: float = 4.0, high: float = 10.0) -> Replay:
    """Buys *low* and *high* MW by turns, with a limit on the swing over the highest."""
    load = pd.Series([high, low] * 2, schedule().index)
    flat = Site(load, grid=parts()["grid"], limits=Limits(max_peak_valley_ratio=most))
    return replay(flat, {"grid": 15.0}, pd.DataFrame({"load": load, "import": load}))


def test_swing_of_the_exchange() -> None:
    # (10 - 4) / 10
    for most, expected in ((0.61, set()), (0.6, set()), (0.59, {"peak_valley"})):
        found = swinging(most)
        (row,) = found.limits.itertuples()
        assert (row.value, row.required) == (pytest.approx(0.6), most)
        assert firing(found) == expected
    assert swinging(0.59).limits["excess"].tolist() == pytest.approx([0.01])
    # a small exchange counts in MW: 0.41 x 0.1 - 0.04
    assert swinging(0.59, 0.04, 0.1).limits["excess"].tolist() == pytest.approx([0.001])


def test_swing_counts_what_is_sold() -> None:
    found = Spoiled(site=(of("limits", max_peak_valley_ratio=1.0),)).replayed()
    (row,) = (row for row in found.limits.itertuples() if row.limit == "peak_valley")
    assert row.value == pytest.approx((13 + 2) / 13)
    assert row.excess == pytest.approx(2 / 13)
    assert firing(found) == {"peak_valley"}


def test_swing_of_no_exchange_is_kept() -> None:
    found = swinging(0.5, 0.0, 0.0)
    assert np.isnan(found.limits["value"][0])
    assert firing(found) == set()
