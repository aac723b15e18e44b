"""The results record: what stands in ``results.json``, as types.

`Record` is the whole; one module tells of each subject. The evaluations write it, the report
reads it, ``docs/results.md`` and the JSON Schema beside this file are made from it.
"""
