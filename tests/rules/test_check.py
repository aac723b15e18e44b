"""``greenland rules --check`` and the pages of the packs."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from greenland.cli import cli
from greenland.rules import Confidence, available_packs, load_rulebook
from greenland.rules.check import check_rules
from greenland.rules.page import TITLES, pack_page

pytestmark = pytest.mark.xdist_group("asked rules")
DOCS = Path(__file__).resolve().parents[2] / "docs"
YUNNAN = load_rulebook(("yunnan",), 2026).all_rules


def run(*args: str) -> str:
    result = CliRunner().invoke(cli, ["rules", "--check", *args], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_what_ends_within_a_year_names_what_follows() -> None:
    found = {item.rule.id: item for item in check_rules(YUNNAN, dt.date(2026, 1, 15)).ending}
    tou = found["energy.tariff.tou.schedule"]
    assert tou.last == dt.date(2026, 2, 28)
    assert tou.successor is not None
    assert "51号" in tou.successor.document
    assert check_rules(YUNNAN, dt.date(2025, 2, 1)).ending != ()
    late = {item.rule.id for item in check_rules(YUNNAN, dt.date(2025, 2, 1)).ending}
    assert "energy.tariff.tou.schedule" not in late  # more than a year before its end


def test_counts_missing_and_unused() -> None:
    one = next(rule for rule in YUNNAN if rule.id == "energy.tariff.funds")
    rules = [
        one,
        replace(one, id="energy.tariff.line_loss", value=None, confidence=Confidence.GENERAL),
        replace(one, id="energy.tariff.nobody_asks", pack="other"),
        replace(one, id="energy.direct.export_share", valid_from=dt.date(2030, 1, 1)),
    ]
    found = check_rules(rules, dt.date(2026, 6, 1))
    assert {pack: dict(counts) for pack, counts in found.confidence.items()} == {
        "yunnan": {Confidence.SECONDARY: 1, Confidence.GENERAL: 1},
        "other": {Confidence.SECONDARY: 1},
    }
    assert [rule.id for rule in found.without_value] == ["energy.tariff.line_loss"]
    assert [rule.id for rule in found.unused] == ["energy.tariff.nobody_asks"]


def test_command_prints_each_part() -> None:
    text = run("--pack", "national", "--pack", "yunnan", "--year", "2025")
    for words in (
        "各可信度的规则条数",
        "没有数值、须由园区提供的规则",
        "一年内到期的规则",
        "2025-12-31",
    ):
        assert words in text


def test_command_as_json_is_for_every_pack() -> None:
    found = json.loads(run("--json", "--year", "2026"))
    assert set(found["confidence"]) == set(available_packs())
    assert found["day"] == "2026-12-31"
    assert all(rule["value"] is None for rule in found["without_value"])


@pytest.mark.parametrize("pack", available_packs())
def test_page_of_the_pack_is_current(pack: str) -> None:
    path = DOCS / "rules" / f"{pack}.md"
    if os.environ.get("GREENLAND_WRITE_DOCS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(pack_page(pack), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == pack_page(pack), "run with GREENLAND_WRITE_DOCS=1"


def test_every_pack_has_a_name_and_a_place_in_the_index() -> None:
    index = (DOCS / "rules/index.md").read_text(encoding="utf-8")
    assert set(TITLES) == set(available_packs())
    assert {pack for pack in available_packs() if f"\n{pack}\n" not in index} == set()
