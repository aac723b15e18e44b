"""What an uploaded file is: by its ending, and by what it really holds."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from pathlib import Path

from greenland.errors import InputError, input_error
from greenland.i18n import N_, _
from greenland.park.method import MAX_MEMBERS, MAX_UNPACKED
from greenland.park.normal import listing
from greenland.park.workbook import EXCEL_SUFFIXES, OTHER_SUFFIXES
from greenland.park.workbook.package import Package, refuse_other_kinds


class FileKind(StrEnum):
    """What a file may be for."""

    WORKBOOK = "workbook"
    TABLE = "table"
    OUTLINE = "outline"
    PART = "part"


KIND_LABELS = {
    FileKind.WORKBOOK: N_("Excel 工作簿"),
    FileKind.TABLE: N_("曲线或表格"),
    FileKind.OUTLINE: N_("宗地图形"),
    FileKind.PART: N_("图形的附属文件"),
}
_TABLES = (".csv", ".txt", ".epw", ".parquet")
_OUTLINES = (".geojson", ".json", ".gpkg", ".shp", ".kml", ".kmz", ".dxf", ".zip")
_PARTS = (".shx", ".dbf", ".prj", ".cpg")
ALLOWED = (*EXCEL_SUFFIXES, *_TABLES, *_OUTLINES, *_PARTS)
_BINARY = {  # endings of files that are not text, with what they begin with
    ".parquet": (b"PAR1",),
    ".gpkg": (b"SQLite format 3\0",),
    ".shp": (b"\0\0\x27\x0a",),
    ".shx": (b"\0\0\x27\x0a",),
    ".dbf": (b"\x02", b"\x03", b"\x30", b"\x31", b"\x83", b"\x8b", b"\xf5"),
}
_PACKED = (".zip", ".kmz")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, whose text holds zeros
_LOOKED_AT = 1 << 16  # bytes


def kind_of(name: str) -> FileKind | None:
    """What a file is by its ending; None when it is none of those that may be uploaded."""
    suffix = Path(name).suffix.lower()
    if suffix in EXCEL_SUFFIXES:
        return FileKind.WORKBOOK
    if suffix in _TABLES:
        return FileKind.TABLE
    if suffix in _OUTLINES:
        return FileKind.OUTLINE
    return FileKind.PART if suffix in _PARTS else None


def checked_kind(path: Path) -> FileKind:
    """What an uploaded file is.

    Raises
    ------
    InputError
        If its ending is none of the allowed, its content is something else, or it would unpack
        beyond the limits of the readers.
    """
    suffix = path.suffix.lower()
    kind = kind_of(path.name)
    if kind is None:
        raise _unknown(path)
    if kind is FileKind.WORKBOOK:
        Package(path)
    elif suffix in _PACKED:
        _check_archive(path)
    else:
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT)
        if not _as_named(head, suffix):
            raise _other_content(path)
    return kind


def _as_named(head: bytes, suffix: str) -> bool:
    if suffix in _BINARY:
        return head.startswith(_BINARY[suffix])
    if suffix == ".dxf" and head.startswith(b"AutoCAD Binary DXF"):
        return True
    text = head.startswith(_WIDE) or b"\0" not in head
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:64].lower()
    if suffix in (".json", ".geojson"):
        return text and start[:1] in (b"{", b"[")
    if suffix == ".kml":
        return text and start.startswith(b"<") and not _page(start)
    return text and not _page(start) and not start.startswith((b"pk\x03\x04", b"%pdf"))


def _page(start: bytes) -> bool:
    return start.startswith((b"<html", b"<!doctype html", b"<script", b"<svg"))


def _unknown(path: Path) -> InputError:
    if path.suffix.lower() in OTHER_SUFFIXES:
        remedy = _("请用 Excel 或 WPS 打开，另存为“Excel 工作簿(*.xlsx)”。")
    elif path.suffix.lower() == ".dwg":
        remedy = _("DWG 图请另存为 DXF。")
    else:
        remedy = _("请只上传台账、曲线和宗地图形。")
    return input_error(
        "file_kind",
        _("不接受这种文件。"),
        remedy=remedy,
        file=path.name,
        got=path.suffix[:20],
        allowed=listing(ALLOWED),
    )


def _other_content(path: Path) -> InputError:
    try:
        refuse_other_kinds(path)
    except InputError as error:
        message = error.problems[0].message
        if error.problems[0].code == "workbook_kind" and path.stat().st_size == 0:
            return input_error("file_kind", message, file=path.name)
    return input_error(
        "file_kind",
        _("文件内容与扩展名“{suffix}”不符。", suffix=path.suffix.lower()),
        remedy=_("请核对文件，或从原来的软件重新导出。"),
        file=path.name,
    )


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _other_content(path) from error
    if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > MAX_UNPACKED:
        raise input_error(
            "too_large",
            _("压缩包解开后太大，或文件太多，未接受。"),
            remedy=_("请只打包一份图形。"),
            file=path.name,
        )
