"""What tests of several rooms share, in which order they run, and which of them are slow."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium_path import chromium
from hypothesis import settings

from greenland import i18n
from greenland.workers import VARIABLE
from greenland.workers.child import GARBAGE

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "yunnan_park"
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)

# What `make check` leaves out: what is marked by hand, and what took more CPU time than this in the
# run that wrote the list (`make thorough`).
NOT_QUICK = frozenset({"slow", "thorough", "browser", "compare", "external", "campaign"})
QUICK_SECONDS = 0.15
THOROUGH = Path(__file__).with_name("thorough.txt")
WRITE = "GREENLAND_WRITE_THOROUGH"
SLOW_SECONDS = 1.0  # a test over this is named

# Tests run side by side already: another process for each evaluation would import all it needs for
# little work. Tests of such processes ask for them.
os.environ.setdefault(VARIABLE, "1")
# How long an example takes says how busy the machine is.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
gc.disable()  # until all tests are collected: next to nothing of that is garbage


@pytest.fixture(autouse=True)
def _chinese() -> None:
    """Each test begins in Chinese, whatever the one before it spoke."""
    i18n.set_language("zh")
    os.environ.pop("GREENLAND_LANG", None)


@pytest.fixture
def example_park(tmp_path: Path) -> Path:
    """A copy of the example park that a test may spoil."""
    target = tmp_path / "park"
    shutil.copytree(EXAMPLE, target)
    return target


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium, started once; tests that use it are of the group "browser"."""
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        yield started
        started.close()


@pytest.fixture
def many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut even small linear programs into many blocks, worked on by three threads."""
    from greenland.lp import standard_form, threads

    monkeypatch.setattr(standard_form, "THREAD_COLUMNS", 2)
    monkeypatch.setattr(threads, "_available_cpus", lambda: 3)
    monkeypatch.setattr(threads, "MIN_SPLIT_LENGTH", 5)


@pytest.fixture
def pattern_length(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the length from which repeated patterns and diagonals of a matrix are used."""
    from greenland.lp import analysis, diagonals, patterns, schur_terms

    def to(length: int) -> None:
        for module in (patterns, diagonals, analysis, schur_terms):
            monkeypatch.setattr(module, "MIN_LENGTH", length)

    return to


def function_of(nodeid: str) -> str:
    """File and function of a test, whatever its parameters and its group are."""
    return nodeid.split("[")[0].split("@")[0]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what is thorough before tests are chosen by marks, order them after they are shuffled.

    Groups, which one worker does, come first, that of the browser, the largest, before the others;
    then the files with slow tests: no worker is left alone with one at the end.
    """
    thorough = set(THOROUGH.read_text(encoding="utf-8").split())
    for item in items:
        if function_of(item.nodeid) in thorough:
            item.add_marker("thorough")
    yield
    slow = {item.path for item in items if NOT_QUICK & {mark.name for mark in item.iter_markers()}}
    items.sort(
        key=lambda item: (
            item.get_closest_marker("browser") is None,
            item.get_closest_marker("xdist_group") is None,
            item.path not in slow,
        )
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What is in no group is done file by file, in the order above.

    Else what the tests of a file share would be made by each worker.
    """
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class Groups(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            group = super()._split_scope(nodeid)
            return nodeid.split("::")[0] if group == nodeid else group

    config.option.loadscopereorder = False
    return Groups(config, log)


def pytest_collection_finish() -> None:
    """Garbage is looked for as seldom as in the command.

    Nothing is frozen: Hypothesis asks the collector who holds its random numbers.
    """
    gc.set_threshold(*GARBAGE)
    gc.enable()


def _cpu_seconds() -> float:
    """CPU time of this process and its ended children: alike on a quiet and a busy machine."""
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    before = _cpu_seconds()
    yield
    item.user_properties.append(("cpu_setup", _cpu_seconds() - before))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    before = _cpu_seconds()
    yield
    item.user_properties.append(("cpu_call", _cpu_seconds() - before))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that are slow and not marked so; told, never a failure."""
    costs: dict[str, float] = {}
    functions: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        marks = NOT_QUICK & set(report.keywords)
        cost = sum(v for k, v in report.user_properties if k.startswith("cpu_"))
        if not marks:
            costs[report.nodeid] = cost
        if marks <= {"thorough"}:
            functions[function_of(report.nodeid)] += cost
    if os.environ.get(WRITE) == "1":
        lines = sorted(name for name, cost in functions.items() if cost > QUICK_SECONDS)
        THOROUGH.write_text("\n".join(lines) + "\n", encoding="utf-8")
    slow = sorted((cost, name) for name, cost in costs.items() if cost > SLOW_SECONDS)
    if slow:
        terminalreporter.section(f"over {SLOW_SECONDS:g} s of CPU time, not marked slow")
        for cost, name in reversed(slow):
            terminalreporter.line(f"{cost:6.1f} s  {name}")


class _FailuresAtOnce:
    """Names a failed test when it fails, so that a run that is cut off tells which they were."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self.terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.terminal.ensure_newline()
            self.terminal.line(f"FAILED {report.nodeid}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_FailuresAtOnce(terminal))


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Programs started by the test take Ctrl-C, though the tests may run where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
