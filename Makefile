# Gradatim: few verbs. `make demo` and `make test` start from a bare clone with Python 3.11, pip and make.
.PHONY: help setup demo serve test check fmt docs bench cover deep
.DEFAULT_GOAL := help
PYTHON ?= python3
RUN := .run/python
TESTS := GRADATIM_DATA=.run/tests $(RUN) -m pytest -n 2 --dist loadgroup
CODE := src tests tools

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
	@if [ -n "$$GRADATIM_TEST_POSTGRES" ]; then DATABASE_URL="$$GRADATIM_TEST_POSTGRES" $(TESTS) tests/program; \
	else echo "The program was tested on SQLite only: set GRADATIM_TEST_POSTGRES=postgres://user@host:port/name to test it on PostgreSQL too."; fi

check: setup ## static checks and the fast tests
	@$(RUN) -m ruff format --check --quiet $(CODE)
	@$(RUN) -m ruff check --quiet $(CODE)
	@$(RUN) -m mypy
	@$(RUN) -c 'import sys; from importlinter.cli import lint_imports_command; sys.argv[1:] = ["--config", "contracts.toml"]; lint_imports_command()'
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
deep: setup ## independent libraries in JavaScript, fuzzing, mutation, long searches: hours, not in CI
	@$(RUN) -m pip install --quiet --disable-pip-version-check "atheris>=3"
	@cd tests/deep/peers && npm install --silent --no-package-lock --no-audit --no-fund --ignore-scripts
	@GRADATIM_DATA=.run/tests $(RUN) -m pytest -q tests/deep/peers.py
	@for target in reader unbake status jws selective disclosed credential; do \
	  $(RUN) tests/deep/fuzz.py $$target -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=.run/$$target- || exit 1; \
	done
	@$(RUN) tools/mutants.py
	@$(TESTS) --hypothesis-profile=deep -m "not browser"
