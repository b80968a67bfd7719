# Attest. Two commands matter: `make run` and `make test`; everything else is one of the steps they are made of.
#
# One profile: every cargo command below is `--release --workspace`, so features unify the same way each time, what is
# tested is what ships, and the heavy crates (typesetting, OpenSSL) are compiled once.

SHELL := /bin/bash
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# Names without the prefix ATTEST_: those are settings of the program, and it refuses ones it does not know.
export MAKE_BEGAN := $(or $(MAKE_BEGAN),$(shell date +%s))
STEP := scripts/step
VENV := $(or $(TEST_VENV),$(HOME)/.cache/attest/venv)
export PATH := $(VENV)/bin:$(PATH)

# Compiled message catalogues are made by every check and build: they say nothing about whether the sources changed.
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/.*' \
    -not -path 'web/src/locales/*.js' 2>/dev/null)

.PHONY: help run build require web test bench openapi setup fmt-check clippy test-rust test-web test-browser test-validators \
        test-schemathesis test-attack conformance fmt

help:
	@echo 'make run      build and start the demonstration on http://127.0.0.1:8080 (data in ./data)'
	@echo 'make test     everything: stories on both engines, web and browser tests, documents under validators, Schemathesis, sqlmap, Wapiti, sslyze'
	@echo 'make bench    measure, on both engines, and write docs/benchmarks.md'
	@echo 'make conformance  write docs/security/conformance.md from what the last `make test` said'
	@echo 'make openapi  write openapi/attest.json and the SPA types again after changing the interface'
	@echo 'make fmt      format the Rust code'

# ---- build and run -------------------------------------------------------------------------------------------------

run: build
	@printf '\n==> starting attest on http://127.0.0.1:8080 (Ctrl-C stops it; data stay in ./data)\n'
	@exec target/release/attest serve --demo

build: require web
	@$(STEP) 'Server, command line and verifier (cargo build --release; the first time takes a while)' \
	    cargo build --release --workspace --locked

require:
	@$(STEP) 'What it takes to build Attest' scripts/require.sh

# The binary embeds web/dist, so the SPA comes first. Both stamps make a second start skip npm altogether.
web: web/dist/.built

web/node_modules/.installed: web/package.json web/package-lock.json
	@$(STEP) 'Packages of the web interface (npm ci)' npm ci --prefix web --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/.built: web/node_modules/.installed $(WEB_SOURCES)
	@$(STEP) 'Web interface (vite build)' npm run --prefix web build
	@touch $@

# ---- tests ---------------------------------------------------------------------------------------------------------

# What is cheap, or says most, comes first.
test:
	@$(MAKE) setup
	@$(MAKE) fmt-check
	@$(MAKE) build
	@$(MAKE) clippy
	@$(MAKE) test-rust
	@$(MAKE) test-web
	@$(MAKE) test-browser
	@$(MAKE) test-validators
	@$(MAKE) test-schemathesis
	@$(MAKE) test-attack
	@$(STEP) 'docs/security/conformance.md says what these tests showed' target/release/conformance --check
	@echo; echo 'make test: everything holds'

setup:
	@$(STEP) 'Tools that the tests need' scripts/setup-test.sh

fmt-check:
	@$(STEP) 'Rust formatting' cargo fmt --all --check

clippy:
	@$(STEP) 'Lints (clippy, warnings are errors)' cargo clippy --release --workspace --all-targets --locked -- -D warnings

# Unit tests of every crate and the black-box tests (tests/tests), which run each story on SQLite and on PostgreSQL.
test-rust: build
	@$(STEP) 'Rust tests, on SQLite and PostgreSQL' scripts/test-rust.sh

test-web: web
	@$(STEP) 'Web interface: types, lints, unit tests' npm run --prefix web check

# A second try, said aloud, for a machine that stumbled; what fails twice is broken.
test-browser: build
	@$(STEP) 'Browser tests (Chromium against the real server)' tests/web/run.sh || { \
	    echo 'the browser tests failed once: see above; this is their second and last try' >&2; \
	    $(STEP) 'Browser tests, second try' tests/web/run.sh; }

test-validators: build
	@$(STEP) 'Documents under independent validators (pyHanko, pdfsig, veraPDF)' tests/validators/check_samples.sh

test-schemathesis: build
	@$(STEP) 'Schemathesis against the real server' tests/schemathesis/run.sh

# ATTACK_LEVEL=5 make test-attack: everything sqlmap knows, which takes an hour.
test-attack: build
	@$(STEP) "Attackers' standard tools (sqlmap, Wapiti, sslyze)" tests/attack/run.sh

# ---- smaller things ------------------------------------------------------------------------------------------------

bench: build
	@$(STEP) 'Benchmarks on SQLite and PostgreSQL' scripts/bench.sh

openapi: build web/tools/openapi/node_modules/.installed
	@$(STEP) 'openapi/attest.json' scripts/openapi.sh
	@$(STEP) 'TypeScript types of the interface' npm run --prefix web/tools/openapi generate

web/tools/openapi/node_modules/.installed: web/tools/openapi/package.json web/tools/openapi/package-lock.json
	@$(STEP) 'Generator of the TypeScript types (npm ci)' npm ci --prefix web/tools/openapi --no-audit --no-fund --loglevel=error
	@touch $@

conformance: build
	@target/release/conformance

fmt:
	@cargo fmt --all
