"""Every number that decides is the case's or a rule's, but for these constants of the method."""

from __future__ import annotations

from pathlib import Path

import pytest
from literals import all_deciding, deciding, modules

from greenland.energy.case.defaults import left_out
from greenland.energy.case.schema import Case
from greenland.energy.site import Technology
from greenland.rules import available_packs, known_rule_ids, load_rulebook
from greenland.rules.asked import unasked

# What may stand in the code: no judgement of a plan rests on any of these.
METHOD = {
    "a typing error is told from a number: beyond it the unit is wrong, and the case is asked": {
        ("case/schema.py", "-1e+09"),
        ("case/schema.py", "1000"),
        ("case/schema.py", "1e+06"),
        ("case/schema.py", "1e+09"),
        ("case/schema.py", "1990"),
        ("case/schema.py", "2100"),
        ("compliance/config.py", "10000"),
        ("compliance/config.py", "4"),
        ("money/config.py", "10"),
        ("money/config_base.py", "1e+13"),
        ("money/feasibility.py", "1e+06"),
        ("site/checks.py", "CHEAPEST_ASSET"),
        ("site/checks.py", "LARGEST_LOAD_MW"),
        ("site/checks.py", "MOST_YEARS"),
        ("site/electrolyser_checks.py", "LARGEST"),
        ("site/electrolyser_checks.py", "LEAST_MWH_PER_T"),
        ("site/generator_checks.py", "LARGEST"),
        ("site/generator_checks.py", "LEAST_EFFICIENCY"),
        ("site/generator_checks.py", "LEAST_FUEL_KWH"),
        ("site/part_checks.py", "100"),
        ("site/part_checks.py", "CHEAPEST_KW"),
        ("site/part_checks.py", "CHEAPEST_KWH"),
        ("site/part_checks.py", "DEAREST_KW"),
        ("site/part_checks.py", "DEAREST_KWH"),
        ("site/part_checks.py", "LATEST_YEAR"),
        ("site/part_checks.py", "SHORTEST_LIFE"),
        ("site/storage_checks.py", "LEAST_EFFICIENCY"),
        ("site/value_checks.py", "LARGEST"),
        ("tariff/charges_config.py", "1e+09"),
        ("tariff/charges_config.py", "1e+12"),
        ("tariff/config.py", "-1e+09"),
        ("tariff/config.py", "1e+09"),
        ("tariff/price_file.py", "1.5"),
        ("tariff/price_series.py", "LARGEST_YUAN_PER_KWH"),
        ("studies/config.py", "0.1"),
        ("studies/config.py", "100"),
        ("studies/config.py", "200"),
        ("studies/config.py", "3"),
        ("studies/config.py", "MOST_POINTS"),
        ("studies/config_draws.py", "63"),
        ("studies/config_draws.py", "MOST_POINTS"),
    },
    "money is counted to the cent; a demand over a quarter of an hour is only noted": {
        ("money/bill_check.py", "CENT"),
        ("money/bill_check.py", "DEMAND_HOURS"),
    },
    "effort and accuracy of the search, which the plan's gap tells": {
        ("money/measures.py", "100"),
        ("plan/explain/infeasible.py", "0.0001"),
        ("plan/explain/infeasible.py", "FAR"),
        ("plan/explain/infeasible.py", "RELATIVE_ZERO"),
        ("plan/explain/infeasible.py", "FAR"),
        ("plan/explain/infeasible.py", "SMALL_QUOTA"),
        ("plan/explain/elastic.py", "PROOF"),
        ("sizing/repair.py", "NEARLY"),
        ("sizing/storage_power.py", "MOST_LOADS"),
        ("sizing/together.py", "SMALL"),
        ("sizing/boxes.py", "0.2"),
        ("sizing/boxes.py", "MAX_WORK"),
        ("sizing/boxes.py", "MIN_WIDTH"),
        ("sizing/boxes.py", "PROVEN_WORK"),
        ("sizing/boxes.py", "STEPS_PER_BOX"),
        ("sizing/building.py", "MAX_NODES"),
        ("sizing/maintained.py", "FEW"),
        ("sizing/maintained.py", "MAX_PROGRAMS"),
        ("sizing/maintained.py", "WORTH_CUTTING"),
        ("sizing/several.py", "MAX_RUN_BINARIES"),
        ("site/starting.py", "RUNS"),
        ("problem/starts.py", "RUNS"),
        ("problem/annual_constraints.py", "LEAST_WEIGHT"),
        ("sizing/mixed.py", "MAX_WORK"),
        ("sizing/ratio.py", "FAST_FALL"),
        ("sizing/ratio.py", "PROVEN_GAP"),
        ("sizing/ratio.py", "SMALL_PRICE"),
        ("sizing/repair.py", "0.5"),
        ("sizing/repair.py", "MAX_BINARIES"),
        ("sizing/repair.py", "PROVEN_GAP"),
        ("sizing/rounding.py", "0.5"),
        ("sizing/rounding.py", "WORTHWHILE"),
        ("sizing/robust.py", "LEAST_WEIGHT"),
        ("studies/journal.py", "BATCH"),
        ("studies/kinds/monte_carlo.py", "3"),
        ("studies/kinds/pareto.py", "3"),
        ("ahead.py", "SMALL"),
        ("sizing/several.py", "PROVEN_GAP"),
    },
    "how a number is shown": {
        ("plan/explain/text.py", "10000"),
        ("plan/schedule.py", "0.01"),
        ("plan/shadow.py", "-1000"),
    },
    "what Excel holds, and how a workbook is laid out": {
        ("case/book/writer.py", "_LIST_LIMIT"),
        ("case/book/writer.py", "BLANK_PARTS"),
        ("case/book/writer.py", "LONGEST"),
    },
    "how long the name of a file may be": {("workbench/cards.py", "CARD_NAME_CHARS")},
}
ALLOWED = set().union(*METHOD.values())
HIDDEN = """
LEAST_SHARE = 0.6

def judge(share, cost):
    if share < LEAST_SHARE:
        return min(cost, 0.35)
    return cost > 7 * 1000 or share <= -0.2
"""


