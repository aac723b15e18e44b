"""Statements of a feasibility study: they add up, and agree with the cash flow and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import state
from pydantic import ValidationError

from greenland.energy.money.config import FinanceConfig, LoanConfig, Repayment
from greenland.energy.money.expenses import even_amount
from greenland.energy.money.feasibility import ConstructionConfig, Funding, PeriodRate
from greenland.energy.money.finance import FinanceResult
from greenland.energy.money.loans import construction_interest, drawings, loan_plan, repayment
from greenland.energy.money.measures import irr
from greenland.energy.money.statement_rows import Drafting
from greenland.rules import Rulebook, load_rulebook

SHARES = {
    "civil": 0.15,
    "equipment": 0.60,
    "installation": 0.12,
    "other": 0.10,
    "contingency": 0.03,
}
WHOLE: dict[str, Any] = {
    "role": "generator",
    "contract_price": 0.36,
    "tax": {"location": "county"},
    "loan": {"share": 0.8, "rate": 0.04, "years": 12, "grace_years": 1},
    "investment": {"shares": SHARES},
    "construction": {"years": [0.4, 0.6]},
    "working_capital": {"yuan_per_kw": 30.0, "loan_share": 0.7, "loan_rate": 0.035},
    "costs": {
        "maintenance": {"pv": [{"years": 5, "yuan_per_kw": 10}, {"yuan_per_kw": 25}]},
        "materials": 3.0,
        "other": 8.0,
        "insurance": 0.0025,
        "staff": {"persons": 5, "pay": 100_000, "welfare": 0.4},
    },
}
KW = {"pv": 12_000.0}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook(("national",), 2026)


@pytest.fixture(scope="module")
def whole(book: Rulebook) -> FinanceResult:
    return state(book, WHOLE, kw=KW)


# By hand ---------------------------------------------------------------------------------------


def test_interest_during_construction_by_hand() -> None:
    # 9.6 M and 14.4 M at 4 %: 4.8 x 4 % = 0.192; (9.6 + 0.192 + 7.2) x 4 % = 0.679 68
    assert construction_interest([9.6, 14.4], 0.04).tolist() == pytest.approx([0.192, 0.67968])
    paid = construction_interest([9.6, 14.4], 0.04, capitalised=False)
    assert paid.tolist() == pytest.approx([0.192, 0.672])


def test_a_quarter_bears_a_quarter_of_the_interest() -> None:
    found = construction_interest([10.0, 10.0], 0.04, steps_per_year=4)
    assert found.tolist() == pytest.approx([0.05, (10.05 + 5) * 0.01])


def test_own_capital_first_draws_the_loan_late() -> None:
    assert drawings(100, 70, [0.2, 0.3, 0.5], Funding.EQUITY_FIRST).tolist() == [0, 20, 50]
    assert drawings(100, 70, [0.2, 0.3, 0.5], Funding.PROPORTIONAL).tolist() == [14, 21, 35]


def test_investment_by_class_by_hand(whole: FinanceResult) -> None:
    funding, study = whole.statements["funding"], whole.study
    assert [float(funding[kind].sum()) for kind in SHARES] == pytest.approx(
        [4.5e6, 18e6, 3.6e6, 3e6, 0.9e6]
    )
    # 8.1 M at 9 %, 18 M at 13 %, 3 M at 6 %; none in the 0.9 M of contingencies
    tax = 8.1e6 * 9 / 109 + 18e6 * 13 / 113 + 3e6 * 6 / 106
    assert study.deductible_investment_tax == pytest.approx(tax)
    assert study.construction_interest == pytest.approx(192_000 + 679_680)
    assert study.working_capital == pytest.approx(360_000)
    assert study.total_investment == pytest.approx(30e6 + 871_680 + 360_000)
    # own: a fifth of the investment and three tenths of the working capital
    assert study.own_capital == pytest.approx(6e6 + 108_000)


def test_costs_by_item_by_hand(whole: FinanceResult) -> None:
    costs, first = whole.statements["costs"], 2  # years -1, 0, 1
    assert costs["maintenance"][first + 4] == pytest.approx(120_000 / 1.06)
    assert costs["maintenance"][first + 5] == pytest.approx(300_000 / 1.06)
    assert costs["materials"][first] == pytest.approx(36_000 / 1.13)
    assert costs["insurance"][first] == pytest.approx(75_000 / 1.06)
    assert costs["staff"][first] == pytest.approx(700_000)
    assert costs["other_costs"][first] == pytest.approx(96_000 / 1.06)
    assert costs["operating"][:first].tolist() == [0.0, 0.0]
    # price without tax, with the interest of the construction: 95 % in twenty years
    tax = whole.study.deductible_investment_tax
    assert tax is not None
    basis = 30e6 - tax + 871_680
    assert costs["depreciation"][first] == pytest.approx(basis * 0.95 / 20)


def test_energy_bought_is_a_line_of_its_own_and_taxed_as_electricity(book: Rulebook) -> None:
    """0.8 M a year beside 0.2 M of others, against 1 M of others."""
    apart = state(book, WHOLE, kw=KW, other_yuan=2e5, purchase_yuan=8e5)
    together = state(book, WHOLE, kw=KW, other_yuan=1e6)
    costs, first = apart.statements["costs"], 2
    assert costs["bought"][first] == pytest.approx(8e5 / 1.13)
    assert costs["variable"][first] == pytest.approx(2e5 / 1.06)
    assert apart.cash_flow["bought"].iloc[-1] == pytest.approx(-8e5)
    assert "bought" not in together.statements["costs"]
    assert "bought" not in together.cash_flow
    dearer = together.statements["costs"]["operating"] - costs["operating"]
    assert dearer[first] == pytest.approx(8e5 / 1.06 - 8e5 / 1.13)
    assert apart.npv > together.npv  # more input tax
    for name in ("annual_cost", "load_saving"):
        assert getattr(apart, name) == pytest.approx(getattr(together, name))


@pytest.mark.parametrize("role", ["load", "generator"])
def test_energy_bought_without_taxes(book: Rulebook, role: str) -> None:
    config = {"role": role, **({"contract_price": 0.36} if role == "generator" else {})}
    apart = state(book, config, other_yuan=2e5, purchase_yuan=8e5)
    together = state(book, config, other_yuan=1e6)
    for found in (apart, together):
        assert found.statements["project"]["operating"][-1] > 1e6
    one, two = (found.statements["project"] for found in (apart, together))
    assert one["operating"] == pytest.approx(two["operating"])
    assert apart.npv == pytest.approx(together.npv)
    assert apart.load_saving == pytest.approx(together.load_saving)


def test_before_financing_no_interest_is_written_off(book: Rulebook, whole: FinanceResult) -> None:
    dear = state(book, WHOLE | {"loan": WHOLE["loan"] | {"rate": 0.09}}, kw=KW)
    assert dear.cash_flow["income_tax"].tolist() == whole.cash_flow["income_tax"].tolist()
    assert dear.irr == whole.irr
    assert dear.equity_irr is not None
    assert whole.equity_irr is not None
    assert dear.equity_irr < whole.equity_irr


def test_refund_is_a_share_of_the_tax_paid_while_it_lasts(
    book: Rulebook, whole: FinanceResult
) -> None:
    refund = {"share": 0.5, "document": "某文件", "years": 6}
    found = state(book, WHOLE | {"tax": {"location": "county", "refund": refund}}, kw=KW)
    paid = -found.cash_flow.loc[1:6, "vat"]
    assert paid.iloc[-1] > 0
    assert found.cash_flow.loc[1:6, "refund"].tolist() == pytest.approx((paid / 2).tolist())
    assert not found.cash_flow.loc[7:, "refund"].any()
    assert found.cash_flow["vat"].tolist() == whole.cash_flow["vat"].tolist()


def test_reserve_waits_until_losses_are_made_up(book: Rulebook) -> None:
    poor = WHOLE | {"contract_price": 0.13, "growth": {"contract_price": 0.03}}
    profit = state(book, poor, kw=KW).statements["profit"]
    total = np.cumsum(profit["net_profit"])
    assert total[2] < 0 < total[-2]
    assert not profit["reserve"][total <= 0].any()
    assert profit["reserve"][:-1].sum() == pytest.approx(0.1 * total[-2])


def test_payback_counts_from_the_start_of_construction(book: Rulebook) -> None:
    quarters = {"construction": {"quarters": [0.25, 0.25, 0.5]}}
    late, early = state(book, quarters), state(book)
    assert late.study.construction_years == pytest.approx(0.75)
    assert late.payback_years == pytest.approx(early.payback_years)
    assert early.payback_years is not None
    assert late.study.payback_construction_years == pytest.approx(early.payback_years + 0.75)
    assert early.study.payback_construction_years is None


def test_npv_may_be_taken_at_the_start_of_construction(whole: FinanceResult) -> None:
    flow = whole.cash_flow["net"].to_numpy()
    worth = float(flow @ 1.07 ** -np.arange(1.0, len(flow) + 1))
    assert whole.study.npv_construction_start == pytest.approx(worth)
    assert whole.npv == pytest.approx(worth * 1.07**2)


# Statements and cash flow are one --------------------------------------------------------------


def _agree(found: FinanceResult) -> None:
    flow, project = found.cash_flow, found.statements["project"]
    scale = found.capex * 1e-9
    for row in ("before_tax", "net", "cumulative"):
        assert project[row] == pytest.approx(flow[row].to_numpy(), abs=scale)
    if "equity_net" in flow:
        equity = found.statements["equity"]
        assert equity["net"] == pytest.approx(flow["equity_net"].to_numpy(), abs=scale)
        closing = found.statements["loan"]["closing"]
        assert closing[-1] == pytest.approx(0.0, abs=scale)
        assert closing.min() > -scale
    if "profit" in found.statements:
        tax = flow.get("income_tax_financed", flow["income_tax"]).to_numpy()
        profit = found.statements["profit"]
        assert profit["income_tax"] == pytest.approx(-tax, abs=scale)
        kept = profit["reserve"] + profit["distributable"]
        assert kept == pytest.approx(profit["profit"] + tax, abs=scale)
    funding = found.statements["funding"]
    assert funding["raised"] == pytest.approx(funding["total"], abs=scale)


def test_statements_agree_with_the_cash_flow(book: Rulebook, whole: FinanceResult) -> None:
    _agree(whole)
    _agree(state(book, WHOLE | {"role": "load", "contract_price": None}, kw=KW))
    _agree(state(book, {"tax": {"location": "city"}}))
    _agree(state(book, {"loan": {"share": 0.5, "rate": 0.05, "years": 8}}))


@pytest.mark.slow
@settings(max_examples=25)
@given(
    st.lists(st.floats(0.05, 1.0), min_size=1, max_size=6),
    st.sampled_from(["years", "quarters"]),
    st.sampled_from(["proportional", "equity_first"]),
    st.sampled_from(["loan", "equity"]),
    st.sampled_from(["equal_principal", "annuity"]),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 1),
    st.floats(0.05, 0.6),
)
def test_whatever_is_written_adds_up(
    parts: list[float],
    step: str,
    funding: str,
    interest: str,
    method: str,
    share: float,
    working: float,
    year: int,
    price: float,
) -> None:
    shares = [part / sum(parts) for part in parts]
    config = WHOLE | {
        "contract_price": price,
        "construction": {step: shares, "funding": funding, "interest": interest},
        "loan": {"share": share, "rate": 0.045, "years": 9, "method": method},
        "working_capital": {"yuan": 4e5, "year": year, "loan_share": working, "loan_rate": 0.03},
    }
    _agree(state(load_rulebook(("national",), 2026), config, kw=KW))


# Loans and returns -----------------------------------------------------------------------------

LOANS = st.builds(
    LoanConfig,
    share=st.just(1.0),
    rate=st.just(0.0) | st.floats(1e-4, 0.2),
    years=st.integers(1, 30),
    method=st.sampled_from(Repayment),
    grace_years=st.integers(0, 5),
)


@given(LOANS, st.floats(1.0, 1e9))
def test_a_loan_is_repaid_and_its_payments_are_worth_it(loan: LoanConfig, owed: float) -> None:
    principal, interest = repayment(loan, owed, 40)
    assert principal.sum() == pytest.approx(owed)
    worth = (principal + interest) @ (1 + loan.rate) ** -np.arange(41.0)
    assert worth == pytest.approx(owed)


@given(st.floats(1e-4, 0.2), st.integers(1, 30))
def test_interest_of_both_methods_in_closed_form(rate: float, years: int) -> None:
    def interest(method: Repayment) -> float:
        loan = LoanConfig(share=1.0, rate=rate, years=years, method=method)
        return float(repayment(loan, 1.0, years)[1].sum())

    # equal principal: (n + 1) / 2 years of interest; equal payments: n times the payment, less one
    assert interest(Repayment.EQUAL_PRINCIPAL) == pytest.approx(rate * (years + 1) / 2)
    payment = rate / (1 - (1 + rate) ** -years)
    assert interest(Repayment.ANNUITY) == pytest.approx(years * payment - 1)


@given(st.floats(0.01, 0.5), st.integers(2, 40))
def test_rate_of_equal_flows_gives_them_back(rate: float, years: int) -> None:
    yearly = rate / (1 - (1 + rate) ** -years)
    assert irr([-1.0] + [yearly] * years) == pytest.approx(rate, rel=1e-6)


def test_cover_of_the_debt_by_hand(whole: FinanceResult) -> None:
    profit, loan, cover = (whole.statements[key] for key in ("profit", "loan", "cover"))
    year = 4
    service = loan["principal"][year] + loan["interest"][year] + 360_000 * 0.7 * 0.035
    available = profit["ebitda"][year] - profit["income_tax"][year]
    assert cover["dscr"][year] == pytest.approx(available / service)
    assert np.isnan(cover["dscr"][0])
    assert whole.study.dscr_min == pytest.approx(np.nanmin(cover["dscr"]))


def test_returns_are_means_over_the_years_of_operation(whole: FinanceResult) -> None:
    profit, study = whole.statements["profit"], whole.study
    assert study.return_on_investment == pytest.approx(
        profit["ebit"].sum() / 20 / study.total_investment
    )
    assert study.return_on_equity == pytest.approx(
        profit["net_profit"].sum() / 20 / study.own_capital
    )


def test_loan_of_a_case_without_construction_is_as_before() -> None:
    plan = loan_plan(LoanConfig(share=0.7, rate=0.04, years=10), None, 100.0, 20)
    assert plan.drawn[0] == pytest.approx(70.0)
    assert not plan.construction_interest.any()


# Figures of cases without any of these items, as they were before the items existed.
BEFORE = [
    ({"tax": {"location": "county"}}, 43743045.199958414, 0.24820032199219716, None),
    (
        {
            "role": "generator",
            "contract_price": 0.3,
            "tax": {"location": "city"},
            "loan": {"share": 0.7, "rate": 0.04, "years": 10, "grace_years": 2},
        },
        25464661.539392646,
        0.1794900845282914,
        0.510746035631334,
    ),
    (
        {
            "degradation": "typical",
            "tax": {"location": "county"},
            "loan": {"share": 0.7, "rate": 0.033, "years": 15},
            "growth": {"grid_price": 0.01, "opex": 0.02},
        },
        48145305.95372923,
        0.2565345400506719,
        0.9505756621367534,
    ),
]


@pytest.mark.parametrize(("config", "worth", "rate", "equity"), BEFORE)
def test_a_case_without_these_items_gives_what_it_gave(
    book: Rulebook, config: dict[str, Any], worth: float, rate: float, equity: float | None
) -> None:
    found = state(book, config)
    assert found.npv == pytest.approx(worth, rel=1e-12)
    assert found.irr == pytest.approx(rate, rel=1e-9)
    assert found.equity_irr == (equity if equity is None else pytest.approx(equity, rel=1e-9))
    study = found.study
    assert (study.construction_interest, study.working_capital) == (0.0, 0.0)
    assert study.total_investment == pytest.approx(found.capex)


def test_a_loan_longer_than_the_project_is_said(book: Rulebook) -> None:
    loan = {"share": 0.5, "rate": 0.04, "years": 30, "method": "equal_principal"}
    found = state(book, {"loan": loan})
    assert any("500.00 万元没有还清" in note for note in found.notes)  # a third of 15 M yuan


@pytest.mark.parametrize("year", [2019, 2024, 2025, 2026])
def test_rates_are_known_in_every_year_of_the_law(year: int) -> None:
    made = state(load_rulebook(("national",), year), WHOLE, kw=KW)
    assert made.statements["profit"]["reserve"].sum() > 0


# The parts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"investment": {"shares": SHARES | {"civil": 0.2}}}, "之和应为 1"),
        ({"construction": {"years": [0.5, 0.6]}}, "之和应为 1"),
        ({"construction": {}}, "必须且只能给一个"),
        ({"costs": {"maintenance": {"pv": []}}}, "至少要有一段"),
        (
            {"costs": {"maintenance": {"pv": [{"yuan_per_kw": 1}, {"yuan_per_kw": 2}]}}},
            "只有最后一段",
        ),
        ({"working_capital": {"yuan": 1e6, "loan_share": 0.5}}, "loan_rate"),
        ({"tax": {"location": "city", "refund": {"share": 0.5}}}, "document"),
    ],
)
def test_what_cannot_be_is_refused(part: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        FinanceConfig.model_validate(part)


def test_quarters_end_with_the_year() -> None:
    made = ConstructionConfig(quarters=[0.1, 0.2, 0.3, 0.2, 0.2])
    assert made.yearly == pytest.approx([0.1, 0.9])


def test_even_amount_is_worth_what_the_periods_are() -> None:
    assert even_amount([10, 10, 20], 0.1) == pytest.approx(
        (10 / 1.1 + 10 / 1.21 + 20 / 1.331) / (1 / 1.1 + 1 / 1.21 + 1 / 1.331)
    )
    assert PeriodRate(yuan_per_kw=1).years is None


def test_rows_may_rest_on_rows_below_them() -> None:
    draft = Drafting((0, 1, 2))
    draft.begin("x")
    draft.sums("opening", "1", {}, carried="closing")
    draft.sums("closing", "2", {"opening": 1.0, "paid": -1.0, "lent": 1.0})
    draft.given("lent", "3", [10, 0, 0])
    draft.given("paid", "4", [0, 4, 6])
    draft.close()
    assert draft.statements["x"]["closing"].tolist() == [10, 6, 0]
