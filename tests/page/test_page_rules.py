"""Rules in force for a park, and its own values written into park.yaml."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from greenland.errors import InputError
from greenland.park.config import read_config
from greenland.park.overrides import with_override
from greenland.yamlfile import plain
from greenland.yamltree import parse_tree

# which rules the code asks for is read from its sources once, by one worker
pytestmark = pytest.mark.xdist_group("asked rules")
YAML = """\
# 园区设置（虚构）
name: 规则园区
level: 省级
type: 经济技术开发区   # 类型
year: 2026

rules:
  packs: [national, yunnan]   # 由通用到地方
  overrides:
    # 园区方案的上网比例
    energy.direct.export_share:
      value: 0.25   # 方案
      source: 园区方案（虚构）

# 土地部分
land:
  per_mu: {scheme: yunnan-output-floor}
"""
EXPORT = "energy.direct.export_share"
GREEN = "energy.direct.self_use_of_consumption"


@pytest.fixture
def park(root: Path) -> Path:
    folder = root / "甲"
    folder.mkdir()
    (folder / "park.yaml").write_text(YAML, encoding="utf-8")
    return folder


def posted(client: FlaskClient, rule_id: str, **given: str) -> Any:
    form = {"value": "", "source": "", "clause": "", "valid_from": "", "valid_to": "", **given}
    return client.post(f"/rules/甲/{rule_id}", data=form)


# -- the file ------------------------------------------------------------------------------------


def test_a_new_value_stands_below_the_others_and_all_else_stays() -> None:
    after = with_override(YAML, GREEN, {"value": 0.4, "source": "州方案：第三条 #2"})
    put = f'    {GREEN}:\n      value: 0.4\n      source: "州方案：第三条 #2"\n'
    assert after == YAML.replace(
        "      source: 园区方案（虚构）\n", f"      source: 园区方案（虚构）\n{put}"
    )


def test_a_value_that_stands_is_written_anew_with_its_comments() -> None:
    after = with_override(YAML, EXPORT, {"value": 0.3, "source": "新方案"})
    old = "      value: 0.25   # 方案\n      source: 园区方案（虚构）\n"
    assert after == YAML.replace(old, '      value: 0.3   # 方案\n      source: "新方案"\n')


def test_the_last_value_taken_away_leaves_no_empty_key() -> None:
    after = with_override(YAML, EXPORT, None)
    assert "overrides: {}" in after
    assert "# 园区方案的上网比例" in after
    assert plain(parse_tree(after, "x"))["rules"]["overrides"] == {}
    again = with_override(after, EXPORT, {"value": 0.25, "source": "x"})
    assert plain(parse_tree(again, "x"))["rules"]["overrides"][EXPORT]["value"] == 0.25


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name: 甲\n",
        "name: 甲",
        "rules:\nname: 甲\n",
        "rules:\n  packs: [national]\n",
        "rules:\n    packs:\n        - national\nname: 甲\n",
        "rules:\n  overrides:\n  packs: [national]\n",
        "rules:\n  overrides: {}  # 暂无\n",
        "name: 甲\nrules:\n  packs: [national]\n\n# 以下为土地\nland: {}\n",
    ],
)
def test_wherever_rules_stand_the_value_is_put(text: str) -> None:
    after = with_override(text, "a.b", {"value": [1, 2], "source": "x"})
    tree = plain(parse_tree(after, "x"))
    assert tree["rules"]["overrides"]["a.b"] == {"value": [1, 2], "source": "x"}
    before = plain(parse_tree(text, "x")) if text else {}
    assert {key: value for key, value in tree.items() if key != "rules"} == {
        key: value for key, value in before.items() if key != "rules"
    }
    for line in text.splitlines():
        if "#" in line:
            assert line[line.index("#") :] in after


def test_what_stands_in_one_line_is_left_to_people() -> None:
    with pytest.raises(InputError, match="rules 部分的写法无法自动修改") as caught:
        with_override("rules: {packs: [national]}\n", "a.b", {"value": 1, "source": "x"})
    assert caught.value.problems[0].row == 1


def test_values_put_and_taken_in_any_order_come_to_what_they_say() -> None:
    """Drawn steps on one file, each against the plain mapping they are to come to."""
    chance = random.Random(7)
    ids = [EXPORT, "a.b", "c.d", "e.f"]
    values: list[Any] = [0.5, True, "文字: # 不是注释", [0.1, 0.2], {"甲": 1}, -3, "12"]
    text, expected = YAML, {EXPORT: {"value": 0.25, "source": "园区方案（虚构）"}}
    for _step in range(60):
        rule_id = chance.choice(ids)
        override = None
        if chance.random() < 0.6:
            override = {"value": chance.choice(values), "source": chance.choice(["甲", "乙 #1"])}
            expected[rule_id] = override
        else:
            expected.pop(rule_id, None)
        text = with_override(text, rule_id, override)
        tree = plain(parse_tree(text, "x"))
        assert tree["rules"]["overrides"] == expected
        assert tree["land"] == {"per_mu": {"scheme": "yunnan-output-floor"}}
    for comment in ("# 园区设置（虚构）", "# 类型", "# 由通用到地方", "# 土地部分"):
        assert comment in text


# -- the page ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_rules_are_shown_by_source_with_confidence(client: FlaskClient, park: Path) -> None:
    page = client.get("/rules/甲/").get_data(as_text=True)
    assert "发改能源〔2025〕650号" in page
    assert "园区方案（虚构）" in page
    assert "须由园区提供" in page
    assert "原文" in page
    assert client.get("/rules/").headers["Location"].endswith("/rules/%E7%94%B2/")
    rule = client.get(f"/rules/甲/{EXPORT}").get_data(as_text=True)
    assert "替换了" in rule
    assert 'value="0.25"' in rule
    assert client.get("/rules/甲/energy.nothing").status_code == 404
    assert client.get("/rules/无/").status_code == 404


@pytest.mark.slow
def test_a_value_is_written_with_its_source_and_the_old_file_kept(
    client: FlaskClient, park: Path
) -> None:
    answer = posted(client, GREEN, value="0.4", source="州方案", valid_from="2026-01-01")
    assert answer.status_code == 302
    config = read_config(park)
    own = config.rules.overrides[GREEN]
    assert (own.value, own.source, str(own.valid_from)) == (0.4, "州方案", "2026-01-01")
    assert config.load_rules().number(GREEN) == 0.4
    (old,) = (park / "versions").iterdir()
    assert old.read_text(encoding="utf-8") == YAML
    page = client.get(f"/rules/甲/{GREEN}").get_data(as_text=True)
    assert "已写入 park.yaml" in page
    assert client.post(f"/rules/甲/{GREEN}", data={"act": "remove"}).status_code == 302
    assert GREEN not in read_config(park).rules.overrides


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule_id", "given", "words"),
    [
        (GREEN, {"value": "40", "source": "x"}, "40% 请写成 0.4"),
        (GREEN, {"value": "四成", "source": "x"}, "0 至 1 的小数"),
        (GREEN, {"value": "0.4"}, "没有填写来源"),
        (GREEN, {}, "没有填写数值、来源"),
        (GREEN, {"value": "0.4", "source": "x", "valid_from": "明年"}, "日期应写成"),
        (
            GREEN,
            {"value": "0.4", "source": "x", "valid_from": "2026-02-01", "valid_to": "2026-01-01"},
            "valid_from 晚于 valid_to",
        ),
        ("energy.direct.nothing", {"value": "1", "source": "x"}, ""),
    ],
)
def test_what_a_rule_cannot_be_is_refused_and_nothing_written(
    client: FlaskClient, park: Path, rule_id: str, given: dict[str, str], words: str
) -> None:
    answer = posted(client, rule_id, **given)
    assert answer.status_code == (400 if words else 404)
    assert words in answer.get_data(as_text=True)
    assert (park / "park.yaml").read_text(encoding="utf-8") == YAML
    assert not (park / "versions").exists()


@pytest.mark.slow
def test_what_is_filled_in_is_escaped(client: FlaskClient, park: Path) -> None:
    evil = '"><script>alert(1)</script>'
    page = posted(client, GREEN, value=evil, source=evil).get_data(as_text=True)
    assert "<script>alert" not in page
    posted(client, GREEN, value="0.4", source=evil)
    assert read_config(park).rules.overrides[GREEN].source == evil
    assert "<script>alert" not in client.get("/rules/甲/").get_data(as_text=True)
