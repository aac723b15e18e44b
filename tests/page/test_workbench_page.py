"""What the server answers the workbench: numbers in words, cards, curves, and what it refuses."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from study_files import CASE, write_case

from greenland.energy.workbench import Cards, Workbench
from greenland.lp import InteriorPointSolver
from greenland.page.desk import Desk, cases_of, curve_files
from greenland.page.progress import Progress
from greenland.page.workbench_work import BenchTask, compare_cards, find_front, size_patiently

ROOT = Path(__file__).resolve().parents[2]
PARK = "甲园区"
AT = f"/energy/{PARK}/"


@pytest.fixture
def park(root: Path) -> Path:
    folder = root / PARK
    folder.mkdir()
    (folder / "park.yaml").write_text(
        "name: 甲园区\nlevel: 省级\ntype: 产业园区\nyear: 2026\nrules:\n  packs: [national]\n",
        encoding="utf-8",
    )
    write_case(folder)
    return folder


def asked(client: FlaskClient, path: str, **content: Any) -> Any:
    given = {"case": "case.yaml", "settings": {}, "tab": "t", "serial": 1, **content}
    return client.post(AT + path, json=given, headers={"Accept": "application/json"})


def test_the_page_names_every_knob_and_where_it_stands(client: FlaskClient, park: Path) -> None:
    page = client.get(AT).get_data(as_text=True)
    for knob in Workbench.of_file(park / "case.yaml").knobs:
        assert f'data-key="{knob.key}"' in page, knob.key
    assert "case.yaml 第5行" in page
    assert "按规则：" in page
    assert "<script>" not in page  # the page's policy forbids scripts in it
    assert "style=" not in page
    assert (
        client.get("/energy/").headers["Location"].endswith("/energy/%E7%94%B2%E5%9B%AD%E5%8C%BA/")
    )


def test_an_answer_is_told_in_words(client: FlaskClient, park: Path) -> None:
    found = asked(client, "size").get_json()
    plan = Workbench.of_file(park / "case.yaml").size({}).plan
    assert found["state"] == "optimal"
    cost = found["head"][0]
    assert cost["title"] == "年供电总成本"
    assert cost["value"] == pytest.approx(plan.annual_cost / 1e4, rel=1e-9)
    assert cost["unit"] == "万元/年"
    assert [one["title"] for one in found["sizes"]][:2] == ["光伏", "风电"]
    assert sum(one["value"] for one in found["costs"]) == pytest.approx(cost["value"], rel=1e-3)
    assert {one["state"] for one in found["checks"]} >= {"met"}
    assert any("口径二" in one["title"] for one in found["checks"])
    day = asked(client, "day", day=found["days"][0]).get_json()
    sides = {one["side"] for one in day["series"]}
    assert len(day["times"]) == 24
    assert "up" in sides

    # what comes in is what is taken, stored, fed back or left unused
    def total(side: str) -> list[float]:
        columns = [one["values"] for one in day["series"] if one["side"] == side]
        return [sum(values) for values in zip(*columns, strict=True)] or [0.0] * 24

    load = next(one["values"] for one in day["series"] if one["key"] == "load")
    left = [a - b for a, b in zip(total("up"), total("down"), strict=True)]
    assert left == pytest.approx(load, abs=1e-4)


def test_english_readers_are_answered_in_english(client: FlaskClient, park: Path) -> None:
    client.post("/language", data={"lang": "en"})
    assert asked(client, "size").get_json()["head"][0]["unit"] != "万元/年"


def test_a_conflict_says_what_gives(client: FlaskClient, park: Path) -> None:
    settings = {
        "limits.min_self_use_of_consumption": 0.6,
        "sources.pv.max_mw": {"fixed": 5},
        "sources.wind.max_mw": {"fixed": 5},
    }
    found = asked(client, "size", settings=settings).get_json()
    assert found["state"] == "infeasible"
    assert "至多" in found["notes"][0]  # a sum over the bounds shows it, nothing was solved
    assert "sizes" not in found
    why = asked(client, "reasons", settings=settings).get_json()
    assert "自用" in why["text"]
    assert any(one["reachable"] for one in why["relaxations"])
    assert asked(client, "day", settings=settings, day="2025-01-01").get_json()["series"] == []


def test_an_older_change_of_a_tab_is_not_worked(client: FlaskClient, park: Path) -> None:
    assert "head" in asked(client, "size", serial=5, tab="a").get_json()
    assert asked(client, "size", serial=4, tab="a").get_json() == {"overtaken": True}
    assert "head" in asked(client, "size", serial=1, tab="b").get_json()


@pytest.mark.parametrize(
    ("path", "content", "status", "words"),
    [
        ("size", {"settings": {"sources.pv.capx": 1}}, 400, "案例没有可以调节的"),
        ("size", {"settings": {"load": {"file": "../x.csv"}}}, 400, "案例文件夹中的曲线文件"),
        ("size", {"settings": []}, 400, ""),
        ("size", {"serial": "x"}, 400, ""),
        ("reasons", {"serial": None}, 400, ""),
        ("size", {"case": "../case.yaml"}, 400, "没有这个案例"),
        ("size", {"case": "park.yaml"}, 400, "没有这个案例"),
        ("size", {"case": ["case.yaml"]}, 400, "没有这个案例"),
        ("day", {"day": "soon"}, 400, ""),
        ("day", {"day": "1990-01-01"}, 400, "曲线没有这一天"),
        ("front", {"against": "beauty"}, 400, ""),
        ("cards", {"name": "../x"}, 400, "不能作文件名"),
        ("cards/remove", {"name": "无"}, 400, "没有名为"),
        ("cards/export", {"name": "无"}, 400, "没有名为"),
        ("patient", {"settings": {"load": -1}}, 400, "不为负的数字"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    client: FlaskClient, park: Path, path: str, content: dict[str, Any], status: int, words: str
) -> None:
    answer = asked(client, path, **content)
    assert answer.status_code == status
    problems = answer.get_json().get("problems", [])
    assert words in "".join(str(one) for one in problems)


def test_a_park_of_another_name_is_not_found(client: FlaskClient, park: Path) -> None:
    assert client.get("/energy/乙/").status_code == 404
    answer = client.post("/energy/乙/size", json={"case": "case.yaml"})
    assert answer.status_code == 404


def test_without_the_token_of_the_page_nothing_is_sized(app: Flask, park: Path) -> None:
    bare = app.test_client()
    bare.get("/?token=the-token")
    assert bare.post(AT + "size", json={"case": "case.yaml"}).status_code == 403


def test_a_case_with_faults_is_told_of_and_read_again(client: FlaskClient, park: Path) -> None:
    assert "head" in asked(client, "size").get_json()
    (park / "case.yaml").write_text(CASE.replace("capex: 2700", "capx: 2700"), encoding="utf-8")
    page = client.get(AT).get_data(as_text=True)
    assert "有错，改正后才能测算" in page
    assert "capx" in page
    (park / "case.yaml").write_text(CASE.replace("capex: 2700", "capex: 1700"), encoding="utf-8")
    assert 'value="1700"' in client.get(AT).get_data(as_text=True)


def test_names_are_escaped(client: FlaskClient, park: Path) -> None:
    evil = "<img src=x onerror=alert(1)>"
    text = CASE.replace("虚构示例", f'"{evil}"').replace("name: wind", f'name: "{evil}"')
    (park / "case.yaml").write_text(text, encoding="utf-8")
    page = client.get(AT).get_data(as_text=True)
    assert "<img" not in page
    assert "&lt;img" in page
    assert any(evil in one["title"] for one in asked(client, "size").get_json()["sizes"])


def test_a_park_without_a_case_says_what_to_do(client: FlaskClient, park: Path) -> None:
    (park / "case.yaml").unlink()
    assert "还没有直供案例" in client.get(AT).get_data(as_text=True)


# -- cards ---------------------------------------------------------------------------------------


def test_cards_are_kept_downloaded_and_written(client: FlaskClient, park: Path) -> None:
    settings = {"grid.import_price": 0.7}
    found = asked(client, "cards", name="高 价", settings=settings).get_json()
    assert [one["name"] for one in found["cards"]] == ["高 价"]
    again = asked(client, "cards", name="高 价", settings={})
    assert again.get_json()["problems"][0]["code"] == "card_taken"
    assert "高 价" in client.get(AT).get_data(as_text=True)
    file = client.get(AT + "case.yaml", query_string={"case": "case.yaml", "card": "高 价"})
    assert "import_price: 0.7" in file.get_data(as_text=True)
    named = file.headers["Content-Disposition"]
    assert named.startswith("attachment")
    assert named.isascii()  # as servers take it
    asked(client, "cards/export", name="高 价")
    assert "import_price: 0.7" in (park / "高 价.yaml").read_text(encoding="utf-8")
    assert list(cases_of(park)) == ["case.yaml", "高 价.yaml"]
    assert asked(client, "cards/remove", name="高 价").get_json() == {"cards": []}


@pytest.mark.slow
def test_long_work_is_that_of_the_library(park: Path, tmp_path: Path) -> None:
    """What the processes of the page do, done here."""
    progress = Progress(tmp_path / "told")
    settings = {"sources.pv.build_cost": 1e6}
    task, found, _seconds = size_patiently(BenchTask(park, "case.yaml", settings), progress)
    bench = Workbench.of_file(park / "case.yaml")
    assert bench.adopt(task.settings, found, 0.0).plan.status.has_plan
    Cards(bench).save("便宜", {"grid.import_price": 0.45})
    made = compare_cards(BenchTask(park, "case.yaml", cards=("便宜",)), progress)
    assert made.record["cases"] == ["原案例：虚构示例", "便宜"]
    assert "便宜" in made.page
    assert made.workbook[:2] == b"PK"
    points = find_front(BenchTask(park, "case.yaml", against="capex"), progress)["points"]
    assert len(points) > 3


@pytest.mark.slow
def test_the_example_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "page.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    exec(code.replace("examples/", f"{ROOT}/examples/"), {})
    keys, cost = capsys.readouterr().out.splitlines()
    assert "discount_rate" in keys
    assert cost.endswith("万元/年")


# -- curves --------------------------------------------------------------------------------------


def brought(client: FlaskClient, name: str, content: bytes, **more: str) -> Any:
    form = {"file": (io.BytesIO(content), name), **more}
    return client.post(AT + "curve", data=form, headers={"Accept": "application/json"})


def test_a_dropped_curve_is_kept_and_sized_with(client: FlaskClient, park: Path) -> None:
    content = (park / "load.csv").read_bytes()
    found = brought(client, "新负荷.csv", content).get_json()
    assert found["file"] == "新负荷.csv"
    assert "新负荷.csv" in found["files"] == curve_files(park)
    settings = {"load": {"file": "新负荷.csv", "factor": 1.0}}
    same = asked(client, "size", settings=settings).get_json()
    assert same["head"][0]["text"] == asked(client, "size", serial=2).get_json()["head"][0]["text"]
    taken = brought(client, "新负荷.csv", b"x").get_json()
    assert taken["problems"][0]["code"] == "curve_taken"
    assert (park / "新负荷.csv").read_bytes() == content
    changed = content.replace(b"0", b"1")
    assert brought(client, "新负荷.csv", changed, force="yes").status_code == 200
    (old,) = (park / "versions").iterdir()
    assert old.read_bytes() == content
    assert (park / "新负荷.csv").read_bytes() == changed


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../x.csv", b"a"),
        ("x.exe", b"MZ"),
        ("x.yaml", b"load: x"),
        ("con.csv", b"a"),
        ("page.csv", b"<html><script>alert(1)</script>"),
        ("x.xlsx", b"no workbook"),
        ("x.parquet", b"no parquet"),
    ],
)
def test_hostile_curves_are_refused(
    client: FlaskClient, park: Path, name: str, content: bytes
) -> None:
    before = sorted(park.iterdir())
    assert brought(client, name, content).status_code == 400
    assert sorted(park.iterdir()) == before


# -- the desk ------------------------------------------------------------------------------------


def test_the_desk_reads_a_case_anew_when_a_curve_changes(park: Path) -> None:
    desk = Desk()
    first = desk.seat(park, "case.yaml")
    assert desk.seat(park, "case.yaml") is first
    text = (park / "load.csv").read_text(encoding="utf-8")
    (park / "load.csv").write_text(text + "\n", encoding="utf-8")
    assert desk.seat(park, "case.yaml") is not first


def test_the_newest_change_of_a_tab_wins() -> None:
    desk = Desk()
    desk.asked("a", 3)
    desk.asked("a", 2)  # came late
    assert desk.overtaken("a", 2)
    assert not desk.overtaken("a", 3)
    assert not desk.overtaken("b", 1)


HARD = {
    "limits.min_self_use_of_consumption": 0.95,
    "limits.min_self_use_of_generation": 0.95,
    "storages.battery.max_mwh": {"fixed": 1.0},
}
"""A conflict that no sum over the bounds shows."""


@pytest.mark.slow
def test_a_newer_change_gives_up_the_sizing_and_the_reasons_of_an_older(park: Path) -> None:
    """Both end within an iteration, and the next change finds the problem as it was."""
    desk = Desk()
    seat = desk.seat(park, "case.yaml")
    expected = desk.size(seat, {}, "a", 1)
    assert expected is not None
    dear = {"grid.import_price": 0.7}
    told: list[str] = []
    desk.overtaken = lambda _tab, serial: serial == 2 and _count(told) > 3  # type: ignore[method-assign]
    assert desk.size(seat, dear, "a", 2) is None
    told.clear()
    assert desk.size(seat, HARD, "a", 3) is not None
    assert desk.reasons(seat, HARD, "a", 2) is None
    found = desk.reasons(seat, HARD, "a", 3)
    assert found is not None
    assert found["text"]
    again = desk.size(seat, dear, "a", 3)
    assert again is not None
    bench = Workbench.of_file(park / "case.yaml")
    assert again.plan.annual_cost == bench.size(dear).plan.annual_cost


def _count(told: list[str]) -> int:
    told.append("")
    return len(told)


def test_what_takes_longer_is_told(park: Path) -> None:
    """That no sum shows a conflict, and a program has to."""
    desk = Desk()
    seat = desk.seat(park, "case.yaml")
    told: list[str] = []
    answer = seat.bench.size(HARD, tell=told.append)
    assert answer.state == "infeasible"
    assert len(told) == 1
    assert "核实" in told[0]
    assert desk.doing("a") == ""


@pytest.mark.slow
def test_what_proves_a_conflict_is_not_solved_again_to_explain_it(
    park: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Workbench.of_file(park / "case.yaml")
    bench.size(HARD)
    solved: list[Any] = []
    whole = InteriorPointSolver.solve

    def solve(self: Any, program: Any, *rest: Any, **named: Any) -> Any:
        solved.append(program)
        return whole(self, program, *rest, **named)

    monkeypatch.setattr(InteriorPointSolver, "solve", solve)
    assert bench._problems.proof
    found, count = bench.reasons(HARD), len(solved)
    bench._problems.proof.clear()
    assert bench.reasons(HARD) == found
    assert len(solved) == 2 * count + 1
