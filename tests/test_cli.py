"""The command as people call it: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import csv
import io
import json
import shutil
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from greenland import assessment
from greenland.cli import cli
from greenland.cli.common import show, to_csv
from greenland.cli.land import SYSTEMS

ROOT = Path(__file__).resolve().parents[1]


def run(*words: str | Path, lang: str = "zh") -> Result:
    """Call the command; ``--lang`` is given as a person would, at the end."""
    return CliRunner().invoke(cli, [*map(str, words), "--lang", lang], catch_exceptions=False)


def spoil(folder: Path, sheet: str, cell: str, value: object) -> None:
    path = folder / "park.xlsx"
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def column_of(folder: Path, sheet: str, header: str) -> str:
    """Letter of the column whose header begins so."""
    with closing(openpyxl.load_workbook(folder / "park.xlsx", read_only=True)) as book:
        row = next(book[sheet].iter_rows(min_row=1, max_row=1))
    return next(cell.column_letter for cell in row if str(cell.value).startswith(header))


def test_example_is_clean(example_park: Path) -> None:
    result = run("validate", example_park)
    assert result.exit_code == 0, result.output
    assert "错误" not in result.output or "错误 0 项" in result.output


@pytest.fixture(scope="module")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The folder an assessment of the example wrote, and what it said; not to be changed."""
    park = tmp_path_factory.mktemp("assessed") / "park"
    shutil.copytree(ROOT / "examples" / "yunnan_park", park)
    return park / "out", run("assess", park, "--no-energy")


@pytest.mark.slow
@pytest.mark.xdist_group("assessed by the command")
def test_assess_writes_three_files_their_manifest_and_a_summary(
    assessed: tuple[Path, Result],
) -> None:
    out, result = assessed
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in out.iterdir()) == [
        "manifest.json",
        "report.html",
        "results.json",
        "results.xlsx",
    ]
    assert "亩均效益" in result.output
    assert str(out / "report.html") in result.output.replace("\n", "")
    record = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert record["energy"]["evaluated"] is False
    assert record["energy"]["reason"]


@pytest.mark.slow
def test_error_in_a_row_costs_that_row_and_exits_1(example_park: Path) -> None:
    column = column_of(example_park, "企业效益", "营业收入")
    spoil(example_park, "企业效益", f"{column}4", "很多")
    result = run("assess", example_park, "--only", "land.per_mu")
    assert result.exit_code == 1
    record = json.loads((example_park / "out" / "results.json").read_text(encoding="utf-8"))
    firms = record["land"]["per_mu"]["firms"]
    (spoilt,) = [firm for firm in firms if firm["row"] == 4]
    assert spoilt["revenue_per_mu"] is None
    assert sum(firm["revenue_per_mu"] is not None for firm in firms) == len(firms) - 1
    problem = next(p for p in record["problems"] if p["severity"] == "error")
    assert problem["sheet"] == "企业效益"
    assert problem["row"] == 4
    assert problem["got"] == "很多"
    assert "land.per_mu" in problem["touches"]


def test_validate_prints_where_what_and_remedy(example_park: Path) -> None:
    column = column_of(example_park, "宗地台账", "宗地面积")
    spoil(example_park, "宗地台账", f"{column}7", -3)
    result = run("validate", example_park)
    assert result.exit_code == 1
    for word in ("宗地台账", "第7行", "宗地面积", "-3", "处理"):
        assert word in result.output, word


def test_validate_json_holds_the_same(example_park: Path) -> None:
    column = column_of(example_park, "宗地台账", "宗地面积")
    spoil(example_park, "宗地台账", f"{column}7", -3)
    result = CliRunner().invoke(cli, ["validate", str(example_park), "--json"])
    problems = json.loads(result.stdout)
    assert any(p["row"] == 7 and p["severity"] == "error" for p in problems)


def test_a_folder_that_is_not_there_is_a_usage_error() -> None:
    result = run("assess", "nowhere")
    assert result.exit_code == 2
    assert "不存在" in result.output


