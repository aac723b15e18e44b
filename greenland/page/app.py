"""The application: blueprints in one frame, one language for each reader, errors in words."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import jinja2
from flask import Blueprint, Flask, render_template, request, session
from werkzeug.exceptions import HTTPException

import greenland
from greenland.errors import SEVERITY_LABELS, GreenlandError, InputError, input_error
from greenland.i18n import LANGUAGES, N_, SOURCE_LANGUAGE, Text, _, language, set_language
from greenland.page.folders import NoParkError, ParkFolders
from greenland.page.intake import Incoming
from greenland.page.jobs import Jobs
from greenland.page.kinds import ALLOWED
from greenland.page.messages import Messages
from greenland.page.method import MOST_FIELDS, MOST_FORM_KB, MOST_UPLOAD_MB
from greenland.page.results import ReadResults, made_folder
from greenland.page.security import Access, protect
from greenland.page.served import KEY, Served, served
from greenland.park.config import PARK_LEVEL_LABELS, PARK_TYPE_LABELS
from greenland.report.places import template_folder

_MODULES = (
    "greenland.page.parks",
    "greenland.page.data_views",
    "greenland.page.problem_views",
    "greenland.page.mapping_views",
    "greenland.page.result_views",
    "greenland.page.job_views",
    "greenland.page.workbench",
    "greenland.page.rules",
)
_HTML_LANG = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True, slots=True)
class Area:
    """An entry of the navigation, shown where its view is there.

    Parameters
    ----------
    title : str
        Message.
    endpoint : str
        View it leads to, without a park.
    of_park : str
        View it leads to from a page about a park.
    blueprints : tuple of str
        Those whose pages belong to it.
    """

    title: str
    endpoint: str
    of_park: str
    blueprints: tuple[str, ...]


_PARK_PAGES = ("parks", "data", "problems", "mapping", "results")
AREAS = (
    Area(N_("园区"), "parks.index", "parks.overview", _PARK_PAGES),
    Area(N_("直供测算"), "workbench.index", "workbench.park", ("workbench",)),
    Area(N_("规则"), "rules.index", "rules.park", ("rules",)),
)


def blueprints() -> Iterable[Blueprint]:
    """Every part of the page; each module has one, called ``blueprint``."""
    for name in _MODULES:
        yield import_module(name).blueprint


def create_app(
    root: Path, *, access: Access | None = None, language: str = SOURCE_LANGUAGE, port: int = 0
) -> Flask:
    """Make the application.

    Parameters
    ----------
    root : Path
        Holds a folder for each park, or is one.
    access : Access, optional
        Who is let in; by default whoever has the token of the link, on this machine.
    language : str
        ``"zh"`` or ``"en"``, until a reader chooses.
    port : int
        Port it is served on.

    Returns
    -------
    Flask
        ``app.extensions["greenland"].close()`` ends what it began.

    Raises
    ------
    InputError
        If *root* is no folder.
    """
    if not root.is_dir():
        raise input_error(
            "no_folder",
            _("没有这个文件夹。"),
            remedy=_("请核对路径，或先建立文件夹。"),
            got=str(root),
        )
    folder = template_folder()
    app = Flask(
        __name__,
        template_folder=str(folder),
        static_folder=str(folder / "page" / "static"),
        static_url_path="/static",
    )
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_UPLOAD_MB * 2**20,
        MAX_FORM_MEMORY_SIZE=MOST_FORM_KB * 2**10,
        MAX_FORM_PARTS=MOST_FIELDS,
        TRAP_HTTP_EXCEPTIONS=False,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    access = access or Access()
    app.extensions[KEY] = Served(
        folders=ParkFolders(root),
        jobs=Jobs(),
        incoming=Incoming(),
        access=access,
        language=language,
        read=ReadResults(),
        made=made_folder(),
        messages=Messages(),
    )
    app.before_request(_speak)
    protect(app, access, port)
    for part in blueprints():
        app.register_blueprint(part)
    app.context_processor(lambda: _shared(app))
    app.register_error_handler(InputError, _refused)
    app.register_error_handler(GreenlandError, _failed)
    app.register_error_handler(OSError, _occupied)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)
    return app


def _speak() -> None:
    chosen = session.get("lang")
    set_language(chosen if chosen in LANGUAGES else served().language)


def _shared(app: Flask) -> dict[str, Any]:
    """What every template asks for."""
    return {
        "_": _,
        "lang": _HTML_LANG[language()],
        "areas": [area for area in AREAS if area.endpoint in app.view_functions],
        "has_view": lambda endpoint: endpoint in app.view_functions,
        "severity_labels": SEVERITY_LABELS,
        "version": greenland.__version__,
        "level_label": lambda level: _(PARK_LEVEL_LABELS[level]),
        "type_label": lambda kind: _(PARK_TYPE_LABELS[kind]),
        "size": _size,
        "most_mb": MOST_UPLOAD_MB,
        "allowed": ",".join(ALLOWED),
        "messages": served().messages.take,
        "with_password": bool(served().access.password),
        "signed_in": bool(session.get("in")),
        "park": None,
        "here": request.full_path.rstrip("?"),
    }


def _size(count: int) -> str:
    """Bytes as people read them."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:,.0f} kB" if count < 10**6 else f"{count / 10**6:,.1f} MB"


# -- errors: what is wrong, never what stands in a file that is not the reader's ---------------


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _answer(title: str, status: int, problems: Any = (), text: str = "") -> Any:
    if _wants_json():
        content = {"error": str(title), "text": str(text)}
        return content | {"problems": [one.as_record() for one in problems]}, status
    page = render_template("page/error.html", title=title, text=text, problems=problems)
    return page, status


def _refused(error: InputError) -> Any:
    status = 404 if isinstance(error, NoParkError) else 400
    return _answer(_("输入有误，未执行"), status, error.problems)


def _failed(error: GreenlandError) -> Any:
    return _answer(_("未能完成"), 500, text=str(error))


def _occupied(error: OSError) -> Any:
    traceback.print_exception(error, file=sys.stderr)
    text = _("文件被占用或没有写入权限。如已在 Excel 等程序中打开，请关闭后再试。")
    return _answer(_("未能完成"), 500, text=text)


_HTTP_TITLES = {
    400: N_("请求有误"),
    403: N_("不能打开"),
    404: N_("没有这个页面"),
    405: N_("没有这个页面"),
    413: N_("文件太大"),
    429: N_("请稍后再试"),
}


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    title = _(_HTTP_TITLES.get(status, N_("未能完成")))
    text: str = error.description or ""
    if status == 413:
        text = _("一次上传不能超过 {most} MB。", most=MOST_UPLOAD_MB)
    elif status in (404, 405):
        text = _("请从园区列表进入。")
    elif not isinstance(text, Text):
        text = ""  # the library's own English
    return _answer(title, status, text=text)


def _unforeseen(error: Exception) -> Any:
    traceback.print_exception(error, file=sys.stderr)
    return _answer(
        _("程序出错"), 500, text=_("程序出错，未能完成；详情见运行 greenland page 的终端。")
    )
