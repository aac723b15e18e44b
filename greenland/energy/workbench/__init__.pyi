from greenland.energy.workbench.answer import BenchAnswer as BenchAnswer
from greenland.energy.workbench.cards import Card as Card
from greenland.energy.workbench.cards import Cards as Cards
from greenland.energy.workbench.knobs import Knob as Knob
from greenland.energy.workbench.knobs import KnobKind as KnobKind
from greenland.energy.workbench.workbench import Workbench as Workbench

__all__: list[str]
