"""Campaigns of spoiled input: many damaged files, none of which may end in a traceback.

``python -m tests.campaigns NAME [--count N] [--seed S] [--keep FOLDER]`` runs one of them and
prints what became of each kind of damage. A campaign is a module of this package that holds a
`Campaign` under the name ``CAMPAIGN``; `frame` says what that is.
"""
