"""The page on paper: no heading of a table and no row stands alone at the end of a page."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from chromium_path import chromium
from opened_page import OnPaper

from greenland.report import write_pdf

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STYLE = Path(__file__).resolve().parents[2] / "templates" / "report.css"
ROWS = 12
HEIGHTS = range(150, 250, 5)  # above a table [mm]: it begins anywhere in the lower part of a page


def one(above: int) -> str:
    """A table and key figures, each below something high, as the templates write them."""
    rows = "".join(
        f"<tr><th scope=row>row{n}x</th><td>{'word ' * 60}</td></tr>" for n in range(ROWS)
    )
    begins = f'<div style="break-before: page; height: {above}mm"></div>'
    tiles = "".join(f"<li>tile{n}x<p>1</p><p>2</p><p>3</p></li>" for n in range(8))
    return (
        f"{begins}<section><h2>title</h2><p class=lead>lead</p><div class=scroll>"
        "<table class='plain verdicts'><caption class=hidden>about</caption>"
        "<thead><tr><th scope=col>headx</th><th scope=col>other</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div></section>{begins}<ul class=figures>{tiles}</ul>"
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The text of each page of tables that begin at many heights."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext")
    folder = tmp_path_factory.mktemp("print")
    style = re.sub(r"\{[{%#].*?[%#}]\}", "", STYLE.read_text(encoding="utf-8"))
    body = "".join(map(one, HEIGHTS))
    html = f"<!DOCTYPE html><style>{style}</style><body class=length-standard><main>{body}</main>"
    (folder / "p.html").write_text(html, encoding="utf-8")
    pdf = write_pdf(folder / "p.pdf", folder / "p.html", browser=Path(chromium()))
    command = ["pdftotext", "-layout", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return text.split("\f")


@pytest.mark.slow
def test_nothing_is_wider_than_the_paper(on_paper: OnPaper) -> None:
    """A browser makes everything smaller by what is too wide: each park had its own size."""
    assert on_paper.widest <= on_paper.width


@pytest.mark.slow
def test_what_made_the_report_is_not_said_again_at_its_end(on_paper: OnPaper) -> None:
    assert not on_paper.footer


def test_a_heading_of_a_table_is_not_the_last_of_a_page(pages: list[str]) -> None:
    alone = [n for n, page in enumerate(pages) if "headx" in page and "row" not in page]
    assert alone == []


def test_no_row_of_a_table_is_alone_on_a_page(pages: list[str]) -> None:
    found = [re.findall(r"row\d+x", page) for page in pages]
    assert [rows for rows in found if len(rows) == 1] == []


def test_key_figures_are_not_divided(pages: list[str]) -> None:
    found = [len(re.findall(r"tile\d+x", page)) for page in pages]
    assert set(found) == {0, 8}
