"""YAML is read as YAML 1.2 says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from greenland.yamlfile import plain, read_tree
from greenland.yamltree import scalar

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted([*(ROOT / "greenland").rglob("*.yaml"), *(ROOT / "examples").rglob("*.yaml")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_reads_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    plainly = plain(YAML(typ="safe", pure=True).load(text))
    # repr, so that 1, 1.0 and True are told apart; dates stay text here
    dates = re.sub(r"datetime\.date\((\d+), (\d+), (\d+)\)", _iso, repr(plainly))
    assert repr(plain(read_tree(path))) == dates


def _iso(found: re.Match[str]) -> str:
    return repr("{:04}-{:02}-{:02}".format(*map(int, found.groups())))


def test_numbers_and_words_are_those_of_yaml_1_2() -> None:
    words = ["yes", "on", "1:20", "0o17", "0x1f", "1e3", "1_000", "-.5", "~", "null", "True"]
    for word in words:
        assert repr(scalar(word)) == repr(YAML(typ="safe", pure=True).load(word)), word


def test_digits_with_a_leading_zero_are_codes() -> None:
    assert scalar("0610") == "0610"
