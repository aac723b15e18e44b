"""A park in, an assessment out: every evaluation the park has data for.

An evaluation that errors of the input touch, or that lacks data or a rule, is not made; it says
why, and the others go on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import greenland
from greenland.errors import InputError, Problem, RuleNotFoundError, Severity
from greenland.evaluations import ASKED, EVALUATIONS, LAND, Evaluation
from greenland.i18n import _, language, record_texts
from greenland.park import Park, read_park
from greenland.park.row_errors import note_of, sorted_out, without_wrong_cells
from greenland.results import NotEvaluated, if_evaluated, plain_value
from greenland.summary import Summarised, Summary, headline, problem_counts

if TYPE_CHECKING:
    from greenland.energy.evaluate import EnergyResult
    from greenland.land.admission import AdmissionResult
    from greenland.land.exit import ExitResult
    from greenland.land.geometry import GeometryResult
    from greenland.land.per_mu import PerMuResult
    from greenland.land.policy import PolicyResult
    from greenland.land.reallocate import ReallocationResult
    from greenland.land.review import ReviewResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.land.stock import StockResult

RECORD_FORMAT = 1  # version of the layout of results.json


class Progress(Protocol):
    """Told which part begins; for a progress display."""

    def __call__(self, part: str, /) -> AbstractContextManager[Any]:
        """Return a context that lasts as long as the part."""
        ...


class _Result(Protocol):
    def to_record(self) -> dict[str, Any]: ...


@dataclass(frozen=True, repr=False)
class LandResults(Summarised):
    """The evaluations of the land programme; each is a result or a `NotEvaluated`."""

    standard_land: StandardLandResult | NotEvaluated
    per_mu: PerMuResult | NotEvaluated
    review: ReviewResult | NotEvaluated
    stock: StockResult | NotEvaluated
    exit: ExitResult | NotEvaluated
    admission: AdmissionResult | NotEvaluated
    reallocation: ReallocationResult | NotEvaluated
    policy: PolicyResult | NotEvaluated
    geometry: GeometryResult | NotEvaluated | None = None  # only where the park has parcel outlines

    def _summary(self) -> Summary:
        return Summary(_("土地评价"), tuple(_headlines(self)))

    def items(self) -> Iterator[tuple[str, _Result]]:
        """Name and result of each evaluation, in the order of the report."""
        for item in LAND:
            result = getattr(self, item.name)
            if result is not None:
                yield item.name, result


def _headlines(land: LandResults) -> Iterator[tuple[str, str]]:
    """Title of each evaluation of the land programme with what it came to, in a line."""
    for item in LAND:
        result = getattr(land, item.name)
        if result is not None:
            yield _(item.title), headline(result)


@dataclass(frozen=True, repr=False)
class Assessment(Summarised):
    """Everything evaluated for one park in one year.

    Parameters
    ----------
    park : Park
        The input as it was read.
    land : LandResults
    energy : EnergyResult or NotEvaluated
    problems : tuple of Problem
        Those of the input and those the evaluations found.
    """

    park: Park
    land: LandResults
    energy: EnergyResult | NotEvaluated
    problems: tuple[Problem, ...]
    texts: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict, repr=False)

    def _summary(self) -> Summary:
        energy = EVALUATIONS["energy"]
        lines = [
            *_headlines(self.land),
            (_(energy.title), headline(self.energy)),
            (_("问题"), problem_counts(self.problems)),
        ]
        title = _("{name}，{year} 年度", name=self.park.config.name, year=self.park.year)
        return Summary(title, tuple(lines))

    @property
    def has_errors(self) -> bool:
        """Whether the data has errors, so that some evaluation may be missing."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def not_evaluated(self) -> dict[str, NotEvaluated]:
        """The evaluations that were not made, by key."""
        found: dict[str, NotEvaluated] = {}
        for name, result in self.land.items():
            if isinstance(result, NotEvaluated):
                found[f"land.{name}"] = result
        if isinstance(self.energy, NotEvaluated):
            found["energy"] = self.energy
        return found

    def to_record(self) -> dict[str, Any]:
        """The whole assessment as JSON-ready names and values, see ``docs/results.md``."""
        rulebook = self.park.rulebook
        with record_texts() as said:  # titles are put into words only here
            record: dict[str, Any] = {
                "format": RECORD_FORMAT,
                "greenland": greenland.__version__,
                "language": language(),
                "year": self.park.year,
                "park": self.park.to_record(),
                "land": {name: result.to_record() for name, result in self.land.items()},
                "energy": self.energy.to_record(),
                "problems": [problem.as_record() for problem in self.problems],
                "rules": [
                    rulebook.rules[rule_id].as_record()
                    for rule_id in sorted(rulebook.used | _overridden(self.park))
                ],
            }
        record = plain_value(record)
        record["texts"] = _texts_in(record, {**self.texts, **said})
        return record

    def to_json(self, path: Path | str) -> Path:
        """Write ``results.json``; returns the path."""
        return write_record(self.to_record(), path)

    def to_html(self, path: Path | str, *, templates: Path | None = None) -> Path:
        """Write the report as one self-contained HTML file; returns the path."""
        from greenland.files import write_text
        from greenland.report import render_html

        html = render_html(self.to_record(), language=language(), templates=templates)
        return write_text(Path(path), html)

    def to_excel(self, path: Path | str) -> Path:
        """Write every table as a sheet of a workbook; returns the path."""
        from greenland.report import write_excel

        write_excel(self.to_record(), Path(path), language())
        return Path(path)


