"""``greenland land …``: one system of the land programme at a time, as tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenland.cli.common import (
    EXIT_DATA,
    Command,
    Group,
    echo_data,
    echo_problems,
    echo_table,
    input_errors_exit,
    lang_option,
    park_argument,
    table_options,
    to_csv,
    to_json,
)
from greenland.evaluations import LAND, Evaluation, with_inputs
from greenland.i18n import N_, _, language

if TYPE_CHECKING:
    from greenland.record.base import Evaluated

SYSTEMS = {item.command: item for item in LAND if item.command}


@click.group(cls=Group, help=N_("土地：分系统评价。"))
def land() -> None:
    """Hold the land commands."""


def _command(item: Evaluation) -> click.Command:
    @click.command(item.command, cls=Command, help=item.command_help)
    @park_argument
    @table_options
    @lang_option
    @input_errors_exit
    def run(folder: Path, as_json: bool, as_csv: bool) -> None:
        from greenland.assessment import assess
        from greenland.record.problems import NotEvaluatedRecord

        assessment = assess(folder, parts=with_inputs(item.key))
        part = assessment.record().part(item)
        assert part is not None  # only supplements may lack
        if as_json:
            echo_data(to_json(part.to_dict()))
        elif isinstance(part, NotEvaluatedRecord):
            reason = _("{part}：未计算。{reason}", part=_(item.title), reason=str(part.reason))
            click.echo(reason, err=as_csv)  # a program reads the table, and there is none
            echo_problems([p for p in assessment.problems if item.key in p.touches])
        elif as_csv:
            table = getattr(part, item.main_table)
            echo_data(to_csv([row.cells() for row in table]), nl=False)
        else:
            _print(item, part)
        if not part.evaluated:
            raise SystemExit(EXIT_DATA)

    return run


def _print(item: Evaluation, part: Evaluated) -> None:
    """Print every table of a result under its title, single figures first."""
    from greenland.report import tables_of

    for table in tables_of(item, part, language=language()):
        echo_table(table.columns, table.rows, title=table.title, numeric=table.numeric)


def _register(add: Callable[[click.Command], None]) -> None:
    for item in SYSTEMS.values():
        add(_command(item))


_register(land.add_command)
