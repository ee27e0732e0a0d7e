# Everything a newcomer needs is a target here; `make` alone lists them.
# PYTHON picks the interpreter (3.10 or newer) and VENV the environment made from it.

PYTHON ?= python3
PORT ?= 8000
VENV ?= .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
CARGO_FLAGS := --locked
PREFIX ?= /usr/local
LIBDIR ?= lib
LIBRARIES := $(or $(CARGO_TARGET_DIR),target)/release

WHEEL_SOURCES := $(shell find src bindings/python python/twinlock -type f \
	-not -name '*.so' -not -name '*.pyc') Cargo.toml Cargo.lock pyproject.toml $(wildcard README.md)

LIBRARY_SOURCES := $(shell find src bindings/c/src -name '*.rs') bindings/c/build.rs bindings/c/Cargo.toml Cargo.toml Cargo.lock

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo serve test lint test-rust test-go test-library test-python test-live bench bench-rust bench-python requirements wheel library install uninstall tools clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: wheel ## Walk through enrollment and sign-in over real HTTP, then stop
	@$(BIN)/python examples/django/demo.py

serve: wheel ## Run the reference site for a browser on 127.0.0.1 (PORT=8000)
	@exec $(BIN)/python examples/django/serve.py $(PORT)

test: tools ## Run every check and every test
	@scripts/run_steps.sh lint test-rust test-go wheel test-library test-python test-live demo

lint: $(STAMPS)/requirements ## Formatters, linters and type checkers
	cargo fmt --all --check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	cargo clippy $(CARGO_FLAGS) --workspace --all-targets -- -D warnings

test-rust: ## The tests of the core and of the C interface
	cargo test $(CARGO_FLAGS) --quiet

test-go: ## The Go package and its stores; says so where Go is missing
	@scripts/test_go.sh

test-library: wheel ## The size of the C library as it is shipped
	@scripts/test_library.sh

test-python: wheel ## The tests of the Python module, Django and DRF, in process
	$(BIN)/python -m pytest -q --timeout=300 python/tests --ignore=python/tests/live

test-live: wheel ## Races and bad input against the running site on SQLite and PostgreSQL
	$(BIN)/python -m pytest -q --timeout=300 python/tests/live

bench: bench-rust bench-python ## Measure Twinlock beside its peers

bench-rust: ## The core beside other crates: ratios, and the targets beside them
	cargo bench $(CARGO_FLAGS) --package twinlock-bench

bench-python: wheel ## Compare the Python module's speed with its peers
	@$(BIN)/python bench/python/bench.py

requirements: ## List the promises of docs/requirements.md that no test names
	@$(PYTHON) scripts/list_requirements.py

wheel: $(STAMPS)/wheel ## Build the Python wheel and install it into the virtual environment

library: $(LIBRARIES)/libtwinlock.so ## Build the C library

install: library ## Install C library, headers, pkg-config and CMake files (PREFIX=/usr/local, DESTDIR=, LIBDIR=lib)
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" LIBDIR="$(LIBDIR)" LIBRARIES="$(LIBRARIES)" scripts/install.sh install

uninstall: ## Remove what install installed
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" LIBDIR="$(LIBDIR)" scripts/install.sh uninstall

tools: ## Look for the programs that the tests use beside Rust and Python
	@scripts/tools.sh

clean: ## Remove everything that was built
	rm -rf $(VENV) build target examples/django/var

$(STAMPS)/requirements: requirements-dev.txt scripts/make_venv.sh
	@scripts/make_venv.sh "$(PYTHON)" "$(VENV)" requirements-dev.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/wheel: $(STAMPS)/requirements $(WHEEL_SOURCES)
	@scripts/install_wheel.sh "$(VENV)"
	@touch $@

$(LIBRARIES)/libtwinlock.so: $(LIBRARY_SOURCES)
	cargo build $(CARGO_FLAGS) --release --package twinlock-c
	@touch $@
