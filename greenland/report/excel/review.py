"""Formulas of the review: from areas and figures to ratios, standardised values and the score."""

from __future__ import annotations

import re
from functools import reduce
from operator import mul

from greenland.report.excel.formulas import Formula, Rules
from greenland.report.excel.sight import AbsentError, Sight
from greenland.report.excel.terms import Term, added, constant, greatest, least

INDICATORS, PART_INDICATORS = "table-review-indicators", "table-review-part-indicators"
NODES, PARTS, POTENTIALS = "table-review-nodes", "table-review-parts", "table-review-potentials"
LAND, FIGURES, IDENTITIES = (
    "table-review-land-use",
    "table-review-figures",
    "table-review-identities",
)
_FULL, _NONE, _ONE = constant(100.0), constant(0.0), constant(1.0)
_M2_PER_HA = constant(10000.0)
_ZONE = "zone"
_CODE = re.compile(r"[A-Z]\d*")


def _area(at: Sight, code: str) -> Term:
    return at.cell(LAND, at.find(LAND, code=code), "area_ha")


def _fact(at: Sight, name: str) -> Term:
    """An area by its code, or a figure of the year."""
    if _CODE.fullmatch(name):
        return _area(at, name)
    return at.cell(FIGURES, at.find(FIGURES, item=name), "value")


def _sum_of(key: str) -> Formula:
    def formula(at: Sight) -> Term:
        terms = at.row.get(key) or ()
        if not terms:
            raise AbsentError
        return added([_fact(at, name) for name in terms])

    return formula


def _quotient(at: Sight) -> Term:
    return at.own("numerator") / at.own("denominator")


def _quotient_in_m2(at: Sight) -> Term:
    return at.own("numerator") / (at.own("denominator") * _M2_PER_HA)


def _against_ideal(at: Sight) -> Term:
    return at.own("value") / at.own("ideal") * _FULL


def _capped(at: Sight) -> Term:
    return greatest(_NONE, least(_FULL, _against_ideal(at)))


def _uncapped(at: Sight) -> Term:
    return greatest(_NONE, _against_ideal(at))


def _less_is_better(at: Sight) -> Term:
    return greatest(_NONE, least(_FULL, (_ONE - at.own("value")) * _FULL))


def _of_parts(key: str) -> Formula:
    """A figure of the zone put together from its parts by their weights."""

    def formula(at: Sight) -> Term:
        code = at.row["code"]
        shares = [
            at.cell(PARTS, number, "weight")
            * at.cell(PART_INDICATORS, at.find(PART_INDICATORS, part=row["part"], code=code), key)
            for number, row in enumerate(at.rows(PARTS))
        ]
        return added(shares)

    return formula


def _weight_in_tree(at: Sight) -> Term:
    """The weights from the top of the tree down to an indicator, multiplied; of all its leaves."""
    part, code = at.row.get("part", _ZONE), at.row["code"]
    rows = at.rows(NODES)
    leaves = [n for n, r in enumerate(rows) if r["part"] == part and r["indicator"] == code]
    if not leaves:
        raise AbsentError
    return added([_branch(at, part, leaf) for leaf in leaves])


def _branch(at: Sight, part: str, leaf: int) -> Term:
    rows = at.rows(NODES)
    path, number = [leaf], leaf
    while rows[number]["level"] > 1:
        number = at.find(NODES, part=part, node_id=rows[number]["parent_id"])
        path.insert(0, number)
    return reduce(mul, [at.cell(NODES, one, "weight") for one in path])


def _contribution(at: Sight) -> Term:
    return at.own("standardised") * at.own("weight")


def _leaf(at: Sight) -> Term:
    """Points of an indicator at the end of the tree."""
    code, part = at.row.get("indicator"), at.row["part"]
    if code is None:
        raise AbsentError
    if part == _ZONE:
        return at.cell(INDICATORS, at.find(INDICATORS, code=code), "standardised")
    return at.cell(PART_INDICATORS, at.find(PART_INDICATORS, part=part, code=code), "standardised")


def _node(at: Sight) -> Term:
    """Points of what is below, by weight."""
    return _below(at, at.row["part"], str(at.row["node_id"]), int(at.row["level"]) + 1)


def _zone(at: Sight) -> Term:
    """Points of the parts of the zone, by weight."""
    if at.row["level"] != 0:
        raise AbsentError
    parts = at.rows(PARTS)
    return added(
        [at.cell(PARTS, n, "weight") * at.cell(PARTS, n, "score") for n in range(len(parts))]
    )


def _part_score(at: Sight) -> Term:
    return _below(at, at.row["part"], at.row["part"], 1)


def _below(at: Sight, part: str, parent: str, level: int) -> Term:
    found = [
        at.cell(NODES, number, "weight") * at.cell(NODES, number, "score")
        for number, row in enumerate(at.rows(NODES))
        if (row["part"], row["parent_id"], row["level"]) == (part, parent, level)
    ]
    if not found:
        raise AbsentError
    return added(found)


def _side(place: int) -> Formula:
    """A side of an identity between areas of the whole zone."""

    def formula(at: Sight) -> Term:
        if at.row["part"] != _ZONE:
            raise AbsentError
        side = str(at.row["identity"]).split("=")[place]
        return added([_area(at, code) for code in side.split("+")])

    return formula


def _areas(at: Sight) -> Term:
    codes = str(at.row["code"]).split("+")
    if not all(_CODE.fullmatch(code) for code in codes):
        raise AbsentError
    return added([_area(at, code) for code in codes])


def _gap(at: Sight) -> tuple[Term, Term, Term]:
    """Area, ideal and value of the indicator a potential is about."""
    code, _sign, _rest = str(at.row["code"]).partition("×")
    row = at.find(INDICATORS, code=at.row["indicator"])
    return _area(at, code), at.cell(INDICATORS, row, "ideal"), at.cell(INDICATORS, row, "value")


def _structure(at: Sight) -> Term:
    area, ideal, value = _gap(at)
    return greatest(_NONE, area * (ideal - value))


def _intensity(at: Sight) -> Term:
    area, ideal, value = _gap(at)
    return greatest(_NONE, area * (ideal - value) / ideal)


def _structure_surplus(at: Sight) -> Term:
    area, ideal, value = _gap(at)
    return greatest(_NONE, area * (value - ideal))


def _intensity_surplus(at: Sight) -> Term:
    area, ideal, value = _gap(at)
    return greatest(_NONE, area * (value - ideal) / ideal)


RULES: Rules = {
    (INDICATORS, "numerator"): (_sum_of("numerator_terms"),),
    (INDICATORS, "denominator"): (_sum_of("denominator_terms"),),
    (INDICATORS, "value"): (_quotient, _quotient_in_m2),
    (INDICATORS, "standardised"): (
        _of_parts("standardised"),
        _less_is_better,
        _capped,
        _uncapped,
    ),
    (INDICATORS, "weight"): (_of_parts("weight"), _weight_in_tree),
    (INDICATORS, "contribution"): (_of_parts("contribution"), _contribution),
    (PART_INDICATORS, "weight"): (_weight_in_tree,),
    (PART_INDICATORS, "contribution"): (_contribution,),
    (NODES, "score"): (_leaf, _zone, _node),
    (PARTS, "score"): (_part_score,),
    (IDENTITIES, "left_ha"): (_side(0),),
    (IDENTITIES, "right_ha"): (_side(1),),
    (POTENTIALS, "value_ha"): (_areas, _structure, _intensity),
    (POTENTIALS, "surplus_ha"): (_structure_surplus, _intensity_surplus),
}
