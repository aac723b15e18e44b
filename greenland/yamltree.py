"""YAML text into a tree of plain values that knows its lines, within bounds and without recursion.

Built from the parser's events, so that neither depth, aliases nor odd scalars can break anything.
Scalars are None, bool, int, float or text as in YAML 1.2; dates stay text, and so do digits with
a leading zero, which are codes. Keys are text as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import YAMLError

from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import _
from greenland.yamlhints import (
    hidden_character,
    swallowed_line,
    syntax_problem,
    typed_in_chinese,
)

MAX_BYTES = 20_000_000
MAX_DEPTH = 50
MAX_ALIASED = 100_000  # nodes that aliases may add
MAX_SCALAR = 100_000  # characters
MAX_PROBLEMS = 100

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEAN = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
_PREFIXED = re.compile(r"[-+]?0(o[0-7_]+|x[0-9a-fA-F_]+|b[01_]+)")
_FLOAT = re.compile(
    r"[-+]?([0-9][0-9_]*\.[0-9_]*([eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|\.[0-9][0-9_]*([eE][-+]?[0-9]+)?)"
)
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LONGEST_INTEGER = 300  # digits; more do not fit a float
_TEXT_TAGS = frozenset(("!", "tag:yaml.org,2002:str"))


class YamlMap(dict[str, Any]):
    """A mapping with the line of each key, counted from 1; the whole file's has its text too."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}
        self.text = ""


class YamlList(list[Any]):
    """A list with the line of each item, counted from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


def scalar(text: str) -> bool | int | float | str | None:
    """Value of an unquoted scalar.

    Examples
    --------
    >>> [scalar(text) for text in ("~", "true", "no", "1_000", "013", "1e3", "2026-01-31")]
    [None, True, 'no', 1000, '013', 1000.0, '2026-01-31']
    """
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if not text[0].isascii() or text[0].isalpha() or len(text) > _LONGEST_INTEGER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text.replace("_", ""))
    if _PREFIXED.fullmatch(text):
        return int(text.replace("_", ""), 0)
    if _FLOAT.fullmatch(text):
        number = float(text.replace("_", ""))
        return text if number in (float("inf"), float("-inf")) else number
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", ""))
    return text


def read_yaml_text(path: Path) -> str:
    """Text of a YAML file.

    Raises
    ------
    InputError
        If the file is missing, is no ordinary file, is too large or is not UTF-8.
    """
    name = str(path) if len(str(path)) <= 200 else str(path)[:200] + "…"
    try:
        if not path.exists():
            raise input_error("no_file", _("找不到文件。"), file=name)
        if not path.is_file():
            raise input_error("file_kind", _("这不是普通文件，没有读取。"), file=name)
        if path.stat().st_size > MAX_BYTES:
            raise input_error(
                "file_size",
                _("文件太大，没有读取。"),
                remedy=_("请核对文件；成列的数据请放在 CSV 或 Excel 文件里。"),
                file=name,
                allowed=f"≤ {MAX_BYTES // 1_000_000} MB",
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        detail = getattr(error, "strerror", None) or str(error)
        message = _("文件打不开：{detail}", detail=detail)
        raise input_error("file_unreadable", message, file=name) from error
    return _decoded(content, path.name)


def is_ordinary_file(path: Path) -> bool:
    """Whether there is a file of that name; no device, no pipe, and no name no file can have."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        looks = _encoding_of(content)
        raise input_error(
            "encoding",
            _("文件不是 UTF-8 编码。"),
            remedy=_("请用记事本“另存为”，编码选 UTF-8。"),
            file=file,
            row=content.count(b"\n", 0, error.start) + 1,
            got=looks,
            allowed="UTF-8",
        ) from error


