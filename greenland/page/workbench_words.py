"""What a setting came to, in the words of the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from greenland.energy.tariff.config import BILLING_LABELS, MODE_LABELS, VOLTAGE_LABELS
from greenland.energy.workbench import BenchAnswer, Knob
from greenland.energy.workbench.catalogue import SHARE
from greenland.i18n import _
from greenland.page.desk import Seat
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.plan import PlanCost
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.labels import name, unit_text, value_label
from greenland.report.naming import Naming

WAN = 1e4
CHOICES: dict[str, Mapping[Any, Any]] = {
    "tariff.mode": MODE_LABELS,
    "tariff.billing": BILLING_LABELS,
    "tariff.voltage": VOLTAGE_LABELS,
}
SHARES = (
    *("self_use_of_consumption", "self_use_of_generation", "self_use_of_generation_net"),
    *("export_share", "curtailment_share"),
)
FLOWS = ("import", "export", "curtailment", "unserved")


def naming_of(seat: Seat, answer: BenchAnswer) -> Naming:
    """What the parts of a case are called; they keep their names whatever is turned."""
    if seat.naming is None:
        assert answer.result is not None
        record = answer.result.to_record(with_schedule=False)
        seat.naming = Naming(EnergyRecord.model_validate(record))
    return seat.naming


def in_words(seat: Seat, answer: BenchAnswer) -> dict[str, Any]:
    """An answer as the page shows it: titles, texts, units and colours beside the numbers."""
    record = answer.to_record()
    found: dict[str, Any] = {
        key: record[key]
        for key in ("state", "seconds", "status", "notes", "warnings", "engine")
        if key in record
    }
    if "sizes" not in record:
        return found
    naming = naming_of(seat, answer)
    gap = record["gap"]
    shown_gap = gap is not None and gap > 1e-6
    return found | {
        "gap": _("与最优相差不超过 {gap}", gap=fmt.share(gap, 3)) if shown_gap else "",
        "head": _head(record),
        "sizes": _sizes(record["sizes"], naming),
        "shares": [
            {"key": key, "title": name(key), "value": value, "text": fmt.share(value, 2)}
            for key in SHARES
            if (value := record["shares"].get(key)) is not None
        ],
        "costs": _costs(record["costs"], naming),
        "checks": _checks(record["checks"]),
        "tariff": record["tariff"] or "",
        "tariffs": _tariffs(record["tariffs"]),
        "months": _months(record),
        "days": record["days"],
    }


def _head(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The figures that are looked at first."""
    rows = [
        ("annual_cost", _("年供电总成本"), record["annual_cost"] / WAN, _("万元/年"), 1),
        ("price", _("度电成本"), record["price"], _("元/kWh"), 4),
        ("capex", _("初投资"), record["capex"] / WAN, _("万元"), 0),
    ]
    bill = record["bill"]
    if bill is not None:
        less = (bill["grid_only"] - record["annual_cost"]) / WAN
        rows.append(("saving", _("比全部下网节省"), less, _("万元/年"), 1))
    return [
        {
            "key": key,
            "title": str(title),
            "value": value,
            "text": fmt.number(value, digits),
            "unit": str(unit),
        }
        for key, title, value, unit, digits in rows
        if value is not None
    ]


def _sizes(rows: Iterable[Mapping[str, Any]], naming: Naming) -> list[dict[str, Any]]:
    rows = list(rows)
    shown = naming.capacities([row["label"] for row in rows])
    return [
        {
            "key": row["label"],
            "title": shown[row["label"]].title,
            "value": row["value"],
            "text": fmt.number(row["value"], 2),
            "unit": row["unit"],
            "colour": shown[row["label"]].colour,
        }
        for row in rows
    ]


def _costs(rows: Iterable[Mapping[str, Any]], naming: Naming) -> list[dict[str, Any]]:
    """Items of the annual cost in 万元/年, those that come to nothing left out."""
    found: list[dict[str, Any]] = []
    spare = iter(palette.COSTS * 3)
    for row in rows:
        value = row["yuan_per_year"] / WAN
        colour = palette.MUTED
        if row["owner"] in naming.owners and naming.colour(row["owner"]):
            colour = naming.colour(row["owner"])
        else:
            colour = next(spare)
        if round(value, 1):
            title = naming.cost(PlanCost.model_validate(row))
            found.append(
                {
                    "key": row["item"],
                    "title": title,
                    "value": value,
                    "text": fmt.number(value, 1),
                    "colour": colour,
                }
            )
    return found


