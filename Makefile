# Every way to build, check and try Marktwacht; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
FUZZ_SECONDS ?= 60
BUILT := build/release/marktwacht

# $(call build,PRESET) configures and builds into build/PRESET.
build = cmake --preset $(1) > /dev/null && cmake --build --preset $(1)

# ThreadSanitizer wants addresses where it expects them; a container may forbid to arrange that.
STILL := $(shell setarch -R true 2> /dev/null && echo setarch -R)

.PHONY: help setup console build demo tour test bench package tidy lint asan tsan fuzz clean

help: ## what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

setup: ## installs what is missing of the Debian packages needed
	@tools/setup

# Without the npm registry the program is built all the same; its root page then says so.
console: setup
	@(tools/setup console || exit 75; web/build) || \
	  { (($$? == 75)) && echo "The console is left out of this build."; }

build: console ## the program: build/release/marktwacht
	@$(call build,release)

demo: build ## an exchange's simulated day, and the service with the console on it, at a printed URL
	@$(BUILT) demo

tour: build ## a small exchange's day in the terminal: its state, its alerts, a measure and the gate
	@echo "A small exchange's day, demo/exchange.ndjson, and what is known of it at its end:"
	$(BUILT) run demo/exchange.ndjson --show --alerts build/demo-alerts.ndjson
	@echo; echo "Its alerts, as build/demo-alerts.ndjson has them:"
	@sed -nE -e '/"revision":1,/!d' \
	  -e 's/.*"detector":"([^"]*)".*"clause":"([^"]*)".*"en":"([^"]*)".*/  \2 \1: \3/p' \
	  build/demo-alerts.ndjson
	@echo; echo "Two people decide about one of them (demo/decisions.ndjson), step by step:"
	@rm -rf build/demo-day
	@$(BUILT) run demo/exchange.ndjson demo/decisions.ndjson --trust --data build/demo-day \
	  --alerts /dev/null --outbox build/demo-outbox.ndjson 2> /dev/null
	@$(BUILT) measures show m-61 build/demo-day
	@echo; echo "What the gate says of opening, and of cancelling, an hour later:"
	$(BUILT) gate maria open_position BTC-USDT-PERP --data build/demo-day --now 2026-03-02T13:00:00Z
	$(BUILT) gate maria cancel_order BTC-USDT-PERP --data build/demo-day --now 2026-03-02T13:00:00Z

test: console ## every test
	@tools/setup browser || echo "The tests of the console in a browser are left out."
	@$(call build,dev)
	@ctest --preset dev

bench: build ## the benchmarks, each a ratio measured side by side
	$(BUILT) bench

package: ## the Debian package, with the console in it: build/release/marktwacht_*.deb
	@tools/setup package
	@web/build
	@$(call build,release)
	@cd build/release && cpack > cpack.log || { cat cpack.log; exit 1; }
	@ls build/release/marktwacht_*.deb

tidy: setup ## the style of the house
	@tools/tidy

lint: ## clang-tidy over src without its tests (many minutes)
	@tools/setup lint
	@cmake --preset dev > /dev/null
	@run-clang-tidy-19 -quiet -p build/dev -j $$(nproc) '^$(CURDIR)/src/(?!.*_test\.cc)'

asan: setup ## every test, watched by the address and undefined-behaviour sanitizers
	@$(call build,asan)
	@ctest --preset asan

tsan: setup ## every test, watched by the thread sanitizer
	@$(call build,tsan)
	@$(STILL) ctest --preset tsan

fuzz: ## every fuzz target for FUZZ_SECONDS (60) seconds
	@tools/setup fuzz
	@$(call build,fuzz)
	@tools/fuzz $(FUZZ_SECONDS)

clean: ## removes build/
	rm -rf build
