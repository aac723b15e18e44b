"""The pages of the province and of the history are true: their code runs, their table is ours."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from greenland.key_results import KEYS, Better
from greenland.province.config import ProvinceConfig, read_province
from greenland.province.method import ON_A_LIMIT, OUTLIER_PEERS, OUTLIER_SCORE

DOCS = Path(__file__).resolve().parents[2] / "docs"
HISTORY = DOCS / "history.md"
PROVINCE = DOCS / "province.md"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.slow
@pytest.mark.parametrize("page", [HISTORY, PROVINCE], ids=lambda page: page.stem)
def test_the_code_runs(page: Path) -> None:
    (code,) = blocks(page, "python")
    exec(compile(code, page.name, "exec"), {})


def test_the_table_of_keys_is_that_of_the_code() -> None:
    lines = ["| 指标 | 名称 | 单位 | 组 | 合计 | 排名 |", "|---|---|---|---|---|---|"]
    words = {Better.HIGHER: "大者在前", Better.LOWER: "小者在前", None: ""}
    lines += [
        f"| `{key}` | {item.title} | {'' if item.is_share else item.unit} | {item.group} | "
        f"{'是' if item.summed else ''} | {words[item.ranked]} |"
        for key, item in KEYS.items()
    ]
    text = HISTORY.read_text(encoding="utf-8")
    before, _mark, rest = text.partition("<!-- keys -->\n")
    _table, _end, after = rest.partition("<!-- end -->")
    page = before + "<!-- keys -->\n" + "\n".join(lines) + "\n<!-- end -->" + after
    if os.environ.get("GREENLAND_WRITE_DOCS"):
        HISTORY.write_text(page, encoding="utf-8")
    assert HISTORY.read_text(encoding="utf-8") == page, "run with GREENLAND_WRITE_DOCS=1"


def test_the_settings_are_those_there_are(tmp_path: Path) -> None:
    (text,) = blocks(PROVINCE, "yaml")
    (tmp_path / "province.yaml").write_text(text, encoding="utf-8")
    config = read_province(tmp_path)
    assert set(ProvinceConfig.model_fields) == config.model_fields_set
    assert config.weights == {"tax_per_mu": 2}


def test_the_constants_are_those_of_the_code() -> None:
    text = PROVINCE.read_text(encoding="utf-8")
    assert f"绝对值超过 {OUTLIER_SCORE:g} 的列出" in text
    assert f"同类不足 {OUTLIER_PEERS} 个的" in text
    assert f"不足 {ON_A_LIMIT:.1%} 的".replace("%", " %") in text
