"""Runs commands, each in a process that has not met HiGHS before: its banner comes but once.

Started as a script with a folder and a JSON list of commands; the processes are forked from one
that has loaded the libraries, so that each costs no more than its own work.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

FORKS = sys.platform == "linux"
# What the commands import when they need it, which would cost each of them up to a second. HiGHS is
# loaded by them, too, but has solved nothing: its banner is still to come. Not DuckDB: it starts a
# thread when imported, and a fork waits for ever on what that thread held.
LOADED = (
    "greenland.assessment",
    "greenland.energy.outlook",
    "greenland.energy.preview",
    "greenland.energy.studies.study",
    "greenland.input_check",
    "greenland.land.admission.evaluation",
    "greenland.land.exit.evaluation",
    "greenland.land.geometry.evaluation",
    "greenland.land.per_mu.evaluation",
    "greenland.land.policy.evaluation",
    "greenland.land.reallocate.evaluation",
    "greenland.land.review.evaluation",
    "greenland.land.standard_land.evaluation",
    "greenland.land.stock.evaluation",
    "greenland.outlook.supply",
    "greenland.park.folder",
    "greenland.report.studies.files",
    "geopandas",
    "holidays.countries",
    "pint",
    "pvlib",
    "pyogrio",
    "rich.progress",
    "scipy.signal",
)


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    out: bytes
    err: bytes
    code: int


def run_fresh(commands: list[list[str]], folder: Path) -> list[Ran]:
    """Run ``greenland`` with each list of words, in *folder*."""
    if not FORKS:
        return [_alone(words, folder) for words in commands]
    words = [sys.executable, str(Path(__file__)), json.dumps(commands)]
    subprocess.run(words, cwd=folder, check=True, timeout=900)
    return [
        Ran(
            (folder / f"{number}.out").read_bytes(),
            (folder / f"{number}.err").read_bytes(),
            int((folder / f"{number}.code").read_text()),
        )
        for number in range(len(commands))
    ]


def _alone(words: list[str], folder: Path) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "greenland", *words], cwd=folder, capture_output=True, timeout=300
    )
    return Ran(done.stdout, done.stderr, done.returncode)


def _fork_each(commands: list[list[str]]) -> None:
    from greenland.cli import main
    from greenland.energy.profiles.load.shapes import built_in
    from greenland.rules import available_packs, load_rulebook

    load_rulebook(available_packs())  # read once for all
    built_in()
    for name in LOADED:
        import_module(name)
    gc.freeze()  # else the first search for garbage writes to every page the processes share

    for number, words in enumerate(commands):
        child = os.fork()
        if child == 0:
            for descriptor, name in ((1, "out"), (2, "err")):
                file = os.open(f"{number}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(file, descriptor)
            sys.argv = ["greenland", *words]
            main()
            sys.exit()  # as a command ends: what C has still to write is written
        status = os.waitpid(child, 0)[1]
        Path(f"{number}.code").write_text(str(os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    _fork_each(json.loads(sys.argv[1]))
