# Two commands: `make run` plays, `make test` proves. Both set everything up first.
SHELL := /bin/bash
CACHE := $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/frontdoor
# Looked up when a recipe runs: on the first run uv is fetched by `setup`.
ifndef UV
export UV = $(shell ls $(CACHE)/uv-*/bin/uv 2>/dev/null | head -n 1)
endif
# Where nothing compiled is kept, every process compiles three seconds' worth of libraries for itself.
unexport PYTHONDONTWRITEBYTECODE
FRONTDOOR := .venv/bin/frontdoor
HOST ?= 127.0.0.1
PORT ?= 8000
# Test processes. A file stays with one of them; which are begun first is said in tests/order.py.
WORKERS ?= 2

.PHONY: help run test bench lint clean setup model locks

help:
	@echo "make run    set up and serve http://$(HOST):$(PORT) with demonstration data"
	@echo "make test   set up and run all tests (ARGS=… for pytest, WORKERS=$(WORKERS) at a time)"
	@echo "make bench  measure (ONLY=name for one); writes var/bench.json"
	@echo "make lint   ruff and mypy"
	@echo "make clean  remove what was made here (caches outside the clone stay)"

setup:
	@deploy/setup dev

# Without Rasa's environment everything still works, on keywords; the reason is printed by the command itself.
model: setup
	@$(FRONTDOOR) nlu train >/dev/null || echo "set-up: no language model; keywords are used instead" >&2

run: model
	@FRONTDOOR_DEMO=1 $(FRONTDOOR) db upgrade
	@FRONTDOOR_DEMO=1 $(FRONTDOOR) demo
	@FRONTDOOR_DEMO=1 exec $(FRONTDOOR) serve --host $(HOST) --port $(PORT)

test: model
	@.venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

bench: model
	@.venv/bin/python -m benchmarks $(if $(ONLY),--only $(ONLY))

lint: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check app bot core scheduler console tests benchmarks ivr nlu/*.py
	@.venv/bin/mypy core

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Names, versions and hashes; never an address. Run after changing dependencies in pyproject.toml.
COMPILE := pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	--python-version 3.11 --override deploy/locks/override.txt
locks: setup
	$(UV) $(COMPILE) --group dev pyproject.toml deploy/locks/build.txt -o deploy/locks/dev.lock
	$(UV) $(COMPILE) -c deploy/locks/dev.lock pyproject.toml deploy/locks/build.txt -o deploy/locks/product.lock
	$(UV) $(COMPILE) deploy/locks/uv.in -o deploy/locks/uv.lock
