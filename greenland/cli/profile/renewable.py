"""PV and wind profiles: weather, met masts, SCADA, synthetic years."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from greenland.cli.common import input_errors_exit
from greenland.cli.profile.group import profile
from greenland.cli.profile.options import (
    FILE,
    header_pairs,
    in_steps,
    meter_format,
    meter_options,
    moved,
    out_options,
    place_of,
    place_options,
    rulebook_of,
    step_option,
    year_options,
)
from greenland.cli.profile.output import finish, listed
from greenland.i18n import N_, _


@profile.command(help=N_("由气象文件（EPW、TMY3、PVGIS、NSRDB、CSV）计算光伏标幺出力。"))
@click.argument("file", type=FILE)
@click.option("--year", type=int, required=True, help=N_("曲线所在年份。"))
@click.option("--source-year", type=int, help=N_("气象文件中取哪一年。"))
@click.option(
    "--leap-day",
    type=click.Choice(["feb29", "dec31"]),
    default="feb29",
    help=N_("闰年移到平年时去掉哪一天。"),
)
@click.option("--tilt", type=float, help=N_("倾角（度），缺省为纬度。"))
@click.option("--azimuth", type=float, default=180.0, help=N_("朝向（度，正南 180）。"))
@click.option("--tracking", is_flag=True, help=N_("单轴跟踪。"))
@click.option("--roof", is_flag=True, help=N_("屋顶平铺（散热较差）。"))
@click.option("--bifaciality", type=float, default=0.0, help=N_("双面系数，如 0.75。"))
@click.option("--dc-ac-ratio", type=float, help=N_("容配比。"))
@click.option("--losses", type=float, help=N_("系统损失，如 0.14。"))
@click.option("--soiling", type=float, default=0.0, help=N_("另计的污秽损失。"))
@click.option("--snow", is_flag=True, help=N_("计入积雪损失（需降雪列）。"))
@click.option(
    "--rated", type=click.Choice(["dc", "ac"]), default="dc", help=N_("单位容量按直流侧或交流侧。")
)
@click.option(
    "--column", "columns", multiple=True, metavar="NAME=HEADER", help=N_("列对应，如 ghi=总辐射。")
)
@click.option("--timezone", default="Asia/Shanghai", help=N_("一般数据表的时区。"))
@click.option(
    "--label", type=click.Choice(["left", "right"]), help=N_("时刻标在时段始 left 或时段末 right。")
)
@click.option(
    "--wind-height", type=float, default=10.0, help=N_("表头未写高度的风速的高度（米）。")
)
@click.option("--sheet", help=N_("Excel 工作表名。"))
@step_option
@place_options
@out_options
@input_errors_exit
def pv(file: Path, **options: Any) -> None:
    """Make PV output from weather."""
    from greenland.energy.profiles.readings import Label
    from greenland.energy.profiles.renewable import pv as plant
    from greenland.energy.profiles.renewable.weather_readers import read_weather
    from greenland.energy.profiles.timeline import LeapDay

    weather = read_weather(
        file,
        place=place_of(options),
        columns=header_pairs(options["columns"]),
        timezone=options["timezone"],
        label=Label(options["label"]) if options["label"] else None,
        wind_height=options["wind_height"],
        sheet=options["sheet"],
    )
    if weather.place is None:
        raise click.UsageError(_("文件没有地点，请给出 --latitude、--longitude 和 --altitude。"))
    array = plant.Array(
        tilt=options["tilt"],
        azimuth=options["azimuth"],
        tracking=plant.Tracking.SINGLE_AXIS if options["tracking"] else plant.Tracking.FIXED,
        mounting=plant.Mounting.ROOF if options["roof"] else plant.Mounting.OPEN_RACK,
        bifaciality=options["bifaciality"],
        dc_ac_ratio=options["dc_ac_ratio"],
        losses=options["losses"],
        soiling=options["soiling"],
        snow=options["snow"],
    )
    table = weather.for_year(
        options["year"],
        source_year=options["source_year"],
        leap_day=LeapDay(options["leap_day"]),
        rulebook=rulebook_of(options),
    )
    series = plant.output(
        table,
        weather.place,
        array,
        rated=plant.Rated(options["rated"]),
        allow_filled=options["allow_filled"],
        rulebook=rulebook_of(options),
    )
    finish(in_steps(series, options), options["out"], options["as_json"])


def _heights(texts: Sequence[str]) -> dict[float, str] | None:
    """``HEIGHT=HEADER`` texts as a mapping; None without any."""
    heights = {}
    for name, header in header_pairs(texts).items():
        try:
            heights[float(name.removesuffix("m").removesuffix("米"))] = header
        except ValueError as error:
            raise click.BadParameter(
                _("应写成 高度=表头，如 80=风速_80m_A。"), param_hint="--column"
            ) from error
    return heights or None


@profile.command(help=N_("由测风数据或气象文件和功率曲线计算风电标幺出力。"))
@click.argument("file", type=FILE)
@click.option("--altitude", type=float, required=True, help=N_("场址海拔（米）。"))
@click.option("--year", type=int, help=N_("只取该日历年。"))
@click.option("--source-year", type=int, help=N_("气象文件中取哪一年。"))
@click.option("--height", type=float, help=N_("测风高度（米）；表头写明时可省。"))
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="HEIGHT=HEADER",
    help=N_("某一高度取哪一列，如 80=风速_80m_A；可重复。"),
)
@click.option("--hub-height", type=float, help=N_("轮毂高度（米）。"))
@click.option("--shear", type=float, help=N_("风切变指数（只有一个高度时）。"))
@click.option("--turbine", help=N_("功率曲线库中的机型（见 turbines）。"))
@click.option("--curve", type=FILE, help=N_("自备功率曲线表（风速 m/s、功率 kW）。"))
@click.option("--power-column", help=N_("功率曲线表中的功率列名。"))
@click.option("--wake-loss", type=float, help=N_("尾流损失，如 0.08。"))
@click.option("--availability", type=float, help=N_("可利用率，如 0.97。"))
@click.option("--timezone", default="Asia/Shanghai", help=N_("数据所用时区。"))
@click.option(
    "--label", type=click.Choice(["left", "right"]), help=N_("时刻标在时段始 left 或时段末 right。")
)
@click.option("--sheet", help=N_("Excel 工作表名。"))
@step_option
@year_options
@out_options
@input_errors_exit
def wind(file: Path, **options: Any) -> None:
    """Make wind output from speeds."""
    from greenland.energy.profiles.readings import Label
    from greenland.energy.profiles.renewable import met_mast, power_curve
    from greenland.energy.profiles.renewable import wind as farm
    from greenland.energy.profiles.renewable.weather import Form
    from greenland.energy.profiles.renewable.weather_readers import read_weather, recognise

    if recognise(file) is Form.TABLE:
        speeds, temperature = met_mast.read_speeds(
            file,
            _heights(options["columns"]),
            height=options["height"],
            year=options["year"],
            timezone=options["timezone"],
            label=Label(options["label"]) if options["label"] else None,
            sheet=options["sheet"],
            rulebook=rulebook_of(options),
        )
    elif options["year"] is None:
        raise click.UsageError(_("气象文件请用 --year 指明曲线所在年份。"))
    else:
        table = read_weather(file).for_year(
            options["year"], source_year=options["source_year"], rulebook=rulebook_of(options)
        )
        speeds, temperature = met_mast.speeds_of(table)
    curve = None
    if options["curve"]:
        curve = power_curve.read_curve(options["curve"], power=options["power_column"])
    turbine = farm.Turbine(
        type=options["turbine"],
        curve=curve,
        hub_height=options["hub_height"],
        wake_loss=options["wake_loss"],
        availability=options["availability"],
    )
    series = farm.output(
        speeds,
        turbine,
        altitude=options["altitude"],
        shear_exponent=options["shear"],
        temperature=temperature,
        allow_filled=options["allow_filled"],
        rulebook=rulebook_of(options),
    )
    series = in_steps(moved(series, options), options)
    finish(series, options["out"], options["as_json"])


@profile.command(help=N_("列出功率曲线库中的机型。"))
@click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出。"))
def turbines(as_json: bool) -> None:
    """List the turbines of the library."""
    from greenland.energy.profiles.renewable.wind import library_turbines

    listed([{"id": name} for name in library_turbines()], {"id": _("机型")}, as_json)


@profile.command(help=N_("由邻近电站的实测出力整理标幺可用出力（剔除停运和限电）。"))
@click.argument("file", type=FILE)
@click.option("--kind", type=click.Choice(["pv", "wind"]), required=True, help=N_("光伏或风电。"))
@click.option("--capacity", type=float, required=True, help=N_("电站容量（MW）。"))
@click.option("--year", type=int, help=N_("只取该日历年。"))
@click.option("--no-detect", is_flag=True, help=N_("不判别停运和限电。"))
@year_options
@meter_options
@place_options
@out_options
@input_errors_exit
def measured(file: Path, **options: Any) -> None:
    """Make available output from measured output."""
    from greenland.energy.profiles.gaps import Subject
    from greenland.energy.profiles.load.meter import read_meters
    from greenland.energy.profiles.renewable import scada as plant

    found = read_meters(file, meter_format(options), subject=Subject(options["kind"]))
    if len(found) != 1:
        raise click.UsageError(_("文件中有多块电表，请先合并。"))
    series = plant.per_unit(
        found[0],
        Subject(options["kind"]),
        options["capacity"],
        year=options["year"],
        place=place_of(options),
        detect=not options["no_detect"],
        allow_filled=options["allow_filled"],
        rulebook=rulebook_of(options),
    )
    series = moved(series, options)
    finish(series, options["out"], options["as_json"])


@profile.command(help=N_("没有数据时：按年利用小时合成一年的光伏或风电（非实测）。"))
@click.argument("kind", type=click.Choice(["pv", "wind"]))
@click.option("--year", type=int, required=True, help=N_("年份。"))
@click.option("--hours", type=float, help=N_("年利用小时；缺省取本省规则。"))
@click.option("--seed", type=int, default=1, help=N_("随机种子；相同的种子得到相同的曲线。"))
@click.option("--step", default="1h", help=N_("步长。"))
@place_options
@out_options
@input_errors_exit
def synthetic(kind: str, **options: Any) -> None:
    """Make a synthetic year."""
    from greenland.energy.profiles.renewable import synthetic as invented

    place = place_of(options)
    if place is None or options["altitude"] is None:
        raise click.UsageError(_("请给出 --latitude、--longitude 和 --altitude。"))
    make = invented.pv_year if kind == "pv" else invented.wind_year
    series = make(
        options["year"],
        place.latitude,
        place.longitude,
        place.altitude,
        full_load_hours=options["hours"],
        seed=options["seed"],
        step=options["step"],
        rulebook=rulebook_of(options),
    )
    finish(series, options["out"], options["as_json"])
