"""What a province's report says of its parks, as the tables hold it."""

from __future__ import annotations

from typing import Any

from made_members import compared, member

from greenland.report.province import charts, page, parks, sums

TARGET = {
    "indicator": "disposal_rate_idle",
    "value": 0.2,
    "required": 0.3,
    "unit": "share",
    "direction": "<",
}


def record(*members: Any) -> dict[str, Any]:
    return compared(members).to_record()


def test_a_rule_of_a_park_itself_is_not_shown_by_its_id() -> None:
    own = {**TARGET, "state": "failed", "rule_id": "land.stock.disposal.idle"}
    made = record(member("A", more={"targets": (own,)}))
    known = {rule["id"] for rule in made["rules"]}
    assert own["rule_id"] not in known
    for found in (parks._targets(made), parks._missed(made)):
        assert [row["rule_id"] for row in found.rows] == ["园区自定"]
    assert parks._missed(made).rows[0]["required"] == "< 30.0%"


def test_none_falling_is_said_in_words() -> None:
    growing = [member(park, above_scale_output_wan=9.0, output_growth=0.1) for park in "ABC"]
    chart = charts.growth(record(*growing))
    assert chart is not None
    assert chart.title == "产值最大的 3 个园区都没有下降"


def test_tables_of_all_parks_say_what_of_and_output_is_in_the_unit_of_the_first_page() -> None:
    made = sums.growth_section(record(member("A", above_scale_output_wan=234_500.0)))
    assert made is not None
    assert made.lead.startswith("规上工业总产值合计 23.45 亿元，")
    assert made.tables[0].title == "各园区的规上工业总产值、规上工业总产值增长率"


def test_the_rest_of_the_goals_is_named_where_there_is_one() -> None:
    def lead(*states: str) -> str:
        made = record(member("A"))
        return page._lead({**made, "goals": [{"state": state} for state in states]})

    assert lead("met", "failed").endswith("未达到 1 项。")
    assert lead("met", "no_data").endswith("未达到 0 项，其余未到期或数据不足。")


def test_parks_that_are_not_counted_are_told_where_a_figure_lacks() -> None:
    members = [member("A", above_scale_output_wan=9.0), member("B", value_added_wan=1.0)]
    made = compared(members, parks=4).to_record()
    rows = {row["title"]: row["missing"] for row in sums.totals_section(made).tables[0].rows}
    assert rows["规上工业总产值"] == "B园区（虚构）；未计入的 2 个"
