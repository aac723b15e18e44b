"""The energy part of format 1 brought up to date.

Its first records did not say what a capacity, a column, a cost or a limit is: there it is read
from what its name ends in, as they were read then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Names = Mapping[str, Any]

_FIXED = frozenset({"load", "import", "export", "curtailment", "unserved", "grid"})
_STORAGE_COLUMNS = (
    *("grid_charge", "grid_discharge", "grid_energy"),
    *("charge", "discharge", "energy"),
)
_FLEXIBLE = ("shift", "interrupt", "electroly", "hydrogen", "peak", "served", "available", "price")
_TECHNOLOGIES = ("pv", "wind")
_FLEXIBLE_LISTS = {
    "shiftable": "shiftable",
    "interruptible": "interrupted",
    "electrolysers": "electrolyser",
}


def energy_of(old: Names) -> dict[str, Any]:
    """The energy part with what its names say put beside them.

    Parameters
    ----------
    old : mapping
        ``energy`` of a record of format 1.
    """
    if not old.get("evaluated", True):
        return dict(old)
    case, plan = dict(old.get("case") or {}), dict(old.get("plan") or {})
    schedule = dict(plan.get("schedule") or {})
    labels = list(plan.get("capacities") or {})
    if "capacity_kinds" not in plan:
        plan["capacity_kinds"] = [{"capacity": label, **_capacity(label)} for label in labels]
    columns = schedule.get("columns") or {}
    if schedule and "column_kinds" not in schedule:
        flexible = _flexible(case)
        schedule["column_kinds"] = [
            {"column": label, **(flexible.get(label) or _column(label))} for label in columns
        ]
    plan["schedule"] = schedule or None
    for key in ("limits", "shadow_prices", "binding"):
        plan[key] = [_with_limit(row) for row in plan.get(key) or []]
    trouble = plan.get("infeasibility")
    if trouble:
        plan["infeasibility"] = {
            **trouble,
            **{
                key: [_with_limit(row) for row in trouble[key]]
                for key in ("clashes", "relaxations")
            },
        }
    case["sources"] = [_with_technology(row) for row in case.get("sources") or []]
    series = [_with_texts(row) for row in old.get("series") or []]
    return {
        **old,
        "evaluated": True,
        "case": _with_parts(case, plan),
        "plan": plan,
        "series": series,
    }


def _capacity(label: str) -> dict[str, Any]:
    """Kind, owner and unit of a capacity by its label."""
    if label == "grid":
        return {"kind": "grid", "owner": None, "unit": "MW"}
    for kind, unit in (("power", "MW"), ("energy", "MWh")):
        owner = label.removesuffix(f"_{kind}")
        if owner != label:
            return {"kind": f"storage_{kind}", "owner": owner, "unit": unit}
    return {"kind": "source", "owner": label, "unit": "MW"}


def _column(label: str) -> dict[str, Any]:
    """Kind and owner of a column of the schedule by its label."""
    if label in _FIXED:
        return {"kind": label, "owner": None}
    for kind in _STORAGE_COLUMNS:
        owner = label.removesuffix(f"_{kind}")
        if owner != label or label == kind:
            return {"kind": kind, "owner": owner}
    if label.startswith(_FLEXIBLE):
        return {"kind": "other", "owner": label}
    return {"kind": "source", "owner": label}


def _flexible(case: Names) -> dict[str, dict[str, Any]]:
    """Columns of the flexible loads, which bear their names."""
    return {
        str(row["name"]): {"kind": kind, "owner": str(row["name"])}
        for key, kind in _FLEXIBLE_LISTS.items()
        for row in case.get(key) or []
    }


def _with_technology(row: Names) -> dict[str, Any]:
    if "technology" in row:
        return dict(row)
    name = str(row.get("name"))
    return {**row, "technology": name if name in _TECHNOLOGIES else None}


def _with_limit(row: Names) -> dict[str, Any]:
    """A row with the kind and the owner of its limit, written ``kind`` or ``kind:owner``."""
    if "limit_kind" in row or not row.get("limit"):
        return dict(row)
    kind, _colon, owner = str(row["limit"]).partition(":")
    return {**row, "limit_kind": kind, "limit_owner": owner or None}


def _with_texts(row: Names) -> dict[str, Any]:
    """A curve with its source and quality in words, which stood in its provenance alone."""
    provenance = row.get("provenance") or {}
    words = {"source_texts": provenance.get("sources"), "quality_texts": provenance.get("notes")}
    return {**{key: list(value or []) for key, value in words.items()}, **row}


def _with_parts(case: Names, plan: Names) -> dict[str, Any]:
    """A case with its sources and storages; where it has none, those its capacities tell of."""
    if case["sources"] or case.get("storages"):
        return dict(case)
    found = dict(_parts(plan))
    return {
        **case,
        "sources": [
            _with_technology({"name": name}) for name, kind in found.items() if kind == "source"
        ],
        "storages": [{"name": name} for name, kind in found.items() if kind == "storage"],
    }


def _parts(plan: Names) -> Iterator[tuple[str, str]]:
    columns = (plan.get("schedule") or {}).get("column_kinds") or []
    for row in (*plan["capacity_kinds"], *columns):
        kind, owner = str(row["kind"]), row.get("owner")
        if owner and (kind in _STORAGE_COLUMNS or kind.startswith("storage_")):
            yield str(owner), "storage"
        elif owner and kind == "source":
            yield str(owner), "source"
