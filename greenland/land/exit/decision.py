"""One decision per parcel: the strictest of its findings, with date and evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenland.i18n import Text, _, joined
from greenland.land.calendar import on_or_before
from greenland.land.exit.finding_rules import Deadline, FindingRule, measures
from greenland.land.exit.findings import Finding
from greenland.land.exit.result import Decision
from greenland.land.sums import known_sum, without_area
from greenland.units import MU_PER_HA

if TYPE_CHECKING:
    from greenland.land.stock import StockResult
    from greenland.rules import Rulebook


def decide(
    parcels: pd.DataFrame,
    findings: pd.DataFrame,
    shortfalls: dict[int, list[dict[str, Any]]],
    rules: Rulebook,
    day: dt.date,
    stock: StockResult | None,
    *,
    wrong: Collection[int] = (),
) -> pd.DataFrame:
    """Decision, route, date and evidence of every parcel.

    Parameters
    ----------
    findings : DataFrame
        Findings, indexed by the row of the parcel.
    shortfalls : dict of row to list
        What a parcel lacks of the standards, as `gaps` lists it.
    wrong : collection of int
        Rows with figures that are wrong and not used.
    """
    table = measures(rules)
    order = {name: place for place, name in enumerate(Decision)}
    findings = findings.assign(
        rank=findings["finding"].map({name: order[item.decision] for name, item in table.items()})
    )
    # strictest first; of equals the order in which findings are listed
    findings = findings.sort_values(["rank"], ascending=False, kind="stable")
    strictest = findings[~findings.index.duplicated()]
    kind = strictest["finding"].reindex(parcels.index)
    decision = kind.map({name: str(item.decision) for name, item in table.items()})
    route = kind.map({name: str(item.route) for name, item in table.items()})
    frame = pd.DataFrame(
        {
            "parcel_id": parcels["parcel_id"],
            "holder_id": parcels["holder_id"],
            "holder_name": parcels["holder_name"],
            "area_mu": parcels["area_mu"],
            "decision": decision.fillna(str(Decision.KEEP)).astype(object),
            "route": route.fillna("").astype(object),
            "by_date": _dates(kind, table, rules, day, stock),
        },
        index=parcels.index,
    )
    texts, items, ids = _evidence(findings, parcels, day, wrong)
    keeps = (frame["decision"] == Decision.KEEP).tolist()
    listed = [
        [] if keep else shortfalls.get(row, [])
        for row, keep in zip(parcels.index.tolist(), keeps, strict=True)
    ]
    frame["gap"] = [_gap_text(gap) for gap in listed]
    frame["gaps"] = pd.Series(listed, index=parcels.index, dtype=object)
    frame["evidence"] = texts
    frame["findings"] = items
    frame["rule_id"] = ids
    return frame


def _dates(
    kind: pd.Series[Any],
    table: dict[Finding, FindingRule],
    rules: Rulebook,
    day: dt.date,
    stock: StockResult | None,
) -> pd.Series[pd.Timestamp]:
    months = rules.rule("land.exit.deadline_months").value
    allowed = dict(months) if isinstance(months, dict) else {}
    extension = round(12 * rules.number("land.stock.idle.extension_years"))
    start = pd.Timestamp(day)
    fixed: dict[Finding, pd.Timestamp] = {}
    for name, item in table.items():
        count = extension if item.deadline is Deadline.EXTENSION else allowed.get(item.deadline, 0)
        fixed[name] = start + pd.DateOffset(months=int(count))
    dates = pd.to_datetime(kind.map(fixed))
    back = [name for name, item in table.items() if item.deadline is Deadline.TAKE_BACK]
    if stock is not None and back:
        due = stock.idle["take_back_date"].reindex(kind.index)
        dates = dates.mask(kind.isin(back) & due.notna(), due)
    return dates


def _evidence(
    findings: pd.DataFrame, parcels: pd.DataFrame, day: dt.date, wrong: Collection[int]
) -> tuple[list[Text], list[list[str]], list[str | None]]:
    facts: dict[Any, list[Text]] = {}
    names: dict[Any, list[str]] = {}
    ids: dict[Any, str | None] = {}
    columns = (findings.index.tolist(), *(findings[name].tolist() for name in ("finding", "fact")))
    for row, name, fact, rule_id in zip(*columns, findings["rule_id"].tolist(), strict=True):
        facts.setdefault(row, []).append(fact)
        names.setdefault(row, []).append(str(name))
        ids.setdefault(row, rule_id)
    quiet = _quiet(parcels, day, wrong)
    texts = [
        joined(facts[row]) if row in facts else still
        for row, still in zip(parcels.index.tolist(), quiet, strict=True)
    ]
    order = parcels.index.tolist()
    return texts, [names.get(row, []) for row in order], [ids.get(row) for row in order]


def _quiet(parcels: pd.DataFrame, day: dt.date, wrong: Collection[int]) -> list[Text]:
    """What is said of parcels without findings."""
    nothing, unsupplied = _("未发现需要处置的情形"), _("尚未供应")
    building = _("尚未竣工，未发现需要处置的情形")
    unused = _("本行有错误的数据未采用，按其余数据未发现需要处置的情形")
    supplied = (parcels["supply_state"] == "supplied").tolist()
    done = on_or_before(parcels["actual_completion_date"], day).tolist()
    said = [
        (nothing if ready else building) if sold else unsupplied
        for sold, ready in zip(supplied, done, strict=True)
    ]
    rows = parcels.index.tolist()
    return [unused if row in wrong else text for row, text in zip(rows, said, strict=True)]


def _gap_text(items: list[dict[str, Any]]) -> Text | None:
    return joined([item["text"] for item in items]) if items else None


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Parcels and area of each decision; ``missing`` counts parcels without an area."""
    rows = []
    for decision in Decision:
        part = table[table["decision"] == decision]
        area = known_sum(part["area_mu"])
        rows.append(
            {
                "decision": str(decision),
                "parcels": len(part),
                "area_mu": area,
                "area_ha": area / MU_PER_HA,
                "missing": int(without_area(part).sum()),
            }
        )
    return pd.DataFrame(rows)
