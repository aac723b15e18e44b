"""退出: every parcel is kept, improved, supervised or leaves, with evidence, route and date.

Findings come from the other evaluations; which decision, route and deadline each leads to is
data (`land.exit.measures`). Of several findings the strictest decision counts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from greenland.errors import input_error
from greenland.i18n import N_, Text, _
from greenland.land import summaries
from greenland.land.calendar import on_or_before
from greenland.land.exit.findings import FINDINGS, Finding, collect
from greenland.land.exit.gaps import gaps
from greenland.land.frames import LandResult
from greenland.land.indicators import joined
from greenland.land.sums import known_sum
from greenland.results import NotEvaluated, made, records
from greenland.summary import Summary
from greenland.units import MU_PER_HA

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.land.stock import StockResult
    from greenland.park import Park
    from greenland.rules import Rulebook


class Decision(StrEnum):
    """What becomes of a parcel, mildest first."""

    KEEP = "keep"
    IMPROVE = "improve"
    SUPERVISE = "supervise"
    EXIT = "exit"


DECISION_LABELS = {
    Decision.KEEP: N_("保持"),
    Decision.IMPROVE: N_("限期提升"),
    Decision.SUPERVISE: N_("重点监管"),
    Decision.EXIT: N_("退出"),
}


class Route(StrEnum):
    """How land is made use of again."""

    RESERVE = "reserve"
    SELF = "self"
    TRANSFER = "transfer"
    TECHNICAL = "technical"
    RECLAIM = "reclaim"
    NONE = ""


ROUTE_LABELS = {
    Route.RESERVE: N_("收储再开发"),
    Route.SELF: N_("自主开发"),
    Route.TRANSFER: N_("转让"),
    Route.TECHNICAL: N_("技术提升"),
    Route.RECLAIM: N_("复垦"),
    Route.NONE: N_("—"),
}


class Deadline(StrEnum):
    """From what the date is reckoned by which a decision has to be carried out."""

    EXIT = "exit"
    SUPERVISE = "supervise"
    IMPROVE = "improve"
    DETERMINE = "determine"
    TAKE_BACK = "take_back"
    EXTENSION = "extension"


class _Measure(BaseModel):
    model_config = ConfigDict(extra="forbid")

    decision: Decision
    route: Route
    deadline: Deadline


class _Measures(BaseModel):
    model_config = ConfigDict(extra="forbid")

    table: dict[Finding, _Measure]


@dataclass(frozen=True, slots=True, repr=False)
class ExitResult(LandResult):
    """One decision per parcel, and what they add up to."""

    parcels: pd.DataFrame
    summary: pd.DataFrame
    left_out: tuple[Text, ...] = ()

    def _summary(self) -> Summary:
        return summaries.exit_decisions(self)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form; ``left_out`` names the evaluations that were not there to look at."""
        return {
            "evaluated": True,
            "parcels": records(self.parcels, index="row"),
            "summary": records(self.summary),
            "left_out": [str(text) for text in self.left_out],
        }


def evaluate(
    park: Park,
    per_mu: PerMuResult | NotEvaluated | None = None,
    standard_land: StandardLandResult | NotEvaluated | None = None,
    stock: StockResult | NotEvaluated | None = None,
) -> ExitResult | NotEvaluated:
    """Decide on every parcel of the park.

    Parameters
    ----------
    park : Park
    per_mu, standard_land, stock : results, optional
        Where the findings come from; what is not there is said in ``left_out``.

    Returns
    -------
    ExitResult, or NotEvaluated when there are no parcels.

    Raises
    ------
    InputError
        If `land.exit.measures` names an unknown finding, decision, route or deadline.

    References
    ----------
    云南省《进一步发展壮大园区经济行动计划》第24项 (动态评估—退出—再配置); 楚办发〔2023〕5号 第22项.
    """
    parcels = park.tables["parcels"]
    if parcels.empty:
        return NotEvaluated(_("宗地台账没有数据。"))
    given = {
        _("亩均效益"): per_mu,
        _("标准地"): standard_land,
        _("存量土地"): stock,
    }
    absent = tuple(
        name for name, item in given.items() if item is None or isinstance(item, NotEvaluated)
    )
    found = collect(park, made(per_mu), made(standard_land), made(stock))
    short = gaps(parcels, made(per_mu), made(standard_land))
    table = _decide(parcels, found, short, park.rulebook, park.as_of, made(stock))
    return ExitResult(parcels=table, summary=_summary(table), left_out=absent)


