"""Broken lines of the deciding modules, held against their tests: ``make mutants``.

mutmut writes the mutants (``[tool.mutmut]`` names the modules and the tests). They run here: the
tests are collected once, a first run notes which test reaches which function and what it costs,
and each mutant is a fork of the collected session, in which its tests run, the cheapest first,
until one fails. That costs some tenths of a second, where a run of pytest for each costs seconds.
"""

from __future__ import annotations

import argparse
import fnmatch
import gc
import hashlib
import io
import json
import math
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = "mutants"
# What is noted of a mutant is what mutmut notes, so that its `results` and `show` serve.
PASSED, FAILED, BROKEN, UNTESTED, CUT_OFF = 0, 1, 2, 33, -signal.SIGXCPU
KILLED = {1, 3}
TIMED_OUT = {24, CUT_OFF, 36, 152, 255}
# A mutant may use this many times the processor time of its tests, and so many seconds more.
PATIENCE, MARGIN = 5.0, 20.0
QUICK = 0.05  # seconds; cheaper tests run before all others
MEMORY = 8 << 30


def verdict(code: int | None) -> str:
    """What became of a mutant."""
    if code is None:
        return "open"
    if code in KILLED:
        return "killed"
    if code in TIMED_OUT:
        return "timeout"
    return "untested" if code in {5, UNTESTED} else "lived"


def drawn(name: str, share: float, seed: int) -> bool:
    """Whether a mutant belongs to a sample: by its name, so that a run can be taken up again."""
    number = int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:8])
    return number < share * 2**64


