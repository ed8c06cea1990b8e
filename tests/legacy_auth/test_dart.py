"""The module's own clients, on the Dart VM, against the server. Run if the environment names their packages.

DART_PACKAGES, DART_PACKAGES_1: packages with serverpod_auth_client (tests/dart/packages.py), of version 2.1 and later,
and of version 1.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from tests.dart import packages, vm
from tests.legacy_auth.conftest import Legacy
from tests.legacy_auth.serverpod import PASSWORD
from tests.legacy_auth.test_providers import google_token


@pytest.mark.parametrize(
    ("program", "variable"), [("module", packages.GIVEN), ("module_1", f"{packages.GIVEN}_1")]
)
def test_the_modules_own_client(
    request: pytest.FixtureRequest, tmp_path: Path, program: str, variable: str
) -> None:
    if variable not in os.environ:
        pytest.skip(f"set {variable} to run the module's client")
    legacy: Legacy = request.getfixturevalue("legacy")
    number = legacy.database.user(email := f"{secrets.token_hex(6)}@example.com", name="Dora")
    legacy.database.password(number, email)
    old = legacy.database.user(f"{secrets.token_hex(6)}@example.com", name="Olga", scopes=["editor"])
    key = legacy.database.key(old, secrets.token_hex(20), scopes=["editor"])
    token = google_token(legacy, f"{secrets.token_hex(6)}@gmail.com")
    given = [f"{legacy.server.url}/", key, str(old), email, PASSWORD, token]
    configuration = packages.write(packages.true(Path(os.environ[variable])), tmp_path / "packages.json")
    assert vm.run(Path(__file__).parent / f"{program}.dart", configuration, *given) == "done\n"
