"""Chapters of the report: what each evaluation of the record says, in blocks."""
