"""The park's own values of rules put into ``park.yaml``; comments and all else stay as they are."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

from greenland.errors import InputError, input_error
from greenland.i18n import _
from greenland.park.config import CONFIG_FILE
from greenland.yamlfile import line_of, plain
from greenland.yamltree import parse_tree

RULES, OVERRIDES = "rules", "overrides"
STEP = "  "


def with_override(text: str, rule_id: str, override: Mapping[str, Any] | None) -> str:
    r"""The text of ``park.yaml`` with the park's own value of a rule, or without it.

    Parameters
    ----------
    text : str
        May be empty.
    rule_id : str
    override : mapping, optional
        Fields of `greenland.rules.Override` in the order they are to stand in; None takes the
        park's value away.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If the text is no sound YAML, or is written so that the place cannot be found line by line.

    Examples
    --------
    >>> print(with_override("rules:\n  packs: [national]  # 全国\n", "a.b", {"value": 0.3}), end="")
    rules:
      packs: [national]  # 全国
      overrides:
        a.b:
          value: 0.3
    """
    before = plain(parse_tree(text, CONFIG_FILE)) if text.strip() else {}
    lines = text.splitlines()
    changed = _changed(lines, text, rule_id, override)
    after = "\n".join(changed) + "\n"
    expected = _expected(before, rule_id, override)
    if not _says(after, expected):
        raise input_error(
            "override_place",
            _("park.yaml 中 rules 部分的写法无法自动修改。"),
            remedy=_("请用文本编辑器把 rules 和 overrides 写成一行一项，或直接在其中填写。"),
            file=CONFIG_FILE,
            row=line_of(parse_tree(text, CONFIG_FILE), (RULES, OVERRIDES)) if before else None,
        )
    return after


def _expected(
    before: Mapping[str, Any], rule_id: str, override: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What the file is to say afterwards."""
    rules = dict(before.get(RULES) or {})
    own = dict(rules.get(OVERRIDES) or {})
    if override is None:
        own.pop(rule_id, None)
    else:
        own[rule_id] = {key: _plain(value) for key, value in override.items()}
    return {**before, RULES: {**rules, OVERRIDES: own}}


def _says(text: str, expected: Mapping[str, Any]) -> bool:
    try:
        return bool(plain(parse_tree(text, CONFIG_FILE)) == expected)
    except InputError:
        return False


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _changed(
    lines: list[str], text: str, rule_id: str, override: Mapping[str, Any] | None
) -> list[str]:
    """The lines with the value put in or taken away, as far as its place can be told by lines."""
    tree = parse_tree(text, CONFIG_FILE) if text.strip() else {}
    rules = tree.get(RULES)
    if rules is None:
        line = line_of(tree, (RULES,)) if RULES in tree else None
        kept = lines if line is None else lines[: line - 1] + lines[line:]
        if override is None:
            return kept
        blank = [""] if kept and kept[-1].strip() else []
        return [
            *kept,
            *blank,
            f"{RULES}:",
            f"{STEP}{OVERRIDES}:",
            *_entry(2 * STEP, rule_id, override, []),
        ]
    top = (line_of(tree, (RULES,)) or 1) - 1
    if OVERRIDES not in rules:
        first = next((n for n in range(top + 1, len(lines)) if _is_content(lines[n])), top)
        indent = _indent(lines[first]) if first > top else STEP
        end = _end(lines, top)
        if override is None:
            return lines
        new = [f"{indent}{OVERRIDES}:", *_entry(indent + STEP, rule_id, override, [])]
        return [*lines[:end], *new, *lines[end:]]
    head = (line_of(tree, (RULES, OVERRIDES)) or 1) - 1
    own = rules[OVERRIDES] or {}
    indent = _indent(lines[head])
    if not own:
        if override is None:
            return lines
        comment = _comment(lines[head])
        new = [f"{indent}{OVERRIDES}:{comment}", *_entry(indent + STEP, rule_id, override, [])]
        return [*lines[:head], *new, *lines[head + 1 :]]
    first = next(n for n in range(head + 1, len(lines)) if _is_content(lines[n]))
    inner = _indent(lines[first])
    if rule_id not in own:
        end = _end(lines, head)
        new = [] if override is None else _entry(inner, rule_id, override, [])
        return [*lines[:end], *new, *lines[end:]]
    place = (line_of(tree, (RULES, OVERRIDES, rule_id)) or 1) - 1
    end = _end(lines, place)
    if override is not None:
        new = _entry(inner, rule_id, override, lines[place:end])
        return [*lines[:place], *new, *lines[end:]]
    if len(own) > 1:
        return [*lines[:place], *lines[end:]]
    empty = f"{indent}{OVERRIDES}: {{}}{_comment(lines[head])}"
    return [*lines[:head], empty, *lines[head + 1 : place], *lines[end:]]


def _entry(indent: str, rule_id: str, override: Mapping[str, Any], before: list[str]) -> list[str]:
    """Lines of one value; comments of the lines it takes the place of stay with their key."""
    inner = indent + STEP
    own_lines = [line for line in before[1:] if line.strip().startswith("#")]
    head = f"{indent}{rule_id}:{_comment(before[0]) if before else ''}"
    found = [head, *(inner + line.strip() for line in own_lines)]
    for key, value in override.items():
        old = next((line for line in before[1:] if line.strip().startswith(f"{key}:")), "")
        shown = json.dumps(_plain(value), ensure_ascii=False)
        found.append(f"{inner}{key}: {shown}{_comment(old)}")
    return found


def _comment(line: str) -> str:
    """The comment behind a value, with the space before it; empty where it cannot be told."""
    bare = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'", lambda one: "x" * len(one[0]), line)
    found = re.search(r"[ \t]+#", bare)
    if found is None or not line[: found.start()].strip():
        return ""
    return line[found.start() :].rstrip()


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _end(lines: list[str], place: int) -> int:
    """Number of the line behind the last of the block that a key opens."""
    depth = len(_indent(lines[place]))
    last = place
    for number in range(place + 1, len(lines)):
        if not _is_content(lines[number]):
            continue
        if len(_indent(lines[number])) <= depth:
            break
        last = number
    return last + 1
