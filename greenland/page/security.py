"""Who may use the page: the right host, a token or password, and requests from the page alone.

A page elsewhere could send requests to this machine (cross-site requests), or give its own name
the address of this machine (DNS rebinding). So the name asked for must be one of ours, every
reader holds a cookie that only the printed link or the password gives, and what changes anything
must come from our own pages, with a token of theirs.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from greenland.errors import input_error
from greenland.i18n import _
from greenland.page.method import MOST_FORM_KB, PASSWORD_CHARS
from greenland.page.served import served

LOOPBACK = ("127.0.0.1", "localhost", "::1")
CSRF_FIELD, CSRF_HEADER = "csrf", "X-Greenland-Csrf"
FORM_BYTES = MOST_FORM_KB * 1024
_SAFE = ("GET", "HEAD", "OPTIONS")
_OPEN = {"static", "access.login", "access.sign_in", "access.palette", "access.speak"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Access:
    """Who is let in.

    Parameters
    ----------
    token : str
        Part of the link that is opened on this machine; one for each start of the server.
    password : str
        Asked for instead, where the page may be reached from other machines; empty: none.
    hosts : tuple of str
        Names it may be asked for by, without port.
    addresses : bool
        Whether any numeric address will do as well; no other name can stand for one of these.
    url : str
        Address readers know it by, where a proxy stands before it, such as
        ``https://park.example.org``.

    Examples
    --------
    >>> access = Access()
    >>> access.knows("127.0.0.1:8000"), access.knows("evil.example:8000")
    (True, False)
    """

    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    password: str = field(default="", repr=False)
    hosts: tuple[str, ...] = LOOPBACK
    addresses: bool = False
    url: str = ""

    def __post_init__(self) -> None:
        """Refuse a password that is guessed soon, and a reachable page without one."""
        if self.password and len(self.password) < PASSWORD_CHARS:
            raise input_error(
                "password",
                _("密码不足 {n} 个字符。", n=PASSWORD_CHARS),
                remedy=_("请在密码文件的第一行写一个更长的密码。"),
            )
        if not self.password and (self.addresses or self.url or set(self.hosts) - set(LOOPBACK)):
            raise input_error(
                "password",
                _("其他机器可以访问的页面必须有密码。"),
                remedy=_("请用 --password-file 指明密码文件，或去掉 --host 和 --url。"),
            )

    def knows(self, host: str) -> bool:
        """Whether the page may be asked for by this name (and port)."""
        try:
            parts = urlsplit(f"//{host}")
            name, _port = (parts.hostname or ""), parts.port
        except ValueError:
            return False
        if not name or "@" in host or parts.path:
            return False
        if self.url and host == urlsplit(self.url).netloc:
            return True
        if name in self.hosts:
            return True
        return self.addresses and _numeric(name)

    def own_origin(self, origin: str, host: str) -> bool:
        """Whether a request comes from a page of ours."""
        if self.url and origin == self.url:
            return True
        return origin == f"http://{host}"

    def opens(self, token: str) -> bool:
        """Whether the token of a link is the right one; never where a password is asked for."""
        return not self.password and hmac.compare_digest(token.encode(), self.token.encode())


def _numeric(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def csrf_token() -> str:
    """The token that forms of this reader carry."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def guard() -> AnyResponse | None:
    """Let a request in, or answer it; runs before every view."""
    access = served().access
    if not access.knows(request.host):
        abort(400, description=_("不是本页面的地址。"))
    if request.method not in _SAFE:
        _from_own_site(access)
    if session.get("in") or request.endpoint in _OPEN:
        if not session.get("in"):
            request.max_content_length = FORM_BYTES  # whoever is not let in has no file to bring
        if request.method not in _SAFE:
            _from_own_page()
        return None
    token = request.args.get("token", "")
    if token and request.method == "GET" and access.opens(token):
        session["in"] = True
        return redirect(request.path)
    if access.password and request.method == "GET":
        return redirect(url_for("access.login"))
    return abort(403, description=_("请用终端里显示的链接打开本页；重新启动后，旧链接不再有效。"))


def _from_own_site(access: Access) -> None:
    """Refuse what another site would have changed; nothing of the request's body is read."""
    origin = request.headers.get("Origin")
    if origin is not None and not access.own_origin(origin, request.host):
        abort(403, description=_("请求来自其他网站，未执行。"))
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403, description=_("请求来自其他网站，未执行。"))


def _from_own_page() -> None:
    """Refuse what does not carry the token of this reader's pages."""
    expected = str(session.get("csrf", ""))
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        abort(403, description=_("页面已过期，请刷新后重试。"))


def sealed(response: Response) -> Response:
    """Add what browsers are to keep to; a view may have set its own policy."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Frame-Options", "DENY")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"  # without a referrer, forms would send Origin: null
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.endpoint != "static":
        headers["Cache-Control"] = "no-store"
    return response


def protect(app: Flask, access: Access, port: int) -> None:
    """Set up the guard of an application."""
    from greenland.page.access import blueprint

    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),  # another start: nobody is signed in
        SESSION_COOKIE_NAME=f"greenland_{port}",  # cookies do not tell ports apart
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=access.url.startswith("https:"),
    )
    app.register_blueprint(blueprint)
    app.before_request(guard)
    app.after_request(sealed)
    app.context_processor(lambda: {"csrf": csrf_token()})
