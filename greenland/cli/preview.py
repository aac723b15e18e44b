"""``greenland energy preview``: sizes from typical days, held against the whole horizon."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from greenland.cli.common import (
    EXIT_DATA,
    Command,
    echo_data,
    echo_table,
    input_errors_exit,
    lang_option,
    to_json,
)
from greenland.i18n import N_, _

if TYPE_CHECKING:
    from greenland.energy.preview import Preview


@click.command(
    "preview",
    cls=Command,
    help=N_("预览：用若干典型日快速估算容量，再按全时段逐步运行核实。不是最优解。"),
)
@click.argument(
    "case", metavar="CASE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--days",
    default=12,
    show_default=True,
    type=click.IntRange(1, 366),
    help=N_("典型日的个数。"),
)
@click.option("--full", is_flag=True, help=N_("另作全时段定容，给出预览与它的差别。"))
@click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出全部结果。"))
@lang_option
@input_errors_exit
def preview_command(case: Path, days: int, full: bool, as_json: bool) -> None:
    """Preview the sizes of a case; exit 1 when none keep its limits."""
    from greenland.energy.previewed_case import preview_file

    found = preview_file(case, days=days, full=full)
    if as_json:
        echo_data(to_json(found.to_record()))
    else:
        _print(found)
    if not found.plan.status.has_plan:
        raise SystemExit(EXIT_DATA)


def _print(found: Preview) -> None:
    from greenland.energy.plan.plan import Plan

    def sizes(plan: Plan | None) -> dict[str, float]:
        return {} if plan is None or not plan.status.has_plan else dict(plan.capacities)

    click.echo(
        _(
            "预览（{count} 个典型日，代表 {days} 天）：不是全时段的最优解。",
            count=len(found.typical.medoids),
            days=len(found.typical.group),
        )
    )
    columns = {"item": _("容量（MW / MWh）"), "typical": _("典型日"), "verified": _("全时段核实")}
    kept, best = sizes(found.plan), sizes(found.full)
    if found.full is not None:
        columns["full"] = _("全时段定容")
    rows: list[dict[str, Any]] = [
        {
            "item": str(name),
            "typical": f"{value:,.2f}",
            "verified": f"{kept[str(name)]:,.2f}" if kept else "—",
            "full": f"{best[str(name)]:,.2f}" if best else "—",
        }
        for name, value in found.sizes.items()
    ]
    cost = {
        "item": _("年费用（万元/年）"),
        "typical": "—",
        "verified": f"{found.plan.annual_cost / 1e4:,.0f}" if kept else "—",
        "full": f"{found.full.annual_cost / 1e4:,.0f}" if best and found.full is not None else "—",
    }
    echo_table(columns, [*rows, cost], numeric=[*columns][1:])
    for line in _words(found):
        click.echo(line)


def _words(found: Preview) -> list[str]:
    """What the verification says."""
    said = []
    if not found.plan.status.has_plan:
        said.append(_("按全时段运行，没有不小于预览容量而满足各项限制的方案。"))
    elif found.enlarged:
        said.append(_("预览的容量在全时段不满足限制，已放大到满足限制且费用最低。"))
    else:
        said.append(_("预览的容量在全时段满足各项限制。"))
    if found.excess is not None:
        said.append(_("比全时段定容贵 {share:.2%}。", share=found.excess))
    elif found.plan.status.has_plan:
        said.append(_("与全时段最优解差多少未知；加 --full 另作全时段定容即可知道。"))
    names = {"typical": _("典型日"), "verify": _("核实"), "full": _("全时段定容")}
    times = "，".join(f"{names[key]} {value:.1f} s" for key, value in found.seconds.items())
    said.append(_("用时：{times}", times=times))
    return [str(one) for one in said]
