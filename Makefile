# make demo   set everything up, assess the example park, print where the report is
# make test   set everything up, then lint, types and tests
# make mutants [MUTANTS="greenland.energy.compliance*"]   which broken lines no test notices
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types unit catalogue messages mutants system docs bench clean

demo: $(VENV)/.ready
	$(BIN)/greenland assess examples/yunnan_park --out out/yunnan_park

test: $(VENV)/.ready-dev system catalogue lint types unit

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.ready: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[all]"
	touch $@

$(VENV)/.ready-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $(VENV)/.ready $@

# What the browser and print tests need; see tests/system.sh.
system:
	sh tests/system.sh

catalogue: $(VENV)/.ready-dev
	$(BIN)/python hatch_build.py

# Bring the catalogues up to date with the messages in the code.
messages: $(VENV)/.ready-dev
	$(BIN)/pybabel -q extract -F babel.cfg -k _ -k N_ --no-location --sort-output -o greenland/locale/greenland.pot .
	$(BIN)/pybabel -q update -D greenland -i greenland/locale/greenland.pot -d greenland/locale -l en --no-fuzzy-matching --ignore-obsolete --omit-header
	rm greenland/locale/greenland.pot

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-dev
	$(BIN)/mypy

unit: $(VENV)/.ready-dev catalogue
	$(BIN)/pytest -n 2 --dist loadgroup --cov --cov-report=term -q

# The site of the documentation, tutorials run; warnings are errors and nothing is fetched.
docs: $(VENV)/.ready-dev
	$(BIN)/sphinx-build -W --keep-going -q -b html docs out/docs

# Breaks the modules under [tool.mutmut] line by line and runs their tests on each mutant: hours
# for all, so name the functions that changed. The score, then every mutant that lived.
MUTANTS ?= *
mutants: $(VENV)/.ready-dev catalogue
	$(BIN)/python -m pip install --quiet --editable ".[mutants]"
	nice -n 15 $(BIN)/mutmut run --max-children 1 $(foreach name,$(MUTANTS),"$(name)")
	$(BIN)/python -m tests.mutants

bench: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist out mutants .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
