"""A province as a Word file: the conclusions, and the tables a meeting reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from greenland.i18n import _, use_language
from greenland.report import formatters as fmt
from greenland.report.length import Length
from greenland.report.places import template_folder
from greenland.report.province.page import ProvincePage, province_page
from greenland.report.word.blocks import BlockWriter
from greenland.report.word.document import written

# Lists by park, to look things up in: the page and the workbook hold them.
_LEFT_OUT = ("province-indicators", "province-parks")


def write_province_docx(
    path: Path | str,
    record: Mapping[str, Any],
    *,
    language: str = "zh",
    template: Path | None = None,
) -> Path:
    """Write a province as a Word file.

    Parameters
    ----------
    path : path
        Written whole or not at all.
    record : mapping
        As in ``province.json``.
    language : str
        ``"zh"`` or ``"en"``.
    template : Path, optional
        As in `greenland.report.write_docx`.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    MissingExtraError
        If the extra ``word`` is not installed.
    InputError
        If the template lacks a style or names what is not defined.
    """
    with use_language(language):
        page = province_page(record)
        cover = {
            "title": _("{name}园区汇总报告", name=page.title),
            "subtitle": _("{year} 年度", year=record["year"]),
            "author": page.title,
            "day": "",
        }

        def body(document: Any) -> None:
            ProvinceWriter(document, page).write()

        written(Path(path), template or template_folder() / "report.docx", cover, body)
    return Path(path)


class ProvinceWriter(BlockWriter):
    """Puts the page of a province into a document."""

    def __init__(self, document: Any, page: ProvincePage) -> None:
        super().__init__(document, Length.STANDARD, page.rules, workbook=page.workbook)
        self.page = page

    def write(self) -> None:
        """Write the conclusions, and every chapter but the lists by park."""
        self.heading(_("主要结论"))
        self.say(self.page.lead)
        self._figures()
        for text, _chapter in self.page.matters:
            self.say(f"{text}{_('。')}")
        for chapter in self.page.chapters:
            if chapter.id not in _LEFT_OUT:
                self.section(chapter)
        self.sheets.turn(across=False)

    def _figures(self) -> None:
        lines = [
            [
                item.title,
                f"{item.value} {item.shown_unit}".strip(),
                item.previous or fmt.DASH,
                item.note or fmt.DASH,
            ]
            for item in self.page.figures
        ]
        if lines:
            self.grid([_("指标"), _("全省合计"), _("变动"), _("有数的园区")], lines)
