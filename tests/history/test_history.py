"""Key results kept from year to year, in DuckDB and in SQLite by URL."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from history_rows import entry

from greenland.cli import cli
from greenland.errors import InputError, MissingExtraError
from greenland.filelock import FileLock
from greenland.history import History, connection, schema
from greenland.history.connection import shown
from greenland.key_results import KEYS

HERE = Path(__file__).parent
BACKENDS = ("duckdb", "sqlite")


@pytest.fixture(params=BACKENDS)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a history: a file, and the URL of a database."""
    if request.param == "duckdb":
        return str(tmp_path / "made" / "history.duckdb")
    return f"sqlite:///{tmp_path / 'history.sqlite'}"


def raw(where: str, statements: Sequence[str]) -> list[tuple[object, ...]]:
    """Rows of the last of some statements, by the driver alone."""
    if where.startswith("sqlite"):
        import sqlite3

        lite = sqlite3.connect(where.removeprefix("sqlite:///"))
        try:
            for statement in statements:
                rows = lite.execute(statement).fetchall()
            lite.commit()
        finally:
            lite.close()
        return rows
    import duckdb

    Path(where).parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(where) as duck:
        for statement in statements:
            duck.execute(statement)
        return list(duck.fetchall())


def test_what_is_kept_is_found_again(where: str) -> None:
    with History(where) as history:
        assert history.add([entry(year=2025), entry(year=2026), entry("XG002")]) == 3
        rows = history.rows()
        assert [(row.park, row.year, row.key) for row in rows] == [
            ("XG001", 2025, "idle_ha"),
            ("XG001", 2025, "tax_per_mu"),
            ("XG001", 2026, "idle_ha"),
            ("XG001", 2026, "tax_per_mu"),
            ("XG002", 2026, "idle_ha"),
            ("XG002", 2026, "tax_per_mu"),
        ]
        assert {row.unit for row in rows if row.key == "tax_per_mu"} == {"万元/亩·年"}
        assert {row.version for row in rows} == {"0.1.0"}
        assert rows[0].kept_at.endswith("+00:00")
        assert history.years() == [2025, 2026]
        assert history.entries(2026) == [entry(), entry("XG002")]
        assert {row.park for row in history.rows(parks={"XG002 园区（虚构）"})} == {"XG002"}
        assert [row.value for row in history.rows(keys={"idle_ha"}, years={2025})] == [3.0]


def test_the_same_year_is_replaced_whole(where: str) -> None:
    with History(where) as history:
        history.add([entry(idle_ha=3.0, tax_per_mu=1.0), entry("XG002")])
        history.add([entry(idle_ha=2.0)])
        kept = {(row.park, row.key): row.value for row in history.rows()}
    assert kept == {("XG001", "idle_ha"): 2.0, ("XG002", "idle_ha"): 3.0,
                    ("XG002", "tax_per_mu"): 12.5}  # fmt: skip


def test_all_or_nothing(where: str) -> None:
    with History(where) as history:
        history.add([entry(idle_ha=1.0)])
        bad = entry("XG002", idle_ha=2.0)
        object.__setattr__(bad, "name", None)
        with pytest.raises(InputError, match="读写出错"):
            history.add([entry(idle_ha=9.0), bad])
        assert [(row.park, row.value) for row in history.rows()] == [("XG001", 1.0)]


VERSION_1 = [
    "CREATE TABLE greenland_schema (version INTEGER NOT NULL PRIMARY KEY,"
    " migrated_at VARCHAR(40) NOT NULL)",
    *schema.STEPS[0],
    "INSERT INTO greenland_schema VALUES (1, '2025-01-01T00:00:00+00:00')",
    "INSERT INTO key_results VALUES"
    " ('XG001', 2025, 'idle_ha', 4.5, '公顷', '2025-01-01T00:00:00+00:00', '0.0.9')",
]


def test_version_1_is_brought_up(where: str) -> None:
    raw(where, VERSION_1)
    with History(where) as history:
        (row,) = history.rows()
        assert (row.park, row.name, row.value, row.version) == ("XG001", "XG001", 4.5, "0.0.9")
        history.add([entry()])
        assert len(history.rows(keys={"idle_ha"})) == 2
    versions = raw(where, ["SELECT version FROM greenland_schema ORDER BY version"])
    assert versions == [(number + 1,) for number in range(schema.LATEST)]


def test_a_stored_file_of_version_1_is_brought_up(tmp_path: Path) -> None:
    """A SQLite file as version 1 left it."""
    path = tmp_path / "old.sqlite"
    path.write_bytes((HERE / "version1.sqlite").read_bytes())
    with History(f"sqlite:///{path}") as history:
        assert [(row.park, row.year, row.value) for row in history.rows()] == [
            ("XG001", 2024, 4.5),
            ("XG001", 2025, 3.25),
        ]


def test_a_later_version_is_refused(where: str) -> None:
    with History(where) as history:
        history.add([entry()])
    raw(where, [f"INSERT INTO greenland_schema VALUES ({schema.LATEST + 1}, 'later')"])
    with History(where) as history:
        for visit in (history.rows, lambda: history.add([entry()])):
            with pytest.raises(InputError, match="更新的版本") as caught:
                visit()
            (problem,) = caught.value.problems
            assert problem.got == str(schema.LATEST + 1)
            assert problem.allowed == f"1～{schema.LATEST}"
    assert raw(where, ["SELECT COUNT(*) FROM key_results"]) == [(2,)]


