# Every command a newcomer needs; `make` alone lists them.
# Needs make, git and Python 3.11 or later with venv: `make doctor` names what is missing.
# PYTHON=/path/to/python3 picks the interpreter, PORT=8001 the port,
# DATABASE_URL=postgres://… PostgreSQL instead of the SQLite file in var/.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PORT ?= 8000
PYTHON ?=
ARGS ?=
export PORT PYTHON

VENV_PYTHON := .venv/bin/python
RUN := .venv/.installed
DEV := .venv/.installed-dev
DEVELOPMENT := DJANGO_DEBUG=1 $(VENV_PYTHON)
PYBABEL := $(VENV_PYTHON) -m babel.messages.frontend --quiet
SENTENCES := directory/locale/django.pot
KEYWORDS := gettext_lazy ngettext_lazy:1,2 pgettext_lazy:1c,2

.PHONY: help doctor demo run test test-fast lint format types check messages bench fuzz lock clean

help:  ## List the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

doctor:  ## Say what this machine lacks
	@sh .ci/doctor.sh

demo: $(RUN)  ## Install, load real data, serve on http://127.0.0.1:8000 (PORT=…)
	@$(VENV_PYTHON) -IS .ci/free_port.py
	@mkdir -p var
	@DJANGO_DEMO=1 $(VENV_PYTHON) manage.py prepare_demo
	@echo "Open http://127.0.0.1:$(PORT) (Ctrl-C stops)"
	@exec env DJANGO_DEMO=1 $(VENV_PYTHON) -m gunicorn --config mediation/gunicorn.py

run: $(DEV)  ## Serve with the development server, on the demo's data
	@$(VENV_PYTHON) -IS .ci/free_port.py
	@mkdir -p var
	@$(DEVELOPMENT) manage.py prepare_demo
	@$(DEVELOPMENT) manage.py runserver 127.0.0.1:$(PORT)

test: $(DEV)  ## Run every test on SQLite, PostgreSQL and Chromium (REQUIRE_ALL=1 refuses to leave any out)
	@$(VENV_PYTHON) .ci/test.py $(ARGS)

test-fast: $(DEV)  ## Run the tests that need neither PostgreSQL nor a browser, under a minute
	@$(VENV_PYTHON) .ci/test.py --fast $(ARGS)

lint: $(DEV)  ## Check style and formatting
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check .

format: $(DEV)  ## Correct style and formatting
	@$(VENV_PYTHON) -m ruff check --fix .
	@$(VENV_PYTHON) -m ruff format .

types: $(DEV)  ## Check types
	@$(DEVELOPMENT) -m mypy

check: lint types test  ## Everything CI checks

messages: $(DEV)  ## Gather the sentences to translate; update and compile the translations
	@mkdir -p directory/locale
	@$(PYBABEL) extract --mapping-file pyproject.toml --keywords "$(KEYWORDS)" --add-location file --sort-by-file \
		--project mediation --output-file $(SENTENCES) .
	@if ls directory/locale/*/LC_MESSAGES/django.po >/dev/null 2>&1; then \
		$(PYBABEL) update --domain django --input-file $(SENTENCES) --output-dir directory/locale \
			--no-fuzzy-matching --ignore-pot-creation-date && \
		$(PYBABEL) compile --domain django --directory directory/locale; \
	else echo "No language yet: $(PYBABEL) init --domain django --locale en --input-file $(SENTENCES) --output-dir directory/locale"; fi

bench: $(RUN)  ## Measure speed on PostgreSQL, under 10 minutes (BENCH_SIZES=25000,200000; bench/README.md)
	@$(VENV_PYTHON) -m bench

fuzz: $(DEV)  ## Look for requests slower than 50 ms among random ones, on the demo's data
	@$(DEVELOPMENT) -m bench.fuzz

lock: $(DEV)  ## Compile the two lock files from pyproject.toml (UPGRADE=1 takes the newest versions)
	@sh .ci/lock.sh

clean:  ## Remove the environment, the demo's data and every cache
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): requirements.txt
	@sh .ci/venv.sh requirements.txt
	@rm -rf var/static  # packages ship static files too: collect them again
	@touch $(RUN)

# requirements-dev.txt holds requirements.txt, version for version: one install serves both.
$(DEV): requirements-dev.txt requirements.txt
	@sh .ci/venv.sh requirements-dev.txt
	@touch $(RUN) $(DEV)
