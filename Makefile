# The two commands: `make run` opens Hookloom, `make test` runs every test. Both set up what is missing.
# `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run serve test setup setup-pack setup-test ui app cli docs dist test-dist test-fresh check check-systems test-rust test-ui test-e2e test-desktop deny bench clean

UI_SOURCES := $(shell find ui/src ui/public ui/index.html ui/vite.config.ts ui/package-lock.json -type f 2>/dev/null)
# The same packages with the same features everywhere, so that nothing is built twice: cargo chooses the features of a
# dependency by all packages that it is asked for.
EVERYTHING := --workspace --features hookloom-cli/ui,hookloom-app/embedded
# What `make dist` packs: PROFILE=dev packs a quick build, to look at; BUNDLES=deb,appimage chooses the kinds.
PROFILE ?= release
BUNDLES ?=
say = @printf '\n\033[1m==> %s\033[0m\n' "$(1)"

help: ## List the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: setup ui ## Open the desktop app; without a display, start `hookloom serve` with the same UI
	@.ci/start

serve: setup ui ## Start `hookloom serve` with its UI
	@.ci/start --headless

test: setup-test check test-rust test-ui app test-e2e test-desktop ## Run every check and test
	$(call say,Everything passed)

setup: ## Install what building and running needs
	@.ci/setup run

setup-pack:
	@.ci/setup pack

setup-test: ## Install what the tests need as well
	@.ci/setup test

ui/dist/index.html: $(UI_SOURCES)
	@[ -d ui/node_modules ] || { echo 'The packages of the UI are missing: run `make setup` first.'; exit 1; }
	$(call say,Building the UI)
	npm --prefix ui run --silent build
	@touch ui/dist/index.html

ui: ui/dist/index.html ## Build the UI

cli: ui ## Build the `hookloom` program with its UI
	$(call say,Building hookloom)
	cargo build $(EVERYTHING) --bin hookloom

app: cli ## Build the desktop app with its UI
	$(call say,Building the desktop app)
	cargo build $(EVERYTHING) --bin hookloom-app

# `cargo xtask` does the same, but builds what it needs once more: it cannot name the whole workspace.
.PHONY: codegen tidy
codegen: ui ## Write what is generated: the API's description and client, the references of the book
	cargo build $(EVERYTHING) --bin xtask
	target/debug/xtask codegen

tidy: ## See whether the rules of the house hold, and whether the book is true
	cargo build $(EVERYTHING) --bin xtask
	target/debug/xtask tidy

check: ui ## Formatting, lints, the rules of the house, licences
	$(call say,Formatting)
	cargo fmt --all --check
	npm --prefix ui run --silent format:check
	$(call say,Lints)
	cargo clippy $(EVERYTHING) --all-targets -- --deny warnings
	npm --prefix ui run --silent lint
	npm --prefix ui run --silent typecheck
	$(call say,Generated files are fresh)
	cargo build $(EVERYTHING) --bin xtask
	target/debug/xtask codegen --check
	$(call say,The rules of the house)
	target/debug/xtask tidy
	$(call say,Licences and sources of dependencies)
	cargo deny --offline --log-level error check bans licenses sources

check-systems: ui ## Lints for Windows and macOS, where Rust and a C compiler can compile for them; no part of `make test`
	@.ci/check-systems

test-rust: ui ## Tests of the Rust crates, with the integration tests
	$(call say,Rust tests)
	cargo test $(EVERYTHING)
	$(if $(HOOKLOOM_SEEDS),cargo test $(EVERYTHING) --test it -- --ignored the_server_of_the_document)

test-ui: ## Unit tests of the UI
	$(call say,UI unit tests)
	npm --prefix ui run --silent test

test-e2e: cli ## The UI in Chromium against a real `hookloom serve`
	$(call say,End-to-end tests in Chromium)
	npm --prefix ui run --silent e2e

test-desktop: app ## The desktop app in a real WebKit window
	$(call say,The desktop window)
	HOOKLOOM_APP="$(CURDIR)/target/debug/hookloom-app" .ci/with-display \
		cargo test $(EVERYTHING) --test it -- --ignored desktop --test-threads 1

dist: setup-pack ui ## Pack both programs for this system, into target/dist
	$(call say,Building both programs ($(PROFILE)))
	cargo build $(EVERYTHING) --profile $(PROFILE) --bin hookloom --bin hookloom-app
	$(call say,Packing)
	cargo build $(EVERYTHING) --bin xtask
	target/debug/xtask dist --profile $(PROFILE) $(if $(BUNDLES),--bundles $(BUNDLES))

test-dist: ## Unpack the packages of `make dist`, look through them, and run both programs from the deb
	@.ci/setup dist
	$(call say,The packages)
	HOOKLOOM_DIST="$(CURDIR)/target/dist" .ci/with-display \
		cargo test $(EVERYTHING) --test it -- --ignored packages --test-threads 1

	@if unshare --mount --pid --net --cgroup --fork true 2>/dev/null; then \
	  $(MAKE) --no-print-directory test-fresh; \
	else \
	  echo 'Left out: the deb on a fresh Debian machine (make test-fresh). It makes namespaces, which takes the rights of root.'; \
	fi

test-fresh: ## Install the deb on a fresh Debian (debootstrap, as root), follow the book there, and move to another one
	@.ci/setup dist
	$(call say,A fresh Debian machine)
	HOOKLOOM_DIST="$(CURDIR)/target/dist" \
		cargo test $(EVERYTHING) --test it -- --ignored fresh_machine --nocapture

docs: ## Build the site of the book, in target/book (needs mdbook)
	@command -v mdbook >/dev/null || { \
	  echo 'mdbook is missing, and only the site needs it: the pages in docs/ read as well without.'; \
	  echo 'Install it with: cargo install --locked mdbook@0.5.4'; exit 1; }
	mdbook build docs
	@echo 'Open target/book/index.html in a browser.'

bench: ui ## Measure speed as ratios, in a release build
	cargo xtask bench

clean: ## Remove everything that was built or installed into the checkout
	cargo clean
	rm -rf ui/dist ui/node_modules .setup
