"""Hold the lines of a real bill against what tariff and metered values make of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from greenland.energy.money.bill import item_title
from greenland.energy.money.bill_reading import TOTAL, RealLine, item_key
from greenland.energy.money.bill_recomputed import Recomputation
from greenland.energy.site import step_hours
from greenland.energy.tariff import Tariff
from greenland.energy.tou import PERIOD_LABELS
from greenland.i18n import N_, _
from greenland.summary import Summarised, Summary, money

CENT = 0.01


class LineFinding(StrEnum):
    """What is found of a line of a bill."""

    AGREES = "agrees"
    ARITHMETIC = "arithmetic"
    QUANTITY = "quantity"
    PRICE = "price"
    BOTH = "both"
    AMOUNT = "amount"
    MISSING = "missing"
    UNKNOWN = "unknown"


FINDING_LABELS = {
    LineFinding.AGREES: N_("一致"),
    LineFinding.ARITHMETIC: N_("数量×单价不等于金额"),
    LineFinding.QUANTITY: N_("数量不符"),
    LineFinding.PRICE: N_("单价不符"),
    LineFinding.BOTH: N_("数量、单价都不符"),
    LineFinding.AMOUNT: N_("金额不符"),
    LineFinding.MISSING: N_("账单没有这一项"),
    LineFinding.UNKNOWN: N_("电价里没有这一项，没有复算"),
}


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """One item of a real bill beside what it should be.

    Parameters
    ----------
    rows : tuple of int
        Rows of the file that make it up; none where the bill lacks it.
    item : str
        As the bill has it, else in the words of the tariff.
    key : str or None
        Item of the tariff.
    month, period
    unit : str
    quantity, price, amount : float or None
        Of the bill.
    own_quantity, own_price, own_amount : float or None
        Recomputed.
    difference : float or None
        Bill less recomputed [yuan].
    by_quantity, by_price : float or None
        What of the difference the quantity and the price make [yuan].
    finding : LineFinding
    """

    rows: tuple[int, ...]
    item: str
    key: str | None
    month: str
    period: str | None
    unit: str = ""
    quantity: float | None = None
    price: float | None = None
    amount: float | None = None
    own_quantity: float | None = None
    own_price: float | None = None
    own_amount: float | None = None
    difference: float | None = None
    by_quantity: float | None = None
    by_price: float | None = None
    finding: LineFinding = LineFinding.UNKNOWN


@dataclass(frozen=True, slots=True, repr=False)
class BillCheck(Summarised):
    """A real bill line by line.

    Parameters
    ----------
    lines : tuple of CheckedLine
    tariff : str
        Tariff it was held against.
    notes : tuple of str
    """

    lines: tuple[CheckedLine, ...]
    tariff: str
    notes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether every line agrees."""
        return all(line.finding is LineFinding.AGREES for line in self.lines)

    @property
    def difference(self) -> float:
        """Bill less recomputed, over all items but totals [yuan]."""
        parts = (line.difference or 0.0 for line in self.lines if line.key != TOTAL)
        return float(sum(parts))

    def _summary(self) -> Summary:
        rows = [
            (_(FINDING_LABELS[kind]), str(sum(line.finding is kind for line in self.lines)))
            for kind in LineFinding
        ]
        head = _("账单减复算：{yuan}", yuan=money(self.difference))
        return Summary(head, tuple(row for row in rows if row[1] != "0"))

    def to_record(self) -> dict[str, Any]:
        """JSON-ready record."""
        return {
            "tariff": self.tariff,
            "agrees": self.agrees,
            "difference_yuan": self.difference,
            "lines": [
                asdict(line) | {"rows": list(line.rows), "finding": str(line.finding)}
                for line in self.lines
            ],
            "notes": [str(note) for note in self.notes],
        }


def check_bill(
    real: Sequence[RealLine], tariff: Tariff, imported: pd.Series, connected_mw: float
) -> BillCheck:
    """Recompute every line of a bill from a tariff and what was metered.

    Parameters
    ----------
    real : sequence of RealLine
    tariff : Tariff
        On the index of *imported*.
    imported : Series
        Power drawn from the grid [MW].
    connected_mw : float
        Connected capacity [MW], where the tariff does not give it in kVA.

    Notes
    -----
    A number agrees where the digits written allow it: half a unit of the last digit of a quantity
    and of a price, and a cent on an amount. Lines of the same item, month and period, such as the
    several government funds, are held together: prices on the same quantity add up.
    """
    own = Recomputation(tariff, imported, connected_mw)
    names = {*tariff.components, *(charge.key for charge in tariff.fixed)}
    groups: dict[tuple[str, str, str | None], list[RealLine]] = {}
    lines: list[CheckedLine] = []
    totals: list[RealLine] = []
    for line in real:
        key = item_key(line.item, names)
        if key is None:
            lines.append(_unknown(line))
        elif key == TOTAL:
            totals.append(line)
        else:
            groups.setdefault((line.month, key, line.period), []).append(line)
    lines += [_checked(group, *place, own) for place, group in groups.items()]
    lines += _missing(groups, own, {line.month for line in real})
    lines += [_total(line, real, totals) for line in totals]
    lines.sort(key=lambda line: (line.month, not line.rows, line.rows[:1]))
    return BillCheck(tuple(lines), str(tariff.title), _notes(imported))


