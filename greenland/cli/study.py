"""``greenland energy study``: many sizings of a case with some of its values changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import greenland
from greenland.cli.common import (
    EXIT_DATA,
    Command,
    echo_data,
    input_errors_exit,
    lang_option,
    table_options,
    to_csv,
    to_json,
)
from greenland.cli.energy import engine_option
from greenland.cli.progress import Steps
from greenland.errors import input_error
from greenland.i18n import N_, _

if TYPE_CHECKING:
    from greenland.energy.studies.study import StudyResult

EXIT_STOPPED = 130
"""What shells call a command that Ctrl-C ended."""


@click.command(
    "study",
    cls=Command,
    help=N_(
        "按研究文件对一个案例做多次测算：敏感性、网格、帕累托前沿、情景、蒙特卡洛、稳健定容、近似最优、盈亏平衡。"
    ),
)
@click.argument(
    "study",
    metavar="STUDY.yaml",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("输出文件夹；默认为研究文件旁的“文件名-out”。"),
)
@click.option("--resume", is_flag=True, help=N_("接着上次没算完的算：已完成的算例不再算。"))
@click.option("--retry-failed", is_flag=True, help=N_("与 --resume 同用：出错的算例重算。"))
@click.option("--force", is_flag=True, help=N_("文件夹里已有结果时全部重算。"))
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1, 512),
    help=N_("同时计算的进程数；默认按处理器数，小案例不另开进程。"),
)
@click.option(
    "--memory",
    metavar="MB",
    default=2048,
    show_default=True,
    type=click.IntRange(256),
    help=N_("每个进程可用的内存；超出的算例记为出错，研究继续。"),
)
@click.option(
    "--scheduler", metavar="tcp://…", help=N_("在已有的 Dask 集群上计算，给出调度器地址。")
)
@click.option(
    "--open",
    "opened",
    metavar="CASE",
    help=N_("打开算过的一个算例（study.json 里的 name）：写出它的完整报告，不再做研究。"),
)
@engine_option
@table_options
@lang_option
@input_errors_exit
def study_command(
    study: Path,
    out: Path | None,
    resume: bool,
    retry_failed: bool,
    force: bool,
    workers: int | None,
    memory: int,
    scheduler: str | None,
    opened: str | None,
    engine: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Run a study, or open one of its cases; exit 1 when a case ended in an error."""
    from greenland.energy.studies.study import run_study

    folder = out or study.with_name(f"{study.stem}-out")
    if opened is not None:
        _open(study, folder, opened, engine)
        return
    steps = Steps(0)
    try:
        with steps:
            found = run_study(
                study,
                out=folder,
                resume=resume or retry_failed,
                retry=retry_failed,
                force=force,
                engine=engine,
                workers=workers,
                scheduler=scheduler,
                memory_mb=memory,
                tell=steps.told,
            )
    except KeyboardInterrupt:
        text = _("已停止，完成的算例都已记下；接着算请加 --resume。")
        click.echo(text, err=True)
        raise SystemExit(EXIT_STOPPED) from None
    record = found.to_record()
    for path in _write(found, record, folder):
        click.echo(_("已写出：{path}", path=str(path)), err=True)
    if as_json:
        echo_data(to_json(record))
    elif as_csv:
        rows: list[dict[Any, Any]] = found.frame.astype(object).to_dict("records")
        echo_data(to_csv([_without_nan(row) for row in rows]), nl=False)
    else:
        _print(record)
    _tell_of_failures(found)


def _without_nan(row: dict[Any, Any]) -> dict[Any, Any]:
    return {key: None if value != value else value for key, value in row.items()}


def _tell_of_failures(found: StudyResult) -> None:
    if found.reused:
        click.echo(_("其中 {count} 个算例上次已经算过。", count=found.reused), err=True)
    for case in found.failed[:10]:
        reason = str(case.row.get("reason", ""))
        click.echo(
            _(
                "算例 {name}（{label}）出错：{reason}",
                name=case.name,
                label=case.label,
                reason=reason,
            ),
            err=True,
        )
    more = len(found.failed) - 10
    if more > 0:
        click.echo(_("  ……另有 {n} 项，见报告。", n=more), err=True)
    if found.failed:
        raise SystemExit(EXIT_DATA)


def _write(found: StudyResult, record: dict[str, Any], folder: Path) -> list[Path]:
    """The study as a page, a workbook, a record and tables."""
    from greenland.energy.studies.files import write_tables
    from greenland.i18n import language
    from greenland.outputs import output_set
    from greenland.report.studies.files import render_study, write_study_excel

    page = render_study(record, language=language())
    with output_set(folder) as staged:
        (staged.path / "study.html").write_text(page, encoding="utf-8", newline="\n")
        write_study_excel(staged.path / "study.xlsx", record, language=language())
        text = to_json(record) + "\n"
        (staged.path / "study.json").write_text(text, encoding="utf-8", newline="\n")
        write_tables(found.frame, staged.path)
        names = staged.names()
        staged.write_manifest(greenland.__version__, found.base.inputs, found.base.digest)
    return [folder / name for name in names]


def _print(record: dict[str, Any]) -> None:
    """What the study found in a sentence, and its first table."""
    from greenland.cli.common import echo_table
    from greenland.report.studies.tables import main_table
    from greenland.report.studies.words import study_lead

    click.echo(study_lead(record))
    columns, rows = main_table(record)
    echo_table(columns, rows)


def _open(study: Path, folder: Path, name: str, engine: str | None) -> None:
    """Write the full report of one case."""
    from greenland.energy.studies.opening import open_case
    from greenland.energy.studies.reading import read_study
    from greenland.outputs import output_set
    from greenland.report.forms import RESULTS, rules_hash, write_forms
    from greenland.results_record import record_of_result, write_record

    path = folder / "study.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise input_error(
            "study_missing",
            _("还没有这项研究的结果。"),
            remedy=_("请先不带 --open 运行一次。"),
            file=str(path),
        ) from error
    base = read_study(study, engine=engine)
    target = folder / f"case-{name.replace(':', '-')}"
    steps = Steps(2)
    with steps, steps("energy"):
        whole = record_of_result(lambda: open_case(base, record, name))
    with output_set(target) as staged, steps, steps.doing(_("写出报告")):
        names = write_forms(
            whole, staged.path, pdf=False, docx=False, templates=None, length="standard"
        )
        names.append(write_record(staged.path / RESULTS, whole).name)
        staged.write_manifest(greenland.__version__, base.inputs, rules_hash(whole))
    for one in names:
        click.echo(_("已写出：{path}", path=str(target / one)))
