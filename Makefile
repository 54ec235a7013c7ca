# Everything a developer or an operator of a small installation types. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Test processes: much of the time they wait for browsers, databases and each other.
SIDE_BY_SIDE ?= 3
STATIC := feedback/web/static
CATALOGUES := $(wildcard feedback/translations/*/LC_MESSAGES/messages.po)

# Tools keep their caches in the home folder; without a usable one they get a folder of the build.
ifneq ($(shell test -n "$$HOME" && test -w "$$HOME" && echo usable),usable)
export HOME := $(CURDIR)/build/home
$(shell mkdir -p "$(HOME)")
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run install test lint fmt bench demo shell lock assets translations clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/installed assets $(CATALOGUES:.po=.mo) ## Start the whole city: web, workers, relay, embedded Redis
	@exec $(BIN)/python -m feedback.cli.launch

install: $(VENV)/installed assets $(CATALOGUES:.po=.mo) ## Install what a production machine needs, and nothing more

test-long: $(VENV)/installed-dev assets $(CATALOGUES:.po=.mo) ## Compare the figures of over 10,000 random histories with a plain recomputation
	@RANDOM_CITIES=4000 $(BIN)/python -m pytest tests/domain/test_measures.py $(ARGS)

test: $(VENV)/installed-dev assets $(CATALOGUES:.po=.mo) ## Set up what the tests need and run all of them (ARGS="-k word" for some)
	@scripts/prepare-tests
	@$(BIN)/python -m pytest --numprocesses $(SIDE_BY_SIDE) --dist loadfile \
		--no-loadscope-reorder $(ARGS)

lint: $(VENV)/installed-dev ## Check style, types, import layers and templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint feedback/web/templates

fmt: $(VENV)/installed-dev ## Put the code into its standard form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/installed-dev ## Measure, and write bench/RESULTS.md
	$(BIN)/python -m bench

demo: $(VENV)/installed ## Load the demo city into an empty database
	$(BIN)/flask --app wsgi demo load

shell: $(VENV)/installed ## Open a Python shell inside the application
	$(BIN)/flask --app wsgi shell

lock: $(VENV)/bootstrapped ## Recompile the pinned requirement files (UPGRADE=--upgrade for newer versions)
	@for name in requirements requirements-dev requirements-bootstrap requirements-node; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --custom-compile-command "make lock" $(UPGRADE) \
			$$name.in --output-file $$name.txt || exit 1; \
	done
	scripts/npm install --package-lock-only --ignore-scripts

assets: $(STATIC)/vendor/complete ## Fetch the browser libraries into the static folder

translations: $(VENV)/installed ## Gather the words to translate into the catalogues
	@mkdir -p build
	$(BIN)/pybabel --quiet extract --mapping babel.cfg --keyword _l --no-location --sort-output \
		--project feedback --output build/messages.pot .
	$(BIN)/pybabel --quiet update --input-file build/messages.pot --output-dir feedback/translations \
		--domain messages --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		--init-missing --locale vi

clean: ## Remove what was installed or built (the data folder stays)
	rm -rf $(VENV) node_modules $(STATIC)/vendor build .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache $(CATALOGUES:.po=.mo)

# The files below are made by set-up; each is touched when its step is complete.

$(VENV)/bootstrapped: requirements-bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: set PYTHON, as in make PYTHON=python3.12"; exit 1; }
	@echo "Making the virtual environment"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements-bootstrap.txt
	@touch $@

$(VENV)/installed: requirements.txt $(VENV)/bootstrapped
	@echo "Installing the Python packages"
	@scripts/install requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing the development packages"
	@scripts/install requirements-dev.txt
	@touch $@

node_modules/complete: package.json package-lock.json | $(VENV)/bootstrapped
	@echo "Installing the browser libraries"
	@scripts/npm ci --ignore-scripts --loglevel=error
	@touch $@

$(STATIC)/vendor/complete: node_modules/complete scripts/copy_assets.py scripts/merge_fonts.py \
		| $(VENV)/installed
	@$(BIN)/python scripts/copy_assets.py
	@touch $@

%.mo: %.po | $(VENV)/installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
