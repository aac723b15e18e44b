"""Three lengths of one record: what each holds, and how many pages it prints on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import made_records
import pytest
from chromium_path import chromium

from greenland.report import render_html
from greenland.report.context import build
from greenland.report.length import Length, at_length, rules_of
from greenland.report.pdf import write_pdf

MOST_PAGES = {"brief": 4, "standard": 29}  # of the example park, and one more for a whole year


def body(page: str) -> str:
    return page[page.index("<body") : page.index('<script type="application/json"')]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    record = made_records.complete()
    return {length: render_html(record, length=length) for length in Length}


def test_leaders_get_leads_and_key_tables_only(pages: dict[str, str]) -> None:
    tables = set(re.findall(r'id="(table-[\w-]+)"', pages["brief"]))
    keyed = {t.id for t in build(made_records.complete()).tables if t.key}
    assert keyed <= tables <= keyed | {"table-rules"}
    assert "chart-" not in body(pages["brief"])


def test_annexes_are_folded_but_in_the_full_report(pages: dict[str, str]) -> None:
    assert '<details class="annex">' in pages["standard"]
    assert '<details class="annex" open>' not in pages["standard"]
    assert '<details class="annex">' not in pages["full"]
    assert pages["full"].count("<details") == pages["standard"].count("<details")


def test_every_table_is_in_the_page_of_standard_length(pages: dict[str, str]) -> None:
    tables = {t.id for t in build(made_records.complete()).tables if "page" in t.forms}
    assert tables <= set(re.findall(r'id="(table-[\w-]+)"', pages["standard"]))


@pytest.mark.parametrize("length", list(Length))
def test_links_lead_somewhere(pages: dict[str, str], length: str) -> None:
    there = set(re.findall(r'\bid="([^"]+)"', pages[length]))
    wanted = set(re.findall(r'href="#([^"]+)"', body(pages[length])))
    assert wanted - there == set()


def test_brief_report_lists_the_rules_it_names() -> None:
    report = build(made_records.complete())
    brief = at_length(report, "brief")
    known = set(report.rules.by_id)
    assert set(rules_of(brief.sections)) & known <= set(brief.rules.by_id)
    assert len(brief.rules.items) < len(report.rules.items)
    numbers = {item.id: item.number for item in report.rules.items}
    assert all(numbers[item.id] == item.number for item in brief.rules.items)


def test_unknown_length_is_refused() -> None:
    with pytest.raises(ValueError, match="long"):
        render_html(made_records.bare(), length="long")


@pytest.mark.slow
@pytest.mark.parametrize("length", list(MOST_PAGES))
def test_pages_in_print(length: str, tmp_path: Path) -> None:
    page, pdf = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(render_html(made_records.complete(), length=length), encoding="utf-8")
    write_pdf(pdf, page, browser=Path(chromium()))
    told = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    found = re.search(r"Pages:\s+(\d+)", told)
    assert found is not None
    assert int(found[1]) <= MOST_PAGES[length]
