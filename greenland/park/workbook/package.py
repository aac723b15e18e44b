"""The file of a workbook: what kind it really is, and its parts, unpacked within limits."""

from __future__ import annotations

import io
import posixpath
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import unquote
from xml.parsers import expat

from greenland.errors import InputError, input_error
from greenland.i18n import N_, _
from greenland.park.method import MOST_BYTES, MOST_PARTS, MOST_RATIO, SMALL_PART
from greenland.park.workbook.xml import DoctypeError

_SAVE_PLAIN = N_("请用 Excel 打开并另存为 .xlsx（不要加密），再重试。")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# What a damaged archive or part ends in.
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,  # a method of compression that Python does not know
    RuntimeError,  # a member with a password
    expat.ExpatError,
    DoctypeError,
    UnicodeError,
    ValueError,
    LookupError,
    OverflowError,
)


class Package:
    """Parts of a workbook by name, in whatever case.

    Parameters
    ----------
    path : Path
    content : bytes, optional
        What the file holds, when it is packed once more; its parts are read from there.

    Raises
    ------
    InputError
        If the file is no packed workbook, is encrypted, or unpacks beyond the limits.
    """

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self.path = path
        self._content = content
        if content is None:
            refuse_other_kinds(path)
        with self.guarded():
            with zipfile.ZipFile(self.source()) as packed:
                entries = packed.infolist()
            self._check(entries)
            self._names = {_folded(entry.filename): entry.filename for entry in entries}
            self._sizes = {entry.filename: entry.file_size for entry in entries}

    @contextmanager
    def guarded(self, sheet: str = "") -> Iterator[None]:
        """Turn what a damaged file ends in into an `InputError` in words."""
        try:
            yield
        except InputError:
            raise
        except FAULTS as error:
            raise self.damaged(sheet, error) from error

    def damaged(self, sheet: str = "", error: BaseException | None = None) -> InputError:
        """The error to raise for a part that cannot be read."""
        return input_error(
            "workbook",
            _("工作表的内容已损坏，无法读取。") if sheet else _("无法作为 Excel 工作簿打开。"),
            remedy=_(_SAVE_PLAIN),
            file=self.path.name,
            sheet=sheet,
            got="" if error is None else str(error)[:80],
        )

    def names(self) -> list[str]:
        """Every part as the file spells it."""
        return list(self._names.values())

    def spelled(self, part: str) -> str:
        """A part's name as the file spells it; ``KeyError`` when there is none."""
        return self._names[_folded(part)]

    def __contains__(self, part: str) -> bool:
        """Whether there is a part of that name."""
        return _folded(part) in self._names

    def size(self, part: str) -> int:
        """Unpacked size of a part [byte]."""
        return self._sizes[self._names[_folded(part)]]

    @contextmanager
    def open(self, part: str) -> Iterator[IO[bytes]]:
        """Open a part; ``KeyError`` when there is none."""
        name = self._names[_folded(part)]
        with zipfile.ZipFile(self.source()) as packed, packed.open(name) as file:
            yield file

    def source(self) -> Path | io.BytesIO:
        """The file, or a stream of what it holds."""
        return self.path if self._content is None else io.BytesIO(self._content)

    def verify(self, part: str) -> None:
        """Read a part to its end, so that its size and checksum are known to be true."""
        with self.open(part) as stream:
            while stream.read(1 << 20):
                pass

    def _check(self, entries: list[zipfile.ZipInfo]) -> None:
        if any(entry.flag_bits & 1 for entry in entries):
            raise _refused(self.path, "encrypted", _("工作簿加了密码。"), _(_SAVE_PLAIN))
        total = sum(entry.file_size for entry in entries)
        swollen = any(
            entry.file_size > max(SMALL_PART, MOST_RATIO * entry.compress_size) for entry in entries
        )
        if total > MOST_BYTES or swollen or len(entries) > MOST_PARTS:
            raise _refused(
                self.path,
                "too_large",
                _(
                    "工作簿解压后有 {size} MB、{count} 个部件，超出限度，未读取。",
                    size=total // 1_000_000,
                    count=len(entries),
                ),
                _("请只保留需要的工作表，把数据复制到空白工作簿中再保存。"),
            )


def _folded(part: str) -> str:
    """Name of a part as the packaging standard compares names: without case."""
    plain = posixpath.normpath("/" + unquote(part).replace("\\", "/"))
    return plain.lstrip("/").lower()


def _refused(path: Path, code: str, message: str, remedy: str) -> InputError:
    return input_error(code, message, remedy=remedy, file=path.name)


def refuse_other_kinds(path: Path) -> None:
    """Say in words what a file is that is not a packed workbook.

    Raises
    ------
    InputError
        If the file is a device or pipe, empty, an old or encrypted Excel file, a web page,
        XML or plain text; or cannot be opened.
    """
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        raise _refused(
            path, "workbook", _("无法打开文件。"), _("请核对文件是否存在、能否读取。")
        ) from error
    if not regular:
        raise _refused(path, "not_a_file", _("不是普通文件，未读取。"), _("请写工作簿的文件名。"))
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            encrypted = head.startswith(_OLE) and _ENCRYPTED in head + file.read(1 << 20)
    except OSError as error:
        raise _refused(
            path, "workbook", _("无法打开文件。"), _("请在 Excel 中关闭该文件，并核对读取权限。")
        ) from error
    if head.startswith(_ZIP):
        return
    message, remedy = _kind(head, encrypted)
    raise _refused(path, "workbook_kind", message, remedy)


def _kind(head: bytes, encrypted: bool) -> tuple[str, str]:
    save = _("请用 Excel 或 WPS 打开，另存为“Excel 工作簿(*.xlsx)”。")
    if not head:
        return _("文件是空的。"), _("请重新导出或复制该文件。")
    if encrypted:
        return _("工作簿加了密码。"), _(_SAVE_PLAIN)
    if head.startswith(_OLE):
        return _("这是旧版 Excel（.xls）或 WPS 表格（.et）文件，只是改了扩展名的也一样。"), save
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")):
        return _("这是网页（HTML），不是 Excel 工作簿；系统导出的“Excel”常是这样。"), save
    if start.startswith(b"<"):
        return _("这是 XML 文本，不是 .xlsx 工作簿。"), save
    if b"\0" not in head and any(sign in head for sign in b",;\t"):
        return _("这是文本（CSV），不是 Excel 工作簿。"), _(
            "请把扩展名改为 .csv（每张表一个文件，以表名命名，如 宗地台账.csv），"
            "或用 Excel 另存为 .xlsx。"
        )
    return _("无法作为 Excel 工作簿打开。"), _(_SAVE_PLAIN)
