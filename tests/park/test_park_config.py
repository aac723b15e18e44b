"""park.yaml: every fault at once, with its line; Chinese and English names."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from greenland.errors import InputError, Problem
from greenland.i18n import use_language
from greenland.park import ParkConfig, ParkLevel, ParkType, read_config

SOUND = "name: 测试园区\nlevel: 省级\ntype: 产业园区\nyear: 2025\n"


def config(tmp_path: Path, text: str) -> ParkConfig:
    (tmp_path / "park.yaml").write_text(text, encoding="utf-8")
    return read_config(tmp_path)


def problems(tmp_path: Path, text: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        config(tmp_path, text)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("国家级", ParkLevel.NATIONAL),
        ("省级", ParkLevel.PROVINCIAL),
        ("州级", ParkLevel.PREFECTURAL),
        ("县（市、区）级", ParkLevel.COUNTY),
        ("county", ParkLevel.COUNTY),
        ("州（市）级", ParkLevel.PREFECTURAL),
        ("provincial", ParkLevel.PROVINCIAL),
        ("National", ParkLevel.NATIONAL),
    ],
)
def test_levels(tmp_path: Path, word: str, level: ParkLevel) -> None:
    assert config(tmp_path, SOUND.replace("省级", word)).level is level


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("经开区", ParkType.ECONOMIC_DEVELOPMENT),
        ("高新区", ParkType.HIGH_TECH),
        ("边境经济合作区", ParkType.BORDER),
        ("综合保税区", ParkType.BONDED),
        ("工业园区", ParkType.INDUSTRIAL_PARK),
        ("industrial_park", ParkType.INDUSTRIAL_PARK),
    ],
)
def test_types(tmp_path: Path, word: str, kind: ParkType) -> None:
    assert config(tmp_path, SOUND.replace("产业园区", word)).type is kind


def test_day_of_assessment(tmp_path: Path) -> None:
    assert config(tmp_path, SOUND).day == dt.date(2025, 12, 31)
    assert config(tmp_path, SOUND + "as_of: 2026-03-31\n").day == dt.date(2026, 3, 31)


def test_unknown_key_names_the_nearest_and_its_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, SOUND + "ruels:\n  packs: [national]\n")
    assert problem.row == 5
    assert "不认识的项“ruels”" in problem.message
    assert "是否应为“rules”" in problem.remedy


def test_unknown_level_names_what_is_allowed(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, SOUND.replace("省级", "乡级"))
    assert "国家级、省级、州级" in problem.message
    assert problem.row == 2


def test_every_fault_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path, 'name: ""\nlevel: 乡级\ntype: 经开\nyear: 25\nseries: {a: {fil: x}}\n'
    )
    assert len(found) == 5


def test_overrides_need_a_source(tmp_path: Path) -> None:
    text = SOUND + "rules:\n  overrides:\n    land.data.unit_ratio: {value: 5}\n"
    (problem,) = problems(tmp_path, text)
    assert "缺少必填项" in problem.message
    assert problem.row == 7


def test_overrides_act_and_show(tmp_path: Path) -> None:
    text = SOUND + "rules:\n  overrides:\n    land.data.unit_ratio: {value: 5, source: 测试}\n"
    rule = config(tmp_path, text).load_rules().rule("land.data.unit_ratio")
    assert (rule.value, rule.overridden) == (5, True)
    assert rule.replaces is not None
    assert rule.replaces.value == 1000


def test_tree_keeps_lines(tmp_path: Path) -> None:
    tree = config(tmp_path, SOUND + "land:\n  per_mu: {scheme: a}\n").tree
    assert tree["land"].lines["per_mu"] == 6


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"文件夹中没有 park\.yaml.*greenland init"):
        read_config(tmp_path)


def test_messages_in_english_name_the_labels(tmp_path: Path) -> None:
    with use_language("en"):
        (problem,) = problems(tmp_path, SOUND.replace("省级", "village"))
    assert problem.row == 2
