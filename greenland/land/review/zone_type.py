"""Type of a zone (评价类型) by what the built-up land of its main part is used for."""

from __future__ import annotations

import math
from enum import StrEnum

from greenland.i18n import N_, Text, _
from greenland.land.limits import exceeds, within
from greenland.land.parts import ZONE
from greenland.land.review.balance import ZoneFacts, children
from greenland.rules import Rulebook

ZONE_TYPE_RULES = (
    "land.review.zone_type.industrial_share",
    "land.review.zone_type.residential_share",
)


class ZoneType(StrEnum):
    """Type of zone by what its built-up land is used for."""

    INDUSTRIAL = "industrial"
    CITY_INDUSTRY = "city_industry"
    OTHER = "other"


ZONE_TYPE_LABELS = {
    ZoneType.INDUSTRIAL: N_("工业主导型"),
    ZoneType.CITY_INDUSTRY: N_("产城融合型"),
    ZoneType.OTHER: N_("其他类型"),
}


def zone_type(
    facts: ZoneFacts, rulebook: Rulebook, given: ZoneType | None = None
) -> tuple[ZoneType, Text]:
    """Type of zone by the shares of industrial and residential land, and why.

    Parameters
    ----------
    facts : ZoneFacts
        Land codes of the zone and its parts [公顷].
    given : ZoneType, optional
        Type the park states; it counts first.

    Notes
    -----
    Judged on the main zone (主区), all blocks of it together; on the whole zone only where no
    land is stated for the main zone. Residential land that is left out is taken to be at most
    what the other stated codes leave of A, which decides where most of it is industrial.

    References
    ----------
    TD/T 1029: 工业主导型 if A2/A > 30 % and A1/A < 25 %; 产城融合型 if A2/A ≤ 30 % and
    A1/A ≥ 25 %; else 其他.
    """
    if given is not None:
        return given, _("园区在 park.yaml 中指定")
    industrial_limit, residential_limit = (rulebook.number(rule) for rule in ZONE_TYPE_RULES)
    where, areas = _judged_on(facts)
    built, industrial, residential = areas["A"], areas["A2"], areas["A1"]
    if not built > 0 or math.isnan(industrial):
        return ZoneType.OTHER, _unknown(where)
    industry, housing = industrial / built, residential / built
    mostly_industry = exceeds(industry, industrial_limit)
    if math.isnan(housing):
        most = _left_of(areas) / built
        if not (mostly_industry and not within(most, residential_limit)):
            return ZoneType.OTHER, _unknown(where)
        text = _(
            "{where}工矿仓储用地占 {industry:.1%}（界限 {industrial:.0%}），住宅用地未填，"
            "至多占 {housing:.1%}（界限 {residential:.0%}）",
            where=where,
            industry=industry,
            industrial=industrial_limit,
            housing=most,
            residential=residential_limit,
        )
        return ZoneType.INDUSTRIAL, text
    lived_in = within(housing, residential_limit)
    kind = ZoneType.OTHER
    if mostly_industry != lived_in:
        kind = ZoneType.INDUSTRIAL if mostly_industry else ZoneType.CITY_INDUSTRY
    return kind, _(
        "{where}工矿仓储用地占 {industry:.1%}（界限 {industrial:.0%}），住宅用地占 {housing:.1%}"
        "（界限 {residential:.0%}）",
        where=where,
        industry=industry,
        industrial=industrial_limit,
        housing=housing,
        residential=residential_limit,
    )


def _judged_on(facts: ZoneFacts) -> tuple[Text, dict[str, float]]:
    """The land the type is judged on [公顷], and its name as it begins the reason."""
    if facts.main is not None:
        return _("主区"), facts.main
    areas = {str(code): float(area) for code, area in facts.of(ZONE).items()}
    if set(facts.stated) == {ZONE}:
        return _("未分片区，全区"), areas
    return _("没有主区的土地利用数据，按全区判断：全区"), areas


def _unknown(where: Text) -> Text:
    return _("{where}缺少 A、A1 或 A2 的面积，无法判断，按其他类型处理", where=where)


def _left_of(areas: dict[str, float]) -> float:
    """Built-up land [公顷] that the known codes below A leave open."""
    return max(0.0, areas["A"] - math.fsum(_known(areas, code) for code in children("A")))


def _known(areas: dict[str, float], code: str) -> float:
    """Area of a code [公顷], else of those below it that are known."""
    if not math.isnan(areas[code]):
        return areas[code]
    return math.fsum(_known(areas, child) for child in children(code))
