"""The workbench as an engineer uses it: the real server, headless Chromium, the hourly year."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from study_files import write_case

from greenland.energy.workbench import Workbench

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
WAIT = 40_000  # ms, for machines with other work to do
YEAR, DAYS = "示例园区", "小园区"
PARK = "name: 虚构园区\nlevel: 省级\ntype: 产业园区\nyear: 2026\nrules:\n  packs: [national]\n"
MOVES = (
    *(("tariff.market_price", "0.3"), ("sources.pv.capex", "2500")),
    *(("sources.wind.capex", "3600"), ("storages.battery.energy_capex", "600")),
    *(("tariff.export_price", "0.15"), ("limits.max_export_share", "0.15")),
    *(("grid.capacity_mw", "55"), ("load", "1.1")),
    *(("discount_rate", "0.055"), ("sources.wind.max_mw", "100")),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("parks")
    for name in (YEAR, DAYS):
        (made / name).mkdir()
        (made / name / "park.yaml").write_text(PARK, encoding="utf-8")
    write_case(made / DAYS)
    for name in ("load.csv", "pv.csv", "wind.csv"):
        shutil.copy(EXAMPLES / "yunnan_park" / name, made / YEAR / name)
    case = (EXAMPLES / "case.yaml").read_text(encoding="utf-8").replace("yunnan_park/", "")
    (made / YEAR / "case.yaml").write_text(case, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def context(browser: Any, link: str) -> Iterator[Any]:
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(WAIT)
    made.new_page().goto(link)
    yield made
    made.close()


@pytest.fixture
def page(context: Any) -> Iterator[Any]:
    """A tab; the page may complain of nothing."""
    made = context.new_page()
    complaints: list[str] = []
    made.on("console", lambda message: complaints.append(message.text))
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("dialog", lambda dialog: dialog.accept())
    yield made
    made.close()
    assert [one for one in complaints if "400" not in one] == []


def opened(page: Any, link: str, park: str) -> Any:
    page.goto(f"{link.split('?')[0]}energy/{park}/")
    return sized(page, 1)


def sized(page: Any, serial: int) -> Any:
    """Wait for the answer to the change of a number."""
    page.locator(f'#bench[data-serial="{serial}"]').wait_for()
    page.locator("#bench.working").wait_for(state="detached")
    return page


def knob(page: Any, key: str) -> Any:
    return page.locator(f'.knob[data-key="{key}"]')


def slide(page: Any, key: str, value: str) -> None:
    """What moving a slider to a value makes the browser say."""
    knob(page, key).locator("[data-of=range]").evaluate(
        "(field, value) => { field.value = value;"
        " field.dispatchEvent(new Event('input', { bubbles: true })); }",
        value,
    )


def cost(page: Any) -> str:
    """The annual cost as it is shown."""
    return str(page.locator("#head dd strong").first.inner_text())


def test_ten_moves_are_ten_exact_optima(
    page: Any, link: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(page, link, YEAR)
    bench = Workbench.of_file(root / YEAR / "case.yaml")
    settings: dict[str, Any] = {}
    told = []
    for serial, (key, value) in enumerate(MOVES, start=2):
        began = time.perf_counter()
        slide(page, key, value)
        sized(page, serial)
        told.append(f"{key} {value}: {time.perf_counter() - began:.2f} s, {cost(page)} 万元/年")
        number = float(value)
        of_size = {"grid.capacity_mw": {"fixed": number}}
        of_size["sources.wind.max_mw"] = {"least": 0.0, "most": number}
        settings[key] = of_size.get(key, number)
    with capsys.disabled():
        print("", *told, sep="\n  ")
    expected = bench.size(settings).plan
    assert cost(page) == f"{expected.annual_cost / 1e4:,.1f}"
    sizes = page.locator("[data-of=sizes]").inner_text()
    assert f"{expected.capacities['wind']:.2f} MW" in sizes
    assert page.locator("[data-of=months] svg.chart rect").count() > 24
    assert page.locator("[data-of=day] svg.chart rect").count() > 24


def test_three_scenarios_are_kept_compared_and_exported(page: Any, link: str, root: Path) -> None:
    opened(page, link, DAYS)
    for serial, (name, price) in enumerate(
        (("低价", "0.4"), ("中价", "0.6"), ("高价", "0.8")), start=2
    ):
        slide(page, "grid.import_price", price)
        sized(page, serial)
        page.fill("#card-name", name)
        page.click("#save button")
        page.locator(f".card:has-text('{name}')").wait_for()
    for name in ("低价", "中价", "高价"):
        page.locator(f".card:has-text('{name}') input").check()
    with page.expect_download() as begun:
        page.locator(".card:has-text('高价') a").click()
    assert "import_price: 0.8" in Path(begun.value.path()).read_text(encoding="utf-8")
    page.locator(".card:has-text('中价') button").nth(1).click()
    page.locator("#told:has-text('中价.yaml')").wait_for()
    assert Workbench.of_file(root / DAYS / "中价.yaml").knob("grid.import_price").value == 0.6
    page.click("#compare-button")
    page.locator("h2:has-text('年费用构成')").wait_for()
    heads = page.locator("table").first.locator("thead th").all_inner_texts()
    assert heads[2:] == ["原案例：虚构示例", "低价", "中价", "高价"]
    with page.expect_download() as begun:
        page.click("a:has-text('下载比较报告')")
    report = Path(begun.value.path()).read_text(encoding="utf-8")
    assert "低价" in report
    assert "<table" in report


def test_a_conflict_is_shown_at_once_and_goes_again(page: Any, link: str) -> None:
    opened(page, link, DAYS)
    base = cost(page)
    for number, (key, value) in enumerate(
        (("sources.pv.max_mw", "5"), ("sources.wind.max_mw", "5")), start=2
    ):
        slide(page, key, value)
        sized(page, number)
    slide(page, "limits.min_self_use_of_consumption", "0.6")
    sized(page, 4)
    assert "不能同时满足" in page.locator("#told").inner_text()
    page.locator("#told:has-text('最高只能达到')").wait_for()
    page.click("#reset-all")
    sized(page, 5)
    assert cost(page) == base
    assert page.locator("#told").is_hidden()


def test_two_tabs_do_not_mix_and_a_reload_keeps_them(page: Any, context: Any, link: str) -> None:
    opened(page, link, DAYS)
    other = context.new_page()
    opened(other, link, DAYS)
    slide(page, "grid.import_price", "0.4")
    slide(other, "grid.import_price", "0.9")
    sized(page, 2)
    sized(other, 2)
    low, high = cost(page), cost(other)
    assert float(low.replace(",", "")) < float(high.replace(",", ""))
    for tab, shown in ((page, low), (other, high)):
        tab.reload()
        sized(tab, 1)
        assert cost(tab) == shown
        assert knob(tab, "grid.import_price").get_attribute("class") == "knob changed"
    other.close()


def test_sizes_are_given_and_freed_by_keyboard(page: Any, link: str) -> None:
    opened(page, link, DAYS)
    size = knob(page, "sources.pv.max_mw")
    best = page.locator("[data-of=sizes] td").first.inner_text()
    size.locator("[data-of=mode]").focus()
    page.keyboard.press("End")  # the last choice: given
    sized(page, 2)
    given = size.locator("[data-of=number]").input_value()
    assert float(given) == pytest.approx(float(best.split()[0].replace(",", "")), abs=0.01)
    size.locator("[data-of=range]").focus()
    page.keyboard.press("ArrowRight")
    sized(page, 3)
    assert size.locator("[data-of=number]").input_value() != given
    assert "年供电总成本" in page.locator("#live").inner_text()
    size.locator("[data-of=reset]").focus()
    page.keyboard.press("Enter")
    sized(page, 4)
    assert page.url.endswith("/")


def test_what_takes_long_is_sized_aside(page: Any, link: str) -> None:
    """Build or not needs binary variables: a process of its own, the page goes on."""
    opened(page, link, DAYS)
    more = page.locator(".bench-group", has=knob(page, "sources.pv.build_cost")).locator(".more")
    more.locator("summary").click()
    knob(page, "sources.pv.build_cost").locator("[data-of=number]").fill("1000000")
    page.locator("#told:has-text('通用求解器')").wait_for()
    page.locator("#head .badge.met").wait_for()
    assert page.locator("#told").is_hidden()


def test_a_point_of_the_front_is_taken_by_a_click(page: Any, link: str) -> None:
    opened(page, link, DAYS)
    page.click("#front-button")
    page.locator("#front circle").nth(2).wait_for()
    page.locator("#front circle").last.click()
    sized(page, 2)
    limit = knob(page, "limits.min_self_use_of_consumption").locator("[data-of=number]")
    assert float(limit.input_value()) > 0.3


def test_a_dropped_curve_is_taken(page: Any, link: str, root: Path) -> None:
    opened(page, link, DAYS)
    before = cost(page)
    text = (root / DAYS / "load.csv").read_text(encoding="utf-8")
    head, *rows = text.splitlines()
    doubled = [f"{at},{2 * float(value):.4f}" for at, value in (row.split(",") for row in rows)]
    content = "\n".join([head, *doubled]).encode()
    given = {"name": "翻番负荷.csv", "mimeType": "text/csv", "buffer": content}
    knob(page, "load").locator("[data-of=upload]").set_input_files(given)
    page.locator("#told:has-text('翻番负荷.csv')").wait_for()
    assert (root / DAYS / "翻番负荷.csv").read_bytes() == content
    assert cost(page) != before


def test_everybody_can_use_it(page: Any, link: str) -> None:
    """No serious fault of accessibility, in light and dark; nothing wider than a phone."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    opened(page, link, DAYS)
    page.locator("[data-of=day] svg.chart").wait_for()
    for theme in ("light", "dark"):
        page.evaluate(
            "dark => document.documentElement.classList.toggle('dark', dark)", theme == "dark"
        )
        options = {"runOnly": ["wcag2a", "wcag2aa"], "resultTypes": ["violations"]}
        found = axe.Axe().run(page, options=options)
        serious = [
            (one["id"], [node["html"][:120] for node in one["nodes"]][:3])
            for one in found.response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], theme
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    sized(page, 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
