"""What can be turned on a case, and what a setting of it puts into the case."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from greenland.energy.case.changes import value_at
from greenland.energy.studies.reading import multiplied
from greenland.errors import Problem, Severity
from greenland.i18n import _
from greenland.results import plain_value

Settings = Mapping[str, Any]
"""Key of a knob to its setting; a knob that is left out stands as in the case."""


class KnobKind(StrEnum):
    """What a knob is turned to."""

    NUMBER = "number"
    """A number; None where the case may say nothing."""
    FACTOR = "factor"
    """What a list, a table or a curve of the case is multiplied by; or, of a curve, another file:
    ``{"file": "load.csv", "factor": 1.0}``."""
    CHOICE = "choice"
    SWITCH = "switch"
    SIZE = "size"
    """New capacity: ``{"fixed": 60}``, or free between bounds ``{"least": 0, "most": 120}``."""
    CONNECTION = "connection"
    """Connected capacity, in the same two forms."""


SIZES = (KnobKind.SIZE, KnobKind.CONNECTION)


@dataclass(frozen=True, slots=True)
class Knob:
    """One value of a case that can be turned.

    Parameters
    ----------
    key : str
        By which it is set: the path of the case it leads to, of a size that of its upper bound.
    kind : KnobKind
        Decides the form of its settings.
    group, title, unit, meaning : str
        Sheet of the intake workbook it stands on, and its words there, in the language in use.
    owner : str
        Name of the part it belongs to; empty for the site, the grid and the tariff.
    value : any
        Its setting as the case stands; None: nothing is said.
    low, high, step : float, optional
        Ends and step of a slider [unit]; a value outside is taken as well where the case can.
    choices : tuple of str
        What may be chosen.
    low_path : str
        Path of the lower bound of a size.
    file : str
        Name of the file a curve is read from.
    where : mapping
        ``{"origin": "case", "file", "row"}``, ``{"origin": "rule", "rule_id", "source"}`` for what
        the rules fill, or ``{"origin": "default"}``.
    main : bool
        Whether it belongs to what is looked at first.

    Examples
    --------
    >>> from greenland.energy.workbench import Knob, KnobKind
    >>> low = "sources.pv.min_mw"
    >>> knob = Knob("sources.pv.max_mw", KnobKind.SIZE, "Sources", "New capacity", low_path=low)
    >>> knob.changes({"fixed": 60.0}, {})
    {'sources.pv.min_mw': 60.0, 'sources.pv.max_mw': 60.0}
    """

    key: str
    kind: KnobKind
    group: str
    title: str
    unit: str = ""
    meaning: str = ""
    owner: str = ""
    value: Any = None
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    low_path: str = ""
    file: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    main: bool = False

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return dict(plain_value(values | {"kind": str(self.kind), "choices": list(self.choices)}))

    def changes(self, setting: Any, tree: Mapping[str, Any]) -> dict[str, Any]:
        """Values by path that a setting puts into a case.

        Parameters
        ----------
        setting : any
            Of the knob's kind, see `faults`.
        tree : mapping
            The case as it stands.
        """
        if self.kind is KnobKind.FACTOR:
            if isinstance(setting, Mapping):
                return {self.key: {name: value for name, value in setting.items() if value}}
            return {self.key: multiplied(value_at(tree, self.key), float(setting))}
        if self.kind is KnobKind.SIZE:
            if "fixed" in setting:
                return {self.low_path: setting["fixed"], self.key: setting["fixed"]}
            most = setting.get("most")
            return {
                self.low_path: setting.get("least") or 0.0,
                self.key: math.inf if most is None else most,
            }
        if self.kind is KnobKind.CONNECTION:
            if "fixed" in setting:
                return {self.key: setting["fixed"], MOST_CONNECTED: None}
            return {
                self.key: None,
                MOST_CONNECTED: setting["most"],
                self.low_path: setting.get("least") or 0.0,
            }
        return {self.key: setting}

    def faults(self, setting: Any) -> Iterator[Problem]:
        """What is wrong about a setting before the case is asked."""
        if self.kind is KnobKind.SWITCH and not isinstance(setting, bool):
            yield self._fault(setting, "true、false")
        elif self.kind is KnobKind.CHOICE and setting not in self.choices:
            yield self._fault(setting, "、".join(self.choices))
        elif self.kind is KnobKind.FACTOR and isinstance(setting, Mapping):
            yield from self._faults_of_file(setting)
        elif self.kind is KnobKind.FACTOR and not (_is_number(setting) and setting >= 0):
            yield self._fault(setting, _("不为负的数字"))
        elif self.kind is KnobKind.NUMBER and not (setting is None or _is_number(setting)):
            yield self._fault(setting, _("数字"))
        elif self.kind in SIZES:
            yield from self._faults_of_size(setting)

    def _faults_of_file(self, setting: Mapping[str, Any]) -> Iterator[Problem]:
        name = setting.get("file")
        inside = isinstance(name, str) and name and not set(name) & set("/\\:") and name[0] != "."
        if not self.file or not set(setting) <= {"file", "column", "factor"} or not inside:
            yield self._fault(name, _("案例文件夹中的曲线文件"))
        factor = setting.get("factor", 1.0)
        if not _is_number(factor) or factor < 0:
            yield self._fault(factor, _("不为负的数字"))

    def _faults_of_size(self, setting: Any) -> Iterator[Problem]:
        if not isinstance(setting, Mapping) or not set(setting) <= {"fixed", "least", "most"}:
            yield self._fault(setting, _("给定的容量，或下限和上限"))
            return
        if "fixed" in setting and len(setting) > 1:
            yield self._fault(setting, _("给定的容量，或下限和上限，只写一种"))
            return
        open_end = "fixed" not in setting and self.kind is KnobKind.SIZE
        for name, value in setting.items():
            may_be_none = name == "least" or (name == "most" and open_end)
            good = _is_number(value) and value >= 0
            if not good and not (value is None and may_be_none):
                yield self._fault(value, _("不为负的数字"))
                return
        if self.kind is KnobKind.CONNECTION and not set(setting) & {"fixed", "most"}:
            yield self._fault(setting, _("接入容量自由时要有上限"))
        least, most = setting.get("least") or 0.0, setting.get("most")
        if most is not None and least > most:
            yield self._fault(f"{least:g} > {most:g}", _("下限不大于上限"))

    def _fault(self, got: Any, allowed: str) -> Problem:
        name = f"{self.owner} {self.title}".strip()
        return Problem(
            Severity.ERROR,
            "knob_setting",
            _("“{name}”（{key}）的设定不能用。", name=name, key=self.key),
            column=self.key,
            got="" if got is None else str(got),
            allowed=str(allowed),
            touches=("energy",),
        )


MOST_CONNECTED, LEAST_CONNECTED = "grid.max_capacity_mw", "grid.min_capacity_mw"


def _is_number(value: Any) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and math.isfinite(value)
