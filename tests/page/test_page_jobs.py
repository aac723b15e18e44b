"""Long work in its process: told of, given up, kept apart by folder."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import job_work
import pytest
from flask.testing import FlaskClient

from greenland.i18n import use_language
from greenland.page.jobs import Job, Jobs, JobState
from greenland.page.served import KEY

pytestmark = pytest.mark.slow


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    made = Jobs(most=2)
    yield made
    made.close()


def ended(job: Job, seconds: float = 60) -> Job:
    until = time.monotonic() + seconds
    while job.under_way:
        assert time.monotonic() < until, job
        time.sleep(0.02)
    return job


def begun(job: Job, file: Path) -> int:
    """Wait until the process of a job is at work; its number."""
    until = time.monotonic() + 60
    while not file.is_file():
        assert time.monotonic() < until
        assert job.under_way, job
        time.sleep(0.02)
    assert job._process is not None
    return job._process.pid


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_result_and_the_language_of_the_reader(jobs: Jobs, tmp_path: Path) -> None:
    first = jobs.start(tmp_path, "double", job_work.double, 21, title="加倍")
    with use_language("en"):
        second = jobs.start(tmp_path, "said", job_work.said, None, title="说")
    assert (ended(first).result, ended(second).result) == (42, "workbook of the park")
    assert first.as_record()["state"] == "done"
    assert jobs.latest(tmp_path, "double") is first
    assert [job.kind for job in jobs.of(tmp_path)] == ["said", "double"]
    assert jobs.of(tmp_path / "other") == []


def test_what_is_wrong_with_the_input_is_told(
    jobs: Jobs, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    refused = ended(jobs.start(tmp_path, "a", job_work.refuse, "x", title="甲"))
    crashed = ended(jobs.start(tmp_path, "b", job_work.crash, "secret", title="乙"))
    assert refused.state is crashed.state is JobState.FAILED
    assert [one.got for one in refused.problems] == ["x"]
    assert "数据有误" in refused.reason
    assert crashed.reason == "程序出错，未能完成；详情见运行 greenland page 的终端。"
    assert "secret" in capfd.readouterr().err


def test_one_of_a_kind_in_a_folder_and_others_beside_it(jobs: Jobs, tmp_path: Path) -> None:
    here, there = tmp_path / "甲", tmp_path / "乙"
    first = jobs.start(here, "wait", job_work.wait, tmp_path / "one", title="等")
    assert jobs.start(here, "wait", job_work.wait, tmp_path / "one", title="等") is first
    other = jobs.start(there, "wait", job_work.wait, tmp_path / "two", title="等")
    third = jobs.start(there, "double", job_work.double, 1, title="加倍")
    pids = begun(first, tmp_path / "one"), begun(other, tmp_path / "two")
    told = first.as_record()
    assert (told["part"], told["done"], told["total"]) == ("等待", 0, 4)
    assert third.state is JobState.WAITING  # two at once
    jobs.cancel(first)
    assert first.state is JobState.CANCELLED
    assert other.state is JobState.RUNNING
    assert ended(third).result == 2
    assert gone(pids[0])
    jobs.close()
    assert other.state is JobState.CANCELLED
    assert gone(pids[1])


def test_a_job_is_watched_and_given_up_from_the_page(
    client: FlaskClient, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    jobs: Jobs = client.application.extensions[KEY].jobs
    job = jobs.start(root, "wait", job_work.wait, tmp_path / "alive", title="等")
    pid = begun(job, tmp_path / "alive")
    told = client.get(f"/jobs/{job.id}").get_json()
    assert (told["state"], told["part"], told["under_way"]) == ("running", "等待", True)
    assert client.application.test_client().get(f"/jobs/{job.id}").status_code == 403
    assert client.post(f"/jobs/{job.id}/cancel").get_json()["state"] == "cancelled"
    assert gone(pid)
