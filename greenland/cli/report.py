"""``greenland assess`` and ``greenland report``: evaluate, and render again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from greenland.assessment import assess as assess_park
from greenland.assessment import write_record
from greenland.cli.common import (
    EXIT_DATA,
    Command,
    count_line,
    echo_problems,
    echo_table,
    input_errors_exit,
    lang_option,
    park_argument,
)
from greenland.evaluations import ASKED, EVALUATIONS
from greenland.i18n import N_, _, language

if TYPE_CHECKING:
    from greenland.record.record import Record

SHOWN_PROBLEMS = 20


def form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose further forms of the report."""
    for option in (
        click.option(
            "--templates",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help=N_("用该文件夹里的模板替换同名的自带模板。"),
        ),
        click.option("--docx", is_flag=True, help=N_("另存 Word 文件 report.docx。")),
        click.option("--pdf", is_flag=True, help=N_("另存 PDF 文件 report.pdf（需要浏览器）。")),
    ):
        command = option(command)
    return command


def write_forms(
    record: Record, out: Path, *, pdf: bool, docx: bool, templates: Path | None
) -> list[Path]:
    """Write the report in every form asked for; returns the files, the HTML first."""
    from greenland.files import write_text
    from greenland.report import render_html, write_docx, write_excel, write_pdf

    html = out / "report.html"
    write_text(html, render_html(record, language=language(), templates=templates))
    workbook = out / "results.xlsx"
    write_excel(record, workbook, language())
    written = [html, workbook]
    if pdf:
        write_pdf(html, out / "report.pdf")
        written.append(out / "report.pdf")
    if docx:
        write_docx(record, out / "report.docx", language())
        written.append(out / "report.docx")
    return written


class _Steps:
    """Says on standard error which part is under way."""

    def __init__(self) -> None:
        from rich.console import Console

        self.console = Console(stderr=True)

    @contextmanager
    def __call__(self, part: str, /) -> Iterator[None]:
        label = _(EVALUATIONS[part].title)
        if not self.console.is_terminal:
            yield
            return
        with self.console.status(_("正在计算：{label}……", label=label)):
            yield
        self.console.print(f"[green]✓[/green] {label}")


def summary_rows(record: Record) -> list[dict[str, Any]]:
    """One row per part: what came out, in a line."""
    from greenland.report import headlines

    lines = headlines(record, language=language())
    return [{"part": _(item.title), "result": lines.get(item.key, _("已完成"))} for item in ASKED]


@click.command(
    cls=Command,
    help=N_("评价一个园区文件夹，写出 report.html、results.xlsx 和 results.json。"),
)
@park_argument
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("输出文件夹；默认为园区文件夹下的 out。"),
)
@click.option(
    "--only",
    "only",
    multiple=True,
    type=click.Choice([item.key for item in ASKED]),
    help=N_("只计算所列部分，可重复给出。"),
)
@click.option("--no-energy", is_flag=True, help=N_("不做绿电直连规模测算。"))
@form_options
@lang_option
@input_errors_exit
def assess(
    folder: Path,
    out: Path | None,
    only: tuple[str, ...],
    no_energy: bool,
    pdf: bool,
    docx: bool,
    templates: Path | None,
) -> None:
    """Evaluate a park folder and write its report."""
    parts = set(only) or {item.key for item in ASKED}
    if no_energy:
        parts.discard("energy")
    assessment = assess_park(folder, parts=parts, progress=_Steps())
    target = out or folder / "out"
    target.mkdir(parents=True, exist_ok=True)
    record = assessment.record()
    written = write_forms(record, target, pdf=pdf, docx=docx, templates=templates)
    written.append(write_record(record, target / "results.json"))
    echo_table(
        {"part": _("部分"), "result": _("结果")},
        summary_rows(record),
        title=_("{park} {year} 年度", park=assessment.park.config.name, year=assessment.park.year),
    )
    if assessment.problems:
        click.echo(_("数据检查：{counts}", counts=count_line(assessment.problems)))
        echo_problems(assessment.problems, limit=SHOWN_PROBLEMS)
    for path in written:
        click.echo(_("已写出：{path}", path=str(path)))
    if assessment.has_errors:
        raise SystemExit(EXIT_DATA)


@click.command(cls=Command, help=N_("由 results.json 重新生成报告，不重新计算。"))
@click.argument(
    "results", metavar="RESULTS.JSON", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("输出文件夹；默认与 results.json 相同。"),
)
@form_options
@lang_option
@input_errors_exit
def report(results: Path, out: Path | None, pdf: bool, docx: bool, templates: Path | None) -> None:
    """Render the report of an earlier assessment again."""
    from greenland.report import read_record

    record = read_record(results)
    target = out or results.parent
    target.mkdir(parents=True, exist_ok=True)
    for path in write_forms(record, target, pdf=pdf, docx=docx, templates=templates):
        click.echo(_("已写出：{path}", path=str(path)))
