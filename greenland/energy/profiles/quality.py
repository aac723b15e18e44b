"""The quality sheet of a series: how complete, how filled, and whether it can be true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pandas as pd

from greenland.energy.profiles.defaults import Defaults
from greenland.energy.profiles.gaps import Gap, Method, Subject, gap_records
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.quality_checks import (
    findings,
    flat_lines_of,
    hours_problems,
    outliers_of,
    sun_checks,
    sun_problems,
)
from greenland.energy.profiles.timeline import full_load_hours, step_of
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import N_, _
from greenland.results import plain_value

SHOWN = 20  # items listed of each finding; the counts are of all


class Verdict(StrEnum):
    """Whether a series may be used."""

    GOOD = "good"
    WARNING = "warning"
    REFUSED = "refused"
    ALLOWED = "allowed"  # would be refused, but the user named it


VERDICT_LABELS = {
    Verdict.GOOD: N_("合格"),
    Verdict.WARNING: N_("有警告"),
    Verdict.REFUSED: N_("拒绝使用"),
    Verdict.ALLOWED: N_("经用户指名允许"),
}


@dataclass(frozen=True)
class Quality:
    """What is known about the quality of one series.

    Parameters
    ----------
    completeness : float
        Share of the steps that had a reading, as decimal.
    filled_share : float
        Share of the steps that were filled, as decimal.
    outliers, flat_lines : lists
        The first few of each; ``*_count`` has the number of all.
    night_share : float, optional
        Share of the energy while the sun is down (PV).
    noon_shift_hours : float, optional
        Middle of the daily output after solar noon (PV) [h].
    full_load_hours : float, optional
        Of a per-unit series [h/yr].
    label_given : str
        Where the readings bore their time: ``"left"`` or ``"right"`` of their step.
    problems : tuple of Problem
    assumptions : tuple of Problem
        What was taken to be so while the file was read, though it leaves it open.
    """

    name: str
    subject: Subject
    start: pd.Timestamp
    end: pd.Timestamp
    step_minutes: float
    expected: int
    present: int
    completeness: float
    filled: int
    filled_share: float
    gaps: tuple[Gap, ...]
    duplicates_equal: int
    duplicates_different: int
    negative: int
    outlier_count: int
    outliers: list[dict[str, Any]]
    flat_line_count: int
    flat_lines: list[dict[str, Any]]
    night_share: float | None
    noon_shift_hours: float | None
    full_load_hours: float | None
    full_load_hours_range: tuple[float, float] | None
    label_given: str
    leap_day: str | None
    verdict: Verdict
    problems: tuple[Problem, ...] = field(default=())
    assumptions: tuple[Problem, ...] = field(default=())

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        methods = Counter(str(gap.method) for gap in self.gaps)
        record = {
            name: plain_value(value)
            for name, value in vars(self).items()
            if name not in ("gaps", "problems", "assumptions")
        }
        return {
            **record,
            "gap_count": len(self.gaps),
            "gap_methods": dict(sorted(methods.items())),
            "gaps": gap_records(self.gaps)[:SHOWN],
            "problems": [problem.as_record() for problem in self.problems],
            "assumptions": [problem.as_record() for problem in self.assumptions],
        }


def assess(
    series: pd.Series,
    subject: Subject,
    values: Defaults,
    *,
    gaps: Sequence[Gap] = (),
    duplicates: tuple[int, int] = (0, 0),
    place: Place | None = None,
    per_unit: bool = False,
    label_given: str = "left",
    leap_day: str | None = None,
    allow_filled: Collection[str] = (),
    problems: Sequence[Problem] = (),
    assumptions: Sequence[Problem] = (),
) -> Quality:
    """Write the quality sheet of a filled series.

    Parameters
    ----------
    series : Series
        Regular and without gaps; its name is what `allow_filled` refers to.
    subject : Subject
    values : Defaults
        Thresholds of the checks.
    gaps : sequence of Gap
        What was filled.
    duplicates : (int, int)
        Repeated times with the same, and with another value.
    place : Place, optional
        For the position of the sun.
    per_unit : bool
        Whether full-load hours mean anything.
    allow_filled : collection of str
        Names of series that may be used however much of them was filled.
    problems, assumptions : sequences of Problem
        Found and taken to be so while the file was read; with an assumption the verdict is a
        warning at least.
    """
    index = pd.DatetimeIndex(series.index)
    filled = sum(gap.steps for gap in gaps)
    share = filled / len(series)
    found: list[Problem] = list(problems)
    name = str(series.name or subject)
    outliers = outliers_of(series, subject, values.number("outlier_factor"))
    flat = flat_lines_of(series, subject, values.number("flat_line_hours"))
    night, shift = sun_checks(series, place) if subject is Subject.PV else (None, None)
    hours = full_load_hours(series) if per_unit else None
    # a few days say nothing about a year
    limits = _hours_range(subject, values) if per_unit and _covers_a_year(index) else None
    negative = int((series.to_numpy() < 0).sum())
    verdict = _filled_verdict(name, share, allow_filled, values, found)
    found += findings(name, outliers, flat, negative)
    # without a place noon may lie two hours to either side of China's middle
    slack = 0.0 if place is not None else 2.0
    found += sun_problems(name, night, shift, values, slack)
    found += hours_problems(name, hours, limits)
    # good is what nobody had to guess
    worst = bool(assumptions) or any(problem.severity is Severity.WARNING for problem in found)
    if verdict is Verdict.GOOD and worst:
        verdict = Verdict.WARNING
    return Quality(
        name=name,
        subject=subject,
        start=index[0],
        end=index[-1] + step_of(index),
        step_minutes=step_of(index) / pd.Timedelta(minutes=1),
        expected=len(series),
        present=len(series) - filled,
        completeness=1 - share,
        filled=filled,
        filled_share=share,
        gaps=tuple(gaps),
        duplicates_equal=duplicates[0],
        duplicates_different=duplicates[1],
        negative=negative,
        outlier_count=len(outliers),
        outliers=outliers[:SHOWN],
        flat_line_count=len(flat),
        flat_lines=flat[:SHOWN],
        night_share=night,
        noon_shift_hours=shift,
        full_load_hours=hours,
        full_load_hours_range=limits,
        label_given=label_given,
        leap_day=leap_day,
        verdict=verdict,
        problems=tuple(found),
        assumptions=tuple(assumptions),
    )


def attach(series: pd.Series, quality: Quality) -> pd.Series:
    """Put the quality record on a series (changed in place, and returned).

    Raises
    ------
    InputError
        If the series is refused.
    """
    if quality.verdict is Verdict.REFUSED:
        raise InputError(
            problem for problem in quality.problems if problem.severity is Severity.ERROR
        )
    series.attrs["quality"] = quality.to_record()
    return series


def phrases(sheet: Mapping[str, Any]) -> list[str]:
    """A quality record in a few phrases for readers."""
    parts: list[str] = []
    if sheet.get("verdict") in set(Verdict):
        parts.append(_(VERDICT_LABELS[Verdict(sheet["verdict"])]))
    if sheet.get("completeness") is not None:
        parts.append(_("完整率 {share}", share=f"{sheet['completeness']:.1%}"))
        parts.append(_("补数 {share}", share=f"{sheet.get('filled_share', 0.0):.1%}"))
    if sheet.get("full_load_hours") is not None:
        parts.append(_("年利用小时 {hours}", hours=f"{sheet['full_load_hours']:.0f}"))
    said = [*sheet.get("assumptions", []), *sheet.get("problems", [])]
    return [*parts, *(item["message"] for item in said)]


def carried_gaps(data: pd.Series | pd.DataFrame) -> tuple[Gap, ...]:
    """Gaps that were filled in what a series is made of, from its ``filled_runs``."""
    index = pd.DatetimeIndex(data.index)
    step = step_of(index)
    hours = step / pd.Timedelta(hours=1)
    return tuple(
        Gap(index[first], index[last - 1] + step, last - first, (last - first) * hours, Method(how))
        for first, last, how in data.attrs.get("filled_runs", ())
    )


def _filled_verdict(
    name: str, share: float, allowed: Collection[str], values: Defaults, found: list[Problem]
) -> Verdict:
    """Hold the filled share against its limits, adding what is to be said to *found*."""
    warning, refused = (
        values.number("filled_share.warning"),
        values.number("filled_share.refused"),
    )
    if share <= warning:
        return Verdict.GOOD
    text = _("曲线“{name}”有 {share} 的时刻是补入的。", name=name, share=f"{share:.1%}")
    over = share > refused
    named = name in allowed
    limit = refused if over else warning
    found.append(
        Problem(
            Severity.ERROR if over and not named else Severity.WARNING,
            "filled_share",
            text,
            _("请补齐原始数据；确需使用时，用 allow_filled 指名该曲线。")
            if over
            else _("请在报告中说明，有条件时补齐原始数据。"),
            got=f"{share:.1%}",
            allowed=f"≤ {limit:.0%}",
        )
    )
    if not over:
        return Verdict.WARNING
    return Verdict.ALLOWED if named else Verdict.REFUSED


def _covers_a_year(index: pd.DatetimeIndex) -> bool:
    return index[-1] + step_of(index) - index[0] >= pd.Timedelta(days=365)


def _hours_range(subject: Subject, values: Defaults) -> tuple[float, float] | None:
    if subject not in (Subject.PV, Subject.WIND):
        return None
    low, high = values.get(f"full_load_hours_range.{subject}")
    return float(low), float(high)
