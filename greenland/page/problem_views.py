"""Problems of a park's data by sheet, and the workbook with its faults marked."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, abort, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.page.check import CHECK, Checked, checked_now, start_check
from greenland.page.served import served
from greenland.page.work import MarkAsked, mark
from greenland.park.config import workbook_name

blueprint = Blueprint("problems", __name__, url_prefix="/park/<name>/problems")
MARK = "mark"


@blueprint.get("/")
def show(name: str) -> str:
    """The problems found; the check begins by itself when a file has changed."""
    shared = served()
    folder = shared.folders.park_folder(name)
    checked = checked_now(shared.jobs, shared.signatures, folder)
    job = None
    if checked is None:
        last = shared.jobs.latest(folder, CHECK)
        failed = last is not None and not last.under_way and last.result is None
        job = last if failed else start_check(shared.jobs, shared.signatures, folder)
    made = shared.jobs.latest(folder, MARK)
    fresh = made is not None and made.result is not None and made.about is checked
    return render_template(
        "page/problems.html",
        park=name,
        checked=checked,
        job=job.as_record() if job else None,
        groups=checked.by_sheet() if checked else [],
        severities=list(Severity),
        workbook=_workbook(folder),
        unmatched=_unmatched(checked),
        marking=made.as_record() if made is not None and made.under_way else None,
        marked=made.result if made is not None and fresh else None,
        row_words=_row_words,
    )


def _row_words(problem: Problem) -> str:
    from greenland.park.problems import row_ranges

    if len(problem.rows) > 1:
        return row_ranges(problem.rows)
    return "" if problem.row is None else str(problem.row)


def _workbook(folder: Path) -> str:
    try:
        name = workbook_name(folder)
    except InputError:
        return ""
    return name if (folder / name).is_file() else ""


_UNMATCHED = {
    *("unknown_sheet", "unknown_column", "missing_column", "no_header", "no_table"),
    *("mapping_unconfirmed", "mapping_absent"),
}


def _unmatched(checked: Checked | None) -> bool:
    """Whether headings or sheets were not recognised, so that matching them would help."""
    return checked is not None and any(one.code in _UNMATCHED for one in checked.problems)


@blueprint.post("/check")
def again(name: str) -> AnyResponse:
    """Check once more."""
    shared = served()
    start_check(shared.jobs, shared.signatures, shared.folders.park_folder(name))
    return redirect(url_for("problems.show", name=name))


@blueprint.post("/mark")
def make_marked(name: str) -> AnyResponse:
    """Write the marked copy of the workbook."""
    shared = served()
    folder = shared.folders.park_folder(name)
    checked = checked_now(shared.jobs, shared.signatures, folder)
    if checked is not None:
        own = _workbook(folder)
        source = folder / own if own else None
        path = shared.made / f"{folder.name}-marked" / _marked_name(own or f"{folder.name}.xlsx")
        asked = MarkAsked(path, source, checked.problems)
        title = _("标注工作簿")
        shared.jobs.start(folder, MARK, mark, asked, title=title, about=checked)
    return redirect(url_for("problems.show", name=name))


def _marked_name(workbook: str) -> str:
    path = Path(workbook)
    return str(_("{stem} 标注{suffix}", stem=path.stem, suffix=path.suffix))


@blueprint.get("/marked")
def marked(name: str) -> AnyResponse:
    """The marked copy, to be kept."""
    shared = served()
    made = shared.jobs.latest(shared.folders.park_folder(name), MARK)
    if made is None or made.result is None:
        abort(404)
    path = made.result.path
    return send_file(path, as_attachment=True, download_name=path.name, etag=False)
