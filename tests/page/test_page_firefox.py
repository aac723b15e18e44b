"""The page in Firefox: a park by form, its ledger, a move of the workbench, a narrow window."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import page_park
import pytest
from firefox import Firefox, firefox_path
from study_files import write_case

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(firefox_path() is None, reason="no Firefox"),
]
NAME = "火狐园区"
NARROW = 500  # px; a window is no narrower


@pytest.fixture
def link(root: Path) -> Iterator[str]:
    """The link a started server prints."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "greenland", "page", str(root), "--no-browser"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"},
    )
    assert process.stdout is not None
    assert process.stdin is not None
    found = re.search(r"http\S+", process.stdout.readline())
    assert found is not None
    yield found.group()
    process.stdin.close()  # whoever started it is gone
    assert process.wait(20) == 0
    process.stdout.close()


def test_a_park_is_made_and_its_supply_sized(link: str, root: Path, tmp_path: Path) -> None:
    (tmp_path / "profile").mkdir()
    with Firefox(tmp_path / "profile") as reader:
        reader.open(link)
        reader.click("main a.button.main")
        reader.type("input[name=name]", NAME)
        reader.click("form.form button.main")
        reader.wait("document.querySelector('input[type=file]')")
        book = page_park.write_workbook(tmp_path / "台账.xlsx")
        reader.type("input[type=file]", str(book))
        reader.wait("document.body.innerText.includes('已放入 台账.xlsx')")

        write_case(root / NAME)
        reader.open(f"{link.split('?')[0]}energy/{NAME}/")
        reader.wait(_sized(1))
        before = reader.run(_COST)
        reader.run(_SLIDE, "grid.import_price", "0.4")
        reader.wait(_sized(2))
        assert float(reader.run(_COST)) < float(before)
        for chart in ("months", "day"):
            reader.wait(f"document.querySelector('[data-of={chart}] svg.chart rect')")
        reader.ask("WebDriver:SetWindowRect", width=NARROW, height=844)
        reader.wait(f"innerWidth <= {NARROW}")
        assert reader.run("return document.documentElement.scrollWidth <= innerWidth")


def _sized(serial: int) -> str:
    """That the answer to the change of a number is shown."""
    return f"document.querySelector('#bench[data-serial=\"{serial}\"]:not(.working)')"


_COST = "return document.querySelector('#head dd strong').textContent.replaceAll(',', '')"
_SLIDE = """
const field = document.querySelector(`.knob[data-key="${arguments[0]}"] [data-of=range]`);
field.value = arguments[1];
field.dispatchEvent(new Event("input", { bubbles: true }));
"""
