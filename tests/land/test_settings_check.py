"""Names and values below ``land:`` and in schemes are checked before anything is evaluated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from greenland.assessment import assess
from greenland.errors import Problem
from greenland.land.settings_check import settings_problems
from greenland.park import read_park, write_blank

HEAD = (
    "name: 甲（虚构）\nlevel: 省级\ntype: 经开区\nyear: 2025\nrules: {packs: [national, yunnan]}\n"
)
PER_MU = """\
id: county
title: 县办法（虚构）
title_en: county
document: 虚构
confidence: assumption
groups:
  above_scale:
    items:
      - {indicator: tax_per_mu, weight: 100, benchmark: {method: group_mean}}
classes:
  method: share
  bounds: [{class: A, share: 0.5}, {class: B, share: 1.0}]
vetoes:
  - {when: below, indicator: tax_per_mu, value: 3}
"""
REVIEW = """\
id: own
title: 自拟（虚构）
title_en: own
document: 虚构
confidence: assumption
reverse: [idle_land_rate]
ideal_sets: {default: [general]}
trees:
  industrial:
    - {indicator: land_supply_rate, weight: 0.5}
    - {indicator: idle_land_rate, weight: 0.5}
"""


def found(folder: Path, land: str, scheme: str = "") -> list[Problem]:
    write_blank(folder)
    (folder / "park.yaml").write_text(HEAD + land, encoding="utf-8")
    (folder / "s.yaml").write_text(scheme, encoding="utf-8")
    return settings_problems(read_park(folder))


@pytest.mark.parametrize(
    ("section", "scheme"), [("per_mu", PER_MU), ("review", REVIEW)], ids=["per_mu", "review"]
)
def test_a_sound_scheme_is_taken(tmp_path: Path, section: str, scheme: str) -> None:
    assert not found(tmp_path, f"land: {{{section}: {{scheme: s.yaml}}}}\n", scheme)


@pytest.mark.parametrize(
    ("section", "old", "new", "row", "words"),
    [
        ("per_mu", "value: 3", "rule: land.per_mu.min_tax", 14, "没有规则“land.per_mu.min_tax”"),
        ("per_mu", ", value: 3", "", 14, "须给出指标"),
        ("per_mu", "value: 3", "value: 3, rule: 'land.per_mu.trend_years'", 14, "之一"),
        ("per_mu", "tax_per_mu, w", "tax_per_muu, w", 9, "是否应为“tax_per_mu”"),
        ("review", "[idle_land_rate]", "[idle_rate]", 6, "是否应为“idle_land_rate”"),
        ("review", "  industrial:", "  industry:", 9, "是否应为“industrial”"),
        ("review", "[general]", "[generl]", 7, "是否应为“general”"),
        ("review", "{default:", "{defaults:", 7, "是否应为“default”"),
    ],
)
def test_an_unknown_name_in_a_scheme_is_refused(
    tmp_path: Path, section: str, old: str, new: str, row: int, words: str
) -> None:
    scheme = (PER_MU if section == "per_mu" else REVIEW).replace(old, new)
    (problem,) = found(tmp_path, f"land: {{{section}: {{scheme: s.yaml}}}}\n", scheme)
    assert words in str(problem)
    assert (problem.file, problem.row, problem.touches) == ("s.yaml", row, (f"land.{section}",))


@pytest.mark.parametrize(
    ("land", "words"),
    [
        ("land: {permu: {scheme: ha-2024}}\n", "第6行：不认识的项“land.permu”.*per_mu"),
        ("land: {per_mu: {schema: ha-2024}}\n", "第6行：不认识的项“land.per_mu.schema”.*scheme"),
        ("land: {per_mu: {scheme: ha-2023}}\n", "第6行：没有名为“ha-2023”的.*ha-2024"),
        ("land: {per_mu: {scheme: nothere.yaml}}\n", "找不到文件"),
        ("land: {review: {last_full_year: true}}\n", "应为数字，不能是 true"),
        (
            "land: {per_mu: {benchmarks: {above_scale: {tax: {value: 1, source: x}}}}}\n",
            "没有“tax”.*output_per_mu",
        ),
    ],
)
def test_a_fault_below_land_is_told_by_validate(tmp_path: Path, land: str, words: str) -> None:
    (problem,) = found(tmp_path, land)
    assert re.search(words, str(problem))


def test_an_evaluation_with_a_fault_is_not_made_another_way(tmp_path: Path) -> None:
    found(tmp_path, "land: {permu: {scheme: ha-2024}}\n")
    result = assess(tmp_path, parts={"land.per_mu"})
    assert result.has_errors
    assert "land.per_mu" in result.not_evaluated()
