# Everything the project can do, one command each: `make help` lists them.
# Needs python3 (3.11 or newer, with venv) and make; all else is installed inside this folder.

PYTHON ?= python3
BIN := .venv/bin
UV_COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet $(UPGRADE)
# Folders too: a file that is added or taken away changes its folder's time.
ASSET_SOURCES := $(shell find static/src static/images 2>/dev/null)
PYTHON_FILES := pyproject.toml tooling/venv.py requirements/installer.lock
FIND_PYTHON := command -v "$(PYTHON)" >/dev/null || { \
	echo 'Python 3.11 or newer is needed, and "$(PYTHON)" is not on this machine.' >&2; exit 1; }
# Programs in .venv know their own path: in a checkout that was moved or copied they are installed again.
MOVED := $(shell test ! -e .venv/pyvenv.cfg || grep -qF "$(CURDIR)/.venv" .venv/pyvenv.cfg || echo moved)
NPM_FILES := package.json package-lock.json .npmrc

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check bench wheel format assets venv locks clean moved

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name what; do \
		printf '  make %-8s %s\n' "$$name" "$$what"; done

run: assets ## start the portal with demonstration data (HOST, PORT, INSTANCE, DATABASE_URL, DEMO_PASSWORD)
	@exec $(BIN)/portal up

test: venv node_modules/.test-installed assets .cache/chromium/.unpacked ## every test, on both databases and in a real browser (ARGS="-k word" for some)
	@exec $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --check-html $(ARGS)

check: venv ## format, lint, types, layers, sizes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --quiet tests/meta/test_layers.py tests/meta/test_sizes.py tests/meta/test_words.py

bench: venv assets ## measure the portal beside bare Flask and psql
	@exec $(BIN)/python -m tests.bench $(ARGS)

wheel: assets ## build dist/portal-VERSION.whl, which has everything in it
	$(BIN)/hatchling build --target wheel

format: venv ## put the code into its standard form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

assets: static/built/manifest.json ## build the stylesheet, script and images

venv: .venv/.test-installed ## make .venv with everything that running, testing and building needs

locks: .venv/.runtime-installed ## make the locks again after a change of dependencies (UPGRADE=--upgrade for the newest)
	$(UV_COMPILE) --group installer --output-file requirements/installer.lock >/dev/null
	$(UV_COMPILE) --extra postgresql pyproject.toml --output-file requirements/runtime.lock >/dev/null
	$(UV_COMPILE) -c requirements/runtime.lock --group build --output-file requirements/build.lock >/dev/null
	$(UV_COMPILE) -c requirements/runtime.lock -c requirements/build.lock --group test \
		--output-file requirements/test.lock >/dev/null
	$(BIN)/npm $(if $(UPGRADE),update,install) --package-lock-only
	$(BIN)/python tooling/trim_package_lock.py

clean: ## remove everything that make made; the portal's data in instance/ stays
	rm -rf .venv node_modules static/built dist .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis

# What the tests need is installed beside what the portal needs and, once there, stays there.
.venv/.runtime-installed: $(PYTHON_FILES) requirements/runtime.lock requirements/build.lock $(MOVED)
	@$(FIND_PYTHON)
	@echo 'Installing Python packages into .venv'
	@"$(PYTHON)" tooling/venv.py build runtime

.venv/.test-installed: $(PYTHON_FILES) requirements/runtime.lock requirements/build.lock requirements/test.lock $(MOVED)
	@$(FIND_PYTHON)
	@echo 'Installing Python packages into .venv, with those for the tests'
	@"$(PYTHON)" tooling/venv.py build runtime test

node_modules/.runtime-installed: $(NPM_FILES) | .venv/.runtime-installed
	@echo 'Installing npm packages into node_modules'
	@$(BIN)/npm ci --silent $(if $(wildcard node_modules/.test-installed),,--omit=dev)
	@touch $@

node_modules/.test-installed: $(NPM_FILES) | .venv/.runtime-installed
	@echo 'Installing npm packages into node_modules, with those for the tests'
	@$(BIN)/npm ci --silent
	@touch $@ node_modules/.runtime-installed

static/built/manifest.json: $(ASSET_SOURCES) tooling/build_assets.mjs node_modules/.runtime-installed
	@echo 'Building the stylesheet, script and images into static/built'
	@$(BIN)/node tooling/build_assets.mjs

.cache/chromium/.unpacked: node_modules/.test-installed tooling/unpack_chromium.mjs
	@echo 'Unpacking a browser for the tests into .cache'
	@$(BIN)/node tooling/unpack_chromium.mjs
