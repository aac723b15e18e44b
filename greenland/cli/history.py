"""``greenland history``: key results kept from year to year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from greenland.cli.common import (
    Group,
    echo_data,
    echo_table,
    input_errors_exit,
    lang_option,
    table_options,
    to_csv,
    to_json,
)
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import N_, _

if TYPE_CHECKING:
    from greenland.history import Entry, Kept

P = ParamSpec("P")
R = TypeVar("R")
RESULTS = "results.json"

where_option = click.option(
    "--history",
    "where",
    metavar="FILE|URL",
    default="history.duckdb",
    show_default=True,
    help=N_("历史库：DuckDB 文件，或 SQLAlchemy 写法的数据库地址。"),
)


@click.group(
    cls=Group, help=N_("历史库：各园区各年度的主要结果，供比较变动和趋势，不需要保留旧的文件夹。")
)
def history() -> None:
    """Hold the commands."""


def chosen(command: Callable[P, R]) -> Callable[P, R]:
    """Add the options that choose parks, years and keys."""
    for option in (
        click.option("--key", "keys", multiple=True, help=N_("只列所给的指标，可重复给出。")),
        click.option("--year", "years", type=int, multiple=True, help=N_("只列所给的年度。")),
        click.option("--park", "parks", multiple=True, help=N_("只列所给的园区，写代码或名称。")),
    ):
        command = option(command)
    return command


@history.command(
    "add",
    help=N_("存入评价结果：results.json 文件，或含有它的文件夹；同一园区同一年度的以新换旧。"),
)
@click.argument(
    "results",
    metavar="RESULTS...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@where_option
@lang_option
@input_errors_exit
def add(results: tuple[Path, ...], where: str) -> None:
    """Keep the key results of assessments; all of them or none."""
    keep(where, _entries(results))


def keep(where: str, entries: Iterable[Entry]) -> None:
    """Put entries into a history and say so."""
    from greenland.history import History

    with History(where) as found:
        count = found.add(entries)
        click.echo(_("已存入历史库 {where}：{count} 个园区年度", where=found.where, count=count))


def check_history(where: str | None) -> None:
    """Find out before anything is computed that a history cannot be kept.

    Raises
    ------
    MissingExtraError
        If the libraries for it are not installed.
    InputError
        If the URL is not understood.
    """
    from greenland.history import History

    if where is not None:
        History(where).close()


def _entries(paths: Iterable[Path]) -> list[Entry]:
    """What is kept of each file; every file that cannot be read is told of."""
    from greenland.history import entry_of
    from greenland.record.reading import read_record

    entries: dict[Any, Entry] = {}
    problems: list[Problem] = []
    for path in _files(paths):
        try:
            record = read_record(path)
            if record.scope != "park":
                raise _energy_alone(path)
        except InputError as error:
            problems.extend(error.problems)
            continue
        entry = entry_of(record)
        if entry.key in entries:
            problems.append(_twice(entry, path))
        entries[entry.key] = entry
    if problems:
        raise InputError(problems)
    return list(entries.values())


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = [place / RESULTS for place in (path, path / "out") if (place / RESULTS).is_file()]
        if not found:
            raise input_error(
                "results_missing",
                _("文件夹中没有 {file}。", file=RESULTS),
                remedy=_("请先运行 greenland assess，或直接给出文件。"),
                file=str(path),
            )
        yield found[0]


def _energy_alone(path: Path) -> InputError:
    return input_error(
        "results_scope",
        _("这是单独的绿电直连方案，不是园区的评价结果。"),
        remedy=_("历史库只存园区的评价结果。"),
        file=str(path),
    )


def _twice(entry: Entry, path: Path) -> Problem:
    return Problem(
        Severity.ERROR,
        "results_twice",
        _("园区“{park}”{year} 年度的结果给出了两份。", park=entry.park, year=entry.year),
        _("请只给出其中一份；不同的园区请在 park.yaml 中写明不同的 code。"),
        file=str(path),
    )


@history.command("show", help=N_("列出历史库中的主要结果。"))
@where_option
@chosen
@table_options
@lang_option
@input_errors_exit
def show(
    where: str,
    parks: tuple[str, ...],
    years: tuple[int, ...],
    keys: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print what is kept, a row for each key result."""
    rows = [_row(item) for item in _read(where, parks, years, keys)]
    if as_json:
        echo_data(to_json(rows))
    elif as_csv:
        echo_data(to_csv(rows), nl=False)
    else:
        columns = {
            "park": _("园区代码"),
            "name": _("园区名称"),
            "year": _("年度"),
            "key": _("指标"),
            "title": _("名称"),
            "value": _("数值"),
            "unit": _("单位"),
            "kept_at": _("存入时间（UTC）"),
            "version": _("greenland 版本"),
        }
        echo_table(columns, [{**row, "year": str(row["year"])} for row in rows])


