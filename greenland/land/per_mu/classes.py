"""Classes of the per-mu evaluation: boundaries by share or by score, and vetoes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from greenland.errors import input_error
from greenland.i18n import Text, _, joined
from greenland.land.limits import falls_short, within
from greenland.land.per_mu.scheme import Bound, Classes, Veto
from greenland.land.per_mu.values import COMMON, Indicators
from greenland.results import PerMuClass
from greenland.rules import LEVEL, Rulebook


def count_of_share(share: float, firms: int, rounding: str = "nearest") -> int:
    """Number of firms that a share of them is."""
    exact = round(share * firms, 9)  # 0.95 × 20 must be 19
    if rounding == "down":
        return math.floor(exact)
    if rounding == "up":
        return math.ceil(exact)
    return math.floor(exact + 0.5)


def no_boundaries() -> pd.DataFrame:
    """Boundaries where no group has a firm to class; see `classify`."""
    return pd.DataFrame(
        columns=["group", "class", "share", "ranked_units", "score", "ties", "reason"]
    )


def classify(
    scores: pd.Series[float], classes: Classes, group: str = ""
) -> tuple[pd.Series[Any], pd.DataFrame]:
    """Class every scored firm of a group.

    Parameters
    ----------
    scores : Series
        Points; NaN is not classed and does not count.
    classes : Classes

    Returns
    -------
    classes : Series of PerMuClass value or None
    boundaries : DataFrame
        By class: cumulative ``share``, ``ranked_units`` in it before any veto, least
        ``score``, how many units are tied across the boundary, and the ``reason`` in words.
    """
    class_of = pd.Series(None, index=scores.index, dtype=object, name="class")
    known = scores.dropna()
    if classes.method == "score":
        return _by_score(known, class_of, classes, group)
    ordered = np.sort(known.to_numpy())[::-1]
    rows = []
    for bound in reversed(classes.bounds):
        number = count_of_share(float(bound.share or 0.0), len(ordered), classes.rounding)
        row, least = _boundary(ordered, number, bound, classes.ties)
        rows.append({"group": group, **row})
        class_of.loc[known.index[known >= least]] = str(bound.name)
    return class_of, pd.DataFrame(_per_class(rows[::-1]))


def _per_class(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Turn counts of firms down to each class into counts in it; say where none is left."""
    reached = 0
    for row in rows:
        down_to = row["ranked_units"]
        if row["share"] is not None and down_to <= reached:
            row["score"] = None
            row["reason"] = row["reason"] or _("企业太少，该类没有名额")  # else ties emptied it
        row["ranked_units"] = max(0, down_to - reached)
        reached = max(reached, down_to)
    return rows


def _boundary(
    ordered: np.ndarray, number: int, bound: Bound, ties: str
) -> tuple[dict[str, Any], float]:
    """Least score of a class that should reach down to the firm of a given place."""
    row: dict[str, Any] = {
        "class": str(bound.name),
        "share": bound.share,
        "ranked_units": number,
    }
    if number == 0:
        return row | {"score": None, "ties": 0, "reason": None}, math.inf
    least = float(ordered[number - 1])
    last = bound.share is not None and number >= len(ordered)
    across = not last and float(ordered[number]) == least
    tied = int((ordered == least).sum()) if across else 0
    reason: Text | None = None
    if across and ties == "better":
        reason = _("{n} 家得分同为 {score:g}，跨越分界，全部列入较好的一类", n=tied, score=least)
    elif across:
        reason = _("{n} 家得分同为 {score:g}，跨越分界，全部列入较差的一类", n=tied, score=least)
        above = ordered[ordered > least]
        least = float(above[-1]) if len(above) else math.inf
    shown = least if math.isfinite(least) else None
    reached = int((ordered >= least).sum())
    return row | {"score": shown, "ties": tied, "reason": reason, "ranked_units": reached}, least


def _by_score(
    known: pd.Series[float], class_of: pd.Series[Any], classes: Classes, group: str
) -> tuple[pd.Series[Any], pd.DataFrame]:
    rows = []
    for bound in reversed(classes.bounds):
        least = -math.inf if bound.score is None else bound.score
        hit = within(known, least)
        class_of.loc[known.index[hit]] = str(bound.name)
        rows.append(
            {
                "group": group,
                "class": str(bound.name),
                "share": None,
                "ranked_units": int(hit.sum()),
                "score": bound.score,
                "ties": 0,
                "reason": None,
            }
        )
    return class_of, pd.DataFrame(_per_class(rows[::-1]))


def apply_vetoes(
    classes: pd.Series[Any],
    units: pd.DataFrame,
    vetoes: list[Veto],
    rulebook: Rulebook,
    level: str,
    indicators: Indicators = COMMON,
    before: pd.DataFrame | None = None,
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Lower classes that a veto limits.

    Returns
    -------
    classes, reason : Series
        The reason says which veto, where one acted.
    """
    order = [str(name) for name in PerMuClass]
    reason = pd.Series(None, index=classes.index, dtype=object)
    for veto in vetoes:
        if veto.when == "veto_matter":
            hit = units["veto"].notna() & units["veto"].astype("str").str.strip().ne("")
            text = _("有一票否决事项，最高列 {name} 类", name=str(veto.at_best))
        else:
            limit = _threshold(veto, rulebook, level)
            if limit is None or veto.indicator is None:
                continue
            value = indicators.values([veto.indicator], units, before)[veto.indicator]
            hit = falls_short(value, limit)
            text = _(
                "{indicator}低于 {limit:g}，最高列 {name} 类",
                indicator=indicators.label(veto.indicator),
                limit=limit,
                name=str(veto.at_best),
            )
        place = classes.map({name: at for at, name in enumerate(order)}).astype("float64")
        lowered = hit.reindex(classes.index).fillna(False) & (
            place < order.index(str(veto.at_best))
        )
        if lowered.any():
            classes = classes.mask(lowered, str(veto.at_best))
            reason = _also(reason, lowered, text)
    return classes, reason


def _threshold(veto: Veto, rulebook: Rulebook, level: str) -> float | None:
    """Value below which a veto acts; None when its rule has none for the park's level.

    Raises
    ------
    InputError
        If a rule named outright has no value in the packs in use.
    """
    if veto.value is not None:
        return veto.value
    named = str(veto.rule)
    rule_id = named.replace(LEVEL, level)
    if rulebook.get(rule_id) is not None:
        return rulebook.number(rule_id)
    if LEVEL in named:
        return None
    raise input_error(
        "veto_rule",
        _("否决条件所用的规则“{id}”在 {year} 年没有有效数值。", id=rule_id, year=rulebook.year),
        remedy=_("请启用含有该规则的规则包，或在方案中直接写限值 value。"),
        touches=("land.per_mu",),
    )


def _also(reason: pd.Series[Any], where: pd.Series[bool], text: Text) -> pd.Series[Any]:
    """Put a message beside those already said."""
    both = {old: joined([old, text]) for old in reason[where].dropna().unique().tolist()}
    more = reason.map(both).astype(object)
    return reason.mask(where & reason.isna(), text).mask(where & reason.notna(), more)