def write_record(record: Mapping[str, Any], path: Path | str) -> Path:
    """Write a results record as ``results.json``; returns the path."""
    from greenland.files import write_text

    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    return write_text(Path(path), text + "\n")


def _overridden(park: Park) -> set[str]:
    """Rules the park overrides: shown whether or not anything asked for them."""
    return {rule.id for rule in park.rulebook.rules.values() if rule.overridden}


def _texts_in(
    record: Any, texts: Mapping[str, tuple[str, Mapping[str, Any]]]
) -> dict[str, list[Any]]:
    """Keep, of all messages said, those that stand in the record, with id and arguments."""
    found: dict[str, list[Any]] = {}

    def walk(node: Any) -> None:
        if isinstance(node, str):
            if node in texts and node not in found:
                message_id, args = texts[node]
                found[node] = [message_id, plain_value(dict(args))]
                for value in args.values():  # messages inside messages
                    walk(str(value))
        elif isinstance(node, dict):
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(record)
    return dict(sorted(found.items()))


class _Run:
    """Makes evaluations one after another and collects what goes wrong."""

    def __init__(self, park: Park, progress: Progress | None, parts: frozenset[str]) -> None:
        self.park = park
        self.progress = progress or (lambda part: nullcontext())
        self.parts = parts
        self.problems: list[Problem] = list(park.problems)

    def make(self, item: Evaluation, evaluate: Callable[[Park], Any]) -> Any:
        """Make one evaluation, or say why not."""
        if not item.supplement and item.key not in self.parts:
            return NotEvaluated(_("本次未要求计算。"))
        park, blocking = self.park, self.park.blocked(item.key)
        if item.by_row:
            errors = sorted_out(park.problems, item.key)
            blocking = list(errors.blocking)
            if errors.by_row:
                park = replace(park, tables=without_wrong_cells(park.tables, errors.by_row))
                self.problems += note_of(errors.by_row, item.key, _(item.short))
        if blocking:
            return NotEvaluated(
                _("数据有 {n} 项错误涉及本项评价，改正后再算。", n=len(blocking)), tuple(blocking)
            )
        with self.progress(item.key):
            try:
                return evaluate(park)
            except InputError as error:
                self.problems.extend(error.problems)
                return NotEvaluated(
                    _("输入内容有误，未计算：{reason}", reason=str(error.problems[0].message)),
                    tuple(error.problems),
                )
            except RuleNotFoundError as error:
                return NotEvaluated(_("缺少规则，未计算：{reason}", reason=str(error)))


def _land(run: _Run) -> LandResults:
    """Every evaluation of the land programme, each given the results it takes, by name."""
    results: dict[str, Any] = {}
    for item in LAND:
        if item.supplement and getattr(run.park, item.supplement) is None:
            continue
        given = {
            EVALUATIONS[key].name: if_evaluated(results[EVALUATIONS[key].name])
            for key in item.takes
        }
        evaluate = import_module(item.module).evaluate
        results[item.name] = run.make(item, partial(evaluate, **given))
    return LandResults(**results)


def _energy(run: _Run) -> Any:
    config = run.park.config.energy
    if not config:
        return NotEvaluated(_("park.yaml 中没有 energy 部分。"))

    item = EVALUATIONS["energy"]

    def evaluate(park: Park) -> Any:
        return import_module(item.module).evaluate(
            config,
            park.folder,
            park.rulebook,
            tree=park.config.tree,
            year=park.year,
        )

    return run.make(item, evaluate)


def assess(
    folder: Path | str,
    *,
    parts: frozenset[str] | set[str] | None = None,
    progress: Progress | None = None,
) -> Assessment:
    """Read a park folder and make every evaluation it has data for.

    Parameters
    ----------
    folder : path
        Holds ``park.yaml``, ``park.xlsx`` (or one CSV file per sheet) and the series it names.
    parts : set of str, optional
        Keys of `greenland.evaluations.ASKED` to evaluate; all when left out.
    progress : Progress, optional
        Called with the key of each part; its context is held while the part is evaluated.

    Returns
    -------
    Assessment
        The park as read, and a result or a reason for every evaluation.

    Raises
    ------
    InputError
        If ``park.yaml`` or the workbook cannot be read at all.

    Examples
    --------
    >>> import tempfile
    >>> from greenland.park import write_example
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = write_example(folder)
    ...     assessment = assess(folder, parts={"land.standard_land"})
    >>> round(assessment.land.standard_land.share.share["standard_land_share"], 3)
    0.702
    """
    wanted = frozenset(item.key for item in ASKED) if parts is None else frozenset(parts)
    with record_texts() as texts:
        park = read_park(folder)
        if park.config.land:
            check = import_module("greenland.land.settings_check")
            park = replace(park, problems=(*park.problems, *check.settings_problems(park)))
        run = _Run(park, progress, wanted)
        land = _land(run)
        energy = _energy(run)
    return Assessment(park, land, energy, tuple(run.problems), texts)