def digest(path: Path) -> str:
    """Of a file of tests: what it reaches is mapped anew when it changes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


class Mutants:
    """Plugin of pytest that runs the mutants in place of the tests."""

    def __init__(self, patterns: list[str], share: float, seed: int) -> None:
        self.patterns, self.share, self.seed = patterns, share, seed
        self.reached: dict[str, dict[str, Any]] = {}
        self.by_fixture: dict[str, dict[str, Any]] = {}
        self.tracing = self.failed = False

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: Any, request: pytest.FixtureRequest
    ) -> Iterator[None]:
        """What a shared fixture reaches and costs belongs to each test that uses it."""
        if not self.tracing or fixturedef.scope == "function":
            return (yield)
        hits = self.hits()
        before, start = set(hits), time.process_time()
        hits.clear()
        result = yield
        key = f"{fixturedef.baseid}::{fixturedef.argname}"
        self.by_fixture[key] = {"hits": sorted(hits), "cost": time.process_time() - start}
        hits |= before
        return result

    @staticmethod
    def hits() -> set[str]:
        """Functions that mutmut's trampolines have seen since the set was emptied."""
        from mutmut.state import state

        return state()._stats

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Map the tests, then fork one process for each mutant."""
        self.terminal = session.config.pluginmanager.getplugin("terminalreporter")
        self.scratch = session.config._tmp_path_factory.getbasetemp()
        self.items = {item.nodeid: item for item in session.items}
        file = Path("tests.json")
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        self.written = {path: digest(path) for path in {item.path for item in session.items}}
        missing = [
            item
            for item in session.items
            if known.get(item.nodeid, {}).get("file") != self.written[item.path]
        ]
        if missing:
            say(f"mapping {len(missing)} tests")
            new = file.with_suffix(".new")
            code = self.fork(partial(self.map, missing, new), None)
            known |= json.loads(new.read_text(encoding="utf-8"))
            file.write_text(json.dumps(known), encoding="utf-8")
            if code != PASSED:
                pytest.exit("tests fail without a mutant, see above", returncode=1)
        self.reached = {name: known[name] for name in self.items}
        gc.freeze()
        self.run()
        return True

    def map(self, items: list[pytest.Item], target: Path) -> int:
        """Run the tests as they are, noting the functions each reaches and what it costs."""
        from mutmut.mutation.trampoline import set_mutant_under_test

        set_mutant_under_test("stats")
        self.tracing = True
        found: dict[str, dict[str, Any]] = {}
        code = PASSED
        for item, after in zip(items, [*items[1:], None], strict=True):
            self.hits().clear()
            shared = sum(entry["cost"] for entry in self.by_fixture.values())
            start = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            cost = time.process_time() - start
            cost -= sum(entry["cost"] for entry in self.by_fixture.values()) - shared
            reached = set(self.hits())
            for definitions in item._fixtureinfo.name2fixturedefs.values():
                for definition in definitions:
                    key = f"{definition.baseid}::{definition.argname}"
                    entry = self.by_fixture.get(key, {"hits": [], "cost": 0.0})
                    reached |= set(entry["hits"])
                    cost += entry["cost"]
            if self.failed:
                code, self.failed = FAILED, False
            else:
                file = self.written[item.path]
                found[item.nodeid] = {"cost": cost, "reached": sorted(reached), "file": file}
        target.write_text(json.dumps(found), encoding="utf-8")
        return code

    def run(self) -> None:
        """Run the mutants asked for that no test has noticed yet, in a drawn order."""
        from mutmut.mutation.data import SourceFileMutationData
        from mutmut.utils.format_utils import mangled_name_from_mutant_name

        tests = defaultdict(list)
        for name, entry in self.reached.items():
            for function in entry["reached"]:
                tests[function].append(name)
        work = []
        for path in sorted(Path("greenland").rglob("*.meta")):
            data = SourceFileMutationData(path=path.with_suffix(""))
            data.meta_path = path
            data.load()
            for mutant, code in data.exit_code_by_key.items():
                asked = any(fnmatch.fnmatch(mutant, pattern) for pattern in self.patterns)
                noticed = verdict(code) in ("killed", "timeout")
                if asked and not noticed and drawn(mutant, self.share, self.seed):
                    function = mangled_name_from_mutant_name(mutant.replace("__init__.", ""))
                    work.append((data, mutant, self.in_order(tests[function])))
        # In this order the tests pass on no mutant, and fail where every function raises.
        all_ = self.in_order([*{name for _data, _mutant, chosen in work for name in chosen}])
        for mutant, wanted in (("", PASSED), ("fail", FAILED)):
            code = self.fork(partial(self.hold, mutant, all_), math.inf) if all_ else wanted
            if code != wanted:
                pytest.exit(f"not {wanted} but {code} on “{mutant}”", returncode=1)
        # Drawn, so that a run that is cut short is a sample.
        work.sort(key=lambda entry: hashlib.sha256(f"{self.seed}:{entry[1]}".encode()).digest())
        say(f"{len(work)} mutants")
        for count, (data, mutant, chosen) in enumerate(work, 1):
            code = UNTESTED
            if chosen:
                code = self.fork(partial(self.hold, mutant, chosen), self.cost(chosen))
            data.exit_code_by_key[mutant] = code
            data.save()
            if verdict(code) != "killed" or count % 50 == 0:
                say(f"{count}/{len(work)} {verdict(code)} {mutant}")

    def cost(self, names: list[str]) -> float:
        return sum(self.reached[name]["cost"] for name in names)

    def in_order(self, names: list[str]) -> list[str]:
        """Quick tests first, then file by file, so that a file's fixtures are made once."""
        quick = [name for name in names if self.reached[name]["cost"] < QUICK]
        quick.sort(key=lambda name: self.reached[name]["cost"])
        files = defaultdict(list)
        for name in set(names) - set(quick):
            files[name.partition("::")[0]].append(name)
        rest = sorted(files.values(), key=self.cost)
        cheapest = [sorted(file, key=lambda name: self.reached[name]["cost"]) for file in rest]
        return quick + [name for file in cheapest for name in file]

    def hold(self, mutant: str, names: list[str]) -> int:
        """Run tests on a mutant until one fails."""
        from mutmut.mutation.trampoline import set_mutant_under_test

        set_mutant_under_test(mutant)
        items = [self.items[name] for name in names]
        for item, after in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self.failed:
                return FAILED
        return PASSED

    def fork(self, task: Callable[[], int], cost: float | None) -> int:
        """What a task returns in a process of its own, or the signal that ended it."""
        pid = os.fork()
        if pid == 0:
            code = BROKEN  # should this file itself fail
            try:
                if cost is not None:
                    self.terminal._tw._file = io.StringIO()
                if cost is not None and cost < math.inf:
                    seconds = math.ceil(time.process_time() + PATIENCE * cost + MARGIN)
                    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
                    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
                    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                code = task()
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        for left in self.scratch.iterdir():
            shutil.rmtree(left, ignore_errors=True)
        return code


