# The site and the sign-ups. `make` alone lists what there is. Each target does its own set-up.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: help devserver test lint html publish bench screenshots lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

devserver: $(VENV)/main ## Build the site, serve site and sign-ups on http://127.0.0.1:8000, rebuild on every change
	@exec $(RUN) -m plugins.devserver

test: $(VENV)/browser ## Run every test
	$(RUN) -m pytest

lint: $(VENV)/test ## Check the code with ruff
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

html: $(VENV)/main ## Build the site for this machine into output/
	$(RUN) -m pelican content -s pelicanconf.py -o output --fatal warnings

publish: $(VENV)/main ## Build the site for its public address into output/
	$(RUN) -m pelican content -s publishconf.py -o output --fatal warnings

bench: $(VENV)/test ## Measure sign-ups, the disk and the build, as ratios in one run
	$(RUN) -m tests.bench

screenshots: $(VENV)/browser ## Make the README's picture again
	$(RUN) -m tests.screenshots

lock: $(VENV)/test ## Choose the newest packages and write their hashes
	$(RUN) -m pip install -q uv
	for each in collector main test; do $(RUN) -m uv pip compile -q --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-header requirements/$$each.in -o requirements/$$each.txt; done

clean: ## Remove what was built; sign-ups and letters in var/ stay
	rm -rf output var/builds var/site .pytest_cache .hypothesis .ruff_cache

$(VENV)/main: requirements/main.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing. Debian and Ubuntu: apt install python3-venv"; exit 1; }
	$(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/main.txt
	@touch $@

$(VENV)/test: requirements/test.txt $(VENV)/main
	$(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/browser: $(VENV)/test tests/browser.py
	$(RUN) -m tests.browser
	@touch $@
