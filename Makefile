# make setup: the command at .venv/bin/referral-intake · make demo: see the whole job · make test: everything, on real servers
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: setup demo test check dev system screenshot lock bench accuracy soak clean

setup: .venv/.product
	@scripts/system-packages reading
demo: setup
	@$(BIN)/referral-intake demo

test: system dev check
	$(BIN)/python -m pytest

# What needs no server: style, types, import directions.
check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

dev: .venv/.dev
system:
	@scripts/system-packages

# What takes long: the slices of the default run, in full.
soak: system dev
	KILLS=1000 $(BIN)/python -m pytest tests/faults/test_random_kills.py
	SLOW_PICTURES=1 $(BIN)/python -m pytest tests/faults/test_hostile_images.py
	$(BIN)/python -m tests.faults.fuzz --count 10000 --save .fuzz

bench: system dev
	$(BIN)/python -m bench

# How much of what was written into forms comes out right; into docs/accuracy.md.
accuracy: system dev
	$(BIN)/python -m bench.accuracy --write

screenshot: dev
	PYTHONPATH=. $(BIN)/python scripts/demo-screenshot

lock:
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --extra build pyproject.toml -o requirements.lock
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed; say make PYTHON=/where/it/is"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.product: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.product
	$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .fuzz
