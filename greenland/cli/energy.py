"""``greenland energy``: size, check and explain a case file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import greenland
from greenland import files
from greenland.cli.common import (
    EXIT_DATA,
    Command,
    Group,
    count_line,
    echo_data,
    echo_problems,
    echo_table,
    input_errors_exit,
    lang_option,
    to_json,
)
from greenland.cli.progress import Steps
from greenland.cli.report import form_options
from greenland.errors import Severity, input_error, unwritable
from greenland.i18n import N_, _
from greenland.outputs import output_set, prepare
from greenland.report.forms import RESULTS, check_forms, rules_hash, write_forms
from greenland.summary import in_wan

if TYPE_CHECKING:
    from greenland.energy.result import EnergyResult
    from greenland.record.energy.energy import EnergyRecord
    from greenland.record.energy.judged import StudyRecord
    from greenland.record.energy.money import FinanceRecord, TariffChoice
    from greenland.report.naming import Naming

case_argument = click.argument(
    "case", metavar="CASE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
engine_option = click.option(
    "--engine", default=None, help=N_("求解器：auto、interior、highs 或任何 PuLP 求解器的名称。")
)


def hourly_option(form: str, words: str) -> Callable[[Any], Any]:
    """Option of a file for the table of all steps."""
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option(f"--{form}", metavar="FILE", type=kind, help=words)


@click.group("energy", cls=Group, help=N_("绿电直连：按案例文件测算规模、检查输入、解释结果。"))
@lang_option
def energy() -> None:
    """Group of the commands on case files."""


@energy.command("size", cls=Command, help=N_("测算规模：容量、费用、比例，可写出 JSON。"))
@case_argument
@click.option(
    "--json",
    "json_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=N_("把全部结果写入 JSON 文件；“-”写到屏幕。"),
)
@click.option("--no-schedule", is_flag=True, help=N_("JSON 中不含逐时运行表。"))
@hourly_option("csv", N_("逐时运行表写入 CSV 文件（带 BOM，可用 Excel 打开）。"))
@hourly_option("xlsx", N_("逐时运行表写入 Excel 文件。"))
@hourly_option("parquet", N_("逐时运行表写入 Parquet 文件。"))
@click.option(
    "--statements",
    metavar="FILE.xlsx",
    type=click.Path(dir_okay=False, path_type=Path),
    help=N_("财务报表写入 Excel 文件，带公式；案例要有 finance。"),
)
@engine_option
@lang_option
@input_errors_exit
def size_command(
    case: Path,
    json_file: Path | None,
    no_schedule: bool,
    statements: Path | None,
    engine: str | None,
    **hourly: Path | None,
) -> None:
    """Size a case and print what was found."""
    result = _evaluated(case, engine)
    echo_problems(result.warnings)
    if json_file is not None:
        write_json(result.to_record(with_schedule=not no_schedule), json_file)
    if result.plan.status.has_plan:
        _write_hourly(result, hourly)
        if statements is not None:
            _write_statements(result, statements)
    if json_file is None or str(json_file) != "-":
        print_plan(result)
    if result.infeasibility is not None:
        raise SystemExit(EXIT_DATA)


@energy.command(
    "init", cls=Command, help=N_("在文件夹中写出空白的收资清单（Excel），填好后即可检查和测算。")
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@lang_option
@input_errors_exit
def init_command(folder: Path) -> None:
    """Write a blank intake workbook."""
    from greenland.energy.case.book import write_intake

    click.echo(_("已写出：{path}", path=str(write_intake(folder))))


@energy.command(
    "convert", cls=Command, help=N_("案例在 YAML 与收资清单（Excel）之间转换，内容不变。")
)
@case_argument
@click.argument("target", metavar="TARGET", type=click.Path(dir_okay=False, path_type=Path))
@lang_option
@input_errors_exit
def convert_command(case: Path, target: Path) -> None:
    """Write a case in its other form."""
    from greenland.energy.case.book import convert_case

    click.echo(_("已写出：{path}", path=str(convert_case(case, target))))


@energy.command("check", cls=Command, help=N_("检查案例文件和曲线，列出全部问题，不求解。"))
@case_argument
@click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出。"))
@lang_option
def check_command(case: Path, as_json: bool) -> None:
    """List every problem of a case; exit 1 when there is an error."""
    from greenland.energy.case_checks import case_problems

    problems = case_problems(case)
    if as_json:
        echo_data(to_json([item.as_record() for item in problems]))
    else:
        echo_problems(problems)
        click.echo(count_line(problems))
    if any(item.severity is Severity.ERROR for item in problems):
        raise SystemExit(EXIT_DATA)


@energy.command(
    "explain", cls=Command, help=N_("解释结果：哪些要求冲突、各项限制值多少、什么决定了容量。")
)
@case_argument
@engine_option
@lang_option
@input_errors_exit
def explain_command(case: Path, engine: str | None) -> None:
    """Explain the plan of a case in sentences."""
    from greenland.energy.evaluate import explain_file

    steps = Steps(1)
    with steps, steps("energy"):
        explained = explain_file(case, engine=engine)
    for sentence in explained.sentences:
        click.echo(sentence)


@energy.command(
    "report", cls=Command, help=N_("测算一个案例，写出 report.html、results.xlsx 和 results.json。")
)
@case_argument
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("输出文件夹；默认为案例文件旁的 out。"),
)
@engine_option
@form_options
@lang_option
@input_errors_exit
def report_command(
    case: Path,
    out: Path | None,
    engine: str | None,
    pdf: bool,
    docx: bool,
    templates: Path | None,
    length: str,
) -> None:
    """Size a case and write its report, without a park around it."""
    from greenland.energy.case.inputs import case_hashes
    from greenland.results_record import assess_case, write_record

    check_forms(pdf=pdf, docx=docx)
    target = out or case.parent / "out"
    prepare(target)
    steps = Steps(2)
    with steps, steps("energy"):
        inputs = case_hashes(case)
        record = assess_case(case, engine=engine)
    with output_set(target) as staged, steps, steps.doing(_("写出报告")):
        names = write_forms(
            record, staged.path, pdf=pdf, docx=docx, templates=templates, length=length
        )
        names.append(write_record(staged.path / RESULTS, record).name)
        staged.write_manifest(greenland.__version__, inputs, rules_hash(record))
    for name in names:
        click.echo(_("已写出：{path}", path=str(target / name)))


def _evaluated(case: Path, engine: str | None) -> EnergyResult:
    from greenland.energy.evaluate import evaluate_file

    steps = Steps(1)
    with steps, steps("energy"):
        return evaluate_file(case, engine=engine)


def write_json(record: dict[str, Any], path: Path) -> None:
    """Write a record as JSON; ``-`` is standard output."""
    text = to_json(record)
    if str(path) == "-":
        echo_data(text)
        return
    try:
        files.write_text(path, text + "\n")
    except OSError as error:
        raise unwritable(path, error) from error


def _write_hourly(result: EnergyResult, paths: Mapping[str, Path | None]) -> None:
    from greenland.energy.hourly import write_hourly

    for form, path in paths.items():
        if path is not None:
            write_hourly(result.plan, path, form)


def _record_of(result: EnergyResult) -> EnergyRecord:
    """What there is to say of a result, without its hours and rules."""
    from greenland.record.energy.energy import EnergyRecord

    said = replace(result, rulebook=None).to_record(with_schedule=False)
    return EnergyRecord.model_validate(said)


def _write_statements(result: EnergyResult, path: Path) -> None:
    from greenland.report.excel.statements import write_statements

    finance = _record_of(result).finance
    if finance is None:
        raise input_error(
            "no_finance",
            _("案例没有 finance，没有财务报表可写。"),
            remedy=_("请在案例里加上 finance，见 docs/energy-finance.md。"),
        )
    write_statements(path, finance, title=result.loaded.case.name)


def print_plan(result: EnergyResult) -> None:
    """Capacities, shares and costs as short tables, or why there is no plan."""
    from greenland.energy.problem.solution import STATUS_LABELS, gap_text
    from greenland.report.chosen import chosen, rounding_cost
    from greenland.report.labels import name as label
    from greenland.report.naming import Naming

    plan = result.plan
    engine = plan.engine
    status = _(STATUS_LABELS[plan.status]) + gap_text(plan.status, plan.quality.gap)
    click.echo(_("状态：{status}（{engine}）", status=status, engine=engine))
    for one in result.packs:
        click.echo(_("规则包：{pack}（{why}）", pack=one.title, why=one.why))
    if result.infeasibility is not None:
        click.echo(str(result.infeasibility.text))
    if not plan.status.has_plan:
        return
    record = _record_of(result)
    naming, sized = Naming(record), chosen(record.plan)
    values = sized.capacities or {}
    titles = {key: one.title for key, one in naming.capacities(values).items()}
    rows = [{"name": titles[key], "value": value} for key, value in values.items()]
    echo_table({"name": _("容量"), "value": "MW / MWh"}, rows)
    shares = [
        {"name": label(str(key)), "value": f"{float(v):.2%}"}
        for key, v in plan.ratios.items()
        if v == v
    ]
    echo_table({"name": _("比例"), "value": ""}, shares)
    costs = [
        {"name": naming.cost(row), "value": in_wan(row.yuan_per_year or 0.0)} for row in sized.costs
    ]
    costs.append({"name": _("合计"), "value": in_wan(plan.annual_cost)})
    echo_table({"name": _("年费用"), "value": _("万元/年")}, costs)
    if record.finance is not None:
        _print_finance(record.finance)
    if record.tariffs:
        _print_tariffs(record.tariffs)
    if result.cross_check is not None:
        click.echo(_("交叉校核：{text}", text=result.cross_check.text))
    for row in record.plan.binding:
        if row.worth is not None:
            click.echo(str(row.text))
    if result.rounding is not None:
        click.echo(rounding_cost(record.plan))
    if record.study is not None:
        _print_study(record.study, naming)


def _print_finance(finance: FinanceRecord) -> None:
    """Key figures of the money over the years."""
    from greenland.report.sections.energy.money import finance_figures

    rows = [
        {"name": item.title, "value": f"{item.value} {item.unit}".strip()}
        for item in finance_figures(finance)
    ]
    echo_table({"name": _("财务指标"), "value": ""}, rows)


def _print_tariffs(tariffs: Sequence[TariffChoice]) -> None:
    """What each way of paying for the grid costs, and what has to be known before it is taken."""
    echo_table(
        {
            "title": _("电价方式"),
            "cost": _("年成本（万元/年）"),
            "chosen": _("采用"),
            "note": _("说明"),
        },
        [
            {
                "title": str(row.title),
                "cost": None if row.annual_cost is None else row.annual_cost / 1e4,
                "chosen": _("是") if row.chosen else "",
                "note": row.note or "",
            }
            for row in tariffs
        ],
    )


def _print_study(study: StudyRecord, naming: Naming) -> None:
    """What each price moves, and what more own electricity costs [万元/年]."""
    from greenland.energy.problem.solution import STATUS_LABELS, Status, gap_text

    def wan(value: float | None) -> float | None:
        return None if value is None else value / 1e4

    echo_table(
        {"name": _("变动的价格"), "low": _("低（万元/年）"), "high": _("高（万元/年）")},
        [
            {
                "name": naming.parameter(row),
                "low": wan(row.low_result),
                "high": wan(row.high_result),
            }
            for row in study.tornado
        ],
    )
    echo_table(
        {
            "required": _("自用占用电不低于"),
            "cost": _("年成本（万元/年）"),
            "status": _("求解状态"),
        },
        [
            {
                "required": f"{row.required:.0%}",
                "cost": wan(row.annual_cost),
                "status": _(STATUS_LABELS[Status(row.status)])
                + gap_text(Status(row.status), row.gap),
            }
            for row in study.pareto
        ],
    )
