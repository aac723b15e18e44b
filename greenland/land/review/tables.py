"""Tables of the land-intensity review: indicators, parts, nodes, and what moved the score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from greenland.i18n import Text, _
from greenland.land.parts import ZONE
from greenland.land.review.balance import ZoneFacts
from greenland.land.review.own import Own, formula_of, label_of, terms_of, unit_of
from greenland.land.review.score import Ideal, ZoneScore, missing_text
from greenland.land.review.zone_indicators import fact_name
from greenland.park.codes import land_codes
from greenland.rules import Rulebook


def at(table: pd.DataFrame, part: str, column: str = "value") -> float:
    """One figure of an indicator for the zone or a part."""
    return float(table[column].to_dict()[part])


def values_of(tables: dict[str, pd.DataFrame], part: str) -> dict[str, float]:
    """Value of every indicator for the zone or a part."""
    return {name: at(table, part) for name, table in tables.items()}


def indicator_table(
    tables: dict[str, pd.DataFrame],
    before: dict[str, pd.DataFrame] | None,
    ideals: dict[str, Ideal],
    score: ZoneScore,
    rulebook: Rulebook,
    names: list[str],
    reverse: Sequence[str],
    own: Own,
) -> pd.DataFrame:
    """Everything known of each indicator of the whole zone; of those *reverse* less is better."""
    standardised, weight = score.total("standardised"), score.total("weight")
    contribution = score.total("contribution")
    rows = []
    for name in names:
        now = tables[name]
        last = math.nan if before is None else at(before[name], ZONE)
        national = rulebook.get(f"land.review.national_level.{name}")
        value = at(now, ZONE)
        above, below = terms_of(name, own)
        rows.append(
            {
                "indicator": name,
                "value": value,
                "unit": unit_of(name, own),
                "ideal": ideals[name].value,
                "direction": "<=" if name in reverse else ">=",
                "standardised": standardised.get(name, math.nan),
                "weight": weight.get(name, math.nan),
                "contribution": contribution.get(name, math.nan),
                "previous": last,
                "change": value - last,
                "national": float(national.value) if national else math.nan,  # type: ignore[arg-type]
                "national_rule_id": national.id if national else None,
                "formula": formula_of(name, own),
                "numerator": at(now, ZONE, "numerator"),
                "denominator": at(now, ZONE, "denominator"),
                "numerator_terms": list(above),
                "denominator_terms": list(below),
                "reason": _reason(now, standardised.get(name, math.nan)),
                "ideal_basis": ideals[name].basis,
                "ideal_source": ideals[name].source,
                "rule_id": ideals[name].rule_id,
            }
        )
    return pd.DataFrame(rows)


def _reason(table: pd.DataFrame, standardised: float) -> Text | None:
    """Why there is no value, or no standardised one."""
    missing: Text | None = table["reason"].to_dict()[ZONE]
    if missing is None and math.isnan(standardised):
        return _("没有理想值，未作标准化")
    return missing


def part_table(
    facts: ZoneFacts, tables: dict[str, pd.DataFrame], score: ZoneScore, names: list[str]
) -> pd.DataFrame:
    """Value and points of each indicator in each part; empty where there are no parts."""
    columns = ["part", "indicator", "value", "standardised", "weight", "contribution", "reason"]
    rows = []
    for part in facts.parts:
        found = score.parts[part]
        for name in names:
            rows.append(
                {
                    "part": part,
                    "indicator": name,
                    "value": at(tables[name], part),
                    "standardised": found.standardised.get(name, math.nan),
                    "weight": found.weight.get(name, math.nan),
                    "contribution": found.contribution.get(name, math.nan),
                    "reason": tables[name]["reason"].loc[part],
                }
            )
    return pd.DataFrame(rows, columns=columns)


def figure_table(
    indicators: pd.DataFrame, now: pd.Series[float], before: pd.Series[float] | None
) -> pd.DataFrame:
    """Figures of the zone that indicators are made of, this year and last; areas apart.

    Parameters
    ----------
    indicators : DataFrame
        As `indicator_table` gives it.
    now, before : Series
        Land and figures of the whole zone.
    """
    terms = [*indicators["numerator_terms"], *indicators["denominator_terms"]]
    used = dict.fromkeys(name for parts in terms for name in parts if name not in land_codes())
    rows = [
        {
            "column": name,
            "title": fact_name(name),
            "value": float(now[name]),
            "previous": math.nan if before is None else float(before[name]),
        }
        for name in used
    ]
    return pd.DataFrame(rows, columns=["column", "title", "value", "previous"])


def node_table(score: ZoneScore, own: Own) -> pd.DataFrame:
    """Score of every node, the zone first, then part by part down the tree."""
    rows: list[dict[str, Any]] = [
        {
            "part": ZONE,
            "node": ZONE,
            "parent": None,
            "level": 0,
            "title": _("园区"),
            "title_en": "zone",
            "weight": 1.0,
            "score": score.score,
            "indicator": None,
            "reason": score.reason,
        }
    ]
    for part, found in score.parts.items():
        for item in found.nodes:
            leaf = item.node.indicator
            title = label_of(leaf, own) if leaf is not None else item.node.title
            rows.append(
                {
                    "part": part,
                    "node": item.node.id,
                    "parent": item.parent,
                    "level": item.level,
                    "title": title,
                    "title_en": item.node.title_en or None,
                    "weight": item.node.weight,
                    "score": item.score,
                    "indicator": leaf,
                    "reason": missing_text(item.missing, own),
                }
            )
    return pd.DataFrame(rows)


def change_table(now: ZoneScore, before: ZoneScore | None) -> pd.DataFrame:
    """What each indicator did to the score since last year; the rows sum to its change."""
    columns = ["indicator", "delta_score"]
    if before is None:
        return pd.DataFrame(columns=columns)
    old, new = before.total("contribution"), now.total("contribution")
    rows = [
        {"indicator": name, "delta_score": value - old.get(name, math.nan)}
        for name, value in new.items()
    ]
    table = pd.DataFrame(rows, columns=columns)
    order = table["delta_score"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)
