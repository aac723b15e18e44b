"""Tasks in other processes: the same results, and failures that say where they happened."""

from __future__ import annotations

import math
import operator
import os
import pickle
import signal
import subprocess
import sys
import time
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

from greenland.errors import InputError, WorkError, input_error
from greenland.i18n import _, record_texts, use_language
from greenland.workers import VARIABLE, ProcessCrew, Workers, count, cpus, pool, side_by_side

NAMES = ["甲", "乙", "丙", "丁"]


def test_serial_and_parallel_give_the_same() -> None:
    items = [3, 4, 5, 400]
    with Workers(2) as workers:
        batch = workers.start(math.factorial, items, names=NAMES)
        given = batch.results()
        assert len(workers.pids) <= 2
    with Workers(0) as workers:
        assert workers.start(math.factorial, items, names=NAMES).results() == given
        assert not workers.pids
    assert given == [math.factorial(n) for n in items]


@pytest.fixture
def helped() -> Workers:
    """A worker that is ready, so that it does tasks and not the caller alone."""
    with Workers(1) as workers:
        workers.prepare()
        while not workers.ready:
            time.sleep(0.01)
        yield workers


def only_there(workers: Workers, work, items, names=NAMES):
    """A batch the caller does nothing of."""
    batch = workers.start(work, items, names=names)
    deadline = time.monotonic() + 20
    while not batch.done:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return batch


def test_what_fails_names_itself(helped: Workers) -> None:
    batch = only_there(helped, math.sqrt, [4.0, -1.0, 9.0])
    with pytest.raises(ValueError, match="math domain error") as caught:
        batch.results()
    assert caught.value.__notes__[-1] == "计算“乙”时出错。"
    assert "Traceback" in caught.value.__notes__[0]  # where in the other process
    with Workers(0) as alone, pytest.raises(ValueError, match="math domain error") as caught:
        alone.start(math.sqrt, [4.0, -1.0, 9.0], names=NAMES).results()
    assert caught.value.__notes__ == ["计算“乙”时出错。"]
    assert only_there(helped, math.sqrt, [16.0]).results() == [4.0]  # it goes on working


def faulty(code: str) -> float:
    raise input_error(code, _("面积应大于 {least}。", least=0))


def test_errors_of_ours_come_as_they_are(helped: Workers) -> None:
    # a function of a test is not importable there, and that is said
    batch = only_there(helped, faulty, ["area"])
    with pytest.raises((ImportError, AttributeError)) as caught:
        batch.results()
    assert caught.value.__notes__[-1] == "计算“甲”时出错。"
    batch = only_there(helped, partial(input_error, "area"), ["面积应大于 0。"])
    assert isinstance(batch.results()[0], InputError)


def test_what_cannot_be_handed_over_is_told(helped: Workers) -> None:
    batch = only_there(helped, abs, [lambda: 1])
    with pytest.raises((AttributeError, TypeError, pickle.PicklingError)):
        batch.results()
    assert only_there(helped, abs, [-2]).results() == [2]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_that_is_killed_is_reported(helped: Workers) -> None:
    batch = helped.start(time.sleep, [30.0, 30.0], names=NAMES)
    while not batch.begun:
        time.sleep(0.01)
    os.kill(helped.pids[0], signal.SIGKILL)
    while not batch.done:
        time.sleep(0.01)
    with pytest.raises(WorkError, match=r"“甲”.*终止（退出码 -9）.*GREENLAND_WORKERS"):
        batch.results()


def die_once(path: str) -> str:
    return f"__import__('os').path.exists({path!r}) or [open({path!r}, 'w').close(), {DIE}]"