def _notes(imported: pd.Series) -> tuple[str, ...]:
    hours = step_hours(pd.DatetimeIndex(imported.index))
    if hours <= DEMAND_HOURS:
        return ()
    return (
        _(
            "曲线每步 {hours:g} 小时，需量按一步内的平均功率计，低于电表按 15 分钟计的需量。",
            hours=hours,
        ),
    )


DEMAND_HOURS = 0.25
"""Length over which meters take the mean that is a demand [h]."""


def _unknown(line: RealLine) -> CheckedLine:
    return CheckedLine(
        (line.row,),
        line.item,
        None,
        line.month,
        line.period,
        quantity=line.quantity,
        price=line.price,
        amount=line.amount,
        difference=line.amount,
    )


def _checked(
    group: Sequence[RealLine], month: str, key: str, period: str | None, own: Recomputation
) -> CheckedLine:
    """Lines of one item, month and period beside what tariff and metered values make."""
    quantity, price, amount = _summed(group)
    found = own.of(key, month, period)
    rows = tuple(line.row for line in group)
    item = "、".join(dict.fromkeys(line.item for line in group))
    if found is None:
        return CheckedLine(
            rows,
            item,
            key,
            month,
            period,
            quantity=quantity,
            price=price,
            amount=amount,
            difference=amount,
        )
    wrong = [line for line in group if not _multiplies(line)]
    step = {
        name: sum(line.steps.get(name, 0.0) for line in group) for name in ("quantity", "price")
    }
    same_quantity = quantity is None or abs(quantity - found.quantity) <= step["quantity"] + 1e-9
    same_price = price is None or _near(price, found.price, step["price"])
    difference = None if amount is None else amount - found.amount
    allowed = CENT + sum(line.rounding for line in group)
    same_amount = difference is None or abs(difference) <= allowed
    by_quantity = by_price = None
    if quantity is not None and price is not None and found.price is not None:
        by_quantity = (quantity - found.quantity) * found.price
        by_price = quantity * (price - found.price)
    if wrong:
        kind = LineFinding.ARITHMETIC
    elif same_quantity and same_price:
        kind = LineFinding.AGREES if same_amount else LineFinding.AMOUNT
    else:
        kind = {(False, True): LineFinding.QUANTITY, (True, False): LineFinding.PRICE}.get(
            (same_quantity, same_price), LineFinding.BOTH
        )
    return CheckedLine(
        rows,
        item,
        key,
        month,
        period,
        unit=found.unit,
        quantity=quantity,
        price=price,
        amount=amount,
        own_quantity=found.quantity,
        own_price=found.price,
        own_amount=found.amount,
        difference=difference,
        by_quantity=by_quantity,
        by_price=by_price,
        finding=kind,
    )


def _near(price: float, own: float | None, step: float) -> bool:
    return own is None or abs(price - own) <= step + 1e-9


def _multiplies(line: RealLine) -> bool:
    """Whether quantity times price is the amount, as far as the digits written tell."""
    if line.quantity is None or line.price is None or line.amount is None:
        return True
    return abs(line.quantity * line.price - line.amount) <= CENT + line.rounding


def _summed(group: Sequence[RealLine]) -> tuple[float | None, float | None, float | None]:
    """Quantity, price and amount of lines together; prices on one quantity add up."""
    if len(group) == 1:
        return group[0].quantity, group[0].price, group[0].amount
    amounts = [line.amount for line in group if line.amount is not None]
    amount = float(sum(amounts)) if len(amounts) == len(group) else None
    quantities = [line.quantity for line in group if line.quantity is not None]
    if len(quantities) < len(group):
        return None, None, amount
    prices = [line.price for line in group if line.price is not None]
    if len(set(quantities)) == 1:
        return quantities[0], float(sum(prices)) if len(prices) == len(group) else None, amount
    total = float(sum(quantities))
    return total, None if amount is None or not total else amount / total, amount


def _missing(
    groups: dict[tuple[str, str, str | None], list[RealLine]],
    own: Recomputation,
    months: set[str],
) -> Iterator[CheckedLine]:
    """Items of the tariff that a month of the bill lacks though they amount to something."""
    there = {(month, key) for month, key, _period in groups}
    for month in sorted(months):
        for key in own.items:
            found = None if (month, key) in there else own.of(key, month, None)
            if found is None or abs(found.amount) < CENT:
                continue
            yield CheckedLine(
                (),
                str(item_title(key)),
                key,
                month,
                None,
                unit=found.unit,
                own_quantity=found.quantity,
                own_price=found.price,
                own_amount=found.amount,
                difference=-found.amount,
                finding=LineFinding.MISSING,
            )


def _total(line: RealLine, real: Sequence[RealLine], totals: Sequence[RealLine]) -> CheckedLine:
    """A total beside the sum of the lines of its month."""
    rows = {one.row for one in totals}
    parts = [one for one in real if one.row not in rows and one.month == line.month]
    own = float(sum(one.amount or 0.0 for one in parts))
    difference = None if line.amount is None else line.amount - own
    same = difference is None or abs(difference) <= CENT * (1 + len(parts))
    return CheckedLine(
        (line.row,),
        line.item,
        TOTAL,
        line.month,
        None,
        unit="yuan",
        amount=line.amount,
        own_amount=own,
        difference=difference,
        finding=LineFinding.AGREES if same else LineFinding.AMOUNT,
    )


def period_title(period: str | None) -> str:
    """A period in words; empty for all."""
    if period is None:
        return ""
    return str(_(PERIOD_LABELS[period])) if period in PERIOD_LABELS else period
