# Targets for a bare machine with Python 3.11 or newer: each sets up .venv when there is none.
RELEASE ?= release-3.0
PYTHON ?= $(shell for one in python3.13 python3.12 python3.11 python3; do \
	"$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$one" && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PACKAGE := generated/$(RELEASE)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup generate check drift test lint package clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

setup: $(READY) ## Set up .venv from the lock file

$(READY): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found: install one, or name it with PYTHON=…"; exit 2; }
	@echo "Setting up $(VENV) with $(PYTHON) …"
	@"$(PYTHON)" -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock \
		|| { echo "The packages of requirements.lock could not be installed: is the network there?"; exit 2; }
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(READY)

generate: $(READY) ## Make the client package under generated/
	@$(BIN)/ks-codegen generate --release $(RELEASE)

check: $(READY) ## Compare the committed package with a fresh run: 0 equal, 1 different, 2 could not check
	@$(BIN)/ks-codegen generate --release $(RELEASE) --check

drift: $(READY) ## Compare the tip of the upstream branch with what is pinned: 0 none, 1 drift, 2 could not check
	@$(BIN)/ks-codegen drift --release $(RELEASE)

test: $(READY) ## Run all tests
	@$(BIN)/python -m pytest -n 2

lint: $(READY) ## ruff, mypy --strict and pyright over the generator and the generated package
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy generator $(PACKAGE)/src/kubesphere_client
	@$(BIN)/pyright --pythonpath $(BIN)/python generator $(PACKAGE)/src

package: $(READY) ## Build wheel and sdist of the generated package into dist/
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --outdir dist $(PACKAGE)

clean: ## Remove what the other targets made, .venv included
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
