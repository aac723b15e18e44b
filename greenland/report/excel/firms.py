"""Formulas of 亩均效益: from the firms' figures as read to indicators, points and classes."""

from __future__ import annotations

from greenland.record.land.per_mu import PerMuRecord, PerMuSchemeRecord
from greenland.record.record import if_made
from greenland.report.excel.formulas import Formula, Rules
from greenland.report.excel.sight import AbsentError, Sight
from greenland.report.excel.terms import (
    CellCondition,
    Term,
    Words,
    added,
    constant,
    counted,
    greatest,
    is_above,
    is_number,
    is_positive,
    least,
    rounded,
    total,
    total_where,
)
from greenland.report.labels import value_label
from greenland.report.sections.per_mu_data import FIGURES

FIRMS, DATA, UNITS = "table-per-mu-firms", "table-per-mu-data", "table-per-mu-units"
ITEMS, BENCHMARKS = "table-per-mu-items", "table-per-mu-benchmarks"
BOUNDARIES, SUMMARY, TREND = (
    "table-per-mu-boundaries",
    "table-per-mu-summary",
    "table-per-mu-trend",
)
QUOTIENTS = {
    "tax_per_mu": ("tax_wan", "land_mu"),
    "revenue_per_mu": ("revenue_wan", "land_mu"),
    "output_per_mu": ("output_wan", "land_mu"),
    "value_added_per_mu": ("value_added_wan", "land_mu"),
    "value_added_per_tce": ("value_added_wan", "energy_tce"),
    "value_added_per_emission": ("value_added_wan", "emission_t"),
    "labour_productivity": ("value_added_wan", "employees"),
    "rd_intensity": ("rd_wan", "revenue_wan"),
    "tax_per_mwh": ("tax_wan", "electricity_mwh"),
    "tax_per_tce": ("tax_wan", "energy_tce"),
    "tax_per_emission": ("tax_wan", "emission_t"),
}
_BONUS = "bonus"  # treatment of points that are added or taken off
_ONE, _TWO = constant(1.0), constant(2.0)


def _part(at: Sight) -> PerMuRecord:
    part = if_made(at.record.land.per_mu)
    if not isinstance(part, PerMuRecord):
        raise AbsentError
    return part


def scheme_of(at: Sight) -> PerMuSchemeRecord:
    """The scheme the firms are scored by."""
    return _part(at).scheme


# Evaluation units: sums of the firms that belong to each.


def _land_of_unit(at: Sight) -> Term:
    return at.cell(DATA, at.find(DATA, firm_id=at.row["firm_id"]), "land_mu")


def _sum_of_members(key: str) -> Formula:
    def formula(at: Sight) -> Term:
        members = at.row["members"]
        return added([at.cell(DATA, at.find(DATA, firm_id=one), key) for one in members])

    return formula


# Firms: indicators, score, class, place.


def _source(at: Sight) -> tuple[str, int]:
    """Where the figures behind a firm's indicators stand: its unit's, or a tenant's own."""
    table = DATA if at.row.get("tenant") else UNITS
    return table, at.find(table, firm_id=at.row["firm_id"])


def _land(at: Sight) -> Term:
    return at.cell(*_source(at), "land_mu")


def _indicator(key: str) -> Formula:
    above, below = QUOTIENTS[key]

    def formula(at: Sight) -> Term:
        source = _source(at)
        return at.cell(*source, above) / at.cell(*source, below)

    return formula


def _block(at: Sight) -> tuple[slice, slice]:
    """Rows of a firm's scored items and, after them, of its bonus items."""
    rows, own = at.rows(ITEMS), at.row["firm_id"]
    first = at.find(ITEMS, firm_id=own)
    last = first
    while last < len(rows) and rows[last]["firm_id"] == own:
        last += 1
    bonus = next((n for n in range(first, last) if rows[n]["treatment"] == _BONUS), last)
    return slice(first, bonus), slice(bonus, last)


def _full(at: Sight) -> Term:
    """Points of the group in full: the weights of all its items."""
    group = at.row["group"]
    rows = [n for n, row in enumerate(at.rows(BENCHMARKS)) if row["group"] == group]
    if not rows or rows != list(range(rows[0], rows[-1] + 1)):
        raise AbsentError
    return total(at.column(BENCHMARKS, "weight", slice(rows[0], rows[-1] + 1)))


def _points(at: Sight) -> Term:
    items, _rest = _block(at)
    got = total(at.column(ITEMS, "score", items))
    return got / total(at.column(ITEMS, "weight", items)) * _full(at)


def _score(at: Sight) -> Term:
    return rounded(_points(at), _decimals(at))


def _score_with_bonus(at: Sight) -> Term:
    scheme = scheme_of(at)
    if scheme.bonus is None:
        raise AbsentError
    _items, rest = _block(at)
    more: list[Term] = []
    if rest.stop > rest.start:
        more.append(total(at.column(ITEMS, "score", rest)))
    try:
        more.append(at.cell(DATA, at.find(DATA, firm_id=at.row["firm_id"]), "bonus_points"))
    except AbsentError:
        if not more:
            raise
    extra = added(more)
    if scheme.bonus.maximum is not None:
        extra = least(constant(scheme.bonus.maximum), extra)
    if scheme.bonus.minimum is not None:
        extra = greatest(constant(scheme.bonus.minimum), extra)
    return rounded(_points(at) + extra, _decimals(at))


