"""What a case leaves out of its economics and storages comes from the rules, and is said so."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest
from model_sites import index

from greenland.energy.case import LoadedCase, read_case
from greenland.energy.case.assumptions import assumptions_of
from greenland.energy.case.defaults import FIELDS, SITE_FIELDS, left_out
from greenland.energy.problem.annuity import annuity_factor
from greenland.errors import InputError
from greenland.rules import Override, Rulebook, load_rulebook

CASE = """
load: load.csv
sources:
  - {name: pv, technology: pv, profile: {file: output.csv, column: pv}, capex: 2700, max_mw: 80}
  - {name: mill, technology: wind, profile: {file: output.csv, column: wind}, capex: 3600}
  - {name: water, technology: other, profile: {file: output.csv, column: wind}, capex: 9000}
storages:
  - {name: battery, energy_capex: 700}
fixed_assets:
  - {name: line, capex: 2.0e+7}
grid: {import_price: 0.5, export_price: 0.1, max_capacity_mw: 80, capex: 300}
"""
BOOK = load_rulebook(("national",), 2027)


def loaded(folder: Path, text: str = CASE) -> LoadedCase:
    times = index(48)
    pd.DataFrame({"时间": times, "负荷": 50.0}).to_csv(folder / "load.csv", index=False)
    output = pd.DataFrame({"时间": times, "pv": 0.5, "wind": 0.3})
    output.to_csv(folder / "output.csv", index=False)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return read_case(folder / "case.yaml")


def origins(case: LoadedCase, book: Rulebook = BOOK) -> dict[str, tuple[object, str, str | None]]:
    rows = assumptions_of(case, case.site(book), None, book)
    return {row["item"]: (row["value"], row["source"], row["rule_id"]) for row in rows}


def test_every_default_has_its_rule(tmp_path: Path) -> None:
    case = loaded(tmp_path)
    asked = {item.rule_id for item in left_out(case.case, case.fields)}
    assert {one for one in asked if BOOK.get(one) is None} == set()
    assert {item.field for item in left_out(case.case, case.fields)} == {
        *SITE_FIELDS,
        *(field for fields in FIELDS.values() for field in fields),
    }


def test_a_battery_without_efficiencies_is_not_lossless(tmp_path: Path) -> None:
    case = loaded(tmp_path)
    (battery,) = case.site(BOOK).storages
    assert (battery.charge_efficiency, battery.discharge_efficiency) == (0.94, 0.94)
    assert (battery.usable_share, battery.lifetime) == (pytest.approx(0.85), 12)
    said = origins(case)
    for field in ("charge_efficiency", "discharge_efficiency", "depth_of_discharge", "lifetime"):
        _value, source, rule_id = said[f"battery.{field}"]
        assert source.startswith("缺省值：")
        assert rule_id == f"energy.cost.storage.{field}"


def test_lifetimes_go_by_technology(tmp_path: Path) -> None:
    site = loaded(tmp_path).site(BOOK)
    assert [item.lifetime for item in site.sources] == [25, 20, 25]
    assert site.fixed_assets[0].lifetime == 25
    assert (site.discount_rate, site.project_years) == (0.07, 25)


def test_what_the_case_says_is_the_cases(tmp_path: Path) -> None:
    text = CASE.replace(
        "energy_capex: 700}", "energy_capex: 700, lifetime: 9, charge_efficiency: 1.0}"
    )
    case = loaded(tmp_path, text + "discount_rate: 0.05\nassumptions: {discount_rate: 集团规定}\n")
    (battery,) = case.site(BOOK).storages
    assert (battery.lifetime, battery.charge_efficiency) == (9, 1.0)
    said = origins(case)
    assert said["battery.charge_efficiency"] == (1.0, "案例文件给定，未注明来源", None)
    assert said["discount_rate"] == (0.05, "集团规定", None)
    assert said["project_years"][1].startswith("缺省值：")


def test_lowest_state_of_charge_stands_for_the_depth(tmp_path: Path) -> None:
    text = CASE.replace("energy_capex: 700}", "energy_capex: 700, min_soc: 0.3}")
    case = loaded(tmp_path, text)
    assert case.site(BOOK).storages[0].usable_share == pytest.approx(0.7)
    assert "energy.cost.storage.depth_of_discharge" not in {
        one[2] for one in origins(case).values()
    }


def test_an_override_of_a_default_acts(tmp_path: Path) -> None:
    own = {"energy.cost.discount_rate": Override(value=0.04, source="虚构")}
    book = load_rulebook(("national",), 2027, overrides=own)
    case = loaded(tmp_path)
    assert case.site(book).discount_rate == 0.04
    assert annuity_factor(0.04, 25) > annuity_factor(0.07, 25)
    assert origins(case, book)["discount_rate"][2] == "energy.cost.discount_rate"


def test_without_a_rule_all_are_asked_for(tmp_path: Path) -> None:
    bare = dataclasses.replace(BOOK, rules={})
    with pytest.raises(InputError) as caught:
        loaded(tmp_path).site(bare)
    said = [problem.column for problem in caught.value.problems]
    assert {"discount_rate", "battery.charge_efficiency", "mill.lifetime"} <= set(said)
