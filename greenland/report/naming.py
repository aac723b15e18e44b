"""What the parts of a case are called in the report, and the colour each keeps.

The record says of every capacity, hourly column and cost item what it is: kind, owner, unit. What
a thing is called is the name its owner gave it, put into words only where that name is the code of
what it is (``pv`` for a source of that technology, ``battery`` for a storage), and never the same
as anything else in the charts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle
from typing import Protocol

from greenland.i18n import N_, _
from greenland.record.energy.case import CasePart
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.judged import TornadoRow
from greenland.record.energy.money import BillItem
from greenland.record.energy.plan import CapacityLabel, PlanCost
from greenland.record.message import Message
from greenland.report import palette
from greenland.report.labels import name, value_label

_KIND_WORDS = {
    "source": N_("电源"),
    "storage": N_("储能"),
    "shiftable": N_("可平移负荷"),
    "interruptible": N_("可中断负荷"),
    "electrolyser": N_("电解槽"),
    "generator": N_("机组"),
    "fixed_asset": N_("其他资产"),
}
# Hourly columns and capacities that belong to no part, in the words of the report.
FIXED = (
    *("load", "import", "export", "curtailment", "unserved", "charge", "discharge"),
    *("flexible", "interrupted", "storage_flows"),
)
_DRAWN = ("source", "generator", "storage")  # parts with a colour of their own


@dataclass(frozen=True, slots=True)
class Owner:
    """A part of the case.

    Parameters
    ----------
    name : str
        As given.
    kind : str
        ``source``, ``storage`` …
    technology : str
        Of a source; ``""`` where it is not known.
    title : str
        As read: one line, unlike any other title.
    colour : str
        ``""`` for what no chart of energy draws.
    """

    name: str
    kind: str
    technology: str
    title: str
    colour: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """A capacity as the report shows it."""

    title: str
    unit: str
    colour: str


class OfLimit(Protocol):
    """What names a limit and the part it belongs to."""

    @property
    def limit_kind(self) -> str | None:
        """Kind of the limit."""

    @property
    def limit_owner(self) -> str | None:
        """Name of the part."""


class Naming:
    """Titles and colours of one energy record.

    Parameters
    ----------
    energy : EnergyRecord
    """

    def __init__(self, energy: EnergyRecord) -> None:
        self.case = energy.case
        self.plan = energy.plan

    @cached_property
    def owners(self) -> dict[str, Owner]:
        """The parts of the case by their names."""
        taken = {name(key) for key in FIXED}
        spare = cycle(palette.SPARE)
        found: dict[str, Owner] = {}
        hues: set[str] = set()
        for part, kind in self._parts():
            technology = part.technology or ""
            title = distinct(_worded(part.name, kind, technology), kind, taken)
            colour = ""
            if kind in _DRAWN:
                hue = "battery" if kind == "storage" else technology
                known = palette.ENERGY.get(hue) if hue not in hues else None
                hues.add(hue)
                colour = known or next(spare)
            found[part.name] = Owner(part.name, kind, technology, title, colour)
        return found

    def _parts(self) -> Iterator[tuple[CasePart, str]]:
        """Every part of the case with its kind."""
        case = self.case
        for kind, parts in (
            ("source", case.sources),
            ("storage", case.storages),
            ("shiftable", case.shiftable),
            ("interruptible", case.interruptible),
            ("electrolyser", case.electrolysers),
            ("generator", case.generators),
            ("fixed_asset", case.fixed_assets),
        ):
            yield from ((part, kind) for part in parts)

    def owner(self, given: str) -> str:
        """What a part is called."""
        found = self.owners.get(given)
        return name(given) if found is None else found.title

    def colour(self, given: str) -> str:
        """The colour of a part."""
        found = self.owners.get(given)
        return palette.MUTED if found is None else found.colour

    def capacity(self, label: str) -> Capacity:
        """A capacity by the label it has in the record."""
        row = self._capacity_rows[label]
        given, unit = row.owner or "", row.unit
        if row.kind == "grid" or not given:
            return Capacity(name("grid"), unit, palette.ENERGY["grid"])
        owner = self.owners.get(given)
        title, colour = self.owner(given), palette.MUTED if owner is None else owner.colour
        if row.kind == "storage_power":
            power = name("battery_power") if given == "battery" else _("{owner} 功率", owner=title)
            return Capacity(power, unit, colour)
        if row.kind == "storage_charge_power":
            return Capacity(_("{owner} 充电功率", owner=title), unit, colour)
        if row.kind == "storage_energy":
            size = name("battery_energy") if given == "battery" else _("{owner} 容量", owner=title)
            return Capacity(size, unit, colour)
        return Capacity(title, unit, colour or palette.MUTED)

    @cached_property
    def _capacity_rows(self) -> dict[str, CapacityLabel]:
        return {row.capacity: row for row in self.plan.capacity_kinds}

    def capacities(self, labels: Iterable[str]) -> dict[str, Capacity]:
        """Capacities by their labels, no two called the same."""
        taken: set[str] = set()
        found = {}
        for label in labels:
            one = self.capacity(label)
            title = distinct(one.title, "", taken)
            found[label] = Capacity(title, one.unit, one.colour)
        return found

    def cost(self, row: PlanCost | BillItem) -> str:
        """What an item of the annual cost, or of a bill, is called."""
        if isinstance(row, BillItem):
            return str(row.title or value_label("item", row.item))
        if not row.owner:
            return value_label("item", row.item)
        if row.kind in ("interruption", "product", "purchase", "shortfall", "fuel", "start"):
            return _(
                "{item}：{parameter}",
                item=self.owner(row.owner),
                parameter=value_label("item", row.kind),
            )
        return self.owner(row.owner)

    def limit(self, row: OfLimit) -> str:
        """A limit in words, with the part it belongs to."""
        words = value_label("limit", row.limit_kind or "")
        if not row.limit_owner:
            return words
        return _("{owner}的{limit}", owner=self.owner(row.limit_owner), limit=words)

    def parameter(self, row: TornadoRow) -> str:
        """What a study changed, with what it belongs to."""
        words = value_label("parameter", row.parameter)
        if not row.item:
            return words
        return _("{item}：{parameter}", item=self.owner(row.item), parameter=words)


def said_of(text: Message | str | None, **args: str) -> str | None:
    """A text of the record, with what it says of a thing by the name the report gives it."""
    if not isinstance(text, Message):
        return text
    known = {key: value for key, value in args.items() if key in text.args}
    return str(text.model_copy(update={"args": {**text.args, **known}}))


Key = tuple[str, str]


def cost_key(row: PlanCost | BillItem) -> Key:
    """What tells one cost item, or item of a bill, from all others."""
    if isinstance(row, PlanCost) and row.owner:
        return str(row.kind), row.owner
    return "", row.item


def _worded(given: str, kind: str, technology: str) -> str:
    """The given name on one line, or the words for it where it is the code of what it is."""
    if (kind == "source" and given == technology in ("pv", "wind")) or (
        kind == "storage" and given == "battery"
    ):
        return name(given)
    return " ".join(given.split()) or given


def distinct(title: str, kind: str, taken: set[str]) -> str:
    """The title, with its kind or a number behind it where it is taken; then it is taken."""
    made, number = title, 2
    if made in taken and kind in _KIND_WORDS:
        made = title = _("{title}（{unit}）", title=title, unit=_(_KIND_WORDS[kind]))
    while made in taken:
        made, number = f"{title} {number}", number + 1
    taken.add(made)
    return made


__all__ = ["Capacity", "Key", "Naming", "Owner", "cost_key", "distinct"]