def measures(rules: Rulebook) -> dict[Finding, _Measure]:
    """Decision, route and deadline of each finding, from the rule pack.

    Raises
    ------
    InputError
        If the rule is incomplete or names something unknown.
    """
    value = rules.rule("land.exit.measures").value
    try:
        table = _Measures.model_validate({"table": value}).table
    except ValidationError as error:
        first = error.errors()[0]
        raise input_error(
            "exit_measures",
            _("退出规则 land.exit.measures 的内容无效。"),
            got=f"{'.'.join(str(part) for part in first['loc'][1:])}: {first['input']}",
            allowed="、".join(Finding),
        ) from error
    lacking = [name for name in Finding if name not in table]
    if lacking:
        raise input_error(
            "exit_measures",
            _("退出规则 land.exit.measures 缺少情形。"),
            got="、".join(lacking),
            remedy=_("请为每种情形写明决定、路径和期限。"),
        )
    return table


def _decide(
    parcels: pd.DataFrame,
    found: pd.DataFrame,
    short: dict[int, list[dict[str, Any]]],
    rules: Rulebook,
    day: dt.date,
    stock: StockResult | None,
) -> pd.DataFrame:
    table = measures(rules)
    order = {name: place for place, name in enumerate(Decision)}
    found = found.assign(
        rank=found["finding"].map({name: order[item.decision] for name, item in table.items()})
    )
    # strictest first; of equals the order in which findings are listed
    found = found.sort_values(["rank"], ascending=False, kind="stable")
    lead = found[~found.index.duplicated()]
    kind = lead["finding"].reindex(parcels.index)
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
    texts, items, ids = _evidence(found, parcels, day)
    own = [short.get(row, []) for row in parcels.index.tolist()]
    kept = (frame["decision"] == Decision.KEEP).tolist()
    listed = [[] if keep else gap for gap, keep in zip(own, kept, strict=True)]
    frame["gap"] = [_gap_text(gap) for gap in listed]
    frame["gaps"] = pd.Series(listed, index=parcels.index, dtype=object)
    frame["evidence"] = texts
    frame["findings"] = items
    frame["rule_id"] = ids
    return frame


def _dates(
    kind: pd.Series[Any],
    table: dict[Finding, _Measure],
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
    found: pd.DataFrame, parcels: pd.DataFrame, day: dt.date
) -> tuple[list[Text], list[list[str]], list[str | None]]:
    facts: dict[Any, list[Text]] = {}
    names: dict[Any, list[str]] = {}
    ids: dict[Any, str | None] = {}
    columns = (found.index.tolist(), *(found[name].tolist() for name in ("finding", "fact")))
    for row, name, fact, rule_id in zip(*columns, found["rule_id"].tolist(), strict=True):
        facts.setdefault(row, []).append(fact)
        names.setdefault(row, []).append(str(name))
        ids.setdefault(row, rule_id)
    quiet = _quiet(parcels, day)
    texts = [
        joined(facts[row]) if row in facts else still
        for row, still in zip(parcels.index.tolist(), quiet, strict=True)
    ]
    order = parcels.index.tolist()
    return texts, [names.get(row, []) for row in order], [ids.get(row) for row in order]


def _quiet(parcels: pd.DataFrame, day: dt.date) -> list[Text]:
    """What is said of parcels without findings."""
    nothing, unsupplied = _("未发现需要处置的情形"), _("尚未供应")
    building = _("尚未竣工，未发现需要处置的情形")
    supplied = (parcels["supply_state"] == "supplied").tolist()
    done = on_or_before(parcels["actual_completion_date"], day).tolist()
    return [
        (nothing if ready else building) if sold else unsupplied
        for sold, ready in zip(supplied, done, strict=True)
    ]


def _gap_text(items: list[dict[str, Any]]) -> Text | None:
    return joined([item["text"] for item in items]) if items else None


def _summary(table: pd.DataFrame) -> pd.DataFrame:
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
                "missing": int((~(part["area_mu"] > 0)).sum()),
            }
        )
    return pd.DataFrame(rows)


__all__ = [
    "DECISION_LABELS",
    "FINDINGS",
    "ROUTE_LABELS",
    "Decision",
    "ExitResult",
    "Finding",
    "Route",
    "evaluate",
    "measures",
]
