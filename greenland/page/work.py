"""What jobs do, each in a process of its own: assess, write a form of the report, mark, match."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import greenland
from greenland.errors import Problem
from greenland.evaluations import ASKED, OPTIONAL
from greenland.i18n import _, language
from greenland.outputs import check_set, output_set, prepare
from greenland.page.progress import Progress
from greenland.page.results import OUT, results_path, year_of
from greenland.page.versions import copy_version
from greenland.report.forms import RESULTS, check_forms, rules_hash, write_forms

if TYPE_CHECKING:
    from greenland.page.marked import Marked
    from greenland.park.mapping import MappingFile


@dataclass(frozen=True, slots=True)
class Asked:
    """An assessment that is to be made.

    Parameters
    ----------
    folder : Path
    parts : collection of str
        Keys of the evaluations to make.
    docx, pdf : bool
        Further forms of the report to write.
    """

    folder: Path
    parts: Collection[str] = frozenset(item.key for item in (*ASKED, *OPTIONAL))
    docx: bool = False
    pdf: bool = False


@dataclass(frozen=True, slots=True)
class Assessed:
    """What came of it.

    Parameters
    ----------
    files : tuple of str
        Names of the files written into ``out``.
    problems : tuple of Problem
    kept : tuple of str
        Files that were changed by hand since they were written, and so were kept as old versions.
    """

    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    kept: tuple[str, ...] = ()


def assess(asked: Asked, progress: Progress) -> Assessed:
    """Evaluate a park and write its report, as ``greenland assess`` does.

    Results of another year are moved aside whole, so that the years can be set side by side.
    """
    from greenland.assessment import assess as assess_park
    from greenland.park.inputs import input_hashes
    from greenland.results_record import write_record

    check_forms(pdf=asked.pdf, docx=asked.docx)
    progress.total = len(asked.parts) + 1
    assessment = assess_park(asked.folder, parts=asked.parts, progress=progress)
    with progress.doing(_("写出报告")):
        record = assessment.record()
        target = results_path(asked.folder).parent
        inputs = input_hashes(asked.folder, assessment.park.config)
        set_year_aside(target, record.year)
        prepare(target)
        kept = tuple(
            copy_version(target / one.file).name
            for one in check_set(target)
            if one.code == "output_changed"
        )
        with output_set(target) as staged:
            names = write_forms(record, staged.path, pdf=asked.pdf, docx=asked.docx, templates=None)
            names.append(write_record(staged.path / RESULTS, record).name)
            staged.write_manifest(greenland.__version__, inputs, rules_hash(record))
    return Assessed(tuple(names), assessment.problems, kept)


def set_year_aside(out: Path, year: int) -> Path | None:
    """Move results of another year to a folder of that year; where they went, if they did."""
    there = year_of(out / RESULTS)
    if there is None or there == year:
        return None
    target = out.with_name(f"{OUT}-{there}")
    number = 2
    while target.exists():
        target = out.with_name(f"{OUT}-{there}-{number}")
        number += 1
    out.replace(target)
    return target


@dataclass(frozen=True, slots=True)
class FormAsked:
    """A form of the report that is to be written from results that are there.

    Parameters
    ----------
    results : Path
    path : Path
        By its ending a Word file or a PDF.
    length : str
    """

    results: Path
    path: Path
    length: str


def write_form(asked: FormAsked, progress: Progress) -> Path:
    """Write a Word file or PDF of one length."""
    from greenland.files import write_text
    from greenland.report import read_record, render_html, write_docx, write_pdf

    docx = asked.path.suffix == ".docx"
    check_forms(pdf=not docx, docx=docx)
    with progress.doing(_("读取结果")):
        record = read_record(asked.results)
    with progress.doing(_("写出报告")):
        asked.path.parent.mkdir(parents=True, exist_ok=True)
        if docx:
            return write_docx(asked.path, record, language=language(), length=asked.length)
        page = asked.path.with_suffix(".html")
        write_text(page, render_html(record, language=language(), length=asked.length))
        try:
            return write_pdf(asked.path, page)
        finally:
            page.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class MarkAsked:
    """A marked copy that is to be written."""

    path: Path
    workbook: Path | None
    problems: tuple[Problem, ...]


def mark(asked: MarkAsked, progress: Progress) -> Marked:
    """Write the marked copy of a workbook."""
    from greenland.page.marked import write_marked

    with progress.doing(_("标注工作簿")):
        asked.path.parent.mkdir(parents=True, exist_ok=True)
        return write_marked(asked.path, asked.workbook, asked.problems)


def match(folder: Path, progress: Progress) -> MappingFile:
    """Match the headings of a park's tables with the dictionary; nothing is written."""
    from greenland.park.config import workbook_name
    from greenland.park.mapping.proposal import proposed_mapping

    with progress.doing(_("对照列名")):
        return proposed_mapping(folder, workbook=workbook_name(folder))


def clear(folder: Path) -> None:
    """Take a folder of made files away."""
    shutil.rmtree(folder, ignore_errors=True)
