"""Every name on the page of the public API is public and documented in full."""

from __future__ import annotations

import enum
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api" / "index.md"
NAMES = re.findall(
    r"^\.\. auto(?:function|class|exception):: (\S+)$", PAGE.read_text("utf-8"), re.MULTILINE
)

# Of numpydoc: no docstring, no summary, parameters missing, unknown, out of order, without type or
# description; no returns, or not described.
ASKED = {"GL08", "SS01", "PR01", "PR02", "PR03", "PR04", "PR07", "RT01", "RT03"}
EXAMPLE = {"EX01"}
# What the base classes of an enumeration and an exception take is none of theirs.
TAKES_NOTHING = {"PR01", "PR02"}


def named(name: str) -> Any:
    package, _, short = name.rpartition(".")
    module = importlib.import_module(package)
    assert short in module.__all__
    return getattr(module, short)


FUNCTIONS = [name for name in NAMES if inspect.isfunction(named(name))]
CLASSES = [name for name in NAMES if inspect.isclass(named(name))]


def path_of(value: Any) -> str:
    return f"{value.__module__}.{value.__qualname__}"


def faults(path: str, codes: set[str]) -> list[str]:
    numpydoc = pytest.importorskip("numpydoc.validate")
    return [text for code, text in numpydoc.validate(path)["errors"] if code in codes]


def sections(value: Any) -> Any:
    docscrape = pytest.importorskip("numpydoc.docscrape")
    return docscrape.NumpyDocString(inspect.getdoc(value) or "")


def test_there_are_names() -> None:
    assert len(NAMES) == len(set(NAMES)) == len(FUNCTIONS) + len(CLASSES) >= 50


def made_by_functions() -> set[str]:
    """Classes a listed function returns; its example shows them."""
    types = (item.type for name in FUNCTIONS for item in sections(named(name))["Returns"])
    return set(re.findall(r"[A-Z]\w+", " ".join(types)))


@pytest.mark.parametrize("name", NAMES)
def test_it_is_documented_in_full(name: str) -> None:
    value = named(name)
    made = value.__name__ in made_by_functions() | {"LandResults"}  # of an assessment
    codes = ASKED if made else ASKED | EXAMPLE
    if inspect.isclass(value) and issubclass(value, enum.Enum | Exception):
        codes = codes - TAKES_NOTHING
    assert faults(path_of(value), codes) == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_raises_and_takes_its_options_by_name(name: str) -> None:
    function = named(name)
    assert sections(function)["Raises"]
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = inspect.signature(function).parameters.values()
    options = [item.name for item in parameters if item.default is not item.empty]
    by_place = [item.name for item in parameters if item.kind is positional]
    assert set(options) & set(by_place) <= BY_PLACE.get(name, set())


# The packs and the year are what a rulebook is of; they only have usual values.
BY_PLACE = {"greenland.rules.load_rulebook": {"packs", "year"}}


@pytest.mark.parametrize("name", NAMES)
def test_numbers_have_units(name: str) -> None:
    lacking = [
        item.name
        for item in sections(named(name))["Parameters"]
        if re.search(r"\bfloat\b", item.type) and "[" not in " ".join(item.desc)
    ]
    assert lacking == []


JUDGING = [name for name in NAMES if re.fullmatch(r"greenland\.land\.\w+\.evaluate", name)]
SOURCED = [*JUDGING, "greenland.energy.Limits", "greenland.energy.evaluate_file"]


@pytest.mark.parametrize("name", SOURCED)
def test_what_applies_rules_says_where_they_stand(name: str) -> None:
    assert sections(named(name))["References"]


def members(owner: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Public methods and properties a class of ours brings itself."""
    for name, value in vars(owner).items():
        plain = value.fget if isinstance(value, property) else value
        plain = getattr(plain, "__func__", plain)
        if not name.startswith("_") and inspect.isfunction(plain):
            yield name, plain


@pytest.mark.parametrize("name", CLASSES)
def test_members_are_documented(name: str) -> None:
    owner = named(name)
    for member, function in members(owner):
        assert faults(f"{path_of(owner)}.{member}", {"GL08", "SS01"}) == [], f"{name}.{member}"
        assert inspect.getdoc(function)
