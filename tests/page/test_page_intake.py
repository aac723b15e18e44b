"""Uploads: what is taken, what is asked, what is refused."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import page_park
import pytest
from flask.testing import FlaskClient

CSV = b"time,load\n2025-01-01 00:00,1\n"
OUTLINE = b'{"type": "FeatureCollection", "features": []}'


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders whose check was begun; none is made."""
    folders: list[Path] = []
    monkeypatch.setattr(
        "greenland.page.data_views.start_check", lambda jobs, seen, folder: folders.append(folder)
    )
    return folders


@pytest.fixture
def park(root: Path) -> Path:
    folder = root / "甲"
    folder.mkdir()
    (folder / "park.yaml").write_text("# 说明\n" + page_park.YAML, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return page_park.write_workbook(tmp_path_factory.mktemp("book") / "a.xlsx").read_bytes()


def send(client: FlaskClient, *files: tuple[str, bytes]) -> str:
    """Upload files; the page that follows."""
    data = {"files": [(io.BytesIO(content), name) for name, content in files]}
    answer = client.post("/park/甲/upload", data=data, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"park.yaml"}


def decision(page: str) -> str:
    return page.split('name="id" value="')[1].split('"')[0]


@pytest.mark.slow
def test_files_are_put_in_and_used(client: FlaskClient, park: Path, workbook: bytes) -> None:
    page = send(client, ("台账 2025.xlsx", workbook), ("load.csv", CSV), ("地块.geojson", OUTLINE))
    assert names(park) == {"台账 2025.xlsx", "load.csv", "地块.geojson", "versions"}
    assert "宗地图形改用 地块.geojson" in page
    text = (park / "park.yaml").read_text(encoding="utf-8")
    assert text.startswith("# 说明\n")
    assert 'geometry: "地块.geojson"' in text
    assert [path.stem[:5] for path in (park / "versions").iterdir()] == ["park "]
    rows = {row.split("</a>")[0].split(">")[-1]: row for row in page.split("<tr>")}
    assert "园区工作簿" in rows["台账 2025.xlsx"]
    assert "暂未用到" in rows["load.csv"]


def test_nothing_is_replaced_unasked(client: FlaskClient, park: Path, begun: list[Path]) -> None:
    send(client, ("load.csv", CSV))
    assert begun == [park]
    page = send(client, ("LOAD.csv", CSV + b"2025-01-01 01:00,2\n"))
    assert (park / "load.csv").read_bytes() == CSV
    assert "已有 load.csv" in page
    number = decision(page)
    assert begun == [park]  # not before it is decided
    page = client.get("/park/甲/").get_data(as_text=True)
    assert decision(page) == number  # it waits for as long as it takes
    client.post("/park/甲/decide", data={"id": number, "choice": "replace"})
    assert (park / "load.csv").read_bytes() != CSV
    assert begun == [park, park]
    (old,) = (park / "versions").iterdir()
    assert old.read_bytes() == CSV
    got = client.get(f"/park/甲/version/{old.name}", buffered=True)
    assert got.get_data() == CSV
    assert got.headers["Content-Disposition"].startswith("attachment")


def test_what_is_declined_leaves_no_trace(client: FlaskClient, park: Path) -> None:
    send(client, ("load.csv", CSV))
    page = send(client, ("load.csv", CSV + b"x"))
    client.post("/park/甲/decide", data={"id": decision(page), "choice": "drop"})
    assert (park / "load.csv").read_bytes() == CSV
    assert names(park) == {"load.csv"}
    assert "需要您决定" not in client.get("/park/甲/").get_data(as_text=True)


def test_the_same_file_again_changes_nothing(client: FlaskClient, park: Path) -> None:
    send(client, ("load.csv", CSV))
    assert "相同，没有改动" in send(client, ("load.csv", CSV))
    assert names(park) == {"load.csv"}


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("replace", {"旧.xlsx", "versions"}),
        ("beside", {"旧.xlsx", "新.xlsx"}),
        ("drop", {"旧.xlsx"}),
    ],
)
def test_a_second_workbook_is_asked_about(
    client: FlaskClient, park: Path, workbook: bytes, choice: str, left: set[str]
) -> None:
    send(client, ("旧.xlsx", workbook))
    page = send(client, ("新.xlsx", _repacked(workbook)))
    assert "新.xlsx 是新的台账吗" in page
    client.post("/park/甲/decide", data={"id": decision(page), "choice": choice})
    assert names(park) == left


def _repacked(content: bytes) -> bytes:
    """The same workbook in other bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry), zipfile.ZIP_DEFLATED)
    return made.getvalue()


@pytest.mark.parametrize(("choice", "used"), [("replace", "b.geojson"), ("beside", "a.geojson")])
def test_other_outlines_are_asked_about(
    client: FlaskClient, park: Path, choice: str, used: str
) -> None:
    send(client, ("a.geojson", OUTLINE))
    page = send(client, ("b.geojson", OUTLINE))
    client.post("/park/甲/decide", data={"id": decision(page), "choice": choice})
    assert {"a.geojson", "b.geojson"} <= names(park)
    assert f'geometry: "{used}"' in (park / "park.yaml").read_text(encoding="utf-8")


def test_names_of_a_mac_are_put_together(client: FlaskClient, park: Path) -> None:
    send(client, (unicodedata.normalize("NFD", "Größe.csv"), CSV))
    assert names(park) == {unicodedata.normalize("NFC", "Größe.csv")}


def bomb() -> bytes:
    """An archive that unpacks to far more than it holds."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<workbook/>")
        packed.writestr("a.bin", b"")
    content = bytearray(made.getvalue())
    place = content.rfind(b"PK\x01\x02")  # the directory says 4 GB
    struct.pack_into("<I", content, place + 24, 0xFFFFFFF0)
    return bytes(content)


HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "up": ("../park.yaml", CSV, "不能有“/”"),
    "up windows": ("..\\a.csv", CSV, "首尾"),
    "absolute": ("/etc/a.csv", CSV, "不能有“/”"),
    "device": ("con.csv", CSV, "设备名"),
    "hidden": (".a.csv", CSV, "首尾"),
    "settings": ("park.yaml", b"name: x", "不接受这种文件"),
    "program": ("a.bat", b"del", "不接受这种文件"),
    "page": ("a.html", b"<html>", "不接受这种文件"),
    "page as workbook": ("a.xlsx", b"<html><table></table></html>", "这是网页（HTML）"),
    "table as workbook": ("a.xlsx", CSV, "这是文本（CSV）"),
    "old workbook": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为"),
    "drawing": ("a.dwg", b"AC1015", "另存为 DXF"),
    "page as curve": ("a.csv", b"  <!DOCTYPE html><script>", "内容与扩展名"),
    "workbook as curve": ("a.csv", b"PK\x03\x04\x14\0", "内容与扩展名"),
    "page as outline": ("a.geojson", b"<html>", "内容与扩展名"),
    "script as outline": ("a.kml", b"<script>alert(1)</script>", "内容与扩展名"),
    "text as shape": ("a.shp", CSV, "内容与扩展名"),
    "text as archive": ("a.zip", CSV, "内容与扩展名"),
    "bomb as workbook": ("a.xlsx", bomb(), "解压后有"),
    "bomb as archive": ("a.zip", bomb(), "解开后太大"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_uploads_are_refused_in_words(client: FlaskClient, park: Path, case: str) -> None:
    name, content, words = HOSTILE[case]
    before = (park / "park.yaml").read_bytes()
    page = send(client, (name, content), ("load.csv", CSV))
    assert words in page.replace("&#34;", '"')
    assert names(park) == {"load.csv"}  # the sound one beside it is taken
    assert (park / "park.yaml").read_bytes() == before
    assert not (park.parent / "a.csv").exists()


def test_names_are_shown_as_they_are(client: FlaskClient, park: Path) -> None:
    name = "&lt;b&gt; ' onclick=x.csv"
    page = send(client, (name, CSV))
    assert "&amp;lt;b&amp;gt; &#39; onclick=x.csv" in page


def test_too_much_at_once(client: FlaskClient, park: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(client.application.config, "MAX_CONTENT_LENGTH", 10_000)
    data = {"files": [(io.BytesIO(b"a" * 20_000), "a.csv")]}
    answer = client.post("/park/甲/upload", data=data)
    assert answer.status_code == 413
    assert "不能超过 100 MB" in answer.get_data(as_text=True)
    monkeypatch.undo()
    many: dict[str, Any] = {"files": [(io.BytesIO(CSV), f"{n}.csv") for n in range(21)]}
    answer = client.post("/park/甲/upload", data=many)
    assert "最多上传 20 个文件" in answer.get_data(as_text=True)
    assert names(park) == set()


def test_a_file_is_taken_away_and_kept(client: FlaskClient, park: Path) -> None:
    send(client, ("load.csv", CSV))
    client.post("/park/甲/away", data={"file": "load.csv"})
    assert names(park) == {"versions"}
    for name in ("park.yaml", "../甲/park.yaml", "versions"):
        assert client.post("/park/甲/away", data={"file": name}).status_code in (400, 404)
    assert (park / "park.yaml").is_file()


def test_files_are_downloaded_never_shown(client: FlaskClient, park: Path) -> None:
    (park / "a.csv").write_bytes(b"<script>alert(1)</script>")
    answer = client.get("/park/甲/file/a.csv", buffered=True)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_blank_workbook(client: FlaskClient, park: Path) -> None:
    answer = client.get("/park/甲/blank")
    assert answer.get_data().startswith(b"PK")
    assert names(park) == set()


def test_a_file_open_in_excel_can_be_tried_again(
    client: FlaskClient, park: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, ("load.csv", CSV))
    number = decision(send(client, ("load.csv", CSV + b"x")))

    def occupied(path: Path) -> Path:
        raise PermissionError(13, "used by another process", str(path))

    with monkeypatch.context() as patched:
        patched.setattr("greenland.page.intake.keep_version", occupied)
        given = {"id": number, "choice": "replace"}
        page = client.post("/park/甲/decide", data=given, follow_redirects=True).text
        assert "如已在 Excel 等程序中打开" in page
        assert str(park) not in page
        patched.setattr("greenland.page.data_views.keep_version", occupied)
        answer = client.post("/park/甲/away", data={"file": "load.csv"})
        assert (answer.status_code, "如已在 Excel" in answer.text) == (500, True)
    assert decision(page) == number
    assert (park / "load.csv").read_bytes() == CSV
    client.post("/park/甲/decide", data=given)
    assert (park / "load.csv").read_bytes() == CSV + b"x"


def test_outlines_taken_away_are_no_longer_used(client: FlaskClient, park: Path) -> None:
    send(client, ("a.geojson", OUTLINE), ("b.geojson", OUTLINE + b" "), ("load.csv", CSV))
    client.post("/park/甲/away", data={"file": "load.csv"})
    assert 'geometry: "a.geojson"' in (park / "park.yaml").read_text(encoding="utf-8")
    page = client.post("/park/甲/away", data={"file": "a.geojson"}, follow_redirects=True).text
    assert "park.yaml 不再使用 a.geojson" in page
    text = (park / "park.yaml").read_text(encoding="utf-8")
    assert '# geometry: "a.geojson"' in text
    assert text.replace('# geometry: "a.geojson"\n', "") == "# 说明\n" + page_park.YAML
