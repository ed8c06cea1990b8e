"""Settings: all documented, and unsafe ones found before production."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol
from unittest.mock import Mock

import pytest
from django.template import engines

from accounts.providers import registry as providers
from podium.server.web import UVICORN

PROJECT = Path(__file__).resolve().parent.parent.parent
DOCUMENTED = (PROJECT / "docs" / "reference" / "settings.md").read_text()


def test_every_environment_variable_is_documented() -> None:
    read = [PROJECT / name for name in ("manage.py", "podium/settings.py", "podium/dev/bootstrap.py")]
    source = "".join(path.read_text() for path in read)
    names = set(re.findall(r'(?:env\.\w+|environ\.get)\(\s*"([A-Z_]+)"', source))
    read_by_providers = Mock()
    for provider in providers.every().values():
        provider.from_environment(read_by_providers)
    names |= {call.args[0] for call in read_by_providers.method_calls}
    assert {"DATABASE_URL", "PODIUM_VENV", "GOOGLE_CLIENT_IDS"} <= names
    assert [name for name in sorted(names) if f"`{name}`" not in DOCUMENTED] == []


def test_a_template_of_the_project_comes_before_the_platforms() -> None:
    project, platform = map(Path, engines["django"].template_dirs[:2])
    assert project == PROJECT / "config" / "templates"
    assert (platform / "allauth" / "layouts" / "base.html").exists()


BASE = {
    "PATH": os.environ["PATH"],
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DATABASE_URL": "postgresql://127.0.0.1:1/x",
}


class Answer(NamedTuple):
    returncode: int
    stderr: str


class Check(Protocol):
    """Run `manage.py check --deploy` in a production that has these settings."""

    def __call__(self, **environment: str) -> Answer: ...


@pytest.fixture(scope="module")
def check_deploy() -> Iterator[Check]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.config.deploy_checks"],
        cwd=PROJECT,
        env={**BASE, **SAFE},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin and stdout

        def check(**environment: str) -> Answer:
            stdin.write(json.dumps({**BASE, **environment}) + "\n")
            stdin.flush()
            return Answer(**json.loads(stdout.readline()))

        yield check
        stdin.close()


def really_check_deploy(**environment: str) -> Answer:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"],
        cwd=PROJECT,
        env={**BASE, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return Answer(done.returncode, done.stderr)


SAFE = {
    "SECRET_KEY": "a" * 30 + "b" * 30 + "cdefghij",
    "ALLOWED_HOSTS": "api.example.com",
    "PUBLIC_URL": "https://api.example.com",
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "DEFAULT_FROM_EMAIL": "Example <hello@example.com>",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.com:587",
    "ENDPOINTS_ALLOWED_ORIGINS": "https://app.example.com",
    "ENDPOINTS_TRUSTED_PROXIES": "1",
}
UNSAFE = [
    ({"ALLOWED_HOSTS": "*"}, "podium.E002"),
    ({"ALLOWED_HOSTS": ""}, "podium.E002"),
    ({"PUBLIC_URL": "http://api.example.com"}, "podium.E003"),
    ({"PUBLIC_URL": "https://"}, "podium.E003"),
    ({"ALLOWED_HOSTS": "api.example.com, *"}, "podium.E002"),
    ({"DEBUG": "true"}, "podium.E004"),
    ({"SECRET_KEY": "short"}, "podium.E005"),
    ({"SECRET_KEY": "ab" * 40}, "podium.E005"),
    ({"SECRET_KEY": "changeme" * 10}, "podium.E005"),
    ({"SECRET_KEY": "12345" * 12 + "12"}, "podium.E005"),
    ({"SECRET_KEY": "a-short-one" + " " * 60}, "podium.E005"),
    ({"SECRET_KEY": "django-insecure-" + "abcdefghij" * 5}, "podium.E005"),
    ({"SECRET_KEY_FALLBACKS": "short"}, "podium.E005"),
    ({"REDIS_URL": "redis://cache.example.com:6379/0"}, "podium.E006"),
    ({"REDIS_URL": "rediss://cache.example.com:6379/0"}, "podium.E006"),
    ({"REDIS_URL": "redis://user@cache.example.com:6379/0"}, "podium.E006"),
    ({"REDIS_URL": "redis://10.0.0.7"}, "podium.E006"),
    ({"REDIS_URL": "redis://[2001:db8::1]:6379/0"}, "podium.E006"),
    ({"REDIS_URL": "redis://:@cache:6379/0"}, "podium.E006"),
    ({"REDIS_URL": "cache:6379"}, "podium.E012"),
    ({"REDIS_URL": "unix:/run/valkey.sock"}, "podium.E012"),
    ({"ACCOUNT_EMAIL_VERIFICATION": "optional"}, "podium.E007"),
    ({"ACCOUNT_EMAIL_VERIFICATION": "none"}, "podium.E007"),
    ({"PASSWORD_MIN_LENGTH": "7"}, "podium.E008"),
    ({"WEB_ORIGINS": "https://a.example.com,http://b.example.com"}, "podium.E009"),
    ({"WEB_ORIGINS": "https://a.example.com, http://b.example.com"}, "podium.E009"),
    ({"CSRF_TRUSTED_ORIGINS": "http://a.example.com"}, "podium.E009"),
    ({"CSRF_TRUSTED_ORIGINS": " HTTP://*.example.com"}, "podium.E009"),
    ({"PASSKEY_ORIGINS": "HTTP://a.example.com"}, "podium.E009"),
    ({"ENDPOINTS_ALLOWED_ORIGINS": "http://a.example.com"}, "podium.E009"),
    ({"HOSTS": "2"}, "podium.E010"),
    ({"DEFAULT_FROM_EMAIL": "podium@localhost"}, "podium.E011"),
    ({"DEFAULT_FROM_EMAIL": "Podium <podium@localhost>"}, "podium.E011"),
    ({"DEFAULT_FROM_EMAIL": "webmaster"}, "podium.E011"),
    ({"DEFAULT_FROM_EMAIL": "root@localhost.localdomain"}, "podium.E011"),
]

SUSPECT = [
    ({"EMAIL_URL": "consolemail://"}, "podium.W001"),
    ({"ENDPOINTS_ALLOWED_ORIGINS": "*"}, "podium.W002"),
    ({"ENDPOINTS_ALLOWED_ORIGINS": "https://app.example.com, *"}, "podium.W002"),
    ({"ENDPOINTS_ALLOWED_ORIGINS": "https://app.example.com,null"}, "podium.W002"),
    ({"ENDPOINTS_TRUSTED_PROXIES": "0"}, "podium.W003"),
    ({"DATABASE_URL": "postgresql://user:password@db.example.com/x"}, "podium.W004"),
    ({"DATABASE_URL": "postgresql://user:password@db.example.com/x?sslmode=prefer"}, "podium.W004"),
    ({"REDIS_URL": "redis://:password@cache.example.com:6379/0"}, "podium.W005"),
]
FINE = [
    {},
    {"REDIS_URL": "unix:///run/valkey.sock?db=1"},
    {"REDIS_URL": "rediss://:password@cache.example.com:6379/0"},
    {"REDIS_URL": "rediss://user:password@cache.example.com:6379/0"},
    {"DATABASE_URL": "postgresql://user:password@db.example.com/x?sslmode=verify-full"},
    {"DATABASE_URL": "postgresql://user@%2Frun%2Fpostgresql/x"},
    {"HOSTS": "2", "FILES_URL": "s3:///bucket"},
    {"ALLOWED_HOSTS": " api.example.com , www.example.com,", "WEB_ORIGINS": " https://app.example.com , "},
    {"PASSKEY_ORIGINS": "https://app.example.com,android:apk-key-hash:abc"},
]


@pytest.mark.parametrize("chosen", FINE)
def test_a_production_with_its_settings_passes(check_deploy: Check, chosen: dict[str, str]) -> None:
    answer = check_deploy(**{**SAFE, **chosen})
    assert answer.returncode == 0, answer.stderr
    assert re.findall(r"podium\.[EW]\d+", answer.stderr) == [], answer.stderr


@pytest.mark.parametrize(("wrong", "code"), UNSAFE)
def test_a_production_with_an_unsafe_setting_does_not_pass(
    check_deploy: Check, wrong: dict[str, str], code: str
) -> None:
    answer = check_deploy(**{**SAFE, **wrong})
    assert answer.returncode == 1
    assert "HINT" in answer.stderr
    assert set(re.findall(r"podium\.E\d+", answer.stderr)) == {code}


@pytest.mark.parametrize(("suspect", "code"), SUSPECT)
def test_a_production_with_a_doubtful_setting_is_warned(
    check_deploy: Check, suspect: dict[str, str], code: str
) -> None:
    answer = check_deploy(**{**SAFE, **suspect})
    assert answer.returncode == 0
    assert re.findall(r"podium\.[EW]\d+", answer.stderr) == [code]


def test_all_faults_are_reported_at_once() -> None:
    wrong = {name: value for each, _ in UNSAFE for name, value in each.items()}
    wrong["REDIS_URL"] = "REDIS://cache.example.com"  # E006 and E012
    answer = really_check_deploy(**{**SAFE, **wrong, "PASSKEY_ORIGINS": "", "LEGACY_AUTH": "true"})
    assert answer.returncode == 1
    assert {"podium.E013", *(code for _, code in UNSAFE)} <= set(re.findall(r"podium\.E\d+", answer.stderr))


def test_production_checks_see_that_a_server_is_in_development() -> None:
    answer = really_check_deploy(**{**SAFE, "DATABASE_URL": ""})
    assert answer.returncode == 1
    assert "podium.E001" in answer.stderr and "HINT" in answer.stderr


def test_a_production_with_the_older_module_passes_if_its_salt_is_set() -> None:
    answer = really_check_deploy(**{**SAFE, "LEGACY_AUTH": "true", "LEGACY_AUTH_KEY_SALT": "salty"})
    assert answer.returncode == 0, answer.stderr
    assert re.findall(r"podium\.[EW]\d+", answer.stderr) == [], answer.stderr


COMMANDS = [
    UVICORN,
    (*UVICORN, "--workers", "2"),
    ("celery", "-A", "config.celery", "worker"),
    ("celery", "-A", "config.celery", "beat"),
]


def start(command: tuple[str, ...], **environment: str) -> subprocess.CompletedProcess[str]:
    base = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgresql://127.0.0.1:1/x", **SAFE}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=PROJECT,
        env={**base, "REDIS_URL": "redis://127.0.0.1:1/0", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_production_with_unsafe_settings_does_not_start(command: tuple[str, ...]) -> None:
    answer = start(command, DEBUG="true", SECRET_KEY="short")
    assert answer.returncode != 0 or "--workers" in command  # with --workers, uvicorn's parent exits with 0
    assert "podium.E004" in answer.stderr and "podium.E005" in answer.stderr
    assert "SILENCED_SYSTEM_CHECKS" in answer.stderr
    assert "Application startup complete" not in answer.stderr and "ready" not in answer.stderr


@pytest.mark.slow
def test_a_supervisor_sees_that_a_production_does_not_start() -> None:
    """The documented command ends with an error, with several server processes too."""
    manual = (
        (PROJECT / "docs" / "how-to" / "deploying.md").read_text().partition("## With another supervisor")[2]
    )
    check, uvicorn = (
        "python3 manage.py check --deploy",
        manual.partition("    celery")[0].rpartition("\n\n")[2],
    )
    assert f"Run `{check}` before uvicorn" in manual and "--workers" in uvicorn
    command = f"{check} && {uvicorn.strip()}"
    base = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DATABASE_URL": "postgresql://127.0.0.1:1/x",
    }
    environment = {**base, **SAFE, "REDIS_URL": "redis://127.0.0.1:1/0", "DEBUG": "true"}
    answer = subprocess.run(
        command.replace("8000", "0"), shell=True, cwd=PROJECT, env=environment, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert answer.returncode != 0 and "podium.E004" in answer.stderr
    assert "Uvicorn running" not in answer.stderr


@pytest.mark.slow
def test_a_silenced_fault_does_not_keep_a_production_from_starting(tmp_path: Path) -> None:
    unsafe = {"DEBUG": "true", "SILENCED_SYSTEM_CHECKS": "podium.E004"}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *UVICORN, "--port=0"],
            cwd=PROJECT,
            env={"PATH": os.environ["PATH"], "DATABASE_URL": "postgresql://127.0.0.1:1/x", **SAFE, **unsafe}
            | {"REDIS_URL": "redis://127.0.0.1:1/0"},
            stderr=log,
        )
    until = time.monotonic() + 60
    while b"running on" not in (tmp_path / "log").read_bytes():
        assert process.poll() is None and time.monotonic() < until, (tmp_path / "log").read_text()
        time.sleep(0.1)
    process.terminate()
    process.wait(20)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "REDIS_URL"])
def test_a_production_without_what_it_needs_says_what_is_missing(check_deploy: Check, missing: str) -> None:
    answer = check_deploy(**{**SAFE, missing: ""})
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"{missing} is not set")
    assert answer.stderr.count("\n") == 1


def test_passkeys_in_development_work_at_the_port_of_dev() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "from config import settings; print(settings.ACCOUNTS_PASSKEY_ORIGINS)"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "PUBLIC_URL": "http://127.0.0.1:8001", "SECRET_KEY": "x"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == "['http://localhost:8001']"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PASSWORD_MIN_LENGTH", "eight"),
        ("ENDPOINTS_TRUSTED_PROXIES", "one"),
        ("ACCOUNT_EMAIL_VERIFICATION", "Mandatory"),
        ("API_DOCS", "Everybody"),
        ("WEB_ORIGINS", "*"),
        ("WEB_ORIGINS", "https://app.example.com, null"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(check_deploy: Check, name: str, value: str) -> None:
    answer = check_deploy(**{**SAFE, name: value})
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"{name} ")
