"""The types of the record: files of this and older layouts, messages, rules, schema and page."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from each import for_each
from pydantic import BaseModel, ValidationError

from greenland.energy.problem.solution import Status
from greenland.errors import InputError
from greenland.evaluations import LAND
from greenland.i18n import _, record_texts, use_language
from greenland.land.admission.result import AdmissionVerdict
from greenland.land.exit.result import Decision, Route
from greenland.land.policy.result import MeasureKind
from greenland.land.stock.result import Ledger
from greenland.record.base import RecordModel, RuleId, Said, cell
from greenland.record.energy.plan import StatusName
from greenland.record.land.admission import VerdictName
from greenland.record.land.exit import DecisionName, RouteName
from greenland.record.land.policy import MeasureKindName
from greenland.record.land.stock import LedgerName
from greenland.record.message import Message
from greenland.record.page import layout_list
from greenland.record.reading import as_record, read_record
from greenland.record.record import FORMAT, LandRecord, Record
from greenland.record.references import rule_ids
from greenland.record.schema import PATH, schema, schema_text
from greenland.report import render_html

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "results.md"
MARK = "<!-- names -->\n"


@pytest.fixture(scope="module")
def old() -> dict[str, Any]:
    """A record that version 0.1.0 wrote in format 1, of an invented park of a few parcels."""
    with gzip.open(HERE / "format1.json.gz", "rt", encoding="utf-8") as stream:
        return dict(json.load(stream))


@pytest.fixture(scope="module")
def record(old: dict[str, Any]) -> Record:
    return as_record(old)


def values(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with the way to it; of a message its words."""
    if isinstance(node, dict) and set(node) == {"text", "id", "args"}:
        yield path, node["text"]
    elif isinstance(node, dict):
        for key, item in node.items():
            yield from values(item, f"{path}.{key}")
    elif isinstance(node, list):
        for place, item in enumerate(node):
            yield from values(item, f"{path}[{place}]")
    else:
        yield path, node


def test_a_record_of_format_1_keeps_every_value(old: dict[str, Any], record: Record) -> None:
    before, after = dict(values(old)), dict(values(record.to_dict()))
    kept = {path for path in before if not path.startswith((".texts", ".format"))}
    assert {path: before[path] for path in kept if before[path] != after.get(path)} == {}
    later = tuple(f".land.{item.name}" for item in LAND if item.name not in old["land"])
    added = set(after) - kept - {".format", ".scope"}
    assert {after[path] for path in added if not path.startswith(later)} <= {None}


def test_a_record_of_format_1_still_renders(old: dict[str, Any]) -> None:
    page = render_html(old)
    for chapter in ("standard-land", "per-mu", "review", "stock", "exit", "admission", "policy"):
        assert f'<section id="{chapter}"' in page, chapter
    for chapter in ("energy-plan", "energy-dispatch", "energy-money", "energy-carbon"):
        assert f'<section id="{chapter}"' in page, chapter


def test_messages_of_format_1_are_found_again(record: Record) -> None:
    reasons = [row.reason for row in record.land.standard_land.checks if row.reason]
    assert all(isinstance(reason, Message) for reason in reasons)
    with use_language("en"):
        assert not any("竣工" in str(reason) for reason in reasons)


def test_only_what_may_hold_a_message_is_taken_for_one(old: dict[str, Any]) -> None:
    """In format 1 a firm called like a message was translated."""
    said = "缺少综合能源消费量"
    spoiled = json.loads(json.dumps(old))
    assert said in spoiled["texts"]
    spoiled["land"]["per_mu"]["firms"][0]["firm_name"] = said
    with use_language("en"):
        firm = as_record(spoiled).land.per_mu.firms[0].cells()
    assert firm["firm_name"] == said


def test_what_is_written_is_what_is_read(record: Record) -> None:
    text = record.to_json()
    again = as_record(json.loads(text))
    assert again == record
    assert again.to_json() == text


def test_the_schema_holds_of_a_record(record: Record) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    data = record.to_dict()
    assert list(validator.iter_errors(data)) == []
    data["land"]["per_mu"]["firms"][0]["score"] = "high"
    assert list(validator.iter_errors(data)) != []


def test_the_schema_file_is_that_of_the_types() -> None:
    if os.environ.get("GREENLAND_WRITE_DOCS"):
        PATH.write_text(schema_text(), encoding="utf-8")
    assert PATH.read_text(encoding="utf-8") == schema_text(), "run with GREENLAND_WRITE_DOCS=1"


