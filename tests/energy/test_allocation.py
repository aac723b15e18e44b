"""Green energy shared out among users by hourly consumption (发改能源〔2026〕688号)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenland.energy.money.allocation import (
    RULE,
    allocate,
    not_shared_out,
    round_to_total,
    user_table,
)
from greenland.errors import InputError
from greenland.rules import Override, load_rulebook

TWO = pd.date_range("2026-03-02", periods=2, freq="h", tz="Asia/Shanghai")


def two_users() -> pd.DataFrame:
    return pd.DataFrame({"甲": [6.0, 0.0], "乙": [2.0, 5.0]}, index=TWO)


def test_by_hand() -> None:
    # hour 1: 4 MW green by 6:2 -> 3 and 1; hour 2: 5 MW to the only one who uses anything
    found = allocate(pd.Series([4.0, 5.0], index=TWO), two_users())
    assert found["甲"].tolist() == [3.0, 0.0]
    assert found["乙"].tolist() == [1.0, 5.0]


def test_table_by_hand() -> None:
    table = user_table(pd.Series([4.0, 5.0], index=TWO), two_users()).set_index("user")
    # two hours stand for a year: x 4380
    assert table.loc["甲", "load_mwh"] == 26280.0
    assert table.loc["甲", "self_use_mwh"] == 13140.0
    assert table.loc["乙", "import_mwh"] == 4380.0
    assert table.loc["乙", "self_use_of_consumption"] == pytest.approx(6 / 7)


def test_hour_without_consumption_gets_nothing() -> None:
    users = pd.DataFrame({"甲": [0.0, 1.0], "乙": [0.0, 1.0]}, index=TWO)
    found = allocate(pd.Series([0.0, 1.0], index=TWO), users)
    assert found.to_numpy().tolist() == [[0.0, 0.0], [0.5, 0.5]]


def test_more_shared_than_used_is_refused() -> None:
    with pytest.raises(InputError, match="各用户用电量之和小于当时的自发自用电量"):
        allocate(pd.Series([9.0, 5.0], index=TWO), two_users())


def test_negative_consumption_is_refused() -> None:
    with pytest.raises(InputError, match=r"有缺值或负值.*乙"):
        allocate(pd.Series([1.0, 1.0], index=TWO), two_users().assign(乙=[-1.0, 2.0]))


def test_other_index_is_refused() -> None:
    with pytest.raises(InputError, match="时间步不一致"):
        allocate(pd.Series([1.0, 1.0]), two_users())


def test_equal_remainders_go_to_the_first() -> None:
    # thirds of 1 MWh: one kWh is left over; of 1.001 MWh: two
    assert [float(x) for x in round_to_total(pd.Series([1 / 3] * 3))] == [0.334, 0.333, 0.333]
    assert [float(x) for x in round_to_total(pd.Series([0.33367] * 3))] == [0.334, 0.334, 0.333]


users = st.integers(1, 6)


@settings(max_examples=60)
@given(users, st.integers(0, 10_000), st.floats(0, 1))
def test_table_sums_to_the_whole(count: int, seed: int, part: float) -> None:
    rng = np.random.default_rng(seed)
    index = pd.date_range("2026-01-01", periods=48, freq="h", tz="Asia/Shanghai")
    load = pd.DataFrame(
        rng.uniform(0, 20, (48, count)) * rng.integers(0, 2, (48, count)),
        index=index,
        columns=[f"u{k}" for k in range(count)],
    )
    green = load.sum(axis=1) * rng.uniform(0, 1, 48) * part
    shares = allocate(green, load)
    assert np.allclose(shares.sum(axis=1), green)
    assert (shares.to_numpy() <= load.to_numpy() + 1e-9).all()
    table = user_table(green, load)
    yearly = 8760 / 48
    for column, whole in (
        ("self_use_mwh", green.sum() * yearly),
        ("import_mwh", (load.sum(axis=1) - green).sum() * yearly),
    ):
        total = sum(round(value * 1000) for value in table[column])  # kWh, exactly
        assert total == pytest.approx(whole * 1000, abs=0.5001)
    left = table["load_mwh"] - table["self_use_mwh"] - table["import_mwh"]
    assert left.abs().max() < 1e-6


@pytest.mark.parametrize(
    ("year", "own", "words"),
    [
        (2026, None, None),
        (2025, None, "2025年没有多用户分摊绿电的条文"),  # 688 is of 2026-05-14
        (2026, "agreement", "按内部协议分摊（内部协议（虚构））"),
        (2026, "by_area", "不认识的分摊办法"),
    ],
)
def test_how_it_is_shared_out_is_a_rule(year: int, own: str | None, words: str | None) -> None:
    overrides = {} if own is None else {RULE: Override(value=own, source="内部协议（虚构）")}
    found = not_shared_out(load_rulebook(("national",), year, overrides=overrides))
    assert (found is None) is (words is None)
    if found is not None and words is not None:
        assert words in found.message
        assert "consumption_share、agreement" in found.allowed
