"""``greenland energy filing``: the draft of a filing as a Word file, and its check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenland.cli.common import (
    EXIT_DATA,
    Command,
    echo_problems,
    input_errors_exit,
    lang_option,
    show,
)
from greenland.cli.energy import case_argument, engine_option
from greenland.cli.progress import Steps
from greenland.errors import input_error
from greenland.i18n import N_, _, language
from greenland.report.forms import RESULTS, check_forms

if TYPE_CHECKING:
    from greenland.report.filing.outline import FilingOutline


@click.command(
    "filing",
    cls=Command,
    help=N_("写出绿电直连申报材料的 Word 草稿，连同图表数据（Excel）和接入系统示意图（SVG）。"),
)
@case_argument
@click.option(
    "--outline",
    "given",
    metavar="xinjiang|jiangxi|FILE",
    default="xinjiang",
    show_default=True,
    help=N_("章节提纲：自带的名称，或自己的 YAML 文件。"),
)
@click.option(
    "--out",
    metavar="DIR|FILE.docx",
    type=click.Path(path_type=Path),
    help=N_("输出文件夹，或草稿的文件名；默认为案例文件旁的 filing 文件夹。"),
)
@click.option(
    "--outline-out",
    metavar="FILE.yaml",
    type=click.Path(dir_okay=False, path_type=Path),
    help=N_("只写出提纲文件，作为自己提纲的起点，不测算。"),
)
@click.option(
    "--check",
    "draft",
    metavar="FILE.docx",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("只核对一份（改过的）草稿：各章的数字是否与案例的测算结果一致。"),
)
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=N_("用该文件夹里的 report.docx 作 Word 模板。"),
)
@click.option("--force", is_flag=True, help=N_("覆盖已有的草稿和它旁边的文件。"))
@engine_option
@lang_option
@input_errors_exit
def filing_command(
    case: Path,
    given: str,
    out: Path | None,
    outline_out: Path | None,
    draft: Path | None,
    templates: Path | None,
    force: bool,
    engine: str | None,
) -> None:
    """Write a filing, its outline, or check a draft; exit 1 when a draft says something else."""
    if outline_out is not None:
        _write_outline(outline_out, given, force=force)
        return
    check_forms(pdf=False, docx=True)
    if draft is not None:
        _check(case, draft, engine)
        return
    from greenland.report.filing.outline import read_outline

    _write(case, read_outline(given), out or case.parent / "filing", templates, force, engine)


def _write_outline(path: Path, given: str, *, force: bool) -> None:
    from greenland.report.filing.outline import BUILT_IN, write_outline

    if given not in BUILT_IN:
        raise input_error(
            "filing_outline",
            _("写出提纲时，--outline 应为自带提纲的名称。"),
            got=given,
            allowed="、".join(BUILT_IN),
        )
    _refuse_existing([path], force=force)
    click.echo(_("已写出：{path}", path=str(write_outline(path, given))))


def _write(
    case: Path,
    outline: FilingOutline,
    target: Path,
    templates: Path | None,
    force: bool,
    engine: str | None,
) -> None:
    from greenland.report.filing.kit import filing_paths, make_filing
    from greenland.results_record import assess_filing, write_record

    draft, *others = filing_paths(target)
    results = draft.with_name(RESULTS if draft.name == "filing.docx" else f"{draft.stem}.json")
    _refuse_existing([draft, *others, results], force=force)
    factors = outline.comparison if outline.compares else ()
    steps = Steps(2)
    with steps, steps("energy"):
        record = assess_filing(case, factors, engine=engine)
    with steps, steps.doing(_("写出申报材料")):
        made = make_filing(target, record, outline, language=language(), template=templates)
        write_record(results, record)
    for path in (*made.paths, results):
        click.echo(_("已写出：{path}", path=str(path)))
    if made.missing:
        click.echo(_("案例没有数据、留作待填的图：{names}", names=show(list(made.missing))))
    click.echo(
        _(
            "已回读草稿核对：各章 {count} 处数字与测算结果一致，另有 {open} 处待填。",
            count=made.checked.count,
            open=made.checked.open_blanks,
        )
    )


def _check(case: Path, draft: Path, engine: str | None) -> None:
    from greenland.report.filing.check import check_draft
    from greenland.report.filing.kit import prepared
    from greenland.results_record import assess_case

    steps = Steps(1)
    with steps, steps("energy"):
        record = assess_case(case, engine=engine)
    checked = check_draft(draft, prepared(record)[1])
    echo_problems(checked.problems)
    click.echo(
        _(
            "核对了 {count} 处数字，{wrong} 处有问题，{open} 处待填。",
            count=checked.count,
            wrong=len(checked.problems),
            open=checked.open_blanks,
        )
    )
    if checked.problems:
        raise SystemExit(EXIT_DATA)


def _refuse_existing(paths: list[Path], *, force: bool) -> None:
    """A draft that people work on is not written over unasked."""
    there = [path for path in paths if path.exists()]
    if there and not force:
        raise input_error(
            "output_exists",
            _("文件已存在，其中可能有人工填写的内容：{names}", names=show([p.name for p in there])),
            file=str(there[0].parent),
            remedy=_("请换一个 --out，或加 --force 覆盖。"),
        )
