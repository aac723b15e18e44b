"""A plan that keeps every rule of direct supply, and how it is judged when one thing changes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from greenland.energy.compliance import Check, ComplianceConfig, ComplianceResult, evaluate
from greenland.rules import Rulebook, load_rulebook

DAY = pd.date_range("2026-03-02", periods=4, freq="h", tz="Asia/Shanghai")
GOOD = {
    "self_use_of_generation": 0.70,
    "self_use_of_generation_net": 0.66,
    "self_use_of_consumption": 0.40,
    "export_share": 0.15,
    "export_share_of_delivered": 0.16,
}


def book(year: int = 2026) -> Rulebook:
    return load_rulebook(("national", "yunnan"), year)


def schedule(**changes: list[float]) -> pd.DataFrame:
    values = {"load": [10.0] * 4, "import": [10.0, 4.0, 0.0, 6.0], "export": [0.0, 0.0, 3.0, 0.0]}
    return pd.DataFrame(values | changes, index=DAY)


def judge(
    ratios: dict[str, float] | None = None,
    config: dict[str, Any] | None = None,
    *,
    year: int = 2026,
    rules: Rulebook | None = None,
    **more: Any,
) -> ComplianceResult:
    return evaluate(
        GOOD | (ratios or {}),
        more.pop("plan", schedule()),
        ComplianceConfig.model_validate(config or {}),
        rules or book(year),
        **{"connected_mw": 12.0, **more},
    )


def find(result: ComplianceResult, limit: str, reading: str = "", rule: str = "") -> Check:
    """The one check of a limit; *rule* is a rule's id or a part of its source."""
    found = [
        item
        for item in result.checks
        if (item.limit, item.reading) == (limit, reading)
        and (rule == item.rule_id or rule in item.source)
    ]
    assert len(found) == 1, found
    return found[0]
