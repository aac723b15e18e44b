from greenland.energy.evaluate import EnergyResult as EnergyResult
from greenland.energy.evaluate import evaluate_file as evaluate_file
from greenland.energy.plan.explain.explanation import Explanation as Explanation
from greenland.energy.plan.explain.explanation import explain as explain
from greenland.energy.plan.plan import Plan as Plan
from greenland.energy.problem.solution import Status as Status
from greenland.energy.site import DemandCharge as DemandCharge
from greenland.energy.site import Electrolyser as Electrolyser
from greenland.energy.site import FinalEnergy as FinalEnergy
from greenland.energy.site import FixedAsset as FixedAsset
from greenland.energy.site import Grid as Grid
from greenland.energy.site import InterruptibleLoad as InterruptibleLoad
from greenland.energy.site import Limits as Limits
from greenland.energy.site import Objective as Objective
from greenland.energy.site import SelfUse as SelfUse
from greenland.energy.site import ShiftableLoad as ShiftableLoad
from greenland.energy.site import Site as Site
from greenland.energy.site import Source as Source
from greenland.energy.site import Storage as Storage
from greenland.energy.site import Technology as Technology
from greenland.energy.site import WeatherYears as WeatherYears
from greenland.energy.sizing.rounding import Rounding as Rounding
from greenland.energy.sizing.rounding import round_units as round_units
from greenland.energy.sizing.solve import size as size
from greenland.energy.studies.study import StudyResult as StudyResult
from greenland.energy.studies.study import run_study as run_study

__all__: list[str]