def test_no_number_decides_but_the_listed_ones() -> None:
    assert all_deciding() - ALLOWED == set(), "make it a rule, or say here why it is none"


def test_no_listed_number_is_gone() -> None:
    assert ALLOWED - all_deciding() == set()


def test_the_walk_sees_literals_names_and_products() -> None:
    assert deciding(HIDDEN) == {"LEAST_SHARE", "0.35", "7", "1000", "-0.2"}


@pytest.mark.parametrize("module", ["compliance/shares.py", "money/carbon.py"])
def test_a_threshold_put_into_the_code_is_found(module: str) -> None:
    text = modules()[module]
    broken = text + "\n\ndef hidden(share: float) -> bool:\n    return share >= 0.6\n"
    assert deciding(text) == set()
    assert deciding(broken) == {"0.6"}


# Rules nobody asks -----------------------------------------------------------------------------


@pytest.mark.xdist_group("asked rules")
def test_every_rule_of_every_pack_is_asked_for() -> None:
    assert set(unasked(known_rule_ids())) == set()


@pytest.mark.xdist_group("asked rules")
@pytest.mark.parametrize(
    "rule_id",
    [
        "energy.tariff.line_loss_formula",
        "energy.direct.distance",
        "land.stock.idle_years",
    ],
)
def test_a_rule_nobody_asks_is_found(rule_id: str) -> None:
    assert unasked([rule_id]) == (rule_id,)


def test_rules_of_costs_are_those_of_defaults_and_ageing() -> None:
    """Their ids are made of parts, so every pair of known words would pass for one."""
    parts = ("sources", "storages", "electrolysers", "fixed_assets")
    owned = {f"energy.cost.{name}" for name in ("discount_rate", "project_years")}
    owned |= {f"energy.cost.{name}.lifetime" for name in ("pv", "wind", "source", "storage")}
    owned |= {f"energy.cost.{name}.lifetime" for name in ("electrolyser", "fixed_asset", "grid")}
    storage = ("charge_efficiency", "discharge_efficiency", "depth_of_discharge", "fade")
    owned |= {f"energy.cost.storage.{name}" for name in storage}
    owned |= {"energy.cost.pv.degradation_first", "energy.cost.pv.degradation"}
    assert {name for name in known_rule_ids() if name.startswith("energy.cost.")} == owned
    bare = Case.model_validate({"load": "load.csv"})
    fields = dict.fromkeys(parts, ()) | {"grid": None}
    assert [item.field for item in left_out(bare, fields)] == ["discount_rate", "project_years"]
    assert set(Technology) == {"pv", "wind", "other"}


def test_packs_give_values_only_to_rules_of_the_national_pack_or_their_own() -> None:
    known = {rule.id for rule in load_rulebook(("national",), 2026).all_rules}
    for pack in set(available_packs()) - {"national", "yunnan", "chuxiong"}:
        own = {rule.id for rule in load_rulebook((pack,), 2026).all_rules} - known
        assert {name for name in own if "condition" not in name} <= {"energy.direct.max_line_km"}


def test_the_code_is_where_it_is_looked_for() -> None:
    assert len(modules()) > 60
    assert Path("compliance/shares.py").as_posix() in modules()
