"""What the parts of a case are called in the report, and the colour each keeps.

The record says of every capacity, hourly column and cost item what it is: kind, owner, unit. What
a thing is called is the name its owner gave it, put into words only where that name is the code of
what it is (``pv`` for a source of that technology, ``battery`` for a storage), and never the same
as anything else in the charts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle
from typing import Any

from greenland.i18n import N_, _
from greenland.report import palette, untyped
from greenland.report.labels import name, value_label

Part = Mapping[str, Any]

_LISTS = {
    "sources": "source",
    "storages": "storage",
    "shiftable": "shiftable",
    "interruptible": "interruptible",
    "electrolysers": "electrolyser",
    "fixed_assets": "fixed_asset",
}
_KIND_WORDS = {
    "source": N_("电源"),
    "storage": N_("储能"),
    "shiftable": N_("可平移负荷"),
    "interruptible": N_("可中断负荷"),
    "electrolyser": N_("电解槽"),
    "fixed_asset": N_("其他资产"),
}
# Hourly columns and capacities that belong to no part, in the words of the report.
FIXED = (
    *("load", "import", "export", "curtailment", "unserved", "charge", "discharge"),
    *("flexible", "interrupted"),
)
_DRAWN = ("source", "storage")  # parts with a colour of their own


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


class Naming:
    """Titles and colours of one energy record.

    Parameters
    ----------
    energy : mapping
        ``energy`` of the results record.
    """

    def __init__(self, energy: Part) -> None:
        self.case: Part = energy.get("case") or {}
        self.plan: Part = energy.get("plan") or {}

    @cached_property
    def owners(self) -> dict[str, Owner]:
        """The parts of the case by their names."""
        taken = {name(key) for key in FIXED}
        spare = cycle(palette.SPARE)
        found: dict[str, Owner] = {}
        hues: set[str] = set()
        for given, kind, technology in self._parts():
            title = distinct(_worded(given, kind, technology), kind, taken)
            colour = ""
            if kind in _DRAWN:
                hue = "battery" if kind == "storage" else technology
                known = palette.ENERGY.get(hue) if hue not in hues else None
                hues.add(hue)
                colour = known or next(spare)
            found[given] = Owner(given, kind, technology, title, colour)
        return found

    def _parts(self) -> Iterator[tuple[str, str, str]]:
        """Name, kind and technology of every part, as the record says or as old ones were read."""
        lists = [row for key in _LISTS for row in self.case.get(key) or []]
        if not lists:
            yield from untyped.parts(self.plan)
            return
        for key, kind in _LISTS.items():
            for row in self.case.get(key) or []:
                given = str(row.get("name") or "")
                if kind == "source" and "technology" not in row:
                    yield given, kind, untyped.technology(given)
                else:
                    yield given, kind, str(row.get("technology") or "")

    def owner(self, given: str) -> str:
        """What a part is called."""
        found = self.owners.get(given)
        return name(given) if found is None else found.title

    def colour(self, given: str) -> str:
        """The colour of a part."""
        found = self.owners.get(given)
        return palette.MUTED if found is None else found.colour

    def title(self, row: Part) -> str:
        """What the owner a row names is called."""
        return self.owner(str(row.get("owner") or ""))

    @cached_property
    def _capacity_rows(self) -> dict[str, Part]:
        rows = self.plan.get("capacity_kinds")
        return {str(row.get("capacity")): row for row in rows or []}

    def capacity(self, label: str) -> Capacity:
        """A capacity by the label it has in the record."""
        row = self._capacity_rows.get(label)
        if row is None:
            row = untyped.capacity(label)
        kind, given = str(row.get("kind")), str(row.get("owner") or "")
        unit = str(row.get("unit") or "MW")
        if kind == "grid" or not given:
            return Capacity(name("grid"), unit, palette.ENERGY["grid"])
        owner = self.owners.get(given)
        title, colour = self.owner(given), palette.MUTED if owner is None else owner.colour
        if kind == "storage_power":
            power = name("battery_power") if given == "battery" else _("{owner} 功率", owner=title)
            return Capacity(power, unit, colour)
        if kind == "storage_energy":
            size = name("battery_energy") if given == "battery" else _("{owner} 容量", owner=title)
            return Capacity(size, unit, colour)
        return Capacity(title, unit, colour or palette.MUTED)

    def column(self, label: str) -> Part:
        """Kind and owner of an hourly column of a record that does not say them."""
        found = self.owners.get(label)
        kinds = {"interruptible": "interrupted"}
        if found is not None and found.kind not in _DRAWN:
            return {"kind": kinds.get(found.kind, found.kind), "owner": label}
        return untyped.column(label)

    def capacities(self, values: Part) -> dict[str, Capacity]:
        """Capacities of a mapping by label, no two called the same."""
        taken: set[str] = set()
        found = {}
        for label in values:
            one = self.capacity(str(label))
            title = distinct(one.title, "", taken)
            found[str(label)] = Capacity(title, one.unit, one.colour)
        return found

    def cost(self, row: Part) -> str:
        """What an item of the annual cost is called."""
        kind, owner = str(row.get("kind") or ""), row.get("owner")
        if not owner:
            return value_label("item", str(row.get("item") or ""))
        if kind in ("interruption", "product"):
            return _(
                "{item}：{parameter}", item=self.title(row), parameter=value_label("item", kind)
            )
        return self.title(row)

    def cost_colour(self, row: Part) -> str | None:
        """Colour of a cost item that is also drawn as energy."""
        owner = self.owners.get(str(row.get("owner") or ""))
        if owner is None:
            return palette.ENERGY.get(str(row.get("item") or ""))
        return owner.colour if str(row.get("kind")) == owner.kind and owner.colour else None

    def limit(self, row: Part) -> str:
        """A limit in words, with the part it belongs to."""
        text = str(row.get("limit") or "")
        kind, owner = untyped.limit(text)
        if row.get("limit_kind"):
            kind, owner = str(row["limit_kind"]), str(row.get("limit_owner") or "")
        words = value_label("limit", kind)
        return _("{owner}的{limit}", owner=self.owner(owner), limit=words) if owner else words


Key = tuple[str, str]


def cost_key(row: Part) -> Key:
    """What tells one cost item, or item of a bill, from all others."""
    owner = row.get("owner")
    return (str(row.get("kind")), str(owner)) if owner else ("", str(row.get("item")))


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
