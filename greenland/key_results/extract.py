"""Key results of one results record, and for those that are not there the reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from greenland.i18n import _
from greenland.key_results import table
from greenland.key_results.parks import ParkKey
from greenland.key_results.table import KEYS
from greenland.record.record import if_made
from greenland.results import State
from greenland.units import MU_PER_HA

if TYPE_CHECKING:
    from greenland.record.energy.energy import EnergyRecord
    from greenland.record.land.policy import PolicyRecord, YearFigures
    from greenland.record.record import Record

Found = Iterator[tuple[str, float | None]]
_THOUSAND = 1000.0
_WAN_PER_YI = 10000.0


def park_key(record: Record) -> ParkKey:
    """The key of a record's park and year."""
    return ParkKey((record.park.code or record.park.name).strip(), record.year)


def key_results(record: Record) -> tuple[dict[str, float], dict[str, str]]:
    """Key results of an assessment.

    Parameters
    ----------
    record : Record

    Returns
    -------
    values : dict
        By key of `KEYS`, in its unit, in its order; those that are not there are left out.
    reasons : dict
        Why a key is missing, for people, where its evaluation says so.

    Examples
    --------
    >>> from greenland import assess
    >>> from greenland.park import example_folder
    >>> values, _ = key_results(assess(example_folder(), parts=("land.standard_land",)).record())
    >>> round(values["standard_land_share"], 3)
    0.702
    """
    found = {key: value for part in _PARTS for key, value in part(record) if value is not None}
    values = {key: float(found[key]) for key in KEYS if key in found}
    reasons = {key: text for key in KEYS if key not in values and (text := _reason(key, record))}
    return values, reasons


def _ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below is not None and below > 0 else None


def growth(now: float | None, before: float | None) -> float | None:
    """Relative growth; None where either is missing or there was nothing before."""
    ratio = _ratio(now, before)
    return None if ratio is None else ratio - 1


def figures_of(record: Record, year: int) -> YearFigures | None:
    """Yearly figures of the whole park, where the policy was evaluated."""
    policy = if_made(record.land.policy)
    rows = policy.figures if policy is not None else ()
    return next((row for row in rows if row.year == year), None)


def _yearly(record: Record) -> Found:
    now, before = figures_of(record, record.year), figures_of(record, record.year - 1)
    if now is None:
        policy = if_made(record.land.policy)
        if policy is not None and policy.tier.output_yi is not None:
            yield "above_scale_output_wan", policy.tier.output_yi * _WAN_PER_YI
        return
    for key in (
        "above_scale_output_wan",
        "revenue_wan",
        "value_added_wan",
        "new_above_scale_firms",
        "leading_industry_share",
        "energy_tce",
        "water_m3",
    ):
        yield key, getattr(now, key)
    if before is not None:
        yield (
            "output_growth",
            growth(now.above_scale_output_wan, before.above_scale_output_wan),
        )
        yield "revenue_growth", growth(now.revenue_wan, before.revenue_wan)
    yield "energy_per_value_added", _ratio(now.energy_tce, now.value_added_wan)
    yield "water_per_value_added", _ratio(now.water_m3, now.value_added_wan)
    yield "official_rank", now.rank
    yield "official_ranked_parks", now.ranked_parks


def _research(record: Record) -> Found:
    policy = if_made(record.land.policy)
    if policy is None:
        return
    rd, revenue = policy.above_scale_rd_wan, policy.above_scale_revenue_wan
    yield "above_scale_rd_wan", rd
    yield "above_scale_revenue_wan", revenue
    yield "rd_intensity", _ratio(rd, revenue)


def _land(record: Record) -> Found:
    areas = [part.approved_area_ha for part in record.park.overview]
    if areas and all(area is not None for area in areas):
        yield "approved_area_ha", sum(area for area in areas if area is not None)
    if (review := if_made(record.land.review)) is not None:
        yield "land_intensity_score", review.land_intensity_score
    if (standard := if_made(record.land.standard_land)) is not None:
        yield "industrial_supplied_ha", standard.share.industrial_supplied_ha
        yield "standard_land_ha", standard.share.standard_land_ha
        yield "standard_land_share", standard.share.standard_land_share
    if (leaving := if_made(record.land.exit)) is not None:
        areas = [row.area_mu for row in leaving.parcels if row.decision == "exit"]
        if all(area is not None for area in areas):
            yield "exit_ha", sum(area for area in areas if area is not None) / MU_PER_HA
    if (admission := if_made(record.land.admission)) is not None:
        verdicts = [row.verdict for row in admission.projects]
        yield "projects_admitted", sum(one in ("admitted", "conditional") for one in verdicts)


def _stock(record: Record) -> Found:
    stock = if_made(record.land.stock)
    if stock is None:
        return
    for total in stock.totals:
        yield f"{total.ledger}_ha", None if total.missing else total.area_ha
    for row in stock.disposal:
        if row.year == record.year:
            yield f"{row.ledger}_stock_ha", row.stock_ha
            yield f"{row.ledger}_disposed_ha", row.disposed_ha
            yield f"{row.ledger}_disposal_rate", row.rate


