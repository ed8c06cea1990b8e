"""The steps of the *.test.mjs in Node, with this app's client, against its server; once for each kind of tokens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from accounts import endpoints as offered_by_accounts  # noqa: F401  all of them are imported
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.registry import is_abstract
from tests import processes
from tests.accounts import oidc_provider
from tests.accounts.flows import endpoints as own
from tests.accounts.flows import played
from tests.accounts.oidc_provider import Provider
from tests.codegen.test_typescript import compiler, nodes
from tests.conformance.database import scratch
from tests.postgres import server

__all__ = ["compiler"]

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent
SECONDS = 540
NAMES = re.compile(r'^test\("([^"]+)"', re.MULTILINE)
STEPS = {path.name: NAMES.findall(path.read_text()) for path in sorted(HERE.glob("*.test.mjs"))}
FLOWS = [(file, name) for file, names in STEPS.items() for name in names]

Findings = dict[str, str | None]
"""Name -> "" for success, None if it is not for these tokens, else the error."""


@pytest.fixture(scope="module")
def client(compiler: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This app's client, compiled strictly; its index.js."""
    folder = tmp_path_factory.mktemp("flows-client")
    command = [sys.executable, "-m", "tests.accounts.flows", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    subprocess.run([*compiler, "-p", str(folder)], check=True, timeout=300)
    return folder / "dist" / "index.js"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with oidc_provider.running() as running:
        played.play(running)
        yield running


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any, provider: Provider) -> Iterator[dict[str, str]]:
    """The environment of a server on a temporary database with all tables."""
    with django_db_blocker.unblock():
        postgres, given = server(), processes.environment()
    with scratch(postgres) as made:
        beside = given["DATABASE_URL"].rpartition("/")[0]
        place = {
            **played.settings(provider),
            "PASSKEY_RP_ID": "example.com",
            "DATABASE_URL": f"{beside}/{made.info.dbname}",
            "DJANGO_SETTINGS_MODULE": "tests.accounts.flows.settings",
        }
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
        subprocess.run(migrate, cwd=ROOT, env=given | place, check=True, timeout=240)
        yield place


@pytest.fixture(scope="module", params=["session", "jwt"])
def findings(
    request: pytest.FixtureRequest,
    client: Path,
    database: dict[str, str],
    provider: Provider,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Findings]:
    folder = tmp_path_factory.mktemp("flows")
    (mails := folder / "mails").mkdir()
    given = {
        "FLOWS_TOKENS": request.param,
        "EMAIL_URL": f"filemail:///{mails}",
        "MEDIA_ROOT": str(folder / "media"),
    }
    with django_db_blocker.unblock(), processes.server(folder, **database, **given) as running:
        known = {"CLIENT": str(client), "HOST": f"{running.url}/", "MAILS": str(mails)}
        known |= {"TOKENS": request.param, "PROVIDER": played.known_to_the_steps(provider)}
        yield _run(known, _files(request.session))


def _files(session: pytest.Session) -> list[str]:
    """The files with selected tests: `-k passkeys` starts no others."""
    return sorted(
        {
            str(each.callspec.params["file"])
            for each in session.items
            if isinstance(each, pytest.Function) and each.originalname == test_a_flow.__name__
        }
    )


def _run(known: dict[str, str], files: list[str]) -> Findings:
    command = [nodes()[0], "--test", "--test-concurrency=1", "--test-force-exit", "--test-reporter=junit"]
    done = subprocess.run(
        [*command, *(str(HERE / file) for file in files)],
        env={**os.environ, **known},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    found: Findings = {}
    for each in ElementTree.fromstring(done.stdout):
        failures = [f"{one.get('message')}\n{one.text}" for one in each.iter("failure")]
        is_skipped = each.find("skipped") is not None
        found[each.get("name", "")] = None if is_skipped else "\n".join(failures)
    assert found, done.stderr
    return found


@pytest.mark.parametrize(("file", "name"), FLOWS)
def test_a_flow(findings: Findings, file: str, name: str) -> None:
    found = findings[name]
    if found is None:
        pytest.skip("not for these tokens")
    if found:
        pytest.fail(found, pytrace=False)


def test_this_app_has_every_sign_in_method() -> None:
    """A new sign-in method has no steps here until this app extends it."""
    offered = [each for each in _descendants(Endpoint) if each.__module__.startswith("accounts.endpoints.")]
    extended = {
        base for each in _descendants(Endpoint) if each.__module__ == own.__name__ for base in each.__mro__
    }
    missing = {each.__name__ for each in offered if is_abstract(each) and each not in extended}
    assert missing == set()


def _descendants(cls: type[Endpoint]) -> set[type[Endpoint]]:
    return {each for child in cls.__subclasses__() for each in (child, *_descendants(child))}
