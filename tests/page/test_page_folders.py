"""Names that may be used, and folders that may be reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenland.errors import InputError
from greenland.page.folders import NoParkError, ParkFolders, file_of, name_fault


def made(root: Path, *names: str) -> ParkFolders:
    for name in names:
        (root / name).mkdir(parents=True)
        (root / name / "park.yaml").touch()
    return ParkFolders(root)


@pytest.mark.parametrize("name", ["甲园区", "park 1", "a.b", "园区（二期）", "x" * 80, "console"])
def test_usual_names(name: str) -> None:
    assert name_fault(name) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        *(
            ("", "空的"),
            ("  ", "空的"),
            ("..", "首尾"),
            (".git", "首尾"),
            ("a.", "首尾"),
            (" a", "首尾"),
        ),
        *(("a/b", "“/”"), ("a\\b", "“\\”"), ("C:x", "“:”"), ("a\0b", "U+0000"), ("a\nb", "U+000A")),
        *(("a\u202eb", "U+202E"), ("~$park.xlsx", "~$"), ("x" * 81, "80 个字")),
        *(("con", "设备名"), ("NUL.csv", "设备名"), ("COM1", "设备名"), ("Lpt9.txt", "设备名")),
    ],
)
def test_names_that_cannot_be_used(name: str, words: str) -> None:
    assert words in name_fault(name)


def test_only_parks_are_listed(tmp_path: Path) -> None:
    folders = made(tmp_path, "乙", "甲", ".hidden")
    (tmp_path / "empty").mkdir()
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "台账.xlsx").touch()
    (tmp_path / "~lock").mkdir()
    assert folders.names() == sorted(["book", "乙", "甲"])


@pytest.mark.parametrize(
    "name", ["..", ".", "", "nothing", "甲/..", "../甲", "甲\0", "empty", "x" * 300]
)
def test_no_other_folder_is_reached(tmp_path: Path, name: str) -> None:
    folders = made(tmp_path / "root", "甲")
    (tmp_path / "root" / "empty").mkdir()
    (tmp_path / "park.yaml").touch()  # the folder above is a park as well
    with pytest.raises(NoParkError, match="没有名为"):
        folders.park_folder(name)


def test_links_out_of_the_folder_are_no_parks(tmp_path: Path) -> None:
    folders = made(tmp_path / "root", "甲")
    made(tmp_path / "elsewhere", "secret")
    (tmp_path / "root" / "link").symlink_to(tmp_path / "elsewhere" / "secret")
    assert folders.names() == ["甲"]
    with pytest.raises(NoParkError):
        folders.park_folder("link")


def test_links_out_of_a_park_are_no_files(tmp_path: Path) -> None:
    folder = made(tmp_path, "甲").park_folder("甲")
    (tmp_path / "secret.csv").touch()
    (folder / "a.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "b.csv").touch()
    assert file_of(folder, "b.csv").name == "b.csv"
    for name in ("a.csv", "../secret.csv", "none.csv", "", "."):
        with pytest.raises(NoParkError, match="没有这个文件"):
            file_of(folder, name)


def test_a_park_by_itself(tmp_path: Path) -> None:
    made(tmp_path, "甲")
    folders = ParkFolders(tmp_path / "甲")
    assert folders.names() == ["甲"]
    assert folders.park_folder("甲") == tmp_path / "甲"
    with pytest.raises(InputError, match="只打开了一个园区"):
        folders.new_folder("乙")


def test_a_name_is_taken_whatever_its_case(tmp_path: Path) -> None:
    folders = made(tmp_path, "Park")
    assert folders.new_folder("乙") == tmp_path / "乙"
    with pytest.raises(InputError, match="已有名为"):
        folders.new_folder("PARK")
    with pytest.raises(InputError, match="不能有"):
        folders.new_folder("../乙")
