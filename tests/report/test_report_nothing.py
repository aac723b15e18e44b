"""What is not known, or is none, is not told as if it were something."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from each import for_each
from filled_parts import part

from greenland.record.energy.energy import EnergyRecord
from greenland.record.land.admission import AdmissionRecord
from greenland.record.land.exit import ExitRecord
from greenland.record.land.policy import PolicyRecord
from greenland.record.land.reallocation import ReallocationRecord
from greenland.record.land.review import ReviewRecord
from greenland.record.land.standard_land import StandardLandRecord
from greenland.record.land.stock import StockRecord
from greenland.record.record import LandRecord, Record
from greenland.report import closing, front
from greenland.report.blocks import Facts, Judgement, Rules, Section
from greenland.report.context import build
from greenland.report.length import at_length
from greenland.report.naming import Naming
from greenland.report.sections import admission, policy, review, standard_land, stock
from greenland.report.sections import exit as leaving
from greenland.report.sections.energy import limits
from greenland.report.sections.energy.money import bill_lines
from greenland.report.todo import todo_table
from greenland.report.word import report
from greenland.report.word.judgements import judgement

LEFT = {"evaluated": False, "reason": "未要求"}


def test_nothing_is_judged_by_a_value_that_is_not_there() -> None:
    cases = [
        *(("met", "—", "no_data"), ("failed", "", "no_data"), ("overdue", "—", "overdue")),
        *(("met", "3 家", "met"), ("not_due", "", "not_due")),
    ]

    def check(case: tuple[str, str, str]) -> None:
        state, value, shown = case
        assert Judgement("亩均产值", state, value).state == shown

    for_each(cases, check, str)


def test_a_requirement_in_a_sentence() -> None:
    """With its value, without one, and why it is not judged."""
    none = Rules((), {})
    made = {
        "绿地率为 25.0%，要求 ≤ 20.0%，不达标。": Judgement("绿地率", "failed", "25.0%", "≤ 20.0%"),
        "绿地率：要求 ≤ 20.0%，缺数据。": Judgement("绿地率", "met", "—", "≤ 20.0%"),
        "处置率：17.0%，不适用（没有要求）。": Judgement(
            "处置率", "not_applicable", "17.0%", "—", reason="没有要求。"
        ),
    }
    for_each(made.items(), lambda item: _same(judgement(none, item[1]), item[0]), str)


def test_facts_without_a_value_are_not_listed() -> None:
    assert Facts((("级别", "省级"), ("依据文件", "—"), ("备注", ""))).items == (("级别", "省级"),)


def test_none_is_said_in_words() -> None:
    leads = {
        "没有纳入考核的“标准地”宗地。": standard_land.section(part(StandardLandRecord)),
        "没有建议退出的宗地。": leaving.section(part(ExitRecord), None, None),
        "没有储备项目。": admission.section(part(AdmissionRecord)),
        "没有可对照的目标，没有触发政策措施。": policy.section(part(PolicyRecord)),
        "截至 2026年12月31日，闲置 2 宗，低效 0 宗。": stock.section(
            part(
                StockRecord,
                totals=[
                    {"ledger": "idle", "parcels": 2, "area_mu": None},
                    {"ledger": "inefficient", "parcels": 0, "area_mu": 0.0},
                ],
            )
        ),
        "综合分值未计算（缺数据）。": review.section(part(ReviewRecord, zone_type="")),
    }
    for_each(leads.items(), lambda item: _same(item[1].lead, item[0]), lambda item: item[0])


def _same(found: str, expected: str) -> None:
    assert found == expected, found


def test_a_park_of_which_little_is_known_has_no_dashes_for_values() -> None:
    bare = part(Record, land=dict.fromkeys(LandRecord.model_fields, LEFT), energy=LEFT)
    bare = bare.model_copy(update={"park": bare.park.model_copy(update={"as_of": None})})
    placed = leaving.section(None, part(ReallocationRecord), None)
    for section in (closing.profile(bare), placed):
        facts = [block for block in section.blocks if isinstance(block, Facts)]
        assert [text for one in facts for _title, text in one.items if text == "—"] == []
    assert report.cover_of(build(bare))["day"] == ""


def test_key_figures_without_a_value_are_told_only_with_a_note() -> None:
    def titles(**total: Any) -> list[str]:
        stock = part(StockRecord, totals=[{"ledger": "idle", "area_mu": None, **total}]).to_dict()
        land = dict.fromkeys(LandRecord.model_fields, LEFT) | {"stock": stock}
        return [one.title for one in front.key_figures(part(Record, land=land, energy=LEFT))]

    assert titles(missing=0) == []
    assert titles(missing=3) == ["批而未供与闲置土地"]


def test_a_brief_report_has_no_chapter_without_words() -> None:
    made = build(part(Record, land=dict.fromkeys(LandRecord.model_fields, LEFT), energy=LEFT))
    chapters = (Section("a", "电费与财务", "", ()), Section("b", "碳排放", "减少一半。", ()))
    brief = at_length(replace(made, sections=chapters), "brief")
    assert [section.title for section in brief.sections] == ["碳排放"]


def energy(**given: Any) -> EnergyRecord:
    return part(EnergyRecord, **given)


def test_states_of_all_requirements_are_counted() -> None:
    def said(*states: str) -> str:
        rows = [{"state": state, "value": 1.0, "limit": "export_share"} for state in states]
        return limits.compliance_words(energy(compliance=rows))

    assert said("met", "met", "not_applicable") == "2 项合规要求全部满足"
    assert said("met", "no_data", "failed", "no_data") == ("4 项合规要求中 1 项不达标、2 项缺数据")
    assert said("not_applicable") == "未作合规核对"


def test_conditions_that_do_not_apply_are_not_to_be_done() -> None:
    """The first page, the list of things to do and the chapter count the same ones."""
    rows = [
        {"item": f"c{n}", "answer": answer, "applies": applies}
        for n, (answer, applies) in enumerate([("no", True), ("unknown", False), ("yes", True)])
    ]
    record = part(Record, energy={**energy(checklist=rows).to_dict(), "evaluated": True})
    (task,) = front.tasks(record)
    assert task.text == "落实绿电直连申报清单中 1 项未具备或待确认事项"
    listed = todo_table(build(record))
    assert listed is not None
    assert [row["matter"] for row in listed.rows if row["group"] == "绿电直连申报"] == ["c0"]


def test_one_bill_alone_has_no_difference() -> None:
    items = [{"item": "energy", "yuan": 5.0}]
    bill = {"items": items, "total_yuan": 5.0, "years": 1.0}

    def differences(**bills: Any) -> list[Any]:
        made = energy(bill={"plan": None, **bills})
        return [row["difference_yuan"] for row in bill_lines(made, Naming(made))]

    assert differences(grid_only=bill) == [None, None]
    assert differences(grid_only=bill, plan=bill) == [0.0, 0.0]


def test_evaluations_left_out_for_one_reason_stand_together() -> None:
    other = {"evaluated": False, "reason": "没有企业效益表"}
    names = list(LandRecord.model_fields)
    land = {name: other if name == "per_mu" else LEFT for name in names}
    found = front.not_evaluated(part(Record, land=land, energy=LEFT))
    assert sorted(reason for _names, reason in found) == ["未要求", "没有企业效益表"]
    assert {reason: names for names, reason in found}["没有企业效益表"] == "亩均效益"
