"""Files of one run stand together: killed, refused or crossed runs leave one whole set."""

from __future__ import annotations

import errno
import importlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from drawn import examples

from greenland import assessment
from greenland.cli import cli
from greenland.errors import OutputError
from greenland.filelock import FileLock
from greenland.outputs import (
    MANIFEST,
    STAGING,
    Manifest,
    changed_inputs,
    check_set,
    finish_interrupted,
    output_set,
    prepare,
    read_manifest,
)

NAMES = ("a.html", "b.xlsx", "c.json")


def write_set(folder: Path, word: str, names: tuple[str, ...] = NAMES) -> None:
    with output_set(folder) as staged:
        for name in names:
            (staged.path / name).write_text(word, encoding="utf-8")
        staged.write_manifest("1", {"park.yaml": word}, "rules")


def write_half(folder: Path, error: Exception) -> None:
    """A set whose second file cannot be written."""
    with output_set(folder) as staged:
        (staged.path / NAMES[0]).write_text("two", encoding="utf-8")
        raise error


def words(folder: Path) -> dict[str, str]:
    """What stands in each file of the folder but the manifest; hidden ones too."""
    return {
        item.name: item.read_text(encoding="utf-8")
        for item in folder.iterdir()
        if item.is_file() and item.name != MANIFEST
    }


def test_a_set_is_written_and_leaves_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    write_set(folder, "one")
    assert words(folder) == dict.fromkeys(NAMES, "one")
    assert check_set(folder) == []
    write_set(folder, "two")
    assert words(folder) == dict.fromkeys(NAMES, "two")
    assert sorted(item.name for item in folder.iterdir()) == sorted([*NAMES, MANIFEST])


def test_files_of_the_set_before_go_unless_they_were_changed(tmp_path: Path) -> None:
    write_set(tmp_path, "one", (*NAMES, "d.pdf", "e.docx"))
    (tmp_path / "e.docx").write_text("by hand", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write_set(tmp_path, "two")
    assert words(tmp_path) == {
        **dict.fromkeys(NAMES, "two"), "e.docx": "by hand", "notes.txt": "mine",
    }  # fmt: skip


def test_a_failing_writer_leaves_the_old_set(tmp_path: Path) -> None:
    write_set(tmp_path, "one")
    with pytest.raises(RuntimeError, match="half"):
        write_half(tmp_path, RuntimeError("half"))
    assert words(tmp_path) == dict.fromkeys(NAMES, "one")
    assert check_set(tmp_path) == []


@pytest.mark.parametrize(
    ("code", "message"),
    [(errno.ENOSPC, "磁盘空间不足.*没有改动"), (errno.EIO, "Input/output error.*没有改动")],
)
def test_a_full_disk_leaves_the_old_set_and_says_so(
    tmp_path: Path, code: int, message: str
) -> None:
    write_set(tmp_path, "one")
    with pytest.raises(OutputError, match=message):
        write_half(tmp_path, OSError(code, os.strerror(code), NAMES[1]))
    assert words(tmp_path) == dict.fromkeys(NAMES, "one")


@pytest.mark.parametrize("locked", NAMES)
@pytest.mark.parametrize("moment", ["away", "in"])
def test_a_file_that_cannot_be_replaced_leaves_the_old_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locked: str, moment: str
) -> None:
    """As on Windows, where a workbook open in Excel can be neither moved nor replaced."""
    write_set(tmp_path, "one")
    real = Path.replace

    def refuse(self: Path, target: Any) -> Path:
        moving = self if moment == "away" else Path(target)
        if moving == tmp_path / locked and (moment == "away" or self.parent.name == "new"):
            raise PermissionError(errno.EACCES, "in use", str(self), None, str(target))
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(OutputError, match=rf"{locked}.*Excel.*没有改动"):
            write_set(tmp_path, "two")
    assert words(tmp_path) == dict.fromkeys(NAMES, "one")
    assert check_set(tmp_path) == []
    assert not list(tmp_path.glob(".*"))


