"""The quality sheet of a series: how complete, how filled, and whether it can be true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.defaults import Defaults
from greenland.energy.profiles.gaps import Gap, Method, Subject, gap_records, runs
from greenland.energy.profiles.place import Place, sun
from greenland.energy.profiles.timeline import full_load_hours, step_of
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import N_, _
from greenland.results import plain_value

Numbers = npt.NDArray[np.float64]

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

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        methods = Counter(str(gap.method) for gap in self.gaps)
        record = {
            name: plain_value(value)
            for name, value in vars(self).items()
            if name not in ("gaps", "problems")
        }
        return {
            **record,
            "gap_count": len(self.gaps),
            "gap_methods": dict(sorted(methods.items())),
            "gaps": gap_records(self.gaps)[:SHOWN],
            "problems": [problem.as_record() for problem in self.problems],
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
    """
    index = pd.DatetimeIndex(series.index)
    filled = sum(gap.steps for gap in gaps)
    share = filled / len(series)
    found: list[Problem] = list(problems)
    name = str(series.name or subject)
    outliers = _outliers(series, subject, values.number("outlier_factor"))
    flat = _flat_lines(series, subject, values.number("flat_line_hours"))
    night, shift = _sun_checks(series, place) if subject is Subject.PV else (None, None)
    hours = full_load_hours(series) if per_unit else None
    # a few days say nothing about a year
    limits = _hours_range(subject, values) if per_unit and _covers_a_year(index) else None
    negative = int((series.to_numpy() < 0).sum())
    verdict = _filled_verdict(name, share, allow_filled, values, found)
    found += _findings(name, outliers, flat, negative)
    # without a place noon may lie two hours to either side of China's middle
    slack = 0.0 if place is not None else 2.0
    found += _sun_problems(name, night, shift, values, slack)
    found += _hours_problems(name, hours, limits)
    worst = any(problem.severity is Severity.WARNING for problem in found)
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
    return [*parts, *(item["message"] for item in sheet.get("problems", []))]


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


