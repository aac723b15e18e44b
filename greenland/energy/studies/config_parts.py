"""What the sections of a study file have in common."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from greenland.i18n import _

MOST_POINTS = 10_000
"""Cases of one study: a slip of the pen must not ask for weeks of work."""
Number = Annotated[float, Field(allow_inf_nan=False)]
Path = Annotated[str, Field(min_length=1)]


class StudyPart(BaseModel):
    """What all parts of a study file have in common: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Varied(StudyPart):
    """One or several keys of the case that are varied together.

    Parameters
    ----------
    path : str
        Path of a key, as in ``scenarios:`` of a case.
    paths : list of str
        Several of them.
    factor : bool
        Whether values multiply what the case says (a curve: its ``scale``) instead of replacing it.
    name : str
        What people read; the path where it is left out.
    """

    path: Path | None = None
    paths: list[Path] = []
    factor: bool = False
    name: str = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.path is None) == (not self.paths):
            raise ValueError(_("path 和 paths 要给其中一个"))
        if len(self.paths) > 1 and not self.factor:
            raise ValueError(_("几个 paths 一起变动时请写 factor: true，数值为倍数"))
        if len({*self.all_paths}) < len(self.all_paths):
            raise ValueError(_("paths 中有重复"))
        return self

    @property
    def all_paths(self) -> list[str]:
        """The path, or all of them."""
        return list(self.paths) if self.path is None else [self.path]

    @property
    def title(self) -> str:
        """What people read."""
        return self.name or "、".join(self.all_paths)
