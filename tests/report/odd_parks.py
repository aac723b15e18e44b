"""Twelve parks of which the report is hard to tell: sparse, odd, empty, huge."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import made_records
from pydantic import BaseModel

from greenland.record.record import Record

Change = Callable[[float], float]
_COUNTED = ("year", "rank", "row", "step_hours", "years", "format", "start")


@cache
def _complete() -> Record:
    return Record.model_validate(made_records.complete())


@cache
def _land() -> Record:
    return Record.model_validate(made_records.land_only())


def _changed(node: Any, change: Change, key: str = "") -> Any:
    """The node with every number that is no year or count changed."""
    if isinstance(node, dict):
        return {name: _changed(item, change, name) for name, item in node.items()}
    if isinstance(node, list):
        return [_changed(item, change, key) for item in node]
    return change(node) if isinstance(node, float) and key not in _COUNTED else node


def _emptied(node: Any) -> Any:
    """The model with nothing in it that may be missing."""
    if isinstance(node, BaseModel):
        kept = {}
        for name, info in type(node).model_fields.items():
            value = getattr(node, name)
            keep = info.is_required() or name == "evaluated"
            kept[name] = _emptied(value) if keep else info.get_default(call_default_factory=True)
        return node.model_copy(update=kept)
    if isinstance(node, tuple):
        return tuple(_emptied(item) for item in node)
    return node


def _without_rows(node: Any, path: str = "") -> Any:
    """The record with every list empty but those of rules."""
    if isinstance(node, dict):
        return {
            name: item if name in ("rules", "columns") else _without_rows(item, f"{path}.{name}")
            for name, item in node.items()
        }
    return [] if isinstance(node, list) else node


def _scaled(factor: float) -> Callable[[], dict[str, Any]]:
    return lambda: _changed(_complete().to_dict(), lambda value: value * factor)


def _with_park(**fields: Any) -> Callable[[], dict[str, Any]]:
    def made() -> dict[str, Any]:
        record = _land().to_dict()
        record["park"].update(fields)
        return record

    return made


def _unsolved() -> dict[str, Any]:
    record = _complete().to_dict()
    plan = record["energy"]["plan"]
    dropped = ("capacities", "ratios", "energy", "annual_cost", "schedule", "npv", "capex")
    plan.update(dict.fromkeys((*dropped, "green_price", "objective_value", "rounding", "optimum")))
    plan.update(status="infeasible", reason="infeasible", costs=[], monthly=[], binding=[])
    plan.update(shadow_prices=[], limits=[])
    record["energy"].update(finance=None, carbon=None, study=None, compliance=[], checklist=[])
    record["energy"]["bill"].update(plan=None, saving_yuan=None)
    return record


def _no_prices() -> dict[str, Any]:
    record = _complete().to_dict()
    record["energy"].update(bill=None, finance=None, tariff=None, tariffs=[], users=[])
    return record


def _failing() -> dict[str, Any]:
    record = _complete().to_dict()
    for row in record["energy"]["compliance"]:
        row["state"] = "failed"
    return record


PARKS: dict[str, Callable[[], dict[str, Any]]] = {
    "complete": lambda: _complete().to_dict(),
    "land only": lambda: _land().to_dict(),
    "nothing evaluated": made_records.bare,
    "nothing that may be missing": lambda: _emptied(_complete()).to_dict(),
    "no rows": lambda: _without_rows(_land().to_dict()),
    "huge": _scaled(1e9),
    "tiny": _scaled(1e-7),
    "negative": _scaled(-1.0),
    "park of another type": _with_park(type="other", type_title="其他", level="prefectural"),
    "infeasible": _unsolved,
    "without prices": _no_prices,
    "nothing complies": _failing,
}
