"""The assessment begun, its results, the report in its lengths, and what is downloaded."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from greenland.errors import InputError, Problem
from greenland.i18n import _, language
from greenland.outputs import Manifest, changed_inputs, finish_interrupted, read_manifest
from greenland.page.jobs import JobState
from greenland.page.results import earlier, figures, parts, results_path
from greenland.page.served import served
from greenland.page.work import Asked, FormAsked, assess, write_form
from greenland.report.forms import LENGTHS, check_forms

blueprint = Blueprint("results", __name__, url_prefix="/park/<name>/results")
ASSESS = "assess"
FORMS = ("docx", "pdf")
_LISTED = 4  # files that are named
_FRAME = (
    "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads; "
    "frame-ancestors 'self'"
)


@blueprint.get("/")
def show(name: str) -> str:
    """What was evaluated, the key figures beside the year before, and the report."""
    shared = served()
    folder = shared.folders.park_folder(name)
    path = results_path(folder)
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    mine = [job for job in shared.jobs.of(folder) if _of_results(job.kind)]
    last = mine[0] if mine else None
    if path.is_file():
        try:
            found = _found(folder, path)
        except InputError as error:
            problems = list(error.problems)
    jobs = [job for job in mine if job.under_way]
    failed = last if last is not None and last.error is not None else None
    return render_template(
        "page/results.html",
        park=name,
        jobs=[job.as_record() for job in jobs],
        assessing=any(job.kind == ASSESS for job in jobs),
        problems=failed.problems if failed else problems,
        reason=failed.reason if failed and not failed.problems else "",
        cancelled=last is not None and last.kind == ASSESS and last.state == JobState.CANCELLED,
        found=found,
        lengths=_lengths(),
        forms={form: _form_words(form) for form in FORMS},
        ready=_ready(name, folder) if found else {},
    )


def _found(folder: Path, path: Path) -> dict[str, Any]:
    """What the page shows of a results file."""
    shared = served()
    finish_interrupted(path.parent)
    record = shared.read.record(path)
    before = earlier(shared.read, shared.folders, folder, record)
    return {
        "record": record,
        "parts": parts(record),
        "figures": figures(record, before[0] if before else None),
        "before": before[0] if before else None,
        "before_in": before[1] if before else "",
        "stale": _some(_changed_since(folder, path)),
        "excel": (path.parent / "results.xlsx").is_file(),
    }


def _changed_since(folder: Path, path: Path) -> list[str]:
    """Inputs that are not those the results rest on."""
    from greenland.park import read_config
    from greenland.park.inputs import input_hashes

    manifest = read_manifest(path.parent)
    if manifest is None:
        return []
    try:
        now = input_hashes(folder, read_config(folder))
    except InputError:
        return []
    return changed_inputs(manifest, Manifest(manifest.greenland, now, manifest.rules, {}))


def _some(names: list[str]) -> str:
    """The first names of a list, and how many there are."""
    if len(names) <= _LISTED:
        return "、".join(names)
    return str(_("{names} 等 {n} 个文件", names="、".join(names[:_LISTED]), n=len(names)))


def _of_results(kind: str) -> bool:
    return kind == ASSESS or kind.startswith("form ")


def _lengths() -> dict[str, str]:
    return {
        "brief": _("简（领导阅读）"),
        "standard": _("标准"),
        "full": _("完整（含全部附表）"),
    }


def _short() -> dict[str, str]:
    """Lengths as they stand in names of files."""
    return {"brief": _("简"), "standard": _("标准"), "full": _("完整")}


def _form_words(form: str) -> str:
    return {"docx": "Word", "pdf": "PDF"}[form]


@blueprint.post("/assess")
def begin(name: str) -> AnyResponse:
    """Begin the assessment, or find the one under way."""
    shared = served()
    folder = shared.folders.park_folder(name)
    shared.jobs.start(
        folder,
        ASSESS,
        assess,
        Asked(folder),
        title=_("评价园区"),
        modules=("greenland.assessment",),
    )
    return redirect(url_for("results.show", name=name))


@blueprint.get("/report/<length>")
def report(name: str, length: str) -> Response:
    """The report as a page of its own, which can reach nothing of this one."""
    if length not in LENGTHS:
        abort(404)
    shared = served()
    path = _there(shared.folders.park_folder(name))
    answer = Response(shared.read.page(path, length), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _FRAME
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _there(folder: Path) -> Path:
    path = results_path(folder)
    if not path.is_file():
        abort(404)
    return path


@blueprint.get("/download/<what>")
def download(name: str, what: str) -> AnyResponse:
    """The page, workbook or record as files."""
    shared = served()
    folder = shared.folders.park_folder(name)
    path = _there(folder)
    files = {"results.json": path, "results.xlsx": path.parent / "results.xlsx"}
    if what in files:
        if not files[what].is_file():
            abort(404)
        return send_file(
            files[what].resolve(),
            as_attachment=True,
            download_name=_named(folder, files[what].suffix),
            etag=False,
        )
    length = what.removesuffix(".html")
    if length not in LENGTHS or length == what:
        abort(404)
    return send_file(
        io.BytesIO(shared.read.page(path, length).encode("utf-8")),
        mimetype="text/html",
        as_attachment=True,
        download_name=_named(folder, f" {_short()[length]}.html"),
    )


def _named(folder: Path, ending: str) -> str:
    """Name of a downloaded file: the park's, so that those of several parks can be told apart."""
    return f"{folder.resolve().name}{ending}"


# -- Word and PDF, made when they are asked for ------------------------------------------------


def _form_path(folder: Path, form: str, length: str) -> Path:
    """Where a form of the results that are there now stands once it is made."""
    state = _there(folder).stat()
    made = f"{abs(hash((str(folder.resolve()), state.st_size, state.st_mtime_ns))):x}"
    return served().made / made / f"{language()}-{length}.{form}"


def _ready(name: str, folder: Path) -> dict[tuple[str, str], str]:
    """Links to forms that are made, by form and length."""
    return {
        (form, length): url_for("results.form", name=name, form=form, length=length)
        for form in FORMS
        for length in LENGTHS
        if _form_path(folder, form, length).is_file()
    }


@blueprint.post("/form/<form>/<length>")
def make_form(name: str, form: str, length: str) -> AnyResponse:
    """Begin to write a Word file or PDF."""
    if form not in FORMS or length not in LENGTHS:
        abort(404)
    shared = served()
    folder = shared.folders.park_folder(name)
    path = _form_path(folder, form, length)
    check_forms(pdf=form == "pdf", docx=form == "docx")
    shared.jobs.start(
        folder,
        f"form {form} {length}",
        write_form,
        FormAsked(_there(folder), path, length),
        title=_("写出 {form}（{length}）", form=_form_words(form), length=_lengths()[length]),
    )
    return redirect(url_for("results.show", name=name) + "#forms")


@blueprint.get("/form/<form>/<length>")
def form(name: str, form: str, length: str) -> AnyResponse:
    """A Word file or PDF that was made."""
    if form not in FORMS or length not in LENGTHS:
        abort(404)
    folder = served().folders.park_folder(name)
    path = _form_path(folder, form, length)
    if not path.is_file():
        abort(404)
    named = _named(folder, f" {_short()[length]}.{form}")
    return send_file(path, as_attachment=True, download_name=named, etag=False)
