"""A filing as files: the Word draft, its figures' data, its sketch, checked before and after."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from greenland.errors import InputError, input_error, unwritable
from greenland.files import write_text
from greenland.i18n import _, use_language
from greenland.record.record import Record, if_made
from greenland.report.filing.catalogue import draw
from greenland.report.filing.check import Checked, check_draft, disagreements
from greenland.report.filing.facts import Fact, facts_of
from greenland.report.filing.figure import FilingData, FilingFigure
from greenland.report.filing.outline import FilingOutline
from greenland.report.filing.word import plain_words, write_filing
from greenland.report.filing.workbook import write_figures


@dataclass(frozen=True)
class Filing:
    """A filing that was written.

    Parameters
    ----------
    paths : tuple of Path
        Word draft, workbook of the figures' data, and the sketch where the outline has one.
    checked : Checked
        What the draft says, read back.
    missing : tuple of str
        Titles of the figures that are blanks.
    """

    paths: tuple[Path, ...]
    checked: Checked
    missing: tuple[str, ...]


def filing_paths(target: Path) -> tuple[Path, Path, Path]:
    """Word draft, workbook and sketch of a filing, by a folder or by the name of the draft."""
    if target.suffix.lower() == ".docx":
        return target, target.with_suffix(".xlsx"), target.with_suffix(".svg")
    return target / "filing.docx", target / "filing.xlsx", target / "filing.svg"


def make_filing(
    target: Path,
    record: Record,
    outline: FilingOutline,
    *,
    language: str = "zh",
    template: Path | None = None,
) -> Filing:
    """Write a filing; its files stand in their place once the draft was read back and is right.

    Parameters
    ----------
    target : Path
        A folder, or the Word draft to be written, with the other files beside it.
    record : Record
        Of a case that was sized; with its comparison of sizes where the outline shows one.
    outline : FilingOutline
    language : str
        Of figures and tables; the outline's own words stay as they are.
    template : Path, optional
        As in `greenland.report.write_docx`.

    Raises
    ------
    InputError
        If there is no plan, the record contradicts itself, or the draft does not say what the
        record says.
    """
    with use_language(language):
        found, facts = prepared(record)
        paths = filing_paths(target)
        figures = draw(found, outline.figures)
        title = plain_words(outline.title, facts)
        folder = paths[0].parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".filing-") as name:
                draft, book, drawing = (Path(name) / path.name for path in paths)
                write_filing(draft, found, outline, facts, figures, template=template)
                checked = check_draft(draft, facts)
                if checked.problems:
                    raise InputError(checked.problems)
                made = [draft, write_figures(book, title, facts, figures)]
                sketch = figures.get("connection-sketch")
                if sketch is not None and sketch.svg is not None:
                    made.append(write_text(drawing, sketch.svg))
                written = tuple(path.replace(folder / path.name) for path in made)
        except OSError as error:
            raise unwritable(folder, error) from error
        return Filing(written, checked, _missing(figures))


def prepared(record: Record) -> tuple[FilingData, Mapping[str, Fact]]:
    """What a filing is written from, once the record agrees with itself.

    Raises
    ------
    InputError
        If there is no plan, or the record contradicts itself.
    """
    energy = if_made(record.energy)
    if energy is None or not energy.plan.capacities:
        raise input_error(
            "filing_plan",
            _("没有可用的规模方案，写不出申报材料。"),
            remedy=_("请先用 greenland energy explain 查明哪些要求冲突。"),
        )
    problems = disagreements(energy)
    if problems:
        raise InputError(problems)
    return FilingData(record, energy), facts_of(record)


def _missing(figures: Mapping[str, FilingFigure | None]) -> tuple[str, ...]:
    from greenland.report.filing.names import FIGURES

    return tuple(str(_(FIGURES[name])) for name, one in figures.items() if one is None)
