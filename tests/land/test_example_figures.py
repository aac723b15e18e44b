"""Figures of the example park against those reckoned by hand from its workbook, year 2026.

The figures in the comments are sums of columns of the 企业效益 and 宗地台账 sheets of
``examples/yunnan_park/park.xlsx``, made in a spreadsheet, without this program.
"""

from __future__ import annotations

import statistics
from pathlib import Path

import pandas as pd
import pytest

from greenland.land import admission, per_mu, stock
from greenland.land.per_mu import PerMuResult
from greenland.park import Park, read_park
from greenland.record.land.per_mu import PerMuRecord
from greenland.record.land.stock import StockRecord
from greenland.report import front
from greenland.report.sections import per_mu as chapter
from greenland.results import NotEvaluated

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "yunnan_park"

# 企业效益, 2026: 92 rows. Not evaluated: 2 public utilities, 3 producing for less than two years
# (投产日期 after 2024-12-31), and one tenant of the firm …0007T, which is one of the three.
FIRMS, EXEMPT = 92, 6
# Four landlords with one tenant each: 88 units. 用地面积 of all but the tenants, for the landlord
# …0035P the 213.49 亩 of its parcels in the ledger (it states 64.10): 6056.30 亩; the 5 exempt
# units have 467.79 of them.
LAND, EXEMPT_LAND = 6056.30, 467.79
# In operation and no utilities: 85 firms. 用地面积 5186.54 + 213.49 − 64.10 − 55.18 let to the four
# tenants (13.85 + 23.19 + 4.23 + 13.91, in the landlords' land already) = 5280.75 亩;
# 累计固定资产投资 1 824 137.00, 营业收入 3 701 137.91 万元.
RUNNING, USED = 85, 5280.75
INVESTED, REVENUE = 1_824_137.00, 3_701_137.91


@pytest.fixture(scope="module")
def park() -> Park:
    return read_park(EXAMPLE)


@pytest.fixture(scope="module")
def benefit(park: Park) -> PerMuResult:
    found = per_mu.evaluate(park)
    assert not isinstance(found, NotEvaluated)
    return found


def test_averages_of_the_whole_park_for_admission(park: Park, benefit: PerMuResult) -> None:
    found = admission.evaluate(park, per_mu=benefit)
    assert not isinstance(found, NotEvaluated)
    checks = found.checks[found.checks["basis"].eq("park")]
    for indicator, total, printed in (
        ("investment_intensity", INVESTED, 345.4),
        ("revenue_per_mu", REVENUE, 700.9),
    ):
        rows = checks[checks["indicator"] == indicator]
        assert len(rows) > 1
        assert rows["required"].astype(float).to_numpy() == pytest.approx(total / USED, rel=1e-9)
        assert round(total / USED, 1) == printed
        assert set(rows["peers"]) == {RUNNING}


def test_who_is_evaluated(benefit: PerMuResult) -> None:
    found = benefit.park
    assert (found["firms"], found["evaluated_firms"]) == (FIRMS, FIRMS - EXEMPT)
    assert (found["exempt_firms"], found["unscored_firms"]) == (EXEMPT, 0)
    assert found["land_mu"] == pytest.approx(LAND)
    assert found["evaluated_land_mu"] == pytest.approx(LAND - EXEMPT_LAND)
    assert chapter.section(PerMuRecord.model_validate(benefit.to_record())).lead.startswith(
        "参评企业 86 家、用地 5,589 亩，另有不参评企业 6 家；园区全部企业用地 6,056 亩，"
    )


def test_boundaries_and_summary_count_the_same_firms(benefit: PerMuResult) -> None:
    summary = benefit.summary.set_index("class")["firms"]
    by_class = benefit.boundaries.groupby("class")["firms"].sum()
    assert by_class.to_dict() == {name: summary[name] for name in "ABCD"}
    assert by_class.sum() == FIRMS - EXEMPT
    # by score: all units that are not exempt, 88 − 5
    assert benefit.boundaries["ranked_units"].sum() == 83
    assert benefit.summary["units"].sum() == 88


def test_the_median_is_the_mean_of_the_two_in_the_middle(benefit: PerMuResult) -> None:
    # 86 scores; the 43rd and 44th from below are 81.3176 and 83.0625: (81.3176 + 83.0625) / 2
    scores = sorted(benefit.firms["score"].dropna())
    assert len(scores) == 86
    assert [round(score, 4) for score in scores[42:44]] == [81.3176, 83.0625]
    assert round(statistics.median(scores), 1) == 82.2
    page = str(chapter.section(PerMuRecord.model_validate(benefit.to_record())))
    assert "得分中位数 82.2 分" in page


def test_what_is_to_be_done_about_land_that_waits(park: Park) -> None:
    # 宗地台账: 13 批而未供; of 9 the approval is two years old on 2026-12-31, the next one lapses
    # on 2027-03-20. Ten are idle; three are past two years without a start by the firm's cause
    # (53号 第十四条 does not speak of stopped works), the first of the others on 2027-10-15.
    ledgers = stock.evaluate(park)
    assert not isinstance(ledgers, NotEvaluated)
    part = StockRecord.model_validate(ledgers.to_record())
    tasks = {task.text: task.by for task in front._idle(part)}
    assert tasks["核实 9 宗批文已满有效期的批而未供土地，失效的重新报批"] == "立即"
    assert tasks["供应 4 宗批而未供土地，避免批文失效"] == "2027-03-20"
    assert tasks["对 3 宗已满收回期限的闲置土地启动收回程序"] == "立即"
    assert tasks["处置 7 宗闲置土地，期限为最早可收回日期"] == "2027-10-15"
    assert not any("已过期" in by for by in tasks.values())


def test_months_are_counted_from_the_day_the_ledger_shows(park: Park) -> None:
    ledgers = stock.evaluate(park)
    assert not isinstance(ledgers, NotEvaluated)
    row = ledgers.idle.set_index("parcel_id").loc["YL-139"]
    # agreed start 2024-07-01: 29 whole months up to 2026-12-31, idle after twelve of them
    assert row["counted_from"] == pd.Timestamp(2024, 7, 1)
    assert (row["months"], row["idle_since"]) == (29, pd.Timestamp(2025, 7, 1))
