"""``greenland init``, ``validate`` and ``rules``: the input side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from greenland.cli.common import (
    EXIT_DATA,
    Command,
    count_line,
    echo_data,
    echo_problems,
    echo_table,
    input_errors_exit,
    lang_option,
    park_argument,
    to_json,
)
from greenland.i18n import N_, _

if TYPE_CHECKING:
    from greenland.errors import Problem
    from greenland.park import Park
    from greenland.rules import Rule, Rulebook


@click.command(
    cls=Command, help=N_("在 DIR 中建立空白的 park.yaml 和 park.xlsx；--example 则复制示例园区。")
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--example", is_flag=True, help=N_("写出已填好的示例园区（数据为虚构）。"))
@lang_option
@input_errors_exit
def init(folder: Path, example: bool) -> None:
    """Write a blank park folder, or the example."""
    from greenland.park import write_blank, write_example

    written = (write_example if example else write_blank)(folder)
    for path in written:
        click.echo(_("已写出：{path}", path=str(path)))
    click.echo(_("下一步：填写后运行 greenland validate {folder}", folder=str(folder)))


@click.command(
    "map",
    cls=Command,
    help=N_("把自己台账的表名、列名、单位、取值与字典对照，写出 mapping.yaml 供核对。"),
)
@park_argument
@click.option("--confirm", is_flag=True, help=N_("核对之后，确认全部推测。"))
@click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出。"))
@lang_option
@input_errors_exit
def map_headings(folder: Path, confirm: bool, as_json: bool) -> None:
    """Write ``mapping.yaml`` and list what is certain, guessed and unmatched."""
    from greenland.park.config import workbook_name
    from greenland.park.mapping import write_mapping

    written = write_mapping(folder, workbook=workbook_name(folder), confirm=confirm)
    entries = written.entries()
    if as_json:
        echo_data(to_json(entries))
        return
    labels = {
        "certain": _("确定"),
        "guessed": _("推测"),
        "unmatched": _("未匹配"),
        "decided": _("已填写"),
    }
    columns = {
        "sheet": _("工作表"),
        "heading": _("列名或取值"),
        "target": _("对照为"),
        "unit": _("单位"),
        "match": _("依据"),
        "used": _("使用"),
    }
    asked = [row for row in entries if row["match"] != "certain"]
    if asked:
        echo_table(columns, [{**row, "match": labels[row["match"]]} for row in asked])
    if len(asked) < len(entries):
        click.echo(_("另有 {n} 条与字典一致，没有列出。", n=len(entries) - len(asked)))
    click.echo(_("已写出：{path}", path=str(written.path)))
    waiting = sum(1 for row in entries if row["match"] == "guessed" and not row["used"])
    if waiting:
        click.echo(
            _(
                "有 {n} 条推测等待确认：逐条写 confirm: true，"
                "或核对后运行 greenland map {folder} --confirm。",
                n=waiting,
                folder=str(folder),
            )
        )
    click.echo(_("下一步：greenland validate {folder}", folder=str(folder)))


@click.command(cls=Command, help=N_("检查园区文件夹的全部数据，列出每一处问题。"))
@park_argument
@click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出。"))
@lang_option
@input_errors_exit
def validate(folder: Path, as_json: bool) -> None:
    """Print every problem of the input."""
    from greenland.input_check import check_input

    checked = check_input(folder)
    problems = checked.problems
    if as_json:
        echo_data(to_json([problem.as_record() for problem in problems]))
    else:
        _echo_findings(checked.park, problems)
    if checked.has_errors:
        raise SystemExit(EXIT_DATA)


def _echo_findings(park: Park, problems: Sequence[Problem]) -> None:
    """Print where each table was read, and every problem."""
    for source in park.sources.values():
        click.echo(_("读取：{source}", source=str(source)))
    if problems:
        echo_problems(problems)
        click.echo(count_line(problems))
    else:
        click.echo(_("没有发现问题。"))


@click.command(cls=Command, help=N_("列出规则包中的规则：数值、文号、条款、有效期和可信度。"))
@click.argument("words", metavar="[WORD]...", nargs=-1)
@click.option("--pack", "packs", multiple=True, help=N_("规则包名称，可重复；默认为全部。"))
@click.option("--year", type=int, help=N_("按该年份末有效的条文；默认为今年。"))
@click.option(
    "--park",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=N_("按该园区的规则包、年份和自定值列出。"),
)
@click.option(
    "--check",
    "checking",
    is_flag=True,
    help=N_("核对规则：各可信度的条数、没有数值的、一年内到期的、没有用到的。"),
)
@click.option("--json", "as_json", is_flag=True, help=N_("以 JSON 输出。"))
@lang_option
@input_errors_exit
def rules(
    words: tuple[str, ...],
    packs: tuple[str, ...],
    year: int | None,
    folder: Path | None,
    checking: bool,
    as_json: bool,
) -> None:
    """List or check the rules in force, filtered by words in id, title or document."""
    books = _books(packs, year, folder)
    if checking:
        from greenland.cli.rule_check import echo_check

        found = [rule for book in books for rule in book.all_rules if _matches(rule, words)]
        echo_check(found, year, as_json=as_json)
        return
    chosen = [
        rule for book in books for _id, rule in sorted(book.rules.items()) if _matches(rule, words)
    ]
    if as_json:
        echo_data(to_json([rule.as_record() for rule in chosen]))
        return
    echo_table(_rule_columns(), [_rule_row(rule) for rule in chosen])
    click.echo(_("{year} 年有效的规则 {n} 条", year=books[0].year, n=len(chosen)))


def _books(packs: tuple[str, ...], year: int | None, folder: Path | None) -> list[Rulebook]:
    """The rules of a park, of packs one over the other, or of every pack for itself."""
    from greenland.rules import available_packs, load_rulebook

    if folder is not None:
        from greenland.park import read_config

        return [read_config(folder).load_rules()]
    if packs:
        return [load_rulebook(packs, year)]
    return [load_rulebook((name,), year) for name in _by_reach(available_packs())]


def _matches(rule: Rule, words: tuple[str, ...]) -> bool:
    text = f"{rule.id} {rule.title} {rule.title_en} {rule.source}".lower()
    return all(word.lower() in text for word in words)


def _by_reach(names: list[str]) -> list[str]:
    """Packs from the most general to the most local, so that the local ones win."""
    known = ["national", "yunnan", "chuxiong"]
    return [name for name in known if name in names] + [n for n in names if n not in known]


def _rule_columns() -> dict[str, str]:
    return {
        "id": _("编号"),
        "title": _("名称"),
        "value": _("数值"),
        "unit": _("单位"),
        "source": _("依据"),
        "valid": _("有效期"),
        "confidence": _("可信度"),
        "pack": _("规则包"),
    }


def _rule_row(rule: Any) -> dict[str, Any]:
    from greenland.rules.rule import CONFIDENCE_LABELS

    value = rule.value
    if isinstance(value, dict | list):
        value = _("{n} 项（见 --json）", n=len(value))
    span = f"{rule.valid_from or ''}–{rule.valid_to or ''}"
    return {
        "id": rule.id,
        "title": rule.name,
        "value": _("须由园区提供") if value is None else str(value),
        "unit": rule.unit,
        "source": rule.source,
        "valid": "—" if span == "–" else span,
        "confidence": _(CONFIDENCE_LABELS[rule.confidence]),
        "pack": _("自定") if rule.overridden else rule.pack,
    }
