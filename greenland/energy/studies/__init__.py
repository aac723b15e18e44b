"""Studies of a case: many sizings of it with some of its values changed.

From the bottom: ``config`` (the study file) · ``reading`` (its paths against the case) · ``task``
(one sizing, and the hash it is known by) · ``bench`` (does a task, keeping what tasks share) ·
``journal`` (what is done, on disk) · ``running`` (hands tasks to processes or a cluster) · one
module for each kind of study · ``study`` (from file to result).
"""
