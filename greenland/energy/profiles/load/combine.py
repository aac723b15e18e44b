"""Meters added into a firm, firms into a park."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.profiles import provenance, quality
from greenland.energy.profiles.defaults import defaults
from greenland.energy.profiles.gaps import Gap, Method, Subject, gap_runs, runs
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.timeline import step_of
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.rules.book import Rulebook


def added(
    parts: Sequence[pd.Series],
    name: str,
    *,
    allow_filled: Collection[str] = (),
    rulebook: Rulebook | None = None,
) -> pd.Series:
    """Add series that stand on one index, such as the meters of a firm or the firms of a park.

    A step counts as filled if any part was filled there, so the sum is never better than its
    worst part.

    Parameters
    ----------
    parts : sequence of Series
        Each with provenance, those from readings with quality.
    name : str

    Raises
    ------
    InputError
        If the indices differ, naming each.
    """
    first = parts[0]
    differing = [part for part in parts if not part.index.equals(first.index)]
    if differing:
        raise InputError(
            Problem(
                Severity.ERROR,
                "series_mismatch",
                _(
                    "曲线“{name}”与“{first}”的时刻不一致。",
                    name=str(part.name),
                    first=str(first.name),
                ),
                _("请用同一年份和步长重新生成。"),
                got=_span(part),
                allowed=_span(first),
            )
            for part in differing
        )
    total = pd.Series(
        np.sum([part.to_numpy(dtype=float) for part in parts], axis=0), index=first.index, name=name
    )
    records = [provenance.of(part) | {"name": str(part.name)} for part in parts]
    unit = str(records[0].get("unit", "MW"))
    invented = [str(record["name"]) for record in records if record.get("synthetic")]
    notes = [_("其中非实测：{names}。", names="、".join(invented))] if invented else []
    provenance.attach(
        total, provenance.record(Kind.COMBINED, unit=unit, notes=notes, parts=records)
    )
    sheets = [part.attrs["quality"] for part in parts if "quality" in part.attrs]
    if sheets:
        index = pd.DatetimeIndex(total.index)
        gaps = _union(parts, index)
        sheet = quality.assess(
            total,
            Subject.LOAD,
            defaults(rulebook),
            gaps=gaps,
            allow_filled=allow_filled,
            assumptions=_assumptions(sheets),
        )
        quality.attach(total, sheet)
        total.attrs["quality"]["parts"] = sheets
        total.attrs["filled_runs"] = gap_runs(gaps, index)
    return total


def _assumptions(sheets: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """What was assumed of any part; a sum rests on it too."""
    found: dict[tuple[str, str], Problem] = {}
    for sheet in sheets:
        for item in sheet.get("assumptions", []):
            problem = Problem(
                Severity.NOTICE,
                item["code"],
                item["message"],
                item["remedy"] or "",
                file=item["file"] or "",
            )
            found.setdefault((problem.file, str(problem.message)), problem)
    return list(found.values())


def _span(series: pd.Series) -> str:
    return (
        str(_("{start} 至 {end}", start=str(series.index[0]), end=str(series.index[-1])))
        + f" ({len(series)})"
    )


def _union(parts: Sequence[pd.Series], index: pd.DatetimeIndex) -> tuple[Gap, ...]:
    """Gaps of a sum: steps where any part was filled, under the boldest method used there."""
    bold = list(Method)
    level = np.zeros(len(index), dtype=int)
    for part in parts:
        for first, last, method in part.attrs.get("filled_runs", ()):
            level[first:last] = np.maximum(level[first:last], bold.index(Method(method)) + 1)
    step = step_of(index)
    hours = step / pd.Timedelta(hours=1)
    gaps = [
        Gap(index[first], index[last - 1] + step, last - first, (last - first) * hours, method)
        for number, method in enumerate(bold, start=1)
        for first, last in runs(level == number)
    ]
    return tuple(sorted(gaps, key=lambda gap: gap.start))
