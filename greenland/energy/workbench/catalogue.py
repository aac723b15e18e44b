"""The knobs of a case: every number, choice and capacity of it that a sizing depends on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from greenland.energy.case.book.fields import IntakeField, IntakeSheet, intake_sheets
from greenland.energy.case.changes import UnknownPartError, value_at
from greenland.energy.case.defaults import rules_of
from greenland.energy.case.loading import LoadedCase, rule_limits
from greenland.energy.studies.reading import multiplied
from greenland.energy.workbench.knobs import LEAST_CONNECTED, MOST_CONNECTED, Knob, KnobKind
from greenland.energy.workbench.method import FACTOR_STEP, SLIDER_SPAN, SLIDER_STEPS
from greenland.energy.workbench.source import CaseSource
from greenland.i18n import N_, _
from greenland.rules import Rule, Rulebook

PARTS = (
    *("sources", "generators", "storages", "electrolysers"),
    *("shiftable", "interruptible", "fixed_assets"),
)
HEADS = (
    *("load", "objective", "limits_from_rules", "discount_rate", "project_years"),
    *("unserved_price", "grid", "tariff", "limits"),
)
"""First keys of the paths a sizing of one case depends on, parts of lists aside."""
APART = (
    *("name", "technology", "fuel", "cyclic", "green", "replacement_years"),
    *("grid.max_capacity_mw", "grid.min_capacity_mw", "grid.demand_charges", "tariff.table"),
    *("tariff.candidates", "tariff.source", "tariff.seasons", "tariff.surcharges"),
    *("tariff.demand_charges", "tariff.connected_kva"),
)
"""What names a part, lists things, or is turned together with another knob."""
APART_BELOW = ("tariff.tou", "tariff.grid_only", "tariff.power_factor_adjustment")
SIZED = {
    "sources": (("min_mw", "max_mw"),),
    "generators": (("min_mw", "max_mw"),),
    "electrolysers": (("min_mw", "max_mw"),),
    "storages": (
        *(("min_mw", "max_mw"), ("min_mwh", "max_mwh")),
        ("min_charge_mw", "max_charge_mw"),
    ),
}
"""Bounds of new capacity by kind of part: lower, upper."""
SHARE = N_("小数")
"""Unit of decimals in the rows of the intake workbook, in every language."""
YEARS = "年"
CONNECTED = "grid.capacity_mw"
OF_TARIFF = ("import_price", "export_price", "capacity_price", "self_use_price")
"""Prices of the grid that a tariff gives."""
TITLES = {
    ("storages", "max_mw"): N_("新增功率"),
    ("storages", "max_mwh"): N_("新增容量"),
    ("storages", "max_charge_mw"): N_("新增充电功率"),
}
"""What sizes are called whose upper bound has another title."""


def knobs_of(source: CaseSource, loaded: LoadedCase, rulebook: Rulebook) -> tuple[Knob, ...]:
    """The knobs of a case, in the order of the sheets of the intake workbook.

    Parameters
    ----------
    source : CaseSource
        As it stands in its file.
    loaded : LoadedCase
        The same, read.
    rulebook : Rulebook
        Fills what the case leaves out.
    """
    return tuple(_Catalogue(source, loaded, rulebook).knobs())


class _Catalogue:
    """Makes the knobs of one case."""

    def __init__(self, source: CaseSource, loaded: LoadedCase, rulebook: Rulebook) -> None:
        self.source, self.tree, self.loaded = source, source.tree, loaded
        self.filled: dict[str, Rule] = {}
        for item, rule in rules_of(loaded.case, loaded.fields, rulebook).items():
            owner = f".{item.owner}" if item.kind and item.kind != "grid" else ""
            head = f"{item.kind}{owner}." if item.kind else ""
            self.filled[f"{head}{item.field}"] = rule
        if loaded.case.limits_from_rules:
            given: BaseModel = loaded.case.limits
            for name, rule_id in rule_limits(rulebook).items():
                found = rulebook.get(rule_id)
                if found is not None and name not in given.model_fields_set:
                    self.filled[f"limits.{name}"] = found

    def knobs(self) -> Iterator[Knob]:
        for sheet in intake_sheets():
            if sheet.parts in PARTS:
                for part in self.tree.get(sheet.parts) or ():
                    yield from self._of_part(sheet, str(part["name"]))
            elif not sheet.parts:
                yield from self._of_site(sheet)

    def _of_site(self, sheet: IntakeSheet) -> Iterator[Knob]:
        for item in sheet.fields:
            head = item.path[0]
            if head not in HEADS or item.key in APART or item.key.startswith(APART_BELOW):
                continue
            if head in ("grid", "tariff") and not self.tree.get(head):
                continue
            if head == "grid" and self.tree.get("tariff") and item.path[-1] in OF_TARIFF:
                continue
            knob = self._connection(sheet, item) if item.key == CONNECTED else None
            knob = knob or self._knob(sheet, item, item.key, "")
            if knob is not None:
                yield knob

    def _of_part(self, sheet: IntakeSheet, owner: str) -> Iterator[Knob]:
        pairs = SIZED.get(sheet.parts, ())
        lower = {low for low, _high in pairs}
        upper = {high: low for low, high in pairs}
        head = f"{sheet.parts}.{owner}"
        charging = value_at(self.tree, f"{head}.charge_power_capex") is not None
        for item in sheet.fields:
            if item.key in APART or item.key in lower:
                continue
            if item.key.startswith("purchase") and not value_at(self.tree, f"{head}.purchase"):
                continue
            if "charge_mw" in item.key and not charging:
                continue
            if item.key in upper:
                yield self._size(sheet, item, owner, f"{head}.{upper[item.key]}")
                continue
            knob = self._knob(sheet, item, f"{head}.{item.key}", owner)
            if knob is not None:
                yield knob

    # -- one knob --------------------------------------------------------------------------

    def _knob(self, sheet: IntakeSheet, item: IntakeField, path: str, owner: str) -> Knob | None:
        """The knob of one field; None for what cannot be turned."""
        if item.section:
            return None
        stated, kind = value_at(self.tree, path), item.kind
        rule = self.filled.get(path)
        value = stated if stated is not None else rule.value if rule is not None else item.default
        if isinstance(value, bool) and kind.truth:
            return self._made(KnobKind.SWITCH, sheet, item, path, owner, value)
        if kind.choices:
            return self._made(KnobKind.CHOICE, sheet, item, path, owner, self._chosen(path, value))
        if isinstance(value, str) and stated is None:
            return None
        if _is_number(value) or (value is None and kind.number):
            return self._made(KnobKind.NUMBER, sheet, item, path, owner, value)
        if multiplied(stated, 1.0) is not None:
            return self._made(KnobKind.FACTOR, sheet, item, path, owner, 1.0)
        return None

    def _chosen(self, path: str, value: Any) -> str | None:
        """One of the choices, whichever way the file spells it."""
        head, _dot, name = path.rpartition(".")
        if head == "tariff":
            value = getattr(self.loaded.case.tariff, name)
        return None if value is None else str(value)

    def _made(
        self,
        kind: KnobKind,
        sheet: IntakeSheet,
        item: IntakeField,
        path: str,
        owner: str,
        value: Any,
    ) -> Knob:
        low, high, step = _slider(kind, item, value)
        where = self._where(path)
        return Knob(
            *(path, kind, sheet.title, item.title),
            unit="" if kind is KnobKind.FACTOR else item.unit,
            meaning=item.meaning,
            owner=owner,
            value=value,
            low=low,
            high=high,
            step=step,
            choices=item.kind.choices if kind is KnobKind.CHOICE else (),
            file=_file_of(value_at(self.tree, path)) if kind is KnobKind.FACTOR else "",
            where=where,
            main=where["origin"] != "default",
        )

    def _size(self, sheet: IntakeSheet, item: IntakeField, owner: str, low_path: str) -> Knob:
        path = f"{sheet.parts}.{owner}.{item.key}"
        least = value_at(self.tree, low_path) or 0.0
        most = value_at(self.tree, path)
        most = None if most is None or math.isinf(float(most)) else float(most)
        fixed = most is not None and most == least
        value: dict[str, Any] = {"fixed": most} if fixed else {"least": least, "most": most}
        span = _span(most or 0.0)
        title = TITLES.get((sheet.parts, item.key), N_("新增容量"))
        return Knob(
            *(path, KnobKind.SIZE, sheet.title, _(title)),
            unit=item.unit,
            meaning=item.meaning,
            owner=owner,
            value=value,
            low=0.0 if span else None,
            high=span,
            step=None if span is None else _step(span),
            low_path=low_path,
            where=self._where(path),
            main=True,
        )

    def _connection(self, sheet: IntakeSheet, item: IntakeField) -> Knob | None:
        """The connected capacity; None where it has neither a value nor a bound."""
        fixed, most = value_at(self.tree, CONNECTED), value_at(self.tree, MOST_CONNECTED)
        if fixed is None and most is None:
            return None
        least = value_at(self.tree, LEAST_CONNECTED) or 0.0
        value = {"fixed": fixed} if most is None else {"least": least, "most": most}
        span = _span(float(most if fixed is None else fixed))
        return Knob(
            *(CONNECTED, KnobKind.CONNECTION, sheet.title, item.title),
            unit=item.unit,
            meaning=item.meaning,
            value=value,
            low=0.0,
            high=span,
            step=None if span is None else _step(span),
            low_path=LEAST_CONNECTED,
            where=self._where(CONNECTED if fixed is not None else MOST_CONNECTED),
            main=True,
        )

    def _where(self, path: str) -> Mapping[str, Any]:
        """Where the value of a path stands, or what fills it."""
        try:
            stated = value_at(self.tree, path)
        except UnknownPartError:
            stated = None
        if stated is not None:
            return {"origin": "case", "file": self.source.file, **self.source.place_of(path)}
        rule = self.filled.get(path)
        if rule is not None:
            return {"origin": "rule", "rule_id": rule.id, "source": rule.source}
        return {"origin": "default"}


def _file_of(stated: Any) -> str:
    """Name of the file a curve is read from; empty for what is none."""
    named = stated.get("file", "") if isinstance(stated, dict) else stated
    return named if isinstance(named, str) else ""


def _slider(
    kind: KnobKind, item: IntakeField, value: Any
) -> tuple[float | None, float | None, float | None]:
    """Ends and step of a slider; None where no range follows from the case."""
    if kind is KnobKind.FACTOR:
        return 0.0, SLIDER_SPAN, FACTOR_STEP
    if kind is not KnobKind.NUMBER:
        return None, None, None
    name = item.path[-1]
    if name == "power_factor" or (item.unit == SHARE and name != "discount_rate"):
        return 0.0, 1.0, _step(1.0)
    high = _span(float(value)) if _is_number(value) and value > 0 else None
    if high is None:
        return None, None, None
    return 0.0, high, 1.0 if item.unit == YEARS else _step(high)


def _step(span: float) -> float:
    """A round step, at most a hundredth of a span."""
    target = span / SLIDER_STEPS
    power = 10.0 ** math.floor(math.log10(target))
    return max(float(f"{n * power:.12g}") for n in (1, 2, 5) if n * power <= target * (1 + 1e-9))


def _span(value: float) -> float | None:
    """A round end for a slider in whose middle a value stands; None for nothing."""
    if value <= 0:
        return None
    target = SLIDER_SPAN * value
    power = 10.0 ** math.floor(math.log10(target))
    steps = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
    return next(float(f"{n * power:.12g}") for n in steps if n * power >= target * (1 - 1e-9))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
