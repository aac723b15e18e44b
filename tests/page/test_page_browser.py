"""The page as a manager uses it: the real server, headless Chromium, a small park."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import page_park
import pytest

from greenland.page.folders import ParkFolders
from greenland.page.method import MOST_UPLOAD_MB

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
WAIT = 60_000  # ms, for machines with other work to do


@dataclass
class Server:
    """A server under test: its folder, the link it printed, its process."""

    root: Path
    link: str
    process: subprocess.Popen[str]

    @property
    def base(self) -> str:
        return self.link.split("?")[0]


def start(root: Path, *options: str) -> Server:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "greenland", "page", str(root), "--no-browser", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"},
    )
    assert process.stdout is not None
    found = re.search(r"http\S+", process.stdout.readline())
    assert found is not None
    return Server(root, found.group(), process)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = start(tmp_path_factory.mktemp("parks"))
    yield made
    assert made.process.stdin is not None
    made.process.stdin.close()  # whoever started it is gone
    assert made.process.wait(20) == 0
    assert made.process.stdout is not None
    made.process.stdout.close()


@dataclass
class Reader:
    """A tab of a reader who opened the link, with what it complained of and asked for elsewhere."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


def opened(browser: Any, server: Server, **options: Any) -> Reader:
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    context.set_default_timeout(WAIT)
    reader = Reader(context.new_page())
    reader.page.on("console", lambda message: reader.complaints.append(message.text))
    reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))

    def asked(request: Any) -> None:
        if not request.url.startswith((server.base, "data:", "blob:")):
            reader.elsewhere.append(request.url)

    reader.page.on("request", asked)
    reader.page.goto(server.link)
    return reader


@pytest.fixture
def reader(browser: Any, server: Server) -> Iterator[Reader]:
    made = opened(browser, server)
    yield made
    made.page.context.close()
    assert made.complaints == []
    assert made.elsewhere == []


