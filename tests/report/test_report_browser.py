"""The page in a browser: charts drawn, tables work, nothing asked of outside, nothing cut."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import made_records
import pytest
from chromium_path import chromium
from opened_page import Opened, open_page

from greenland.report import render_html, write_pdf
from greenland.report.pdf import BrowserError

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def opened(browser: Any, page_file: Path) -> Iterator[Opened]:
    made = open_page(browser, page_file)
    yield made
    made.page.context.close()


def test_every_chart_is_drawn_and_nothing_complains(opened: Opened) -> None:
    plots = opened.page.locator(".plot")
    states = plots.evaluate_all("all => all.map(p => [p.dataset.chart, p.dataset.drawn])")
    assert len(states) == 26
    assert [name for name, state in states if state != "yes"] == []
    marks = plots.evaluate_all("all => all.map(p => p.querySelectorAll('svg path').length)")
    assert min(marks) > 1
    assert opened.complaints == []


def test_nothing_is_asked_of_outside(opened: Opened) -> None:
    assert opened.requests == []


def test_pointing_at_a_firm_names_it(opened: Opened) -> None:
    page = opened.page
    page.locator("#chart-scatter").scroll_into_view_if_needed()
    page.locator("#chart-scatter .mark-symbol.role-mark path").first.hover()
    tip = page.locator("#tip")
    tip.wait_for(state="visible")
    assert "有限公司" in tip.inner_text()


def test_pointing_at_an_hour_gives_its_powers(opened: Opened) -> None:
    page = opened.page
    plot = page.locator("#chart-dispatch svg")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.6)
    page.mouse.move(box["x"] + box["width"] * 0.52, box["y"] + box["height"] * 0.6)
    page.locator("#tip").wait_for(state="visible")
    assert "光伏" in page.locator("#tip").inner_text()


def test_buttons_zoom_from_year_to_day(opened: Opened) -> None:
    page = opened.page
    chosen = page.locator("#explorer-range")
    page.locator("[data-days='366']").click()
    assert chosen.inner_text() == "2025-01-01 ～ 2025-12-31"
    page.locator("[data-days='1']").click()
    assert chosen.inner_text() == "2025-01-01 ～ 2025-01-01"
    page.locator("[data-move='1']").click()
    assert chosen.inner_text() == "2025-01-02 ～ 2025-01-02"


def test_dragging_the_window_moves_the_hours(opened: Opened) -> None:
    page = opened.page
    page.locator("[data-days='30']").click()
    before = page.locator("#explorer-range").inner_text()
    plot = page.locator("#chart-overview svg")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    y = box["y"] + box["height"] * 0.4
    page.mouse.move(box["x"] + box["width"] * 0.6, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, y, steps=6)
    page.mouse.up()
    page.wait_for_timeout(300)
    after = page.locator("#explorer-range").inner_text()
    assert after != before
    assert after.startswith("2025-0")


def column(page: Any, table: str, place: int) -> list[str]:
    return list(
        page.locator(f"#{table} tbody tr:not([hidden])").evaluate_all(
            f"rows => rows.map(r => r.cells[{place}].textContent)"
        )
    )


def test_sorting_by_a_number(opened: Opened) -> None:
    page = opened.page
    head = page.locator("#table-per-mu-firms th", has_text="亩均税收")
    place = head.evaluate("cell => cell.cellIndex")
    head.locator("button").click()
    up = [
        float(t.replace("−", "-").replace(",", ""))
        for t in column(page, "table-per-mu-firms", place)
    ]
    assert up == sorted(up)
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").press("Enter")
    down = [
        float(t.replace("−", "-").replace(",", ""))
        for t in column(page, "table-per-mu-firms", place)
    ]
    assert down == sorted(down, reverse=True)


def test_missing_values_sort_last_either_way(opened: Opened) -> None:
    page = opened.page
    head = page.locator("#table-per-mu-firms th", has_text="得分")
    place = head.evaluate("cell => cell.cellIndex")
    for _turn in range(2):
        head.locator("button").click()
        assert column(page, "table-per-mu-firms", place)[-1] == "—"


def test_filter_unfolds_what_it_finds(opened: Opened, record: dict[str, Any]) -> None:
    page = opened.page
    box = page.locator("#table-per-mu-firms input[type=search]")
    firms = record["land"]["per_mu"]["firms"]
    box.fill(firms[5]["firm_name"])
    rows = page.locator("#table-per-mu-firms tbody tr:visible")
    assert rows.count() == 1
    assert firms[5]["firm_name"] in rows.first.inner_text()
    assert f"1 / {len(firms)}" in page.locator("#live").inner_text()
    box.fill("")


def test_long_tables_unfold(opened: Opened, record: dict[str, Any]) -> None:
    page = opened.page
    rows = page.locator("#table-standard-parcels tbody tr:visible")
    assert rows.count() == 0  # an annex, which is folded
    page.locator("details.annex:has(#table-standard-parcels) > summary").click()
    assert rows.count() == 15
    button = page.locator("#table-standard-parcels [data-do=fold]")
    button.click()
    assert rows.count() == len(record["land"]["standard_land"]["parcels"])
    assert button.get_attribute("aria-expanded") == "true"
    button.click()
    assert rows.count() == 15


def test_copy_gives_the_rows_as_text(opened: Opened) -> None:
    page = opened.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#table-stock-totals [data-do=copy]").click()
    page.wait_for_timeout(200)
    assert page.locator("#live").inner_text() == "已复制"
    text = page.evaluate("() => navigator.clipboard.readText()")
    assert text.splitlines()[0].split("\t")[0] == "台账"
    assert len(text.splitlines()) == 4


def test_dark_and_light(opened: Opened) -> None:
    page = opened.page
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator("#theme").click()
    assert page.evaluate(ground) != light
    page.locator("#theme").click()
    assert page.evaluate(ground) == light


# Texts of charts that stand on each other or out of their chart. Numbers on the map keep to their
# parcels, turned ones with boxes larger than what is drawn.
LABELS = """() => [...document.querySelectorAll(".plot")].flatMap((plot) => {
  const place = plot.getBoundingClientRect();
  const shown = (text) => text.textContent.trim() && text.getAttribute("opacity") !== "0"
    && getComputedStyle(text).opacity !== "0" && !text.closest("#chart-map .layer_1_marks");
  const texts = [...plot.querySelectorAll("svg text")].filter(shown)
    .map((text) => [text.textContent, text.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0);
  const out = texts.filter(([, box]) => box.left < place.left - 1 || box.right > place.right + 1
    || box.top < place.top - 1 || box.bottom > place.bottom + 1);
  const met = texts.filter(([, a], i) => texts.slice(i + 1).some(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3));
  return [...out, ...met].map(([text]) => plot.dataset.chart + " " + text);
})"""


def test_no_label_is_cut_or_meets_another(opened: Opened) -> None:
    assert opened.page.evaluate(LABELS) == []


def test_a_phone_never_scrolls_sideways_and_cuts_no_label(browser: Any, page_file: Path) -> None:
    made = open_page(browser, page_file, viewport={"width": 390, "height": 844})
    wide = made.page.evaluate("() => document.documentElement.scrollWidth")
    labels = made.page.evaluate(LABELS)
    beyond = made.page.locator("#table-exit-parcels .more").inner_text()
    made.page.context.close()
    assert wide <= 390
    assert labels == []
    assert re.fullmatch(r"右侧还有 \d+ 列，可横向滚动", beyond)


def test_a_parcel_on_the_map_leads_to_its_row(browser: Any, tmp_path: Path) -> None:
    """By mouse and by keyboard, to a row filtered out, though half the parcels have no outline."""
    record = made_records.only(made_records.land_only(), "exit", "geometry")
    shapes = record["land"]["geometry"]["features"]
    record["land"]["geometry"]["features"] = shapes[::2]
    path = tmp_path / "report.html"
    path.write_text(render_html(record), encoding="utf-8")
    made = open_page(browser, path)
    page = made.page
    marks = page.locator("#chart-map .layer_0_marks path")
    assert marks.count() == len(shapes[::2])
    parcel = marks.nth(3).evaluate("mark => mark.__data__.datum.properties.parcel")
    focused = "() => document.activeElement.cells?.[0].textContent"
    page.locator("#table-exit-parcels input[type=search]").fill("nothing like this")
    marks.nth(3).click()
    page.wait_for_function(f"wanted => ({focused})() === wanted", arg=parcel)
    assert page.locator("#table-exit-parcels tr:target").is_visible()

    page.locator("#chart-map .plot").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    chosen = page.locator("#live").inner_text().split()[0]
    page.keyboard.press("Enter")
    page.wait_for_function(f"wanted => ({focused})() === wanted", arg=chosen)
    assert made.complaints == []
    page.context.close()


@pytest.fixture(scope="module")
def bare(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """The page of a record in which nothing was evaluated."""
    path = tmp_path_factory.mktemp("bare") / "report.html"
    path.write_text(render_html(made_records.bare()), encoding="utf-8")
    made = open_page(browser, path, drawn=False)
    yield made
    made.page.context.close()


def test_keyboard_reaches_contents_first(bare: Opened) -> None:
    bare.page.reload()
    bare.page.keyboard.press("Tab")
    assert bare.page.evaluate("() => document.activeElement.textContent") == "跳到正文"


def test_hostile_record_runs_nothing(browser: Any, tmp_path: Path) -> None:
    record = made_records.only(made_records.complete(), "per_mu")
    text = "</script><script>document.title='x'</script><img src=x onerror=\"document.title='y'\">"
    for firm in record["land"]["per_mu"]["firms"]:
        firm["firm_name"] = text
    record["park"]["name"] = text
    schedule = record["energy"]["plan"]["schedule"]
    schedule["columns"]["pv</script>"] = [0.0] * (28 * 24)
    schedule["column_kinds"].append(
        {"column": "pv</script>", "kind": "source", "owner": "pv</script>", "unit": "MW"}
    )
    path = tmp_path / "hostile.html"
    path.write_text(render_html(record), encoding="utf-8")
    made = open_page(browser, path)
    assert made.page.title().startswith("</script>")
    assert made.page.locator("main img").count() == 0
    assert made.complaints == []
    made.page.context.close()


def test_page_without_anything_evaluated(bare: Opened) -> None:
    assert "没有评价的部分" in bare.page.locator("#conclusions").inner_text()
    assert bare.complaints == []


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
    """Every chapter, with lists that are just long enough to go over pages."""
    return made_records.short(40)


@pytest.fixture(scope="module")
def pdf_file(printed: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full report, with every list, in print."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext")
    folder = tmp_path_factory.mktemp("pdf")
    (folder / "r.html").write_text(render_html(printed, length="full"), "utf-8")
    return write_pdf(folder / "r.pdf", folder / "r.html", browser=Path(chromium()))


def text_of(pdf: Path, order: str) -> str:
    command = ["pdftotext", order, str(pdf), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_pdf_has_every_chapter_and_page_numbers(pdf_file: Path) -> None:
    pdf_text = text_of(pdf_file, "-layout")
    chapters = (
        *("主要结论", "“标准地”履约", "亩均效益", "土地节约集约利用年度评价", "退出与再配置"),
        *("项目准入", "差别化政策与用地指标", "绿电直连：规模方案", "绿电直连：合规性"),
        *("绿电直连：全年调度", "绿电直连：电费与财务", "数据问题", "方法说明", "所依据的规则"),
    )
    for chapter in chapters:
        assert pdf_text.count(chapter) >= 2, chapter  # in the contents and at its place
    pages = pdf_text.count("\f")
    assert f"1 / {pages}" in pdf_text
    assert f"{pages} / {pages}" in pdf_text


def test_pdf_prints_long_tables_whole_with_repeated_headings(
    pdf_file: Path, printed: dict[str, Any]
) -> None:
    # in the order of the cells: a name that is wrapped stands on several lines of one cell
    words = "".join(text_of(pdf_file, "-raw").split())
    names = [row["firm_name"] for row in printed["land"]["per_mu"]["firms"]]
    assert [name for name in names if name not in words] == []
    page = pdf_file.with_suffix(".html").read_text(encoding="utf-8")
    once = "".join(re.sub("<[^>]*>", "", page).split()).count("宗地编号使用权人")
    assert words.count("宗地编号使用权人") > once > 4


def test_no_browser_is_said_clearly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("GREENLAND_BROWSER", raising=False)
    monkeypatch.setattr("greenland.report.pdf.sys.platform", "linux")
    with pytest.raises(BrowserError, match="没有找到可用于生成 PDF 的浏览器"):
        write_pdf(tmp_path / "a.pdf", tmp_path / "a.html")


def test_a_browser_that_fails_is_said_clearly(tmp_path: Path) -> None:
    with pytest.raises(BrowserError, match="不存在"):
        write_pdf(tmp_path / "a.pdf", tmp_path / "a.html", browser=tmp_path / "none")
