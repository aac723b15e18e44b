"""The page of the report has no serious fault of accessibility, in light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from opened_page import OnPaper

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# Cells that differ in nothing but their words are judged alike: rows are taken out of a table whose
# every cell has one like it before, in its column and in a row of the same kind; rows are not
# coloured in turn. What a cell is made of, its classes and which texts are blank tell cells apart.
ALIKE_TAKEN_OUT = """() => {
  const kind = (part) => {
    const made = part.cloneNode(true);
    for (const one of [made, ...made.querySelectorAll("*")])
      for (const { name } of [...one.attributes])
        if (!["class", "hidden", "style", "colspan", "scope"].includes(name))
          one.setAttribute(name, "");
    const texts = document.createTreeWalker(made, NodeFilter.SHOW_TEXT);
    while (texts.nextNode())
      texts.currentNode.data = texts.currentNode.data.trim() ? "x" : "";
    return made.outerHTML;
  };
  for (const body of document.querySelectorAll("tbody")) {
    const seen = new Set();
    for (const row of [...body.rows]) {
      const kinds = [...row.cells].map((cell, column) =>
        [kind(row.cloneNode(false)), column, kind(cell)].join());
      if (kinds.every((one) => seen.has(one))) row.remove();
      kinds.forEach((one) => seen.add(one));
    }
  }
  return document.querySelectorAll("tbody tr").length;
}"""
REPEATED_IDS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((part) => part.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""


@pytest.fixture(scope="module")
def judged(on_paper: OnPaper) -> Any:
    """A page for axe, with one of all that is alike and without the marks of charts."""
    page = on_paper.page
    assert page.evaluate(REPEATED_IDS) == []
    assert page.evaluate(ALIKE_TAKEN_OUT) > 150
    page.evaluate("document.querySelectorAll('.plot svg').forEach((svg) => svg.replaceChildren())")
    return page


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
