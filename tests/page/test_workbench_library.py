"""Settings of the workbench come to what the changed case file comes to; cards keep them."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from study_files import write_case

from greenland.energy.case import read_case, rulebook_of
from greenland.energy.sizing.solve import size
from greenland.energy.workbench import Cards, KnobKind, Workbench
from greenland.energy.workbench.front import front
from greenland.energy.workbench.kept import KeptProblems, NotAtOnceError
from greenland.errors import InputError, NotOptimalError

OTHER_LOAD = "load2.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bench")
    write_case(made)
    text = (made / "load.csv").read_text(encoding="utf-8")
    (made / OTHER_LOAD).write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def bench(folder: Path) -> Workbench:
    return Workbench.of_file(folder / "case.yaml")


def fault(bench: Workbench, settings: dict[str, Any]) -> str:
    with pytest.raises(InputError) as caught:
        bench.size(settings)
    return "\n".join(str(problem) for problem in caught.value.problems)


def sized_from_file(bench: Workbench, settings: dict[str, Any], folder: Path) -> Any:
    """What `size` makes of the case file that settings are written to."""
    path = folder / "changed.yaml"
    path.write_text(bench.case_text(settings), encoding="utf-8")
    loaded = read_case(path)
    return size(loaded.site(rulebook_of(loaded)), engine=loaded.case.engine)


def drawn(bench: Workbench, chance: random.Random) -> dict[str, Any]:
    """Three settings of knobs a case may take in any combination."""
    within = {
        "sources.pv.capex": (1500, 4000),
        "sources.wind.capex": (2500, 5000),
        "storages.battery.energy_capex": (300, 1500),
        "storages.battery.charge_efficiency": (0.85, 0.98),
        "grid.import_price": (0.35, 0.8),
        "grid.export_price": (0.0, 0.2),
        "limits.min_self_use_of_consumption": (0.1, 0.6),
        "limits.max_export_share": (0.05, 0.5),
        "discount_rate": (0.03, 0.07),
        "load": (0.8, 1.2),
        "sources.wind.profile": (0.8, 1.1),
    }
    found: dict[str, Any] = {
        key: round(chance.uniform(*within[key]), 4) for key in chance.sample(sorted(within), 2)
    }
    if chance.random() < 0.5:
        found["sources.pv.max_mw"] = {"fixed": round(chance.uniform(10, 120), 2)}
    else:
        found["grid.capacity_mw"] = {"fixed": round(chance.uniform(85, 120), 2)}
    return found


@pytest.mark.parametrize("seed", range(8))
def test_an_answer_is_that_of_the_changed_case_file(
    bench: Workbench, folder: Path, seed: int
) -> None:
    settings = drawn(bench, random.Random(seed))
    answer = bench.size(settings)
    plan = sized_from_file(bench, settings, folder)
    assert answer.plan.status is plan.status, settings
    if not plan.status.has_plan:
        return
    gap = max(1e-9, 2 * (answer.plan.quality.gap or 0.0) if answer.plan.notes else 0.0)
    assert answer.plan.annual_cost == pytest.approx(plan.annual_cost, rel=gap), settings
    if gap <= 1e-9:
        assert np.allclose(answer.plan.capacities, plan.capacities, rtol=1e-9, atol=1e-9), settings


@pytest.mark.slow
def test_the_way_to_a_setting_does_not_matter(folder: Path) -> None:
    """The kept problem is the one that would have been assembled anew."""
    ways = []
    before_it = ({"grid.import_price": 0.9}, {"grid.capacity_mw": {"fixed": 100}})
    with_limits = ({"sources.pv.max_mw": {"fixed": 5.0}, "limits.max_export_share": 0.1},)
    for before in ((), before_it, with_limits):
        bench = Workbench.of_file(folder / "case.yaml")
        for settings in before:
            bench.size(settings)
        ways.append(bench.size({"sources.pv.capex": 2000}).plan.annual_cost)
    assert ways[1:] == pytest.approx(2 * [ways[0]], rel=1e-12)


def test_a_setting_as_the_case_has_it_changes_nothing(bench: Workbench) -> None:
    stated = {knob.key: knob.value for knob in bench.knobs if knob.value is not None}
    assert bench.changes(stated) == {}


def test_every_knob_leads_to_a_value_the_case_can_take(bench: Workbench) -> None:
    """Each knob by itself at the ends of its slider is understood by the case's own reading."""
    refused = []
    for knob in bench.knobs:
        if knob.high is None or knob.kind in (KnobKind.CONNECTION, KnobKind.SIZE):
            continue
        try:
            bench._bench.loaded(bench.changes({knob.key: knob.high}))
        except InputError as error:
            refused.append(f"{knob.key}: {error}")
    assert refused == []


