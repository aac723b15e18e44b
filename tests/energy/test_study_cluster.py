"""Studies on a real Dask cluster: two workers of this machine, one killed meanwhile."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from study_files import write_case, write_study

from greenland.energy.studies.study import run_study
from greenland.errors import InputError, MissingExtraError

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.external]

GRID = """grid:
  x: {path: grid.import_price, from: 0.4, to: 0.6, count: 20}
  y: {path: grid.capacity_mw, values: [85, 90]}"""


def start(words: list[str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """Address of a scheduler, and its two workers without nannies that would start them anew."""
    scheduler = start(
        ["distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1"],
        tmp_path,
    )
    assert scheduler.stderr is not None
    address = ""
    for line in scheduler.stderr:
        found = re.search(r"tcp://127\.0\.0\.1:\d+", line)
        if found:
            address = found[0]
            break
    words = ["distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny"]
    workers = [start([*words, "--no-dashboard", "--death-timeout", "60"], tmp_path) for _n in "ab"]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.communicate()


def test_a_worker_that_is_killed_costs_nothing(
    cluster: tuple[str, list[subprocess.Popen[str]]], tmp_path: Path
) -> None:
    address, workers = cluster
    write_case(tmp_path, days=2)
    study = write_study(tmp_path, GRID)
    with distributed.Client(address, timeout=60) as client:
        client.wait_for_workers(2, timeout=60)
    killed: list[int] = []

    def tell(done: int, _total: int) -> None:
        if done >= 10 and not killed:
            os.kill(workers[0].pid, signal.SIGKILL)
            killed.append(workers[0].pid)

    out = tmp_path / "out"
    found = run_study(study, out=out, scheduler=address, tell=tell)
    assert killed
    assert not found.failed
    assert len(found.cases) == 41
    lines = (out / "journal.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 41  # none is noted twice
    here = run_study(study, workers=1)
    for one, other in zip(found.cases, here.cases, strict=True):
        assert one.row["annual_cost"] == pytest.approx(other.row["annual_cost"], rel=1e-9)


def test_no_scheduler_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from greenland.energy.studies import cluster as module

    monkeypatch.setattr(module, "WAIT_SECONDS", 1)
    write_case(tmp_path, days=2)
    study = write_study(tmp_path, GRID)
    with pytest.raises(InputError, match="连不上 Dask 调度器"):
        run_study(study, scheduler="tcp://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match="cluster"):
        run_study(study, scheduler="tcp://127.0.0.1:9")
