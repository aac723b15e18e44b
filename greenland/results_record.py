"""The record of what was evaluated: of a case alone, with the rules it refers to, and as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from greenland.i18n import language, record_texts
from greenland.results import plain_value

if TYPE_CHECKING:
    from greenland.energy.evaluate import EnergyResult
    from greenland.record.record import Record
    from greenland.rules import Rulebook


def write_record(path: Path | str, record: Record) -> Path:
    """Write a results record as ``results.json``; returns the path."""
    from greenland.files import write_text

    return write_text(Path(path), record.to_json())


def with_rules(record: Record, rulebook: Rulebook) -> Record:
    """The record with every rule its parts refer to, and every rule the park overrides."""
    from greenland.record.references import rule_ids
    from greenland.record.rules import RuleRecord

    known = rulebook.rules
    shown = {rule.id for rule in known.values() if rule.overridden} | rule_ids(record)
    rules = [known[rule_id].as_record() for rule_id in sorted(shown) if rule_id in known]
    return record.model_copy(
        update={"rules": tuple(RuleRecord.model_validate(plain_value(rule)) for rule in rules)}
    )


def assess_case(path: Path | str, *, engine: str | None = None) -> Record:
    """Size a case file that stands alone; returns the record its report is made of.

    Parameters
    ----------
    path : path
        As for ``greenland energy size``.
    engine : str, optional
        Another engine than the case names.

    Raises
    ------
    InputError
        With every fault of the file and its curves.
    """
    from greenland.energy.evaluate import evaluate_file

    return record_of_result(lambda: evaluate_file(Path(path), engine=engine))


def record_of_result(evaluated: Callable[[], EnergyResult]) -> Record:
    """The record of a case that stands alone, from what evaluates it.

    Parameters
    ----------
    evaluated : callable
        Gives the result; what it says in words is noted.
    """
    from greenland.record.alone import record_of_energy
    from greenland.record.record import Record

    with record_texts() as said:
        data = record_of_energy(evaluated().to_record())
    return Record.made(plain_value(data) | {"language": language()}, said)