def dropped(page: Any, *paths: Path) -> None:
    """Drop files on the page, as from the desktop."""
    import base64

    files = [(path.name, base64.b64encode(path.read_bytes()).decode()) for path in paths]
    with page.expect_navigation():
        page.evaluate(
            """(files) => {
          const data = new DataTransfer();
          for (const [name, text] of files) {
            const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
            data.items.add(new File([bytes], name));
          }
          document.querySelector("main").dispatchEvent(
            new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
            files,
        )


def new_park(page: Any, base: str, name: str) -> None:
    page.goto(base)
    page.get_by_role("link", name="新建园区").click()
    page.get_by_label("园区名称").fill(name)
    page.get_by_label("评价年度").fill("2025")
    page.get_by_role("button", name="建立").click()
    page.wait_for_url("**/park/**")


def test_from_nothing_to_a_report(reader: Reader, server: Server, tmp_path: Path) -> None:
    """By form and drop; a spoiled workbook mended in its marked copy; given up; loaded anew."""
    page = reader.page
    new_park(page, server.base, "滇中新材料产业园")
    with page.expect_download() as blank:
        page.get_by_role("link", name="下载空白工作簿").click()
    assert blank.value.suggested_filename == "park.xlsx"

    book = page_park.write_workbook(tmp_path / "2025年台账.xlsx")
    page_park.changed(book, "宗地台账", "宗地面积", 3, "六十亩")
    dropped(page, book)
    page.get_by_role("link", name="问题", exact=True).click()
    page.wait_for_selector("table.faults")
    row = page.locator("tr[data-severity=error]")
    assert row.count() == 1
    assert [row.locator("td").nth(n).inner_text() for n in (1, 2, 3)] == [
        *("3", "宗地面积(亩)", "六十亩"),
    ]
    page.get_by_role("button", name="在工作簿中标出问题").click()
    with page.expect_download() as marked:
        page.get_by_role("link", name="下载标注好的工作簿").click()
    copy = tmp_path / marked.value.suggested_filename
    assert copy.name == "2025年台账 标注.xlsx"
    marked.value.save_as(copy)
    mended = openpyxl.load_workbook(copy)
    cells = [c for r in mended["宗地台账"].iter_rows() for c in r if c.comment is not None]
    (wrong,) = [cell for cell in cells if cell.comment.text.startswith("[错误]")]
    wrong.value = 62
    mended.save(copy)

    dropped(page, copy)  # where the problems are shown
    assert "2025年台账 标注.xlsx 是新的台账吗" in page.inner_text(".ask")
    page.get_by_role("button", name="是新台账，替换 2025年台账.xlsx").click()
    page.get_by_role("link", name="问题", exact=True).click()
    page.wait_for_selector(".summary")
    assert "错误 0" in page.inner_text(".summary")

    page.get_by_role("button", name="开始评价").click()  # given up, and begun again
    page.get_by_role("button", name="取消").click()
    page.get_by_text("已取消，原来的结果没有改动").wait_for()
    folder = ParkFolders(server.root).park_folder("滇中新材料产业园")
    assert not (folder / "out" / "results.json").exists()
    page.get_by_role("button", name="开始评价").click()
    page.wait_for_selector(".job")
    page.reload()  # it goes on, and the page finds it again
    assert page.locator(".job, iframe").count() == 1
    page.wait_for_selector("iframe")
    report = page.frame_locator("iframe")
    report.locator("h1").wait_for()
    assert "滇中新材料产业园" in report.locator("h1").inner_text()
    page.get_by_role("link", name="完整（含全部附表）", exact=True).click()
    report.locator("body.length-full").wait_for()
    page.get_by_role("button", name="生成 Word 简（领导阅读）").click()
    with page.expect_download() as word:
        page.get_by_role("link", name="下载 Word 简（领导阅读）").click()
    assert word.value.suggested_filename == "滇中新材料产业园 简.docx"
    assert "绿电直连规模测算" in page.inner_text("main")


def test_own_headings_are_matched(reader: Reader, server: Server, tmp_path: Path) -> None:
    page = reader.page
    new_park(page, server.base, "自有台账")
    book = page_park.write_workbook(tmp_path / "台账.xlsx")
    page_park.renamed(book, "宗地台账", {"宗地面积(亩)": "占地规模", "宗地编号": "号码"})
    dropped(page, book)
    page.get_by_role("link", name="问题", exact=True).click()
    page.get_by_role("link", name="在“列名对照”中指明它们是什么").click()
    page.wait_for_selector("details.sheet")
    page.get_by_label("号码", exact=True).select_option("宗地编号")
    assert page.get_by_label("占地规模", exact=True).input_value() == "宗地面积"
    assert page.get_by_label("占地规模 的单位").input_value() == "亩"
    page.get_by_role("button", name="保存并检查").click()
    page.wait_for_selector(".summary")
    assert page.locator("tr[data-severity=error]").count() == 0


def test_what_is_too_large_is_told_before_it_is_sent(
    reader: Reader, server: Server, tmp_path: Path
) -> None:
    page_park.write_park(server.root / "己")
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(MOST_UPLOAD_MB * 2**20 + 1)
    reader.page.goto(f"{server.base}park/己/")
    reader.page.set_input_files("#files", tmp_path / "huge.csv")
    reader.page.get_by_text("一次上传不能超过 100 MB").wait_for()
    # a program that sends it all the same is answered at once
    host, port = server.base.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as plain:
        head = f"POST /park/a/upload HTTP/1.1\r\nHost: {host}\r\nContent-Length: {10**12}\r\n\r\n"
        plain.sendall(head.encode())
        assert plain.recv(20).split()[1] == b"413"


def test_two_tabs_do_not_mix(browser: Any, server: Server, tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        page_park.write_park(server.root / name)
    page_park.changed(server.root / "乙" / "park.xlsx", "宗地台账", "宗地面积", 2, "三亩地")
    first = opened(browser, server)
    other = first.page.context.new_page()
    first.page.goto(f"{server.base}park/甲/problems/")
    other.goto(f"{server.base}park/乙/problems/")
    other.wait_for_selector(".summary")
    first.page.wait_for_selector(".summary")
    assert "三亩地" in other.inner_text("main")
    assert "三亩地" not in first.page.inner_text("main")
    first.page.context.close()


def test_another_site_can_do_nothing(browser: Any, server: Server, tmp_path: Path) -> None:
    """A page elsewhere sends a form, asks by script and shows ours in a frame."""
    page_park.write_park(server.root / "丙")
    made = opened(browser, server)
    evil = made.page.context.new_page()
    evil.set_content(
        f'<form method="post" action="{server.base}park/丙/away" target="f">'
        '<input name="file" value="park.xlsx"></form>'
        f'<iframe name="f"></iframe><iframe id="g" src="{server.base}"></iframe>'
    )
    with evil.expect_response(lambda answer: answer.url.endswith("/away")) as sent:
        evil.evaluate("document.forms[0].submit()")
    assert sent.value.status == 403
    asked = evil.evaluate(
        f"fetch('{server.base}park/丙/', {{credentials: 'include'}}).then(() => 'read', () => 'no')"
    )
    assert asked == "no"
    assert (server.root / "丙" / "park.xlsx").is_file()
    assert evil.frames[-1].locator(".brand").count() == 0
    made.page.context.close()


# Ten thousand choices that are not shown: the first two of a list are judged for all of it.
CHOICES_TAKEN_OUT = """() => {
  for (const list of document.querySelectorAll("select:not([size], [multiple])"))
    [...list.options].slice(2).filter((one) => !one.selected).forEach((one) => one.remove());
}"""
PAGES = ("", "new", "park/丁/", "park/丁/problems/", "park/丁/mapping/", "park/戊/results/")


def test_pages_fit_a_phone_and_have_no_serious_fault(
    browser: Any, server: Server, assessed: Path
) -> None:
    """Light at the width of a phone, then dark on a screen."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page_park.write_park(server.root / "丁")
    page_park.changed(server.root / "丁" / "park.xlsx", "宗地台账", "宗地面积", 2, "三亩地")
    page_park.renamed(server.root / "丁" / "park.xlsx", "企业效益", {"企业名称": "名称是什么"})
    shutil.copytree(assessed, server.root / "戊")
    # axe itself is put into the page, which the page's policy would forbid
    page = opened(browser, server, bypass_csp=True).page
    faults = {}
    for path in PAGES:
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="light")
        page.goto(server.base + path)
        page.wait_for_selector("[data-under-way=yes]", state="detached")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.evaluate(CHOICES_TAKEN_OUT)
        for scheme, width in (("light", 390), ("dark", 1280)):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            page.wait_for_selector(f"html{'.dark' if scheme == 'dark' else ':not(.dark)'}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = axe.Axe().run(page, options={"resultTypes": ["violations"]})
            faults[path, scheme] = [
                (fault["id"], [node["target"] for node in fault["nodes"][:3]])
                for fault in found.response["violations"]
                if fault["impact"] in ("serious", "critical")
            ]
    page.context.close()
    assert [fault for fault in faults.items() if fault[1]] == []


def test_the_keyboard_is_enough(reader: Reader, server: Server) -> None:
    page = reader.page
    page.goto(server.base)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.goto(f"{server.base}new")
    page.get_by_label("园区名称").focus()
    page.keyboard.type("键盘园区")
    for _step in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("2025")
    page.keyboard.press("Enter")
    page.wait_for_url("**/park/**")
    assert (server.root / "键盘园区" / "park.yaml").is_file()


def test_with_a_password(browser: Any, tmp_path: Path) -> None:
    secret, root = tmp_path / "secret", tmp_path / "parks"
    secret.write_text("correct horse battery\n", encoding="utf-8")
    root.mkdir()
    server = start(root, "--password-file", str(secret))
    try:
        assert "token" not in server.link
        made = opened(browser, server)
        made.page.get_by_label("密码").fill("correct horse battery")
        made.page.get_by_role("button", name="登录").click()
        made.page.get_by_role("link", name="新建园区").wait_for()
        made.page.context.close()
    finally:
        server.process.send_signal(signal.SIGINT)
        code = server.process.wait(20)
        for stream in (server.process.stdin, server.process.stdout):
            assert stream is not None
            stream.close()
    assert code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_jobs_end_with_the_server(browser: Any, tmp_path: Path) -> None:
    """The terminal is closed while an assessment is under way."""
    shutil.copytree(Path(__file__).parents[2] / "examples" / "yunnan_park", tmp_path / "park")
    server = start(tmp_path)
    made = opened(browser, server)
    made.page.goto(f"{server.base}park/park/")
    made.page.get_by_role("button", name="开始评价").click()
    made.page.wait_for_selector(".job")
    made.page.context.close()
    children = _children(server.process.pid)
    assert children
    server.process.send_signal(signal.SIGHUP)
    assert server.process.wait(20) == 0
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in children):
        assert time.monotonic() < until
        time.sleep(0.1)
    for stream in (server.process.stdin, server.process.stdout):
        assert stream is not None
        stream.close()
    assert not (tmp_path / "park" / "out" / "results.json").exists()


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(one) for one in text.read_text().split()] if text.is_file() else []
    for task in Path(f"/proc/{pid}/task").iterdir():  # a thread of the server starts them
        found += [int(one) for one in (task / "children").read_text().split()]
    return sorted(set(found))
