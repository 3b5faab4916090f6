# The commands of this project. Each is a word to the launcher in dev/, which says what it does and how long it takes.
.DEFAULT_GOAL := help
PYTHON ?= python3
export CKAN VAR ARGS PORT

help:  ## This list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20
	@echo
	@echo '  CKAN=2.12  another CKAN line, in its own virtual environment and databases'
	@echo '  PORT=8080  the port of the portal (up)'
	@echo '  VAR=/path  another folder for all that is made (default: var)'
	@echo '  ARGS="..." arguments for pytest (test, test-slow): ARGS="tests/store -x"'

up:  ## The portal with its demonstration city; run again, it is only started
	@$(PYTHON) -m dev up

url:  ## The portal's address, and nothing else
	@$(PYTHON) -m dev url

down:  ## Stop everything that was started here
	@$(PYTHON) -m dev down

clean:  ## Stop everything and remove what it kept
	@$(PYTHON) -m dev clean

test:  ## The tests, with the services they need
	@$(PYTHON) -m dev test

test-slow:  ## The tests that take minutes: drills of the launcher, parsers with many examples
	@$(PYTHON) -m dev test-slow

lint:  ## ruff and pyright
	@$(PYTHON) -m dev lint

texts:  ## The texts of the code into the catalogues for translators (docs/translate.md)
	@$(PYTHON) -m dev texts

docs:  ## The documentation, as a site, with its links checked
	@$(PYTHON) -m dev docs

bench:  ## Speed beside the usual ways, into bench/results.json
	@$(PYTHON) -m dev bench

venv:  ## The virtual environment
	@$(PYTHON) -m dev venv

.PHONY: help up url down clean test test-slow lint texts docs bench venv
