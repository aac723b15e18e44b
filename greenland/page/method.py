"""Constants of the page that decide nothing about a park, each with its reason."""

from __future__ import annotations

MOST_UPLOAD_MB = 100
"""A ledger of 100 000 rows is some 20 MB, a year of five-minute curves of many users some 40."""
MOST_FILES = 20
"""Files dropped at once: a park has a workbook or thirteen sheets, curves and outlines."""
MOST_FORM_KB = 1024
"""Fields of a form that are no file: a mapping of all sheets stays far below."""
MOST_FIELDS = 20_000
"""Fields of a form, files included: a mapping has some five for each heading of each sheet."""
NAME_CHARS = 80
"""Of a folder or file; Windows allows 255 for the whole path of many programs."""
PASSWORD_CHARS = 12
"""A shorter password can be guessed at one try a second."""
TRY_SECONDS = 1.0
"""Between a wrong password and the next try."""
THREADS = 8
"""Of the server; long work has processes of its own."""
DONE_JOBS = 50
"""Finished jobs that are remembered; their results stand in files."""
KEPT_RECORDS = 4
"""Results read lately, some 30 MB each: this year and the last of two parks."""
KEPT_PAGES = 6
"""Reports rendered lately, some 4 MB each: three lengths of two parks."""
MOST_DESKS = 4
"""Cases held ready for sizing; each keeps its assembled problem and some answers, some 100 MB."""
MOST_TABS = 1000
"""Tabs whose last change is remembered."""
KEPT_READERS = 100
"""Readers for whom messages wait; those who never come back are forgotten."""
