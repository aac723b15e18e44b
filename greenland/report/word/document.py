"""A Word file from the editable template: the cover filled in, the body where its tag stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from greenland.errors import MissingExtraError, input_error
from greenland.i18n import _
from greenland.report.word.file import save

_BODY = "[[greenland body]]"


def written(
    path: Path,
    source: Path,
    cover: Mapping[str, str],
    body: Callable[[Any], None],
    *,
    with_cover: bool = True,
) -> None:
    """Write a Word file from the template.

    Parameters
    ----------
    path : Path
        Written whole or not at all.
    source : Path
        The template, or a folder that holds it as ``report.docx``.
    cover : mapping of str
        What stands for the tags of the cover.
    body : callable
        Adds to the end of a document what stands where the tag ``{{ body }}`` is.
    with_cover : bool
        Whether the body begins on a page of its own.

    Raises
    ------
    MissingExtraError
        If the extra ``word`` is not installed.
    InputError
        If the template lacks a style or names what is not defined.
    """
    try:
        import docxtpl
        import jinja2
    except ImportError as error:
        raise MissingExtraError("word", _("生成 Word 文件")) from error
    source = source / "report.docx" if source.is_dir() else source
    document = docxtpl.DocxTemplate(source)
    try:
        env = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)
        document.render({**cover, "body": _BODY}, env)
        _fill(document.docx, source, body, with_cover=with_cover)
    except (jinja2.TemplateError, KeyError) as error:
        raise input_error(
            "word_template",
            _("Word 模板有误：{message}", message=str(error)),
            remedy=_("请对照 docs/report.md 检查模板中的标记和样式。"),
            file=str(source),
        ) from error
    save(document.docx, path)


def _fill(document: Any, source: Path, body: Callable[[Any], None], *, with_cover: bool) -> None:
    """Write the body where the template's tag ``{{ body }}`` stands."""
    place = next((p for p in document.paragraphs if p.text.strip() == _BODY), None)
    if place is None:
        raise KeyError(_("{file} 中没有单独成段的标记 {tag}", file=source.name, tag="{{ body }}"))
    if not with_cover:
        _without_cover(place)
    before = list(document.element.body)
    body(document)
    known = set(map(id, before))
    for element in [item for item in document.element.body if id(item) not in known]:
        place._p.addprevious(element)
    place._p.getparent().remove(place._p)


def _without_cover(body: Any) -> None:
    """Let the report begin below its title: no new page before the body."""
    from docx.oxml.ns import qn

    for element in body._p.itersiblings(preceding=True):
        for mark in list(element.iter(qn("w:br"))):
            if mark.get(qn("w:type")) == "page":
                mark.getparent().remove(mark)
