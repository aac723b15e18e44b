"""Errors and problems: what is wrong, where, what is allowed, and what to do.

A *problem* is one finding about the input; it is data, collected and shown with all others.
An *error* is raised when a call cannot go on. Each error class is also a built-in type, keeps
its parts as attributes and pickles.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from greenland.i18n import N_, _


class Severity(StrEnum):
    """How much a problem stops."""

    ERROR = "error"  # the evaluations it touches are not made
    WARNING = "warning"  # evaluated, and shown beside the result
    NOTICE = "notice"  # what was understood or left out


SEVERITY_LABELS = {
    Severity.ERROR: N_("错误"),
    Severity.WARNING: N_("警告"),
    Severity.NOTICE: N_("提示"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about the input.

    Parameters
    ----------
    severity : Severity
        Whether it stops the evaluations it touches.
    code : str
        Kind of problem, stable across languages, such as ``"check_digit"``.
    message : str
        What is wrong, in one sentence.
    remedy : str
        What the reader should do.
    file, sheet : str, optional
        Where.
    row : int, optional
        Row in the file, counted from 1 as Excel shows it; line number in a YAML file.
    column : str, optional
        Header as it stands in the file.
    got, allowed : str, optional
        What stands there, and what may stand there.
    touches : tuple of str
        Evaluations the problem touches, by their key in the results, such as
        ``"land.per_mu"``; an error stops these and no others. Empty: none.
    table : str, optional
        Id of the sheet, where the problem is about rows of one.
    rows : tuple of int
        All rows it stands for; one problem may stand for many.
    columns : tuple of str
        Ids of the columns of which one must be wrong.

    Examples
    --------
    >>> from greenland import Problem
    >>> from greenland.errors import Severity
    >>> print(Problem(Severity.ERROR, "area", "面积应大于 0。", file="park.xlsx", row=7, got="-3"))
    park.xlsx 第7行：面积应大于 0；实际为“-3”
    """

    severity: Severity
    code: str
    message: str
    remedy: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    got: str = ""
    allowed: str = ""
    touches: tuple[str, ...] = field(default=())
    table: str = ""
    rows: tuple[int, ...] = field(default=())
    columns: tuple[str, ...] = field(default=())

    @property
    def count(self) -> int:
        """How many findings it stands for: one for each of its rows."""
        return max(1, len(self.rows))

    @property
    def where(self) -> str:
        """File, sheet, row and column in one phrase; empty when nothing is known."""
        parts = [part for part in (self.file, self.sheet) if part]
        if self.row is not None:
            parts.append(_("第{row}行", row=self.row))
        if self.column:
            parts.append(_("“{column}”列", column=self.column))
        return " ".join(parts)

    @property
    def what(self) -> str:
        """What is wrong, what stands there, what is allowed and what to do, in one paragraph."""
        text = str(self.message)
        if self.got or self.allowed or self.remedy:
            text = text.rstrip("。.")
        if self.got:
            text += _("；实际为“{got}”", got=self.got)
        if self.allowed:
            text += _("；允许：{allowed}", allowed=self.allowed)
        if self.remedy:
            text += _("；处理：{remedy}", remedy=self.remedy)
        return text

    def __str__(self) -> str:
        """Return where, and the whole finding, in one paragraph."""
        return f"{self.where}{_('：') if self.where else ''}{self.what}"

    def as_record(self) -> dict[str, Any]:
        """The problem as JSON-ready names and values; absent parts are ``None``."""
        return {
            "severity": str(self.severity),
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy or None,
            "file": self.file or None,
            "sheet": self.sheet or None,
            "row": self.row,
            "column": self.column or None,
            "got": self.got or None,
            "allowed": self.allowed or None,
            "touches": list(self.touches),
        }


class GreenlandError(Exception):
    """Base of every error the package raises on purpose.

    Examples
    --------
    >>> from greenland import GreenlandError, InputError
    >>> issubclass(InputError, GreenlandError)
    True
    """


class InputError(GreenlandError, ValueError):
    """The input cannot be used; every problem found is in `problems`.

    Examples
    --------
    >>> from greenland import InputError, assess
    >>> try:
    ...     assess("my_park", parts="land.revew")
    ... except InputError as error:
    ...     print(error.problems[0].remedy)
    是否应为“land.review”？
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return one problem to a line."""
        return "\n".join(str(problem) for problem in self.problems)


def input_error(code: str, message: str, *, remedy: str = "", **parts: Any) -> InputError:
    """Make an `InputError` of a single problem."""
    return InputError([Problem(Severity.ERROR, code, message, remedy, **parts)])


