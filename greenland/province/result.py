"""What a province came to, and its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import greenland
from greenland.history import Entry
from greenland.i18n import _, language
from greenland.key_results import KEYS
from greenland.province.goals import Goal
from greenland.province.member import Failed, Member
from greenland.province.movement import Bounds, Move
from greenland.province.outliers import Outlier
from greenland.province.pilots import Pilot
from greenland.province.ranking import Overall, Ranking
from greenland.province.same_site import SameSite
from greenland.province.totals import Total, YearOfDisposal, YearOfSales
from greenland.results import plain_value
from greenland.rules import Rulebook
from greenland.summary import Summarised, Summary

FORMAT = 1


@dataclass(frozen=True, repr=False)
class ProvinceResult(Summarised):
    """Parks of a province in one year, compared and added up.

    Parameters
    ----------
    name : str
    year : int
    of : int
        How many parks the province has.
    members : tuple of Member
        Parks that count.
    other_years : tuple of Member
        Parks of another year, neither ranked nor added up.
    failed : tuple of Failed
        Folders without results.
    ranking : Ranking
    before : Ranking, optional
        Last year's.
    moves, reported : tuple of Move
        By the overall score, and by the ranks the parks report.
    bounds : Bounds
        What the rules say of places.
    totals : tuple of Total
    sales : tuple of YearOfSales
    disposal : tuple of YearOfDisposal
    goals : tuple of Goal
    pilots : tuple of Pilot
    outliers : tuple of Outlier
    same : tuple of SameSite
    rules : Rulebook
    weights : mapping
        Of the overall ranking.
    """

    name: str
    year: int
    of: int
    members: tuple[Member, ...]
    other_years: tuple[Member, ...]
    failed: tuple[Failed, ...]
    ranking: Ranking
    before: Ranking | None
    moves: tuple[Move, ...]
    reported: tuple[Move, ...]
    bounds: Bounds
    totals: tuple[Total, ...]
    sales: tuple[YearOfSales, ...]
    disposal: tuple[YearOfDisposal, ...]
    goals: tuple[Goal, ...]
    pilots: tuple[Pilot, ...]
    outliers: tuple[Outlier, ...]
    same: tuple[SameSite, ...]
    rules: Rulebook
    weights: Mapping[str, float] = field(default_factory=dict)

    def _summary(self) -> Summary:
        head = _(
            "{name} {year} 年度，{parks} 个园区（共 {of} 个）",
            name=self.name, year=self.year, parks=len(self.members), of=self.of,
        )  # fmt: skip
        return Summary(head, ((_("没有结果的文件夹"), str(len(self.failed))),))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Key results of all parks, those of other years too, as a history keeps them."""
        return tuple(member.entry for member in (*self.members, *self.other_years))

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values, as they stand in ``province.json``; see docs/province.md."""
        record = {
            "format": FORMAT,
            "greenland": greenland.__version__,
            "language": language(),
            "name": self.name,
            "year": self.year,
            "parks_of_province": self.of,
            "parks": [self._park(member) for member in self.members],
            "other_years": [_brief(member) for member in self.other_years],
            "failed": [asdict(one) for one in self.failed],
            "bounds": asdict(self.bounds),
            "moves": [_flat(one) for one in self.moves],
            "reported_moves": [_flat(one) for one in self.reported],
            "totals": [{**asdict(one), "change": one.change} for one in self.totals],
            "standard_land": [{**asdict(one), "share": one.share} for one in self.sales],
            "disposal": [{**asdict(one), "rate": one.rate} for one in self.disposal],
            "goals": [asdict(one) for one in self.goals],
            "pilots": [_flat(one) for one in self.pilots],
            "outliers": [_flat(one) for one in self.outliers],
            "same_sites": [asdict(one) for one in self.same],
            "rules": [rule.as_record() for rule in self._rules()],
            "weights": dict(self.weights),
        }
        return dict(plain_value(record))

    def _rules(self) -> list[Any]:
        """The rules judged by, as the report lists them."""
        used = {goal.rule_id for goal in self.goals}
        used |= {rule.id for rule in self.rules.under("land.standard_land.share_target")}
        used |= {rule.id for rule in self.rules.under("land.policy.ranking")}
        used |= {str(row["rule_id"]) for one in self.members for row in one.targets}
        return [self.rules.rules[name] for name in sorted(used) if name in self.rules.rules]

    def _park(self, member: Member) -> dict[str, Any]:
        overall: Overall = self.ranking.overall[member.entry.key]
        return {
            **_brief(member),
            "packs": list(member.packs),
            "tier": member.tier,
            "targets": list(member.targets),
            "measures": list(member.measures),
            "industries": member.industries,
            "results": {
                key: {
                    "value": member.values.get(key),
                    "unit": item.unit,
                    **self._place(member, key),
                }
                for key, item in KEYS.items()
            },
            "overall": asdict(overall),
            "not_evaluated": dict(member.not_made),
        }

    def _place(self, member: Member, key: str) -> dict[str, Any]:
        reason = {"reason": member.reasons[key]} if key in member.reasons else {}
        if KEYS[key].ranked is None:
            return reason
        place = self.ranking.by_indicator[(member.entry.key, key)]
        before = None
        if self.before is not None:
            earlier = type(member.entry.key)(member.entry.park, self.year - 1)
            last = self.before.by_indicator.get((earlier, key))
            before = last.place if last is not None else None
        said = {"reason": place.reason} if place.reason else reason
        return {"place": place.place, "of": place.of, "place_before": before, **said}


def _brief(member: Member) -> dict[str, Any]:
    entry = member.entry
    return {
        "folder": member.folder,
        "park": entry.park,
        "code": member.code,
        "name": entry.name,
        "level": entry.level,
        "type": entry.type,
        "year": entry.year,
        "greenland": entry.version,
        "errors": member.errors,
        "warnings": member.warnings,
        "report": member.link,
    }


def _flat(row: Any) -> dict[str, Any]:
    """A row about a park, with its key in place of key and year."""
    content = asdict(row)
    content["park"] = row.park.park
    return content
