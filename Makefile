# `make run` serves the form; `make test` is what continuous integration runs. README.md has both.
PYTHON ?= python3.11
SERVE := .venv-serve
FULL := .venv

# A stamp named after what it installed: a second start is instant, a changed pin reinstalls.
pins = $(shell cat $(1) | cksum | cut -d' ' -f1)
SERVE_READY := $(SERVE)/.installed-$(call pins,requirements-serve.txt)
FULL_READY := $(FULL)/.installed-$(call pins,requirements.txt requirements-serve.txt)

LOCK := $(FULL)/bin/uv pip compile --quiet --python-version 3.11 --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

.PHONY: run setup test lint fmt lock

# Install the serving set into .venv-serve and serve http://127.0.0.1:8000.
run: $(SERVE_READY)
	$(SERVE)/bin/python -m web serve

# Install the full set into .venv.
setup: $(FULL_READY)

# Run the tests, fast ones first, in two processes: one often waits for a browser or a shop.
test: $(FULL_READY)
	$(FULL)/bin/pytest -n 2 --dist loadgroup --no-loadscope-reorder

# Check style, formatting and types.
lint: $(FULL_READY)
	$(FULL)/bin/ruff check .
	$(FULL)/bin/ruff format --check .
	$(FULL)/bin/mypy

# Mend style and formatting in place.
fmt: $(FULL_READY)
	$(FULL)/bin/ruff check --fix .
	$(FULL)/bin/ruff format .

# Pin what requirements.in and requirements-serve.in ask for.
lock: $(FULL_READY)
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-serve.in -c requirements.txt -o requirements-serve.txt
	grep -vxFf requirements-serve.txt requirements.txt > requirements.new
	{ echo '-r requirements-serve.txt'; cat requirements.new; } > requirements.txt
	rm requirements.new

# pip byte-compiles as it installs, whatever PYTHONDONTWRITEBYTECODE says; without that
# `import tensorflow` takes 6-10 s at every start instead of 2.
define install
	@$(PYTHON) -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null \
		|| { echo "Selvedge needs Python 3.11 with venv and pip, and '$(PYTHON)' is not that:" \
		"install it (Debian: apt-get install python3.11-venv)" \
		"or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(1)
	$(1)/bin/pip install --quiet --disable-pip-version-check -r $(2)
	@rm -f $(1)/.installed-*
	@touch $@
endef

$(SERVE_READY):
	$(call install,$(SERVE),requirements-serve.txt)

$(FULL_READY):
	$(call install,$(FULL),requirements.txt)
