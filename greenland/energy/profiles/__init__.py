"""Curves from what a bureau has: meter exports, bills, weather files, power curves, or nothing.

Every curve is a Series on Beijing time with a regular step, labelled at the start of each step;
``attrs["provenance"]`` says where it comes from and ``attrs["quality"]`` how good it is.

========== ==========================================================================
meter      meter exports → load
bills      monthly bills and a day shape → load; ``bill_table`` reads them
shapes     day shapes by industry and shift; ``calendar`` has the Chinese working days
growth     growth and new production lines; ``combine`` adds firms into a park
weather    one form for EPW, TMY3, PVGIS, NSRDB and plain tables, which ``weather_readers``
           reads; ``pv`` makes output of it
wind       wind speeds and power curves → output; ``mast`` reads the tables
measured   measured output → available output, outages and curtailment masked
synthetic  a PV or wind year from nothing but full-load hours
quality    the quality sheet; ``store`` keeps curves with their provenance on disk
========== ==========================================================================
"""

from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.timeline import LeapDay, full_load_hours, onto_year, year_index

__all__ = ["LeapDay", "Place", "Subject", "full_load_hours", "onto_year", "year_index"]
