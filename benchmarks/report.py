"""How fast and how large the report is: ``python -m benchmarks.report``.

An invented record of 2000 parcels and 300 firms with an hourly year. What is asked of it: a page
of at most 6 MB, a first view in Chromium within 2 s, a filtered table within 100 ms. And of the
usual record (120 parcels): at most 3 MB, rendered within 2 s.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from greenland.report import render_html, write_excel

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "report"))

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
FILTER = """() => {
  const box = document.querySelector('#table-standard-parcels input');
  const times = [];
  for (const text of ['云岭', '药业', '', '5', 'xyz', '']) {
    box.value = text;
    const start = performance.now();
    box.dispatchEvent(new Event('input'));
    document.body.offsetHeight;
    times.push(performance.now() - start);
  }
  return Math.max(...times);
}"""


def timed(title: str, action: Any) -> Any:
    """Run and print how long it took."""
    start = time.perf_counter()
    result = action()
    print(f"  {title:<34} {time.perf_counter() - start:6.2f} s")
    return result


def in_browser(path: Path) -> None:
    """First view and filter, as the browser itself measures them."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("  no Chromium: first view and filter not measured")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri())
        page.wait_for_timeout(1500)
        paint = page.evaluate(
            "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
        )
        print(f"  {'first contentful paint':<34} {paint / 1000:6.2f} s")
        page.wait_for_selector("html[data-charts=drawn]", state="attached", timeout=120_000)
        print(f"  {'slowest filter of 2000 rows':<34} {page.evaluate(FILTER):6.0f} ms")
        browser.close()


def main() -> None:
    """Print sizes and times."""
    import report_record

    usual, large = report_record.complete(), report_record.complete(2000, 300)
    for title, record in (("120 parcels, 84 firms", usual), ("2000 parcels, 300 firms", large)):
        print(title)
        render_html(report_record.bare())  # imports and the template cache are not counted
        page = timed("render_html", lambda record=record: render_html(record))
        print(f"  {'size of the page':<34} {len(page.encode()) / 1e6:6.2f} MB")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.html"
            path.write_text(page, encoding="utf-8")
            book = Path(folder) / "results.xlsx"
            timed("write_excel", lambda record=record, book=book: write_excel(book, record))
            in_browser(path)


if __name__ == "__main__":
    main()