def test_knobs_say_where_their_value_stands(bench: Workbench) -> None:
    pv = bench.knob("sources.pv.capex")
    assert (pv.value, pv.unit, pv.owner) == (2700, "元/kW", "pv")
    assert pv.where == {"origin": "case", "file": "case.yaml", "row": 5}
    assert (pv.low, pv.high, pv.step) == (0.0, 6000.0, 50.0)
    rate = bench.knob("discount_rate").where
    assert (rate["origin"], rate["rule_id"]) == ("rule", "energy.cost.discount_rate")
    assert bench.knob("storages.battery.power_opex").where == {"origin": "default"}
    assert bench.knob("sources.pv.max_mw").value == {"least": 0.0, "most": 200.0}


def test_sizes_are_fixed_and_freed(bench: Workbench) -> None:
    fixed = bench.size({"sources.pv.max_mw": {"fixed": 12.5}}).plan
    assert fixed.capacities["pv"] == pytest.approx(12.5)
    free = bench.size({"grid.capacity_mw": {"least": 70.0, "most": 200.0}}).plan
    assert 70.0 - 1e-6 <= free.capacities["grid"] <= 200.0 + 1e-6
    assert free.site.grid is not None
    assert free.site.grid.decides_capacity


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"sources.pv.capx": 1}, "案例没有可以调节的“sources.pv.capx”"),
        ({"sources.pv.capex": "many"}, "“pv 单位投资”（sources.pv.capex）的设定不能用"),
        ({"sources.pv.max_mw": 60}, "给定的容量，或下限和上限"),
        ({"sources.pv.max_mw": {"least": 9, "most": 3}}, "下限不大于上限"),
        ({"sources.pv.max_mw": {"fixed": 3, "most": 3}}, "只写一种"),
        ({"sources.pv.max_mw": {"fixed": -1}}, "不为负的数字"),
        ({"grid.capacity_mw": {"least": 3}}, "接入容量自由时要有上限"),
        ({"load": -1}, "不为负的数字"),
        ({"load": {"file": "../load.csv"}}, "案例文件夹中的曲线文件"),
        ({"load": {"file": "absent.csv"}}, "找不到曲线文件 absent.csv"),
        ({"grid.export_allowed": 1}, "true、false"),
        ({"limits.max_export_share": 1.5}, "max_export_share"),
    ],
)
def test_what_cannot_be_set_is_said(bench: Workbench, settings: dict[str, Any], words: str) -> None:
    assert words in fault(bench, settings)


def test_all_faults_are_said_together(bench: Workbench) -> None:
    told = fault(bench, {"sources.pv.capex": "x", "nothing": 1, "load": -1})
    assert "sources.pv.capex" in told
    assert "nothing" in told
    assert "（load）" in told


def test_another_curve_file_is_taken(bench: Workbench) -> None:
    same = bench.size({"load": {"file": OTHER_LOAD}}).plan
    assert same.annual_cost == pytest.approx(bench.size({}).plan.annual_cost, rel=1e-12)
    more = bench.size({"load": {"file": OTHER_LOAD, "factor": 1.1}}).plan
    assert more.energy["load"] == pytest.approx(1.1 * same.energy["load"])


CONFLICT = {
    "limits.min_self_use_of_consumption": 0.6,
    "sources.pv.max_mw": {"fixed": 5.0},
    "sources.wind.max_mw": {"fixed": 5.0},
}


def test_a_conflict_is_shown_with_what_gives(bench: Workbench) -> None:
    answer = bench.size(CONFLICT)
    assert answer.state == "infeasible"
    assert "sizes" not in answer.to_record()
    why = bench.reasons(CONFLICT)
    assert why is not None
    share = next(one for one in why["relaxations"] if one["limit"] == "self_use_of_consumption")
    assert share["required"] == 0.6
    assert 0 < share["reachable"] < 0.6
    kept = dict(CONFLICT, **{"limits.min_self_use_of_consumption": share["reachable"] - 1e-6})
    assert bench.size(kept).plan.status.has_plan
    with pytest.raises(NotOptimalError):
        _ = answer.plan.annual_cost
    assert bench.reasons({}) is None


def test_the_record_adds_up(bench: Workbench) -> None:
    record = bench.size({}).to_record()
    assert record["state"] == "optimal"
    costs = sum(row["yuan_per_year"] for row in record["costs"])
    assert costs == pytest.approx(record["annual_cost"])
    hours = [bench.size({}).day(day) for day in _days(record)]
    of_days = sum(sum(one["columns"]["load"]) * one["step_hours"] for one in hours)
    assert sum(row["load"] for row in record["monthly"]) == pytest.approx(of_days, rel=1e-5)
    bought = record["energy"]["load"] * 1000 * 0.5  # of a year, though the curves are of days
    assert record["bill"]["grid_only"] == pytest.approx(bought)
    assert record["price"] == pytest.approx(record["annual_cost"] / record["energy"]["load"] / 1000)


