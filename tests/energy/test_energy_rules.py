"""The energy rules: sourced, dated, and every id the code asks for is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from each import for_each

from greenland.rules import Confidence, Rule, available_packs, load_rulebook

CODE = Path(__file__).resolve().parents[2] / "greenland" / "energy"
BOOK = load_rulebook(("national", "yunnan"), 2026)
RULES = [
    rule
    for pack in available_packs()
    for rule in load_rulebook((pack,), 2026).all_rules
    if rule.id.startswith("energy.")
]
ASKED = sorted(
    {
        found
        for path in CODE.rglob("*.py")
        for found in re.findall(r"\"(energy(?:\.[a-z0-9_]+)+)\"", path.read_text(encoding="utf-8"))
    }
)


@pytest.mark.parametrize("rule_id", ASKED)
def test_rule_asked_for_is_there(rule_id: str) -> None:
    known = {rule.id for rule in RULES}
    assert rule_id in known or any(name.startswith(rule_id + ".") for name in known)


def test_rules_name_their_sources() -> None:
    for_each(RULES, names_its_source, lambda rule: f"{rule.id}:{rule.pack}")


def names_its_source(rule: Rule) -> None:
    assert rule.source
    assert rule.title
    assert not re.search(r"[\u4e00-\u9fff]", rule.title_en)
    assert rule.confidence is not Confidence.USER
    if rule.value is None:
        assert rule.note or rule.confidence is Confidence.TEXT
    if rule.unit == "share" and isinstance(rule.value, float):
        assert 0 <= rule.value <= 1


@pytest.mark.parametrize(
    ("rule_id", "year", "value"),
    [  # the figures and dates of the documents named in the rules
        ("energy.direct.self_use_of_generation", 2026, 0.60),
        ("energy.direct.self_use_of_consumption", 2026, 0.30),
        ("energy.direct.self_use_of_consumption", 2029, 0.30),
        ("energy.direct.self_use_of_consumption", 2030, 0.35),
        ("energy.direct.export_share", 2026, 0.20),
        ("energy.near.capacity_hours", 2026, 730),
        ("energy.zero_carbon.direct_supply", 2026, 0.50),
        ("energy.carbon.factor.zero_carbon", 2026, 0.8325),
        ("energy.carbon.factor.region", 2026, 0.4042),
        ("energy.carbon.factor.region", 2025, 0.4042),
        ("energy.carbon.factor.non_market", 2026, 0.6096),
        ("energy.carbon.factor.fossil", 2026, 0.8273),
        ("energy.carbon.factor.fossil", 2024, 0.8325),
        ("energy.carbon.factor.national", 2026, 0.5306),
        ("energy.carbon.factor.province", 2026, 0.1333),
        ("energy.tariff.funds", 2026, 0.063875),
        ("energy.tariff.line_loss", 2026, 0.0424),
        ("energy.tariff.mechanism_price", 2026, 0.3358),
        ("energy.tariff.demand_price.kv35", 2026, 37.6),
        ("energy.tariff.capacity_price.kv220", 2026, 22.5),
    ],
)
def test_values(rule_id: str, year: int, value: float) -> None:
    assert load_rulebook(("national", "yunnan"), year).number(rule_id) == value


@pytest.mark.parametrize(
    "rule_id",
    [
        "energy.near.average_load_rate",
        "energy.tariff.system_operation_fee",
        "energy.tariff.market_price",
        "energy.carbon.tce.equal_value",
    ],
)
def test_what_was_not_found_is_left_to_the_park(rule_id: str) -> None:
    assert BOOK.get(rule_id) is None
    assert "园区提供" in BOOK.rules[rule_id].note


def test_rules_before_their_date_are_not_in_force() -> None:
    earlier = load_rulebook(("national", "yunnan"), 2024)
    assert earlier.get("energy.direct.self_use_of_generation") is None
    assert earlier.get("energy.tariff.transmission.two_part.kv110") is None
