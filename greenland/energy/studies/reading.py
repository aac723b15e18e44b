"""A study file against its case: paths that lead somewhere, values the case can take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from greenland.energy.case.changes import Changes, UnknownPartError, changed_tree, value_at
from greenland.energy.case.scenarios import KEY
from greenland.energy.case.schema import Case
from greenland.energy.case.source import read_source
from greenland.energy.studies.config import StudyFile
from greenland.energy.studies.task import StudyTask, code_digest, digest_of
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.inputs import hashes_of
from greenland.outputs import sha256
from greenland.yamlfile import nearest, place_of, plain, read_tree, validate

APART = (KEY, "study", "name", "assumptions")
"""Keys of a case that change nothing in its sizing."""
Where = tuple[str | int, ...]
"""Where a value stands in the study file."""


@dataclass(frozen=True)
class StudyBase:
    """A study file with the case it is about.

    Parameters
    ----------
    study : StudyFile
    path : Path
        The study file.
    lines : object
        Its tree, for line numbers.
    case_path : Path
    tree : mapping
        The case as plain values, without its own scenarios and study.
    case : Case
    digest : str
        Hash of the case, of the files it names, of the engine and of the code.
    inputs : mapping of file name to SHA-256
        The study file, the case, and the files the case names.
    """

    study: StudyFile
    path: Path
    lines: Any
    case_path: Path
    tree: Mapping[str, Any]
    case: Case
    digest: str
    inputs: Mapping[str, str]
    _files: dict[str, str] = field(default_factory=dict)

    def key(self, task: StudyTask) -> str:
        """The hash a task is known by, with the files its changes name."""
        return task.key(self.digest, self.files_of([task.changes, task.options]))

    def files_of(self, content: Any) -> dict[str, str]:
        """SHA-256 of every file that is named somewhere."""
        found = {}
        for name in _texts(content):
            if name not in self._files:
                known = hashes_of(self.case_path.parent, (), {"file": name})
                self._files[name] = digest_of(known) if known else ""
            if self._files[name]:
                found[name] = self._files[name]
        return found

    # -- faults ----------------------------------------------------------------------------

    def problem(self, where: Where, message: str, remedy: str = "", **more: Any) -> Problem:
        """A fault of the study file at a place in it."""
        place = place_of(self.lines, where)
        return Problem(
            Severity.ERROR, "study", message, remedy, file=self.path.name, **place, **more
        )

    def varied(
        self, paths: Sequence[str], value: Any, *, factor: bool, where: Where
    ) -> tuple[dict[str, Any], list[Problem]]:
        """Changes that put a value, or what the case says times a factor, at some paths.

        Returns
        -------
        changes : dict
        problems : list of Problem
            Paths that lead nowhere, or to nothing that can be multiplied.
        """
        changes: dict[str, Any] = {}
        problems = []
        for path in paths:
            try:
                present = value_at(self.tree, path)
            except UnknownPartError as fault:
                problems.append(self._unknown(path, fault, where))
                continue
            if not factor:
                changes[path] = value
                continue
            times = multiplied(present, float(value))
            if times is None:
                text = _("案例的“{path}”没有可以乘倍数的数值。", path=path)
                remedy = _("请改写为直接给值（去掉 factor），或先在案例中写出该项。")
                got = "" if present is None else str(present)
                problems.append(self.problem(where, text, remedy, got=got))
            else:
                changes[path] = times
        return changes, problems

    def _unknown(self, path: str, fault: UnknownPartError, where: Where) -> Problem:
        guess = nearest(fault.part, fault.known)
        text = _("“{path}”：案例中没有“{part}”", path=path, part=fault.part)
        remedy = _("是否应为“{guess}”？", guess=guess) if guess else ""
        allowed = "、".join(fault.known)
        return self.problem(where, text, remedy, got=fault.part, allowed=allowed)

    def faults(self, changes: Changes, where: Where) -> Iterator[Problem]:
        """What a case with changes is refused for, said of the study file."""
        try:
            tree = changed_tree(self.tree, changes)
        except UnknownPartError as fault:
            path = next((one for one in changes if fault.part in one.split(".")), fault.part)
            yield self._unknown(path, fault, where)
            return
        try:
            validate(tree, Case, file=self.case_path.name)
        except InputError as error:
            for problem in error.problems:
                place = place_of(self.lines, where)
                yield replace(problem, file=self.path.name, **place)

    def require(self, problems: Iterable[Problem]) -> None:
        """Raise an `InputError` with all problems, if there are any."""
        found = list(dict.fromkeys(problems))
        if found:
            raise InputError(found)


def multiplied(value: Any, factor: float) -> Any:
    """A number of a case times a factor, a curve with its factor; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(f"{value * factor:.12g}")
    if isinstance(value, str):
        return {"file": value, "factor": factor} if Path(value).suffix else None
    if isinstance(value, list):
        parts = [multiplied(one, factor) for one in value]
        return None if not parts or any(one is None for one in parts) else parts
    if isinstance(value, dict) and "file" in value:
        return {**value, "factor": factor * float(value.get("factor", 1.0))}
    if isinstance(value, dict) and value:
        by_key = {name: multiplied(one, factor) for name, one in value.items()}
        return None if any(one is None for one in by_key.values()) else by_key
    return None


def read_study(path: Path, *, engine: str | None = None) -> StudyBase:
    """Read a study file and the case it names.

    Parameters
    ----------
    path : Path
    engine : str, optional
        Instead of the one the study or the case names.

    Raises
    ------
    InputError
        With every fault of the study file, or of the case.
    """
    lines = read_tree(path)
    study = validate(lines, StudyFile, file=path.name)
    if engine is not None:
        study = study.model_copy(update={"engine": engine})
    case_path = path.parent / study.case
    if not case_path.is_file():
        text = _("找不到案例文件 {file}。", file=study.case)
        remedy = _("文件名相对于研究文件所在的文件夹。")
        problem = Problem(
            *(Severity.ERROR, "study_case", text, remedy),
            file=path.name,
            **place_of(lines, ("case",)),
        )
        raise InputError([problem])
    source = read_source(case_path)
    case = validate(source, Case, file=case_path.name)
    whole = plain(source)
    tree = {key: value for key, value in whole.items() if key not in (KEY, "study")}
    sized = {key: value for key, value in tree.items() if key not in APART}
    files = hashes_of(case_path.parent, (), sized)
    digest = digest_of([sized, files, study.engine, code_digest()])
    inputs = {path.name: sha256(path), case_path.name: sha256(case_path), **files}
    return StudyBase(study, path, lines, case_path, tree, case, digest, inputs)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _texts(value)
