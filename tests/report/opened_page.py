"""A page of the report opened in Chromium, with its charts drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DRAWN = "html[data-charts=drawn]"
WAIT = 60_000  # ms, for machines with other work to do


@dataclass
class Opened:
    """A page, with what it complained of and what it asked for."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class OnPaper:
    """A tab with the page of a complete record, and what it was on A4 between its margins."""

    page: Any
    width: int
    widest: int
    footer: bool


def open_page(
    browser: Any, path: Path, *, media: str | None = None, drawn: bool = True, **options: Any
) -> Opened:
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page = context.new_page()
    page.emulate_media(media=media)
    page.set_default_timeout(WAIT)  # a year of hours takes long to draw on a busy machine
    opened = Opened(page)
    page.on("console", lambda message: opened.complaints.append(message.text))
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    page.route("**/*", lambda route: _only_files(route, opened))
    page.goto(path.as_uri())
    if drawn:
        page.wait_for_selector(DRAWN, state="attached", timeout=WAIT)
    return opened


def _only_files(route: Any, opened: Opened) -> None:
    url = route.request.url
    if url.startswith(("file:", "data:")):
        route.continue_()
    else:
        opened.requests.append(url)
        route.abort()
