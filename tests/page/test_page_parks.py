"""The list of parks, a new one by form, and its settings."""

from __future__ import annotations

from pathlib import Path

import page_park
import pytest
from flask.testing import FlaskClient

from greenland.park import read_config
from greenland.park.blank_yaml import blank_yaml
from greenland.park.setting import with_settings, without_setting

FORM = {"name": "新园区", "level": "county", "type": "high_tech", "year": "2025", "code": "YQ7"}


def test_a_new_park_by_form(client: FlaskClient, root: Path) -> None:
    answer = client.post("/new", data=FORM)
    assert answer.status_code == 302
    config = read_config(root / "新园区")
    assert (config.name, config.level, config.type, config.year, config.code) == (
        *("新园区", "county", "high_tech", 2025, "YQ7"),
    )
    text = (root / "新园区" / "park.yaml").read_text(encoding="utf-8")
    assert len(text.splitlines()) == len(blank_yaml().splitlines())  # every hint is there
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "下一步：下载空白工作簿" in page
    listed = client.get("/").get_data(as_text=True)
    assert "新园区" in listed
    assert "县级" in listed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "名称是空的"),
        ({"name": "a/b"}, "不能有“/”"),
        ({"name": "nul"}, "设备名"),
        ({"year": "1850"}, "year"),
        ({"year": "今年"}, "year"),
        ({"year": ""}, "year"),
        ({"level": "乡级"}, "不在允许范围内"),
        ({"type": ""}, "不在允许范围内"),
        ({"code": "x" * 41}, "code"),
    ],
)
def test_what_is_wrong_with_the_form(
    client: FlaskClient, root: Path, change: dict[str, str], words: str
) -> None:
    answer = client.post("/new", data=FORM | change)
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)
    assert list(root.iterdir()) == []


def test_what_was_typed_stays(client: FlaskClient) -> None:
    page = client.post("/new", data=FORM | {"year": "x"}).get_data(as_text=True)
    assert 'value="新园区"' in page
    assert '<option value="county" selected>' in page


def test_a_park_is_made_once(client: FlaskClient, root: Path) -> None:
    client.post("/new", data=FORM)
    before = (root / "新园区" / "park.yaml").read_bytes()
    answer = client.post("/new", data=FORM | {"year": "2024"})
    assert "已有名为" in answer.get_data(as_text=True)
    assert (root / "新园区" / "park.yaml").read_bytes() == before


def test_settings_are_changed_and_the_rest_stays(client: FlaskClient, root: Path) -> None:
    folder = page_park.write_park(root / "甲", yaml="# 我的说明\n" + page_park.YAML)
    given = {"name": "测试园区", "level": "provincial", "type": "industrial_park", "year": "2026"}
    client.post("/park/甲/settings", data=given)
    text = (folder / "park.yaml").read_text(encoding="utf-8")
    assert text.startswith("# 我的说明\n")
    assert "  packs: [national, yunnan]\n" in text
    assert read_config(folder).year == 2026
    (old,) = (folder / "versions").iterdir()
    assert "year: 2025" in old.read_text(encoding="utf-8")
    assert client.post("/park/甲/settings", data=given | {"year": "0"}).status_code == 400
    assert read_config(folder).year == 2026


def test_a_faulty_park_is_shown_with_what_is_wrong(client: FlaskClient, root: Path) -> None:
    (root / "坏").mkdir()
    (root / "坏" / "park.yaml").write_text("name: 坏\nlevel 省级\n", encoding="utf-8")
    assert "基本情况不完整" in client.get("/").get_data(as_text=True)
    page = client.get("/park/坏/").get_data(as_text=True)
    assert "<strong>park.yaml 第" in page
    assert "放入资料" in page


def test_names_are_escaped(client: FlaskClient, root: Path) -> None:
    yaml = page_park.YAML.replace("测试园区", "'<img src=x onerror=alert(1)>'")
    page_park.write_park(root / "甲", yaml=yaml)
    for path in ("/", "/park/甲/"):
        page = client.get(path).get_data(as_text=True)
        assert "&lt;img src=x" in page
        assert "<img" not in page


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_speak_the_language_chosen(client: FlaskClient, root: Path, lang: str) -> None:
    page_park.write_park(root / "one")
    client.post("/language", data={"lang": lang})
    page = client.get("/park/one/").get_data(as_text=True)
    assert ("Bring data" in page) == (lang == "en")
    assert ("放入资料" in page) == (lang == "zh")


@pytest.mark.parametrize(
    ("text", "settings", "expected"),
    [
        ("", {"year": 2025}, "year: 2025\n"),
        ("# a\nrules: {}\n", {"year": 2025}, "# a\nyear: 2025\nrules: {}\n"),
        ("year: 2024 # 年\n", {"year": 2025}, "year: 2025 # 年\n"),
        ("# year:     # 年\n", {"year": 2025}, "year: 2025     # 年\n"),
        ("year: 2024", {"year": 2025}, "year: 2025"),
        ('name: "a # b" # 名\n', {"name": "c: d"}, 'name: "c: d" # 名\n'),
        ("name: 'a'\r\nyear: 1\r\n", {"name": "b"}, 'name: "b"\nyear: 1\r\n'),
    ],
)
def test_a_setting_takes_its_line(text: str, settings: dict[str, str | int], expected: str) -> None:
    assert with_settings(text, settings) == expected


def test_a_setting_of_several_lines_is_left_to_people() -> None:
    with pytest.raises(ValueError, match="无法自动修改"):
        with_settings("name: >\n  a\n  b\nyear: 1\n", {"name": "c"})
    with pytest.raises(ValueError, match="无法自动修改"):
        without_setting("name: >\n  a\n  b\nyear: 1\n", "name")
    assert without_setting("year: 1\n", "name") == "year: 1\n"
