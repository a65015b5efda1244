# `make run` does the main job, `make test` passes every check. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORES ?= auto

.PHONY: run serve test test-postgresql check docs bench bench-audit bench-growth bench-clinic test-generative test-spark test-million bench-outside golden lock clean help

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 18

run: $(VENV)/.run  ## the next step for every example patient, and build/report.html
	@mkdir -p build
	$(BIN)/facetwise report --out build/report.html

serve: $(VENV)/.clinic  ## the demo clinic on 127.0.0.1:8000; prints how to sign in
	$(BIN)/facetwise clinic demo
	$(BIN)/facetwise clinic serve

test: check  ## every check and every test
	$(BIN)/python -m pytest -n $(CORES)

test-postgresql: $(VENV)/.test  ## the tests of the clinic on PostgreSQL, where it is installed
	$(BIN)/python tests/clinic/on_postgresql.py -n $(CORES)

check: $(VENV)/.test  ## style, types, import contract, locks, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	! grep -rnE 'https?://' requirements
	$(BIN)/zensical build --strict

test-generative: $(VENV)/.test  ## property tests for hours
	FACETWISE_GENERATIVE=hours $(BIN)/python -m pytest -n $(CORES) tests/generative

test-spark: $(VENV)/.test requirements/spark.txt  ## populations on Spark; needs Java
	$(call install,requirements/spark.txt)
	$(BIN)/python -m pytest -m spark tests/spark

test-million: $(VENV)/.test  ## engines held against each other on a synthetic million; Spark too where it is installed
	$(BIN)/python -m pytest -m million tests/million

golden: $(VENV)/.test  ## write the golden files anew; read the difference before committing
	FACETWISE_REGENERATE=1 $(BIN)/python -m pytest tests/golden tests/unit/test_probability_page.py

docs: $(VENV)/.test  ## the documentation, in site/
	$(BIN)/zensical build

bench: $(VENV)/.test  ## speed, against a peer in the same run
	$(BIN)/python benchmarks/next_step.py
	$(BIN)/python benchmarks/library.py

bench-audit: $(VENV)/.test  ## speed of populations, engine by engine
	$(BIN)/python benchmarks/audit.py

bench-growth: $(VENV)/.test  ## time and memory of an audit while a population grows
	$(BIN)/python benchmarks/audit_growth.py

bench-clinic: $(VENV)/.test  ## speed of the clinic: 5,000 patients, 50 people at once, on SQLite and PostgreSQL
	$(BIN)/python benchmarks/clinic.py
	$(BIN)/python benchmarks/clinic.py --postgresql

bench-outside: $(VENV)/.test .venv-outside/.ready benchmarks/outside/node_modules/.ready  ## speed and answers, against engines of others; needs Node
	$(BIN)/python benchmarks/outside/compare.py

lock: $(VENV)/.uv  ## pin every dependency anew, with hashes
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
	  pyproject.toml requirements/build.in -o requirements/run.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
	  requirements/run.txt pyproject.toml --extra clinic -o requirements/clinic.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
	  requirements/run.txt requirements/clinic.txt requirements/test.in pyproject.toml --extra audit \
	  -o requirements/test.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
	  requirements/spark.in -o requirements/spark.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
	  requirements/outside.in -o requirements/outside.txt

clean:  ## remove what was made
	rm -rf $(VENV) .venv-outside benchmarks/outside/node_modules build site .mypy_cache .ruff_cache .pytest_cache

# uv makes installing fast where it can be had; plain pip does the same work where it cannot.
$(VENV)/.uv:
	$(PYTHON) -m venv $(VENV)
	-$(BIN)/python -m pip install -q --disable-pip-version-check uv==0.13.9
	@touch $@

define install
	if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --editable .
endef

$(VENV)/.run: $(VENV)/.uv requirements/run.txt pyproject.toml
	$(call install,requirements/run.txt)
	@touch $@

$(VENV)/.clinic: $(VENV)/.uv requirements/clinic.txt pyproject.toml
	$(call install,requirements/clinic.txt)
	@touch $@ $(VENV)/.run

$(VENV)/.test: $(VENV)/.uv requirements/test.txt pyproject.toml
	$(call install,requirements/test.txt)
	@touch $@ $(VENV)/.run $(VENV)/.clinic

# The engines of others ask for another DuckDB than Facetwise does.
.venv-outside/.ready: requirements/outside.txt
	$(PYTHON) -m venv .venv-outside
	.venv-outside/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/outside.txt
	@touch $@

benchmarks/outside/node_modules/.ready: benchmarks/outside/package-lock.json
	npm ci --silent --prefix benchmarks/outside
	@touch $@
