"""Which column of a table holds a quantity: the one that fits best, or a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from greenland.energy.profiles.renewable.headings import (
    Heading,
    WeatherQuantity,
    heading_as,
    heading_of,
    normalised,
)
from greenland.energy.profiles.renewable.measurements import QUANTITY_LABELS
from greenland.energy.profiles.renewable.weather_units import UNITS, WeatherUnit
from greenland.energy.profiles.words_beside import header_holds, stated_words
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import _


def headings_of(headers: Sequence[str]) -> list[Heading]:
    """The headings that name a quantity the calculation can use."""
    return [heading for header in headers if (heading := heading_of(header)) is not None]


def named_headings(
    headers: Sequence[str], columns: Mapping[str, str], known: Sequence[str], file: str
) -> dict[str, Heading]:
    """The columns the user named, by our name for them.

    Raises
    ------
    InputError
        With every header that is not in the file and every name that is none of ours.
    """
    problems = [
        Problem(
            Severity.ERROR,
            "weather_column",
            _("没有名为“{name}”的列。", name=header),
            file=file,
            allowed="、".join(headers),
        )
        for header in columns.values()
        if header not in headers
    ] + [
        Problem(
            Severity.ERROR,
            "weather_column",
            _("不认识的气象量“{name}”。", name=name),
            file=file,
            allowed="、".join(known),
        )
        for name in columns
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    return {name: heading_as(header, WeatherQuantity(name)) for name, header in columns.items()}


def choose(
    headings: Sequence[Heading], quantity: WeatherQuantity, *, file: str, near: float | None = None
) -> tuple[Heading | None, list[Problem]]:
    """The column of a quantity among the headings, and what is to be said about it.

    Parameters
    ----------
    headings : sequence of Heading
    quantity : WeatherQuantity
    file : str
    near : float, optional
        Of columns at several heights the one nearest to it [m]; one that names no height counts
        as standing there.

    Raises
    ------
    InputError
        If several columns fit equally well.
    """
    fitting = [item for item in headings if item.quantity is quantity]
    candidates = [item for item in fitting if item.named] or fitting
    if near is not None and len(candidates) > 1:
        distance = [abs((item.height or near) - near) for item in candidates]
        candidates = [
            item for item, far in zip(candidates, distance, strict=True) if far == min(distance)
        ]
    if not candidates:
        return None, []
    if len(candidates) > 1:
        raise input_error(
            "weather_candidates",
            _("有几列都可能是{name}，请指明用哪一列。", name=_(QUANTITY_LABELS[quantity])),
            file=file,
            got="、".join(item.header for item in candidates),
            remedy=_(
                "请用 --column {name}={header}（Python 中为 columns）指明。",
                name=quantity.value,
                header=candidates[0].header,
            ),
        )
    (chosen,) = candidates
    return chosen, [] if chosen.named else [_by_kind_only(chosen, file)]


def _by_kind_only(chosen: Heading, file: str) -> Problem:
    return Problem(
        Severity.WARNING,
        "weather_column_assumed",
        _(
            "“{header}”列按{name}读。",
            header=chosen.header,
            name=_(QUANTITY_LABELS[chosen.quantity]),
        ),
        _("请核对；不是时请用 --column {name}=… 指明。", name=chosen.quantity.value),
        file=file,
        column=chosen.header,
    )


def first_cup(cups: Sequence[Heading], height: float | None, file: str) -> list[Problem]:
    """What is to be said when the first of several cups at one height was taken."""
    if len(cups) < 2:
        return []
    where = _("同一高度") if height is None else _("{height} m 高度", height=f"{height:g}")
    return [
        Problem(
            Severity.WARNING,
            "wind_cups",
            _(
                "{where}有 {count} 列风速（{names}），取第一列“{first}”。",
                where=where,
                count=len(cups),
                names="、".join(cup.header for cup in cups),
                first=cups[0].header,
            ),
            _(
                "请核对哪一支为主风杯；用 --column {height}={header} 可改用另一列。",
                height="80" if height is None else f"{height:g}",
                header=cups[1].header,
            ),
            file=file,
            column=cups[0].header,
        )
    ]


def with_stated_unit(
    heading: Heading, said: Sequence[str], file: str
) -> tuple[Heading, list[Problem]]:
    """A heading with the unit a title or note states for its quantity, if it names none itself.

    That they state another than the heading is said.

    Raises
    ------
    InputError
        If they state several and the heading none.
    """
    listed = {
        (unit.factor, unit.offset, unit.energy): unit
        for word in stated_words(said)
        for known in UNITS[heading.quantity.value]
        if (unit := known.whole(normalised(word))) is not None
    }
    own = heading.unit
    if not listed or heading.unknown_unit or (own and _same(own, listed.values())):
        return heading, []
    if own is None and len(listed) == 1:
        return replace(heading, unit=next(iter(listed.values()))), []
    units = "、".join(unit.name for unit in listed.values())
    if own is None:
        raise input_error(
            "weather_unit",
            _("标题或表注写了“{header}”的几种单位。", header=heading.header),
            file=file,
            got=units,
            remedy=_("请在表头写明各列的单位。"),
        )
    return heading, [header_holds(heading.header, file, units)]


def _same(own: WeatherUnit, listed: Iterable[WeatherUnit]) -> bool:
    return any((unit.factor, unit.offset) == (own.factor, own.offset) for unit in listed)
