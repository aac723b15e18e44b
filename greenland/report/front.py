"""The first page: what is met, what fails, what to do by when, and the key figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from greenland.errors import Severity
from greenland.evaluations import ASKED, OPTIONAL
from greenland.i18n import N_, _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.land.admission import AdmissionRecord
from greenland.record.land.exit import ExitRecord
from greenland.record.land.per_mu import PerMuRecord
from greenland.record.land.review import ReviewRecord
from greenland.record.land.standard_land import StandardLandRecord
from greenland.record.land.stock import LedgerName, StockRecord
from greenland.record.problems import NotEvaluatedRecord
from greenland.record.record import Record, if_made
from greenland.report import formatters as fmt
from greenland.report.blocks import Figure, Judgement, Section, Task
from greenland.report.chosen import chosen, yearly_saving
from greenland.report.labels import label, name, unit_text
from greenland.report.sections.stock import undecided_words
from greenland.report.tables import value_text
from greenland.results import State
from greenland.units import MU_PER_HA

_WAITING: tuple[LedgerName, ...] = ("unsupplied", "idle")  # ledgers of land that is not in use


def not_evaluated(record: Record) -> list[tuple[str, str]]:
    """Evaluations that were not made, with the reason; those of one reason together."""
    names: dict[str, list[str]] = {}
    for item in (*ASKED, *OPTIONAL):
        part = record.part(item)
        if isinstance(part, NotEvaluatedRecord):
            names.setdefault(str(part.reason), []).append(_(item.short))
    return [(fmt.listed(one), reason) for reason, one in names.items()]


def key_figures(record: Record) -> tuple[Figure, ...]:
    """The figures a manager asks for first, last year's beside them where known."""
    land = record.land
    found = (
        _standard_share(if_made(land.standard_land)),
        _tax(if_made(land.per_mu)),
        _score(if_made(land.review)),
        _stock(if_made(land.stock)),
        *_energy(if_made(record.energy)),
    )
    return tuple(item for item in found if item is not None and _told(item))


def _told(item: Figure) -> bool:
    """Whether it has a value or a note; else its chapter says why it has none."""
    return item.value != fmt.DASH or bool(item.note)


def _standard_share(part: StandardLandRecord | None) -> Figure | None:
    if part is None:
        return None
    share = part.share
    shares = {row.year: row.standard_land_share for row in part.path}
    known = [year for year, value in shares.items() if value is not None]
    before = shares.get(max(known) - 1) if known else None
    target = share.target
    return Figure(
        name("standard_land_share"),
        fmt.share(share.standard_land_share),
        previous=_previous(fmt.share(before)) if before is not None else "",
        note=_("目标 {target}", target=fmt.share(target)) if target is not None else "",
        state=share.state,
        target="standard-land",
    )


def _previous(text: str) -> str:
    return _("上年 {value}", value=text)


def _tax(part: PerMuRecord | None) -> Figure | None:
    if part is None or part.park.tax_per_mu is None:
        return None
    before = None if part.previous is None else part.previous.tax_per_mu
    return Figure(
        name("tax_per_mu"),
        fmt.number(part.park.tax_per_mu, 2),
        unit_text(label("tax_per_mu").unit),
        _previous(fmt.number(before, 2)) if before is not None else "",
        target="per-mu",
    )


def _score(part: ReviewRecord | None) -> Figure | None:
    if part is None or part.land_intensity_score is None:
        return None
    before = part.previous_score
    return Figure(
        name("land_intensity_score"),
        fmt.number(part.land_intensity_score, 2),
        unit_text(label("land_intensity_score").unit),
        _previous(fmt.number(before, 2)) if before is not None else "",
        target="review",
    )


def _stock(part: StockRecord | None) -> Figure | None:
    if part is None:
        return None
    rows = [row for row in part.totals if row.ledger in _WAITING]
    known = [row.area_mu for row in rows if row.area_mu is not None]
    missing = sum(row.missing for row in rows)
    notes = (
        _("{count} 宗缺面积，未计入", count=missing) if missing else "",
        undecided_words(len(part.undecided)) if part.undecided else "",
    )
    return Figure(
        _("批而未供与闲置土地"),
        fmt.number(sum(known) if known else None, 0),
        unit_text(label("area_mu").unit),
        _start_of_year(part),
        note=_("；").join(note for note in notes if note),
        target="stock",
    )


def _start_of_year(part: StockRecord) -> str:
    """Stock of both ledgers at the start of the assessed year, where the sheet states both."""
    year = part.as_of[:4]
    start = {row.ledger: row.stock_ha for row in part.disposal if str(row.year) == year}
    stated = [area for ledger in _WAITING if (area := start.get(ledger)) is not None]
    if len(stated) < len(_WAITING):
        return ""
    return _("年初 {value} 亩", value=fmt.number(sum(stated) * MU_PER_HA, 0))


def _energy(part: EnergyRecord | None) -> list[Figure]:
    """Share of own electricity, investment, net present value and yearly saving."""
    ratios = None if part is None else chosen(part.plan).ratios
    if part is None or ratios is None:
        return []
    found = []
    if ratios.self_use_of_consumption is not None:
        share = value_text(ratios.self_use_of_consumption, "self_use_of_consumption")
        found.append(Figure(name("self_use_of_consumption"), share, target="energy-plan"))
    capex = part.plan.capex if part.finance is None else part.finance.capex
    if capex is not None:
        found.append(_money(name("capex"), capex, "energy-money"))
    if part.finance is not None and part.finance.npv is not None:
        rate = fmt.share(part.finance.discount_rate)
        note = _("折现率 {rate}，全投资", rate=rate)
        found.append(_money(name("npv"), part.finance.npv, "energy-money", note))
    saving = yearly_saving(part)
    if saving is not None:
        title = _("比全部网购年节约") if saving >= 0 else _("比全部网购年多支出")
        found.append(_money(title, abs(saving), "energy-money", _("投资已摊入，不计衰减")))
    return found


