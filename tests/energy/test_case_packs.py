"""The packs a case loads, why, and what a message about a missing value says of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from greenland.energy.case.packs import packs_of, packs_used
from greenland.energy.case.schema import Case
from greenland.energy.case_checks import case_problems
from greenland.energy.evaluate import evaluate_file
from greenland.errors import RuleNotFoundError
from greenland.rules import available_packs, load_rulebook
from greenland.rules.holders import PROVINCES, WITHOUT_PACK, where_held

TARIFF = """
load: load.csv
year: 2026
grid: {capacity_mw: 5}
tariff:
  {mode: two_part, billing: demand, voltage: 110kV, market_price: 0.3, market_price_floats: false}
"""


def case(**fields: object) -> Case:
    return Case.model_validate({"load": "load.csv"} | fields)


def write(folder: Path, text: str) -> Path:
    hours = pd.date_range("2026-01-01", periods=24, freq="h")
    pd.Series(0.5, index=hours.rename("时间"), name="负荷(MW)").to_csv(folder / "load.csv")
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_province_loads_its_pack() -> None:
    found = packs_of(case(province="云南省"))
    assert [one.pack for one in found] == ["national", "yunnan"]
    assert "province 为云南" in str(found[1].why)
    assert found[1].title == "yunnan（云南省）"


@pytest.mark.parametrize(
    ("rules", "packs"),
    [
        (None, ["national"]),
        ({"packs": ["national", "qinghai"]}, ["national", "qinghai"]),
    ],
)
def test_without_a_province_packs_are_as_written(
    rules: dict[str, list[str]] | None, packs: list[str]
) -> None:
    assert [one.pack for one in packs_of(case(rules=rules))] == packs


def test_a_pack_is_not_loaded_twice() -> None:
    found = packs_of(case(province="云南", rules={"packs": ["national", "yunnan"]}))
    assert [one.pack for one in found] == ["national", "yunnan"]


def test_in_a_park_the_packs_are_those_of_the_park() -> None:
    found = packs_used(case(), ("national", "yunnan", "chuxiong"))
    assert [one.pack for one in found] == ["national", "yunnan", "chuxiong"]
    assert all("园区" in str(one.why) for one in found)


def test_every_province_with_a_pack_is_known() -> None:
    assert {*PROVINCES.values(), "national", "chuxiong"} == set(available_packs())
    assert len({*PROVINCES, *WITHOUT_PACK}) == 34  # GB/T 2260


def test_a_province_misspelt_is_refused(tmp_path: Path) -> None:
    (found,) = case_problems(write(tmp_path, "load: load.csv\nprovince: 云南州\n"))
    assert "没有省级行政区“云南州”" in found.message
    assert "云南" in found.message


def test_a_missing_price_names_the_pack_that_has_it(tmp_path: Path) -> None:
    found = {one.column: one.message for one in case_problems(write(tmp_path, TARIFF))}
    message = found["tariff.funds"]
    assert "已加载规则包：national" in message
    assert "yunnan（云南省）有 2026 年的数值" in message
    assert "province: yunnan" in message
    # what no pack has is not promised
    assert "现有的规则包都没有 2026 年的数值" in found["tariff.system_operation_fee"]


def test_with_the_province_the_price_is_there(tmp_path: Path) -> None:
    found = {one.column for one in case_problems(write(tmp_path, TARIFF + "province: 云南\n"))}
    assert "tariff.funds" not in found
    assert "tariff.system_operation_fee" in found


def test_a_province_without_a_pack_is_a_doubt(tmp_path: Path) -> None:
    text = "load: load.csv\ngrid: {import_price: 0.5}\nyear: 2026\nprovince: 广东\n"
    result = evaluate_file(write(tmp_path, text))
    assert [item.code for item in result.warnings if item.column == "province"] == ["province_pack"]
    record = result.to_record()
    assert record["packs"] == [
        {
            "pack": "national",
            "title": "national（全国）",
            "why": "案例没有写 rules.packs，全国规则包总是加载",
        }
    ]


def test_a_rule_not_found_names_its_packs() -> None:
    book = load_rulebook(("national",), 2026)
    with pytest.raises(RuleNotFoundError) as caught:
        book.rule("energy.tariff.funds")
    assert "含有该规则的规则包：yunnan" in str(caught.value)
    assert "yunnan" in str(where_held(book, "energy.tariff.funds"))


def test_everything_wrong_is_said_in_one_round(tmp_path: Path) -> None:
    """A wrong key, a wrong value, curves that are not there, prices nobody gives."""
    text = TARIFF.replace("load.csv", "none.csv").replace("0.3", "abc") + (
        "sources: [{name: pv, profile: sun.csv, capex: 2700, lifetim: 25}]\n"
    )
    found = case_problems(write(tmp_path, text))
    said = "\n".join(one.message for one in found)
    assert "lifetim" in said
    assert "tariff.market_price" in said
    assert "none.csv" in said
    assert "sun.csv" in said
    assert "tariff.funds" in [one.column for one in found]
    # what was taken out as wrong is not called missing
    assert "tariff.market_price" not in [one.column for one in found]
