"""Load profiles: meter exports, bills, day shapes, sums."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from greenland.cli.common import input_errors_exit
from greenland.cli.profile.group import profile
from greenland.cli.profile.options import (
    FILE,
    day_shape,
    header_pairs,
    meter_format,
    meter_options,
    out_options,
    rulebook_of,
    shape_file_option,
)
from greenland.cli.profile.output import finish, listed
from greenland.i18n import N_, _


@profile.command(help=N_("整理电表导出数据（日表或长表，kW 或 kWh）为负荷曲线。"))
@click.argument("file", type=FILE)
@click.option("--year", type=int, help=N_("只取该日历年。"))
@click.option("--meter", "meters", multiple=True, help=N_("要相加的电表编号；可重复，缺省为全部。"))
@click.option("--step", help=N_("换算到的步长，如 1h。"))
@click.option("--to-year", type=int, help=N_("移到另一年（保持星期对应）。"))
@click.option("--growth", type=float, default=0.0, help=N_("年增长率，如 0.05。"))
@click.option("--name", default="load", help=N_("曲线名。"))
@meter_options
@out_options
@input_errors_exit
def load(file: Path, **options: Any) -> None:
    """Read a meter export."""
    from greenland.energy.profiles.load import growth, meter
    from greenland.energy.profiles.timeline import resampled

    series = meter.load(
        file,
        meter_format(options),
        name=options["name"],
        year=options["year"],
        meters=options["meters"] or None,
        allow_filled=options["allow_filled"],
        rulebook=rulebook_of(options),
    )
    if options["step"]:
        series = resampled(series, options["step"])
    if options["to_year"]:
        series = growth.to_year(series, options["to_year"], options["growth"])
    finish(series, options["out"], options["as_json"])


@profile.command(help=N_("由逐月电费账单和典型日形状还原一年的负荷。"))
@click.argument("file", type=FILE)
@click.option("--shape", help=N_("典型日形状（见 shapes）。"))
@shape_file_option
@click.option("--step", default="15min", help=N_("步长。"))
@click.option("--sheet", help=N_("Excel 工作表名。"))
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="KIND=HEADER",
    help=N_("列对应，如 energy=总电量、demand=最大需量；可重复。"),
)
@click.option(
    "--decimal",
    type=click.Choice(["point", "comma"]),
    help=N_("数字中的小数点：point 为“.”，comma 为“,”。"),
)
@click.option("--name", default="load", help=N_("曲线名。"))
@out_options
@input_errors_exit
def bills(file: Path, **options: Any) -> None:
    """Make a year from bills."""
    from greenland.energy.profiles.load import bills as billing
    from greenland.energy.profiles.load.bill_table import read_bills
    from greenland.energy.profiles.numerals import DecimalSign

    read = read_bills(
        file,
        sheet=options["sheet"],
        columns=header_pairs(options["columns"]),
        decimal=DecimalSign(options["decimal"]) if options["decimal"] else None,
    )
    series = billing.curve(
        read,
        day_shape(options, options["shape"]),
        step=options["step"],
        name=options["name"],
        sources=[file.name],
        rulebook=rulebook_of(options),
    )
    finish(series, options["out"], options["as_json"])


@profile.command(help=N_("由年用电量和典型日形状推算一年的负荷。"))
@click.argument("shape", required=False)
@shape_file_option
@click.option("--year", type=int, required=True, help=N_("年份。"))
@click.option("--energy", type=float, required=True, help=N_("年用电量（MWh）。"))
@click.option("--step", default="1h", help=N_("步长。"))
@out_options
@input_errors_exit
def shape(shape: str | None, **options: Any) -> None:
    """Make a year from a day shape."""
    from greenland.energy.profiles.load.shapes import load_year

    chosen = day_shape(options, shape)
    series = load_year(
        options["year"],
        options["energy"],
        chosen,
        step=options["step"],
        rulebook=rulebook_of(options),
    )
    finish(series, options["out"], options["as_json"])


@profile.command(help=N_("列出内置的典型日形状。"))
@click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出。"))
def shapes(as_json: bool) -> None:
    """List the built-in shapes."""
    from greenland.energy.profiles.load.shapes import built_in

    rows = [
        {"id": name, "name": item.name, "confidence": item.confidence}
        for name, item in built_in().items()
    ]
    listed(rows, {"id": "id", "name": _("名称"), "confidence": _("可信度")}, as_json)


@profile.command(help=N_("把几条曲线（如各企业负荷）相加。"))
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--name", default="load", help=N_("合成曲线名。"))
@click.option("--to-year", type=int, help=N_("移到另一年（按工作日、节假日和春节对应）。"))
@click.option("--growth", type=float, default=0.0, help=N_("年增长率，如 0.05。"))
@click.option(
    "--line",
    "lines",
    multiple=True,
    metavar="NAME,DATE,MWH,SHAPE[,DAYS]",
    help=N_("新增产线：名称、投产日、年用电量（MWh）、日形状、爬坡天数；可重复。"),
)
@out_options
@input_errors_exit
def add(files: tuple[Path, ...], **options: Any) -> None:
    """Add curves."""
    from greenland.energy.profiles import store
    from greenland.energy.profiles.load import growth
    from greenland.energy.profiles.load.combine import added

    parts = [store.read(file, name=file.stem) for file in files]
    series = added(
        parts,
        options["name"],
        allow_filled=options["allow_filled"],
        rulebook=rulebook_of(options),
    )
    if options["to_year"]:
        series = growth.to_year(series, options["to_year"], options["growth"])
    if options["lines"]:
        series = growth.with_lines(series, [_line(text) for text in options["lines"]])
    finish(series, options["out"], options["as_json"])


def _line(text: str) -> Any:
    """A new line written as ``NAME,DATE,MWH,SHAPE[,DAYS]``."""
    from greenland.energy.profiles.load.growth import NewLine

    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    try:
        name, start, energy, shape_name, *rest = parts
        days = int(rest[0]) if rest else 0
        return NewLine(name, dt.date.fromisoformat(start), float(energy), shape_name, days)
    except ValueError as error:
        raise click.BadParameter(
            _("应写成 名称,2028-07-01,30000,food 的形式，得到“{text}”。", text=text),
            param_hint="--line",
        ) from error
