"""The park's profile in front, and the chapters at the end: problems, assumptions, glossary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from greenland.errors import Severity
from greenland.i18n import _
from greenland.record.energy.case import AssumptionRecord, SeriesRecord
from greenland.record.energy.energy import EnergyRecord
from greenland.record.message import Message
from greenland.record.park import ParkPart
from greenland.record.record import Record, if_made
from greenland.report import formatters as fmt
from greenland.report.blocks import Facts, Prose, Section
from greenland.report.labels import label, name, unit_text, value_label
from greenland.report.naming import Naming
from greenland.report.rulelist import code_words
from greenland.report.sections.common import PAGE_AND_MORE, some
from greenland.report.tables import make_table, with_unit

_SEVERITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


def profile(record: Record) -> Section:
    """Who the park is, and its tier."""
    park = record.park
    items = [
        (_("园区名称"), park.name or fmt.DASH),
        (_("级别"), _titled("level", park.level, park.level_title) or fmt.DASH),
        (_("类型"), _titled("type", park.type, park.type_title) or fmt.DASH),
        (_("评价年度"), str(record.year)),
        (_("评价基准日"), fmt.long_date(park.as_of)),
    ]
    policy = if_made(record.land.policy)
    if policy is not None and policy.tier.tier:
        items.append((_("园区层级"), value_label("tier", policy.tier.tier)))
    if policy is not None and policy.tier.output_yi is not None:
        items.append((_("规上工业总产值"), fmt.wan(policy.tier.output_yi * 1e4)))
    columns = " ".join(ParkPart.model_fields)
    table = make_table("table-overview", _("园区概况"), park.overview, columns, fold=0)
    return Section("profile", _("园区概况与层级"), "", some((Facts(tuple(items)), table)))


def _titled(key: str, code: str, title: Message | str | None) -> str:
    """A coded value in the language in use; the record's own title where the code is unknown."""
    words = value_label(key, code)
    return str(title or code) if words == code else words


def problems(record: Record) -> Section | None:
    """What is wrong with the data, and which evaluations it touches."""
    rows = [
        {**row.cells(), "touches": [value_label("touches", key) for key in row.touches]}
        for row in record.problems
    ]
    if not rows:
        return None
    counts = Counter(row.severity for row in record.problems)
    lead = _("，").join(
        _("{severity} {count} 处", severity=value_label("severity", key), count=counts[key])
        for key in _SEVERITY
        if counts[key]
    ) + _("。")
    table = make_table(
        "table-problems",
        _("数据问题及其影响"),
        rows,
        "severity file sheet row column message got allowed remedy touches",
        worst=lambda row: (_SEVERITY[row["severity"]], row["sheet"] or "", row["row"] or 0),
    )
    return Section("problems", _("数据问题"), lead, some((table,)))


def assumptions(energy: EnergyRecord | None) -> Section | None:
    """What was assumed, with its source and how sure it is."""
    if energy is None:
        return None
    naming = Naming(energy)
    rows = [
        {
            **row.cells(),
            "value": _value(row.value),
            "assumption": _assumed(row, naming),
            "unit": "share" if row.unit == "1/yr" else row.unit or "",
            "days": f"{row.valid_from}—{row.valid_to}" if row.valid_from else _("全年"),
        }
        for row in energy.assumptions
    ]
    series = [
        {
            "name": _series_name(row, naming),
            "kind": (row.provenance or {}).get("kind"),
            "source": _together(row.source_texts),
            "text": _together(row.quality_texts).replace(row.name, _series_name(row, naming)),
        }
        for row in energy.series
    ]
    blocks = some(
        (
            make_table(
                "table-assumptions",
                _("能源测算的假设"),
                rows,
                "assumption value unit days source confidence rule_id",
                forms=PAGE_AND_MORE,
            ),
            make_table("table-series", _("时间序列的来源与质量"), series, "name kind source text"),
        )
    )
    return Section("assumptions", _("假设与数据来源"), "", blocks, annex=True) if blocks else None


def _value(value: Any) -> Any:
    """A value; codes in a text, as in ``peak 1.5 : flat 1``, in words."""
    if not isinstance(value, str):
        return value
    return re.sub(r"[a-z][a-z_]+", lambda found: code_words(found[0]) or found[0], value)


def _assumed(row: AssumptionRecord, naming: Naming) -> str:
    """What was assumed: its title, or the part and the field it stands in."""
    title = str(row.title or "")
    if title and title != row.item:
        return title
    if row.owner:
        return f"{naming.owner(row.owner)}·{name(str(row.field))}"
    if "." in row.item:  # records that do not yet say whose price it is
        return "·".join(name(part) for part in row.item.split("."))
    return value_label("item", row.item)


def _together(texts: Iterable[Message | str]) -> str:
    """Texts as one, of which only the last ends as a sentence does."""
    said = [str(text) for text in texts]
    parts = [text.removesuffix("。").removesuffix(".") for text in said[:-1]]
    return str(_("；").join([*parts, *said[-1:]]))


def _series_name(row: SeriesRecord, naming: Naming) -> str:
    """What a curve is of: 光伏 for the profile of the source ``pv``."""
    if not row.kind:  # records that do not yet say what a curve belongs to
        return name(row.name.split(".")[0])
    if row.kind in ("user", "demand_charge"):
        return str(row.owner)
    if row.owner:
        return naming.owner(row.owner)
    return value_label("parameter", row.field) if row.field else name(row.kind)


def method(record: Record) -> Section:
    """How the report was made."""
    text: tuple[str, ...] = (
        _(
            "本报告由评价结果文件 results.json 生成（greenland {version}），"
            "同一结果文件生成的报告逐字节相同。",
            version=record.greenland,
        ),
        _(
            "每项结论都列出所依据的规则（文件、条款、数值）和原始数据所在的行号；"
            "标注“园区自定”的规则由园区替换，原值一并列出。"
        ),
        _(
            "“—”表示没有数据或未评价，原因写在“说明”列；“< 0.1%”表示不为零但不足显示精度。"
            "面积同时以亩（1 亩 = 10000/15 平方米）和公顷计。"
        ),
    )
    if if_made(record.energy) is not None:
        text = (
            *text,
            _(
                "自发自用比例有两种口径：口径一 =（可用发电量 − 上网 − 弃电）/ 可用发电量；"
                "口径二扣除储能损耗。两种口径一并列出。"
            ),
        )
    return Section("method", _("方法说明"), "", (Prose(text),))


def glossary(terms: Iterable[str]) -> Section:
    """Names and units of the indicators a report shows."""
    rows = [
        {"title": label(key).text, "unit": unit_text(label(key).unit) or fmt.DASH}
        for key in terms
        if label(key).kind != "text"
    ]
    table = make_table(
        "table-glossary", _("指标与单位"), rows, "title unit", forms=frozenset({"page"})
    )
    return Section("glossary", _("术语与单位"), "", some((table,)), annex=True)


__all__ = ["assumptions", "glossary", "method", "problems", "profile", "with_unit"]