def _firms(record: Record) -> Found:
    per_mu = if_made(record.land.per_mu)
    if per_mu is None:
        return
    yield "evaluated_firms", per_mu.park.evaluated_firms
    counts = {row.class_: row.firms for row in per_mu.summary}
    if counts:
        yield "class_a_firms", counts.get("A", 0)
        yield "class_d_firms", counts.get("D", 0)
    yield "firm_land_mu", per_mu.park.land_mu
    for key in ("tax_per_mu", "revenue_per_mu", "output_per_mu", "value_added_per_mu"):
        yield key, getattr(per_mu.park, key)


def _energy(record: Record) -> Found:
    energy = if_made(record.energy)
    if energy is None or energy.plan.capacities is None or energy.plan.energy is None:
        return
    plan = energy.plan
    yield from _capacities(energy)
    yield "capex_yuan", plan.capex
    yield "load_mwh", energy.case.load_mwh_per_year
    yield "self_use_mwh", plan.energy.self_use if plan.energy else None
    yield "self_use_of_consumption", plan.ratios.self_use_of_consumption if plan.ratios else None
    avoided = energy.carbon.avoided_tco2 if energy.carbon is not None else None
    yield "avoided_tco2", avoided
    price = plan.green_price
    yield "green_cost_per_mwh", None if price is None else price * _THOUSAND
    if avoided is not None:
        yield "avoided_kg_per_yuan", _ratio(avoided * _THOUSAND, plan.capex)
    yield "least_margin", nearest_limit(energy)[1]
    judged = [check for check in energy.compliance if check.state in (State.MET, State.FAILED)]
    if judged:
        yield "limits_failed", sum(check.state is State.FAILED for check in judged)


def _capacities(energy: EnergyRecord) -> Found:
    technologies = {source.name: source.technology for source in energy.case.sources}
    sums = {"pv_mw": 0.0, "wind_mw": 0.0, "other_source_mw": 0.0, "storage_mwh": 0.0}
    sizes = energy.plan.capacities or {}
    for label in energy.plan.capacity_kinds:
        size = sizes.get(label.capacity) or 0.0
        if label.kind == "source":
            technology = technologies.get(label.owner or "")
            key = f"{technology}_mw"
            sums[key if key in sums else "other_source_mw"] += size
        elif label.kind == "storage_energy":
            sums["storage_mwh"] += size
    yield from sums.items()


def nearest_limit(energy: EnergyRecord) -> tuple[str | None, float | None]:
    """The limit nearest to being broken, and its margin over what is required.

    Limits without a value, or that require nothing, have no relative margin.
    """
    margins = [
        (check.margin / abs(check.required), check.limit)
        for check in energy.compliance
        if check.state in (State.MET, State.FAILED) and check.margin is not None and check.required
    ]
    least = min(margins, default=None)
    return (None, None) if least is None else (least[1], least[0])


RESEARCH = ("above_scale_rd_wan", "above_scale_revenue_wan", "rd_intensity")
"""Taken from the firms' figures, not from the park's own yearly ones."""
_PARTS = (_yearly, _research, _land, _stock, _firms, _energy)

# What the keys of a group, or a key, are taken from.
_EVALUATION = {
    table.OUTPUT: "policy",
    table.OFFICIAL: "policy",
    table.FIRMS: "per_mu",
    table.STOCK: "stock",
}
_BY_KEY = {
    "land_intensity_score": "review",
    "industrial_supplied_ha": "standard_land",
    "standard_land_ha": "standard_land",
    "standard_land_share": "standard_land",
    "exit_ha": "exit",
    "projects_admitted": "admission",
}


def _reason(key: str, record: Record) -> str:
    """Why a key is missing: what its evaluation says, or that the figure was not filled in."""
    item = KEYS[key]
    name = _BY_KEY.get(key) or _EVALUATION.get(item.group)
    part: Any = getattr(record.land, name) if name else None
    if item.group == table.ENERGY:
        part = record.energy
    if part is not None and not part.evaluated:
        return str(part.reason)
    told = _told(key, record)
    if told:
        return told
    policy: PolicyRecord | None = if_made(record.land.policy)
    if name == "policy" and policy is not None and not policy.figures:
        return _("结果由较早的版本写出，或没有填年度指标；请重新运行 greenland assess。")
    if key in RESEARCH:
        return _("没有规上工业企业，有的没有填研发经费或营业收入，或结果由较早的版本写出。")
    if key in ("output_growth", "revenue_growth"):
        return _("缺少当年或上年数据。")
    return _("没有填报，或缺少计算所需的数据。")


def _told(key: str, record: Record) -> str:
    """What the evaluation itself says of a missing figure."""
    review = if_made(record.land.review)
    if key == "land_intensity_score" and review is not None:
        return str(review.score_reason or "")
    standard = if_made(record.land.standard_land)
    if key == "standard_land_share" and standard is not None:
        return str(standard.share.reason or "")
    energy = if_made(record.energy)
    if KEYS[key].group == table.ENERGY and energy is not None:
        clash = energy.plan.infeasibility
        return str(clash.text or "") if clash is not None else str(energy.plan.reason or "")
    stock = if_made(record.land.stock)
    if key.endswith("_disposal_rate") and stock is not None:
        ledger = key.removesuffix("_disposal_rate")
        rows = [row for row in stock.disposal if row.ledger == ledger and row.year == record.year]
        return str(rows[0].reason or "") if rows else _("没有填当年的存量和处置面积。")
    return ""
