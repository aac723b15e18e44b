"""The record of what was evaluated: of a case alone, with the rules it refers to, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenland.i18n import language, record_texts
from greenland.results import plain_value

if TYPE_CHECKING:
    from greenland.energy.result import EnergyResult
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
    return assess_filing(path, (), engine=engine)


def assess_filing(
    path: Path | str, factors: Sequence[float], *, engine: str | None = None
) -> Record:
    """Size a case file, and compare sizes around the recommended one, for its filing.

    Parameters
    ----------
    path : path
        As for ``greenland energy size``.
    factors : sequence of float
        Multiples of the recommended sources, see
        `greenland.energy.size_comparison.compare_sizes`; none are compared where it is empty.
    engine : str, optional
        Another engine than the case names.

    Raises
    ------
    InputError
        With every fault of the file and its curves.
    """
    from greenland.energy.evaluate import evaluate_file

    def evaluated() -> Mapping[str, Any]:
        result = evaluate_file(Path(path), engine=engine)
        energy = result.to_record()
        if factors:
            from greenland.energy.size_comparison import compare_sizes

            compared = compare_sizes(result, factors)
            energy["size_comparison"] = [one.to_record() for one in compared]
        return energy

    return _record_of(evaluated)


def record_of_result(evaluated: Callable[[], EnergyResult]) -> Record:
    """The record of a case that stands alone, from what evaluates it.

    Parameters
    ----------
    evaluated : callable
        Gives the result; what it says in words is noted.
    """
    return _record_of(lambda: evaluated().to_record())


def _record_of(evaluated: Callable[[], Mapping[str, Any]]) -> Record:
    from greenland.record.alone import record_of_energy
    from greenland.record.record import Record

    with record_texts() as said:
        data = record_of_energy(evaluated())
    return Record.made(plain_value(data) | {"language": language()}, said)
