"""How charges beside the price of energy are written: surcharges, demand, power factor."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from greenland.i18n import _

# Declared demand: chosen month by month, one number, or twelve [kW].
ContractKw = (
    Literal["monthly"]
    | Annotated[float, Field(gt=0, le=1e9)]
    | Annotated[list[Annotated[float, Field(gt=0, le=1e9)]], Field(min_length=12, max_length=12)]
)


def _one_contract(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Say once what a declared demand may be."""
    try:
        return handler(value)
    except ValidationError as error:
        raise ValueError(
            _("应为 monthly（逐月由测算确定）、大于 0 的千瓦数，或十二个千瓦数（一月起）")
        ) from error


ContractDemandKw = Annotated[ContractKw, WrapValidator(_one_contract)]


class Surcharge(BaseModel):
    """A charge the components of a tariff do not know.

    Parameters
    ----------
    price : float or list of 12 float
        One for all months, or twelve, January first; in yuan for each unit of *per*.
    per : str
        A kWh from the grid or used of one's own, a kVA or a kW of each month, or a month.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1)
    price: float | Annotated[list[float], Field(min_length=12, max_length=12)]
    per: Literal["grid_kwh", "self_use_kwh", "kva_month", "kw_month", "month"]
    source: str = ""


class PeriodDemand(BaseModel):
    """A demand charge of its own on the highest import in some hours of each month."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1)
    price: float | Annotated[list[float], Field(min_length=12, max_length=12)]
    periods: list[str] = []
    source: str = ""


# One power factor, or twelve (January first).
Factor = Annotated[float, Field(gt=0, le=1)]
Factors = Factor | Annotated[list[Factor], Field(min_length=12, max_length=12)]
Kvarh = Annotated[float, Field(ge=0, le=1e12)]


class PowerFactorConfig(BaseModel):
    """What the power-factor adjustment is made from.

    Parameters
    ----------
    standard : float
        One of those of the table.
    power_factor : float or list of 12 float, optional
        At the meter of the grid.
    reactive_kvarh : list of 12 float, optional
        Reactive energy at the meter of each month [kvarh], instead; the factor then follows.
    excluded : list of str
        Items of the bill that are not adjusted.
    """

    model_config = ConfigDict(extra="forbid")

    standard: Annotated[float, Field(gt=0, le=1)]
    power_factor: Factors | None = None
    reactive_kvarh: Annotated[list[Kvarh], Field(min_length=12, max_length=12)] | None = None
    excluded: list[str] = ["funds"]
    source: str = ""

    @model_validator(mode="after")
    def _one_of_them(self) -> PowerFactorConfig:
        if (self.power_factor is None) == (self.reactive_kvarh is None):
            raise ValueError(_("power_factor 和 reactive_kvarh 须给出其中一个"))
        return self
