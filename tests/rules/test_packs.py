"""The packs that come with the package: every rule says what it is and where it is from."""

from __future__ import annotations

import re

import pytest
from each import for_each

from greenland.rules import Confidence, Origin, Rule, available_packs, load_rulebook
from greenland.units import factor

RULES = [rule for pack in available_packs() for rule in load_rulebook((pack,), 2026).all_rules]


def name(rule: Rule) -> str:
    return f"{rule.pack}-{rule.id}-{rule.valid_from}"


def test_packs_that_are_there() -> None:
    assert set(available_packs()) >= {"national", "yunnan", "chuxiong"}


def test_all_packs_load_together() -> None:
    assert load_rulebook(("national", "yunnan", "chuxiong"), 2026).rules


def test_every_rule_has_its_source() -> None:
    for_each(RULES, has_its_source, name)


def has_its_source(rule: Rule) -> None:
    assert rule.id.split(".")[0] in ("land", "energy")
    assert rule.title
    assert rule.title_en
    assert not re.search(r"[\u4e00-\u9fff]", rule.title_en)
    assert bool(rule.note) == bool(rule.note_en), "people read the note in both languages"
    assert bool(rule.document) == (rule.origin is Origin.DOCUMENT)
    assert rule.source
    assert rule.confidence is not Confidence.USER
    if rule.valid_from and rule.valid_to:
        assert rule.valid_from <= rule.valid_to


# Words of ours, or of nobody in particular: a document has a title or a number.
NO_TITLE = re.compile(r"本项目|本软件|园区|通行|常识|常用|公开(的|实现|测算)|假定|选择|约定|缺省")
TITLE = re.compile(
    r"[《〔]|号|法$|法[；（]|附加|GB/T|TP-|公告|通报|方案|电价表|煤耗|功率曲线库|条例"
)


def test_a_document_is_a_title_or_a_number() -> None:
    for_each(RULES, has_a_title_or_a_number, name)


def has_a_title_or_a_number(rule: Rule) -> None:
    if rule.document:
        named = re.sub(r"《[^》]*》", "《》", rule.document)
        assert TITLE.search(rule.document)
        assert not NO_TITLE.search(named)


@pytest.mark.parametrize("pack", available_packs())
def test_versions_of_a_rule_begin_on_different_days(pack: str) -> None:
    begins = [(rule.id, rule.valid_from) for rule in load_rulebook((pack,), 2026).all_rules]
    twice = {item for item in begins if begins.count(item) > 1}
    assert not twice, "which of them is in force would depend on the order of files"


def test_units_are_known() -> None:
    units = ("亩", "公顷", "万元/亩", "万元/公顷", "share", "年")
    for_each([rule for rule in RULES if rule.unit in units], unit_is_known, name)


def unit_is_known(rule: Rule) -> None:
    if rule.unit != "share":
        assert factor(rule.unit, rule.unit) == 1.0
    elif isinstance(rule.value, int | float):
        assert -1 <= rule.value <= 2, "shares are decimals"
