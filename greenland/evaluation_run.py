"""Evaluations of a park, made one after another; what goes wrong is told, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from typing import Any, NoReturn, Protocol

from greenland.errors import InputError, Problem, RuleNotFoundError, Severity
from greenland.evaluations import Evaluation
from greenland.i18n import _
from greenland.park import Park
from greenland.park.row_errors import note_of, rows_by_sheet, sorted_out, without_wrong_cells
from greenland.results import NotEvaluated
from greenland.rules.book import ConsultedRulebook


class Progress(Protocol):
    """Told which part begins; for a progress display."""

    def __call__(self, part: str, /) -> AbstractContextManager[Any]:
        """Return a context that lasts as long as the part."""
        ...


class EvaluationRun:
    """Makes evaluations one after another and collects what goes wrong."""

    def __init__(self, park: Park, progress: Progress | None, parts: frozenset[str]) -> None:
        self.park = park
        self.progress = progress or (lambda part: nullcontext())
        self.parts = parts
        self.problems: list[Problem] = list(park.problems)
        self.rules: dict[str, frozenset[str]] = {}
        self.meanwhile: Callable[[], None] = lambda: None
        """Called between evaluations: hands on what other processes can go on with."""

    def found(self, problems: Sequence[Problem]) -> None:
        """Take problems of the input that touch only evaluations not begun yet."""
        self.park = replace(self.park, problems=(*self.park.problems, *problems))
        self.problems += problems

    def make(self, item: Evaluation, evaluate: Callable[[Park], Any]) -> Any:
        """Make one evaluation, or say why not."""
        made = self.begin(item, lambda park: partial(evaluate, park))()
        self.meanwhile()
        return made

    def begin(
        self, item: Evaluation, begin: Callable[[Park], Callable[[], Any]]
    ) -> Callable[[], Any]:
        """Begin an evaluation; what is returned makes the rest of it, or says why not.

        Parameters
        ----------
        begin : callable
            Takes the park and returns the rest of the evaluation.
        """
        if not item.supplement and item.key not in self.parts:
            return partial(NotEvaluated, _("本次未要求计算。"))
        park, blocking = self.park, self.park.blocked(item.key)
        if item.by_row:
            errors = sorted_out(park.problems, item.key)
            blocking = list(errors.blocking)
            if errors.by_row:
                park = replace(
                    park,
                    tables=without_wrong_cells(park.tables, errors.by_row),
                    set_aside=rows_by_sheet(errors.by_row),
                )
                self.problems += note_of(errors.by_row, item.key, _(item.short), self.park.tables)
        if blocking:
            why = _("数据有 {n} 项错误涉及本项评价，改正后再算。", n=len(blocking))
            return partial(NotEvaluated, why, tuple(blocking))
        book = self.park.rulebook.consulted()
        try:
            rest = begin(replace(park, rulebook=book))
        except (InputError, RuleNotFoundError) as error:
            rest = partial(_raise, error)  # told in its turn
        return partial(self._finish, item, book, rest)

    def _finish(self, item: Evaluation, book: ConsultedRulebook, rest: Callable[[], Any]) -> Any:
        with self.progress(item.key):
            try:
                result = rest()
                self.rules[item.key] = frozenset(book.asked)
                return result
            except InputError as error:
                self.problems.extend(error.problems)
                # Warnings come along; what stops the evaluation is an error.
                why = min(error.problems, key=lambda one: one.severity is not Severity.ERROR)
                return NotEvaluated(
                    _("输入内容有误，未计算：{reason}", reason=str(why.message)),
                    tuple(error.problems),
                )
            except RuleNotFoundError as error:
                return NotEvaluated(_("缺少规则，未计算：{reason}", reason=str(error)))


def _raise(error: Exception) -> NoReturn:
    raise error
