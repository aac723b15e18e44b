"""The page: one self-contained HTML file, the same bytes for the same record."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from greenland.errors import input_error
from greenland.i18n import _, use_language
from greenland.i18n import language as language_in_use
from greenland.record.record import Record
from greenland.report import formatters as fmt
from greenland.report import markup
from greenland.report.chartkit import Chart
from greenland.report.comparison import ComparisonPage
from greenland.report.context import Report, build
from greenland.report.labels import name, value_label
from greenland.report.length import Length, at_length
from greenland.report.places import template_folder
from greenland.report.runtime import javascript

Page = Report | ComparisonPage
_HTML_LANG = {"zh": "zh-CN", "en": "en"}


def environment(templates: Path | None = None) -> jinja2.Environment:
    """Jinja with escaping on, undefined names as errors, and the package's functions.

    Parameters
    ----------
    templates : Path, optional
        Folder whose files stand in for the package's of the same name; from there
        ``{% extends "greenland/report.html" %}`` names the package's own.
    """
    return _own() if templates is None else _environment(templates)


@cache
def _own() -> jinja2.Environment:
    """The package's own templates, read and compiled once however many pages are made of them."""
    return _environment(None)


def _environment(templates: Path | None) -> jinja2.Environment:
    own = jinja2.FileSystemLoader(template_folder())
    loaders: list[jinja2.BaseLoader] = [own, jinja2.PrefixLoader({"greenland": own})]
    if templates is not None:
        loaders.insert(0, jinja2.FileSystemLoader(templates))
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        _=_,
        fmt=fmt,
        badge=markup.badge,
        anchor=markup.anchor,
        name=name,
        value_label=value_label,
        wide=markup.wide,
    )
    return made


def render_html(
    record: Record | Mapping[str, Any],
    *,
    language: str = "zh",
    templates: Path | None = None,
    length: Length | str = Length.STANDARD,
) -> str:
    """Render the results as one HTML page that needs nothing from outside.

    Parameters
    ----------
    record : Record or mapping
        As in ``results.json``.
    language : str
        ``"zh"`` or ``"en"``.
    templates : Path, optional
        Folder of templates that stand in for the package's; see ``docs/report.md``.
    length : Length
        ``"brief"``, ``"standard"`` or ``"full"``.

    Returns
    -------
    str
        The page; the same record gives the same text.

    Raises
    ------
    InputError
        If it is not a results record, or if a template does not exist, is faulty, or names what
        is not defined.

    Examples
    --------
    >>> from greenland import assess
    >>> from greenland.park import example_folder
    >>> record = assess(example_folder(), parts=()).record()
    >>> '<html lang="en"' in render_html(record, language="en")
    True
    """
    with use_language(language):
        report = at_length(build(record), length)
        env = environment(templates)
        try:
            return _render(report, env)
        except jinja2.TemplateError as error:
            raise _template_error(error) from error


def _template_error(error: jinja2.TemplateError) -> Exception:
    place = getattr(error, "filename", None) or getattr(error, "name", None) or ""
    return input_error(
        "template",
        _("报告模板有误：{message}", message=str(error.message or error)),
        remedy=_("请对照 docs/report.md 检查模板；未定义的名字视为错误。"),
        file=str(place),
        row=getattr(error, "lineno", None),
    )


def _render(report: Report, env: jinja2.Environment) -> str:
    return env.get_template("report.html").render(page_context(report, env))


def page_context(report: Page, env: jinja2.Environment) -> dict[str, Any]:
    """What the templates of a page ask for."""
    style = env.get_template("report.css").render()
    script = env.get_template("report.js").render()
    runtime = javascript() if report.charts else ""
    rules = report.rules
    return {
        "report": report,
        "rules": rules,
        "anchors": _anchors(report),
        "lang": _HTML_LANG[language_in_use()],
        "style": Markup(style),
        "script": Markup(script),
        "runtime": Markup(runtime),
        "policy": content_policy((runtime, script), (style,)),
        "charts_json": markup.script_json(_charts(report)),
        "schedule_json": markup.script_json(report.hours.compact() if report.hours else {}),
        "texts_json": markup.script_json(_texts()),
        "table_rows": lambda table: markup.table_rows(table, rules),
        "rule_link": lambda rule_id: markup.rule_link(rule_id, rules),
    }


def _anchors(report: Page) -> set[str]:
    """What links of the page can lead to."""
    tables = {table.id for table in report.tables if "page" in table.forms}
    return tables | {section.id for section in report.chapters}


def content_policy(scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
    """Content-Security-Policy that allows these scripts and styles, by hash, and no more."""
    script = " ".join(f"'sha256-{_digest(text)}'" for text in scripts if text)
    style = " ".join(f"'sha256-{_digest(text)}'" for text in styles)
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _charts(report: Page) -> dict[str, Any]:
    return {chart.id: _chart(chart) for chart in report.charts}


def _chart(chart: Chart) -> dict[str, Any]:
    return {"spec": chart.spec, "uses": list(chart.uses), "explorer": chart.explorer}


def _texts() -> dict[str, Any]:
    import vl_convert

    number = vl_convert.get_format_locale("zh-CN" if language_in_use() == "zh" else "en-US")
    time = vl_convert.get_time_format_locale("zh-CN" if language_in_use() == "zh" else "en-US")
    return {
        "number": {**number, "minus": fmt.MINUS},
        "time": time,
        "showAll": _("展开全部 {count} 行", count="%"),
        "more": _("右侧还有 {count} 列，可横向滚动", count="%"),
        "showLess": _("收起"),
        "shown": _("显示 {shown} / {all} 行", shown="%1", all="%2"),
        "copied": _("已复制"),
        "copyFailed": _("浏览器不允许复制，请手动选择"),
        "sortBy": _("按“{column}”排序", column="%"),
        "sortedUp": _("升序"),
        "sortedDown": _("降序"),
        "chartFailed": _("图表未能绘出："),
        "light": _("浅色"),
        "dark": _("深色"),
    }
