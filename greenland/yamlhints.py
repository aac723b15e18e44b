"""What is wrong with the writing of a YAML file, in words, on the line where it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from greenland.errors import Problem, Severity
from greenland.i18n import N_, _

# A key at the beginning of a line with what should be ": " behind it. Behind a dash only names
# like ours count, for a list may hold sentences.
_KEY = r"^\s*(?:(?P<item>-\s+)?(?P<key>[\"'“”‘’]?[A-Za-z_][\w.\-]*[\"'“”‘’]?)"
_WIDE_COLON = re.compile(_KEY + r"|(?P<own>[\"'“”‘’]?\w[\w.\-]*[\"'“”‘’]?))\s*[：﹕∶]")
_NO_BLANK_IN_LIST = re.compile(r"\s*-(?P<item>[^\W\d].*)")
_NO_BLANK = re.compile(_KEY + r"):(?![\s/\\])(?=\S)")
_OUR_KEY = re.compile(r"^\s*(?:-\s+)?[a-z][a-z0-9_.]*\s*[：﹕∶:]")
_LINE_FAULTS = (
    (re.compile(r"^ *\t"), N_("缩进用了制表符（Tab）"), N_("请改用空格缩进，每层两个空格。")),
    (
        re.compile(r"^[ \t]*[\u3000\u00a0]"),
        N_("缩进用了全角空格或不间断空格"),
        N_("请改用半角空格缩进，每层两个空格。"),
    ),
    (
        re.compile(r"^\s*[－—–]\s*\S"),
        N_("列表用了全角的横线"),
        N_("请改为英文横线加一个空格，如“- national”。"),
    ),
    (re.compile(r"^\s*＃"), N_("注释用了全角的“＃”"), N_("请改为英文的“#”。")),
)
_QUOTES = ("“”", "‘’", "「」", "『』", "＂＂", "＇＇")
_BRACKETS = ("［］", "【】", "｛｝", "〔〕")
_PAIRS = {pair[0]: (pair,) for pair in (*_QUOTES, *_BRACKETS)}
# Beginning of what the parsers say, with what it means.
_SYNTAX = (
    (
        ("mapping values are not allowed",),
        N_("冒号的位置不对：同一行有两个“: ”，或上一行没有写完"),
        N_("值里有冒号的请加英文引号；上一行应为“名称: 值”。"),
    ),
    (
        ("could not find expected ':'",),
        N_("缺少“: ”"),
        N_("应为“名称: 值”，冒号用英文，后面空一格。"),
    ),
    (("found unexpected end of stream",), N_("引号没有闭合"), N_("请补上另一半英文引号。")),
    (
        ("found unexpected document indicator",),
        N_("引号没有闭合，或“---”写在引号里"),
        N_("请补上另一半英文引号。"),
    ),
    (
        ("found character",),
        N_("以特殊符号（如 @、`、%）开头"),
        N_("以特殊符号开头的文字请加英文引号。"),
    ),
    (("found unknown escape",), N_("双引号里的“\\”写法不对"), N_("路径请用单引号，或写成“/”。")),
    (
        ("did not find expected ',' or ']'", "expected ',' or ']'"),
        N_("方括号没有闭合，或缺少英文逗号"),
        N_("请写成 [甲, 乙]。"),
    ),
    (
        ("did not find expected ',' or '}'", "expected ',' or '}'"),
        N_("花括号没有闭合，或缺少英文逗号"),
        N_("请写成一组“名称: 值”，各项以英文逗号分开。"),
    ),
    (
        ("did not find expected", "expected <block end>", "expected the node content"),
        N_("缩进不齐，或列表与“名称: 值”混写"),
        N_("同一层的各行请左边对齐。"),
    ),
)
_ALLOWED_CONTROLS = frozenset("\t\n\r\x85")
_JOINERS = frozenset("\u200c\u200d")


def _fault(
    code: str, message: str, remedy: str, file: str, line: int | None, got: str = ""
) -> Problem:
    return Problem(Severity.ERROR, code, message, remedy, file=file, row=line, got=got)


def short(value: Any, length: int = 60) -> str:
    """A value in one line of at most *length* characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= length else text[: length - 3] + "…"


def hidden_character(text: str, file: str, line: int | None = None) -> Iterator[Problem]:
    """The first character of each line that nobody can see and that changes what is read.

    Parameters
    ----------
    line : int, optional
        Line of the whole text, where it is a single value.
    """
    hidden = {sign for sign in set(text) - _ALLOWED_CONTROLS if _hidden(sign)}
    if not hidden:
        return
    seen: set[int] = set()
    number = 1
    for sign in text:
        if sign == "\n":
            number += 1
        elif sign in hidden:
            place = number if line is None else line
            if place not in seen:
                seen.add(place)
                yield _fault(
                    "yaml_character",
                    _("有看不见的字符"),
                    _("请删去这个字符，重新输入该行。"),
                    file,
                    place,
                    f"U+{ord(sign):04X}",
                )


