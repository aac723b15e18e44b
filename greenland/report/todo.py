"""What is to be done, item by item: which parcel, firm or project, by which clause, by when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from greenland.errors import Severity
from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.land.admission import AdmissionRecord
from greenland.record.land.exit import ExitRecord
from greenland.record.land.standard_land import StandardLandCheck, StandardLandRecord
from greenland.record.land.stock import StockRecord
from greenland.record.record import Record, if_made
from greenland.report import formatters as fmt
from greenland.report.blocks import Rules
from greenland.report.context import Report
from greenland.report.labels import label, name, value_label
from greenland.report.tables import Table, TableColumn, with_unit
from greenland.results import State

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OFF = (State.FAILED, State.OVERDUE)


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing to do.

    Parameters
    ----------
    group : str
        What it belongs to.
    id, holder : str, optional
        The parcel, project, place in the data; who has it.
    matter : str
    by : str
        An ISO date, or words.
    rule_ids : tuple
        Rules it rests on.
    basis : str
        What it rests on that is no rule.
    reason : str
        What was found.
    end : str, optional
        The day *by* means when it is words [ISO date].
    """

    group: str
    id: str | None
    holder: str | None
    matter: str
    by: str | None
    rule_ids: tuple[str | None, ...] = ()
    basis: str = ""
    reason: str = ""
    end: str | None = None

    @property
    def due(self) -> str | None:
        """The day it is due [ISO date]; None when it hangs on an event."""
        return self.end or (self.by if self.by and _DAY.fullmatch(self.by) else None)


def todo_table(report: Report) -> Table | None:
    """Things to do with empty columns for who does them and the evidence; None without any.

    Parameters
    ----------
    report : Report

    Returns
    -------
    Table, optional
        What is due at once or overdue first, then by date; dates are ISO text.
    """
    record, rules = report.record, report.rules
    day = (record.park.as_of or "")[:10]
    items = [*_unmet(report), *_items(record)]
    items.sort(key=_order)
    rows = [_row(place, item, rules, day) for place, item in enumerate(items, start=1)]
    if not rows:
        return None
    columns = (
        TableColumn("place", _("序号"), kind="int"),
        TableColumn("id", _("对象")),
        TableColumn("holder", _("使用权人或项目")),
        TableColumn("group", _("类别")),
        TableColumn("matter", _("事项")),
        TableColumn("document", _("文件")),
        TableColumn("clause", _("条款")),
        TableColumn("by", _("期限"), kind="date"),
        TableColumn("urgency", _("是否到期")),
        TableColumn("reason", _("现状")),
        TableColumn("person", _("责任人"), kind="blank"),
        TableColumn("proof", _("佐证材料"), kind="blank"),
    )
    note = _("逐宗、逐项目列出；责任人、佐证材料由园区填写。")
    return Table("table-todo", _("待办"), columns, tuple(rows), note)


def _order(item: _Item) -> tuple[int, str]:
    """At once, then by date, then what hangs on an event."""
    if item.by == _("立即"):
        return (0, "")
    return (1, item.due) if item.due else (2, "")


def _row(place: int, item: _Item, rules: Rules, day: str) -> dict[str, Any]:
    found = [rule for rule_id in dict.fromkeys(item.rule_ids) if (rule := rules.get(rule_id))]
    documents = list(dict.fromkeys([rule.document for rule in found if rule.document]))
    clauses = list(dict.fromkeys([rule.clause for rule in found if rule.clause]))
    past = item.by == _("立即") or (item.due is not None and bool(day) and item.due <= day)
    return {
        "place": place,
        "id": item.id,
        "holder": item.holder,
        "group": item.group,
        "matter": item.matter,
        "document": _("；").join([*documents, *([item.basis] if item.basis else [])]),
        "clause": _("；").join(clauses),
        "by": item.by,
        "urgency": _("已到期") if past else _("未到期"),
        "reason": item.reason,
    }


def _unmet(report: Report) -> Iterator[_Item]:
    """Requirements of the park as a whole, or of the energy project, that are not met."""
    for row in report.failed:
        yield _Item(
            _("未达到的要求"),
            report.park,
            None,
            _("{subject}：要求 {required}", subject=row.subject, required=row.required)
            if row.required not in ("", fmt.DASH)
            else row.subject,
            _("{year} 年度", year=report.record.year),
            (row.rule_id,),
            "" if row.rule_id else row.basis,
            _("实际 {value}", value=row.value) if row.value else row.reason,
            f"{report.record.year}-12-31",
        )


def _items(record: Record) -> Iterator[_Item]:
    land = record.land
    yield from _standard(if_made(land.standard_land))
    yield from _exits(if_made(land.exit))
    yield from _stock(if_made(land.stock))
    yield from _admissions(if_made(land.admission))
    yield from _checklist(record.park.name, if_made(record.energy))
    yield from _repairs(record)


