"""Data of a root user, whose Postgres runs as another one: below .podium/, or removed with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from podium.dev import paths, services


@pytest.fixture
def podium_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's .podium/ that all users may enter, and root's other place, both below tmp_path."""
    folder = tmp_path / "project" / ".podium"
    folder.mkdir(parents=True)
    (folder / "name").write_text("podium-1234")
    monkeypatch.setattr(paths, "folder", lambda: folder)
    monkeypatch.setattr(paths, "name", lambda: (folder / "name").read_text())
    monkeypatch.setattr(services, "ELSEWHERE", tmp_path / "elsewhere")
    monkeypatch.setattr(services, "account", lambda: services.Account(os.getuid(), os.getgid()))
    monkeypatch.setattr(services, "_all_can_enter", lambda path: path.stat().st_mode & 0o001)
    return folder


def test_data_is_below_podium_where_postgres_can_reach_it(podium_folder: Path) -> None:
    podium_folder.chmod(0o755)
    assert services.data_elsewhere() is None
    assert services._home() == podium_folder / "postgres"


def test_data_elsewhere_is_deleted_after_the_podium_folder(podium_folder: Path) -> None:
    podium_folder.chmod(0o700)
    home = services._home()
    assert home == services.data_elsewhere() == services.ELSEWHERE / "podium-1234"
    (home / "postgres-18").mkdir()
    assert services.remove_orphans() == [] and home.exists()
    shutil.rmtree(podium_folder)
    assert services.remove_orphans() == [home] and not home.exists()


def test_several_processes_delete_the_same_orphaned_data(podium_folder: Path) -> None:
    podium_folder.chmod(0o700)
    home = services._home()
    for number in range(200):
        (home / f"zone-{number}").mkdir()
        for name in range(10):
            (home / f"zone-{number}" / f"place-{name}").touch()
    shutil.rmtree(podium_folder)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: services.remove_orphans(), range(8)))  # raises what any of them raised
    assert not home.exists()


def test_a_new_podium_at_the_same_place_does_not_keep_the_old_data(podium_folder: Path) -> None:
    podium_folder.chmod(0o700)
    home = services._home()
    (podium_folder / "name").write_text("podium-5678")
    assert services._home() == services.ELSEWHERE / "podium-5678"
    assert not home.exists()


def test_a_postgres_that_serves_orphaned_data_is_ended(podium_folder: Path) -> None:
    podium_folder.chmod(0o700)
    data = services._home() / "postgres-18"
    data.mkdir()
    waits = "import time; time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", waits, str(data)]) as process:
        (data / "postmaster.pid").write_text(f"{process.pid}\n{data}\n")
        shutil.rmtree(podium_folder)
        services.remove_orphans()
        process.wait(30)  # raises if it still runs


def test_data_of_other_projects_stays(podium_folder: Path) -> None:
    other = services.ELSEWHERE / "podium-other"
    other.mkdir(parents=True)
    (other / "postgres-18").mkdir()  # made by a version that did not note the project
    assert services.remove_orphans() == [] and other.exists()


def test_data_stays_with_a_project_that_was_moved(
    podium_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    podium_folder.chmod(0o700)
    home = services._home()
    (home / "postgres-18").mkdir()
    moved = tmp_path / "moved" / ".podium"
    podium_folder.parent.rename(moved.parent)
    monkeypatch.setattr(paths, "folder", lambda: moved)
    monkeypatch.setattr(paths, "name", lambda: (moved / "name").read_text())
    assert services._home() == home and (home / "postgres-18").exists()
    assert (home / services.OWNER).read_text() == str(moved)


def test_services_are_stopped_although_the_podium_folder_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "folder", lambda: tmp_path / "gone")
    monkeypatch.setattr(paths, "sockets", lambda: tmp_path / "sockets")
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        monkeypatch.setattr(services, "_started", [process])
        try:
            services._stop_all()
            assert process.poll() is not None
        finally:
            process.kill()
