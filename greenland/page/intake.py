"""Uploads: checked aside, then put into the park folder; what would replace something is asked."""

from __future__ import annotations

import errno
import secrets
import shutil
import tempfile
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from greenland.errors import InputError, Problem, input_error
from greenland.files import write_whole
from greenland.i18n import _
from greenland.outputs import sha256
from greenland.page.folders import checked_name
from greenland.page.kinds import FileKind, checked_kind
from greenland.page.versions import change_config, keep_version
from greenland.park.config import CONFIG_FILE, workbook_name
from greenland.park.setting import with_settings, without_setting
from greenland.yamlfile import read_tree


class Brought(Protocol):
    """A file as a form brings it."""

    filename: str | None

    def save(self, dst: str, /) -> None:
        """Write it."""


class Question(StrEnum):
    """What is to be decided of an uploaded file."""

    SAME_NAME = "same_name"  # a file of this name is there
    OTHER_WORKBOOK = "other_workbook"  # the park has a workbook of another name
    OTHER_OUTLINE = "other_outline"  # park.yaml names another file of outlines


class Choice(StrEnum):
    """What may be decided."""

    REPLACE = "replace"  # it takes the place of what is there, which is kept as an old version
    BESIDE = "beside"  # it is put beside what is there
    DROP = "drop"  # it is not taken


@dataclass(frozen=True, slots=True)
class Waiting:
    """An uploaded file that waits for a decision.

    Parameters
    ----------
    id : str
    path : Path
        Where it waits, under its own name.
    question : Question
    there : str
        Name of the file it would replace.
    """

    id: str
    path: Path
    question: Question
    there: str

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be decided of it."""
        if self.question is Question.SAME_NAME:
            return Choice.REPLACE, Choice.DROP
        return Choice.REPLACE, Choice.BESIDE, Choice.DROP


@dataclass
class Taken:
    """What came of an upload: lines to say, and what was wrong."""

    said: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Incoming:
    """Uploaded files of all parks that are not in their folder yet."""

    def __init__(self) -> None:
        self._place = Path(tempfile.mkdtemp(prefix="greenland-incoming-"))
        self._lock = threading.RLock()
        self._waiting: dict[Path, dict[str, Waiting]] = {}

    def close(self) -> None:
        """Take away what waits."""
        shutil.rmtree(self._place, ignore_errors=True)

    def waiting(self, folder: Path) -> list[Waiting]:
        """Files that wait for a decision in a park."""
        with self._lock:
            return list(self._waiting.get(folder.resolve(), {}).values())

    def take(self, folder: Path, files: Sequence[Brought]) -> Taken:
        """Check uploaded files, put them into the folder, or let them wait for a decision."""
        taken = Taken()
        for file in files:
            name = unicodedata.normalize("NFC", file.filename or "")  # a Mac sends it taken apart
            number = secrets.token_urlsafe(8)
            path = self._place / number / "x"
            try:
                path = self._place / number / checked_name(name)
                path.parent.mkdir()
                file.save(str(path))
                with self._lock:
                    self._put(folder, number, path, checked_kind(path), taken)
            except InputError as error:
                taken.problems += error.problems
                shutil.rmtree(path.parent, ignore_errors=True)
            except OSError as error:
                taken.problems += _unwritable(name, error).problems
                shutil.rmtree(path.parent, ignore_errors=True)
        return taken

    def decide(self, folder: Path, number: str, choice: Choice) -> Taken:
        """Put a waiting file in place, or drop it; nothing happens to one that is gone."""
        taken = Taken()
        with self._lock:
            waiting = self._waiting.get(folder.resolve(), {})
            one = waiting.get(number)
            if one is None:
                return taken
            try:
                self._decided(folder, one, choice, taken)
            except InputError as error:
                taken.problems += error.problems
            except OSError as error:  # it goes on waiting, for another try
                taken.problems += _unwritable(one.there, error).problems
                return taken
            del waiting[number]
            shutil.rmtree(one.path.parent, ignore_errors=True)
        return taken

    # -- with the lock held -------------------------------------------------------------------

    def _decided(self, folder: Path, one: Waiting, choice: Choice, taken: Taken) -> None:
        if choice is Choice.DROP or choice not in one.choices:
            taken.said.append(_("没有采用 {file}。", file=one.path.name))
        elif one.question is Question.OTHER_OUTLINE:
            _save(folder, one.path, one.path.name, taken)
            if choice is Choice.REPLACE:
                _use_outline(folder, one.path.name, taken)
        elif choice is Choice.REPLACE:
            _replace(folder, one.path, one.there, taken)
        else:
            _save(folder, one.path, one.path.name, taken)

    def _put(self, folder: Path, number: str, path: Path, kind: FileKind, taken: Taken) -> None:
        there = _spelled(folder, path.name)
        if there is not None:
            if _same(folder / there, path):
                taken.said.append(_("{file} 与原有的相同，没有改动。", file=there))
                shutil.rmtree(path.parent, ignore_errors=True)
            else:
                self._wait(folder, number, path, Question.SAME_NAME, there)
            return
        if kind is FileKind.WORKBOOK:
            own = workbook_name(folder)
            if (folder / own).is_file():
                self._wait(folder, number, path, Question.OTHER_WORKBOOK, own)
                return
            stated = _stated(folder, "workbook")
            _save(folder, path, stated or path.name, taken)
        elif kind is FileKind.OUTLINE:
            stated = _stated(folder, "geometry")
            if stated and stated != path.name and (folder / stated).is_file():
                self._wait(folder, number, path, Question.OTHER_OUTLINE, stated)
                return
            _save(folder, path, path.name, taken)
            _use_outline(folder, path.name, taken)
        else:
            _save(folder, path, path.name, taken)
        shutil.rmtree(path.parent, ignore_errors=True)

    def _wait(self, folder: Path, number: str, path: Path, question: Question, there: str) -> None:
        place = self._waiting.setdefault(folder.resolve(), {})
        place[number] = Waiting(number, path, question, there)


def _unwritable(name: str, error: OSError) -> InputError:
    """Why a file cannot be put in place; without the path, which is nobody's business."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        message, remedy = _("磁盘空间不足。"), _("请腾出空间后再试。")
    else:
        message = _("文件被占用或没有写入权限。")
        remedy = _("如已在 Excel 等程序中打开，请关闭后再试。")
    return input_error("write", message, remedy=remedy, file=name)


