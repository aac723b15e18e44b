"""Schemes of evaluations: those that come with the package, and a park's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    model_validator,
)

from greenland.errors import input_error
from greenland.i18n import _
from greenland.rules import is_known_rule, known_rule_ids
from greenland.yamlfile import known_name, nearest, read_model

Model = TypeVar("Model", bound=BaseModel)


def _known_rule(rule_id: str) -> str:
    if is_known_rule(rule_id):
        return rule_id
    return known_name(rule_id, known_rule_ids(), _("规则"))


# Id of a rule of the packs, in which ``{level}`` may stand for the level of the park.
RuleId = Annotated[str, AfterValidator(_known_rule)]


class SchemeModel(BaseModel):
    """A part of a scheme: fixed once read, and no key that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Names of the indicators the scheme being read defines itself.
OWN_NAMES: ContextVar[tuple[str, ...]] = ContextVar("OWN_NAMES", default=())


class SchemeWithIndicators(SchemeModel):
    """A scheme that may define indicators, under ``indicators``; its parts may name them."""

    @model_validator(mode="wrap")
    @classmethod
    def _with_own_names(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        own = data.get("indicators") if isinstance(data, Mapping) else None
        token = OWN_NAMES.set(tuple(map(str, own)) if isinstance(own, Mapping) else ())
        try:
            return handler(data)
        finally:
            OWN_NAMES.reset(token)


class SchemeRegistry(Generic[Model]):
    """The schemes of one evaluation.

    Parameters
    ----------
    folder : Path
        Where those of the package lie, a YAML file each.
    model : type
    code : str
        Of the problem that a name is not known.
    """

    def __init__(self, folder: Path, model: type[Model], code: str) -> None:
        self.folder, self.model, self.code = folder, model, code
        self._read: dict[str, Model] = {}

    def names(self) -> list[str]:
        """Ids of the schemes that come with the package."""
        return sorted(path.stem for path in self.folder.glob("*.yaml"))

    def load(self, name: str, folder: Path | None, unknown: Callable[[], str]) -> Model:
        """Load a scheme by its id, or from a YAML file of the park.

        Parameters
        ----------
        name : str
            Id of a scheme of the package, or a file name ending in ``.yaml``.
        folder : Path, optional
            Folder a file name is relative to.
        unknown : callable
            Says that there is no such scheme.

        Raises
        ------
        InputError
            If there is no such scheme, or the file is faulty.
        """
        if name.endswith((".yaml", ".yml")):
            return read_model((folder or Path()) / name, self.model)
        known = self.names()
        if name not in known:
            guess = nearest(name, known)
            raise input_error(
                self.code,
                unknown(),
                remedy=_("是否应为“{guess}”？", guess=guess) if guess else "",
                got=name,
                allowed="、".join(known),
            )
        if name not in self._read:
            self._read[name] = read_model(self.folder / f"{name}.yaml", self.model)
        return self._read[name]
