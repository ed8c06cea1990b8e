from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import podium
from podium.dev import bootstrap, commands

OUTPUT = """Collecting a2wsgi==1.10.10
ERROR: Could not find a version that satisfies the requirement requetsss==99 (from versions: none)
ERROR: No matching distribution found for requetsss==99
"""


def test_a_requirement_that_does_not_exist_is_named() -> None:
    said = bootstrap.explain(OUTPUT, Path("install.log"))
    assert "No matching distribution found for requetsss==99. The whole output is in install.log" in said


def test_other_failures_refer_to_the_output() -> None:
    assert "its output is in install.log" in bootstrap.explain("Killed", Path("install.log"))


def test_packages_are_compiled_at_once_where_python_may_not_keep_what_it_compiles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert "--compile" in bootstrap.pip_command(["-r", "requirements.txt"])
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert "--no-compile" in bootstrap.pip_command(["-r", "requirements.txt"])


@pytest.mark.parametrize("word", ["version", "--version"])
def test_the_version_is_that_of_podium(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    commands.run(["manage.py", word])
    assert capsys.readouterr().out == f"{podium.__version__}\n"


LARGE = ["twisted", "redis", "valkey", "drf_spectacular.plumbing"]
LOADED = f"""
import sys, django
from podium.dev import commands
django.setup()
print([name for name in {LARGE} if name in sys.modules])
"""


@pytest.mark.parametrize(("word", "loaded"), [("runserver", ["twisted"]), ("migrate", [])])
def test_commands_do_not_load_large_packages_that_they_do_not_need(word: str, loaded: list[str]) -> None:
    """Only runserver needs twisted. The others would take each command 0.2 s of a processor and 13 MB."""
    done = subprocess.run([sys.executable, "-c", LOADED, word], capture_output=True, text=True, check=True)
    assert done.stdout == f"{loaded}\n"
