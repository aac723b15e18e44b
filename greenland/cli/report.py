"""``greenland assess`` and ``greenland report``: evaluate, and render again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import greenland
from greenland.cli.common import (
    EXIT_DATA,
    Command,
    count_line,
    echo_problems,
    echo_table,
    input_errors_exit,
    lang_option,
    park_argument,
    show,
)
from greenland.cli.history import check_history, keep
from greenland.cli.progress import Steps
from greenland.energy.ahead import prepare_for_park
from greenland.errors import Problem, Severity
from greenland.evaluations import ASKED, EVALUATIONS, OPTIONAL
from greenland.i18n import N_, _, language
from greenland.outputs import (
    Manifest,
    changed_inputs,
    check_set,
    finish_interrupted,
    output_set,
    prepare,
    read_manifest,
    sha256,
)
from greenland.report.forms import (
    LENGTHS,
    RESULTS,
    check_forms,
    load_forms,
    rules_hash,
    write_forms,
)
from greenland.workers import side_by_side

if TYPE_CHECKING:
    from greenland.record.record import Record

SHOWN_PROBLEMS = 20
FORM_MODULES = ("greenland.report.excel.workbook", "greenland.report.render")


def form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose further forms of the report."""
    for option in (
        click.option(
            "--length",
            type=click.Choice(LENGTHS),
            default="standard",
            show_default=True,
            help=N_(
                "报告篇幅：brief 供领导阅读（不超过 4 页），standard 不含附表，full 含全部附表。"
            ),
        ),
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


def summary_rows(record: Record) -> list[dict[str, Any]]:
    """One row per part: what came out, in a line."""
    from greenland.report import headlines

    lines = headlines(record, language=language())
    return [
        {"part": _(EVALUATIONS[key].title), "result": line or _("已完成")}
        for key, line in lines.items()
    ]


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
    type=click.Choice([item.key for item in (*ASKED, *OPTIONAL)]),
    help=N_("只计算所列部分，可重复给出。"),
)
@click.option("--no-energy", is_flag=True, help=N_("不做绿电直连规模测算。"))
@click.option(
    "--history",
    "kept_in",
    metavar="FILE|URL",
    help=N_("把主要结果存入历史库；同一园区同一年度的以新换旧。"),
)
@form_options
@lang_option
@input_errors_exit
@side_by_side()
def assess(
    folder: Path,
    out: Path | None,
    only: tuple[str, ...],
    no_energy: bool,
    kept_in: str | None,
    pdf: bool,
    docx: bool,
    templates: Path | None,
    length: str,
) -> None:
    """Evaluate a park folder and write its report."""
    parts = set(only) or {item.key for item in (*ASKED, *OPTIONAL)}
    if no_energy:
        parts.discard("energy")
    if "energy" in parts:
        # before anything heavy is imported here; forms are written there only beside a Word file
        prepare_for_park(folder, *(FORM_MODULES if docx else ()))
    from greenland.assessment import assess as assess_park
    from greenland.park.inputs import input_hashes
    from greenland.results_record import write_record

    check_forms(pdf=pdf, docx=docx)
    check_history(kept_in)
    target = out or folder / "out"
    prepare(target)
    steps = Steps(len(parts) + 1)

    def told(part: str) -> AbstractContextManager[None]:
        load_forms()  # while other processes size, who later would have nothing to do
        return steps(part)

    with steps:
        assessment = assess_park(folder, parts=parts, progress=told)
    record = assessment.record()
    before, replaced = read_manifest(target), check_set(target)
    inputs = input_hashes(folder, assessment.park.config)
    with output_set(target) as staged, steps, steps.doing(_("写出报告")):
        names = write_forms(
            record, staged.path, pdf=pdf, docx=docx, templates=templates, length=length
        )
        names.append(write_record(staged.path / RESULTS, record).name)
        manifest = staged.write_manifest(greenland.__version__, inputs, rules_hash(record))
    echo_table(
        {"part": _("部分"), "result": _("结果")},
        summary_rows(record),
        title=_("{park} {year} 年度", park=assessment.park.config.name, year=assessment.park.year),
    )
    if assessment.problems:
        click.echo(_("数据检查：{counts}", counts=count_line(assessment.problems)))
        echo_problems(assessment.problems, limit=SHOWN_PROBLEMS)
    for name in names:
        click.echo(_("已写出：{path}", path=str(target / name)))
    _echo_changes(before, manifest, replaced)
    if kept_in is not None:
        from greenland.history import entry_of

        keep(kept_in, [entry_of(record)])
    if assessment.has_errors:
        raise SystemExit(EXIT_DATA)


def _echo_changes(before: Manifest | None, now: Manifest, replaced: Sequence[Problem]) -> None:
    """Say what differs from the set that stood in the folder before."""
    if before is None:
        return
    changed = changed_inputs(before, now)
    if changed:
        click.echo(_("与上次写出时相比，输入有变化：{names}", names=show(changed)))
    if before.rules != now.rules:
        click.echo(_("与上次写出时相比，采用的规则有变化。"))
    if before.greenland != now.greenland:
        click.echo(_("上次由 greenland {version} 写出。", version=before.greenland))
    edited = [item.file for item in replaced if item.code == "output_changed"]
    if edited:
        click.echo(_("上次写出后被改动的文件已由本次结果替换：{names}", names=show(edited)))


@click.command(
    cls=Command,
    help=N_("由 results.json 或 energy size --json 写出的方案文件生成报告，不重新计算。"),
)
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
def report(
    results: Path, out: Path | None, pdf: bool, docx: bool, templates: Path | None, length: str
) -> None:
    """Render the report of an earlier assessment again."""
    from greenland.report import read_record

    check_forms(pdf=pdf, docx=docx)
    beside = results.parent
    finish_interrupted(beside)
    record, digest = read_record(results), sha256(results)
    target = out or beside
    before = read_manifest(beside)
    same = before is not None and before.files.get(RESULTS) == digest
    told = _foreign(beside, results, before, same)
    echo_problems(told)
    in_place = target.resolve() == beside.resolve()
    steps = Steps(1)
    with output_set(target) as staged, steps, steps.doing(_("写出报告")):
        names = write_forms(
            record, staged.path, pdf=pdf, docx=docx, templates=templates, length=length
        )
        staying = {results.name} if in_place else set()
        if in_place and before is not None and same:  # other forms of the same results
            staying |= set(before.files) - {item.file for item in told}
        staged.write_manifest(
            greenland.__version__,
            before.inputs if before is not None and same else {},
            rules_hash(record),
            keep=sorted(staying - set(names)),
        )
    for name in names:
        click.echo(_("已写出：{path}", path=str(target / name)))


def _foreign(folder: Path, results: Path, before: Manifest | None, same: bool) -> list[Problem]:
    """Files beside a results record that do not belong to it, as far as the manifest tells."""
    told = check_set(folder, before)
    if before is None or same:
        return told
    text = _("评价结果不是清单所记的那一份，旁边的文件可能出自另一次运行；报告按所给的这一份生成。")
    others = [item for item in told if item.file != RESULTS]
    return [Problem(Severity.WARNING, "output_changed", text, file=results.name), *others]
