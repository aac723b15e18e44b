"""Options that several profile commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from greenland.i18n import N_, _

F = TypeVar("F", bound=Callable[..., Any])

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
SUBJECTS = click.Choice(["load", "pv", "wind"])


def out_options(command: F) -> F:
    """Add where the curve goes, how it is shown, and what may be filled."""
    command = click.option(
        "--allow-filled",
        multiple=True,
        metavar="NAME",
        help=N_("补数过多仍允许使用的曲线名，如 load、pv、wind；可重复。"),
    )(command)
    command = click.option(
        "--json", "as_json", is_flag=True, help=N_("以 JSON 输出来源和质量表。")
    )(command)
    command = park_option(command)
    return click.option(
        "--out", type=OUT, help=N_("写入的 CSV 文件；来源和质量写在同名的 .csv.json 中。")
    )(command)


def park_option(command: F) -> F:
    """Add the park whose rules and overrides count."""
    return click.option(
        "--park",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help=N_("采用该园区的规则包和自定值；缺省为全国和云南规则包。"),
    )(command)


def rulebook_of(options: Mapping[str, Any]) -> Any:
    """Rules of the park named; None without one."""
    if options["park"] is None:
        return None
    from greenland.park import read_config

    return read_config(options["park"]).load_rules()


def place_options(command: F) -> F:
    """Add latitude, longitude and altitude."""
    for name, text in (
        ("--altitude", N_("海拔（米）。")),
        ("--longitude", N_("经度（东经为正）。")),
        ("--latitude", N_("纬度（北纬为正）。")),
    ):
        command = click.option(name, type=float, help=text)(command)
    return command


def place_of(options: Mapping[str, Any]) -> Any:
    """The place of the options; None unless latitude and longitude are there."""
    from greenland.energy.profiles.place import Place

    if options["latitude"] is None or options["longitude"] is None:
        return None
    return Place(options["latitude"], options["longitude"], options["altitude"] or 0.0)


def _beijing() -> str:
    from greenland.energy.profiles.timeline import TIMEZONE

    return TIMEZONE


def meter_options(command: F) -> F:
    """Add how a table of readings is to be read; all are worked out when left out."""
    for names, kind, text in (
        (("--sheet",), str, N_("Excel 工作表名；缺省读所有有读数的工作表。")),
        (("--item",), str, N_("一列写明数据项（如有功、无功）时，取哪一项的行。")),
        (
            ("--decimal",),
            click.Choice(["point", "comma"]),
            N_("数字中的小数点：point 为“.”，comma 为“,”。"),
        ),
        (
            ("--duplicates",),
            click.Choice(["last", "first", "mean"]),
            N_("同一时刻读数不同时取哪个。"),
        ),
        (("--label",), click.Choice(["left", "right"]), N_("时刻标在时段始 left 或时段末 right。")),
        (("--meter-column",), str, N_("电表编号列名。")),
        (("--value",), str, N_("读数列名。")),
        (("--clock",), str, N_("与日期列分开的时刻列名。")),
        (("--time",), str, N_("时间（或日期）列名。")),
        (("--unit",), str, N_("读数单位：kW、MW、kWh、MWh。")),
    ):
        command = click.option(*names, type=kind, help=text)(command)
    command = click.option("--register", is_flag=True, help=N_("读数为电表示数（表码），取差值。"))(
        command
    )
    command = click.option(
        "--multiplier", type=float, help=N_("倍率；给出后不再采用表中的倍率，已乘倍率的写 1。")
    )(command)
    return click.option("--timezone", default=_beijing, help=N_("数据所用时区。"))(command)


def meter_format(options: Mapping[str, Any]) -> Any:
    """Meter format of the options."""
    from greenland.energy.profiles.load.meter import MeterFormat
    from greenland.energy.profiles.numerals import DecimalSign
    from greenland.energy.profiles.readings import Duplicates, Label

    return MeterFormat(
        unit=options["unit"],
        time=options["time"],
        clock=options["clock"],
        value=options["value"],
        meter=options["meter_column"],
        item=options["item"],
        decimal=DecimalSign(options["decimal"]) if options["decimal"] else None,
        label=Label(options["label"]) if options["label"] else None,
        timezone=options["timezone"],
        multiplier=options["multiplier"],
        duplicates=Duplicates(options["duplicates"] or "last"),
        sheet=options["sheet"],
        register=options["register"],
    )


def header_pairs(texts: Sequence[str]) -> dict[str, str]:
    """``NAME=HEADER`` texts as a mapping."""
    pairs = {}
    for text in texts:
        name, sign, header = text.partition("=")
        if not sign:
            raise click.BadParameter(_("应写成 名称=表头，如 ghi=总辐射。"), param_hint="--column")
        pairs[name.strip()] = header.strip()
    return pairs


def year_options(command: F) -> F:
    """Add the year a measured year is moved to, and the leap-day rule."""
    command = click.option(
        "--leap-day",
        type=click.Choice(["feb29", "dec31"]),
        default="feb29",
        help=N_("闰年移到平年时去掉哪一天。"),
    )(command)
    return click.option("--to-year", type=int, help=N_("移到另一年。"))(command)


def moved(series: Any, options: Mapping[str, Any]) -> Any:
    """The series in the year asked for."""
    from greenland.energy.profiles.timeline import LeapDay, onto_year

    if options["to_year"] is None:
        return series
    return onto_year(series, options["to_year"], leap_day=LeapDay(options["leap_day"]))


def step_option(command: F) -> F:
    """Add the step the curve is brought to."""
    return click.option("--step", help=N_("换算到的步长，如 15min、1h。"))(command)


def in_steps(series: Any, options: Mapping[str, Any]) -> Any:
    """The series in the step asked for."""
    from greenland.energy.profiles.timeline import resampled

    return resampled(series, options["step"]) if options["step"] else series


def shape_file_option(command: F) -> F:
    """Add the user's own day shape."""
    return click.option(
        "--shape-file", type=FILE, help=N_("自己的日形状表（工作日、周末、节假日、春节）。")
    )(command)


def day_shape(options: Mapping[str, Any], name: str | None) -> Any:
    """The day shape of a file, or the built-in one named."""
    from greenland.energy.profiles.load.shapes import read_shape, shape

    if options["shape_file"] is not None:
        return read_shape(options["shape_file"])
    if name is None:
        raise click.UsageError(_("请用 --shape 指明内置形状，或用 --shape-file 给出自己的。"))
    return shape(name)
