"""A park's own value for a rule has the rule's kind, or is refused with what to write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from greenland.errors import InputError
from greenland.park import read_config
from greenland.rules import Override, load_rulebook

COEFFICIENT = "land.control.building_coefficient.2023"  # a share
FLOORS = "land.control.min_floor_area_ratio.2017"  # by industry
YEARS = "land.stock.idle.not_started_years"  # a number
CRITERIA = "land.stock.inefficient.criteria"  # a list of words
BY_PEERS = "land.admission.entry.by_peers"  # true or false
SCHEME = "land.per_mu.default_scheme"  # a word
HOURS = "energy.profiles.full_load_hours_range.pv"  # least and greatest
LEFT_TO_PARK = "land.stock.inefficient.tax_per_mu"
CUT = "land.policy.quota.not_done"  # a negative share


def own(rule_id: str, value: Any) -> Any:
    book = load_rulebook(
        ("national",), 2025, overrides={rule_id: Override(value=value, source="县办法（虚构）")}
    )
    return book.rule(rule_id).value


@pytest.mark.parametrize(
    ("rule_id", "value"),
    [
        (COEFFICIENT, 0.35),
        (COEFFICIENT, 1),
        (FLOORS, 1.2),
        (FLOORS, {"38": 1.2, "3072": 0.7}),
        (YEARS, 2),
        (CRITERIA, ["class_d"]),
        (BY_PEERS, False),
        (SCHEME, "ha-2024"),
        (HOURS, [2000, 2600.0]),
        (LEFT_TO_PARK, 5),
        (CUT, -0.1),
    ],
)
def test_a_value_of_the_rules_kind_acts(rule_id: str, value: Any) -> None:
    assert own(rule_id, value) == value


@pytest.mark.parametrize(
    ("rule_id", "value", "words"),
    [
        (COEFFICIENT, "40%", "允许：0 至 1 的小数；处理：40% 请写成 0.4"),
        (COEFFICIENT, 40, "允许：0 至 1 的小数；处理：40% 请写成 0.4"),
        (COEFFICIENT, True, "请写一个数字"),
        (COEFFICIENT, -0.1, "允许：0 至 1 的小数"),
        (COEFFICIENT, [0.3, 0.4], "允许：0 至 1 的小数"),
        (COEFFICIENT, float("nan"), "允许：0 至 1 的小数"),
        (COEFFICIENT, None, "沿用规则包的值"),
        (YEARS, "1年", "请只写数字，不带单位"),
        (YEARS, float("inf"), "不为负的数字"),
        (FLOORS, {"38": "300-350"}, "“38”为不为负的数字"),
        (FLOORS, "1.2", "请只写数字"),
        (CRITERIA, "class_d", "请写成 [甲, 乙]"),
        (CRITERIA, [1], "请写文字"),
        (BY_PEERS, "no", "请写 true 或 false"),
        (BY_PEERS, 1, "请写 true 或 false"),
        (SCHEME, 2024, "请写文字"),
        (HOURS, [2600, 2000], "请把小的数写在前面"),
        (HOURS, [2600], "请写成 [下限, 上限]"),
        (LEFT_TO_PARK, "约5", "请只写数字"),
        (CUT, -1.5, "允许：-1 至 1 的小数"),
    ],
)
def test_a_value_of_another_kind_is_refused(rule_id: str, value: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        own(rule_id, value)
    assert words in str(caught.value)


def test_a_fault_stands_on_its_line(tmp_path: Path) -> None:
    (tmp_path / "park.yaml").write_text(
        "name: 甲\nlevel: 省级\ntype: 经开区\nyear: 2025\nrules:\n  packs: [national, yunan]\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"park\.yaml 第6行：没有名为“yunan”的规则包.*yunnan"):
        read_config(tmp_path).load_rules()


def test_a_pack_lies_directly_below_its_place() -> None:
    for name in (".", "..", "national/../national", "", "x" * 5000):
        with pytest.raises(InputError, match="没有名为"):
            load_rulebook((name,), 2025)