def test_there_is_none_yet(tmp_path: Path) -> None:
    with History(tmp_path / "none.duckdb") as history, pytest.raises(InputError, match="没有这个"):
        history.rows()


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.duckdb"
    path.write_text("not a database", encoding="utf-8")
    with History(path) as history, pytest.raises(InputError, match="打不开"):
        history.rows()
    with pytest.raises(InputError, match="打不开"):
        History("nosuch://host/base")


def test_a_password_is_not_shown() -> None:
    url = "postgresql://user:secret@host/base"
    assert shown(url) == "postgresql://user:***@host/base"


def test_a_held_file_is_waited_for_and_then_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenland.filelock.WAIT_SECONDS", 0.05)
    lock = FileLock(tmp_path / "history.duckdb.lock")
    assert lock.acquire()
    try:
        with (
            History(tmp_path / "history.duckdb") as history,
            pytest.raises(InputError, match="占用"),
        ):
            history.add([entry()])
    finally:
        lock.release()


@pytest.mark.parametrize(("library", "place"), [("duckdb", "h.duckdb"), ("sqlalchemy", "a://b")])
def test_without_the_extra(
    library: str, place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match="history"):
        History(place if "://" in place else tmp_path / place).add([entry()])


@pytest.mark.slow
def test_writers_side_by_side_lose_nothing(where: str) -> None:
    """Three programs keep results of their own and of one park they share."""
    command = [sys.executable, str(HERE / "history_rows.py"), where]
    writers = [
        subprocess.Popen([*command, str(begin), "5"], stderr=subprocess.PIPE)
        for begin in (0, 100, 200)
    ]
    told = [writer.communicate()[1].decode() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0], told
    with History(where) as history:
        parks = {row.park for row in history.rows()}
        shared = history.rows(parks={"SHARED"})
    expected = {f"XG{begin + number:03d}" for begin in (0, 100, 200) for number in range(5)}
    assert parks == expected | {"SHARED"}
    assert len(shared) == 1
    assert shared[0].value in {begin + 4.0 for begin in (0, 100, 200)}


def test_a_visit_another_came_before_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from greenland.history import store

    calls = []
    replace = store._replace

    def collide(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == 1:
            raise connection.CollisionError(InputError([]))
        replace(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "_replace", collide)
    with History(f"sqlite:///{tmp_path / 'h.sqlite'}") as history:
        history.add([entry()])
        assert len(history.rows()) == 2
    assert len(calls) == 2


# -- the command -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example park's results, of two years by the word of their files."""
    from greenland import assess
    from greenland.park import example_folder

    folder = tmp_path_factory.mktemp("results")
    record = assess(example_folder(), parts={"land.standard_land", "land.policy"}).record()
    for year in (2025, 2026):
        park = record.park.model_copy(update={"code": "YQ001", "year": year})
        copy = record.model_copy(update={"year": year, "park": park})
        (folder / str(year)).mkdir()
        path = folder / str(year) / "results.json"
        path.write_text(copy.to_json(), encoding="utf-8")
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    where = str(tmp_path / "h.duckdb")

    def call(*words: str) -> tuple[int, str]:
        ran = CliRunner().invoke(cli, ["history", *words, "--history", where])
        return ran.exit_code, ran.output

    return call


@pytest.mark.slow
def test_add_show_and_trend(run: Callable[..., tuple[int, str]], results: Path) -> None:
    code, said = run("add", str(results / "2025"), str(results / "2026" / "results.json"))
    assert (code, "2 个园区年度" in said) == (0, True)
    code, said = run("show", "--park", "YQ001", "--key", "standard_land_share", "--json")
    rows = json.loads(said)
    assert [(row["year"], row["title"]) for row in rows] == [
        (2025, "“标准地”出让比例"),
        (2026, "“标准地”出让比例"),
    ]
    assert rows[1]["value"] == pytest.approx(0.7016, abs=1e-4)  # of the example's report
    code, said = run("trend", "--key", "above_scale_output_wan", "--json")
    (line,) = json.loads(said)
    assert line["2026"] - line["2025"] == line["change"]
    assert line["unit"] == KEYS["above_scale_output_wan"].unit
    code, said = run("trend", "--csv")
    assert said.lstrip("\ufeff").splitlines()[0] == "park,name,key,title,unit,2025,2026,change"


@pytest.mark.slow
def test_assess_keeps_its_results_only_when_asked(tmp_path: Path) -> None:
    from greenland.park import example_folder

    where, words = tmp_path / "h.duckdb", ["assess", str(example_folder())]
    words += ["--out", str(tmp_path / "out"), "--only", "land.standard_land", "--length", "brief"]
    ran = CliRunner().invoke(cli, [*words, "--history", str(where)])
    assert "1 个园区年度" in ran.output
    with History(where) as history:
        (row,) = history.rows(keys={"standard_land_share"})
    assert (row.year, round(row.value, 4)) == (2026, 0.7016)


@pytest.mark.slow
def test_add_tells_all_that_is_wrong(run: Callable[..., tuple[int, str]], results: Path) -> None:
    bad = results / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    same = str(results / "2025")
    code, said = run("add", same, same, str(bad))
    assert code == 1
    assert "给出了两份" in said
    assert "不是评价结果文件" in said
    code, said = run("add", str(results))
    assert (code, "没有 results.json" in said) == (1, True)
    code, said = run("show", "--key", "idle_hectares")
    assert (code, "idle_ha" in said) == (1, True)
