# Gradatim: few verbs. `make demo` and `make test` start from a bare clone with Python 3.11, pip and make.
.PHONY: help setup demo serve test check fmt docs bench cover deep
.DEFAULT_GOAL := help
PYTHON ?= python3
RUN := .run/python
TESTS := GRADATIM_DATA=.run/tests $(RUN) -m pytest -n 2 --dist worksteal
CODE := src tests tools bench

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: ## install what development needs
	@$(PYTHON) tools/setup.py dev

demo: ## Northfield College with a walk through the main job, on http://localhost:8000
	@$(PYTHON) tools/setup.py server
	@$(RUN) -m gradatim demo

serve: ## your own program, on http://localhost:8000
	@$(PYTHON) tools/setup.py server
	@$(RUN) -m gradatim serve

test: setup ## every test that can run here; ONLY="slow" for a part; what is missing is said in one line each
	@$(TESTS) $(if $(ONLY),-m "$(ONLY)")
	@if [ -n "$$GRADATIM_TEST_POSTGRES" ]; then DATABASE_URL="$$GRADATIM_TEST_POSTGRES" $(TESTS) tests/program -m database; \
	else echo "The program was tested on SQLite only: set GRADATIM_TEST_POSTGRES=postgres://user@host:port/name to test it on PostgreSQL too."; fi

check: setup ## static checks and the fast tests
	@$(RUN) -m ruff format --check --quiet $(CODE)
	@$(RUN) -m ruff check --quiet $(CODE)
	@$(RUN) -m mypy
	@$(RUN) -c 'import sys; from importlinter.cli import lint_imports_command; sys.argv[1:] = []; lint_imports_command()'
	@$(RUN) -m gradatim manage makemigrations --check --dry-run
	@$(RUN) tools/lengths.py
	@$(TESTS) -m "not slow"
	@$(MAKE) --no-print-directory docs

fmt: setup ## format and mend what can be mended
	@$(RUN) -m ruff format --quiet $(CODE)
	@$(RUN) -m ruff check --quiet --fix $(CODE)

docs: setup ## build the documentation into site/
	@$(RUN) -m zensical build --clean

bench: setup ## measure the engine beside its peers, which are installed into bench/; QUICK=1 for a minute
	@$(RUN) bench/engine.py $(if $(QUICK),--quick)

cover: setup ## the engine's tests under branch coverage; every line and branch of it has to be met
	@GRADATIM_DATA=.run/tests $(RUN) -m coverage run --source=gradatim.engine -m pytest -q tests/engine
	@$(RUN) -m coverage report --fail-under=100 --skip-covered --show-missing

FUZZ_SECONDS ?= 600
DEEP := .run/deep
PEERS := bazaar digital_credentials schemas jose javascript openvc in_python pyld
FUZZED := reader unbake status jws selective disclosed credential
SOURCES = $(shell find src/gradatim/engine tests/engine tests/deep -name '*.py' -not -path '*/node_modules/*')
deep: setup $(PEERS:%=$(DEEP)/peers-%) $(FUZZED:%=$(DEEP)/fuzz-%) $(DEEP)/mutants $(DEEP)/search ## independent libraries, fuzzing, mutation, long searches: hours, not in CI; again, it goes on where it stopped

# A file in .run/deep says that a part was passed by the sources as they are; what is newer than it is tried again.
tests/deep/peers/node_modules: tests/deep/peers/package.json
	@cd $(@D) && npm install --silent --no-package-lock --no-audit --no-fund --ignore-scripts
	@touch $@

$(DEEP)/peers-%: $(SOURCES) tests/deep/peers/peers.mjs tests/deep/peers/node_modules | setup
	@GRADATIM_DATA=.run/tests $(RUN) -m pytest -q tests/deep/peers.py -k $*
	@mkdir -p $(DEEP) && touch $@

$(DEEP)/fuzz-%: $(SOURCES) | setup
	@$(RUN) -m pip install --quiet --disable-pip-version-check "atheris>=3"
	@mkdir -p $(DEEP)
	@$(RUN) tests/deep/fuzz.py $* $(FUZZ_SECONDS) -artifact_prefix=$(DEEP)/$*-
	@touch $@

$(DEEP)/mutants: $(SOURCES) | setup
	@$(RUN) tools/mutants.py
	@mkdir -p $(DEEP) && touch $@

$(DEEP)/search: $(SOURCES) | setup
	@$(TESTS) --hypothesis-profile=deep -m "not browser"
	@mkdir -p $(DEEP) && touch $@
