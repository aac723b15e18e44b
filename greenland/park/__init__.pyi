from greenland.park.config import ParkConfig as ParkConfig
from greenland.park.config import ParkLevel as ParkLevel
from greenland.park.config import ParkType as ParkType
from greenland.park.config import read_config as read_config
from greenland.park.dictionary import SHEETS as SHEETS
from greenland.park.dictionary import Choice as Choice
from greenland.park.dictionary import Column as Column
from greenland.park.dictionary import ColumnType as ColumnType
from greenland.park.dictionary import Sheet as Sheet
from greenland.park.dictionary import choice_name as choice_name
from greenland.park.dictionary import choices as choices
from greenland.park.dictionary import column as column
from greenland.park.dictionary import columns as columns
from greenland.park.dictionary import empty_table as empty_table
from greenland.park.dictionary import table as table
from greenland.park.example import example_folder as example_folder
from greenland.park.example import read_example as read_example
from greenland.park.example import write_example as write_example
from greenland.park.folder import Park as Park
from greenland.park.folder import read_park as read_park
from greenland.park.reference_text import reference as reference
from greenland.park.writer import write_blank as write_blank
from greenland.park.writer import write_tables as write_tables

__all__: list[str]
