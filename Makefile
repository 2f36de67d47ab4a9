# Every target goes through setup_env.py, which prepares .venv when it must.
PYTHON ?= python3
RUN := $(PYTHON) setup_env.py
# As many workers as there are processors and memory for; what shares a built site stays on one of them.
WORKERS := -n auto --dist loadgroup --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help bilan reel demonstration test test-rapide lab lint lock clean

help: ## liste les cibles
	@$(PYTHON) -c "import re; [print(f'make {n:11} {t}') for n, t in re.findall(r'^([\w-]+):.*?## (.*)', open('Makefile', encoding='utf-8').read(), re.M)]"

bilan: ## construit le site (outputs/html), le PDF (outputs/pdf) et la démonstration (outputs/demonstration)
	@$(RUN) python -c pass
	@TTY_COMPATIBLE=0 $(MAKE) --no-print-directory -j2 reel demonstration  # two at once: a line a chapter, no live table

reel:
	@$(RUN) bilan build

demonstration:
	@$(RUN) bilan demonstration

test: ## passe tous les tests, carnets compris
	@$(RUN) python -m pytest -q $(WORKERS)

test-rapide: ## passe ceux que l'on passe à chaque pas : ni navigateur, ni site construit, ni LibreOffice
	@$(RUN) python -m pytest -q $(WORKERS) --durations=10 -m rapide tests/noyau tests/stations tests/sources tests/impact tests/indicateurs tests/scenarios tests/secret tests/presentation

lab: ## ouvre les carnets dans JupyterLab
	@$(RUN) bilan lab

lint: ## vérifie le style (ruff) et les types (mypy)
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy

lock: ## refait requirements.lock (demande uv)
	@$(RUN) --relock

clean: ## efface ce qui se recalcule : outputs et papermill_runs
	@$(PYTHON) -c "import shutil; [shutil.rmtree(d, ignore_errors=True) for d in ('outputs', 'papermill_runs')]"
