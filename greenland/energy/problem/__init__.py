"""The sizing problem, declared once on arrays; docs/energy-model.md is its specification.

`data` makes the numbers ready, `variables`, `step_constraints` and `annual_constraints` declare
columns and rows family by family, `costs` the objectives; `program` puts them together, `solve`
hands the arrays to an engine, and `pulp_model` names everything, for reading, for LP and MPS
files, for mixed-integer repairs and for any solver PuLP knows.
"""
