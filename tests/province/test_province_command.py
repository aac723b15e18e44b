"""An invented province of a few park folders, from its files to its report."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from greenland import assess
from greenland.cli import cli
from greenland.history import History
from greenland.key_results import KEYS
from greenland.report.province.page import province_page, render_province
from greenland.workers import VARIABLE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("province")]
MAKER = Path(__file__).resolve().parents[2] / "examples" / "make"
# 7 cannot be read, 23 is empty, 31 is of the year before, 40 and 41 have one code, 48 and 49 one
# map; 4, 5 and 6 are sound, 5 without yearly figures. The odd one is 8: only results.json.
RULES = "rules: {packs: [national, yunnan, chuxiong]}\n"
NUMBERS = (4, 5, 6, 7, 8, 23, 31, 40, 41, 48, 49)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of 2025 (three of them) and 2026, results of park 8 in place of its data."""
    sys.path.insert(0, str(MAKER))
    try:
        import province
    finally:
        sys.path.remove(str(MAKER))
    folder = tmp_path_factory.mktemp("province")
    for year, numbers in ((2025, (4, 6, 8)), (2026, NUMBERS)):
        for number in numbers:
            park = province.Park(number, 8, energy=False)
            where = folder / str(year) / f"{number:03d}"
            park.places = {year - 1: number, year: number + 1}
            province.write_park(where, park, year, number + 1, 63)
        text = f"name: 虚构省\nyear: {year}\nparks: 15\n{RULES}"
        (folder / str(year) / "province.yaml").write_text(text, encoding="utf-8")
    eighth = folder / "2026" / "008"
    (eighth / "out").mkdir()
    record = assess(eighth).record()
    (eighth / "out" / "results.json").write_text(record.to_json(), encoding="utf-8")
    for name in ("park.yaml", "park.xlsx"):
        (eighth / name).unlink()
    return folder


@pytest.fixture(scope="module")
def ran(made: Path) -> tuple[int, str, dict[str, Any]]:
    """The report of 2026, with last year's folders and a history; exit code, text, record."""
    words = ["province", str(made / "2026"), "--out", str(made / "report"), "--reports", "brief"]
    words += ["--previous", str(made / "2025"), "--history", str(made / "h.duckdb"), "--no-energy"]
    words += ["--word"]
    done = CliRunner(env={VARIABLE: "2"}).invoke(cli, words)  # by two processes, as people have it
    record = json.loads((made / "report" / "province.json").read_text(encoding="utf-8"))
    return done.exit_code, done.output, record


def test_word_has_the_conclusions_and_the_tables_of_a_meeting(
    made: Path, ran: tuple[int, str, dict[str, Any]]
) -> None:
    docx = pytest.importorskip("docx")
    assert f"已写出：{made / 'report' / 'province.docx'}" in ran[1]
    document = docx.Document(str(made / "report" / "province.docx"))
    texts = [paragraph.text for paragraph in document.paragraphs]
    page = province_page(ran[2])
    assert texts[0] == "虚构省园区汇总报告"
    assert page.lead in texts
    assert [text for text, _chapter in page.matters if f"{text}。" not in texts] == []
    headings = [
        p.text.partition("、")[2] for p in document.paragraphs if p.style.name == "Heading 1"
    ]
    told = [c.title for c in page.chapters if c.id not in ("province-indicators", "province-parks")]
    assert headings == ["主要结论", *told]
    figures, *tables = document.tables
    assert [row.cells[0].text for row in figures.rows[1:]] == [one.title for one in page.figures]
    totals = next(one for one in page.tables if one.id == "table-province-totals")
    assert len(totals.rows) > 10  # leaders read it: whole
    assert len(totals.rows) + 1 in [len(one.rows) for one in tables]
    assert not any("results.xlsx" in text for text in texts)


