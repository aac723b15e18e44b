"""Facts of a case and its plan for the reader: load, resource, losses, investment by item."""
