"""Scores of the land-intensity review: standardised values and weighted sums up the tree."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from greenland.i18n import Text, _, joined
from greenland.land.review.own import Own, label_of
from greenland.land.review.scheme import Node, ReviewScheme
from greenland.rules import Rulebook

FULL_SCORE = 100.0


@dataclass(frozen=True)
class Ideal:
    """Ideal of an indicator with what it rests on.

    Parameters
    ----------
    value : float
        In the unit of the indicator; NaN when there is none.
    basis : str
        ``"user"`` for the zone's own, ``"scheme"``, ``"reference"`` for a rule, ``"none"``.
    """

    value: float
    basis: str
    rule_id: str | None = None
    source: str | None = None


def find_ideal(
    indicator: str,
    rulebook: Rulebook,
    sets: Sequence[str],
    own: Mapping[str, Ideal],
    scheme: ReviewScheme | None = None,
) -> Ideal:
    """The zone's own ideal, else the scheme's, else the first reference set that has one.

    Parameters
    ----------
    sets : sequence of str
        Names of reference sets, rules ``land.review.ideal.<set>.<indicator>``.
    """
    if indicator in own:
        return own[indicator]
    stated = None if scheme is None else scheme.indicators.get(indicator)
    if scheme is not None and stated is not None and stated.ideal is not None:
        return Ideal(stated.ideal, "scheme", None, scheme.document)
    for name in sets:
        rule = rulebook.get(f"land.review.ideal.{name}.{indicator}")
        if rule is not None:
            return Ideal(rulebook.number(rule.id), "reference", rule.id, rule.source)
    return Ideal(math.nan, "none")


def standardise(
    value: float, ideal: float, *, reverse: bool = False, cap: float | None = FULL_SCORE
) -> float:
    """Value against its ideal, on a scale where the ideal is 100.

    Parameters
    ----------
    value, ideal : float
        In the unit of the indicator; shares as decimals.
    reverse : bool
        Less is better: (1 − value) × 100, whatever the ideal.
    cap : float, optional
        Greatest value; none when None. The least is 0 in any case.

    Returns
    -------
    float
        NaN when a part is missing or the ideal is not positive.

    Examples
    --------
    >>> standardise(0.5, 0.8), standardise(1.2, 1.0), standardise(0.1, 0.0, reverse=True)
    (62.5, 100.0, 90.0)
    """
    if reverse:
        score = (1.0 - value) * FULL_SCORE
    elif ideal > 0:
        score = value / ideal * FULL_SCORE
    else:
        return math.nan
    if math.isnan(score):
        return score
    return max(0.0, score if cap is None else min(cap, score))


def weighted_sum(scores: Sequence[float], weights: Sequence[float]) -> float:
    """Sum of scores times weights, as it stands; whether weights sum to 1 is not asked.

    Examples
    --------
    >>> round(weighted_sum([87.5, 100, 100], [0.7, 0.2, 0.1]), 2)
    91.25
    """
    return math.fsum(s * w for s, w in zip(scores, weights, strict=True))


@dataclass(frozen=True)
class NodeScore:
    """Score of one node; NaN with a reason where an indicator below has none."""

    node: Node
    parent: str
    level: int
    score: float
    missing: tuple[str, ...]


def score_tree(
    children: Sequence[Node], standardised: Mapping[str, float], parent: str, level: int = 1
) -> list[NodeScore]:
    """Score every node from its leaves upwards.

    Parameters
    ----------
    children : sequence of Node
    standardised : mapping of indicator to score
    parent : str
        Id of the node above.

    Returns
    -------
    list of NodeScore
        Each node before those below it.
    """
    found: list[NodeScore] = []
    for node in children:
        if node.indicator is not None:
            score = standardised.get(node.indicator, math.nan)
            gap: tuple[str, ...] = (node.indicator,) if math.isnan(score) else ()
            found.append(NodeScore(node, parent, level, score, gap))
            continue
        below = score_tree(node.children, standardised, node.id, level + 1)
        direct = [item for item in below if item.level == level + 1]
        score = weighted_sum([i.score for i in direct], [i.node.weight for i in direct])
        gap = tuple(dict.fromkeys(name for item in direct for name in item.missing))
        found.extend([NodeScore(node, parent, level, score, gap), *below])
    return found


def missing_text(names: Sequence[str], own: Own) -> Text | None:
    """Say which indicators a score lacks; None when it lacks none."""
    if not names:
        return None
    labels = [label_of(name, own) for name in names]
    return _("缺少指标或理想值：{what}", what=joined(labels))


@dataclass(frozen=True)
class PartScore:
    """Scores of the zone or one of its parts.

    Parameters
    ----------
    standardised, contribution, weight : dict of indicator to float
        Points; contributions add up to the score. Weights are shares of the whole tree.
    nodes : list of NodeScore
    """

    part: str
    score: float
    standardised: dict[str, float]
    weight: dict[str, float]
    contribution: dict[str, float]
    nodes: list[NodeScore]
    reason: Text | None


def score_part(
    part: str,
    values: Mapping[str, float],
    ideals: Mapping[str, Ideal],
    scheme: ReviewScheme,
    tree: Sequence[Node],
) -> PartScore:
    """Score one part of the zone.

    Parameters
    ----------
    values : mapping of indicator to float
        Shares as decimals.
    tree : sequence of Node
        First level of the scheme's tree.
    """
    standardised = {
        name: standardise(
            value,
            ideals[name].value,
            reverse=name in scheme.reverse,
            cap=None if name in scheme.uncapped else scheme.cap,
        )
        for name, value in values.items()
    }
    weight: dict[str, float] = {}
    for node in tree:
        for name, share in node.leaves():
            weight[name] = weight.get(name, 0.0) + share
    nodes = score_tree(tree, standardised, part)
    top = [item for item in nodes if item.level == 1]
    score = weighted_sum([i.score for i in top], [i.node.weight for i in top])
    missing = tuple(dict.fromkeys(name for item in top for name in item.missing))
    return PartScore(
        part=part,
        score=score,
        standardised=standardised,
        weight=weight,
        contribution={n: w * standardised.get(n, math.nan) for n, w in weight.items()},
        nodes=nodes,
        reason=missing_text(missing, scheme.indicators),
    )


@dataclass(frozen=True)
class ZoneScore:
    """Score of the whole zone, put together from its parts where they are told apart.

    Parameters
    ----------
    parts : dict of part to PartScore
    part_weights : dict of part to float
        Sum to 1.
    """

    score: float
    parts: dict[str, PartScore]
    part_weights: dict[str, float]

    def total(self, what: str) -> dict[str, float]:
        """A figure of every indicator for the zone: the parts' figures by their weights."""
        names = dict.fromkeys(n for part in self.parts.values() for n in getattr(part, what))
        return {
            name: weighted_sum(
                [getattr(part, what).get(name, math.nan) for part in self.parts.values()],
                [self.part_weights[part] for part in self.parts],
            )
            for name in names
        }

    @property
    def reason(self) -> Text | None:
        """Why there is no score."""
        return next((p.reason for p in self.parts.values() if p.reason is not None), None)


def combine(parts: Mapping[str, PartScore], weights: Mapping[str, float]) -> ZoneScore:
    """Put parts together; a single one counts whole.

    Examples
    --------
    主区 56.99 and 发展方向区 91.25 by 0.8 and 0.2 make 63.84.
    """
    if len(parts) == 1:
        used = dict.fromkeys(parts, 1.0)
    else:
        used = {name: weights[name] for name in parts}
    score = weighted_sum([p.score for p in parts.values()], [used[n] for n in parts])
    return ZoneScore(score, dict(parts), used)


def weight_rows(result: ZoneScore) -> list[dict[str, Any]]:
    """Parts with weight and score, as rows."""
    return [
        {
            "part": name,
            "weight": result.part_weights[name],
            "score": part.score,
            "reason": part.reason,
        }
        for name, part in result.parts.items()
    ]