def _days(record: dict[str, Any]) -> list[dt.date]:
    first, last = (dt.date.fromisoformat(day) for day in record["days"])
    return [first + dt.timedelta(n) for n in range((last - first).days + 1)]


def test_a_day_outside_the_curves_is_refused(bench: Workbench) -> None:
    with pytest.raises(InputError, match="曲线没有这一天"):
        bench.size({}).day(dt.date(1999, 1, 1))


def test_what_takes_long_is_left_open_and_taken_over(bench: Workbench) -> None:
    """Build or not is decided by binary variables: asked patiently, elsewhere."""
    settings = {"sources.pv.build_cost": 1e6}
    answer = bench.size(settings)
    assert answer.state == "open"
    assert bench.reasons(settings) is None
    adopted = bench.adopt(settings, bench.optimum(settings), 1.0)
    assert adopted.plan.status.has_plan
    assert bench.size(settings) is adopted


def test_the_quick_way_says_when_it_is_not_one(bench: Workbench) -> None:
    site = bench.size({}).plan.site
    with pytest.raises(NotAtOnceError):
        KeptProblems().plan(0, site, bench.size({}).plan.objective, "CBC")


# -- cards -------------------------------------------------------------------------------------


@pytest.fixture
def cards(tmp_path: Path) -> Cards:
    write_case(tmp_path)
    return Cards(Workbench.of_file(tmp_path / "case.yaml"))


def test_cards_are_kept_compared_and_exported(cards: Cards) -> None:
    bench = cards.bench
    cards.save("高电价", {"grid.import_price": 0.7}, note="设想")
    cards.save("小光伏", {"sources.pv.max_mw": {"fixed": 5.0}})
    found, problems = cards.all()
    assert problems == []
    assert [card.name for card in found] == ["高电价", "小光伏"]
    assert cards.get("高电价").settings == {"grid.import_price": 0.7}
    compared = cards.compare(["高电价", "小光伏"])
    assert compared.cases == ("原案例：虚构示例", "高电价", "小光伏")
    price = next(row for row in compared.rows if row.item == "grid.import_price")
    assert price.values == (0.5, 0.7, 0.5)
    cost = next(row for row in compared.rows if row.item == "annual_cost")
    assert cost.values[1] == pytest.approx(
        bench.size({"grid.import_price": 0.7}).plan.annual_cost, rel=1e-9
    )
    path = cards.export("小光伏")
    assert path == bench.source.folder / "小光伏.yaml"
    loaded = read_case(path)
    plan = size(loaded.site(rulebook_of(loaded)))
    assert plan.capacities["pv"] == pytest.approx(5.0)
    with pytest.raises(InputError, match=r"小光伏\.yaml 已经存在"):
        cards.export("小光伏")
    with pytest.raises(InputError, match="已有名为“高电价”的情景"):
        cards.save("高电价", {})
    assert cards.save("高电价", {}, force=True).settings == {}
    cards.remove("高电价")
    with pytest.raises(InputError, match="没有名为“高电价”的情景"):
        cards.get("高电价")


@pytest.mark.parametrize(
    "name", ["", "  ", "a/b", "..", "con", "NUL.x", "case", "park", ".hidden", "x\n\x07", "長" * 81]
)
def test_names_no_file_can_have_are_refused(bench: Workbench, name: str) -> None:
    with pytest.raises(InputError, match="不能作文件名"):
        Cards(bench).save(name, {})


def test_a_card_with_settings_the_case_refuses_is_not_kept(bench: Workbench) -> None:
    with pytest.raises(InputError, match="没有可以调节的"):
        Cards(bench).save("坏", {"nothing": 1})
    assert not (bench.source.folder / "scenarios" / "坏.yaml").exists()


def test_a_card_that_cannot_be_read_is_told_of_beside_the_others(cards: Cards) -> None:
    cards.save("好", {})
    (cards.folder / "坏的.yaml").write_text("case: case.yaml\nnane: x\n", encoding="utf-8")
    found, problems = cards.all()
    assert "好" in [card.name for card in found]
    assert any("nane" in str(problem) for problem in problems)


# -- front -------------------------------------------------------------------------------------


def test_a_front_rises_with_the_demand(bench: Workbench) -> None:
    told: list[tuple[int, int]] = []
    found = front(bench, {"grid.import_price": 0.45}, points=4, tell=lambda *n: told.append(n))
    solved = [one for one in found["points"] if one["annual_cost"] is not None]
    assert len(solved) >= 4
    shares = [one["shares"]["self_use_of_consumption"] for one in solved[1:]]
    costs = [one["annual_cost"] for one in solved[1:]]
    assert shares == sorted(shares)
    assert all(a <= b * (1 + 1e-9) for a, b in pairwise(costs))
    assert told[-1][0] == told[-1][1]


def test_a_front_of_another_objective_is_refused(bench: Workbench) -> None:
    with pytest.raises(InputError, match="研究的是年费用"):
        front(bench, {"objective": "npv"})
