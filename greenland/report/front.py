"""The first page: what is met, what fails, what to do by when, and five key figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from greenland.evaluations import ASKED, Evaluation
from greenland.i18n import N_, _
from greenland.report import formatters as fmt
from greenland.report.blocks import Figure, Judgement, Section, Task
from greenland.report.labels import label, name, unit_text
from greenland.report.sections.energy.plan import chosen, yearly_saving
from greenland.report.tables import value_text
from greenland.units import MU_PER_HA

Part = Mapping[str, Any]
_WAITING = ("unsupplied", "idle")  # ledgers of land that is not in use


def parts_of(record: Part) -> dict[str, Part]:
    """Evaluated parts of the record by their key; what was not evaluated is left out."""
    land = record.get("land") or {}
    found = {f"land.{key}": part for key, part in land.items() if _evaluated(part)}
    energy = record.get("energy") or {}
    if _evaluated(energy):
        found["energy"] = energy
    return found


def _evaluated(part: Any) -> bool:
    return isinstance(part, Mapping) and bool(part) and part.get("evaluated", True) is not False


def not_evaluated(record: Part) -> list[tuple[str, str]]:
    """Parts that were not evaluated, by name, with the reason."""
    found = ((item, part_of(record, item)) for item in ASKED)
    return [(_(item.short), _reason(part)) for item, part in found if not _evaluated(part)]


def part_of(record: Part, item: Evaluation) -> Any:
    """What the record has of an evaluation; None when it has nothing."""
    programme = (record.get("land") or {}) if item.is_land else record
    return programme.get(item.name)


def _reason(part: Any) -> str:
    if isinstance(part, Mapping) and part.get("reason"):
        return str(part["reason"])
    return _("本次未要求评价。")


def key_figures(record: Part) -> tuple[Figure, ...]:
    """The five figures a manager asks for first, last year's beside them where known."""
    parts = parts_of(record)
    found = (
        _standard_share(parts.get("land.standard_land")),
        _tax(parts.get("land.per_mu")),
        _score(parts.get("land.review")),
        _stock(parts.get("land.stock")),
        _energy(parts.get("energy")),
    )
    return tuple(item for item in found if item is not None)


def _standard_share(part: Part | None) -> Figure | None:
    share = (part or {}).get("share") or {}
    if not share:
        return None
    year = fmt.as_number(share.get("year"))
    path = [row for row in (part or {}).get("path") or [] if fmt.as_number(row.get("year"))]
    path.sort(key=lambda row: row["year"])
    years = [row["year"] for row in path if row.get("standard_land_share") is not None]
    last = year if year is not None else (years[-1] if years else None)
    before = next(
        (r.get("standard_land_share") for r in path if last and r["year"] == last - 1), None
    )
    target = share.get("target")
    return Figure(
        name("standard_land_share"),
        fmt.share(share.get("standard_land_share")),
        previous=_previous(fmt.share(before)) if before is not None else "",
        note=_("目标 {target}", target=fmt.share(target)) if target is not None else "",
        state=str(share.get("state") or ""),
        target="standard-land",
    )


def _previous(text: str) -> str:
    return _("上年 {value}", value=text)


def _tax(part: Part | None) -> Figure | None:
    park = (part or {}).get("park") or {}
    if park.get("tax_per_mu") is None:
        return None
    before = ((part or {}).get("previous") or park.get("previous") or {}).get("tax_per_mu")
    return Figure(
        name("tax_per_mu"),
        fmt.number(park["tax_per_mu"], 2),
        unit_text(label("tax_per_mu").unit),
        _previous(fmt.number(before, 2)) if before is not None else "",
        target="per-mu",
    )


def _score(part: Part | None) -> Figure | None:
    if not part or part.get("land_intensity_score") is None:
        return None
    before = part.get("previous_score")
    return Figure(
        name("land_intensity_score"),
        fmt.number(part["land_intensity_score"], 2),
        unit_text(label("land_intensity_score").unit),
        _previous(fmt.number(before, 2)) if before is not None else "",
        target="review",
    )


