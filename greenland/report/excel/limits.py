"""Formulas of verdicts, of the shares of a plan, and of its cash flow."""

from __future__ import annotations

import operator
from collections.abc import Mapping

from greenland.record.record import if_made
from greenland.report.excel.formulas import Formula, Rules, whole
from greenland.report.excel.sight import AbsentError, Sight
from greenland.report.excel.terms import Term, Words, added, constant
from greenland.report.labels import state_label

COMPLIANCE, TOTALS = "table-energy-compliance", "table-energy-totals"
CASH, CASH_ALL = "table-energy-cash", "table-energy-cash-all"
_KEPT = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_JUDGED = (
    *("table-standard-off", "table-standard-checks", "table-admission-checks"),
    *("table-policy-targets", COMPLIANCE),
)
_PAGE_PARTS = ("invested", "running", "grid_paid", "income", "avoided_bill", "taxes")
_BEFORE_TAX = (
    *("investment", "replacement", "residual", "opex", "other", "grid_energy", "grid_fixed"),
    *("bought", "self_use_charges", "export_income", "avoided_bill", "sales", "vat", "surtax"),
)
_EQUITY = ("before_tax", "income_tax_financed", "loan", "principal", "interest")


def _verdict(left: str, right: str, default: str = "") -> Formula:
    """Whether a value keeps its limit; what depends on a day or on missing data is no formula."""

    def formula(at: Sight) -> Words:
        sign = str(at.row.get("direction") or default)
        if sign not in _KEPT or at.row.get("state") not in ("met", "failed"):
            raise AbsentError
        value, limit = at.own(left), at.own(right)
        met, failed = state_label("met"), state_label("failed")
        kept = _KEPT[sign](whole(value.value), whole(limit.value))
        text = f'IF({value.text}{sign}{limit.text},"{met}","{failed}")'
        return Words(text, met if kept else failed)

    return formula


def _energy(key: str) -> Formula:
    return lambda at: at.cell(TOTALS, at.find(TOTALS, total=key), "mwh")


_available, _curtailed = _energy("available_generation"), _energy("curtailment")
_exported, _self_used = _energy("export"), _energy("self_use")
_load, _consumption = _energy("load"), _energy("consumption")


def _share(above: Formula, *less: Formula, of: Formula) -> Formula:
    """A quantity of the year, less others, over another."""

    def formula(at: Sight) -> Term:
        left = _number(above, at)
        for one in less:
            left = left - _number(one, at)
        return left / _number(of, at)

    return formula


def _number(formula: Formula, at: Sight) -> Term:
    made = formula(at)
    if not isinstance(made, Term):
        raise AbsentError
    return made


def _delivered(at: Sight) -> Term:
    delivered = _number(_available, at) - _number(_curtailed, at)
    return _number(_exported, at) / delivered


_SHARES: Mapping[str, tuple[Formula, ...]] = {
    "self_use_of_generation": (
        _share(_available, _curtailed, _exported, of=_available),
        _share(_self_used, of=_available),
    ),
    "self_use_of_consumption": (_share(_self_used, of=_consumption), _share(_self_used, of=_load)),
    "export_share": (_share(_exported, of=_available),),
    "export_share_of_delivered": (_delivered,),
    "curtailment_share": (_share(_curtailed, of=_available),),
}


def _share_of(place: int) -> Formula:
    def formula(at: Sight) -> Term | Words:
        found = _SHARES.get(str(at.row.get("limit")), ())
        if place >= len(found):
            raise AbsentError
        return found[place](at)

    return formula


def _added(keys: tuple[str, ...]) -> Formula:
    """The numbers of some columns of the row, of those the table has."""

    def formula(at: Sight) -> Term:
        found = []
        for key in keys:
            try:
                found.append(at.own(key))
            except AbsentError:
                continue
        if not found:
            raise AbsentError
        return added(found)

    return formula


def _running_total(key: str, own: str) -> tuple[Formula, ...]:
    return (lambda at: at.above(own) + at.own(key), lambda at: at.own(key))


def _discounted(at: Sight) -> Term:
    energy = if_made(at.record.energy)
    finance = None if energy is None else energy.finance
    rate = None if finance is None else finance.discount_rate
    if rate is None:
        raise AbsentError
    return at.own("net") / constant(1 + rate) ** at.own("year")


RULES: Rules = {
    **{(table, "state"): (_verdict("value", "required"),) for table in _JUDGED},
    ("table-stock-disposal", "state"): (_verdict("rate", "target", ">="),),
    (COMPLIANCE, "value"): tuple(_share_of(place) for place in range(2)),
    ("table-energy-users", "self_use_of_consumption"): (
        lambda at: at.own("self_use_mwh") / at.own("load_mwh"),
    ),
    (CASH, "net"): (_added(_PAGE_PARTS),),
    (CASH, "cumulative"): _running_total("net", "cumulative"),
    (CASH_ALL, "before_tax"): (_added(_BEFORE_TAX),),
    (CASH_ALL, "net"): (_added(("before_tax", "income_tax")),),
    (CASH_ALL, "cumulative"): _running_total("net", "cumulative"),
    (CASH_ALL, "discounted"): (_discounted,),
    (CASH_ALL, "cumulative_discounted"): _running_total("discounted", "cumulative_discounted"),
    (CASH_ALL, "equity_net"): (_added(_EQUITY),),
}
