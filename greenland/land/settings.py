"""A park's own settings for one land evaluation, from the ``land:`` part of park.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from greenland.yamlfile import mistaken_kinds, validate

if TYPE_CHECKING:
    from greenland.park import Park

Model = TypeVar("Model", bound=BaseModel)


def settings(park: Park, section: str, model: type[Model]) -> Model:
    """Validate ``land.<section>`` of the park's settings; all defaults when it is left out.

    Raises
    ------
    InputError
        With every fault found and its line in park.yaml.
    """
    land = park.config.land or {}
    part = land.get(section) if isinstance(land, Mapping) else None
    values = {} if part is None else part
    try:
        chosen = model.model_validate(values)
        if not any(mistaken_kinds(values, chosen)):
            return chosen
    except ValidationError:  # only a fault needs the lines of the file
        pass
    tree = getattr(park.config, "tree", None)
    return validate(values, model, file="park.yaml", root=tree, prefix=("land", section))