def test_a_folder_in_the_place_of_a_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").mkdir()
    (tmp_path / "b.xlsx" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"b\.xlsx.*文件夹"):
        write_set(tmp_path, "one")
    assert (tmp_path / "b.xlsx" / "notes.txt").exists()
    assert not (tmp_path / "a.html").exists()


def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="没有改动"):
        prepare(tmp_path / "file" / "out")


def test_the_set_is_checked_against_its_manifest(tmp_path: Path) -> None:
    write_set(tmp_path, "one")
    (tmp_path / "a.html").write_text("two", encoding="utf-8")
    (tmp_path / "b.xlsx").unlink()
    assert {item.file: item.code for item in check_set(tmp_path)} == {
        "a.html": "output_changed", "b.xlsx": "output_missing",
    }  # fmt: skip


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"files": 3}', "[" * 100_000, '{"files": {"../x": 1}}']
)
def test_a_spoiled_manifest_is_none(tmp_path: Path, content: str) -> None:
    write_set(tmp_path, "one")
    (tmp_path / MANIFEST).write_text(content, encoding="utf-8")
    assert read_manifest(tmp_path) is None
    assert check_set(tmp_path) == []
    write_set(tmp_path, "two")
    assert check_set(tmp_path) == []


def test_names_in_a_manifest_lead_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_set(folder, "one")
    outside = tmp_path / "precious.txt"
    outside.write_text("one", encoding="utf-8")
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    content["files"]["../precious.txt"] = content["files"]["a.html"]
    (folder / MANIFEST).write_text(json.dumps(content), encoding="utf-8")
    write_set(folder, "two")
    assert outside.exists()


def test_changed_inputs_are_named() -> None:
    one = Manifest("1", {"a": "1", "b": "1", "c": "1"}, "r", {})
    two = Manifest("1", {"a": "1", "b": "2", "d": "1"}, "r", {})
    assert changed_inputs(one, two) == ["b", "c", "d"]


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert one.acquire()
    assert not other.acquire()
    one.release()
    assert other.acquire()
    other.release()
    assert list(tmp_path.iterdir()) == []


def test_a_running_set_is_left_alone(tmp_path: Path) -> None:
    with output_set(tmp_path) as staged:
        (staged.path / "a.html").write_text("one", encoding="utf-8")
        finish_interrupted(tmp_path)
        assert (staged.path / "a.html").exists()


# ---- killed runs ---------------------------------------------------------------------------