def pytest_configure(config: pytest.Config) -> None:
    """Take the place of the loop over the tests."""
    from hypothesis import Phase, settings

    # Drawn tests draw alike for each mutant, and do not look for the smallest example.
    settings.register_profile(
        "mutants", derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
    )
    settings.load_profile("mutants")
    asked = json.loads(os.environ["GREENLAND_MUTANTS"])
    config.pluginmanager.register(Mutants(**asked))


def say(line: str) -> None:
    """Tell at once how far the run is."""
    print(line, file=sys.__stderr__, flush=True)


def write() -> tuple[list[str], list[str]]:
    """Write the mutants into their folder; pytest's arguments and the tests that are set."""
    from mutmut import __main__ as mutmut
    from mutmut.configuration import config

    mutmut.set_mutant_under_test("mutant_generation")
    Path(FOLDER).mkdir(exist_ok=True)
    with mutmut.CatchOutput():
        mutmut.copy_src_dir()
        for path in Path("greenland").rglob("*"):  # data, which mutmut copies once only
            if path.is_file() and path.suffix not in (".py", ".pyc"):
                shutil.copy2(path, Path(FOLDER) / path)
        mutmut.copy_also_copy_files()
        mutmut.create_mutants(1)
    settings = config()
    return settings.pytest_add_cli_args, settings.pytest_add_cli_args_test_selection


def show() -> None:
    """Print one line per module, then the mutants no test noticed."""
    columns = ("killed", "timeout", "lived", "untested")
    print(f"{'module':48}{'mutants':>9}{'run':>6}{''.join(f'{name:>9}' for name in columns)}  rate")
    unnoticed: list[str] = []
    for path in sorted((ROOT / FOLDER).rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        found = {name: verdict(code) for name, code in codes.items()}
        count = Counter(found.values())
        run = len(found) - count["open"]
        if run:
            module = path.relative_to(ROOT / FOLDER).as_posix().removesuffix(".meta")
            cells = "".join(f"{count[name]:>9}" for name in columns)
            rate = (count["killed"] + count["timeout"]) / run
            print(f"{module:48}{len(found):>9}{run:>6}{cells}  {rate:.1%}")
        unnoticed += [name for name, told in found.items() if told in ("lived", "untested")]
    print("", *unnoticed, sep="\n")


def main() -> None:
    """Write the mutants, run those asked for, print the score."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", default=["*"], help="patterns of mutants' names")
    parser.add_argument("--share", type=float, default=1.0, help="of the mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tests", nargs="+", help="files, instead of all that are set")
    parser.add_argument("--score", action="store_true", help="of the runs so far, nothing is run")
    given = parser.parse_args()
    if not given.score:
        os.chdir(ROOT)
        arguments, tests = write()
        asked = {"patterns": given.names, "share": given.share, "seed": given.seed}
        # One thread: a fork has none of its parent's.
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        environment = {**os.environ, **threads, "GREENLAND_MUTANTS": json.dumps(asked)}
        # A native traceback does not parse the file, which holds a copy of a function per mutant.
        plain = ["-q", "--tb=native", "-p", "no:randomly"]
        command = [sys.executable, "-m", "pytest", "-p", "tests.mutants", *plain]
        command += [*arguments, *(given.tests or tests)]
        subprocess.run(command, cwd=FOLDER, env=environment, check=True)
    show()


if __name__ == "__main__":
    main()
