"""A sized plan before the rules: what of plan, site, tariff and account reaches which check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from compliant import DAY, book, find
from compliant import judge as judged_values

from greenland.energy import size
from greenland.energy.compliance import ComplianceConfig, ComplianceResult, judge, unknown_answers
from greenland.energy.compliance.export import Base, Switch, export_ban, export_base
from greenland.energy.money.assets import Asset, AssetKind
from greenland.energy.money.config import Role, TaxConfig
from greenland.energy.money.feasibility import InvestmentClass, InvestmentConfig
from greenland.energy.money.taxes import investment_tax, resolve_taxes, taxable
from greenland.energy.plan.plan import Plan
from greenland.energy.site import Electrolyser, Grid, Limits, Site, Source
from greenland.energy.tariff.config import Mode
from greenland.errors import InputError, Severity
from greenland.results import State
from greenland.rules import Override, Rulebook, load_rulebook


@pytest.fixture(scope="module")
def site() -> Site:
    """Four hours of sun, more than the load at noon; a connection of 30 MW."""
    return Site(
        load=pd.Series(10.0, index=DAY),
        sources=[Source("pv", pd.Series([0.0, 0.5, 1.0, 0.2], index=DAY), 100, 0, 25, max_mw=40)],
        storages=[],
        grid=Grid(capacity_mw=30, import_price=0.6, export_price=0.1),
        limits=Limits(),
        discount_rate=0.07,
    )


@pytest.fixture(scope="module")
def plan(site: Site) -> Plan:
    found = size(site)
    assert found.schedule["export"].max() > 1
    return found


def judged(plan: Plan, site: Site, config: dict[str, Any] | None = None) -> ComplianceResult:
    return judge(plan, site, None, ComplianceConfig.model_validate(config or {}), book())


def test_the_connection_is_the_declared_capacity(plan: Plan, site: Site) -> None:
    check = find(judged(plan, site), "import_capacity")
    assert (check.required, check.state) == (30.0, State.MET)


def test_hours_without_export_are_those_of_the_connection(plan: Plan, site: Site) -> None:
    assert site.grid is not None
    noon = replace(site.grid, export_allowed=pd.Series([True, True, False, True], index=DAY))
    check = find(judged(plan, replace(site, grid=noon)), "no_back_feed")
    assert check.state is State.FAILED
    assert check.value == pytest.approx(plan.schedule["export"].iloc[2] * 8760 / 4)
    assert find(judged(plan, site), "no_back_feed").state is State.NOT_APPLICABLE


def test_off_grid_nothing_is_exchanged(plan: Plan, site: Site) -> None:
    alone = judged(plan, replace(site, grid=None))
    assert not {"import_capacity", "no_back_feed", "export_share"} & {
        check.limit for check in alone.checks
    }
    of_grid = [item for item in alone.conditions if book().rule(item.rule_id).value == "grid"]
    assert of_grid
    assert not any(item.applies for item in of_grid)


def test_the_tariff_of_near_supply_brings_its_shares(plan: Plan, site: Site) -> None:
    def limits(mode: Mode) -> list[str]:
        tariff: Any = SimpleNamespace(mode=mode)
        found = judge(plan, site, tariff, ComplianceConfig(), book())
        return [check.rule_id or "" for check in found.checks]

    assert set(limits(Mode.CAPACITY)) - set(limits(Mode.TWO_PART))


def test_a_zero_carbon_park_is_held_to_its_account(plan: Plan, site: Site) -> None:
    emitted: Any = SimpleNamespace(zero_carbon_per_tce=0.25, zero_carbon_energy_tce=500_000.0)
    config = ComplianceConfig.model_validate({"zero_carbon_park": True})
    check = find(judge(plan, site, None, config, book(), emitted), "emission_per_tce")
    assert (check.value, check.required, check.state) == (0.25, 0.2, State.FAILED)
    small: Any = SimpleNamespace(zero_carbon_per_tce=0.25, zero_carbon_energy_tce=1_000.0)
    check = find(judge(plan, site, None, config, book(), small), "emission_per_tce")
    assert (check.value, check.direction) == (0.25, "<=")
    assert check.state is State.NOT_APPLICABLE


# Whether energy may be fed back --------------------------------------------------------------


def switched(switch: Switch) -> Rulebook:
    own = {"energy.direct.export_allowed": Override(value=str(switch), source="某省文件（虚构）")}
    return load_rulebook(("national",), 2026, overrides=own)


@pytest.mark.parametrize(
    ("switch", "config", "hydrogen", "banned"),
    [
        (Switch.SHARE, {"export_allowed": False}, False, False),
        (Switch.NEVER, {}, True, True),
        (Switch.HYDROGEN, {}, False, True),
        (Switch.HYDROGEN, {}, True, False),
        (Switch.SPOT, {}, False, False),  # unanswered
        (Switch.SPOT, {"answers": {"spot_market": "yes"}}, False, False),
        (Switch.SPOT, {"answers": {"spot_market": "no"}}, False, True),
        (Switch.SPOT, {"export_allowed": False}, False, True),
        (Switch.SPOT, {"export_allowed": False, "multi_user": True}, False, False),
    ],
)
def test_who_may_feed_back(
    switch: Switch, config: dict[str, Any], hydrogen: bool, banned: bool
) -> None:
    rules = switched(switch)
    found = export_ban(ComplianceConfig.model_validate(config), rules, makes_hydrogen=hydrogen)
    assert found is (rules.rule("energy.direct.export_allowed") if banned else None)


def test_without_a_rule_nothing_is_forbidden_and_the_base_is_what_is_available() -> None:
    none = load_rulebook(("chuxiong",), 2026)
    assert none.get("energy.direct.export_allowed") is None
    assert export_ban(ComplianceConfig(), none, makes_hydrogen=False) is None
    assert export_base(none) is Base.AVAILABLE


def test_a_ban_is_named_beside_the_energy_that_breaks_it() -> None:
    check = find(judged_values(rules=switched(Switch.NEVER)), "no_back_feed")
    assert (check.state, check.reason) == (State.FAILED, "依据某省文件（虚构）。")
    assert check.value == pytest.approx(3.0 * 8760 / 4)


def test_hydrogen_of_the_site_opens_what_is_for_hydrogen_only(plan: Plan, site: Site) -> None:
    rules = switched(Switch.HYDROGEN)
    makes = replace(site, electrolysers=[Electrolyser("hydrogen", mwh_per_t=55.0)])
    for one, state in ((site, State.FAILED), (makes, State.NOT_APPLICABLE)):
        found = judge(plan, one, None, ComplianceConfig(), rules)
        assert find(found, "no_back_feed").state is state


# The checklist -------------------------------------------------------------------------------


def test_a_condition_says_what_it_asks_and_by_which_clause() -> None:
    rules = book()
    found = {item.item: item for item in judged_values().conditions}
    rule = rules.rule("energy.direct.condition.metering")
    assert (found["metering"].title, found["metering"].source) == (rule.name, rule.source)


@pytest.mark.parametrize("several", [False, True])
def test_conditions_of_one_user_are_not_asked_of_several(several: bool) -> None:
    config = {"multi_user": several}
    single = {
        item.item: item.applies
        for item in judged_values(config=config).conditions
        if book().rule(item.rule_id).value == "single_user"
    }
    assert single
    assert set(single.values()) == {not several}


def test_an_answer_to_a_condition_of_another_year_is_passed_over_and_said() -> None:
    rules = load_rulebook(("national", "yunnan"), 2024)
    config = ComplianceConfig.model_validate({"answers": {"metering": "yes"}})
    (problem,) = unknown_answers(config, rules)
    rule = next(one for one in rules.all_rules if one.id == "energy.direct.condition.metering")
    assert (problem.severity, problem.code) == (Severity.WARNING, "condition_not_in_force")
    assert problem.message == f"2024年没有“metering”（{rule.name}）这一条，不核对。"
    assert problem.remedy == f"该条依据{rule.source}，有效期 {rule.valid_from} 至 …。"
    assert (problem.column, problem.got) == ("compliance.answers", "metering")


# Tax in the investment -----------------------------------------------------------------------

RATES = {
    InvestmentClass.EQUIPMENT: 0.13,
    InvestmentClass.INSTALLATION: 0.09,
    InvestmentClass.CIVIL: 0.09,
    InvestmentClass.OTHER: 0.06,
}


def test_an_assets_own_classes_decide_its_tax() -> None:
    own = {"pv": {"equipment": 0.5, "civil": 0.5}}
    config = InvestmentConfig.model_validate({"shares": {"equipment": 1.0}, "assets": own})
    taxes: Any = SimpleNamespace(vat=0.13, investment_vat=RATES)
    pv, wind = (Asset(name, AssetKind.SOURCE, 1e6, 0.0, 25.0) for name in ("pv", "wind"))
    shares, tax = investment_tax(pv, config, taxes)
    assert shares == {InvestmentClass.EQUIPMENT: 0.5, InvestmentClass.CIVIL: 0.5}
    assert tax == pytest.approx(0.5 * 0.13 / 1.13 + 0.5 * 0.09 / 1.09)
    assert investment_tax(wind, config, taxes)[1] == pytest.approx(0.13 / 1.13)
    assert investment_tax(pv, None, taxes) == ({InvestmentClass.EQUIPMENT: 1.0}, 0.13 / 1.13)


def test_rates_of_the_file_stand_before_those_of_the_rules() -> None:
    config = InvestmentConfig.model_validate({"shares": {"civil": 1.0}, "vat": {"civil": 0.03}})
    rules = load_rulebook(("national",), 2026)
    found = resolve_taxes(TaxConfig(location="city"), Role.GENERATOR, rules, config)
    by_rule = rules.number("energy.finance.vat")
    assert found.investment_vat[InvestmentClass.CIVIL] == 0.03
    assert found.investment_vat[InvestmentClass.EQUIPMENT] == by_rule


def test_a_loss_is_used_up_over_years() -> None:
    """100 of loss against 30, 30 and 60: what is left of the third year is taxed."""
    rules = load_rulebook(("national",), 2026)
    taxes = resolve_taxes(TaxConfig(location="city", holiday=False), Role.GENERATOR, rules, None)
    found = taxable(np.array([0.0, -100.0, 30.0, 30.0, 60.0]), taxes)
    assert found.income.tolist() == [0.0, 0.0, 0.0, 0.0, 20.0]
    assert found.tax.tolist() == [0.0, 0.0, 0.0, 0.0, 5.0]
    small = taxable(np.array([0.0, 0.5]), taxes)
    assert small.income.tolist() == [0.0, 0.5]


def test_a_project_that_feeds_nothing_back_is_held_to_it() -> None:
    check = find(
        judged_values(config={"export_allowed": False, "multi_user": True}), "no_back_feed"
    )
    assert check.state is State.FAILED
    assert check.value == pytest.approx(3.0 * 8760 / 4)


def test_printed_a_judgement_counts_its_states_and_what_is_to_be_checked() -> None:
    found = judged_values({"self_use_of_generation": 0.5})
    first, second = str(found).splitlines()[:2]
    asked = sum(item.applies for item in found.conditions)
    assert first == "ComplianceResult: 合规核对：达标 6、不达标 1、缺数据 1、不适用 1"
    assert second.strip() == f"核对条件: {asked}"


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        (
            "export_allowed",
            lambda rules: export_ban(ComplianceConfig(), rules, makes_hydrogen=False),
        ),
        ("export_share_base", export_base),
    ],
)
def test_a_value_that_is_no_choice_costs_the_energy_alone(
    name: str, ask: Callable[[Rulebook], object]
) -> None:
    own = {f"energy.direct.{name}": Override(value="sometimes", source="某省文件（虚构）")}
    rules = load_rulebook(("national",), 2026, overrides=own)
    with pytest.raises(InputError) as refused:
        ask(rules)
    (problem,) = refused.value.problems
    assert problem.got == "sometimes"
    assert problem.touches == ("energy",)