def _decimals(at: Sight) -> int:
    decimals = scheme_of(at).decimals
    if decimals is None:  # records of before the scheme said so
        raise AbsentError
    return decimals


def _score_of_unit(at: Sight) -> Term:
    if not at.row.get("tenant"):
        raise AbsentError
    return at.cell(FIRMS, at.find(FIRMS, firm_id=at.row["unit"]), "score")


def _class(at: Sight) -> Words:
    """The best class whose least score is reached; vetoes, which are facts, are no formula."""
    own, group = at.own("score"), at.row["group"]
    bounds = [n for n, row in enumerate(at.rows(BOUNDARIES)) if row["group"] == group]
    text, value = "", ""
    for number in reversed(bounds):
        title = value_label("class", str(at.rows(BOUNDARIES)[number]["class"]))
        try:
            least_score = at.cell(BOUNDARIES, number, "score")
        except AbsentError:  # the last class has no least score; an empty one has none either
            text, value = text or f'"{title}"', value or title
            continue
        text = f'IF({own.text}>={least_score.text},"{title}",{text or chr(34) * 2})'
        value = title if own.value >= least_score.value else value
    if not text.startswith("IF"):
        raise AbsentError
    return Words(text, value)


def _rank(at: Sight) -> Term:
    if at.row.get("tenant"):
        return at.cell(FIRMS, at.find(FIRMS, firm_id=at.row["unit"]), "rank")
    better = is_above(at.column(UNITS, "score"), at.own("score"))
    return _ONE + counted(at.same(UNITS, "group"), better)


def _score_of_firm(at: Sight) -> Term:
    return at.cell(FIRMS, at.find(FIRMS, firm_id=at.row["firm_id"]), "score")


def _to_next(place: int) -> Formula:
    def formula(at: Sight) -> Term:
        group = at.row["group"]
        bounds = [n for n, row in enumerate(at.rows(BOUNDARIES)) if row["group"] == group]
        if place >= len(bounds):
            raise AbsentError
        return at.cell(BOUNDARIES, bounds[place], "score") - at.own("score")

    return formula


# Sums over units.


def quotient_of_sums(at: Sight, key: str, *rows: CellCondition) -> Term:
    """Sum over sum of the units that have both figures."""
    above, below = (at.column(UNITS, one) for one in QUOTIENTS[key])
    known = (*rows, is_number(above), is_positive(below))
    return total_where(above, *known) / total_where(below, *known)


def _sum_in_class(key: str) -> Formula:
    return lambda at: total_where(at.column(UNITS, key), at.same(UNITS, "class"))


def _mean_in_class(key: str) -> Formula:
    return lambda at: quotient_of_sums(at, key, at.same(UNITS, "class"))


def _count_in_class(table: str) -> Formula:
    return lambda at: counted(at.same(table, "class"))


def _mean_in_industry(key: str) -> Formula:
    return lambda at: quotient_of_sums(at, key, at.begins(UNITS, "industry_code"))


def _land_in_industry(at: Sight) -> Term:
    return total_where(at.column(UNITS, "land_mu"), at.begins(UNITS, "industry_code"))


def _units_in_industry(at: Sight) -> Term:
    return counted(at.begins(UNITS, "industry_code"))


def _this_year(key: str) -> Formula:
    def formula(at: Sight) -> Term:
        if at.row["year"] != _part(at).year:
            raise AbsentError
        return at.cell(FIRMS, at.find(FIRMS, firm_id=at.row["firm_id"]), key)

    return formula


_PER_MU = ("tax_per_mu", "revenue_per_mu", "output_per_mu", "value_added_per_mu")
RULES: Rules = {
    (UNITS, "land_mu"): (_land_of_unit,),
    **{(UNITS, key): (_sum_of_members(key),) for key in FIGURES},
    (UNITS, "score"): (_score_of_firm,),
    (FIRMS, "land_mu"): (_land,),
    **{(FIRMS, key): (_indicator(key),) for key in QUOTIENTS},
    (FIRMS, "score"): (_score_of_unit, _score_with_bonus, _score),
    (FIRMS, "class"): (_class,),
    (FIRMS, "rank"): (_rank,),
    (FIRMS, "points_to_next"): tuple(_to_next(place) for place in range(4)),
    **{(SUMMARY, key): (_sum_in_class(key),) for key in ("land_mu", "tax_wan", "revenue_wan")},
    **{(SUMMARY, key): (_mean_in_class(key),) for key in ("tax_per_mu", "revenue_per_mu")},
    (SUMMARY, "firms"): (_count_in_class(FIRMS),),
    (SUMMARY, "units"): (_count_in_class(UNITS),),
    **{
        (table, key): (_mean_in_industry(key),)
        for table in ("table-per-mu-industries", "table-per-mu-classes")
        for key in _PER_MU
    },
    **{
        (table, key): (formula,)
        for table in ("table-per-mu-industries", "table-per-mu-classes")
        for key, formula in (("land_mu", _land_in_industry), ("units", _units_in_industry))
    },
    **{(TREND, key): (_this_year(key),) for key in ("tax_per_mu", "revenue_per_mu", "score")},
}
