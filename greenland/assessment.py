"""A park in, an assessment out: every evaluation the park has data for.

An evaluation that errors of the input touch, or that lacks data or a rule, is not made; it says
why, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import greenland
from greenland.energy.ahead import prepare_for
from greenland.errors import Problem, Severity
from greenland.evaluation_run import EvaluationRun, Progress
from greenland.evaluations import (
    ASKED,
    EVALUATIONS,
    LAND,
    OPTIONAL,
    Evaluation,
    known_keys,
)
from greenland.i18n import _, language, record_texts
from greenland.park import Park, read_park
from greenland.results import NotEvaluated, if_evaluated, plain_value
from greenland.results_record import with_rules, write_record
from greenland.summary import Summarised, Summary, headline, problem_counts
from greenland.textstore import plain_text_columns
from greenland.workers import side_by_side

if TYPE_CHECKING:
    from greenland.energy.result import EnergyResult
    from greenland.land.admission import AdmissionResult
    from greenland.land.exit import ExitResult
    from greenland.land.geometry import GeometryResult
    from greenland.land.per_mu import PerMuResult
    from greenland.land.policy import PolicyResult
    from greenland.land.reallocate import ReallocationResult
    from greenland.land.review import ReviewResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.land.stock import StockResult
    from greenland.outlook import OutlookResult
    from greenland.outlook.account import AccountResult
    from greenland.record.message import Texts
    from greenland.record.record import Record


class _Result(Protocol):
    def to_record(self) -> dict[str, Any]: ...


@dataclass(frozen=True, repr=False)
class LandResults(Summarised):
    """The evaluations of the land programme; each is a result or a `NotEvaluated`.

    Parameters
    ----------
    standard_land : StandardLandResult or NotEvaluated
        “标准地”: promises and control indicators of each parcel.
    per_mu : PerMuResult or NotEvaluated
        亩均效益: indicators, scores and classes of firms.
    review : ReviewResult or NotEvaluated
        土地节约集约利用评价: indicators, score and potentials of the zone.
    stock : StockResult or NotEvaluated
        存量土地: unsupplied, idle and inefficient land.
    exit : ExitResult or NotEvaluated
        动态评估与退出: what happens to each parcel.
    admission : AdmissionResult or NotEvaluated
        项目准入: a verdict on each project of the pipeline.
    reallocation : ReallocationResult or NotEvaluated
        再配置: which project gets which land.
    policy : PolicyResult or NotEvaluated
        差别化政策: the measures that follow.
    geometry : GeometryResult or NotEvaluated, optional
        宗地图形: outlines against the ledger; None where the park has none.
    """

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
        The evaluations of the land programme.
    energy : EnergyResult or NotEvaluated
        The sizing of ``energy:`` in park.yaml.
    problems : tuple of Problem
        Those of the input and those the evaluations found.
    texts : mapping of str
        Id and arguments of every message said meanwhile, by its words.
    rules : mapping of str
        Ids of the rules each evaluation asked for, by its key.
    outlook : OutlookResult or NotEvaluated, optional
        The power outlook of the coming year; None where the workbook has no sheet for it, or it
        was not asked for.
    account : AccountResult or NotEvaluated, optional
        The carbon account; None likewise.
    """

    park: Park
    land: LandResults
    energy: EnergyResult | NotEvaluated
    problems: tuple[Problem, ...]
    texts: Texts = field(default_factory=dict, repr=False)
    rules: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    outlook: OutlookResult | NotEvaluated | None = None
    account: AccountResult | NotEvaluated | None = None

    def _summary(self) -> Summary:
        energy = EVALUATIONS["energy"]
        lines = [
            *_headlines(self.land),
            (_(energy.title), headline(self.energy)),
            *((_(item.title), headline(one)) for item, one in self._optional()),
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
        for item, result in self._optional():
            if isinstance(result, NotEvaluated):
                found[item.key] = result
        return found

    def _optional(self) -> Iterator[tuple[Evaluation, Any]]:
        """Evaluations that only some parks have data for, where this one has."""
        for item in OPTIONAL:
            result = getattr(self, item.name)
            if result is not None:
                yield item, result

    @plain_text_columns()
    def record(self) -> Record:
        """The whole assessment as types, see ``docs/results.md``."""
        from greenland.record.record import FORMAT, Record

        with record_texts() as said:  # titles are put into words only here
            parts = {
                "land": {item.name: self._part(item) for item in LAND},
                "energy": self._part(EVALUATIONS["energy"]),
                **{item.name: self._part(item) for item in OPTIONAL},
            }
            data = {
                "format": FORMAT,
                "greenland": greenland.__version__,
                "language": language(),
                "year": self.park.year,
                "park": self.park.to_record(),
                **parts,
                "problems": [problem.as_record() for problem in self.problems],
            }
        record = Record.made(plain_value(data), {**self.texts, **said})
        return with_rules(record, self.park.rulebook)

    def _part(self, item: Evaluation) -> dict[str, Any] | None:
        """What the record has of an evaluation, with the rules it asked for."""
        result = getattr(self.land if item.is_land else self, item.name)
        if result is None:
            return None
        part: dict[str, Any] = result.to_record()
        if part["evaluated"]:
            part["rules"] = sorted(self.rules.get(item.key, ()))
        return part

    def to_record(self) -> dict[str, Any]:
        """The whole assessment as JSON-ready names and values, see ``docs/results.md``."""
        return self.record().to_dict()

    def to_json(self, path: Path | str) -> Path:
        """Write ``results.json``.

        Parameters
        ----------
        path : path
            Written whole or not at all.

        Returns
        -------
        Path
            The file written.
        """
        return write_record(path, self.record())

    def to_html(
        self, path: Path | str, *, templates: Path | None = None, length: str = "standard"
    ) -> Path:
        """Write the report as one self-contained HTML file.

        Parameters
        ----------
        path : path
            Written whole or not at all.
        templates : Path, optional
            Folder of templates that stand in for the package's.
        length : {"brief", "standard", "full"}
            How much the report tells; see `greenland.report.render_html`.

        Returns
        -------
        Path
            The file written.
        """
        from greenland.files import write_text
        from greenland.report import render_html

        html = render_html(self.record(), language=language(), templates=templates, length=length)
        return write_text(Path(path), html)

    def to_excel(self, path: Path | str) -> Path:
        """Write every table as a sheet of a workbook.

        Parameters
        ----------
        path : path
            Written whole or not at all.

        Returns
        -------
        Path
            The file written.
        """
        from greenland.report import write_excel

        return write_excel(path, self.record(), language=language())


def _land(run: EvaluationRun) -> LandResults:
    """Every evaluation of the land programme, each given the results it takes, by name."""
    results: dict[str, Any] = {}
    for item in LAND:
        absent = item.supplement and getattr(run.park, item.supplement) is None
        if absent and not run.park.blocked(item.key):
            continue
        given = {
            EVALUATIONS[key].name: if_evaluated(results[EVALUATIONS[key].name])
            for key in item.takes
        }
        evaluate = partial(import_module(item.module).evaluate, **given)
        if item.name in _TAKE_POWER:
            evaluate = partial(_within_power, evaluate)
        results[item.name] = run.make(item, evaluate)
    return LandResults(**results)


_TAKE_POWER = ("admission", "reallocation")


def _within_power(evaluate: Callable[[Park], Any], park: Park) -> Any:
    """Admit and re-allocate within what the park's facilities can still connect.

    Only where the workbook has facilities; a park whose limit stands in park.yaml keeps to that.
    """
    sheets = EVALUATIONS["outlook"].sheets
    if park.blocked("outlook") or all(park.tables[sheet].empty for sheet in sheets):
        return evaluate(park)
    return evaluate(import_module("greenland.outlook.room").with_room(park))


def _optional(run: EvaluationRun, made: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluations that need sheets of their own, given the results they take, by name."""
    results: dict[str, Any] = {}
    for item in OPTIONAL:
        absent = all(run.park.tables[sheet].empty for sheet in item.sheets)
        if absent or item.key not in run.parts:
            continue
        given = {EVALUATIONS[key].name: if_evaluated(made[key]) for key in item.takes}
        evaluate = import_module(item.module).evaluate
        results[item.name] = run.make(item, partial(evaluate, **given))
    return results


def _energy(run: EvaluationRun) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    """Begin the energy part, where sizing takes longest.

    What is returned makes the rest but for the study, which goes on in other processes, and then
    adds the study.
    """
    item, config, cases = EVALUATIONS["energy"], run.park.config.energy, list[Any]()
    if config and item.key in run.parts:
        prepare_for(config, run.park.folder)

    def begin(park: Park) -> Callable[[], Any]:
        module = import_module(item.module)
        tree, year = park.config.tree, park.year
        case = module.begin(config, park.folder, park.rulebook, tree=tree, year=year)
        run.meanwhile = case.go_on
        cases.append(case)
        judged: Callable[[], Any] = case.judged
        return judged

    def with_study(judged: Any) -> Any:
        if isinstance(judged, NotEvaluated) or not cases[0].studied:
            return judged
        with run.progress(item.key):
            return cases[0].result()

    if not config:
        return partial(NotEvaluated, _("park.yaml 中没有 energy 部分。")), with_study
    return run.begin(item, begin), with_study


@side_by_side()
@plain_text_columns()
def assess(
    folder: Path | str,
    *,
    parts: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Assessment:
    """Read a park folder and make every evaluation it has data for.

    Parameters
    ----------
    folder : path
        Holds ``park.yaml``, ``park.xlsx`` (or one CSV file per sheet) and the series it names.
    parts : collection of str, optional
        Keys of the evaluations to make, such as ``{"land.per_mu", "energy"}``; all when left
        out. What an evaluation takes from others is not there unless these are named too, see
        `greenland.evaluations.with_inputs`.
    progress : Progress, optional
        Called with the key of each part; its context is held while the part is evaluated.

    Returns
    -------
    Assessment
        The park as read, and a result or a reason for every evaluation.

    Raises
    ------
    InputError
        If *parts* names an evaluation there is none of, or ``park.yaml`` or the workbook cannot
        be read at all.

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
    everything = (*ASKED, *OPTIONAL)
    wanted = frozenset(item.key for item in everything) if parts is None else known_keys(parts)
    with record_texts() as texts:
        run = EvaluationRun(read_park(folder), progress, wanted)
        judged_energy, with_study = _energy(run)  # other processes size while the land is evaluated
        if run.park.config.land:
            check = import_module("greenland.land.settings_check")
            run.found(check.settings_problems(run.park))
        land = _land(run)
        energy = judged_energy()
        more = _optional(run, {"land.per_mu": land.per_mu, "energy": energy})
        energy = with_study(energy)
    return Assessment(run.park, land, energy, tuple(run.problems), texts, run.rules, **more)
