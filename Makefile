# The things a developer does often. `make check` is everything CI does, in the same order.

PYTHON := .venv/bin/python

.PHONY: check format requirements

check:
	.ci/run

format:
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

# Pin every version anew from the short lists of direct dependencies, for all platforms and Python 3.11 and later.
requirements: export UV_CUSTOM_COMPILE_COMMAND = make requirements
requirements:
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade requirements.in -o requirements.txt
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade requirements-dev.in -o requirements-dev.txt
