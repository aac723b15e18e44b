"""What is mistyped in a YAML file is named on its own line, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from greenland.errors import InputError, Problem
from greenland.yamlfile import read_model
from greenland.yamltree import MAX_DEPTH, parse_tree, scalar


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    packs: list[str] = []
    share: float = 0.0


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    year: int = 2025
    rules: Inner = Inner()
    note: str = ""
    closed: bool = False


SOUND = "name: 甲\nyear: 2025\nrules:\n  packs: [national]\n  share: 0.4\n"


def problems(folder: Path, text: str | bytes) -> list[Problem]:
    path = folder / "a.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        read_model(path, Outer)
    return list(caught.value.problems)


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SOUND, encoding="utf-8")
    assert read_model(tmp_path / "a.yaml", Outer).rules.share == 0.4


@pytest.mark.parametrize(
    ("old", "new", "row", "words"),
    [
        ("name: 甲", "name：甲", 1, "“name”后面是中文冒号"),
        ("year: 2025", "year：2025", 2, "“year”后面是中文冒号"),
        ("  packs: [national]", "  packs：[national]", 4, "“packs”后面是中文冒号"),
        ("year: 2025", "year:2025", 2, "“year”的冒号后面缺一个空格"),
        ("  share: 0.4", "  share:0.4", 5, "“share”的冒号后面缺一个空格"),
        (" [national]", "\n    -a\n    - b", 5, "列表的“-”后面缺一个空格"),
        ("  share", "\tshare", 5, "缩进用了制表符"),
        ("  share", "\u3000\u3000share", 5, "缩进用了全角空格"),
        ("[national]", "[national，yunnan]", 4, "列表里用了中文逗号"),
        ("[national]", "［national］", 4, "全角括号"),
        ("甲", "“甲”", 1, "用了中文引号“”"),
        ("甲", "'甲", 1, "引号没有闭合"),
        ("year: 2025", "year: 2025\nyear: 2024", 3, "“year”写了两次（第 2 行和第 3 行）"),
        ("甲", "甲\u200b", 1, "有看不见的字符"),
        ("甲", '"\\0"', 1, "有看不见的字符"),
        ("甲", "@甲", 1, "以特殊符号"),
        ("name: 甲", "name: 甲\n  note：乙", 2, "“note”后面是中文冒号"),
        ("0.4", "true", 5, "应为数字，不能是 true 或 false"),
        ("2025", "true", 2, "应为整数，不能是 true 或 false"),
        ("0.4", "no", 5, "应为数字"),
        ("0.4", ".nan", 5, "应为有限数字"),
        ("0.4", "!!python/name:os.system 0.4", 5, "不支持 YAML 类型标记"),
    ],
)
def test_one_slip_is_named_on_its_line(
    tmp_path: Path, old: str, new: str, row: int, words: str
) -> None:
    found = problems(tmp_path, SOUND.replace(old, new, 1))
    assert words in found[0].message
    assert found[0].row == row


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        ("４０", "请写成 40。"),
        ("'40%'", "请写成 0.4。"),
        ("'1,200'", "请写成 1200。"),
        ("5元", "请只写数字"),
    ],
)
def test_numbers_are_written_out(tmp_path: Path, value: str, remedy: str) -> None:
    (found,) = problems(tmp_path, SOUND.replace("0.4", value))
    assert remedy in found.remedy


def test_every_slip_is_told_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, SOUND.replace("year: ", "year：").replace("share: ", "share:"))
    assert [item.row for item in found] == [2, 5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &a [*a]\n", "引用了它自己"),
        ("a: &a {<<: *a}\n", "引用了它自己"),
        ("a: *b\n", "没有名为“b”的引用"),
        ("a: " + "[" * 100_000, f"超过 {MAX_DEPTH} 层"),
        ("- " * 1000 + "a\n", f"超过 {MAX_DEPTH} 层"),
        ("%YAML 1.1\n---\na: no\n", "只支持 YAML 1.2"),
        ("a: 1\n---\nb: 2\n", "有多份内容"),
        ("? [a]\n: 1\n", "名称应为文字"),
        ("只有一句话", "文件内容应为"),
        ("- a\n", "文件内容应为"),
        ("a: '" + "x" * 100_001 + "'\n", "文字太长"),
    ],
)
def test_what_could_break_a_parser_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_tree(text, "a.yaml")


def test_aliases_that_multiply_are_refused() -> None:
    rows = ["a0: &a0 [x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    with pytest.raises(InputError, match="展开后内容过多"):
        parse_tree("\n".join(rows), "a.yaml")


def test_merged_keys_stand_behind_written_ones() -> None:
    tree = parse_tree("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  x: 3\n", "a.yaml")
    assert tree["b"] == {"x": 3, "y": 2}


@pytest.mark.parametrize(("encoding", "got"), [("utf-16", "UTF-16"), ("gbk", "GBK")])
def test_the_encoding_is_named(tmp_path: Path, encoding: str, got: str) -> None:
    (found,) = problems(tmp_path, SOUND.encode(encoding))
    assert (found.code, found.got, found.allowed) == ("encoding", got, "UTF-8")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SOUND, encoding="utf-8-sig")
    assert read_model(tmp_path / "a.yaml", Outer).name == "甲"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="不是普通文件"):
        read_model(tmp_path, Outer)


def test_a_name_no_file_can_have_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="文件打不开"):
        read_model(tmp_path / ("x" * 5000), Outer)


@pytest.mark.parametrize("text", ["9" * 5000, "1e999", "2026-06-31", "0x", "1:20", "no", "on"])
def test_odd_scalars_stay_text(text: str) -> None:
    assert scalar(text) == text
