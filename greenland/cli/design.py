"""``greenland energy evaluate``: a design somebody has, held against the limits of a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from greenland.cli.common import (
    EXIT_DATA,
    Command,
    echo_problems,
    echo_table,
    input_errors_exit,
    lang_option,
)
from greenland.cli.energy import case_argument, engine_option, print_plan, write_json
from greenland.cli.progress import Steps
from greenland.i18n import N_, _

if TYPE_CHECKING:
    from greenland.energy.given_design import DesignFailure, GivenDesign


@click.command(
    "evaluate",
    cls=Command,
    help=N_(
        "评估给定的规模：按它逐时调度，列出不满足的限制和差多少，给出改动最小和最便宜的可行规模。"
    ),
)
@case_argument
@click.option(
    "--capacities",
    metavar="SIZES",
    required=True,
    help=N_(
        "pv=60,wind=30,battery=10/20（MW，储能为 MW/MWh，含已有容量），或写有 capacities 的文件。"
    ),
)
@click.option(
    "--json",
    "json_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=N_("把全部结果写入 JSON 文件；“-”写到屏幕。"),
)
@click.option("--no-schedule", is_flag=True, help=N_("JSON 中不含逐时运行表。"))
@engine_option
@lang_option
@input_errors_exit
def evaluate_command(
    case: Path, capacities: str, json_file: Path | None, no_schedule: bool, engine: str | None
) -> None:
    """Evaluate given sizes; exit 1 when they fail a limit."""
    from greenland.energy.given_design import evaluate_design_file

    steps = Steps(1)
    with steps, steps("energy"):
        design = evaluate_design_file(case, capacities, engine=engine)
    echo_problems(design.result.warnings)
    if json_file is not None:
        write_json(design.to_record(with_schedule=not no_schedule), json_file)
    if json_file is None or str(json_file) != "-":
        _print(design)
    if not design.passes:
        raise SystemExit(EXIT_DATA)


def _print(design: GivenDesign) -> None:
    if design.passes:
        click.echo(_("给定的规模满足案例的全部限制。"))
    elif design.result.plan.status.has_plan:
        text = _(
            "给定的规模不满足 {count} 项限制；下面是放宽这些限制后的最省调度。",
            count=len(design.failures),
        )
        click.echo(text)
    else:
        click.echo(_("给定的规模无法供电，放宽全部限制也没有可行的调度。"))
    if design.failures:
        columns = {
            "limit": _("限制"),
            "year": _("年"),
            "value": _("达到"),
            "required": _("要求"),
            "gap": _("差"),
        }
        rows = [_failure(item) for item in design.failures]
        if not any(row["year"] for row in rows):
            del columns["year"]
        echo_table(columns, rows, numeric=["value", "required", "gap"])
    if not design.passes:
        _print_sizes(design)
    print_plan(design.result)


def _failure(item: DesignFailure) -> dict[str, Any]:
    kind = item.limit.kind

    def shown(value: float) -> str:
        return f"{value:.2%}" if kind.is_share else f"{value:,.2f} {kind.unit}"

    return {
        "limit": str(item.limit.words),
        "year": item.year,
        "value": shown(item.value),
        "required": ("≥ " if kind.is_least else "≤ ") + shown(item.required),
        "gap": shown(item.gap),
    }


def _print_sizes(design: GivenDesign) -> None:
    """The given sizes beside those that pass."""
    others = {
        "near": (_("改动最小"), design.nearest),
        "above": (_("不小于给定、最便宜"), design.cheapest_above),
    }
    found = {key: one for key, (_title, one) in others.items() if one is not None}
    if not found:
        click.echo(
            _("案例的上限之内没有满足全部限制的规模；冲突的限制见 greenland energy explain。")
        )
        return
    columns = {"name": _("容量（MW / MWh）"), "given": _("给定")}
    columns |= {key: others[key][0] for key in found}
    rows: list[dict[str, Any]] = [
        {
            "name": label,
            "given": f"{value:,.2f}",
            **{
                key: f"{one.capacities[label]:,.2f} ({round(one.changes[label], 2) + 0.0:+,.2f})"
                for key, one in found.items()
            },
        }
        for label, value in design.sizes.items()
    ]
    plan = design.result.plan
    given = f"{plan.annual_cost / 1e4:,.0f}" if plan.status.has_plan else ""
    rows.append(
        {
            "name": _("年费用（万元/年）"),
            "given": given,
            **{key: f"{one.annual_cost / 1e4:,.0f}" for key, one in found.items()},
        }
    )
    echo_table(columns, rows, numeric=["given", *found])
    if "above" not in found:
        click.echo(_("只增不减时没有满足全部限制的规模。"))