def _spelled(folder: Path, name: str) -> str | None:
    """Name of the file that is there, in whatever case, as Windows takes it."""
    wanted = name.casefold()
    found = (path.name for path in folder.iterdir() if path.name.casefold() == wanted)
    return next(found, None)


def _same(first: Path, second: Path) -> bool:
    return first.is_file() and sha256(first) == sha256(second)


def _stated(folder: Path, key: str) -> str:
    """A file that ``park.yaml`` names; empty when it names none, or one that is no plain name."""
    if not (folder / CONFIG_FILE).is_file():
        return ""
    name = str(read_tree(folder / CONFIG_FILE).get(key) or "")
    return name if name and Path(name).name == name else ""


def _save(folder: Path, path: Path, name: str, taken: Taken) -> None:
    write_whole(folder / checked_name(name), lambda target: shutil.copyfile(path, target))
    if name == path.name:
        taken.said.append(_("已放入 {file}。", file=name))
    else:
        taken.said.append(_("{file} 已作为 {name} 放入。", file=path.name, name=name))


def _replace(folder: Path, path: Path, there: str, taken: Taken) -> None:
    old = folder / there
    if old.is_dir():
        raise input_error("name_taken", _("同名的是文件夹"), file=there)
    kept = keep_version(old)
    try:
        _save(folder, path, there, taken)
    except BaseException:
        kept.replace(old)
        raise
    taken.said.append(_("原来的 {file} 保留为 versions/{kept}。", file=there, kept=kept.name))


def _use_outline(folder: Path, name: str, taken: Taken) -> None:
    """Let ``park.yaml`` name the file of outlines; a part of a set is named by its main file."""
    if _stated(folder, "geometry") == name or Path(name).suffix.lower() == ".json":
        return
    change_settings(folder, {"geometry": name})
    taken.said.append(_("宗地图形改用 {file}。", file=name))


def change_settings(folder: Path, settings: dict[str, str | int]) -> bool:
    """Write settings into ``park.yaml``; the version before is kept. Whether anything changed.

    Raises
    ------
    InputError
        If the file is faulty, or written so that it cannot be changed by a program.
    """
    return change_config(folder, lambda text: with_settings(text, settings))


def forget_outline(folder: Path, name: str) -> bool:
    """Let ``park.yaml`` no longer name a file of outlines, where it does. Whether it did.

    Raises
    ------
    InputError
        As `change_settings`.
    """
    if _stated(folder, "geometry") != name:
        return False
    return change_config(folder, lambda text: without_setting(text, "geometry"))
