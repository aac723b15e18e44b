"""How a finished profile, and lists beside it, are written and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from greenland.cli.common import echo_data, echo_table, to_json
from greenland.i18n import _


def finish(series: Any, out: Path | None, as_json: bool) -> None:
    """Write a curve and show its provenance and quality."""
    from greenland.energy.profiles import store

    if out is not None:
        if out.suffix.lower() != ".csv":
            raise click.BadParameter(_("文件名应以 .csv 结尾。"), param_hint="--out")
        out.parent.mkdir(parents=True, exist_ok=True)
        store.write(out, series)
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
    assumed = [item["message"] for item in sheet.get("assumptions", [])]
    rows += [(_("说明"), note) for note in source.get("notes", []) if note not in assumed]
    rows += [(_("推定"), text) for text in assumed]
    rows += [(_("提示"), item["message"]) for item in sheet.get("problems", [])]
    columns = {"item": _("项目"), "value": _("值")}
    echo_table(columns, [{"item": item, "value": _cell(value)} for item, value in rows])


def _cell(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.4g}"


def listed(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], as_json: bool) -> None:
    """Print rows as a table, or as JSON."""
    if as_json:
        echo_data(to_json(list(rows)))
        return
    echo_table(columns, rows)
