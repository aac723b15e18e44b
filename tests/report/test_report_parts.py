"""What the record says of parts of a case is said by their names in the report, with units."""

from __future__ import annotations

from typing import Any

import pytest
from filled_parts import part

from greenland.record.energy.energy import EnergyRecord
from greenland.report.blocks import Section
from greenland.report.sections.energy import limits, plan, sections

BOUND = "{name}达到上限 {most}，由上限决定。"
WEIGHED = "{name}为 {size}，由费用权衡决定：再多建，增加的费用大于节省。"
WORTH = "{name}每{change} {step}，年费用减少 {value:,.0f} 元。"


def message(words: str, **args: Any) -> dict[str, Any]:
    return {"text": words, "id": words, "args": args}


@pytest.fixture(scope="module")
def energy() -> EnergyRecord:
    """Wind of 61 GW in whole units, of 60.8 GW before; its bound has a price."""
    raised = message(WORTH, name="wind的装机上限", change="增加", step="1 MW", value=5.0)
    bound = {"limit": "max_mw:wind", "limit_kind": "max_mw", "limit_owner": "wind"}
    return part(
        EnergyRecord,
        case={"sources": [{"name": "wind", "technology": "wind"}]},
        plan={
            "status": "optimal",
            "capacities": {"wind": 61000.0},
            "capacity_kinds": [
                {"capacity": "wind", "kind": "source", "owner": "wind", "unit": "MW"}
            ],
            "binding": [
                {"capacity": "wind", "text": message(WEIGHED, name="wind", size="60,800 MW")},
                {"capacity": "wind", "text": message(BOUND, name="wind", most="61,000 MW")},
            ],
            "shadow_prices": [{**bound, "value": 5.0, "text": raised}],
            "energy": {"load": 7.0, "consumption": 7.0, "export": 2.0},
        },
        compliance=[
            {"limit": "self_use_of_generation", "reading": reading, "value": 0.6, "state": "met"}
            for reading in "ab"
        ],
    )


def rows(section: Section | None, table: str) -> list[Any]:
    assert section is not None
    return [row for one in section.tables if one.id == table for row in one.rows]


def test_parts_are_called_by_their_names_with_units(energy: EnergyRecord) -> None:
    binding = rows(plan.section(energy, None), "table-energy-binding")
    assert [row["text"] for row in binding] == [
        "风电为 61,000 MW，由费用权衡决定：再多建，增加的费用大于节省。",
        "风电达到上限 61,000 MW，由上限决定。",
    ]
    (worth,) = rows(limits.shadow_prices(energy), "table-energy-shadow")
    assert worth["text"] == "风电的装机上限每增加 1 MW，年费用减少 5 元。"


def test_one_quantity_has_one_row(energy: EnergyRecord) -> None:
    totals = rows(plan.section(energy, None), "table-energy-totals")
    assert [row["total"] for row in totals] == ["export", "consumption"]


def test_each_reading_of_a_share_is_called_by_its_own_name(energy: EnergyRecord) -> None:
    checks = rows(limits.compliance(energy), "table-energy-compliance")
    assert [row["named_item"] for row in checks] == [
        "自发自用占可用发电量比例（口径一）",
        "自发自用占可用发电量比例（口径二，扣储能损耗）",
    ]


def test_a_plan_that_cannot_be_has_its_chapter() -> None:
    told = sections(part(EnergyRecord, plan={"status": "infeasible"}), None)
    assert [section.lead for section in told] == ["求解状态：无可行解，没有可用的规模方案。"]
