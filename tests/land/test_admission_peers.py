"""Whom projects are compared with: land of landlords and tenants counts once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made_parks import made_park, parcel

from greenland.land import admission
from greenland.land.admission.peers import land_users
from greenland.land.per_mu.firms import of_year
from greenland.land.per_mu.scheme import Tenants
from greenland.results import NotEvaluated


def firm(firm_id: str, land: float | None, revenue: float | None, **changes: Any) -> dict[str, Any]:
    return {
        "firm_id": firm_id,
        "firm_name": f"{firm_id}（虚构）",
        "year": 2026,
        "industry_code": "3824",
        "industry_edition": "2017",
        "land_mu": land,
        "revenue_wan": revenue,
        "fixed_investment_wan": revenue,
        "value_added_wan": 100.0,
        "energy_tce": 50.0,
        "emission_t": 1.0,
        "firm_state": "operating",
        **changes,
    }


PROJECT = {
    "project_id": "P1",
    "project_name": "项目（虚构）",
    "industry_code": "3824",
    "industry_edition": "2017",
    "requested_area_mu": 10.0,
    "revenue_wan": 9_000.0,
    "fixed_investment_wan": 9_000.0,
}


def compared(
    firms: list[dict[str, Any]], tenants: Tenants | None = None, **more: Any
) -> pd.DataFrame:
    park = made_park(2026, firms=firms, pipeline=[PROJECT], **more)
    benefit = None if tenants is None else SimpleNamespace(scheme=SimpleNamespace(tenants=tenants))
    found = admission.evaluate(park, per_mu=benefit)  # type: ignore[arg-type]
    assert not isinstance(found, NotEvaluated)
    return found.checks.drop_duplicates("indicator").set_index("indicator")


OTHERS = [firm("F1", 50.0, 5_000.0), firm("F2", 30.0, 3_000.0)]
LEDGER = [
    parcel(holder_id="L1", area_mu=60.0),
    parcel(parcel_id="G2", holder_id="L1", area_mu=40.0),
]


def test_land_that_is_let_counts_once() -> None:
    # L1 holds 100 亩 in the ledger and lets 40 of them: 60 + 40 + 50 + 30 = 180 亩,
    # 12 000 + 2 000 + 5 000 + 3 000 = 22 000 万元
    firms = [firm("L1", None, 12_000.0), firm("T1", 40.0, 2_000.0, landlord_id="L1"), *OTHERS]
    row = compared(firms, parcels=LEDGER).loc["revenue_per_mu"]
    assert row["required"] == pytest.approx(22_000 / 180)
    assert row["peers"] == 4


def test_each_firm_counts_in_its_own_industry_with_the_land_it_uses() -> None:
    # of the class 3824 are L1 on 60 亩, F1 and F2; T1 makes food on the 40 亩 it rents
    firms = [
        firm("L1", None, 12_000.0),
        firm("T1", 40.0, 2_000.0, landlord_id="L1", industry_code="1310"),
        *OTHERS,
    ]
    row = compared(firms, parcels=LEDGER).loc["revenue_per_mu"]
    assert (row["basis"], row["peers"]) == ("class", 3)
    assert row["required"] == pytest.approx(20_000 / 140)


@pytest.mark.parametrize(
    "land", [None, 100.5], ids=["what it rents is not stated", "more is let than there is"]
)
def test_land_not_told_apart_is_shared_by_landlord_and_tenant(land: float | None) -> None:
    # L1 and T1 together: 14 000 万元 on 100 亩, in the industry of L1
    firms = [
        firm("L1", None, 12_000.0),
        firm("T1", land, 2_000.0, landlord_id="L1", industry_code="1310"),
        *OTHERS,
    ]
    checks = compared(firms, parcels=LEDGER)
    assert checks.loc["revenue_per_mu", "required"] == pytest.approx(22_000 / 180)
    assert checks.loc["revenue_per_mu", "peers"] == 3
    # energy is nobody's land: three firms of the class, without the maker of food
    assert checks.loc["value_added_per_tce", "peers"] == 3


def test_a_landlord_that_lets_all_its_land_is_no_peer_and_its_tenant_is() -> None:
    firms = [firm("L1", None, 12_000.0), firm("T1", 100.0, 2_000.0, landlord_id="L1"), *OTHERS]
    row = compared(firms, parcels=LEDGER).loc["revenue_per_mu"]
    assert row["required"] == pytest.approx(10_000 / 180)
    assert row["peers"] == 3


def test_a_figure_a_tenant_lacks_leaves_the_joint_figure_unknown() -> None:
    firms = [
        firm("L1", None, 12_000.0),
        firm("T1", None, None, landlord_id="L1"),
        *OTHERS,
        firm("F3", 20.0, 2_000.0),
    ]
    row = compared(firms, parcels=LEDGER).loc["revenue_per_mu"]
    assert row["required"] == pytest.approx(10_000 / 100)
    assert row["peers"] == 3


def test_a_landlord_that_stopped_takes_no_running_tenant_with_it() -> None:
    firms = [
        firm("L1", None, 12_000.0, firm_state="stopped"),
        firm("T1", 40.0, 2_000.0, landlord_id="L1"),
        *OTHERS,
    ]
    row = compared(firms, parcels=LEDGER).loc["revenue_per_mu"]
    assert row["required"] == pytest.approx(10_000 / 120)


@pytest.mark.parametrize("tenants", [Tenants.OWN, Tenants.FOLLOW])
def test_where_tenants_are_evaluated_alone_land_is_as_it_was_counted_there(
    tenants: Tenants,
) -> None:
    # the ledger's 100 亩 less the 40 let, and the 40: the same land, counted by the scheme
    firms = [firm("L1", None, 12_000.0), firm("T1", 40.0, 2_000.0, landlord_id="L1"), *OTHERS]
    row = compared(firms, tenants, parcels=LEDGER).loc["revenue_per_mu"]
    assert row["required"] == pytest.approx(22_000 / 180)


def test_land_a_firm_leaves_blank_is_that_of_the_ledger() -> None:
    firms = [firm("L1", None, 12_000.0), *OTHERS]
    row = compared(firms, parcels=LEDGER).loc["revenue_per_mu"]
    assert row["required"] == pytest.approx(20_000 / 180)


@settings(max_examples=examples(8, 20))
@given(
    data=st.lists(
        st.tuples(
            st.none() | st.floats(0, 100), st.floats(0, 1_000), st.none() | st.integers(0, 5)
        ),
        min_size=6,
        max_size=6,
    )
)
def test_no_land_is_counted_twice_and_no_figure_lost(
    data: list[tuple[float | None, float, int | None]],
) -> None:
    """Land of all peers is that of the units; figures of all peers are those of all firms."""
    firms = [
        firm(f"F{number}", land, revenue, landlord_id=None if lord is None else f"F{lord}")
        for number, (land, revenue, lord) in enumerate(data)
    ]
    park = made_park(2026, firms=firms)
    year = of_year(park.tables["firms"], park.tables["parcels"], 2026, Tenants.COMBINED)
    peers = land_users(year.firms)
    units = year.units["land_mu"]
    assert peers["land_mu"].sum() == pytest.approx(units.sum(), abs=1e-9)
    assert peers["revenue_wan"].sum() == pytest.approx(sum(revenue for _land, revenue, _l in data))
