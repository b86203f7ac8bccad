# make run, make test: each sets up what it needs, from nothing but python3 (3.11 or newer) and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRACT := $(BIN)/pybabel -q extract -F babel.cfg -k t -k tn:1,2 -k h --no-location \
	--sort-output --omit-header --width=98

.PHONY: help run sandbox doctor test lint check format texts lock bench soak clean

help: ## list what can be done
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/run.stamp ## start the bot; without BOT_TOKEN in .env, in the sandbox
	@exec $(BIN)/python -m bot run

sandbox: $(VENV)/run.stamp ## start the sandbox, whatever .env says
	@exec $(BIN)/python -m bot sandbox

doctor: $(VENV)/run.stamp ## check settings, keys, database, Telegram, sources
	@$(BIN)/python -m bot doctor

test: $(VENV)/dev.stamp ## run all tests, three at a time: journeys mostly wait
	$(BIN)/python -m pytest -n 3

lint: $(VENV)/dev.stamp ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## everything CI runs

format: $(VENV)/dev.stamp ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

texts: $(VENV)/dev.stamp ## collect new sentences into the catalogues
	$(EXTRACT) -o locales/bot.pot .
	for language in de uk; do $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --width=98 -i locales/bot.pot \
		-o locales/$$language/LC_MESSAGES/bot.po -l $$language; done

lock: $(VENV)/dev.stamp ## pin the dependencies anew, with hashes
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --quiet --upgrade -o requirements/run.lock
	$(BIN)/uv pip compile pyproject.toml --group dev -c requirements/run.lock --universal \
		--python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet \
		-o requirements/dev.lock

bench: $(VENV)/run.stamp ## measure; each benchmark prints one line of JSON
	$(BIN)/python -m bench all

soak: $(VENV)/run.stamp ## kill the bot fifty times at work, in each way
	$(BIN)/python -m bench crash --kills 50

clean: ## remove the virtual environment and caches; data and keys stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; try: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }

$(VENV)/run.stamp: requirements/run.lock | $(VENV)/bin/python
	@echo "Installing what the bot needs (once, about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/dev.stamp: requirements/dev.lock | $(VENV)/bin/python
	@echo "Installing what the tests need (once, about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@ $(VENV)/run.stamp
