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
from greenland.i18n import N_, _

if TYPE_CHECKING:
    from greenland.energy.compare import Comparison, Row


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
@table_options
@lang_option
@input_errors_exit
def compare_command(
    cases: tuple[Path, ...], engine: str | None, as_json: bool, as_csv: bool
) -> None:
    """Size cases and print them side by side; exit 1 when one of them has no plan."""
    from greenland.energy.compare import compare_files

    found = compare_files(cases, engine=engine)
    if as_json:
        echo_data(to_json(found.to_record()))
    elif as_csv:
        rows = [
            {str(key): value for key, value in row.items()}
            for row in found.frame.to_dict("records")
        ]
        echo_data(to_csv(rows), nl=False)
    else:
        _print(found)
    for name, result in zip(found.cases, found.results, strict=True):
        echo_problems(result.warnings)
        if result.infeasibility is not None:
            click.echo(f"{name}: {result.infeasibility.text}", err=True)
    if any(not result.chosen.status.has_plan for result in found.results):
        raise SystemExit(EXIT_DATA)


def _print(found: Comparison) -> None:
    from greenland.energy.compare import GROUPS

    for group, heading in GROUPS.items():
        rows = [row for row in found.rows if row.group == group]
        if not rows:
            continue
        keys = [str(number) for number in range(len(found.cases))]
        columns = {"item": _(heading), "unit": _("单位")} | dict(
            zip(keys, found.cases, strict=True)
        )
        echo_table(columns, [_shown(row, keys) for row in rows], numeric=keys)


def _shown(row: Row, keys: list[str]) -> dict[str, Any]:
    """A row as people read it: money in 万元, shares in per cent."""
    from greenland.report.labels import name, unit_text, value_label

    unit, values = unit_text(row.unit), list(row.values)
    if row.unit in ("yuan", "yuan/yr"):
        unit = _("万元/年") if row.unit == "yuan/yr" else _("万元")
        values = [None if value is None else value / 1e4 for value in values]
    if row.unit == "share":
        unit = "%"
        values = [None if value is None else f"{value:.2%}"[:-1] for value in values]
    item = row.item
    if row.group == "status":
        item = _("求解状态")
    elif row.group == "costs":
        item = value_label("item", item)
    elif row.group == "compliance":
        limit, _sep, reading = item.partition(":")
        item = value_label("state", limit) if row.unit == "" else value_label("limit", limit)
        if reading:
            item += f"（{value_label('reading', reading)}）"
    elif row.group != "inputs":
        item = name(item)
    return {"item": item, "unit": unit} | dict(zip(keys, values, strict=True))
