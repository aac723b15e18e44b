"""The inputs of a case as JSON-ready names and values."""

from __future__ import annotations

from typing import Any

from greenland.energy.case.defaults import FIELDS, SITE_FIELDS
from greenland.energy.case.schema import Case
from greenland.energy.site import Site

_NOT_INPUTS = {"finance", "compliance", "carbon", "study", "rules", "scenarios", "cross_check"}


def case_record(case: Case, site: Site) -> dict[str, Any]:
    """Inputs shown: every field that is no curve."""
    record = case.model_dump(mode="json", exclude=_NOT_INPUTS)
    for row, item in zip(record["sources"], site.sources, strict=True):
        row["technology"] = item.technology  # what it was taken for, written or not
    for kind, names in FIELDS.items():  # what was taken, written or not
        rows, parts = record[kind], getattr(site, kind)
        if kind == "grid":
            rows, parts = [rows or {}], [parts]
        for row, part in zip(rows, parts, strict=False):  # a study's fixed costs are a part more
            row |= {name: getattr(part, name) for name in names if name in row}
    record |= {name: getattr(site, name) for name in SITE_FIELDS}
    said = case.compliance
    record |= {name: getattr(said, name, None) for name in ("voltage_kv", "line_km")}
    load = site.load
    return {
        **record,
        "start": str(site.index[0]),
        "steps": len(load),
        "step_hours": site.step_hours,
        "years": site.years,
        "load_mwh_per_year": float(load.sum()) * site.step_hours / site.years,
        "load_peak_mw": float(load.max()),
    }
