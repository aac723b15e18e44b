"""Schemes as data: what comes with the package, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from greenland.errors import InputError
from greenland.land.per_mu.scheme import SCHEMES, available_schemes, load_scheme
from greenland.rules import Confidence
from greenland.yamlfile import plain, read_tree


@pytest.mark.parametrize("name", available_schemes())
def test_every_packaged_scheme_loads_and_says_where_it_is_from(name: str) -> None:
    scheme = load_scheme(name)
    assert scheme.id == name
    assert scheme.document
    assert scheme.confidence in Confidence
    assert [str(bound.name) for bound in scheme.classes.bounds] == ["A", "B", "C", "D"]


def test_the_promised_schemes_are_there() -> None:
    assert {"hy-2021", "ha-2024", "wujin-draft", "yunnan-output-floor"} <= set(available_schemes())


# 台州黄岩区 2021 公示: benchmark and weight of each item.
def test_huangyan_2021_as_published() -> None:
    groups = load_scheme("hy-2021").groups
    assert {i.indicator: (i.benchmark.value, i.weight) for i in groups["above_scale"].items} == {
        "tax_per_mu": (26.01, 30),
        "value_added_per_mu": (132.27, 20),
        "value_added_per_tce": (2.54, 20),
        "value_added_per_emission": (4861.08, 10),
        "labour_productivity": (17.45, 10),
        "rd_intensity": (0.0305, 10),
    }
    assert {i.indicator: (i.benchmark.value, i.weight) for i in groups["below_scale"].items} == {
        "tax_per_mu": (16.601058, 50),
        "tax_per_mwh": (0.236565, 50),
    }


# 淮安市 2024 办法: 45/35/20, A top 20 %, B to 60 %, C to 95 %.
def test_huaian_2024_as_published() -> None:
    scheme = load_scheme("ha-2024")
    assert [i.weight for i in scheme.groups["above_scale"].items] == [45, 35, 20]
    assert {i.benchmark.factor for i in scheme.groups["below_scale"].items} == {2}
    assert [bound.share for bound in scheme.classes.bounds] == [0.2, 0.6, 0.95, 1.0]


def own(tmp_path: Path, change: Any) -> Path:
    """A copy of a packaged scheme with one thing changed."""
    tree = plain(read_tree(SCHEMES / "hy-2021.yaml"))
    change(tree)
    path = tmp_path / "own.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(tree, file)
    return path


def test_a_parks_own_file_is_read(tmp_path: Path) -> None:
    own(tmp_path, lambda tree: tree.update(id="own-scheme"))
    assert load_scheme("own.yaml", tmp_path).id == "own-scheme"


def weight(tree: dict[str, Any]) -> None:
    tree["groups"]["below_scale"]["items"][0]["weight"] = 40


def twice(tree: dict[str, Any]) -> None:
    tree["groups"]["below_scale"]["items"][1]["indicator"] = "tax_per_mu"


def unknown(tree: dict[str, Any]) -> None:
    tree["groups"]["below_scale"]["items"][0]["indicator"] = "tax_per_acre"


def valueless(tree: dict[str, Any]) -> None:
    del tree["groups"]["below_scale"]["items"][0]["benchmark"]["value"]


def upside_down(tree: dict[str, Any]) -> None:
    tree["groups"]["below_scale"]["items"][0] |= {"cap": 1.0, "floor": 1.5}


def shares(tree: dict[str, Any]) -> None:
    tree["classes"]["bounds"][1]["share"] = 0.1


def short(tree: dict[str, Any]) -> None:
    tree["classes"]["bounds"][-1]["share"] = 0.97


def veto(tree: dict[str, Any]) -> None:
    tree["vetoes"] = [{"when": "below", "at_best": "B"}]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (weight, "各项权重之和应为 100，实际为 90"),
        (twice, "指标不得重复"),
        (unknown, "没有指标“tax_per_acre”"),
        (valueless, "须给出 value"),
        (upside_down, "floor 应小于 cap"),
        (shares, "递增的累计比例"),
        (short, "累计比例应为 1"),
        (veto, "须给出指标 indicator，并给出限值 value 或规则编号 rule 之一"),
        (lambda tree: tree.update(colour="red"), "不认识的项“colour”"),
        (lambda tree: tree.pop("document"), "缺少必填项“document”"),
    ],
)
def test_one_fault_is_refused_by_name(tmp_path: Path, change: Any, said: str) -> None:
    own(tmp_path, change)
    with pytest.raises(InputError, match=said):
        load_scheme("own.yaml", tmp_path)


def test_an_unknown_scheme_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="是否应为“ha-2024”"):
        load_scheme("ha-2042")
