"""Profiles from what a bureau has: meter exports, bills, weather files, power curves, or nothing.

Every profile is a Series on Beijing time with a regular step, labelled at the start of each step;
``attrs["provenance"]`` says where it comes from and ``attrs["quality"]`` how good it is.

========= ===========================================================================
reading   `series`: the one reader of curves, for exports, cases and finished curves alike;
          `sheets` and `tables` the cells, `times` and `clocks` the times, `power_units` and
          `quantities` what headers say, `roles` and `layout` which columns and rows count
load      `meter` exports; monthly `bills` with day `shapes` by industry and shift;
          `growth` and new production lines; `combine` adds firms into a park
renewable `weather` of EPW, TMY3, PVGIS, NSRDB and plain tables → `pv`; speeds of a
          `met_mast` and power curves → `wind`; `scada`: measured output, outages and
          curtailment masked; `synthetic` from nothing but full-load hours
quality   the quality sheet; `store` keeps profiles with their provenance on disk;
          `calendar` has the Chinese working days
========= ===========================================================================
"""

from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.timeline import LeapDay, full_load_hours, onto_year, year_index

__all__ = ["LeapDay", "Place", "Subject", "full_load_hours", "onto_year", "year_index"]
