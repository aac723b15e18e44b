"""Which rules the code asks for: read from the source of the package itself.

A rule counts as asked for where its whole id stands in the code, or where a formatted string or a
prefix makes it of parts that all stand in the code, or in a data file such as a scoring scheme.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
_DATA = ("rules/packs", "locale", "examples")
_WORD = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_WHOLE = re.compile(r"(?:land|energy)(?:\.(?:[a-z0-9_]+|\{[a-z]+\}))+")
_HOLE = re.compile(r"\{[a-z]+\}")

Parts = tuple[str | None, ...]  # text, and None for what is only known when it runs


@dataclass
class Asked:
    """Texts of the package that may name rules.

    Parameters
    ----------
    words : set of str
        Constants that look like a rule id or a part of one.
    patterns : set of tuple
        Ids made of parts.
    endings : set of tuple
        Parts of ids made of parts.
    families : set of str
        Prefixes of which every rule is asked for.
    """

    words: set[str] = field(default_factory=set)
    patterns: set[Parts] = field(default_factory=set)
    endings: set[Parts] = field(default_factory=set)
    families: set[str] = field(default_factory=set)

    def __contains__(self, rule_id: str) -> bool:
        return (
            rule_id in self.words
            or any(rule_id.startswith(family + ".") for family in self.families)
            or any(self._made_of(parts, rule_id) for parts in self.patterns)
        )

    def _made_of(self, parts: Parts, text: str) -> bool:
        if not parts:
            return not text
        first, rest = parts[0], parts[1:]
        if first is not None:
            return text.startswith(first) and self._made_of(rest, text[len(first) :])
        ends = (place for place in range(1, len(text) + 1) if self._is_part(text[:place]))
        return any(self._made_of(rest, text[end:]) for end in ends)

    def _is_part(self, text: str) -> bool:
        if text in self.words:
            return True
        heads = (parts for parts in self.endings if text.startswith(parts[0] or " "))
        return any(text.removeprefix(parts[0] or "") in self.words for parts in heads)


@cache
def asked() -> Asked:
    """What the package asks for."""
    found = Asked()
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _files("*.py")}
    own = {path: _constants(tree) for path, tree in trees.items()}
    everywhere: dict[str, set[str]] = {}
    for constants in own.values():
        for name, texts in constants.items():
            everywhere[name] = everywhere.get(name, set()) | texts
    for path, tree in trees.items():
        _collect(tree, own[path] | _imported(tree, everywhere), found)
    for path in _files("*.yaml"):
        for match in _WHOLE.finditer(path.read_text(encoding="utf-8")):
            _add(_parted(match[0]), found)
    return found


def unasked(rule_ids: Iterable[str]) -> tuple[str, ...]:
    """Those of the rules that nothing asks for.

    Examples
    --------
    >>> unasked(["energy.tariff.funds", "energy.tariff.fundz"])
    ('energy.tariff.fundz',)
    """
    known = asked()
    return tuple(rule_id for rule_id in rule_ids if rule_id not in known)


def _files(pattern: str) -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob(pattern)):
        if not path.relative_to(PACKAGE).as_posix().startswith(_DATA):
            yield path


def _constants(tree: ast.Module) -> dict[str, set[str]]:
    """Texts that names of a module stand for."""
    found: dict[str, set[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.Tuple):
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            targets = [
                name
                for target in node.targets
                for name in (target.elts if isinstance(target, ast.Tuple) else [target])
            ]
            for name, value in zip(targets, values, strict=False):
                text = value.value if isinstance(value, ast.Constant) else None
                if isinstance(name, ast.Name) and isinstance(text, str):
                    found[name.id] = {text}
    return found


def _imported(tree: ast.Module, everywhere: dict[str, set[str]]) -> dict[str, set[str]]:
    """Texts that names imported by a module stand for."""
    names = (
        alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    )
    return {name: everywhere[name] for name in names if name in everywhere}


def _collect(tree: ast.Module, constants: dict[str, set[str]], found: Asked) -> None:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings:
                _add(_parted(node.value), found)
        elif isinstance(node, ast.JoinedStr):
            for parts in _formatted(node, constants):
                _add(parts, found)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            for text in _texts(node.left, constants):
                if text.endswith(".") and _WHOLE.fullmatch(text[:-1]):
                    _add((text, None), found)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "under":
            for parts in _formatted(node.args[0], constants):
                texts = [part for part in parts if part is not None]
                if len(texts) == len(parts):
                    found.families.add("".join(texts))


def _texts(node: ast.expr, constants: dict[str, set[str]]) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    return constants.get(node.id, set()) if isinstance(node, ast.Name) else set()


def _formatted(node: ast.expr, constants: dict[str, set[str]]) -> list[Parts]:
    """What a string may be made of: a part for each name that stands for one text only."""
    if not isinstance(node, ast.JoinedStr):
        return [(text,) for text in _texts(node, constants)]
    made: list[Parts] = [()]
    for value in node.values:
        inner = value.value if isinstance(value, ast.FormattedValue) else value
        texts = _texts(inner, constants)
        options: list[str | None] = [*texts] if texts else [None]
        made = [(*before, option) for before in made for option in options]
    return made


def _parted(text: str) -> Parts:
    """A text with holes such as ``{level}`` as parts."""
    parts: list[str | None] = []
    place = 0
    for hole in _HOLE.finditer(text):
        parts += [text[place : hole.start()], None]
        place = hole.end()
    return (*parts, text[place:]) if place < len(text) else tuple(parts)


def _add(parts: Parts, found: Asked) -> None:
    """Keep what may be a rule: a word, or parts that begin below ``land`` or ``energy``."""
    texts = [part for part in parts if part is not None]
    if len(texts) == len(parts):
        text = "".join(texts)
        if _WORD.fullmatch(text):
            found.words.add(text)
        return
    joined: list[str | None] = []
    for part in parts:
        if part is not None and joined and joined[-1] is not None:
            joined[-1] += part
        else:
            joined.append(part)
    first = joined[0]
    if first is not None and re.match(r"(land|energy)\.[a-z0-9_]+\.", first):
        found.patterns.add(tuple(joined))
    elif first is not None and len(joined) == 2 and re.fullmatch(r"[a-z0-9_]+\.", first):
        found.endings.add(tuple(joined))
