"""``greenland energy bill-check``: a real bill against tariff and load."""

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
    table_options,
    to_csv,
    to_json,
)
from greenland.i18n import N_, _

if TYPE_CHECKING:
    from greenland.energy.money.bill_check import BillCheck, CheckedLine

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "bill-check",
    cls=Command,
    help=N_("把真实电费账单逐行与案例的电价和负荷核对：哪些一致，哪些不符、差多少，缺哪些。"),
)
@click.argument("bill", metavar="BILL", type=_file)
@click.argument("case", metavar="CASE", type=_file)
@click.option("--month", default=None, help=N_("账单没有“月份”列时是哪个月，如 2026-03。"))
@click.option("--sheet", default=None, help=N_("Excel 文件的工作表；不写时读所有账单表。"))
@table_options
@lang_option
@input_errors_exit
def bill_check_command(
    bill: Path, case: Path, month: str | None, sheet: str | None, as_json: bool, as_csv: bool
) -> None:
    """Hold a real bill against a case; exit 1 when a line does not agree."""
    from greenland.energy.checked_bill import check_bill_file

    found = check_bill_file(bill, case, month=month, sheet=sheet)
    if as_json:
        echo_data(to_json(found.to_record()))
    elif as_csv:
        rows = [line | {"rows": " ".join(map(str, line["rows"]))} for line in _lines(found)]
        echo_data(to_csv(rows), nl=False)
    else:
        _print(found)
    if not found.agrees:
        raise SystemExit(EXIT_DATA)


def _lines(found: BillCheck) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = found.to_record()["lines"]
    return lines


def _print(found: BillCheck) -> None:
    from greenland.energy.money.bill_check import FINDING_LABELS, period_title
    from greenland.summary import money

    months = len({line.month for line in found.lines}) > 1
    columns = {
        "row": _("行"),
        **({"month": _("月份")} if months else {}),
        "item": _("项目"),
        "amount": _("金额（元）"),
        "own_amount": _("复算金额（元）"),
        "difference": _("差额（元）"),
        "finding": _("结论（账单 / 复算）"),
    }

    def shown(value: float | None, form: str = ",.2f") -> str:
        return "—" if value is None else format(value, form)

    rows: list[dict[str, Any]] = [
        {
            "row": "、".join(map(str, line.rows)) or "—",
            "month": line.month,
            "item": " ".join(filter(None, (line.item, period_title(line.period)))),
            "amount": shown(line.amount),
            "own_amount": shown(line.own_amount),
            "difference": shown(line.difference, "+,.2f"),
            "finding": "；".join([str(_(FINDING_LABELS[line.finding])), *_numbers(line)]),
        }
        for line in found.lines
    ]
    echo_table(columns, rows, numeric=["amount", "own_amount", "difference"])
    click.echo(_("电价：{title}", title=found.tariff))
    click.echo(_("账单减复算：{yuan}", yuan=money(found.difference)))
    for note in found.notes:
        click.echo(note)


def _numbers(line: CheckedLine) -> list[str]:
    """The numbers a finding is about, of the bill and recomputed."""
    from greenland.energy.money.bill_check import LineFinding

    parts = []
    if line.finding in (LineFinding.QUANTITY, LineFinding.BOTH) and line.own_quantity is not None:
        numbers = f"{line.quantity:,.10g} / {line.own_quantity:,.10g}"
        parts.append(str(_("数量 {numbers}", numbers=numbers)))
    if line.finding in (LineFinding.PRICE, LineFinding.BOTH) and line.own_price is not None:
        parts.append(str(_("单价 {numbers}", numbers=f"{line.price:.6g} / {line.own_price:.6g}")))
    return parts
