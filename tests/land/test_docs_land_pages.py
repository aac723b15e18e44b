"""The code and the tables of the land pages are true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from made_parks import made_park

from greenland.land import per_mu
from greenland.land.per_mu import PerMuSettings
from greenland.land.per_mu.scheme import available_schemes
from greenland.land.review import ReviewSettings
from greenland.yamlfile import plain

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("standard-land.md", "land-per-mu.md", "land-review.md")


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text(page), flags=re.DOTALL)


@pytest.mark.parametrize("page", ["standard-land.md", "land-review.md"])
def test_code_of_the_pages_runs(page: str) -> None:
    code = blocks(page, "python")
    assert code
    for block in code:
        exec(compile(block, page, "exec"), {})


@pytest.mark.parametrize(
    ("page", "section", "model"),
    [("land-per-mu.md", "per_mu", PerMuSettings), ("land-review.md", "review", ReviewSettings)],
)
def test_settings_of_the_pages_are_valid(page: str, section: str, model: Any) -> None:
    from ruamel.yaml import YAML

    for block in blocks(page, "yaml"):
        model.model_validate(plain(YAML(typ="rt").load(block))["land"][section])


def test_every_scheme_is_on_the_page() -> None:
    page = text("land-per-mu.md")
    assert all(f"`{name}`" in page for name in available_schemes())


def firm_table() -> list[list[str]]:
    rows = re.findall(
        r"^\| ([甲乙丙丁戊己庚辛壬癸]) \|(.*)\|$", text("land-per-mu.md"), re.MULTILINE
    )
    return [[name, *(cell.strip() for cell in cells.split("|"))] for name, cells in rows]


def test_the_hand_check_of_a_boundary() -> None:
    rows = firm_table()
    assert len(rows) == 10
    firms = [
        {
            "firm_id": name,
            "firm_name": name,
            "year": 2025,
            "above_scale": False,
            "industry_code": "3021",
            "land_mu": float(land),
            "tax_wan": float(tax),
            "electricity_mwh": float(used),
        }
        for name, land, tax, used, *_rest in rows
    ]
    found = per_mu.evaluate(made_park(firms=firms, land={"per_mu": {"scheme": "hy-2021"}}))
    by_firm = found.firms.set_index("firm_id")  # type: ignore[union-attr]
    items = found.items.set_index(["firm_id", "indicator"])["score"]  # type: ignore[union-attr]
    for name, land, tax, used, per_land, per_power, first, second, score, rank, letter in rows:
        # by hand, from the published benchmarks and weights
        assert f"{float(tax) / float(land):.4f}" == per_land
        assert f"{float(tax) / float(used):.4f}" == per_power
        assert f"{float(tax) / float(land) / 16.601058 * 50:.4f}" == first
        assert f"{float(tax) / float(used) / 0.236565 * 50:.4f}" == second
        # and as the package has it
        assert f"{items[name, 'tax_per_mu']:.4f}" == first
        assert f"{items[name, 'tax_per_mwh']:.4f}" == second
        row = by_firm.loc[name]
        assert (f"{row['score']:.4f}", str(row["rank"]), row["class"]) == (score, rank, letter)
    edges = found.boundaries.set_index("class")  # type: ignore[union-attr]
    assert edges["firms"].tolist() == [3, 4, 3, 0]
    assert edges.loc["A", "ties"] == 2
    assert edges.loc["B", "ties"] == 0
    assert "没有名额" in edges.loc["D", "reason"]
