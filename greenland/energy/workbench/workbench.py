"""A case held ready: values are turned, and the exact optimum follows."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from greenland.energy.case.changes import changed_tree
from greenland.energy.case.loading import LoadedCase, rulebook_of
from greenland.energy.case_checks import loaded_config_problems
from greenland.energy.evaluate import evaluate_case, judged_optimum
from greenland.energy.plan.explain.explanation import explain
from greenland.energy.plan.plan import Plan
from greenland.energy.result import EnergyResult
from greenland.energy.studies.bench import Bench
from greenland.energy.tariff import Tariff
from greenland.energy.workbench.answer import BenchAnswer
from greenland.energy.workbench.catalogue import knobs_of
from greenland.energy.workbench.kept import (
    KeptGridOnly,
    KeptProblems,
    KeptSizing,
    NotAtOnceError,
    Tell,
)
from greenland.energy.workbench.knobs import Knob, Settings
from greenland.energy.workbench.method import KEPT_ANSWERS
from greenland.energy.workbench.source import CaseSource, case_source, case_text, park_source
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.lp.recent import remembering
from greenland.rules import Rulebook
from greenland.yamlfile import nearest


class Workbench:
    r"""A case whose values can be turned; each setting is sized exactly.

    Curves as read, tariffs as resolved, the assembled problem and what the engine found out about
    it are kept; a change assembles anew only what it touches. The answer is that of
    `greenland.energy.size` on the changed case, in continuous capacities; what rounding to whole
    units makes of it is said by `evaluate`.

    Parameters
    ----------
    source : CaseSource
        See `of_file` and `of_park`.

    Attributes
    ----------
    source : CaseSource
    knobs : tuple of Knob
        What can be turned.

    Raises
    ------
    InputError
        With every fault of the case.

    Notes
    -----
    May be shared by threads: one setting is worked at a time.

    Examples
    --------
    A load that is bought, at the price of the case and at another:

    >>> import tempfile
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from greenland.energy.workbench import Workbench
    >>> times = pd.date_range("2025-01-01", periods=24, freq="h")
    >>> curve = pd.Series(0.5, index=times.rename("时间"), name="负荷(MW)")
    >>> case = "load: load.csv\ngrid: {import_price: 0.5}\nyear: 2025\n"
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = Path(name)
    ...     _ = curve.to_csv(folder / "load.csv")
    ...     _ = (folder / "case.yaml").write_text(case, encoding="utf-8")
    ...     bench = Workbench.of_file(folder / "case.yaml")
    ...     costs = [
    ...         bench.size(settings).plan.annual_cost
    ...         for settings in ({}, {"grid.import_price": 0.6})
    ...     ]
    >>> [round(cost) for cost in costs]
    [2190000, 2628000]
    """

    def __init__(self, source: CaseSource) -> None:
        self.source = source
        self._bench = _KeptCurves(source.tree, source.folder, source.file)
        self._problems = KeptProblems()
        self._before = KeptGridOnly()
        self._answers: OrderedDict[str, BenchAnswer] = OrderedDict()
        self._lock = threading.RLock()
        loaded = self._bench.loaded({})
        self.knobs = knobs_of(source, loaded, rulebook_of(loaded))
        self._by_key = {knob.key: knob for knob in self.knobs}

    @classmethod
    def of_file(cls, path: Path | str) -> Workbench:
        """A case file, YAML or intake workbook.

        Raises
        ------
        InputError
        """
        return cls(case_source(Path(path)))

    @classmethod
    def of_park(cls, folder: Path | str) -> Workbench:
        """The ``energy:`` part of a park folder.

        Raises
        ------
        InputError
        """
        return cls(park_source(Path(folder)))

    # -- settings --------------------------------------------------------------------------

    def knob(self, key: str) -> Knob:
        """A knob by its key.

        Raises
        ------
        KeyError
        """
        return self._by_key[key]

    def changes(self, settings: Settings) -> dict[str, Any]:
        """Values by path that settings put into the case; what stands as in the case is left out.

        Raises
        ------
        InputError
            With every key that is no knob, and every setting that is not of its knob's kind.
        """
        problems: list[Problem] = []
        found: dict[str, Any] = {}
        for key, setting in settings.items():
            knob = self._by_key.get(key)
            if knob is None:
                problems.append(self._unknown(key))
                continue
            faults = list(knob.faults(setting))
            problems += faults
            if not faults and setting != knob.value:
                found |= knob.changes(setting, self.source.tree)
        if problems:
            raise InputError(problems)
        return found

    def _unknown(self, key: str) -> Problem:
        guess = nearest(key, list(self._by_key))
        return Problem(
            Severity.ERROR,
            "knob_unknown",
            _("案例没有可以调节的“{key}”。", key=key),
            _("是否应为“{guess}”？", guess=guess) if guess else "",
            got=key,
            touches=("energy",),
        )

    def case_text(self, settings: Settings, *, name: str = "") -> str:
        """The changed case as the text of a case file for the folder of the case.

        Raises
        ------
        InputError
        """
        tree = changed_tree(self.source.tree, self.changes(settings))
        return case_text({"name": name, **tree} | ({"name": name} if name else {}))

    # -- answers ---------------------------------------------------------------------------

    def size(
        self, settings: Settings, *, patient: bool = False, tell: Tell | None = None
    ) -> BenchAnswer:
        """Size the case with settings.

        Parameters
        ----------
        settings : mapping of key to setting
        patient : bool
            Whether to go on where the quick way gives no answer: with binary variables, with an
            objective that takes several programs, or where the interior engine gives up. That may
            take minutes.
        tell : callable, optional
            Told in words what is done where it takes longer.

        Returns
        -------
        BenchAnswer
            Open where the quick way gives no answer and *patient* is false.

        Raises
        ------
        InputError
            With every fault of the settings, and of the case they make.
        """
        changes = self.changes(settings)
        key = _key(changes)
        if patient:  # does not hold up others meanwhile
            return self._kept(key) or self._remembered(key, self._answer(changes, None))
        with self._lock:
            problems = self._problems if tell is None else replace(self._problems, tell=tell)
            return self._kept(key) or self._remembered(key, self._answer(changes, problems))

    def _kept(self, key: str) -> BenchAnswer | None:
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def _remembered(self, key: str, answer: BenchAnswer) -> BenchAnswer:
        with self._lock:
            if answer.result is not None:
                self._answers[key] = answer
                if len(self._answers) > KEPT_ANSWERS:
                    self._answers.popitem(last=False)
        return answer

    def _answer(self, changes: Mapping[str, Any], problems: KeptProblems | None) -> BenchAnswer:
        began = time.perf_counter()
        with self._lock:
            loaded, rulebook, tariffs, doubts = self._prepared(changes)
        try:
            found = KeptSizing(loaded, rulebook, tariffs, problems).result()
        except NotAtOnceError:
            return BenchAnswer(changes, None, time.perf_counter() - began)
        result = self._judged(loaded, rulebook, found, doubts)
        return BenchAnswer(changes, result, time.perf_counter() - began)

    def optimum(self, settings: Settings) -> SizedCase:
        """The plan of settings, however long it takes, to be handed to another process's bench.

        Raises
        ------
        InputError
        """
        with self._lock:
            loaded, rulebook, tariffs, _doubts = self._prepared(self.changes(settings))
        return KeptSizing(loaded, rulebook, tariffs, None).result()

    def adopt(self, settings: Settings, found: SizedCase, seconds: float) -> BenchAnswer:
        """Take over what `optimum` found elsewhere.

        Raises
        ------
        InputError
        """
        changes = self.changes(settings)
        with self._lock:
            loaded, rulebook, _tariffs, doubts = self._prepared(changes)
        answer = BenchAnswer(changes, self._judged(loaded, rulebook, found, doubts), seconds)
        return self._remembered(_key(changes), answer)

    def _prepared(
        self, changes: Mapping[str, Any]
    ) -> tuple[LoadedCase, Rulebook, tuple[Tariff, ...], tuple[Problem, ...]]:
        loaded = self._bench.loaded(changes)
        rulebook = rulebook_of(loaded)
        problems = loaded_config_problems(loaded, rulebook)
        tariffs: tuple[Tariff, ...] = ()
        try:
            tariffs = self._bench.tariffs(loaded, rulebook)
        except InputError as error:
            problems += error.problems
        if any(item.severity is Severity.ERROR for item in problems):
            raise InputError(problems)
        return loaded, rulebook, tariffs, tuple(problems)

    def _judged(
        self,
        loaded: LoadedCase,
        rulebook: Rulebook,
        found: SizedCase,
        doubts: tuple[Problem, ...],
    ) -> EnergyResult:
        """A plan judged, with what each tariff costs, and what was doubtful before."""
        optimum, tariff, rows = found
        before = self._before.of(loaded, optimum.site, tariff, rulebook)
        result = judged_optimum(loaded, rulebook, optimum, tariff, before=before)
        return replace(result, tariffs=tuple(rows), warnings=(*doubts, *result.warnings))

    def reasons(self, settings: Settings) -> dict[str, Any] | None:
        """Which requirements conflict and by how much each would have to give; None with a plan.

        Returns
        -------
        dict or None
            As `greenland.energy.plan.explain.infeasible.Infeasibility.to_record`.

        Raises
        ------
        InputError
        """
        answer = self.size(settings)
        if answer.result is None or answer.plan.status.has_plan:
            return None
        with remembering(tuple(self._problems.proof)):
            why = explain(answer.plan).infeasibility
        return None if why is None else why.to_record()

    def evaluate(self, settings: Settings) -> EnergyResult:
        """Evaluate the changed case in full, as ``greenland energy size`` does it.

        Raises
        ------
        InputError
        """
        with self._lock:
            loaded = self._bench.loaded(self.changes(settings))
        return evaluate_case(loaded, rulebook_of(loaded))


class _KeptCurves(Bench):
    """A bench of studies whose tariffs are asked for with the rules at hand."""

    def tariffs(self, loaded: LoadedCase, rulebook: Rulebook) -> tuple[Tariff, ...]:
        return self._tariffs_of(loaded, rulebook)


SizedCase = tuple[Plan, Tariff | None, list[dict[str, Any]]]
"""A plan, the tariff it was sized under, and what each candidate costs."""


def _key(changes: Mapping[str, Any]) -> str:
    return json.dumps(changes, sort_keys=True, ensure_ascii=False)
