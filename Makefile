# The site and the sign-ups. `make` alone lists what there is. Each target does its own set-up.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

VENV := .venv
RUN := $(VENV)/bin/python

ARCH ?= x86_64

.PHONY: help devserver test test-inputs test-crash test-stores test-server install lint html links old publish function bench screenshots lock clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

devserver: $(VENV)/main ## Build the site, serve site and sign-ups on http://127.0.0.1:8000, rebuild on every change
	@exec $(RUN) -m plugins.devserver

test: $(VENV)/browser ## Run every test
	$(RUN) -m pytest

test-inputs: $(VENV)/test ## Build all of other people's Markdown and pictures that the registries have, and 10,000 damaged ones
	$(RUN) -m tests.inputs

test-crash: $(VENV)/test ## Kill the collector 200 times under load, cut its disk's power, and look for every answer
	$(RUN) -m tests.crash

test-stores: $(VENV)/test ## Race in real object stores, Ceph and Azurite (installs them on Debian and Ubuntu)
	$(RUN) -m pytest -n 0 -v --timeout 600 tests/stores/races.py

test-server: $(VENV)/test ## Boot a fresh Debian, install, publish, break, back up, lose it (root on Debian, Ubuntu)
	$(RUN) -m pytest -n 0 -vv -x --capture=sys --timeout 900 tests/server/hosts.py tests/server/checks.py

install: ## Make this machine the server: sudo make install SITE=www.example.org [ALSO= PREVIEWS= KEY=]
	@$(PYTHON) deploy/server/install.py $(if $(SITE),--site $(SITE)) $(if $(ALSO),--also $(ALSO)) \
	  $(if $(PREVIEWS),--previews $(PREVIEWS)) $(if $(KEY),--key $(KEY))

lint: $(VENV)/test ## Check the code with ruff and the function's template and the workflow
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(VENV)/bin/cfn-lint deploy/function/template.yaml
	$(VENV)/bin/zizmor -q --offline --persona pedantic .github/workflows/publish.yml
	$(VENV)/bin/check-jsonschema -q --builtin-schema vendor.github-workflows .github/workflows/publish.yml

html: $(VENV)/main ## Build the site for this machine into output/
	$(RUN) -m pelican content -s pelicanconf.py -o output --fatal warnings

links: $(VENV)/main ## Ask whether the texts' links to other sites still lead somewhere
	@$(RUN) -m plugins.external

old: $(VENV)/main ## List the facts and texts that were checked more than a year ago
	@$(RUN) -m plugins.old

publish: $(VENV)/main ## Build the site for its public address into output/
	$(RUN) -m pelican content -s publishconf.py -o output --fatal warnings
	@case "$$REGISTRATIONS_STORE" in ""|file:*) ;; *) $(RUN) -m registrations publish;; esac

function: $(VENV)/main ## Make var/function.zip, the collector for a function platform (ARCH=x86_64 or arm64)
	$(RUN) deploy/function/bundle.py var/function.zip $(ARCH)

bench: $(VENV)/test ## Measure sign-ups, the disk and the build, as ratios in one run
	$(RUN) -m tests.bench

screenshots: $(VENV)/browser ## Make the README's picture again, and pictures of every page in every look in var/screenshots
	$(RUN) -m tests.screenshots

lock: $(VENV)/test ## Choose the newest packages and write their hashes
	$(RUN) -m pip install -q uv
	for each in collector main test; do $(RUN) -m uv pip compile -q --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-header requirements/$$each.in -o requirements/$$each.txt; done
	$(RUN) -m uv pip compile -q --universal --python-version 3.11 --upgrade --no-deps \
	  --generate-hashes --no-header requirements/inputs.in -o requirements/inputs.txt

clean: ## Remove what was built; sign-ups and letters in var/ stay
	rm -rf output var/builds var/site var/cache .pytest_cache .hypothesis .ruff_cache

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
