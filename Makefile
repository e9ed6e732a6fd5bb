# Every target installs what it needs. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
# uv is fast; where it can't reach what pip is set up to reach, pip does it.
install = $(BIN)/uv pip install --quiet --python .venv --require-hashes --requirement $(1) \
	|| $(BIN)/python -m pip install --quiet --require-hashes --requirement $(1)
export VIRTUAL_ENV :=
export UV_LINK_MODE := copy
# Kept even where the surroundings say otherwise: without it each of many processes compiles every library anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-thorough test-author test-kill test-faults test-postgres test-models test-loading test-browser test-cad bench pictures quality audit image style zoo locks clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.bot .space-base/.ready ## Play the main job on this machine (KEEP=1 stays up, to try by hand)
	@$(BIN)/python -m bot demo $(if $(KEEP),--keep)

serve: .venv/.bot ## Run the bot with the settings of .env
	@$(BIN)/python -m bot serve --env-file .env

test: .venv/.dev .space-base/.ready ## Run the tests
	$(BIN)/python -m pytest -n 3 --dist worksteal -m "not thorough and not models" --ignore tests/browser \
		--ignore tests/cad

test-thorough: .venv/.dev .space-base/.ready .author/.ready ## Run the other tests: the local Hub's for other clients, the worker's long ones
	$(BIN)/python -m pytest -n 3 --dist worksteal -m thorough tests/localhub tests/worker tests/author \
		tests/behaviour tests/safety

test-author: .venv/.dev .space-base/.ready .author/.ready ## Have the real Pi write Spaces with a scripted model (K= picks some)
	$(BIN)/python -m pytest -n 3 --dist worksteal -m thorough tests/author $(if $(K),-k "$(K)")

test-kill: .venv/.dev .space-base/.ready ## Kill the bot at every step of a run, and at moments that nobody named (KILL_SEED= repeats)
	$(BIN)/python -m pytest -n 3 --dist worksteal -m "thorough or not thorough" tests/behaviour/test_kill_walk*.py \
		tests/behaviour/test_kills_at_random.py tests/behaviour/test_replicas.py tests/behaviour/test_held_up.py \
		tests/behaviour/test_storm_during_failover.py

test-faults: .venv/.dev .space-base/.ready ## Fail every call of the Hub and of Discord in every way
	$(BIN)/python -m pytest -n 3 --dist worksteal -m thorough tests/behaviour/test_fault*.py tests/worker/test_fault*.py

test-postgres: .venv/.dev .space-base/.ready ## Run what is about crashes, deliveries, watches and sign-ins on a real PostgreSQL
	$(BIN)/python -m pytest -n 3 --dist worksteal --postgres -m "thorough or not thorough" $(addprefix tests/behaviour/test_, \
		kill_walk.py kill_walk_of_others.py webhooks.py commands.py watch.py watch_bad_days.py away.py sign_in.py \
		connect_links.py two_strangers.py held_up.py missing_job.py discord.py)

test-models: .venv/.dev .models/.ready ## Build, call and judge a tiny model of every family (2 GB, torch; K= picks some)
	@$(if $(K),,rm -rf .models/tiny && OMP_NUM_THREADS=1 .models/bin/python -m tests.models.tiny .models/tiny)
	OMP_NUM_THREADS=1 TINY_MODELS=$(CURDIR)/.models/tiny $(BIN)/python -m pytest -n 2 --dist worksteal \
		-m models tests/models tests/worker $(if $(K),-k "$(K)")

test-loading: .venv/.dev .models/.ready .space-base/.ready ## Load models from the local Hub with transformers, diffusers and Gradio
	$(BIN)/python -m pytest -m models tests/loading

test-browser: .venv/.browser .space-base/.ready ## Open everything in headless Chromium, as a person would
	$(BIN)/python -m pytest tests/browser

test-cad: .venv/.cad .space-base/.ready ## Make every part of the list with the CAD kernel, and build its Space (770 MB)
	$(BIN)/python -m pytest tests/cad

