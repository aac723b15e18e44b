"""Where the numbers of a tariff come from, by their days: case, price table, rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from greenland.energy.tariff.config import DatedNumber, TariffConfig
from greenland.energy.tariff.dated import Dated, YearOfValues
from greenland.energy.tariff.table import PriceTable, read_price_table
from greenland.energy.tariff.tariff import ASSUMPTION_LABELS, Assumption
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import N_, Text, _
from greenland.rules import Rulebook
from greenland.rules.holders import where_held

_REMEDIES = {
    "export_price": N_(
        "请填写 export_price；存量新能源项目可写 mechanism，取本省机制电价；"
        "不上网的项目请把 export_allowed 设为 false。"
    ),
    "tou": N_(
        "请在 tariff.tou 下填写 schedule 和 ratios；不分时的电价请写 market_price_floats: false。"
    ),
    "self_use_funds": N_("请在 tariff 下填写 self_use_funds: true（缴纳）或 false（不缴纳）。"),
    "capacity_hours": N_(
        "1192号施行前的月份没有这种缴费方式；请改用 mode: two_part，或测算以后的年份。"
    ),
    "near_alternative": N_(
        "1192号施行前的月份没有这种缴费方式；请改用 mode: two_part，或测算以后的年份。"
    ),
}
DATED_FIELDS = (
    *("funds", "transmission_price", "line_loss", "capacity_price", "demand_price"),
    "average_load_rate",
)
"""Fields of a tariff that may be given in dated parts."""


class Sources:
    """Finds numbers day by day, noting every one that is taken and every one that is missing.

    Parameters
    ----------
    config : TariffConfig
    rulebook : Rulebook
        Its year is the one whose prices are paid.
    folder : Path, optional
        Where the price table lies.
    """

    def __init__(self, config: TariffConfig, rulebook: Rulebook, folder: Path | None) -> None:
        self.config, self.rulebook, self.year = config, rulebook, rulebook.year
        self.table = PriceTable()
        self.problems: list[Problem] = []
        self.assumptions: list[Assumption] = []
        if config.table is not None:
            try:
                self.table = read_price_table((folder or Path()) / config.table, self.year)
            except InputError as error:
                self.problems += error.problems

    def note(self, item: str, value: Any, unit: str, source: str, **parts: Any) -> None:
        """Note a number that is taken, with its source; that of the case where none is named."""
        self.assumptions.append(
            Assumption(
                item,
                value,
                unit,
                source or _("园区填报"),
                parts.get("confidence", "user"),
                parts.get("rule_id"),
                parts.get("first"),
                parts.get("last"),
            )
        )

    def note_pieces(self, item: str, values: YearOfValues, unit: str) -> None:
        """Note every piece of a year; one that holds all year is noted without days."""
        for piece in values.pieces:
            part = piece.dated
            days = {} if len(values.pieces) == 1 else {"first": piece.first, "last": piece.last}
            more = {"confidence": part.confidence, "rule_id": part.rule_id}
            self.note(item, part.value, unit, part.source, **more, **days)

    def rules(self, rule_id: str) -> list[Dated]:
        """What the rules say on the days of the year."""
        return [
            Dated(
                span.rule.value,
                span.rule.source,
                str(span.rule.confidence),
                span.rule.id,
                span.first,
                span.last,
            )
            for span in self.rulebook.in_year(rule_id)
        ]

    def own(self, field: str) -> list[Dated]:
        """What the case says, in the parts it gives."""
        given: Sequence[DatedNumber] = getattr(self.config, field) or ()
        source = self.config.source
        return [
            Dated(part.value, part.source or source, first=part.valid_from, last=part.valid_to)
            for part in given
        ]

    def number(self, field: str, rule_id: str, unit: str, part: str = "") -> YearOfValues | None:
        """The number of each day, or None with what is missing noted.

        Parameters
        ----------
        part : str
            ``single_part`` or ``two_part`` where the price table has it apart.
        """
        own = self.own(field) if field in DATED_FIELDS else []
        given = self.table.layers(field, self.config.voltage, part)
        values = YearOfValues(self.year, [*own, *given, *self.rules(rule_id)])
        if not values.whole:
            self.missing(field, rule_id, values)
            return None
        self.note_pieces(field, values, unit)
        return values

    def missing(self, field: str, rule_id: str, values: YearOfValues | None = None) -> None:
        """Note that a number is missing, on which days, and what to supply."""
        title = _(ASSUMPTION_LABELS[field])
        message = _(
            "电价缺少“{title}”（{field}）{held}。",
            title=title,
            field=field,
            held=where_held(self.rulebook, rule_id),
        )
        if values is not None and (values.pieces or self._versions(rule_id)):
            message = _(
                "电价缺少“{title}”（{field}）：{days}没有数值{known}。",
                title=title,
                field=field,
                days=values.missing(),
                known=self._known(rule_id),
            )
        own = _REMEDIES.get(field)
        self.problems.append(
            Problem(
                Severity.ERROR,
                "tariff_missing",
                message,
                _(own) if own else self._remedy(field, rule_id, values),
                column=f"tariff.{field}",
                touches=("energy",),
            )
        )

    def _remedy(self, field: str, rule_id: str, values: YearOfValues | None) -> Text | str:
        if values is not None and values.pieces and field in DATED_FIELDS:
            return _(
                "请在 tariff 下按日期填写 {field}（- value、valid_from、valid_to、source），"
                "或在 overrides 中给出 {rule_id} 的数值、依据和起止日期。",
                field=field,
                rule_id=rule_id,
            )
        return _(
            "请在 tariff 下填写 {field}，或在 overrides 中给出 {rule_id} 的数值和依据。",
            field=field,
            rule_id=rule_id,
        )

    def _versions(self, rule_id: str) -> list[tuple[dt.date, str]]:
        """First days of the rules there are, in force in the year or not, with their documents."""
        return sorted(
            (rule.valid_from, rule.document)
            for rule in self.rulebook.all_rules
            if rule.id == rule_id and rule.value is not None and rule.valid_from is not None
        )

    def _known(self, rule_id: str) -> Text | str:
        versions = self._versions(rule_id)
        if not versions:
            return ""
        day, document = versions[0]
        return _("，规则包的数值自 {day} 起（{document}）", day=day.isoformat(), document=document)
