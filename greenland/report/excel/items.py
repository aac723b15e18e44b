"""Formulas of 亩均效益 item by item: value, benchmark, ratio and points; and the benchmarks."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from greenland.report.excel.firms import (
    BENCHMARKS,
    FIRMS,
    ITEMS,
    QUOTIENTS,
    UNITS,
    quotient_of_sums,
    scheme_of,
)
from greenland.report.excel.formulas import Formula, Rules
from greenland.report.excel.sight import AbsentError, Sight
from greenland.report.excel.terms import (
    CellCondition,
    Term,
    absolute,
    constant,
    greatest,
    greatest_where,
    least,
    least_where,
    mean_where,
)
from greenland.report.labels import value_label

_NONE, _ONE, _TWO = constant(0.0), constant(1.0), constant(2.0)


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
    own = scheme_of(at).indicators.get(key)
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
    place = greatest(_NONE, least(_ONE, place))
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


def _taking_part(at: Sight) -> tuple[CellCondition, CellCondition]:
    exempt = value_label("class", "exempt")
    return at.same(UNITS, "group"), at.other_than(UNITS, "class", exempt)


def _group_mean(at: Sight) -> Term:
    key = str(at.row["indicator_id"])
    if key not in QUOTIENTS:
        raise AbsentError
    return quotient_of_sums(at, key, *_taking_part(at))


def _of_items(kind: Any) -> Formula:
    def formula(at: Sight) -> Term:
        rows = (at.same(ITEMS, "group"), at.same(ITEMS, "indicator"))
        made: Term = kind(at.column(ITEMS, "value"), *rows)
        return made

    return formula


RULES: Rules = {
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
}