def test_the_page_is_that_of_the_types() -> None:
    before, _mark, _after = PAGE.read_text(encoding="utf-8").partition(MARK)
    page = before + MARK + "\n" + layout_list()
    if os.environ.get("GREENLAND_WRITE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "run with GREENLAND_WRITE_DOCS=1"


def models(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """A model and all inside it."""
    if model not in seen:
        seen.add(model)
        for info in model.model_fields.values():
            for part in inside(info.annotation):
                models(part, seen)
    return seen


def inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for item in get_args(annotation):
        yield from inside(item)


def test_every_field_is_described() -> None:
    for_each(models(Record, set()), is_described, lambda model: model.__name__)


def is_described(model: type[BaseModel]) -> None:
    blank = [name for name, info in model.model_fields.items() if not info.description]
    assert blank == []


@pytest.mark.parametrize(
    ("names", "choice"),
    [
        (DecisionName, Decision),
        (RouteName, Route),
        (VerdictName, AdmissionVerdict),
        (MeasureKindName, MeasureKind),
        (LedgerName, Ledger),
        (StatusName, Status),
    ],
    ids=["decision", "route", "verdict", "measure", "ledger", "status"],
)
def test_choices_are_those_of_the_evaluations(names: Any, choice: type[StrEnum]) -> None:
    assert set(get_args(names)) == {str(item) for item in choice}


def test_every_evaluation_has_its_part() -> None:
    assert list(LandRecord.model_fields) == [item.name for item in LAND]
    required = {name for name, info in LandRecord.model_fields.items() if info.is_required()}
    assert required == {item.name for item in LAND if not item.supplement}


def test_a_name_no_model_has_is_refused(record: Record) -> None:
    data = record.to_dict()
    data["land"]["stock"]["idle_land"] = []
    with pytest.raises(InputError, match=r"land\.stock.*idle_land"):
        as_record(data)


@pytest.mark.parametrize("number", [0, FORMAT + 1, None, "1"])
def test_a_layout_of_another_version_is_refused(record: Record, number: Any) -> None:
    with pytest.raises(InputError, match="版式与本程序不同"):
        as_record({**record.to_dict(), "format": number})


def test_what_is_no_record_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(InputError, match="这不是评价结果文件"):
        read_record(tmp_path / "a.json")
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="不是有效的 JSON"):
        read_record(tmp_path / "a.json")


def test_nothing_changes_a_record(record: Record) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        record.year = 2030  # type: ignore[misc]


class Remark(RecordModel):
    """For the tests of messages."""

    name: str | None = cell("名称")
    said: Said | None = cell("说明")


def test_a_message_is_kept_with_id_and_arguments() -> None:
    kept = Remark(said=_("缺少{what}", what=_("绿地面积")))
    assert kept.to_dict()["said"] == {
        "text": "缺少绿地面积",
        "id": "缺少{what}",
        "args": {"what": {"text": "绿地面积", "id": "绿地面积", "args": {}}},
    }
    with use_language("en"):
        assert kept.cells()["said"] == str(_("缺少{what}", what=_("绿地面积")))
        assert "green" in kept.cells()["said"]


def test_a_name_among_the_arguments_is_no_message() -> None:
    with record_texts() as texts:
        said = _("除外项目 {n} 个：{names}", n=1, names=str(_("绿地面积")))
    kept = Remark.model_validate({"said": str(said), "name": "绿地面积"}, context={"texts": texts})
    assert isinstance(kept.said, Message)
    assert kept.said.args == {"n": 1, "names": "绿地面积"}
    assert kept.name == "绿地面积"


def test_words_of_the_park_stay_words() -> None:
    assert Remark(said="由管委会核定").to_dict()["said"] == "由管委会核定"


def test_a_message_not_known_any_more_stands_as_it_was_said() -> None:
    message = Message(text="第 3 行", id="第 {line} 行", args={"row": 3})
    assert str(message) == "第 3 行"


class Judged(RecordModel):
    """For the tests of references."""

    rule_id: RuleId | None = cell("条款")
    others: tuple[RuleId, ...] = ()
    inner: tuple[Judged, ...] = ()
    note: str | None = cell("备注")


def test_rules_are_gathered_from_the_fields_that_refer_to_them() -> None:
    inner = Judged(rule_id="a.b", others=("a.c",), note="a.note")
    assert rule_ids(Judged(inner=(inner, Judged()), rule_id="a.d")) == {"a.b", "a.c", "a.d"}


def test_every_rule_a_record_refers_to_is_in_it(record: Record) -> None:
    assert rule_ids(record) <= {rule.id for rule in record.rules}


@pytest.mark.slow
def test_help_loads_no_model() -> None:
    code = (
        "import sys\n"
        "from greenland.cli import main\n"
        "sys.argv = ['greenland', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([m for m in sys.modules if m.startswith('greenland.record')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
