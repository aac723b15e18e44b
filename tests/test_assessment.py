"""A park in, an assessment out."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import greenland as gl
from greenland.errors import input_error
from greenland.evaluation_run import EvaluationRun
from greenland.evaluations import ASKED, EVALUATIONS, OPTIONAL
from greenland.i18n import use_language
from greenland.results import NotEvaluated, PerMuClass, State

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "yunnan_park"
KEYS = frozenset(item.key for item in ASKED)
LAND = KEYS - {"energy"}


@pytest.fixture(scope="module")
def example() -> gl.Assessment:
    return gl.assess(EXAMPLE, parts=LAND)


@pytest.fixture(scope="module")
def record(example: gl.Assessment) -> dict:
    return example.to_record()


def test_every_land_part_is_evaluated(example: gl.Assessment) -> None:
    assert set(example.not_evaluated()) == {"energy"}
    assert not example.has_errors


def test_tables_are_data_frames(example: gl.Assessment) -> None:
    assert isinstance(example.land.review.indicators, pd.DataFrame)
    assert isinstance(example.land.per_mu.firms, pd.DataFrame)


def test_record_has_the_named_parts(record: dict) -> None:
    assert {"park", "year", "rules", "land", "energy", "problems"} <= set(record)
    named = {key.removeprefix("land.") for key in LAND}
    assert named <= set(record["land"])


def test_record_is_json_without_nan(record: dict) -> None:
    def walk(node: object) -> None:
        assert not (isinstance(node, float) and not math.isfinite(node))
        for child in (
            node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        ):
            walk(child)

    walk(record)
    json.dumps(record, allow_nan=False)


def test_example_exercises_every_state_and_class(record: dict) -> None:
    land = record["land"]
    assert {row["state"] for row in land["standard_land"]["checks"]} == set(State)
    assert {row["class"] for row in land["per_mu"]["firms"]} >= set(PerMuClass)
    assert {row["decision"] for row in land["exit"]["parcels"]} == {
        "keep", "improve", "supervise", "exit",
    }  # fmt: skip
    assert {row["verdict"] for row in land["admission"]["projects"]} == {
        "admitted", "conditional", "rejected", "pending",
    }  # fmt: skip
    assert {row["definition"] for row in land["stock"]["idle"]} == {"a", "b_area", "b_investment"}
    parcels = gl.read_park(EXAMPLE).tables["parcels"]
    assert set(parcels["supply_state"]) == {
        "supplied", "approved_unsupplied", "available", "unavailable",
    }  # fmt: skip
    assert len(parcels) >= 120
    firms = gl.read_park(EXAMPLE).tables["firms"]
    assert firms["firm_id"].nunique() >= 80
    assert firms["year"].nunique() == 3
    assert firms["industry_code"].str[:2].nunique() >= 15


def test_every_verdict_carries_its_rule(record: dict) -> None:
    """A judged value names a rule of the record, or says that the contract or user set it."""
    known = {rule["id"] for rule in record["rules"]}
    judged = []

    def walk(node: object, path: str) -> None:
        if isinstance(node, dict):
            if "state" in node and "required" in node and node["required"] is not None:
                judged.append((path, node))
            for key, child in node.items():
                walk(child, f"{path}.{key}")
        elif isinstance(node, list):
            for child in node:
                walk(child, path)

    walk(record["land"], "land")
    assert len(judged) > 100
    for path, node in judged:
        rule_id = node.get("rule_id")
        assert rule_id in known or node.get("basis") in ("contract", "user"), (path, node)


def test_rules_of_the_record_have_sources(record: dict) -> None:
    for rule in record["rules"]:
        assert bool(rule["document"]) == (rule["origin"] == "document")
        assert rule["confidence"]
    assert any(rule["overridden"] for rule in record["rules"])


def test_reallocation_beats_taking_projects_one_by_one(record: dict) -> None:
    placed = record["land"]["reallocation"]
    assert placed["objective"] > placed["greedy_objective"] * 1.001
    assert placed["gap"] is not None


def test_shuffled_ledger_gives_the_same_result(example: gl.Assessment) -> None:
    """Order of rows means nothing: the same firms get the same class and score."""
    from dataclasses import replace

    from greenland.land import per_mu
    from greenland.textstore import plain_text_columns

    park = example.park
    firms = park.tables["firms"].sample(frac=1, random_state=7)
    shuffled = replace(park, tables={**park.tables, "firms": firms})
    key = ["firm_id", "class", "score"]
    first = example.land.per_mu.firms[key].sort_values("firm_id", ignore_index=True)
    with plain_text_columns():
        again = per_mu.evaluate(shuffled).firms[key].sort_values("firm_id", ignore_index=True)
    pd.testing.assert_frame_equal(first, again)


def test_only_what_is_asked_for() -> None:
    only = gl.assess(EXAMPLE, parts={"land.review"})
    assert set(only.not_evaluated()) == KEYS - {"land.review"}
    assert all(isinstance(item, NotEvaluated) for item in only.not_evaluated().values())


def test_what_stops_an_evaluation_is_an_error_not_a_warning(tmp_path: Path) -> None:
    """Warnings of answers to conditions not yet in force come first in the list."""
    folder = tmp_path / "park"
    shutil.copytree(EXAMPLE, folder)
    text = (folder / "park.yaml").read_text(encoding="utf-8")
    (folder / "park.yaml").write_text(text.replace("year: 2026", "year: 2024"), encoding="utf-8")
    stopped = gl.assess(folder, parts={"energy"}).not_evaluated()["energy"]
    assert "电价缺少" in stopped.reason


def test_what_fails_at_its_beginning_is_told_in_its_turn(example: gl.Assessment) -> None:
    run = EvaluationRun(example.park, None, KEYS)

    def begin(park: gl.Park) -> Callable[[], object]:
        park.rulebook.rule("land.policy.penalty")
        raise input_error("faulty", "曲线有误")

    rest = run.begin(EVALUATIONS["energy"], begin)
    assert [item.code for item in run.problems if item.code == "faulty"] == []
    result = rest()
    assert isinstance(result, NotEvaluated)
    assert "曲线有误" in str(result.reason)
    assert [item.code for item in run.problems if item.code == "faulty"] == ["faulty"]
    assert "energy" not in run.rules, "a part without a result rests on no rule"


def test_one_key_is_one_part() -> None:
    only = gl.assess(EXAMPLE, parts="land.policy")
    assert set(only.not_evaluated()) == KEYS - {"land.policy"}


def test_parts_there_are_none_of_are_refused_together() -> None:
    """Before anything is read: the folder does not exist."""
    with pytest.raises(gl.InputError) as caught:
        gl.assess("no folder", parts={"land.revew", "per_mu", "energy", "zzz"})
    assert [(p.code, p.got, p.remedy) for p in caught.value.problems] == [
        ("unknown_part", "land.revew", "是否应为“land.review”？"),
        ("unknown_part", "per_mu", "是否应为“land.per_mu”？"),
        ("unknown_part", "zzz", ""),
    ]
    assert caught.value.problems[0].allowed == "、".join(EVALUATIONS)


def test_texts_can_be_said_again_in_english(record: dict) -> None:
    from greenland.report import render_html

    english = render_html(record, language="en")
    assert '<html lang="en"' in english
    with use_language("en"):
        reason = gl.assess(EXAMPLE, parts={"land.review"}).to_record()["energy"]["reason"]
    assert reason != record["energy"]["reason"]


def test_nothing_is_shown_at_length(example: gl.Assessment) -> None:
    """Neither an assessment nor a result puts its data on the screen."""
    land = example.land
    for item in (example, example.park, land, example.energy, *dict(land.items()).values()):
        assert repr(item).startswith(f"{type(item).__name__}: ")
        assert len(repr(item)) <= 600, type(item)
        assert len(item._repr_html_()) <= 1500, type(item)


def test_an_assessment_is_shown_by_what_each_evaluation_came_to(example: gl.Assessment) -> None:
    lines = repr(example).splitlines()
    assert lines[0] == "Assessment: 云岭绿色产业园（虚构示例），2026 年度"
    assert "  亩均效益: 2026 年度，亩均税收 23.79 万元/亩" in lines
    assert "  绿电直连规模测算: 未计算：本次未要求计算。" in lines
    assert len(lines) == 1 + len(EVALUATIONS) - len(OPTIONAL) + 1


@pytest.mark.parametrize(
    ("part", "table", "column", "unit"),
    [
        ("standard_land", "parcels", "area_mu", "亩"),
        ("per_mu", "firms", "tax_per_mu", "万元/亩·年"),
        ("per_mu", "firms", "land_mu", "亩"),
        ("stock", "totals", "area_ha", "公顷"),
        ("exit", "summary", "area_mu", "亩"),
        ("reallocation", "parcels", "used_mu", "亩"),
        ("stock", "inefficient", "tax_per_mu_standard", "万元/亩·年"),
        ("stock", "inefficient", "tax_per_mu_potential_mu", "亩"),
        ("geometry", "adjacent", "shared_m", "m"),
    ],
)
def test_tables_carry_the_units_of_their_columns(
    example: gl.Assessment, part: str, table: str, column: str, unit: str
) -> None:
    frame = getattr(getattr(example.land, part), table)
    assert column in frame.columns
    assert frame.attrs["units"][column] == unit
    assert set(frame.attrs["units"]) <= set(frame.columns)
