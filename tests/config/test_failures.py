"""Every command ends with a message that says what is wrong and what to do, never with a traceback."""

from __future__ import annotations

import re
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from podium.server import failures
from tests.adopt.checkout import Checkout, database_url
from tests.conformance.database import scratch
from tests.postgres import server

NOTE = "class: Note\ntable: note\nfields:\n  title: String\n"
MIGRATION = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "{parent}")]
    operations = [{operation}]
"""
CLOSED = "postgresql://postgres:secret@127.0.0.1:1/shop"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A migrated project."""
    with scratch(server()) as database:
        shop = Checkout(tmp_path_factory.mktemp("shop"), "shop", database_url(database.info))
        shop.write({"note.spy.yaml": NOTE})
        assert shop.generate() == []
        for command in ("makemigrations shop", "migrate"):
            done = shop.run(*command.split())
            assert done.returncode == 0, done.stderr
        yield shop


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The message of a command that failed."""
    assert done.returncode > 0 and "Traceback" not in done.stdout + done.stderr, done.stderr
    return done.stderr.strip()


@contextmanager
def holding(path: Path, text: str) -> Iterator[None]:
    """While the block runs, the file has this text."""
    before = path.read_text() if path.exists() else None
    path.write_text(text)
    try:
        yield
    finally:
        path.unlink() if before is None else path.write_text(before)


def test_missing_and_invalid_settings_are_named_all_at_once(shop: Checkout) -> None:
    wrong = {
        "HOSTS": "two",
        "DEBUG": "maybe",
        "LOG_LEVEL": "LOUD",
        "EMAIL_URL": "mail",
        "FILES_URL": "ftp://x",
        "OIDC_PROVIDERS": "[1]",
        "WEB_ORIGINS": "*",
        "SERVERPOD_TABLES": "perhaps",
        "DATABASE_URL": "mysql://anna:hush@db/shop",
    }
    unset = dict.fromkeys(("SECRET_KEY", "REDIS_URL", "ALLOWED_HOSTS"), "")
    lines = said(shop.run("migrate", **wrong, **unset)).splitlines()
    named = [re.split(r"\W", line)[0] for line in lines]
    assert sorted(named) == sorted([*wrong, *unset, "PUBLIC_URL", "DEFAULT_FROM_EMAIL"])
    assert "hush" not in "".join(lines)


@pytest.mark.parametrize("command", ["migrate", "adopt"])
def test_a_database_that_does_not_answer_is_one_line(shop: Checkout, command: str) -> None:
    text = said(shop.run(command, DATABASE_URL=CLOSED)).splitlines()[-1]
    assert text == (
        "No connection to Postgres (shop at 127.0.0.1:1, DATABASE_URL): Connection refused. "
        "Is it running, and is the address right?"
    )


def test_an_address_that_leads_nowhere_says_so(shop: Checkout) -> None:
    server, _, name = shop.address.rpartition("/")
    read_only = f"{shop.address}?options=-c%20default_transaction_read_only%3Don"
    for url, text in {
        f"{server}/nowhere": 'database "nowhere" does not exist. Create it (createdb)',
        f"postgresql://nobody@{server.rpartition('@')[2]}/{name}": 'role "nobody" does not exist. Check the user',
        f"{shop.address}?colour=red": 'DATABASE_URL can\'t be used: invalid connection option "colour"',
        read_only: "is read-only: it is a standby, or was set to read-only. Set DATABASE_URL to the address",
    }.items():
        assert text in said(shop.run("repair", DATABASE_URL=url))


def test_a_user_without_rights_is_told_what_is_missing(shop: Checkout) -> None:
    role = f"podium_weak_{secrets.token_hex(3)}"
    server, _, name = shop.address.rpartition("@")[2].rpartition("/")
    with psycopg.connect(shop.address, autocommit=True) as database:
        database.execute(f'CREATE ROLE "{role}" LOGIN')
        try:
            for command in ("migrate", "repair"):
                message = said(shop.run(command, DATABASE_URL=f"postgresql://{role}@{server}/{name}"))
                assert f'ALTER DATABASE "{name}" OWNER TO "{role}"' in message
        finally:
            database.execute(f'DROP ROLE "{role}"')


@pytest.mark.parametrize(
    ("file", "text", "command", "message"),
    [
        ("endpoints.py", "def hello(:\n", "generate", "shop/endpoints.py:1: SyntaxError: "),
        (
            "endpoints.py",
            "\nimport nowhere\n",
            "check",
            "shop/endpoints.py:2: ModuleNotFoundError: No module",
        ),
        (
            "models.py",
            "from .protocol import *\nNote = 1 / 0\n",
            "migrate",
            "shop/models.py:2: ZeroDivisionError: ",
        ),
        ("note.spy.yaml", "class: [\n", "generate", "shop/note.spy.yaml:2:1: error: this is not YAML"),
        ("migrations/0002_x.py", "x\n", "migrate", "shop/migrations/0002_x.py:1: NameError: name 'x'"),
    ],
)
def test_broken_code_is_named_with_its_line(
    shop: Checkout, file: str, text: str, command: str, message: str
) -> None:
    with holding(shop.folder / "shop" / file, text):
        assert said(shop.run(command)).startswith(message)


def test_missing_packages_and_generated_modules_say_what_to_do(shop: Checkout) -> None:
    settings = shop.folder / "config" / "settings.py"
    with holding(settings, settings.read_text().replace('"shop"', '"shop", "nowhere.at.all"')):
        assert said(shop.run("migrate")).startswith(
            'config/settings.py: INSTALLED_APPS has "nowhere.at.all", but no package'
        )
    protocol = shop.folder / "shop" / "protocol.py"
    with holding(protocol, protocol.read_text()):
        protocol.unlink()
        assert said(shop.run("check")) == "shop/protocol.py is missing. Run: python3 manage.py generate"


def test_a_migration_that_fails_is_named_with_the_line_that_failed(shop: Checkout) -> None:
    text = MIGRATION.format(
        parent="0001_initial", operation="migrations.RunPython(lambda apps, editor: 1 / 0)"
    )
    with holding(shop.folder / "shop" / "migrations" / "0002_x.py", text):
        assert said(shop.run("migrate")).startswith(
            "Migration shop.0002_x failed: shop/migrations/0002_x.py:6: ZeroDivisionError: "
        )
        assert "Traceback" in shop.run("migrate", "--traceback").stderr


def test_a_migration_without_its_parent_is_named(shop: Checkout) -> None:
    text = MIGRATION.format(parent="0001_nowhere", operation="")
    with holding(shop.folder / "shop" / "migrations" / "0002_x.py", text):
        assert "shop.0002_x dependencies reference nonexistent" in said(shop.run("adopt"))


def test_ctrl_c_and_a_closed_pipe_end_a_command_quietly(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, failures.in_words(["manage.py", "migrate"]):
        raise KeyboardInterrupt
    assert ended.value.code == failures.INTERRUPTED and capfd.readouterr() == ("", "")


def test_a_port_that_is_none_is_refused(shop: Checkout) -> None:
    assert "65536 is not a valid port" in said(shop.run("dev", "--port", "65536"))


def test_a_folder_that_cannot_be_written_is_named(shop: Checkout) -> None:
    into = str(shop.folder / "manage.py")
    assert said(shop.run("generate", "--models", "shop", "--target", "dart", "--out", into)) == (
        f"{into}: File exists"
    )
