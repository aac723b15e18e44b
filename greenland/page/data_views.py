"""Files of a park: brought, decided on, taken away as old versions, downloaded."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from greenland.i18n import _
from greenland.page.check import checked_now, start_check
from greenland.page.folders import file_of
from greenland.page.intake import Choice, Taken, forget_outline
from greenland.page.method import MOST_FILES
from greenland.page.served import served
from greenland.page.versions import VERSIONS, keep_version
from greenland.park.config import CONFIG_FILE, WORKBOOK_FILE
from greenland.park.mapping import MAPPING_FILE

blueprint = Blueprint("data", __name__, url_prefix="/park/<name>")


@blueprint.get("/blank")
def blank(name: str) -> AnyResponse:
    """The blank workbook, to be filled in."""
    from greenland.park import write_blank

    served().folders.park_folder(name)
    with tempfile.TemporaryDirectory(prefix="greenland-") as made:
        write_blank(Path(made))
        content = (Path(made) / WORKBOOK_FILE).read_bytes()
    return _download(content, WORKBOOK_FILE)


def _download(content: bytes, name: str) -> AnyResponse:
    return send_file(io.BytesIO(content), as_attachment=True, download_name=name)


@blueprint.post("/upload")
def upload(name: str) -> Any:
    """Take files; by a script of the page it is answered where to go on."""
    shared = served()
    folder = shared.folders.park_folder(name)
    files = [one for one in request.files.getlist("files") if one.filename]
    if len(files) > MOST_FILES:
        abort(400, description=_("一次最多上传 {most} 个文件。", most=MOST_FILES))
    taken = shared.incoming.take(folder, files)
    if not files:
        served().messages.tell(_("没有选择文件。"), "warning")
    _tell(taken)
    return _on(name, folder)


@blueprint.post("/decide")
def decide(name: str) -> Any:
    """Put a waiting file in place, or drop it."""
    shared = served()
    folder = shared.folders.park_folder(name)
    choice = request.form.get("choice", "")
    if choice not in list(Choice):
        abort(400)
    _tell(shared.incoming.decide(folder, request.form.get("id", ""), Choice(choice)))
    return _on(name, folder)


def _tell(taken: Taken) -> None:
    for line in taken.said:
        served().messages.tell(line)
    for problem in taken.problems:
        served().messages.tell(str(problem), "failed")


def _on(name: str, folder: Path) -> Any:
    """Back to the park, whose data is checked meanwhile unless something is to be decided."""
    shared = served()
    fresh = checked_now(shared.jobs, shared.signatures, folder)
    if fresh is None and not shared.incoming.waiting(folder):
        start_check(shared.jobs, shared.signatures, folder)
    following = url_for("parks.overview", name=name)
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return {"next": following} if best == "application/json" else redirect(following)


@blueprint.post("/away")
def away(name: str) -> AnyResponse:
    """Move a file to the old versions."""
    folder = served().folders.park_folder(name)
    path = file_of(folder, request.form.get("file", ""))
    if path.name in (CONFIG_FILE, MAPPING_FILE) or path.is_symlink():
        abort(400)
    forgotten = forget_outline(folder, path.name)
    kept = keep_version(path)
    served().messages.tell(
        _("已移走 {file}，保留为 versions/{kept}。", file=path.name, kept=kept.name)
    )
    if forgotten:
        served().messages.tell(_("park.yaml 不再使用 {file}。", file=path.name))
    return redirect(url_for("parks.overview", name=name))


@blueprint.get("/file/<file>")
def download(name: str, file: str) -> AnyResponse:
    """A file of the park, to be kept; never shown as a page of this site."""
    return _attachment(file_of(served().folders.park_folder(name), file))


@blueprint.get("/version/<file>")
def version(name: str, file: str) -> AnyResponse:
    """An old version of a file."""
    folder = served().folders.park_folder(name) / VERSIONS
    if folder.is_symlink():
        abort(404)
    return _attachment(file_of(folder, file))


def _attachment(path: Path) -> AnyResponse:
    return send_file(
        path.resolve(),
        as_attachment=True,
        download_name=path.name,
        mimetype="application/octet-stream",
        etag=False,
    )
