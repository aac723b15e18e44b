"""The report of a case without a park: sized and written, or from the file of a plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_evaluate import folder

from greenland.cli import cli
from greenland.energy.case.inputs import case_hashes
from greenland.outputs import read_manifest, sha256
from greenland.record.reading import read_record
from greenland.report.context import build

__all__ = ["folder"]


@pytest.fixture(scope="module")
def out(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("out")
    command = ["energy", "report", str(folder / "case.yaml"), "--out", str(target)]
    made = CliRunner().invoke(cli, command)
    assert made.exit_code == 0, made.output
    return target


def test_report_is_of_energy_alone(out: Path) -> None:
    report = build(read_record(out / "results.json"))
    assert report.title == "虚构示例绿电直连规模测算报告"
    assert report.missing == ()
    assert report.profile is None
    assert [side for side, _text in report.verdicts] == ["绿电直连"]
    assert all(section.id.startswith("energy") for section in report.sections)


def test_manifest_names_every_file_the_plan_rests_on(out: Path, folder: Path) -> None:
    manifest = read_manifest(out)
    assert manifest is not None
    case = (folder / "case.yaml").read_text("utf-8")
    named = {path.name for path in folder.iterdir() if path.name in case}
    assert {"case.yaml"} < {*named, "case.yaml"} <= set(manifest.inputs)
    assert manifest.inputs["case.yaml"] == sha256(folder / "case.yaml")


def test_a_changed_table_of_a_tariff_is_a_changed_input(tmp_path: Path) -> None:
    case, table = tmp_path / "case.yaml", tmp_path / "table.csv"
    case.write_text(
        "tariff: {table: table.csv}\nscenarios: {dear: {grid: {price: other.csv}}}\n", "utf-8"
    )
    table.write_text("a", "utf-8")
    (tmp_path / "other.csv").write_text("b", "utf-8")
    before = case_hashes(case)
    assert set(before) == {"case.yaml", "table.csv"}  # of scenarios the report holds nothing
    table.write_text("c", "utf-8")
    after = case_hashes(case)
    assert [name for name in before if before[name] != after[name]] == ["table.csv"]


def test_report_lists_the_rules_it_names(out: Path) -> None:
    report = build(read_record(out / "results.json"))
    judged = {row.rule_id for row in (*report.met, *report.failed) if row.rule_id}
    assert judged
    assert judged <= set(report.rules.by_id)


def test_report_of_the_file_of_a_plan(folder: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    sized = CliRunner().invoke(
        cli, ["energy", "size", str(folder / "case.yaml"), "--json", str(plan)]
    )
    assert sized.exit_code == 0, sized.output
    made = CliRunner().invoke(cli, ["report", str(plan), "--out", str(tmp_path / "out")])
    assert made.exit_code == 0, made.output
    assert "虚构示例绿电直连规模测算报告" in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert read_record(plan).year == 2027


def test_neither_a_record_nor_a_plan_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps({"plan": {}}), encoding="utf-8")
    made = CliRunner().invoke(cli, ["report", str(tmp_path / "x.json")])
    assert made.exit_code != 0
    assert "这不是评价结果文件" in made.output
