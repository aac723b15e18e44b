"""Charts by subject; each takes a part of the record and is None when it has no data."""
