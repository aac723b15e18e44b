"""The one-line connection sketch: sources, step-up station, line, load station, public grid."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.report import formatters as fmt
from greenland.report.filing.facts import Fact, facts_of
from greenland.report.filing.figure import FilingData, FilingFigure
from greenland.report.naming import Naming

FONT = "'Source Han Sans SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif"
WIDTH = 960
_ROW = 96  # pixels from source to source
_BUS, _LOAD = 365, 635  # where the two busbars stand
_TOP = 70
_BOX = 184, 58


@dataclass(frozen=True, slots=True)
class Feeder:
    """What is connected to a busbar.

    Parameters
    ----------
    title, size : str
    symbol : str
        ``pv``, ``wind``, ``storage``, ``load`` or ``other``.
    """

    title: str
    size: str
    symbol: str


def figure(found: FilingData) -> FilingFigure | None:
    """The sketch, with what it says as data."""
    energy = found.energy
    if not energy.plan.capacities:
        return None
    facts = facts_of(found.record)
    left, right = _sources(energy), _loads(energy)
    rows: list[tuple[str, str | None]] = [(one.title, one.size) for one in (*left, *right)]
    rows += [(facts[name].title, facts[name].text) for name in ("grid_mw", "voltage", "line_km")]
    note = _("示意图；电压等级、变电站和计量点以接入系统批复为准，虚线为公共电网。")
    if _off_grid(energy):
        note = _("示意图；离网型项目，不与公共电网连接。")
    svg = draw_sketch(left, right, facts, off_grid=_off_grid(energy))
    return FilingFigure("connection-sketch", (_("部分"), _("内容")), rows, svg=svg, note=str(note))


def _off_grid(energy: EnergyRecord) -> bool:
    return not any(row.kind == "grid" for row in energy.plan.capacity_kinds)


def _sources(energy: EnergyRecord) -> list[Feeder]:
    """Sources and storages, each with its size; those that are not built are left out."""
    naming, sizes = Naming(energy), energy.plan.capacities or {}
    kinds: dict[tuple[str, str], float] = {
        (row.kind, row.owner or ""): sizes.get(row.capacity) or 0.0
        for row in energy.plan.capacity_kinds
    }
    found = []
    for owner in naming.owners.values():
        if owner.kind == "source" and (mw := kinds.get(("source", owner.name), 0.0)) > 0:
            symbol = owner.technology if owner.technology in ("pv", "wind") else "other"
            found.append(Feeder(owner.title, f"{fmt.number(mw, 2)} MW", symbol))
        power = kinds.get(("storage_power", owner.name), 0.0)
        if owner.kind == "storage" and power > 0:
            store = kinds.get(("storage_energy", owner.name), 0.0)
            size = f"{fmt.number(power, 2)} MW/{fmt.number(store, 2)} MWh"
            found.append(Feeder(owner.title, size, "storage"))
    return found


def _loads(energy: EnergyRecord) -> list[Feeder]:
    load, naming = energy.load, Naming(energy)
    peak = None if load is None else load.peak_mw
    size = str(_("最大 {mw} MW", mw=fmt.number(peak, 2)))
    users = () if load is None else load.users
    found = [Feeder(str(_("用电负荷")), size, "load")]
    if 1 < len(users) <= 5:
        found = [
            Feeder(one.user, str(_("最大 {mw} MW", mw=fmt.number(one.peak_mw, 2))), "load")
            for one in users
        ]
    sizes = energy.plan.capacities or {}
    for row in energy.plan.capacity_kinds:
        mw = sizes.get(row.capacity) or 0.0
        if row.kind == "electrolyser" and mw > 0:
            found.append(Feeder(naming.owner(row.owner or ""), f"{fmt.number(mw, 2)} MW", "load"))
    return found


def draw_sketch(
    left: list[Feeder], right: list[Feeder], facts: dict[str, Fact], *, off_grid: bool
) -> str:
    """The sketch as SVG.

    Parameters
    ----------
    left, right : list of Feeder
        What feeds the step-up station, and what the load station feeds.
    facts : mapping of str
    off_grid : bool
        Whether there is no public grid.
    """
    rows = max(len(left), len(right), 2)
    grid_row = 0 if off_grid else 130
    height = _TOP + rows * _ROW + grid_row + 40
    top, bottom = _TOP - 20, _TOP + rows * _ROW - 20
    middle = (top + bottom) / 2
    parts = [
        _bus(_BUS, top, bottom, str(_("升压站"))),
        _bus(_LOAD, top, bottom, str(_("负荷侧变电站"))),
        _wire(_BUS, middle, _LOAD, middle, width=3),
        _label((_BUS + _LOAD) / 2, middle - 44, _line_words(facts, "line_km", _("直连线路"))),
        _label((_BUS + _LOAD) / 2, middle - 24, _line_words(facts, "voltage", "")),
        _meter((_BUS + _LOAD) / 2, middle, str(_("计量点"))),
    ]
    parts += _feeders(left, _BUS, -1, top, bottom)
    parts += _feeders(right, _LOAD, 1, top, bottom)
    if not off_grid:
        below = bottom + 80
        parts += [
            _wire(_LOAD, bottom, _LOAD, below, dashed=True),
            _meter(_LOAD, bottom + 40, str(_("关口计量点"))),
            _box(_LOAD - 105, below, 210, 54, str(_("公共电网")),
                 str(_("接网 {mw}", mw=facts["grid_mw"].text or "")), dashed=True),
        ]  # fmt: skip
    title = str(_("接入系统示意图"))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(title)}" '
        f'font-family="{FONT}" font-size="15">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


def _line_words(facts: dict[str, Fact], name: str, lead: str) -> str:
    """A fact beside the line, or a blank for the author."""
    text = facts[name].text
    if text is None:
        text = str(_("【待填：{title}】", title=facts[name].title))
    return f"{lead} {text}".strip()


def _feeders(feeders: list[Feeder], bus: float, side: int, top: float, bottom: float) -> list[str]:
    """Boxes at one side of a busbar, each with its wire."""
    parts: list[str] = []
    wide, high = _BOX
    step = (bottom - top) / max(1, len(feeders))
    for place, one in enumerate(feeders):
        y = top + (place + 0.5) * step
        near = bus + side * 90
        x = near if side > 0 else near - wide
        parts += [
            _wire(bus, y, near, y),
            _breaker(bus + side * 40, y),
            _box(x, y - high / 2, wide, high, one.title, one.size),
            _symbol(one.symbol, near + side * (wide + 30), y),
        ]
    return parts


def _bus(x: float, top: float, bottom: float, title: str) -> str:
    line = f'<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="#1f2630" stroke-width="6"/>'
    return line + _label(x, top - 16, title, bold=True)


def _wire(
    x1: float, y1: float, x2: float, y2: float, *, width: float = 2, dashed: bool = False
) -> str:
    dash = ' stroke-dasharray="8 6"' if dashed else ""
    return (
        f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="#1f2630" '
        f'stroke-width="{width}"{dash}/>'
    )


def _breaker(x: float, y: float) -> str:
    """A switch: a small open square on the wire."""
    return (
        f'<rect x="{x - 6:g}" y="{y - 6:g}" width="12" height="12" fill="white" '
        f'stroke="#1f2630" stroke-width="1.6"/>'
    )


def _meter(x: float, y: float, title: str) -> str:
    """A metering point: a circle with an M, its title beside or below."""
    circle = (
        f'<circle cx="{x:g}" cy="{y:g}" r="13" fill="white" stroke="#A33B1F" stroke-width="2"/>'
        f'<text x="{x:g}" y="{y + 5:g}" text-anchor="middle" fill="#A33B1F" '
        f'font-weight="bold" font-size="14">M</text>'
    )
    return circle + _label(x, y + 33, title, colour="#A33B1F", back=True)


def _box(
    x: float, y: float, wide: float, high: float, title: str, size: str, *, dashed: bool = False
) -> str:
    dash = ' stroke-dasharray="8 6"' if dashed else ""
    room = max(3, int(wide / 15))
    title = title if len(title) <= room else f"{title[: room - 1]}…"
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="5" fill="#E9F2F5" '
        f'stroke="#14607A" stroke-width="1.6"{dash}/>'
        + _label(x + wide / 2, y + high / 2 - 5, title, bold=True)
        + _label(x + wide / 2, y + high / 2 + 16, size)
    )


def _label(
    x: float,
    y: float,
    text: str,
    *,
    bold: bool = False,
    colour: str = "#1f2630",
    back: bool = False,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    halo = ' paint-order="stroke" stroke="white" stroke-width="5"' if back else ""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="middle" fill="{colour}"{weight}{halo}>'
        f"{escape(text)}</text>"
    )


def _symbol(kind: str, x: float, y: float) -> str:
    """A small sign for what stands in a box."""
    stroke = 'fill="none" stroke="#14607A" stroke-width="2"'
    if kind == "pv":
        lines = "".join(
            f'<line x1="{x - 16 + 11 * n:g}" y1="{y - 12:g}" x2="{x - 16 + 11 * n:g}" '
            f'y2="{y + 12:g}" stroke="#14607A"/>'
            for n in (1, 2)
        )
        return f'<rect x="{x - 16:g}" y="{y - 12:g}" width="32" height="24" {stroke}/>{lines}'
    if kind == "wind":
        blades = "".join(
            f'<line x1="{x:g}" y1="{y - 4:g}" x2="{x + dx:g}" y2="{y - 4 + dy:g}" {stroke}/>'
            for dx, dy in ((0, -15), (13, 8), (-13, 8))
        )
        return f'{blades}<line x1="{x:g}" y1="{y - 4:g}" x2="{x:g}" y2="{y + 17:g}" {stroke}/>'
    if kind == "storage":
        return (
            f'<rect x="{x - 16:g}" y="{y - 9:g}" width="28" height="18" {stroke}/>'
            f'<rect x="{x + 12:g}" y="{y - 4:g}" width="4" height="8" fill="#14607A"/>'
        )
    if kind == "load":
        points = f"{x - 14:g},{y + 12:g} {x - 14:g},{y - 4:g} {x:g},{y - 13:g} {x + 14:g},{y - 4:g} {x + 14:g},{y + 12:g}"  # noqa: E501
        return f'<polygon points="{points}" {stroke}/>'
    return f'<circle cx="{x:g}" cy="{y:g}" r="14" {stroke}/>'
