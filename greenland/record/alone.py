"""A results record of energy alone: a sized case without a park around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import greenland
from greenland.evaluations import LAND
from greenland.i18n import N_
from greenland.record.message import Message
from greenland.record.record import FORMAT

_NOT_ASKED = Message(text=N_("单独测算绿电直连。"), id="单独测算绿电直连。")


def is_energy_alone(data: Any) -> bool:
    """Whether it is what ``greenland energy size --json`` writes."""
    return isinstance(data, Mapping) and {"case", "plan"} <= set(data) and "land" not in data


def record_of_energy(energy: Mapping[str, Any]) -> dict[str, Any]:
    """Names and values of a whole record around an energy part.

    Parameters
    ----------
    energy : mapping
        As ``greenland energy size --json`` writes it.
    """
    part = dict(energy)
    case = part.get("case") or {}
    year = part.pop("year", None) or case.get("year") or int(str(case.get("start", "0"))[:4])
    land = {
        item.name: {"evaluated": False, "reason": _NOT_ASKED}
        for item in LAND
        if not item.supplement
    }
    name = str(case.get("name") or "")
    return {
        "format": FORMAT,
        "greenland": greenland.__version__,
        "language": "zh",
        "scope": "energy",
        "year": year,
        "park": {"name": name, "level": "", "type": "", "year": year},
        "land": land,
        "rules": part.pop("rulebook", []),
        "energy": part,
        "problems": [],
    }
