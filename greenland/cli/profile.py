"""``greenland energy profile``: make curves from exports, bills, weather and wind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from greenland.cli.common import Group, echo_data, echo_table, input_errors_exit, to_json
from greenland.i18n import N_, _

F = TypeVar("F", bound=Callable[..., Any])

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
SUBJECTS = click.Choice(["load", "pv", "wind"])


@click.group(cls=Group, help=N_("由电表、账单、气象和测风数据整理负荷、光伏和风电曲线。"))
def profile() -> None:
    """Hold the commands that make curves."""


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
        "--out", type=_OUT, help=N_("写入的 CSV 文件；来源和质量写在同名的 .csv.json 中。")
    )(command)


def park_option(command: F) -> F:
    """Add the park whose rules and overrides count."""
    return click.option(
        "--park",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help=N_("采用该园区的规则包和自定值；缺省为全国和云南规则包。"),
    )(command)


def _rulebook(options: Mapping[str, Any]) -> Any:
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


def meter_options(command: F) -> F:
    """Add how a table of readings is to be read; all are worked out when left out."""
    from greenland.energy.profiles.timeline import TIMEZONE

    for names, kind, text in (
        (("--sheet",), str, N_("Excel 工作表名。")),
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
    command = click.option("--multiplier", type=float, default=1.0, help=N_("倍率。"))(command)
    return click.option("--timezone", default=TIMEZONE, help=N_("数据所用时区。"))(command)


def _form(options: Mapping[str, Any]) -> Any:
    """Meter format of the options."""
    from greenland.energy.profiles.meter import MeterFormat
    from greenland.energy.profiles.readings import Duplicates, Label

    return MeterFormat(
        unit=options["unit"],
        time=options["time"],
        clock=options["clock"],
        value=options["value"],
        meter=options["meter_column"],
        label=Label(options["label"]) if options["label"] else None,
        timezone=options["timezone"],
        multiplier=options["multiplier"],
        duplicates=Duplicates(options["duplicates"] or "last"),
        sheet=options["sheet"],
        register=options["register"],
    )


def year_options(command: F) -> F:
    """Add the year a measured year is moved to, and the leap-day rule."""
    command = click.option(
        "--leap-day",
        type=click.Choice(["feb29", "dec31"]),
        default="feb29",
        help=N_("闰年移到平年时去掉哪一天。"),
    )(command)
    return click.option("--to-year", type=int, help=N_("移到另一年。"))(command)


def _moved(series: Any, options: Mapping[str, Any]) -> Any:
    """The series in the year asked for."""
    from greenland.energy.profiles.timeline import LeapDay, onto_year

    if options["to_year"] is None:
        return series
    return onto_year(series, options["to_year"], leap_day=LeapDay(options["leap_day"]))


def _shape(options: Mapping[str, Any], name: str | None) -> Any:
    """The day shape of a file, or the built-in one named."""
    from greenland.energy.profiles.shapes import read_shape, shape

    if options["shape_file"] is not None:
        return read_shape(options["shape_file"])
    if name is None:
        raise click.UsageError(_("请用 --shape 指明内置形状，或用 --shape-file 给出自己的。"))
    return shape(name)


def shape_file_option(command: F) -> F:
    """Add the user's own day shape."""
    return click.option(
        "--shape-file", type=_FILE, help=N_("自己的日形状表（工作日、周末、节假日、春节）。")
    )(command)


def _place(options: Mapping[str, Any]) -> Any:
    """The place of the options; None unless latitude and longitude are there."""
    from greenland.energy.profiles.place import Place

    if options["latitude"] is None or options["longitude"] is None:
        return None
    return Place(options["latitude"], options["longitude"], options["altitude"] or 0.0)


def finish(series: Any, out: Path | None, as_json: bool) -> None:
    """Write a curve and show its provenance and quality."""
    from greenland.energy.profiles import store

    if out is not None:
        if out.suffix.lower() != ".csv":
            raise click.BadParameter(_("文件名应以 .csv 结尾。"), param_hint="--out")
        out.parent.mkdir(parents=True, exist_ok=True)
        store.write(series, out)
    record = {
        "name": str(series.name),
        "provenance": series.attrs.get("provenance", {}),
        "quality": series.attrs.get("quality", {}),
    }
    if as_json:
        echo_data(to_json(record))
        return
    show(series, record)
    if out is not None:
        click.echo(_("已写入 {file} 和 {beside}。", file=str(out), beside=out.name + ".json"))