class RuleNotFoundError(GreenlandError, LookupError):
    """No rule of that id is in force in the assessed year.

    Parameters
    ----------
    held_by : callable, optional
        Gives the packs that have the rule, loaded or not; asked for the message only.
    """

    def __init__(
        self,
        rule_id: str,
        year: int,
        packs: Sequence[str],
        held_by: Callable[[str, int], Sequence[str]] | None = None,
    ) -> None:
        self.rule_id, self.year, self.packs = rule_id, year, tuple(packs)
        self.held_by = held_by
        super().__init__(rule_id, year, self.packs)

    def __str__(self) -> str:
        """Return which rule is missing and what to do."""
        holders = [] if self.held_by is None else self.held_by(self.rule_id, self.year)
        others = [name for name in holders if name not in self.packs]
        known = (
            _("含有该规则的规则包：{others}。", others="、".join(others))
            if others
            else _("现有的规则包都没有该年的数值。")
        )
        return _(
            "规则“{rule_id}”在 {year} 年没有有效条文（已启用规则包：{packs}）。{known}"
            "请在 overrides 中给出数值和依据，或启用含有该规则的规则包。",
            rule_id=self.rule_id,
            year=self.year,
            packs="、".join(self.packs) or "—",
            known=known,
        )


class NotOptimalError(GreenlandError, RuntimeError):
    """A value of a plan was asked for although no optimum was found."""

    def __init__(self, status: str, reason: str = "") -> None:
        self.status, self.reason = status, reason
        super().__init__(status, reason)

    def __str__(self) -> str:
        """Return the status and what is known about its cause."""
        return _("求解状态为 {status}，没有可用的结果。", status=self.status) + self.reason


class SolverError(GreenlandError, RuntimeError):
    """HiGHS refused a problem or an option, or a run of it ended in an error."""

    def __init__(self, step: str) -> None:
        self.step = step
        super().__init__(step)

    def __str__(self) -> str:
        """Return at which step, and what to do."""
        return _(
            "求解器 HiGHS 报错（{step}），问题未求解。请检查输入中有无过大、过小或缺失的数值；"
            "数值无误的，请连同输入文件反馈此错误。",
            step=self.step,
        )


class WorkError(GreenlandError, RuntimeError):
    """A process that worked beside this one is gone, or ended in what cannot be told in full."""

    def __init__(self, task: str, reason: str) -> None:
        self.task, self.reason = task, reason
        super().__init__(task, reason)

    def __str__(self) -> str:
        """Return at which task, why, and what to do."""
        return _(
            "计算“{task}”时出错：{reason}。"
            "内存不足时，请将环境变量 GREENLAND_WORKERS 设为 1，不另开进程。",
            task=self.task,
            reason=self.reason,
        )


def unwritable(path: Path | str, error: OSError) -> InputError:
    """Error to raise for a file of the user's that cannot be written."""
    return input_error(
        "write",
        _("文件写不出：{detail}", detail=str(error)),
        remedy=_("请检查文件夹是否存在、是否可写。"),
        file=str(path),
    )


class MissingExtraError(GreenlandError, ImportError):
    """A part of the package needs libraries of an extra that is not installed."""

    def __init__(self, extra: str, purpose: str) -> None:
        self.extra, self.purpose = extra, purpose
        super().__init__(extra, purpose)

    def __str__(self) -> str:
        """Return what to install."""
        return _(
            '{purpose}需要附加组件，请先运行：pip install "greenland[{extra}]"',
            purpose=self.purpose,
            extra=self.extra,
        )


class OutputError(GreenlandError, OSError):
    """The files of a result could not be written; those that were there are as before."""

    def __init__(self, folder: str, file: str, cause: str, code: int | None = None) -> None:
        self.folder, self.file, self.cause, self.code = folder, file, cause, code
        super().__init__(folder, file, cause, code)

    def __str__(self) -> str:
        """Return which file, why, and what to do."""
        if self.code in (errno.ENOSPC, errno.EDQUOT):
            what: str = _("磁盘空间不足。请腾出空间后重新运行。")
        elif self.code in (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY):
            what = _(
                "文件被占用或没有写入权限。如已在 Excel 等程序中打开，请关闭后重新运行；"
                "也可用 --out 另选文件夹。"
            )
        else:
            what = self.cause
        where = f"{self.folder}/{self.file}" if self.file else self.folder
        return _("未写出 {where}：{what} 原有的输出文件没有改动。", where=where, what=what)
