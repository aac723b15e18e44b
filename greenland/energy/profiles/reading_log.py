"""What was understood, assumed and found wrong while a file was read, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from greenland.energy.profiles.times import Times
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import Text


@dataclass
class ReadingLog:
    """Collects what has to be said about a file.

    Parameters
    ----------
    file : str
    notes : list of str
        What the file says and how it was followed.
    assumptions : list of Problem
        What was taken to be so though the file leaves it open; each keeps a curve from being
        called good.
    problems : list of Problem
        What is wrong in the file and what was done about it.
    """

    file: str
    notes: list[Text | str] = field(default_factory=list)
    assumptions: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def note(self, text: Text | str) -> None:
        """Say what was done, once."""
        if text not in self.notes:
            self.notes.append(text)

    def assume(self, code: str, text: Text | str, remedy: Text | str = "", **parts: Any) -> None:
        """Say what was taken to be so, once."""
        problem = Problem(Severity.NOTICE, code, text, remedy, file=self.file, **parts)
        if problem not in self.assumptions:
            self.assumptions.append(problem)

    def report(self, code: str, text: Text | str, remedy: Text | str = "", **parts: Any) -> None:
        """Say what is wrong though the file can be read."""
        problem = Problem(Severity.WARNING, code, text, remedy, file=self.file, **parts)
        if problem not in self.problems:
            self.problems.append(problem)

    def add_times(self, times: Times) -> None:
        """Take over what was understood of the times."""
        for text in times.notes:
            self.note(text)
        self.assumptions += [item for item in times.assumptions if item not in self.assumptions]

    def refuse(
        self, code: str, text: Text | str, remedy: Text | str = "", **parts: Any
    ) -> InputError:
        """Error about the file, to be raised."""
        return input_error(code, text, remedy=remedy, file=self.file, **parts)
