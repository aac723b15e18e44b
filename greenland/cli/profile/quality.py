"""The quality sheet of a profile, and the calendar of a year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from greenland.cli.common import echo_data, echo_table, input_errors_exit, to_json
from greenland.cli.profile.group import profile
from greenland.cli.profile.options import (
    FILE,
    SUBJECTS,
    park_option,
    place_of,
    place_options,
    rulebook_of,
)
from greenland.cli.profile.output import show
from greenland.i18n import N_, _


@profile.command(help=N_("检查一条曲线的质量。"))
@click.argument("file", type=FILE)
@click.option("--kind", type=SUBJECTS, required=True, help=N_("负荷、光伏或风电。"))
@click.option("--column", help=N_("数值列名。"))
@click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出来源和质量表。"))
@park_option
@place_options
@input_errors_exit
def check(file: Path, **options: Any) -> None:
    """Show the quality sheet of a finished curve."""
    from greenland.energy.profiles import store
    from greenland.energy.profiles.gaps import Subject

    series = store.read(file, column=options["column"])
    record = store.describe(
        series,
        Subject(options["kind"]),
        name=file.stem,
        path=file,
        place=place_of(options),
        rulebook=rulebook_of(options),
    )
    if options["as_json"]:
        echo_data(to_json(record))
        return
    show(series, record)


@profile.command(help=N_("显示一年的工作日、周末、节假日和春节天数（含调休）。"))
@click.argument("year", type=int)
@input_errors_exit
def days(year: int) -> None:
    """Count the kinds of day of a year."""
    from greenland.energy.profiles.calendar import DAY_TYPE_LABELS, coverage_problems, day_types

    types = day_types(year)
    rows = [
        {
            "kind": _(label),
            "days": int((types == kind).sum()),
            "first": str(types.index[types == kind][0].date()) if (types == kind).any() else None,
        }
        for kind, label in DAY_TYPE_LABELS.items()
    ]
    echo_table({"kind": _("类别"), "days": _("天数"), "first": _("首日")}, rows)
    for problem in coverage_problems(year):
        click.echo(str(problem), err=True)