def _read(
    where: str, parks: tuple[str, ...], years: tuple[int, ...], keys: tuple[str, ...]
) -> list[Kept]:
    from greenland.history import History

    _known(keys)
    with History(where) as found:
        return found.rows(parks=parks or None, years=years or None, keys=keys or None)


def _known(keys: Iterable[str]) -> None:
    """Refuse keys there are none of."""
    from greenland.key_results import KEYS
    from greenland.yamlfile import nearest

    problems = []
    for key in keys:
        if key not in KEYS:
            guess = nearest(key, list(KEYS))
            problems.append(
                Problem(
                    Severity.ERROR,
                    "history_key",
                    _("没有“{key}”这个指标。", key=key),
                    _("是否应为“{guess}”？", guess=guess) if guess else "",
                    got=key,
                    allowed="、".join(KEYS),
                )
            )
    if problems:
        raise InputError(problems)


def _row(item: Kept) -> dict[str, Any]:
    from greenland.key_results import KEYS

    title = _(KEYS[item.key].title) if item.key in KEYS else item.key
    return {
        "park": item.park,
        "name": item.name,
        "year": item.year,
        "key": item.key,
        "title": title,
        "value": item.value,
        "unit": item.unit,
        "kept_at": item.kept_at,
        "version": item.version,
    }


@history.command("trend", help=N_("并列各年度的主要结果，并列出末年较上一年的变动。"))
@where_option
@chosen
@table_options
@lang_option
@input_errors_exit
def trend(
    where: str,
    parks: tuple[str, ...],
    years: tuple[int, ...],
    keys: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print the years side by side, and how the last differs from the one before."""
    rows = _trend(_read(where, parks, years, keys))
    if as_json:
        echo_data(to_json(rows))
    elif as_csv:
        echo_data(to_csv(rows), nl=False)
    else:
        seen = [name for name in (rows[0] if rows else ()) if name.isdecimal()]
        columns = {
            "park": _("园区代码"),
            "name": _("园区名称"),
            "title": _("名称"),
            "unit": _("单位"),
            **{name: name for name in seen},
            "change": _("较上一年"),
        }
        echo_table(columns, rows)


def _trend(kept: Iterable[Kept]) -> list[dict[str, Any]]:
    """A row for each park and key with its years; the change is that of the last two years."""
    rows = list(kept)
    years = sorted({item.year for item in rows})
    found: dict[tuple[str, str], dict[int, Kept]] = {}
    for item in rows:
        found.setdefault((item.park, item.key), {})[item.year] = item
    table = []
    for (park, key), by_year in found.items():
        newest = by_year[max(by_year)]
        line = _row(newest)
        values = {year: by_year[year].value if year in by_year else None for year in years}
        last, before = values[years[-1]], values.get(years[-1] - 1)
        table.append(
            {
                "park": park,
                "name": newest.name,
                "key": key,
                "title": line["title"],
                "unit": newest.unit,
                **{str(year): value for year, value in values.items()},
                "change": None if last is None or before is None else last - before,
            }
        )
    return table
