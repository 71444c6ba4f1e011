# Everything a newcomer or a reviewer runs. Needs git, make and Python 3.11 or newer; the rest is fetched into .venv.
#   PYTHON=python3.12  the interpreter for .venv (default: the newest on PATH that runs)
#   ARGS="-k name"     passed on to the command behind demo, test, test-services, test-e2e, faults
PYTHON ?=
export PYTHON

RUN := .venv/bin/python
TEST := $(RUN) -m pytest

DATABASE_URL_FOR_SERVICES ?= postgres://postgres@127.0.0.1:5432/postgres
REDIS_URL_FOR_SERVICES ?= redis://127.0.0.1:6379/0
SERVICES := DATABASE_URL=$(DATABASE_URL_FOR_SERVICES) REDIS_URL=$(REDIS_URL_FOR_SERVICES)

# The fault suite: how long, and which dice. It starts servers of its own; PostgreSQL is named to choose the driver.
SECONDS ?= 90
SEED ?= $(shell od -An -N2 -tu2 /dev/urandom | tr -d ' ')

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

.PHONY: setup demo-setup
setup: ## Create or update .venv with everything a developer needs
	@.ci/venv dev

demo-setup:
	@.ci/venv demo

.PHONY: demo
demo: demo-setup ## Serve a synthetic clinic: web server, worker and mailbox in one process
	@exec $(RUN) manage.py demo $(ARGS)

.PHONY: test
test: setup ## Run the tests that need no server (SQLite)
	@$(TEST) -n auto --dist worksteal $(ARGS)

.PHONY: test-services
test-services: setup ## Run the whole loop on PostgreSQL, Redis, a real worker and a real SMTP server
	@$(SERVICES) $(TEST) -m services $(ARGS)

.PHONY: test-postgres
test-postgres: setup ## Run the tests of `make test` on PostgreSQL
	@$(SERVICES) $(TEST) -n auto --dist worksteal $(ARGS)

.PHONY: test-e2e
test-e2e: setup ## Drive the pages in Chromium
	@DJANGO_ALLOW_ASYNC_UNSAFE=1 $(TEST) -m e2e $(ARGS)

.PHONY: faults
faults: setup ## Kill and starve servers of its own for SECONDS=90 with SEED=n; 1200 is the long run
	@seed=$(SEED) && echo "seed=$$seed seconds=$(SECONDS)" && \
	$(SERVICES) FAULTS_SECONDS=$(SECONDS) FAULTS_SEED=$$seed $(TEST) -m faults -n 2 --dist worksteal tests/faults $(ARGS)

.PHONY: bench
bench: setup ## Measure everything, or ONLY=name[,name]; one JSON object per line
	@$(SERVICES) $(RUN) -m tests.benchmarks $(ONLY)

.PHONY: coverage
coverage: setup ## Run the tests and show the lines and branches they miss
	@$(TEST) -n auto --dist worksteal --cov --cov-report=term-missing:skip-covered $(ARGS)

.PHONY: mutants
mutants: ## Change the measurement code in small wrong ways and list the changes that no test notices
	@.ci/venv mutants .nox/mutants
	@rm -rf mutants && .nox/mutants/bin/mutmut run $(ARGS)
	@.nox/mutants/bin/mutmut results

.PHONY: docs
docs: setup ## Build the documentation into docs/_build/html; a warning is an error
	@$(RUN) -m sphinx --fail-on-warning --nitpicky --keep-going --quiet -b html docs docs/_build/html

.PHONY: format
format: setup ## Rewrite code and templates in the house style
	@$(RUN) -m ruff check --fix --quiet .
	@$(RUN) -m ruff format --quiet .
	@$(RUN) -m djlint --reformat --quiet $(TEMPLATES)

.PHONY: lock
lock: ## Resolve requirements/*.txt anew from pyproject.toml
	@.ci/lock

.PHONY: matrix
matrix: setup ## Run the tests on both ends: Python 3.11 + Django 5.2 and Python 3.13 + Django 6.1
	@$(RUN) -m nox -- $(ARGS)

# --- make check: everything that can be told without running the product -----------------------

TEMPLATES := assessments counseling templates

CHECKS := check-lint check-format check-types check-layers check-migrations check-django check-deploy \
	check-templates check-conventions

.PHONY: check $(CHECKS)
check: ## Lint, types, layers, migrations, Django's own checks, templates, conventions
	@.ci/venv dev
	@$(MAKE) --no-print-directory --keep-going $(CHECKS)

check-lint:
	$(RUN) -m ruff check --quiet .

check-format:
	$(RUN) -m ruff format --check --quiet .

check-types:
	$(RUN) -m mypy

check-layers:
	.venv/bin/lint-imports --no-logo

check-migrations:
	$(RUN) manage.py makemigrations --check --dry-run --settings config.settings.test

check-django:
	$(RUN) manage.py check --fail-level WARNING

check-deploy:
	set -a && . .ci/production.env && \
	$(RUN) manage.py check --deploy --fail-level WARNING --settings config.settings.production

check-templates:
	$(RUN) -m djlint --lint --quiet $(TEMPLATES)
	$(RUN) -m djlint --check --quiet $(TEMPLATES)

check-conventions:
	$(TEST) -q tests/test_conventions.py tests/test_repository.py tests/test_templates.py tests/packaging
