"""Faults of a maintenance window: its length, the days it may touch, and room for it."""

from __future__ import annotations

from collections.abc import Iterator

from greenland.energy.site.maintenance import (
    HOURS_A_DAY,
    HOURS_A_YEAR,
    MaintenanceWindow,
    month_and_day,
)
from greenland.energy.site.site import Site
from greenland.energy.site.value_checks import amount, error
from greenland.errors import Problem
from greenland.i18n import _

COLUMN = "maintenance"


def maintenance_problems(owner: str, item: MaintenanceWindow, site: Site) -> Iterator[Problem]:
    """Faults of the window of a generator."""
    found = [*_length(owner, item), *_days(owner, item)]
    yield from found
    if not found:
        yield from _room(owner, item, site)


def _length(owner: str, item: MaintenanceWindow) -> Iterator[Problem]:
    """One of days and hours, and of a length there can be."""
    name, given = f"{owner}.maintenance", (item.days is not None, item.hours is not None)
    if all(given) or not any(given):
        yield error(
            "maintenance_length",
            _("“{owner}”的检修窗口应在 days（天）与 hours（小时）中写一个。", owner=owner),
            column=COLUMN,
            got=_("两个都写了") if all(given) else _("都没有写"),
        )
        return
    field, most = ("days", HOURS_A_YEAR / HOURS_A_DAY) if given[0] else ("hours", HOURS_A_YEAR)
    value = item.days if given[0] else item.hours
    faults = list(amount(name, field, value, high=most))
    yield from faults
    if not faults and not value:
        yield error(
            "maintenance_length",
            _("“{owner}”的检修窗口长度为零。", owner=owner),
            _("没有检修的，请删去 maintenance。"),
            column=COLUMN,
            got="0",
            allowed="> 0",
        )


def _days(owner: str, item: MaintenanceWindow) -> Iterator[Problem]:
    for text in item.between or ():
        try:
            month_and_day(text)
        except ValueError:
            yield error(
                "maintenance_day",
                _("“{owner}”检修窗口的 between 不是“月-日”。", owner=owner),
                _("写法如 between: ['04-01', '06-30']；跨年的，后一个日期写次年的。"),
                column=COLUMN,
                got=str(text),
                allowed="MM-DD",
            )


def _room(owner: str, item: MaintenanceWindow, site: Site) -> Iterator[Problem]:
    """A year of the horizon in which the window finds no place."""
    for number, starts in enumerate(item.starts(site.index, site.step_hours)):
        if not len(starts):
            yield error(
                "maintenance_room",
                _(
                    "“{owner}”的检修窗口 {hours:g} 小时，时段的第 {year} 年里放不下。",
                    owner=owner,
                    hours=item.length_hours,
                    year=number + 1,
                ),
                _("窗口自零时起，不越过时段的末尾；请缩短窗口，或放宽 between。"),
                column=COLUMN,
            )
            return
