"""``greenland province``: many park folders, one report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import greenland
from greenland.cli.common import EXIT_DATA, Command, echo_table, input_errors_exit, lang_option
from greenland.cli.common import to_json as as_json
from greenland.cli.history import check_history, keep
from greenland.cli.progress import Steps
from greenland.i18n import N_, _, language
from greenland.outputs import output_set, prepare
from greenland.report.forms import check_forms
from greenland.workers import side_by_side

if TYPE_CHECKING:
    from greenland.province import ProvinceResult
    from greenland.province.member import Failed

SHOWN_FAILED = 20


@click.command(
    cls=Command,
    help=N_("汇总一个文件夹下的全部园区：排名和进退、全省目标、合计、试点次序、离群值。"),
)
@click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("输出文件夹；默认为所给文件夹下的 out。"),
)
@click.option(
    "--previous",
    type=click.Path(exists=True, path_type=Path),
    help=N_("上年：汇总报告的文件夹或 province.json，或各园区结果所在的文件夹。"),
)
@click.option(
    "--history",
    metavar="FILE|URL",
    help=N_("历史库：从中取以前年度的结果，并存入本次的；同一园区同一年度的以新换旧。"),
)
@click.option(
    "--reports",
    type=click.Choice(("none", "brief", "standard")),
    default="brief",
    show_default=True,
    help=N_("是否写出各园区自己的报告：none 不写、brief 简本、standard 标准本和 Excel。"),
)
@click.option("--no-energy", is_flag=True, help=N_("不做绿电直连规模测算。"))
@click.option("--docx", "--word", "docx", is_flag=True, help=N_("另存 Word 文件 province.docx。"))
@lang_option
@input_errors_exit
@side_by_side("greenland.province.park_work")
def province(
    folder: Path,
    out: Path | None,
    previous: Path | None,
    history: str | None,
    reports: str,
    no_energy: bool,
    docx: bool,
) -> None:
    """Evaluate every park of a folder and write one report."""
    from greenland.province import evaluate
    from greenland.report.province.excel import write_province_excel
    from greenland.report.province.page import render_province

    check_history(history)
    check_forms(pdf=False, docx=docx)
    target = out or folder / "out"
    prepare(target)
    parks, telling = Steps(0), _Telling()
    with parks:
        result = evaluate(
            folder,
            out=target,
            length=None if reports == "none" else reports,
            energy=not no_energy,
            previous=previous,
            history=history,
            watch=parks.parks,
            tell=lambda failed: telling.tell(failed, parks),
        )
    telling.close()
    steps = Steps(1)
    record = result.to_record()
    with output_set(target) as staged, steps, steps.doing(_("写出报告")):
        html = render_province(record, language=language())
        (staged.path / "province.html").write_text(html, encoding="utf-8", newline="\n")
        write_province_excel(staged.path / "province.xlsx", record, language=language())
        if docx:
            from greenland.report.province.word import write_province_docx

            write_province_docx(staged.path / "province.docx", record, language=language())
        text = as_json(record) + "\n"
        (staged.path / "province.json").write_text(text, encoding="utf-8", newline="\n")
        staged.write_manifest(greenland.__version__, {}, "")
    _tell(result)
    names = ["province.html", "province.xlsx", *(["province.docx"] if docx else [])]
    for name in (*names, "province.json"):
        click.echo(_("已写出：{path}", path=str(target / name)))
    if history is not None:
        keep(history, result.entries)
    if result.failed:
        raise SystemExit(EXIT_DATA)


class _Telling:
    """Folders without results, said as they come."""

    def __init__(self) -> None:
        self.count = 0

    def tell(self, failed: Failed, steps: Steps) -> None:
        self.count += 1
        if self.count <= SHOWN_FAILED:
            steps.say(_("— {folder}：{reason}", folder=failed.folder, reason=failed.reason))

    def close(self) -> None:
        left = self.count - SHOWN_FAILED
        if left > 0:
            click.echo(_("  ……另有 {n} 项，见报告。", n=left), err=True)


def _tell(result: ProvinceResult) -> None:
    """What came out, in short."""
    from greenland.report.province.page import province_page

    page = province_page(result.to_record())
    click.echo(_("{name} {year} 年度", name=result.name, year=result.year))
    click.echo(page.lead)
    for text, _chapter in page.matters:
        click.echo(f"- {text}")
    rows = [
        {"what": item.title, "value": f"{item.value} {item.unit}".strip(), "of": item.note,
         "change": item.previous}
        for item in page.figures
    ]  # fmt: skip
    columns = {"what": _("项目"), "value": _("合计"), "of": _("有数"), "change": _("变动")}
    echo_table(columns, rows)
