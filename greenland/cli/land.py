"""``greenland land …``: one system of the land programme at a time, as tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from greenland.assessment import PARTS
from greenland.assessment import assess as assess_park
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
from greenland.i18n import N_, _, language

# Command, key of the result, its main table and what else it needs evaluated first.
SYSTEMS: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "standard-land": ("standard_land", "parcels", (), N_("“标准地”履约：逐宗逐指标。")),
    "per-mu": ("per_mu", "firms", (), N_("亩均效益：逐企业指标、得分和分类。")),
    "review": ("review", "indicators", (), N_("土地节约集约利用评价：指标、得分、潜力。")),
    "stock": (
        "stock",
        "totals",
        ("per_mu", "standard_land"),
        N_("存量土地：批而未供、闲置、低效三本台账。"),
    ),
    "exit": (
        "exit",
        "parcels",
        ("per_mu", "standard_land", "stock"),
        N_("动态评估：每宗地保留、提升、监管或退出。"),
    ),
    "admission": ("admission", "projects", ("per_mu",), N_("项目准入：逐项目结论和余量。")),
    "reallocate": (
        "reallocation",
        "projects",
        ("per_mu", "standard_land", "stock", "exit", "admission"),
        N_("再配置：腾退和存量土地与储备项目的最优匹配。"),
    ),
    "policy": (
        "policy",
        "measures",
        ("per_mu", "standard_land", "review", "stock"),
        N_("差别化政策与计划指标：措施、依据和事实。"),
    ),
}


@click.group(cls=Group, help=N_("土地：分系统评价。"))
def land() -> None:
    """Hold the land commands."""


def _command(name: str, key: str, main: str, needs: tuple[str, ...], text: str) -> click.Command:
    @click.command(name, cls=Command, help=text)
    @park_argument
    @table_options
    @lang_option
    @input_errors_exit
    def run(folder: Path, as_json: bool, as_csv: bool) -> None:
        parts = {f"land.{part}" for part in (key, *needs)}
        assessment = assess_park(folder, parts=parts)
        record = assessment.to_record()["land"][key]
        if as_json:
            echo_data(to_json(record))
        elif not record["evaluated"]:
            part = _(PARTS[f"land.{key}"])
            reason = _("{part}：未计算。{reason}", part=part, reason=record["reason"])
            click.echo(reason, err=as_csv)  # a program reads the table, and there is none
            echo_problems([p for p in assessment.problems if f"land.{key}" in p.touches])
        elif as_csv:
            echo_data(to_csv(record[main]), nl=False)
        else:
            _print(key, record)
        if not record["evaluated"]:
            raise SystemExit(EXIT_DATA)

    return run


def _print(key: str, record: dict[str, Any]) -> None:
    """Print every table of a result under its title, single figures first."""
    from greenland.report import tables_of

    for table in tables_of(f"land.{key}", record, language=language()):
        echo_table(table.columns, table.rows, title=table.title, numeric=table.numeric)


def _register(add: Callable[[click.Command], None]) -> None:
    for name, (key, main, needs, text) in SYSTEMS.items():
        add(_command(name, key, main, needs, text))


_register(land.add_command)
