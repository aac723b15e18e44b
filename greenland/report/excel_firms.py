"""Formulas of 亩均效益: from the firms' figures as read to indicators, points and classes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from greenland.record.land.per_mu import PerMuRecord, PerMuSchemeRecord
from greenland.record.record import if_made
from greenland.report.excel_formulas import Formula, Rules
from greenland.report.excel_sight import AbsentError, Sight
from greenland.report.excel_terms import (
    Condition,
    Term,
    Words,
    absolute,
    added,
    constant,
    counted,
    greatest,
    greatest_where,
    is_above,
    is_number,
    is_positive,
    least,
    least_where,
    mean_where,
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


def _scheme(at: Sight) -> PerMuSchemeRecord:
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
    scheme = _scheme(at)
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
    decimals = _scheme(at).decimals
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


# Items: value, benchmark, ratio, points.


def _value(at: Sight) -> Term:
    key = str(at.row["indicator_id"])
    return at.cell(FIRMS, at.find(FIRMS, firm_id=at.row["firm_id"]), key)


def _value_from_figures(at: Sight) -> Term:
    """An indicator that is not a column of the firms: a common one, or one of the scheme's own."""
    key = str(at.row["indicator_id"])
    unit = at.find(UNITS, firm_id=at.row["firm_id"])
    if key in QUOTIENTS:
        above, below = QUOTIENTS[key]
        return at.cell(UNITS, unit, above) / at.cell(UNITS, unit, below)
    own = _scheme(at).indicators.get(key)
    if own is None or own.formula is None:
        raise AbsentError
    return _arithmetic(ast.parse(own.formula, mode="eval").body, at, unit)


_JOINED = {
    ast.Add: Term.__add__,
    ast.Sub: Term.__sub__,
    ast.Mult: Term.__mul__,
    ast.Div: Term.__truediv__,
}
_CALLED: Mapping[str, Any] = {"min": least, "max": greatest, "abs": absolute}


def _arithmetic(node: ast.expr, at: Sight, unit: int) -> Term:
    """A formula of the scheme on the figures of a unit; of this year only."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return constant(float(number))
        case ast.Name(id=name):
            return at.cell(UNITS, unit, name)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _JOINED:
            return _JOINED[type(op)](_arithmetic(left, at, unit), _arithmetic(right, at, unit))
        case ast.Call(func=ast.Name(id=name), args=args) if name in _CALLED:
            made: Term = _CALLED[name](*(_arithmetic(one, at, unit) for one in args))
            return made
    raise AbsentError


def _benchmark_row(at: Sight) -> int:
    return at.find(BENCHMARKS, group=at.row["group"], indicator=at.row["indicator"])


def _of_benchmarks(key: str) -> Formula:
    return lambda at: at.cell(BENCHMARKS, _benchmark_row(at), key)


def _min_max(at: Sight) -> Term:
    row = _benchmark_row(at)
    low, high = at.cell(BENCHMARKS, row, "least"), at.cell(BENCHMARKS, row, "most")
    place = (at.own("value") - low) / (high - low)
    place = greatest(constant(0.0), least(_ONE, place))
    return _ONE - place if at.rows(BENCHMARKS)[row].get("reverse") else place


def _bounded(at: Sight) -> Term:
    row, ratio = _benchmark_row(at), at.own("ratio")
    with suppress(AbsentError):
        ratio = least(at.cell(BENCHMARKS, row, "cap"), ratio)
    with suppress(AbsentError):
        ratio = greatest(at.cell(BENCHMARKS, row, "floor"), ratio)
    return ratio * at.own("weight")


def _with_base(at: Sight) -> Term:
    base = at.cell(BENCHMARKS, _benchmark_row(at), "base")
    return (base + (_ONE - base) * at.own("ratio")) * at.own("weight")


def _whole_weight(at: Sight) -> Term:
    if at.row.get("treatment") != "zero_full":
        raise AbsentError
    return at.own("weight")


# Benchmarks and sums over units.


def _taking_part(at: Sight) -> tuple[Condition, Condition]:
    exempt = value_label("class", "exempt")
    return at.same(UNITS, "group"), at.other_than(UNITS, "class", exempt)


def _quotient_of_sums(at: Sight, key: str, *rows: Condition) -> Term:
    """Sum over sum of the units that have both figures."""
    above, below = (at.column(UNITS, one) for one in QUOTIENTS[key])
    known = (*rows, is_number(above), is_positive(below))
    return total_where(above, *known) / total_where(below, *known)


def _group_mean(at: Sight) -> Term:
    key = str(at.row["indicator_id"])
    if key not in QUOTIENTS:
        raise AbsentError
    return _quotient_of_sums(at, key, *_taking_part(at))


def _of_items(kind: Any) -> Formula:
    def formula(at: Sight) -> Term:
        rows = (at.same(ITEMS, "group"), at.same(ITEMS, "indicator"))
        made: Term = kind(at.column(ITEMS, "value"), *rows)
        return made

    return formula


def _sum_in_class(key: str) -> Formula:
    return lambda at: total_where(at.column(UNITS, key), at.same(UNITS, "class"))


def _mean_in_class(key: str) -> Formula:
    return lambda at: _quotient_of_sums(at, key, at.same(UNITS, "class"))


def _count_in_class(table: str) -> Formula:
    return lambda at: counted(at.same(table, "class"))


def _mean_in_industry(key: str) -> Formula:
    return lambda at: _quotient_of_sums(at, key, at.begins(UNITS, "industry_code"))


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
    (ITEMS, "value"): (_value, _value_from_figures),
    (ITEMS, "benchmark"): (_of_benchmarks("benchmark"),),
    (ITEMS, "ratio"): (
        lambda at: at.own("value") / at.own("benchmark"),
        lambda at: at.own("benchmark") / at.own("value"),
        lambda at: _TWO - at.own("value") / at.own("benchmark"),
        _min_max,
    ),
    (ITEMS, "weight"): (_of_benchmarks("weight"),),
    (ITEMS, "score"): (_whole_weight, _with_base, _bounded),
    (BENCHMARKS, "benchmark"): (
        _group_mean,
        _of_items(mean_where),
        _of_items(greatest_where),
        _of_items(least_where),
    ),
    (BENCHMARKS, "least"): (_of_items(least_where),),
    (BENCHMARKS, "most"): (_of_items(greatest_where),),
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
        for key, formula in (("land_mu", _land_in_industry), ("firms", _units_in_industry))
    },
    **{(TREND, key): (_this_year(key),) for key in ("tax_per_mu", "revenue_per_mu", "score")},
}
