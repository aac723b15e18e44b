"""Results in the page: the report sealed off, the year before, downloads, other years kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import quote

import page_park
import pytest
from flask.testing import FlaskClient

from greenland.page.folders import ParkFolders
from greenland.page.jobs import Job, JobState
from greenland.page.progress import Progress
from greenland.page.results import ReadResults, earlier, figures, parts, year_of
from greenland.page.served import KEY
from greenland.page.work import Asked, assess, set_year_aside
from greenland.report.pdf import BrowserError


@pytest.fixture
def park(assessed: Path, root: Path) -> Path:
    return Path(shutil.copytree(assessed, root / "甲"))


def of_year(folder: Path, year: int) -> None:
    """Let results say that they are of another year."""
    path = folder / "results.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["year"] = content["park"]["year"] = year
    content["land"]["stock"]["totals"][0]["area_ha"] = 1.0
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


@pytest.mark.slow
def test_the_assessment_writes_what_the_command_writes(assessed: Path) -> None:
    names = {path.name for path in (assessed / "out").iterdir()}
    assert names == {"report.html", "results.xlsx", "results.json", "manifest.json"}
    assert year_of(assessed / "out" / "results.json") == 2025
    assert year_of(assessed / "park.yaml") is None


def test_what_ran_and_what_did_not(client: FlaskClient, park: Path) -> None:
    record = ReadResults().record(park / "out" / "results.json")
    made = {part.title: part for part in parts(record)}
    assert made["“标准地”履约"].made
    assert not made["绿电直连规模测算"].made
    assert "energy" in made["绿电直连规模测算"].text
    page = client.get("/park/甲/results/").get_data(as_text=True)
    assert page.count("已评价") >= 3
    assert "未评价：本次未要求计算" in page


def test_the_report_can_reach_nothing_of_the_page(client: FlaskClient, park: Path) -> None:
    answer = client.get("/park/甲/results/report/brief")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-same-origin" not in policy
    assert "frame-ancestors 'self'" in policy
    assert 'class="length-brief"' in answer.get_data(as_text=True)
    page = client.get("/park/甲/results/").get_data(as_text=True)
    assert "allow-same-origin" not in page
    assert client.get("/park/甲/results/report/other").status_code == 404


@pytest.mark.parametrize("length", ["standard", "full"])
def test_lengths_are_downloaded_under_the_parks_name(
    client: FlaskClient, park: Path, length: str
) -> None:
    answer = client.get(f"/park/甲/results/download/{length}.html")
    word = {"standard": "标准", "full": "完整"}[length]
    assert quote(f"甲 {word}.html") in answer.headers["Content-Disposition"]
    assert f'class="length-{length}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("what", ["results.xlsx", "results.json"])
def test_files_are_downloaded(client: FlaskClient, park: Path, what: str) -> None:
    answer = client.get(f"/park/甲/results/download/{what}", buffered=True)
    assert answer.get_data() == (park / "out" / what).read_bytes()


@pytest.mark.parametrize("what", ["manifest.json", "..%2fpark.yaml", "other.html", "standard"])
def test_nothing_else_is_downloaded(client: FlaskClient, park: Path, what: str) -> None:
    assert client.get(f"/park/甲/results/download/{what}").status_code == 404


def test_last_years_results_of_this_folder(client: FlaskClient, park: Path) -> None:
    shutil.copytree(park / "out", park / "out-2024")
    of_year(park / "out-2024", 2024)
    read, folders = ReadResults(), ParkFolders(park.parent)
    record = read.record(park / "out" / "results.json")
    found = earlier(read, folders, park, record)
    assert found is not None
    assert (found[0].year, found[1]) == (2024, "out-2024")
    page = client.get("/park/甲/results/").get_data(as_text=True)
    assert "上一年度的结果取自 out-2024" in page
    assert ">2024</th>" in page


def test_last_years_results_of_another_folder_of_the_same_park(park: Path) -> None:
    for name, year, other in (("去年", 2024, False), ("前年", 2023, False), ("乙", 2024, True)):
        shutil.copytree(park, park.parent / name)
        of_year(park.parent / name / "out", year)
        if other:
            path = park.parent / name / "out" / "results.json"
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("测试园区", "另一园区"), encoding="utf-8")
    read, folders = ReadResults(), ParkFolders(park.parent)
    record = read.record(park / "out" / "results.json")
    found = earlier(read, folders, park, record)
    assert found is not None
    assert (found[0].year, found[1]) == (2024, "去年")
    shutil.rmtree(park.parent / "去年")
    assert earlier(read, folders, park, record) is None


def test_figures_of_two_years(park: Path) -> None:
    shutil.copytree(park / "out", park / "out-2024")
    of_year(park / "out-2024", 2024)
    read = ReadResults()
    now = read.record(park / "out" / "results.json")
    before = read.record(park / "out-2024" / "results.json")
    rows = {row.title: row for group in figures(now, before).values() for row in group}
    ledger = before.land.stock.totals[0].ledger  # type: ignore[union-attr]
    title = {"unsupplied": "批而未供土地", "idle": "闲置土地", "inefficient": "低效用地"}[ledger]
    assert rows[title].before == "1"
    alone = {row.title: row for group in figures(now, None).values() for row in group}
    assert alone[title].now == rows[title].now
    assert alone[title].before == "—"
    assert alone["参评企业数"].now == rows["参评企业数"].now
    assert "." not in alone["参评企业数"].now


def test_results_of_another_year_are_moved_aside_whole(park: Path) -> None:
    of_year(park / "out", 2024)
    assert set_year_aside(park / "out", 2024) is None
    moved = set_year_aside(park / "out", 2025)
    assert moved == park / "out-2024"
    assert (park / "out-2024" / "report.html").is_file()
    assert not (park / "out").exists()
    shutil.copytree(moved, park / "out")
    assert set_year_aside(park / "out", 2025) == park / "out-2024-2"


def test_changed_data_is_told(client: FlaskClient, park: Path) -> None:
    assert "资料有改动" not in client.get("/park/甲/results/").get_data(as_text=True)
    with (park / "park.yaml").open("a", encoding="utf-8") as file:
        file.write("# 改\n")
    page = client.get("/park/甲/results/").get_data(as_text=True)
    assert "评价后资料有改动：park.yaml" in page


def test_a_spoiled_results_file_is_told(client: FlaskClient, park: Path) -> None:
    (park / "out" / "results.json").write_text('{"secret": 1}', encoding="utf-8")
    page = client.get("/park/甲/results/").get_data(as_text=True)
    assert "results.json" in page
    assert "开始评价" in page
    assert "secret" not in page


def test_without_results_there_is_nothing_to_download(client: FlaskClient, root: Path) -> None:
    page_park.write_park(root / "乙")
    assert "还没有结果" in client.get("/park/乙/results/").get_data(as_text=True)
    for path in ("report/brief", "download/results.json", "form/docx/brief"):
        assert client.get(f"/park/乙/results/{path}").status_code == 404


@pytest.mark.slow
def test_edited_reports_and_other_years_are_kept(assessed: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(assessed, tmp_path / "甲"))
    (folder / "out" / "report.html").write_text("改过的", encoding="utf-8")
    made = assess(Asked(folder, frozenset({"land.standard_land"})), Progress(tmp_path / "job"))
    (kept,) = made.kept
    assert (folder / "out" / "versions" / kept).read_text(encoding="utf-8") == "改过的"
    assert (folder / "out" / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE")
    yaml = page_park.YAML.replace("2025", "2026")
    (folder / "park.yaml").write_text(yaml, encoding="utf-8")
    assess(Asked(folder, frozenset({"land.standard_land"})), Progress(tmp_path / "job"))
    assert year_of(folder / "out" / "results.json") == 2026
    assert year_of(folder / "out-2025" / "results.json") == 2025


def test_links_out_of_the_park_are_not_followed(
    client: FlaskClient, park: Path, tmp_path: Path
) -> None:
    shutil.move(park / "out", tmp_path / "elsewhere")
    (park / "out").symlink_to(tmp_path / "elsewhere")
    (park / "out-2024").symlink_to(tmp_path / "elsewhere")
    for path in ("", "report/brief", "download/results.json"):
        answer = client.get(f"/park/甲/results/{path}")
        assert answer.status_code == 404
        assert "园区文件夹之外的链接" in answer.text
    (park / "out").unlink()
    assert "还没有结果" in client.get("/park/甲/results/").text
    (park / "versions").symlink_to(tmp_path / "elsewhere")
    answer = client.post("/park/甲/away", data={"file": "park.xlsx"})
    assert answer.status_code == 404
    assert (park / "park.xlsx").is_file()


@pytest.mark.parametrize("kind", ["assess", "form pdf brief"])
def test_work_that_failed_is_told(client: FlaskClient, park: Path, kind: str) -> None:
    jobs = client.application.extensions[KEY].jobs
    job = Job(
        "n", park.resolve(), kind, "写", state=JobState.FAILED, error=BrowserError("没有浏览器")
    )
    jobs._jobs["n"] = job
    assert "没有浏览器" in client.get("/park/甲/results/").text
