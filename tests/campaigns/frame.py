"""Run a campaign: spoil a sound input in many seeded ways, read each, and say what came of it.

The trials run in a worker process, so that one that ends the interpreter, hangs or asks for all
memory is counted like any other and the next goes on. A trial depends on the seed and its number
alone: ``python -m tests.campaigns NAME --seed S --first N --count 1`` repeats trial *N*.
"""

from __future__ import annotations

import faulthandler
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from greenland.errors import GreenlandError

ROOT = Path(__file__).resolve().parents[2]


class Outcome(StrEnum):
    """What became of a trial."""

    OK = "ok"  # read, and nothing to say
    TOLD = "told"  # read, with problems
    REFUSED = "refused"  # an error of our own, in words
    WRONG = "wrong"  # read as something that it is not, unsaid
    TRACEBACK = "traceback"  # any other exception
    KILLED = "killed"  # the process ended, or took longer than the limit


FAILURES = (Outcome.WRONG, Outcome.TRACEBACK, Outcome.KILLED)


class WrongValueError(AssertionError):
    """Raised by a campaign's ``read`` when a value differs from the truth and nothing was said."""


@dataclass(frozen=True)
class Campaign:
    """One kind of input, spoiled.

    Parameters
    ----------
    spoil : function (random numbers, folder) -> str
        Writes the input of one trial into an empty folder and returns the kind of damage.
    read : function (folder) -> number of problems told
        Reads it as the product does. Raises `WrongValueError` where it knows the truth.
    count : int
        Trials of a whole campaign.
    seconds : float
        Longest time of one trial [s]; a trial that takes longer counts as killed.
    memory_mb : int
        Most address space of the worker process [MB], where the system limits it.
    """

    spoil: Callable[[random.Random, Path], str]
    read: Callable[[Path], int]
    count: int = 1000
    seconds: float = 20.0
    memory_mb: int = 6000


@dataclass(frozen=True)
class Trial:
    """What became of one spoiled input."""

    number: int
    kind: str
    outcome: Outcome
    seconds: float
    detail: str = ""  # of a failure: the last lines of its traceback


def attempt(campaign: Campaign, seed: int, number: int, folder: Path) -> Trial:
    """Make and read one spoiled input in this process."""
    kind = campaign.spoil(random.Random(f"{seed}-{number}"), folder)
    began = time.perf_counter()
    detail = ""
    try:
        outcome = Outcome.TOLD if campaign.read(folder) else Outcome.OK
    except GreenlandError:
        outcome = Outcome.REFUSED
    except WrongValueError as error:
        outcome, detail = Outcome.WRONG, str(error)
    except KeyboardInterrupt:
        raise
    except BaseException:  # Rust's panics are no Exception
        outcome = Outcome.TRACEBACK
        detail = "".join(traceback.format_exc().splitlines(keepends=True)[-6:])
    return Trial(number, kind, outcome, round(time.perf_counter() - began, 2), detail)


def work(campaign: Campaign, seed: int, numbers: Iterable[int]) -> None:
    """Run trials in this process and print each as a line of JSON: the worker's part."""
    _limit_memory(campaign.memory_mb)
    answers = sys.stdout
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(sys.stderr):
            faulthandler.dump_traceback_later(campaign.seconds, exit=True)
            trial = attempt(campaign, seed, number, Path(folder))
            faulthandler.cancel_dump_traceback_later()
        print(json.dumps(asdict(trial), ensure_ascii=True), file=answers, flush=True)


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1_000_000, resource.RLIM_INFINITY))


def run(name: str, seed: int, first: int, count: int) -> list[Trial]:
    """Run trials *first*, *first* + 1, … of a campaign in worker processes."""
    trials: list[Trial] = []
    number = first
    while number < first + count:
        command = [sys.executable, "-m", "tests.campaigns", name, "--worker"]
        options = ["--seed", seed, "--first", number, "--count", first + count - number]
        done = subprocess.run(
            [*command, *map(str, options)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        # libraries may print on standard output as well
        answers = [line for line in done.stdout.splitlines() if line.startswith('{"number"')]
        trials += [_trial(line) for line in answers]
        number += len(answers)
        if number < first + count:  # the worker died on this one
            tail = "".join(done.stderr.splitlines(keepends=True)[-30:])
            trials.append(Trial(number, "?", Outcome.KILLED, 0.0, f"{done.returncode}: {tail}"))
            number += 1
    return trials


def _trial(line: str) -> Trial:
    record = json.loads(line)
    return Trial(**{**record, "outcome": Outcome(record["outcome"])})


def table(trials: Sequence[Trial]) -> str:
    """Trials counted by kind of damage and outcome; the kinds that failed come first."""
    counts = {kind: Counter[Outcome]() for kind in sorted({trial.kind for trial in trials})}
    for trial in trials:
        counts[trial.kind][trial.outcome] += 1
    width = max([len(kind) for kind in counts] + [5])

    def line(title: str, cells: Iterable[object]) -> str:
        return f"{title:{width}}" + "".join(f"{cell!s:>11}" for cell in cells)

    failed = {kind: sum(found[item] for item in FAILURES) for kind, found in counts.items()}
    total = Counter(trial.outcome for trial in trials)
    lines = [line("", [*Outcome, "slowest [s]"])]
    for kind in sorted(counts, key=lambda item: -failed[item]):
        slowest = max(trial.seconds for trial in trials if trial.kind == kind)
        lines.append(line(kind, [*(counts[kind][item] for item in Outcome), slowest]))
    slowest = max((trial.seconds for trial in trials), default=0.0)
    lines.append(line("total", [*(total[item] for item in Outcome), slowest]))
    return "\n".join(lines)


def keep_failures(
    campaign: Campaign, seed: int, trials: Iterable[Trial], target: Path
) -> list[Path]:
    """Write the input of every failed trial, and what happened, into folders below *target*."""
    folders = []
    for trial in trials:
        if trial.outcome not in FAILURES:
            continue
        folder = target / f"{seed}-{trial.number}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        campaign.spoil(random.Random(f"{seed}-{trial.number}"), folder)
        (folder / "outcome.txt").write_text(
            f"{trial.kind}: {trial.outcome}\n{trial.detail}\n", encoding="utf-8"
        )
        folders.append(folder)
    return folders
