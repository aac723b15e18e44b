"""The page: what is in it, what is not, and that nothing from the record acts as markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import made_records
import pytest

from greenland.errors import InputError
from greenland.evaluations import ASKED, OPTIONAL
from greenland.i18n import _, use_language
from greenland.report import headlines, render_html
from greenland.report.context import build

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    '=HYPERLINK("http://x")',
    "a\u2028b\u0000c",
)


@pytest.fixture(scope="module")
def page() -> str:
    """The page of a complete record."""
    return render_html(made_records.complete())


def test_same_record_same_bytes(record: dict[str, Any], page: str) -> None:
    assert render_html(record) == page


def test_record_is_left_as_it_was(record: dict[str, Any]) -> None:
    before = json.dumps(record, sort_keys=True)
    render_html(record)
    assert json.dumps(record, sort_keys=True) == before


def test_every_chapter_is_there(page: str) -> None:
    chapters = (
        *("conclusions", "profile", "standard-land", "per-mu", "review", "stock", "exit"),
        *("admission", "policy", "energy-plan", "energy-compliance", "energy-dispatch"),
        *("energy-money", "energy-shadow", "energy-carbon", "energy-study", "problems"),
        *("outlook", "account"),
        *("assumptions", "method", "glossary", "rules"),
    )
    for chapter in chapters:
        assert f'<section id="{chapter}"' in page, chapter


def test_what_was_not_evaluated_is_listed_with_its_reason() -> None:
    page = render_html(made_records.bare())
    assert "没有评价的部分" in page
    assert "本次未要求计算。" in page
    assert '<section id="per-mu"' not in page
    assert 'id="chart-' not in page


@pytest.mark.parametrize("key", ["standard_land", "per_mu", "review", "stock", "exit"])
def test_one_part_missing_takes_nothing_else_along(record: dict[str, Any], key: str) -> None:
    record["land"][key] = {"evaluated": False, "reason": "没有这张表", "problems": []}
    page = render_html(record)
    assert "没有这张表" in page
    assert '<section id="admission"' in page


@pytest.mark.parametrize("key", ["bill", "finance", "carbon", "study"])
def test_energy_without_one_part(record: dict[str, Any], key: str) -> None:
    record["energy"][key] = None
    assert '<section id="energy-plan"' in render_html(record)


def test_infeasible_plan_says_which_limits_clash(record: dict[str, Any]) -> None:
    limit = {"limit": "export_share", "limit_kind": "export_share"}
    given = {"required": 0.2, "reachable": 0.31, "unit": "share", "text": "放宽"}
    record["energy"]["plan"] = {
        "status": "infeasible",
        "quality": {},
        "infeasibility": {
            "text": "两项约束不能同时满足",
            "clashes": [{**limit, "text": "上网比例"}],
            "relaxations": [{**limit, **given}],
        },
    }
    record["energy"]["study"] = None  # there is none without a plan
    page = render_html(record)
    assert "无可行解" in page
    assert "互相冲突的约束：上网比例" in page
    assert "31.0%" in page


def test_verdicts_link_to_rules_and_rows(record: dict[str, Any], page: str) -> None:
    targets = set(re.findall(r'id="([^"]+)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    rule_id = record["land"]["standard_land"]["share"]["rule_id"]
    assert {f"rule-{rule_id}", "table-standard-path"} <= links
    assert links <= targets


def test_overridden_rules_are_marked_with_the_old_value(record: dict[str, Any], page: str) -> None:
    overridden = next(rule for rule in record["rules"] if rule["overridden"])
    assert overridden["replaces"]["value"] is None
    assert "<sup>*</sup>" in page
    assert "原值 未找到，由园区提供" in page


def test_a_rule_without_value_says_so(page: str) -> None:
    assert "未找到，由园区提供" in page


def test_data_never_becomes_markup(record: dict[str, Any], page: str) -> None:
    text = " ".join(HOSTILE)
    record["park"]["name"] = text
    record["land"]["per_mu"]["firms"][0]["firm_name"] = text
    record["land"]["exit"]["parcels"][0]["holder_name"] = text
    record["problems"][0]["got"] = text
    record["rules"][0]["title"] = text
    spoilt = render_html(record)
    for tag in ("<script", "</script", "<img", "<section"):
        assert spoilt.count(tag) == page.count(tag), tag
    assert "49" not in spoilt.split("<title>")[1].split("</title>")[0]


def test_policy_names_the_scripts_and_styles_by_hash(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert "unsafe" not in policy[1]
    blocks = re.findall(r"<(script|style)>(.*?)</\1>", page, re.DOTALL)
    assert len(blocks) == 3
    for _kind, text in blocks:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy[1].replace("&#39;", "'")


def test_no_carriage_return_disturbs_the_hashes(page: str) -> None:
    assert "\r" not in page


def test_size_of_the_example() -> None:
    # the limit the project sets itself for the example park
    assert len(render_html(made_records.year()).encode()) <= 3_000_000


def test_tables_fold_after_the_worst_rows(page: str) -> None:
    assert "<tr class=f>" in page
    body = page.split('id="b-table-standard-off"')[1]
    assert "不达标" in body.split("<tr>")[1]


def message(text: str, message_id: str, **args: Any) -> dict[str, Any]:
    """A message as it stands in a record."""
    return {"text": text, "id": message_id, "args": args}


def test_known_messages_are_said_again_in_english(record: dict[str, Any]) -> None:
    reason = message("没有宗地图形。", "没有宗地图形。")
    record["land"]["stock"] = {"evaluated": False, "reason": reason, "problems": []}
    page = render_html(record, language="en")
    with use_language("en"):
        said = str(_("没有宗地图形。"))
    assert '<html lang="en">' in page
    assert said in page
    assert "没有宗地图形" not in page


def test_texts_with_arguments_are_said_again() -> None:
    record = made_records.bare()
    record["land"]["stock"]["reason"] = message("第3行", "第{row}行", row=3)
    with use_language("en"):
        said = str(_("第{row}行", row=3))
    assert said in render_html(record, language="en")


def test_headlines_have_a_line_for_every_part(record: dict[str, Any]) -> None:
    record["land"]["policy"] = {"evaluated": False, "reason": "没有指标", "problems": []}
    lines = headlines(record)
    assert lines["land.policy"] == "未评价：没有指标"
    assert "亩均税收" in lines["land.per_mu"]
    assert lines["energy"].startswith("年供电总成本")
    assert list(lines) == [item.key for item in (*ASKED, *OPTIONAL)]


def test_replaced_template(record: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(
        '{% extends "greenland/report.html" %}'
        "{% block footer %}<p>某省自然资源厅</p>{% endblock %}",
        encoding="utf-8",
    )
    page = render_html(record, templates=tmp_path)
    assert "某省自然资源厅" in page
    assert '<section id="per-mu"' in page


def test_undefined_name_in_a_template_is_an_error(record: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(
        '{% extends "greenland/report.html" %}{% block footer %}{{ bureau }}{% endblock %}',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="'bureau' is undefined"):
        render_html(record, templates=tmp_path)


def test_faulty_template_is_an_error(record: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("{% block x %}", encoding="utf-8")
    with pytest.raises(InputError, match="报告模板有误"):
        render_html(record, templates=tmp_path)


def test_every_table_and_chart_has_its_own_id(record: dict[str, Any]) -> None:
    report = build(record)
    ids = [item.id for item in (*report.tables, *report.charts)]
    assert len(ids) == len(set(ids))
