# Everything a newcomer needs is a target here; `make` alone lists them.
# PYTHON picks the interpreter (3.10 or newer) and VENV the environment made from it.

PYTHON ?= python3
PORT ?= 8000
MINUTES ?= 10
SECONDS ?= 60
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
.PHONY: help demo demo-go serve test lint wheel library install uninstall tools clean requirements
.PHONY: test-rust test-go test-library test-python test-live test-versions test-mixed test-foreign sanitize fuzz
.PHONY: bench bench-rust bench-c bench-go bench-http bench-python bench-django

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: wheel ## Walk through enrollment and sign-in over real HTTP, then stop
	@$(BIN)/python examples/django/demo.py

demo-go: wheel ## The same walk through the reference server in Go
	@scripts/demo_go.sh $(BIN)/python

serve: wheel ## Run the reference site for a browser on 127.0.0.1 (PORT=8000)
	@exec $(BIN)/python examples/django/serve.py $(PORT)

test: tools ## Run every check and every test
	@scripts/run_steps.sh lint test-rust test-go wheel test-library test-python test-live demo demo-go

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

sanitize: ## The C interface under ThreadSanitizer and Miri, and what in the optimized library depends on a secret
	@scripts/sanitize.sh

test-foreign: ## The core with 32-bit words, and on a big-endian machine under QEMU
	@TARGETS="$(TARGETS)" scripts/foreign.sh

fuzz: ## Fuzz each parser and sequences of C calls (SECONDS=60, TARGETS="uri jwt")
	@SECONDS_EACH="$(SECONDS)" TARGETS="$(TARGETS)" scripts/fuzz.sh

test-python: wheel ## The tests of the Python module, Django and DRF, in process
	$(BIN)/python -m pytest -q --timeout=300 python/tests --ignore=python/tests/live

test-live: wheel ## Races and bad input against the running site on SQLite, PostgreSQL and MariaDB
	$(BIN)/python -m pytest -q --timeout=300 python/tests/live

test-versions: wheel ## The Django tests on each Python that is found, with the oldest and the newest Django
	@scripts/test_versions.sh

test-mixed: wheel ## Eight processes for ten minutes on each database, some of them killed (MINUTES=10)
	@for database in sqlite postgresql pgbouncer mariadb; do \
		$(BIN)/python python/tests/django/mixed_run.py --database $$database --minutes $(MINUTES) --kill || exit 1; \
	done

bench: bench-rust bench-c bench-go bench-python bench-django bench-http ## Measure Twinlock beside its peers

bench-rust: ## The core beside other crates: ratios, and the targets beside them
	cargo bench $(CARGO_FLAGS) --package twinlock-bench

bench-c: ## The C interface beside liboath, and the size of the library
	@scripts/bench_c.sh

bench-go: ## The Go package beside pquerna/otp
	@scripts/bench_go.sh package

bench-http: wheel ## Second steps per second of the Go server and through DRF beside the other packages'
	@scripts/bench_go.sh http $(BIN)/python

bench-python: wheel ## Compare the Python module's speed with its peers
	@$(BIN)/python bench/python/bench.py

bench-django: wheel ## A second step through DRF beside django-totp and drf-jwt-2fa
	@scripts/bench_django.sh

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
