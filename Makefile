# All that is needed is Python 3.11 or newer: every target sets up .venv when there is none.
# A target is about one release; `make all-TARGET` does it for each.
RELEASE ?= release-3.0
RELEASES := $(sort $(patsubst specs/%/release.toml,%,$(wildcard specs/*/release.toml)))
# pyenv's python3.13 may exist and refuse to run, so each candidate is asked for its version.
PYTHON ?= $(shell for one in python3.13 python3.12 python3.11 python3; do \
	"$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$one"; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
PACKAGE = generated/$(RELEASE)
WORKFLOW_LINTERS := build/workflows

.DEFAULT_GOAL := help
.PHONY: help setup generate check drift update release report test contract lint types package bench workflows lock clean

help: ## List the targets
	@sed -nE 's/^([a-z]+|all-%):.*## (.*)/\1\t\2/p' Makefile | expand -t 12
	@echo
	@echo "RELEASE=$(RELEASE) is one of: $(RELEASES)"

all-%: ## The target that % stands for, for each release: make all-check
	@failed=0; for release in $(RELEASES); do \
		$(MAKE) --no-print-directory $* RELEASE="$$release" || failed=2; done; exit $$failed

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

generate: $(READY) ## Generate the client package (RELEASE=release-3.1 for another release)
	@$(BIN)/ks-codegen generate --release "$(RELEASE)"

check: $(READY) ## Compare the committed package with what the sources give (FRESH=1: run even if nothing changed)
	@$(BIN)/ks-codegen generate --release "$(RELEASE)" --check $(if $(FRESH),--fresh)

drift: $(READY) ## Compare the tip of the upstream branch with the pinned files (FROM= and TO= compare any two)
	@$(BIN)/ks-codegen drift --release "$(RELEASE)" $(if $(FROM),--from "$(FROM)") $(if $(TO),--to "$(TO)")

update: $(READY) ## Move the pin to the tip, or to TO=, and regenerate (DRY_RUN=1, RETIRE=1: see README.md)
	@$(BIN)/ks-codegen update --release "$(RELEASE)" $(if $(TO),--to "$(TO)") $(if $(DRY_RUN),--dry-run) \
		$(if $(RETIRE),--retire)

release: $(READY) ## Write down the package's version as released, with the digest of its content
	@$(BIN)/ks-codegen release --release "$(RELEASE)" $(if $(DRY_RUN),--dry-run)

report: $(READY) ## Check every known defect against the corrected document
	@$(BIN)/ks-codegen report --release "$(RELEASE)"

test: $(READY) ## Run the tests
	@$(BIN)/python -m pytest -n 2

contract: $(READY) ## Drive the client against recorded exchanges (RECORDINGS=directory)
	@$(BIN)/python -m tests.contract --release "$(RELEASE)" "$(or $(RECORDINGS),tests/contract/recordings)"

lint: $(READY) ## ruff, mypy and pyright over the generator and the package of each release
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict generator benchmarks
	@$(BIN)/pyright --pythonpath $(BIN)/python generator
	@$(MAKE) --no-print-directory all-types

# Each release has a package of the same name, so each is looked at alone.
types: $(READY) ## mypy and pyright over the package of RELEASE
	@$(BIN)/mypy --strict --cache-dir ".mypy_cache/$(RELEASE)" "$(PACKAGE)/src"
	@mkdir -p build/pyright
	@printf '{"include": ["%s"], "extraPaths": ["%s"], "pythonVersion": "3.11", "typeCheckingMode": "standard"}\n' \
		"../../$(PACKAGE)/src" "../../$(PACKAGE)/src" >"build/pyright/$(RELEASE).json"
	@$(BIN)/pyright --pythonpath $(BIN)/python --project "build/pyright/$(RELEASE).json"

package: $(READY) ## Build wheel and sdist of the generated package into dist/<release>/
	@rm -rf "dist/$(RELEASE)"
	@$(BIN)/python -m build --no-isolation --outdir "dist/$(RELEASE)" "$(PACKAGE)"

workflows: ## actionlint, zizmor and shellcheck over .github/workflows and the scripts in .ci/
	@"$(PYTHON)" -m venv --clear $(WORKFLOW_LINTERS)
	@$(WORKFLOW_LINTERS)/bin/python -m pip --quiet --disable-pip-version-check --no-input install \
		--require-hashes --requirement .github/requirements.txt
	@command -v shellcheck >/dev/null || echo "make: no shellcheck here, so the shell in them is not looked at" >&2
	@$(WORKFLOW_LINTERS)/bin/actionlint
	@$(WORKFLOW_LINTERS)/bin/zizmor --quiet --offline --config .github/zizmor.yml .github/workflows
	@! command -v shellcheck >/dev/null || shellcheck .ci/*

bench: $(READY) ## Measure everything beside the peers and write benchmarks/RESULTS.md (ROWS="import decode": only some)
	@$(BIN)/python -m benchmarks $(ROWS)

# The header has to name a command that renovate knows how to run; it knows few options.
LOCK_COMMAND := pip-compile --allow-unsafe --extra=dev --generate-hashes --no-emit-index-url \
	--output-file=requirements.lock --strip-extras pyproject.toml

lock: $(READY) ## Pin all packages anew in requirements.lock
	@"$(PYTHON)" -m venv --clear build/lock
	@build/lock/bin/python -m pip --quiet --disable-pip-version-check install "pip-tools>=7.5"
	@CUSTOM_COMPILE_COMMAND="$(strip $(LOCK_COMMAND))" build/lock/bin/python -m piptools compile --quiet --upgrade \
		--no-emit-find-links --no-emit-trusted-host $(wordlist 2,99,$(LOCK_COMMAND))

clean: ## Remove .venv and all that the other targets leave behind, but not generated/
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find generator templates tests generated -name __pycache__ -type d -prune -exec rm -rf {} +
