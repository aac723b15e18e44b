"""A published study: a photovoltaic plant of 100 MW at Qionghai, held against its own figures.

Origin: PyPV-Eval (MIT), ``main.py`` ``demo_qionghai_project`` and its README ("案例验证"),
at commit 0990ee5028f42d1268ee5d2943fac0d6c6e2aaa3: 100 MW, 40 000 万元 of which 20 % own, loan at
4.876 %, 1 500 h, 0.40 yuan/kWh with tax, 4 000 万元 of input tax, working capital 30 yuan/kW, O&M
10/18/28/32 yuan/kW by period, other costs 0.5 % of the investment a year, surtaxes 10 %, 5 % of
salvage, one year of construction and 25 of operation. Printed: interest during construction
780.18 万元, total investment 41 080.18 万元, rate of return before income tax 11.35 %.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from greenland.energy.money.assets import Asset, AssetKind
from greenland.energy.money.cash_flow import Project
from greenland.energy.money.config import FinanceConfig
from greenland.energy.money.finance import FinanceResult, statement
from greenland.energy.money.measures import irr
from greenland.energy.money.operation import OperatingYear, Operation
from greenland.energy.site import Grid
from greenland.energy.tariff import tariff_of_grid
from greenland.rules import load_rulebook

WAN = 1e4
CASE: dict[str, Any] = {
    "role": "generator",
    "contract_price": 0.40,
    "residual": "book",
    "construction": {"years": [1.0]},
    "loan": {"share": 0.8, "rate": 0.04876, "years": 15},
    "working_capital": {"yuan_per_kw": 30, "year": 0},
    # 4 000 万元 of tax in 40 000 万元: the part bought with tax, and one without
    "investment": {
        "shares": {"equipment": 0.1 * 1.13 / 0.13, "contingency": 1 - 0.1 * 1.13 / 0.13}
    },
    "costs": {
        "maintenance": {
            "pv": [
                {"years": 5, "yuan_per_kw": 10},
                {"years": 5, "yuan_per_kw": 18},
                {"years": 10, "yuan_per_kw": 28},
                {"yuan_per_kw": 32},
            ]
        },
        "insurance": 0.005,
    },
    "tax": {"location": "county", "surtax": 0.10, "vat_service": 0.0, "depreciation_years": 20},
}


def evaluated(config: dict[str, Any]) -> FinanceResult:
    index = pd.date_range("2026-01-01", periods=8760, freq="h", tz="Asia/Shanghai")
    schedule = pd.DataFrame({"load": 150_000 / 8760, "import": 0.0, "export": 0.0}, index=index)
    tariff = tariff_of_grid(Grid(import_price=0.5), index)
    project = Project(
        assets=(Asset("pv", AssetKind.SOURCE, 4e8, 0.0, 25.0),),
        operation=Operation(schedule, tariff, 100.0, {"pv": schedule["load"]}),
        baseline=OperatingYear(),
        other_yuan=0.0,
        discount_rate=0.07,
        years=25,
        kw={"pv": 1e5},
    )
    book = load_rulebook(("national",), 2026)
    return statement(project, FinanceConfig.model_validate(config), book)


@pytest.fixture(scope="module")
def found() -> FinanceResult:
    return evaluated(CASE)


def test_investment_and_income_are_the_published_ones(found: FinanceResult) -> None:
    assert found.capex == pytest.approx(40_000 * WAN)
    assert found.study.deductible_investment_tax == pytest.approx(4_000 * WAN)
    assert found.study.working_capital == pytest.approx(300 * WAN)
    with_tax = found.cash_flow["sales"].loc[1]
    assert with_tax == pytest.approx(6_000 * WAN)
    # half a year of interest on 32 000 万元, at the rate as it is printed
    assert found.study.construction_interest == pytest.approx(780.16 * WAN)


def test_printed_interest_needs_more_digits_of_the_rate() -> None:
    rate = 780.18 / 16_000
    assert round(rate, 5) == 0.04876
    exact = evaluated(CASE | {"loan": CASE["loan"] | {"rate": rate}}).study
    assert exact.construction_interest == pytest.approx(780.18 * WAN)
    assert exact.total_investment == pytest.approx(41_080.18 * WAN)


def test_input_tax_is_used_up_in_the_sixth_year(found: FinanceResult) -> None:
    # 6 000 x 13/113 = 690.27 a year: 4 000 last five years, and 141.59 is due in the sixth
    vat = -found.cash_flow["vat"] / WAN
    assert vat.loc[:5].tolist() == [0.0] * 6
    assert vat.loc[6] == pytest.approx(6 * 690.2654867 - 4_000)
    assert vat.loc[7] == pytest.approx(690.2654867)


def published_formula(found: FinanceResult) -> np.ndarray[Any, Any]:
    """Revenue without tax less costs and surtaxes, input tax never got back, salvage 5 %."""
    project = found.statements["project"]
    flow = project["revenue"] - project["operating"] - project["surtax"]
    flow = flow - project["construction"] - project["working_capital"]
    flow = flow + project["working_recovered"]
    flow[-1] += 0.05 * found.capex
    return np.asarray(flow)


def test_rate_of_return_by_the_published_formula(found: FinanceResult) -> None:
    # the published code gives 11.38 % with the published inputs; its README prints 11.35 %, the
    # figure of another program whose surtaxes, salvage and costs are not printed
    assert irr(published_formula(found)) == pytest.approx(0.1138, abs=5e-5)


def test_input_tax_got_back_lifts_the_rate(found: FinanceResult) -> None:
    # 项目投资现金流量表: output tax comes in, and less goes out while input tax is carried forward
    before = found.statements["project"]["before_tax"]
    gained = before - published_formula(found)
    # 4 000 万元 come back through the tax not paid; 5 % of them are lost in the salvage
    assert gained.sum() == pytest.approx((4_000 - 200) * WAN)
    assert found.irr_before_tax == pytest.approx(0.1239, abs=5e-5)
