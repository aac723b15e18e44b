"""What a report is made of: sections of verdicts, figures, facts, charts, tables and prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from greenland.i18n import language
from greenland.report.chartkit import Chart
from greenland.report.formatters import DASH
from greenland.report.tables import Table
from greenland.results import State


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement: what, against what, by which rule, and the rows behind it.

    Parameters
    ----------
    subject : str
    state : str
        Id of a compliance state.
    value, required : str
        Written out with units; ``""`` when there is none.
    rule_id : str, optional
    basis : str
        What it was judged by when that is no rule.
    target : str
        Anchor of the table behind it.
    reason : str
    """

    subject: str
    state: str
    value: str = ""
    required: str = ""
    rule_id: str | None = None
    basis: str = ""
    target: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        """Nothing is met or failed by a value that is not there."""
        if self.value in ("", DASH) and self.state in (State.MET, State.FAILED):
            object.__setattr__(self, "state", str(State.NO_DATA))


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Judgements in one table."""

    rows: tuple[Judgement, ...]
    block: str = "verdicts"


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure with last year's beside it."""

    title: str
    value: str
    unit: str = ""
    previous: str = ""
    note: str = ""
    state: str = ""
    target: str = ""

    @property
    def shown_unit(self) -> str:
        """The unit; none where there is no value."""
        return "" if self.value == DASH else self.unit


@dataclass(frozen=True, slots=True)
class Figures:
    """Key figures in a row."""

    items: tuple[Figure, ...]
    block: str = "figures"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values in two columns; what has no value is not listed."""

    items: tuple[tuple[str, str], ...]
    block: str = "facts"

    def __post_init__(self) -> None:
        """Leave out what is not known."""
        known = tuple(item for item in self.items if item[1] not in ("", DASH))
        object.__setattr__(self, "items", known)


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs."""

    paragraphs: tuple[str, ...]
    tone: str = ""
    block: str = "prose"


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do, by when."""

    text: str
    by: str
    target: str


@dataclass(frozen=True, slots=True)
class Unmet:
    """A requirement that is not met, or a matter that is overdue, on the first page."""

    subject: str
    value: str
    required: str
    by: str
    target: str
    state: str = "overdue"
    rule_ids: tuple[str, ...] = ()


Block = Verdicts | Figures | Facts | Prose | Chart | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the report.

    Parameters
    ----------
    id : str
        Anchor; also the name of the template block that can replace it.
    title : str
    lead : str
        What the chapter found, in a sentence.
    blocks : tuple of Block
    annex : bool
        Whether it is a list to look things up in.
    """

    id: str
    title: str
    lead: str
    blocks: tuple[Block, ...]
    annex: bool = False

    @property
    def tables(self) -> list[Table]:
        """Its tables, those kept off the page included."""
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def length(self) -> int:
        """How many rows its tables have on the page."""
        return sum(len(table.rows) for table in self.tables if "page" in table.forms)

    @property
    def charts(self) -> list[Chart]:
        """Its charts."""
        return [block for block in self.blocks if isinstance(block, Chart)]

    @property
    def verdicts(self) -> list[Judgement]:
        """Its judgements."""
        return [row for block in self.blocks if isinstance(block, Verdicts) for row in block.rows]


@dataclass(frozen=True, slots=True)
class Reference:
    """A rule as the report shows it."""

    id: str
    number: str
    title: str
    value: str
    document: str
    clause: str
    confidence: str
    pack: str
    overridden: bool
    note: str
    force: str
    replaced: str = ""

    @property
    def anchor(self) -> str:
        """Its place in the page."""
        return f"rule-{self.id}"


@dataclass(frozen=True)
class Rules:
    """The rules a record rests on, numbered as listed."""

    items: tuple[Reference, ...]
    by_id: Mapping[str, Reference] = field(repr=False)

    def get(self, rule_id: Any) -> Reference | None:
        """The rule of that id, or None when it is not listed."""
        return self.by_id.get(str(rule_id)) if rule_id else None


class Titled(Protocol):
    """A data entry with a title in each language."""

    @property
    def title(self) -> object:
        """In Chinese, or a message."""

    @property
    def title_en(self) -> str | None:
        """In English."""


def title_of(entry: Titled) -> str:
    """The title of a data entry in the language in use."""
    return str(entry.title_en if language() == "en" and entry.title_en else entry.title or "")


class Noted(Protocol):
    """A data entry with a note in each language."""

    @property
    def note(self) -> str | None:
        """In Chinese."""

    @property
    def note_en(self) -> str | None:
        """In English; a scheme or record of a park's own may lack it."""


def note_of(entry: Noted) -> str:
    """The note of a data entry in the language in use, or in the one it was written in."""
    return (entry.note_en if language() == "en" and entry.note_en else entry.note) or ""
