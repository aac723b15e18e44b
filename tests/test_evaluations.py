"""The table of the evaluations holds together, and what follows from it agrees with it."""

from __future__ import annotations

import ast
import inspect
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from greenland.assessment import LandResults
from greenland.evaluations import ASKED, EVALUATIONS, LAND, Evaluation, with_inputs
from greenland.report.context import _CHAPTERS

PACKAGE = Path(__file__).resolve().parents[1] / "greenland"
EACH = pytest.mark.parametrize("item", EVALUATIONS.values(), ids=list(EVALUATIONS))


@EACH
def test_what_it_takes_is_made_before(item: Evaluation) -> None:
    above = list(EVALUATIONS)[: list(EVALUATIONS).index(item.key)]
    assert set(item.takes) <= set(above)


@EACH
def test_it_takes_the_results_by_their_names(item: Evaluation) -> None:
    evaluate = import_module(item.module).evaluate
    if item.is_land:
        names = [EVALUATIONS[key].name for key in item.takes]
        assert list(inspect.signature(evaluate).parameters) == ["park", *names]


def test_the_results_have_a_field_for_each_land_evaluation() -> None:
    assert [item.name for item in fields(LandResults)] == [item.name for item in LAND]


def test_every_land_evaluation_has_a_chapter_and_every_chapter_an_evaluation() -> None:
    assert set(_CHAPTERS) == {item.chapter for item in LAND}


def test_each_one_asks_for_has_a_command() -> None:
    assert [item.key for item in ASKED if not (item.command and item.main_table)] == ["energy"]


def test_inputs_are_followed_through() -> None:
    # exit and stock both take standard_land and per_mu; admission takes per_mu.
    assert with_inputs("land.reallocation") == {
        "land.reallocation",
        "land.stock",
        "land.exit",
        "land.admission",
        "land.per_mu",
        "land.standard_land",
    }
    assert with_inputs("land.review") == {"land.review"}


def test_problems_touch_known_evaluations_only() -> None:
    """Keys written out in the code, as in ``touches=("land.per_mu",)``, are in the table."""
    said = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "touches":
                inner = [n for n in ast.walk(node.value) if isinstance(n, ast.Constant)]
                said |= {n.value for n in inner if str(n.value).startswith(("land.", "energy"))}
    assert {"land.per_mu", "energy"} <= said <= set(EVALUATIONS) | {"energy_tce", "energy"}
