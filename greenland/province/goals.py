"""Goals set for all parks of a province together, judged on the sum.

A goal is judged over the parks that use the rule pack it stands in: that of a prefecture over its
own parks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from greenland.history import Entry
from greenland.i18n import _
from greenland.key_results import ParkKey
from greenland.province.config import ProvinceFigures
from greenland.province.member import Member
from greenland.province.method import SAME_WITHIN
from greenland.results import State
from greenland.rules import Rule, Rulebook

# Asked of the last year of the plan, not of each; and asked to be exceeded, not reached.
AT_THE_END = frozenset(
    {"leading_industry_share", "gdp_share", "above_scale_output_share", "rd_intensity"}
)
EXCEEDED = frozenset({"gdp_share", "above_scale_output_share"})
_GROWING = {"revenue_growth": "revenue_wan", "output_growth": "above_scale_output_wan"}
_WAN_PER_YI = 10000.0


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of the province held against what its parks come to together.

    Parameters
    ----------
    goal : str
        The last part of its rule's id.
    rule_id, pack : str
    value, required : float, optional
    unit : str
    exceeded : bool
        Whether the value has to be over what is required.
    state : State
    due_year : int, optional
        Year a goal of the last year is due in.
    parks : int, optional
        Parks that have the figures; None where they are stated for all.
    of : int
    basis : str
        What was added up.
    reason : str
    """

    goal: str
    rule_id: str
    pack: str
    value: float | None
    required: float
    unit: str
    exceeded: bool
    state: State
    due_year: int | None
    parks: int | None
    of: int
    basis: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Value:
    """What the parks come to.

    Parameters
    ----------
    least : bool
        Whether parks that are missing could only add to it.
    """

    value: float | None
    parks: int | None
    basis: str
    reason: str = ""
    least: bool = False


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a goal is judged on.

    Parameters
    ----------
    own : sequence of Member
        Parks the goal is for.
    begin : int
        The year before the plan.
    year : int
        Assessed year.
    figures : ProvinceFigures
    kept : mapping
        Key results of years before, by park and year.
    """

    own: Sequence[Member]
    begin: int
    year: int
    figures: ProvinceFigures
    kept: Mapping[ParkKey, Entry]

    def figure(self, member: Member, column: str, year: int) -> float | None:
        """A yearly figure as the park's own sheet has it, or as it was kept."""
        stated = member.yearly.get(year, {}).get(column)
        earlier = self.kept.get(ParkKey(member.entry.park, year))
        if stated is None and earlier is not None:
            return earlier.values.get(column)
        return stated


def goals(
    members: Sequence[Member],
    of: int,
    rules: Rulebook,
    figures: ProvinceFigures,
    kept: Mapping[ParkKey, Entry] | None = None,
) -> list[Goal]:
    """Every goal in force.

    Parameters
    ----------
    members : sequence of Member
        Parks of the assessed year.
    of : int
        How many parks the province has.
    rules : Rulebook
    figures : ProvinceFigures
        Of the whole province.
    kept : mapping, optional
        Key results of years before, by park and year.
    """
    found = []
    for rule in (*rules.under("land.policy.goal"), *rules.under("land.province.goal")):
        own = [member for member in members if rule.pack in member.packs]
        everywhere = len(own) == len(members)
        begin = rule.valid_from.year - 1 if rule.valid_from is not None else rules.year - 1
        basis = _Basis(own, begin, rules.year, figures, kept or {})
        found.append(_goal(rule, basis, of if everywhere else len(own)))
    return found


def _goal(rule: Rule, basis: _Basis, of: int) -> Goal:
    name = rule.id.rpartition(".")[2]
    required = float(rule.value)  # type: ignore[arg-type]
    year, exceeded = basis.year, name in EXCEEDED
    made = _VALUES.get(name, _unknown)(name, basis)
    due = rule.valid_to.year if name in AT_THE_END and rule.valid_to is not None else None
    state, reason = _judged(made, required, of, due, year, exceeded=exceeded)
    return Goal(
        name,
        rule.id,
        rule.pack,
        made.value,
        required,
        rule.unit,
        exceeded,
        state,
        due,
        made.parks,
        of,
        made.basis,
        reason,
    )


def _judged(
    made: _Value, required: float, of: int, due: int | None, year: int, *, exceeded: bool
) -> tuple[State, str]:
    """State of a goal, and what to know of it."""
    if made.value is None:
        return State.NO_DATA, made.reason
    if exceeded and made.value > 1 + SAME_WITHIN:
        return State.NO_DATA, _("园区合计超过了全省数，请核对两者的口径和单位。")
    slack = SAME_WITHIN * abs(required)
    met = made.value > required + slack if exceeded else made.value >= required - slack
    said = [made.reason]
    if made.parks is not None and made.parks < of:
        said.append(_("只合计了有数的 {parks} 个园区（共 {of} 个）。", parks=made.parks, of=of))
    if not met and due is not None and year < due:
        said.append(_("目标年为 {year} 年，尚未到期，目前低于目标。", year=due))
        return State.NOT_DUE, "".join(said)
    if not met and made.least and (made.parks or 0) < of:
        said.append(_("其余园区的数只会使合计增加，不能判定为不达标。"))
        return State.NO_DATA, "".join(said)
    return State.MET if met else State.FAILED, "".join(said)


