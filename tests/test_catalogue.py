"""Every word people read comes from the catalogue, and the catalogue is complete."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from each import for_each

ROOT = Path(__file__).resolve().parents[1]
CHINESE = re.compile(r"[\u3400-\u9fff]")
CATALOGUE = ROOT / "greenland" / "locale" / "en" / "LC_MESSAGES" / "greenland.po"

# Units are ids of the registry; the report has their names in other languages.
UNIT = re.compile(r"[亩公顷万亿元吨标煤人年月日时家个户分㎡³²·/\-\w]{1,9}", re.ASCII)

# Chinese that is data about what people write or how a document looks, not words said.
DATA = {
    "energy/tariff/config.py": "spellings of voltages",
    "cli/profile/renewable.py": "the spelling of metres",
    "energy/money/bill_units.py": "units in headers of bills",
    "energy/tariff/price_file.py": "headers and units of price files",
    "energy/tariff/table.py": "items and headers of price tables",
    "energy/tariff/table_cells.py": "units in price tables",
    "energy/tariff/table_rows.py": "items and headers of price tables",
    "energy/case/book/layout.py": "names of sheets and what people write for yes and no",
    "energy/profiles": "headers of meter, bill and weather files",
    "method.py": "the page docs/method-constants.md, which is Chinese",
    "park/blank_yaml.py": "the commented park file, which is Chinese",
    "park/cells": "what people write for nothing",
    "park/checks/firms.py": "words that deny a veto",
    "park/config.py": "spellings of levels and types",
    "park/outlines": "field names and datums",
    "park/form_rows.py": "the mark of sample rows",
    "park/header.py": "spellings of units",
    "park/info.py": "spellings of the park's particulars",
    "park/mapping/entries.py": "the word for what is not to be read",
    "park/mapping/text.py": "the file people edit, which is Chinese",
    "park/sheet_columns.py": "headers of numbering columns",
    "park/periods.py": "words for parts of a year",
    "park/reference_text.py": "the page docs/input.md, which is Chinese",
    "park/plain_rows.py": "words that mark totals",
    "park/rows.py": "words that mark totals",
    "park/sheet_choice.py": "names of sheets",
    "park/workbook/number_format.py": "date formats",
    "park/writer.py": "fonts and sheet names",
    "report/chartkit.py": "date patterns",
    "record": "the page docs/results.md and the schema, which are Chinese",
    "report/word/file.py": "numerals of headings",
    "report/word/template.py": "fonts",
    "rules/page.py": "the pages docs/rules, which are Chinese",
    "units.py": "spellings of units",
}


@cache
def messages() -> frozenset[str]:
    """What the sources say, gathered once by one worker."""
    found = set()
    method_map = [("greenland/**.py", "python"), ("templates/**.html", "jinja2")]
    for _file, _line, message, _comments, _context in extract_from_dir(
        str(ROOT), method_map, keywords={"_": None, "N_": None}, directory_filter=_wanted
    ):
        found.add(message if isinstance(message, str) else message[0])
    return frozenset(found)


def _wanted(folder: str) -> bool:
    name = Path(folder).name
    return not name.startswith(".") and name not in {"out", "build", "dist", "node_modules"}


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    with CATALOGUE.open("rb") as stream:
        entries = read_po(stream, locale="en")
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and not entry.fuzzy}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.xdist_group("catalogue")
def test_every_message_is_translated(catalogue: dict[str, str]) -> None:
    missing = sorted(message for message in messages() if not catalogue.get(message))
    assert not missing, f"{len(missing)} without English: {missing[:5]}"


@pytest.mark.xdist_group("catalogue")
def test_no_translation_is_stale(catalogue: dict[str, str]) -> None:
    assert not sorted(set(catalogue) - messages())


def test_translations_keep_the_fields(catalogue: dict[str, str]) -> None:
    wrong = {k: v for k, v in catalogue.items() if v and fields(k) != fields(v)}
    assert not wrong


def test_translations_are_english(catalogue: dict[str, str]) -> None:
    """Chinese stays only where it is quoted as what people write in their files."""
    wrong = {k: v for k, v in catalogue.items() if CHINESE.search(_unquoted(v))}
    assert not wrong


def _unquoted(text: str) -> str:
    return re.sub(r"[“\"'‘(（《〔].*?[”\"'’)）》〕]", "", text)


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Chinese string literals that are neither docstrings nor marked as messages."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr):
                skipped.add(id(first.value))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "N_"}:
            skipped |= {id(part) for part in ast.walk(node.args[0])} if node.args else set()
        if _is_pattern(node):
            skipped |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) not in skipped and CHINESE.search(node.value):
            yield node.lineno, node.value


def _is_pattern(node: ast.AST) -> bool:
    """Regular expressions speak of what people write: a call that begins with ``re.``."""
    if not isinstance(node, ast.Call):
        return False
    first: ast.AST = node.func
    while isinstance(first, ast.Attribute | ast.Call | ast.Subscript):
        first = first.func if isinstance(first, ast.Call) else first.value
    return isinstance(first, ast.Name) and first.id == "re" and first is not node.func


def in_package(path: Path) -> str:
    return path.relative_to(ROOT / "greenland").as_posix()


FILES = sorted((ROOT / "greenland").rglob("*.py"))


@pytest.mark.parametrize("package", sorted({in_package(path).split("/")[0] for path in FILES}))
def test_no_chinese_outside_the_catalogue(package: str) -> None:
    files = [path for path in FILES if in_package(path).split("/")[0] == package]
    for_each(files, no_chinese_outside_the_catalogue, in_package)


def no_chinese_outside_the_catalogue(path: Path) -> None:
    name = in_package(path)
    if any(name == known or name.startswith(known + "/") for known in DATA):
        return
    found = [(line, text) for line, text in literals(path) if not UNIT.fullmatch(text)]
    assert not found, found[:5]


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda p: p.name)
def test_no_chinese_in_templates_outside_the_catalogue(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.S)
    assert not CHINESE.findall(text)
