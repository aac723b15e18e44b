from greenland import energy as energy
from greenland import land as land
from greenland import report as report
from greenland.assessment import Assessment as Assessment
from greenland.assessment import LandResults as LandResults
from greenland.assessment import assess as assess
from greenland.errors import GreenlandError as GreenlandError
from greenland.errors import InputError as InputError
from greenland.errors import Problem as Problem
from greenland.park import Park as Park
from greenland.park import read_park as read_park
from greenland.results import NotEvaluated as NotEvaluated

__version__: str
__all__: list[str]
