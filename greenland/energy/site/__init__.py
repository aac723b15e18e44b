"""What is to be sized: a site with its load, sources, storages, grid connection and limits.

Every part is a frozen dataclass with the units of its fields in brackets; a `Site` checks all of
itself when it is made and reports every fault at once. `identity` tells what each capacity, column
and cost item is, apart from what it is called.
"""

from greenland.energy.site.contract_demand import ContractDemand
from greenland.energy.site.fixed_assets import FixedAsset
from greenland.energy.site.generators import Fuel, Generator
from greenland.energy.site.grid import DemandCharge, Grid
from greenland.energy.site.horizon import HOURS_OF_A_STEP, horizon_years, step_hours
from greenland.energy.site.limits import Limits
from greenland.energy.site.loads import Electrolyser, InterruptibleLoad, ShiftableLoad
from greenland.energy.site.maintenance import MaintenanceWindow
from greenland.energy.site.objective import OBJECTIVE_LABELS, Objective
from greenland.energy.site.purchase import PurchaseContract
from greenland.energy.site.readings import SelfUse, WeatherYears
from greenland.energy.site.series import (
    INFINITY,
    Array,
    Mask,
    Price,
    Profile,
    mask_of,
    values_of,
)
from greenland.energy.site.site import Site
from greenland.energy.site.sources import Source, Technology
from greenland.energy.site.starting import starts_in, steps_running
from greenland.energy.site.storage import FinalEnergy, Storage

__all__ = [
    "HOURS_OF_A_STEP",
    "INFINITY",
    "OBJECTIVE_LABELS",
    "Array",
    "ContractDemand",
    "DemandCharge",
    "Electrolyser",
    "FinalEnergy",
    "FixedAsset",
    "Fuel",
    "Generator",
    "Grid",
    "InterruptibleLoad",
    "Limits",
    "MaintenanceWindow",
    "Mask",
    "Objective",
    "Price",
    "Profile",
    "PurchaseContract",
    "SelfUse",
    "ShiftableLoad",
    "Site",
    "Source",
    "Storage",
    "Technology",
    "WeatherYears",
    "horizon_years",
    "mask_of",
    "starts_in",
    "step_hours",
    "steps_running",
    "values_of",
]