def _stock(part: Part | None) -> Figure | None:
    totals = (part or {}).get("totals") or []
    if not totals:
        return None
    rows = [row for row in totals if row.get("ledger") in _WAITING]
    areas = [fmt.as_number(row.get("area_mu")) for row in rows]
    known = [area for area in areas if area is not None]
    missing = sum(int(fmt.as_number(row.get("missing")) or 0) for row in rows)
    return Figure(
        _("批而未供与闲置土地"),
        fmt.number(sum(known) if known else None, 0),
        unit_text(label("area_mu").unit),
        _start_of_year(part or {}),
        note=_("{count} 宗缺面积，未计入", count=missing) if missing else "",
        target="stock",
    )


def _start_of_year(part: Part) -> str:
    """Stock of both ledgers at the start of the assessed year, where the sheet states both."""
    year = str(part.get("as_of") or "")[:4]
    start = {
        row.get("ledger"): fmt.as_number(row.get("stock_ha"))
        for row in part.get("disposal") or []
        if str(row.get("year")) == year
    }
    stated = [area for ledger in _WAITING if (area := start.get(ledger)) is not None]
    if len(stated) < len(_WAITING):
        return ""
    return _("年初 {value} 亩", value=fmt.number(sum(stated) * MU_PER_HA, 0))


def _energy(part: Part | None) -> Figure | None:
    ratios = chosen((part or {}).get("plan") or {}).get("ratios") or {}
    value = ratios.get("self_use_of_consumption")
    if value is None:
        return None
    saving = yearly_saving(part or {})
    note = _("每年节约 {saving}", saving=fmt.yuan(saving)) if saving and saving > 0 else ""
    return Figure(
        name("self_use_of_consumption"),
        value_text(value, "self_use_of_consumption"),
        note=note,
        previous=_("现状：全部网购"),
        target="energy-plan",
    )


def conclusions(sections: Sequence[Section]) -> tuple[list[Judgement], list[Judgement]]:
    """Judgements that are met, and those that fail, of all chapters."""
    rows = [row for section in sections for row in section.verdicts]
    met = [row for row in rows if row.state == "met"]
    failed = [row for row in rows if row.state in ("failed", "overdue")]
    return _once(met), _once(failed)


def _once(rows: list[Judgement]) -> list[Judgement]:
    """Each judgement once: chapters may share one, said by the same rule of the same value."""
    found = {(row.rule_id or row.subject, row.value, row.required): row for row in reversed(rows)}
    return [
        row for row in rows if found[row.rule_id or row.subject, row.value, row.required] is row
    ]


def tasks(record: Part) -> list[Task]:
    """What is to be done, the earliest date first."""
    parts = parts_of(record)
    found = [
        *_overdue(parts.get("land.standard_land")),
        *_exits(parts.get("land.exit")),
        *_idle(parts.get("land.stock")),
        *_admissions(parts.get("land.admission")),
        *_measures(parts.get("land.policy")),
        *_limits(parts.get("energy")),
        *_repairs(record),
    ]
    now = str(_("立即"))
    found.sort(key=lambda task: (task.by != now, task.by == fmt.DASH, task.by))
    day = str((record.get("park") or {}).get("as_of") or "")[:10]
    return [_dated(task, day) for task in found]


def _dated(task: Task, day: str) -> Task:
    """The task, its date marked when it is past on the day of assessment."""
    if task.by[:1].isdigit() and day and task.by <= day:
        return replace(task, by=_("{date}（已过期）", date=task.by))
    return task


def _earliest(rows: Sequence[Part], key: str) -> str:
    dates = sorted(str(row[key]) for row in rows if row.get(key))
    return fmt.date(dates[0]) if dates else fmt.DASH


