"""The page of the report has no serious fault of accessibility, in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import made_records
import pytest
from opened_page import open_page

from greenland.report import render_html

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# Rows that differ in nothing but their words are judged alike: of those of a table, the first in an
# odd and in an even place are left. What a row is made of, its classes, its place and which of its
# texts are blank tell rows apart.
ALIKE_TAKEN_OUT = """() => {
  for (const body of document.querySelectorAll("tbody")) {
    const seen = new Set();
    [...body.rows].forEach((row, place) => {
      const made = row.cloneNode(true);
      for (const part of [made, ...made.querySelectorAll("*")])
        for (const { name } of [...part.attributes])
          if (!["class", "hidden", "style", "colspan", "scope"].includes(name))
            part.setAttribute(name, "");
      const texts = document.createTreeWalker(made, NodeFilter.SHOW_TEXT);
      while (texts.nextNode())
        texts.currentNode.data = texts.currentNode.data.trim() ? "x" : "";
      const kind = (place % 2) + made.outerHTML;
      if (seen.has(kind)) row.remove();
      seen.add(kind);
    });
  }
  return document.querySelectorAll("tbody tr").length;
}"""
REPEATED_IDS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((part) => part.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""


@pytest.fixture(scope="module")
def judged(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page for axe, which is put into it: the page's policy would forbid that."""
    path = tmp_path_factory.mktemp("judged") / "report.html"
    path.write_text(render_html(made_records.complete()), encoding="utf-8")
    page = open_page(browser, path, bypass_csp=True).page
    assert page.evaluate(REPEATED_IDS) == []
    assert page.evaluate(ALIKE_TAKEN_OUT) > 200
    yield page
    page.context.close()


@pytest.mark.parametrize(
    ("scheme", "only"),
    [
        (
            "light",
            {
                "type": "tag",
                "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
            },
        ),
        ("dark", {"type": "rule", "values": ["color-contrast"]}),
    ],
)
def test_no_serious_fault_of_accessibility(judged: Any, scheme: str, only: dict[str, Any]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    judged.emulate_media(color_scheme=scheme)
    judged.wait_for_selector(f"html{'.dark' if scheme == 'dark' else ':not(.dark)'}")
    outside = {"exclude": [[".plot svg"]]}  # hidden from screen readers; the figure has the words
    options = {"runOnly": only, "resultTypes": ["violations"]}  # what is right is not listed
    found = axe.Axe().run(judged, outside, options=options)
    serious = [
        (fault["id"], [node["target"] for node in fault["nodes"][:3]])
        for fault in found.response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert serious == []
