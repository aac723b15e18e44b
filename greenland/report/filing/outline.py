"""The outline of a filing: chapters, sections and what stands in each, as YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from greenland.files import write_text
from greenland.i18n import _
from greenland.report.filing.names import FACTS, FIGURES, TABLES
from greenland.yamlfile import known_name, validate
from greenland.yamltree import parse_tree, read_yaml_text

BUILT_IN = ("xinjiang", "jiangxi")
PLACE = re.compile(r"\{([^{}]*)\}")
"""A fact in a text, by its name."""


def _texted(text: str) -> str:
    for name in PLACE.findall(text):
        known_name(name, list(FACTS), _("事实"))
    if "{" in PLACE.sub("", text) or "}" in PLACE.sub("", text):
        raise ValueError(_("花括号不成对；事实写作 {example}", example="{load_peak}"))
    return text


def _figure(name: str) -> str:
    return known_name(name, list(FIGURES), _("图"))


def _table(name: str) -> str:
    return known_name(name, list(TABLES), _("表"))


def _fact(name: str) -> str:
    return known_name(name, list(FACTS), _("事实"))


FigureName = Annotated[str, AfterValidator(_figure)]
TableName = Annotated[str, AfterValidator(_table)]
FactName = Annotated[str, AfterValidator(_fact)]
Words = Annotated[str, Field(min_length=1), AfterValidator(_texted)]


class OutlineItem(BaseModel):
    """One thing in a section; exactly one of its keys is given.

    Parameters
    ----------
    text : str
        A paragraph; facts stand in it as ``{load_peak}``, a blank as ``【待填：…】``.
    blank : str
        What the author has to write, as a marked blank.
    figure, table : str
        A figure or table by its name.
    facts : list of str
        Facts by their names, as one sentence.
    points : list of str
        Numbered paragraphs, written like *text*.
    """

    model_config = ConfigDict(extra="forbid")

    text: Words | None = None
    blank: Annotated[str, Field(min_length=1)] | None = None
    figure: FigureName | None = None
    table: TableName | None = None
    facts: Annotated[list[FactName], Field(min_length=1)] | None = None
    points: Annotated[list[Words], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one(self) -> OutlineItem:
        if len(self.model_fields_set) != 1:
            kinds = "、".join(type(self).model_fields)
            raise ValueError(_("每项须且只能有 {kinds} 之一", kinds=kinds))
        return self


class OutlineSection(BaseModel):
    """A section: its title, and what stands in it in order."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1)]
    items: Annotated[list[OutlineItem], Field(min_length=1)]


class Chapter(BaseModel):
    """A chapter: its title and sections."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1)]
    sections: Annotated[list[OutlineSection], Field(min_length=1)]


class FilingOutline(BaseModel):
    """The outline of a filing.

    Parameters
    ----------
    title : str
        Of the document; facts may stand in it.
    source : str
        Where the order of chapters comes from, printed below the title.
    comparison : list of float
        Multiples of the recommended sources that are sized for the comparison.
    chapters : list of Chapter
    """

    model_config = ConfigDict(extra="forbid")

    title: Words
    source: str = ""
    comparison: list[Annotated[float, Field(gt=0, le=10)]] = []
    chapters: Annotated[list[Chapter], Field(min_length=1)]

    def items(self) -> Iterator[OutlineItem]:
        """Everything that stands in any section."""
        for chapter in self.chapters:
            for section in chapter.sections:
                yield from section.items

    @property
    def figures(self) -> list[str]:
        """Names of the figures in the order in which they come, each once."""
        return list(dict.fromkeys(item.figure for item in self.items() if item.figure))

    @property
    def compares(self) -> bool:
        """Whether a comparison of sizes is shown."""
        return any("size-comparison" in (item.figure, item.table) for item in self.items())


def outline_text(name: str) -> str:
    """The YAML text of an outline that comes with the package."""
    folder = resources.files("greenland.report.filing") / "outlines"
    return (folder / f"{name}.yaml").read_text(encoding="utf-8")


def read_outline(given: str) -> FilingOutline:
    """Read an outline: one that comes with the package by its name, or a file.

    Raises
    ------
    InputError
        With every fault and its line; unknown names of figures, tables and facts with the list of
        those there are.
    """
    if given in BUILT_IN:
        return validate(parse_tree(outline_text(given), f"{given}.yaml"), FilingOutline, file=given)
    path = Path(given)
    return validate(parse_tree(read_yaml_text(path), path.name), FilingOutline, file=path.name)


def write_outline(path: Path, name: str) -> Path:
    """Write an outline that comes with the package, as a start for one's own."""
    head = "\n".join(
        [
            _("# 可用的图：{names}", names="、".join(FIGURES)),
            _("# 可用的表：{names}", names="、".join(TABLES)),
            _("# 可用的事实（写在 text 的花括号里或 facts 中）：{names}", names="、".join(FACTS)),
        ]
    )
    return write_text(path, f"{head}\n{outline_text(name)}")
