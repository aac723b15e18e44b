"""Rules: dated, chosen by pack and year, overridden with a source and shown as such."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from greenland.errors import InputError, RuleNotFoundError
from greenland.i18n import use_language
from greenland.rules import Confidence, Override, Rulebook, available_packs, load_rulebook

FLOOR = """\
rules:
  - id: land.test.floor
    value: {value}
    unit: 万元/亩
    title: 测试下限
    title_en: test floor
    document: {document}
    clause: 第三条
    confidence: text
    valid_from: {first}
    valid_to: {last}
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A general pack with two dated versions, and a local one that begins later."""

    def write(pack: str, name: str, **parts: object) -> None:
        folder = tmp_path / pack
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.yaml").write_text(FLOOR.format(**parts), encoding="utf-8")

    write("general", "old", value=400, document="旧文", first="2015-01-01", last="2022-06-30")
    write("general", "new", value=500, document="新文", first="2022-07-01", last="~")
    write("local", "own", value=600, document="州文", first="2024-01-01", last="~")
    return tmp_path


def book(packs: Path, year: int, *names: str, own: Override | None = None) -> Rulebook:
    overrides = {} if own is None else {"land.test.floor": own}
    return load_rulebook(names or ("general",), year, overrides=overrides, folders=[packs])


@pytest.mark.parametrize(("year", "value"), [(2015, 400), (2021, 400), (2022, 500), (2030, 500)])
def test_rule_in_force_at_the_end_of_the_year(packs: Path, year: int, value: int) -> None:
    assert book(packs, year).number("land.test.floor") == value


@pytest.mark.parametrize(("year", "value"), [(2023, 500), (2024, 600)])
def test_later_pack_wins_once_in_force(packs: Path, year: int, value: int) -> None:
    assert book(packs, year, "general", "local").number("land.test.floor") == value


def test_order_of_packs_is_from_general_to_local(packs: Path) -> None:
    assert book(packs, 2024, "local", "general").number("land.test.floor") == 500


def test_other_year_of_the_same_book(packs: Path) -> None:
    assert book(packs, 2030).as_of(2016).number("land.test.floor") == 400


def test_no_rule_in_force(packs: Path) -> None:
    with pytest.raises(RuleNotFoundError, match=r"“land\.test\.floor”在 2010 年没有有效条文"):
        book(packs, 2010).rule("land.test.floor")
    assert book(packs, 2010).get("land.test.floor") is None


def test_rule_without_value_is_left_to_the_park(packs: Path) -> None:
    (packs / "general" / "new.yaml").write_text(
        FLOOR.format(value="~", document="新文", first="2022-07-01", last="~"), encoding="utf-8"
    )
    rules = book(packs, 2025)
    assert rules.rule("land.test.floor").value is None
    assert rules.get("land.test.floor") is None
    with pytest.raises(RuleNotFoundError, match="overrides"):
        rules.number("land.test.floor")


def test_override_wins_and_shows(packs: Path) -> None:
    rules = book(packs, 2025, own=Override(value=450, source="管委会〔2025〕8号"))
    rule = rules.rule("land.test.floor")
    assert (rule.value, rule.unit) == (450, "万元/亩")
    assert rule.overridden
    assert rule.confidence is Confidence.USER
    record = rule.as_record()
    assert record["overridden"] is True
    assert record["document"] == "管委会〔2025〕8号"
    assert record["replaces"]["value"] == 500


def test_override_of_an_unknown_rule_names_the_nearest() -> None:
    overrides = {"land.data.unit_ration": Override(value=1, source="x")}
    with pytest.raises(InputError, match=r"是否应为“land\.data\.unit_ratio”"):
        load_rulebook(("national",), 2025, overrides=overrides)


def test_override_in_another_unit(packs: Path) -> None:
    with pytest.raises(InputError, match="单位与规则包不一致"):
        book(packs, 2025, own=Override(value=30, source="x", unit="万元/公顷"))


def test_unknown_pack_names_the_nearest() -> None:
    with pytest.raises(InputError, match="没有名为“yunan”的规则包") as caught:
        load_rulebook(("national", "yunan"), 2025)
    (problem,) = caught.value.problems
    assert "是否应为“yunnan”" in problem.remedy
    assert problem.allowed == "、".join(available_packs())


def test_number_of_a_rule_that_is_none(packs: Path) -> None:
    (packs / "general" / "new.yaml").write_text(
        FLOOR.format(value="高", document="新文", first="2022-07-01", last="~"), encoding="utf-8"
    )
    with pytest.raises(TypeError, match=r"land\.test\.floor"):
        book(packs, 2025).number("land.test.floor")


def test_an_evaluation_lists_the_rules_it_asks_for(packs: Path) -> None:
    rules = book(packs, 2025).consulted()
    assert rules.asked == set()
    rules.number("land.test.floor")
    assert rules.asked == {"land.test.floor"}
    rules.as_of(2024).find("land.test.floor")
    assert rules.asked == {"land.test.floor"}
    assert [rule.id for rule in rules.under("land.test")] == ["land.test.floor"]


def test_names_follow_the_language(packs: Path) -> None:
    rule = book(packs, 2025).rule("land.test.floor")
    assert (rule.name, rule.source) == ("测试下限", "新文 第三条")
    with use_language("en"):
        assert rule.name == "test floor"


def test_faulty_pack_file_is_reported_with_its_line(packs: Path) -> None:
    (packs / "local" / "bad.yaml").write_text(
        "rules:\n  - id: land.x\n    value: 1\n    titel: 甲\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        book(packs, 2025, "general", "local")
    messages = [str(problem) for problem in caught.value.problems]
    assert any("bad.yaml 第4行" in text and "是否应为“title”" in text for text in messages)


def test_in_force_includes_first_and_last_day(packs: Path) -> None:
    old = next(rule for rule in book(packs, 2016).all_rules if rule.document == "旧文")
    assert old.in_force(dt.date(2015, 1, 1))
    assert old.in_force(dt.date(2022, 6, 30))
    assert not old.in_force(dt.date(2022, 7, 1))