def _money(title: str, amount: float, target: str, note: str = "") -> Figure:
    value, _blank, unit = fmt.yuan(amount).rpartition(" ")
    return Figure(title, value, unit, note=note, target=target)


def conclusions(sections: Sequence[Section]) -> tuple[list[Judgement], list[Judgement]]:
    """Judgements that are met, and those that fail, of all chapters."""
    rows = [row for section in sections for row in section.verdicts]
    met = [row for row in rows if row.state == "met"]
    failed = [row for row in rows if row.state in ("failed", "overdue")]
    return _once(met), _once(failed)


def _once(rows: list[Judgement]) -> list[Judgement]:
    """Each judgement once, though chapters share it or several documents ask for the same."""
    made = list(
        {(row.rule_id or row.subject, row.value, row.required): row for row in rows}.values()
    )
    return list({(row.subject, row.value, row.required): row for row in made}.values())


def tasks(record: Record) -> list[Task]:
    """What is to be done, the earliest date first."""
    land = record.land
    found = [
        *_overdue(if_made(land.standard_land)),
        *_exits(if_made(land.exit)),
        *_idle(if_made(land.stock)),
        *_admissions(if_made(land.admission)),
        *_limits(if_made(record.energy)),
        *_repairs(record),
    ]
    now = str(_("立即"))
    found.sort(key=lambda task: (task.by != now, task.by == fmt.DASH, task.by))
    day = (record.park.as_of or "")[:10]
    return [_dated(task, day) for task in found]


def _dated(task: Task, day: str) -> Task:
    """The task, its date marked when it is past on the day of assessment."""
    if task.by[:1].isdigit() and day and task.by <= day:
        return replace(task, by=_("{date}（已过期）", date=task.by))
    return task


def _earliest(days: Iterable[str | None]) -> str:
    return fmt.date(min((day for day in days if day), default=None))


def _overdue(part: StandardLandRecord | None) -> list[Task]:
    checks = () if part is None else part.checks
    late = {row.parcel_id for row in checks if row.state is State.OVERDUE}
    short = {row.parcel_id for row in checks if row.state is State.FAILED}
    if late and short:
        text = _(
            "“标准地”：督促 {short} 宗不达标的整改，组织 {late} 宗逾期的验收、复核",
            short=len(short - late),
            late=len(late),
        )
    elif late:
        text = _("组织 {count} 宗逾期“标准地”验收、复核", count=len(late))
    elif short:
        text = _("督促 {count} 宗不达标“标准地”整改", count=len(short))
    else:
        return []
    return [Task(text, _("立即"), "table-standard-off")]


def _exits(part: ExitRecord | None) -> list[Task]:
    made = []
    for decision, words in (
        ("exit", N_("启动 {count} 宗土地退出程序")),
        ("supervise", N_("对 {count} 宗土地重点监管")),
        ("improve", N_("督促 {count} 宗土地限期提升")),
    ):
        parcels = () if part is None else part.parcels
        days = [row.by_date for row in parcels if row.decision == decision]
        if days:
            text = _(words, count=len(days))
            made.append(Task(text, _earliest(days), "table-exit-parcels"))
    return made


def _idle(part: StockRecord | None) -> list[Task]:
    if part is None:
        return []
    now = str(_("立即"))
    due = [row for row in part.idle if row.consequence == "take_back"]
    later = [row.take_back_date for row in part.idle if row.consequence != "take_back"]
    lapsed = [row for row in part.unsupplied if row.state is State.OVERDUE]
    waiting = [row.lapse_date for row in part.unsupplied if row.state is State.NOT_DUE]
    coming = [row.becomes_idle_on for row in part.forecast]
    found = (
        (due, N_("对 {count} 宗已满收回期限的闲置土地启动收回程序"), now, "idle"),
        (later, N_("处置 {count} 宗闲置土地，期限为最早可收回日期"), _earliest(later), "idle"),
        (
            *(lapsed, N_("核实 {count} 宗批文已满有效期的批而未供土地，失效的重新报批")),
            *(now, "unsupplied"),
        ),
        (
            *(waiting, N_("供应 {count} 宗批而未供土地，避免批文失效")),
            *(_earliest(waiting), "unsupplied"),
        ),
        (coming, N_("提醒 {count} 宗即将构成闲置的宗地"), _earliest(coming), "forecast"),
    )
    return [
        Task(_(words, count=len(rows)), by, f"table-stock-{table}")
        for rows, words, by, table in found
        if rows
    ]


def _admissions(part: AdmissionRecord | None) -> list[Task]:
    projects = () if part is None else part.projects
    count = sum(1 for row in projects if row.verdict == "conditional")
    if not count:
        return []
    text = _("与 {count} 个有条件入园项目议定用地", count=count)
    return [Task(text, _("入园前"), "table-admission-projects")]


def _limits(part: EnergyRecord | None) -> list[Task]:
    checklist = () if part is None else part.checklist
    count = sum(1 for row in checklist if row.applies and row.answer in ("no", "unknown"))
    if not count:
        return []
    text = _("落实绿电直连申报清单中 {count} 项未具备或待确认事项", count=count)
    return [Task(text, _("申报前"), "table-energy-checklist")]


def _repairs(record: Record) -> list[Task]:
    count = sum(1 for row in record.problems if row.severity is Severity.ERROR)
    if not count:
        return []
    text = _("改正 {count} 处数据错误后重新评价", count=count)
    return [Task(text, _("下次评价前"), "table-problems")]