def _checks(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Compliance lights: what is required, what is reached, by which clause."""
    found = []
    for row in rows:
        net = row["limit"] == "self_use_of_generation" and row["reading"] == "b"
        title = value_label("limit", "self_use_of_generation_net" if net else row["limit"])
        if row["reading"] in ("in_force", "before_2030", "new_from_2030"):
            reading = value_label("reading", row["reading"])
            title = _("{limit}（{reading}）", limit=title, reading=reading)
        found.append(
            {
                "title": str(title),
                "state": row["state"],
                "state_title": value_label("state", row["state"]),
                "value": _amount(row["value"], row["unit"]),
                "required": f"{_SIGNS[row['direction']]} {_amount(row['required'], row['unit'])}",
                "source": row["source"],
                "reason": row["reason"] or "",
            }
        )
    return found


_SIGNS = {">=": "≥", "<=": "≤"}


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return fmt.DASH
    return fmt.share(value, 2) if unit == "share" else f"{fmt.number(value, 2)} {unit}".strip()


def _tariffs(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the other candidates cost in ten thousand yuan a year."""
    return [
        {
            "title": str(row.get("title") or row.get("mode")),
            "text": fmt.number(cost / WAN, 1) if cost is not None else fmt.DASH,
        }
        for row in rows
        if not row.get("chosen")
        for cost in [row.get("annual_cost")]
    ]


def _months(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Balance by month [MWh]: own use and import above, export and curtailment below."""
    generated = [label for label, key in record["columns"].items() if str(key["kind"]) == "source"]
    found = []
    for row in record["monthly"]:
        if not any(value for key, value in row.items() if key != "month"):
            continue
        flows = {key: row.get(key, 0.0) for key in FLOWS}
        available = sum(row.get(label, 0.0) for label in generated)
        own = available - flows["export"] - flows["curtailment"]
        found.append({"month": row["month"], "load": row["load"], "own": own, **flows})
    return found


def day_in_words(seat: Seat, answer: BenchAnswer, day: Mapping[str, Any]) -> dict[str, Any]:
    """The steps of a day, each column with its title, colour and side of the balance."""
    naming = naming_of(seat, answer)
    columns = answer.to_record()["columns"]
    series = []
    for label, values in day["columns"].items():
        kind, owner = str(columns[label]["kind"]), columns[label]["owner"]
        side = _SIDES.get(kind)
        if side is None or not any(abs(value) > 1e-6 for value in values):
            continue
        title = _column_title(kind, naming.owner(owner) if owner else "")
        colour = naming.colour(owner) if owner else palette.ENERGY.get(kind, palette.MUTED)
        series.append(
            {
                "key": label,
                "title": title,
                "side": side,
                "colour": colour or palette.MUTED,
                "unit": columns[label]["unit"],
                "values": values,
            }
        )
    return {"day": day["day"], "times": day["times"], "series": series}


def _column_title(kind: str, owner: str) -> str:
    """What a column of a day is called: its owner, with what it does where it does several."""
    if not owner:
        return name(kind)
    if kind == "energy":
        return str(_("{owner} 储量", owner=owner))
    if kind not in ("charge", "discharge"):
        return owner
    word = name(kind)
    return word if word.startswith(owner) else f"{owner} {word}"


_SIDES = {
    **dict.fromkeys(("source", "discharge", "import", "unserved", "interrupted"), "up"),
    **dict.fromkeys(("charge", "export", "curtailment", "electrolyser", "shiftable"), "down"),
    **dict.fromkeys(("load", "energy"), "line"),
}


def knob_in_words(knob: Knob) -> dict[str, Any]:
    """A knob as the form shows it."""
    record = knob.to_record()
    record["unit"] = str(_(SHARE)) if knob.unit == SHARE else unit_text(knob.unit)
    labels = CHOICES.get(knob.key, {})
    last = knob.key.rpartition(".")[2]
    record["choices"] = [
        {
            "value": choice,
            "title": str(_(labels[choice])) if choice in labels else value_label(last, choice),
        }
        for choice in knob.choices
    ]
    where = knob.where
    if where["origin"] == "rule":
        record["where"] = _("按规则：{source}", source=where["source"])
    elif where["origin"] == "case":
        record["where"] = str(where["file"])
        if "sheet" in where:
            record["where"] += f" {where['sheet']}"
        if "row" in where:
            record["where"] += " " + _("第{row}行", row=where["row"])
    else:
        record["where"] = str(_("案例未写，按缺省"))
    return record