def _standard(part: StandardLandRecord | None) -> Iterator[_Item]:
    """Parcels that fail or are overdue, then what the documents ask to be done about them."""
    if part is None:
        return
    group = _("“标准地”履约")
    holders = {row.row: row.holder_name for row in part.parcels}
    checks: dict[tuple[int, State], list[StandardLandCheck]] = {}
    for row in part.checks:
        if row.state in _OFF:
            checks.setdefault((row.row, row.state), []).append(row)
    for (number, state), found in checks.items():
        names = fmt.listed([name(row.indicator) for row in found])
        matter = (
            _("组织验收、复核：{names}", names=names)
            if state is State.OVERDUE
            else _("整改：{names}", names=names)
        )
        own = [row.basis for row in found if row.basis and not row.rule_id]
        yield _Item(
            group,
            found[0].parcel_id,
            holders.get(number),
            matter,
            _("立即"),
            tuple(row.rule_id for row in found),
            fmt.listed([value_label("basis", one) for one in dict.fromkeys(own)]) if own else "",
            _("；").join(_gap(row) for row in found),
        )
    for breach in part.breaches:
        yield _Item(
            group,
            breach.parcel_id,
            holders.get(breach.row),
            value_label("measure", breach.measure),
            _("立即"),
            (breach.rule_id,),
            reason=str(breach.reason or ""),
        )


def _gap(row: StandardLandCheck) -> str:
    """The value against what is required, with units."""
    sign = {">=": "≥", "<=": "≤"}.get(str(row.direction), str(row.direction))
    value, required = (with_unit(one, row.indicator) for one in (row.value, row.required))
    if value == required and row.value is not None and row.required is not None:
        missing = row.value - row.required
        value = _(
            "{said}（{reason}）",
            said=value,
            reason=fmt.points(missing, 3)
            if label(row.indicator).kind == "share"
            else fmt.signed(missing),
        )
    required = f"{sign} {required}"
    said = _(
        "{name} {value}，要求 {required}",
        name=name(row.indicator),
        value=value,
        required=required,
    )
    return _("{said}（{reason}）", said=said, reason=str(row.reason)) if row.reason else said


def _exits(part: ExitRecord | None) -> Iterator[_Item]:
    for row in () if part is None else part.parcels:
        if row.decision == "keep":
            continue
        matter = value_label("decision", row.decision)
        if row.route:
            route = value_label("route", row.route)
            matter = _("{said}（{reason}）", said=matter, reason=route)
        yield _Item(
            _("退出与提升"),
            row.parcel_id,
            row.holder_name,
            matter,
            row.by_date,
            (row.rule_id,),
            reason=str(row.evidence or row.gap or ""),
        )


def _stock(part: StockRecord | None) -> Iterator[_Item]:
    if part is None:
        return
    for idle in part.idle:
        what = value_label("consequence", idle.consequence) if idle.consequence else ""
        if idle.consequence == "fee" and idle.fee_wan is not None:
            what = _("{said}（{reason}）", said=what, reason=fmt.wan(idle.fee_wan))
        yield _Item(
            _("闲置土地"),
            idle.parcel_id,
            idle.holder_name,
            _("处置闲置土地：{what}", what=what) if what else _("处置闲置土地"),
            _("立即") if idle.consequence == "take_back" else idle.take_back_date,
            (idle.rule_id, idle.consequence_rule_id),
            reason=value_label("definition", idle.definition) if idle.definition else "",
        )
    for plot in part.unsupplied:
        if plot.state in (State.OVERDUE, State.NOT_DUE):
            late = plot.state is State.OVERDUE
            yield _Item(
                _("批而未供"),
                plot.parcel_id,
                None,
                _("核实批文是否失效，失效的重新报批") if late else _("批文失效前完成供应"),
                _("立即") if late else plot.lapse_date,
                (plot.rule_id,),
                reason=str(plot.reason or ""),
            )
    for coming in part.forecast:
        yield _Item(
            _("闲置土地"),
            coming.parcel_id,
            coming.holder_name,
            _("提醒使用权人动工或复工，避免构成闲置"),
            coming.becomes_idle_on,
            (coming.rule_id,),
            reason=str(coming.reason or ""),
        )


def _admissions(part: AdmissionRecord | None) -> Iterator[_Item]:
    if part is None:
        return
    failed: dict[str | None, list[str | None]] = {}
    for row in part.checks:
        if row.state in _OFF:
            failed.setdefault(row.project_id, []).append(row.rule_id)
    for project in part.projects:
        if project.verdict == "conditional":
            yield _Item(
                _("项目准入"),
                project.project_id,
                project.project_name,
                _("与项目方议定用地"),
                _("入园前"),
                tuple(failed.get(project.project_id, ())),
                reason=str(project.reason or ""),
            )


def _checklist(park: str, part: EnergyRecord | None) -> Iterator[_Item]:
    for row in () if part is None else part.checklist:
        if row.applies and row.answer in ("no", "unknown"):
            yield _Item(
                _("绿电直连申报"),
                park,
                None,
                str(row.title or value_label("item", row.item)),
                _("申报前"),
                (row.rule_id,),
                "" if row.rule_id else str(row.source or ""),
                _("是否具备：{answer}", answer=value_label("answer", row.answer)),
            )


def _repairs(record: Record) -> Iterator[_Item]:
    for row in record.problems:
        if row.severity is Severity.ERROR:
            place = _place((row.file, row.sheet, row.row, row.column))
            yield _Item(
                _("数据"),
                place,
                None,
                str(row.remedy or row.message),
                _("下次评价前"),
                reason=str(row.message) if row.remedy else "",
            )


def _place(parts: Iterable[Any]) -> str:
    """Where in the input, from the file to the column."""
    return " ".join(str(part) for part in parts if part is not None)
