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


@pytest.mark.parametrize("word", ["version", "--version"])
def test_the_version_is_that_of_podium(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    commands.run(["manage.py", word])
    assert capsys.readouterr().out == f"{podium.__version__}\n"


LOADED = "import sys, django; django.setup(); print('twisted' in sys.modules)"


@pytest.mark.parametrize(("word", "loaded"), [("runserver", True), ("migrate", False)])
def test_only_runserver_loads_twisted(word: str, loaded: bool) -> None:
    done = subprocess.run([sys.executable, "-c", LOADED, word], capture_output=True, text=True, check=True)
    assert done.stdout == f"{loaded}\n"