def _hidden(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return kind in ("Cc", "Cs", "Zl", "Zp") or (kind == "Cf" and sign not in _JOINERS)


def line_faults(lines: Sequence[str], file: str, first: int = 1) -> Iterator[Problem]:
    """Lines that look like ours but for a Chinese sign or a missing blank."""
    for number, line in enumerate(lines, first):
        if line.lstrip().startswith("#"):
            continue
        problem = _line_fault(line, file, number)
        if problem is not None:
            yield problem


def _line_fault(line: str, file: str, number: int) -> Problem | None:
    for pattern, message, remedy in _LINE_FAULTS:
        if pattern.match(line):
            return _fault("yaml_indent", _(message), _(remedy), file, number, short(line))
    wide = _WIDE_COLON.match(line)
    if wide is not None:
        key = (wide["key"] or wide["own"]).strip("\"'“”‘’")
        return _fault(
            "yaml_colon",
            _("“{key}”后面是中文冒号", key=key),
            _("请改为英文冒号加一个空格：“{key}: ”。", key=key),
            file,
            number,
            short(line),
        )
    close = _NO_BLANK.match(line)
    if close is not None and len(close["key"]) > 1:
        return _fault(
            "yaml_colon",
            _("“{key}”的冒号后面缺一个空格", key=close["key"]),
            _("请改为“{key}: ”。", key=close["key"]),
            file,
            number,
            short(line),
        )
    item = _NO_BLANK_IN_LIST.match(line)
    if item is not None:
        return _fault(
            "yaml_dash",
            _("列表的“-”后面缺一个空格"),
            _("请改为“- {item}”。", item=short(item["item"])),
            file,
            number,
            short(line),
        )
    return None


def typed_in_chinese(text: str, file: str) -> list[Problem]:
    """Every line of a file with such a fault; asked for when the file does not read well."""
    return list(line_faults(text.splitlines(), file))


def swallowed_line(
    text: str, lines: Sequence[str], file: str, first: int, *, in_list: bool
) -> Iterator[Problem]:
    """Faults of an unquoted value that YAML reads without complaint.

    Parameters
    ----------
    text : str
        The value.
    lines : sequence of str
        Lines it stands on; the first of them is line *first* of the file.
    in_list : bool
        Whether it is an item of a list in brackets.
    """
    for place, line in enumerate(lines[1:], first + 1):
        if _OUR_KEY.match(line):  # a line meant as a key of its own
            problem = _line_fault(line, file, place)
            if problem is not None:
                yield problem
    bare = text.strip()
    for pair in _PAIRS.get(bare[:1], ()):
        if len(bare) > 1 and bare[-1] == pair[1] and pair[0] not in bare[1:-1]:
            if pair in _QUOTES:
                message = _("用了中文引号{pair}", pair=pair)
                remedy = _("请改为英文引号；要保留中文引号的，外面再加英文引号。")
            else:
                message = _("用了全角括号{pair}", pair=pair)
                remedy = _("列表请用英文方括号；要保留的，外面加英文引号。")
            yield _fault("yaml_quotes", message, remedy, file, first, short(bare))
    if in_list and "，" in bare:
        yield _fault(
            "yaml_comma",
            _("列表里用了中文逗号"),
            _("请改为英文逗号；是文字的请加英文引号。"),
            file,
            first,
            short(bare),
        )


def syntax_problem(error: YAMLError, text: str, file: str) -> list[Problem]:
    """Why a text is not YAML: the lines that look mistyped, else what the parser says."""
    mistyped = typed_in_chinese(text, file)
    if mistyped:
        return mistyped
    if not isinstance(error, MarkedYAMLError):
        detail = short(error)
        return [_fault("yaml", _("YAML 格式有误：{detail}", detail=detail), "", file, None)]
    problem = str(error.problem or "")
    mark = error.problem_mark
    message, remedy = _in_words(problem)
    if "quoted scalar" in str(error.context or "") and error.context_mark is not None:
        mark = error.context_mark  # where the quote was opened
    line = None if mark is None else mark.line + 1
    lines = text.splitlines()
    got = short(lines[line - 1]) if line is not None and line <= len(lines) else ""
    return [_fault("yaml", message, remedy, file, line, got)]


def _in_words(problem: str) -> tuple[str, str]:
    for beginnings, message, remedy in _SYNTAX:
        if problem.startswith(beginnings):
            return _("YAML 格式有误：{detail}", detail=_(message)), _(remedy)
    detail = short(problem)
    remedy = _("请检查缩进、冒号后的空格和引号。")
    return _("YAML 格式有误：{detail}", detail=detail), remedy