def test_a_misspelt_command_is_a_usage_error_in_chinese() -> None:
    result = CliRunner().invoke(cli, ["--lang", "zh", "asess"])
    assert result.exit_code == 2
    assert "没有命令" in result.output
    assert "用法" in result.output


def test_a_missing_park_file_is_named(tmp_path: Path) -> None:
    result = run("validate", tmp_path)
    assert result.exit_code == 1
    assert "park.yaml" in result.output


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_speaks_the_language(lang: str) -> None:
    result = CliRunner().invoke(cli, ["--lang", lang, "--help"])
    assert ("用法" in result.output) == (lang == "zh")
    assert ("Usage" in result.output) == (lang == "en")
    assert ("园区" in result.output) == (lang == "zh")


def test_every_command_has_help() -> None:
    def walk(command: object, path: tuple[str, ...]) -> None:
        assert getattr(command, "help", None), path
        for name, child in getattr(command, "commands", {}).items():
            walk(child, (*path, name))

    walk(cli, ())


def test_every_command_stands_in_the_readme_or_docs() -> None:
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "README.zh-CN.md", *(ROOT / "docs").glob("*.md"))
    )

    def walk(command: object, path: tuple[str, ...]) -> None:
        children = getattr(command, "commands", {})
        if not children:
            assert f"greenland {' '.join(path)}" in text, path
        for name, child in children.items():
            walk(child, (*path, name))

    walk(cli, ())


@pytest.mark.slow
def test_land_commands_print_tables_and_write_as_many_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What each command evaluates for itself is evaluated once for all of them."""
    example = ROOT / "examples" / "yunnan_park"
    whole = assessment.assess(example, parts=frozenset(item.key for item in SYSTEMS.values()))
    asked = []

    def kept(folder: Path, *, parts: frozenset[str]) -> assessment.Assessment:
        asked.append(parts)
        return whole

    monkeypatch.setattr(assessment, "assess", kept)
    for name, item in SYSTEMS.items():
        printed = run("land", name, example)
        assert printed.exit_code == 0, printed.output
        assert "┃" in printed.output, name
        assert item.key in asked[-1]
        table = getattr(whole.record().part(item), item.main_table)
        rows = list(csv.reader(io.StringIO(run("land", name, example, "--csv").stdout)))
        assert len(rows) == len(table) + 1 > 1, name
        assert {len(row) for row in rows} == {len(rows[0])}, name


def test_rules_filter_and_json() -> None:
    rules = json.loads(run("rules", "亩均", "--year", "2024", "--json").stdout)
    assert rules
    assert all("亩均" in f"{r['title']}{r['document']}{r['clause']}" for r in rules)
    assert all((r["document"] or r["origin"] != "document") and r["confidence"] for r in rules)


def test_rules_of_a_park_show_its_overrides(example_park: Path) -> None:
    rules = json.loads(run("rules", "--park", example_park, "--json").stdout)
    own = [rule for rule in rules if rule["overridden"]]
    assert own
    assert all(rule["replaces"] for rule in own)


@pytest.mark.slow
@pytest.mark.xdist_group("assessed by the command")
def test_report_renders_the_same_page_again(assessed: tuple[Path, Result], tmp_path: Path) -> None:
    out = assessed[0]
    result = run("report", out / "results.json", "--out", tmp_path / "again")
    assert result.exit_code == 0, result.output
    for name in ("report.html", "results.xlsx"):
        assert (tmp_path / "again" / name).read_bytes() == (out / name).read_bytes(), name


def test_blank_park_is_written_once_only(tmp_path: Path) -> None:
    assert run("init", tmp_path / "new").exit_code == 0
    written = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert written == ["park.xlsx", "park.yaml"]
    before = (tmp_path / "new" / "park.yaml").read_bytes()
    again = run("init", tmp_path / "new")
    assert again.exit_code == 1
    assert (tmp_path / "new" / "park.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (float("nan"), "—"), (True, "是"), (1234.5, "1,234"), (0.12345, "0.1235")],
)
def test_show(value: object, text: str) -> None:
    assert show(value) == text


def test_csv_begins_with_a_mark_for_excel() -> None:
    assert to_csv([{"a": None, "b": "亩"}]) == "\ufeffa,b\n,亩\n"
