"""What every command shares: language, translated help, tables, and problems shown in one way."""

from __future__ import annotations

import csv
import functools
import gettext
import io
import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from greenland import i18n
from greenland.errors import (
    SEVERITY_LABELS,
    GreenlandError,
    InputError,
    Problem,
    Severity,
)
from greenland.i18n import N_, _

P = ParamSpec("P")
R = TypeVar("R")

EXIT_DATA = 1  # the data has errors; 2 is click's own code for a wrong call
LANGUAGE_VARIABLE = "GREENLAND_LANG"


def set_language(name: str) -> None:
    """Speak *name* from here on, click's own words included."""
    i18n.set_language(name)
    # click takes its words from the domain "messages" in the language LANGUAGE names
    os.environ["LANGUAGE"] = name
    gettext.bindtextdomain("messages", str(i18n.LOCALE))


def _choose_language(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None:
        set_language(value)


def lang_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add ``--lang zh|en`` to a command; it acts before everything else."""
    return click.option(
        "--lang",
        type=click.Choice(i18n.LANGUAGES),
        envvar=LANGUAGE_VARIABLE,
        expose_value=False,
        is_eager=True,
        callback=_choose_language,
        help=N_("界面和报告的语言：zh 中文（默认），en 英文。"),
    )(command)


@contextmanager
def _translated(command: click.Command) -> Iterator[None]:
    """Put the command's help texts into the language in use while help is written."""
    kept = [(param, param.help) for param in command.params if isinstance(param, click.Option)]
    command_help = command.help
    if command_help:
        command.help = _(command_help)
    for param, text in kept:
        param.help = _(text) if text and not isinstance(text, i18n.Text) else text
    try:
        yield
    finally:
        command.help = command_help
        for param, text in kept:
            param.help = text


class Command(click.Command):
    """A click command whose help is translated when it is shown."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the language in use."""
        with _translated(self):
            super().format_help(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """First sentence of the help, for the list of commands."""
        return _(self.help).split("\n")[0] if self.help else ""


class Group(click.Group):
    """A click group whose help is translated when it is shown."""

    command_class = Command
    group_class = type

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the language in use."""
        with _translated(self):
            super().format_help(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """First sentence of the help, for the list of commands."""
        return _(self.help).split("\n")[0] if self.help else ""


def input_errors_exit(function: Callable[P, R]) -> Callable[P, R]:
    """Show the problems of an `InputError`, or the text of another of our errors, and exit 1."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except InputError as error:
            echo_problems(error.problems)
        except GreenlandError as error:
            click.echo("\n".join([str(error), *getattr(error, "__notes__", ())]), err=True)
        raise SystemExit(EXIT_DATA)

    return wrapped


def problem_counts(problems: Iterable[Problem]) -> dict[Severity, int]:
    """Number of problems of each severity, zeros included."""
    counts = dict.fromkeys(Severity, 0)
    for problem in problems:
        counts[problem.severity] += problem.count
    return counts


def count_line(problems: Sequence[Problem]) -> str:
    """One phrase that counts errors, warnings and notices."""
    counts = problem_counts(problems)
    return _(
        "错误 {errors} 项，警告 {warnings} 项，提示 {notices} 项",
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notices=counts[Severity.NOTICE],
    )


def echo_problems(problems: Sequence[Problem], *, limit: int | None = None) -> None:
    """Print problems grouped by file and sheet, worst first, to standard error."""
    order = list(Severity)
    groups: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda item: order.index(item.severity)):
        groups.setdefault(" ".join(filter(None, (problem.file, problem.sheet))), []).append(problem)
    left = len(problems) if limit is None else limit
    told = 0
    for heading, members in groups.items():
        if left <= 0:
            break
        click.echo(f"— {heading or _('整体')}", err=True)
        lines = _of_one_kind(members)
        for kind in lines[:left]:
            click.echo(_problem_line(kind), err=True)
            told += sum(problem.count for problem in kind)
        left -= len(lines)
    rest = sum(problem.count for problem in problems) - told
    if rest > 0:
        click.echo(_("  ……另有 {n} 项，见报告。", n=rest), err=True)


def _of_one_kind(problems: Sequence[Problem]) -> list[list[Problem]]:
    """Problems of the same kind in rows of one column together; others by themselves."""
    kinds: dict[Any, list[Problem]] = {}
    for place, problem in enumerate(problems):
        alike = (problem.severity, problem.code, problem.column, problem.remedy, problem.allowed)
        kinds.setdefault(alike if problem.rows else place, []).append(problem)
    return list(kinds.values())


def _problem_line(kind: Sequence[Problem]) -> str:
    """One line for problems of the same kind: all rows, and the first of them in words."""
    from greenland.park.problems import row_ranges

    first = kind[0]
    rows = [row for problem in kind for row in problem.rows] or [first.row or 0]
    alike = {problem.message for problem in kind} == {first.message}
    parts = [
        "" if first.row is None else _("第{row}行", row=row_ranges(row for row in rows if row)),
        _("“{column}”列", column=first.column) if first.column else "",
        _("（共 {n} 行）", n=len(rows)) if len(rows) > 1 else "",
        "" if alike else _("（文字为第 {row} 行的）", row=first.row),
        first.what,
    ]
    label = _(SEVERITY_LABELS[first.severity])
    return " ".join(["  [" + label + "]", *filter(None, parts)])


def echo_table(
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    *,
    title: str = "",
    numeric: Collection[str] | None = None,
) -> None:
    """Print rows as a table.

    Parameters
    ----------
    columns : mapping of key to heading
    rows : sequence of mappings
        Missing values are shown as "—".
    numeric : collection of str, optional
        Columns to align to the right; those that hold only numbers when left out.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", header_style="bold")
    if numeric is None:
        numeric = [
            key
            for key in columns
            if all(isinstance(row.get(key), int | float | None) for row in rows)
        ]
    for key, heading in columns.items():
        table.add_column(Text(heading), justify="right" if key in numeric else "left")
    for row in rows:
        table.add_row(*(Text(show(row.get(key))) for key in columns))
    width = None if sys.stdout.isatty() else 160
    Console(file=sys.stdout, width=width, soft_wrap=False).print(table)


def show(value: Any) -> str:
    """One value as people read it; four significant digits for fractions, "—" for missing."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, float):
        if value != value:
            return "—"
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    if isinstance(value, list | tuple):
        return "、".join(show(item) for item in value)
    return str(value)


def to_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV text with a byte-order mark, so that Excel reads the Chinese."""
    stream = io.StringIO()
    if rows:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {key: "" if value is None else value for key, value in row.items()} for row in rows
        )
    return "\ufeff" + stream.getvalue()


def to_json(value: Any) -> str:
    """Indented JSON with Chinese left readable; refuses NaN."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)


def echo_data(text: str, nl: bool = True) -> None:
    """Put JSON or CSV on standard output: as UTF-8 whatever the console speaks.

    A program reads what is not shown on a screen; a Chinese Windows would hand it GBK, without
    the mark that Excel looks for.
    """
    click.echo(text if sys.stdout.isatty() else text.encode("utf-8"), nl=nl)


def table_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add ``--json`` and ``--csv`` to a command that prints tables."""
    command = click.option(
        "--csv", "as_csv", is_flag=True, help=N_("以 CSV 输出主表（带 BOM，可用 Excel 打开）。")
    )(command)
    return click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出全部结果。"))(
        command
    )


park_argument = click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
