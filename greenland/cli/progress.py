"""What is under way, on standard error: part n of m, time gone and time left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

import click

from greenland.evaluations import EVALUATIONS
from greenland.i18n import _

SHOWN_NAMES = 4
"""Parks under way that are named: as many as fit a line."""


class Steps:
    """A line that tells which part is under way; quiet where standard error is no terminal.

    Parameters
    ----------
    parts : int
        How many parts there will be, as far as is known.

    Examples
    --------
    >>> with Steps(2) as steps:
    ...     with steps("energy"):
    ...         pass
    """

    def __init__(self, parts: int) -> None:
        from rich.console import Console
        from rich.progress import (
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            MofNCompleteColumn(),
            TextColumn(_("已用")),
            TimeElapsedColumn(),
            TextColumn(_("约剩")),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self.task = self.progress.add_task("", total=parts)

    def __enter__(self) -> Self:
        """Begin to show."""
        if not self.progress.disable:
            self.progress.start()
        return self

    def __exit__(self, *error: Any) -> None:
        """Take the line away."""
        if not self.progress.disable:  # rich 14.0 ends a line that it never began
            self.progress.stop()

    @contextmanager
    def __call__(self, part: str, /) -> Iterator[None]:
        """Show the part of an evaluation by its key, and count it when it is over."""
        with self.doing(_(EVALUATIONS[part].title)):
            yield

    @contextmanager
    def doing(self, title: str) -> Iterator[None]:
        """Show a part by its title, and count it when it is over."""
        shown = self.progress.tasks[0]
        total = max(shown.total or 0, shown.completed + 1)
        self.progress.update(self.task, description=title, total=total)
        yield
        self.progress.advance(self.task)

    def parks(self, done: int, total: int, names: Sequence[str]) -> None:
        """Show how many parks are done, and which are under way."""
        from rich.markup import escape

        text = "  ".join([_("评价园区"), *names[:SHOWN_NAMES]])
        self.progress.update(self.task, description=escape(text), completed=done, total=total)

    def say(self, text: str) -> None:
        """Print a line on standard error, above the one that is shown."""
        if self.progress.disable:
            click.echo(text, err=True)
        else:
            self.progress.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def told(self, done: int, total: int) -> None:
        """Show how many cases of a study are done."""
        self.progress.update(self.task, description=_("算例"), completed=done, total=total)
