"""One park folder in, what the province keeps of it out; its report written on the way.

Done in processes side by side: what is sent back is small, and one park's faults are its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import greenland
from greenland.assessment import assess
from greenland.errors import (
    GreenlandError,
    InputError,
    Problem,
    Severity,
    WorkError,
    input_error,
)
from greenland.evaluations import ASKED
from greenland.files import write_text
from greenland.i18n import _, language
from greenland.outputs import output_set
from greenland.province.folders import Content, ParkFolder
from greenland.province.member import Failed, Member, member_of
from greenland.record.reading import read_record
from greenland.results_record import write_record
from greenland.workers import Watch, current

if TYPE_CHECKING:
    from greenland.record.record import Record

REPORT = "report.html"
_TOLD = 5  # problems of a park that failed


@dataclass(frozen=True, slots=True)
class ParkTask:
    """What is to be done with a folder.

    Parameters
    ----------
    folder : ParkFolder
    out : Path, optional
        Folder of the province's report; nothing is linked without.
    length : str, optional
        Length of the park's report; None: none is written.
    energy : bool
        Whether energy cases are sized.
    """

    folder: ParkFolder
    out: Path | None = None
    length: str | None = None
    energy: bool = True


def work(task: ParkTask) -> Member | Failed:
    """Evaluate a park, or read its results; whatever goes wrong is told, not raised."""
    name = task.folder.name
    try:
        record = _record(task)
        if record.scope != "park":
            raise input_error("results_scope", _("这是单独的绿电直连方案，不是园区的评价结果。"))
        return member_of(record, name, _report(task, record))
    except InputError as error:
        errors = [one for one in error.problems if one.severity is Severity.ERROR]
        told = [str(one) for one in errors or error.problems]
        return Failed(name, told[0], tuple(told[1:_TOLD]))
    except GreenlandError as error:
        return Failed(name, str(error))
    except Exception as error:  # one park must not cost the province its report
        return Failed(name, _("程序出错：{kind}: {error}", kind=type(error).__name__, error=error))


def members_of_folders(
    tasks: Sequence[ParkTask],
    names: Sequence[str],
    *,
    watch: Watch | None = None,
    tell: Callable[[Failed], None] | None = None,
) -> list[Member | Failed]:
    """Do folders side by side; *watch* and *tell* as in `greenland.province.evaluate`."""
    batch = current().start(work, tasks, names=names, instead=_without_process, watch=watch)

    def told(one: Member | Failed) -> None:
        if tell is not None and isinstance(one, Failed):
            tell(one)

    return batch.results(told)


def _without_process(task: ParkTask, error: WorkError) -> Failed:
    """A park during which the process ended, twice: for lack of memory, mostly."""
    return Failed(task.folder.name, str(WorkError(task.folder.name, error.reason)))


def _record(task: ParkTask) -> Record:
    folder = task.folder
    if folder.content is Content.RESULTS:
        return read_record(folder.path)
    if folder.content is Content.NOTHING:
        raise InputError([_nothing()])
    parts = {item.key for item in ASKED}
    if not task.energy:
        parts.discard("energy")
    return assess(folder.path, parts=parts).record()


def _nothing() -> Problem:
    return Problem(
        Severity.ERROR,
        "province_folder",
        _("文件夹中既没有 park.yaml、工作簿，也没有 results.json。"),
        _("请放入园区数据，或移走这个文件夹。"),
    )


def _report(task: ParkTask, record: Record) -> str:
    """Write the park's report if asked for; returns the link to the one there is."""
    if task.out is None:
        return ""
    if task.length is not None:
        return _written(task.out, task.folder.name, task.length, record)
    beside = task.folder.path
    beside = beside.parent if beside.is_file() else beside / "out"
    if not (beside / REPORT).is_file():
        return ""
    try:
        return Path(os.path.relpath(beside / REPORT, task.out)).as_posix()
    except ValueError:  # on another drive
        return (beside / REPORT).resolve().as_uri()


def _written(out: Path, name: str, length: str, record: Record) -> str:
    from greenland.report import render_html, write_excel

    place = out / "parks" / name
    with output_set(place) as staged:
        html = render_html(record, language=language(), length=length)
        write_text(staged.path / REPORT, html)
        if length != "brief":
            write_excel(staged.path / "results.xlsx", record, language=language())
        write_record(staged.path / "results.json", record)
        staged.write_manifest(greenland.__version__, {}, "")
    return f"parks/{name}/{REPORT}"