def test_what_is_broken_does_not_stop_the_others(ran: tuple[int, str, dict[str, Any]]) -> None:
    code, said, record = ran
    assert code == 1
    failed = {one["folder"]: one["reason"] for one in record["failed"]}
    assert set(failed) == {"007", "023"}
    assert "特" in failed["007"]
    assert "既没有 park.yaml" in failed["023"]
    assert "— 007：" in said
    assert not any("程序出错" in reason for reason in failed.values())
    assert [one["folder"] for one in record["other_years"]] == ["031"]
    counted = [one["folder"] for one in record["parks"]]
    assert counted == ["004", "005", "006", "008", "040", "048", "049"]
    same = {(one["first"], one["second"]): one for one in record["same_sites"]}
    assert same[("040", "041")]["left_out"] is True
    assert same[("048", "049")]["by"] == "outlines"
    assert same[("048", "049")]["count"] > 1


def figure_of(folder: Path, header: str, year: int) -> float | None:
    """A yearly figure as it stands in the workbook, read by another reader."""
    book = openpyxl.load_workbook(folder / "park.xlsx", read_only=True, data_only=True)
    rows = list(book["年度指标"].iter_rows(values_only=True))
    book.close()
    heads = [str(cell or "").split("(")[0].split("（")[0].strip() for cell in rows[0]]
    place, when = heads.index(header), heads.index("年度")
    for row in rows[1:]:
        if str(row[when]).split(".")[0] == str(year) and row[place] is not None:
            return float(row[place])
    return None


def test_one_sum_recomputed_from_the_workbooks(
    made: Path, ran: tuple[int, str, dict[str, Any]]
) -> None:
    """Revenue of all parks that report it, added up from the cells people filled in."""
    *_rest, record = ran
    total = next(one for one in record["totals"] if one["key"] == "revenue_wan")
    found, having = 0.0, []
    for folder in ("004", "006", "040", "048", "049"):
        value = figure_of(made / "2026" / folder, "园区营业收入", 2026)
        assert value is not None
        found += value
        having.append(folder)
    eighth = next(one for one in record["parks"] if one["folder"] == "008")
    found += eighth["results"]["revenue_wan"]["value"]  # its workbook is gone
    assert total["value"] == pytest.approx(found, rel=1e-12)
    assert (total["parks"], total["of"]) == (len(having) + 1, 15)
    assert total["missing"] == ["虚构05号园区（虚构）"]
    before = sum(
        figure_of(made / "2025" / folder, "园区营业收入", 2025) or 0.0
        for folder in ("004", "006", "008")
    )
    assert total["before"] == pytest.approx(before, rel=1e-12)
    assert total["same_parks"] == 3


def test_links_lead_to_reports(made: Path, ran: tuple[int, str, dict[str, Any]]) -> None:
    page = (made / "report" / "province.html").read_text(encoding="utf-8")
    links = set(re.findall(r'<td><a href="([^"#]+)"', page))
    assert len(links) == 7
    for link in links:
        assert (made / "report" / link).is_file(), link


