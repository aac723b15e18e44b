"""Records made before they said what a capacity or a column is: read by what its name ends in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Part = Mapping[str, Any]

_FIXED = frozenset({"load", "import", "export", "curtailment", "unserved", "grid"})
_STORAGE_COLUMNS = (
    *("grid_charge", "grid_discharge", "grid_energy"),
    *("charge", "discharge", "energy"),
)
_FLEXIBLE = ("shift", "interrupt", "electroly", "hydrogen", "peak", "served", "available", "price")
_TECHNOLOGIES = ("pv", "wind")


def technology(name: str) -> str:
    """Technology of a source by its name; ``""`` where that does not tell."""
    return name if name in _TECHNOLOGIES else ""


def capacity(label: str) -> Part:
    """Kind, owner and unit of a capacity by its label."""
    if label == "grid":
        return {"kind": "grid", "owner": None, "unit": "MW"}
    for kind, unit in (("power", "MW"), ("energy", "MWh")):
        owner = label.removesuffix(f"_{kind}")
        if owner != label:
            return {"kind": f"storage_{kind}", "owner": owner, "unit": unit}
    return {"kind": "source", "owner": label, "unit": "MW"}


def column(label: str) -> Part:
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


def parts(plan: Part) -> Iterator[tuple[str, str, str]]:
    """Name, kind and technology of the parts a plan's capacities and schedule tell of."""
    columns = (plan.get("schedule") or {}).get("columns") or {}
    rows = [capacity(str(label)) for label in plan.get("capacities") or {}]
    rows += [column(str(label)) for label in columns]
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        kind, owner = str(row["kind"]), row["owner"]
        if not owner or kind == "other":
            continue
        of_storage = kind in _STORAGE_COLUMNS or kind.startswith("storage_")
        what = ("storage", "") if of_storage else ("source", technology(str(owner)))
        found.setdefault(str(owner), what)
    yield from ((owner, kind, of) for owner, (kind, of) in found.items())


def limit(text: str) -> tuple[str, str]:
    """Kind and owner of a limit written ``kind`` or ``kind:owner``."""
    kind, _colon, owner = text.partition(":")
    return kind, owner
