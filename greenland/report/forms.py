"""Every form of a report written beside each other: page, workbook, Word file, PDF."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from greenland.errors import MissingExtraError
from greenland.i18n import _, language
from greenland.workers import current

if TYPE_CHECKING:
    from greenland.record.record import Record

RESULTS = "results.json"
LENGTHS = ("brief", "standard", "full")  # of greenland.report.length, which is heavy to import


def check_forms(*, pdf: bool, docx: bool) -> None:
    """Find out before anything is computed that a form cannot be written.

    Raises
    ------
    MissingExtraError
        If the libraries for Word files are not installed.
    BrowserError
        If there is no browser for the PDF.
    """
    if docx and find_spec("docxtpl") is None:
        raise MissingExtraError("word", _("生成 Word 文件"))
    if pdf:
        from greenland.report.pdf import find_browser

        find_browser()


def load_forms() -> None:
    """Import what writing page and workbook takes, a second's work."""
    for name in ("render_html", "write_excel"):
        getattr(import_module("greenland.report"), name)


def write_forms(
    record: Record,
    out: Path,
    *,
    pdf: bool,
    docx: bool,
    templates: Path | None,
    length: str = "standard",
) -> list[str]:
    """Write the report in every form asked for; returns the names of the files, HTML first."""
    from greenland.report import write_pdf

    names = ["report.html", "results.xlsx", *(["report.docx"] if docx else [])]
    workers = current()
    write = partial(_write, record=record, templates=templates, length=length)
    # page and workbook share libraries and charts, which takes as long as the second of them: only
    # a Word file is worth another process, where one that sized is idle now
    paths = [out / name for name in names]
    workers.start(write, paths, names=names, alone=not (docx and workers.ready)).results()
    if pdf:
        write_pdf(out / "report.pdf", out / "report.html")
        names.insert(2, "report.pdf")
    return names


def _write(path: Path, *, record: Record, templates: Path | None, length: str) -> None:
    """Write the form of the report that a file's ending names."""
    from greenland.files import write_text
    from greenland.report import render_html, write_docx, write_excel

    if path.suffix == ".xlsx":
        write_excel(path, record, language=language())
    elif path.suffix == ".docx":
        write_docx(path, record, language=language(), template=templates, length=length)
    else:
        html = render_html(record, language=language(), templates=templates, length=length)
        write_text(path, html)


def rules_hash(record: Record) -> str:
    """SHA-256 of the rules of a results record."""
    rules = [rule.model_dump(mode="json") for rule in record.rules]
    text = json.dumps(rules, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
