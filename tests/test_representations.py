"""What the console and notebooks show: a few lines, never the data, and no markup of the input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from greenland.energy import Grid, Limits, Site, Source, size
from greenland.i18n import use_language
from greenland.summary import MAX_LINES, MAX_TEXT, Summarised, Summary, money, one_line

HOSTILE = "<script>alert(1)</script>"


def small(name: str = "sun", **fields: object) -> Site:
    load = pd.Series(1.0, index=pd.date_range("2025-01-01", periods=24, freq="h"))
    existing = Source(name, np.full(24, 0.25), existing_mw=2.0, max_mw=0.0)
    return Site(load, sources=[existing], grid=Grid(import_price=0.5), **fields)  # type: ignore[arg-type]


def test_a_site_is_shown_in_a_few_lines() -> None:
    assert repr(small(limits=Limits(max_export_share=0.2))) == (
        "Site: 24 步，每步 1 h，自 2025-01-01 起\n"
        "  负荷: 最大 1 MW，共 24 MWh\n"
        "  电源: sun\n"
        "  储能: —\n"
        "  电网: 接入\n"
        "  约束: max_export_share 0.2"
    )


def test_a_plan_is_shown_with_cost_and_capacities() -> None:
    # Half of 1 MW comes from 2 MW at 0.25; the rest is bought: 0.5 × 8760 MWh at 0.5 yuan/kWh.
    plan = size(small())
    assert repr(plan) == (
        "Plan: 最优\n"
        "  目标: 年供电总成本最低\n"
        "  年供电总成本: 219 万元/年\n"
        "  初投资: 0 元\n"
        "  sun: 2 MW\n"
        "  grid: 0.5 MW"
    )
    with use_language("en"):
        assert "yearly cost of supply: 219 10k yuan/year" in repr(plan)


def test_a_plan_without_an_optimum_says_so() -> None:
    plan = size(small(limits=Limits(min_self_use_of_consumption=0.9)))
    assert repr(plan).splitlines()[0] == "Plan: 无可行解"
    assert "万元" not in repr(plan)


def test_names_of_the_input_are_no_markup() -> None:
    site = small(HOSTILE)
    page = site._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_html_has_the_same_lines() -> None:
    assert ">电源</th><td>sun</td></tr>" in small()._repr_html_()


def test_more_than_a_few_lines_are_counted() -> None:
    class Long(Summarised):
        def _summary(self) -> Summary:
            return Summary("head", tuple((str(n), "x" * 500) for n in range(20)))

    lines = repr(Long()).splitlines()
    assert len(lines) == 1 + MAX_LINES + 1
    assert lines[-1] == "  …: 另有 6 项"
    assert lines[1] == f"  0: {'x' * (MAX_TEXT - 1)}…"


@pytest.mark.parametrize(
    ("yuan", "text"), [(0.0, "0 元"), (9999.4, "9,999 元"), (-2e8, "-20,000 万元")]
)
def test_money(yuan: float, text: str) -> None:
    assert money(yuan) == text


def test_text_is_cut() -> None:
    assert len(one_line("长" * 500)) == MAX_TEXT


def test_line_ends_and_control_characters_are_taken_out() -> None:
    assert one_line("a\r\nb\x1b[31mc\u2028d\u202ee") == "a  b [31mc d e"


def test_tables_of_a_plan_carry_their_units() -> None:
    plan = size(small())
    assert set(plan.schedule.columns) == set(plan.schedule.attrs["units"])
    assert plan.schedule.attrs["units"]["sun"] == "MW"
    assert dict(plan.column_kinds["unit"]) == plan.schedule.attrs["units"]
    assert set(plan.monthly.attrs["units"].values()) == {"MWh"}
