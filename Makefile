# make demo          set everything up, assess the example park, print where the report is
# make test          set everything up, then lint, types and tests
# make check         lint, types and the quick tests, for daily work
# make campaigns     all tests, those on drawn inputs in their long forms
# make coverage      the tests once more, with the coverage of every module
# make thorough      all tests, and the list anew of those too slow for daily work
# make docs          the documentation site in out/docs, its tutorials run
# make mutants [MUTANTS="greenland.energy.compliance*"] [SHARE=0.1]   which broken lines no test notices
# make test-newest   the tests with the newest libraries that pyproject.toml allows
# make test-lowest   the tests with the oldest libraries that pyproject.toml allows
# make lock          write the locked versions anew
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := .venv-uv/bin/uv
# More workers than cores: many tests wait for a browser, a server or another process.
PYTEST := pytest -n 4 --dist loadgroup
# What was compiled is kept, else each worker, and each command that a test runs, compiles it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check campaigns lint types unit quick thorough coverage test-newest test-lowest lock catalogue messages mutants system docs bench clean

demo: $(VENV)/.ready
	$(BIN)/greenland assess examples/yunnan_park --out out/yunnan_park

test: $(VENV)/.ready-dev system catalogue lint types unit

check: $(VENV)/.ready-dev catalogue lint types quick

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# The locked versions, then the project itself, built with the locked tools; compiled, which pip
# leaves out for an editable install, so that not every command does it anew.
$(VENV)/.ready: pyproject.toml requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q greenland
	touch $@

$(VENV)/.ready-dev: pyproject.toml requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q greenland
	touch $(VENV)/.ready $@

$(UV):
	$(PYTHON) -m venv .venv-uv
	.venv-uv/bin/python -m pip install --quiet "uv>=0.9"

# Both files hold for every platform, and what they share has one version. Build tools come along,
# so that the project is built with locked ones. No index is named: pip's own setting decides.
COMPILE := $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
BUILD_TOOLS := $(PYTHON) -c 'import tomllib; \
	print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")'

lock: $(UV)
	$(BUILD_TOOLS) | $(COMPILE) pyproject.toml - --extra dev -o requirements-dev.txt
	$(BUILD_TOOLS) | $(COMPILE) pyproject.toml - --extra all -c requirements-dev.txt -o requirements.txt

# In an environment of its own, made anew each time.
RESOLUTION_newest := highest
RESOLUTION_lowest := lowest-direct
test-newest test-lowest: test-%: $(UV) system
	$(PYTHON) -m venv --clear .venv-$*
	$(UV) pip install --quiet --python .venv-$*/bin/python --resolution $(RESOLUTION_$*) --editable ".[dev]"
	.venv-$*/bin/$(PYTEST) -m "not campaign"

# What the browser and print tests need; see tests/system.sh.
system:
	sh tests/system.sh

catalogue: $(VENV)/.ready-dev
	$(BIN)/python hatch_build.py

# Bring the catalogues up to date with the messages in the code.
messages: $(VENV)/.ready-dev
	$(BIN)/pybabel -q extract -F babel.cfg -k _ -k N_ --no-location --sort-output -o greenland/locale/greenland.pot .
	$(BIN)/pybabel -q update -D greenland -i greenland/locale/greenland.pot -d greenland/locale -l en --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100
	rm greenland/locale/greenland.pot

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-dev
	$(BIN)/mypy --num-workers 2

unit: $(VENV)/.ready-dev catalogue
	$(BIN)/$(PYTEST) -m "not campaign"

quick: $(VENV)/.ready-dev catalogue
	$(BIN)/pytest -n 2 --dist loadgroup -m "not (slow or thorough or browser or compare or external or campaign)"

# Measures anew which tests are not quick.
thorough: $(VENV)/.ready-dev system catalogue
	GREENLAND_WRITE_THOROUGH=1 $(BIN)/$(PYTEST) -m "not campaign"

campaigns: $(VENV)/.ready-dev system catalogue
	GREENLAND_LONG=1 $(BIN)/$(PYTEST)

coverage: $(VENV)/.ready-dev system catalogue
	$(BIN)/$(PYTEST) -m "not campaign" --cov --cov-report=term

# The site of the documentation, tutorials run; warnings are errors and nothing is fetched.
docs: $(VENV)/.ready-dev
	$(BIN)/sphinx-build -W --keep-going -q -b html docs out/docs

# Breaks the modules under [tool.mutmut] line by line and runs their tests on each mutant, those of
# earlier runs that a test noticed left out. The score, then every mutant that lived.
MUTANTS ?= *
SHARE ?= 1
mutants: $(VENV)/.ready-dev catalogue
	$(BIN)/python -m pip install --quiet --editable ".[mutants]"
	nice -n 15 $(BIN)/python -m tests.mutants --share $(SHARE) $(foreach name,$(MUTANTS),"$(name)")

bench: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .venv-* build dist out mutants .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
