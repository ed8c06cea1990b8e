"""`manage.py generate`: the files it writes and leaves alone, and `--check`. On a copy of the models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.notes import generated

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = ["dart", "python", "typescript"]
PLATFORM = ["accounts", "files", "legacy_auth", "legacy_chat"]
"""The platform's apps with model files."""


@pytest.fixture
def project(tmp_path: Path, settings: Any) -> Path:
    """A folder with the model files of all apps, and no client yet."""
    (tmp_path / "accounts").mkdir()
    for name in ("pyproject.toml", "accounts/models.py"):  # modules, and a model that is written by hand
        shutil.copy(ROOT / name, tmp_path / name)
    for app in [ROOT / name for name in PLATFORM] + [generated.FOLDER]:
        for file in [app / "apps.py", *app.glob("podium.toml"), *app.rglob("*.spy.yaml")]:
            copy = tmp_path / file.relative_to(app.parent)
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


def test_files_no_longer_generated_are_deleted_and_users_files_stay(
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


@pytest.mark.parametrize(
    "name", ["My Shop", "9lives", "MyShop", "my-shop", "serverpod", "serverpod_auth_core", 42]
)
def test_a_name_that_no_package_can_have_is_refused(project: Path, settings: Any, name: Any) -> None:
    settings.CLIENT_NAME = name
    with pytest.raises(CommandError, match=r"CLIENT_NAME in config/settings\.py"):
        call_command("generate")
    assert not (project / "clients").exists()


def test_a_new_name_removes_the_folder_of_the_old_one(project: Path, settings: Any) -> None:
    settings.CLIENT_NAME = "old"
    call_command("generate", client=["python"])
    (project / "clients/python/mine").mkdir()
    settings.CLIENT_NAME = "new"
    call_command("generate", client=["python"])
    found = {path.name for path in (project / "clients/python").iterdir() if path.is_dir()}
    assert found == {"mine", "new_client"}