DIE = "__import__('os').kill(__import__('os').getpid(), 9)"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_batch_goes_on_without_a_process(helped: Workers, tmp_path: Path) -> None:
    """A task whose process is killed is begun once more; the second time something stands for it,
    and never does the caller's own process do it."""
    seen: list[tuple[int, int, tuple[str, ...]]] = []
    told: list[object] = []
    batch = helped.start(
        eval,
        [die_once(str(tmp_path / "there")), DIE, "3"],
        names=NAMES,
        instead=lambda item, error: (item, error.reason),
        watch=lambda done, of, names: seen.append((done, of, tuple(names))),
    )
    while batch.begun < 3:  # the caller does none of them
        time.sleep(0.01)
    results = batch.results(told.append)
    assert results[0] is True
    assert results[1] == (DIE, "计算进程被系统或他人终止（退出码 -9）")
    assert results[2] == 3
    assert sorted(told, key=repr) == sorted(results, key=repr)
    assert seen[0] == (0, 3, ("甲",))
    assert seen[-1] == (3, 3, ())


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_nobody_waits_for_processes_that_cannot_be_replaced(
    helped: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(pool, "WorkerProcess", refuse)
    batch = helped.start(eval, [DIE], names=NAMES, instead=lambda _item, error: error.reason)
    while not batch.begun:
        time.sleep(0.01)
    assert batch.results() == ["计算进程被系统或他人终止（退出码 -9）"]


def test_messages_said_elsewhere_are_the_callers(helped: Workers) -> None:
    with use_language("en"), record_texts() as said:
        given = only_there(helped, operator.methodcaller("again"), [_("折现率")]).results()
    assert str(given[0]) != "折现率"
    assert str(given[0]) in said


def test_no_process_outlives_the_block() -> None:
    with Workers(1) as workers:
        workers.start(time.sleep, [60.0], names=NAMES)
        while not workers.pids:
            time.sleep(0.01)
        pid = workers.pids[0]
    with pytest.raises(OSError, match=r".*"):
        os.kill(pid, 0)


SCRIPT = """
import sys, time
from greenland.workers import Workers
with Workers(1) as workers:
    workers.prepare()
    batch = workers.start(time.sleep, [60.0, 60.0], names=["a", "b"])
    while not batch.begun:
        time.sleep(0.01)
    print(workers.pids[0], flush=True)
    {rest}
"""


def script(rest: str) -> subprocess.Popen[str]:
    code = SCRIPT.format(rest=rest)  # no "if __name__": a library call needs none
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def gone(pid: int) -> bool:
    for _wait in range(500):
        try:
            os.kill(pid, 0)
        except OSError:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "killed"])
@pytest.mark.usefixtures("ctrl_c")
def test_no_orphan_is_left_behind(how: signal.Signals) -> None:
    with script("batch.results()") as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.send_signal(how)
        process.wait(20)
        told = process.communicate()[1]
    assert gone(pid)
    assert ("KeyboardInterrupt" in told) == (how is signal.SIGINT)


def test_without_processes_the_caller_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(pool, "WorkerProcess", refuse)
    with Workers(3) as workers:
        assert workers.start(abs, [-1, -2], names=NAMES).results() == [1, 2]


def test_one_pool_at_a_time() -> None:
    with side_by_side() as first, side_by_side() as second:
        assert first is second


def test_number_of_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, "3")
    assert count.processes() == 3
    monkeypatch.setenv(VARIABLE, "零")
    with pytest.raises(InputError, match="GREENLAND_WORKERS 不是进程数"):
        count.processes()
    monkeypatch.delenv(VARIABLE)
    assert 1 <= count.processes() <= count.MOST
    quota = tmp_path / "cpu.max"
    quota.write_text("100000 100000\n", encoding="ascii")
    monkeypatch.setattr(count, "QUOTA", quota)
    assert cpus() == 1
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert count.processes() == 1


# -- a crew: outcomes as they come -----------------------------------------------------------


def test_a_crew_tells_each_outcome_and_goes_on() -> None:
    with ProcessCrew(2) as crew:
        found = {one.number: one for one in crew.stream(math.sqrt, [4.0, -1.0, 9.0])}
        assert [found[n].value for n in (0, 2)] == [2.0, 3.0]
        assert isinstance(found[1].error, ValueError)
        again = list(crew.stream(math.factorial, [3]))  # by the same processes
        assert again[0].value == 6
        pids = crew.pids
    assert not any(alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


WORK = """
from pathlib import Path
class Work:
    def prepare(self): Path({folder!r}, "prepared").mkdir()
    def __call__(self, item): return Path({folder!r}, "prepared").is_dir() and item
"""


def test_a_crew_is_set_up_before_there_is_a_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made_work.py").write_text(WORK.format(folder=str(tmp_path)), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    work = import_module("made_work").Work()
    with ProcessCrew(1) as crew:
        crew.prepare(work)
        started = crew.pids
        assert next(crew.stream(work, [5])).value == 5
        assert crew.pids == started
        crew.prepare(work)  # is there
        assert crew.pids == started
    with ProcessCrew(1) as crew:
        crew.prepare(math.sqrt)  # has nothing to prepare, and is told so by no task
        os.kill(crew.pids[0], signal.SIGTERM)  # nor is it lost that its process is
        assert next(crew.stream(math.sqrt, [4.0])).value == 2.0


def test_a_task_whose_process_dies_is_an_outcome() -> None:
    """It is begun twice, and no other task is lost."""
    with ProcessCrew(1) as crew:
        found = {
            one.number: one for one in crew.stream(eval, ["1", "__import__('os')._exit(7)", "2"])
        }
    assert found[0].value == 1
    assert found[2].value == 2
    assert isinstance(found[1].error, WorkError)
    assert "7" in str(found[1].error)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")
def test_memory_is_bounded() -> None:
    with ProcessCrew(1, memory_mb=300) as crew:
        found = {
            one.number: one
            for one in crew.stream(eval, [f"len(bytes({n}))" for n in (10**6, 10**9, 10**3)])
        }
    assert isinstance(found[1].error, MemoryError)
    assert found[0].value == 10**6
    assert found[2].value == 10**3