def _encoding_of(content: bytes) -> str:
    """Name of the encoding the bytes are most likely in; empty when none is likely."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK"


def parse_tree(text: str, file: str) -> YamlMap:
    """Tree of a YAML text; an empty one for an empty text.

    Raises
    ------
    InputError
        With every fault of the writing, each with its line.
    """
    hidden = list(hidden_character(text, file))
    if hidden:
        raise InputError(_limited(hidden, file))
    builder = _Builder(text, file)
    try:
        for event in YAML(typ="safe").parse(text):
            builder.take(event)
    except YAMLError as error:
        raise InputError(_limited(syntax_problem(error, text, file), file)) from error
    if builder.problems:
        raise InputError(_limited(builder.problems, file))
    if builder.root is None:
        return YamlMap()
    if not isinstance(builder.root, YamlMap):
        problems = list(typed_in_chinese(text, file))
        raise InputError(
            _limited(problems, file)
            or [_problem("yaml", _("文件内容应为“名称: 值”的形式。"), file, 1)]
        )
    builder.root.text = text
    return builder.root


def _limited(problems: Iterable[Problem], file: str) -> list[Problem]:
    shown = list(problems)
    if len(shown) <= MAX_PROBLEMS:
        return shown
    more = _("另有 {n} 处问题，改正以上各处后再查。", n=len(shown) - MAX_PROBLEMS)
    return [*shown[:MAX_PROBLEMS], _problem("more", more, file, None)]


def _problem(code: str, message: str, file: str, line: int | None, **parts: Any) -> Problem:
    return Problem(Severity.ERROR, code, message, file=file, row=line, **parts)


@dataclass
class _Frame:
    """A mapping or list being filled."""

    holds: YamlMap | YamlList
    line: int
    anchor: str | None
    nodes_before: int
    flow_list: bool
    key: str | None = None
    key_line: int = 0
    merges: list[YamlMap] = field(default_factory=list)


class _Builder:
    """Builds a tree from parser events, holding its depth and what aliases add within bounds."""

    def __init__(self, text: str, file: str) -> None:
        self.source = text.splitlines()
        self.file = file
        self.root: Any = None
        self.problems: list[Problem] = []
        self.frames: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int] | None] = {}  # None while it is being filled
        self.nodes = 0
        self.aliased = 0
        self.documents = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, events.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, events.MappingStartEvent | events.SequenceStartEvent):
            self._open(event, line)
        elif isinstance(event, events.MappingEndEvent | events.SequenceEndEvent):
            self._close()
        elif isinstance(event, events.AliasEvent):
            self._alias(str(event.anchor), line)
        elif isinstance(event, events.DocumentStartEvent):
            self._document(event, line)

    def _document(self, event: Any, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            self._stop("yaml", _("文件里有多份内容（“---”分隔）；只能有一份。"), line)
        version = event.version and tuple(int(part) for part in event.version)
        if version and version != (1, 2):
            message = _("只支持 YAML 1.2；1.1 会把 no、on 读成真假值。")
            self._stop("yaml", message, line, remedy=_("请删去 %YAML 一行。"))

    def _stop(self, code: str, message: str, line: int, remedy: str = "") -> None:
        problem = _problem(code, message, self.file, line, remedy=remedy)
        raise InputError(_limited([*self.problems, problem], self.file))

    def _fault(self, code: str, message: str, line: int, **parts: Any) -> None:
        self.problems.append(_problem(code, message, self.file, line, **parts))

    def _scalar(self, event: Any, line: int) -> None:
        text = str(event.value)
        self.nodes += 1
        unquoted = event.style in (None, "") and not event.tag
        if len(text) > MAX_SCALAR:
            self._stop("yaml_long", _("这一项的文字太长（{n} 字）。", n=len(text)), line)
        if event.style == '"':  # only here escapes make characters the file itself does not have
            self.problems.extend(hidden_character(text, self.file, line))
        if event.tag and event.tag not in _TEXT_TAGS:
            self._tag(event, line)
        is_key = self._wants_key()
        if unquoted:
            standing = self.source[line - 1 : event.end_mark.line + 1] or [text]
            self.problems.extend(
                swallowed_line(text, standing, self.file, line, in_list=self._in_flow_list())
            )
        if is_key:
            self._key(text, line, merge=unquoted and text == "<<")
            return
        value = scalar(text) if unquoted else text
        if event.anchor:
            self.anchors[str(event.anchor)] = (value, 1)
        self._put(value, line)

    def _tag(self, event: Any, line: int) -> None:
        self._fault(
            "yaml_tag",
            _("不支持 YAML 类型标记“{tag}”。", tag=str(event.tag)),
            line,
            remedy=_("请删去标记，直接写值。"),
        )

    def _wants_key(self) -> bool:
        return bool(self.frames) and (
            isinstance(self.frames[-1].holds, YamlMap) and self.frames[-1].key is None
        )

    def _in_flow_list(self) -> bool:
        return bool(self.frames) and self.frames[-1].flow_list

    def _key(self, text: str, line: int, *, merge: bool) -> None:
        frame = self.frames[-1]
        assert isinstance(frame.holds, YamlMap)
        before = frame.holds.lines.get(text)
        if before is not None and not merge:
            self._fault(
                "yaml_repeated",
                _(
                    "“{key}”写了两次（第 {before} 行和第 {line} 行）。",
                    key=text,
                    before=before,
                    line=line,
                ),
                line,
                remedy=_("请只保留一处。"),
            )
        frame.key, frame.key_line = text, line
        if merge:
            frame.key = "<<"
        else:
            frame.holds.lines[text] = line

    def _open(self, event: Any, line: int) -> None:
        self.nodes += 1
        if len(self.frames) >= MAX_DEPTH:
            self._stop("yaml_depth", _("层次太深（超过 {n} 层）。", n=MAX_DEPTH), line)
        if self._wants_key():
            self._stop(
                "yaml_key",
                _("名称应为文字，不能是一组内容。"),
                line,
                remedy=_("以方括号或花括号开头的文字请加英文引号。"),
            )
        if event.tag and event.tag != "!":
            self._tag(event, line)
        holds = YamlMap() if isinstance(event, events.MappingStartEvent) else YamlList()
        anchor = str(event.anchor) if event.anchor else None
        if anchor:
            self.anchors[anchor] = None
        flow_list = isinstance(holds, YamlList) and bool(event.flow_style)
        self.frames.append(_Frame(holds, line, anchor, self.nodes + self.aliased, flow_list))

    def _close(self) -> None:
        frame = self.frames.pop()
        for other in frame.merges:
            assert isinstance(frame.holds, YamlMap)
            for key, value in other.items():
                if key not in frame.holds:
                    frame.holds[key] = value
                    frame.holds.lines[key] = other.lines[key]
        if frame.anchor:
            size = 1 + self.nodes + self.aliased - frame.nodes_before
            self.anchors[frame.anchor] = (frame.holds, size)
        self._put(frame.holds, frame.line)

    def _alias(self, name: str, line: int) -> None:
        if name not in self.anchors:
            self._stop(
                "yaml_alias",
                _("没有名为“{name}”的引用（&{name}）。", name=name),
                line,
                remedy=_("以 * 或 & 开头的文字请加英文引号。"),
            )
        target = self.anchors[name]
        if target is None:
            self._stop("yaml_alias", _("“*{name}”引用了它自己所在的内容。", name=name), line)
            return
        if self._wants_key():
            self._stop("yaml_key", _("名称应为文字，不能是引用。"), line)
        value, size = target
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            self._stop("yaml_alias", _("引用（*{name}）展开后内容过多。", name=name), line)
        self._put(value, line)

    def _put(self, value: Any, line: int) -> None:
        if not self.frames:
            self.root = value
            return
        frame = self.frames[-1]
        if isinstance(frame.holds, YamlList):
            frame.holds.append(value)
            frame.holds.lines.append(line)
            return
        key, frame.key = frame.key, None
        if key == "<<" and "<<" not in frame.holds.lines:
            self._merge(frame, value, line)
        elif key is not None:
            frame.holds[key] = value

    def _merge(self, frame: _Frame, value: Any, line: int) -> None:
        parts = list(value) if isinstance(value, YamlList) else [value]
        if all(isinstance(part, YamlMap) for part in parts):
            frame.merges.extend(parts)
        else:
            self._fault("yaml_merge", _("“<<”之后应为引用的一组内容。"), line)
