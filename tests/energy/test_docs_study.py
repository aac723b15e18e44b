"""Every study the documentation shows is run, on the example cut to three days."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from greenland.cli import cli
from greenland.energy.studies.config import StudyKind
from greenland.report.studies.files import render_study
from greenland.report.studies.words import study_lead

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "energy-study.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, flags=re.M | re.S)
FEWER = {"draws: 200": "draws: 4", "points: 20": "points: 5", "tolerance: 0.001": "tolerance: 0.1"}
SAYS = {
    "grid": "最低",
    "sensitivity": "影响最大的是",
    "pareto": "拐点在",
    "scenarios": "年费用最低的是",
    "monte_carlo": "中位数",
    "robust": "各年都满足限制的规模",
    "near_optimal": "年费用至多增加 1.0%",
    "break_even": "储能造价",
}


def kind_of(text: str) -> str:
    return next(kind for kind in StudyKind if f"\n{kind}:" in text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("docs")
    shutil.copy(ROOT / "examples" / "case.yaml", made)
    (made / "yunnan_park").mkdir()
    for name in ("load", "pv", "wind"):
        lines = (ROOT / "examples" / "yunnan_park" / f"{name}.csv").read_text("utf-8").splitlines()
        text = "\n".join(lines[: 1 + 72]) + "\n"
        (made / "yunnan_park" / f"{name}.csv").write_text(text, encoding="utf-8")
    return made


def test_every_kind_is_shown() -> None:
    assert sorted(map(kind_of, BLOCKS)) == sorted(StudyKind)


@pytest.mark.slow
@pytest.mark.parametrize("text", BLOCKS, ids=map(kind_of, BLOCKS))
def test_a_study_of_the_docs_runs(folder: Path, text: str) -> None:
    for many, few in FEWER.items():
        text = text.replace(many, few)
    kind = kind_of(text)
    study = folder / f"{kind}.yaml"
    study.write_text(text, encoding="utf-8")
    ran = CliRunner().invoke(cli, ["energy", "study", str(study), "--force", "--workers", "1"])
    assert ran.exit_code == 0, ran.output
    assert SAYS[kind] in ran.stdout
    record = json.loads((folder / f"{kind}-out" / "study.json").read_text("utf-8"))
    assert record["kind"] == kind
    page = (folder / f"{kind}-out" / "study.html").read_text("utf-8")
    assert study_lead(record)[:20] in page
    english = render_study(record, language="en")
    body = re.sub(r"<(script|style).*?</\1>", "", english, flags=re.S)
    left = {*re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<[^>]+>", " ", body))}
    own = {*re.findall(r"[\u4e00-\u9fff]+", json.dumps(record, ensure_ascii=False))}
    assert left <= own | {"中文"}, left - own
