"""Every limit just inside, exactly at and just outside its threshold, and no limit without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pytest
from compliant import DAY, book, find, judge, schedule

from greenland.energy.compliance import LIMIT_UNITS, TOLERANCE, Check
from greenland.energy.tariff.config import Mode
from greenland.results import State
from greenland.rules import load_rulebook

# The draft of Inner Mongolia takes the share of what is not curtailed; Jiangxi limits the line.
INNER_MONGOLIA = load_rulebook(("national", "inner_mongolia"), 2027)
JIANGXI = load_rulebook(("national", "jiangxi"), 2026)
NEAR = {"mode": Mode.BACKUP}
PARK = {"zero_carbon_park": True}


@dataclass(frozen=True)
class Boundary:
    """One limit: its threshold by the document, and how to bring a plan to a value of it."""

    limit: str
    reading: str
    rule_id: str
    required: float
    direction: str
    at: Callable[[float], dict[str, Any]]  # value to the arguments of `judge`

    def held_against(self, value: float) -> Check:
        """The check of a plan with that value."""
        return find(judge(**self.at(value)), self.limit, self.reading, self.rule_id)


def ratio(name: str, **more: Any) -> Callable[[float], dict[str, Any]]:
    return lambda value: {"ratios": {name: value}, **more}


def highest(column: str) -> Callable[[float], dict[str, Any]]:
    return lambda value: {"plan": schedule(**{column: [0.0, value, 0.0, 0.0]})}


def swing(value: float) -> dict[str, Any]:
    """Highest import 10 MW, highest export so that (10 + export) / 10 is the value."""
    flows = {"import": [10.0, 5.0, 0.0, 5.0], "export": [0.0, 0.0, 10 * value - 10, 0.0]}
    return {"plan": schedule(**flows), "config": {"planned_peak_valley_ratio": 1.25}}


def fed_back(value: float) -> dict[str, Any]:
    """So many MWh a year in the one banned hour of four; exports in others do not count."""
    mask = pd.Series([True, True, False, True], index=DAY)
    flows = {"export": [3.0, 0.0, value * 4 / 8760, 0.0]}
    return {"plan": schedule(**flows), "export_mask": mask}


def emission(energy_tce: float | None) -> Callable[[float], dict[str, Any]]:
    return lambda value: {
        "config": PARK,
        "emission_per_tce": value,
        "energy_use_tce": energy_tce,
    }


GENERATION = {"a": "self_use_of_generation", "b": "self_use_of_generation_net"}
CONSUMPTION = "self_use_of_consumption"
DIRECT, NEAR_RULE, ZERO = "energy.direct.", "energy.near.", "energy.zero_carbon."
# Thresholds as the documents give them: 650 and 688 for direct supply, 1192 for the
# near-consumption price, 910 for zero-carbon parks; what the project plans itself is invented.
BOUNDARIES = [
    *(
        Boundary(GENERATION["a"], reading, rule + GENERATION["a"], 0.60, ">=", ratio(name, **more))
        for rule, more in ((DIRECT, {}), (NEAR_RULE, NEAR))
        for reading, name in GENERATION.items()
    ),
    Boundary(
        *(CONSUMPTION, "in_force", DIRECT + CONSUMPTION, 0.30, ">="),
        ratio(CONSUMPTION, year=2029),
    ),
    Boundary(
        *(CONSUMPTION, "in_force", DIRECT + CONSUMPTION, 0.35, ">="),
        ratio(CONSUMPTION, year=2030),
    ),
    Boundary(
        *(CONSUMPTION, "before_2030", DIRECT + CONSUMPTION + "_by_2030", 0.35, ">="),
        ratio(CONSUMPTION, year=2030),
    ),
    Boundary(
        *(CONSUMPTION, "in_force", NEAR_RULE + CONSUMPTION, 0.30, ">="),
        ratio(CONSUMPTION, **NEAR, config={"commissioning_year": 2029}),
    ),
    Boundary(
        *(CONSUMPTION, "new_from_2030", NEAR_RULE + CONSUMPTION + "_new", 0.35, ">="),
        ratio(CONSUMPTION, **NEAR, config={"commissioning_year": 2030}),
    ),
    Boundary("export_share", "", DIRECT + "export_share", 0.20, "<=", ratio("export_share")),
    Boundary(
        *("export_share_of_delivered", "", DIRECT + "export_share", 0.40, "<="),
        ratio("export_share_of_delivered", rules=INNER_MONGOLIA),
    ),
    Boundary(
        *("line_length", "", DIRECT + "max_line_km", 50.0, "<="),
        lambda value: {"config": {"line_km": value}, "rules": JIANGXI},
    ),
    Boundary("import_capacity", "", DIRECT + "exchange_power", 12.0, "<=", highest("import")),
    Boundary("export_capacity", "", DIRECT + "exchange_power", 12.0, "<=", highest("export")),
    Boundary("no_back_feed", "", DIRECT + "no_back_feed", 0.0, "<=", fed_back),
    Boundary("exchange_peak_valley", "", DIRECT + "exchange_peak_valley", 1.25, "<=", swing),
    Boundary(
        *("voltage", "", DIRECT + "max_voltage", 220.0, "<="),
        lambda value: {"config": {"voltage_kv": value}},
    ),
    Boundary(
        *("voltage", "", DIRECT + "max_voltage_330", 330.0, "<="),
        lambda value: {"config": {"voltage_kv": value, "grid_has_330kv": True}},
    ),
    Boundary(
        *("direct_supply", "", ZERO + "direct_supply", 0.50, ">="),
        ratio(CONSUMPTION, config=PARK),
    ),
    Boundary("emission_per_tce", "", ZERO + "emission_per_tce", 0.2, "<=", emission(999_999.0)),
    Boundary("emission_per_tce", "", ZERO + "emission_per_tce", 0.2, "<=", emission(200_000.0)),
    Boundary(
        *("emission_per_tce", "", ZERO + "emission_per_tce_large", 0.3, "<="),
        emission(1_000_000.0),
    ),
]
NAMES = [f"{item.rule_id}-{item.reading or 'one'}-{item.required:g}" for item in BOUNDARIES]
NO_PARK_DATA = "需要全园区能耗和排放数据，以及电力折标准煤系数（等价值，附件3）。"
# Guide indicators of 910, annex 3: met or shown, never failed.
GUIDES = {
    "clean_energy": ("clean_energy_share", 0.90),
    "solid_waste_used": ("solid_waste_used_share", 0.80),
    "waste_heat_used": ("waste_heat_used_share", 0.50),
    "water_reused": ("water_reused_share", 0.80),
    "unit_consumption_level": ("unit_consumption_level", 2),
}
# Shown with no limit that could fail: what the statistics leave out, and the guide indicators.
NEVER_JUDGED = {
    ("curtailment_share", "", "energy.direct.curtailment_statistics"),
    *((name, "", ZERO + name) for name in GUIDES),
}


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=NAMES)
def test_at_the_boundary(boundary: Boundary) -> None:
    margins = [1e-3, 0.0, -1e-3]
    if not boundary.required:  # nothing lies below no back-feed
        del margins[0]
    for margin in margins:
        value = boundary.required + (margin if boundary.direction == ">=" else -margin)
        found = boundary.held_against(value)
        assert found.state is (State.FAILED if margin < 0 else State.MET)
        assert (found.rule_id, found.required) == (boundary.rule_id, boundary.required)
        assert found.direction == boundary.direction
        assert found.value == pytest.approx(value)
        assert found.margin == pytest.approx(margin, abs=1e-12)


@pytest.mark.parametrize("boundary", BOUNDARIES, ids=NAMES)
def test_what_a_solver_leaves_of_a_limit_is_kept(boundary: Boundary) -> None:
    outwards = -1.0 if boundary.direction == ">=" else 1.0
    dust = TOLERANCE * max(1.0, boundary.required)
    assert boundary.held_against(boundary.required + 0.9 * dust * outwards).state is State.MET
    assert boundary.held_against(boundary.required + 1.1 * dust * outwards).state is State.FAILED


def everything(year: int, **config: Any) -> set[tuple[str, str, str | None]]:
    """Every check there can be of a plan, with all that can be asked for asked."""
    asked: dict[str, Any] = {
        "voltage_kv": 110,
        "multi_user": True,
        "planned_peak_valley_ratio": 1.4,
        **PARK,
    }
    use = {"emission_per_tce": 0.1, "energy_use_tce": 500_000.0}
    found = judge(config=asked | config, year=year, mode=Mode.CAPACITY, **use)
    return {(item.limit, item.reading, item.rule_id) for item in found.checks}


def test_no_limit_is_without_its_boundary() -> None:
    found = everything(2026) | everything(2026, commissioning_year=2031, grid_has_330kv=True)
    found |= everything(2030)
    for rules in (INNER_MONGOLIA, JIANGXI):
        found |= {(item.limit, item.reading, item.rule_id) for item in judge(rules=rules).checks}
    tested = {(item.limit, item.reading, item.rule_id) for item in BOUNDARIES}
    large = ("emission_per_tce", "", ZERO + "emission_per_tce_large")
    assert found | {large} == tested | NEVER_JUDGED
    assert set(LIMIT_UNITS) == {limit for limit, _reading, _rule in tested | NEVER_JUDGED}


# The step to 35 % ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "state", "reason"),
    [
        (2028, State.NOT_DUE, "2029-12-31 前达到即可，现在还差。"),
        (2029, State.NOT_DUE, "2029-12-31 前达到即可，现在还差。"),  # "2030年前": until its eve
        (2030, State.FAILED, ""),
    ],
)
def test_reading_before_2030_falls_due(year: int, state: State, reason: str) -> None:
    found = find(judge({CONSUMPTION: 0.32}, year=year), CONSUMPTION, "before_2030")
    assert (found.state, found.reason) == (state, reason)


def test_reading_before_2030_is_met_early() -> None:
    assert find(judge({CONSUMPTION: 0.36}, year=2026), CONSUMPTION, "before_2030").reason == ""
    assert find(judge({CONSUMPTION: 0.36}), CONSUMPTION, "before_2030").state is State.MET


@pytest.mark.parametrize(
    ("commissioned", "year", "new"),
    [(2029, 2026, False), (2030, 2026, True), (None, 2029, False), (None, 2030, True)],
)
def test_project_is_new_from_2030(commissioned: int | None, year: int, new: bool) -> None:
    config = {} if commissioned is None else {"commissioning_year": commissioned}
    found = judge({CONSUMPTION: 0.32}, config, year=year, **NEAR)
    judged = find(found, CONSUMPTION, "new_from_2030")
    assert judged.state is (State.FAILED if new else State.NOT_APPLICABLE)
    old = [item for item in found.checks if item.rule_id == NEAR_RULE + CONSUMPTION]
    assert [item.state for item in old] == ([] if new else [State.MET])
    if not new:
        assert judged.reason == f"项目{commissioned or year}年投产，不属于2030年起新增项目。"


# What decides whether a limit is judged at all -----------------------------------------------


def test_the_limit_of_a_zero_carbon_park_hangs_on_its_size() -> None:
    for energy, required in ((200_000.0, 0.2), (999_999.0, 0.2), (1_000_000.0, 0.3)):
        found = find(judge(**emission(energy)(0.25)), "emission_per_tce")
        assert found.required == required


def test_below_200_000_tce_no_limit_is_set() -> None:
    # 910, annex 3 sets limits for parks from 200 000 tce on
    found = find(judge(**emission(199_999.0)(9.9)), "emission_per_tce")
    assert (found.state, found.required) == (State.NOT_APPLICABLE, None)
    assert found.reason == "年综合能耗不足20万吨标煤，文件没有规定限值。"
    found = find(judge(**emission(None)(0.1)), "emission_per_tce")
    assert (found.state, found.reason) == (State.NO_DATA, NO_PARK_DATA)


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_indicator_never_fails_a_park(name: str) -> None:
    field, target = GUIDES[name]
    found = find(judge(config=PARK | {field: target}), name)
    assert (found.state, found.required) == (State.MET, target)
    short = target + 1 if field == "unit_consumption_level" else target - 1e-3
    found = find(judge(config=PARK | {field: short}), name)
    assert found.state is State.NOT_APPLICABLE
    assert found.reason == "引导性指标，未达到的说明理由，不作为不达标。"


@pytest.mark.parametrize(
    ("limit", "config", "reason"),
    [
        ("voltage", {}, "没有填报接入电压等级。"),
        ("clean_energy", PARK, "引导性指标，需要全园区数据。"),
        ("emission_per_tce", PARK, NO_PARK_DATA),
    ],
)
def test_what_the_file_leaves_out_is_no_data(
    limit: str, config: dict[str, Any], reason: str
) -> None:
    found = find(judge(config=config), limit)
    assert (found.state, found.value, found.margin) == (State.NO_DATA, None, None)
    assert found.reason == reason


def test_what_is_given_needs_no_reason() -> None:
    config = {"voltage_kv": 110, "clean_energy_share": 0.95, **PARK}
    found = judge(config=config, emission_per_tce=0.1, energy_use_tce=300_000.0)
    for limit in ("voltage", "clean_energy", "emission_per_tce", "import_capacity"):
        assert find(found, limit).reason == ""


@pytest.mark.parametrize(
    ("bought", "sold", "ratio"),
    [(0.0, 3.0, None), (0.0, 0.0, None), (0.5, 0.0, 1.0)],  # only sells; nothing; a small one
)
def test_swing_is_relative_to_the_highest_import(
    bought: float, sold: float, ratio: float | None
) -> None:
    flows = {"import": [bought, 0.0, 0.0, 0.0], "export": [0.0, sold, 0.0, 0.0]}
    config = {"planned_peak_valley_ratio": 1.0}
    found = find(judge(config=config, plan=schedule(**flows)), "exchange_peak_valley")
    assert found.value == ratio
    assert found.state is (State.NO_DATA if ratio is None else State.MET)


def test_no_banned_hours_is_said() -> None:
    found = find(judge(), "no_back_feed")
    assert (found.state, found.reason) == (State.NOT_APPLICABLE, "没有填报禁止反送电的时段。")


@pytest.mark.parametrize("missing", ["new_from", CONSUMPTION, CONSUMPTION + "_new"])
def test_share_of_1192_needs_all_its_rules(missing: str) -> None:
    whole = book()
    left = {name: rule for name, rule in whole.rules.items() if name != NEAR_RULE + missing}
    found = judge(rules=replace(whole, rules=left), **NEAR)
    assert {item.limit for item in found.checks if "1192" in item.source} == {GENERATION["a"]}


def test_back_feed_of_quarter_hours() -> None:
    quarters = pd.date_range("2026-03-02", periods=8, freq="15min", tz="Asia/Shanghai")
    plan = pd.DataFrame({"import": 1.0, "export": [2.0] + [0.0] * 7}, index=quarters)
    found = find(judge(plan=plan, config={"export_allowed": False}), "no_back_feed")
    # 2 MW for a quarter of an hour in two hours: 0.5 MWh x 8760 / 2 a year
    assert (found.value, found.unit) == (pytest.approx(2190.0), "MWh/yr")


@pytest.mark.parametrize(
    ("item", "config", "applies"),
    [
        ("contract", {}, True),  # not known: shown
        ("contract", {"different_owners": True}, True),
        ("contract", {"different_owners": False}, False),
        ("several_users", {}, False),
        ("several_users", {"multi_user": True}, True),
        ("market", {}, True),
        ("market", {"connection": "off_grid"}, False),
        ("dedicated_line", {"connection": "off_grid"}, True),
        ("safety_assessment", {}, True),  # not known: shown
        ("safety_assessment", {"voltage_kv": 219.0}, False),
        ("safety_assessment", {"voltage_kv": 220.0}, True),
        ("safety_assessment", {"voltage_kv": 330.0}, True),
    ],
)
def test_condition_applies(item: str, config: dict[str, Any], applies: bool) -> None:
    (found,) = [one for one in judge(config=config).conditions if one.item == item]
    assert found.applies is applies


@pytest.mark.parametrize(("export", "applies"), [(0.0, False), (5e-7, False), (1e-3, True)])
def test_spot_market_is_asked_of_plans_that_sell(export: float, applies: bool) -> None:
    found = judge(plan=schedule(export=[0.0, 0.0, export, 0.0])).conditions
    assert [one.applies for one in found if one.item == "spot_market"] == [applies]
    assert [one.applies for one in found if one.item == "difficult_hours"] == [applies]


def test_spot_market_is_no_condition_of_688() -> None:
    # 650(六) alone names it; 688(六) speaks of difficult hours only
    plan = schedule(export=[0.0, 0.0, 1.0, 0.0])
    found = judge(plan=plan, config={"multi_user": True}).conditions
    applies = {one.item: one.applies for one in found}
    assert (applies["spot_market"], applies["difficult_hours"]) == (False, True)


@pytest.mark.parametrize(("length", "said"), [(20.0, ""), (None, "没有填报直连线路长度")])
def test_only_a_line_of_unknown_length_is_said_to_be_unknown(
    length: float | None, said: str
) -> None:
    """A reason stands beside no check that was made."""
    found = find(judge(config={"line_km": length}, rules=JIANGXI), "line_length", "", "")
    assert found.reason.startswith(said)
    assert bool(found.reason) is bool(said)