def test_the_page_needs_nothing_from_outside_and_has_no_code_in_it(
    made: Path, ran: tuple[int, str, dict[str, Any]]
) -> None:
    page = (made / "report" / "province.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="https?:', page)
    for leak in ("generator object", "<built-in", "None</td>", ">nan<", "Traceback"):
        assert leak not in re.sub(r"<script.*?</script>|<style.*?</style>", "", page, flags=re.S)
    english = render_province(ran[2], language="en")
    told = re.sub(r"<script.*?</script>|<style.*?</style>", "", english, flags=re.S)
    words = re.sub(r"<[^>]+>", " ", told)
    left = set(re.findall(r"[一-鿿]{3,}", words))
    given = set(re.findall(r"[一-鿿]{3,}", json.dumps(ran[2], ensure_ascii=False)))
    assert left <= given, "in the language of the messages, but for what the parks say"


def test_the_workbook_has_every_table_and_every_result(
    made: Path, ran: tuple[int, str, dict[str, Any]]
) -> None:
    *_rest, record = ran
    book = openpyxl.load_workbook(made / "report" / "province.xlsx")
    page = province_page(record)
    assert len(book.sheetnames) >= len(page.tables) + 4  # index, goals, places, results, rules
    sheet = book["全部主要结果"]
    heads = [cell.value for cell in sheet[3]]
    place = next(n for n, head in enumerate(heads) if str(head).startswith("闲置土地（"))
    values = {row[0].value: row[place].value for row in sheet.iter_rows(min_row=4)}
    for park in record["parks"]:
        assert values[park["name"]] == pytest.approx(park["results"]["idle_ha"]["value"])
    links = [cell.hyperlink for cell in sheet["A"][3:] if cell.hyperlink is not None]
    assert len(links) == 7


def test_the_history_keeps_what_the_report_shows(
    made: Path, ran: tuple[int, str, dict[str, Any]]
) -> None:
    *_rest, record = ran
    with History(made / "h.duckdb") as history:
        kept = {entry.park: entry for entry in history.entries(2026)}
    assert set(kept) == {park["park"] for park in record["parks"]}
    for park in record["parks"]:
        shown = {
            key: one["value"] for key, one in park["results"].items() if one["value"] is not None
        }
        assert kept[park["park"]].values == pytest.approx(shown)
        assert set(park["results"]) == set(KEYS)


def test_the_report_of_last_year_and_its_folders_say_the_same(
    made: Path, ran: tuple[int, str, dict[str, Any]], tmp_path: Path
) -> None:
    """Results kept in place of the parks: as last year's folders, its report, or a history."""
    results = tmp_path / "results"
    for park in ran[2]["parks"]:
        place = results / park["folder"]
        place.mkdir(parents=True)
        shutil.copy(made / "report" / "parks" / park["folder"] / "results.json", place)
    before = tmp_path / "before"
    runner = CliRunner()
    first = [
        "province",
        str(made / "2025"),
        "--out",
        str(before),
        "--reports",
        "none",
        "--no-energy",
    ]
    first += ["--history", str(tmp_path / "h.duckdb")]
    assert runner.invoke(cli, first).exit_code == 0
    found = []
    for number, more in enumerate(
        (["--previous", str(before)], ["--previous", str(before / "province.json")],
         ["--history", str(tmp_path / "h.duckdb")])
    ):  # fmt: skip
        out = tmp_path / f"out{number}"
        done = runner.invoke(
            cli, ["province", str(results), "--out", str(out), *more, "--reports", "none"]
        )
        assert done.exit_code == 0, done.output
        record = json.loads((out / "province.json").read_text(encoding="utf-8"))
        found.append({one["key"]: (one["value"], one["before"]) for one in record["totals"]})
    shown = {one["key"]: (one["value"], one["before"]) for one in ran[2]["totals"]}
    assert found[0] == found[1] == found[2]
    assert {key: pytest.approx(pair) for key, pair in shown.items()} == found[0]


def test_a_folder_without_parks_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["province", str(tmp_path), "--out", str(tmp_path / "out")])
    assert (done.exit_code, "没有园区文件夹" in done.output) == (1, True)
    (tmp_path / "one").mkdir()
    done = CliRunner().invoke(cli, ["province", str(tmp_path), "--out", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert "1 个文件夹都没有评价结果" in done.output
    assert not (tmp_path / "out" / "province.html").exists()


def test_what_is_no_report_of_last_year_is_told(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_asked: object, **_more: object) -> None:
        pytest.fail("evaluated")

    monkeypatch.setattr("greenland.province.evaluation.members_of_folders", work)
    wrong = tmp_path / "province.json"
    wrong.write_text('{"format": 99}', encoding="utf-8")
    words = [
        "province",
        str(made / "2025"),
        "--out",
        str(tmp_path / "out"),
        "--previous",
        str(wrong),
    ]
    done = CliRunner().invoke(cli, [*words, "--reports", "none", "--no-energy"])
    assert (done.exit_code, "不是 greenland province 写出的" in done.output) == (1, True)
