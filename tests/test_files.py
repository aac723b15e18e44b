"""Files are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenland.files import whole, write_bytes, write_text, write_whole


def test_text_and_bytes(tmp_path: Path) -> None:
    assert write_text(tmp_path / "new" / "甲.txt", "一\n二\n").read_bytes() == "一\n二\n".encode()
    assert write_bytes(tmp_path / "b", b"\x00").read_bytes() == b"\x00"


def test_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def writer(temporary: Path) -> None:
        temporary.write_text("half", encoding="utf-8")
        raise RuntimeError("disk")

    with pytest.raises(RuntimeError, match="disk"):
        write_whole(path, writer)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_temporary_file_keeps_the_suffix(tmp_path: Path) -> None:
    with whole(tmp_path / "a.xlsx") as temporary:
        assert temporary.suffix == ".xlsx"
        assert temporary.parent == tmp_path


def test_permissions_are_the_usual_ones(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("", encoding="utf-8")
    assert write_text(tmp_path / "a", "").stat().st_mode == plain.stat().st_mode
