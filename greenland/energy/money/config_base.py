"""What the parts of ``finance:`` share: shares, growth, and the refusal of unknown keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MAX_YEARS = 60  # of operation a statement can be asked for

Share = Annotated[float, Field(ge=0, le=1)]
Growth = Annotated[float, Field(gt=-1, le=1)]
Amount = Annotated[float, Field(ge=0, le=1e13)]


class FinancePart(BaseModel):
    """A part of ``finance:``; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")
