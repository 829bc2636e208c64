# Batch runs and checks. `make help` lists the targets; everything works from a fresh clone.
ARTICLES ?= data/articles
OUT ?= data/events
WORKERS ?= 1
CORPORA ?=
ENCODER ?=
RUN_FOLDER ?= build/model
PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RUN := $(BIN)/conflict-events

# Prerequisites of a stage: its code, its knowledge, its model and the table before it.
KNOWLEDGE := $(shell find data/knowledge -type f)
MODEL := $(shell find models/conflict_en -type f)
CODE := $(shell find pipeline -name '*.py')
INPUTS := $(shell find $(ARTICLES) -type f 2>/dev/null)

.DELETE_ON_ERROR:
.PHONY: help install events show documents mentions reports test lint eval bench model model-eval clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

install: $(READY) ## Create .venv and install the package with what tests and notebook need

$(READY): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,notebook]'
	touch $@

events: $(OUT)/.events show ## Articles to events: ARTICLES=... OUT=... WORKERS=...

show: $(OUT)/.events ## Show the coded table
	@$(RUN) show $(OUT)

# One target a stage; a stage whose input, code and knowledge are unchanged is not run again.
documents: $(OUT)/.documents ## Read, clean and date the articles
mentions: $(OUT)/.mentions ## Find actors, places, dates and counts
reports: $(OUT)/.reports ## Code what happened

$(OUT)/.documents: $(INPUTS) $(CODE) $(KNOWLEDGE) | $(READY)
	$(RUN) ingest $(ARTICLES) --out $(OUT)
	@touch $@

$(OUT)/.mentions: $(OUT)/.documents $(MODEL)
	$(RUN) annotate $(OUT) --workers $(WORKERS)
	@touch $@

$(OUT)/.reports: $(OUT)/.mentions
	$(RUN) encode $(OUT) --workers $(WORKERS)
	@touch $@

$(OUT)/.events: $(OUT)/.reports
	$(RUN) merge $(OUT)
	@touch $@

test: $(READY) ## Run the tests and the notebook
	$(BIN)/python -m pytest
	$(BIN)/python -m pytest --nbmake notebooks

lint: $(READY) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: $(READY) ## Score the coding on tests/gold and compare with the pinned floors
	$(BIN)/python -m benchmarks.evaluate

bench: $(READY) ## Measure speed and memory
	$(BIN)/python -m benchmarks.speed

model: $(READY) ## Train, export and evaluate the language model: CORPORA=folder ENCODER=folder
	@test -n "$(CORPORA)" -a -n "$(ENCODER)" || { echo "say where they are: make model CORPORA=... ENCODER=..."; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]'
	$(BIN)/python -m models.training.train --corpora $(CORPORA) --encoder $(ENCODER) --out $(RUN_FOLDER)/base \
		--without-annotations
	$(BIN)/python -m models.training.export --corpora $(CORPORA) --run $(RUN_FOLDER)/base --out $(RUN_FOLDER)/parser
	$(BIN)/python -m models.training.train --corpora $(CORPORA) --encoder $(ENCODER) --out $(RUN_FOLDER) \
		--start $(RUN_FOLDER)/base/network.pt --parser $(RUN_FOLDER)/parser
	$(BIN)/python -m models.training.export --corpora $(CORPORA) --run $(RUN_FOLDER) --out models/conflict_en
	$(MAKE) model-eval CORPORA=$(CORPORA)

model-eval: $(READY) ## Score the shipped language model: CORPORA=folder
	$(BIN)/python -m models.training.evaluate --corpora $(CORPORA) --model models/conflict_en

clean: ## Remove the virtual environment and the output
	rm -rf $(VENV) $(OUT) build dist *.egg-info
