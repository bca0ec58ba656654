# What a person types. Each target says in one line what it does; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run reset test lint bench scan attack faults catalogues lock

PYTHON := .venv/bin/python

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## install what tests and checks need (as root, system packages too)
	@tools/setup.sh test

run: ## serve the demo portal on http://127.0.0.1:8000
	@tools/setup.sh run
	@exec .venv/bin/ent-module demo

reset: ## clear the demo's data
	@tools/setup.sh run
	@.venv/bin/ent-module demo --reset

test: setup ## check and test everything
	@$(PYTHON) -m tools.check all

lint: ## check format, lint, types, templates, floors, translations, content and locks
	@tools/setup.sh run
	@$(PYTHON) -m tools.check lint

bench: setup ## measure surveys, pages and closings on both databases and servers, and suppression
	@$(PYTHON) -m tools.bench

scan: setup ## look for holes in the demo as everyone who lives in it, with wapiti
	@.venv/bin/pytest -q -n 2 -m scan tests/test_scanner.py

attack: setup ## take every file after 1,000 classes have answered, and guess whose answers are whose
	@$(PYTHON) -m tools.attack

faults: setup ## break server, database, disk and clocks under writers, and a survey's closing at each statement
	@$(PYTHON) -m tools.faults.channel
	@$(PYTHON) -m tools.faults

catalogues: ## bring the translations up to date with the program
	@tools/setup.sh run
	@$(PYTHON) -m tools.catalogues update

lock: ## choose the newest versions of all dependencies and pin them
	@tools/setup.sh run
	@tools/lock.sh
