# The front door. Each word does the whole thing; `make help` lists them.

BUILD  ?= build
MESON  ?= meson
DATA   ?= ./arena-data
LISTEN ?= 127.0.0.1:3001
CORES  := $(shell nproc)

# What a bare Debian 12 needs to build, run and test.
PACKAGES = gcc libc6-dev make meson ninja-build pkg-config python3 \
	libgnutls28-dev libmicrohttpd-dev libsodium-dev libjansson-dev liblmdb-dev libcurl4-openssl-dev
TEST_PACKAGES = libcriterion-dev clang valgrind chromium
FUZZ_PACKAGES = clang libclang-rt-14-dev
CHECK_PACKAGES = clang clang-tidy clang-format

.DEFAULT_GOAL := build
.PHONY: help deps deps-test deps-fuzz deps-deb deps-check build run demo test fast bench fuzz faults check proxies deb sanitize install clean mcp

help: ## what each word does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Installs only what is missing, and says so before it does.
define need
	@missing=; for p in $(1); do dpkg-query -W -f='$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
		echo "installing:$$missing"; \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

deps: ## install what is missing to build and run (Debian 12)
	$(call need,$(PACKAGES))

deps-test: deps
	$(call need,$(TEST_PACKAGES))

deps-fuzz: deps
	$(call need,$(FUZZ_PACKAGES))

deps-deb: deps
	$(call need,dpkg-dev)

deps-check: deps-test
	$(call need,$(CHECK_PACKAGES))

$(BUILD)/build.ninja: | deps
	@$(MESON) setup $(BUILD) >/dev/null

build: deps $(BUILD)/build.ninja ## build everything into ./build
	@$(MESON) compile -C $(BUILD)

# gcc sees bounds passed that are not, once it inlines otherwise: no -Werror.
build-fast/build.ninja: | deps
	@$(MESON) setup build-fast -Dwerror=false >/dev/null

fast: deps build-fast/build.ninja ## build everything into ./build-fast for this machine, the battle engine fitted to what battles do (gcc)
	@$(MESON) configure build-fast -Dc_args=-march=native >/dev/null
	@sh packaging/profile.sh build-fast
	@$(MESON) compile -C build-fast

run: build ## start the arena on http://127.0.0.1:3001 with its data in ./arena-data
	@./$(BUILD)/arena/arenad --listen $(LISTEN) --data $(DATA)

demo: build ## watch a whole Pokémon battle between two house players, over HTTP
	@sh tests/demo.sh $(BUILD)

test: deps-test build ## run every test; ends with a count
	@python3 tests/summary.py $(BUILD)

bench: build fast ## measure, with the machine's state and baselines of the same run
	@python3 tests/bench/bench.py $(BUILD)
	@echo "the battle engine beside the simulator, on the same teams"; python3 tests/bench/battle.py $(BUILD)
	@echo "the same, fitted to what battles do"; python3 tests/bench/battle.py build-fast
	@echo "a choice through the Pokémon operator, without server and store"; $(BUILD)/tests/bench-game

FUZZ_SECONDS ?= 60
fuzz: deps-fuzz ## run each fuzzer for FUZZ_SECONDS (60)
	@[ -f build-fuzz/build.ninja ] || CC=clang $(MESON) setup build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false >/dev/null
	@$(MESON) compile -C build-fuzz
	@sh tests/fuzz/run.sh build-fuzz $(FUZZ_SECONDS)

faults: deps-test build ## the long fault runs: 100 kills under load, full disks, hostile modules
	@python3 tests/faults/run.py $(BUILD)

proxies: build ## nginx and Caddy in front of a server, as packaging/proxy has them; each if it is installed
	@ARENA_BUILD=$(abspath $(BUILD)) python3 tests/ops/proxy.py

deb: deps-deb ## the Debian package, into ./dist
	@sh packaging/deb.sh

sanitize: deps-test ## the tests under ASan and UBSan
	@[ -f build-asan/build.ninja ] || $(MESON) setup build-asan -Db_sanitize=address,undefined -Dwerror=false >/dev/null # gcc 12 sees null pointers that are not there
	@$(MESON) compile -C build-asan
	@python3 tests/summary.py build-asan

mcp: build ## the official MCP client library plays against this server (needs npm, and the network)
	@sh tests/mcp/run.sh $(BUILD)

check: deps-check build ## format, static analysis
	@sh tests/check.sh $(BUILD)

install: build ## install below the prefix that was set up (default /usr/local)
	@$(MESON) install -C $(BUILD)

clean: ## remove what was built
	@rm -rf build build-fast build-asan build-fuzz build-deb dist
