"""Signing in, the language, and the colours shared with the report."""

from __future__ import annotations

import hmac
import threading
import time

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from greenland.i18n import LANGUAGES, _
from greenland.page.method import TRY_SECONDS
from greenland.page.served import served
from greenland.report.places import template_folder

blueprint = Blueprint("access", __name__)


class Tries:
    """Passwords given; after a wrong one none is looked at for a while."""

    def __init__(self) -> None:
        self._lock, self._next = threading.Lock(), 0.0

    def right(self, given: str, password: str) -> bool | None:
        """Whether the password is right; None when it is too early to ask."""
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return None
            good = hmac.compare_digest(given.encode(), password.encode())
            if not good:
                self._next = now + TRY_SECONDS
            return good


_tries = Tries()


@blueprint.get("/login")
def login() -> str | AnyResponse:
    """Ask for the password."""
    if session.get("in") or not served().access.password:
        return redirect(url_for("parks.index"))
    return render_template("page/login.html", fault="")


@blueprint.post("/login")
def sign_in() -> AnyResponse | tuple[str, int]:
    """Let a reader in who knows the password."""
    access = served().access
    if not access.password:
        abort(404)
    right = _tries.right(request.form.get("password", ""), access.password)
    if right:
        session["in"] = True
        return redirect(url_for("parks.index"))
    fault = _("请过几秒再试。") if right is None else _("密码不对。")
    return render_template("page/login.html", fault=fault), 429 if right is None else 403


@blueprint.post("/logout")
def sign_out() -> AnyResponse:
    """Forget a reader."""
    session.clear()
    return redirect(url_for("access.login"))


@blueprint.post("/language")
def speak() -> AnyResponse:
    """Speak another language from here on, and go back to where it was asked for."""
    chosen = request.form.get("lang", "")
    if chosen in LANGUAGES:
        session["lang"] = chosen
    back = request.form.get("back", "/")
    own = back.startswith("/") and not back.startswith(("//", "/\\"))
    return redirect(back if own else "/")


@blueprint.get("/palette.css")
def palette() -> Response:
    """The colours and typefaces of the report."""
    text = (template_folder() / "palette.css").read_text(encoding="utf-8")
    return Response(text, mimetype="text/css")