def _by_slot(series: pd.Series) -> tuple[Numbers, int]:
    """Values by day and time of day, NaN outside the series; and where the series begins."""
    index = pd.DatetimeIndex(series.index)
    step = step_of(index)
    per_day = round(pd.Timedelta(days=1) / step)
    offset = round((index[0] - index[0].normalize()) / step)
    table = np.full(-(-(offset + len(series)) // per_day) * per_day, np.nan)
    table[offset : offset + len(series)] = series.to_numpy(dtype=float)
    return table.reshape(-1, per_day), offset


def _outliers(series: pd.Series, subject: Subject, factor: float) -> list[dict[str, Any]]:
    """Readings far from the usual range of their time of day.

    PV and wind are bounded by nature and swing over their whole range; only load and weather are
    looked at.
    """
    if subject in (Subject.PV, Subject.WIND):
        return []
    table, offset = _by_slot(series)
    low, middle, high = np.nanpercentile(table, [25, 50, 75], axis=0)
    overall = np.nanpercentile(table, 75) - np.nanpercentile(table, 25)
    spread = np.maximum(high - low, 0.25 * overall)
    far = np.abs(table - middle) > factor * np.where(spread > 0, spread, np.inf)
    places = np.flatnonzero(far.ravel()) - offset
    usual = np.tile(middle, len(table))
    times = pd.DatetimeIndex(series.index)
    return [
        {
            "time": times[int(place)].isoformat(),
            "value": float(series.iloc[place]),
            "usual": float(usual[place + offset]),
        }
        for place in places
    ]


def _flat_lines(series: pd.Series, subject: Subject, hours: float) -> list[dict[str, Any]]:
    """Runs of one repeated value; zeros count for load only, for suns set and winds drop."""
    numbers = series.to_numpy(dtype=float)
    index = pd.DatetimeIndex(series.index)
    step = step_of(index)
    same = np.zeros(len(numbers), dtype=bool)
    same[1:] = numbers[1:] == numbers[:-1]
    if subject is not Subject.LOAD:
        same &= numbers > 0
    if subject is Subject.WIND:  # in a storm turbines run at rated power for days
        same &= numbers < 0.98 * numbers.max()
    least = round(hours / (step / pd.Timedelta(hours=1)))
    return [
        {
            "start": index[first - 1].isoformat(),
            "hours": (last - first + 1) * (step / pd.Timedelta(hours=1)),
            "value": float(numbers[first]),
        }
        for first, last in runs(same)
        if last - first + 1 >= least
    ]


def _sun_checks(series: pd.Series, place: Place | None) -> tuple[float | None, float | None]:
    """Share of the output at night, and how late the middle of the output is [h].

    Without a place the night is 22:00–04:00 and noon that of China's middle, 105° E.
    """
    total = float(series.sum())
    if total <= 0:
        return None, None
    index = pd.DatetimeIndex(series.index)
    middle = index + step_of(index) / 2
    clock = middle.hour.to_numpy() + middle.minute.to_numpy() / 60
    if place is None:
        dark = (clock >= 22) | (clock < 4)
        longitude = 105.0
    else:
        # a step counts as night only when the sun stays well below the horizon throughout
        dark = (sun(index, place)["zenith"] > 100.0).to_numpy()
        longitude = place.longitude
    night = float(series.to_numpy()[dark].sum()) / total
    # on a circle, so that a series in another time zone shows its whole shift
    angle = 2 * np.pi * clock / 24
    weight = series.to_numpy()
    centre = np.arctan2((weight * np.sin(angle)).sum(), (weight * np.cos(angle)).sum())
    noon = 12 + (120.0 - longitude) / 15.0
    shift = (centre * 24 / (2 * np.pi) - noon + 12) % 24 - 12
    return night, float(shift)


def _covers_a_year(index: pd.DatetimeIndex) -> bool:
    return index[-1] + step_of(index) - index[0] >= pd.Timedelta(days=365)


def _hours_range(subject: Subject, values: Defaults) -> tuple[float, float] | None:
    if subject not in (Subject.PV, Subject.WIND):
        return None
    low, high = values.get(f"full_load_hours_range.{subject}")
    return float(low), float(high)


def _findings(
    name: str, outliers: Sequence[Any], flat: Sequence[Any], negative: int
) -> list[Problem]:
    found = []
    if outliers:
        found.append(
            Problem(
                Severity.WARNING,
                "outliers",
                _("曲线“{name}”有 {count} 个异常读数，未作改动。", name=name, count=len(outliers)),
                _("请核对原始数据；确为错误时先改正再计算。"),
                got=str(outliers[0]["value"]),
            )
        )
    if flat:
        found.append(
            Problem(
                Severity.WARNING,
                "flat_lines",
                _("曲线“{name}”有 {count} 段长时间不变的读数。", name=name, count=len(flat)),
                _("请核对是否为采集中断。"),
                got=_("{start} 起 {hours} 小时", start=flat[0]["start"], hours=flat[0]["hours"]),
            )
        )
    if negative:
        found.append(
            Problem(
                Severity.WARNING,
                "negative",
                _("曲线“{name}”有 {count} 个负值。", name=name, count=negative),
                _("请核对是否为反向电量，或正负号约定不同。"),
            )
        )
    return found


def _sun_problems(
    name: str, night: float | None, shift: float | None, values: Defaults, slack: float
) -> list[Problem]:
    found = []
    if night is not None and night > values.number("night_share"):
        found.append(
            Problem(
                Severity.WARNING,
                "pv_at_night",
                _("光伏曲线“{name}”有 {share} 的电量在夜间。", name=name, share=f"{night:.1%}"),
                _("请核对时区（如世界时误作北京时间）。"),
            )
        )
    if shift is not None and abs(shift) > values.number("noon_shift_hours") + slack:
        found.append(
            Problem(
                Severity.WARNING,
                "noon_shifted",
                _(
                    "光伏曲线“{name}”的正午偏移 {shift} 小时。",
                    name=name,
                    shift=f"{shift:+.1f}",
                ),
                _("请核对时区、经度和时刻标注方式（时段始或时段末）。"),
            )
        )
    return found


def _hours_problems(
    name: str, hours: float | None, limits: tuple[float, float] | None
) -> list[Problem]:
    if hours is None or limits is None or limits[0] <= hours <= limits[1]:
        return []
    return [
        Problem(
            Severity.WARNING,
            "full_load_hours",
            _("曲线“{name}”的年利用小时不在合理区间内。", name=name),
            _("请核对容量、单位和数据年份。"),
            got=f"{hours:.0f} h",
            allowed=_("{low} 至 {high}", low=f"{limits[0]:.0f} h", high=f"{limits[1]:.0f} h"),
        )
    ]
