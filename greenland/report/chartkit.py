"""What all charts share: the theme, the frame around a picture, the runtime's locale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import altair as alt

from greenland.i18n import _, language

Spec = dict[str, Any]
Rows = list[dict[str, Any]]
K = TypeVar("K")

FONT = (
    "'Source Han Sans SC','Noto Sans CJK SC','Noto Sans SC','PingFang SC',"
    "'Microsoft YaHei','Hiragino Sans GB',sans-serif"
)
GRID = "#8a909933"
LINE = "#8a9099"
TEXT = "#3d4450"
PICTURE_WIDTH = 680  # pixels; width of a chart where there is no container

CONFIG: Spec = {
    "background": "transparent",
    "aria": False,
    "font": FONT,
    "padding": {"left": 2, "right": 6, "top": 4, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "gridColor": GRID,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelColor": TEXT,
        "titleColor": TEXT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelPadding": 5,
        "tickSize": 4,
    },
    "axisY": {"domain": False, "ticks": False},
    "legend": {
        "orient": "top",
        "title": None,
        "labelColor": TEXT,
        "labelFontSize": 12,
        "symbolType": "square",
        "symbolSize": 110,
        "columnPadding": 14,
        "labelLimit": 260,
        "titleColor": TEXT,
        "titleFontWeight": "normal",
        "offset": 8,
    },
    "text": {"fontSize": 12, "color": TEXT},
    "bar": {"discreteBandSize": {"band": 0.72}},
    "line": {"strokeWidth": 1.8},
    "rule": {"color": LINE},
    "header": {"labelColor": TEXT, "titleColor": TEXT},
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture that answers a question.

    Parameters
    ----------
    id : str
        Anchor in the page.
    title : str
        The finding, as a sentence.
    unit : str
        What is measured and in which unit.
    source : str
        Where the numbers come from.
    alt : str
        The same in words, for who cannot see it.
    spec : dict
        Vega-Lite.
    uses : tuple of str
        Datasets of the page it draws on.
    """

    id: str
    title: str
    unit: str
    source: str
    alt: str
    spec: Spec = field(compare=False)
    uses: tuple[str, ...] = ()
    explorer: str = ""
    tall: bool = False
    block: str = "chart"


class _Rows:
    """Rows of a chart, which Altair takes as they are; lists it copies and reads item by item."""

    _schema: ClassVar[Mapping[str, str]] = {"type": "array"}  # what Altair knows its like by

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def to_dict(self) -> Rows:
        return self.rows


def data(rows: Iterable[Mapping[str, Any]]) -> alt.Data:
    """Rows put into the chart itself, numbers without false precision."""
    return alt.Data(values=_Rows([{k: _short(v) for k, v in row.items()} for row in rows]))


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return drawable(value)
    return float(f"{value:.6g}") if isinstance(value, float) else value


# What every JavaScript object has of its own: Vega files values under such keys and loses them.
_OBJECT_KEYS = frozenset(
    {
        *("constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable"),
        *("toLocaleString", "toString", "valueOf", "__proto__"),
        *("__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"),
    }
)


def drawable(text: str) -> str:
    """A text that Vega can group by; what reads like a key of its own gets a space of no width."""
    return f"{text}\u200b" if text in _OBJECT_KEYS else text


def named(dataset: str) -> Any:
    """A dataset the page holds once for several charts."""
    return alt.NamedData(name=dataset)


def colours(field_name: str, palette: Mapping[K, str], texts: Mapping[K, str]) -> alt.Color:
    """Colour by a field of translated texts, in the palette's order.

    Parameters
    ----------
    field_name : str
    palette : mapping of id to colour
    texts : mapping of id to text
        The ids that occur, and what stands in the data for them.
    """
    keys = [key for key in palette if key in texts]
    domain = [drawable(texts[key]) for key in keys]
    scale = alt.Scale(domain=domain, range=[palette[key] for key in keys])
    return alt.Color(f"{field_name}:N", scale=scale, sort=None, legend=legend(list(texts.values())))


def legend(texts: Sequence[str]) -> alt.Legend:
    """A legend that wraps to the width there is, by the longest of its texts."""
    longest = max((sum(2 if ord(c) > 0x2E80 else 1 for c in text) for text in texts), default=4)
    columns = f"max(1, floor(width / {34 + 6.6 * longest:.0f}))"
    return alt.Legend(columns=alt.ExprRef(expr=columns))


def finish(chart: Any, height: int | None = 260, **extra: Any) -> Spec:
    """The chart as Vega-Lite of the width of its place in the page."""
    spec: Spec = chart.to_dict(validate=False)
    spec.pop("$schema", None)
    spec.pop("config", None)
    spec["width"] = "container"
    if height is not None:
        spec.setdefault("height", height)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["config"] = CONFIG
    return {**spec, **extra}


def tip(field_name: str, title: str, form: str | None = None) -> alt.Tooltip:
    """One line of what is shown when pointing at a mark."""
    kind = "Q" if form else "N"
    options = {"format": form} if form else {}
    return alt.Tooltip(f"{field_name}:{kind}", title=drawable(title), **options)


def axis(title: str | None = None, **options: Any) -> alt.Axis:
    """An axis with its title."""
    return alt.Axis(title=title, **options)


def month_format() -> str:
    """How months are written on a time axis."""
    return "%-m月" if language() == "zh" else "%b"


def day_format() -> str:
    """How days are written on a time axis."""
    return "%-m月%-d日" if language() == "zh" else "%-d %b"


def hour_format() -> str:
    """How hours are written when pointing at one."""
    return "%-m月%-d日 %H:%M" if language() == "zh" else "%-d %b %H:%M"


def source_line(*parts: str) -> str:
    """Where the numbers of a chart come from."""
    return _("来源：{parts}", parts=_("；").join(part for part in parts if part))


def picture(spec: Spec, datasets: Mapping[str, Sequence[Mapping[str, Any]]]) -> Spec:
    """A spec that stands on its own, for drawing outside the page."""
    used = {name: list(rows) for name, rows in datasets.items() if f'"{name}"' in repr_names(spec)}
    width = {"width": PICTURE_WIDTH} if spec.get("width") == "container" else {}
    config = {**spec["config"], "background": "white"}
    return {**spec, **width, "config": config, "datasets": {**spec.get("datasets", {}), **used}}


def repr_names(spec: Any) -> str:
    """The names of datasets a spec refers to, in quotes."""
    if isinstance(spec, dict):
        own = f'"{spec["name"]}"' if set(spec) == {"name"} else ""
        return own + "".join(repr_names(item) for item in spec.values())
    if isinstance(spec, list):
        return "".join(repr_names(item) for item in spec)
    return ""
