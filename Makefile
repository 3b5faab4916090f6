# The commands of this project. Each is a word to the launcher in dev/, which says what it does and how long it takes.
#
#   CKAN=2.12   another CKAN line, in its own virtual environment and databases
#   VAR=...     another folder for the services' data (default: var)
#   ARGS=...    arguments for pytest
.DEFAULT_GOAL := help
PYTHON ?= python3
export CKAN VAR ARGS PORT

help:  ## This list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

venv:  ## The virtual environment
	@$(PYTHON) -m dev venv

test:  ## The tests, with the services they need (make test ARGS="tests/store -x")
	@$(PYTHON) -m dev test

test-slow:  ## The tests that take minutes: drills of the launcher, parsers with many examples
	@$(PYTHON) -m dev test-slow

down:  ## Stop everything that was started here
	@$(PYTHON) -m dev down

clean:  ## Stop everything and remove what it kept
	@$(PYTHON) -m dev clean

.PHONY: help venv test test-slow down clean
