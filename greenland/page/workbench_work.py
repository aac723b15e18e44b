"""Long work of the workbench, done in processes of its own."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from greenland.energy.workbench import Cards
from greenland.energy.workbench.front import front
from greenland.energy.workbench.workbench import SizedCase
from greenland.i18n import _, language
from greenland.page.desk import open_bench
from greenland.page.progress import Progress
from greenland.report.comparison_files import render_comparison, write_comparison_excel

MODULES = ("greenland.page.workbench_work",)


@dataclass(frozen=True)
class BenchTask:
    """What is to be done on a case.

    Parameters
    ----------
    folder : Path
    file : str
    settings : dict
    cards : tuple of str
        To be compared.
    against : str
        Of a front.
    """

    folder: Path
    file: str
    settings: dict[str, Any] = field(default_factory=dict)
    cards: tuple[str, ...] = ()
    against: str = "green_share"


@dataclass(frozen=True)
class Compared:
    """A comparison with its files."""

    record: dict[str, Any]
    page: str
    workbook: bytes


def size_patiently(task: BenchTask, progress: Progress) -> tuple[BenchTask, SizedCase, float]:
    """The plan of settings the quick way gives no answer for."""
    began = time.perf_counter()
    bench = open_bench(task.folder, task.file)
    with progress.doing(_("通用求解器")):
        found = bench.optimum(task.settings)
    return task, found, time.perf_counter() - began


def compare_cards(task: BenchTask, progress: Progress) -> Compared:
    """Evaluate cards in full, and write the comparison."""
    bench = open_bench(task.folder, task.file)
    with progress.doing(_("逐个测算")):
        record = Cards(bench).compare(task.cards).to_record()
    with progress.doing(_("写出")), tempfile.TemporaryDirectory() as name:
        page = render_comparison(record, language=language())
        path = write_comparison_excel(Path(name) / "a.xlsx", record, language=language())
        return Compared(record, page, path.read_bytes())


def find_front(task: BenchTask, progress: Progress) -> dict[str, Any]:
    """The front of cost against something else."""
    bench = open_bench(task.folder, task.file)
    return front(bench, task.settings, against=task.against, tell=progress.told)
