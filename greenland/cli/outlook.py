"""``greenland energy outlook``: the coming year's power of a park, and its carbon account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenland.cli.common import (
    EXIT_DATA,
    Command,
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
from greenland.cli.progress import Steps
from greenland.evaluations import EVALUATIONS, OPTIONAL, Evaluation, with_inputs
from greenland.i18n import N_, _, language

if TYPE_CHECKING:
    from greenland.assessment import Assessment
    from greenland.record.base import Evaluated
    from greenland.record.problems import NotEvaluatedRecord

MAIN = "outlook"
_LISTS = (  # to look things up in: --json and the report hold them
    "table-outlook-energy",
    "table-outlook-balance",
    "table-outlook-loads",
    "table-outlook-reductions",
    "table-account-firms",
    "table-account-factors",
)
_ONLY_IN_FILES = ("reason", "station_name", "rule_id")  # no room for them on a screen


@click.command("outlook", cls=Command, help=EVALUATIONS[MAIN].command_help)
@park_argument
@click.option(
    "--no-sizing",
    is_flag=True,
    help=N_("不测算绿电直连方案：快得多，但措施中没有直连方案。"),
)
@table_options
@lang_option
@input_errors_exit
def outlook_command(folder: Path, no_sizing: bool, as_json: bool, as_csv: bool) -> None:
    """Print the outlook and the account of a park."""
    from greenland.assessment import assess
    from greenland.record.problems import NotEvaluatedRecord

    parts = frozenset(item.key for item in OPTIONAL).union(
        *(with_inputs(item.key) for item in OPTIONAL)
    )
    if no_sizing:
        parts -= {"energy"}
    steps = Steps(len(parts))
    with steps:
        assessment = assess(folder, parts=parts, progress=steps)
    record = assessment.record()
    found = {item: record.part(item) for item in OPTIONAL}
    made = {item: part for item, part in found.items() if part is not None and part.evaluated}
    if as_json:
        shown = {item.key: None if part is None else part.to_dict() for item, part in found.items()}
        echo_data(to_json(shown))
    elif as_csv:
        table = getattr(found[EVALUATIONS[MAIN]], EVALUATIONS[MAIN].main_table, ())
        echo_data(to_csv([row.cells() for row in table]), nl=False)
    for item, part in found.items():
        if part is None or isinstance(part, NotEvaluatedRecord):
            _say_missing(item, part, assessment, err=as_json or as_csv)
        elif not (as_json or as_csv):
            _print(item, part)
    if len(made) < len(found):
        raise SystemExit(EXIT_DATA)


def _say_missing(
    item: Evaluation, part: NotEvaluatedRecord | None, assessment: Assessment, *, err: bool
) -> None:
    """Why a part was not made, with the problems that stopped it."""
    nothing = _("工作簿没有企业用能、供电设施和月度供电的数据，见 docs/input.md。")
    reason = nothing if part is None else str(part.reason)
    said = _("{part}：未计算。{reason}", part=_(item.title), reason=reason)
    click.echo(said, err=err)
    echo_problems([one for one in assessment.problems if item.key in one.touches])


def _print(item: Evaluation, part: Evaluated) -> None:
    """What it came to, and its tables but for the long lists."""
    from greenland.i18n import use_language
    from greenland.report import tables_of
    from greenland.report.context import section_of

    with use_language(language()):
        section = section_of(item, part)
    click.echo(section.lead)
    long = {table.title for table in section.tables if table.id in _LISTS}
    for table in tables_of(item, part, language=language()):
        if table.title in long:
            continue
        columns = {key: text for key, text in table.columns.items() if key not in _ONLY_IN_FILES}
        echo_table(columns, table.rows, title=table.title, numeric=table.numeric)
