"""Scores, classes and ranks of one year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenland.i18n import Text, _, joined
from greenland.land.limits import within
from greenland.land.per_mu.benchmarks import Given
from greenland.land.per_mu.classes import apply_vetoes, classify, no_boundaries
from greenland.land.per_mu.firms import Year
from greenland.land.per_mu.scheme import FULL_WEIGHT, Bonus, PerMuScheme
from greenland.land.per_mu.score import GroupScore, score_group
from greenland.land.per_mu.values import Indicators
from greenland.results import PerMuClass
from greenland.rules import Rulebook


@dataclass(frozen=True)
class Scored:
    """One year scored: its firms and, by firm_id of the unit, score, class, rank and reason."""

    year: Year
    result: pd.DataFrame
    groups: dict[str, GroupScore]
    boundaries: pd.DataFrame


def _points(units: pd.DataFrame, scheme: PerMuScheme) -> pd.Series[float] | None:
    return None if scheme.bonus is None else units["bonus_points"].astype("float64")


def _eligible(year: Year | None, group: str) -> pd.DataFrame | None:
    if year is None:
        return None
    units = year.units
    return units[units["group"].eq(group) & units["exempt_reason"].isna()]


def score_year(
    year: Year,
    last: Year | None,
    scheme: PerMuScheme,
    rulebook: Rulebook,
    level: str,
    given: dict[str, dict[str, Given]] | None = None,
) -> Scored:
    """Score and class the units of one year.

    Parameters
    ----------
    year, last : Year
        The year and the one before it, for benchmarks taken from last year.
    level : str
        Level of the park.
    given : mapping of group and indicator to Given, optional
        Benchmarks the park gives itself.
    """
    units = year.units
    result = pd.DataFrame(
        {
            "score": pd.Series(float("nan"), index=units.index, dtype="float64"),
            "class": pd.Series(None, index=units.index, dtype=object),
            "rank": pd.Series(pd.NA, index=units.index, dtype="Int64"),
            "reason": units["exempt_reason"],
        }
    )
    indicators = Indicators(scheme.indicators)
    before = None if last is None else last.units
    bonus = scheme.bonus or Bonus()
    groups, boundaries = {}, []
    for group, part in scheme.groups.items():
        members = _eligible(year, str(group))
        if members is None or members.empty:
            continue
        group_score = score_group(
            str(group),
            part,
            members,
            _eligible(last, str(group)),
            rulebook,
            level,
            given=(given or {}).get(str(group)),
            points=_points(members, scheme),
            bonus=bonus.items,
            bounds=(bonus.minimum, bonus.maximum),
            indicators=indicators,
            before=before,
            decimals=scheme.decimals,
        )
        enough, basis = _basis(group_score, rulebook)
        classes, edges = classify(group_score.score.where(enough), scheme.classes, str(group))
        classes, vetoed = apply_vetoes(
            classes, members, scheme.vetoes, rulebook, level, indicators, before
        )
        result.loc[members.index, "score"] = group_score.score
        result.loc[members.index, "class"] = classes
        ranks = group_score.score.rank(ascending=False, method="min").astype("Int64")
        result.loc[members.index, "rank"] = ranks
        result.loc[members.index, "reason"] = group_score.reason.where(
            group_score.score.isna(), _both(vetoed, basis)
        )
        groups[str(group)] = group_score
        boundaries.append(edges)
    _fill_unscored(result, units, scheme)
    edges = pd.concat(boundaries, ignore_index=True) if boundaries else no_boundaries()
    return Scored(year, result, groups, edges)


def _basis(scored: GroupScore, rulebook: Rulebook) -> tuple[pd.Series[bool], pd.Series[Any]]:
    """Whether a firm's figures cover enough weight for a class, and what a score lacks, in words.

    References
    ----------
    ``land.per_mu.class_weight``: with less than it, what is missing could overturn any order.
    """
    least = rulebook.number("land.per_mu.class_weight") * FULL_WEIGHT
    weight = scored.known_weight
    enough = within(weight, least)
    texts: list[Text | None] = []
    for points, classed, lacks in zip(weight.tolist(), enough.tolist(), scored.lacks, strict=True):
        said: dict[str, Any] = {"weight": points, "full": FULL_WEIGHT, "names": lacks}
        if lacks is None:
            texts.append(None)
        elif classed:
            texts.append(_("得分只依据 {full:g} 分权重中的 {weight:g} 分，缺：{names}", **said))
        else:
            texts.append(
                _(
                    "有数据的权重只有 {weight:g} 分，不足 {least:g} 分，不分类；缺：{names}",
                    least=least,
                    **said,
                )
            )
    return enough, pd.Series(texts, index=weight.index, dtype=object)


def _both(first: pd.Series[Any], second: pd.Series[Any]) -> pd.Series[Any]:
    """Messages of two columns beside each other."""
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    said = [[text for text in pair if not pd.isna(text)] for pair in pairs]
    texts = [joined(parts) if parts else None for parts in said]
    return pd.Series(texts, index=first.index, dtype=object)


def _fill_unscored(result: pd.DataFrame, units: pd.DataFrame, scheme: PerMuScheme) -> None:
    exempt = units["exempt_reason"].notna()
    result.loc[exempt, "class"] = str(PerMuClass.EXEMPT)
    ungrouped = units["group"].isna() & ~exempt
    result.loc[ungrouped, "reason"] = _("未填是否规上，无法分组")
    known = {str(group) for group in scheme.groups}
    left = ~units["group"].isin(known) & ~ungrouped & ~exempt
    result.loc[left, "reason"] = _("评价方案不含该组企业")
