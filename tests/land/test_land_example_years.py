"""The example park put into another year: an answer, or a refusal that says what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import greenland as gl
from greenland.errors import Severity
from greenland.results import NotEvaluated

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "yunnan_park"
LAND = ("standard_land", "per_mu", "review", "stock", "exit", "admission", "policy")


def park_of(year: int, folder: Path) -> Path:
    """The example with another year, its land side alone."""
    text = (EXAMPLE / "park.yaml").read_text(encoding="utf-8")
    text = text.partition("# 绿电直连试点")[0]
    text = text.replace("year: 2026", f"year: {year}").replace("2026-12-31", f"{year}-12-31")
    (folder / "park.yaml").write_text(text, encoding="utf-8")
    for name in ("park.xlsx", "parcels.geojson"):
        shutil.copy(EXAMPLE / name, folder / name)
    return folder


def assessed(year: int, folder: Path) -> gl.Assessment:
    return gl.assess(park_of(year, folder), parts={f"land.{name}" for name in LAND})


@pytest.mark.slow
@pytest.mark.parametrize("year", [2024, 2025])
def test_an_earlier_year_is_answered(year: int, tmp_path: Path) -> None:
    found = assessed(year, tmp_path)
    assert not found.has_errors
    for name in LAND:
        assert not isinstance(getattr(found.land, name), NotEvaluated), name
    assert found.land.per_mu.year == year
    # 行动计划第9项 begins in 2026: without its two checks no project is approved, and it is said
    projects = found.land.admission.projects
    assert set(projects["verdict"]) == {"pending", "rejected"}
    waiting = projects[projects["verdict"] == "pending"]["reason"]
    assert waiting.str.contains("不能下结论，缺：.*亩均营业收入").all()
    # the plan of 2022 is in force, the tiers of 2026 are not
    assert found.land.policy.tier["reason"] == "评价年度没有有效的分档规定"
    assert "planned_industrial_share" in set(found.land.policy.targets["indicator"])


@pytest.mark.slow
def test_a_year_without_data_is_refused_in_words(tmp_path: Path) -> None:
    found = assessed(2027, tmp_path)
    errors = [item for item in found.problems if item.severity is Severity.ERROR]
    assert {str(item.sheet) for item in errors} == {"企业效益", "土地利用状况", "年度指标"}
    for item in errors:
        assert "没有评价年度 2027 年的数据" in str(item)
        assert "请补充该年度数据，或在 park.yaml 中改 year" in str(item)
    assert isinstance(found.land.per_mu, NotEvaluated)
    assert isinstance(found.land.review, NotEvaluated)
    assert set(found.land.admission.projects["verdict"]) == {"pending", "rejected"}
