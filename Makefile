# All that is needed is Python 3.11 or newer: every target sets up .venv when there is none.
RELEASE ?= release-3.0
# pyenv's python3.13 may exist and refuse to run, so each candidate is asked for its version.
PYTHON ?= $(shell for one in python3.13 python3.12 python3.11 python3; do \
	"$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$one"; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
PACKAGE = generated/$(RELEASE)

.DEFAULT_GOAL := help
.PHONY: help setup generate check drift report test contract lint package lock clean

help: ## List the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 12

setup: $(READY) ## Set up .venv from requirements.lock

$(READY): pyproject.toml requirements.lock
	@if [ -z "$(PYTHON)" ]; then \
		echo "make: no Python 3.11 or newer was found. Install one, or name it: make setup PYTHON=/path/to/python3" >&2; \
		exit 2; fi
	@echo "Setting up $(VENV) with $(PYTHON) ..."
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: $(PYTHON) is not Python 3.11 or newer. Name one that is with PYTHON=..." >&2; exit 2; }
	@"$(PYTHON)" -m venv --clear $(VENV) || { \
		echo "make: $(PYTHON) cannot make a virtual environment; some systems have that in a package python3-venv." >&2; \
		exit 2; }
	@$(PIP) install --require-hashes --requirement requirements.lock || { \
		echo "make: the packages of requirements.lock could not be installed. Is the package index reachable?" >&2; \
		exit 2; }
	@$(PIP) install --no-deps --no-build-isolation --editable . || { \
		echo "make: the project itself could not be installed; this step needs no network." >&2; exit 2; }
	@touch $@

generate: $(READY) ## Generate the client package (RELEASE=release-3.0)
	@$(BIN)/ks-codegen generate --release "$(RELEASE)"

check: $(READY) ## Compare the committed package with a fresh run
	@$(BIN)/ks-codegen generate --release "$(RELEASE)" --check

drift: $(READY) ## Compare the tip of the upstream branch with the pinned files
	@$(BIN)/ks-codegen drift --release "$(RELEASE)"

report: $(READY) ## Check every known defect against the corrected document
	@$(BIN)/ks-codegen report --release "$(RELEASE)"

test: $(READY) ## Run the tests
	@$(BIN)/python -m pytest -n 2

contract: $(READY) ## Drive the client against recorded exchanges (RECORDINGS=directory)
	@$(BIN)/python -m tests.contract --release "$(RELEASE)" "$(or $(RECORDINGS),tests/contract/recordings)"

lint: $(READY) ## ruff, mypy and pyright over the generator and the generated package
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict generator
	@$(BIN)/mypy --strict "$(PACKAGE)/src"
	@$(BIN)/pyright --pythonpath $(BIN)/python generator "$(PACKAGE)/src"

package: $(READY) ## Build wheel and sdist of the generated package into dist/
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --outdir dist "$(PACKAGE)"

lock: $(READY) ## Pin all packages anew in requirements.lock
	@"$(PYTHON)" -m venv --clear build/lock
	@build/lock/bin/python -m pip --quiet --disable-pip-version-check install "pip-tools>=7.5"
	@build/lock/bin/python -m piptools compile --quiet --upgrade --generate-hashes --extra dev --allow-unsafe \
		--strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file requirements.lock pyproject.toml

clean: ## Remove .venv and all that the other targets leave behind, but not generated/
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find generator templates tests generated -name __pycache__ -type d -prune -exec rm -rf {} +