_KILLED_AT = """
import os, signal, sys
from pathlib import Path
from greenland.outputs import output_set

folder, stop = Path(sys.argv[1]), int(sys.argv[2])
calls = 0

def count(real):
    def step(self, *args, **more):
        global calls
        calls += 1
        if calls == stop:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, *args, **more)
    return step

for name in ("replace", "touch", "unlink", "mkdir"):
    setattr(Path, name, count(getattr(Path, name)))
with output_set(folder) as staged:
    for name in ("a.html", "b.xlsx", "c.json"):
        (staged.path / name).write_text("two", encoding="utf-8")
    staged.write_manifest("1", {}, "rules")
print(calls)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_before_any_step_the_set_is_the_old_or_the_new(tmp_path: Path) -> None:
    """Steps that move, make or take away a file, each the last one of a run."""

    def run(folder: Path, stop: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", _KILLED_AT, str(folder), str(stop)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    write_set(tmp_path / "whole", "one")
    steps = int(run(tmp_path / "whole", 0).stdout)
    assert steps > 10
    outcomes = set()
    stops = random.Random(15).sample(range(2, steps), 10)
    for stop in (1, *stops, steps):
        folder = tmp_path / str(stop)
        write_set(folder, "one")
        assert run(folder, stop).returncode == -signal.SIGKILL
        # whatever is in place is of one run, even before anything is mended
        assert len(set(words(folder).values()) - {""}) <= 1
        finish_interrupted(folder)
        assert set(words(folder)) == set(NAMES)
        (word,) = set(words(folder).values())
        outcomes.add(word)
        assert check_set(folder) == []
        assert not list(folder.glob(f"{STAGING}*"))
    assert outcomes == {"one", "two"}


@pytest.mark.slow
def test_runs_at_once_into_one_folder_do_not_mix(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from greenland.outputs import output_set\n"
        "for n in range(15):\n"
        "    with output_set(Path(sys.argv[1])) as staged:\n"
        "        for name in ('a.html', 'b.xlsx', 'c.json'):\n"
        "            (staged.path / name).write_text(sys.argv[2] + str(n))\n"
        "        staged.write_manifest('1', {}, 'rules')\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), word]) for word in "xyz"]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert len(set(words(tmp_path).values())) == 1
    assert set(words(tmp_path)) == set(NAMES)
    assert check_set(tmp_path) == []


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_assessments_killed_at_any_moment_leave_one_set(example_park: Path) -> None:
    """Short form of a campaign: `assess` killed at seeded moments of its writing."""
    out = example_park / "out"
    command = [sys.executable, "-m", "greenland", "assess", str(example_park), "--no-energy",
               "--only", "land.review"]  # fmt: skip
    subprocess.run(command, check=False, capture_output=True)
    first = {item.name for item in out.iterdir()}
    assert first == {"report.html", "results.xlsx", "results.json", MANIFEST}
    chance = random.Random(15)
    for _turn in range(examples(2, 4)):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not list(out.glob(f"{STAGING}*/new")) and run.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 1.5))
        run.kill()
        run.wait()
        finish_interrupted(out)
        assert {item.name for item in out.iterdir()} == first
        assert check_set(out) == []


# ---- commands ------------------------------------------------------------------------------


def invoke(*words: object) -> Any:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.mark.slow
def test_a_second_run_says_what_changed(example_park: Path) -> None:
    out = example_park / "out"
    assess = ("assess", example_park, "--only", "land.review")
    assert "上次" not in invoke(*assess).output
    manifest = read_manifest(out)
    assert manifest is not None
    assert {"park.yaml", "park.xlsx", "parcels.geojson"} <= set(manifest.inputs)
    assert set(manifest.files) == {"report.html", "results.xlsx", "results.json"}
    assert "上次" not in invoke(*assess).output
    with (example_park / "park.yaml").open("a", encoding="utf-8") as file:
        file.write("# 改\n")
    (out / "results.xlsx").write_bytes(b"by hand")
    told = invoke(*assess, "--docx").output
    assert "输入有变化：park.yaml" in told
    assert "已由本次结果替换：results.xlsx" in told
    assert (out / "report.docx").exists()
    # the Word file of an earlier run does not stay beside a new report
    invoke(*assess)
    assert not (out / "report.docx").exists()


@pytest.mark.slow
def test_a_report_tells_what_does_not_belong(example_park: Path) -> None:
    out = example_park / "out"
    invoke("assess", example_park, "--only", "land.review", "--docx")
    results = out / "results.json"
    (out / "report.html").write_text("of another run", encoding="utf-8")
    told = invoke("report", results).output
    assert "report.html" in told.split("已写出")[0]
    assert check_set(out) == []
    assert (out / "report.docx").exists()
    manifest = read_manifest(out)
    assert manifest is not None
    assert "park.yaml" in manifest.inputs
    results.write_text(results.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert "不是清单所记的那一份" in invoke("report", results).output
    assert check_set(out) == []
    assert not (out / "report.docx").exists()


def test_a_missing_library_is_told_before_anything_is_computed(
    example_park: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = importlib.import_module("greenland.report.forms")
    monkeypatch.setattr(report, "find_spec", lambda name: None)
    monkeypatch.setattr(assessment, "assess", lambda *args, **more: pytest.fail("computed"))
    result = invoke("assess", example_park, "--docx")
    assert result.exit_code == 1
    assert "greenland[word]" in result.output
