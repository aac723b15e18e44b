"""``greenland energy compare``: cases and scenarios side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from greenland.cli.common import (
    EXIT_DATA,
    Command,
    echo_data,
    echo_problems,
    echo_table,
    input_errors_exit,
    lang_option,
    table_options,
    to_csv,
    to_json,
)
from greenland.errors import unwritable
from greenland.i18n import N_, _

if TYPE_CHECKING:
    from greenland.energy.compare import Comparison


@click.command(
    "compare",
    cls=Command,
    help=N_("并列比较几个案例及其中的情景：容量、比例、费用构成、经济性、合规核对、不同的输入。"),
)
@click.argument(
    "cases",
    metavar="CASE.yaml...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--engine", default=None, help=N_("求解器：auto、interior、highs 或任何 PuLP 求解器的名称。")
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("另写出 comparison.html、comparison.xlsx 和 comparison.json。"),
)
@table_options
@lang_option
@input_errors_exit
def compare_command(
    cases: tuple[Path, ...], engine: str | None, out: Path | None, as_json: bool, as_csv: bool
) -> None:
    """Size cases and print them side by side; exit 1 when one of them has no plan."""
    from greenland.energy.compare import compare_files

    found = compare_files(cases, engine=engine)
    if out is not None:
        _write_files(found, out)
    if as_json:
        echo_data(to_json(found.to_record()))
    elif as_csv:
        rows: list[dict[Any, Any]] = found.frame.to_dict("records")
        echo_data(to_csv(rows), nl=False)
    else:
        _print(found)
    for name, result in zip(found.cases, found.results, strict=True):
        echo_problems(result.warnings)
        if result.infeasibility is not None:
            click.echo(f"{name}: {result.infeasibility.text}", err=True)
    if any(not result.plan.status.has_plan for result in found.results):
        raise SystemExit(EXIT_DATA)


def _print(found: Comparison) -> None:
    from greenland.report.comparison import GROUPS, compared_rows

    shown = compared_rows(found.to_record())
    keys = [str(number) for number in range(len(found.cases))]
    for group, heading in GROUPS.items():
        rows = [row for row in shown if row.group == group]
        if not rows:
            continue
        columns = {"item": _(heading), "unit": _("单位")} | dict(
            zip(keys, found.cases, strict=True)
        )
        table: list[dict[str, Any]] = [
            {"item": row.item, "unit": row.unit, **dict(zip(keys, row.texts, strict=True))}
            for row in rows
        ]
        echo_table(columns, table, numeric=keys)


def _write_files(found: Comparison, folder: Path) -> None:
    """The comparison as a page, a workbook and a record."""
    from greenland import files
    from greenland.i18n import language
    from greenland.report.comparison_files import render_comparison, write_comparison_excel

    record = found.to_record()
    page = render_comparison(record, language=language())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [
            files.write_text(folder / "comparison.html", page),
            write_comparison_excel(folder / "comparison.xlsx", record, language=language()),
            files.write_text(folder / "comparison.json", to_json(record) + "\n"),
        ]
    except OSError as error:
        raise unwritable(folder, error) from error
    for path in written:
        click.echo(_("已写出：{path}", path=str(path)), err=True)