def _overdue(part: Part | None) -> list[Task]:
    late = [row for row in (part or {}).get("checks") or [] if row.get("state") == "overdue"]
    short = [row for row in (part or {}).get("checks") or [] if row.get("state") == "failed"]
    made = []
    if late:
        plots = len({row.get("parcel_id") for row in late})
        text = _("组织 {count} 宗逾期“标准地”验收、复核", count=plots)
        made.append(Task(text, _("立即"), "table-standard-off"))
    if short:
        plots = len({row.get("parcel_id") for row in short})
        text = _("督促 {count} 宗不达标“标准地”整改", count=plots)
        made.append(Task(text, _earliest(short, "by_date"), "table-standard-off"))
    return made


def _exits(part: Part | None) -> list[Task]:
    made = []
    for decision, words in (
        ("exit", N_("启动 {count} 宗土地退出程序")),
        ("supervise", N_("对 {count} 宗土地重点监管")),
        ("improve", N_("督促 {count} 宗土地限期提升")),
    ):
        rows = [r for r in (part or {}).get("parcels") or [] if r.get("decision") == decision]
        if rows:
            text = _(words, count=len(rows))
            made.append(Task(text, _earliest(rows, "by_date"), "table-exit-parcels"))
    return made


def _idle(part: Part | None) -> list[Task]:
    made = []
    idle = (part or {}).get("idle") or []
    rows = [r for r in idle if r.get("consequence") == "take_back"]
    if rows:
        text = _("对 {count} 宗已满收回期限的闲置土地启动收回程序", count=len(rows))
        made.append(Task(text, _("立即"), "table-stock-idle"))
    rows = [r for r in idle if r.get("consequence") != "take_back"]
    if rows:
        text = _("处置 {count} 宗闲置土地（最早可收回日期见右）", count=len(rows))
        made.append(Task(text, _earliest(rows, "take_back_date"), "table-stock-idle"))
    waiting = (part or {}).get("unsupplied") or []
    rows = [r for r in waiting if r.get("state") == "overdue"]
    if rows:
        text = _("核实 {count} 宗批文已满有效期的批而未供土地，失效的重新报批", count=len(rows))
        made.append(Task(text, _("立即"), "table-stock-unsupplied"))
    rows = [r for r in waiting if r.get("state") == "not_due"]
    if rows:
        text = _("供应 {count} 宗批而未供土地，避免批文失效", count=len(rows))
        made.append(Task(text, _earliest(rows, "lapse_date"), "table-stock-unsupplied"))
    rows = (part or {}).get("forecast") or []
    if rows:
        text = _("提醒 {count} 宗即将构成闲置的宗地", count=len(rows))
        made.append(Task(text, _earliest(rows, "becomes_idle_on"), "table-stock-forecast"))
    return made


def _admissions(part: Part | None) -> list[Task]:
    rows = [r for r in (part or {}).get("projects") or [] if r.get("verdict") == "conditional"]
    if not rows:
        return []
    text = _("与 {count} 个有条件入园项目议定用地", count=len(rows))
    return [Task(text, fmt.DASH, "table-admission-projects")]


def _measures(part: Part | None) -> list[Task]:
    rows = [
        row
        for row in (part or {}).get("measures") or []
        if row.get("kind") in ("penalty", "notice") and row.get("subject") == "park"
    ]
    if not rows:
        return []
    text = _("应对 {count} 条约束性政策措施", count=len(rows))
    return [Task(text, fmt.DASH, "table-policy-measures")]


def _limits(part: Part | None) -> list[Task]:
    rows = [r for r in (part or {}).get("checklist") or [] if r.get("answer") in ("no", "unknown")]
    if not rows:
        return []
    text = _("落实绿电直连申报清单中 {count} 项未具备或待确认事项", count=len(rows))
    return [Task(text, _("申报前"), "table-energy-checklist")]


def _repairs(record: Part) -> list[Task]:
    rows = [r for r in record.get("problems") or [] if r.get("severity") == "error"]
    if not rows:
        return []
    return [
        Task(_("改正 {count} 处数据错误后重新评价", count=len(rows)), fmt.DASH, "table-problems")
    ]
