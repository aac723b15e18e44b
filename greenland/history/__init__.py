"""History: key results of assessments kept from year to year in a database.

A DuckDB file by default, any database SQLAlchemy knows by its URL. Each park and year stands in it
once: keeping it again replaces what was there.
"""

from greenland.history.entry import Entry, Kept, entry_of
from greenland.history.store import DEFAULT_FILE, History

__all__ = ["DEFAULT_FILE", "Entry", "History", "Kept", "entry_of"]
