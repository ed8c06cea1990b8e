# The things a developer does often. `make check` is everything CI does, in the same order.

PYTHON := .venv/bin/python

.PHONY: check dart format requirements

check:
	.ci/run

# The tests of the Dart client with the real packages instead of the stand-ins. DART_PACKAGES: a folder with the sources of
# each, or the package_config.json of `dart pub get` in tests/dart. DART_SUITE: tests/serverpod_test_server/test_e2e of a
# checkout of Serverpod, whose end-to-end suite then runs too. DART: the `dart` of an SDK; without it a VM is fetched.
dart: export PODIUM_REQUIRE_DART = 1
dart:
	$(if $(DART_PACKAGES),,$(error Say where the packages are: make dart DART_PACKAGES=FOLDER))
	DART_PACKAGES=$(abspath $(DART_PACKAGES)) python3 manage.py test tests/dart tests/legacy_auth/test_dart.py tests/clients/test_behaviour.py tests/clients/test_testserver.py -k dart
	$(if $(DART_SUITE),$(PYTHON) -m tests.dart.end_to_end --packages $(abspath $(DART_PACKAGES)) --suite $(DART_SUITE))

format:
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

# Pin every version anew from pyproject.toml, for all platforms and Python 3.11 and later. requirements.txt is this checkout's,
# podium/constraints.txt goes into the wheel: the versions this release was tested with, those of the extras included.
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade
requirements: export UV_CUSTOM_COMPILE_COMMAND = make requirements
requirements:
	$(COMPILE) pyproject.toml --extra s3 -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(COMPILE) pyproject.toml --all-extras -c requirements.txt -c requirements-dev.txt --no-annotate -o podium/constraints.txt