def _growth(name: str, basis: _Basis) -> _Value:
    """Mean growth a year since the year before the plan, or since last year where that is all."""
    column, year = _GROWING[name], basis.year
    having = [one for one in basis.own if basis.figure(one, column, year) is not None]
    for since in dict.fromkeys((min(basis.begin, year - 1), year - 1)):
        pairs = [
            (now, before)
            for member in having
            if (now := basis.figure(member, column, year)) is not None
            and (before := basis.figure(member, column, since)) is not None
        ]
        sums = [sum(pair[place] for pair in pairs) for place in (0, 1)]
        whole = since == year - 1 or len(pairs) == len(having)
        if pairs and whole and sums[1] > 0:
            rate = (sums[0] / sums[1]) ** (1 / (year - since)) - 1
            said = "" if since <= basis.begin else _("规划前一年的数不全，只能算较上年的增长。")
            text = _("{since} 至 {year} 年，两年都有数的园区合计", since=since, year=year)
            return _Value(rate, len(pairs), text, said)
    return _Value(None, 0, _("两年都有数的园区合计"), _("没有园区同时有当年和上年的数。"))


def _leading(name: str, basis: _Basis) -> _Value:
    text = _("各园区主导产业占比按营业收入加权")
    having = [
        member.values
        for member in basis.own
        if "leading_industry_share" in member.values and "revenue_wan" in member.values
    ]
    below = sum(values["revenue_wan"] for values in having)
    if not below > 0:
        return _Value(None, 0, text, _("没有园区同时有主导产业占比和营业收入。"))
    above = sum(values["leading_industry_share"] * values["revenue_wan"] for values in having)
    return _Value(above / below, len(having), text)


def _firms(name: str, basis: _Basis) -> _Value:
    text = _("各园区当年新增规上企业数合计")
    having = [m.values[name] for m in basis.own if name in m.values]
    if not having:
        return _Value(None, 0, text, _("没有园区填报当年新增规上企业数。"))
    return _Value(sum(having), len(having), text, least=True)


def _rd(name: str, basis: _Basis) -> _Value:
    text = _("各园区规上工业企业研发经费支出合计÷其营业收入合计")
    pairs = [
        (member.values["above_scale_rd_wan"], member.values["above_scale_revenue_wan"])
        for member in basis.own
        if {"above_scale_rd_wan", "above_scale_revenue_wan"} <= member.values.keys()
    ]
    below = sum(revenue for _spent, revenue in pairs)
    if not below > 0:
        return _Value(None, 0, text, _("没有园区的规上工业企业都填了研发经费和营业收入。"))
    return _Value(sum(spent for spent, _revenue in pairs) / below, len(pairs), text)


def _gdp(name: str, basis: _Basis) -> _Value:
    text = _("园区地区生产总值合计÷全省地区生产总值，两者由 province.yaml 给出")
    if basis.figures.gdp_yi is None or basis.figures.park_gdp_yi is None:
        why = _(
            "园区不填报地区生产总值；请在 province.yaml 的 figures 中给出 gdp_yi 和 park_gdp_yi。"
        )
        return _Value(None, None, text, why)
    return _Value(basis.figures.park_gdp_yi / basis.figures.gdp_yi, None, text)


def _output(name: str, basis: _Basis) -> _Value:
    text = _("各园区规上工业总产值合计÷全省规上工业总产值（province.yaml 给出）")
    key = "above_scale_output_wan"
    having = [member.values[key] for member in basis.own if key in member.values]
    if basis.figures.above_scale_output_yi is None:
        why = _("请在 province.yaml 的 figures 中给出全省的 above_scale_output_yi。")
        return _Value(None, len(having), text, why)
    if not having:
        return _Value(None, 0, text, _("没有园区填报规上工业总产值。"))
    share = sum(having) / _WAN_PER_YI / basis.figures.above_scale_output_yi
    return _Value(share, len(having), text, least=True)


def _unknown(name: str, basis: _Basis) -> _Value:
    return _Value(None, 0, "", _("评价结果中没有可以合计的数。"))


_VALUES: dict[str, Callable[[str, _Basis], _Value]] = {
    "revenue_growth": _growth,
    "output_growth": _growth,
    "leading_industry_share": _leading,
    "new_above_scale_firms": _firms,
    "gdp_share": _gdp,
    "rd_intensity": _rd,
    "above_scale_output_share": _output,
}