def show(series: Any, record: Mapping[str, Any]) -> None:
    """Print the sheet of a curve."""
    from greenland.energy.profiles.provenance import KIND_LABELS, Kind
    from greenland.energy.profiles.quality import VERDICT_LABELS, Verdict
    from greenland.energy.profiles.timeline import step_hours

    source, sheet = record["provenance"], record["quality"]
    unit = str(source.get("unit", ""))
    energy = float(series.sum()) * step_hours(series.index)
    rows: list[tuple[str, Any]] = [
        (_("曲线"), record["name"]),
        (_("来源"), _(KIND_LABELS[Kind(source["kind"])]) if source.get("kind") else None),
        (_("起"), str(series.index[0])),
        (_("步数"), len(series)),
        (_("电量（MWh）") if unit == "MW" else _("合计（小时）"), energy),
        (_("最大"), float(series.max())),
    ]
    if sheet:
        rows += [
            (_("完整率"), f"{sheet['completeness']:.2%}"),
            (_("补数比例"), f"{sheet['filled_share']:.2%}"),
            (_("年利用小时"), sheet.get("full_load_hours")),
            (_("结论"), _(VERDICT_LABELS[Verdict(sheet["verdict"])])),
        ]
    rows += [(_("说明"), note) for note in source.get("notes", [])]
    rows += [(_("提示"), item["message"]) for item in sheet.get("problems", [])]
    columns = {"item": _("项目"), "value": _("值")}
    echo_table(columns, [{"item": item, "value": _shown(value)} for item, value in rows])


def _shown(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.4g}"


@profile.command(help=N_("整理电表导出数据（日表或长表，kW 或 kWh）为负荷曲线。"))
@click.argument("file", type=_FILE)
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
    from greenland.energy.profiles import growth, meter
    from greenland.energy.profiles.timeline import resampled

    series = meter.load(
        file,
        _form(options),
        name=options["name"],
        year=options["year"],
        meters=options["meters"] or None,
        allow_filled=options["allow_filled"],
        rulebook=_rulebook(options),
    )
    if options["step"]:
        series = resampled(series, options["step"])
    if options["to_year"]:
        series = growth.to_year(series, options["to_year"], options["growth"])
    finish(series, options["out"], options["as_json"])


