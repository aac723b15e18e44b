"""Studies of the example: sizings of a year of hours by one and by two processes, and a front.

    python -m benchmarks.studies [SIZINGS]

One process and two take turns, so that what else the machine does falls on both; the ratio of
their rates is to be at least 0.9 of two. On a machine that is busy otherwise look at the processor
time: what a sizing takes is to be the same, and the caller is to take next to none. Prices vary in
half of the sizings and the load in the other half. The time of 1000 sizings is reckoned from the
rate of two processes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from greenland.energy.studies.bench import MODULE, StudyWork
from greenland.energy.studies.reading import read_study
from greenland.energy.studies.study import run_study
from greenland.energy.studies.task import StudyTask, TaskKind
from greenland.workers import ProcessCrew

CASE = Path(__file__).parents[1] / "examples" / "case.yaml"
SIZINGS, WHOLE = 48, 1000
LEAST_RATIO, MOST_MINUTES, MOST_SECONDS = 0.9, 6.0, 10.0
ROUNDS = 2


def tasks(count: int) -> list[StudyTask]:
    """Sizings that differ in prices, or in the load."""
    load = {"file": "yunnan_park/load.csv"}
    made = []
    for number in range(count):
        share = number / count
        changes: dict[str, object] = {"storages.battery.energy_capex": 500 + 400 * share}
        if number % 2:
            changes = {"load": {**load, "factor": 0.9 + 0.2 * share}}
        made.append(StudyTask(TaskKind.SIZE, changes))
    return made


def processor(crew: ProcessCrew) -> float:
    """Processor time of a crew so far [s]; zero where the system does not tell."""
    total = 0.0
    for pid in crew.pids:
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def seconds(crew: ProcessCrew, work: StudyWork, todo: list[StudyTask]) -> float:
    """How long a crew takes that has its bench set up."""
    begin = time.perf_counter()
    outcomes = list(crew.stream(work, todo))
    assert all(one.error is None for one in outcomes)
    return time.perf_counter() - begin


def main() -> None:
    """Print rates, their ratio, and the time of a front."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SIZINGS
    with tempfile.TemporaryDirectory() as name:
        study = Path(name) / "study.yaml"
        study.write_text(f"case: {CASE}\npareto: {{points: 20}}\n", encoding="utf-8")
        base = read_study(study)
        folder, file = base.case_path.parent, base.case_path.name
        work = StudyWork(base.digest, base.tree, folder, file, None)
        todo = tasks(count)
        spent, used, own = {1: 0.0, 2: 0.0}, {1: 0.0, 2: 0.0}, {1: 0.0, 2: 0.0}
        with ProcessCrew(1, (MODULE,)) as one, ProcessCrew(2, (MODULE,)) as two:
            for crew in (one, two):
                seconds(crew, work, todo[: 4 * crew.count])
            for _round in range(ROUNDS):
                for crew in (one, two):
                    before, mine = processor(crew), time.process_time()
                    spent[crew.count] += seconds(crew, work, todo)
                    used[crew.count] += processor(crew) - before
                    own[crew.count] += time.process_time() - mine
        rate = {number: ROUNDS * count / total for number, total in spent.items()}
        share, minutes = rate[2] / (2 * rate[1]), WHOLE / rate[2] / 60
        for number in (1, 2):
            each, callers = (part[number] / ROUNDS / count for part in (used, own))
            print(
                f"{number} processes: {rate[number]:.2f} sizings/s; processor time of a sizing "
                f"{each:.3f} s, of the caller {callers:.4f} s; {count} sizings, {ROUNDS} times"
            )
        print(f"two over twice one: {share:.2f} (at least {LEAST_RATIO})")
        print(f"{WHOLE} sizings by two: {minutes:.1f} min (at most {MOST_MINUTES:.0f})")
        begin = time.perf_counter()
        found = run_study(study, workers=2)
        front = time.perf_counter() - begin
        points = len(found.cases) - 1
        print(f"front of {points} points: {front:.1f} s (at most {MOST_SECONDS:.0f})")


if __name__ == "__main__":
    main()
