# Every target builds .venv by itself from the hashed requirements; Python 3.11 or newer is all that must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: demo test check bench validate browser clean

$(VENV)/core: requirements/core.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Ringside needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --requirement requirements/core.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/core requirements/dev.txt
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	@touch $@

# The tests of the HTML report look at it in a real browser and print it to a PDF.
browser:
	@command -v chromium >/dev/null || { \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core >/dev/null; \
	  else echo 'The browser tests need chromium: install it (Debian: sudo apt-get install chromium) and run make again.'; exit 1; fi; }

demo: $(VENV)/core
	@mkdir -p out
	$(BIN)/ringside diagnose examples/waters-b6.toml --html out/waters-b6.html

test: $(VENV)/dev browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/dev
	$(BIN)/ruff format --check src tests tools
	$(BIN)/ruff check src tests tools
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/ringside knowledge check

bench: $(VENV)/dev
	$(BIN)/python tools/bench.py
	$(BIN)/python tools/bench_growth.py
	$(BIN)/python tools/bench_kinetics.py
	$(BIN)/python tools/bench_mzml.py
	$(BIN)/python tools/bench_plate.py
	$(BIN)/python tools/bench_ions.py

validate: $(VENV)/dev
	$(BIN)/python tools/validate.py
	$(BIN)/python tools/validate_chemistry.py
	$(BIN)/python tools/validate_kinetics.py
	$(BIN)/python tools/validate_plates.py
	$(BIN)/python tools/validate_fragments.py
	$(BIN)/python tools/validate_flasks.py
	$(BIN)/python tools/validate_remedies.py
	$(BIN)/python tools/validate_seed.py
	$(BIN)/python tools/validate_diagnosis.py

clean:
	rm -rf out .pytest_cache .ruff_cache .import_linter_cache
