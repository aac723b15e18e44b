"""Settings of ``park.yaml`` put in place by a program; comments and all else stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from greenland.errors import InputError, input_error
from greenland.i18n import _
from greenland.park.config import CONFIG_FILE
from greenland.yamlfile import line_of
from greenland.yamltree import YamlMap, parse_tree


def with_settings(text: str, settings: Mapping[str, str | int]) -> str:
    r"""The text of ``park.yaml`` with settings of its first level put in place.

    A setting that stands there is written anew on its line, one that is commented out is taken
    up, any other is put above all.

    Parameters
    ----------
    text : str
    settings : mapping of key to value

    Returns
    -------
    str

    Raises
    ------
    InputError
        If the text is no sound YAML, or a setting is written so that its line cannot be replaced.

    Examples
    --------
    >>> with_settings("# name: \"\"  # 园区名称\nrules: {}\n", {"name": "甲园区"})
    'name: "甲园区"  # 园区名称\nrules: {}\n'
    """
    for key, value in settings.items():
        text = _with(text, key, value)
    return text


def without_setting(text: str, key: str) -> str:
    r"""The text of ``park.yaml`` with a setting of its first level commented out.

    Parameters
    ----------
    text : str
    key : str

    Returns
    -------
    str
        The same where it has no such setting.

    Raises
    ------
    InputError
        If the setting is written so that its line cannot be commented out.

    Examples
    --------
    >>> without_setting("geometry: a.zip  # 图形\nyear: 2025\n", "geometry")
    '# geometry: a.zip  # 图形\nyear: 2025\n'
    """
    before = parse_tree(text, CONFIG_FILE)
    if key not in before:
        return text
    lines = text.splitlines(keepends=True)
    place = (line_of(before, (key,)) or 1) - 1
    lines[place] = f"# {lines[place]}"
    after = "".join(lines)
    if not _same_but(before, after, key, None):
        raise _unchangeable(before, key, f"# {key}:")
    return after


def _with(text: str, key: str, value: str | int) -> str:
    before = parse_tree(text, CONFIG_FILE)
    lines = text.splitlines(keepends=True)
    shown = f"{key}: {json.dumps(value, ensure_ascii=False)}"
    if key in before:
        place = (line_of(before, (key,)) or 1) - 1
        lines[place] = shown + _comment(lines[place], key, str(before[key]))
    else:
        commented = re.compile(rf"# {re.escape(key)}:(?=\s|$)")
        place = next((n for n, line in enumerate(lines) if commented.match(line)), -1)
        if place >= 0:
            lines[place] = shown + _comment(lines[place][2:], key, "")
        else:
            lines.insert(_first(lines), f"{shown}\n")
    after = "".join(lines)
    if not _same_but(before, after, key, value):
        raise _unchangeable(before, key, shown)
    return after


def _unchangeable(before: YamlMap, key: str, example: str) -> InputError:
    return input_error(
        "setting",
        _("park.yaml 中“{key}”的写法无法自动修改。", key=key),
        remedy=_("请用文本编辑器把这一项改成一行，如 {example}。", example=example),
        file=CONFIG_FILE,
        row=line_of(before, (key,)),
    )


def _comment(line: str, key: str, value: str) -> str:
    """What follows the value on its line: a comment with the space before it, the line's end."""
    rest = line.split(":", 1)[1]
    start = rest.find(value) + len(value) if value and value in rest else 0
    found = re.search(r"[ \t]+#.*", rest[start:])
    end = "\n" if line.endswith("\n") else ""
    return (found.group().rstrip("\r\n") if found else "") + end


def _first(lines: list[str]) -> int:
    """Where a setting can stand above all others: below comments that open the file."""
    for place, line in enumerate(lines):
        if line.strip() and not line.startswith(("#", "%", "---", "\ufeff")):
            return place
    return len(lines)


def _same_but(before: YamlMap, text: str, key: str, value: str | int | None) -> bool:
    """Whether a text says what was said before, but for a key that has a value, or none."""
    try:
        after = parse_tree(text, CONFIG_FILE)
    except InputError:
        return False
    others = {name: item for name, item in before.items() if name != key}
    return after.get(key) == value and {n: v for n, v in after.items() if n != key} == others
