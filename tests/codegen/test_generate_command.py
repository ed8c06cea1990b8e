"""`manage.py generate`: what it writes and leaves alone, and what `--check` says. On a copy of the models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = ["dart", "python", "typescript"]


@pytest.fixture
def project(tmp_path: Path, settings: Any) -> Path:
    """A folder with the model files of all apps, and no client yet."""
    for app in (path.parent for path in ROOT.glob("*/apps.py")):
        for file in [app / "apps.py", *app.rglob("*.spy.yaml")]:
            copy = tmp_path / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
    settings.BASE_DIR = tmp_path
    return tmp_path


def state(folder: Path) -> dict[str, tuple[str, int]]:
    """Text and time of every file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.read_text(), path.stat().st_mtime_ns) for path in files}


def generate(capsys: pytest.CaptureFixture[str], **options: Any) -> str:
    call_command("generate", **options)
    return capsys.readouterr().out


def test_all_clients_are_written_and_each_file_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = generate(capsys)
    assert sorted(path.name for path in (project / "clients").iterdir()) == LANGUAGES
    written = {str(path.relative_to(project)) for path in (project / "clients").rglob("*") if path.is_file()}
    assert {line.removesuffix(" written") for line in out.splitlines()} == written


def test_a_second_run_touches_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate(capsys)
    before = state(project)
    assert generate(capsys) == ""
    assert state(project) == before


def test_check_writes_nothing_and_fails_until_the_clients_fit(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="out of date") as refused:
        call_command("generate", check=True)
    assert refused.value.returncode == 1
    assert "clients/dart/pubspec.yaml is out of date" in capsys.readouterr().out
    assert not (project / "clients").exists()

    generate(capsys)
    assert generate(capsys, check=True) == ""


def test_a_changed_file_is_written_again_and_no_other(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(capsys)
    before = state(project)
    changed = project / "clients/dart/pubspec.yaml"
    changed.write_text("name: mine\n")
    assert generate(capsys) == "clients/dart/pubspec.yaml written\n"
    after = state(project)
    assert after[str(changed)][0] == before[str(changed)][0]
    assert {name for name in after if after[name] != before[name]} == {str(changed)}


def test_what_is_generated_no_longer_goes_and_ones_own_files_stay(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(capsys)
    folder = project / "clients/dart"
    stale, own = folder / "lib/src/protocol/gone.dart", folder / "lib/own.dart"
    stale.write_text("// generated before\n")
    own.write_text("// mine\n")
    listing = folder / ".generated"
    listing.write_text(listing.read_text() + "lib/src/protocol/gone.dart\n")

    with pytest.raises(CommandError):
        call_command("generate", check=True)
    assert "gone.dart is generated no longer" in capsys.readouterr().out
    assert stale.exists()

    assert "clients/dart/lib/src/protocol/gone.dart deleted\n" in generate(capsys)
    assert not stale.exists()
    assert own.read_text() == "// mine\n"


def test_one_client_alone_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = json.loads(generate(capsys, client=["python"], format="json"))
    assert changes["deleted"] == []
    assert changes["written"]
    assert all(name.startswith("clients/python/") for name in changes["written"])
    assert [path.name for path in (project / "clients").iterdir()] == ["python"]
