"""Case files: a site written down in YAML, with its curves as files beside it.

The keys are the fields of `greenland.energy.site`; a curve is a CSV, Excel or Parquet file. The
``energy:`` part of a park file has the same form.
"""

from greenland.energy.case.loading import LoadedCase, load_case, read_case, read_energy, rulebook_of
from greenland.energy.case.schema import Case

__all__ = ["Case", "LoadedCase", "load_case", "read_case", "read_energy", "rulebook_of"]
