"""How far a parcel is from what it is held to, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from greenland.i18n import Text, _
from greenland.land.indicators import INDICATOR_LABELS, INDICATOR_UNITS
from greenland.results import State

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.land.standard_land import StandardLandResult

_BETTER = {"D": "C", "C": "B"}
_FINE, _WHOLE = 10, 1000  # below which a number has two decimals, and one
_MOST_MORE = 7  # decimals added that a value does not look like what is required


def gaps(
    parcels: pd.DataFrame,
    per_mu: PerMuResult | None,
    standard_land: StandardLandResult | None,
) -> dict[int, list[dict[str, Any]]]:
    """Gaps of each parcel, by its row in the ledger.

    Returns
    -------
    dict of row to list
        Each gap: ``indicator``, ``value``, ``required``, ``gap`` (always positive, in the
        indicator's unit) and ``text``.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    if standard_land is not None:
        checks = standard_land.checks
        failed = checks[checks["state"] == State.FAILED]
        names = ("row", "indicator", "value", "required", "direction")
        for row, indicator, value, required, direction in zip(
            *(failed[name].tolist() for name in names), strict=True
        ):
            item = _gap(indicator, float(value), float(required), str(direction))
            found.setdefault(int(row), []).append(item)
    if per_mu is not None:
        for row, item in _score_gaps(parcels, per_mu):
            found.setdefault(row, []).append(item)
    return found


def _number(value: float, more: int, *, share: bool) -> str:
    """A value as the report writes it, with some decimals more."""
    if share:
        return f"{value * 100:.{1 + more}f}%"
    digits = more + (2 if abs(value) < _FINE else 1 if abs(value) < _WHOLE else 0)
    number = f"{value:,.{digits}f}"
    return number.rstrip("0").rstrip(".") if digits else number


def _told_apart(indicator: str, value: float, required: float) -> dict[str, str]:
    """Value and requirement with their unit, and as many decimals as tell them apart."""
    unit = INDICATOR_UNITS.get(indicator, "")
    share = unit == "share"
    for more in range(_MOST_MORE):
        numbers = [_number(one, more, share=share) for one in (value, required)]
        if numbers[0] != numbers[1]:
            break
    if unit and not share:
        numbers = [_("{value} {unit}", value=number, unit=_(unit)) for number in numbers]
    return dict(zip(("value", "required"), numbers, strict=True))


def _gap(indicator: str, value: float, required: float, direction: str) -> dict[str, Any]:
    label: str = _(INDICATOR_LABELS[indicator]) if indicator in INDICATOR_LABELS else indicator
    shown = _told_apart(indicator, value, required)
    if direction == "<=":
        text = _("{label} {value}，应不高于 {required}", label=label, **shown)
    else:
        text = _("{label} {value}，应不低于 {required}", label=label, **shown)
    return {
        "indicator": indicator,
        "value": value,
        "required": required,
        "gap": abs(required - value),
        "text": text,
    }


def _score_gaps(parcels: pd.DataFrame, per_mu: PerMuResult) -> list[tuple[int, dict[str, Any]]]:
    """Points that firms of class C and D lack for the next better class."""
    lowest = {
        (str(group), str(name)): float(score)
        for group, name, score in zip(
            per_mu.boundaries["group"].tolist(),
            per_mu.boundaries["class"].tolist(),
            per_mu.boundaries["score"].tolist(),
            strict=True,
        )
        if pd.notna(score)
    }
    firms = per_mu.firms.drop_duplicates("firm_id").set_index("firm_id")
    low = firms[firms["class"].isin(list(_BETTER)) & firms["score"].notna()]
    low_parcels = parcels[parcels["holder_id"].isin(low.index)]
    facts = low[["group", "class", "score"]].to_dict("index")
    score_gaps = []
    for row, holder in zip(
        low_parcels.index.tolist(), low_parcels["holder_id"].tolist(), strict=True
    ):
        fact = facts[holder]
        better = _BETTER[str(fact["class"])]
        needed = lowest.get((str(fact["group"]), better))
        score = float(fact["score"])
        if needed is not None and needed > score:
            score_gaps.append((row, _score_gap(score, needed, better)))
    return score_gaps


def _score_gap(score: float, needed: float, better: str) -> dict[str, Any]:
    text: Text = _(
        "得分 {score}，达到 {better} 类需 {needed}",
        score=f"{score:.2f}",
        better=better,
        needed=f"{needed:.2f}",
    )
    return {
        "indicator": "score",
        "value": score,
        "required": needed,
        "gap": needed - score,
        "text": text,
    }
