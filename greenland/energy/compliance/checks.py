"""Checks: one limit held against one value, with its clause; and the result that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.compliance.config import Answer
from greenland.i18n import _
from greenland.results import STATE_LABELS, State, records
from greenland.rules import Rule
from greenland.summary import Summarised, Summary, counts

# How far a solver may leave a limit it holds: a share that misses by less is met.
TOLERANCE = 1e-6

LIMIT_UNITS = {
    **dict.fromkeys(("self_use_of_generation", "self_use_of_consumption"), "share"),
    **dict.fromkeys(("export_share", "export_share_of_delivered"), "share"),
    **dict.fromkeys(("curtailment_share", "exchange_peak_valley"), "share"),
    "no_back_feed": "MWh/yr",
    "import_capacity": "MW",
    "export_capacity": "MW",
    "voltage": "kV",
    "line_length": "km",
    **dict.fromkeys(("direct_supply", "clean_energy", "solid_waste_used"), "share"),
    **dict.fromkeys(("waste_heat_used", "water_reused"), "share"),
    "unit_consumption_level": "",
    "emission_per_tce": "tCO2/tce",
}
"""Every limit of the rules that a plan is held against, and its unit."""


@dataclass(frozen=True, slots=True)
class Check:
    """One limit held against one value.

    Parameters
    ----------
    limit, reading : str
        A limit of `LIMIT_UNITS`; and how it is read: ``a`` (口径一) or ``b`` (口径二) for
        self-use, ``in_force``, ``before_2030`` or ``new_from_2030`` for the step to 35 %; empty
        where there is only one reading.
    value, required, margin : float or None
        In *unit*; a positive margin keeps the limit.
    direction : str
        ``">="`` or ``"<="``.
    rule_id : str or None
        None where the limit is the project's own.
    """

    limit: str
    reading: str
    value: float | None
    required: float | None
    direction: str
    unit: str
    margin: float | None
    state: State
    rule_id: str | None
    basis: str
    source: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition without a number, and its answer."""

    item: str
    title: str
    answer: Answer
    applies: bool
    rule_id: str
    source: str


@dataclass(frozen=True, slots=True, repr=False)
class ComplianceResult(Summarised):
    """Every limit and condition.

    Parameters
    ----------
    checks : tuple of Check
    conditions : tuple of Condition
    """

    checks: tuple[Check, ...]
    conditions: tuple[Condition, ...]

    def _summary(self) -> Summary:
        states = [item.state for item in self.checks]
        tally = counts((_(text), states.count(state)) for state, text in STATE_LABELS.items())
        lines = [(_("核对条件"), str(sum(item.applies for item in self.conditions)))]
        return Summary(_("合规核对：{states}", states=tally), tuple(lines))

    @property
    def frame(self) -> pd.DataFrame:
        """One row per check."""
        return pd.DataFrame(
            [[getattr(check, name) for name in Check.__slots__] for check in self.checks],
            columns=list(Check.__slots__),
        )

    def to_record(self) -> dict[str, Any]:
        """JSON-ready ``compliance`` and ``checklist``."""
        rows = records(self.frame)
        for row in rows:
            row["reason"] = row["reason"] or None
            row["reading"] = row["reading"] or None
        return {
            "compliance": rows,
            "checklist": [
                {name: getattr(item, name) for name in Condition.__slots__}
                for item in self.conditions
            ],
        }


def check(
    limit: str,
    value: float | None,
    rule: Rule | None,
    direction: str,
    *,
    reading: str = "",
    required: float | None = None,
    reason: str = "",
) -> Check:
    """Hold a value against a rule, or against a limit of the project's own.

    Parameters
    ----------
    limit, reading : str
    value : float or None
        None: no data.
    rule : Rule or None
    direction : str
        ``">="`` or ``"<="``.
    required : float, optional
        Instead of the rule's value.
    """
    if required is None and rule is not None and isinstance(rule.value, int | float):
        required = float(rule.value)
    margin = None
    state = State.NO_DATA
    if value is not None and required is not None:
        margin = value - required if direction == ">=" else required - value
        state = State.MET if margin >= -TOLERANCE * max(1.0, abs(required)) else State.FAILED
    return Check(
        limit=limit,
        reading=reading,
        value=value,
        required=required,
        direction=direction,
        unit=LIMIT_UNITS[limit],
        margin=margin,
        state=state,
        rule_id=None if rule is None else rule.id,
        basis="user" if rule is None else "rule",
        source=_("项目方案") if rule is None else rule.source,
        reason=reason,
    )


def value_of(ratios: Mapping[str, float], name: str) -> float | None:
    """A ratio of a plan; None where it has none or is no number."""
    value = ratios.get(name)
    return None if value is None or not np.isfinite(value) else float(value)


def with_state(found: Check, state: State, reason: str) -> Check:
    """A check with another state, and why."""
    values = {name: getattr(found, name) for name in Check.__slots__}
    return Check(**{**values, "state": state, "reason": reason})
