"""An English report of a record made in Chinese: Chinese only in what users and documents say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import made_records
import openpyxl
import pytest
from plain_pictures import plain_pictures

from greenland.i18n import use_language
from greenland.record.record import Record
from greenland.report import render_html, write_excel
from greenland.report.context import build
from greenland.report.retold import retold
from greenland.rules import available_packs, load_rulebook

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("english")]

CHINESE = re.compile(r"[\u3400-\u9fff]")
PARK = made_records.EXAMPLE


class _Texts(HTMLParser):
    """The texts of a page that people read; scripts and styles are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = self._hidden or tag in ("script", "style")
        shown = ("title", "alt", "aria-label", "placeholder")
        self.texts += [value for name, value in attrs if name in shown and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden = self._hidden and tag not in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data.strip())


def _users(folder: Path) -> Iterator[str]:
    """What the user wrote: cells below the headings, values of the YAML file, names of columns."""
    with closing(openpyxl.load_workbook(folder / "park.xlsx", read_only=True)) as book:
        for sheet in book:
            for row in sheet.iter_rows(min_row=2, values_only=True):
                yield from (value for value in row if isinstance(value, str))
    text = (folder / "park.yaml").read_text(encoding="utf-8")
    yield from re.findall(
        r"(?::|- |\{|,) *[\"']?([^:\"'#\n{},\[\]]*[^\W\d_a-zA-Z][^\"'#\n{}\[\]]*)", text
    )
    yield from ("合计", "“注”")  # the row made_records adds, and the words it is known by
    for path in folder.glob("*.csv"):
        yield from path.read_text(encoding="utf-8").splitlines()[0].split(",")


def _documents(record: dict[str, Any]) -> Iterator[str]:
    """Titles and clauses of documents."""
    for rule in record["rules"]:
        yield from (rule["document"], rule["clause"])
    land, energy = record["land"], record["energy"]
    yield from (land[key]["scheme"]["document"] for key in ("per_mu", "review"))
    yield from (str(row["source"]) for row in energy["assumptions"])
    yield from (str(row["source"]) for row in energy["compliance"])
    for pack in available_packs():
        for rule in load_rulebook((pack,), 2026).all_rules:
            yield from (rule.document, rule.clause)
            # A note names other documents by their numbers.
            yield from re.findall(
                r"[\u3400-\u9fff ]+(?:〔\d+〕\d+号|公告\d+年第\d+号(?:第.条)?)", rule.note_en
            )
            yield from re.findall(r"（[一二三四五六七八九十]+）", f"{rule.note_en}")


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return made_records.complete()


@pytest.fixture(scope="module")
def allowed(record: dict[str, Any]) -> re.Pattern[str]:
    names = [str(value) for row in record["energy"]["users"] for value in row.values()]
    said = (*_users(PARK), *_documents(record), *names)
    texts = {text.strip() for text in said if CHINESE.search(text)}
    pieces = {piece for text in texts for piece in (text, *re.split(r"[、,;；]", text))}
    longest = sorted((piece for piece in pieces if CHINESE.search(piece)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)))


def _left(texts: Iterator[str] | list[str], allowed: re.Pattern[str]) -> set[str]:
    chinese = {text for text in texts if CHINESE.search(text)}  # few, and what is allowed is long
    return {text for text in chinese if CHINESE.search(allowed.sub("", text))}


def test_page(record: dict[str, Any], allowed: re.Pattern[str]) -> None:
    page = _Texts()
    page.feed(render_html(record, language="en", length="full"))
    assert len(page.texts) > 1000
    assert _left(page.texts, allowed) == set()


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for item in node.values():
            yield from _strings(item)
    elif isinstance(node, list):
        for item in node:
            yield from _strings(item)
    elif isinstance(node, str):
        yield node


def test_charts(allowed: re.Pattern[str]) -> None:
    with use_language("en"):
        charts = build(made_records.year()).charts
    said = [
        text for chart in charts for text in (chart.title, chart.unit, chart.hint, chart.source)
    ]
    drawn = [text for chart in charts for text in _strings(chart.spec)]
    assert len(charts) > 20
    assert _left([*said, *drawn], allowed) == set()


def test_workbook(record: dict[str, Any], allowed: re.Pattern[str], tmp_path: Path) -> None:
    path = write_excel(tmp_path / "results.xlsx", record, language="en")
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        cells = (
            value
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
            for value in (sheet.title, *row)
            if isinstance(value, str)
        )
        assert _left(cells, allowed) == set()


def test_word(allowed: re.Pattern[str], tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    from greenland.report import write_docx

    path = tmp_path / "report.docx"
    with plain_pictures():  # what stands in charts is looked at above
        write_docx(path, made_records.land_only(), language="en", length="full")
    body = docx.Document(path).element.body
    cells = ("".join(t.text or "" for t in p.iter("{*}t")) for p in body.iter("{*}p"))
    assert _left(cells, allowed) == set()


def test_a_record_made_in_either_language_is_told_in_the_other(record: dict[str, Any]) -> None:
    made = Record.model_validate(record)
    with use_language("en"):
        english = retold(made)
    assert english != made
    assert retold(english) == made
