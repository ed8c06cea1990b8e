"""Settings: all documented, and unsafe ones found before production."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.conf import AppSettings

PROJECT = Path(__file__).resolve().parent.parent.parent
DOCUMENTED = (PROJECT / "docs" / "settings.md").read_text()
APPS = sorted(path.parent.name for path in PROJECT.glob("*/conf.py") if path.parent.name != "core")


def test_every_environment_variable_is_documented() -> None:
    source = (PROJECT / "config" / "settings.py").read_text() + (
        PROJECT / "config" / "bootstrap.py"
    ).read_text()
    names = set(re.findall(r'(?:env\.\w+|environ\.get)\(\s*"([A-Z_]+)"', source))
    assert {"DATABASE_URL", "PODIUM_VENV"} <= names
    assert [name for name in sorted(names) if f"`{name}`" not in DOCUMENTED] == []


@pytest.mark.parametrize("app", APPS)
def test_every_setting_of_an_app_is_documented(app: str) -> None:
    module = importlib.import_module(f"{app}.conf")
    [settings] = [
        each for each in vars(module).values() if isinstance(each, type) and AppSettings in each.__bases__
    ]
    [row] = [line for line in DOCUMENTED.splitlines() if line.startswith(f"| `{settings._prefix}`")]
    names = list(settings._defaults)
    assert names
    assert [name for name in names if f"`{name}`" not in row] == []


def check_deploy(**environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` in a production that has these settings."""
    base = {
        "PATH": os.environ["PATH"],
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DATABASE_URL": "postgresql://127.0.0.1:1/x",
    }
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"],
        cwd=PROJECT,
        env={**base, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


SAFE = {
    "SECRET_KEY": "a" * 30 + "b" * 30 + "cdefghij",
    "ALLOWED_HOSTS": "api.example.com",
    "PUBLIC_URL": "https://api.example.com",
}


def test_a_production_with_its_settings_passes() -> None:
    answer = check_deploy(**SAFE)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"ALLOWED_HOSTS": "*"}, "podium.E002"),
        ({"PUBLIC_URL": "http://api.example.com"}, "podium.E003"),
    ],
)
def test_a_production_with_an_unsafe_setting_does_not_pass(wrong: dict[str, str], code: str) -> None:
    answer = check_deploy(**{**SAFE, **wrong})
    assert answer.returncode == 1
    assert code in answer.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "REDIS_URL"])
def test_a_production_without_what_it_needs_says_what_is_missing(missing: str) -> None:
    answer = check_deploy(**{**SAFE, missing: ""})
    assert answer.returncode == 1
    assert f"{missing} is not set" in answer.stderr
