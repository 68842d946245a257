# `make demo` and `make test` are all a newcomer needs; both set up first.
PYTHON ?= python3
VENV ?= .venv
# Another build of torch: make setup TORCH="torch==2.13.0+cu130 --index-url <that of your CUDA build>"
TORCH ?= -r requirements/torch-cpu.txt
ITERS ?=
# Processes that run tests; 0 for one without a pool
WORKERS ?= auto
BIN := $(VENV)/bin
STAMP := $(VENV)/.mmsrkd-setup
REQUIREMENTS := $(wildcard requirements/*.txt) pyproject.toml setup.py

.PHONY: help setup demo test lint check-env clean
help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

setup: $(STAMP) ## make .venv with everything in it; compiles nothing
$(STAMP): $(REQUIREMENTS)
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), f'Python 3.11 or later is needed, this is {sys.version.split()[0]}; set PYTHON='"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q $(TORCH)
	$(BIN)/pip install -q -r requirements/runtime.txt -r requirements/dev.txt -c requirements/constraints.txt
	$(BIN)/pip install -q --no-deps -r requirements/openmmlab.txt
	$(BIN)/pip install -q --no-deps -r requirements/deploy.txt
	$(BIN)/pip install -q --no-deps -e .
	@touch $@

demo: setup ## train, test, publish and export a student in a few minutes; report in work_dirs/demo
	$(BIN)/python tools/demo.py $(if $(ITERS),--iters $(ITERS))

test: setup lint ## lint, types, tests, and the demo in its shortest form
	$(BIN)/python -m pytest -q -m "not slow and not runtimes" -n $(WORKERS)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -m "runtimes and not slow" -n $(WORKERS)
	$(BIN)/python tools/demo.py --iters 30 --fresh --out work_dirs/demo-ci

lint: setup ## ruff and mypy
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check-env: setup ## versions, what mmagic had to leave out, and what to do about it
	$(BIN)/python tools/check_env.py

clean: ## remove the virtual environment and results
	rm -rf $(VENV) work_dirs
