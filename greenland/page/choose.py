"""Where a view is of one park, and none was named."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from greenland.page.served import served


def choose_park(endpoint: str, title: str) -> str | AnyResponse:
    """Lead to the only park, or let the reader choose; *endpoint* is the view of one."""
    names = served().folders.names()
    if len(names) == 1:
        return redirect(url_for(endpoint, name=names[0]))
    return render_template("page/choose_park.html", names=names, endpoint=endpoint, title=title)