@profile.command(help=N_("由逐月电费账单和典型日形状还原一年的负荷。"))
@click.argument("file", type=_FILE)
@click.option("--shape", help=N_("典型日形状（见 shapes）。"))
@shape_file_option
@click.option("--step", default="15min", help=N_("步长。"))
@click.option("--sheet", help=N_("Excel 工作表名。"))
@click.option("--name", default="load", help=N_("曲线名。"))
@out_options
@input_errors_exit
def bills(file: Path, **options: Any) -> None:
    """Make a year from bills."""
    from greenland.energy.profiles import bills as billing
    from greenland.energy.profiles.bill_table import read_bills

    series = billing.curve(
        read_bills(file, sheet=options["sheet"]),
        _shape(options, options["shape"]),
        step=options["step"],
        name=options["name"],
        sources=[file.name],
        rulebook=_rulebook(options),
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
    from greenland.energy.profiles.shapes import load_year

    chosen = _shape(options, shape)
    series = load_year(
        options["year"],
        options["energy"],
        chosen,
        step=options["step"],
        rulebook=_rulebook(options),
    )
    finish(series, options["out"], options["as_json"])


@profile.command(help=N_("列出内置的典型日形状。"))
@click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出。"))
def shapes(as_json: bool) -> None:
    """List the built-in shapes."""
    from greenland.energy.profiles.shapes import built_in

    rows = [
        {"id": name, "name": item.name, "confidence": item.confidence}
        for name, item in built_in().items()
    ]
    _listed(rows, {"id": "id", "name": _("名称"), "confidence": _("可信度")}, as_json)


@profile.command(help=N_("由气象文件（EPW、TMY3、PVGIS、NSRDB、CSV）计算光伏标幺出力。"))
@click.argument("file", type=_FILE)
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
@place_options
@out_options
@input_errors_exit
def pv(file: Path, **options: Any) -> None:
    """Make PV output from weather."""
    from greenland.energy.profiles import pv as plant
    from greenland.energy.profiles.readings import Label
    from greenland.energy.profiles.timeline import LeapDay
    from greenland.energy.profiles.weather_readers import read_weather

    weather = read_weather(
        file,
        place=_place(options),
        columns=_pairs(options["columns"]),
        timezone=options["timezone"],
        label=Label(options["label"]) if options["label"] else None,
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
    )
    series = plant.output(
        table,
        weather.place,
        array,
        rated=plant.Rated(options["rated"]),
        allow_filled=options["allow_filled"],
        rulebook=_rulebook(options),
    )
    finish(series, options["out"], options["as_json"])


def _pairs(texts: Sequence[str]) -> dict[str, str]:
    """``NAME=HEADER`` texts as a mapping."""
    pairs = {}
    for text in texts:
        name, sign, header = text.partition("=")
        if not sign:
            raise click.BadParameter(_("应写成 名称=表头，如 ghi=总辐射。"), param_hint="--column")
        pairs[name.strip()] = header.strip()
    return pairs


@profile.command(help=N_("由测风数据或气象文件和功率曲线计算风电标幺出力。"))
@click.argument("file", type=_FILE)
@click.option("--altitude", type=float, required=True, help=N_("场址海拔（米）。"))
@click.option("--year", type=int, help=N_("只取该日历年。"))
@click.option("--height", type=float, help=N_("测风高度（米）；表头写明时可省。"))
@click.option("--hub-height", type=float, help=N_("轮毂高度（米）。"))
@click.option("--shear", type=float, help=N_("风切变指数（只有一个高度时）。"))
@click.option("--turbine", help=N_("功率曲线库中的机型（见 turbines）。"))
@click.option("--curve", type=_FILE, help=N_("自备功率曲线表（风速 m/s、功率 kW）。"))
@click.option("--wake-loss", type=float, help=N_("尾流损失，如 0.08。"))
@click.option("--availability", type=float, help=N_("可利用率，如 0.97。"))
@click.option("--timezone", default="Asia/Shanghai", help=N_("数据所用时区。"))
@click.option("--sheet", help=N_("Excel 工作表名。"))
@year_options
@out_options
@input_errors_exit
def wind(file: Path, **options: Any) -> None:
    """Make wind output from speeds."""
    from greenland.energy.profiles import mast
    from greenland.energy.profiles import wind as farm
    from greenland.energy.profiles.weather import Form
    from greenland.energy.profiles.weather_readers import read_weather, recognise

    if recognise(file) is Form.TABLE:
        speeds, temperature = mast.read_speeds(
            file,
            height=options["height"],
            year=options["year"],
            timezone=options["timezone"],
            sheet=options["sheet"],
            rulebook=_rulebook(options),
        )
    elif options["year"] is None:
        raise click.UsageError(_("气象文件请用 --year 指明曲线所在年份。"))
    else:
        speeds, temperature = mast.speeds_of(read_weather(file).for_year(options["year"]))
    turbine = farm.Turbine(
        type=options["turbine"],
        curve=mast.read_curve(options["curve"]) if options["curve"] else None,
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
        rulebook=_rulebook(options),
    )
    series = _moved(series, options)
    finish(series, options["out"], options["as_json"])


@profile.command(help=N_("列出功率曲线库中的机型。"))
@click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出。"))
def turbines(as_json: bool) -> None:
    """List the turbines of the library."""
    from greenland.energy.profiles.wind import library_turbines

    _listed([{"id": name} for name in library_turbines()], {"id": _("机型")}, as_json)


@profile.command(help=N_("由邻近电站的实测出力整理标幺可用出力（剔除停运和限电）。"))
@click.argument("file", type=_FILE)
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
    from greenland.energy.profiles import measured as plant
    from greenland.energy.profiles.gaps import Subject
    from greenland.energy.profiles.meter import read_meters

    found = read_meters(file, _form(options))
    if len(found) != 1:
        raise click.UsageError(_("文件中有多块电表，请先合并。"))
    series = plant.per_unit(
        found[0],
        Subject(options["kind"]),
        options["capacity"],
        year=options["year"],
        place=_place(options),
        detect=not options["no_detect"],
        allow_filled=options["allow_filled"],
        rulebook=_rulebook(options),
    )
    series = _moved(series, options)
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
    from greenland.energy.profiles import synthetic as invented

    place = _place(options)
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
        rulebook=_rulebook(options),
    )
    finish(series, options["out"], options["as_json"])


@profile.command(help=N_("把几条曲线（如各企业负荷）相加。"))
@click.argument("files", type=_FILE, nargs=-1, required=True)
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
    from greenland.energy.profiles import growth, store
    from greenland.energy.profiles.combine import added

    parts = [store.read(file, name=file.stem) for file in files]
    series = added(
        parts,
        options["name"],
        allow_filled=options["allow_filled"],
        rulebook=_rulebook(options),
    )
    if options["to_year"]:
        series = growth.to_year(series, options["to_year"], options["growth"])
    if options["lines"]:
        series = growth.with_lines(series, [_line(text) for text in options["lines"]])
    finish(series, options["out"], options["as_json"])


def _line(text: str) -> Any:
    """A new line written as ``NAME,DATE,MWH,SHAPE[,DAYS]``."""
    from greenland.energy.profiles.growth import NewLine

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


@profile.command(help=N_("检查一条曲线的质量。"))
@click.argument("file", type=_FILE)
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
        place=_place(options),
        rulebook=_rulebook(options),
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


def _listed(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], as_json: bool) -> None:
    if as_json:
        echo_data(to_json(list(rows)))
        return
    echo_table(columns, rows)
