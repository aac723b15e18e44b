"""YAML is read alike with and without its faster parser."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from greenland.yamlfile import plain, read_tree

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted([*(ROOT / "greenland").rglob("*.yaml"), *(ROOT / "examples").rglob("*.yaml")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_reads_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    plainly = YAML(typ="safe", pure=True).load(text)
    # repr, so that 1, 1.0 and True are told apart
    assert repr(YAML(typ="safe").load(text)) == repr(plainly)
    assert repr(plain(read_tree(path))) == repr(plain(plainly))


def test_numbers_and_words_are_those_of_yaml_1_2() -> None:
    text = "- yes\n- on\n- 010\n- 1:20\n- 0o17\n- 1e3\n- 1_000\n- ~\n- 2026-01-31\n"
    plainly = YAML(typ="safe", pure=True).load(text)
    assert repr(YAML(typ="safe").load(text)) == repr(plainly)
