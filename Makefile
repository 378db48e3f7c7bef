# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check -qq
ARGS ?=

# What is compiled once is kept for every process after, whatever the machine's own habit.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test check explore bench serve docs format clean system-packages

help: ## Say what each command does
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: .venv/demo.done ## The main job: two real AI services, four nodes, one finding others rely on
	@$(BIN)/comity demo $(ARGS)

test: ## Every test, lint, types and import rules (under 15 minutes on 2 cores)
	@$(MAKE) --no-print-directory -j 2 .venv/dev.done system-packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --num-workers 2
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not long" $(ARGS)

check: .venv/dev.done system-packages ## The long battery: faults, fuzzing, differential cells (under 30 minutes)
	$(BIN)/pytest -n 2 --dist loadscope -m long $(ARGS)

explore: .venv/dev.done ## Every law on fresh random examples: what it finds becomes a test
	$(BIN)/pytest -n 2 -m hypothesis --hypothesis-profile explore $(ARGS)

bench: .venv/dev.done ## Re-measure every figure the README quotes
	@for script in $$(ls benchmarks/*.py | grep -vE '/(law_.*|council_.*|exposure_.*|assess|assess_.*|evidence|verification|peer|stub|synthetic|appending|witness|follower)\.py'); do echo; echo "== $$script"; $(BIN)/python $$script || exit 1; done

serve: .venv/demo.done ## Serve the node in FOLDER: make serve FOLDER=my-node
	@$(BIN)/comity node serve $(FOLDER) $(ARGS)

docs: .venv/dev.done ## Re-make the generated pages under docs/reference
	@$(BIN)/python docs/reference/make.py

format: .venv/dev.done ## Put the source in form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what the other commands made
	rm -rf .venv build dist demo-run .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests benchmarks docs -name __pycache__ -prune -exec rm -rf {} +

system-packages:
	@sh tests/system-packages

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Comity needs Python 3.11 or newer; try: make PYTHON=python3.12 demo"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }

.venv/demo.done: requirements/demo.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the demonstration needs (hashed, about half a minute) ..."
	@sh requirements/install requirements/demo.lock $(PIP)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.done: requirements/dev.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the tests need (hashed, about half a minute) ..."
	@sh requirements/install requirements/dev.lock $(PIP)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
