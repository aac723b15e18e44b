"""Places among the like, moves, last places: by hand, by property, and one broken thing each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_members import YEAR, compared, entry, member

from greenland.history import Entry
from greenland.key_results import RANKED, Better, ParkKey
from greenland.province.method import LEAST_PEERS
from greenland.province.movement import Bounds, move
from greenland.province.ranking import places, rank, standings

KEY = "tax_per_mu"
ONLY = {item.key: float(item.key == KEY) for item in RANKED}  # weights: one indicator counts
CHUXIONG = Bounds(bottom=5, fall=10, years=2)  # 楚办发〔2023〕5号 第8项


def parks(*taxes: float) -> list[Entry]:
    return [entry(f"P{number}", **{KEY: tax}) for number, tax in enumerate(taxes)]


def test_ties_share_a_place_and_leave_the_next_free() -> None:
    assert places([9.0, 7.0, 7.0, 1.0]) == [1, 2, 2, 4]
    assert places([9.0, 7.0, 7.0, 1.0], Better.LOWER) == [4, 2, 2, 1]
    assert places([0.1 + 0.2, 0.3]) == [1, 1]
    assert places([]) == []


@given(st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), max_size=40))
def test_a_place_is_one_more_than_how_many_are_better(values: list[float]) -> None:
    found = places(values)
    for value, place in zip(values, found, strict=True):
        assert place == 1 + sum(other > value for other in values)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=40))
def test_standings_average_fifty(values: list[int]) -> None:
    found = standings(places([float(value) for value in values]))
    assert sum(found) / len(found) == pytest.approx(50.0)
    assert all(0 <= one <= 100 for one in found)


def test_a_value_that_is_missing_has_no_place_and_says_why() -> None:
    entries = [*parks(3.0, 2.0, 1.0), entry("P9")]
    found = rank(entries, why=lambda one, key: f"{one.park} lacks {key}")
    place = found.by_indicator[(ParkKey("P9", YEAR), KEY)]
    assert (place.place, place.of, place.reason) == (None, 3, f"P9 lacks {KEY}")
    assert found.by_indicator[(ParkKey("P1", YEAR), KEY)].place == 2


def test_only_like_is_compared() -> None:
    """A national park with the least tax is no worse than the provincial ones, but not ranked."""
    other = Entry("N1", YEAR, "国家级（虚构）", "national", "industrial_park", {KEY: 0.5})
    last_year = entry("P7", YEAR - 1, **{KEY: 99.0})
    found = rank([*parks(3.0, 2.0, 1.0), other, last_year])
    assert [found.by_indicator[(ParkKey(f"P{n}", YEAR), KEY)].place for n in range(3)] == [1, 2, 3]
    for key in (ParkKey("N1", YEAR), ParkKey("P7", YEAR - 1)):
        place = found.by_indicator[(key, KEY)]
        assert place.place is None
        assert "不足 3 个" in place.reason


def test_too_few_of_the_like_have_no_place() -> None:
    found = rank(parks(*range(1, LEAST_PEERS)))
    assert {one.place for one in found.by_indicator.values()} == {None}


def test_the_overall_score_is_the_weighted_mean_of_standings() -> None:
    entries = [
        entry("A", tax_per_mu=3.0, output_per_mu=1.0),
        entry("B", tax_per_mu=2.0, output_per_mu=3.0),
        entry("C", tax_per_mu=1.0, output_per_mu=2.0),
    ]
    weights = {item.key: 0.0 for item in RANKED} | {"tax_per_mu": 3.0, "output_per_mu": 1.0}
    found = rank(entries, weights)
    scores = [found.overall[ParkKey(name, YEAR)].score for name in "ABC"]
    # by hand: A (3·100 + 1·0)/4, B (3·50 + 1·100)/4, C (3·0 + 1·50)/4
    assert scores == [75.0, 62.5, 12.5]
    assert [found.overall[ParkKey(name, YEAR)].province_place for name in "ABC"] == [1, 2, 3]


def test_too_few_indicators_give_no_overall_place() -> None:
    found = rank(parks(3.0, 2.0, 1.0))  # one of all
    overall = found.overall[ParkKey("P0", YEAR)]
    assert overall.place is None
    assert "只有 1 个排了名次" in overall.reason


def ranked(order: str, year: int) -> list[Entry]:
    """Parks named by letters, the best first."""
    return [entry(name, year, **{KEY: -float(place)}) for place, name in enumerate(order)]


LETTERS = "ABCDEFGHIJKLMNOPQRST"  # 20 parks


def province(now: str, *before: str) -> dict[str, object]:
    members = [
        member(one.park, packs=("national", "yunnan", "chuxiong"), **one.values)
        for one in ranked(now, YEAR)
    ]
    earlier = [
        one for back, order in enumerate(before, start=1) for one in ranked(order, YEAR - back)
    ]
    found = compared(members, earlier=earlier, weights=ONLY)
    assert found.bounds == CHUXIONG
    return {one.park.park: one for one in found.moves}


def test_the_last_five_and_falls_of_more_than_ten() -> None:
    """A falls from the first to the twelfth place (11), B from the second to the twelfth + … ."""
    now = "CDEFGHIJKLB" + "A" + "MNOPQRST"  # B: 2 → 11, nine places; A: 1 → 12, eleven
    moves = province(now, LETTERS)
    assert (moves["A"].moved, moves["A"].fell) == (-11, True)
    assert (moves["B"].moved, moves["B"].fell) == (-9, False)
    assert [name for name in LETTERS if moves[name].bottom] == list("PQRST")
    assert moves["C"].moved == 2


def test_a_fall_of_ten_is_not_more_than_ten() -> None:
    moves = province("BCDEFGHIJK" + "A" + "LMNOPQRST", LETTERS)
    assert (moves["A"].moved, moves["A"].fell) == (-10, False)


def test_two_years_running() -> None:
    moves = province(LETTERS, "T" + LETTERS[:-1])  # last year T was the first, O the last but four
    assert [name for name in LETTERS if moves[name].running] == list("PQRS")
    assert moves["T"].running is False


def test_without_last_year_nothing_is_claimed() -> None:
    moves = province(LETTERS)
    assert {(one.moved, one.fell) for one in moves.values()} == {(None, None)}
    assert moves["T"].bottom is True
    assert moves["T"].running is None
    assert moves["A"].running is False  # whatever last year was
    assert moves["T"].reason == "上年没有名次，变动不明。"


def test_without_the_rule_nothing_is_judged() -> None:
    found = compared([member(one.park, **one.values) for one in ranked(LETTERS, YEAR)])
    assert found.bounds == Bounds(None, None, None)
    assert {(one.bottom, one.running, one.fell) for one in found.moves} == {(None, None, None)}


@pytest.mark.parametrize(("place", "last"), [(58, False), (59, True), (63, True)])
def test_last_places_are_counted_from_all_that_are_ranked(place: int, last: bool) -> None:
    assert move(ParkKey("A", YEAR), [(place, 63), (1, 63)], CHUXIONG).bottom is last


def test_reported_ranks_come_from_the_sheet_or_from_what_was_kept() -> None:
    """The rank of 2025 stands in A's own sheet; B's was kept a year ago."""
    packs = ("national", "yunnan", "chuxiong")
    now = {"rank": 60.0, "ranked_parks": 63.0}
    members = [
        member(
            "A", packs=packs, yearly={YEAR: now, YEAR - 1: {"rank": 40.0, "ranked_parks": 63.0}}
        ),
        member("B", packs=packs, yearly={YEAR: now}),
        member("C", packs=packs),
    ]
    kept = [entry("B", YEAR - 1, official_rank=61.0, official_ranked_parks=63.0)]
    found = {one.park.park: one for one in compared(members, earlier=kept).reported}
    assert (found["A"].moved, found["A"].fell, found["A"].running) == (-20, True, False)
    assert (found["B"].moved, found["B"].fell, found["B"].running) == (1, False, True)
    assert "C" not in found


def test_earlier_results_without_level_and_type_are_not_compared() -> None:
    """Version 1 of the history did not keep them."""
    old = [
        Entry(one.park, one.year, one.park, "", "", one.values) for one in ranked("CBA", YEAR - 1)
    ]
    members = [member(one.park, **one.values) for one in ranked("ABC", YEAR)]
    found = compared(members, earlier=old, weights=ONLY)
    assert found.before is None
    assert {one.moved for one in found.moves} == {None}
