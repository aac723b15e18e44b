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
# Width of the place a chart stands in, whether or not its axes have been laid out: what takes
# room above or beside the plot must not hang on the width of the plot, which hangs on that room.
# `width` is named so that Vega asks again when the window changes.
_PLACE = f"(isFinite(containerSize()[0]) ? containerSize()[0] : {PICTURE_WIDTH} + 0 * width)"

CONFIG: Spec = {
    "background": "transparent",
    "aria": False,
    "font": FONT,
    "padding": {"left": 5, "right": 6, "top": 4, "bottom": 2},
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
        "labelSeparation": 8,
    },
    "axisY": {"domain": False, "ticks": False},
    # Labels of six figures fit side by side; Vega's own count sets them until they touch.
    "axisXQuantitative": {"tickCount": {"signal": "max(2, ceil(width / 90))"}},
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
    hint : str
        What the reader of the page can do with it.
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
    hint: str = ""
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
    longest = max(map(text_width, texts), default=0)
    columns = f"max(1, floor(({_PLACE} - 70) / {34 + longest:.0f}))"
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


def rows_axis(texts: Iterable[str], **options: Any) -> alt.Axis:
    """The axis of named rows: names in lines where the place is narrow, never most of it.

    Names are data: the expressions know how long they are, and not what they say.
    """
    names = list(dict.fromkeys(texts))
    longest = max(map(text_width, names), default=0)
    limit = f"max(90, {_PLACE} * 0.42)"
    if longest < _ONE_LINE:
        return axis(None, **options)
    lines = _lines_of(f"length(datum.label) * {_broadest(names):.3g}")
    cuts = {2: _cuts(2), 3: _cuts(3)}
    broken = f"{lines} == 1 ? datum.label : {lines} == 2 ? {cuts[2]} : {cuts[3]}"
    narrow = f"{longest:.0f} > {limit}"
    raised = [
        {"test": f"{narrow} && {lines} == {count}", "value": -_LINE * (count - 1) / 2}
        for count in cuts
    ]
    return axis(
        None,
        labelLimit=alt.ExprRef(expr=f"max(90, {_PLACE} / 2)"),
        labelLineHeight=_LINE,
        labelExpr=f"{narrow} ? ({broken}) : datum.label",
        labelOffset={"condition": raised, "value": 0},
        **options,
    )


_LINE = 13  # pixels from line to line
_ONE_LINE, _TWO_LINES = 100, 320  # pixels of names on one line, and on two


def _lines_of(width: str) -> str:
    """Expression for the lines a name of some width takes."""
    return f"({width} < {_ONE_LINE} ? 1 : {width} < {_TWO_LINES} ? 2 : 3)"


def _cuts(count: int) -> str:
    """Expression for a name in lines of much the same length, cut at the next space if any."""
    places = ["0"]
    for part in range(1, count):
        early = f"floor(length(datum.label) * {part} / {count})"
        places.append(f"{early} + max(0, indexof(slice(datum.label, {early}), ' '))")
    ends = [*places[1:], "length(datum.label)"]
    cut = zip(places, ends, strict=True)
    return f"[{', '.join(f'trim(slice(datum.label, {start}, {end}))' for start, end in cut)}]"


def _broadest(names: Sequence[str]) -> float:
    """The most that a character of some names takes on average [px]."""
    return max((text_width(name) / len(name) for name in names if name), default=12)


def rows_height(texts: Iterable[str]) -> int:
    """Height of a chart of named rows [px]: room for every name, however many lines it takes."""
    names = set(texts)
    longest = max(map(len, names), default=0) * _broadest(list(names))
    lines = 1 if longest < _ONE_LINE else 2 if longest < _TWO_LINES else 3
    return max(30, lines * _LINE + 2) * len(names) + 30


def columns_axis(texts: Iterable[str], **options: Any) -> alt.Axis:
    """The axis of named columns: words below each other where they would meet."""
    names = list(texts)
    room = max(map(text_width, names), default=0) * len(names)
    words = f"width < {room:.0f} ? split(datum.label, ' ') : datum.label"
    return axis(None, labelAngle=0, labelExpr=words, **options)


def text_width(text: str, size: float = 12) -> float:
    """About how wide a text is drawn [px]."""
    return size * sum(1.0 if ord(char) > 0x2E80 else 0.58 for char in text)


def room_for(texts: Iterable[str]) -> Any:
    """End of a scale [px] that leaves room for the longest of some texts behind the bars."""
    longest = max(map(text_width, texts), default=0)
    return alt.ExprRef(expr=f"width - {longest + 10:.0f}")


def fitting(chart: Any, share: str) -> Any:
    """The chart with the texts of its marks left out where the mark is too short for them.

    Parameters
    ----------
    chart : Chart
        Its rows hold ``text``.
    share : str
        Expression for the part of the width a mark takes.
    """
    shown = f"({share}) * width > 8 + 7.5 * length(datum.text) ? datum.text : ''"
    return chart.transform_calculate(text=shown)


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
    aspect = spec.get("usermeta", {}).get("aspect")
    if aspect:  # of a map, which has no height of its own
        width["height"] = min(spec["height"], round(PICTURE_WIDTH * aspect))
    return {**spec, **width, "config": config, "datasets": {**spec.get("datasets", {}), **used}}


def repr_names(spec: Any) -> str:
    """The names of datasets a spec refers to, in quotes."""
    if isinstance(spec, dict):
        own = f'"{spec["name"]}"' if set(spec) == {"name"} else ""
        return own + "".join(repr_names(item) for item in spec.values())
    if isinstance(spec, list):
        return "".join(repr_names(item) for item in spec)
    return ""
