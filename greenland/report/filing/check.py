"""Checks of a filing: that the record agrees with itself, and that a draft says what it says."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from greenland.errors import MissingExtraError, Problem, Severity, input_error
from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.report import formatters as fmt
from greenland.report.filing.controls import Said, read_controls
from greenland.report.filing.facts import Fact
from greenland.report.filing.names import FACTS

_RELATIVE = 1e-6  # by which sums of the same energy may differ
_ROUNDED_MW = 5e-5  # half of the last digit the hours are kept with


@dataclass(frozen=True)
class Checked:
    """What a draft says.

    Parameters
    ----------
    said : tuple of Said
        Every fact and every blank of one.
    problems : tuple of Problem
    """

    said: tuple[Said, ...]
    problems: tuple[Problem, ...]

    @property
    def count(self) -> int:
        """How many facts were held against the record."""
        return sum(not one.blank for one in self.said)

    @property
    def open_blanks(self) -> int:
        """How many blanks of facts nobody has filled."""
        return sum(one.blank and _is_open(one) for one in self.said)


def check_draft(path: Path, facts: Mapping[str, Fact]) -> Checked:
    """Read a draft back and hold every fact it says against the table of facts.

    Parameters
    ----------
    path : Path
        A Word file `write_filing` wrote, edited or not.
    facts : mapping of str
        See `greenland.report.filing.facts.facts_of`.

    Raises
    ------
    InputError
        If it is no Word file, or one without facts.
    """
    try:
        import docx
        from docx.opc.exceptions import PackageNotFoundError
    except ImportError as error:
        raise MissingExtraError("word", _("读取 Word 文件")) from error
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise input_error(
            "filing_file",
            _("这不是可以读取的 Word 文件（docx）。"),
            file=path.name,
            remedy=_("请给出 greenland energy filing 写出的草稿，或由它改成的文件。"),
        ) from error
    said = tuple(read_controls(document))
    if not any(not one.blank for one in said):
        raise input_error(
            "filing_file",
            _("文件中没有可核对的数字（内容控件）。"),
            file=path.name,
            remedy=_("请给出 greenland energy filing 写出的草稿；另存为其他格式会丢失内容控件。"),
        )
    problems = (*_wrong(said, facts, path), *_unequal(said, path))
    return Checked(said, problems)


def _wrong(said: tuple[Said, ...], facts: Mapping[str, Fact], path: Path) -> Iterator[Problem]:
    """Facts that are not what the record says."""
    for one in said:
        if one.blank:
            continue
        fact = facts.get(one.name)
        expected = None if fact is None else fact.text
        if one.text == expected:
            continue
        yield Problem(
            Severity.ERROR,
            "filing_fact",
            _(
                "“{chapter}”中的{title}与测算结果不一致。",
                chapter=one.chapter or _("正文"),
                title=_(FACTS[one.name]) if one.name in FACTS else one.name,
            ),
            _("请改正正文，或改案例后重新生成。"),
            got=one.text,
            allowed=expected or fmt.DASH,
            file=path.name,
        )


def _unequal(said: tuple[Said, ...], path: Path) -> Iterator[Problem]:
    """Blanks of one fact that the author has filled with different words."""
    filled: dict[str, dict[str, str]] = {}
    for one in said:
        if one.blank and not _is_open(one):
            filled.setdefault(one.name, {}).setdefault(one.text.strip(), one.chapter)
    for name, texts in filled.items():
        if len(texts) < 2:
            continue
        where = "；".join(f"{chapter}：{text}" for text, chapter in texts.items())
        yield Problem(
            Severity.ERROR,
            "filing_blank",
            _("各章填写的{title}不一致。", title=_(FACTS[name]) if name in FACTS else name),
            _("请统一为一个数值。"),
            got=where,
            file=path.name,
        )


def _is_open(one: Said) -> bool:
    return not one.text.strip() or one.text.startswith("【")


def disagreements(energy: EnergyRecord) -> list[Problem]:
    """What a record says twice and differently: energies, sizes and investment.

    Hours against years, months against years, the parts of the possible output against it, items
    of the investment against its sum, the cash flow's investment against the plan's, the compared
    recommendation against the plan.

    Parameters
    ----------
    energy : EnergyRecord
        With a plan.
    """
    return [
        Problem(
            Severity.ERROR,
            "filing_record",
            _("测算结果自相矛盾：{what}。", what=what),
            _("请勿使用；请用原案例重新测算。"),
            got=fmt.number(got, 4),
            allowed=fmt.number(expected, 4),
        )
        for what, got, expected, slack in _pairs(energy)
        if abs(got - expected) > slack + _RELATIVE * max(1.0, abs(expected))
    ]


Pair = tuple[str, float, float, float]


def _pairs(energy: EnergyRecord) -> Iterator[Pair]:
    """What is said twice: in words, both values, and by how much they may differ."""
    yield from _hourly(energy)
    plan, lost = energy.plan, energy.losses
    said = plan.energy
    if lost is not None and lost.possible is not None and said is not None:
        parts = (lost.curtailment, lost.export, lost.storage_loss, lost.self_use)
        total = sum(part or 0.0 for part in parts)
        yield str(_("可用发电量的去向之和与可用发电量")), total, lost.possible, 0.0
        if said.available_generation is not None:
            words = str(_("去向表与年度电量的可用发电量"))
            yield words, lost.possible, said.available_generation, 0.0
    if energy.load is not None and energy.load.bands and plan.schedule is not None:
        hours = sum(one.hours for one in energy.load.bands)
        steps = len(next(iter(plan.schedule.columns.values())))
        length = steps * plan.schedule.step_hours / (energy.case.years or 1.0)
        yield str(_("各负荷率区间小时数之和与全年小时数")), hours, length, 0.0
    if energy.investment and plan.capex is not None:
        total = sum(row.yuan or 0.0 for row in energy.investment)
        yield str(_("初投资逐项之和与初投资")), total, plan.capex, 0.0
    finance = energy.finance
    if finance is not None and finance.capex is not None and plan.capex is not None:
        yield str(_("现金流量的初投资与方案的初投资")), finance.capex, plan.capex, 0.0
    for row in energy.size_comparison:
        if row.recommended and row.annual_cost is not None and plan.annual_cost is not None:
            words = str(_("规模对比中推荐规模的年费用与方案的年费用"))
            yield words, row.annual_cost, plan.annual_cost, 0.0


def _hourly(energy: EnergyRecord) -> Iterator[Pair]:
    """Sums of hours and of months against the energies of the year."""
    plan, years = energy.plan, energy.case.years or 1.0
    schedule, said = plan.schedule, plan.energy
    if schedule is None or said is None:
        return
    kinds: dict[str, list[str]] = {}
    for row in schedule.column_kinds:
        kinds.setdefault(row.kind, []).append(row.column)
    flexible = [*kinds.get("shiftable", []), *kinds.get("electrolyser", [])]
    sums = {
        "load": (kinds.get("load", []) + flexible, said.load, _("用电")),
        "source": (kinds.get("source", []), said.available_generation, _("可用发电")),
        "import": (kinds.get("import", []), said.import_, _("下网")),
        "export": (kinds.get("export", []), said.export, _("上网")),
        "curtailment": (kinds.get("curtailment", []), said.curtailment, _("弃电")),
    }
    for columns, year, title in sums.values():
        if year is None:
            continue
        hours = schedule.step_hours / years
        total = sum(value or 0.0 for name in columns for value in schedule.columns[name]) * hours
        count = sum(len(schedule.columns[name]) for name in columns)
        slack = count * _ROUNDED_MW * hours
        yield str(_("逐时{what}之和与年度电量", what=title)), total, year, slack
        if plan.monthly:
            by_month = sum(row.get(name) or 0.0 for row in plan.monthly for name in columns)
            scale = max(1.0, years) / years
            yield str(_("逐月{what}之和与年度电量", what=title)), by_month * scale, year, 0.0