bench: .venv/.dev .space-base/.ready $(if $(MODELS),.models/.ready) $(if $(filter author,$(ONLY)),.author/.ready) $(if $(filter pages,$(ONLY)),.venv/.browser) $(if $(filter-out intake,$(ONLY)),,.bench/.ready) ## Measure everything beside its peers (MODELS=1: torch too; ONLY=author|intake|… one part; docs/bench.md)
	@$(BIN)/python -m scripts.bench$(if $(ONLY),.$(ONLY)) $(if $(MODELS),--models) $(if $(ROUNDS),--rounds $(ROUNDS))
	@$(if $(ONLY),,$(BIN)/python -m scripts.bench.answers)
	@$(if $(ONLY),,$(BIN)/python -m scripts.bench.intake $(if $(ROUNDS),--rounds $(ROUNDS)))
	@$(if $(ONLY),,$(BIN)/python -m scripts.bench.scale $(if $(ROUNDS),--rounds $(ROUNDS)))

pictures: .venv/.browser .space-base/.ready ## Play the demo and take the pictures of docs/ again
	$(BIN)/python -m scripts.take_pictures

quality: .venv/.dev ## Check style, types, imports and secrets
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/check_secrets.py

audit: .venv/.audit ## Look up everything that the locks name among known vulnerabilities (asks PyPI)
	@for lock in requirements/*.lock; do echo $$lock; .venv-audit/bin/pip-audit --strict --disable-pip \
		--require-hashes --progress-spinner off --requirement $$lock || exit 1; done

image: .venv/.dev .venv/.image ## Build the Dockerfile's targets without a container engine, and start them (root on Debian, with buildah and debootstrap)
	$(BIN)/python -m scripts.build_image

style: .venv/.dev ## Rewrite the code in the house's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

zoo: ## Train the local Hub's models again (bot/localhub/zoo)
	$(PYTHON) -m venv .venv-zoo
	.venv-zoo/bin/pip install --quiet --require-hashes --requirement requirements/uv.lock
	.venv-zoo/bin/uv pip install --quiet --python .venv-zoo --require-hashes --requirement requirements/zoo.lock
	.venv-zoo/bin/python -m bot.localhub.zoo.train

locks: .venv/.uv ## Resolve the requirements again
	for name in uv bot space author dev browser cad audit image zoo; do $(BIN)/uv pip compile --quiet --upgrade --universal \
		--python-version 3.11 --generate-hashes --no-header --no-annotate \
		requirements/$$name.in --output-file requirements/$$name.lock; done
	echo "torch ; sys_platform == 'never'" | $(BIN)/uv pip compile --quiet --upgrade --universal \
		--python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-package torch \
		--override /dev/stdin requirements/models.in --output-file requirements/models.lock

clean: ## Remove everything that was installed or made
	rm -rf .venv .venv-zoo .venv-audit .venv-image .image .space-base .models .author .bench .demo

.venv/.uv: requirements/uv.lock
	@echo "Installing into .venv (once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/uv.lock
	@touch $@

.venv/.bot: .venv/.uv requirements/bot.lock
	@$(call install,requirements/bot.lock)
	@touch $@

.venv/.dev: .venv/.bot requirements/dev.lock
	@$(call install,requirements/dev.lock)
	@touch $@

.venv/.audit: .venv/.uv requirements/audit.lock
	@$(PYTHON) -m venv .venv-audit
	@$(BIN)/uv pip install --quiet --python .venv-audit --require-hashes --requirement requirements/audit.lock
	@touch $@

.venv/.image: .venv/.uv requirements/image.lock
	@$(PYTHON) -m venv .venv-image
	@$(BIN)/uv pip install --quiet --python .venv-image --require-hashes --requirement requirements/image.lock
	@touch $@

.venv/.browser: .venv/.dev requirements/browser.lock
	@$(call install,requirements/browser.lock)
	@touch $@

.venv/.cad: .venv/.dev requirements/cad.lock
	@echo "Installing the CAD kernel (once) ..."
	@$(call install,requirements/cad.lock)
	@touch $@

.space-base/.ready: .venv/.bot requirements/space.lock
	@echo "Preparing the Spaces' base environment with the platform's Gradio (once) ..."
	@$(BIN)/python -m bot.localhub.base_environment
	@touch $@

.author/.ready: .venv/.bot worker/author/pi/package-lock.json requirements/author.lock
	@echo "Preparing the agent that writes Spaces, and its Node (once) ..."
	@$(BIN)/python -m worker.author.install
	@touch $@

.bench/.ready: .venv/.bot requirements/author.lock $(wildcard scripts/bench/peers/*)
	@echo "Preparing the peers of the bench, and their Node (once) ..."
	@$(BIN)/python -m scripts.bench.node
	@touch $@

.models/.ready: .venv/.uv requirements/models.lock scripts/models_environment.py
	@rm -rf .models
	@$(PYTHON) scripts/models_environment.py
	@touch $@
